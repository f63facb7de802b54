"""The page for translators says what is so."""

import re
import tomllib
from pathlib import Path

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.rendering import languages, load_glossary
from openline.catalogue.rendering.contract import shipped_contract

PAGE = (Path(__file__).resolve().parents[3] / "docs/translators.md").read_text(encoding="utf-8")


def test_the_table_shows_every_language_with_who_has_reviewed_it() -> None:
    rows = re.findall(r"^\| \w+ \| `(\w+)` \| ([\w-]+)", PAGE, re.MULTILINE)
    assert rows == [(language.tag, language.review.value) for language in languages()]


def test_every_phrase_and_file_that_the_page_names_exists() -> None:
    known = shipped_contract().phrases.keys() | shipped_contract().optional
    named = set(re.findall(r"`((?:value|field|unit)-[\w-]+|[A-Z]+\d+-[\w-]+)`", PAGE))
    assert len(named) > 8
    assert named <= known
    assert {f"languages/en/{name}" for name in re.findall(r"`(\w+\.ftl)`", PAGE)} <= CATALOGUE.files.keys()


def test_the_sample_of_a_glossary_loads() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert tomllib.loads(block)
    party = '[entry.alba]\ntype = "party"\nnames = {en = "Alba"}\n'
    glossary = load_glossary((party + block).encode("utf-8"))
    assert glossary.read_by("alba").name("Middle Sea", "ko") == "알바해"
