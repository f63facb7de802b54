"""A relay that sends without end is not listened to while the station is behind; people, timers and other paths are."""

from __future__ import annotations

import asyncio

from openline.identifiers import PathId
from openline.ports import Received, Woken
from openline.runtime.inbox import PATH_EVENTS_MAX, Inbox

FLOOD = Received(PathId(1), b"flood")


async def filled() -> tuple[Inbox, asyncio.Task[None]]:
    """An inbox with no place left for the first path, and one more of its events that waits."""
    inbox = Inbox()
    for _ in range(PATH_EVENTS_MAX):
        await inbox.tell(FLOOD)
    late = asyncio.create_task(inbox.tell(FLOOD))
    await asyncio.sleep(0)
    return inbox, late


def test_a_path_that_floods_waits_and_nobody_else_does() -> None:
    async def story() -> None:
        inbox, late = await filled()
        assert not late.done()
        await asyncio.wait_for(inbox.tell(Received(PathId(2), b"honest")), 1)
        await asyncio.wait_for(inbox.tell(Woken()), 1)
        inbox.put_nowait(Woken())
        assert inbox.qsize() == PATH_EVENTS_MAX + 3
        late.cancel()

    asyncio.run(story())


def test_a_path_is_let_in_again_when_half_of_its_places_are_free() -> None:
    async def story() -> None:
        inbox, late = await filled()
        for _ in range(PATH_EVENTS_MAX // 2 - 1):
            inbox.get_nowait()
        await asyncio.sleep(0)
        assert not late.done()
        inbox.get_nowait()
        await asyncio.wait_for(late, 1)

    asyncio.run(story())


def test_what_the_station_tells_itself_takes_no_place_of_a_path() -> None:
    async def story() -> None:
        inbox = Inbox()
        for _ in range(3 * PATH_EVENTS_MAX):
            inbox.put_nowait(Woken())
            inbox.get_nowait()
        for _ in range(PATH_EVENTS_MAX):
            await asyncio.wait_for(inbox.tell(FLOOD), 1)

    asyncio.run(story())


def test_what_one_message_brings_is_taken_at_once_or_not_at_all() -> None:
    async def story() -> None:
        inbox, late = await filled()
        late.cancel()
        assert inbox.offer(PathId(2), [FLOOD, FLOOD])
        assert not inbox.offer(PathId(1), [FLOOD])
        inbox.get_nowait()
        assert not inbox.offer(PathId(1), [FLOOD, FLOOD])
        assert inbox.offer(PathId(1), [FLOOD])
        assert inbox.qsize() == PATH_EVENTS_MAX + 2

    asyncio.run(story())
