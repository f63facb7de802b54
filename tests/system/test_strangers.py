"""Two strangers on two machines that share no folder and no network of their own open a line, use it, and close it.

Each party and the relay's operator has a network namespace, and sees of the world its own folder alone.  Every step is
a command; what passes between them is single named files, as a courier carries them, and words that are read out.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.parties import Machine, World, drafted, in_force, ready, staffed
from tests.system.stage import HAZARD, until
from tools.networks import SWITCH, Networks, allowed

PORT = 8443
MINUTE = "%Y-%m-%dT%H:%MZ"
DAY_S = 86_400


@dataclass
class Stranger(Machine):
    """A machine with a network of its own.  A courier copies files to and from it, each by its name."""

    networks: Networks = field(kw_only=True)

    def run(self, *arguments: object, status: int = 0, text: str = "") -> str:
        stick, desk = self.world / "stick", self.folder / "desk"
        desk.mkdir(exist_ok=True)
        carried = {one: desk / one.name for one in arguments if isinstance(one, Path) and one.parent == stick}
        for there, here in carried.items():
            if there.exists():
                shutil.copyfile(there, here)
        found = super().run(
            *(carried.get(one, one) if isinstance(one, Path) else one for one in arguments), status=status, text=text
        )
        for there, here in carried.items():
            if here.exists() and not there.exists():
                shutil.copyfile(here, there)
        return found

    def sees(self) -> set[str]:
        return {self.name}

    def around(self) -> list[str]:
        return self.networks.inside(self.name, "unshare", "-m")


@dataclass
class Apart(World):
    """Machines that nothing joins but the switch that the relay stands at, and a courier."""

    networks: Networks = field(kw_only=True)

    def at(self, name: str) -> Machine:
        return Stranger(name, self.folder, apart=True, networks=self.networks)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    if not allowed():
        assert os.environ.get("CI") != "true", "the automatic check must run as root, to make network namespaces"
        pytest.skip("network namespaces need root")
    (tmp_path / "stick").mkdir()
    with Networks(["operator", "alba", "bora"]).joined() as networks:
        yield Apart(tmp_path, networks=networks)


def station(machine: Machine, *arguments: object, status: int = 0) -> str:
    """Give a command at a party's station."""
    return machine.run(*arguments, "--home", "home", status=status)


def the_line(machine: Machine) -> dict[str, Any]:
    (line,) = json.loads(station(machine, "lines", "--json"))["lines"]
    return dict(line)


def wait_for_word(machine: Machine, word: str) -> None:
    """Until this is the word for the other party's station."""
    until(lambda: the_line(machine)["stations"][0]["word"] == word or None, f"{machine.name} does not show {word}")


def received(machine: Machine, identity: str) -> dict[str, Any]:
    """The message of this id, once it is here."""

    def here() -> dict[str, Any] | None:
        messages = json.loads(station(machine, "inbox", "--json"))["messages"]
        return next((dict(each) for each in messages if each["id"] == identity), None)

    return until(here, f"{identity} did not come to {machine.name}")


def signed_by_both(world: World) -> tuple[Machine, Machine]:
    """Roots, cards, a draft, prints, twelve words, two signatures; without each of them no charter is in force."""
    alba, bora = drafted(world)
    draft = world.stick("draft.charter")
    for machine in (alba, bora):
        text = machine.run("charter", "print", draft)
        assert "The parties open this line." in text
        assert "당사자들은 이 선을 연다." in text
    refused = bora.run("charter", "activate", "--dir", bora.office, draft, status=1)
    assert "the signatures of alba, bora are missing" in refused
    words = alba.words("charter", "fingerprint", draft)
    assert len(words.split()) == 12
    assert words == bora.words("charter", "fingerprint", draft)
    world.sign(alba, "draft.charter", "alba.charter", words)
    half = world.stick("alba.charter")
    assert "the signature of bora is missing" in bora.run("charter", "activate", "--dir", bora.office, half, status=1)
    world.sign(bora, "draft.charter", "bora.charter", words)
    in_force(world, alba, bora)
    return alba, bora


def equipped(world: World, operator: Machine, alba: Machine, bora: Machine) -> None:
    """A relay, keys where they are used, a roster of each party; the operator is told post keys and nothing else."""
    relay = operator.json("relay", "create", "--home", "relay", "--host", SWITCH, "--port", PORT)
    rosters = [world.stick(f"{machine.name}.roster") for machine in (alba, bora)]
    for machine in (alba, bora):
        staffed(world, machine, f"{SWITCH}:{PORT}", str(relay["pin"]))
    for machine, other in ((alba, rosters[1]), (bora, rosters[0])):
        machine.run("roster", "import", "--dir", machine.office, other)
        ready(world, machine, *rosters)
    keys = alba.json("roster", "post-keys", "--dir", alba.office)["post_keys"]
    assert isinstance(keys, list)
    operator.run("relay", "admit", "--home", "relay", *keys)


def launch(machine: Machine) -> str:
    """Draft the notice of a launch, which two officers release; return its id."""
    start = time.time() + 10 * DAY_S
    window = "/".join(time.strftime(MINUTE, time.gmtime(at)) for at in (start, start + DAY_S / 4))
    fields = {
        "class": "space_launch_vehicle", "count": 1, "site": "39.66N 124.70E", "purpose": "space",
        "window": window, "azimuth": 100, "impact_areas": [HAZARD["area"]],
    }  # fmt: skip
    (machine.folder / "launch.json").write_text(json.dumps(fields))
    kept = station(machine, "send", "--kind", "N1", "--fields", "launch.json", "--officer", 1, "--json")
    return str(json.loads(kept)["draft"])


def approve(machine: Machine, draft: str, officer: int, status: int = 0) -> str:
    return station(machine, "approve", draft, "--officer", officer, "--passphrase-file", "pass", status=status)


def released_by(alba: Machine, bora: Machine, kept: str, *officers: int) -> None:
    """One officer's approval says nothing; with the second one's the other party has it, and reads who released it."""
    assert "waits for another officer" in approve(alba, kept, officers[0])
    assert "has approved already" in approve(alba, kept, officers[0], status=2)
    assert "said" in approve(alba, kept, officers[1])
    assert received(bora, kept)["approved_by"] == list(officers)


def suspended_and_resumed(alba: Machine, bora: Machine) -> None:
    wait_for_word(alba, "ANSWERS")
    station(bora, "charter", "suspend", "--officer", 1, "--reason", "no watch")
    wait_for_word(alba, "SUSPENDED")
    station(bora, "charter", "resume", "--officer", 1)
    wait_for_word(alba, "ANSWERS")


def drafts_of(machine: Machine) -> dict[str, list[int]]:
    """Who has approved each draft."""
    drafts = json.loads(station(machine, "drafts", "--json"))["drafts"]
    return {each["id"]: each["approved_by"] for each in drafts}


def an_officer_is_stopped(world: World, alba: Machine, bora: Machine) -> str:
    """The notice comes to Bora's station, which hands it on; a new roster names the officer who follows.

    Return the draft that the officer had approved.
    """
    at, kept = ["--dir", alba.office], launch(alba)
    approve(alba, kept, 2)
    assert drafts_of(alba) == {kept: [2]}
    alba.run("roster", "stop", *at, "--officer", 2, "--out", world.stick("officer-2.stop"))
    station(bora, "station", "bring", world.stick("officer-2.stop"))
    until(lambda: drafts_of(alba) == {kept: []} or None, "the notice was not handed on")
    assert "officer 2 is not, or no longer, in this party's roster" in approve(alba, kept, 2, status=2)
    follows = ["--party", "alba", "--number", 3, "--role", "releaser", "--passphrase-file", "pass", "--out", "keys"]
    alba.run("roster", "officer-key", world.stick("complete.charter"), *follows)
    alba.run("roster", "draft", *at)
    alba.run("roster", "remove", *at, "officer", 2)
    alba.run("roster", "add-officer", *at, "keys/officer-3.item")
    alba.run("roster", "sign", *at, "--passphrase-file", "pass")
    alba.run("roster", "export", *at, "--out", world.stick("alba-2.roster"))
    bora.run("roster", "import", "--dir", bora.office, world.stick("alba-2.roster"))
    station(alba, "station", "bring", world.stick("alba-2.roster"))
    shutil.copy(alba.folder / "keys/officer-3.key", alba.folder / "home/officers")
    return kept


def amended(world: World, alba: Machine, bora: Machine) -> None:
    """A second charter counts once both have signed it; one station tells the other."""
    (alba.folder / "rate.toml").write_text("entries_a_minute = 100\n")
    second, complete = world.stick("second.charter"), world.stick("second.complete")
    alba.run("charter", "amend", "--dir", alba.office, "--form", "rate.toml", "--out", second)
    words = alba.words("charter", "fingerprint", second)
    world.sign(bora, "second.charter", "second.bora", words)
    half = world.stick("second.bora")
    missing = "the signature of alba is missing"
    assert missing in bora.run("charter", "activate", "--dir", bora.office, half, status=1)
    assert missing in station(bora, "station", "bring", half, status=1)
    world.sign(alba, "second.charter", "second.alba", words)
    alba.run("charter", "merge", world.stick("second.alba"), half, "--dir", alba.office, "--out", complete)
    for machine in (alba, bora):
        machine.run("charter", "activate", "--dir", machine.office, complete)
    station(alba, "station", "bring", complete)
    until(lambda: the_line(bora)["charter"] == 2 or None, "the second charter was not handed on")


def closed(alba: Machine, bora: Machine) -> None:
    for machine in (alba, bora):
        station(machine, "charter", "close", "--officer", 1, "--reason", "the mission has ended")
    until(lambda: (the_line(alba)["closed"] and the_line(bora)["closed"]) or None, "CLOSED is not shown by both")
    assert "CLOSED by every party" in station(bora, "lines")


def test_two_strangers_open_use_and_close_a_line_between_two_networks(world: World) -> None:
    alba, bora = signed_by_both(world)
    operator = world.machine("operator")
    equipped(world, operator, alba, bora)
    with ExitStack() as running:
        running.enter_context(operator.daemon("relay", "run", "--home", "relay"))
        run = ["station", "run", "--home", "home"]
        running.enter_context(bora.daemon(*run, listens="home/control.sock"))
        station(bora, "attend")  # before Alba's comes: Bora's first greeting says so, the next one is a minute away
        running.enter_context(alba.daemon(*run, listens="home/control.sock"))
        said = station(alba, "send", "--kind", "T1", "--text", "Radio check", "--wait", "stored", "--json")
        assert received(bora, json.loads(said)["id"])["fields"] == {"text": "Radio check"}
        released_by(alba, bora, launch(alba), 1, 2)
        suspended_and_resumed(alba, bora)
        released_by(alba, bora, an_officer_is_stopped(world, alba, bora), 1, 3)
        amended(world, alba, bora)
        closed(alba, bora)
