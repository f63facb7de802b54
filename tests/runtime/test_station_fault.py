"""A fault of the program in the middle of a step: the process ends, and nothing of that step becomes durable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from openline.errors import Misuse, Unavailable
from openline.ports import Event, Instant
from openline.runtime.homes import open_store
from openline.runtime.lab import create
from openline.runtime.log import Log
from openline.runtime.station import StationProcess


async def serve_nobody(_socket: Path, _handle: Callable[..., Awaitable[dict[str, Any]]]) -> None:
    """Stand for the local socket."""
    await asyncio.Event().wait()


def test_half_a_step_never_becomes_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = create(tmp_path / "lab", ["alba", "bora"], None, 1, 1)
    home = Path(lab["stations"]["alba"][0])

    async def story() -> None:
        process = StationProcess(home, Log(None))

        def faulty(_event: Event, _now: Instant) -> None:
            process.station.out.keep("half", b"key", b"value")
            raise ZeroDivisionError

        monkeypatch.setattr(process.station, "step", faulty)
        with pytest.raises(ZeroDivisionError):
            await process.run(serve_nobody, asyncio.Event())

    asyncio.run(story())
    store = open_store(home, None)
    assert list(store.kept("half")) == []
    store.close()


def test_a_fault_in_a_request_is_told_to_whoever_asked_and_the_daemon_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the words of the exception: they may quote a message."""
    lab = create(tmp_path / "lab", ["alba", "bora"], None, 1, 1)
    told: list[str] = []

    async def story() -> None:
        process = StationProcess(Path(lab["stations"]["alba"][0]), Log(None))
        monkeypatch.setattr(process.log, "note", lambda what, **facts: told.append(f"{what} {facts}"))
        stop = asyncio.Event()

        async def faulty(_request: object) -> dict[str, Any]:
            raise ValueError("words of a message")

        async def ask(_socket: Path, handle: Callable[..., Awaitable[dict[str, Any]]]) -> None:
            with monkeypatch.context() as patched:
                patched.setattr(process.requests, "handle", faulty)
                with pytest.raises(Unavailable, match="a fault of this program: ValueError at test_station_fault"):
                    await handle({"do": "inbox"})
            assert await handle({"do": "lines"})
            with pytest.raises(Misuse):
                await handle({"do": "show", "id": "00"})
            stop.set()

        await process.run(ask, stop)

    asyncio.run(story())
    assert any(each.startswith("fault of the program") and "inbox" in each for each in told)
    assert not any("words of a message" in each for each in told)
