"""Six faults made for real, between network namespaces, and the six words that the other side shows.

python -m tools.six_faults           all six, about eight minutes: silence takes its time
python -m tools.six_faults --quick   the four that need no minutes
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openline.cli.lab import stop
from openline.control import request
from openline.errors import Unavailable
from openline.runtime.lab import create
from tools.networks import SWITCH, Networks

CADENCE_S = 30  # of the charter: after so long without an officer's act the watch counts as gone
DUE_S = 4
QUICK = ("REFUSING", "UNATTENDED", "SUSPENDED", "NO PATH")
LONG = ("NO ANSWER", "WITHHOLDING")
PATIENCE_S = 420.0


class Line:
    """Alba, Bora and a relay, each in a network of its own; Alba's words for Bora are looked at."""

    def __init__(self, folder: Path, networks: Networks) -> None:
        made = create(folder / "lab", ["alba", "bora"], None, 1, 1, check_cadence_s=CADENCE_S, hosts=[SWITCH])
        self.networks = networks
        self.folder = folder
        self.homes = {party: Path(homes[0]) for party, homes in made["stations"].items()}
        self.relay = Path(made["relays"][0])
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.began = time.monotonic()
        self.words: dict[str, dict[str, Any]] = {}

    def start(self, name: str, module: str = "openline.cli") -> None:
        """Start a daemon in its network; `module` may be a changed program."""
        what = "relay" if name == "relay" else "station"
        home = self.relay if name == "relay" else self.homes[name]
        self.processes[name] = self.networks.start(name, what, home, module=module)

    def begin(self) -> None:
        """Start all three; Bora's watch is there before Alba comes, so that Bora's first greeting says so."""
        self.start("relay")
        self.start("bora")
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                request(self.homes["bora"] / "control.sock", {"do": "attend"})
                break
            except Unavailable:
                time.sleep(0.1)
        self.start("alba")

    def say(self, who: str, kind: str, *arguments: str, **fields: object) -> str:
        """Say something by the command line; return its id."""
        file = self.folder / "fields.json"
        file.write_text(json.dumps(fields), encoding="utf-8")
        command = [sys.executable, "-m", "openline.cli", "send", "--home", str(self.homes[who]), "--kind", kind,
                   "--officer", "1", "--fields", str(file), "--json", *arguments]  # fmt: skip
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return str(json.loads(done.stdout)["id"])

    def view(self) -> dict[str, Any]:
        """Return what Alba shows of Bora."""
        (line,) = request(self.homes["alba"] / "control.sock", {"do": "lines"})["lines"]
        return dict(line["stations"][0])

    def until(self, holds: Callable[[dict[str, Any]], bool], words: str) -> dict[str, Any]:
        """Return Alba's view of Bora once something holds of it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                found = self.view()
            except Unavailable:
                found = {}
            if found and holds(found):
                return found
            time.sleep(0.2)
        raise SystemExit(f"{words} within {PATIENCE_S:g} seconds")

    def expect(self, word: str) -> None:
        """Wait for a word, and note with what it is shown."""
        found = self.until(lambda view: view["word"] == word, f"not {word}")
        self.words[word] = {
            "since": found["since"], "known_by": found["known_by"], "seconds": round(time.monotonic() - self.began)
        }  # fmt: skip
        sys.stderr.write(f"{time.monotonic() - self.began:6.1f} s  {word}: {found['meaning']}\n")


def acknowledged_and_unanswered(line: Line) -> None:
    """An officer of Bora has read a question and owes its answer."""
    due = datetime.fromtimestamp(int(time.time()) + DUE_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    question = line.say("alba", "Q1", "--respond-by", due, "--wait", "stored", statement="The offer stands.")
    line.say("bora", "ACKNOWLEDGED", "--ref", question)
    line.expect("REFUSING")


def officer_gone(line: Line) -> None:
    """Nobody acts at Bora any more; its station goes on."""
    line.expect("UNATTENDED")


def signed_suspension(line: Line) -> None:
    """Bora says that it suspends the line, and later that it resumes."""
    line.say("bora", "L2", state="suspended")
    line.expect("SUSPENDED")
    line.say("bora", "L2", state="resumed")
    line.until(lambda view: view["word"] != "SUSPENDED", "the line was not resumed")


def own_network_cut(line: Line) -> None:
    """Alba loses its network, and has it again."""
    line.networks.cut("alba")
    line.expect("NO PATH")
    line.networks.join("alba")
    line.until(lambda view: view["word"] != "NO PATH", "the path did not come back")


def daemon_killed(line: Line) -> None:
    """Bora's daemon dies."""
    line.processes["bora"].kill()
    line.expect("NO ANSWER")


def receipts_withheld(line: Line) -> None:
    """Bora runs a changed program that signs for nothing."""
    line.start("bora", "tools.withholding")
    line.until(lambda view: view["word"] != "NO ANSWER", "the changed station does not answer")
    line.say("alba", "T1", text="Who signs for this?")
    line.expect("WITHHOLDING")


FAULTS: dict[str, Callable[[Line], None]] = {
    "REFUSING": acknowledged_and_unanswered,
    "UNATTENDED": officer_gone,
    "SUSPENDED": signed_suspension,
    "NO PATH": own_network_cut,
    "NO ANSWER": daemon_killed,
    "WITHHOLDING": receipts_withheld,
}


def main() -> None:
    """Make the faults one after the other and print the words as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the four that need no minutes")
    given = parser.parse_args()
    networks = Networks(["relay", "alba", "bora"])
    with tempfile.TemporaryDirectory(prefix="openline-faults-") as folder, networks.joined():
        line = Line(Path(folder), networks)
        try:
            line.begin()
            line.expect("ANSWERS")
            for word in QUICK if given.quick else (*QUICK, *LONG):
                FAULTS[word](line)
        finally:
            stop(line.processes.values())
    sys.stdout.write(json.dumps(line.words) + "\n")


if __name__ == "__main__":
    main()
