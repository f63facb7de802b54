"""From two signatures to a message: what the ceremony made is a line that runs."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from openline.runtime.homes import documents_of, open_store, read_lines
from tests.cli.test_ceremony import ENVIRONMENT, PROGRAM, Machine, World, opened

RUN_S = 60  # a guard against a hang, not a measure


@contextmanager
def daemon(*arguments: object) -> Iterator[None]:
    """One daemon, ended when the story is over."""
    command = [*PROGRAM, *(str(one) for one in arguments)]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(RUN_S)


def wait_for(path: Path) -> None:
    """Until the daemon listens."""
    end = time.monotonic() + RUN_S
    while not path.exists():
        assert time.monotonic() < end, path
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def enlist(machine: Machine, world: World, address: str, pin: str) -> None:
    """One station, one officer, one relay; the roster on the stick."""
    at, charter = ["--dir", machine.office], world.stick("complete.charter")
    owner = ["--party", machine.name, "--number", 1]
    machine.run("roster", "station-key", charter, *owner, "--out", "keys")
    machine.run(
        "roster",
        "officer-key",
        charter,
        *owner,
        "--role",
        "duty",
        "--passphrase-file",
        "pass",
        "--out",
        "keys/officers",
    )
    machine.run("roster", "draft", *at)
    machine.run("roster", "add-station", *at, "keys/station-1.item")
    machine.run("roster", "add-officer", *at, "keys/officers/officer-1.item")
    machine.run("roster", "add-relay", *at, address, "--pin", pin)
    machine.run("roster", "sign", *at, "--passphrase-file", "pass")
    machine.run("roster", "export", *at, "--out", world.stick(f"{machine.name}.roster"))


def test_a_line_opened_by_two_strangers_carries_a_message(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    world = World(tmp_path)
    alba, bora = opened(world)
    operator = world.machine("operator")
    port = free_port()
    relay = operator.json("relay", "create", "--home", "relay", "--host", "127.0.0.1", "--port", port)
    rosters = [world.stick(f"{machine.name}.roster") for machine in (alba, bora)]
    for machine in (alba, bora):
        enlist(machine, world, f"127.0.0.1:{port}", str(relay["pin"]))
    alba.run("roster", "import", "--dir", alba.office, rosters[1])
    keys = alba.json("roster", "post-keys", "--dir", alba.office)["post_keys"]
    assert isinstance(keys, list)
    operator.run("relay", "admit", "--home", "relay", *keys)
    assert "64 hexadecimal digits" in operator.run("relay", "admit", "--home", "relay", "no key", status=2)
    for machine in (alba, bora):
        papers = [world.stick("complete.charter"), *rosters]
        machine.run("roster", "open-station", "--home", "home", "--key", "keys/station-1.key", *papers)
    with ExitStack() as running:
        running.enter_context(daemon("relay", "run", "--home", operator.folder / "relay"))
        for machine in (alba, bora):
            running.enter_context(daemon("station", "run", "--home", machine.folder / "home"))
            wait_for(machine.folder / "home/control.sock")
        text = ["--kind", "T1", "--text", "Radio check", "--wait", "stored", "--json"]
        sent = subprocess.run(
            [*PROGRAM, "send", "--home", str(alba.folder / "home"), *text],
            env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=RUN_S,
        )  # fmt: skip
        assert sent.returncode == 0, sent.stdout + sent.stderr
        inbox = bora.json("inbox", "--home", bora.folder / "home")
        shutil.copy(alba.folder / "keys/officers/officer-1.key", alba.folder / "home/officers")
        asked = ["--kind", "Q1", "--fields", "-", "--officer", 1, "--passphrase-file", "pass", "--approve", 1]
        words = alba.run("send", "--home", "home", *asked, status=1, text='{"statement": "It was yours"}')
        assert "the charter asks for no approval" in words, "the passphrase of a key file is taken where one approves"
        stop = world.stick("officer-1.stop")
        alba.run("roster", "stop", "--dir", alba.office, "--officer", 1, "--out", stop)
        bora.run("station", "bring", "--home", bora.folder / "home", stop)
        shown = alba.run("roster", "show", "--dir", alba.office).splitlines()
        assert [row for row in shown if "ENDED" in row] == ["  officer 1  duty  ENDED by a stop notice"]
        assert "no charter" in bora.run("station", "bring", "--home", bora.folder / "home", "pass", status=2)
    store = open_store(bora.folder / "home")
    documents = documents_of(store, read_lines(store)[0].line)
    store.close()
    assert documents.officer_stopped(1, 1)
    (message,) = inbox["messages"] if isinstance(inbox["messages"], list) else []
    assert message["id"] == json.loads(sent.stdout)["id"]
    assert message["fields"] == {"text": "Radio check"}
    assert message["status"]["stored"]
