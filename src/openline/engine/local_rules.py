"""What one station's administrator decides for its own watch.  Local: never sent, and no other party sees it."""

from __future__ import annotations

from dataclasses import dataclass

from openline.engine.translations import DEFAULT_LIMITS, TranslationLimits


@dataclass(frozen=True, slots=True)
class LocalRules:
    """The rules of one watch: within what time others' words are translated."""

    translation: TranslationLimits = DEFAULT_LIMITS


NO_LOCAL_RULES = LocalRules()
