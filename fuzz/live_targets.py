"""Targets that are whole machines: a relay's mailbox under any connection, a station under any peer.

A station is built on the made suite, holds a line with one other station, and has exchanged keys with it.  Each input
begins from the same disk.  Whatever comes in: the station does not fail, its views can be shown, and it starts again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fuzz.boundary_targets import bodies
from fuzz.choices import NUMBERS, TEXTS, Choices, written
from fuzz.target import Broken, Target, vector_bytes
from openline.engine import Home, Station
from openline.engine.alarms import in_force
from openline.engine.silence import verdict
from openline.engine.views import drafts, forks, line_view, messages, unpresented
from openline.errors import Malformed, Rejected
from openline.identifiers import LineId, PathId, StationId, Token
from openline.mailbox import Mailbox, Quotas
from openline.ports import (
    Acted,
    DocumentBrought,
    Event,
    Instant,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Send,
    Slot,
    Started,
    Stopping,
    Submitted,
    Wanted,
    Woken,
)
from openline.sessions import Epoch, SendingRun
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import BEGIN, Setting, make_setting
from openline.simulation.suite import SeededSuite
from openline.wire.cbor import Value, encode
from openline.wire.entry import Approval, approval_signed, encode_entry, entry_signed, pack_approvals
from openline.wire.envelope import Type
from openline.wire.payloads import (
    ReceiptState,
    decode_greeting,
    decode_receipt,
    encode_copy,
    encode_greeting,
    encode_receipt,
    encode_request,
    greeting_signed,
    receipt_signed,
)
from openline.wire.relay import Own, Publish, Put, Request, Seek, decode_replies, encode_frame
from openline.wire.statement import Option, Statement, decode_statement, digest, encode_statement

_SUITE = SeededSuite()
_ROOM = 1 << 20

# ---------------------------------------------------------------- a relay

_KEYS = [bytes([number]) * 32 for number in range(1, 6)]


def _mailbox(data: bytes) -> None:
    """Connections open, speak, stall and end in any order; the machine never fails and answers only what is a reply."""
    choices = Choices(data)
    ledger = MemoryLedger()
    lines = [_KEYS[:3], _KEYS[3:]]
    mailbox = Mailbox(ledger, lines, Quotas(flash_envelopes=2, envelopes=3, bytes=900))
    mailbox.step(Started(1, ()), Instant(BEGIN, 0))
    for step in range(1, 12):
        if choices.spent():
            break
        now = Instant(BEGIN + step, choices.number(1 << 20))
        mailbox.step(_connection_event(choices), now)
        batch = mailbox.settle(now)
        ledger.commit(batch.rows)
        for effect in batch.effects:
            if isinstance(effect, Send):
                decode_replies(effect.envelope)
    again = Mailbox(ledger, lines)
    again.step(Started(2, ()), Instant(BEGIN, 0))
    again.settle(Instant(BEGIN, 0))


def _connection_event(choices: Choices) -> Event:
    path = PathId(choices.number(4))
    what = choices.number(8)
    if what == 0:
        return PathOpened(path, LineId(b""), choices.pick([*_KEYS, bytes(32)]))
    if what == 1:
        return PathReady(path, choices.number(1 << 12))
    if what == 2:
        events: list[Event] = [PathLost(path, "gone"), Woken(), Stopping()]
        return choices.pick(events)
    if what == 3:
        return Received(path, choices.octets(choices.number(80)))
    frames = [_frame(choices) for _ in range(1 + choices.number(3))]
    return Received(path, b"".join(frames))


def _frame(choices: Choices) -> bytes:
    key, lane = choices.pick(_KEYS), choices.number(2)
    envelope = choices.octets(1 + choices.number(400))
    requests: list[Request] = [
        Put(choices.number(1 << 32), key, lane, envelope),
        Own(key, lane, choices.number(1 << 64)),
        Publish(envelope),
        Seek(key),
    ]
    frame = encode_frame(choices.pick(requests))
    if choices.number(8) == 7:
        place = choices.number(len(frame))
        frame = frame[:place] + choices.octets(1) + frame[place + 1 :]
    return frame


# ---------------------------------------------------------------- a station and its peer


@dataclass(frozen=True, slots=True)
class Scene:
    """A line after its first exchange: the disk of the station under test, and all that its peer holds."""

    setting: Setting
    ledger: MemoryLedger
    me: StationId
    peer: StationId
    path: PathId
    epoch: Epoch
    peer_home: Home
    peer_hash: bytes
    my_hash: bytes
    said: int
    generation: int
    mine: tuple[bytes, ...]
    now: Instant


@cache
def scene() -> Scene:
    """Let two stations exchange keys, greetings and a message each, and stop there."""
    setting = make_setting(_SUITE, 2, 1, 1)
    stations: dict[StationId, Station] = {}
    ledgers: dict[StationId, MemoryLedger] = {}
    waiting: list[tuple[StationId, Event]] = []
    slots: dict[bytes, bytes] = {}
    keys = {station: key for key, station in setting.posts.items()}
    for number, (me, home) in enumerate(setting.homes.items()):
        ledgers[me] = MemoryLedger()
        ledgers[me].commit(setting.rows)
        stations[me] = Station(ledgers[me], _SUITE, [home])
        secrets = [bytes([number, count]) * 16 for count in range(64)]
        waiting.append((me, Started(1, secrets)))
    path = PathId(0)
    for me in stations:
        waiting += [(me, PathOpened(path, setting.line, bytes(32))), (me, PathReady(path, _ROOM))]
    mine = _statement_of(3, b"")
    milliseconds = 0
    for turn in range(12):
        if turn == 4:
            waiting += [(me, Submitted(Token(9), setting.line, mine)) for me in stations]
        for me, event in [*waiting, *((me, Woken()) for me in stations)]:
            if (me, event) in waiting:
                waiting.remove((me, event))
            milliseconds += 300
            now = Instant(BEGIN + milliseconds // 1_000, milliseconds)
            stations[me].step(event, now)
            batch = stations[me].settle(now)
            ledgers[me].commit(batch.rows)
            for effect in batch.effects:
                match effect:
                    case Send():
                        brought = Received(path, effect.envelope, keys[me], effect.lane)
                        waiting.append((setting.posts[effect.to], brought))
                        waiting.append((me, PathReady(path, _ROOM)))
                    case Slot():
                        slots[keys[me]] = effect.envelope
                    case Wanted() if effect.owner in slots:
                        waiting.append((me, Received(path, slots[effect.owner])))
                    case _:
                        pass
    stations_in_order = list(stations)
    me, peer = stations_in_order[1], stations_in_order[0]
    theirs, ours = stations[peer].lines[setting.line].state, stations[me].lines[setting.line].state
    epoch = theirs.peers[me].sender.current
    if epoch is None:
        raise Broken("the two stations have not agreed on a key")
    digests = tuple(row.digest for row in ledgers[me].recent(setting.line, 9))
    now = Instant(BEGIN + 60, milliseconds + 60_000)
    return Scene(
        setting, ledgers[me], me, peer, path, epoch, setting.homes[peer], theirs.identity.hash, ours.identity.hash,
        theirs.own.size, theirs.generation, digests, now,
    )  # fmt: skip


def _statement_of(kind: int, ref: bytes) -> bytes:
    number, body = next(item for item in bodies() if item[0] >= kind)
    options: dict[int, Value] = {Option.REF: ref} if ref else {}
    return encode_statement(Statement(1, BEGIN + 5, number, 1, body, status=_EXERCISE, options=options))


_EXERCISE = decode_statement(bytes.fromhex("8701000001" + "01" + "f6f6")).status


class Bench:
    """One station under test, begun from the scene's disk, and its peer's pen."""

    def __init__(self) -> None:
        self.suite = _SUITE
        self.scene = scene()
        self.ledger = self.scene.ledger.copy()
        self.now = self.scene.now
        self.station = self._begin(2)
        self.run = SendingRun(_SUITE, self.scene.epoch, b"fuzz")
        for event in (PathOpened(self.scene.path, self.line, bytes(32)), PathReady(self.scene.path, _ROOM)):
            self.give(event)

    @property
    def line(self) -> LineId:
        """The line that both are on."""
        return self.scene.setting.line

    def _begin(self, incarnation: int) -> Station:
        station = Station(self.ledger, _SUITE, [self.scene.setting.homes[self.scene.me]])
        station.step(Started(incarnation, [bytes([incarnation, count]) * 16 for count in range(64)]), self.now)
        self.ledger.commit(station.settle(self.now).rows)
        return station

    def give(self, event: Event) -> None:
        """One step, one batch."""
        self.station.step(event, self.now)
        self.ledger.commit(self.station.settle(self.now).rows)

    def bring(self, kind: Type, payload: bytes, *, lane: int = 1) -> None:
        """Let the peer seal this and the relay bring it."""
        try:
            envelope = self.run.seal(kind, payload, padded=False)
        except Rejected:
            return
        self.give(Received(self.scene.path, envelope, self.peer_post, lane))

    @property
    def peer_post(self) -> bytes:
        """The peer's post key."""
        return _SUITE.public(self.scene.peer_home.keys.post)

    def later(self, seconds: int) -> None:
        """Let time pass and wake the station."""
        self.now = Instant(self.now.utc + seconds, self.now.monotonic_ms + 1_000 * seconds)
        self.give(Woken())

    def look(self) -> None:
        """Show everything that an officer can see; then start again from the disk, and show it again."""
        for station in (self.station, self._begin(3)):
            meaning = station.meanings[self.line]
            messages(meaning, self.now, sent=False)
            messages(meaning, self.now, sent=True)
            line_view(meaning, self.now)
            drafts(meaning)
            forks(meaning)
            list(unpresented(meaning))
            in_force(station.meanings, self.now.utc)
            verdict(meaning, self.scene.peer, self.now)
            station.fingerprint()


# ---------------------------------------------------------------- what a hostile member can say


def _raw(data: bytes) -> None:
    """An envelope as a relay may bring it: from anybody, of anything."""
    bench = Bench()
    bench.give(Received(bench.scene.path, data or b"\0", bench.peer_post, 1))
    bench.look()


def _payload(data: bytes) -> None:
    """A sealed payload of any type and any bytes."""
    kinds = list(Type)
    bench = Bench()
    bench.bring(kinds[(data[0] if data else 0) % len(kinds)], data[1:], lane=1 - (data[0] // 128 if data else 0))
    bench.look()


def _member(data: bytes) -> None:
    """A member with every key of its party says what it likes, properly signed and sealed."""
    bench, choices = Bench(), Choices(data)
    known = [*bench.scene.mine]
    seq = bench.scene.said
    for _ in range(5):
        if choices.spent():
            break
        say = choices.pick((_say, _say, _say, _receipt, _greeting, _request, _time, _people))
        seq = say(bench, choices, known, seq)
    bench.look()


def _say(bench: Bench, choices: Choices, known: list[bytes], seq: int) -> int:
    number, body = choices.pick(bodies())
    value: Value = body
    for _ in range(choices.number(3)):
        value = choices.altered(value)
    options = _options(choices, known, bench.now.utc)
    numbers = [choices.pick((1, 1, 1, 0, 2)), bench.now.utc - choices.pick((0, 0, 1, 60, 86_400, -60, 1_000_000))]
    numbers += [choices.pick((number, number, number, 255, 254)), choices.pick((1, 1, 4, 7, 10, 178, 61))]
    try:
        said = written([*numbers, choices.pick((1, 2, 0, 200)), options or None, value])
        decode_statement(said)
    except Malformed:
        return seq
    place = choices.pick((seq, seq, seq, seq + 1, 0, max(0, seq - 1), seq + 5_000))
    entry, named = _signed(bench, choices, place, said)
    known.append(named)
    if choices.number(6) == 5:
        bench.bring(Type.COPY, encode_copy(bench.scene.peer, bench.scene.generation, entry))
    else:
        bench.bring(Type.ENTRY, entry, lane=choices.pick((1, 1, 0)))
    return max(seq, place + 1) if place < seq + 2 else seq


def _signed(bench: Bench, choices: Choices, place: int, said: bytes) -> tuple[bytes, bytes]:
    stage = bench.scene
    documents = bench.station.lines[bench.line].state.documents
    party = stage.peer >> 8
    named = digest(documents.salt_seed(party), said)
    signers = choices.pick(((), (), (1,), (1, 2)))
    approved = approval_signed(bench.line, party, named)
    officers = stage.setting.officers
    approvals = tuple(Approval(officer, _SUITE.sign(officers[party, officer], approved)) for officer in signers)
    signed = entry_signed(bench.line, stage.peer_hash, stage.generation, place, named, pack_approvals(approvals))
    return encode_entry(place, said, approvals, _SUITE.sign(stage.peer_home.keys.sign, signed)), named


def _options(choices: Choices, known: list[bytes], utc: int) -> dict[int, Value]:
    options: dict[int, Value] = {}
    if known and choices.number(4):
        options[Option.REF] = choices.pick(known)[:20]
    if choices.number(6) == 5:
        options[Option.VALIDITY] = [choices.pick((None, 0, utc)), choices.pick((utc + 60, None, 2**32 - 1))]
    if choices.number(4) == 3:
        options[Option.RESPOND_BY] = choices.pick((utc + 5, 0, utc - 60, 2**32 - 1))
    if choices.number(8) == 7:
        options[Option.PASS_TO] = choices.pick(TEXTS)
    if choices.number(8) == 7:
        options[Option.ACTION] = choices.pick(([1], [2], [1, 2], [3, 255]))
    if choices.number(8) == 7:
        options[Option.CLEARANCE] = [choices.pick(TEXTS)]
    return dict(sorted(options.items()))


def _receipt(bench: Bench, choices: Choices, _known: list[bytes], seq: int) -> int:
    state = bench.station.lines[bench.line].state
    size = choices.pick((state.own.size, 0, 1, state.own.size + 1, 2**35 - 1))
    further = sorted({size + 1 + choices.number(5) for _ in range(choices.number(3))})
    kind = choices.pick((ReceiptState.STORED, ReceiptState.PRESENTED))
    signed = receipt_signed(
        bench.line, bench.scene.my_hash, state.generation, bench.scene.peer_hash, kind, bench.now.utc, size,
        state.own.tree.root(), [(place, bytes(32)) for place in further],
    )  # fmt: skip
    signature = _SUITE.sign(bench.scene.peer_home.keys.sign, signed)
    payload = encode_receipt(size, choices.pick((bench.now.utc, 0, 2**32 - 1)), further, signature)
    decode_receipt(payload)
    bench.bring(Type(1 + kind), payload, lane=choices.number(2))
    return seq


def _greeting(bench: Bench, choices: Choices, _known: list[bytes], seq: int) -> int:
    logs = b"".join(
        choices.pick((b"\x01\x01", b"\x02\x01", b"\x00\x00", b"\xff\xff"))
        + choices.pick((bench.scene.generation.to_bytes(4, "big"), bytes(4), b"\xff" * 4))
        + choices.pick((b"\x00", b"\x01", b"\x05", b"\xff\xff\xff\xff\x7f"))
        + choices.octets(32)
        for _ in range(choices.number(4))
    )
    fixed = choices.octets(16) + choices.pick((bench.now.utc, 0, 2**32 - 1)).to_bytes(4, "big") + choices.octets(32)
    fixed += choices.octets(4) + choices.pick((bytes(4), b"\xff" * 4, bench.scene.epoch.created.to_bytes(4, "big")))
    greeting, _ = decode_greeting(fixed + choices.octets(4) + logs + bytes(64))
    encoded = encode_greeting(greeting)
    signed = greeting_signed(bench.line, bench.scene.peer_hash, bench.scene.my_hash, encoded)
    bench.bring(Type.GREETING, encoded + _SUITE.sign(bench.scene.peer_home.keys.sign, signed))
    return seq


_ASKS = {0: 4, 1: 0, 2: 1, 3: 2, 4: 1, 5: 2}


def _request(bench: Bench, choices: Choices, _known: list[bytes], seq: int) -> int:
    asks = []
    for _ in range(1 + choices.number(3)):
        ask = choices.number(6)
        numbers = [choices.pick((257, 513, *(number for number in NUMBERS if number >= 0))) for _ in range(_ASKS[ask])]
        asks.append((ask, *numbers))
    bench.bring(Type.REQUEST, encode_request(asks))
    return seq


def _time(bench: Bench, choices: Choices, _known: list[bytes], seq: int) -> int:
    bench.later(choices.pick((1, 30, 600, 7_200, 86_400, 40 * 86_400)))
    return seq


def _people(bench: Bench, choices: Choices, _known: list[bytes], seq: int) -> int:
    event: Event = Acted(Token(1), bench.line, encode([choices.number(9), choices.value(1)]))
    if choices.flag():
        event = Submitted(Token(2), bench.line, _statement_of(choices.pick(bodies())[0], bytes(20)))
    if choices.number(4) == 3:
        event = DocumentBrought(Token(3), bench.line, choices.octets(40))
    bench.give(event)
    return seq


def _raw_seeds() -> Iterator[bytes]:
    yield from vector_bytes("run", "epoch", "prekey")()


def _payload_seeds() -> Iterator[bytes]:
    kinds = list(Type)
    named = {"entry": Type.ENTRY, "receipt": Type.STORED, "greeting": Type.GREETING, "head": Type.HEAD}
    for name, kind in named.items():
        yield from (bytes((kinds.index(kind),)) + seed for seed in vector_bytes(name)())
    for kind in (Type.COPY, Type.REQUEST, Type.DOCUMENT, Type.SAID):
        yield from (bytes((kinds.index(kind),)) + seed for seed in vector_bytes("payload", type=int(kind))())


def _member_seeds() -> Iterator[bytes]:
    for start in range(0, 71, 5):
        yield bytes((0, start)) + bytes(range(start, start + 60))
    yield from (bytes((say, *range(40))) for say in range(3, 8))


def _mailbox_seeds() -> Iterator[bytes]:
    opened = b"".join(bytes((0, 0, 0, path, 0, path)) for path in range(3))
    yield opened + bytes(range(200))
    yield opened + bytes((0, 0, 1, 0, 4, 1, 1, 0, 90)) * 4


TARGETS = (
    Target("mailbox", _mailbox, _mailbox_seeds, ()),
    Target("station-envelope", _raw, _raw_seeds, ()),
    Target("station-payload", _payload, _payload_seeds, ()),
    Target("station-member", _member, _member_seeds, ()),
)
