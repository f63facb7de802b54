"""Languages say who has reviewed them, and a phrase is said whole or not at all."""

import re

import pytest

from openline.catalogue.kinds import CATALOGUE, Field
from openline.catalogue.kinds.values import Choice, Embedded, Record
from openline.catalogue.rendering import (
    EMPTY,
    Language,
    Review,
    UnknownLanguage,
    WordingBroken,
    facts_in,
    language_files_hash_inputs,
    languages,
    sample_glossary,
)
from openline.catalogue.rendering.contract import contract, shipped_contract, value_phrase
from openline.catalogue.rendering.languages import Library, Words, words
from openline.catalogue.rendering.values import Speaker
from openline.catalogue.untrusted import LRI, PDI

ENGLISH = languages()[0]


def test_there_are_eight_languages_and_only_the_reference_needs_no_acceptance() -> None:
    assert [language.tag for language in languages()] == ["en", "ko", "ar", "fr", "es", "ru", "zh", "ja"]
    assert [language.tag for language in languages() if not language.unreviewed] == ["en"]
    assert {language.tag for language in languages() if language.review is Review.BACK_READ} == {"ko", "ar"}
    assert [language.tag for language in languages() if language.right_to_left] == ["ar"]


def test_a_phrase_that_is_missing_is_never_shown() -> None:
    with pytest.raises(WordingBroken, match="missing"):
        words("en").say("no-such-phrase")


def test_a_variable_that_a_phrase_leaves_out_or_lacks_is_never_overlooked() -> None:
    said = Words(ENGLISH, {"a.ftl": "dropped = about { $one }\nempty =\n    .attribute = x\n"})
    assert said.say("dropped", one="1") == "about 1"
    with pytest.raises(WordingBroken, match="fit"):
        said.say("dropped", one="1", two="2")
    with pytest.raises(WordingBroken, match="fit"):
        said.say("dropped")
    with pytest.raises(WordingBroken, match="missing"):
        said.say("empty")


def test_a_text_of_any_length_goes_into_a_phrase_whole_and_makes_no_other_of_it() -> None:
    """Fluent takes 2,500 characters: a longer text of a peer made `inbox` and `watch` end, for all messages."""
    said = Words(ENGLISH, {"a.ftl": "both = { $one }, then { $two }, then { $one }\n"})
    for count in (2_500, 2_501, 100_000):
        one = "o" * count
        assert said.say("both", one=one, two="two") == f"{one}, then two, then {one}"
    one, two = "$one" * 1_000, "{ $one }" * 1_000
    assert said.say("both", one=one, two=two) == f"{one}, then {two}, then {one}"


def test_a_number_keeps_its_digits_and_its_order() -> None:
    assert words("en").technical("38.123456N 1.5E") == "38.123456N 1.5E"
    assert words("ar").technical("38.123456N 1.5E") == f"{LRI}38.123456N 1.5E{PDI}"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownLanguage):
        Library(CATALOGUE.files).words("eo")
    with pytest.raises(UnknownLanguage):
        facts_in("any", "eo")


def test_the_hash_covers_every_language_and_glossary() -> None:
    paths = [path for path, _ in language_files_hash_inputs()]
    assert paths == sorted(paths)
    assert {f"languages/{language.tag}/kinds.ftl" for language in languages()} <= set(paths)
    assert "languages/languages.toml" in paths
    assert any(path.startswith("languages/glossaries/") for path in paths)
    assert set(paths) <= {path for path, _ in CATALOGUE.manifest()}


def test_what_has_no_words_is_refused_and_not_guessed() -> None:
    speaker = Speaker(words("en"), EMPTY)
    field = Field(number=1, name="colour", type="enumeration", help="", values=("red",))
    with pytest.raises(WordingBroken):
        speaker.value(field, Choice("red", 0), {})
    with pytest.raises(WordingBroken, match="no words"):
        speaker.value(field, Embedded("N1", 4, Record({}, {})), {})


def test_every_enumeration_value_of_every_kind_has_its_phrase_in_the_contract() -> None:
    phrases = contract(CATALOGUE).phrases
    for kind in CATALOGUE.kinds.values():
        for field in kind.fields:
            assert all(value_phrase(field, code) in phrases for code in field.values)


def test_names_of_the_glossary_hold_no_digit() -> None:
    assert not [name for name in sample_glossary().all_names() if re.search(r"\d", name)]


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.tag)
def test_no_language_lends_a_words_of_an_act_to_anything_else(language: Language) -> None:
    """Facts are read back by whole phrases, so an act's phrase may be no other value's."""
    acts = {phrase for pair in shipped_contract().negations for phrase in pair if phrase.startswith("value-")}
    said = {words(language.tag).say(phrase) for phrase in acts}
    others = {phrase for phrase, variables in shipped_contract().phrases.items() if not variables} - acts
    assert {phrase for phrase in others if words(language.tag).say(phrase) in said} == set()
