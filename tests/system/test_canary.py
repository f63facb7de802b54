"""After a run with canary words in texts and fields: nothing of them, of the parties or of their keys is at a relay."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.runtime.homes import open_store, read_lines
from openline.runtime.keyfile import purpose_of, read_secret
from tests.system.stage import AREA, PERIOD, Stage, running, until

CANARIES = ("QUOKKAZEPHYRMINT", "OCELOTVIOLAGRAPE", "MARMOTCOBALTFERN")  # 16 letters, in no dictionary
PARTIES = ("albaquokkaq", "boraocelotz")  # names that no program's code and tables hold by chance
MEMORY_BYTES_MIN = 1 << 24  # a Python program has more: less means that the search saw nothing
STATIONS = tuple(f"{party}-1" for party in PARTIES)

Needles = dict[str, bytes]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A run that used every part: texts, fields, receipts, an acknowledgement, an answer, a draft, an export."""
    made = Stage(tmp_path_factory.mktemp("canary") / "net", parties=PARTIES)
    with running(made):
        made.meet()
        alba, bora = (made.homes[name] for name in STATIONS)
        first = made.send(STATIONS[0], "T1", "--wait", "stored", "--pass-to", CANARIES[2], text=f"words {CANARIES[0]}")
        made.send(STATIONS[1], "Q1", "--wait", "stored", statement=f"The statement {CANARIES[1]} is true.")
        made.run("inbox", "--home", bora)
        made.run("ack", "--home", bora, first, "--officer", 4)
        made.run("export", "--home", alba, made.send(STATIONS[0], "N6", "--officer", 1,
                 hazard="live_firing", area=AREA, period=PERIOD), "--format", "cap")  # fmt: skip
        made.run("send", "--home", alba, "--kind", "T1", "--text", CANARIES[0], "--officer", 99, status=2)
        until(lambda: made.ask(STATIONS[0], do="show", id=first)["status"]["acknowledged"] or None, "not acknowledged")
        yield made


def words() -> Needles:
    return {canary: canary.encode() for canary in CANARIES}


def names() -> Needles:
    """Codes and names of the parties in every case."""
    return {name: name.encode() for code in PARTIES for name in (code, code.title(), code.upper())}


def private_keys(stage: Stage) -> Needles:
    """Every private key of every station and officer, raw and in hexadecimal."""
    keys: Needles = {}
    for name, home in stage.homes.items():
        if name.startswith("relay"):
            continue
        for file in [home / "page.key", *sorted((home / "officers").iterdir())]:
            content = file.read_bytes()
            keys[f"{name} {file.name}"] = read_secret(content, purpose_of(content), None)
        store = open_store(home)
        for line in read_lines(store):
            keys |= {f"{name} {use}": getattr(line.keys, use) for use in ("sign", "head", "post")}
        store.close()
    return keys | {f"{key} in hexadecimal": value.hex().encode() for key, value in keys.items()}


def found_in(data: bytes, needles: Needles) -> list[str]:
    return [name for name, needle in needles.items() if needle in data]


def memory(process: int) -> Iterator[bytes]:
    """Yield every readable region of a process's memory."""
    with Path(f"/proc/{process}/maps").open(encoding="ascii") as maps, Path(f"/proc/{process}/mem").open("rb") as mem:
        for row in maps:
            span, rights = row.split()[:2]
            if not rights.startswith("r") or "[v" in row:
                continue  # not readable, or the kernel's own pages
            begin, end = (int(part, 16) for part in span.split("-"))
            mem.seek(begin)
            try:
                yield mem.read(end - begin)
            except OSError:
                continue  # a guard page: nothing can stand there


def on_disk(stage: Stage) -> dict[str, bytes]:
    home = stage.homes["relay-1"]
    return {str(file.relative_to(home)): file.read_bytes() for file in home.rglob("*") if file.is_file()}


def admitted(stage: Stage) -> bytes:
    """A post key: in the relay's memory, and on its disk beside each envelope."""
    lines = tomllib.loads((stage.homes["relay-1"] / "lines.toml").read_text(encoding="utf-8"))["line"]
    return bytes.fromhex(lines[0]["post"][0])


def test_nothing_is_on_the_relays_disk_in_its_log_environment_or_command_line(stage: Stage) -> None:
    process = stage.processes["relay-1"].pid
    stage.stop(STATIONS[1])  # only what is for one that is away is written
    stage.send(STATIONS[0], "T1", text=f"words {CANARIES[0]} for one that is away")
    until(lambda: any(admitted(stage) in data for data in on_disk(stage).values()) or None, "nothing was written")
    looked_at = on_disk(stage)
    stage.start(STATIONS[1])
    looked_at["environment"] = Path(f"/proc/{process}/environ").read_bytes()
    looked_at["command line"] = Path(f"/proc/{process}/cmdline").read_bytes()
    assert {"queue.db", "log.jsonl", "lines.toml"} <= looked_at.keys()
    assert b"relay-1" in looked_at["command line"]
    needles = {**words(), **names(), **keys_at_rest(stage)}
    assert {place: found_in(data, needles) for place, data in looked_at.items() if found_in(data, needles)} == {}


def test_nothing_is_in_the_relays_memory(stage: Stage) -> None:
    process = stage.processes["relay-1"].pid
    try:
        regions = list(memory(process))
    except PermissionError:
        pytest.skip("this user may not read another process's memory")
    assert sum(map(len, regions)) > MEMORY_BYTES_MIN
    assert any(admitted(stage) in region for region in regions), "the search does not find what is surely there"
    needles = {**words(), **names(), **keys_at_rest(stage)}
    assert sorted({name for region in regions for name in found_in(region, needles)}) == []


def keys_at_rest(stage: Stage) -> Needles:
    """Every private key, read while the stations are down for a moment: one process alone opens a store."""
    stage.stop(*STATIONS)
    keys = private_keys(stage)
    stage.start(*STATIONS)
    return keys


def test_stations_logs_hold_no_plaintext_and_no_key(stage: Stage) -> None:
    needles = {**words(), **keys_at_rest(stage)}
    for name in STATIONS:
        log = (stage.homes[name] / "log.jsonl").read_bytes()
        rows = [json.loads(row) for row in log.splitlines()]
        assert rows[0]["what"] == "started"
        assert found_in(log, needles) == []


def test_a_stations_store_is_sealed_and_readable_by_its_owner_alone(stage: Stage) -> None:
    for name, home in stage.homes.items():
        secret = [
            file for file in home.rglob("*") if file.suffix in (".db", ".key", ".pem", ".sock") or "-wal" in file.name
        ]
        assert secret, name
        assert {oct(file.stat().st_mode & 0o077) for file in secret} == {"0o0"}, name
        if not name.startswith("relay"):
            data = b"".join(file.read_bytes() for file in home.glob("station.db*"))
            assert found_in(data, {**words(), **names()}) == []


def test_the_search_finds_a_word_where_it_is() -> None:
    """Else an empty result would mean nothing."""
    word = CANARIES[0].encode() + os.urandom(4)
    assert any(word in region for region in memory(os.getpid()))
    assert found_in(b"..." + word, {"it": word}) == ["it"]
