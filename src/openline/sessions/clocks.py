"""What the session rules ask of clocks: whole days, and how far ahead a peer's clock may be."""

from __future__ import annotations

from openline.errors import Inadmissible

DAY_S = 86_400
CLOCK_AHEAD_MAX_S = DAY_S  # a station whose clock was wrong is believed again within a day of setting it right


def day_of(utc: int) -> int:
    """Return the number of the UTC day."""
    return utc // DAY_S


def refuse_future(created: int, utc: int) -> None:
    """Raise Inadmissible (R49) if a key says that it was made more than a day from now."""
    if created > utc + CLOCK_AHEAD_MAX_S:
        raise Inadmissible(
            "R49",
            "a prekey or an epoch says that it was made more than a day from now",
            hint="One of the two clocks is wrong. Compare them by voice and set the wrong one.",
            ahead_s=created - utc,
        )
