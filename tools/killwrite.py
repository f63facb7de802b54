"""End a station or relay at its n-th write or sync, for every n, until a run ends unharmed; and lose nothing.

    python -m tools.killwrite                             every write and sync of sender, receiver and relay
    python -m tools.killwrite --who relay                 only the relay's; `station`: only the two stations'
    python -m tools.killwrite --pairs 200                 200 pairs each: it ends again after its next start
    python -m tools.killwrite --fault full --step 7       the disk is full from the n-th operation on
    python -m tools.killwrite --fault sync --who station  the n-th sync fails, and every later one

Each run plays one story: a text is sent, received and stored, acknowledged; a notice is drafted, approved by two
officers, and released. Whoever ended is started again on a sound disk and the story goes on where it was. Then every
message stands once on the other side, in order, and every signature behind every status verifies from the stores alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from openline.cli.lab import start, stop
from openline.cli.presenting import present
from openline.cli.say import approve_here
from openline.control import request
from openline.errors import Misuse, OpenlineError, Unavailable
from openline.runtime.homes import open_store
from openline.runtime.lab import create
from openline.runtime.proofs import verify_message
from tools.counting_disk import DIED, OPERATIONS

WHO = {"all": ("alba-1", "bora-1", "relay-1"), "station": ("alba-1", "bora-1"), "relay": ("relay-1",)}
PARTS = ("send", "receive", "acknowledge", "release")  # of the story; what a daemon does in a part belongs to it
ENDINGS = {"end": DIED, "full": 4, "sync": 4}  # fault -> exit code that a daemon must end with
PATIENCE_S = 60.0
PUT_S = 0.3  # for the relay to be put what was said while its reader is away
NEVER = 1_000_000_000  # an operation that no story reaches
ERRORS = "errors.txt"  # in a home: what the harmed daemon said on standard error
LAUNCH: dict[str, Any] = {
    "class": "space_launch_vehicle", "count": 1, "site": "39.66N 124.70E", "purpose": "space",
    "window": "2026-12-09T20:00Z/2026-12-10T02:00Z",
    "impact_areas": [{"corners": ["39.50N 133.50E", "39.50N 134.10E", "39.00N 134.10E", "39.00N 133.50E"]}],
}  # fmt: skip

Found = TypeVar("Found")


class Campaign:
    """One laboratory; `harm` runs the story with one daemon on a disk that fails at one operation.

    endings: how often a daemon ended in each part of the story.
    reached: operations of the last start of a story that was not ended by then.
    """

    def __init__(self, folder: Path, fault: str) -> None:
        made = create(folder / "lab", ["alba", "bora"], None, 1, 1)
        homes = [*made["relays"], *(home for homes in made["stations"].values() for home in homes)]
        self.homes = {Path(home).name: Path(home) for home in homes}
        self.processes = {name: self._start(name) for name in self.homes}
        self.fault = fault
        self.victim = ""
        self.said: list[str] = []
        self.endings: Counter[str] = Counter()
        self.reached = 0
        self._part = PARTS[0]
        self._places: list[int] = []

    def harm(self, victim: str, *places: int) -> int:
        """Play the story with `victim` ending at its first place, once started again at the next, and so on.

        places: numbers of operations, each counted from a start.  Returns how often it ended so.
        """
        stop([self.processes[victim]])
        before = self.endings.total()
        self.victim = victim
        self._places = list(places)
        self._start_harmed()
        self._story()
        self._check()
        ended = self.endings.total() - before
        if ended < len(places):
            self.reached = (self.homes[victim] / OPERATIONS).stat().st_size
            # The story is over and the operation was not reached; what it still writes while it ends is no part of it.
            stop([self.processes[victim]])
            self.processes[victim] = self._start(victim)
        return ended

    # ------------------------------------------------------------ the story

    def _story(self) -> None:
        self._part = "send"
        text = self._ask("alba-1", do="prepare", kind="T1", officer=1, text=f"message {len(self.said)}")
        with self._reader_away():
            self._submit("alba-1", text)
        self.said.append(text["digest"])
        self._part = "receive"
        self._until(lambda: self._has(text["digest"], "stored"), "not stored")
        present(lambda asked: self._ask("bora-1", **asked), self._ask("bora-1", do="inbox"))
        self._part = "acknowledge"
        seen = self._ask("bora-1", do="prepare", kind="ACKNOWLEDGED", officer=4, ref=text["digest"])
        self._submit("bora-1", seen)
        self._until(lambda: self._has(text["digest"], "acknowledged"), "not acknowledged")
        self._part = "release"
        self._release()

    @contextmanager
    def _reader_away(self) -> Iterator[None]:
        """A relay that is harmed finds its reader away, or it would write nothing: so there is more to end it at."""
        away = self.victim in WHO["relay"]
        if away:
            stop([self.processes["bora-1"]])
        yield
        if away:
            time.sleep(PUT_S)
            self.processes["bora-1"] = self._start("bora-1")

    def _release(self) -> None:
        fields = {**LAUNCH, "azimuth": len(self.said) % 360}  # two stories in one second say no text twice
        launch = self._ask("alba-1", do="prepare", kind="N1", officer=1, fields=fields)
        draft = {name: launch[name] for name in ("line", "statement", "answering")}
        identity = self._ask("alba-1", do="draft", **draft)["id"]
        with self._reader_away():
            for officer in (1, 2):
                self._approve(launch, identity, officer)
        self.said.append(identity)
        self._until(lambda: self._has(identity, "stored"), "what was released is not stored")

    def _approve(self, launch: dict[str, Any], identity: str, officer: int) -> None:
        ((_, signature),) = approve_here(self.homes["alba-1"], launch, str(officer))
        try:
            self._ask("alba-1", do="approve", id=identity, officer=officer, signature=signature)
        except Misuse:
            # It was durable and its answer was lost: then the draft says so, or it is said already.
            drafts = {draft["id"]: draft["approved_by"] for draft in self._ask("alba-1", do="drafts")["drafts"]}
            if officer not in drafts.get(identity, [officer]):
                raise

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
        self.endings[self._part] += 1
        self._start_harmed()

    def _start_harmed(self) -> None:
        """Start the victim on a disk that fails at its next place, or on a sound one if it has no more."""
        fault = (self.fault, str(self._places.pop(0))) if self._places else ()
        self.processes[self.victim] = self._start(self.victim, *fault)

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


Tell = Callable[[str], None]


def play(campaign: Campaign, victim: str, first: int, step: int, most: int, tell: Tell) -> dict[str, int]:
    """Harm one daemon at one operation after another, until it ends a story unharmed."""
    for runs in range(1, most + 1):
        at = first + (runs - 1) * step
        ended = campaign.harm(victim, at)
        tell(f"{victim}: operation {at}, {'ended' if ended else 'unharmed'}")
        if not ended:
            return {"runs": runs, "operations": at - 1}
    return {"runs": most, "operations": first + (most - 1) * step}


def play_pairs(campaign: Campaign, victim: str, pairs: int, random: Random, tell: Tell) -> dict[str, int]:
    """Harm one daemon at a random operation, and again after it has started from that; so many times.

    Both operations are drawn from those that there are: a story counts them first, and then one with the first ending.
    """
    endings: Counter[int] = Counter()
    campaign.harm(victim, NEVER)
    operations = campaign.reached
    for number in range(1, pairs + 1):
        first = random.randint(1, operations)
        if campaign.harm(victim, first, NEVER):
            second = random.randint(1, max(1, campaign.reached))
            ended = campaign.harm(victim, first, second)
        else:
            second, ended, operations = (
                0,
                0,
                campaign.reached,
            )  # a relay that is idle meanwhile moves its log: many more
        endings[ended] += 1
        tell(f"{victim}: pair {number} of {pairs}, operations {first} and {second}, ended {ended} times")
    return {"pairs": pairs, "ended_twice": endings[2], "ended_once": endings[1], "unharmed": endings[0]}


def campaign_of(given: argparse.Namespace, folder: Path, tell: Tell) -> dict[str, Any]:
    """Run what was asked for; return the report."""
    campaign = Campaign(folder, given.fault)
    random = Random(given.seed)
    try:
        found = {}
        for victim in WHO[given.who]:
            if given.pairs:
                found[victim] = play_pairs(campaign, victim, given.pairs, random, tell)
            else:
                found[victim] = play(campaign, victim, given.first, given.step, given.most, tell)
        verified = campaign.verify()
    except OpenlineError as error:
        raise SystemExit(f"{error.message}: {error.hint}") from error
    finally:
        stop(campaign.processes.values())
    return {
        "fault": given.fault, "victims": found, "endings": dict(campaign.endings), "messages": len(campaign.said),
        "signatures_verified": verified,
    }  # fmt: skip


def main() -> None:
    """Run a campaign and print its report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", choices=list(ENDINGS), default="end", help="what happens at the operation (end)")
    parser.add_argument("--who", choices=list(WHO), default="all", help="who is harmed (all three)")
    parser.add_argument("--first", type=int, default=1, help="first operation (1)")
    parser.add_argument("--step", type=int, default=1, help="every so many operations (1)")
    parser.add_argument("--most", type=int, default=2_000, help="runs of one victim at most (2000)")
    parser.add_argument("--pairs", type=int, default=0, help="so many pairs of operations of each, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of pairs (1)")
    parser.add_argument("--record", type=Path, help="add the report to this file, one line")
    given = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    with tempfile.TemporaryDirectory(prefix="openline-killwrite-") as folder:
        report = campaign_of(given, Path(folder), lambda words: print(words, file=sys.stderr, flush=True))
    command = " ".join(["python", "-m", "tools.killwrite", *sys.argv[1:]]).partition(" --record")[0]
    line = json.dumps({"commit": commit.stdout.strip(), "command": command, **report})
    print(line)
    if given.record is not None:
        with given.record.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


if __name__ == "__main__":
    main()
