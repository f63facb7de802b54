"""What a page tells its reader to type is a command that exists, with the options it has."""

import shlex
from pathlib import Path

import click
import pytest

from openline.cli import main
from tests.style.test_documents import PAGES, shell_lines
from tests.style.tree import name_of


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words name, and the words that are left for it."""
    command: click.Command = main
    context = click.Context(command)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"no command {words[0]!r} in `openline {command.name or ''}`"
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_openline_command_a_page_tells_to_type_exists_with_its_options(page: Path) -> None:
    for line in shell_lines(page):
        words = shlex.split(line, comments=True)
        if words[:1] != ["openline"]:
            continue
        command, rest = command_of(words[1:])
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        asked = {word.partition("=")[0] for word in rest if word.startswith("--")} - {"--help"}
        assert asked <= known, line
