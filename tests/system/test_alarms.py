"""What has not been stored in time sounds with the name of who lacks it and since when, in words and UTC."""

import asyncio
import re
from pathlib import Path

import pytest

from openline.ports import Instant
from openline.runtime.clocks import Clocks
from openline.runtime.lab import create
from openline.runtime.log import Log
from openline.runtime.station import StationProcess


def test_an_alarm_names_the_station_and_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(create(tmp_path / "net", ["alba", "bora"], None, 1, 1)["stations"]["alba"][0])

    async def ask(**asked: object) -> dict[str, object]:
        return await StationProcess(home, Log(None)).once(asked)

    prepared = asyncio.run(ask(do="prepare", kind="T1", text="x", precedence="FLASH"))
    asyncio.run(ask(do="submit", line=prepared["line"], statement=prepared["statement"]))
    assert asyncio.run(ask(do="alarms")) == {"alarms": []}
    now = Clocks().instant()
    monkeypatch.setattr(Clocks, "instant", lambda _: Instant(now.utc + 600, now.monotonic_ms))
    alarms = asyncio.run(ask(do="alarms"))["alarms"]
    assert isinstance(alarms, list)
    found = re.search(r"NOT STORED line [0-9a-f]{16} by bora-1: FLASH 1 since 20\d\d-\d\d-\d\dT", alarms[0])
    assert found, alarms
