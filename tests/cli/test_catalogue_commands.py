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


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"\xff\xfe", "no text in UTF-8"),
        (b"[" * 200_000, "holds no JSON that can be read"),
        (b'{"type": "' + b"x" * 2_000_000 + b'"}', "longer than"),
        (b'{"type": "firing", "type": "other"}', "'type' stands in it twice"),
        (b"[1]", "no JSON object"),
        (b"", "holds no JSON"),
    ],
)
@pytest.mark.parametrize("piped", [True, False])
def test_fields_that_cannot_be_read_are_refused_with_the_reason(
    tmp_path: Path, content: bytes, named: str, piped: bool
) -> None:
    file = tmp_path / "fields.json"
    file.write_bytes(content)
    command = ["render", "--kind", "N7", "--fields", "-" if piped else str(file)]
    result = CliRunner().invoke(main, command, input=content if piped else None)
    assert result.exit_code == 2
    assert named in result.stderr
    assert ("standard input" if piped else "fields.json") in result.stderr
    assert "hint:" in result.stderr


def test_a_file_that_is_not_there_and_a_folder_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    missing = CliRunner().invoke(main, ["render", "--kind", "N7", "--fields", str(tmp_path / "no.json")])
    assert (missing.exit_code, "No such file" in missing.stderr) == (2, True)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    written = CliRunner().invoke(main, ["catalogue", "docs", str(tmp_path / "file" / "docs")])
    assert (written.exit_code, "cannot be written" in written.stderr) == (2, True)
