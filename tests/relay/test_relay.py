"""A running relay: what it said is stored is there after any death; nothing it holds names anybody or can be read."""

import asyncio
import json
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from openline.errors import Misuse, StorageFailed, Unavailable
from openline.mailbox import Quotas, shelf
from openline.ports import Forget, PathLost, Received, Row, Slot, Wanted
from openline.relay import RelayConfig, RelayServer, admit_line, run_relay, server
from openline.transports import client
from tests.relay.running import ALBA, BORA, CENDRA, ONE, Post, Process, Running, home_in, post_at, running
from tests.transports.ends import STRANGER_SEED, public, story


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_FIRST_S", 0.02)
    monkeypatch.setattr(client, "RETRY_MOST_S", 0.05)


def test_an_envelope_goes_from_one_station_to_another(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with (
            running(home) as relay,
            post_at(home, relay.port, ALBA) as alba,
            post_at(home, relay.port, BORA) as bora,
        ):
            alba.send(BORA, b"sealed 1")
            received = await bora.heard(Received)
            assert (received.writer, received.lane, received.envelope) == (public(ALBA), 1, b"sealed 1")
            await alba.kept(1)
            alba.send(BORA, b"sealed 2", lane=0)
            assert await bora.take(1) == [b"sealed 2"]
            bora.paths.perform(Slot(ONE, b"prekey"))
            bora.send(ALBA, b"a sign that the slot is filled")
            await alba.take(1)
            alba.paths.perform(Wanted(ONE, public(BORA)))
            assert await alba.heard(Received) == Received(ONE, b"prekey", public(BORA), 1, 0)

    story(told)


def test_what_was_stored_waits_for_a_reader_that_is_away_and_for_the_next_run(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        texts = [b"%d" % number for number in range(300)]
        async with running(home) as relay, post_at(home, relay.port, ALBA) as alba:
            for text in texts:
                alba.send(BORA, text)
            await alba.kept(300)
        async with running(home) as relay, post_at(home, relay.port, BORA) as bora:
            assert await bora.take(300) == texts
        async with running(home) as relay:
            assert relay.server.status()["envelopes"] == 0
            assert relay.server.status()["incarnation"] == 3

    story(told)


@pytest.mark.parametrize("count", [1, 150, 1_000])
def test_killed_at_any_moment_it_has_what_it_said_is_stored(tmp_path: Path, count: int) -> None:
    """Kill -9 while a sender puts as fast as it can: each `stored` was true."""

    async def told() -> None:
        home = home_in(tmp_path)
        relay = Process(home)
        texts = [b"%06d" % number + bytes(200) for number in range(20_000)]
        async with post_at(home, relay.port, ALBA) as alba:
            sending = asyncio.create_task(_send_all(alba, texts))
            await alba.kept(count)
            assert relay.kill() == -signal.SIGKILL
            await alba.heard(PathLost)
            sending.cancel()
        async with running(home) as again, post_at(home, again.port, BORA) as bora:
            queued = again.server.status()["envelopes"]
            assert queued >= alba.promised >= count
            assert await bora.take(queued) == texts[:queued]  # in order, none missing, none twice

    story(told)


@pytest.mark.parametrize("count", [1, 1_000])
def test_killed_while_envelopes_wait_their_reader_has_what_it_said_is_stored(tmp_path: Path, count: int) -> None:
    """Kill -9 while a reader owns as fast as it can: whatever was said to be stored is with it, or is given again."""

    async def told() -> None:
        home = home_in(tmp_path)
        relay = Process(home)
        texts = [b"%06d" % number + bytes(200) for number in range(20_000)]
        taken: list[bytes] = []
        async with post_at(home, relay.port, ALBA) as alba, post_at(home, relay.port, BORA) as bora:
            sending = asyncio.create_task(_send_all(alba, texts))
            taking = asyncio.create_task(_take_all(bora, taken))
            await alba.kept(count)
            assert relay.kill() == -signal.SIGKILL
            await alba.heard(PathLost)
            sending.cancel()
            taking.cancel()
        async with running(home) as again, post_at(home, again.port, BORA) as bora:
            taken += await bora.take(again.server.status()["envelopes"])
            assert set(taken) >= set(texts[: alba.promised])
            assert alba.promised >= count

    story(told)


async def _take_all(post: Post, taken: list[bytes]) -> None:
    while True:
        taken += await post.take(1)


async def _send_all(post: Post, texts: list[bytes]) -> None:
    for number, text in enumerate(texts):
        post.send(BORA, text)
        if number % 20 == 0:
            await asyncio.sleep(0.001)


def test_a_flood_of_one_leaves_the_others_their_relay(tmp_path: Path) -> None:
    """A member that puts without end, and reads nothing, fills its own queue; a FLASH of another passes at once."""

    async def told() -> None:
        home = home_in(tmp_path)
        texts = [b"%d" % number + bytes(1_000) for number in range(20_000)]
        async with (
            running(home, Quotas(envelopes=500, bytes=1_000_000)) as relay,
            post_at(home, relay.port, ALBA) as alba,
            post_at(home, relay.port, CENDRA) as cendra,
        ):
            flood = asyncio.create_task(_send_all(alba, texts))
            await alba.noted("the relay declined an envelope by R158")
            async with post_at(home, relay.port, BORA) as bora:
                cendra.send(BORA, b"flash of cendra", lane=0)
                received = await bora.heard(Received)
                while received.writer != public(CENDRA):
                    received = await bora.heard(Received)
                assert received.envelope == b"flash of cendra"
                await cendra.kept(1)
            flood.cancel()
            assert relay.server.status()["bytes"] <= 1_000_000
            assert cendra.notes == []

    story(told)


def test_a_slow_reader_holds_nobody_up_and_loses_nothing(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with (
            running(home) as relay,
            post_at(home, relay.port, ALBA) as alba,
            post_at(home, relay.port, BORA) as bora,
            post_at(home, relay.port, CENDRA) as cendra,
        ):
            bora.attentive.clear()
            texts = [b"%d " % number + bytes(20_000) for number in range(300)]
            for text in texts:
                alba.send(BORA, text)
            await bora.busy.wait()
            await alba.kept(300)
            alba.send(CENDRA, b"quick")
            assert await cendra.take(1) == [b"quick"]
            bora.attentive.set()
            assert await bora.take(300) == texts

    story(told)


def test_r156_the_newer_of_two_connections_with_one_key_is_in_force(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with (
            running(home) as relay,
            post_at(home, relay.port, ALBA) as alba,
            post_at(home, relay.port, BORA) as older,
            post_at(home, relay.port, BORA) as newer,
        ):
            assert "R156" in (await older.heard(PathLost)).reason
            await older.paths.close()  # or it would come back, and replace the newer in its turn
            alba.send(BORA, b"one")
            assert await newer.take(1) == [b"one"]

    story(told)


def test_r155_a_stranger_is_not_let_in_until_the_operator_admits_it(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with running(home) as relay:
            stranger = asyncio.create_task(_opened(home, relay.port, STRANGER_SEED))
            assert str((await relay.said("refused"))["words"]).startswith("R155")
            admit_line(home, [public(STRANGER_SEED), bytes([77]) * 32])
            relay.server.reload()
            await stranger
            assert relay.words("lines read")[0]["stations"] == 5

    story(told)


async def _opened(home: Path, port: int, seed: bytes) -> None:
    async with post_at(home, port, seed):
        pass


def test_a_list_of_lines_with_a_fault_changes_nothing_and_is_logged(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with running(home) as relay, post_at(home, relay.port, ALBA):
            (home / "lines.toml").write_text("[[line]]\npost = []\n")
            relay.server.reload()
            assert (await relay.said("lines not read"))["hint"]
            assert relay.server.status()["stations"] == 3
            assert relay.server.status()["connected"] == 1

    story(told)


def test_garbage_is_refused_by_the_number_of_its_rule(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with running(home) as relay, post_at(home, relay.port, ALBA) as alba:
            outgoing = alba.paths._paths[ONE]._outgoing
            assert outgoing is not None
            outgoing.put(b"\x80")
            assert "R151" in (await alba.heard(PathLost)).reason
            assert relay.words("refused")[0]["words"] == (
                "R151: a frame is of no kind that may be said in this direction"
            )

    story(told)


# ---------------------------------------------------------------- the disk


@pytest.mark.parametrize("reader", [True, False], ids=["reader connected", "reader away"])
def test_a_failing_disk_stops_the_relay_before_anything_is_said_to_be_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, reader: bool
) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        relay = Running(home)
        port = await relay.server.start()
        task = asyncio.create_task(relay.server.run())
        async with post_at(home, port, ALBA) as alba:
            if reader:
                async with post_at(home, port, BORA) as bora:
                    await _break_the_disk(relay, alba, monkeypatch)
                    assert await bora.take(1) == [b"one"]  # given before the commit, which promises nothing
            else:
                await _break_the_disk(relay, alba, monkeypatch)
            with pytest.raises(StorageFailed):
                await task
            assert alba.promised == 0
        async with running(home) as again:  # it was let go, and starts again
            assert again.server.status()["envelopes"] == 0

    story(told)


async def _break_the_disk(relay: Running, sender: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(rows: object) -> None:
        raise StorageFailed("the disk is full")

    monkeypatch.setattr(relay.server._store, "commit", fails)
    sender.send(BORA, b"one")
    await sender.heard(PathLost)
    monkeypatch.undo()


def test_an_idle_relay_moves_its_log_into_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "IDLE_S", 0.05)
    monkeypatch.setattr(server, "STATUS_S", 0)

    async def told() -> None:
        home = home_in(tmp_path)
        async with running(home) as relay, post_at(home, relay.port, ALBA) as alba:
            before = (home / "queue.db").stat().st_size
            moved = asyncio.Event()
            checkpoint_idle = relay.server._store.checkpoint_idle

            def checkpoint() -> None:
                checkpoint_idle()
                moved.set()

            for number in range(50):
                alba.send(BORA, b"%d" % number + bytes(5_000))
            await alba.kept(50)
            monkeypatch.setattr(relay.server._store, "checkpoint_idle", checkpoint)
            await moved.wait()
            assert (home / "queue.db").stat().st_size > before
            moved.clear()
            await asyncio.sleep(0.2)
            assert not moved.is_set()  # once is enough while nothing happens
            alba.send(BORA, b"and goes on")
            await alba.kept(51)
            assert relay.words("status")

    story(told)


def test_what_was_owned_is_deleted_soon_even_if_nobody_puts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "ROW_WAIT_MS", 10)

    async def told() -> None:
        home = home_in(tmp_path)
        async with running(home) as relay, post_at(home, relay.port, ALBA) as alba:
            deleted = asyncio.Event()
            commit = relay.server._store.commit

            def watched(rows: Sequence[Row]) -> None:
                commit(rows)
                if {type(row) for row in rows} == {Forget}:
                    deleted.set()

            monkeypatch.setattr(relay.server._store, "commit", watched)
            for number in range(1, 4):
                alba.send(BORA, b"%d" % number)
                await alba.kept(number)
                async with post_at(home, relay.port, BORA) as bora:
                    await bora.take(1)
                    await deleted.wait()
                deleted.clear()
            assert list(relay.server._store.kept("queue")) == []

    story(told)


# ---------------------------------------------------------------- starting


def test_a_second_relay_on_one_folder_is_refused(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with running(home):
            with pytest.raises(Misuse, match="another process"):
                RelayServer(RelayConfig(home, "127.0.0.1", 0), print)

    story(told)


def test_lines_that_cannot_be_are_refused_and_the_folder_is_let_go(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        good = (home / "lines.toml").read_text()
        (home / "lines.toml").write_text('[[line]]\npost = ["00"]\n')
        with pytest.raises(Misuse, match="post keys"):
            RelayServer(RelayConfig(home, "127.0.0.1", 0), print)
        (home / "lines.toml").write_text(good)
        async with running(home):
            pass

    story(told)


def test_a_copy_of_the_queues_is_noted_once_and_serves(tmp_path: Path) -> None:
    async def told() -> None:
        home = home_in(tmp_path)
        async with running(home):
            pass
        (home / "queue.db.starts").write_text("7\n")
        async with running(home) as relay:
            assert relay.words("queues are a copy") == [{**relay.log[0], "kind": "older"}]
            assert relay.server.status()["incarnation"] == 8
        async with running(home) as relay:
            assert relay.words("queues are a copy") == []

    story(told)


def test_run_relay_serves_reloads_and_ends_by_signals(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    relay = Process(home)
    admit_line(home, [bytes([77]) * 32, bytes([78]) * 32])
    relay.process.send_signal(signal.SIGHUP)
    assert relay.line("lines read")["lines"] == 2
    relay.process.send_signal(signal.SIGTERM)
    assert relay.line("stopped")["lines"] == 2
    assert relay.ended() == 0


def test_run_relay_ends_in_good_order_at_a_signal(tmp_path: Path) -> None:
    said: list[object] = []

    def log(line: Mapping[str, object]) -> None:
        said.append(line["event"])
        if line["event"] == "listening":
            os.kill(os.getpid(), signal.SIGTERM)

    run_relay(RelayConfig(home_in(tmp_path), "127.0.0.1", 0), log)
    assert said == ["listening", "stopped"]


def test_run_relay_says_why_it_cannot_start(tmp_path: Path) -> None:
    log: list[object] = []
    with pytest.raises(Misuse):
        run_relay(RelayConfig(tmp_path / "nowhere", "127.0.0.1", 0), log.append)
    assert len(log) == 1
    assert "failed" in str(log)
    with pytest.raises(Unavailable):
        run_relay(RelayConfig(home_in(tmp_path), "192.0.2.1", 0), log.append)  # an address that is nobody's


# ---------------------------------------------------------------- what it holds


def test_nothing_a_relay_writes_or_says_holds_a_key_or_a_word(tmp_path: Path) -> None:
    """Log lines carry four bytes of a post key and no more; the file under a page key carries nothing readable."""

    async def told() -> None:
        home = home_in(tmp_path)
        word = b"a word that nobody may read"
        async with running(home, page_key=bytes(range(32))) as relay, post_at(home, relay.port, ALBA) as alba:
            alba.send(BORA, word)
            alba.send(b"\x01" * 32, word)
            await alba.noted("the relay declined")
            await alba.kept(1)
            async with post_at(home, relay.port, BORA) as bora:
                await bora.take(1, own=False)
            for line in relay.log:
                text = json.dumps(line)
                assert word.decode() not in text
                for seed in (ALBA, BORA, CENDRA):
                    assert public(seed).hex()[:10] not in text
            assert {line["station"] for line in relay.words("opened")} == {
                public(ALBA)[:4].hex(),
                public(BORA)[:4].hex(),
            }
            for path in home.glob("queue.db*"):
                content = path.read_bytes()
                assert word not in content
                assert public(ALBA) not in content

    story(told)
