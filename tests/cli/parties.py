"""Parties with a machine each, and a stick between them: the steps of the ceremony as commands."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from openline.cli import main
from openline.cli.lab import stop

PASSPHRASE = "six random words make a phrase\n"
NAMES = {"alba": ("Alba", "알바"), "bora": ("Bora", "보라"), "cendra": ("Cendra", "센드라")}
PROGRAM = [sys.executable, "-c", "from openline.cli import main; main()"]
RUN_S = 60  # a guard against a hang, not a measure
ENVIRONMENT = {**os.environ, "PYTHONUTF8": "1"}
HIDDEN = 'for other in "$@"; do [ "$other" = -- ] && break; mount -t tmpfs none "$other"; shift; done; shift; exec "$@"'


@cache
def isolation() -> bool:
    """Whether this machine lets us give each party a network and a file system of its own."""
    trial = subprocess.run(
        ["unshare", "-rnm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    return trial.returncode == 0


@dataclass
class Machine:
    """One party's machine.  Set `apart`: a process of its own, no network, and none of the other machines' folders."""

    name: str
    world: Path
    apart: bool = False

    @property
    def folder(self) -> Path:
        return self.world / self.name

    @property
    def office(self) -> str:
        return str(self.folder / "office")

    def run(self, *arguments: object, status: int = 0, text: str = "") -> str:
        """Give a command; return what it prints, or what it says of a refusal."""
        if not self.apart:
            with contextlib.chdir(self.folder):
                result = CliRunner().invoke(main, [str(one) for one in arguments], input=text)
            assert result.exit_code == status, result.output
            return result.stdout if status == 0 else result.stderr
        done = subprocess.run(
            self.process(*arguments), cwd=self.folder, input=text, capture_output=True, text=True, check=False,
            env=ENVIRONMENT, timeout=RUN_S,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout if status == 0 else done.stderr

    def process(self, *arguments: object) -> list[str]:
        """Return a command as a process in which the other machines' folders are empty."""
        command = [*PROGRAM, *(str(one) for one in arguments)]
        hidden = [str(path) for path in sorted(self.world.iterdir()) if path.name not in self.sees()]
        around = self.around()
        return [*around, "sh", "-c", HIDDEN, "sh", *hidden, "--", *command] if around else command

    @contextlib.contextmanager
    def daemon(self, *arguments: object, listens: str = "") -> Iterator[None]:
        """Run a daemon until the story is over; go on once the file `listens` is there."""
        quiet = subprocess.DEVNULL
        command = self.process(*arguments)
        with subprocess.Popen(
            command, cwd=self.folder, env=ENVIRONMENT, stdin=quiet, stdout=quiet, stderr=quiet
        ) as process:
            try:
                end = time.monotonic() + RUN_S
                while not (self.folder / listens).exists():
                    assert time.monotonic() < end, f"{self.name} does not listen"
                    time.sleep(0.05)
                yield
            finally:
                stop([process])

    def sees(self) -> set[str]:
        """Return the folders that this machine has: its own and the stick."""
        return {self.name, "stick"}

    def around(self) -> list[str]:
        """Return what gives a process apart a network and mounts of its own; nothing where that is not allowed."""
        return ["unshare", "-rnm"] if self.apart and isolation() else []

    def json(self, *arguments: object) -> dict[str, object]:
        found = json.loads(self.run(*arguments, "--json"))
        assert isinstance(found, dict)
        return found

    def words(self, *arguments: object) -> str:
        words = self.json(*arguments)["words"]
        assert isinstance(words, list)
        return " ".join(words)


@dataclass
class World:
    """Machines, and the stick that people carry between them."""

    folder: Path
    apart: bool = False
    template: Path | None = None

    def machine(self, name: str) -> Machine:
        machine = self.at(name)
        if not machine.folder.exists():
            machine.folder.mkdir()
            (machine.folder / "pass").write_text(PASSPHRASE)
        return machine

    def at(self, name: str) -> Machine:
        """Return the machine of a name, whose folder may not be there yet."""
        return Machine(name, self.folder, self.apart)

    def stick(self, name: str) -> Path:
        return self.folder / "stick" / name

    def party(self, name: str) -> Machine:
        machine = self.machine(name)
        english, korean = NAMES[name]
        names = ["--name", f"en={english}", "--name", f"ko={korean}"]
        created = ["party", "create", "--dir", machine.office, "--code", name, *names, "--passphrase-file", "pass"]
        assert machine.json(*created)["code"] == name
        self.stick(f"{name}.json").write_bytes((machine.folder / "office/card.json").read_bytes())
        return machine

    def compare(self, one: Machine, other: Machine) -> None:
        for here, there in ((one, other), (other, one)):
            heard = there.words("party", "show", "--dir", there.office)
            here.run("party", "import", "--dir", here.office, self.stick(f"{there.name}.json"), "--words", heard)

    def sign(self, machine: Machine, draft: str, out: str, words: str) -> dict[str, object]:
        return machine.json(
            "charter", "sign", "--dir", machine.office, self.stick(draft), "--words", words,
            "--passphrase-file", "pass", "--out", self.stick(out),
        )  # fmt: skip


FORM = """
languages = ["en", "ko"]
statuses = ["EXERCISE", "TEST"]
[texts]
en = "The parties open this line."
ko = "당사자들은 이 선을 연다."
"""


def drafted(world: World) -> tuple[Machine, Machine]:
    """Two parties that compared each other's words, and a draft on the stick."""
    alba, bora = world.party("alba"), world.party("bora")
    world.compare(alba, bora)
    (alba.folder / "form.toml").write_text(FORM)
    alba.run(
        "charter", "draft", "--dir", alba.office, "--member", "alba", "--member", "bora", "--form", "form.toml",
        "--out", world.stick("draft.charter"),
    )  # fmt: skip
    return alba, bora


def opened(world: World) -> tuple[Machine, Machine]:
    """Two parties with a charter in force on both machines."""
    if world.template is not None:
        shutil.copytree(world.template, world.folder, dirs_exist_ok=True)
        return world.machine("alba"), world.machine("bora")
    alba, bora = drafted(world)
    words = alba.words("charter", "fingerprint", world.stick("draft.charter"))
    for machine in (alba, bora):
        world.sign(machine, "draft.charter", f"{machine.name}.charter", words)
    in_force(world, alba, bora)
    return alba, bora


def in_force(world: World, *machines: Machine) -> None:
    """The first of the machines merges what each has signed; every office activates it."""
    signed = [world.stick(f"{machine.name}.charter") for machine in machines]
    machines[0].run("charter", "merge", *signed, "--out", world.stick("complete.charter"))
    for machine in machines:
        machine.run("charter", "activate", "--dir", machine.office, world.stick("complete.charter"))


def staffed(
    world: World, machine: Machine, relay: str = "relay.example:443", pin: str = "ab" * 32
) -> dict[str, object]:
    """Give a party a station, two officers and a relay, and put its roster on the stick."""
    at, charter = ["--dir", machine.office], world.stick("complete.charter")
    owner = ["--party", machine.name, "--out", "keys"]
    machine.run("roster", "station-key", charter, "--number", 1, *owner)
    for number, role in ((1, "duty"), (2, "releaser")):
        machine.run(
            "roster", "officer-key", charter, "--number", number, "--role", role, *owner, "--passphrase-file", "pass"
        )
    machine.run("roster", "draft", *at)
    machine.run("roster", "add-station", *at, "keys/station-1.item")
    for number in (1, 2):
        machine.run("roster", "add-officer", *at, f"keys/officer-{number}.item")
    machine.run("roster", "add-relay", *at, relay, "--pin", pin)
    signed = machine.json("roster", "sign", *at, "--passphrase-file", "pass")
    machine.run("roster", "export", *at, "--out", world.stick(f"{machine.name}.roster"))
    return signed


def ready(world: World, machine: Machine, *rosters: Path) -> None:
    """Make the station's home of what was signed, with the key files of both officers."""
    papers = [world.stick("complete.charter"), *rosters]
    machine.run("roster", "open-station", "--home", "home", "--key", "keys/station-1.key", *papers)
    for number in (1, 2):
        shutil.copy(machine.folder / f"keys/officer-{number}.key", machine.folder / "home/officers")
