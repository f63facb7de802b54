"""What the session rules ask of clocks: whole days, for the keys' own housekeeping, and nothing about acceptance.

A creation time names a prekey or an epoch and only has to rise.  To refuse one because it lies in the future would let
a dead battery at either end cut the line.  But a time near the end of what four bytes hold would leave no room for the
next one, so those are refused.
"""

from __future__ import annotations

from openline.errors import Inadmissible

DAY_S = 86_400
CREATED_MAX = 0xF000_0000  # in the year 2097; what is left would last nine years of one key a second


def day_of(utc: int) -> int:
    """Return the number of the UTC day."""
    return utc // DAY_S


def creation_time(utc: int, last: int) -> int:
    """Return when a key is made that follows one of `last`: now, or one later than that if the clock says no such time.

    A clock beyond what peers take would otherwise leave its last mark for ever: even after `rekey` a key must be later.
    """
    return max(utc if utc < CREATED_MAX else 0, last + 1)


def refuse_last(created: int) -> None:
    """Raise Inadmissible (R49) if a key's creation time leaves no room for later ones."""
    if created > CREATED_MAX:
        raise Inadmissible(
            "R49",
            "a prekey or an epoch says that it was made after 2097",
            hint="The peer's clock is wrong. Tell them by voice to set it, and to say rekey.",
            created=created,
        )
