"""The catalogue at the terminal: listed, shown, checked, written, and in the world's formats."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from openline.catalogue.kinds import CATALOGUE
from openline.cli import main


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result.stdout if status == 0 else result.stderr


def test_every_kind_is_listed_with_the_catalogues_hash() -> None:
    found = json.loads(run("catalogue", "list", "--json"))
    assert {kind["code"] for kind in found["kinds"]} == {kind.code for kind in CATALOGUE.kinds.values()}
    assert len(bytes.fromhex(found["hash"])) == 32
    assert found["hash"] in run("catalogue", "list")


def test_one_kind_is_shown_with_fields_replies_and_limits() -> None:
    found = json.loads(run("catalogue", "show", "n7", "--json"))
    assert {"type", "time"} <= {field["name"] for field in found["fields"] if field["required"]}
    assert found["replies"]
    assert "# N7" in run("catalogue", "show", "N7")


def test_nothing_is_found_in_the_words_and_a_finding_would_end_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(run("catalogue", "lint", "--json")) == {"findings": []}
    monkeypatch.setattr("openline.catalogue.rendering.lint", lambda: ["N7 en: a variable is missing"])
    result = CliRunner().invoke(main, ["catalogue", "lint"])
    assert result.exit_code == 1
    assert "a variable is missing" in result.stdout


def test_the_reference_pages_are_written(tmp_path: Path) -> None:
    run("catalogue", "docs", tmp_path / "pages")
    assert (tmp_path / "pages" / "N7.md").is_file()


def test_an_alert_that_is_none_is_refused_with_words(tmp_path: Path) -> None:
    file = tmp_path / "alert.xml"
    file.write_text("<html/>", encoding="utf-8")
    result = CliRunner().invoke(main, ["import", "--format", "cap", str(file)])
    assert result.exit_code in (1, 2)
    assert "error: " in result.stderr
