"""The translation state of an own-text message, kept on each side for itself.

The machine never translates.  A text in the sender's own language is UNTRANSLATED until an officer has read it
into the watch's language (SIGHT: quick, one person, may be wrong) and until a second officer has checked a written
translation (OFFICIAL).  The state is local, never sent, and an open state has a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from openline.catalogue.kinds import Kind, read_body
from openline.catalogue.kinds.field import Field
from openline.catalogue.kinds.values import Certain, Embedded, FieldValue, Many, OwnText, Record
from openline.errors import Misuse
from openline.wire.statement import Body, Precedence


class TranslationState(StrEnum):
    """How far a text has been put into this side's language."""

    UNTRANSLATED = "UNTRANSLATED"
    SIGHT = "SIGHT"
    OFFICIAL = "OFFICIAL"


class TranslationStep(StrEnum):
    """What a person did."""

    SIGHT_TRANSLATED = "sight-translated"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"


# Every transition there is.  A checked text that proves wrong goes back to the start: half trust is no state.
TRANSLATION = {
    (TranslationState.UNTRANSLATED, TranslationStep.SIGHT_TRANSLATED): TranslationState.SIGHT,
    (TranslationState.SIGHT, TranslationStep.SIGHT_TRANSLATED): TranslationState.SIGHT,
    (TranslationState.SIGHT, TranslationStep.CHECKED): TranslationState.OFFICIAL,
    (TranslationState.SIGHT, TranslationStep.WITHDRAWN): TranslationState.UNTRANSLATED,
    (TranslationState.OFFICIAL, TranslationStep.WITHDRAWN): TranslationState.UNTRANSLATED,
}

NOT_WORDS = frozenset({"read_back", "glyphs"})
"""Fields with text that is not the sender's own: what we said, typed again, and a line check's test characters."""

OFFICIAL_DUE_S: Mapping[Precedence, int] = {
    Precedence.FLASH: 2 * 3600,
    Precedence.IMMEDIATE: 6 * 3600,
    Precedence.PRIORITY: 24 * 3600,
    Precedence.ROUTINE: 72 * 3600,
}
"""Seconds from arrival until a checked translation is due: a translator's work, proposed for one page.

The sight translation is due when the answer would be, by the charter, the kind or the message: who answers must have
understood.
"""


@dataclass(frozen=True, slots=True)
class Translation:
    """The state of one text's translation.

    since          UTC seconds when the text was stored here: one that nobody has looked at yet is untranslated, too
    sight_due      UTC seconds by which a sight translation is due; `official_due` a checked one
    officer, at    who made the last step, and when; None while nobody has
    sight_officer  who made the sight translation, because that person may not check it
    text           what that person wrote; empty while the text is untranslated
    """

    since: int
    precedence: Precedence
    sight_due: int
    official_due: int
    state: TranslationState = TranslationState.UNTRANSLATED
    officer: int | None = None
    at: int | None = None
    sight_officer: int | None = None
    text: str = ""

    @property
    def due(self) -> int | None:
        """UTC seconds when the next state is due; None when the translation is official."""
        return {TranslationState.UNTRANSLATED: self.sight_due, TranslationState.SIGHT: self.official_due}.get(
            self.state
        )

    def is_overdue(self, now: int) -> bool:
        """Whether the next state is due and not there at `now` (UTC seconds)."""
        return self.due is not None and now >= self.due


def advance(translation: Translation, step: TranslationStep, *, officer: int, at: int, text: str = "") -> Translation:
    """Return the translation after a person's step.

    text: what the person wrote; a check without one confirms the sight translation as it stands.
    Raises Misuse if the step is not in the table, goes back in time, lacks its text, or would let one person check
    their own work.
    """
    state = TRANSLATION.get((translation.state, step))
    if state is None:
        possible = " or ".join(each for before, each in TRANSLATION if before is translation.state)
        raise Misuse(
            f"a text that is {translation.state} cannot be {step}",
            hint=f"It can be {possible}.",
            state=translation.state,
            step=step,
        )
    if at < (translation.at or translation.since):
        raise Misuse("a translation step lies before the one it follows", hint="Check this station's clock.", at=at)
    if step is TranslationStep.CHECKED and officer == translation.sight_officer:
        raise Misuse(
            "the officer who made the sight translation cannot check it",
            hint="Ask a second officer who reads both languages.",
            officer=officer,
        )
    if step is TranslationStep.SIGHT_TRANSLATED and not text:
        raise Misuse("a sight translation without a text is none", hint="Give what the officer read out of it.")
    if step is TranslationStep.WITHDRAWN:
        return replace(translation, state=state, officer=officer, at=at, sight_officer=None, text="")
    sight = officer if step is TranslationStep.SIGHT_TRANSLATED else translation.sight_officer
    return replace(translation, state=state, officer=officer, at=at, sight_officer=sight, text=text or translation.text)


# ---------------------------------------------------------------- which messages have words of their sender's own


def has_own_text(kind: Kind, body: Body) -> bool:
    """Return whether a message says anything in its sender's own words, which no catalogue can render.

    Raises CatalogueError if the kind does not allow this body.
    """
    # A text alone is its kind's one field.  What is not in the body is not looked at: this is asked of every message.
    given = [field for field in kind.fields if field.number in body] if isinstance(body, Mapping) else kind.fields
    names = [field.name for field in given if field.name not in NOT_WORDS and _may_hold_text(field)]
    if not names:
        return False
    values = read_body(kind, body)
    return any(_holds_text(values[name]) for name in names if name in values)


def _may_hold_text(field: Field) -> bool:
    return field.type in ("text", "data", "changes") or any(map(_may_hold_text, field.fields))


def _holds_text(value: FieldValue) -> bool:
    match value:
        case OwnText():
            return True
        case Many():
            return any(map(_holds_text, value.items))
        case Certain():
            return _holds_text(value.value)
        case Record():
            return any(map(_holds_text, value.values.values()))
        case Embedded():
            return _holds_text(value.fields)
    return False
