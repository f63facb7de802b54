"""The reference pages are made from the data, and those in the project are the ones that the data makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.pages import pages
from openline.catalogue.rendering import languages

FOLDER = Path(__file__).parents[2] / "docs" / "catalogue"
MADE = pages()


@pytest.mark.parametrize("name", MADE)
def test_a_committed_page_is_the_one_that_the_data_makes(name: str) -> None:
    """If this fails: openline catalogue docs."""
    assert (FOLDER / name).read_text(encoding="utf-8") == MADE[name]


def test_no_page_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(MADE)


def test_every_page_names_its_fields_and_shows_every_language() -> None:
    for kind in CATALOGUE.kinds.values():
        page = MADE[f"{kind.code}.md"]
        assert kind.meaning in page
        assert all(field.name in page and field.help in page for field in kind.fields)
        assert all(f"### {language.name} ({language.tag}," in page for language in languages())
        assert f"[{kind.code}]({kind.code}.md)" in MADE["README.md"]


def test_every_type_and_every_row_of_the_formats_has_its_line() -> None:
    used = {field.type for kind in CATALOGUE.kinds.values() for field in kind.fields}
    assert all(f"\n| {name} | `" in MADE["types.md"] for name in used)
    words = ("exact", "outward", "words", "lost")
    rows = [line.split(" | ") for line in MADE["formats.md"].splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 15
    assert all(cell.strip(" |") in words for row in rows for cell in row[1:])
