"""What the desk tells the engine: events as they happen, and the alarms that are in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openline.identifiers import Digest
from openline.wire.statement import Precedence


class EventKind(StrEnum):
    """What has happened."""

    OPENED = "opened"
    STATE = "state changed"
    STANDING = "changed by its author"
    ACKNOWLEDGED = "acknowledged"
    PASSED_ON = "passed on"
    REFUSED = "counts for nothing"
    CROSSED = "crossed"
    LATE = "arrived late"
    ALARM = "alarm"
    REMINDER = "reminder"
    CALL = "call the deputy"
    CRISIS = "crisis changed"
    TICK = "situation report"
    TICK_OVERDUE = "situation report overdue"
    AGREED = "fact agreed"
    SET_ASIDE = "too many held: on disk only"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, for the console's list and for sounds.

    digest   of the message it is about
    party    whose dialogue or act it is
    at       UTC seconds, by the clock of whoever did it, or ours for what time did
    words    what a log may show: states, names of fields; no content of any message
    other    digest of the second message it is about, where there is one
    """

    kind: EventKind
    digest: Digest
    party: int
    at: int
    words: str = ""
    other: Digest | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that needs a person now.  One situation sounds once, however many alarms it has.

    situation  what belongs together: the crisis, or the message
    since      UTC seconds
    party      whose act or silence it is about
    ours       whether our own watch must act; then deputies are called
    """

    situation: bytes
    urgency: Precedence
    since: int
    digest: Digest
    party: int
    words: str
    ours: bool = False
