"""One hour of a crisis on the whole engine, minute by minute: after every act each console shows what it must."""

import pytest

from openline.engine import Act
from openline.engine.crisis_view import crises
from tests.engine.crisis_hour import DATA, STATIONS, Hour, Seen, at, clock, still_open, threads
from tests.engine.pair import ALBA, BORA, Anything

ROWS = DATA["row"]
ENDS = [name for name in STATIONS if name != "cendra"]
NOTE_DUE = "2017-12-12T19:31:00Z"


@pytest.fixture(scope="module")
def hour() -> Hour:
    """The whole hour as it was played, with what every console showed after each row."""
    played = Hour()
    for row in played.rows:
        played.play(row)
    return played


def expected(row: Anything, part: str, name: str) -> Anything:
    value = row["expect"][part]
    return value[name] if isinstance(value, dict) and name in value else value


@pytest.mark.parametrize("row", ROWS, ids=[row["at"] for row in ROWS])
def test_every_console_shows_the_state_of_the_minute(hour: Hour, row: Anything) -> None:
    wanted = row["expect"]
    for name, seen in hour.seen[row["at"]].items():
        assert seen.crisis == expected(row, "crisis", name), name
        found = threads(seen)
        if name == "cendra":  # it holds no receipts of others, so it cannot know that anything is stored there
            found = {each: state.replace("PENDING", "OPEN") for each, state in found.items()}
        dialogues = wanted.get("dialogues", {})
        assert {each: found[each] for each in dialogues} == dialogues, name
        assert still_open(found) == still_open(dialogues), name
        assert seen.alarms == sorted(wanted.get("alarms", {}).get(name, [])), name
        assert set(seen.words.values()) == {"ANSWERS"}, "every line stays up"


@pytest.mark.parametrize("row", ROWS, ids=[row["at"] for row in ROWS])
def test_what_only_some_minutes_show(hour: Hour, row: Anything) -> None:
    wanted = row["expect"]
    for name, seen in hour.seen[row["at"]].items():
        check = "none" if seen.check is None else f"{clock(seen.check['due'])} {seen.check['by']}"
        assert check == wanted.get("check", check), name
        (crisis,) = seen.crises or [{}]
        report = crisis.get("next_report")
        shown = "none" if report is None else f"{report['number']} at {clock(report['due'])}"
        assert shown == wanted.get("report", shown), name
        overdue = [f"{each['by']} {each['number']} since {clock(each['since'])}" for each in crisis.get("overdue", [])]
        assert overdue == wanted.get("overdue", []), name
        late = [f"{each['by']} {each['number']} by {each['late_s']} s" for each in crisis.get("reports", [])
                if each["late_s"]]  # fmt: skip
        assert late == wanted.get("late", late), name
        pairs = [[hour.name_of(one[:16]), hour.name_of(other[:16])] for one, other in crisis.get("may_agree", [])]
        assert pairs == wanted.get("may_agree", pairs), name
        agreed = [hour.name_of(fact[:16]) for fact in crisis.get("agreed_facts", [])]
        assert agreed == wanted.get("agreed", agreed), name
        for message, standing in wanted.get("standing", {}).items():
            assert seen.messages[message]["standing"] == standing


@pytest.mark.parametrize("row", [row for row in ROWS if "marks" in row["expect"]], ids=lambda row: row["at"])
def test_each_status_stands_on_a_proof_that_its_author_holds(hour: Hour, row: Anything) -> None:
    for message, names in row["expect"]["marks"].items():
        author = hour.seen[row["at"]]["alba"].messages[message]["from"].partition("-")[0]
        other = "bora-1" if author == "alba" else "alba-1"
        status = hour.seen[row["at"]][author].messages[message]["status"]
        found = [name for name, marks in status.items() if any(mark["station"] == other for mark in marks)]
        assert found == names
        assert all(mark["proof"] for marks in status.values() for mark in marks)


def after(hour: Hour, when: str) -> dict[str, Seen]:
    return hour.seen[when]


def test_18_27_the_two_messages_crossed_and_neither_answers_the_other(hour: Hour) -> None:
    for name in ENDS:
        seen = after(hour, "18:27:20")[name].messages
        assert seen["N8"]["crossed"] == [hour.ids["N7"].hex()]
        assert seen["N7"]["crossed"] == [hour.ids["N8"].hex()]


def test_18_27_the_buttons_are_the_replies_of_the_kind_and_no_others() -> None:
    played = Hour()
    for row in played.rows[:4]:
        played.play(row)
    buttons = played.meaning(ALBA).desk.allowed_replies(played.ids["N8"], played.utc)
    assert sorted(kind.code for kind in buttons) == ["CANNOT-SAY", "NO", "STANDBY", "YES"]


def test_18_31_passed_on_names_unit_officer_and_time(hour: Hour) -> None:
    (mark,) = after(hour, "18:31:00")["alba"].messages["N7"]["status"]["passed_on"]
    assert (mark["words"], mark["signer"], clock(mark["time"])) == ("air defence unit", "officer 1", "18:31:00")


def test_18_35_both_consoles_name_interval_and_next_report(hour: Hour) -> None:
    for name in STATIONS:
        (crisis,) = after(hour, "18:35:20")[name].crises
        assert (crisis["opened_by"], crisis["interval_s"]) == ("bora", 300)
        assert {party: clock(since) for party, since in crisis["joined"].items()} == {
            "alba": "18:35:20", "bora": "18:33:00",
        }  # fmt: skip
        assert crisis["next_report"] == {"number": 1, "due": "2017-12-09T18:38:00Z"}


def test_18_43_own_facts_stand_in_two_columns_and_are_never_merged(hour: Hour) -> None:
    for name in STATIONS:
        (crisis,) = after(hour, "18:43:00")[name].crises
        columns = {party: [fact["what"] for fact in facts] for party, facts in crisis["own_facts"].items()}
        assert columns == {"alba": ["object fell in the sea"], "bora": ["object left our screens"]}


def test_18_48_the_late_report_is_named_late_at_both_ends_and_stays_so(hour: Hour) -> None:
    for name in ENDS:
        (crisis,) = after(hour, "19:31:00")[name].crises
        reports = {(each["by"], each["number"]): each["late_s"] for each in crisis["reports"]}
        assert len(reports) == 2 * len(DATA["reports"])
        assert {key: late for key, late in reports.items() if late} == {("alba", 3): 90}


def test_19_31_both_acceptances_close_it_and_what_remains_stands_under_due(hour: Hour) -> None:
    for name in STATIONS:
        (crisis,) = after(hour, "19:31:00")[name].crises
        assert clock(crisis["closed"]) == "19:31:00"
        (left,) = crisis["follow_ups"]
        assert (left["what"], left["by"], left["due"]) == ("technical note", "alba", NOTE_DUE)
        assert (left["done"], left["overdue"]) == (None, False)


def test_each_watch_is_told_which_report_it_owes(hour: Hour) -> None:
    def owed(when: str, name: str) -> Anything:
        return after(hour, when)[name].crises[0]["our_report"]

    assert owed("18:34:30", "alba") is None, "nobody reports before both are in it"
    assert owed("18:35:20", "alba") == {
        "number": 1, "from": "2017-12-09T18:33:00Z", "due": "2017-12-09T18:38:00Z", "next_due": "2017-12-09T18:43:00Z",
        "given": False,
    }  # fmt: skip
    assert [owed("18:48:00", name)["number"] for name in ENDS] == [3, 4], "Alba's third is overdue"
    assert owed("18:48:00", "cendra") is None
    assert owed("19:31:00", "alba") is None


def test_every_console_has_the_same_crisis(hour: Hour) -> None:
    """State and duties of each side apart, both ends compute the same from what both have signed."""
    for seen in hour.seen.values():
        own = {"state": "", "asks_us": "", "our_report": ""}
        shown = [[{**each, **own} for each in console.crises] for console in seen.values()]
        assert shown[0] == shown[1] == shown[2]


def test_in_the_whole_hour_one_situation_sounds_at_a_time(hour: Hour) -> None:
    assert hour.situations
    assert [each for each in hour.situations if len(each[2]) > 1] == []
    assert {name for _, name, sounding in hour.situations if sounding} == {"alba", "bora"}


def test_nobody_is_refused_and_every_word_is_stored_by_all(hour: Hour) -> None:
    for node in hour.nodes.values():
        assert node.refusals == []
    for name, message in after(hour, "19:31:00")["alba"].messages.items():
        author = message["from"].partition("-")[0]
        status = after(hour, "19:31:00")[author].messages[name]["status"]
        assert len({mark["station"] for mark in status["stored"]}) == 2


def test_the_console_shows_the_same_after_a_restart_in_the_middle() -> None:
    played = Hour()
    for row in played.rows:
        played.play(row)
        if row["at"] in ("18:33:00", "18:43:00", "18:48:00", "19:20:00"):
            before = played.seen[row["at"]]
            for name, me in STATIONS.items():
                played.stop(me)
                played.start(me)
                again = played.look(name)
                assert (again.crisis, again.crises) == (before[name].crisis, before[name].crises)
                assert again.alarms == before[name].alarms


def left_to_do(played: Hour, name: str) -> Anything:
    crisis: Anything = crises(played.meaning(STATIONS[name]), played.instant(STATIONS[name]))[0]
    (left,) = crisis["follow_ups"]
    return left


def test_three_days_later_the_note_that_nobody_sent_is_overdue_until_somebody_sends_it() -> None:
    played = Hour()
    for row in played.rows:
        played.play(row)
    played.leap(3 * 86_400 - 60)
    played.run(50)
    assert played.alarms("alba") == []
    played.run(15)
    for name in ENDS:
        assert played.alarms(name) == ["C3 with " + name + ": FOLLOW-UP 1 OVERDUE"]
        assert left_to_do(played, name)["overdue"]
    note = played.say(ALBA, "T1", text="the technical note, as agreed")
    played.run(1)
    for me in (ALBA, BORA):
        assert played.act(me, Act.FOLLOW_UP, played.ids["C3"], 0, note).good
    assert played.alarms("alba") == played.alarms("bora") == []
    left = left_to_do(played, "bora")
    assert (left["done"], left["overdue"]) == (note.hex(), False)


def test_only_what_a_closure_left_to_do_can_be_ticked_off(hour: Hour) -> None:
    for closure, number in ((hour.ids["C3"], 1), (hour.ids["N7"], 0)):
        refused = hour.act(ALBA, Act.FOLLOW_UP, closure, number, b"")
        assert "openline crisis show" in refused.hint


def test_until_somebody_attends_the_deputy_is_called_and_only_here(hour: Hour) -> None:
    assert at("18:34:30") - at("18:33:00") == 90
    for name in ENDS:
        called = [alarm for alarm in after(hour, "18:34:30")[name].alarms if alarm.startswith("CALL")]
        assert called == ["CALL deputy officer 4 for C1"]
    assert not after(hour, "18:35:20")["cendra"].alarms
    assert not hour.act(ALBA, Act.ATTEND, bytes(32)).good, "what is not here cannot be attended to"
