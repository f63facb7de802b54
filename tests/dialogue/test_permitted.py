"""Who may say what, by the roles in the charter and the roster, statement by statement."""

import pytest

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.catalogue.kinds.values import Json
from openline.charter import Role
from openline.dialogue.permitted import Speaker, check_sender, may_ever_say
from openline.errors import Inadmissible
from openline.wire.statement import Authority, Statement, Status
from tests.dialogue.kit import BASE

PARTY, MEDIATOR, OBSERVER = Role.PARTY, Role.MEDIATOR, Role.OBSERVER
EVERYBODY = (PARTY, MEDIATOR, OBSERVER)
DUTY, MEDIATES = (Authority.DUTY_OFFICER,), (Authority.MEDIATOR,)
OPENED: dict[str, Json] = {
    "step": "reveal", "openings": [{"party": "alba", "package": 1, "salt": "00" * 16, "token": "00" * 32}],
}  # fmt: skip


def refusal(
    code: str, role: Role = PARTY, officer: tuple[Authority, ...] | None = DUTY, *, line: tuple[Role, ...] = EVERYBODY,
    fields: dict[str, Json] | None = None, status: Status = Status.TEST, authority: Authority = Authority.DUTY_OFFICER,
) -> str:  # fmt: skip
    """The rule by which a kind's example is refused from this speaker; empty if it is not."""
    kind = CATALOGUE.kind(code)
    body = body_from_json(kind, {**kind.example, **(fields or {})}) if kind.fields else None
    statement = Statement(1, BASE, kind.number, 2, body, status, authority=authority)
    try:
        check_sender(kind, statement, Speaker(role, line, officer))
    except Inadmissible as refused:
        return refused.rule if refused.hint else "no hint"
    return ""


REPLIES = ("ACKNOWLEDGED", "PASSED-ON", "ECHO", "UNDERSTOOD", "NOT-UNDERSTOOD", "STANDBY", "ERROR")


@pytest.mark.parametrize("code", [*REPLIES, "T1", "L1", "K4"])
def test_an_observer_says_that_it_is_there_has_read_and_understood(code: str) -> None:
    assert refusal(code, OBSERVER, None) == ""
    assert may_ever_say(CATALOGUE.kind(code), OBSERVER)


@pytest.mark.parametrize("code", ["YES", "N7", "Q1", "C1", "P4"])
def test_an_observer_says_nothing_of_substance_r170(code: str) -> None:
    assert refusal(code, OBSERVER) == "R170"
    assert not may_ever_say(CATALOGUE.kind(code), OBSERVER)


def test_only_a_mediator_says_what_a_mediator_says_r171() -> None:
    assert refusal("P4", PARTY, MEDIATES) == "R171"
    assert refusal("P4", MEDIATOR, MEDIATES) == ""
    assert not may_ever_say(CATALOGUE.kind("P4"), PARTY)
    assert may_ever_say(CATALOGUE.kind("P4"), MEDIATOR)


def test_only_a_mediator_speaks_on_a_mediators_authority_r171() -> None:
    assert refusal("Q1", PARTY, authority=Authority.MEDIATOR) == "R171"
    assert refusal("Q1", MEDIATOR, MEDIATES, authority=Authority.MEDIATOR) == ""


def test_the_parties_mark_packages_the_mediator_opens_them_and_either_ends_the_round_r171_r172() -> None:
    said = {
        (step, role): refusal("P3", role, officer, fields=OPENED if step == "reveal" else {"step": step})
        for step in ("share", "commit", "reveal", "void")
        for role, officer in ((PARTY, DUTY), (MEDIATOR, MEDIATES))
    }
    assert {key for key, rule in said.items() if rule == ""} == {
        ("share", PARTY), ("commit", PARTY), ("reveal", MEDIATOR), ("void", PARTY), ("void", MEDIATOR),
    }  # fmt: skip
    assert said["reveal", PARTY] == "R171"
    assert said["share", MEDIATOR] == said["commit", MEDIATOR] == "R172"


@pytest.mark.parametrize("code", ["P3", "P5"])
def test_what_goes_to_a_mediator_needs_one_and_does_not_come_from_one_r172(code: str) -> None:
    assert refusal(code, PARTY, line=(PARTY, MEDIATOR)) == ""
    assert refusal(code, PARTY, line=(PARTY, OBSERVER)) == "R172"
    assert refusal(code, MEDIATOR, MEDIATES, line=(PARTY, MEDIATOR)) == "R172"
    assert refusal("Q1", PARTY, line=(PARTY,)) == "", "what goes to everybody needs nobody"


def test_a_person_is_not_named_for_what_a_program_says_r173() -> None:
    assert refusal("ERROR", PARTY, None) == ""
    assert refusal("ERROR", PARTY, DUTY) == "R173"


def test_a_mediators_words_name_an_officer_who_mediates_r173() -> None:
    assert refusal("P4", MEDIATOR, None) == ""
    assert refusal("P4", MEDIATOR, DUTY) == "R173"
    assert refusal("P4", MEDIATOR, (Authority.DUTY_OFFICER, Authority.MEDIATOR)) == ""


def test_a_party_that_calls_its_officer_a_mediator_names_nobody_r173() -> None:
    assert refusal("Q1", PARTY, MEDIATES) == "R173"
    assert refusal("Q1", PARTY, (Authority.DUTY_OFFICER, Authority.MEDIATOR)) == "", "another role of the same officer"
    assert refusal("Q1", MEDIATOR, MEDIATES) == ""


def test_a_kind_is_said_with_its_own_statuses_r174() -> None:
    rules = {status: refusal("L4", status=status) for status in Status}
    assert {status for status, rule in rules.items() if rule == ""} == {
        Status[name] for name in CATALOGUE.kind("L4").statuses
    }
    assert set(rules.values()) == {"", "R174"}
