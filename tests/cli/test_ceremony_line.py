"""From two signatures to a message: what the ceremony made is a line that runs."""

import json
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

from openline.runtime.homes import documents_of, open_store, read_lines
from tests.cli.parties import ENVIRONMENT, PROGRAM, RUN_S, World, opened, ready, staffed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def test_a_line_opened_by_two_strangers_carries_a_message(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    world = World(tmp_path)
    alba, bora = opened(world)
    operator = world.machine("operator")
    port = free_port()
    relay = operator.json("relay", "create", "--home", "relay", "--host", "127.0.0.1", "--port", port)
    rosters = [world.stick(f"{machine.name}.roster") for machine in (alba, bora)]
    for machine in (alba, bora):
        staffed(world, machine, f"127.0.0.1:{port}", str(relay["pin"]))
    alba.run("roster", "import", "--dir", alba.office, rosters[1])
    keys = alba.json("roster", "post-keys", "--dir", alba.office)["post_keys"]
    assert isinstance(keys, list)
    operator.run("relay", "admit", "--home", "relay", *keys)
    assert "64 hexadecimal digits" in operator.run("relay", "admit", "--home", "relay", "no key", status=2)
    for machine in (alba, bora):
        ready(world, machine, *rosters)
    with ExitStack() as running:
        running.enter_context(operator.daemon("relay", "run", "--home", "relay"))
        for machine in (alba, bora):
            running.enter_context(machine.daemon("station", "run", "--home", "home", listens="home/control.sock"))
        text = ["--kind", "T1", "--text", "Radio check", "--wait", "stored", "--json"]
        sent = subprocess.run(
            [*PROGRAM, "send", "--home", str(alba.folder / "home"), *text],
            env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=RUN_S,
        )  # fmt: skip
        assert sent.returncode == 0, sent.stdout + sent.stderr
        inbox = bora.json("inbox", "--home", bora.folder / "home")
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
