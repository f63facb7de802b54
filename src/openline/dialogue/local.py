"""What one desk remembers for itself alone, unseen by others: reminders, silenced alarms, follow-ups, who attends."""

from __future__ import annotations

from openline.dialogue.events import Alarm
from openline.identifiers import Digest

Row = tuple[str, bytes, bytes | None]
"""Table, key and value to keep; value None: forget it.  The engine puts the line before the key."""

REMINDERS = "reminder"
SILENCED = "silenced"
FOLLOWED_UP = "followed-up"
ATTENDED = "attended"
TIME_BYTES = 8  # UTC seconds
TABLES = (REMINDERS, SILENCED, FOLLOWED_UP, ATTENDED)


class Local:
    """Small local facts by table and key, each a row of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[bytes, bytes]] = {table: {} for table in TABLES}
        self._dirty: dict[tuple[str, bytes], bytes | None] = {}
        self._told: set[bytes] = set()

    def _keep(self, table: str, key: bytes, value: bytes | None) -> None:
        if value is None:
            self._kept[table].pop(key, None)
        else:
            self._kept[table][key] = value
        self._dirty[table, key] = value

    # ------------------------------------------------------------ reminders

    def remind(self, digest: Digest, at: int) -> None:
        """Set a reminder, UTC seconds; 0 takes it away."""
        self._told.discard(digest)
        self._keep(REMINDERS, digest, at.to_bytes(TIME_BYTES, "big") if at else None)

    def reminders(self) -> list[tuple[int, Digest]]:
        """Return every reminder with its time, earliest first."""
        return sorted((int.from_bytes(at, "big"), Digest(key)) for key, at in self._kept[REMINDERS].items())

    def newly_due(self, utc: int) -> list[Digest]:
        """Return the messages whose reminder has come and was not told since it was set, or since the start."""
        due = [digest for at, digest in self.reminders() if at <= utc and digest not in self._told]
        self._told.update(due)
        return due

    def next_reminder(self) -> int | None:
        """Return when the next reminder comes that was not told yet, UTC seconds."""
        if not self._kept[REMINDERS]:
            return None
        return next((at for at, digest in self.reminders() if digest not in self._told), None)

    # ------------------------------------------------------------ alarms

    def silence(self, alarm: Alarm) -> None:
        """Let this alarm sound no more while its words stay the same."""
        self._keep(SILENCED, _key(alarm), alarm.words.encode())

    def is_silenced(self, alarm: Alarm) -> bool:
        """Return whether an officer has silenced exactly this alarm."""
        return self._kept[SILENCED].get(_key(alarm)) == alarm.words.encode()

    # ------------------------------------------------------------ follow-ups

    def follow_up(self, closure: Digest, number: int, by: Digest | None) -> None:
        """Tick a follow-up of a closure off, naming the message that fulfils it; None takes the tick away."""
        self._keep(FOLLOWED_UP, closure + bytes((number,)), by)

    def followed_up(self, closure: Digest, number: int) -> Digest | None:
        """Return the message that fulfils a follow-up, as an officer here has found."""
        by = self._kept[FOLLOWED_UP].get(closure + bytes((number,)))
        return None if by is None else Digest(by)

    # ------------------------------------------------------------ situations that an officer has taken

    def attend(self, situation: bytes) -> None:
        """Remember that an officer has taken a situation, through a restart too."""
        self._keep(ATTENDED, situation, b"")

    def no_longer_attended(self, situation: bytes) -> None:
        """Forget it: the situation is over."""
        self._keep(ATTENDED, situation, None)

    def attended(self) -> tuple[bytes, ...]:
        """Return the situations that an officer has taken."""
        return tuple(self._kept[ATTENDED])

    # ------------------------------------------------------------ rows

    def rows(self) -> list[Row]:
        """Return what changed since the last call."""
        rows: list[Row] = [(table, key, value) for (table, key), value in self._dirty.items()]
        self._dirty.clear()
        return rows

    def restore(self, table: str, key: bytes, value: bytes) -> None:
        """Take back a row of ours."""
        if table in self._kept:
            self._kept[table][key] = value


def _key(alarm: Alarm) -> bytes:
    return alarm.digest + bytes((alarm.party,))
