"""A relay that sends without end is not listened to while the station is behind; people and timers always are."""

from __future__ import annotations

import asyncio

from openline.identifiers import PathId
from openline.ports import Received, Woken
from openline.runtime.inbox import PATH_EVENTS_MAX, Inbox


def test_what_paths_bring_waits_for_room_and_what_people_ask_does_not() -> None:
    async def story() -> None:
        inbox = Inbox()
        flood = [asyncio.create_task(inbox.tell(Received(PathId(1), b"flood"))) for _ in range(PATH_EVENTS_MAX + 9)]
        honest = asyncio.create_task(inbox.tell(Received(PathId(2), b"honest")))
        await asyncio.sleep(0)
        assert inbox.qsize() == PATH_EVENTS_MAX
        inbox.put_nowait(Woken())
        assert inbox.qsize() == PATH_EVENTS_MAX + 1
        taken = 0
        while not honest.done():
            assert isinstance(await inbox.get(), Received | Woken)
            await asyncio.sleep(0)
            taken += 1
            assert inbox.qsize() <= PATH_EVENTS_MAX + 1
        assert taken == 10  # who came first is heard first
        assert all(task.done() for task in flood)

    asyncio.run(story())


def test_places_are_given_back_only_for_what_paths_brought() -> None:
    async def story() -> None:
        inbox = Inbox()
        for _ in range(3 * PATH_EVENTS_MAX):
            inbox.put_nowait(Woken())
            inbox.get_nowait()
        for _ in range(PATH_EVENTS_MAX):
            await inbox.tell(Received(PathId(1), b""))
        late = asyncio.create_task(inbox.tell(Received(PathId(1), b"")))
        await asyncio.sleep(0)
        assert not late.done()
        inbox.get_nowait()
        await late

    asyncio.run(story())
