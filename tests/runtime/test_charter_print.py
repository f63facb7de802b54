"""A charter on paper: the same facts in every language, and nothing that a text can smuggle in."""

import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.charter import Charter, Evidence, Witness, draft_charter, fingerprint
from openline.runtime.charter_form import standard_rules
from openline.runtime.charter_print import as_html, as_text, languages_printed, page
from openline.wire.statement import Status
from tests.charter.world import ALBA, BORA, CENDRA, amendment, charter, first, member, seed, signed

N1 = CATALOGUE.kind("N1").number
FULL = replace(
    charter(ALBA, BORA, CENDRA),
    texts=(("en", "Two lines\nof text."), ("ko", "글")),
    annexes=(("map", seed("map")),),
    kinds=(N1, 254),
    statuses=(Status.TEST,),
    rules=replace(
        standard_rules(),
        deadlines=((N1, 90_061),),
        witnesses=(Witness("witness.example/1", 6, bytes(1312)),),
        unreviewed_renderings=True,
    ),
)


def words(language: str) -> dict[str, str]:
    file = resources.files("openline.runtime") / "data" / "charter" / f"{language}.toml"
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    assert all(isinstance(text, str) for text in found.values())
    return found


def text(of: Charter, language: str, before: Charter | None = None) -> str:
    return as_text([page(draft_charter(of), before, language)])


@pytest.mark.parametrize("language", languages_printed())
def test_every_language_has_the_same_words_and_none_twice(language: str) -> None:
    own = words(language)
    assert list(own) == list(words("en"))
    assert all(own[key] for key in own if key != "unreviewed_print")
    assert own["provable"] != own["deniable"]
    assert own["yes"] != own["no"]
    assert own["signed"] != own["missing"]
    assert bool(own["unreviewed_print"]) is (language != "en")


@pytest.mark.parametrize("language", languages_printed())
def test_every_fact_stands_in_every_language(language: str) -> None:
    one = signed(FULL, ALBA)
    printed = as_text([page(one, None, language)])
    facts = [
        one.digest.hex(), " ".join(fingerprint(one.digest)), FULL.catalogue.hex(), seed("map").hex(),
        "1 d 1 h 1 min 1 s", "witness.example/1", "N1 (planned launch)", "254", "600", "cendra", words(language)["yes"],
        *(" ".join(fingerprint(each.root.hash)) for each in FULL.members),
    ]  # fmt: skip
    assert [fact for fact in facts if fact not in printed] == []
    states = [line for line in printed.splitlines() if words(language)["missing"] in line]
    assert len(states) == 2


def test_a_text_is_printed_in_its_own_language() -> None:
    assert "    Two lines\n    of text." in text(FULL, "en")
    assert "글" in text(FULL, "ko")
    assert "Two lines" not in text(FULL, "ko")


def test_a_language_without_words_of_its_own_has_english_ones() -> None:
    assert text(FULL, "sw").startswith("Charter 1")


def test_the_two_kinds_of_evidence_read_differently() -> None:
    deniable = replace(charter(), rules=replace(standard_rules(), approvals=(), evidence=Evidence.DENIABLE))
    assert words("en")["deniable"] in text(deniable, "en")
    assert words("en")["provable"] in text(FULL, "en")


def test_a_former_root_is_named_as_such() -> None:
    three = signed(charter(ALBA, BORA, CENDRA))
    without = replace(amendment(three), members=(member(ALBA), member(BORA)))
    printed = text(without, "en", three.charter)
    assert "Cendra (former root): missing" in printed
    assert three.digest.hex() in printed
    assert first().digest.hex() not in printed


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_html_has_a_sheet_for_each_language_and_nothing_active() -> None:
    hostile = replace(FULL, texts=(("en", "<script>alert(1)</script>"), ("ko", "a\u202eb\x1b[2J")))
    one = draft_charter(hostile)
    html = as_html([page(one, None, language) for language in ("en", "ko", "ar")])
    parser = Tags()
    parser.feed(html)
    sheets = [attributes for tag, attributes in parser.seen if tag == "section"]
    assert [(sheet["lang"], sheet["dir"]) for sheet in sheets] == [("en", "ltr"), ("ko", "ltr"), ("ar", "rtl")]
    tags = {tag for tag, _ in parser.seen}
    assert tags == {"html", "head", "meta", "title", "style", "body", "section", "h1", "dl", "dt", "dd", "p"}
    assert not [attributes for _, attributes in parser.seen if attributes.keys() & {"href", "src", "onclick"}]
    for hidden in ("\x1b", "\u202e"):
        assert hidden not in html
        assert hidden not in as_text([page(one, None, "ko")])
