"""What an officer must be told without asking: statements that no station of an addressee has stored in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from openline.catalogue.kinds import OtherCatalogue
from openline.charter import ResponseTimes
from openline.delivery.outbox import Outstanding
from openline.delivery.outgoing import Outgoing
from openline.dialogue.translation import TranslationState
from openline.engine.meaning import Meaning, acting_officers
from openline.engine.views import moment, party_code, station_name
from openline.identifiers import LineId
from openline.ports import Instant, Sound
from openline.wire.statement import Precedence

LOOK_SOON_MS = 5_000  # after any batch the alarms are looked at within this while anything waits
LOOK_SELDOM_S = 60  # and at least this often while nothing happens: a follow-up may be due in months
CALL = "CALL"  # before the words of a call to a deputy by this watch's own rota
REPEAT_MS = 30_000  # an unanswered alarm sounds again (IMO MSC.302(87): 30 s)


OVERDUE_WORDS = {
    TranslationState.UNTRANSLATED: "UNTRANSLATED: what was said in their own words nobody here has translated in time",
    TranslationState.SIGHT: "NOT CHECKED: a second officer has not checked a sight translation in time",
}


class Sounding:
    """When a list of alarms is to be heard: as it changes, and every half minute while there is any."""

    def __init__(self) -> None:
        self.in_force: tuple[str, ...] = ()
        self._sounded_ms = 0

    def is_due(self, alarms: tuple[str, ...], now: Instant) -> bool:
        """Return whether to sound them now; if so they count as sounded."""
        due = alarms != self.in_force or (bool(alarms) and now.monotonic_ms - self._sounded_ms >= REPEAT_MS)
        if due:
            self.in_force, self._sounded_ms = alarms, now.monotonic_ms
        return due

    def next_ms(self) -> int | None:
        """Return when they are to be heard again if they stay the same, monotonic milliseconds; None if none is."""
        return self._sounded_ms + REPEAT_MS if self.in_force else None


class Alarms:
    """The alarms in force, and when they last sounded."""

    def __init__(self) -> None:
        self._sounding = Sounding()
        self._look_ms: int | None = None
        self._at_once = False

    def look_now(self) -> None:
        """Look again as this batch ends, not at the next look: somebody must hear of it."""
        self._at_once = True

    def next_wake(self) -> int | None:
        """Return when to look again, monotonic milliseconds; None while nothing waits."""
        return self._look_ms

    def settle(self, meanings: Mapping[LineId, Meaning], out: Outgoing, now: Instant) -> None:
        """Sound what is new, and again what has been in force for half a minute.  Lost: sounds again by itself.

        Whatever a batch changes is looked at soon after it; while nothing happens, when the next thing falls due.
        """
        early = self._look_ms is not None and now.monotonic_ms < self._look_ms and not self._at_once
        if early and self._look_ms is not None and self._look_ms <= now.monotonic_ms + LOOK_SOON_MS:
            return
        waits = [_waits_s(line, meaning, now.utc) for line, meaning in meanings.items()]
        wait_s = min((each for each in waits if each is not None), default=None)
        if wait_s is None and not (self._at_once or self._sounding.in_force):
            self._look_ms = None
            return
        if early:
            soon = bool(self._sounding.in_force) or (wait_s is not None and wait_s < LOOK_SELDOM_S)
            self._look_ms = now.monotonic_ms + LOOK_SOON_MS if soon else self._look_ms
            return
        self._at_once = False
        alarms = tuple(in_force(meanings, now.utc))
        if self._sounding.is_due(alarms, now):
            out.effect(Sound(alarms))
        self._look_ms = None if wait_s is None and not alarms else self._next_look(meanings, now)

    def _next_look(self, meanings: Mapping[LineId, Meaning], now: Instant) -> int:
        """Return when to look if nothing happens before: as something falls due, or the same alarms sound again."""
        waits = (each for meaning in meanings.values() for each in _falls_due_s(meaning, now.utc))
        wait_ms = 1000 * min(waits, default=LOOK_SELDOM_S)
        look_ms = now.monotonic_ms + (min(wait_ms, 1000 * LOOK_SELDOM_S) if wait_ms > 0 else LOOK_SOON_MS)
        again_ms = self._sounding.next_ms()
        return look_ms if again_ms is None else min(look_ms, again_ms)


def _waits_s(identifier: LineId, meaning: Meaning, utc: int) -> int | None:
    """Return in how many seconds at the earliest an officer may have to be told something of a line, None for never.

    What may happen at any moment is 0; the likeliest is asked first.
    """
    state = meaning.line.state
    if (
        state.outbox.entries
        or state.forked
        or state.wrong_heads
        or state.documents.contradictions()
        or not_in_roster(identifier, meaning)
        or any(peer.inflow.is_over(utc) for peer in state.peers.values())
        or meaning.translations.any_overdue(utc)
    ):
        return 0
    due = meaning.desk.next_wake(utc)
    return None if due is None else due - utc


def _falls_due_s(meaning: Meaning, utc: int) -> Iterator[int]:
    """Yield in how many seconds time alone may make an alarm of what waits on a line."""
    times = meaning.desk.book.rules.times
    for item in meaning.line.state.outbox.entries.values():
        yield from (each + 1 - utc for each in _limits_of(item, times) if each >= utc)
    dues = (meaning.desk.next_wake(utc), meaning.translations.next_due(utc))
    yield from (due - utc for due in dues if due is not None)


Ranked = list[tuple[Precedence, str]]


def in_force(meanings: Mapping[LineId, Meaning], utc: int) -> list[str]:
    """Return every alarm, the most urgent of all lines first; of one urgency, line by line."""
    found: Ranked = []
    for identifier, meaning in meanings.items():
        broken = (*other_catalogue(identifier, meaning), *broken_proofs(identifier, meaning))
        found += [(Precedence.FLASH, alarm) for alarm in broken]
        found += said(identifier, meaning, utc)
        found += undelivered(identifier, meaning, utc)
        found += untranslated(identifier, meaning, utc)
        found += [(Precedence.PRIORITY, alarm) for alarm in flooding(identifier, meaning, utc)]
        found += [(Precedence.ROUTINE, alarm) for alarm in not_in_roster(identifier, meaning)]
    return [alarm for _, alarm in sorted(found, key=lambda each: -each[0])]


def said(identifier: LineId, meaning: Meaning, utc: int) -> Ranked:
    """Return the alarms of what was said, and the calls to deputies of what nobody attends to."""
    calls = [
        f"{CALL} {call.whom} line {identifier[:8].hex()} for message {call.situation[:8].hex()} "
        f"since {moment(call.at)}: nobody attends to it"
        for call in meaning.desk.calls()
    ]
    return [(Precedence.FLASH, call) for call in calls] + [
        (
            alarm.urgency,
            (
                f"{alarm.urgency.name} line {identifier[:8].hex()} message {alarm.digest[:8].hex()} "
                f"with {party_code(meaning, alarm.party)} since {moment(alarm.since)}: {alarm.words}"
            ),
        )
        for alarm in meaning.alarms(utc)
    ]


def other_catalogue(identifier: LineId, meaning: Meaning) -> list[str]:
    """Return an alarm if the charter in force names a catalogue that this station does not have.

    Before anybody needs to speak: what the other side then reads and writes cannot be put into words here.
    """
    try:
        meaning.check_catalogue()
    except OtherCatalogue as other:
        return [f"OTHER CATALOGUE line {identifier[:8].hex()}: {other.message}. {other.hint}"]
    return []


def untranslated(identifier: LineId, meaning: Meaning, utc: int) -> Ranked:
    """Return one alarm for the texts of which no translation is there in time, and one for those nobody has checked."""
    alarms: Ranked = []
    for state, words in OVERDUE_WORDS.items():
        late = [each for each in meaning.translations.overdue(utc) if each.state is state]
        if late:
            counts = Counter(each.precedence for each in late)
            listed = ", ".join(
                f"{precedence.name} {count}" for precedence, count in sorted(counts.items(), reverse=True)
            )
            since = moment(min(each.since for each in late))
            alarm = f"{words} line {identifier[:8].hex()}: {listed} since {since}; `openline inbox` shows them"
            alarms.append((max(counts), alarm))
    return alarms


def not_in_roster(identifier: LineId, meaning: Meaning) -> list[str]:
    """Return one alarm for each deputy of this watch's rota who is no officer of this party: calling him helps nobody.

    It is no reason not to start: a station must come up by itself at night, when an officer's key was stopped that day.
    """
    called = [step.officer for step in meaning.local.rota.steps if step.officer]
    acting = acting_officers(meaning) if called else []
    return [
        f"ROTA line {identifier[:8].hex()}: officer {officer} is called by the rota and is not, or no longer, in "
        "this party's roster; mend station.toml"
        for officer in called
        if officer not in acting
    ]


def broken_proofs(identifier: LineId, meaning: Meaning) -> list[str]:
    """Return one alarm for each log and root that is proved false, and each head that does not fit."""
    state = meaning.line.state
    line = f"line {identifier[:8].hex()}"
    alarms = [
        f"FORK {line} {station_name(meaning, station)} generation {generation} "
        "said two things at one place; `openline forks` shows the proof"
        for station, generation in sorted(state.forked)
    ]
    alarms += [
        f"FALSE ROOT {line} {party_code(meaning, proof.party)} signed two documents of one number; "
        "`openline forks` shows them"
        for proof in state.documents.contradictions()
    ]
    return alarms + [
        f"HEAD DOES NOT FIT {line} {station_name(meaning, signer)} signed another log of "
        f"{station_name(meaning, log[0])} at size {size} than the one held here"
        for (log, signer), size in sorted(state.wrong_heads.items())
    ]


def flooding(identifier: LineId, meaning: Meaning, utc: int) -> list[str]:
    """Return one alarm for each station of which more came within ten minutes than the charter lets it say."""
    state = meaning.line.state
    over = sorted(station for station, peer in state.peers.items() if peer.inflow.is_over(utc))
    charter = state.documents.charter
    allowed = charter.rules.entries_a_minute if charter is not None else 0
    return [
        f"FLOOD line {identifier[:8].hex()} {station_name(meaning, station)}: "
        f"{_at_least(state.peers[station].inflow.most)} entries or more in a minute where the charter allows {allowed} "
        "(measured here); what is beyond waits, nothing else does"
        for station in over
    ]


def _at_least(count: int) -> int:
    """Return a power of two, so that the alarm does not change, and sound anew, with every entry."""
    return 1 << max(0, count.bit_length() - 1)


def undelivered(identifier: LineId, meaning: Meaning, utc: int) -> Ranked:
    """Return one alarm for each station that has not stored in time what was said to it, most urgent first."""
    state, times = meaning.line.state, meaning.desk.book.rules.times
    waiting: dict[Precedence, list[Outstanding]] = {}
    for item in state.outbox.entries.values():
        if any(utc > each for each in _limits_of(item, times)):
            waiting.setdefault(item.precedence, []).append(item)
    alarms: Ranked = []
    for precedence, late in sorted(waiting.items(), reverse=True):
        for peer in state.peers.values():
            missing = [item for item in late if not peer.stored.covers(item.seq)]
            expired = sum(_expired(item, utc) for item in missing)
            if missing:
                alarm = (
                    f"NOT STORED line {identifier[:8].hex()} by {station_name(meaning, peer.station)}: "
                    f"{precedence.name} {len(missing)} since {moment(min(item.authored for item in missing))}"
                )
                alarms.append((precedence, alarm + (f", EXPIRED {expired}" if expired else "")))
    return alarms


def _limits_of(item: Outstanding, times: Sequence[ResponseTimes]) -> Iterator[int]:
    """Yield the last second of each time by which it should have been stored, UTC: by its precedence, and its own."""
    yield item.authored + times[item.precedence].stored_s
    if item.valid_until is not None:
        yield item.valid_until


def _expired(item: Outstanding, utc: int) -> bool:
    return item.valid_until is not None and utc > item.valid_until
