"""The state table of a dialogue: one row for each thing that can happen in each state.

A dialogue is one message and the answer that one addressee owes to it; a message to three parties is three dialogues.
Everything that changes a dialogue's state is in `TABLE`; what is not in it changes nothing.  `docs/dialogues.md` and
the tests are made from it.

The state is a function of what was said and of the time: `thread.fold` walks the table over the statements in one
order that both ends compute alike, whatever the order in which they arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a dialogue stands, in the words of the screen."""

    PENDING = "PENDING"
    OPEN = "OPEN"
    STANDBY = "STANDBY"
    WITH_LEADERSHIP = "WITH LEADERSHIP"
    OVERDUE = "OVERDUE"
    REOPENED = "REOPENED"
    TO_BE_REPEATED = "TO BE REPEATED"
    REPETITION_OVERDUE = "REPETITION OVERDUE"
    CLOSED = "CLOSED"
    ERROR = "ERROR"
    REPEATED = "REPEATED"
    CORRECTED = "CORRECTED"
    CANCELLED = "CANCELLED"
    RETRACTED = "RETRACTED"
    WITHDRAWN = "WITHDRAWN"
    REPLACED = "REPLACED"
    EXPIRED = "EXPIRED"


MEANING = {
    State.PENDING: "sent; there is no proof here yet that it is stored there",
    State.OPEN: "stored there; an answer is owed",
    State.STANDBY: "they asked to wait until a time they named; the answer is owed then",
    State.WITH_LEADERSHIP: "their leadership has it; no clock of theirs runs, nothing is promised",
    State.OVERDUE: "the time has passed without an answer; silence is no answer",
    State.REOPENED: "what was read back, or answered twice, does not agree: it must be answered again",
    State.TO_BE_REPEATED: "not understood: the asker must say it again",
    State.REPETITION_OVERDUE: "not understood, and the asker has not said it again in time",
    State.CLOSED: "answered; a closed dialogue is not a resolved matter",
    State.ERROR: "their machine could not show it; nobody there has read it",
    State.REPEATED: "said again in another message, which carries the dialogue on",
    State.CORRECTED: "it was wrong; the correction carries the dialogue on",
    State.CANCELLED: "the world has changed; it holds no longer",
    State.RETRACTED: "it was never meant",
    State.WITHDRAWN: "the undertaking was ended by notice",
    State.REPLACED: "the next of its kind took its place",
    State.EXPIRED: "its time ended without an answer; that is not a refusal",
}


class Input(StrEnum):
    """What can happen to a dialogue: a statement of the addressee, a statement of the asker, or time."""

    STORED = "stored there"
    STANDBY = "STANDBY"
    TAKEN_TO_LEADERSHIP = "TAKEN TO LEADERSHIP"
    ANSWER = "closing reply"
    OTHER_ANSWER = "a second, different closing reply"
    WRONG_READ_BACK = "wrong read-back"
    NOT_UNDERSTOOD = "NOT UNDERSTOOD"
    MACHINE_ERROR = "ERROR"
    REPETITION = "said again"
    CORRECTION = "K1"
    CANCELLATION = "K3"
    RETRACTION = "K4"
    WITHDRAWAL = "K5"
    REPLACEMENT = "next of its kind"
    DEADLINE = "deadline"
    EXPIRY = "expiry"


_ANSWERABLE = {
    Input.STANDBY: State.STANDBY,
    Input.TAKEN_TO_LEADERSHIP: State.WITH_LEADERSHIP,
    Input.ANSWER: State.CLOSED,
    Input.WRONG_READ_BACK: State.REOPENED,
    Input.NOT_UNDERSTOOD: State.TO_BE_REPEATED,
    Input.MACHINE_ERROR: State.ERROR,
}
_CHANGED = {
    Input.CORRECTION: State.CORRECTED,
    Input.CANCELLATION: State.CANCELLED,
    Input.RETRACTION: State.RETRACTED,
    Input.WITHDRAWAL: State.WITHDRAWN,
    Input.REPLACEMENT: State.REPLACED,
}
_TIMED = {Input.DEADLINE: State.OVERDUE, Input.EXPIRY: State.EXPIRED}
_WITHOUT_PATIENCE: dict[Input, State] = {key: value for key, value in _ANSWERABLE.items() if key is not Input.STANDBY}

_ROWS: dict[State, dict[Input, State]] = {
    State.PENDING: {Input.STORED: State.OPEN, **_TIMED, **_CHANGED},
    State.OPEN: {**_ANSWERABLE, **_TIMED, **_CHANGED},
    State.STANDBY: {**_ANSWERABLE, **_TIMED, **_CHANGED},
    State.WITH_LEADERSHIP: {**_WITHOUT_PATIENCE, Input.EXPIRY: State.EXPIRED, **_CHANGED},
    State.OVERDUE: {**_ANSWERABLE, Input.EXPIRY: State.EXPIRED, **_CHANGED},
    State.REOPENED: {**_ANSWERABLE, **_TIMED, **_CHANGED},
    State.TO_BE_REPEATED: {
        Input.ANSWER: State.CLOSED,
        Input.WRONG_READ_BACK: State.REOPENED,
        Input.REPETITION: State.REPEATED,
        Input.DEADLINE: State.REPETITION_OVERDUE,
        **_CHANGED,
    },
    State.REPETITION_OVERDUE: {
        Input.ANSWER: State.CLOSED,
        Input.WRONG_READ_BACK: State.REOPENED,
        Input.REPETITION: State.REPEATED,
        **_CHANGED,
    },
    State.CLOSED: {
        Input.WRONG_READ_BACK: State.REOPENED,
        Input.OTHER_ANSWER: State.REOPENED,
        Input.NOT_UNDERSTOOD: State.TO_BE_REPEATED,
        **_CHANGED,
    },
    # A person's answer prevails over the machine's ERROR: another station of theirs may have shown it.
    State.ERROR: {**_ANSWERABLE, Input.REPETITION: State.REPEATED, **_CHANGED},
    State.REPEATED: {},
    State.CORRECTED: {},
    State.CANCELLED: {},
    State.RETRACTED: {},
    State.WITHDRAWN: {},
    State.REPLACED: {},
    State.EXPIRED: {},
}

TABLE: Mapping[tuple[State, Input], State] = {
    (state, happening): after for state, row in _ROWS.items() for happening, after in row.items()
}
"""What happens in each state.  A pair that is not here changes nothing."""

WAITING = frozenset({State.PENDING, State.OPEN, State.STANDBY, State.OVERDUE, State.REOPENED})
"""The addressee owes an answer, by a clock."""

OWED_BY_ASKER = frozenset({State.TO_BE_REPEATED, State.REPETITION_OVERDUE})
"""The asker owes a repetition, by a clock."""

ENDED = frozenset({
    State.CLOSED, State.ERROR, State.REPEATED, State.CORRECTED, State.CANCELLED, State.RETRACTED, State.WITHDRAWN,
    State.REPLACED, State.EXPIRED,
})  # fmt: skip
"""Nobody owes anything in this dialogue."""

ALARMING = frozenset({
    State.OVERDUE, State.REOPENED, State.TO_BE_REPEATED, State.REPETITION_OVERDUE, State.ERROR,
})  # fmt: skip
"""Both ends sound an alarm while a dialogue stands here."""


class Standing(StrEnum):
    """What the author has since said of its own words.  The five changes are never merged."""

    CURRENT = "CURRENT"
    UPDATED = "UPDATED"
    REPLACED = "REPLACED"
    CORRECTED = "CORRECTED"
    WITHDRAWN = "WITHDRAWN"
    CANCELLED = "CANCELLED"
    RETRACTED = "RETRACTED"


WHY = {
    Standing.CURRENT: "as it was said",
    Standing.UPDATED: "the world has changed: some fields have a new value",
    Standing.REPLACED: "the next of its kind took its place",
    Standing.CORRECTED: "it was wrong: the correction holds",
    Standing.WITHDRAWN: "an undertaking was ended by notice",
    Standing.CANCELLED: "the world has changed: it holds no longer",
    Standing.RETRACTED: "it was never meant",
}

CHANGES: dict[str, tuple[Standing, Input | None]] = {
    "K1": (Standing.CORRECTED, Input.CORRECTION),
    "K2": (Standing.UPDATED, None),
    "N2": (Standing.UPDATED, None),
    "K3": (Standing.CANCELLED, Input.CANCELLATION),
    "K4": (Standing.RETRACTED, Input.RETRACTION),
    "K5": (Standing.WITHDRAWN, Input.WITHDRAWAL),
}
"""What each change makes of the words it names, and what it is to their dialogues (an update leaves them open)."""

STRENGTH = {standing: rank for rank, standing in enumerate(Standing)}
"""Of several changes of one message the strongest is shown, so that the order of arrival cannot matter."""
