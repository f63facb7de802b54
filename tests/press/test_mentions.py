"""A noun phrase names a speaker, or it does not; it never swallows what stands around it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.press.mentions import TOKENS_MAX, People, find_mentions, learn_people, mention_at


@pytest.mark.parametrize(
    ("phrase", "kind", "party"),
    [
        ("the foreign minister of Alba", "role", "Alba"),
        ("Alba's defence ministry", "role", "Alba"),
        ("Alba’s army", "role", "Alba"),
        ("a spokesman for the U.S. Mission to the U.N.", "role", "United States"),
        ("the White House National Security Council spokesman", "role", "United States"),
        ("The National Security Council", "body", None),
        ("the Security Council", "body", "United Nations"),
        ("The White House", "body", "United States"),
        ("Pyongyang", "party", "DPR Korea"),
        ("both sides", "joint", None),
        ("Alba and Bora", "joint", None),
        ("she", "pronoun", None),
        ("experts", "vague", None),
        ("Two people with knowledge of the letter", "role", None),
        ("the speaker of parliament", "role", None),
        ("Secretary of State First Surname", "person", "United States"),
        ("First Surname", "person", None),
        ("UN Undersecretary General for Political Affairs First Surname", "person", "United Nations"),
        ("spokesman for U.N. Secretary-General First Surname", "role", "United Nations"),
    ],
)
def test_phrases_that_name_a_speaker(phrase: str, kind: str, party: str | None) -> None:
    for behind in (" said", " softened its tone", ", who wrote", ""):
        found = mention_at(phrase + behind, 0, People())
        assert found is not None
        assert (found.text, found.kind, found.party) == (phrase, kind, party)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Alba's claim",
            "the river",
            "Hopes rose",
            "said the",
            "Tuesday Talks",
            "the two",
            "one side",
        ),
        *("", "  ", "the " + "deputy " * TOKENS_MAX + "minister"),
    ],
)
def test_phrases_that_name_nobody(text: str) -> None:
    assert mention_at(text, 0, People()) is None


def test_a_preposition_at_the_end_of_the_text_describes_nothing() -> None:
    found = mention_at("the minister of", 0, People())
    assert found is not None
    assert found.text == "the minister"


def test_people_are_learned_with_the_office_before_or_behind_their_name() -> None:
    people = learn_people(
        [
            "Foreign Minister First Surname of Bora arrived. Surname waved.",
            "Other Family, the foreign minister of Alba, waited. Third Family, a quiet man, did not.",
            "Fourth Clan, spokesman for U.N. Secretary-General Fifth House, spoke. Sixth Somebody, unknown",
        ]
    )
    assert people.offices["First Surname"][0] == "Foreign Minister"
    assert people.offices["Other Family"] == ("foreign minister of Alba", "Alba")
    assert people.offices["Third Family"] == (None, None)
    assert people.offices["Fourth Clan"] == ("spokesman for U.N. Secretary-General Fifth House", "United Nations")
    assert people.full("Surname") == "First Surname"
    assert people.full("Nobody") is None


@given(st.text(alphabet="The ministerofAlban'’s,. UN", max_size=80))
def test_mentions_are_pieces_of_their_text_in_order(text: str) -> None:
    found = find_mentions(text, People())
    assert all(one.text == text[one.start : one.end] for one in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
