"""Fingerprints: twelve words of 2,048, read aloud, for the first 132 bits of a 32-byte digest.

The words are made by a rule and belong to no language, so everybody reads them letter by letter: three syllables of a
consonant and a vowel.  Any two differ in at least two of their six letters, so one letter misheard never makes another
word of the list.  132 bits are beyond any search for a second root with the same words; a charter's author could look
for two charters with the same words in some 2^66 steps and would gain nothing: each root signs the whole digest.
"""

from __future__ import annotations

from openline.errors import Misuse

WORDS = 12
WORD_BITS = 11
DIGEST_BYTES = 32

_CONSONANTS = "bdklmnst"  # pairs that many languages do not tell apart (l r, b v, f p, s z) have one member here
_VOWELS = "aeio"


def word(number: int) -> str:
    """Return word `number`, 0 to 2,047.

    From the top, the number's bits are first consonant (3), first vowel (2), second consonant (3), second vowel (2) and
    one more.  The third consonant is a check letter over all of them; the third vowel holds the last bit and a parity.
    """
    if not 0 <= number < 1 << WORD_BITS:
        raise Misuse(f"there is no word {number}: they are numbered from 0 to {(1 << WORD_BITS) - 1}")
    first, a = number >> 8, number >> 6 & 3
    second, b, last = number >> 3 & 7, number >> 1 & 3, number & 1
    third = (first + second + 2 * a + 2 * b + last) % 8
    c = 2 * last + (a + b) % 2
    letters = ((_CONSONANTS[first], _VOWELS[a]), (_CONSONANTS[second], _VOWELS[b]), (_CONSONANTS[third], _VOWELS[c]))
    return "".join(consonant + vowel for consonant, vowel in letters)


def fingerprint(digest: bytes) -> tuple[str, ...]:
    """Return the twelve words for a digest of 32 bytes: a charter's, or `RootKeys.hash`."""
    if len(digest) != DIGEST_BYTES:
        raise Misuse(f"a fingerprint is made of {DIGEST_BYTES} bytes, not of {len(digest)}")
    bits = int.from_bytes(digest, "big") >> (8 * DIGEST_BYTES - WORDS * WORD_BITS)
    mask = (1 << WORD_BITS) - 1
    return tuple(word(bits >> (WORD_BITS * place) & mask) for place in reversed(range(WORDS)))
