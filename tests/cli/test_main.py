"""The command line as a stranger meets it: every command is there, teaches itself, and errs in words."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from openline.cli import main
from openline.cli.main import COMMANDS

PROGRAM = [sys.executable, "-m", "openline.cli"]
WITHOUT_JSON = {
    "watch": "follows for ever and prints as it goes",
    "lab up": "runs in the foreground until Ctrl-C",
    "station run": "runs until it is stopped; its log is JSON",
    "relay run": "runs until it is stopped; its log is JSON",
    "export": "prints a document of another format",
    "charter form": "prints a form to fill in",
    "press confirm": "asks a person about each statement",
}


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"{name} is listed and is not there"
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))


def commands() -> list[tuple[str, click.Command]]:
    return [(path, command) for path, command in every_command(main)]


def test_every_command_that_is_listed_exists() -> None:
    listed = main.list_commands(click.Context(main))
    assert listed == sorted(COMMANDS)
    assert main.get_command(click.Context(main), "nothing") is None


@pytest.mark.parametrize(("path", "command"), commands(), ids=[path for path, _ in commands()])
def test_every_command_has_a_help_text_with_an_example_and_answers_scripts(path: str, command: click.Command) -> None:
    shown = CliRunner().invoke(main, [*path.split(), "--help"])
    assert shown.exit_code == 0
    assert f"openline {path.partition(' ')[0]}" in (command.help or ""), "no example"
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option)), (
        "an option's help"
    )
    options = {name for parameter in command.params for name in parameter.opts}
    assert isinstance(command, click.Group) or "--json" in options or path in WITHOUT_JSON
    assert max(map(len, shown.output.splitlines())) <= 120


def test_help_is_quick_because_it_imports_no_engine() -> None:
    code = "import sys; import openline.cli; print(sorted(m for m in sys.modules if m.startswith('openline.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "openline.engine" not in loaded
    assert "openline.runtime" not in loaded


def test_completion_for_bash_offers_commands_and_options() -> None:
    environment = {**os.environ, "_OPENLINE_COMPLETE": "bash_complete", "COMP_WORDS": "openline se", "COMP_CWORD": "1"}
    found = subprocess.run(PROGRAM, env=environment, capture_output=True, text=True, check=True).stdout
    assert "plain,send" in found.splitlines()
    environment |= {"COMP_WORDS": "openline send --prec", "COMP_CWORD": "2"}
    found = subprocess.run(PROGRAM, env=environment, capture_output=True, text=True, check=True).stdout
    assert "plain,--precedence" in found.splitlines()


def test_the_script_for_completion_is_one_that_bash_reads() -> None:
    environment = {**os.environ, "_OPENLINE_COMPLETE": "bash_source"}
    script = subprocess.run(PROGRAM, env=environment, capture_output=True, text=True, check=True).stdout
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["send", "--home", "x"], ["lab", "create"], ["send", "--nonsense"]]
)
def test_wrong_use_ends_with_2_and_says_where_help_is(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "--help" in result.stderr


def test_wrong_use_is_json_for_a_script() -> None:
    result = CliRunner().invoke(main, ["send", "--home", "x", "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["message"] == "Missing option '--kind'."


@pytest.mark.parametrize(
    "arguments",
    [
        ["roster", "show"],
        ["charter", "nothing"],
        ["party", "new"],
        ["press", "--nonsense"],
        ["--nonsense"],
        ["nonsense"],
    ],
)
def test_wrong_use_of_any_group_is_one_json_object_and_no_more(arguments: list[str]) -> None:
    """A script reads one document, wherever in the command line the fault is."""
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["message"]


@pytest.mark.parametrize(
    ("number", "status"),
    [(errno.ENOSPC, 4), (errno.EIO, 4), (errno.EACCES, 2), (errno.EISDIR, 2), (errno.ENOENT, 2), (errno.EMFILE, 3)],
)
def test_what_the_operating_system_refuses_ends_with_a_documented_code_and_names_the_file(
    monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    """Never 1, which means that a rule refused it; what no start mends ends with a code that no service restarts."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "alba/station.toml")

    monkeypatch.setattr("openline.cli.catalogue.tell", refuse)
    result = CliRunner().invoke(main, ["catalogue", "list", "--json"])
    assert result.exit_code == status
    assert f"alba/station.toml cannot be used: {os.strerror(number)}" in result.stderr
    assert "\nhint:  " in result.stderr
    assert json.loads(result.stdout)["error"]["message"] in result.stderr


def test_a_fault_of_the_program_is_told_with_its_place_and_nothing_of_what_it_worked_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("words of a message")

    monkeypatch.setattr("openline.cli.catalogue.tell", fail)
    result = CliRunner().invoke(main, ["catalogue", "list", "--json"])
    assert result.exit_code == 3
    assert "a fault of this program: KeyError at test_main.py:" in result.stderr
    assert "catalogue.py:" in result.stderr
    assert "Report this line" in json.loads(result.stdout)["error"]["hint"]
    assert "words of a message" not in result.output


@pytest.mark.parametrize("told_to", ["/dev/full", "/dev/null"])
def test_an_answer_that_no_disk_takes_ends_with_4_and_no_traceback(told_to: str) -> None:
    """`openline inbox > file` on a full disk; also when what is wrong can be told to nobody."""
    with Path("/dev/full").open("w") as full, Path(told_to).open("w") as words:
        command = [*PROGRAM, "catalogue", "list", "--json"]
        assert subprocess.run(command, stdout=full, stderr=words, check=False).returncode == 4
        if told_to == "/dev/null":
            told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False).stderr
            assert told.startswith("error: ")
            assert "Traceback" not in told


def test_an_error_is_told_in_words_with_a_hint_and_as_json() -> None:
    result = CliRunner().invoke(main, ["catalogue", "show", "Z9", "--json"])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "\nhint:  " in result.stderr
    assert json.loads(result.stdout)["error"]["hint"]


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    """`openline catalogue list | head -1` closes the pipe while there is more to say."""
    command = f"{sys.executable} -m openline.cli catalogue list --json | head -c 1; exit ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr


def test_no_command_colours_its_words() -> None:
    """NO_COLOR needs no test of its own: nothing is coloured, every meaning stands in a word."""
    result = CliRunner().invoke(main, ["catalogue", "list"], color=True)
    assert "\x1b" not in result.output
