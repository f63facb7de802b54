"""A laboratory whose daemons are real processes, and its commands as a person or a script gives them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from click.testing import CliRunner

from openline.cli import main
from openline.cli.lab import start, stop
from openline.control import request
from openline.errors import Unavailable
from openline.runtime.lab import create

PATIENCE_S = 60.0  # on a machine that does ten other things; a healthy one needs a second
AREA = {"corners": ["39.50N 131.50E", "39.50N 133.50E", "38.00N 133.50E", "38.00N 131.50E"]}
PERIOD = "2026-12-09T12:00Z/2026-12-10T12:00Z"
HAZARD = {"hazard": "live_firing", "area": AREA, "period": PERIOD}

Found = TypeVar("Found")


class Stage:
    """One laboratory: homes by name ("alba-1", "relay-1"), and the processes that run."""

    def __init__(
        self, folder: Path, mediator: str | None = None, stations: int = 1, relays: int = 1,
        check_cadence_s: int = 3_600, hosts: tuple[str, ...] = (), parties: tuple[str, ...] = ("alba", "bora"),
    ) -> None:  # fmt: skip
        self.folder = folder
        lab = create(folder, parties, mediator, stations, relays, check_cadence_s=check_cadence_s, hosts=hosts)
        self.line = lab["line"]
        homes = [*lab["relays"], *(home for homes in lab["stations"].values() for home in homes)]
        self.homes = {Path(home).name: Path(home) for home in homes}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start daemons; return when the stations among them answer."""
        for name in names or self.homes:
            self.processes[name] = start("relay" if name.startswith("relay") else "station", self.homes[name])
        for name in names or self.homes:
            if not name.startswith("relay"):
                until(partial(self.lines, name), f"{name} did not start")

    def stop(self, *names: str) -> None:
        """End daemons in good order."""
        stop([self.processes[name] for name in names or self.processes])

    def kill(self, name: str) -> None:
        """End one daemon as a power cut does."""
        self.processes[name].kill()
        self.processes[name].wait()

    def ask(self, name: str, **asked: object) -> dict[str, Any]:
        return request(self.homes[name] / "control.sock", asked)

    def lines(self, name: str) -> dict[str, Any]:
        """The one line of a station as `openline lines` has it."""
        (line,) = self.ask(name, do="lines")["lines"]
        return dict(line)

    def words(self, name: str) -> dict[str, str]:
        """The word for each other station."""
        return {station["station"]: station["word"] for station in self.lines(name)["stations"]}

    def meet(self) -> None:
        """Wait until every station has heard from every other one."""
        for name, process in self.processes.items():
            if not name.startswith("relay") and process.poll() is None:
                until(partial(self._hears_everybody, name), f"{name} does not hear from everybody")

    def _hears_everybody(self, name: str) -> bool | None:
        return all(each["last_check"] for each in self.lines(name)["stations"]) or None

    def run(self, *arguments: object, status: int = 0, text: str = "") -> str:
        """Give a command; return what it prints."""
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=text)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.stdout if status == 0 else result.stderr

    def json(self, *arguments: object, status: int = 0, text: str = "") -> dict[str, Any]:
        """Give a command with --json; return what it answers."""
        result = CliRunner().invoke(main, [*map(str, arguments), "--json"], input=text)
        assert result.exit_code == status, result.output
        return dict(json.loads(result.stdout))

    def send(self, name: str, kind: str, *arguments: object, **fields: object) -> str:
        """Say something at a station; return its id."""
        file = self.folder / "fields.json"
        file.write_text(json.dumps(fields), encoding="utf-8")
        home = self.homes[name]
        return str(self.json("send", "--home", home, "--kind", kind, "--fields", file, *arguments)["id"])


@contextmanager
def running(stage: Stage, *names: str) -> Iterator[Stage]:
    """Start daemons, and end them all whatever happens."""
    try:
        stage.start(*names)
        yield stage
    finally:
        stage.stop()


def until(attempt: Callable[[], Found | None], words: str, patience_s: float = PATIENCE_S) -> Found:
    """Return what `attempt` returns once a station answers and it is not None."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            found = attempt()
        except Unavailable:
            found = None
        if found is not None:
            return found
        assert time.monotonic() < deadline, words
        time.sleep(0.05)


def program(*arguments: object) -> list[str]:
    """The command line of a command in a process of its own."""
    return [sys.executable, "-m", "openline.cli", *map(str, arguments)]
