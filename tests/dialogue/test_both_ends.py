"""Two officers, any replies, any order of arrival: both ends hold the same belief, or an alarm says that they do not.

The machine lets both sides say whatever the catalogue has, in any state, right or wrong, from two stations each; each
desk hears the others' statements in an order of its own.  When all has arrived both desks agree about everything, a
closed dialogue was really answered, whatever is owed has a clock, and every dialogue can still be brought to an end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.kinds.read_back import read_back_body
from openline.catalogue.kinds.values import Json
from openline.dialogue import Desk, Event, Said, Standing, State, Thread
from openline.dialogue.local import Row
from openline.dialogue.said import in_order
from openline.dialogue.states import ALARMING, ENDED
from openline.identifiers import PartyNumber
from openline.wire.statement import Body
from tests.dialogue.kit import ALBA, BASE, BORA, DELEGATED, DUTY, RULES, TWO, Writer

ASKED: dict[str, dict[str, Json]] = {
    "Q1": {"statement": "The exercise ends on Friday"},
    "N7": {"type": "collision", "time": "2017-12-09T18:24Z", "place": "38.62N 129.75E", "armed": "NO"},
    "S2": {"danger": "mines", "where": "38.9N 129.3E", "when": "2017-12-09T18:50Z/.."},
    "P8": {"level": "vice ministers", "channel": "in person", "times": "2017-12-05/08", "agenda": ["talks"]},
    "Q4": {"act": "hold position", "negation": "do", "deadline": "2017-12-09T19:00Z"},
    "L3": {"as_of": "2017-12-09T00:00Z", "in_force": "NONE"},
}
CLOSERS = {
    "Q1": "YES", "N7": "UNDERSTOOD", "S2": "UNDERSTOOD", "P8": "ACCEPT", "Q4": "WILL-DO", "L3": "UNDERSTOOD",
}  # fmt: skip
PLAIN = (
    "YES", "NO", "CANNOT-SAY", "ACKNOWLEDGED", "TAKEN-TO-LEADERSHIP", "WILL-DO", "ACCEPT", "DECLINE", "NO-INFORMATION",
    "UNDERSTOOD", "T1",
)  # fmt: skip
FILLED: dict[str, dict[str, Json]] = {
    "NOT-UNDERSTOOD": {"detail": "which one?"},
    "CANNOT-DO": {"reason": "unsafe"},
    "ERROR": {"reason": "not able to show"},
    "PASSED-ON": {"unit": "coast guard", "means": "telephone", "time": "2017-12-09T18:31Z", "officer": 2},
}
REPLIES = PLAIN + tuple(FILLED)
NEW_DATA: dict[str, Json] = {"type": "collision", "time": "2017-12-09T18:25Z", "place": "38.62N 129.75E", "armed": "NO"}
CHANGES: dict[str, dict[str, Json]] = {
    "K1": {"wrong_fields": ["N7.time"], "data": {"kind": "N7", "fields": NEW_DATA}},
    "K2": {"changes": {"kind": "N7", "fields": {"state": "ended"}}},
    "K3": {"reason": "weather"},
    "K4": {"cause": "drill text"},
    "K5": {"notice_ends": "2017-12-10T00:00Z"},
}
READ_BACKS: dict[str, dict[str, str]] = {
    "right": {"time": "18:24Z", "place": "38.62N 129.75E", "armed": "NO"},
    "wrong": {"time": "18:42Z", "place": "38.62N 129.75E", "armed": "NO"},
}
INCIDENT = Writer(ALBA).say("N7", BASE, ASKED["N7"]).statement.body
parties = st.sampled_from((ALBA, BORA))
picks = st.integers(0, 999)


class BothEnds(RuleBasedStateMachine):
    """Everything said, and what each desk has not heard yet."""

    def __init__(self) -> None:
        super().__init__()
        self.utc = BASE
        self.desks = {party: Desk(party, (ALBA, BORA), RULES) for party in (ALBA, BORA)}
        self.stations = {(party, number): Writer(party, number) for party in (ALBA, BORA) for number in (1, 2)}
        self.said: list[Said] = []
        self.under_way: dict[PartyNumber, list[Said]] = {ALBA: [], BORA: []}
        self.events: dict[PartyNumber, list[Event]] = {ALBA: [], BORA: []}

    def speak(self, party: PartyNumber, code: str, station: int, about: int | None, **more: object) -> None:
        named = self.said[about % len(self.said)] if about is not None else None
        fields, body, by = more.get("fields"), more.get("body"), more.get("by", TWO)
        assert fields is None or isinstance(fields, dict)
        assert isinstance(by, tuple)
        assert body is None or isinstance(body, str | dict)
        writer = self.stations[party, station]
        said = writer.say(code, self.utc, fields, body=body, about=named, by=by, arrived=self.utc)
        self.said.append(said)
        self.events[party] += self.desks[party].heard(said, self.utc)
        self.under_way[ALBA if party == BORA else BORA].append(said)

    @rule(party=parties, station=st.integers(1, 2), code=st.sampled_from(sorted(ASKED)))
    def ask(self, party: PartyNumber, station: int, code: str) -> None:
        self.speak(party, code, station, None, fields=ASKED[code])

    @precondition(lambda self: self.said)
    @rule(party=parties, station=st.integers(1, 2), code=st.sampled_from(REPLIES), about=picks, by=st.booleans())
    def reply(self, party: PartyNumber, station: int, code: str, about: int, *, by: bool) -> None:
        words: Body = "what do you mean?" if code == "T1" else None
        signers = (DELEGATED if code in ("ACCEPT", "DECLINE") else TWO) if by else (DUTY,)
        self.speak(party, code, station, about, fields=FILLED.get(code), body=words, by=signers)

    @precondition(lambda self: self.said)
    @rule(party=parties, station=st.integers(1, 2), about=picks, typed=st.sampled_from(sorted(READ_BACKS)))
    def read_back(self, party: PartyNumber, station: int, about: int, typed: str) -> None:
        body = read_back_body(CATALOGUE.kind("N7"), INCIDENT, READ_BACKS[typed])
        self.speak(party, "UNDERSTOOD", station, about, body=body)

    @precondition(lambda self: self.said)
    @rule(party=parties, station=st.integers(1, 2), about=picks, code=st.sampled_from(sorted(CHANGES)))
    def change(self, party: PartyNumber, station: int, about: int, code: str) -> None:
        self.speak(party, code, station, about, fields=CHANGES[code])

    @precondition(lambda self: self.said)
    @rule(party=parties, about=picks, minutes=st.integers(-5, 60))
    def stand_by(self, party: PartyNumber, about: int, minutes: int) -> None:
        until = f"2017-12-09T{18 + (self.utc - BASE) // 3600 % 6:02d}:{(minutes + 10) % 60:02d}Z"
        self.speak(party, "STANDBY", 1, about, fields={"until": until})

    @precondition(lambda self: self.said)
    @rule(party=parties, about=picks)
    def say_again(self, party: PartyNumber, about: int) -> None:
        named = self.said[about % len(self.said)]
        code = CATALOGUE.kind(named.statement.kind).code
        if code in ASKED:
            self.speak(party, code, 1, about, fields=ASKED[code])

    @rule(party=parties, pick=picks)
    def arrive(self, party: PartyNumber, pick: int) -> None:
        waiting = self.under_way[party]
        if waiting:
            said = waiting.pop(pick % len(waiting))
            self.events[party] += self.desks[party].heard(said, self.utc)

    @rule(seconds=st.sampled_from((1, 30, 200, 700, 4_000, 30_000)))
    def wait(self, seconds: int) -> None:
        self.utc += seconds
        for party, desk in self.desks.items():
            self.events[party] += desk.wake(self.utc)

    @invariant()
    def what_is_owed_has_a_clock(self) -> None:
        for desk in self.desks.values():
            for said in list(desk.book.said.values()):
                for thread in desk.threads(said.digest, self.utc):
                    assert (thread.due is None) == (thread.state in ENDED | {State.WITH_LEADERSHIP})

    def teardown(self) -> None:
        for party, waiting in self.under_way.items():
            for said in waiting:
                self.events[party] += self.desks[party].heard(said, self.utc)
        for party, desk in self.desks.items():
            self.events[party] += desk.wake(self.utc)
        self.both_ends_agree()
        for said in self.said:
            for thread in self.threads(said):
                self.the_belief_is_what_was_said(said, thread)
        self.a_restarted_desk_is_the_same()
        self.every_dialogue_can_be_answered()
        self.every_dialogue_can_be_ended_by_its_author()

    def threads(self, said: Said) -> tuple[Thread, ...]:
        return self.desks[said.party].threads(said.digest, self.utc)

    def both_ends_agree(self) -> None:
        alba, bora = self.desks[ALBA], self.desks[BORA]
        for said in self.said:
            digest = said.digest
            assert _stored(alba.threads(digest, self.utc)) == _stored(bora.threads(digest, self.utc))
            assert alba.standing(digest) is bora.standing(digest)
            assert {each.ref for each in alba.crossed(digest)} == {each.ref for each in bora.crossed(digest)}
        sounding = [{(each.digest, each.party) for each in desk.alarms(self.utc)} for desk in (alba, bora)]
        threads = [(said.digest, thread) for said in self.said for thread in self.threads(said)]
        for digest, thread in threads:
            if thread.state in ALARMING:
                assert all((digest, thread.party) in each for each in sounding)

    def the_belief_is_what_was_said(self, said: Said, thread: Thread) -> None:
        """CLOSED is only what the addressee's last closing reply says; whatever was refused was told to both."""
        for refused, _ in thread.refused:
            for party in (ALBA, BORA):
                assert any(event.digest == refused.digest for event in self.events[party])
        if thread.state is not State.CLOSED:
            return
        assert thread.answer is not None
        assert thread.answer.party == thread.party
        assert thread.answer.statement.ref == said.ref
        desk = self.desks[said.party]
        assert desk.standing(thread.answer.digest) is not Standing.RETRACTED
        void = {refused.ref for refused, _ in thread.refused}
        asked = desk.book.owes(said)
        assert asked is not None
        closing = asked.closing - {CATALOGUE.kind("ERROR").number}
        counted = [
            each
            for each in self.said
            if each.statement.ref == said.ref and each.party == thread.party and each.statement.kind in closing
            if each.ref not in void and desk.standing(each.digest) is not Standing.RETRACTED
        ]
        assert in_order(counted)[-1].statement.kind == thread.answer.statement.kind

    def a_restarted_desk_is_the_same(self) -> None:
        for party, desk in self.desks.items():
            again = Desk(party, (ALBA, BORA), RULES)
            again.restore(list(reversed(_rows(desk))), self.utc)
            for said in self.said:
                if said.ref in desk.book.said:
                    assert again.threads(said.digest, self.utc) == desk.threads(said.digest, self.utc)
            assert again.alarms(self.utc) == desk.alarms(self.utc)

    def every_dialogue_can_be_answered(self) -> None:
        self.utc += 1
        for said in list(self.said):
            code = CATALOGUE.kind(said.statement.kind).code
            for thread in self.threads(said):
                if thread.state in ENDED or code not in CLOSERS:
                    continue
                body = read_back_body(CATALOGUE.kind(code), said.statement.body, READ_BACKS["right"])
                signers = DELEGATED if CLOSERS[code] == "ACCEPT" else TWO
                writer = self.stations[thread.party, 1]
                answer = writer.say(CLOSERS[code], self.utc, body=body, about=said, by=signers)
                for desk in self.desks.values():
                    desk.heard(answer, self.utc)
                    (closed,) = desk.threads(said.digest, self.utc)
                    assert (closed.state, closed.answer) == (State.CLOSED, answer)

    def every_dialogue_can_be_ended_by_its_author(self) -> None:
        for said in list(self.said):
            for thread in self.threads(said):
                if thread.state not in ENDED:
                    writer = self.stations[said.party, 1]
                    retraction = writer.say("K4", self.utc, CHANGES["K4"], about=said)
                    for desk in self.desks.values():
                        desk.heard(retraction, self.utc)
                        (ended,) = desk.threads(said.digest, self.utc)
                        assert ended.state is State.RETRACTED


def _stored(threads: Sequence[Thread]) -> list[tuple[object, ...]]:
    """Without receipts the asker cannot know that an unanswered message is stored; that alone may differ."""
    return [
        (each.party, State.OPEN if each.state is State.PENDING else each.state, each.due, each.late_s, each.standbys,
         each.wrong_fields, each.answer and each.answer.digest, [(said.digest, why) for said, why in each.refused])
        for each in threads
    ]  # fmt: skip


def _rows(desk: Desk) -> list[Row]:
    rows = desk.rows()
    assert desk.rows() == []
    return rows


BothEnds.TestCase.settings = settings(max_examples=60, stateful_step_count=30, report_multiple_bugs=False)
TestBothEnds: Callable[..., object] = BothEnds.TestCase
