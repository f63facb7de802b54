"""Kill relay, sender or receiver with signal 9 while a message is under way, again and again, and lose nothing.

    python -m tools.kill9                    200 kills, and until each phase has 20
    python -m tools.kill9 --kills 40 --each 4

Before each kill all processes are stopped for a moment (SIGSTOP), so that the phase can be read from copies of their
stores, and from the number of puts that the relay has taken: before the sender's commit, before the relay's put,
before the receiver's commit, before the receipt.  Whoever was killed is started again.  A `send` that was cut off is
repeated with the same bytes, as a person's script would, and must give the same message.  At the end every message that
was said must stand once, in order, on the other side, with receipts that verify from the stores alone; nothing else.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from openline.cli.lab import start, stop
from openline.control import request
from openline.delivery.rows import RECEIPTED, unpack_receipted
from openline.errors import OpenlineError
from openline.identifiers import LineId
from openline.runtime.homes import PAGE_KEY, open_store
from openline.runtime.keyfile import read_secret
from openline.runtime.lab import create
from openline.runtime.proofs import verify_message
from openline.store import Store
from tools.telling_relay import TAKEN

PHASES = ("before the commit", "before the put", "before the peer's commit", "before the receipt")
OVER = "after the receipt"
SPREAD_S = 0.008  # a message takes some milliseconds from asking to receipt: kills fall anywhere in them
PATIENCE_S = 60.0

Found = TypeVar("Found")


class Campaign:
    """A laboratory under fire: its processes, what was said, in which phase each kill fell."""

    def __init__(self, folder: Path, seed: int) -> None:
        made = create(folder / "lab", ["alba", "bora"], None, 1, 1)
        self.folder = folder
        self.random = random.Random(seed)
        self.sender, self.receiver = Path(made["stations"]["alba"][0]), Path(made["stations"]["bora"][0])
        self.relay = Path(made["relays"][0])
        self.what = {self.relay: "relay", self.sender: "station", self.receiver: "station"}
        self.processes = {home: self._start(home) for home in self.what}
        self.said: list[str] = []
        self.phases: Counter[str] = Counter()
        self.victims: Counter[str] = Counter()

    def one(self) -> None:
        """Send one message and kill somebody while it is under way, on a line that is quiet before."""
        until(lambda: self._quiet() or None, "the line did not come back")
        prepared = self._ask({"do": "prepare", "kind": "T1", "officer": 1, "text": f"message {len(self.said)}"})
        taken = self._taken()
        submit = {"do": "submit", "line": prepared["line"], "statement": prepared["statement"], "approvals": []}
        sending = threading.Thread(target=self._try, args=(submit,))
        sending.start()
        time.sleep(self.random.uniform(0, SPREAD_S))
        home = self.random.choice(list(self.processes))
        self._signal(signal.SIGSTOP)
        phase = self._phase(prepared["digest"], taken)
        self.processes[home].kill()
        self._signal(signal.SIGCONT)
        self.processes[home].wait()
        self.phases[phase] += 1
        self.victims[home.name] += 1
        self.processes[home] = self._start(home)
        sending.join()
        said = self._ask(submit)["id"]
        if said != prepared["digest"]:
            raise SystemExit(f"a repeated send gave another message: {said}")
        self.said.append(said)

    def _start(self, home: Path) -> subprocess.Popen[bytes]:
        if self.what[home] == "station":
            return start("station", home)
        arguments = [sys.executable, "-m", "tools.telling_relay", "relay", "run", "--home", str(home)]
        return subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _signal(self, number: int) -> None:
        for process in self.processes.values():
            os.kill(process.pid, number)

    def _try(self, submit: dict[str, Any]) -> None:
        try:
            request(self.sender / "control.sock", submit, timeout_s=5.0)
        except OpenlineError:
            return  # cut off: `one` repeats it

    def _ask(self, asked: dict[str, Any], home: Path | None = None) -> dict[str, Any]:
        return until(lambda: request((home or self.sender) / "control.sock", asked), "a station did not come back")

    # ------------------------------------------------------------ phases, read from copies of the stores

    def _taken(self) -> int:
        """Return how many puts the relay has taken: the first one more, on a quiet line, is the one under way."""
        return (self.relay / TAKEN).stat().st_size

    def _phase(self, identity: str, taken: int) -> str:
        new = self._taken() > taken
        sender, receiver = (self._copy(home) for home in (self.sender, self.receiver))
        try:
            line = LineId(next(key for key, _ in sender.kept("home")))
            digest = bytes.fromhex(identity)
            rows = sender.find(line, digest)
            if not rows:
                return PHASES[0]
            if receiver.find(line, digest):
                return OVER if _receipted(sender, rows[0].seq) else PHASES[3]
            return PHASES[2] if new else PHASES[1]
        finally:
            for store in (sender, receiver):
                store.close()

    def _copy(self, home: Path) -> Store:
        place = self.folder / "copies" / home.name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for part in ("station.db", "station.db-wal"):
            if (home / part).exists():
                shutil.copyfile(home / part, place / part)
        return Store.open(place / "station.db", read_secret((home / "page.key").read_bytes(), PAGE_KEY, None))

    # ------------------------------------------------------------ the end

    def verify(self) -> int:
        """Wait until everything is receipted, end all processes, and compare the stores; return signatures verified."""
        until(lambda: self._settled() or None, "not everything was receipted")
        shown = self._ask({"do": "inbox", "peek": True}, self.receiver)["messages"]
        sent = self._ask({"do": "inbox", "sent": True})["messages"]
        stop(self.processes.values())
        received = [message["id"] for message in shown]
        if received != self.said:
            lost, more = set(self.said) - set(received), set(received) - set(self.said)
            raise SystemExit(f"received is not what was said: {len(lost)} lost, {len(more)} more, or out of order")
        store = open_store(self.sender)
        try:
            return sum(verify_message(store, message) for message in sent)
        finally:
            store.close()

    def _quiet(self) -> bool:
        (line,) = self._ask({"do": "lines"})["lines"]
        (other,) = self._ask({"do": "lines"}, self.receiver)["lines"]
        paths = all(path["open"] for each in (line, other) for path in each["paths"])
        answers = all(station["last_check"] for each in (line, other) for station in each["stations"])
        return bool(line["outbox"] == 0 and paths and answers)

    def _settled(self) -> bool:
        (line,) = self._ask({"do": "lines"})["lines"]
        return bool(line["outbox"] == 0 and line["said"] == len(self.said))


def _receipted(store: Store, seq: int) -> bool:
    return any(unpack_receipted(value).covers(seq) for key, value in store.kept(RECEIPTED) if key[-1] == 1)


def until(attempt: Callable[[], Found | None], words: str) -> Found:
    """Return what `attempt` returns once it neither fails nor returns None."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            found = attempt()
        except OpenlineError:
            found = None
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise SystemExit(f"{words} within {PATIENCE_S:g} seconds")
        time.sleep(0.02)


def main() -> None:
    """Run a campaign and print its report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="kills at least (200)")
    parser.add_argument("--each", type=int, default=20, help="kills in each phase at least (20)")
    parser.add_argument("--most", type=int, default=1000, help="give up after so many (1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of victims and moments (1)")
    parser.add_argument("--record", type=Path, help="add the report to this file, one line")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openline-kill9-") as folder:
        campaign = Campaign(Path(folder), given.seed)
        try:
            while True:
                done = sum(campaign.phases.values())
                enough = all(campaign.phases[phase] >= given.each for phase in PHASES)
                if (done >= given.kills and enough) or done >= given.most:
                    break
                campaign.one()
                sys.stderr.write(
                    f"\r{done + 1} kills: " + ", ".join(f"{campaign.phases[name]} {name}" for name in PHASES)
                )
            sys.stderr.write("\n")
            verified = campaign.verify()
        finally:
            stop(campaign.processes.values())
    report = {
        "kills": sum(campaign.phases.values()),
        "phases": {name: campaign.phases[name] for name in (*PHASES, OVER)},
        "victims": dict(campaign.victims),
        "messages": len(campaign.said),
        "signatures_verified": verified,
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip(),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    if given.record is not None:
        with given.record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
