"""The translation state of an own-text message, kept on each side for itself.

The machine never translates.  A text in the sender's own language is UNTRANSLATED until an officer has read it
into the watch's language (SIGHT: quick, one person, may be wrong) and until a second officer has checked a written
translation (OFFICIAL).  The state is local, never sent, and an open state has a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from openline.errors import Misuse
from openline.wire.statement import Precedence


class TranslationState(Enum):
    """How far a text has been put into this side's language."""

    UNTRANSLATED = "untranslated"
    SIGHT = "sight"
    OFFICIAL = "official"


class TranslationStep(Enum):
    """What a person did."""

    SIGHT_TRANSLATED = "sight translated"
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

# Seconds from presentation until the next state is due.  The first column is the officer's own reading, within the
# time in which a message of that precedence must be seen; the second a translator's work, proposed for one page.
SIGHT_DUE_S = {
    Precedence.FLASH: 10 * 60,
    Precedence.IMMEDIATE: 30 * 60,
    Precedence.PRIORITY: 3 * 3600,
    Precedence.ROUTINE: 6 * 3600,
}
OFFICIAL_DUE_S = {
    Precedence.FLASH: 2 * 3600,
    Precedence.IMMEDIATE: 6 * 3600,
    Precedence.PRIORITY: 24 * 3600,
    Precedence.ROUTINE: 72 * 3600,
}


@dataclass(frozen=True, slots=True)
class Translation:
    """The state of one text's translation.

    presented: UTC seconds when the text was first shown to an officer here.
    officer, at: who made the last step, and when; None while nobody has.
    sight_officer: who made the sight translation, because that person may not check it.
    """

    presented: int
    precedence: Precedence
    state: TranslationState = TranslationState.UNTRANSLATED
    officer: int | None = None
    at: int | None = None
    sight_officer: int | None = None

    @property
    def due(self) -> int | None:
        """UTC seconds when the next state is due; None when the translation is official."""
        if self.state is TranslationState.UNTRANSLATED:
            return self.presented + SIGHT_DUE_S[self.precedence]
        if self.state is TranslationState.SIGHT:
            return self.presented + OFFICIAL_DUE_S[self.precedence]
        return None

    def is_overdue(self, now: int) -> bool:
        """Whether the next state is due and not there at `now` (UTC seconds)."""
        return self.due is not None and now >= self.due


def advance(translation: Translation, step: TranslationStep, *, officer: int, at: int) -> Translation:
    """Return the translation after a person's step.

    Raises Misuse if the step is not in the table, goes back in time, or would let one person check their own work.
    """
    state = TRANSLATION.get((translation.state, step))
    if state is None:
        raise Misuse(
            f"a text that is {translation.state.value} cannot be {step.value}",
            hint="Make a sight translation first; a second officer then checks it.",
            state=translation.state.value,
            step=step.value,
        )
    if at < (translation.at or translation.presented):
        raise Misuse("a translation step lies before the one it follows", hint="Check this station's clock.", at=at)
    if step is TranslationStep.CHECKED and officer == translation.sight_officer:
        raise Misuse(
            "the officer who made the sight translation cannot check it",
            hint="Ask a second officer who reads both languages.",
            officer=officer,
        )
    sight = {TranslationState.SIGHT: officer, TranslationState.OFFICIAL: translation.sight_officer}.get(state)
    return Translation(translation.presented, translation.precedence, state, officer, at, sight)
