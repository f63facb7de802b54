"""Copies of one text in several outlets, recognised by the runs of words they share.

An agency's text is printed by many: five copies are one statement, not five.  Shingles are runs of five words (or ten
characters where words are not spaced); what counts is the share of the smaller page's shingles found in the other, so
that a shortened copy is still a copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from openline.press.tables import WORD

SHINGLE_WORDS = 5
SHINGLE_CHARACTERS = 10
SKETCH_HASHES = 128  # kept of a page in the ledger, the smallest; two sketches tell a copy from a common subject
COPY_SHARE_MIN = 0.5  # of the smaller page; two reports of one event by two desks share below a tenth


def shingles(paragraphs: Iterable[str]) -> frozenset[int]:
    """Return the hashes of the shingles of an article; no shingle crosses from one paragraph into the next."""
    found: set[int] = set()
    for paragraph in paragraphs:
        words = [word.lower() for word in WORD.findall(paragraph)]
        size = SHINGLE_WORDS
        if len(words) * 12 < len(paragraph):  # a script that does not space its words
            words, size = list("".join(words)), SHINGLE_CHARACTERS
        found.update(_hash(" ".join(words[place : place + size])) for place in range(max(0, len(words) - size + 1)))
    return frozenset(found)


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=6).digest(), "big")


def sketch(found: frozenset[int]) -> list[int]:
    """Return the smallest hashes of a page: enough to recognise a copy later without keeping its text."""
    return sorted(found)[:SKETCH_HASHES]


def shared(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share, 0 to 1, of the smaller page's shingles that the other page holds too."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def shared_by_sketch(one: list[int], other: list[int]) -> float:
    """Estimate the same from two sketches: compare them up to the largest hash that both could hold."""
    if not one or not other:
        return 0.0
    highest = min(
        one[-1] if len(one) == SKETCH_HASHES else 1 << 48, other[-1] if len(other) == SKETCH_HASHES else 1 << 48
    )
    return shared(
        frozenset(hash_ for hash_ in one if hash_ <= highest), frozenset(hash_ for hash_ in other if hash_ <= highest)
    )


def is_copy(share: float) -> bool:
    """Tell whether this share of common shingles makes two pages copies of one text."""
    return share >= COPY_SHARE_MIN
