"""The mailbox machine: who is admitted, whose connection is in force, what each request does."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from openline.errors import Malformed, Misuse
from openline.identifiers import PathId
from openline.limits import FLASH_LANE, MEMBERS_MAX, ORDINARY_LANE, STATIONS_MAX
from openline.mailbox.queues import KEY_BYTES, Quotas
from openline.mailbox.shelf import Shelf
from openline.ports import (
    Batch,
    Effect,
    Event,
    Instant,
    Ledger,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Refused,
    Send,
    Started,
    Stopping,
    Wake,
    Woken,
)
from openline.wire.cbor import Value, encode
from openline.wire.relay import (
    Declined,
    Found,
    Own,
    Publish,
    Put,
    Reply,
    Request,
    Stored,
    Welcome,
    decode_requests,
    encode_frame,
)

ASKED_MAX = 4_096  # puts that wait for their answer; more are written sooner
LINE_KEYS_MAX = MEMBERS_MAX * STATIONS_MAX  # every station of every member

NOT_ADMITTED, REPLACED = "R155", "R156"  # these end a connection
NO_SUCH_READER, QUEUE_FULL = "R157", "R158"  # these decline one put


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an operator may see: counts, never keys."""

    lines: int
    stations: int
    connected: int
    envelopes: int
    bytes: int
    declined: int


def lines_of_keys(lines: Sequence[Sequence[bytes]]) -> dict[bytes, int]:
    """Return the number of each post key's line.  Raises Misuse if the list cannot be (see `Mailbox.admit`)."""
    line_of: dict[bytes, int] = {}
    for number, keys in enumerate(lines):
        if not 2 <= len(keys) <= LINE_KEYS_MAX:
            raise Misuse(f"a line has 2 to {LINE_KEYS_MAX} post keys", hint="Look at the list of lines.")
        for key in keys:
            if len(key) != KEY_BYTES or key in line_of:
                raise Misuse("a post key has not 32 bytes, or stands twice", hint="Look at the list of lines.")
            line_of[key] = number
    return line_of


@dataclass(slots=True)
class _Session:
    key: bytes
    room: int = 0
    sought: set[bytes] = field(default_factory=set)  # whose slots were asked for since the last settle


class Mailbox:
    """A relay's queues as a `ports.Machine`.  Build it, then step `Started` before anything else."""

    def __init__(self, ledger: Ledger, lines: Sequence[Sequence[bytes]], quotas: Quotas | None = None) -> None:
        """Admit these lines, each a list of post keys of 32 bytes.  Raises Misuse as `admit` does."""
        self._shelf = Shelf(ledger, quotas or Quotas())
        self._line_of: dict[bytes, int] = {}
        self._sessions: dict[PathId, _Session] = {}
        self._path_of: dict[bytes, PathId] = {}
        self._declined = 0
        self._flush = False
        self._wake_ms: int | None = None
        self._asked: deque[tuple[int, PathId, int]] = deque()  # number of the last put then, who asked, its id
        self._effects: list[Effect] = []
        self.admit(lines)

    # ------------------------------------------------------------ the operator

    def admit(self, lines: Sequence[Sequence[bytes]]) -> None:
        """Admit exactly these lines from now on; whoever is on none is cut off, and what lies between others dropped.

        Nothing is lost by that: a sender keeps every statement until the receipt.  Raises Misuse, and changes nothing,
        if a key has not 32 bytes or stands twice, or a line has too few or too many.
        """
        line_of = lines_of_keys(lines)
        self._line_of = line_of
        for path in [path for path, session in self._sessions.items() if session.key not in line_of]:
            self._refuse(path, NOT_ADMITTED, "the operator no longer admits this post key")
        self._shelf.keep_only(self._share_a_line)

    def admits(self, key: bytes) -> bool:
        """Return whether a post key is on any line here."""
        return key in self._line_of

    def statistics(self) -> Statistics:
        """Return the counts of this moment."""
        envelopes, size = self._shelf.count()
        return Statistics(
            lines=len(set(self._line_of.values())),
            stations=len(self._line_of),
            connected=len(self._sessions),
            envelopes=envelopes,
            bytes=size,
            declined=self._declined,
        )

    # ------------------------------------------------------------ the machine

    def step(self, event: Event, now: Instant) -> None:
        """Take one event.  Never fails because of what a station sent: such a connection is refused."""
        match event:
            case Started():
                self._shelf.load(event.incarnation)
                self._shelf.keep_only(self._share_a_line)
            case PathOpened():
                self._open(event.path, event.who)
            case PathReady():
                if event.path in self._sessions:
                    self._sessions[event.path].room = event.room
            case PathLost():
                self._close(event.path)
            case Received():
                self._receive(event.path, event.envelope, now)
            case Woken():
                self._wake_ms = None
            case Stopping():
                self._flush = True
            case _:  # what only a station is told
                pass

    def settle(self, now: Instant) -> Batch:
        """Return rows and effects since the last settle.

        Each `Send` whose `to` is not empty may leave before the commit; the one to b"" says `stored` and must not.
        """
        for path, session in self._sessions.items():
            for given in self._shelf.give(session.key, session.room):
                session.room -= len(given.envelope)
                self._say(path, given, given.lane)
            self._show(path, session)
        rows = self._shelf.take_rows(now.monotonic_ms, flush=self._flush or len(self._asked) >= ASKED_MAX)
        self._flush = False
        self._say_stored()
        self._ask_wake()
        effects, self._effects = self._effects, []
        return Batch(rows, effects)

    def fingerprint(self) -> bytes:
        """Return a digest of queues, slots, sessions and admission."""
        sessions: list[Value] = [
            [path, session.key, session.room, len(session.sought)] for path, session in sorted(self._sessions.items())
        ]
        admitted: list[Value] = [[key, number] for key, number in sorted(self._line_of.items())]
        asked: list[Value] = [list(each) for each in self._asked]
        waiting: Value = [len(self._effects), asked, self._flush, self._wake_ms]
        return sha256(encode([self._shelf.state(), sessions, admitted, waiting, self._declined])).digest()

    def _show(self, path: PathId, session: _Session) -> None:
        """Answer what was asked for, each slot once: the answer is a hundred times as long as the question."""
        for owner in sorted(session.sought):
            envelope = self._shelf.found(owner) if self._share_a_line(session.key, owner) else b""
            self._say(path, Found(owner, envelope), ORDINARY_LANE)
        session.sought.clear()

    def _say_stored(self) -> None:
        """Answer every put up to the first that is neither in this batch's rows nor with its reader."""
        answers: dict[PathId, list[int]] = {}
        while self._asked and self._shelf.safe(self._asked[0][0]):
            _, path, identifier = self._asked.popleft()
            if path in self._sessions:  # who is gone puts it again, and is answered then
                answers.setdefault(path, []).append(identifier)
        for path, ids in answers.items():
            self._effects.append(Send(path, b"", ORDINARY_LANE, encode_frame(Stored(ids))))

    def _ask_wake(self) -> None:
        due_ms = self._shelf.due_ms()
        if due_ms is not None and (self._wake_ms is None or due_ms < self._wake_ms):
            self._wake_ms = due_ms
            self._effects.append(Wake(due_ms))

    # ------------------------------------------------------------ sessions

    def _open(self, path: PathId, key: bytes) -> None:
        if key not in self._line_of:
            self._refuse(path, NOT_ADMITTED, "the operator does not admit this post key")
            return
        if key in self._path_of:
            self._refuse(self._path_of[key], REPLACED, "a newer connection of the same post key")
        self._sessions[path] = _Session(key)
        self._path_of[key] = path
        self._shelf.rewind(key)
        self._say(path, Welcome(), FLASH_LANE)

    def _close(self, path: PathId) -> None:
        session = self._sessions.pop(path, None)
        if session is not None:
            del self._path_of[session.key]

    def _refuse(self, path: PathId, rule: str, reason: str) -> None:
        self._close(path)
        self._effects.append(Refused(path, rule, reason))

    # ------------------------------------------------------------ requests

    def _receive(self, path: PathId, message: bytes, now: Instant) -> None:
        session = self._sessions.get(path)
        if session is None:  # refused before, and still talking
            return
        try:
            requests = decode_requests(message)
        except Malformed as error:
            self._refuse(path, error.rule, error.message)
            return
        for request in requests:
            self._serve(path, session.key, request, now)

    def _serve(self, path: PathId, key: bytes, request: Request, now: Instant) -> None:
        match request:
            case Put():
                rule = self._put(key, request, now)
                if rule is None:
                    self._asked.append((self._shelf.last_put(), path, request.id))
                else:
                    self._declined += 1
                    self._say(path, Declined(request.id, int(rule[1:])), ORDINARY_LANE)
            case Own():
                self._shelf.own(key, request.writer, request.lane, request.cursor)
            case Publish():
                self._shelf.publish(key, request.envelope)
            case _:
                self._sessions[path].sought.add(request.owner)

    def _put(self, writer: bytes, put: Put, now: Instant) -> str | None:
        """Queue, or return the rule by which it is declined."""
        if put.reader == writer or not self._share_a_line(writer, put.reader):
            return NO_SUCH_READER
        if self._shelf.put(writer, put.reader, put.lane, put.envelope, now.monotonic_ms):
            return None
        return QUEUE_FULL

    def _share_a_line(self, one: bytes, other: bytes) -> bool:
        line = self._line_of.get(one)
        return line is not None and line == self._line_of.get(other)

    def _say(self, path: PathId, reply: Reply, lane: int) -> None:
        self._effects.append(Send(path, self._sessions[path].key, lane, encode_frame(reply)))
