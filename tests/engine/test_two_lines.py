"""One station on two lines: a crisis on one changes nothing on the other.

Two worlds live the same hour on the second line; only one of them has a crisis on the first.  Whatever an officer can
see of the second line, and when its desk wants to be woken, is the same in both at every look.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.catalogue.kinds.read_back import read_back_body
from openline.dialogue import Rota, Step
from openline.engine import Act
from openline.engine.alarms import in_force
from openline.engine.crisis_view import crises, crisis_state, line_check
from openline.engine.local_rules import LocalRules
from openline.identifiers import StationId
from openline.wire.statement import Precedence
from tests.engine.pair import ALBA, BORA, Anything, Net

CRISIS, QUIET = 1, 2  # the two lines
LOOK_EVERY_S = 20
LAST = 1_800
FIRST_REPORT = "2023-11-14T22:25Z"
TOLD = LocalRules(rota=Rota((Step(60, "deputy officer 2"),)))

World = dict[str, bytes]
Deed = Callable[[Net, World], None]


def speak(me: StationId, name: str, code: str, about: str = "", **given: Anything) -> Deed:
    def deed(net: Net, said: World) -> None:
        ref = said[about] if about else None
        said[name] = net.say(me, code, ref=ref, **given)

    return deed


def attend(me: StationId, name: str) -> Deed:
    def deed(net: Net, said: World) -> None:
        assert net.act(me, Act.ATTEND, said[name]).good

    return deed


QUESTION: Anything = {"fields": {"statement": "The ship is yours"}}
ON_THE_QUIET_LINE: dict[int, Deed] = {
    40: speak(ALBA, "asked", "Q1", **QUESTION, precedence=Precedence.PRIORITY),
    100: speak(BORA, "urgent", "Q1", **QUESTION, precedence=Precedence.FLASH),
    360: speak(BORA, "incident", "N7", fields={"type": "collision", "time": "2023-11-14T22:10Z"}),
    400: speak(ALBA, "unclear", "NOT-UNDERSTOOD", "incident"),
    700: speak(BORA, "answered", "YES", "asked"),
    1_000: speak(BORA, "clearer", "N7", "incident", fields={"type": "firing", "time": "2023-11-14T22:10Z"}),
}
"""Dialogues that are answered, fall overdue, are not understood and are said again, all while the crisis lasts."""

OPENED = {"reason": "an object that nobody knows", "check_interval": "5 min", "next_contact": FIRST_REPORT}
READ_BACK = read_back_body(
    CATALOGUE.kind("C1"),
    body_from_json(CATALOGUE.kind("C1"), OPENED),
    {"check_interval": "5 min", "next_contact": FIRST_REPORT},
)
IN_THE_CRISIS: dict[int, Deed] = {
    60: speak(BORA, "opened", "C1", fields=OPENED, precedence=Precedence.FLASH),
    300: attend(ALBA, "opened"),
    320: speak(ALBA, "joined", "JOINED", "opened", body=READ_BACK),
}


def seen(net: Net, me: StationId) -> dict[str, Anything]:
    """Everything that an officer sees of the second line, and what its desk waits for."""
    net.on(QUIET)
    meaning, now = net.meaning(me), net.instant(me)
    return {
        "messages": [*net.inbox(me), *net.sent(me)],
        "crises": (crises(meaning, now), crisis_state(meaning, now)),
        "check": line_check(meaning, now),
        "line": net.lines(me),
        "alarms": in_force({net.setting.line: meaning}, now.utc),
        "calls": meaning.desk.calls(),
        "due": [(said.digest, thread) for said, thread in meaning.desk.due()],
        "wake": meaning.next_wake(now),
        "ledger": rows_of(net, me),
    }


def rows_of(net: Net, me: StationId) -> Anything:
    """What the desk has made durable."""
    kept = net.nodes[me].ledger.kept
    return [sorted(kept(table, net.setting.line)) for table in ("desk-said", "late")]


def live(crisis: bool) -> tuple[Net, dict[int, dict[StationId, Anything]]]:
    net = Net(lines=2, local=TOLD)
    net.start_all()
    said: dict[int, World] = {CRISIS: {}, QUIET: {}}
    looks: dict[int, dict[StationId, Anything]] = {}
    begun = net.now_ms
    for second in range(0, LAST, LOOK_EVERY_S):
        net.run((begun + 1_000 * second - net.now_ms) / 1_000)
        if crisis and second in IN_THE_CRISIS:
            IN_THE_CRISIS[second](net.on(CRISIS), said[CRISIS])
        if second in ON_THE_QUIET_LINE:
            ON_THE_QUIET_LINE[second](net.on(QUIET), said[QUIET])
        looks[second] = {me: seen(net, me) for me in (ALBA, BORA)}
    return net, looks


@pytest.fixture(scope="module")
def worlds() -> Anything:
    return {crisis: live(crisis) for crisis in (True, False)}


@pytest.mark.parametrize("me", [ALBA, BORA], ids=["alba", "bora"])
def test_a_crisis_on_one_line_changes_nothing_on_the_other(worlds: Anything, me: StationId) -> None:
    in_crisis, in_peace = worlds[True][1], worlds[False][1]
    for second in in_peace:
        for part, value in in_peace[second][me].items():
            assert in_crisis[second][me][part] == value, (second, part)


def test_the_crisis_was_there_and_sounded_while_the_other_line_went_on(worlds: Anything) -> None:
    net = worlds[True][0]
    meaning = net.on(CRISIS).meaning(ALBA)
    (crisis,) = crises(meaning, net.instant(ALBA))
    assert crisis["state"] == "CRISIS", "both are in it"
    assert crisis["overdue"], "nobody has reported"
    assert line_check(meaning, net.instant(ALBA)) is None, "reports stand in for the check, on this line"
    assert worlds[True][1][LAST - LOOK_EVERY_S][ALBA]["check"] is not None, "and not on the other"
    called = [alarm for sound in net.nodes[ALBA].sounds for alarm in sound if alarm.startswith("CALL")]
    assert any(net.setting.line[:8].hex() in alarm for alarm in called)


def test_the_other_line_had_something_to_lose(worlds: Anything) -> None:
    """The comparison means something: on the quiet line things were owed, overdue, called for and answered."""
    looks = worlds[False][1]
    words = {alarm for look in looks.values() for seen_by in look.values() for alarm in seen_by["alarms"]}
    for part in ("NOT ACKNOWLEDGED", "TO BE REPEATED", "OVERDUE", "CALL deputy officer 2"):
        assert any(part in alarm for alarm in words), part
    assert any(seen_by["due"] for look in looks.values() for seen_by in look.values())


def test_what_is_urgent_on_either_line_is_heard_before_what_is_not(worlds: Anything) -> None:
    net = worlds[True][0]
    station = net.nodes[ALBA].station
    assert station is not None
    for line in (CRISIS, QUIET):
        said = net.on(line).inbox(ALBA)[0]["id"]
        assert net.act(ALBA, Act.REMIND, bytes.fromhex(said), net.utc).good
    alarms = in_force(station.meanings, net.utc)
    calm = ["REMINDER" in alarm for alarm in alarms]
    assert calm == sorted(calm)
    assert 0 < sum(calm) < len(calm)


def test_what_is_said_on_one_line_is_on_that_line_alone(worlds: Anything) -> None:
    net = worlds[True][0]
    codes = {line: {each["kind"] for each in net.on(line).inbox(ALBA)} for line in (CRISIS, QUIET)}
    assert codes[CRISIS] == {"C1"}
    assert codes[QUIET] == {"Q1", "N7", "YES"}
