"""A few stations as they ship, in lock-step, over relays that do what a test says; time is made.

net = Net()                       Alba and Bora, a station each, one relay
net.start_all()
digest = net.say(ALBA, "T1", text="...")
net.run(5)                        let five seconds pass
net.statuses(ALBA, digest)        {"stored": {"bora-1"}, ...}
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.charter import (
    Charter,
    ItemClass,
    LineDocuments,
    OfficerItem,
    RelayItem,
    RootSeeds,
    Roster,
    Rules,
    SignedCharter,
    StopNotice,
    certify_officer,
    draft_charter,
    make_stop,
    read_charter,
    sign_roster,
)
from openline.delivery.accepting import place
from openline.delivery.judge import Judged
from openline.delivery.outbox import Outstanding
from openline.delivery.state import LineState, Peer
from openline.engine import Act, Answered, Station, decode_answer, encode_act
from openline.engine.local_rules import NO_LOCAL_RULES, LocalRules
from openline.engine.meaning import Meaning
from openline.engine.silence import Word, verdict
from openline.engine.views import Json, forks, line_view, message, messages, unpresented
from openline.identifiers import PathId, StationId, Token, station_id
from openline.ports import (
    Acted,
    Answer,
    Changed,
    ClockStepped,
    Dial,
    DocumentBrought,
    Effect,
    Event,
    Instant,
    Kept,
    NeedSecrets,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Refused,
    Route,
    SecretsDrawn,
    Send,
    Slot,
    Sound,
    Started,
    Submitted,
    Suite,
    Took,
    Wake,
    Wanted,
    Woken,
)
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import BEGIN, Setting, make_setting, secret
from openline.simulation.suite import SeededSuite
from openline.wire.entry import (
    Approval,
    Entry,
    approval_signed,
    encode_entry,
    entry_signed,
    leaf,
    leaf_hash,
    pack_approvals,
    unpack_approvals,
)
from openline.wire.payloads import DocumentClass, encode_document
from openline.wire.statement import (
    Authority,
    Option,
    Precedence,
    Statement,
    Status,
    digest,
    digest_of_parts,
    encode_statement,
    read_statement_and_parts,
)

ALBA, ALBA2, BORA, CENDRA = station_id(1, 1), station_id(1, 2), station_id(2, 1), station_id(3, 1)
SUITE = SeededSuite()
GOOD_ROOM, SLOW_ROOM = 65_536, 200
START = BEGIN + 100

Anything = Any  # what a test gives, or looks into
Lost = Callable[[StationId, StationId, Send], bool]


@dataclass
class Node:
    """One station: its disk, and its process if it runs."""

    me: StationId
    ledger: MemoryLedger
    station: Station | None = None
    run: int = 0
    routes: dict[PathId, Route] = field(default_factory=dict)
    open: set[PathId] = field(default_factory=set)
    wake_ms: int | None = None
    answers: dict[int, Answered] = field(default_factory=dict)
    refusals: list[Refused] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    sounds: list[tuple[str, ...]] = field(default_factory=list)
    sent: list[Send] = field(default_factory=list)


class Net:
    """Stations of one line and their relays."""

    def __init__(
        self, parties: int = 2, stations: int = 1, relays: int = 1, *, rules: Rules | None = None,
        suite: Suite = SUITE, mediator: bool = False, local: LocalRules = NO_LOCAL_RULES,
        lines: int = 1,
    ) -> None:  # fmt: skip
        self.suite = suite
        self.settings = [
            make_setting(suite, parties, stations, relays, rules=rules, mediator=mediator, number=number)
            for number in range(1, lines + 1)
        ]
        self.setting: Setting = self.settings[0]  # of the line on which people speak and look; choose with `on`
        self.now_ms = 100_000
        self.skew_s: dict[StationId, int] = {}
        self.local: dict[StationId, LocalRules] = dict.fromkeys(self.setting.homes, local)
        self.room = GOOD_ROOM
        self.keeps = True  # whether relays say what they hold
        self.lost: Lost = lambda _from, _to, _send: False
        self.down: set[str] = set()
        self.cut: set[StationId] = set()
        self.nodes: dict[StationId, Node] = {}
        self.queues: dict[tuple[str, bytes, bytes, int], dict[int, bytes]] = {}
        self.slots: dict[tuple[str, bytes], bytes] = {}
        self._cursor = count(1)
        self._tokens = count(1)
        self._secrets = count(1)
        self._pending: deque[Callable[[], None]] = deque()
        self._pumping = False
        for me in self.setting.homes:
            ledger = MemoryLedger()
            for setting in self.settings:
                ledger.commit(setting.rows)
            self.nodes[me] = Node(me, ledger)

    def on(self, line: int) -> Net:
        """Speak and look on this line from now on, counted from 1."""
        self.setting = self.settings[line - 1]
        return self

    # ------------------------------------------------------------ running

    @property
    def utc(self) -> int:
        return BEGIN + self.now_ms // 1000

    def instant(self, me: StationId) -> Instant:
        return Instant(self.utc + self.skew_s.get(me, 0), self.now_ms)

    def start_all(self) -> None:
        for me in self.nodes:
            self.start(me)
        self.run(2)

    def start(self, me: StationId, *, restored: bool = False) -> None:
        node = self.nodes[me]
        node.run += 1
        node.routes, node.open, node.wake_ms = {}, set(), None
        homes = [setting.homes[me] for setting in self.settings]
        node.station = Station(node.ledger, self.suite, homes, self.local[me])
        drawn = [secret("drawn", next(self._secrets)) for _ in range(64)]
        self.give(me, Started(node.run, drawn, restored=restored))

    def stop(self, me: StationId) -> None:
        self.nodes[me].station = None

    def give(self, me: StationId, *events: Event, commit: bool = True) -> None:
        """Let one event, or some that come together, be one batch; then carry what it set going."""
        node = self.nodes[me]
        if node.station is None:
            return
        now = self.instant(me)
        for event in events:
            node.station.step(event, now)
        batch = node.station.settle(now)
        if not commit:
            node.station = None
            return
        node.ledger.commit(batch.rows)
        # Others are given more at once, inside these effects; a wake of this batch must not replace a later one.
        for effect in sorted(batch.effects, key=lambda each: not isinstance(each, Wake)):
            self._perform(node, effect)
        self._pump()

    def run(self, seconds: float) -> None:
        """Let time pass, waking each station when it asked to be woken."""
        end = self.now_ms + int(seconds * 1000)
        while True:
            self._pump()
            due = [
                node.wake_ms for node in self.nodes.values() if node.station is not None and node.wake_ms is not None
            ]
            if not due or min(due) > end:
                break
            self.now_ms = max(self.now_ms + 1, min(due))
            for node in self.nodes.values():
                if node.wake_ms is not None and node.wake_ms <= self.now_ms:
                    node.wake_ms = None
                    self.give(node.me, Woken())
        self.now_ms = max(self.now_ms, end)

    def leap(self, seconds: int) -> None:
        """Let time pass while nothing runs."""
        self.now_ms += seconds * 1000

    def _pump(self) -> None:
        if self._pumping:
            return
        self._pumping = True
        while self._pending:
            self._pending.popleft()()
        self._pumping = False

    def later(self, node: Node, *events: Event) -> None:
        run = node.run
        self._pending.append(lambda: self.give(node.me, *events) if node.run == run else None)

    # ------------------------------------------------------------ the world around

    def _perform(self, node: Node, effect: Effect) -> None:
        match effect:
            case Dial():
                node.routes = {route.path: route for route in effect.routes}
                node.open &= set(node.routes)
                self.connect(node.me)
            case Send():
                node.sent.append(effect)
                self._send(node, effect)
            case Took():
                queue = self.queues.get(
                    (self._at(node, effect.path), effect.writer, self.post(node.me), effect.lane), {}
                )
                for cursor in [cursor for cursor in queue if cursor <= effect.cursor]:
                    del queue[cursor]
            case Slot():
                if effect.path in node.open:
                    self.slots[self._at(node, effect.path), self.post(node.me)] = effect.envelope
            case Wanted():
                found = self.slots.get((self._at(node, effect.path), effect.owner))
                if found is not None and effect.path in node.open:
                    self.later(node, Received(effect.path, found))
            case Wake():
                node.wake_ms = effect.at_monotonic_ms
            case NeedSecrets():
                self.later(node, SecretsDrawn([secret("drawn", next(self._secrets)) for _ in range(effect.count)]))
            case Answer():
                node.answers[effect.token] = decode_answer(effect.body)
            case Refused():
                node.refusals.append(effect)
            case Sound():
                node.sounds.append(tuple(effect.alarms))
            case Changed():
                node.changes.append(effect.what)
            case _:
                pass

    def post(self, me: StationId) -> bytes:
        return self.suite.public(self.setting.homes[me].keys.post)

    def _at(self, node: Node, path: PathId) -> str:
        return node.routes[path].address

    def connect(self, me: StationId) -> None:
        """Open every path of a station whose relay can be reached."""
        node = self.nodes[me]
        for path, route in node.routes.items():
            if path not in node.open and route.address not in self.down and me not in self.cut:
                node.open.add(path)
                self.later(node, PathOpened(path, route.line, route.pin))
                self.later(node, PathReady(path, self.room))
                for (address, writer, reader, lane), queue in sorted(self.queues.items(), key=lambda item: item[0][3]):
                    if address == route.address and reader == self.post(me):
                        for cursor, envelope in queue.items():
                            self.later(node, Received(path, envelope, writer, lane, cursor))
        self._pump()

    def disconnect(self, me: StationId, address: str | None = None) -> None:
        """Cut a station from its relays, or from one."""
        node = self.nodes[me]
        for path in sorted(node.open):
            if address in (None, node.routes[path].address):
                node.open.discard(path)
                self.give(me, PathLost(path, "cut"))

    def _send(self, node: Node, effect: Send) -> None:
        if effect.path not in node.open:
            return
        address, reader = self._at(node, effect.path), self.setting.posts[effect.to]
        ready = PathReady(effect.path, self.room)
        self.later(node, *((ready, Kept(effect.path, 1)) if self.keeps else (ready,)))
        if self.lost(node.me, reader, effect):
            return
        self.put(address, node.me, effect)

    def put(self, address: str, writer: StationId, effect: Send) -> None:
        """Lay an envelope into a relay's queue and offer it to its reader."""
        reader = self.setting.posts[effect.to]
        queue = self.queues.setdefault((address, self.post(writer), effect.to, effect.lane), {})
        cursor = next(self._cursor)
        queue[cursor] = effect.envelope
        other = self.nodes[reader]
        for path in other.open:
            if other.routes[path].address == address:
                self.later(other, Received(path, effect.envelope, self.post(writer), effect.lane, cursor))

    # ------------------------------------------------------------ people

    def statement(
        self, me: StationId, code: str, *, text: str = "", ref: bytes | None = None, **given: Anything
    ) -> bytes:
        """A statement as a form would make it.  given: `fields`, or any field of `Statement`."""
        kind = CATALOGUE.kind(code)
        fields, body = given.pop("fields", {}), given.pop("body", None) or text
        body = body or (body_from_json(kind, fields) if kind.fields else None)
        options = dict(given.pop("options", {}))
        if ref:
            options[Option.REF] = ref[:20]
        charter = self.state(me).documents.charter
        given = {"charter": charter.number if charter is not None else 1, "status": Status.TEST, "officer": 1, **given}
        given.setdefault("authored", self.instant(me).utc)
        return encode_statement(Statement(kind=kind.number, body=body, options=options, **given))

    def say(self, me: StationId, code: str, *, by: tuple[int, ...] = (), **given: Anything) -> bytes:
        """Say something; return its digest.  by: officers who approve it."""
        data = self.statement(me, code, **given)
        answered = self.submit(me, data, self.approvals(me, data, *by))
        assert answered.good, answered.message
        return answered.digest

    def submit(self, me: StationId, statement: bytes, approvals: bytes = b"") -> Answered:
        token = next(self._tokens)
        self.give(me, Submitted(Token(token), self.setting.line, statement, approvals))
        return self.nodes[me].answers[token]

    def act(self, me: StationId, act: Act, *arguments: Anything) -> Answered:
        token = next(self._tokens)
        self.give(me, Acted(Token(token), self.setting.line, encode_act(act, *arguments)))
        return self.nodes[me].answers[token]

    def approvals(self, me: StationId, statement: bytes, *officers: int) -> bytes:
        given = [Approval(officer, self.approval(me, statement, officer)) for officer in sorted(officers)]
        return pack_approvals(tuple(given))

    def approval(self, me: StationId, statement: bytes, officer: int) -> bytes:
        party = me >> 8
        said = digest(secret("salt", party), statement)
        seed = self.setting.officers.get((party, officer)) or secret("officer", party, officer)
        return self.suite.sign(seed, approval_signed(self.setting.line, party, said))

    def show(self, me: StationId) -> None:
        """Let an officer look at the inbox."""
        digests = [bytes(row.digest) for row in unpresented(self.meaning(me))]
        assert self.act(me, Act.PRESENTED, digests).good

    # ------------------------------------------------------------ documents

    def bring(self, me: StationId, kind: DocumentClass, document: bytes) -> Answered:
        token = next(self._tokens)
        self.give(me, DocumentBrought(Token(token), self.setting.line, encode_document(kind, document)))
        return self.nodes[me].answers[token]

    def documents(self, me: StationId) -> LineDocuments:
        return self.state(me).documents

    def amendment(self, me: StationId, **changes: Anything) -> bytes:
        """The next charter, signed by all."""
        held = self.documents(me).charters_after(0)
        before: Charter = read_charter(held[-1]).charter
        first: SignedCharter = read_charter(held[-1])
        after = replace(before, number=before.number + 1, line=self.setting.line, predecessor=first.digest, **changes)
        signed = draft_charter(after)
        for member in before.members:
            signed = signed.signed_by(member.party, roots(member.party), before, self.suite)
        return signed.document()

    def roster(self, me: StationId, **changes: Anything) -> bytes:
        """The party's next roster."""
        before = self.documents(me).roster(me >> 8)
        assert before is not None
        after: Roster = replace(before, number=before.number + 1, **changes)
        return sign_roster(after, roots(me >> 8), self.suite).document()

    def officer(self, party: int, number: int, *roles: Authority) -> OfficerItem:
        seed = secret("officer", party, number)
        return certify_officer(self.setting.line, party, number, roles, seed, self.suite)

    def relay(self, number: int) -> RelayItem:
        return RelayItem(f"relay{number}.example:443", secret("pin", number))

    def stop_notice(self, party: int, item: ItemClass, number: int) -> bytes:
        return make_stop(StopNotice(self.setting.line, party, item, number), roots(party), self.suite)

    # ------------------------------------------------------------ looking

    def meaning(self, me: StationId) -> Meaning:
        station = self.nodes[me].station
        assert station is not None
        return station.meanings[self.setting.line]

    def state(self, me: StationId) -> LineState:
        station = self.nodes[me].station
        assert station is not None
        return station.lines[self.setting.line].state

    def peer(self, me: StationId, other: StationId) -> Peer:
        return self.state(me).peers[other]

    def lines(self, me: StationId) -> Anything:
        return line_view(self.meaning(me), self.instant(me))

    def about(self, me: StationId, other: StationId) -> Anything:
        """What `lines` says of one other station."""
        name = f"{('alba', 'bora', 'cendra')[(other >> 8) - 1]}-{other & 255}"
        return next(each for each in self.lines(me)["stations"] if each["station"] == name)

    def word(self, me: StationId, other: StationId) -> Word:
        return verdict(self.meaning(me), other, self.instant(me)).word

    def inbox(self, me: StationId) -> list[Json]:
        return messages(self.meaning(me), self.instant(me), sent=False)

    def sent(self, me: StationId) -> list[Json]:
        return messages(self.meaning(me), self.instant(me), sent=True)

    def one(self, me: StationId, said: bytes) -> Anything:
        (row, *_) = self.nodes[me].ledger.find(self.setting.line, said)
        return message(self.meaning(me), row, self.instant(me))

    def statuses(self, me: StationId, said: bytes) -> dict[str, set[str]]:
        status = self.one(me, said)["status"]
        return {name: {mark["station"] for mark in marks} for name, marks in status.items() if marks}

    def texts(self, me: StationId) -> list[Any]:
        return [each["fields"] for each in self.inbox(me) if "refused" not in each]

    def forks(self, me: StationId) -> list[Any]:
        return forks(self.meaning(me))

    def rules(self, me: StationId) -> list[str]:
        """The numbers of what a station has refused."""
        return [refused.rule for refused in self.nodes[me].refusals]

    def step_clock(self, me: StationId, by: int) -> None:
        self.skew_s[me] = self.skew_s.get(me, 0) + by
        self.give(me, ClockStepped(by))


def roots(party: int) -> RootSeeds:
    """The root of an invented party."""
    return RootSeeds(secret("root", party), secret("root2", party))


def flash(net: Net, me: StationId, text: str) -> bytes:
    """Say a FLASH text."""
    return net.say(me, "T1", text=text, precedence=Precedence.FLASH)


def force(net: Net, me: StationId, statement: bytes, approvals: bytes = b"") -> bytes:
    """Let a station that a member has altered say something without looking at any rule; return its digest."""
    station = net.nodes[me].station
    assert station is not None
    line = station.lines[net.setting.line]
    state = line.state
    read, cut, _ = read_statement_and_parts(statement, 0)
    said = digest_of_parts(state.documents.salt_seed(state.party), statement, cut)
    seq = state.own.size
    given = unpack_approvals(approvals)
    signed = entry_signed(state.line, state.identity.hash, state.generation, seq, said, approvals)
    signature = net.suite.sign(state.keys.sign, signed)
    data = encode_entry(seq, statement, given, signature)
    hashed = leaf_hash(leaf(said, approvals, signature))
    entry = Entry(seq, statement, tuple(cut), read, given, signature)
    place(state, Judged(me, state.generation, entry, data, said, hashed, None))
    line._queue(Outstanding(seq, data, hashed, state.own.tree, read.precedence, read.authored, said))
    net.give(me, Woken())
    return said
