"""`openline watch`: messages and alarms as they come, for the officer who sits at a terminal and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from openline.cli.answers import clean
from openline.cli.blocks import Reader, block, translation_of, width, wrap
from openline.cli.presenting import present, require_screen
from openline.cli.see import language_option
from openline.cli.station_call import SOCKET, chosen_home, chosen_language, home_option
from openline.control import request

WAIT_S = 15  # a question to the daemon is held so long; alarms and silence change by time alone and are seen then
BELL = "\a"


class Watch:
    """What has been shown already, so that each message is shown once and each situation rings once."""

    def __init__(self, home: Path, language: str, *, peek: bool) -> None:
        self._socket = home / SOCKET
        self._language = language
        self._peek = peek
        self._alarms: set[str] = set()
        self._words: dict[str, str] = {}
        self._translated: dict[str, tuple[str, bool]] = {}
        self._changes = 0
        found = request(self._socket, {"do": "inbox", "peek": True})
        # What no officer here has been shown comes first; the rest is in the inbox.
        self.shown = {message["id"] for message in found["messages"]} - set(found["unpresented"])
        self.remaining = int(found["more_unpresented"])

    def wait(self) -> None:
        """Wait until something changes at the station, or for WAIT_S.  Raises Unavailable when the daemon has ended."""
        asked = {"do": "changes", "after": self._changes, "seconds": WAIT_S}
        self._changes = int(request(self._socket, asked, timeout_s=WAIT_S * 2)["changes"])

    def news(self) -> Iterator[str]:
        """Yield what is new, each a block of text, a bell before the first of each situation."""
        yield from self._messages()
        yield from self._silences()
        yield from self._sounding()

    def _messages(self) -> Iterator[str]:
        while True:
            found = request(self._socket, {"do": "inbox", "peek": True, "entries": True})
            reader, waiting = Reader.of(found, self._language), set(found["unpresented"])
            passed = self._passed(found["messages"], waiting)
            for message in found["messages"]:
                translated = self._translation(message)
                if message["id"] in self.shown or message["id"] in passed:
                    yield from translated
                else:
                    yield bell() + block(message, reader, width())
                self.shown.add(message["id"])
                if not self._peek and message["id"] in waiting:
                    # After it is on the screen: presented is what an officer could read, not what was about to come.
                    present(self._ask, {**found, "messages": [message]})
            if self._peek or not waiting or not found["more_unpresented"]:
                return

    def _passed(self, messages: Sequence[Mapping[str, Any]], waiting: Container[str]) -> set[str]:
        """Return what waits for nobody and came before what was shown: older ones for which there is room now."""
        known = [number for number, message in enumerate(messages) if message["id"] in self.shown]
        before = messages[: known[-1]] if known else ()
        return {message["id"] for message in before if message["id"] not in waiting}

    def _ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return request(self._socket, asked)

    def _translation(self, message: Mapping[str, Any]) -> list[str]:
        """Return what is new about the translation of a message: another state, or overdue now."""
        if "translation" not in message:
            return []
        found, before = message["translation"], self._translated.get(message["id"])
        now = self._translated[message["id"]] = (found["state"], found["overdue"])
        if before in (None, now):
            return []
        rows = [f"message {message['id'][:8]} of {message['from']}", *translation_of(message)]
        prefix = f"{message['exercise']:8}  "
        return ["\n".join(part for row in rows for part in wrap(prefix, row, width()))]

    def _silences(self) -> Iterator[str]:
        found = request(self._socket, {"do": "lines"})
        for line in found["lines"]:
            for station in line["stations"]:
                place, word = f"{line['line']} {station['station']}", station["word"]
                before = self._words.get(place)
                self._words[place] = word
                if word != before:
                    ring = bell() if before is not None and word != "ANSWERS" else ""
                    row = f"{found['time'][11:19]} UTC  {station['station']} {word}: {station['meaning']}"
                    yield ring + "\n".join(wrap("", row, width()))

    def _sounding(self) -> Iterator[str]:
        alarms = set(request(self._socket, {"do": "alarms"})["alarms"])
        for alarm in sorted(alarms - self._alarms):
            yield bell() + "\n".join(wrap("ALARM  ", clean(alarm), width()))
        for alarm in sorted(self._alarms - alarms):
            yield "\n".join(wrap("over   ", clean(alarm), width()))
        self._alarms = alarms


def bell() -> str:
    """Return what rings at a terminal; nothing elsewhere."""
    return BELL if sys.stdout.isatty() else ""


@click.command()
@home_option
@click.option(
    "--peek", is_flag=True, help="Look without presenting: the other side is not told that an officer saw it."
)
@language_option
def watch(home: Path | None, peek: bool, lang: str | None) -> None:
    """Follow a station: messages, silences and alarms as they come, until Ctrl-C. Its daemon must run.

    What nobody here has been shown yet comes first. What is shown counts as presented. At a terminal the bell rings
    once for each new message, silence or alarm.

    \b
      openline watch --home net/bora-1
    """
    if not peek:
        require_screen()
    place = chosen_home(home)
    watching = Watch(place, lang or chosen_language(home), peek=peek)
    click.echo(f"watching {place.name}; {len(watching.shown)} messages were shown before; Ctrl-C ends", err=True)
    if peek and watching.remaining:
        click.echo(
            f"{watching.remaining} that nobody here has been shown are not shown: too many to --peek at", err=True
        )
    try:
        while True:
            for news in watching.news():
                click.echo(news + "\n")
            watching.wait()
    except KeyboardInterrupt:
        click.echo("watch ended; the station runs on", err=True)
