"""What an officer must be told without asking: statements that no station of an addressee has stored in time."""

from __future__ import annotations

from collections.abc import Mapping

from openline.delivery.line import Line
from openline.delivery.outgoing import Outgoing
from openline.engine.meaning import Meaning
from openline.identifiers import LineId
from openline.ports import Instant, Sound
from openline.wire.statement import Precedence

STORED_WITHIN_S = {
    Precedence.FLASH: 60,
    Precedence.IMMEDIATE: 120,
    Precedence.PRIORITY: 300,
    Precedence.ROUTINE: 900,
}
"""The catalogue's times until *stored*, by precedence (seconds after it was authored)."""

LOOK_EVERY_MS = 5_000  # the alarms are looked at this often while anything waits
REPEAT_MS = 30_000  # an unanswered alarm sounds again (IMO MSC.302(87): 30 s)


class Alarms:
    """The alarms in force, and when they last sounded."""

    def __init__(self) -> None:
        self._in_force: tuple[str, ...] = ()
        self._sounded_ms = 0
        self._look_ms: int | None = None

    def next_wake(self) -> int | None:
        """Return when to look again, monotonic milliseconds; None while nothing waits."""
        return self._look_ms

    def settle(self, meanings: Mapping[LineId, Meaning], out: Outgoing, now: Instant) -> None:
        """Sound what is new, and again what has been in force for half a minute.  Lost: sounds again by itself."""
        waiting = any(
            meaning.line.state.outbox.entries or meaning.desk.next_wake(now.utc) for meaning in meanings.values()
        )
        waiting = waiting or any(meaning.line.state.forked for meaning in meanings.values())
        if not waiting and not self._in_force:
            self._look_ms = None
            return
        if self._look_ms is not None and now.monotonic_ms < self._look_ms:
            return
        self._look_ms = now.monotonic_ms + LOOK_EVERY_MS
        alarms = tuple(in_force(meanings, now.utc))
        if alarms != self._in_force or (alarms and now.monotonic_ms - self._sounded_ms >= REPEAT_MS):
            self._in_force, self._sounded_ms = alarms, now.monotonic_ms
            out.effect(Sound(alarms))


def in_force(meanings: Mapping[LineId, Meaning], utc: int) -> list[str]:
    """Return every alarm of every line, most urgent first within a line."""
    alarms = []
    for identifier, meaning in meanings.items():
        alarms += undelivered(identifier, meaning.line, utc)
        alarms += [
            f"FORK line {identifier[:8].hex()} station {station >> 8}.{station & 255} generation {generation} "
            "said two things at one place; `openline forks` shows the proof"
            for station, generation in sorted(meaning.line.state.forked)
        ]
        alarms += [
            f"{alarm.urgency.name} line {identifier[:8].hex()} message {alarm.digest[:8].hex()} "
            f"party {alarm.party} since {alarm.since}: {alarm.words}"
            for alarm in meaning.alarms(utc)
        ]
    return alarms


def undelivered(identifier: LineId, line: Line, utc: int) -> list[str]:
    """Return one alarm for each station that has not stored in time what was said to it, most urgent first."""
    alarms = []
    for precedence in sorted(Precedence, reverse=True):
        for peer in line.state.peers.values():
            late = [
                item
                for item in line.state.outbox.entries.values()
                if item.precedence is precedence
                and utc > item.authored + STORED_WITHIN_S[precedence]
                and not peer.stored.covers(item.seq)
            ]
            if late:
                alarms.append(
                    f"NOT STORED line {identifier[:8].hex()} station {peer.station >> 8}.{peer.station & 255} "
                    f"{precedence.name} {len(late)} since {min(item.authored for item in late)}"
                )
    return alarms
