"""A member that joins later is not given copies of what was said before it was one."""

from types import SimpleNamespace

import pytest

from openline.delivery.charter_in_use import may_hear
from openline.identifiers import station_id
from openline.wire.entry import SIGNATURE_BYTES, encode_entry
from openline.wire.statement import Statement, Status, encode_statement
from tests.engine.pair import Anything

FOUNDER, NEWCOMER = 1, 3
MEMBERS = {1: (1, 2), 2: (1, 2, 3)}


def charter(number: int) -> Anything:
    return SimpleNamespace(number=number, member=lambda party: party if party in MEMBERS[number] else None)


def line(in_force: int) -> Anything:
    held = {number: charter(number) for number in MEMBERS}
    return SimpleNamespace(documents=SimpleNamespace(charter=held[in_force], charter_numbered=held.get))


def station(party: int) -> Anything:
    return SimpleNamespace(station=station_id(party, 1))


@pytest.mark.parametrize(
    ("party", "named", "heard"),
    [(FOUNDER, 1, True), (FOUNDER, 2, True), (NEWCOMER, 1, False), (NEWCOMER, 2, True), (NEWCOMER, 9, True)],
)
def test_an_entry_is_copied_only_to_members_of_the_charter_that_it_names(party: int, named: int, heard: bool) -> None:
    said = encode_statement(Statement(named, 1_700_000_000, 0, 1, "before", status=Status.TEST))
    entry = encode_entry(0, said, (), bytes(SIGNATURE_BYTES))
    assert may_hear(line(2), station(party), entry) is heard


def test_under_the_first_charter_everybody_hears_everything() -> None:
    assert may_hear(line(1), station(NEWCOMER), b"not even read")
