"""docs/press.md says what is there: every key, every error, every table; and its example runs."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import openline.press
from openline.press import PageRejected
from openline.press.tables import load
from tests.press.support import page_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "press.md").read_text(encoding="utf-8")
TABLES = ROOT / "src" / "openline" / "press" / "tables"


def test_every_key_of_page_and_statement_is_explained() -> None:
    page = page_of("The envoy of Cendra said on Monday that the line was open.").to_json()
    said = page["statements"][0]["said"]
    for key in (*page, *page["statements"][0], *said, *page["set_aside"]):
        assert f"`{key}`" in TEXT, key


def test_every_error_and_every_table_is_named() -> None:
    for name in dir(openline.press):
        kind = getattr(openline.press, name)
        if isinstance(kind, type) and issubclass(kind, PageRejected) and kind is not PageRejected:
            assert f"`{name}`" in TEXT
    for path in TABLES.iterdir():
        assert load(path.stem)
        assert f"`{path.name}`" in TEXT, path.name


def test_the_example_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    assert runpy.run_path(str(tmp_path / "example.py"))["page"] is not None


def test_every_pattern_of_the_tables_compiles_and_no_word_stands_twice() -> None:
    def walk(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            if all(isinstance(word, str) for word in value):
                assert len(value) == len(set(value)), value
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            re.compile(value)

    for name in ("furniture", "details", "calendar"):
        walk(load(name))
