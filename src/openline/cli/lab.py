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
STOP_S = 20.0  # given to a daemon to end in good order; then it is killed, which loses nothing either
CADENCE_S = 3_600


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
@click.option("--check-cadence", default=CADENCE_S, show_default=True, type=click.IntRange(min=1),
              help="Seconds after an officer's last act until a station counts as UNATTENDED.")  # fmt: skip
@click.option("--hosts", default="", help="Addresses the relays listen on, with commas between; default: loopback.")
@as_json
def lab_create(
    folder: Path, parties: str, mediator: str | None, stations: int, relays: int, check_cadence: int, hosts: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Make a network in the new folder DIR: charter and rosters signed, keys drawn, one folder for each station.

    \b
      openline lab create net --parties alba,bora --mediator cendra --stations 2
    """
    from openline.runtime.lab import create

    made = create(
        folder, _listed(parties), mediator, stations, relays, check_cadence_s=check_cadence, hosts=_listed(hosts)
    )
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
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    processes: dict[Path, subprocess.Popen[bytes]] = {}
    try:
        for home in (*relays, *stations):
            processes[home] = start("relay" if home in relays else "station", home)
        click.echo(f"{len(relays)} relays and {len(stations)} stations start; Ctrl-C stops them all")
        _watch(processes, stations)
    except KeyboardInterrupt:
        click.echo("stopping")
    finally:
        _stop_quietly(processes.values())


def _watch(processes: dict[Path, subprocess.Popen[bytes]], stations: list[Path]) -> None:
    """Show the health whenever it has changed, for ever."""
    shown = ""
    while True:
        health = "\n".join(_health(home, process, home in stations) for home, process in processes.items())
        if health != shown:
            shown = health
            click.echo(f"{time.strftime('%H:%M:%S', time.gmtime())} UTC\n{health}\n")
        time.sleep(HEALTH_EVERY_S)


def _stop_quietly(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Stop them whatever is pressed meanwhile: none may be left behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    stop(processes)


def _listed(given: str) -> list[str]:
    return [part.strip() for part in given.split(",") if part.strip()]


def start(what: str, home: Path) -> subprocess.Popen[bytes]:
    """Start one daemon as a process of its own; its log is in its home."""
    arguments = [sys.executable, "-m", "openline.cli", what, "run", "--home", str(home)]
    return subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """End processes that `start` began, and wait for them; whoever does not end in time is killed."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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
