"""Everything that lies in a mailbox: queues and slots in memory as an index, and the rows that make them durable."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from openline.limits import FLASH_LANE, ORDINARY_LANE
from openline.mailbox.queues import KEY_BYTES, Item, Pair, Quotas
from openline.ports import Forget, Keep, Ledger, Row
from openline.wire.cbor import Value
from openline.wire.relay import Given

QUEUE_TABLE = "queue"  # writer 32 · reader 32 · lane 1 · cursor 8 -> envelope
SLOT_TABLE = "slot"  # owner 32 -> prekey envelope
FORGETS_MAX = 256  # deletions that wait for somebody's put to ride with; more make a commit of their own


class Shelf:
    """The queues and slots of all lines."""

    def __init__(self, ledger: Ledger, quotas: Quotas) -> None:
        self._ledger = ledger
        self._quotas = quotas
        self._first_cursor = 0
        self._pairs: dict[tuple[bytes, bytes], Pair] = {}
        self._inbound: dict[bytes, deque[Pair]] = {}
        self._slots: dict[bytes, bytes] = {}
        self._keeps: list[Row] = []
        self._fresh: list[Item] = []
        self._forgets: list[Row] = []

    # ------------------------------------------------------------ all of it

    def load(self, incarnation: int) -> None:
        """Read the index from the ledger.

        Cursors of this run begin above those of every run before, without a row of their own: an `own` that a reader
        says late, after a restart, can never reach what was queued since.
        """
        self._first_cursor = incarnation << 32
        for key, envelope in self._ledger.kept(QUEUE_TABLE):
            lane, cursor = key[2 * KEY_BYTES], int.from_bytes(key[2 * KEY_BYTES + 1 :], "big")
            pair = self._pair(key[:KEY_BYTES], key[KEY_BYTES : 2 * KEY_BYTES])
            pair.add(lane, Item(cursor, sha256(envelope).digest(), len(envelope), None))
        self._slots = dict(self._ledger.kept(SLOT_TABLE))

    def keep_only(self, share_a_line: Callable[[bytes, bytes], bool]) -> None:
        """Drop what lies between keys that share no line, and the slots of keys that are on none."""
        for writer, reader in list(self._pairs):
            if not share_a_line(writer, reader):
                for lane in (FLASH_LANE, ORDINARY_LANE):
                    self.own(reader, writer, lane, 1 << 64)
                self._inbound[reader].remove(self._pairs.pop((writer, reader)))
        for owner in [owner for owner in self._slots if not share_a_line(owner, owner)]:
            del self._slots[owner]
            self._forgets.append(Forget(SLOT_TABLE, owner))

    def count(self) -> tuple[int, int]:
        """Return how many envelopes wait, and how many bytes they have."""
        lanes = [lane for pair in self._pairs.values() for lane in pair.lanes]
        return sum(map(len, lanes)), sum(lane.bytes for lane in lanes)

    def state(self) -> Value:
        """Return what a fingerprint covers."""
        pairs = [[writer, reader, pair.state()] for (writer, reader), pair in sorted(self._pairs.items())]
        slots = [[owner, sha256(envelope).digest()] for owner, envelope in sorted(self._slots.items())]
        return [self._first_cursor, pairs, slots, len(self._keeps), len(self._forgets)]

    # ------------------------------------------------------------ one queue, one slot

    def put(self, writer: bytes, reader: bytes, lane: int, envelope: bytes, monotonic_ms: int) -> bool:
        """Queue an envelope and return True; False if its queue is full.  What lies there already is not put twice."""
        pair = self._pair(writer, reader)
        digest = sha256(envelope).digest()
        if digest in pair.held:
            return True
        size = len(envelope)
        chosen = pair.lane_for(lane, size, self._quotas, monotonic_ms)
        if chosen is None:
            return False
        cursor = max(pair.lanes[chosen].last_cursor, self._first_cursor) + 1
        item = Item(cursor, digest, size, envelope)
        pair.add(chosen, item)
        self._fresh.append(item)
        self._keeps.append(Keep(QUEUE_TABLE, pair.key(chosen, cursor), envelope))
        return True

    def own(self, reader: bytes, writer: bytes, lane: int, cursor: int) -> None:
        """Delete what a reader has safe.  A writer that has left nothing is no error."""
        pair = self._pairs.get((writer, reader))
        if pair is not None:
            keys = (pair.key(lane, item.cursor) for item in pair.release(lane, cursor))
            self._forgets.extend(Forget(QUEUE_TABLE, key) for key in keys)

    def rewind(self, reader: bytes) -> None:
        """A new connection of this reader gets everything that it has not owned."""
        for pair in self._inbound.get(reader, ()):
            for lane in pair.lanes:
                lane.rewind()

    def give(self, reader: bytes, room: int) -> Iterator[Given]:
        """Hand out what waits for a reader, FLASH first, one of each writer in turn, until `room` bytes are used up.

        The last may be larger than what is left of the room: it is the only way for the largest envelope to pass.
        """
        turn = self._inbound.get(reader, deque())
        for number in (FLASH_LANE, ORDINARY_LANE):
            idle = 0
            while room > 0 and idle < len(turn):
                pair = turn[0]
                turn.rotate(-1)
                lane = pair.lanes[number]
                if not lane.waiting:
                    idle += 1
                    continue
                idle = 0
                item = lane.waiting.popleft()
                lane.given.append(item)
                room -= item.size
                envelope = item.envelope or self._read(pair.key(number, item.cursor))
                yield Given(pair.writer, number, item.cursor, envelope)

    def publish(self, owner: bytes, envelope: bytes) -> None:
        """Put an envelope into a slot; the same one again makes no row."""
        if self._slots.get(owner) != envelope:
            self._slots[owner] = envelope
            self._keeps.append(Keep(SLOT_TABLE, owner, envelope))

    def found(self, owner: bytes) -> bytes:
        """Return what lies in a slot, or nothing."""
        return self._slots.get(owner, b"")

    # ------------------------------------------------------------ rows

    def take_rows(self, *, flush: bool) -> Sequence[Row]:
        """Return the rows since the last call and forget them.

        Deletions ride on somebody's put and make no commit of their own, unless `flush` says so or they are many.  A
        crash before they leave means: the reader is given again what it holds, and drops it.
        """
        for item in self._fresh:
            item.envelope = None  # a row from now on
        self._fresh.clear()
        rows, self._keeps = self._keeps, []
        if rows or flush or len(self._forgets) >= FORGETS_MAX:
            rows += self._forgets
            self._forgets = []
        return rows

    def forgets(self) -> bool:
        """Return whether deletions wait for a commit."""
        return bool(self._forgets)

    def _pair(self, writer: bytes, reader: bytes) -> Pair:
        pair = self._pairs.get((writer, reader))
        if pair is None:
            pair = self._pairs[writer, reader] = Pair(writer, reader)
            self._inbound.setdefault(reader, deque()).append(pair)
        return pair

    def _read(self, key: bytes) -> bytes:
        (found,) = [envelope for _, envelope in self._ledger.kept(QUEUE_TABLE, key)]
        return found
