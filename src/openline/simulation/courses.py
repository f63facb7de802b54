"""Courses of one dialogue: a way into each of its states, and what can happen there, step by step.

The officers of a made world answer well enough that most rows of the state table of a dialogue would never be walked.
A course is for one row: somebody is asked something that fits, the steps lead to the state, and the last is the row's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openline.catalogue.kinds import CATALOGUE, body_from_json, read_back_body
from openline.catalogue.kinds.times import MINUTE, make_instant
from openline.catalogue.kinds.values import Json
from openline.dialogue.states import CHANGES, TABLE, Input, State
from openline.wire.statement import Body

DEADLINE_S = 4  # to answer each kind that a course asks, by the charter of made lines: else no deadline falls in them
WAITS_MS = 6_000  # until a deadline has passed, and a validity with it
VALID_S = 5  # from the saying of what is to expire after a step or two
VALID_LONG_S = 12  # and after many
STEP_MS = 1_000  # between two steps
SOON_S, LONG_S = 1, 86_400  # until a short wait is over, and a long one
ENDS = "2043-11-16T22:00Z"  # twenty years after worlds begin, whose lives may be long

LATE = "late"  # a step: nothing, until the time to answer has passed
LAST = "last"  # a step: nothing, until the validity has passed
STORED = "stored"  # a step: nothing, until the addressee has it

_DRILL, _INTENT, _LIST, _PROPOSAL, _POINT, _MEETING = "L4", "S3", "L3", "P1", "P6", "P8"
ASKED: Mapping[str, Mapping[str, Json]] = {
    _DRILL: {"phase": "begin", "scenario": "kingfisher", "begins": ENDS},
    _INTENT: {
        "actor": "alba", "act": "hold exercise", "negation": "will", "period": "2023-11-14T22:00Z/2043-11-16T22:00Z",
    },
    _LIST: {"as_of": "2023-11-14T22:00Z", "in_force": []},
    _PROPOSAL: {"acts": [{"who": "alba", "act": "meet", "negation": "would"}], "expiry": ENDS},
    _POINT: {"item": "both tell of drills", "status": "tabled", "reservations": []},
    _MEETING: {
        "level": "experts", "channel": "video", "times": "2043-11-15T22:00Z/2043-11-16T22:00Z", "agenda": ["drills"],
    },
}  # fmt: skip
"""What is asked, by its kind."""

PROPOSALS = frozenset({_PROPOSAL, _POINT, _MEETING})
"""Kinds that are accepted or declined; the others are understood."""

TYPED = {
    "phase": "begin", "begins": ENDS, "act": "hold exercise", "negation": "will",
    "period": "2023-11-14T22:00Z/2043-11-16T22:00Z", "notice_ends": ENDS,
}  # fmt: skip
"""What is read back of them, and of their changes."""

_MISTYPED = TYPED | {"phase": "end", "negation": "will not"}
_BODIES: Mapping[str, Mapping[str, Json]] = {
    "NOT-UNDERSTOOD": {"detail": "which one?"},
    "ERROR": {"reason": "not able to show"},
    "K3": {"reason": "weather"},
    "K4": {"cause": "drill text"},
    "K5": {"notice_ends": ENDS},
}

_WAYS: Mapping[State, tuple[str, ...]] = {
    State.PENDING: (),
    State.OPEN: (STORED,),
    State.STANDBY: ("STANDBY",),
    State.WITH_LEADERSHIP: ("TAKEN-TO-LEADERSHIP",),
    State.OVERDUE: (LATE,),
    State.REOPENED: ("UNDERSTOOD wrong",),
    State.TO_BE_REPEATED: ("NOT-UNDERSTOOD",),
    State.REPETITION_OVERDUE: ("NOT-UNDERSTOOD", LATE),
    State.CLOSED: ("UNDERSTOOD",),
    State.ERROR: ("ERROR",),
}
_WAYS_OF_PROPOSALS = {State.REOPENED: ("ACCEPT", "DECLINE"), State.CLOSED: ("ACCEPT",)}
_STEPS: Mapping[Input, str] = {
    Input.STANDBY: "STANDBY",
    Input.TAKEN_TO_LEADERSHIP: "TAKEN-TO-LEADERSHIP",
    Input.ANSWER: "UNDERSTOOD",
    Input.OTHER_ANSWER: "DECLINE",
    Input.WRONG_READ_BACK: "UNDERSTOOD wrong",
    Input.NOT_UNDERSTOOD: "NOT-UNDERSTOOD",
    Input.MACHINE_ERROR: "ERROR",
    Input.REPETITION: "again",
    Input.CORRECTION: "K1",
    Input.CANCELLATION: "K3",
    Input.RETRACTION: "K4",
    Input.WITHDRAWAL: "K5",
    Input.REPLACEMENT: "next",
    Input.DEADLINE: LATE,
    Input.EXPIRY: LAST,
}

NEVER: Mapping[tuple[State, Input], str] = {
    (State.WITH_LEADERSHIP, Input.WRONG_READ_BACK): "what may be taken to leadership is not read back",
    (State.WITH_LEADERSHIP, Input.NOT_UNDERSTOOD): "what may be taken to leadership is accepted or declined",
    (State.OVERDUE, Input.EXPIRY): "once both times have passed, the walk takes the expiry first",
    (State.REPETITION_OVERDUE, Input.REPETITION): "the walk takes it before the deadline",
}
"""Rows of the table that no message of this catalogue can walk, and why."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is asked, and the steps after it.

    short    the time to answer is what the charter of made lines says, a few seconds; else an hour
    valid_s  for how long it is valid, seconds; None if nothing is said of that
    """

    asks: str
    steps: tuple[str, ...]
    short: bool = False
    valid_s: int | None = None


def _course(state: State, happening: Input) -> Course:
    kind = _kind(state, happening)
    way = _WAYS[state]
    if kind in PROPOSALS:
        way = _WAYS_OF_PROPOSALS.get(state, way)
    last = _STEPS[happening]
    if kind in PROPOSALS and happening is Input.ANSWER:
        last = "ACCEPT"
    steps = (*way, last)
    valid_s = None
    if happening is Input.EXPIRY:
        valid_s = 0 if state is State.PENDING else VALID_S
    return Course(kind, steps, short=LATE in steps, valid_s=valid_s)


def _kind(state: State, happening: Input) -> str:
    """Return a kind to which this can happen in that state."""
    if happening in (Input.EXPIRY, Input.OTHER_ANSWER, Input.TAKEN_TO_LEADERSHIP):
        return _PROPOSAL
    led = state is State.WITH_LEADERSHIP
    kinds = {
        Input.CANCELLATION: _MEETING if led else _DRILL,
        Input.WITHDRAWAL: _PROPOSAL if led else _INTENT,
        Input.REPLACEMENT: _POINT if led or state is State.REOPENED else _LIST,  # a list is not read back
    }
    return kinds.get(happening, _PROPOSAL if led else _DRILL)


EVERYDAY_STATES = frozenset({State.PENDING, State.OPEN, State.STANDBY, State.REOPENED, State.CLOSED})
_EVERYDAY = frozenset({
    Input.STORED, Input.STANDBY, Input.ANSWER, Input.OTHER_ANSWER, Input.MACHINE_ERROR, Input.DEADLINE,
    Input.CORRECTION, Input.RETRACTION,
})  # fmt: skip
COURSES = (
    *(_course(*row) for row in TABLE if row not in NEVER and not (row[0] in EVERYDAY_STATES and row[1] in _EVERYDAY)),
    Course(_PROPOSAL, (*["STANDBY soon"] * 2, LATE, "STANDBY soon", LAST), valid_s=VALID_LONG_S),
    Course(_DRILL, ("NOT-UNDERSTOOD", LATE, "NOT-UNDERSTOOD", "again"), short=True),
)
"""A course for each row that can be walked, but for those that officers walk every day."""


def asked_body(code: str) -> Body:
    """Return the body of what is asked."""
    return body_from_json(CATALOGUE.kind(code), ASKED[code])


def said_in(step: str, asked: str, utc: int) -> tuple[str, Body]:
    """Return the code and the body of what is said in a step, about a message of a kind, at a time (UTC seconds)."""
    name, _, how = step.partition(" ")
    if name in ("again", "next"):
        return asked, asked_body(asked)
    kind = CATALOGUE.kind(name)
    if name == "UNDERSTOOD":
        return name, read_back_body(CATALOGUE.kind(asked), asked_body(asked), _MISTYPED if how else TYPED)
    fields = _BODIES.get(name)
    if name == "STANDBY":
        fields = {"until": make_instant(utc + (SOON_S if how else LONG_S), MINUTE).to_json()}
    elif name == "K1":
        first = next(iter(ASKED[asked]))
        fields = {"wrong_fields": [f"{asked}.{first}"], "data": {"kind": asked, "fields": dict(ASKED[asked])}}
    return name, None if fields is None else body_from_json(kind, fields)


def by_asker(step: str) -> bool:
    """Whether the one who asked takes this step."""
    return step in CHANGES or step in ("again", "next")
