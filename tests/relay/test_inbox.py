"""Who talks most waits most: one slot for each step of a batch, and whoever finds none stands in line."""

import asyncio

from openline.identifiers import PathId
from openline.limits import BATCH_STEPS_MAX
from openline.ports import PathReady, Woken
from openline.relay.inbox import Inbox
from tests.transports.ends import story


def test_a_flood_and_a_single_word_share_the_slots_in_turn() -> None:
    async def told() -> None:
        inbox = Inbox()

        async def talk(path: int, words: int) -> None:
            for word in range(words):
                await inbox.tell(PathReady(PathId(path), word))

        flood = asyncio.create_task(talk(1, 10 * BATCH_STEPS_MAX))
        await asyncio.sleep(0)
        single = asyncio.create_task(talk(2, 1))
        await asyncio.sleep(0)
        first = inbox.take()
        assert [event.path for event in first if isinstance(event, PathReady)] == [1] * BATCH_STEPS_MAX
        await single
        second = inbox.take()
        paths = [event.path for event in second if isinstance(event, PathReady)]
        assert 2 in paths[:2]
        flood.cancel()

    story(told)


def test_the_drivers_own_events_need_no_slot_and_give_none_away() -> None:
    async def told() -> None:
        inbox = Inbox()
        for number in range(BATCH_STEPS_MAX):
            await inbox.tell(PathReady(PathId(1), number))
        inbox.nudge(Woken())
        assert len(inbox.take()) == BATCH_STEPS_MAX
        assert bool(inbox)
        assert await inbox.wait(0)
        assert inbox.take() == [Woken()]
        assert not inbox
        assert not await inbox.wait(0)
        for number in range(BATCH_STEPS_MAX):
            await inbox.tell(PathReady(PathId(1), number))
        late = asyncio.create_task(inbox.tell(PathReady(PathId(1), 0)))
        await asyncio.sleep(0)
        assert not late.done()
        inbox.take()
        await late

    story(told)


def test_what_is_offered_is_taken_at_once_while_less_than_a_batch_waits_and_nobody_stands_in_line() -> None:
    async def told() -> None:
        inbox = Inbox()
        one = [PathReady(PathId(1), 0)]
        for _ in range(BATCH_STEPS_MAX):
            assert inbox.offer(PathId(1), one)
        assert not inbox.offer(PathId(2), one)
        assert len(inbox.take()) == BATCH_STEPS_MAX
        talkers = [asyncio.create_task(inbox.tell(PathReady(PathId(2), 0))) for _ in range(BATCH_STEPS_MAX + 1)]
        await asyncio.sleep(0)
        assert not inbox.offer(PathId(1), one), "whoever stands in line comes first"
        inbox.take()
        await asyncio.gather(*talkers)
        assert inbox.offer(PathId(1), one)
        inbox.close()
        assert not inbox.offer(PathId(1), one)

    story(told)


def test_a_closed_inbox_lets_everybody_go_and_takes_nothing() -> None:
    async def told() -> None:
        inbox = Inbox()
        for number in range(BATCH_STEPS_MAX):
            await inbox.tell(PathReady(PathId(1), number))
        late = [asyncio.create_task(inbox.tell(PathReady(PathId(path), 0))) for path in range(5)]
        await asyncio.sleep(0)
        inbox.close()
        await asyncio.gather(*late)
        await inbox.tell(PathReady(PathId(9), 0))
        assert len(inbox.take()) == BATCH_STEPS_MAX
        assert inbox.take() == []

    story(told)
