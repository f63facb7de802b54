"""A mailbox over the real store on a disk in memory, driven by hand: events in, replies out."""

from collections.abc import Sequence
from pathlib import Path

from openline.identifiers import LineId, PathId
from openline.limits import ORDINARY_LANE
from openline.mailbox import Mailbox, Quotas
from openline.mailbox.shelf import ROW_WAIT_MS
from openline.ports import (
    Event,
    Instant,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Refused,
    Row,
    Send,
    Started,
    Wake,
    Woken,
)
from openline.store import Store
from openline.store.unsafe_disk import new_disk
from openline.wire.relay import Given, Own, Put, Reply, Request, Welcome, decode_replies, encode_frame

ALBA, BORA, CENDRA, ALBA_TWO = (bytes([number]) * 32 for number in range(1, 5))
OTHER_ALBA, OTHER_BORA = bytes([11]) * 32, bytes([12]) * 32
LINES = ((ALBA, BORA, CENDRA, ALBA_TWO), (OTHER_ALBA, OTHER_BORA))
STRANGER = bytes([99]) * 32
ROOM = 65_536


class World:
    """One relay.  `do` takes events as one batch, commits, and keeps what the relay then does."""

    def __init__(self, lines: Sequence[Sequence[bytes]] = LINES, quotas: Quotas | None = None) -> None:
        self.lines = lines
        self.quotas = quotas
        self.vfs, self.disk = new_disk()
        self.store = Store.open(Path("relay.db"), vfs=self.vfs)
        self.incarnation = 0
        self.last_path = 0
        self.milliseconds = 1_000
        self.restart()

    def restart(self) -> None:
        """Begin a new run over what is on the disk.  What was in memory is gone."""
        self.store.close()
        self.store = Store.open(Path("relay.db"), vfs=self.vfs)
        self.incarnation += 1
        self.mailbox = Mailbox(self.store, self.lines, self.quotas)
        self.paths: dict[bytes, PathId] = {}
        self.heard: dict[PathId, list[Reply]] = {}
        self.refused: list[Refused] = []
        self.wakes: list[int] = []
        self.rows: list[Row] = []
        self.do(Started(self.incarnation, ()))

    def do(self, *events: Event) -> None:
        now = Instant(1_795_000_000, self.milliseconds)
        for event in events:
            self.mailbox.step(event, now)
        batch = self.mailbox.settle(now)
        self.rows = list(batch.rows)
        if batch.rows:
            self.store.commit(batch.rows)
        for effect in batch.effects:
            match effect:
                case Send():
                    self.heard.setdefault(effect.path, []).extend(decode_replies(effect.envelope))
                case Refused():
                    self.refused.append(effect)
                case Wake():
                    self.wakes.append(effect.at_monotonic_ms)

    def wait(self) -> None:
        """Let the time pass in which rows may wait."""
        self.milliseconds += ROW_WAIT_MS
        self.do(Woken())

    def open(self, key: bytes, room: int = ROOM) -> PathId:
        """Connect a station and take the welcome."""
        self.last_path += 1
        path = PathId(self.last_path)
        self.paths[key] = path
        self.do(PathOpened(path, LineId(b""), key), PathReady(path, room))
        assert self.heard[path].pop(0) == Welcome()
        return path

    def close(self, key: bytes) -> None:
        self.do(PathLost(self.paths.pop(key), "gone"))

    def said(self, key: bytes, *requests: Request) -> Received:
        return Received(self.paths[key], b"".join(map(encode_frame, requests)))

    def say(self, key: bytes, *requests: Request) -> list[Reply]:
        """Say these on a station's connection and return what it hears then."""
        self.do(self.said(key, *requests))
        return self.hear(key)

    def hear(self, key: bytes) -> list[Reply]:
        heard = self.heard.setdefault(self.paths[key], [])
        taken = list(heard)
        heard.clear()
        return taken

    def given(self, key: bytes) -> list[bytes]:
        """The envelopes that a station has been given since it last listened."""
        return [reply.envelope for reply in self.hear(key) if isinstance(reply, Given)]

    def put(self, writer: bytes, reader: bytes, *envelopes: bytes, lane: int = ORDINARY_LANE) -> list[Reply]:
        return self.say(writer, *(Put(number, reader, lane, envelope) for number, envelope in enumerate(envelopes)))

    def own_all(self, reader: bytes) -> list[bytes]:
        """The station says that it has everything safe that it hears now; return the envelopes."""
        given = [reply for reply in self.hear(reader) if isinstance(reply, Given)]
        if given:
            self.say(reader, *(Own(reply.writer, reply.lane, reply.cursor) for reply in given))
        return [reply.envelope for reply in given]
