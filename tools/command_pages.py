"""docs/commands.md from the help texts of the commands, so that page and program cannot differ.

python -m tools.command_pages            write it
python -m tools.command_pages --check    exit 1 if it is not current
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from openline.cli import main as program

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
WIDTH = 100
HEAD = """# Commands

Made by `python -m tools.command_pages` from the help texts. For a station's machine: [operations.md](operations.md).

Every command that answers something has `--json`; then one JSON object is printed, also for an error:
`{"error": {"rule", "message", "hint"}}`. With `id` in it something was said, or may have been: `openline show ID`
tells. With `draft` in it a draft was kept.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | refused: a rule of the specification, by its number |
| 2 | wrong use: the command, its fields, its files, or what the charter does not allow |
| 3 | not available now: no daemon, relay or file; a lost answer (look); or a fault of this program, to be reported |
| 4 | the disk failed: nothing was promised; see operations.md |
| 5 | what was waited for did not happen in time; what was said stays said, and a draft is kept |
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with its words, groups before what is in them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def help_of(path: tuple[str, ...], command: click.Command) -> str:
    """Return a command's help as a terminal of WIDTH columns shows it."""
    # Under the program's own context, as when it runs: a command keeps the help option it was first given.
    settings = {**program.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    context = click.Context(command, info_name=" ".join(("openline", *path)), **settings)
    return command.get_help(context)


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for path, command in commands(program):
        parts.append(f"{'#' * (len(path) + 1)} openline {' '.join(path)}\n\n```text\n{help_of(path, command)}\n```\n")
    return "\n".join(parts)


def main() -> None:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is not current")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        sys.exit("docs/commands.md is not current: run python -m tools.command_pages")


if __name__ == "__main__":
    main()
