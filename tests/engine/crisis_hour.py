"""The hour of crisis_hour.toml, played by real stations: every act an act of an officer, every word sealed and stored.

hour = Hour()
for row in hour.rows: hour.play(row)      then look at hour.seen[row["at"]]
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.kinds.read_back import read_back_body
from openline.dialogue import Rota, Step
from openline.dialogue.states import ENDED
from openline.engine import Act
from openline.engine.alarms import in_force
from openline.engine.composing import check_before_saying
from openline.engine.crisis_view import crises, crisis_state, line_check
from openline.engine.local_rules import LocalRules
from openline.engine.meaning import rules_of
from openline.engine.translations import TranslationLimits
from openline.identifiers import StationId
from openline.runtime.charter_form import standard_rules
from openline.wire.entry import decode_entry
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority, Option, Precedence, Status, decode_statement
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net

DAY = 1_512_777_600  # 2017-12-09T00:00:00Z
BEGINS = DAY + 18 * 3_600 + 20 * 60  # the stations have run for some minutes when the hour begins
STATIONS = {"alba": ALBA, "bora": BORA, "cendra": CENDRA}
DATA = tomllib.loads((Path(__file__).parent / "crisis_hour.toml").read_text(encoding="utf-8"))
INTERVAL_MIN = 5
CALL_AFTER_S = 90
ALARM = re.compile(r"(?P<urgency>\w+) line \w+ message (?P<id>\w+) with (?P<party>\w+) since \S+?Z: (?P<words>.*)")
CALL = re.compile(r"CALL (?P<whom>.*) line \w+ for message (?P<id>\w+) since ")


def at(clock: str) -> int:
    """UTC seconds of a time of that day, as 18:27 or 18:27:00."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return DAY + hours * 3_600 + minutes * 60 + (seconds[0] if seconds else 0)


def clock(moment: str) -> str:
    """The time of day of a view's time."""
    return moment[11:19]


@dataclass
class Seen:
    """What one console showed after one row."""

    crisis: str
    crises: list[Anything]
    check: Anything
    alarms: list[str]
    messages: dict[str, Anything]
    words: dict[str, str] = field(default_factory=dict)


class Hour(Net):
    """Three stations, their officers, and the hour as far as it has been played."""

    def __init__(self) -> None:
        one_language = TranslationLimits(none_from=frozenset(STATIONS))
        local = LocalRules(one_language, Rota((Step(CALL_AFTER_S, "deputy officer 4"),)))
        super().__init__(parties=3, rules=standard_rules(), mediator=True, local=local)
        self.rows: list[Anything] = DATA["row"]
        self.ids: dict[str, bytes] = {}
        self.seen: dict[str, dict[str, Seen]] = {}
        self.situations: list[tuple[int, str, set[str]]] = []
        self.start_all()
        for me in self.nodes:
            held = self.documents(me).roster(me >> 8)
            assert held is not None
            delegate = self.officer(me >> 8, 4, Authority.DELEGATE)
            roster = self.roster(me, officers=(*held.officers, delegate))
            assert self.bring(me, DocumentClass.ROSTER, roster).good
            assert self.act(me, Act.WATCH).good
        self.run(120)

    @property
    def utc(self) -> int:
        return BEGINS - 100 + self.now_ms // 1000

    # ------------------------------------------------------------ the timetable

    def play(self, row: Anything) -> None:
        """Let time pass until a row's second, do its acts, and look at every console a second later."""
        self.wait_until(at(row["at"]))
        for act in row.get("acts", ()):
            self.do(row["at"], act)
        self.run(1)
        self.seen[row["at"]] = {name: self.look(name) for name in STATIONS}

    def wait_until(self, end: int) -> None:
        """Let time pass, looking at the alarms every ten seconds."""
        while self.utc < end:
            self.run(min(10, end - self.utc))
            for name in STATIONS:
                self.situations.append((self.utc, name, self.sounding(name)))

    def do(self, when: str, act: Anything) -> None:
        me = STATIONS[act["party"]]
        if act.get("looks"):
            self.show(me)
        elif "attends" in act:
            assert self.act(me, Act.ATTEND, self.ids[act["attends"]]).good
        elif "reports" in act:
            name = f"{act['party']} {act['reports']}"
            self.ids[name] = self.give_word(me, "C2", report(act["reports"], act.get("fact", "")))
        else:
            self.speak(me, when, act)

    def speak(self, me: StationId, when: str, act: Anything) -> None:
        code, about = act["says"], self.ids.get(act.get("about", ""))
        fields = dict(DATA["fields"].get(code, {}))
        if code == "PASSED-ON":
            told = f"2017-12-09T{when}Z"
            fields = {"unit": "air defence unit", "means": "telephone", "time": told, "officer": 1}
        if "typed" in act:
            assert about is not None
            fields = {"typed": act["typed"]}
        said = self.give_word(me, code, fields, about, act.get("officers", ()))
        if about is None or code in ("K2", "K4", "C3"):
            self.ids[code] = said

    def give_word(
        self, me: StationId, code: str, fields: Anything, about: bytes | None = None, officers: Anything = ()
    ) -> bytes:
        """Say something as a form does: composed, looked at, released by whom it takes; return its digest."""
        asked = None if about is None else decode_entry(self.nodes[me].ledger.find(self.setting.line, about)[0].entry)
        original = "ROUTINE" if asked is None else asked.statement.precedence.name
        kind = CATALOGUE.kind(code)
        given: Anything = {"status": Status.EXERCISE, "precedence": Precedence[kind.default_precedence(original)]}
        if kind.response != "N":
            given["options"] = {Option.ACTION: [3 - (me >> 8)]}
        if "typed" in fields and asked is not None:
            about_kind = CATALOGUE.kind(asked.statement.kind)
            given["body"] = read_back_body(about_kind, asked.statement.body, fields.pop("typed"))
        data = self.statement(me, code, fields=fields, ref=about, **given)
        meaning = self.meaning(me)
        assert check_before_saying(meaning, decode_statement(data), self.utc, deliberate=False) == ""
        charter = self.documents(me).charter
        assert charter is not None
        answering = None if asked is None else asked.statement.kind
        needed = rules_of(charter.rules).required_approvals(kind.number, answering)
        if not needed and not officers:
            answered = self.submit(me, data)
            assert answered.good, answered.message
            return answered.digest
        answered = self.act(me, Act.DRAFT, data, answering)
        assert answered.good, answered.message
        for officer in officers:
            answered = self.act(me, Act.APPROVE, answered.digest, officer, self.approval(me, data, officer))
            assert answered.good, answered.message
        return answered.digest

    # ------------------------------------------------------------ the consoles

    def look(self, name: str) -> Seen:
        me = STATIONS[name]
        meaning, now = self.meaning(me), self.instant(me)
        messages = {each: self.one(me, said) for each, said in self.ids.items()}
        found = Seen(
            crisis_state(meaning, now), crises(meaning, now), line_check(meaning, now), self.alarms(name), messages
        )
        found.words = {each["station"]: each["word"] for each in self.lines(me)["stations"]}
        return found

    def alarms(self, name: str) -> list[str]:
        me = STATIONS[name]
        return sorted(self.named(alarm) for alarm in in_force({self.setting.line: self.meaning(me)}, self.utc))

    def named(self, alarm: str) -> str:
        """An alarm with the message's name in the timetable instead of its digest."""
        if (found := ALARM.fullmatch(alarm)) is not None:
            return f"{self.name_of(found['id'])} with {found['party']}: {found['words']}"
        call = CALL.match(alarm)
        return f"CALL {call['whom']} for {self.name_of(call['id'])}" if call is not None else alarm

    def name_of(self, beginning: str) -> str:
        return next((name for name, said in self.ids.items() if said.hex().startswith(beginning)), beginning)

    def sounding(self, name: str) -> set[str]:
        """The situations for which a console sounds."""
        return {alarm.situation.hex() for alarm in self.meaning(STATIONS[name]).alarms(self.utc)}


def report(due: str, what: str) -> Anything:
    """A situation report for a tick; with a fact if something is to be said."""
    fields: Anything = {
        "period": f"2017-12-09T{plus(due, -INTERVAL_MIN)}Z/2017-12-09T{due}Z",
        "next_due": f"2017-12-09T{plus(due, INTERVAL_MIN)}Z",
    }
    if not what:
        return fields | {"news": "nothing changed"}
    return fields | {"news": "changed", "own_facts": [{"what": what, "time": "2017-12-09T18:41Z"}]}


def plus(clock_time: str, minutes: int) -> str:
    hour, minute = (int(part) for part in clock_time.split(":"))
    total = hour * 60 + minute + minutes
    return f"{total // 60:02d}:{total % 60:02d}"


def threads(seen: Seen) -> dict[str, str]:
    """Every dialogue of one console: message → state, with the time until which an answer is owed."""
    found = {}
    for name, message in seen.messages.items():
        for thread in message["dialogues"]:
            due = f" until {clock(thread['due'])}" if thread["due"] else ""
            found[name] = thread["state"] + due
    return found


def still_open(found: dict[str, str]) -> set[str]:
    return {name for name, state in found.items() if state.partition(" until ")[0] not in ENDED}
