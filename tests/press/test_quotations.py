"""Quotation marks of many scripts are found; apostrophes are not; sentences end where they end."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.press.quotations import MASK, find_quotations, mask, split_sentences


def quoted(text: str) -> list[str]:
    return [one.words(text) for one in find_quotations(text)]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, find_quotations(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"We will," he said.', ["We will"]),
        ("“We will,” he said.", ["We will"]),
        ("«سنفتح الخط»، قال", ["سنفتح الخط"]),
        ("外相は「会う」と述べた", ["会う"]),
        ("„Wir werden“, sagte er", ["Wir werden"]),
        ("‘We will,’ he said of the minister’s offer.", ["We will"]),
        ("'We don't know,' he said.", ["We don't know"]),
        ("“He said ‘never’ to me,” she said.", ["He said ‘never’ to me"]),
        ("“One “two” three” four", ["One “two” three"]),
        ("the minister's offer and the ministers' answer", []),
        ('a 5" gun', []),
        ('" spaced', []),
        ("“Unclosed to the end of the paragraph", ["Unclosed to the end of the paragraph"]),
        ("He said: “It runs on", ["It runs on"]),
        ("a lone “ mark in the middle", []),
        ('ends with "', []),
        ("“one” and “two”", ["one", "two"]),
    ],
)
def test_quotations_are_found(text: str, words: list[str]) -> None:
    assert quoted(text) == words


def test_a_mask_hides_words_and_moves_nothing() -> None:
    text = 'He said "never" twice.'
    hidden = mask(text, find_quotations(text))
    assert hidden == f'He said "{MASK * 5}" twice.'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One ended. Another began.", ["One ended.", "Another began."]),
        ("The U.S. apparently agreed. It did.", ["The U.S. apparently agreed.", "It did."]),
        ("He met the U.N. He left.", ["He met the U.N.", "He left."]),
        ("Gen. Alba met Mr. Bora on Nov. 5 at noon.", ["Gen. Alba met Mr. Bora on Nov. 5 at noon."]),
        ('"It ended. It began," she said. He left.', ['"It ended. It began," she said.', "He left."]),
        ('He said "it ended." She left.', ['He said "it ended."', "She left."]),
        ('"Will it end?" Bora\'s envoy asked. It will.', ['"Will it end?" Bora\'s envoy asked.', "It will."]),
        ('She said: "It ended." Bora agreed.', ['She said: "It ended."', "Bora agreed."]),
        ("他说：“完了。”白宫拒绝。", ["他说：“完了。”", "白宫拒绝。"]),
        ('"It ended." "It began."', ['"It ended."', '"It began."']),
        ("“完了。”他说。然后走了。", ["“完了。”他说。", "然后走了。"]),
        ("他说。走了。", ["他说。", "走了。"]),
        ("It was 3.5 km long. end", ["It was 3.5 km long. end"]),
        ("  spaced out. ", ["spaced out."]),
    ],
)
def test_sentences_end_where_they_end(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(st.text(alphabet="aB .!?\"'“”‘’«»「」。\n", max_size=120))
def test_any_text_splits_into_its_own_pieces(text: str) -> None:
    quotations = find_quotations(text)
    assert all(0 <= one.start < one.end <= len(text) for one in quotations)
    assert all(one.end <= two.start for one, two in itertools.pairwise(quotations))
    bounds = split_sentences(text, quotations)
    assert len(mask(text, quotations)) == len(text)
    assert "".join("".join(text[start:end].split()) for start, end in bounds) == "".join(text.split())
