"""A laboratory network on this machine."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

import click

from openline.cli.answers import as_json, tell
from openline.control import request
from openline.errors import Unavailable

HEALTH_EVERY_S = 2.0


@click.group()
def lab() -> None:
    """A complete network on this machine, to try and to test: real stations and relays on loopback.

    Its line allows only TEST and EXERCISE, because its keys lie open in their folders.

    \b
      openline lab create net --parties alba,bora --mediator cendra
      openline lab up net
    """


@lab.command("create")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--parties", default="alba,bora", show_default=True, help="Codes of the parties, with commas between.")
@click.option("--mediator", default=None, help="The code of a mediator, if there is one.")
@click.option("--stations", default=1, show_default=True, help="Stations of each party.")
@click.option("--relays", default=2, show_default=True, help="Relays; every station uses all of them.")
@as_json
def lab_create(folder: Path, parties: str, mediator: str | None, stations: int, relays: int, as_json: bool) -> None:
    """Make a network in the new folder DIR: charter and rosters signed, keys drawn, one folder for each station.

    \b
      openline lab create net --parties alba,bora --mediator cendra --stations 2
    """
    from openline.runtime.lab import create

    made = create(folder, [code.strip() for code in parties.split(",") if code.strip()], mediator, stations, relays)
    words = [f"line {made['line']}", *(f"relay    {home}" for home in made["relays"])]
    words += [f"station  {home}" for homes in made["stations"].values() for home in homes]
    tell(made, json_wanted=as_json, words="\n".join([*words, f"\nRun it with: openline lab up {folder}"]))


@lab.command("up")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
def lab_up(folder: Path) -> None:
    """Run every relay and station of DIR in the foreground, health shown, until Ctrl-C.

    \b
      openline lab up net
    """
    from openline.runtime.lab import read_lab

    made = read_lab(folder)
    relays = [Path(home) for home in made["relays"]]
    stations = [Path(home) for homes in made["stations"].values() for home in homes]
    processes = {home: start("relay", home) for home in relays}
    processes |= {home: start("station", home) for home in stations}
    signal.signal(signal.SIGTERM, _stop)
    shown = ""
    try:
        while True:
            health = "\n".join(_health(home, processes[home], home in stations) for home in (*relays, *stations))
            if health != shown:
                shown = health
                click.echo(f"{time.strftime('%H:%M:%SZ', time.gmtime())}\n{health}\n")
            time.sleep(HEALTH_EVERY_S)
    except KeyboardInterrupt:
        click.echo("stopping")
    finally:
        stop(processes.values())


def start(what: str, home: Path) -> subprocess.Popen[bytes]:
    """Start one daemon as a process of its own; its log is in its home."""
    arguments = [sys.executable, "-m", "openline.cli", what, "run", "--home", str(home)]
    return subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """End processes that `start` began, and wait for them."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=20)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _health(home: Path, process: subprocess.Popen[bytes], is_station: bool) -> str:
    if process.poll() is not None:
        return f"  {home.name:12} ENDED with {process.returncode}; see log.jsonl in its folder"
    if not is_station:
        return f"  {home.name:12} runs"
    try:
        lines = request(home / "control.sock", {"do": "lines"}, timeout_s=5.0)["lines"]
    except Unavailable:
        return f"  {home.name:12} starts"
    stations = [station for line in lines for station in line["stations"]]
    alive = sum(station["last_check"] is not None for station in stations)
    waiting = sum(line["outbox"] for line in lines)
    return f"  {home.name:12} runs; {alive} of {len(stations)} stations answer; {waiting} messages wait for receipts"
