"""A crisis as people and programs are shown it, field by field, from the opening to what the closure leaves to do."""

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.catalogue.kinds.read_back import read_back_body
from openline.charter import Rules
from openline.engine import Act
from openline.engine.crisis_view import crises, crisis_state, line_check
from openline.engine.views import moment
from openline.identifiers import StationId
from openline.wire.statement import Option, Precedence, Status
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net

FIRST = 1_700_000_700  # 2023-11-14T22:25:00Z, when the first report is due
OPENED: Anything = {"reason": "an object", "check_interval": "5 min", "next_contact": "2023-11-14T22:25Z"}
TYPED = {"check_interval": "5 min", "next_contact": "22:25Z"}
READ_BACK = read_back_body(CATALOGUE.kind("C1"), body_from_json(CATALOGUE.kind("C1"), OPENED), TYPED)
REPORT: Anything = {
    "period": "2023-11-14T22:20Z/2023-11-14T22:25Z", "news": "changed", "next_due": "2023-11-14T22:30Z",
    "own_facts": [{"what": "the object fell", "time": "2023-11-14T22:21Z"}],
}  # fmt: skip
CLOSURE: Anything = {
    "conditions_met": ["object down"],
    "follow_ups": [
        {"what": "a note", "by_whom": "alba", "to_whom": "bora", "due": "2023-11-15T22:25Z"},
        {"what": "a meeting", "by_whom": "bora", "to_whom": "alba", "due": "2023-11-16T22:25Z"},
    ],
}  # fmt: skip
FLASH: Anything = {"precedence": Precedence.FLASH, "status": Status.EXERCISE}


class Hour:
    """Bora has opened a crisis and asked Alba into it; Cendra is told for information."""

    def __init__(self) -> None:
        self.net = net = Net(parties=3, rules=Rules(check_cadence_s=3_600))
        net.start_all()
        assert net.utc < FIRST - 400
        self.opened_at = net.utc
        self.opening = net.say(BORA, "C1", fields=OPENED, options={Option.ACTION: [1]}, **FLASH)
        net.run(60)

    def join(self) -> None:
        self.joined_at = self.net.utc
        self.net.say(ALBA, "JOINED", ref=self.opening, body=READ_BACK, **FLASH)
        self.net.run(1)

    def until(self, utc: int) -> None:
        self.net.run(utc - self.net.utc)

    def shown(self, me: StationId = ALBA) -> Anything:
        (crisis,) = crises(self.net.meaning(me), self.net.instant(me))
        return crisis

    def state(self, me: StationId) -> str:
        return crisis_state(self.net.meaning(me), self.net.instant(me))

    def check(self, me: StationId = ALBA) -> Anything:
        return line_check(self.net.meaning(me), self.net.instant(me))


def test_an_opening_is_shown_with_whom_it_asks_and_nothing_is_owed_by_one_alone() -> None:
    hour = Hour()
    for me, asks_us in ((ALBA, True), (BORA, False), (CENDRA, False)):
        assert hour.shown(me) == {
            "id": hour.opening.hex(), "line": hour.net.setting.line[:16].hex(), "exercise": "EXERCISE",
            "state": hour.state(me), "opened_by": "bora", "opened": moment(hour.opened_at), "asks_us": asks_us,
            "joined": {"bora": moment(hour.opened_at)}, "interval_s": 300,
            "next_report": {"number": 1, "due": "2023-11-14T22:25:00Z"}, "our_report": None, "reports": [],
            "overdue": [], "own_facts": {"bora": []}, "may_agree": [], "agreed_facts": [], "closure": None,
            "closed": None, "follow_ups": [],
        }  # fmt: skip
    assert {me: hour.state(me) for me in (ALBA, BORA)} == {
        ALBA: "OPENED BY THEM, NOT JOINED", BORA: "OPENED BY US",
    }  # fmt: skip


def test_the_check_of_the_line_waits_while_two_are_in_the_crisis() -> None:
    hour = Hour()
    check = hour.check()
    assert check["due"] == "2023-11-14T23:00:00Z"
    assert check["by"] in ("alba", "bora", "cendra")
    hour.join()
    assert hour.check() is None
    assert hour.check(CENDRA) is None


def test_who_joins_late_owes_no_report_that_was_due_before() -> None:
    hour = Hour()
    hour.until(FIRST + 20)
    hour.join()
    assert hour.shown()["our_report"]["number"] == 2
    assert hour.shown(BORA)["our_report"]["number"] == 2, "nor does who was alone until then"


def test_our_watch_is_shown_which_report_it_owes_and_what_it_must_name() -> None:
    hour = Hour()
    hour.join()
    first = {
        "number": 1, "from": "2023-11-14T22:20:00Z", "due": "2023-11-14T22:25:00Z", "next_due": "2023-11-14T22:30:00Z",
        "given": False,
    }  # fmt: skip
    assert hour.shown()["our_report"] == hour.shown(BORA)["our_report"] == first
    assert hour.shown(CENDRA)["our_report"] is None
    hour.until(FIRST + 20)
    assert hour.shown()["our_report"] == first, "owed now"
    report = hour.net.say(ALBA, "C2", fields=REPORT, **FLASH)
    hour.net.run(1)
    second = {
        "number": 2, "from": "2023-11-14T22:25:00Z", "due": "2023-11-14T22:30:00Z", "next_due": "2023-11-14T22:35:00Z",
        "given": False,
    }  # fmt: skip
    assert hour.shown()["our_report"] == second
    assert hour.shown(BORA)["our_report"] == first
    said = {"number": 1, "by": "alba", "said": moment(FIRST + 20), "late_s": 20, "id": report.hex()}
    for me in (ALBA, BORA, CENDRA):
        shown = hour.shown(me)
        assert shown["reports"] == [said]
        assert shown["overdue"] == [{"by": "bora", "number": 1, "since": "2023-11-14T22:25:00Z"}]
        assert shown["next_report"] == {"number": 2, "due": "2023-11-14T22:30:00Z"}
        assert shown["own_facts"] == {
            "alba": [{"what": "the object fell", "time": "2023-11-14T22:21:00Z", "id": report.hex()}], "bora": [],
        }  # fmt: skip


def test_facts_that_two_state_are_shown_as_what_they_may_agree_on_and_then_as_agreed() -> None:
    hour = Hour()
    hour.join()
    hour.until(FIRST)
    ours, theirs = (hour.net.say(me, "C2", fields=REPORT, **FLASH) for me in (ALBA, BORA))
    hour.net.run(1)
    (pair,) = hour.shown()["may_agree"]
    assert sorted(pair) == sorted((ours.hex(), theirs.hex()))
    fields = {"fact": "The object fell.", "time": "2023-11-14T22:21Z", "own_facts": [ours.hex(), theirs.hex()]}
    fact = hour.net.say(ALBA, "C4", fields=fields, **FLASH)
    hour.net.run(1)
    assert hour.shown()["agreed_facts"] == []
    hour.net.say(BORA, "ACCEPT", ref=fact, **FLASH)
    hour.net.run(1)
    assert hour.shown()["agreed_facts"] == [fact.hex()]
    assert hour.shown()["may_agree"] == []


def test_a_closure_is_shown_while_it_is_proposed_and_what_it_leaves_to_do_when_it_is_accepted() -> None:
    hour = Hour()
    hour.join()
    closure = hour.net.say(BORA, "C3", ref=hour.opening, fields=CLOSURE, options={Option.ACTION: [1]}, **FLASH)
    hour.net.run(1)
    shown = hour.shown()
    assert (shown["closure"], shown["closed"], shown["follow_ups"]) == (closure.hex(), None, [])
    accepted_at = hour.net.utc
    hour.net.say(ALBA, "ACCEPT", ref=closure, **FLASH)
    hour.net.run(1)
    shown = hour.shown()
    assert (shown["closed"], shown["next_report"], shown["our_report"]) == (moment(accepted_at), None, None)
    note = hour.net.say(ALBA, "T1", text="the note", status=Status.EXERCISE)
    assert hour.net.act(ALBA, Act.FOLLOW_UP, closure, 0, note).good
    refused = hour.net.act(ALBA, Act.FOLLOW_UP, closure, 2, note)
    assert "nothing of that number to do" in refused.message
    hour.net.leap(90_000)
    hour.net.run(60)
    first = {
        "number": 1, "closure": closure.hex(), "what": "a note", "by": "alba", "due": "2023-11-15T22:25:00Z",
        "done": note.hex(), "overdue": False,
    }  # fmt: skip
    second = first | {"number": 2, "what": "a meeting", "by": "bora", "due": "2023-11-16T22:25:00Z", "done": None}
    assert hour.shown()["follow_ups"] == [first, second]
    assert hour.shown(BORA)["follow_ups"] == [first | {"done": None, "overdue": True}, second]
    assert hour.check() is not None, "the hourly check is back"
