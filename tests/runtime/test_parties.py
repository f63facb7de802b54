"""What a rendering of a line's messages rests on: our code, the charter's consent, the very glossary that it names."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import pytest

from openline.runtime import station
from openline.runtime.homes import ANNEXES, annex
from openline.runtime.lab import create
from openline.runtime.log import Log
from openline.runtime.parties import about_parties, missing_glossaries
from openline.runtime.station import StationProcess
from openline.wire.payloads import DocumentClass
from tests.engine.pair import ALBA, BORA, Anything, Net

CONTENT = b'[entry.gulf]\ntype = "sea"\nnames = {en = "Gulf of Alba"}\n'


def terms(net: Net, folder: Path) -> Anything:
    about: Anything = about_parties([net.meaning(ALBA)], lambda digest: annex(folder, digest))["terms"]
    return about[net.setting.line[:16].hex()]


def test_the_glossary_is_the_one_whose_hash_the_charter_names_and_no_other(tmp_path: Path) -> None:
    net = Net()
    net.start_all()
    meanings = [net.meaning(ALBA)]
    assert terms(net, tmp_path) == {
        "own": "alba", "accepts_unreviewed": False, "glossary_hash": None, "glossary": None,
    }  # fmt: skip
    assert missing_glossaries(meanings, lambda digest: annex(tmp_path, digest)) == []
    amendment = net.amendment(ALBA, annexes=(("glossary", sha256(CONTENT).digest()),))
    for me in (ALBA, BORA):
        assert net.bring(me, DocumentClass.CHARTER, amendment).good
    (tmp_path / "annexes").mkdir()
    (tmp_path / "annexes" / "names.toml").write_bytes(CONTENT + b"# changed")
    (tmp_path / "annexes" / "folder").mkdir()
    (alarm,) = missing_glossaries([net.meaning(ALBA)], lambda digest: annex(tmp_path, digest))
    assert "is not in this home's annexes" in alarm
    assert terms(net, tmp_path)["glossary"] is None, "another one is not used in its place"
    (tmp_path / "annexes" / "right.toml").write_bytes(CONTENT)
    assert terms(net, tmp_path)["glossary"] == CONTENT.decode()
    assert missing_glossaries([net.meaning(ALBA)], lambda digest: annex(tmp_path, digest)) == []


def made(folder: Path) -> Path:
    """The first station of a laboratory, with the glossary that its charter names."""
    return Path(create(folder / "net", ["alba", "bora"], None, 1, 1)["stations"]["alba"][0])


def test_a_laboratory_comes_with_a_glossary_so_that_names_are_seen_to_differ(tmp_path: Path) -> None:
    home = made(tmp_path)
    process = StationProcess(home, Log(None))
    context: Anything = asyncio.run(process.once({"do": "context"}))
    (about,) = context["terms"].values()
    assert "Sea of Alba" in about["glossary"]
    assert asyncio.run(StationProcess(home, Log(None)).once({"do": "alarms"})) == {"alarms": []}


def test_a_file_that_cannot_be_read_is_no_annex_and_no_reason_to_stop(tmp_path: Path) -> None:
    assert annex(tmp_path, sha256(CONTENT).digest()) is None, "no folder"
    (tmp_path / ANNEXES).mkdir()
    (tmp_path / ANNEXES / "a-loop").symlink_to("a-loop")
    (tmp_path / ANNEXES / "names.toml").write_bytes(CONTENT)
    assert annex(tmp_path, sha256(CONTENT).digest()) == CONTENT


def test_a_glossary_that_is_lacking_is_heard_until_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sounds as every alarm does, with nobody asking; the engine reads no files, so the process looks."""
    monkeypatch.setattr(station, "CLOCK_LOOK_S", 0.002)
    home = made(tmp_path)
    (glossary,) = (home / ANNEXES).iterdir()
    glossary.rename(tmp_path / "kept")
    log = tmp_path / "log"

    def heard() -> list[Anything]:
        noted = [json.loads(row) for row in log.read_text(encoding="utf-8").splitlines()]
        return [row["glossaries"] for row in noted if row["what"] == "alarms"]

    async def story() -> None:
        stop = asyncio.Event()
        process = StationProcess(home, Log(log))

        async def watching(_socket: Path, handle: Callable[[dict[str, Anything]], Awaitable[Anything]]) -> None:
            changes = 0
            for count in (1, 2):
                while len(heard()) < count:
                    asked = {"do": "changes", "after": changes, "seconds": 10}
                    changes = (await handle(asked))["changes"]  # it wakes whoever watches
                assert (await handle({"do": "alarms"}))["alarms"] == heard()[-1]
                if count == 1:
                    (tmp_path / "kept").rename(glossary)
            stop.set()
            await asyncio.Event().wait()

        await process.run(watching, stop)

    asyncio.run(story())
    (lacking,), none = heard()
    assert lacking.startswith("GLOSSARY line ")
    assert none == [], "and once more when it ends"
