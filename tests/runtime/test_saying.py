"""From what a person gives to a statement: every part is read in one way, and each wrong one is named."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.errors import Misuse
from openline.runtime.lab import create
from openline.runtime.log import Log
from openline.runtime.station import StationProcess
from openline.wire.statement import Authority, Option, Precedence, Statement, Status, decode_statement


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationProcess]:
    made = create(tmp_path_factory.mktemp("saying") / "net", ["alba", "bora"], None, 1, 1)
    process = StationProcess(Path(made["stations"]["alba"][0]), Log(None))
    process._inbox.put_nowait(process._started())
    process._turn()
    yield process
    process.store.close()


def said(process: StationProcess, **asked: object) -> Statement:
    prepared = asyncio.run(process.requests.handle({"do": "prepare", "kind": "T1", "text": "x", **asked}))
    return decode_statement(bytes.fromhex(prepared["statement"]))


def test_without_more_a_text_is_an_exercise_of_a_duty_officer(process: StationProcess) -> None:
    statement = said(process)
    assert (statement.status, statement.precedence) == (Status.EXERCISE, Precedence.ROUTINE)
    assert statement.authority is Authority.DUTY_OFFICER
    assert dict(statement.options) == {}


def test_everything_that_can_stand_around_a_message_is_read(process: StationProcess) -> None:
    statement = said(
        process, precedence="flash", status="TEST", authority="delegate", officer=3, action=["bora"],
        valid_from="2026-03-04T05:06Z", valid_until="2026-03-04T05:06:07Z", respond_by="2026-03-04T05:07Z",
        pass_to="harbour", clearance=["press"],
    )  # fmt: skip
    assert (statement.status, statement.precedence, statement.officer) == (Status.TEST, Precedence.FLASH, 3)
    assert statement.options[Option.VALIDITY] == [1_772_600_760, 1_772_600_767]
    assert statement.options[Option.RESPOND_BY] == 1_772_600_820
    assert statement.options[Option.PASS_TO] == "harbour"
    assert statement.options[Option.ACTION] == [2]
    assert statement.options[Option.CLEARANCE] == ["press"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"kind": None}, "kind is missing"),
        ({"precedence": "soon"}, "precedence 'SOON' is unknown"),
        ({"authority": "king"}, "authority 'KING' is unknown"),
        ({"valid_until": "tomorrow"}, "valid_until is not a time"),
        ({"action": "bora"}, "action must be a list"),
        ({"action": ["doria"]}, "'doria' is no party"),
        ({"officer": "4"}, "officer must be a number"),
        ({"ref": "zz"}, "is no message's id"),
        ({"text": None, "fields": [1]}, "must be a JSON object"),
        ({"line": "ffff"}, "no line that begins so"),
    ],
)
def test_each_wrong_part_is_named(process: StationProcess, asked: dict[str, object], named: str) -> None:
    with pytest.raises(Misuse, match=named) as wrong:
        said(process, **asked)
    assert wrong.value.hint
