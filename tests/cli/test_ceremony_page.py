"""The page about the ceremony shows commands that exist, with options that they take."""

import re
import shlex
from pathlib import Path

import click
import pytest

from openline.cli import main

PAGE = Path(__file__).parents[2] / "docs/ceremony.md"
COMMANDS = re.findall(r"^openline (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def resolved(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and the words after it."""
    command: click.Command = main
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        assert found, words
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_page_is_taken_as_it_stands(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "relay").mkdir()
    monkeypatch.chdir(tmp_path)
    command, words = resolved(shlex.split(line.partition(" > ")[0]))
    assert command.make_context("openline", words).command is command


@pytest.mark.parametrize("group", ["party", "charter", "roster"])
def test_every_command_of_the_ceremony_stands_on_the_page_or_explains_itself(group: str) -> None:
    command = main.get_command(click.Context(main), group)
    assert isinstance(command, click.Group)
    for name, each in command.commands.items():
        assert f"openline {group} {name}" in (each.help or ""), name
