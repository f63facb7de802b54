"""Names come from the charter's glossary and from nowhere else, each party's as it calls things itself."""

import pytest

from openline.catalogue.rendering import EMPTY, GlossaryBroken, Language, languages, load_glossary, sample_glossary
from openline.catalogue.rendering.glossary import ENTRIES_MAX, NAME_CHARACTERS_MAX

ALBA = '[entry.alba]\ntype = "party"\nnames = {en = "Alba"}\n'


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.tag)
def test_the_sample_names_its_three_countries_in_every_language(language: Language) -> None:
    names = [sample_glossary().name(party, language.tag) for party in ("alba", "bora", "cendra")]
    assert None not in names
    assert len(set(names)) == 3


def test_one_sea_has_a_name_of_each_party_and_an_agreed_one_for_others() -> None:
    glossary = sample_glossary()
    names = {glossary.read_by(reader).name("middle-sea", "ko") for reader in ("alba", "bora", "cendra", "")}
    assert names == {"알바해", "서쪽바다", "중간해"}


@pytest.mark.parametrize(
    "typed", ["middle-sea", "Middle Sea", "MIDDLE SEA", "middle_sea", "Sea of Alba", "Западное море"]
)
def test_a_thing_is_found_by_its_id_or_by_any_of_its_names(typed: str) -> None:
    entry = sample_glossary().find(typed)
    assert entry is not None
    assert entry.id == "middle-sea"


def test_what_the_glossary_does_not_hold_has_no_name() -> None:
    assert sample_glossary().find("Atlantis") is None
    assert sample_glossary().name("Atlantis", "en") is None
    assert sample_glossary().name("alba", "eo") is None
    assert EMPTY.name("alba", "en") is None
    assert list(EMPTY.all_names()) == []


def test_a_partys_own_name_in_one_language_leaves_the_others_as_agreed() -> None:
    own = ALBA + '[entry.sea]\ntype = "sea"\nnames = {en = "Sea", fr = "Mer"}\nof.alba = {en = "Our Sea"}\n'
    glossary = load_glossary(own.encode()).read_by("alba")
    assert (glossary.name("sea", "en"), glossary.name("sea", "fr")) == ("Our Sea", "Mer")


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("entry = ", "Invalid value"),
        ("[entries.alba]", "At most"),
        ("entry = 1", "At most"),
        ("".join(f"[entry.a{n}]\n" for n in range(ENTRIES_MAX + 1)), "At most"),
        (ALBA.replace("alba]", "Alba]"), "small ASCII"),
        (ALBA.replace("entry.alba", 'entry."ält"'), "small ASCII"),
        ('[entry.alba]\ntype = "party"\n', "type, names"),
        ("entry = {alba = 1}", "type, names"),
        (ALBA + "colour = 1\n", "type, names"),
        (ALBA.replace('"party"', '"planet"'), "one of party"),
        (ALBA + "of = 1\n", "table of parties"),
        (ALBA + 'of.bora = {en = "X"}\n', "does not have"),
        (ALBA.replace('{en = "Alba"}', "{}"), "table of languages"),
        (ALBA.replace('{en = "Alba"}', '"Alba"'), "table of languages"),
        (ALBA.replace('"Alba"', "1"), "characters"),
        (ALBA.replace('"Alba"', '" Alba"'), "characters"),
        (ALBA.replace('"Alba"', f'"{"a" * (NAME_CHARACTERS_MAX + 1)}"'), "characters"),
        (ALBA.replace('"Alba"', '"Al\\u202eba"'), "hidden"),
        (ALBA + '[entry.bora]\ntype = "party"\nnames = {en = "ALBA"}\n', "looks the same"),
        (ALBA + '[entry.bora]\ntype = "party"\nnames = {ru = "Аlbа"}\n', "looks the same"),
    ],
)
def test_a_glossary_that_can_mislead_is_refused(content: str, hint: str) -> None:
    with pytest.raises(GlossaryBroken) as caught:
        load_glossary(content.encode("utf-8"))
    assert hint.lower() in caught.value.hint.lower()


def test_a_glossary_is_utf8() -> None:
    with pytest.raises(GlossaryBroken):
        load_glossary(b"\xff")
