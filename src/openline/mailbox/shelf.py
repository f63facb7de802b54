"""Everything that lies in a mailbox: queues and slots in memory as an index, and the rows that make them durable."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from openline.limits import FLASH_LANE, ORDINARY_LANE
from openline.mailbox.queues import KEY_BYTES, Item, Pair, Quotas
from openline.ports import Forget, Keep, Ledger, Row
from openline.wire.cbor import Value
from openline.wire.relay import Given

QUEUE_TABLE = "queue"  # writer 32 · reader 32 · lane 1 · cursor 8 -> envelope
SLOT_TABLE = "slot"  # owner 32 -> prekey envelope
ROW_WAIT_MS = 1_000  # for a reader that is here to own it: even under full load most need half, then no row is needed
HELD_BYTES_MAX = 1_048_576  # of envelopes that wait to be written; a flood is written sooner
FORGETS_MAX = 256  # deletions that wait to be written; more make a commit of their own


class Shelf:
    """The queues and slots of all lines."""

    def __init__(self, ledger: Ledger, quotas: Quotas) -> None:
        self._ledger = ledger
        self._quotas = quotas
        self._first_cursor = 0
        self._pairs: dict[tuple[bytes, bytes], Pair] = {}
        self._inbound: dict[bytes, deque[Pair]] = {}
        self._slots: dict[bytes, bytes] = {}
        self._puts = 0
        self._held: dict[int, tuple[int, Keep]] = {}  # number of the put -> when it came, and its row, not yet written
        self._held_bytes = 0
        self._fresh: dict[Pair, None] = {}  # who was put something since the last look
        self._slot_rows: list[Row] = []
        self._forgets: list[Row] = []
        self._forgets_ms: int | None = None  # since when the first of them waits

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
            pair.add(lane, Item(cursor, sha256(envelope).digest(), len(envelope), 0))
        self._slots = dict(self._ledger.kept(SLOT_TABLE))

    def keep_only(self, share_a_line: Callable[[bytes, bytes], bool]) -> None:
        """Drop what lies between keys that share no line, and the slots of keys that are on none."""
        for writer, reader in list(self._pairs):
            if not share_a_line(writer, reader):
                pair = self._pairs[writer, reader]
                for lane in (FLASH_LANE, ORDINARY_LANE):
                    self.own(reader, writer, lane, 1 << 64)
                    # If they share one again: no deletion that waits, and no late `own`, may reach what is queued then.
                    self._first_cursor = max(self._first_cursor, pair.lanes[lane].last_cursor)
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
        held: list[Value] = [[number, came_ms] for number, (came_ms, _) in self._held.items()]
        return [self._first_cursor, pairs, slots, self._puts, held, len(self._slot_rows), len(self._forgets)]

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
        self._puts += 1
        pair.add(chosen, Item(cursor, digest, size, self._puts))
        self._fresh[pair] = None
        self._held[self._puts] = monotonic_ms, Keep(QUEUE_TABLE, pair.key(chosen, cursor), envelope)
        self._held_bytes += size
        return True

    def own(self, reader: bytes, writer: bytes, lane: int, cursor: int) -> None:
        """Delete what a reader has safe; what was not written yet never will be.

        A writer that has left nothing is no error.
        """
        pair = self._pairs.get((writer, reader))
        if pair is None:
            return
        for item in pair.release(lane, cursor):
            if self._held.pop(item.number, None) is not None:
                self._held_bytes -= item.size
            else:
                self._forgets.append(Forget(QUEUE_TABLE, pair.key(lane, item.cursor)))

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
                yield Given(pair.writer, number, item.cursor, self._envelope(pair, number, item))

    def publish(self, owner: bytes, envelope: bytes) -> None:
        """Put an envelope into a slot; the same one again makes no row."""
        if self._slots.get(owner) != envelope:
            self._slots[owner] = envelope
            self._slot_rows.append(Keep(SLOT_TABLE, owner, envelope))

    def found(self, owner: bytes) -> bytes:
        """Return what lies in a slot, or nothing."""
        return self._slots.get(owner, b"")

    # ------------------------------------------------------------ rows

    def last_put(self) -> int:
        """Return the number of the last put."""
        return self._puts

    def safe(self, number: int) -> bool:
        """Whether every put up to this one is on the disk by the end of this batch, or with its reader."""
        return number < next(iter(self._held), number + 1)

    def take_rows(self, now_ms: int, *, flush: bool) -> Sequence[Row]:
        """Return the rows that must be written now: none yet, or all that wait.

        Envelopes whose readers are here, and deletions, wait a second at most, together.  A crash meanwhile: whoever
        put was told nothing and puts it again; a reader is given again what it holds, and drops it.
        """
        self._forgets_ms = now_ms if self._forgets and self._forgets_ms is None else self._forgets_ms
        due_ms = self.due_ms()
        flush = flush or (due_ms is not None and due_ms <= now_ms)
        many = self._held_bytes >= HELD_BYTES_MAX or len(self._forgets) >= FORGETS_MAX
        away = any(pair.waits() for pair in self._fresh)  # a reader that has not been given it owns nothing soon
        self._fresh.clear()
        if not (flush or many or away or self._slot_rows):
            return []
        rows = [*(keep for _, keep in self._held.values()), *self._slot_rows, *self._forgets]
        self._held.clear()
        self._held_bytes, self._slot_rows, self._forgets, self._forgets_ms = 0, [], [], None
        return rows

    def due_ms(self) -> int | None:
        """Return when what waits must be written, None if nothing does."""
        since = [came_ms for came_ms, _ in islice(self._held.values(), 1)]
        if self._forgets_ms is not None:
            since.append(self._forgets_ms)
        return min(since) + ROW_WAIT_MS if since else None

    def _pair(self, writer: bytes, reader: bytes) -> Pair:
        pair = self._pairs.get((writer, reader))
        if pair is None:
            pair = self._pairs[writer, reader] = Pair(writer, reader)
            self._inbound.setdefault(reader, deque()).append(pair)
        return pair

    def _envelope(self, pair: Pair, lane: int, item: Item) -> bytes:
        if item.number in self._held:
            return self._held[item.number][1].value
        (found,) = [envelope for _, envelope in self._ledger.kept(QUEUE_TABLE, pair.key(lane, item.cursor))]
        return found
