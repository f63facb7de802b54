"""Both ends prove who they are before anything is said, each in a way that is useless anywhere else."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from openline.errors import Forged, Malformed, Misuse, Unavailable
from openline.identifiers import PathId
from openline.ports import PathLost, PathOpened, PathReady, Route
from openline.transports import Listener, RelayKey, client, make_relay_key, pin_of, server
from openline.transports.certificate import client_context, require_pin
from openline.transports.challenge import answer, proved_key
from openline.wire.relay import Stored, Welcome, encode_frame
from tests.transports.ends import (
    LINE,
    OTHER_SEED,
    SEED,
    STRANGER_SEED,
    Relay,
    Station,
    open_context,
    public,
    raw_connection,
    relay_at,
    relay_key,
    route_to,
    station_on,
    story,
)

Handler = Callable[[ServerConnection], Awaitable[None]]
Answer = Callable[[ServerConnection, Request], Response]

PIN, OTHER_PIN, CHALLENGE = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_FIRST_S", 0.02)
    monkeypatch.setattr(client, "RETRY_MOST_S", 0.05)


# ---------------------------------------------------------------- the challenge


def test_an_answer_proves_its_post_key() -> None:
    assert proved_key(PIN, CHALLENGE, answer(SEED, PIN, CHALLENGE)) == public(SEED)


def test_the_vector_of_the_specification_is_this_answer() -> None:
    page = (Path(__file__).parents[2] / "docs/spec/relay.md").read_text(encoding="utf-8")
    answered = answer(SEED, PIN, CHALLENGE).hex()
    assert all(f"    {answered[at : at + 64]}\n" in page for at in (0, 64, 128))


@pytest.mark.parametrize("pin_and_challenge", [(OTHER_PIN, CHALLENGE), (PIN, bytes(32))], ids=["relay", "challenge"])
def test_r154_an_answer_fits_one_relay_and_one_challenge(pin_and_challenge: tuple[bytes, bytes]) -> None:
    with pytest.raises(Forged, match="R154"):
        proved_key(*pin_and_challenge, answer(SEED, PIN, CHALLENGE))


def test_r154_an_answer_with_another_key_proves_nothing() -> None:
    forged = public(OTHER_SEED) + answer(SEED, PIN, CHALLENGE)[32:]
    with pytest.raises(Forged, match="R154"):
        proved_key(PIN, CHALLENGE, forged)


@pytest.mark.parametrize("given", [b"", bytes(95), bytes(97), "text of ninety-six" * 6])
def test_r153_an_answer_has_96_bytes(given: bytes | str) -> None:
    with pytest.raises(Malformed, match="R153"):
        proved_key(PIN, CHALLENGE, given)


@pytest.mark.parametrize("challenge", [b"", bytes(31), bytes(33), "text"])
def test_r153_a_station_signs_nothing_but_32_bytes(challenge: bytes | str) -> None:
    with pytest.raises(Malformed, match="R153"):
        answer(SEED, PIN, challenge)


def test_a_weak_key_proves_nothing() -> None:
    """R34: under a point of small order one signature fits many messages."""
    with pytest.raises(Forged, match="R34"):
        proved_key(PIN, CHALLENGE, b"\x01" + bytes(31) + bytes(64))


# ---------------------------------------------------------------- the relay's key


def test_the_pin_of_a_key_is_the_same_wherever_it_is_read(tmp_path: Path) -> None:
    key = relay_key(tmp_path)
    assert key.pin == pin_of((tmp_path / "relay.pem").read_bytes())
    assert len(key.pin) == 32
    assert pin_of(make_relay_key()) != key.pin


@pytest.mark.parametrize("content", [b"", b"no key", make_relay_key()[:-200]])
def test_a_file_that_is_no_relay_key_is_said_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "relay.pem").write_bytes(content)
    with pytest.raises(Misuse):
        RelayKey.load(tmp_path / "relay.pem")
    with pytest.raises(Misuse):
        RelayKey.load(tmp_path / "not there.pem")
    with pytest.raises(Misuse):
        pin_of(content)


@pytest.mark.parametrize("certificate", [None, b"", b"garbage"])
def test_r159_an_end_without_a_readable_certificate_is_not_the_pinned_one(certificate: bytes | None) -> None:
    with pytest.raises(Forged, match="R159"):
        require_pin(certificate, PIN)


def test_r159_a_certificate_with_a_key_nobody_knows_is_not_the_pinned_one() -> None:
    """An impostor chooses the certificate: one of an unknown kind of key must not end the path for good."""
    der = x509.load_pem_x509_certificate(make_relay_key()).public_bytes(Encoding.DER)
    unknown = der.replace(bytes.fromhex("2b6570"), bytes.fromhex("2b657f"))  # Ed25519's number, 1.3.101.112, changed
    assert unknown != der
    with pytest.raises(Forged, match="R159"):
        require_pin(unknown, PIN)


def test_r159_a_certificate_of_no_version_that_there_is_is_not_the_pinned_one() -> None:
    der = x509.load_pem_x509_certificate(make_relay_key()).public_bytes(Encoding.DER)
    version = der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020105"), 1)
    assert version != der
    with pytest.raises(Forged, match="R159"):
        require_pin(version, PIN)


def test_the_pin_is_over_the_public_key_and_not_the_certificate_around_it() -> None:
    pem = make_relay_key()
    require_pin(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER), pin_of(pem))


# ---------------------------------------------------------------- on the wire


def test_a_station_opens_when_the_relay_welcomes_it(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            opened = await relay.heard(PathOpened)
            assert opened.who == public(SEED)
            assert station.events.empty()
            relay.say(opened.path, Welcome())
            assert await station.heard(PathOpened) == PathOpened(PathId(1), LINE, relay.key.pin)
            assert await station.heard(PathReady) == PathReady(PathId(1), 65_536)
            assert station.paths.latency_ms(PathId(1)) is not None
            assert station.paths.latency_ms(PathId(2)) is None

    story(told)


def test_r159_a_relay_with_another_key_hears_nothing_of_us(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay, pin=OTHER_PIN) as station:
            assert "not the one in the roster" in await station.noted("R159")
            assert relay.events.empty()
            assert station.events.empty()

    story(told)


def test_r154_what_was_signed_for_one_relay_is_useless_at_another(tmp_path: Path) -> None:
    """A relay that passes another's challenge on to a station, and the answer back, is not let in there."""

    async def told() -> None:
        async with relay_at(tmp_path) as target, raw_connection(target) as connection:
            challenge = await connection.recv()
            passed_on = answer(SEED, OTHER_PIN, challenge)  # the station names the relay it dialled
            await connection.send(passed_on)
            with pytest.raises(ConnectionClosed, match="R154"):
                await connection.recv()
            assert target.events.empty()

    story(told)


def test_r155_a_stranger_is_closed_on_and_the_station_says_why(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay, STRANGER_SEED) as station:
            assert await station.noted("the relay closed") == "the relay closed the connection: 1008 R155"
            assert await relay.noted("R155")
            assert relay.events.empty()
            assert station.events.empty()

    story(told)


@pytest.mark.parametrize("said", [b"short", "text"])
def test_r153_whoever_answers_a_challenge_with_anything_else_is_closed_on(tmp_path: Path, said: bytes | str) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as connection:
            relay.admitted.add(b"short")
            await connection.recv()
            await connection.send(said)
            with pytest.raises(ConnectionClosed, match="R153"):
                await connection.recv()

    story(told)


def test_r160_whoever_does_not_answer_the_challenge_is_closed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay:
            monkeypatch.setattr(server, "OPENING_S", 0.2)  # for the challenge alone: the handshake has its own
            async with raw_connection(relay) as connection:
                await connection.recv()
                with pytest.raises(ConnectionClosed, match=r"1008.*R160"):
                    await connection.recv()

    story(told)


def test_r160_a_crowd_that_proves_nothing_is_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "OPENINGS_MAX", 2)

    async def told() -> None:
        async with relay_at(tmp_path) as relay, raw_connection(relay) as one, raw_connection(relay) as two:
            await asyncio.gather(one.recv(), two.recv())
            async with raw_connection(relay) as three:
                with pytest.raises(ConnectionClosed, match=r"1013.*R160"):
                    await three.recv()
            await two.close()
            async with station_on(relay):  # there is room for one again
                await relay.welcomed()

    story(told)


def test_whoever_goes_away_before_proving_anything_leaves_no_trace(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay:
            async with raw_connection(relay) as connection:
                await connection.recv()
            async with station_on(relay):
                await relay.heard(PathOpened)
            assert relay.notes == []

    story(told)


@pytest.mark.parametrize("end", ["relay", "station"])
def test_neither_end_speaks_an_older_tls(tmp_path: Path, end: str) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay:
            old = open_context()
            old.maximum_version = ssl.TLSVersion.TLSv1_2
            if end == "relay":
                with pytest.raises(OSError, match=r"^(?!.*refused)"):  # cut in the handshake
                    await connect(f"wss://{relay.address}/", ssl=old, proxy=None)
                return
            relay.key.context.minimum_version = ssl.TLSVersion.TLSv1_2
            relay.key.context.maximum_version = ssl.TLSVersion.TLSv1_2
            async with station_on(relay) as station:
                assert await station.noted("not reached") in {
                    "not reached: SSLError",
                    "not reached: ConnectionResetError",
                }

    story(told)


def test_a_station_asks_for_tls_1_3_alone() -> None:
    assert client_context().minimum_version is ssl.TLSVersion.TLSv1_3


@asynccontextmanager
async def impostor(key: RelayKey, handler: Handler, answer_http: Answer | None = None) -> AsyncIterator[Route]:
    """A server with the relay's own key that does as it likes; the route to it."""
    async with serve(handler, "127.0.0.1", 0, ssl=key.context, process_request=answer_http) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        yield Route(PathId(1), LINE, f"127.0.0.1:{port}", key.pin, SEED)


@pytest.mark.parametrize(
    ("messages", "rule"),
    [
        ((encode_frame(Stored([1])),), "R151"),
        (("welcome",), "R150"),
        ((b"",), "R150"),
        ((encode_frame(Welcome()), encode_frame(Welcome())), "R151"),
        ((encode_frame(Welcome()), "text"), "R150"),
        ((encode_frame(Welcome()), b"\xff"), "R3"),
    ],
)
def test_a_relay_that_talks_nonsense_is_left(tmp_path: Path, messages: tuple[bytes | str, ...], rule: str) -> None:
    over = asyncio.Event()

    async def liar(connection: ServerConnection) -> None:
        await connection.send(bytes(32))
        await connection.recv()
        for message in messages:
            await connection.send(message)
        await connection.wait_closed()
        over.set()

    async def told() -> None:
        async with impostor(relay_key(tmp_path), liar) as route:
            station = Station()
            station.dial(route)
            assert await station.noted(rule + ":")
            await over.wait()
            if len(messages) > 1:
                assert (await station.heard(PathLost)).reason.startswith(rule + ":")
            await station.paths.close()

    story(told)


def test_no_answer_sends_a_station_to_another_place(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as target:

            def elsewhere(connection: ServerConnection, request: Request) -> Response:
                return Response(302, "Found", Headers(Location=f"wss://{target.address}/"))

            async with impostor(target.key, _silent, elsewhere) as route:
                station = Station()
                station.dial(route)
                assert await station.noted("not reached: InvalidStatus")
                assert target.events.empty()
                await station.paths.close()

    story(told)


async def _silent(connection: ServerConnection) -> None:
    await connection.wait_closed()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:99999", "no such:address:at all"])
def test_an_address_where_nobody_answers_is_tried_again_and_said_in_words(address: str) -> None:
    async def told() -> None:
        station = Station()
        station.dial(Route(PathId(1), LINE, address, PIN, SEED))
        assert await station.noted("not reached")
        await station.noted_times(3)
        assert set(station.paths_noted) == {PathId(1)}
        assert station.events.empty()
        await station.paths.close()

    story(told)


def test_a_relay_that_never_speaks_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "OPENING_S", 0.2)

    async def told() -> None:
        async with impostor(relay_key(tmp_path), _silent) as route:
            station = Station()
            station.dial(route)
            assert await station.noted("no answer within")
            await station.paths.close()

    story(told)


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay:
            with pytest.raises(Unavailable, match="cannot listen"):
                await Relay(relay.key).listener.start("127.0.0.1", relay.port)
            await Listener(relay.key, relay.tell, relay.offer, bool, relay.note).close()  # never started: nothing to do

    story(told)


def test_a_route_that_stays_is_left_alone_and_one_that_goes_is_closed(tmp_path: Path) -> None:
    async def told() -> None:
        async with relay_at(tmp_path) as relay, station_on(relay) as station:
            first = await relay.welcomed()
            await station.heard(PathOpened)
            station.dial(route_to(relay), route_to(relay, OTHER_SEED, path=2))
            assert (await relay.heard(PathOpened)).who == public(OTHER_SEED)
            station.dial(route_to(relay, OTHER_SEED, path=2))
            assert (await relay.heard(PathLost)).path == first

    story(told)
