"""Each kind has at least the fields, the response, the persons and the limits of its row in the catalogue's plan.

The rows stand here a second time, by hand, so that a field lost from a file fails the build.
"""

from __future__ import annotations

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.wire.statement import GENERATION_KIND

MINUTE, HOUR, DAY = 60, 3600, 86_400

# kind: key fields (ref: the statement names another), records' inner fields as a.b
FIELDS = {
    "T1": "text",
    "L1": "check nonce glyphs utc_offset",
    "L2": "state period alternate reason",
    "L3": "in_force as_of",
    "L4": "phase scenario begins ends",
    "N1": "class count site window azimuth impact_areas purpose notices",
    "N2": "ref window",
    "N3": "ref time outcome inside_announced_area",
    "N4": "designation purpose participants command_level phases.period phases.area area troops equipment.class "
    "equipment.count sorties live_fire no_notice strategic related period",
    "N5": "forces size from to period reason",
    "N6": "hazard area heights period restriction",
    "N7": "type time place object heading armed self_destruct state cause_status cause hostile_intent casualties "
    "steps_taken next_update_by",
    "N8": "object first_seen place track.time track.place heading speed effect yours",
    "N9": "time place nature facility cause_status cause development release_state releases.nuclide releases.activity "
    "wind_from wind_speed precipitation hydrology monitoring.dose_rate measures predicted_area "
    "predicted_period terminated",
    "N10": "craft craft_name persons position condition help safe_passage time",
    "S1": "facts.what facts.time facts.place basis",
    "S2": "danger to_whom where when",
    "S3": "actor act negation object area period purpose",
    "S4": "act not_done scope period condition withdrawal_notice",
    "S5": "event events basis bases explanation_wanted",
    "S6": "language text",
    "S7": "toward willing since conditions",
    "Q1": "statement about",
    "Q2": "about subject fields questions",
    "Q3": "ref data answers outcome",
    "Q4": "act negation area deadline reason",
    "P1": "acts.who acts.act acts.negation acts.where acts.when acts.verification conditions.what conditions.relation "
    "conditions.by_whom all_or_nothing verification expiry carry_to carry_attribution carry_words carry_until",
    "P2": "ref acts.who acts.act acts.negation acts.where acts.when conditions all_or_nothing verification expiry",
    "P3": "ref step shares commitments openings_sealed openings.package openings.salt openings.token",
    "P4": "number items.item items.text packages.package packages.text round_end round_key",
    "P5": "ref draft item objection need",
    "P6": "item status reservations package",
    "P7": "sessions record.point record.on_behalf_of record.conveyed_to commitments dissents.who dissents.text agreed",
    "P8": "level channel place times agenda invites delegation public_line",
    "P9": "topic stance conditions.what conditions.relation conditions.by_whom commitment said visible_to source",
    "C1": "reason related check_interval next_contact",
    "C2": "period own_facts.what own_facts.time own_facts.place news changes.what next_due",
    "C3": "ref conditions_met follow_ups.what follow_ups.by_whom follow_ups.due",
    "C4": "fact time place own_facts",
    "K1": "ref wrong_fields data",
    "K2": "ref changes",
    "K3": "ref reason",
    "K4": "ref cause actions_to_reverse",
    "K5": "ref notice_ends",
    "ACKNOWLEDGED": "ref",
    "PASSED-ON": "ref unit means time officer",
    "UNDERSTOOD": "ref read_back",
    "NOT-UNDERSTOOD": "ref fields",
    "WILL-DO": "ref",
    "CANNOT-DO": "ref reason",
    "YES": "ref",
    "NO": "ref",
    "CANNOT-SAY": "ref",
    "NO-INFORMATION": "ref",
    "WITHHELD": "ref",
    "ACCEPT": "ref",
    "ACCEPT-WITH-RESERVATION": "ref reservations changes",
    "DECLINE": "ref reason",
    "TAKEN-TO-LEADERSHIP": "ref",
    "STANDBY": "ref until",
    "ERROR": "ref reason",
    "ECHO": "ref nonce glyphs open_dialogues last_seen utc_offset",
    "JOINED": "ref read_back",
    "CARRIED": "ref to time",
}

# kind: response, precedence, who, limits in seconds
ROWS = {
    "L1": ("D", "ROUTINE", "D", {"every": HOUR, "answer": 5 * MINUTE}),
    "L2": ("R", "PRIORITY", "D", {"notice": DAY}),
    "L3": ("R", "ROUTINE", "D", {"every": DAY}),
    "L4": ("R", "PRIORITY", "2", {"notice": DAY}),
    "N1": ("R", "PRIORITY", "2", {"notice": DAY, "notice_where_agreed": 3 * DAY}),
    "N2": ("R", "IMMEDIATE", "2", {}),
    "N3": ("R", "PRIORITY", "2", {"within": 48 * HOUR}),
    "N4": ("R", "ROUTINE", "2", {"notice": 42 * DAY, "notice_if_strategic": 14 * DAY, "notice_if_no_notice": 0}),
    "N5": ("R", "PRIORITY", "2", {}),
    "N6": ("R", "PRIORITY", "D", {"notice": 3 * DAY, "notice_usual": 5 * DAY}),
    "N7": ("R", "FLASH", "D", {"within": 10 * MINUTE, "answer": 5 * MINUTE, "update": 30 * MINUTE}),
    "N8": ("A", "FLASH", "D", {"answer": 5 * MINUTE}),
    "N9": ("R", "FLASH", "D", {}),
    "N10": ("W", "FLASH", "D", {"answer": 10 * MINUTE}),
    "S1": ("R", "PRIORITY", "D", {}),
    "S2": ("R", "FLASH", "D", {}),
    "S3": ("R", "IMMEDIATE", "2", {}),
    "S4": ("R", "IMMEDIATE", "H", {}),
    "S5": ("D", "PRIORITY", "2", {"answer": 48 * HOUR, "answer_in_crisis": HOUR}),
    "S6": ("R", "ANY", "H", {}),
    "Q1": ("A", "ANY", "D", {}),
    "Q2": ("D", "ANY", "D", {}),
    "Q3": ("R", "AS NEEDED", "2", {}),
    "Q4": ("W", "IMMEDIATE", "2", {}),
    "P1": ("P", "ANY", "H", {}),
    "P2": ("P", "ANY", "H", {}),
    "P3": ("N", "PRIORITY", "HM", {}),  # the parties mark, the mediator opens what matched
    "P4": ("D", "PRIORITY", "M", {}),
    "P5": ("N", "PRIORITY", "H", {}),
    "P6": ("P", "PRIORITY", "MH", {}),
    "P7": ("P", "ROUTINE", "MH", {}),
    "P8": ("P", "IMMEDIATE", "2", {"answer": 3 * HOUR}),
    "C1": ("R", "FLASH", "2", {"answer": 5 * MINUTE}),
    "C2": ("R", "IMMEDIATE", "D", {}),
    "C3": ("P", "IMMEDIATE", "H", {}),
    "K1": ("ORIGINAL", "ORIGINAL", "O", {}),
    "K2": ("R", "ORIGINAL", "O", {}),
    "K3": ("R", "ORIGINAL", "O", {}),
    "K4": ("R", "FLASH", "D", {"within": 2 * MINUTE}),
    "K5": ("R", "IMMEDIATE", "O", {}),
}
CHANGED_BY = {
    "N1": "N2 K3", "N2": "K3", "N4": "K2 K3", "N5": "K2 K3", "N6": "K2 K3", "N7": "K2", "N8": "K2", "N9": "K2",
    "N10": "K2 K3", "S1": "K2", "S2": "K3", "S3": "K5", "S4": "K5", "S5": "K5", "Q1": "K3", "Q2": "K3", "Q3": "K2",
    "Q4": "K3", "P1": "K5", "P2": "K5", "P3": "K5", "P4": "P4", "P5": "K5", "P6": "P6", "P7": "P7", "P8": "K2 K3",
    "C1": "K2 C3", "C2": "C2", "C3": "K5", "K1": "K1", "K2": "K2", "L2": "K2", "L3": "L3", "L4": "K3",
}  # fmt: skip


def test_every_kind_has_a_row_and_every_row_a_kind() -> None:
    assert set(FIELDS) == set(CATALOGUE.kinds)
    assert len([code for code in FIELDS if len(code) <= 3 and code[-1].isdigit()]) == 44


@pytest.mark.parametrize("code", FIELDS)
def test_a_kind_has_every_field_of_its_row(code: str) -> None:
    kind = CATALOGUE.kind(code)
    for path in FIELDS[code].split():
        if path == "ref":
            assert kind.ref == "required"
            continue
        name, _, inner = path.partition(".")
        assert name in kind.by_name
        if inner:
            assert inner in {field.name for field in kind.by_name[name].fields}


@pytest.mark.parametrize("code", ROWS)
def test_a_kind_asks_and_is_released_as_its_row_says(code: str) -> None:
    kind = CATALOGUE.kind(code)
    response, precedence, who, limits = ROWS[code]
    assert (kind.response, kind.precedence, "".join(kind.who)) == (response, precedence, who)
    assert limits.items() <= kind.limits.items()
    assert list(kind.changed_by) == CHANGED_BY.get(code, "").split()
    assert kind.limits or kind.rule or code in ("S1", "S6", "N9", "P6", "P7")


def test_two_persons_sign_where_the_row_says_two() -> None:
    for kind in CATALOGUE.kinds.values():
        expected = {
            "D": (),
            "2": (("duty", "releaser"),),
            "H": (("principal", "releaser"), ("delegate", "releaser")),
            "M": (),
            "O": (),
        }
        alternatives: tuple[tuple[str, ...], ...] = tuple(group for who in kind.who for group in expected[who])
        if "M" in kind.who and "H" in kind.who:
            alternatives += (("mediator",),)  # one person at a mediator's, two at a party's
        if kind.code == "S7":
            alternatives = (("duty", "releaser"), ("principal",))
        assert kind.approvals == alternatives


def test_frequent_kinds_take_one_byte_and_none_takes_the_number_of_a_new_generation() -> None:
    frequent = "T1 L1 N1 Q1 Q3 N7 S2 C2 K1 K2 K3 K4 K5 ACKNOWLEDGED PASSED-ON UNDERSTOOD NOT-UNDERSTOOD STANDBY YES NO"
    assert all(CATALOGUE.kind(code).number < 24 for code in frequent.split())
    assert all(kind.number < GENERATION_KIND for kind in CATALOGUE.kinds.values())


NUMBERS = [
    "T1",
    "ACKNOWLEDGED",
    "UNDERSTOOD",
    "L1",
    "N1",
    "Q1",
    "PASSED-ON",
    "STANDBY",
    "YES",
    "NO",
    "CANNOT-SAY",
    "C2",
    "NOT-UNDERSTOOD",
    "WILL-DO",
    "CANNOT-DO",
    "ACCEPT",
    "Q3",
    "N7",
    "K1",
    "K2",
    "K3",
    "K4",
    "K5",
    "S2",
    "L2",
    "L3",
    "L4",
]


def test_numbers_never_change() -> None:
    assert [CATALOGUE.kind(number).code for number in range(len(NUMBERS))] == NUMBERS
    assert [CATALOGUE.kind(32 + at).code for at in range(8)] == ["N2", "N3", "N4", "N5", "N6", "N8", "N9", "N10"]
    later = (
        "S1 S3 S4 S5 S6 S7 Q2 Q4 P1 P2 P3 P4 P5 P6 P7 P8 P9 C1 C3 C4 NO-INFORMATION WITHHELD ACCEPT-WITH-RESERVATION"
    )
    assert [CATALOGUE.kind(40 + at).code for at in range(23)] == later.split()


@pytest.mark.parametrize(
    ("code", "replies"),
    [
        ("N6", "UNDERSTOOD NOT-UNDERSTOOD STANDBY ERROR"),
        ("N8", "YES NO CANNOT-SAY STANDBY ERROR"),
        ("Q1", "YES NO CANNOT-SAY STANDBY ERROR"),
        ("Q2", "Q3 NO-INFORMATION WITHHELD STANDBY ERROR"),
        ("Q4", "WILL-DO CANNOT-DO STANDBY ERROR"),
        ("P1", "ACCEPT ACCEPT-WITH-RESERVATION DECLINE P2 TAKEN-TO-LEADERSHIP STANDBY CARRIED ERROR"),
        ("P4", "Q3 NO-INFORMATION WITHHELD STANDBY ERROR P5"),
        ("P9", "ERROR"),
        ("T1", "ERROR"),
        ("L1", "ECHO STANDBY ERROR"),
        ("C1", "JOINED UNDERSTOOD NOT-UNDERSTOOD STANDBY ERROR"),
        ("C4", "ACCEPT DECLINE STANDBY ERROR"),
    ],
)
def test_the_replies_are_exactly_those_of_the_response_type(code: str, replies: str) -> None:
    allowed = {reply.code for reply in CATALOGUE.replies_allowed(CATALOGUE.kind(code))}
    assert allowed == {*replies.split(), "ACKNOWLEDGED", "PASSED-ON"}


def test_what_closes_and_what_does_not() -> None:
    closing = {kind.code for kind in CATALOGUE.kinds.values() if kind.closes}
    assert closing == {
        *[
            "UNDERSTOOD",
            "WILL-DO",
            "CANNOT-DO",
            "YES",
            "NO",
            "CANNOT-SAY",
            "Q3",
            "NO-INFORMATION",
            "WITHHELD",
            "ACCEPT",
            "DECLINE",
            "P2",
            "ERROR",
        ],
        *["ACCEPT-WITH-RESERVATION", "ECHO", "JOINED"],
    }


def test_yes_and_no_to_an_unidentified_object_take_two_persons() -> None:
    assert CATALOGUE.kind("N8").reply_who == {"YES": "2", "NO": "2"}
    assert CATALOGUE.kind("Q1").reply_who == {}


def test_nothing_is_read_back_where_passing_on_comes_first_or_nothing_could_go_wrong() -> None:
    assert all(CATALOGUE.kind(code).read_back == () for code in ("L3", "S6", "S2", "N10", "N8", "T1"))


def test_a_drill_is_announced_in_earnest() -> None:
    assert "EXERCISE" not in CATALOGUE.kind("L4").statuses
    assert CATALOGUE.kind("N4").name != "exercise"
