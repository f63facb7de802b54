"""Twelve words that people can read to each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.charter import fingerprint
from openline.charter.fingerprint import word
from openline.errors import Misuse

ALL = [word(number) for number in range(2_048)]
LETTERS = ("bdklmnst", "aeio") * 3


def test_there_are_2048_words_of_three_syllables() -> None:
    assert len(set(ALL)) == 2_048
    assert (ALL[0], ALL[-1]) == ("bababa", "totoli")
    assert all(len(one) == 6 and all(a in b for a, b in zip(one, LETTERS, strict=True)) for one in ALL)


def test_one_letter_misheard_is_no_other_word() -> None:
    listed = set(ALL)
    for one in ALL:
        for place, letters in enumerate(LETTERS):
            near = {one[:place] + letter + one[place + 1 :] for letter in letters if letter != one[place]}
            assert not near & listed


@pytest.mark.parametrize("number", [-1, 2_048])
def test_there_is_no_other_word(number: int) -> None:
    with pytest.raises(Misuse):
        word(number)


def test_a_fingerprint_is_the_first_132_bits() -> None:
    assert fingerprint(bytes(32)) == (ALL[0],) * 12
    assert fingerprint(b"\xff" * 32) == (ALL[-1],) * 12
    assert fingerprint((5 << 124).to_bytes(32, "big")) == (*(ALL[0],) * 11, ALL[5])


@given(st.binary(min_size=32, max_size=32))
def test_the_words_give_the_bits_back(digest: bytes) -> None:
    bits = 0
    for one in fingerprint(digest):
        bits = bits << 11 | ALL.index(one)
    assert bits == int.from_bytes(digest, "big") >> 124


@pytest.mark.parametrize("length", [0, 20, 31, 33])
def test_only_a_whole_digest_has_a_fingerprint(length: int) -> None:
    with pytest.raises(Misuse):
        fingerprint(bytes(length))
