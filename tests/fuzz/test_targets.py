"""The targets themselves: each can accept, each can refuse, and a planted fault is found."""

from pathlib import Path

import pytest

from fuzz.choices import Choices
from fuzz.mutation import inputs
from fuzz.target import Broken, Target, same
from fuzz.targets import TARGETS
from openline.errors import Malformed
from openline.wire.numbers import leb128
from tools import fuzz as tool

NEVER_REFUSES = {"documents", "mailbox", "station-envelope", "station-payload", "station-member"}
"""Whole machines: they take anything, and what they refuse is an effect of theirs."""


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_begins_from_something_that_is_accepted_and_something_that_is_not(name: str) -> None:
    beginnings = TARGETS[name].beginnings()
    if name in ("altered-body", "rendering"):
        beginnings = list(inputs(1, beginnings, 200))
    judged = {TARGETS[name].accepts(data) for data in beginnings}
    assert judged == ({True} if name in NEVER_REFUSES else {True, False})


def loose_number(data: bytes) -> None:
    """A decoder with a planted fault: it takes numbers that are longer than they need be."""
    number = 0
    for place, byte in enumerate(data[:5]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            same(leb128(number), data[: place + 1])
            return
    raise Malformed("R10", "the bytes end inside a number")


def careless(data: bytes) -> None:
    """A decoder with a planted fault: it does not look whether there is anything."""
    if data[3] > 9:
        raise Malformed("R1", "too large")


@pytest.mark.parametrize("planted", [loose_number, careless])
def test_a_planted_fault_is_found_kept_and_repeated(
    planted: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "FOUND", tmp_path)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    assert callable(planted)
    target = Target("planted", planted, lambda: [b"\x85\x01", b"\x01\x02\x03\x04"])
    outcome = tool.seeded(target, 2_000, seed=1)
    assert outcome.failed
    (kept,) = tmp_path.iterdir()
    with pytest.raises((Broken, IndexError)):
        target.accepts(kept.read_bytes())
    assert "--replay" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_inputs_and_another_others() -> None:
    beginnings = TARGETS["statement"].beginnings()
    first = list(inputs(7, beginnings, 300))
    assert first == list(inputs(7, beginnings, 300))
    assert first != list(inputs(8, beginnings, 300))
    assert len(set(first)) > 200


def test_choices_never_run_dry() -> None:
    choices = Choices(b"")
    assert [choices.number(256), choices.pick("abc"), choices.octets(3), choices.flag()] == [0, "a", bytes(3), False]
    assert choices.spent()


def test_an_input_that_a_person_brings_is_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"\x18\x05")
    assert tool.main(["--replay", str(path), "cbor"]) == 0
    assert "refused, as documented" in capsys.readouterr().out


def test_a_campaign_says_how_many_it_ran_and_an_unknown_target_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["--runs", "60", "cbor", "number"]) == 0
    assert "2 targets, 120 executions, 0 with findings" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        tool.main(["nonsense"])
