"""Local requests: whatever is asked, a station answers or says what is wrong; it never falls over."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Misuse, OpenlineError, Unavailable
from openline.runtime.asked import beginning_of, bytes_of, number_of, text_of
from openline.runtime.lab import create
from openline.runtime.log import Log
from openline.runtime.parties import minutes_of
from openline.runtime.requests import CHANGES_WAIT_S
from openline.runtime.station import StationProcess

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.binary(max_size=8).map(bytes.hex), lambda inner: st.lists(inner, max_size=3), max_leaves=4,
)  # fmt: skip
KEYS = (
    "line", "id", "ref", "kind", "text", "fields", "officer", "statement", "approvals", "signature", "answering",
    "reason",
    "sent", "peek", "entries", "after", "action", "clearance", "status", "precedence", "respond_by", "valid_from",
    "pass_to", "authority", "principal", "document", "typed", "closure", "number", "by", "ids",
)  # fmt: skip


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationProcess]:
    made = create(tmp_path_factory.mktemp("asked") / "net", ["alba", "bora"], None, 1, 1)
    process = StationProcess(Path(made["stations"]["alba"][0]), Log(None))
    process._inbox.put_nowait(process._started())
    process._turn()
    yield process
    process.store.close()


def ask(process: StationProcess, **asked: object) -> dict[str, Any]:
    return asyncio.run(process.requests.handle(asked))


def actions(process: StationProcess) -> tuple[str, ...]:
    with pytest.raises(Unavailable, match="another version") as unknown:
        ask(process, do="nothing")
    known = unknown.value.facts["known"]
    assert isinstance(known, tuple)
    return known


@given(data=st.data())
def test_whatever_is_asked_only_documented_errors_come(process: StationProcess, data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(actions(process)))
    asked = data.draw(st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=6))
    kind = data.draw(st.sampled_from(["T1", "N6", "ACKNOWLEDGED", "Z9", 5]))
    waits_not = {"after": -1} if action == "changes" else {}
    with contextlib.suppress(OpenlineError):
        ask(process, **{**asked, **waits_not, "kind": kind, "do": action})


def test_a_change_ends_the_waiting_for_one(process: StationProcess) -> None:
    before = ask(process, do="changes", after=2**40)["changes"]

    async def wait() -> dict[str, Any]:
        waiting = asyncio.create_task(process.requests.handle({"do": "changes", "after": before, "seconds": 20}))
        await asyncio.sleep(0)
        process._note_change()
        return await waiting

    assert asyncio.run(wait())["changes"] == before + 1
    assert ask(process, do="changes", after=before + 1, seconds=0)["changes"] == before + 1
    with pytest.raises(Misuse, match="seconds"):
        ask(process, do="changes", seconds=CHANGES_WAIT_S + 1)


def test_an_officer_who_is_not_there_cannot_speak(process: StationProcess) -> None:
    with pytest.raises(Misuse, match="officer 9 is not") as nobody:
        ask(process, do="prepare", kind="T1", text="x", officer=9)
    assert nobody.value.hint == "In it are: 1, 2, 3, 4, 5."


def test_approvals_that_are_no_signatures_are_told_so(process: StationProcess) -> None:
    prepared = ask(process, do="prepare", kind="T1", text="x", officer=1)
    for approvals in ([[1]], 5, [[1, "00"]], [["x", "00" * 64]], [[0, 1], [2]]):
        with pytest.raises(Misuse):
            ask(process, do="submit", statement=prepared["statement"], approvals=approvals)


def test_a_draft_is_dropped_and_gone(process: StationProcess) -> None:
    fields = {"incident": "nothing"}
    assert ask(process, do="drafts")["drafts"] == []
    with pytest.raises(Misuse):
        ask(process, do="drop", id="00")
    with pytest.raises(OpenlineError):
        ask(process, do="prepare", kind="N7", fields=fields)


def test_an_officer_attends_and_new_keys_are_begun(process: StationProcess) -> None:
    assert "line" in ask(process, do="attend")
    assert "line" in ask(process, do="rekey")
    assert process.station.lines


def test_typed_parts_name_what_is_wrong() -> None:
    with pytest.raises(Misuse, match="name is missing"):
        text_of({"name": 5}, "name")
    with pytest.raises(Misuse, match="number from 1 to 5"):
        number_of({"n": True}, "n", 1, 5)
    with pytest.raises(Misuse, match="hexadecimal"):
        bytes_of({"b": "xy"}, "b")
    assert beginning_of({"id": "abc"}, "id") == b"\xab"
    for wrong in ("", "a", "xyz", None):
        with pytest.raises(Misuse):
            beginning_of({"id": wrong}, "id")


@pytest.mark.parametrize(("stated", "minutes"), [("+08:30", 510), ("-05:00", -300), ("+00:00", 0), ("-03:30", -210)])
def test_a_stated_clock_is_minutes_against_utc(stated: str, minutes: int) -> None:
    assert minutes_of(stated) == minutes
