"""How the principal's approval came: in person, by telephone, in writing.  Noted here, kept here, never sent.

That the principal approved is in the statement, signed, and every party reads it.  How that came to be known is this
party's own affair: a row under the identity that draft and message have in common, so it outlives the release.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openline.delivery.outgoing import Outgoing
from openline.errors import Misuse, StorageFailed
from openline.identifiers import LineId
from openline.wire.cbor import Value, decode, encode
from openline.wire.statement import TIME_MAX, PrincipalApproved, Statement

TABLE = "principal-note"  # line · digest -> [[means, UTC seconds, officer], ...], oldest first
NOTES_MAX = 8  # of one message: who errs in a note makes another, and nobody errs so often


class Means(StrEnum):
    """How it came."""

    IN_PERSON = "in-person"
    TELEPHONE = "telephone"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class PrincipalNote:
    """How and when (UTC seconds) the principal's approval came, and the officer who noted it."""

    means: Means
    at: int
    officer: int


class PrincipalNotes:
    """The notes of one line's drafts and messages."""

    def __init__(self, line: LineId, out: Outgoing) -> None:
        self._line = line
        self._out = out

    def of(self, digest: bytes) -> tuple[PrincipalNote, ...]:
        """Return the notes on a draft or message of ours, oldest first: the last one counts, the others stay."""
        value = self._out.value(TABLE, self._line + digest)
        return () if value is None else _decode(value)

    def add(self, digest: bytes, statement: Statement, means: str, at: int, officer: int) -> None:
        """Note how the approval of a draft or message of ours came; durable with this batch.

        Raises Misuse: the statement does not say that the principal approved, no such means or time, or too many notes.
        """
        if statement.principal is not PrincipalApproved.YES:
            raise Misuse(
                "this message does not say that the principal approved, so there is nothing to note",
                hint="What is said cannot be changed: say it with --principal YES.",
            )
        if means not in set(Means) or not 0 < at <= TIME_MAX:
            raise Misuse(
                f"{means!r} is no way for it to come, or the time is none", hint=f"One of: {', '.join(Means)}."
            )
        notes = (*self.of(digest), PrincipalNote(Means(means), at, officer))
        if len(notes) > NOTES_MAX:
            raise Misuse(f"it has {NOTES_MAX} notes already", hint="Keep what else is to be noted on paper.")
        self._out.keep(TABLE, self._line + digest, _encode(notes))

    def forget(self, digest: bytes) -> None:
        """Forget the notes on a draft that is thrown away."""
        self._out.forget(TABLE, self._line + digest)


def _encode(notes: tuple[PrincipalNote, ...]) -> bytes:
    return encode([[note.means.value, note.at, note.officer] for note in notes])


def _decode(value: bytes) -> tuple[PrincipalNote, ...]:
    match decode(value):
        case list(notes):
            return tuple(_note(note) for note in notes)
    raise _broken()


def _note(note: Value) -> PrincipalNote:
    match note:
        case [str(means), int(at), int(officer)]:
            return PrincipalNote(Means(means), at, officer)
    raise _broken()


def _broken() -> StorageFailed:
    return StorageFailed("a note on the principal's approval is not as kept", hint="Restore the station's backup.")
