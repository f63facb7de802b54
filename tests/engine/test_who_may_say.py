"""Who may say each kind, and who may answer it: refused before it is signed here, and by every receiver again.

The table is that of the catalogue's design, written out once more by hand: code, who, and who must sign.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from openline.catalogue.kinds import CATALOGUE, Kind
from openline.charter import Charter, Evidence, OfficerItem, Role, Rules, read_charter
from openline.dialogue.permitted import Speaker, check_sender, may_ever_say
from openline.dialogue.rules import Rules as DialogueRules
from openline.errors import Inadmissible
from openline.identifiers import StationId
from openline.runtime.charter_form import catalogue_approvals
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority, Status, decode_statement
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net, force

DUTY, RELEASER, PRINCIPAL, DELEGATE, MEDIATOR = 1, 2, 4, 5, 6  # the third of a made world is a second duty officer
"""Officers of every party in these tests; each has the role of its name alone."""

ROLES = {
    DUTY: (Authority.DUTY_OFFICER,), RELEASER: (Authority.RELEASER,), PRINCIPAL: (Authority.PRINCIPAL,),
    DELEGATE: (Authority.DELEGATE,), MEDIATOR: (Authority.MEDIATOR,),
}  # fmt: skip

TABLE: Mapping[str, str] = {
    "T1": "D", "ACKNOWLEDGED": "D", "PASSED-ON": "D", "UNDERSTOOD": "D", "NOT-UNDERSTOOD": "D", "STANDBY": "D",
    "TAKEN-TO-LEADERSHIP": "D", "YES": "D", "NO": "D", "CANNOT-SAY": "D", "NO-INFORMATION": "D", "WITHHELD": "D",
    "ECHO": "D", "ERROR": "machine", "WILL-DO": "2", "CANNOT-DO": "2", "JOINED": "2", "CARRIED": "M",
    "ACCEPT": "H", "ACCEPT-WITH-RESERVATION": "H", "DECLINE": "H",
    "L1": "D", "L2": "D", "L3": "D", "L4": "2",
    "N1": "2", "N2": "2", "N3": "2", "N4": "2", "N5": "2", "N6": "D", "N7": "D", "N8": "D", "N9": "D", "N10": "D",
    "S1": "D", "S2": "D", "S3": "2", "S4": "H", "S5": "2", "S6": "H", "S7": "2 or principal",
    "Q1": "D", "Q2": "D", "Q3": "2", "Q4": "2",
    "P1": "H", "P2": "H", "P3": "H to M", "P4": "M", "P5": "H, never M", "P6": "M/H", "P7": "M/H", "P8": "2",
    "P9": "M/H",
    "C1": "2", "C2": "D", "C3": "H", "C4": "D",
    "K1": "original", "K2": "original", "K3": "original", "K4": "D", "K5": "original",
}  # fmt: skip

WAYS: Mapping[str, set[tuple[int, ...]]] = {
    "D": {()}, "M": {()}, "machine": {()}, "original": {()},
    "2": {(DUTY, RELEASER)}, "2 or principal": {(DUTY, RELEASER), (PRINCIPAL,)},
    "H": {(RELEASER, PRINCIPAL), (RELEASER, DELEGATE)}, "H, never M": {(RELEASER, PRINCIPAL), (RELEASER, DELEGATE)},
    "H to M": {(RELEASER, PRINCIPAL), (RELEASER, DELEGATE), (MEDIATOR,)},
    "M/H": {(RELEASER, PRINCIPAL), (RELEASER, DELEGATE), (MEDIATOR,)},
}  # fmt: skip

OBSERVER_SAYS = {
    "T1", "L1", "L2", "L3", "L4", "ACKNOWLEDGED", "PASSED-ON", "ECHO", "UNDERSTOOD", "NOT-UNDERSTOOD", "STANDBY",
    "ERROR", "K1", "K2", "K3", "K4", "K5",
}  # fmt: skip
STATIONS = {Role.PARTY: ALBA, Role.MEDIATOR: CENDRA}
APPROVALS = catalogue_approvals()


def items(net: Net, party: int) -> tuple[OfficerItem, ...]:
    return tuple(net.officer(party, number, *roles) for number, roles in ROLES.items())


def three(*, observer: bool) -> Net:
    """Alba, Bora and Cendra, who mediates or observes; with officers of every role, the mediator's at parties too."""
    net = Net(parties=3, rules=Rules(approvals=APPROVALS))
    net.start_all()
    first: Charter = read_charter(net.documents(ALBA).charters_after(0)[0]).charter
    role = Role.OBSERVER if observer else Role.MEDIATOR
    members = tuple(replace(member, role=role) if member.party == CENDRA >> 8 else member for member in first.members)
    amendment = net.amendment(ALBA, members=members)
    for me in (ALBA, BORA, CENDRA):
        assert net.bring(me, DocumentClass.CHARTER, amendment).good
        assert net.bring(me, DocumentClass.ROSTER, net.roster(me, officers=items(net, me >> 8))).good
    net.run(5)
    return net


@cache
def shared(*, observer: bool) -> Net:
    """One line for all cases: what one says does not concern the others."""
    return three(observer=observer)


def allowed(who: str, role: Role) -> bool:
    return role is Role.MEDIATOR or who != "M"


def ways_for(who: str, role: Role) -> set[tuple[int, ...]]:
    ways = WAYS[who]
    return ways if role is Role.MEDIATOR else {way for way in ways if MEDIATOR not in way}


def tried(net: Net, me: StationId, kind: Kind, way: tuple[int, ...], **given: Anything) -> tuple[str, str, bytes]:
    """Say an example of a kind; return the rule of our own refusal, and the receiver's after a forged sending."""
    reader = BORA if me != BORA else ALBA
    fields = {**kind.example, **given.pop("fields", {})}
    named = 0 if kind.sent_by == "machine" else MEDIATOR if kind.who == ("M",) else DUTY
    status = Status.TEST
    text = str(fields["text"]) if kind.body == "text" else ""
    ref = net.now_ms.to_bytes(20, "big") if kind.ref != "none" else None  # nothing that was ever said
    net.run(1)
    body: dict[str, Anything] = {"text": text} if text else {"fields": fields} if kind.fields else {}
    data = net.statement(me, kind.code, **{"status": status, "officer": named, "ref": ref, **body, **given})
    answered = net.submit(me, data, net.approvals(me, data, *way))
    said = answered.digest if answered.good else force(net, me, data, net.approvals(me, data, *way))
    net.run(1)
    shown = net.one(reader, said)
    refused: Anything = shown.get("refused", {"rule": ""})
    return answered.rule, refused["rule"], answered.digest


def test_the_table_is_the_catalogue_s() -> None:
    assert TABLE.keys() == CATALOGUE.kinds.keys()
    letters = {"D": ("D",), "2": ("2",), "H": ("H",), "M": ("M",), "machine": ("D",), "original": ("O",),
               "2 or principal": ("2",), "H, never M": ("H",), "H to M": ("H", "M")}  # fmt: skip
    for code, who in TABLE.items():
        kind = CATALOGUE.kind(code)
        assert set(kind.who) == ({"M", "H"} if who == "M/H" else set(letters[who])), code
        assert kind.sent_to == ("mediator" if code in ("P3", "P5") else ""), code


@pytest.mark.parametrize("role", STATIONS)
@pytest.mark.parametrize("code", TABLE)
def test_each_kind_is_said_by_whom_the_catalogue_names_and_nobody_else_at_both_ends_r171_r172(
    code: str, role: Role
) -> None:
    net, me, kind, who = shared(observer=False), STATIONS[role], CATALOGUE.kind(code), TABLE[code]
    if not allowed(who, role):
        assert tried(net, me, kind, ())[:2] == ("R171", "R171")
        return
    if who in ("H, never M", "H to M") and role is Role.MEDIATOR:
        assert tried(net, me, kind, (RELEASER, DELEGATE))[:2] == ("R172", "R172")
        return
    for way in sorted(ways_for(who, role)):
        assert tried(net, me, kind, way)[:2] == ("", ""), way
    counts = {len(way) for rule in APPROVALS if rule.kind == kind.number for way in rule.alternatives}
    for lacking in sorted({way[:-1] for way in WAYS[who] if way and len(way) - 1 not in counts}):
        assert tried(net, me, kind, lacking)[:2] == ("R104", "R104"), lacking
    for wrong in sorted({(DUTY, DELEGATE)} if len(max(WAYS[who], key=len)) == 2 else set()):
        assert tried(net, me, kind, wrong)[:2] == ("R110", "R110"), wrong


@pytest.mark.parametrize("code", ["P6", "P7", "P9"])
def test_a_party_that_calls_its_officer_a_mediator_is_none(code: str) -> None:
    assert tried(shared(observer=False), ALBA, CATALOGUE.kind(code), (MEDIATOR,))[:2] == ("R110", "R110")


@pytest.mark.parametrize("code", TABLE)
def test_an_observer_says_nothing_of_substance_at_both_ends_r170(code: str) -> None:
    net, kind = shared(observer=True), CATALOGUE.kind(code)
    assert may_ever_say(kind, Role.OBSERVER) is (code in OBSERVER_SAYS)
    way = min(ways_for(TABLE[code], Role.OBSERVER), key=len)
    expected = "" if code in OBSERVER_SAYS else "R170"
    assert tried(net, CENDRA, kind, way)[:2] == (expected, expected)


def test_an_observer_owes_no_reply() -> None:
    net = shared(observer=True)
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    net.run(1)
    assert [thread["with"] for thread in net.one(ALBA, asked)["dialogues"]] == ["bora"]
    assert net.meaning(CENDRA).desk.allowed_replies(asked, net.utc) == ()


@pytest.mark.parametrize("step", ["share", "commit"])
def test_a_party_marks_packages_and_the_mediator_opens_what_matched(step: str) -> None:
    net, kind = shared(observer=False), CATALOGUE.kind("P3")
    opened = {"step": "reveal", "openings": [{"party": "alba", "package": 1, "salt": "00" * 16, "token": "00" * 32}]}
    assert tried(net, ALBA, kind, (RELEASER, DELEGATE), fields={"step": step})[:2] == ("", "")
    assert tried(net, CENDRA, kind, (MEDIATOR,), fields={"step": step})[:2] == ("R172", "R172")
    assert tried(net, ALBA, kind, (RELEASER, DELEGATE), fields=opened)[:2] == ("R171", "R171")
    assert tried(net, CENDRA, kind, (MEDIATOR,), fields=opened)[:2] == ("", "")
    for me, way in ((ALBA, (RELEASER, DELEGATE)), (CENDRA, (MEDIATOR,))):
        assert tried(net, me, kind, way, fields={"step": "void"})[:2] == ("", ""), "either may end a round"


def test_what_goes_to_a_mediator_needs_one_on_the_line_r172() -> None:
    net = shared(observer=True)
    for code in ("P3", "P5"):
        assert tried(net, ALBA, CATALOGUE.kind(code), (RELEASER, DELEGATE))[:2] == ("R172", "R172")


@pytest.mark.parametrize(
    ("code", "officer", "rule"),
    [
        ("T1", MEDIATOR, "R173"), ("N7", MEDIATOR, "R173"), ("ERROR", DUTY, "R173"),
        ("T1", RELEASER, ""), ("N7", PRINCIPAL, ""), ("T1", 0, ""),
    ],
)  # fmt: skip
def test_the_officer_who_is_named_has_a_role_and_no_person_speaks_for_the_machine_r173(
    code: str, officer: int, rule: str
) -> None:
    assert tried(shared(observer=False), ALBA, CATALOGUE.kind(code), (), officer=officer)[:2] == (rule, rule)


@pytest.mark.parametrize("code", ["P4", "CARRIED"])
def test_a_mediator_s_words_are_a_mediating_officer_s(code: str) -> None:
    kind = CATALOGUE.kind(code)
    assert tried(shared(observer=False), CENDRA, kind, (), officer=DUTY)[:2] == ("R173", "R173")


def test_nobody_else_speaks_on_a_mediator_s_authority() -> None:
    net, kind = shared(observer=False), CATALOGUE.kind("T1")
    assert tried(net, ALBA, kind, (), authority=Authority.MEDIATOR)[:2] == ("R171", "R171")
    assert tried(net, CENDRA, kind, (), authority=Authority.MEDIATOR)[:2] == ("", "")


def test_a_kind_is_said_with_its_own_statuses_only_r174() -> None:
    net, kind = shared(observer=False), CATALOGUE.kind("L4")
    assert tried(net, ALBA, kind, (DUTY, RELEASER), status=Status.EXERCISE)[:2] == ("R174", "R174")


def test_a_reply_takes_whom_the_question_asks_for_before_it_is_signed_r175() -> None:
    net = shared(observer=False)
    ours = net.say(ALBA, "N8", fields=dict(CATALOGUE.kind("N8").example))
    net.run(1)
    yes = net.statement(BORA, "YES", ref=ours)
    refused = net.submit(BORA, yes)
    assert (refused.good, refused.rule) == (False, "R175")
    assert "duty officer and releaser" in refused.message
    force(net, BORA, yes)
    net.run(1)
    assert net.one(ALBA, ours)["dialogues"][0]["state"] == "OPEN", "at the other end it counts for nothing"
    assert "takes duty officer and releaser" in str(net.inbox(ALBA)[-1]["counts_for_nothing"]), "and says why"
    assert net.submit(BORA, yes, net.approvals(BORA, yes, DUTY, RELEASER)).good
    assert net.one(ALBA, ours)["counts_for_nothing"] == ""


def test_a_correction_takes_whom_the_notice_took_before_it_is_signed() -> None:
    net = shared(observer=False)
    kind = CATALOGUE.kind("N1")
    data = net.statement(ALBA, "N1", fields=dict(kind.example))
    notice = net.submit(ALBA, data, net.approvals(ALBA, data, DUTY, RELEASER)).digest
    withdrawn = net.statement(ALBA, "K3", fields={"reason": "weather"}, ref=notice)
    assert net.submit(ALBA, withdrawn).rule == "R175"
    assert net.submit(ALBA, withdrawn, net.approvals(ALBA, withdrawn, DUTY, RELEASER)).good


def test_where_nobody_can_approve_one_officer_answers_everything() -> None:
    kinds = CATALOGUE.kinds
    rules = DialogueRules(CATALOGUE, Rules(evidence=Evidence.DENIABLE))
    assert rules.required_approvals(kinds["YES"].number, kinds["N8"].number) == ()
    assert DialogueRules(CATALOGUE).required_approvals(kinds["YES"].number, kinds["N8"].number) != ()


def test_a_statement_under_a_charter_that_is_not_held_is_delivery_s_to_judge() -> None:
    net = shared(observer=False)
    statement = net.statement(ALBA, "P4", fields=dict(CATALOGUE.kind("P4").example), charter=9)
    answered = net.submit(ALBA, statement)
    assert not answered.good
    assert answered.rule != "R171"


def test_a_refusal_names_what_to_do() -> None:
    kind = CATALOGUE.kind("P4")
    net = shared(observer=False)
    statement = decode_statement(net.statement(ALBA, "P4", fields=dict(kind.example)))
    with pytest.raises(Inadmissible) as refused:
        check_sender(kind, statement, Speaker(Role.PARTY, {Role.PARTY}))
    assert refused.value.hint
