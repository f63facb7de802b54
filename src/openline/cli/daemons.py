"""The daemons: one station, one relay."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import click

from openline.cli.answers import as_json, tell
from openline.cli.failures import of_fault
from openline.cli.relay_setup import relay_admit, relay_create
from openline.cli.station_bring import bring
from openline.cli.station_call import (
    call,
    chosen_home,
    home_option,
    line_option,
    passphrase_option,
    read_passphrase,
    when_free,
)
from openline.cli.station_seal import station_seal
from openline.errors import Misuse, OpenlineError

PORT_MAX = 65_535


@click.group()
def station() -> None:
    """Run a station, copy it, seal its store, give it documents, begin new keys.

    \b
      openline station run --home net/alba-1
      openline station backup --home net/alba-1 alba-1.backup
    """


station.add_command(bring)
station.add_command(station_seal)


@station.command("run")
@home_option
@passphrase_option
def station_run(home: Path | None, passphrase_file: Path | None) -> None:
    """Run one station until SIGTERM or Ctrl-C.

    It connects to every relay that the rosters name, sends what waits, and answers `openline` commands on its local
    socket. Its log is log.jsonl in its home. Ended in any way, even by kill -9, it goes on where it was.

    \b
      openline station run --home net/alba-1
    """
    from openline.control import serve
    from openline.runtime.homes import is_home, read_settings
    from openline.runtime.log import Log
    from openline.runtime.station import StationProcess, start_noted

    place = chosen_home(home)
    if not is_home(place):
        read_settings(place)  # says what is lacking: a folder that is no home gets no log
    log = Log(place / "log.jsonl")
    with start_noted(log, OpenlineError):  # Ctrl-C instead of a passphrase is no fault
        passphrase = read_passphrase(passphrase_file, place / "page.key")

    async def run() -> None:
        with start_noted(log):
            process = when_free(place, lambda: StationProcess(place, log, passphrase))
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        click.echo(f"station {place.name} runs; Ctrl-C stops it", err=True)
        await process.run(serve, stop)

    asyncio.run(run())


@station.command("backup")
@home_option
@passphrase_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def station_backup(home: Path | None, passphrase_file: Path | None, file: Path, as_json: bool) -> None:
    """Copy a station's store into FILE while no daemon runs; the copy is marked as one.

    A station started from it notices, says nothing before it has heard from another station, and opens a new
    generation. To restore: put FILE in place of station.db in its home.

    \b
      openline station backup --home net/alba-1 alba-1.backup
    """
    from openline.runtime.homes import open_store

    place = chosen_home(home)
    passphrase = read_passphrase(passphrase_file, place / "page.key")
    store = when_free(place, lambda: open_store(place, passphrase))
    try:
        store.backup(file)
    finally:
        store.close()
    tell({"backup": str(file)}, json_wanted=as_json, words=f"copied to {file}")


@station.command("rekey")
@home_option
@line_option
@as_json
def station_rekey(home: Path | None, line: str, as_json: bool) -> None:
    """Begin new keys with every other station at once, instead of at their time: after a suspected theft.

    What was said before stays closed to whoever has the new ones, and what comes to whoever had the old ones.

    \b
      openline station rekey --home net/alba-1
    """
    found = call(home, {"do": "rekey", "line": line})
    tell({"line": found["line"]}, json_wanted=as_json, words="new keys are announced as soon as a station answers")


@click.group()
def relay() -> None:
    """Run a relay: it keeps sealed envelopes for stations that are away, and can read none.

    \b
      openline relay run --home net/relay-1
    """


relay.add_command(relay_create)
relay.add_command(relay_admit)


@relay.command("run")
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False, exists=True), required=True, help="Its folder."
)
def relay_run(home: Path) -> None:
    """Run one relay until SIGTERM or Ctrl-C; SIGHUP reads the list of admitted lines again.

    \b
      openline relay run --home net/relay-1
    """
    from openline.relay import RelayConfig, require_host, run_relay
    from openline.runtime.collector import rest_collector
    from openline.runtime.log import Log
    from openline.runtime.seldom import Seldom
    from openline.runtime.toml_settings import read_toml

    missing = "A relay's folder holds relay.toml with host and port; `openline lab create` makes one."
    settings = {"host": "", "port": 0, **read_toml(home / "relay.toml", {"host": str, "port": int}, missing)}
    if not settings["host"] or not 1 <= settings["port"] <= PORT_MAX:
        raise Misuse(f"{home / 'relay.toml'} lacks a host, or a port from 1 to {PORT_MAX}", hint=missing)
    require_host(settings["host"])
    click.echo(f"relay {home.name} runs; Ctrl-C stops it", err=True)
    rest_collector()
    log = Log(home / "log.jsonl")
    seldom = Seldom(log.add)

    def note(facts: Mapping[str, object]) -> None:
        if facts["event"] == "refused":
            seldom.add(str(facts["words"]).partition(":")[0], facts)
        else:
            seldom.pass_time()
            log.add(facts)

    try:
        run_relay(RelayConfig(home, settings["host"], settings["port"]), note)
    except Exception as error:
        if not isinstance(error, OpenlineError):  # those it has written down itself
            fault = of_fault(error).message
            note({"at": int(time.time()), "event": "failed", "words": fault, "hint": "Report it; start it again."})
        raise
    finally:
        seldom.close()
        log.close()
