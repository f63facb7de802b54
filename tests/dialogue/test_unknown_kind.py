"""A message of a kind that this catalogue does not have: it cannot be read, and it must not stop anything else."""

from dataclasses import replace

from tests.dialogue.kit import ALBA, BORA, Line, at
from tests.dialogue.test_answers import N7

NOBODYS_KIND = 254


def test_the_status_of_a_message_of_an_unknown_kind_is_asked_for_and_nobody_owes_it_an_answer() -> None:
    line = Line()
    known = line.say(ALBA, "N7", at("18:00"), N7)
    said = replace(known, statement=replace(known.statement, kind=NOBODYS_KIND))
    status = line.desks[BORA].status(said.digest, line.utc, said)
    assert list(status.marks("answered")) == []
    assert len(status.addressees) == 1
