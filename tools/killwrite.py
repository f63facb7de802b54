"""End a station or relay at its n-th write or sync, for every n, until a run ends unharmed; and lose nothing.

    python -m tools.killwrite                                  every write and sync of sender, receiver and relay
    python -m tools.killwrite --fault full --step 7            the disk is full from the n-th operation on
    python -m tools.killwrite --fault sync --victims alba-1    the n-th sync fails, and every later one

Each run plays one story: a text is sent, stored, acknowledged; a notice is drafted, approved by two officers, and
released. Whoever ended is started again on a sound disk and the story goes on where it was. Then every message stands
once on the other side, in order, and every signature behind every status verifies from the stores alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from openline.cli.lab import start, stop
from openline.cli.say import approve_here
from openline.control import request
from openline.errors import Misuse, OpenlineError, Unavailable
from openline.runtime.homes import open_store
from openline.runtime.lab import create
from openline.runtime.proofs import verify_message
from tools.counting_disk import DIED

VICTIMS = ("alba-1", "bora-1", "relay-1")
ENDINGS = {"end": DIED, "full": 4, "sync": 4}  # fault -> exit code that a daemon must end with
PATIENCE_S = 60.0
ERRORS = "errors.txt"  # in a home: what the harmed daemon said on standard error
LAUNCH: dict[str, Any] = {
    "class": "space_launch_vehicle", "count": 1, "site": "39.66N 124.70E", "azimuth": 100, "purpose": "space",
    "window": "2026-12-09T20:00Z/2026-12-10T02:00Z",
    "impact_areas": [{"corners": ["39.50N 133.50E", "39.50N 134.10E", "39.00N 134.10E", "39.00N 133.50E"]}],
}  # fmt: skip

Found = TypeVar("Found")


class Campaign:
    """One laboratory; `harm` runs the story once with one daemon on a disk that fails at one operation."""

    def __init__(self, folder: Path, fault: str) -> None:
        made = create(folder / "lab", ["alba", "bora"], None, 1, 1)
        homes = [*made["relays"], *(home for homes in made["stations"].values() for home in homes)]
        self.homes = {Path(home).name: Path(home) for home in homes}
        self.processes = {name: self._start(name) for name in self.homes}
        self.fault = fault
        self.victim = ""
        self.said: list[str] = []

    def harm(self, victim: str, at: int) -> bool:
        """Play the story with `victim` ending at operation `at`; return whether it ended so."""
        stop([self.processes[victim]])
        self.victim = victim
        self.processes[victim] = self._start(victim, self.fault, str(at))
        harmed = self.processes[victim]
        self._story()
        self._check()
        ended = self.processes[victim] is not harmed
        if not ended:
            # The story is over and the operation was not reached; what it still writes while it ends is no part of it.
            stop([harmed])
            self.processes[victim] = self._start(victim)
        return ended

    # ------------------------------------------------------------ the story

    def _story(self) -> None:
        text = self._ask("alba-1", do="prepare", kind="T1", officer=1, text=f"message {len(self.said)}")
        self._submit("alba-1", text)
        self.said.append(text["digest"])
        self._until(lambda: self._has(text["digest"], "stored"), "not stored")
        self._ask("bora-1", do="inbox")
        seen = self._ask("bora-1", do="prepare", kind="ACKNOWLEDGED", officer=4, ref=text["digest"])
        self._submit("bora-1", seen)
        self._until(lambda: self._has(text["digest"], "acknowledged"), "not acknowledged")
        self._release()

    def _release(self) -> None:
        launch = self._ask("alba-1", do="prepare", kind="N1", officer=1, fields=LAUNCH)
        draft = {name: launch[name] for name in ("line", "statement", "answering")}
        identity = self._ask("alba-1", do="draft", **draft)["id"]
        for officer in (1, 2):
            ((_, signature),) = approve_here(self.homes["alba-1"], launch, str(officer))
            try:
                self._ask("alba-1", do="approve", id=identity, officer=officer, signature=signature)
            except Misuse:
                # It was durable and its answer was lost: then the draft says so, or it is said already.
                drafts = {draft["id"]: draft["approved_by"] for draft in self._ask("alba-1", do="drafts")["drafts"]}
                if officer not in drafts.get(identity, [officer]):
                    raise
        self.said.append(identity)
        self._until(lambda: self._has(identity, "stored"), "what was released is not stored")

    def _submit(self, name: str, prepared: dict[str, Any]) -> None:
        said = self._ask(name, do="submit", line=prepared["line"], statement=prepared["statement"], approvals=[])
        if said["id"] != prepared["digest"]:
            raise SystemExit("a repeated send gave another message")

    def _has(self, identity: str, status: str) -> bool | None:
        return bool(self._ask("alba-1", do="show", id=identity)["status"][status]) or None

    def _check(self) -> None:
        received = [each["id"] for each in self._ask("bora-1", do="inbox")["messages"]]
        if received != self.said:
            raise SystemExit(f"what was received is not what was said: {len(received)} of {len(self.said)}")

    # ------------------------------------------------------------ daemons

    def _ask(self, name: str, **asked: object) -> dict[str, Any]:
        return self._until(lambda: request(self.homes[name] / "control.sock", asked), f"{name} does not answer")

    def _until(self, attempt: Callable[[], Found | None], words: str) -> Found:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.victim and self.processes[self.victim].poll() is not None:
                self._revive(self.victim)
            try:
                found = attempt()
            except Unavailable:
                found = None
            if found is not None:
                return found
            time.sleep(0.02)
        raise SystemExit(f"{words} within {PATIENCE_S:g} seconds")

    def _revive(self, name: str) -> None:
        code = self.processes[name].wait()
        if code != ENDINGS[self.fault]:
            told = (self.homes[name] / ERRORS).read_text(encoding="utf-8")
            raise SystemExit(f"{name} ended with {code}, not with {ENDINGS[self.fault]}: {told}")
        self.processes[name] = self._start(name)

    def _command(self, name: str, *fault: str) -> list[str]:
        what = "relay" if name.startswith("relay") else "station"
        return [sys.executable, "-m", "tools.counting_disk", *fault, what, "run", "--home", str(self.homes[name])]

    def _start(self, name: str, *fault: str) -> subprocess.Popen[bytes]:
        if not fault:
            return start("relay" if name.startswith("relay") else "station", self.homes[name])
        with (self.homes[name] / ERRORS).open("wb") as errors:
            return subprocess.Popen(self._command(name, *fault), stdin=subprocess.DEVNULL, stderr=errors)

    def verify(self) -> int:
        """End everything; return how many signatures verify from the sender's store alone."""
        sent = self._ask("alba-1", do="inbox", sent=True)["messages"]
        stop(self.processes.values())
        store = open_store(self.homes["alba-1"])
        try:
            return sum(verify_message(store, message) for message in sent)
        finally:
            store.close()


def play(campaign: Campaign, victim: str, first: int, step: int, most: int) -> dict[str, int]:
    """Harm one daemon at one operation after another, until it ends a story unharmed."""
    for runs in range(1, most + 1):
        at = first + (runs - 1) * step
        harmed = campaign.harm(victim, at)
        sys.stderr.write(f"\r{victim}: operation {at}, {'ended' if harmed else 'unharmed'}   ")
        if not harmed:
            sys.stderr.write("\n")
            return {"runs": runs, "operations": at - 1}
    sys.stderr.write("\n")
    return {"runs": most, "operations": first + (most - 1) * step}


def main() -> None:
    """Run a campaign and print its report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", choices=list(ENDINGS), default="end", help="what happens at the operation (end)")
    parser.add_argument("--victims", default=",".join(VICTIMS), help="who is harmed (all three)")
    parser.add_argument("--first", type=int, default=1, help="first operation (1)")
    parser.add_argument("--step", type=int, default=1, help="every so many operations (1)")
    parser.add_argument("--most", type=int, default=2_000, help="runs of one victim at most (2000)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openline-killwrite-") as folder:
        campaign = Campaign(Path(folder), given.fault)
        try:
            found = {
                victim: play(campaign, victim, given.first, given.step, given.most)
                for victim in given.victims.split(",")
            }
            verified = campaign.verify()
        except OpenlineError as error:
            raise SystemExit(f"{error.message}: {error.hint}") from error
        finally:
            stop(campaign.processes.values())
    report = {"fault": given.fault, "victims": found, "messages": len(campaign.said), "signatures_verified": verified}
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
