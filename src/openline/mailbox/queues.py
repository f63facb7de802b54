"""What waits for one reader from one writer: two lanes, each with its own quota, and every envelope once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from openline.limits import FLASH_LANE, ORDINARY_LANE
from openline.wire.cbor import Value
from openline.wire.numbers import u64

KEY_BYTES = 32
FLASH_BYTES_MAX = 2_048  # of one envelope: a FLASH with two approvals takes 320, padded 512
FLASH_COUNT_MAX = 60  # in one window: one every ten seconds is no longer a flash
FLASH_WINDOW_MS = 600_000  # ten minutes


@dataclass(frozen=True, slots=True)
class Quotas:
    """How much one writer may leave for one reader."""

    flash_envelopes: int = 256  # 512 KiB: four full windows; what is more goes into the other lane
    envelopes: int = 4_096  # ten days of an hourly greeting and some ten messages an hour
    bytes: int = 16_777_216  # 16 MiB


@dataclass(slots=True)
class Item:
    """One queued envelope.  `number` is that of its put in this run, 0 if it was read from the disk."""

    cursor: int
    digest: bytes
    size: int
    number: int


class Lane:
    """One queue.  `given` is what this reader's present connection has been sent, `waiting` what it has not."""

    def __init__(self) -> None:
        self.given: deque[Item] = deque()
        self.waiting: deque[Item] = deque()
        self.bytes = 0
        self.last_cursor = 0

    def __len__(self) -> int:
        return len(self.given) + len(self.waiting)

    def add(self, item: Item) -> None:
        """Put an item at the end."""
        self.waiting.append(item)
        self.bytes += item.size
        self.last_cursor = item.cursor

    def rewind(self) -> None:
        """A new connection has been given nothing yet."""
        self.waiting.extendleft(reversed(self.given))
        self.given.clear()

    def release(self, cursor: int) -> Iterator[Item]:
        """Remove and return everything up to a cursor, given or not: an owner may speak of an earlier connection."""
        for items in (self.given, self.waiting):
            while items and items[0].cursor <= cursor:
                item = items.popleft()
                self.bytes -= item.size
                yield item


class Pair:
    """All that one writer left for one reader."""

    def __init__(self, writer: bytes, reader: bytes) -> None:
        self.writer = writer
        self.reader = reader
        self.lanes = (Lane(), Lane())
        self.held: dict[bytes, None] = {}
        self._flashes: deque[int] = deque(maxlen=FLASH_COUNT_MAX)

    def key(self, lane: int, cursor: int) -> bytes:
        """Return the key of a queued envelope's row: 73 bytes, in the order in which a reader gets them."""
        return self.writer + self.reader + bytes((lane,)) + u64(cursor)

    def lane_for(self, lane: int, size: int, quotas: Quotas, monotonic_ms: int) -> int | None:
        """Return the lane that an envelope of this size goes into, or None if that one is full.

        What is too much for the FLASH lane, in size, number or frequency, goes into the other: nothing is lost by it,
        and nobody's FLASH waits behind a flood.
        """
        flash = self.lanes[FLASH_LANE]
        if lane == FLASH_LANE and size <= FLASH_BYTES_MAX and len(flash) < quotas.flash_envelopes:
            full = len(self._flashes) == FLASH_COUNT_MAX
            if not full or monotonic_ms - self._flashes[0] >= FLASH_WINDOW_MS:
                self._flashes.append(monotonic_ms)
                return FLASH_LANE
        ordinary = self.lanes[ORDINARY_LANE]
        if len(ordinary) >= quotas.envelopes or ordinary.bytes + size > quotas.bytes:
            return None
        return ORDINARY_LANE

    def waits(self) -> bool:
        """Whether anything lies here that the reader's present connection has not been given."""
        return any(lane.waiting for lane in self.lanes)

    def add(self, lane: int, item: Item) -> None:
        """Queue an item."""
        self.lanes[lane].add(item)
        self.held[item.digest] = None

    def release(self, lane: int, cursor: int) -> Iterator[Item]:
        """Remove and return everything on a lane up to a cursor."""
        for item in self.lanes[lane].release(cursor):
            del self.held[item.digest]
            yield item

    def state(self) -> Value:
        """Return what a fingerprint covers."""
        queues = [items for lane in self.lanes for items in (lane.given, lane.waiting)]
        return [
            list(self._flashes),
            *([part for item in items for part in (item.cursor, item.digest)] for items in queues),
        ]
