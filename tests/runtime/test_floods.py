"""An enemy who sends millions of bad envelopes fills neither the disk nor the log nor the officer's screen."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.identifiers import PathId
from openline.ports import PathOpened, Received, Refused
from openline.runtime.lab import create
from openline.runtime.log import Log
from openline.runtime.refusals import REFUSALS_SHOWN, Refusals
from openline.runtime.seldom import KINDS_MAX, PERIOD_S, Facts, Seldom
from openline.runtime.station import StationProcess

MANY = 20_000
RULES = 8  # that bytes without sense can break


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_of_a_kind_is_written_at_once_and_a_flood_as_one_number_a_minute() -> None:
    written: list[Facts] = []
    clock = Clock()
    seldom = Seldom(written.append, clock)
    for number in range(MANY):
        seldom.add("R40", {"what": "refused", "number": number})
    assert written == [{"what": "refused", "number": 0}]
    clock.now = PERIOD_S
    seldom.pass_time()
    seldom.pass_time()
    assert written[1:] == [{"what": "refused", "number": MANY - 1, "more": MANY - 1, "within_s": 60}]
    seldom.add("R40", {"what": "refused", "number": "next minute"})
    assert written[-1] == {"what": "refused", "number": "next minute"}
    clock.now += PERIOD_S
    seldom.pass_time()
    assert len(written) == 3, "one alone needs no number after it"


def test_what_is_counted_is_told_at_the_end() -> None:
    written: list[Facts] = []
    seldom = Seldom(written.append)
    for _ in range(3):
        seldom.add("R1", {"what": "refused"})
    seldom.close()
    seldom.close()
    assert written[1:] == [{"what": "refused", "more": 2, "within_s": 0}]


def test_an_enemy_that_invents_kinds_gets_no_more_lines_for_it() -> None:
    written: list[Facts] = []
    clock = Clock()
    seldom = Seldom(written.append, clock)
    for number in range(MANY):
        seldom.add(number, {"what": "path", "reason": number})
    assert len(written) == KINDS_MAX + 1
    clock.now = PERIOD_S
    seldom.pass_time()
    assert len(written) == KINDS_MAX + 2
    assert sum(1 + int(str(each.get("more", 0))) - ("more" in each) for each in written) == MANY


def test_the_screen_has_a_row_for_each_rule_and_path_and_drops_the_oldest() -> None:
    refusals = Refusals()
    for second in range(MANY):
        refusals.note("R40", "not signed", PathId(second % 2), second)
    rows = refusals.shown()
    assert [(row["path"], row["count"]) for row in rows] == [(0, MANY // 2), (1, MANY // 2)]
    assert (rows[0]["first"], rows[1]["last"]) == ("1970-01-01T00:00:00Z", "1970-01-01T05:33:19Z")
    for path in range(10, 10 + REFUSALS_SHOWN):
        refusals.note("R7", "long", PathId(path), MANY)
    assert len(refusals.shown()) == REFUSALS_SHOWN
    assert {row["rule"] for row in refusals.shown()} == {"R7"}


@pytest.fixture
def process(tmp_path: Path) -> Iterator[StationProcess]:
    made = create(tmp_path / "net", ["alba", "bora"], None, 1, 1)
    process = StationProcess(Path(made["stations"]["alba"][0]), Log(tmp_path / "log.jsonl"))
    process._inbox.put_nowait(process._started())
    process._turn()
    yield process
    process.store.close()
    process.log.close()


def test_a_flooded_station_writes_two_lines_for_each_rule_and_keeps_nothing(
    process: StationProcess, tmp_path: Path
) -> None:
    (line,) = process.station.lines.values()
    path = next(iter(line.state.paths))
    process._inbox.put_nowait(PathOpened(path, line.state.line, b""))

    def size_of_store() -> int:
        return sum(file.stat().st_size for file in process.home.glob("station.db*"))

    def flood(count: int) -> None:
        for number in range(count):
            bad = bytes((number % 8,)) + secrets.token_bytes(64)  # of every version there is, and of none
            process._inbox.put_nowait(Received(path, bad, bytes(32), cursor=number + 1))
        process._turn()

    flood(100)
    before, refused = size_of_store(), process._refusals.shown()
    assert {row["rule"] for row in refused} >= {"R22", "R53"}
    flood(3_000)
    assert size_of_store() - before < 1 << 20, "cursors alone, each in the place of the one before"
    assert sum(row["count"] for row in process._refusals.shown()) > 3_000
    assert len(process._refusals.shown()) <= RULES
    process._seldom.close()
    rows = [json.loads(row) for row in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) <= 2 * RULES
    assert sum(row.get("more", 1) for row in rows) > 3_000


def test_a_refusal_is_in_the_log_and_on_the_screen_and_never_what_came(process: StationProcess, tmp_path: Path) -> None:
    for _ in range(2):
        process._perform(Refused(PathId(3), "R40", "a signature does not verify"))
        process._note_path(PathId(3), "the relay declined an envelope by R153")
    (row,) = process._refusals.shown()
    assert (row["rule"], row["count"], row["path"]) == ("R40", 2, 3)
    logged = [json.loads(each) for each in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["what"] for each in logged] == ["refused", "path"]
