"""What a machine wants is said in order and together; what is heard becomes events; what is too much is refused."""

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from openline.identifiers import PathId
from openline.ports import Kept, PathLost, PathOpened, PathReady, Received, Refused, Send, Slot, Took, Wanted
from openline.transports import client, flow
from openline.transports.challenge import answer
from openline.transports.flow import ROOM_BYTES
from openline.wire.relay import (
    FRAMES_MAX,
    MESSAGE_BYTES_MAX,
    Declined,
    Found,
    Given,
    Own,
    Publish,
    Put,
    Reply,
    Request,
    Seek,
    Stored,
    Welcome,
    decode_replies,
    decode_requests,
    encode_frame,
)
from tests.transports.ends import OTHER_SEED, SEED, Relay, public, raw_connection, relay_at, station_on, story

ONE = PathId(1)
BORA = public(OTHER_SEED)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_FIRST_S", 0.02)
    monkeypatch.setattr(client, "RETRY_MOST_S", 0.05)


async def proved(relay: Relay, connection: ClientConnection, seed: bytes = SEED) -> PathId:
    """Answer the challenge by hand; return the relay's number of this path."""
    await connection.send(answer(seed, relay.key.pin, await connection.recv()))
    return (await relay.heard(PathOpened)).path


def test_every_effect_of_a_station_is_said_in_order_and_together(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            await relay.welcomed()
            await station.heard(PathReady)
            for number in range(3):
                station.paths.perform(Send(ONE, BORA, number % 2, b"envelope %d" % number))
            station.paths.perform(Took(ONE, BORA, 0, 12))
            station.paths.perform(Slot(ONE, b"prekey"))
            station.paths.perform(Wanted(ONE, BORA))
            message = (await relay.heard(Received)).envelope
            wanted: list[Request] = [Put(number, BORA, number % 2, b"envelope %d" % number) for number in range(3)]
            assert decode_requests(message) == [*wanted, Own(BORA, 0, 12), Publish(b"prekey"), Seek(BORA)]

    story(told)


def test_room_is_told_when_half_of_it_was_used_and_all_has_gone_out(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            await relay.welcomed()
            assert await station.heard(PathReady) == PathReady(ONE, ROOM_BYTES)
            station.paths.perform(Send(ONE, BORA, 1, bytes(ROOM_BYTES // 2 - 200)))
            await relay.heard(Received)
            assert station.events.empty()
            station.paths.perform(Send(ONE, BORA, 1, bytes(200)))
            assert await station.heard(PathReady) == PathReady(ONE, ROOM_BYTES)

    story(told)


def test_every_word_of_a_relay_becomes_an_event(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            path = (await relay.heard(PathOpened)).path
            relay.say(path, Welcome(), Given(BORA, 0, 9, b"at once"))  # in one message with the welcome
            relay.say(path, Stored([4, 5, 6]), Declined(7, 158), Found(BORA, b""), Found(BORA, b"prekey"))
            assert isinstance(await station.events.get(), PathOpened)
            assert isinstance(await station.events.get(), PathReady)
            heard = [await station.events.get() for _ in range(3)]
            assert heard == [
                Received(ONE, b"at once", BORA, 0, 9),
                Kept(ONE, 3),
                Received(ONE, b"prekey", BORA, 1, 0),
            ]
            assert await station.noted("the relay declined an envelope by R158")
            await relay.heard(PathReady)

    story(told)


def test_a_lost_path_is_told_and_opened_again(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay:
            async with station_on(relay) as station:
                path = await relay.welcomed()
                await station.heard(PathOpened)
                relay.listener.perform(Refused(path, "R156", "a newer connection of the same post key"))
                assert (await station.heard(PathLost)).reason == "the relay closed the connection: 1008 R156"
                assert await relay.noted("R156: a newer connection")
                assert (await relay.heard(PathLost)).path == path
                again = await relay.welcomed()
                assert again != path
                await station.heard(PathOpened)
            assert (await relay.heard(PathLost)).path == again

    story(told)


def test_a_connection_that_breaks_is_a_lost_path_at_both_ends(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            await relay.welcomed()
            await station.heard(PathOpened)
            ((connection, _),) = relay.listener._connections.values()
            connection.transport.abort()
            assert (await station.heard(PathLost)).reason == "the connection broke"
            await relay.heard(PathLost)

    story(told)


def test_a_fault_of_the_program_is_noted_and_the_path_begins_again(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            await relay.welcomed()
            await station.heard(PathOpened)
            station.faults = 1
            relay.say((await relay.heard(PathReady)).path, Stored([1]))
            assert "KeyError" in await station.noted("a fault of this program")
            assert (await station.heard(PathLost)).reason == "a fault of this program", "else it counts as open"
            await relay.welcomed()
            await station.heard(PathOpened)
            station.faults = 1
            relay.say((await relay.heard(PathReady)).path, Stored([1]))
            await station.noted_times(2)  # and is ended while it waits to begin again

    story(told)


def test_what_is_meant_for_a_path_that_is_not_open_is_dropped(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            station.paths.perform(Send(ONE, BORA, 1, b"too early"))
            station.paths.perform(Send(PathId(7), BORA, 1, b"no such path"))
            relay.say(PathId(99), Welcome())
            relay.listener.perform(Refused(PathId(99), "R156", "gone"))
            assert station.paths.latency_ms(ONE) is None
            await relay.welcomed()
            await station.heard(PathReady)
            station.paths.perform(Send(ONE, BORA, 1, b"now"))
            assert decode_requests((await relay.heard(Received)).envelope) == [Put(0, BORA, 1, b"now")]

    story(told)


# ---------------------------------------------------------------- too much


def test_r150_a_message_that_is_too_long_ends_the_connection_unread(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            await proved(relay, connection)
            await connection.send(bytes(MESSAGE_BYTES_MAX + 1))
            with pytest.raises(ConnectionClosed, match="1009"):
                await connection.recv()
            assert await relay.noted("R150: a message is longer")
            await relay.heard(PathLost)

    story(told)


def test_r150_a_message_that_is_text_ends_the_connection(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            await proved(relay, connection)
            await connection.send("text")
            with pytest.raises(ConnectionClosed, match="R150"):
                await connection.recv()
            await relay.heard(PathLost)

    story(told)


def test_many_frames_go_in_messages_that_keep_both_limits(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            path = await proved(relay, connection)
            large = Given(BORA, 1, 1, bytes(100_000))
            replies: list[Reply] = [*[Stored([number]) for number in range(2 * FRAMES_MAX)], large, large, large]
            relay.say(path, *replies)
            heard: list[Reply] = []
            while len(heard) < len(replies):
                message = await connection.recv()
                assert isinstance(message, bytes)
                assert len(message) <= MESSAGE_BYTES_MAX
                found = decode_replies(message)
                assert len(found) <= FRAMES_MAX
                heard += found
            assert heard == replies

    story(told)


def test_whoever_does_not_read_its_answers_is_not_listened_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "BACKLOG_BYTES_MAX", 1_000)

    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            path = await proved(relay, connection)
            ((end, outgoing),) = relay.listener._connections.values()
            end.pause_writing()  # as the network does when its buffer is full
            relay.say(path, Given(BORA, 1, 1, bytes(5_000)))
            await asyncio.sleep(0)
            assert not outgoing.may_listen
            for _ in range(4):  # one was being read already
                await connection.send(encode_frame(Seek(BORA)))
            await relay.heard(Received)
            await asyncio.sleep(0.1)
            assert relay.events.qsize() == 0
            end.resume_writing()
            for _ in range(3):
                await relay.heard(Received)

    story(told)


def test_a_relay_whose_machine_is_busy_reads_no_further(tmp_path: Path) -> None:
    """`tell` may wait: then the network's own buffers fill, and the talker is slowed, not the relay's memory filled."""

    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            await proved(relay, connection)
            await relay.heard(PathReady)
            relay.attentive.clear()
            flood = asyncio.create_task(_flood(connection, 200))  # 20 MB
            await relay.busy.wait()
            done, _ = await asyncio.wait([flood], timeout=0.5)
            assert not done
            assert relay.events.empty()
            relay.attentive.set()
            for _ in range(200):
                await relay.heard(Received)
            await flood

    story(told)


def test_what_had_to_wait_is_never_passed_by_what_comes_later(tmp_path: Path) -> None:
    """Whole messages are taken at once, fragments and what comes while the machine is behind are not: one order."""

    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            await proved(relay, connection)
            await relay.heard(PathReady)
            said = [encode_frame(Put(number, BORA, 1, b"%d" % number)) for number in range(40)]
            for number, message in enumerate(said):
                if number % 13 == 5:
                    relay.attentive.clear()
                if number % 13 == 9:
                    await relay.busy.wait()
                    relay.busy.clear()
                    relay.attentive.set()
                await connection.send([message[:3], message[3:]] if number % 7 == 3 else message)
            assert [(await relay.heard(Received)).envelope for _ in said] == said

    story(told)


def test_a_message_that_is_no_message_ends_the_path_and_says_why(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            await relay.welcomed()
            await station.heard(PathReady)
            relay.listener.perform(Send((await relay.heard(PathReady)).path, b"", 1, b"\xff"))
            assert (await station.heard(PathLost)).reason.startswith("R3: ")

    story(told)


def test_a_whole_message_with_nothing_before_it_is_taken_at_once_at_both_ends(tmp_path: Path) -> None:
    """Or each waits for a task at each end: nothing else would tell that the library goes another way by now."""

    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            path = await relay.welcomed()
            await station.heard(PathReady)
            for number in range(3):
                station.paths.perform(Send(ONE, BORA, 1, b"%d" % number))
                await relay.heard(Received)
                relay.say(path, Stored([number]))
                assert await station.heard(Kept) == Kept(ONE, 1)
            assert (relay.offered, station.offered) == (3, 3)

    story(told)


async def _flood(connection: ClientConnection, count: int) -> None:
    for _ in range(count):
        await connection.send(encode_frame(Put(1, BORA, 1, bytes(100_000))))


def test_whoever_reads_no_answers_and_then_breaks_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay waited for it for ever: one path, its answers and its session for each such connection."""
    monkeypatch.setattr(flow, "BACKLOG_BYTES_MAX", 1_000)

    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            path = await proved(relay, connection)
            connection.transport.pause_reading()
            for _ in range(200):  # 20 MB: more than both ends' networks hold
                relay.say(path, Given(BORA, 1, 1, bytes(100_000)))
            for _ in range(4):
                await connection.send(encode_frame(Seek(BORA)))
            await asyncio.sleep(0.1)
            connection.transport.abort()
            assert (await relay.heard(PathLost)).path == path
            assert not relay.listener._connections

    story(told)
