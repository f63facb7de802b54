"""What one station's administrator decides for its own watch.  Local: never sent, and no other party sees it."""

from __future__ import annotations

from dataclasses import dataclass

from openline.dialogue.escalation import NOBODY, Rota
from openline.engine.translations import DEFAULT_LIMITS, TranslationLimits


@dataclass(frozen=True, slots=True)
class LocalRules:
    """The rules of one watch: within what time others' words are translated, and whom it calls when nobody attends."""

    translation: TranslationLimits = DEFAULT_LIMITS
    rota: Rota = NOBODY


NO_LOCAL_RULES = LocalRules()
