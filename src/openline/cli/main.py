"""The command `openline`: its groups are imported when they are asked for, so that help and completion are quick."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from openline.cli.answers import Guarded

COMMANDS = {
    "accident": "openline.cli.say:accident",
    "ack": "openline.cli.say:ack",
    "alarms": "openline.cli.see:alarms",
    "answer": "openline.cli.say:answer",
    "approve": "openline.cli.say:approve",
    "attend": "openline.cli.see:attend",
    "bench": "openline.cli.bench:bench",
    "catalogue": "openline.cli.catalogue:catalogue",
    "change": "openline.cli.change:change",
    "charter": "openline.cli.ceremony:charter",
    "compose": "openline.cli.catalogue:compose",
    "crisis": "openline.cli.crisis:crisis",
    "demo": "openline.cli.demo:demo",
    "drafts": "openline.cli.say:drafts",
    "export": "openline.cli.catalogue:export",
    "forks": "openline.cli.see:forks",
    "import": "openline.cli.catalogue:import_",
    "inbox": "openline.cli.see:inbox",
    "lab": "openline.cli.lab:lab",
    "lines": "openline.cli.see:lines",
    "party": "openline.cli.ceremony:party",
    "pass-on": "openline.cli.say:pass_on",
    "press": "openline.cli.press:press",
    "principal": "openline.cli.say:principal",
    "refuse": "openline.cli.say:refuse",
    "refused": "openline.cli.see:refused",
    "rekey": "openline.cli.keys:rekey",
    "relay": "openline.cli.daemons:relay",
    "remind": "openline.cli.see:remind",
    "render": "openline.cli.catalogue:render",
    "roster": "openline.cli.roster:roster",
    "send": "openline.cli.say:send",
    "show": "openline.cli.see:show",
    "simulate": "openline.cli.simulate:simulate",
    "station": "openline.cli.daemons:station",
    "translate": "openline.cli.translate:translate",
    "watch": "openline.cli.watch:watch",
}
"""Command → module and name.  A test checks that each exists and has a help text with an example."""


class Lazy(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None if there is none of this name."""
        del ctx
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: Any = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None


class Main(Guarded, Lazy):
    """The whole program: what goes wrong on purpose is told in words, with what to do next and an exit code."""


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="openline")
def main() -> None:
    """An open crisis line: what was said, when, on whose authority, and what was answered, provable by both sides.

    Try it without any set-up:

    \b
      openline demo

    A network of your own on this machine, then a message that waits until it is stored on the other side:

    \b
      openline lab create net --parties alba,bora
      openline lab up net                                  (leave it running; another terminal:)
      openline send --home net/alba-1 --kind T1 --text "Radio check" --wait stored
      openline inbox --home net/bora-1

    Exit codes: 0 done · 1 refused · 2 wrong use · 3 not available now · 4 disk failed · 5 not in the time waited.

    Completion for your shell: eval "$(_OPENLINE_COMPLETE=bash_source openline)"   (or zsh_source, fish_source)
    """
