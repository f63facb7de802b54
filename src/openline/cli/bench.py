"""Measuring: speed and bytes."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import click

from openline.cli.answers import as_json, tell
from openline.cli.lab import start, stop


@click.group()
def bench() -> None:
    """Measure the line on this machine: speed with real processes and disks, bytes on the wire.

    \b
      openline bench line
      openline bench wire --json
    """


@bench.command("line")
@click.option(
    "--parties", default=2, show_default=True, type=click.IntRange(2, 6), help="Parties, of one station each."
)
@click.option("--relays", default=1, show_default=True, type=click.IntRange(1, 4), help="Relays; all are used.")
@click.option("--single", default=300, show_default=True, help="Messages sent one at a time.")
@click.option("--many", default=10_000, show_default=True, help="Messages sent 256 at a time.")
@as_json
def bench_line(parties: int, relays: int, single: int, many: int, as_json: bool) -> None:
    """Sender, relays and receivers as processes of their own: messages a second, and time until the signed receipt.

    \b
      openline bench line --parties 5 --relays 2
    """
    from openline.runtime.bench import measure, summary
    from openline.runtime.lab import create

    codes = ["alba", "bora", "cendra", "doria", "elba", "fenia"][:parties]
    with tempfile.TemporaryDirectory(prefix="openline-bench-") as folder:
        made = create(Path(folder) / "lab", codes, None, 1, relays)
        sender, *receivers = [Path(home) for homes in made["stations"].values() for home in homes]
        processes = [start("relay", Path(home)) for home in made["relays"]]
        processes += [start("station", home) for home in receivers]
        try:
            figures = asyncio.run(measure(sender, single, many, lambda words: click.echo(words, err=True))).as_json()
        finally:
            stop(processes)
    tell(figures, json_wanted=as_json, words=summary(figures))


@bench.command("wire")
@as_json
def bench_wire(as_json: bool) -> None:
    """Sealed bytes on a slow link: a text, a launch notification, a receipt, an epoch announcement.

    \b
      openline bench wire
    """
    from openline.runtime.bench_wire import measure_wire

    found = measure_wire()
    tell(found, json_wanted=as_json, words="\n".join(f"{name:16} {size} bytes" for name, size in found.items()))
