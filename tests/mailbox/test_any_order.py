"""Whatever happens in whatever order, what was said to be stored is given until it is owned, and never to another."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from openline.identifiers import PathId
from openline.mailbox import Quotas
from openline.ports import Instant, PathReady, Stopping
from openline.wire.relay import Declined, Given, Own, Put, Stored
from tests.mailbox.world import ALBA, BORA, CENDRA, World

KEYS = (ALBA, BORA, CENDRA)
stations = st.sampled_from(KEYS)


class AnyOrder(RuleBasedStateMachine):
    """Stations come and go, put and own; the relay restarts, with and without notice."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(quotas=Quotas(flash_envelopes=2, envelopes=16, bytes=12_000))
        self.kept: dict[tuple[bytes, bytes], dict[bytes, None]] = {}  # stored and not owned, as the senders know it
        self.asked: dict[tuple[PathId, int], tuple[bytes, bytes, bytes]] = {}  # writer, reader, envelope
        self.owned: set[bytes] = set()
        self.number = 0

    def connected(self, key: bytes) -> bool:
        return key in self.world.paths

    @rule(key=stations, room=st.sampled_from([0, 1, 500, 65_536]))
    def open(self, key: bytes, room: int) -> None:
        self.world.open(key, room)

    @rule(key=stations)
    def close(self, key: bytes) -> None:
        if self.connected(key):
            self.world.close(key)

    @rule(key=stations, room=st.sampled_from([1, 500, 65_536]))
    def ready(self, key: bytes, room: int) -> None:
        if self.connected(key):
            self.world.do(PathReady(self.world.paths[key], room))

    @rule(
        writer=stations,
        reader=stations,
        lane=st.integers(0, 1),
        size=st.sampled_from([10, 900, 2_100]),
        count=st.sampled_from([1, 3, 12]),
    )
    def put(self, writer: bytes, reader: bytes, lane: int, size: int, count: int) -> None:
        if not self.connected(writer) or writer == reader:
            return
        puts = []
        for _ in range(count):
            self.number += 1
            envelope = b"%d %d " % (KEYS.index(reader), self.number) + bytes(size)
            self.asked[self.world.paths[writer], self.number] = writer, reader, envelope
            puts.append(Put(self.number, reader, lane, envelope))
        self.world.do(self.world.said(writer, *puts))
        self.note_answers()

    def note_answers(self) -> None:
        """What is said to be stored and was not owned before must be held from now on."""
        for path, replies in self.world.heard.items():
            for reply in [reply for reply in replies if isinstance(reply, Stored | Declined)]:
                replies.remove(reply)
                ids = reply.ids if isinstance(reply, Stored) else ()
                for number in ids:
                    writer, reader, envelope = self.asked[path, number]
                    if envelope not in self.owned:
                        self.kept.setdefault((writer, reader), {})[envelope] = None

    @rule()
    def time_passes(self) -> None:
        self.world.wait()
        self.note_answers()
        assert self.world.mailbox.settle(Instant(0, self.world.milliseconds)).rows == []  # nothing waits longer

    @rule(reader=stations)
    def listen_and_own(self, reader: bytes) -> None:
        if not self.connected(reader):
            return
        given = [reply for reply in self.world.hear(reader) if isinstance(reply, Given)]
        for reply in given:
            assert reply.envelope.startswith(b"%d " % KEYS.index(reader))
            self.owned.add(reply.envelope)
            self.kept.get((reply.writer, reader), {}).pop(reply.envelope, None)
        self.world.do(self.world.said(reader, Own(ALBA, 0, 0), *(Own(r.writer, r.lane, r.cursor) for r in given)))
        self.note_answers()

    @rule()
    def die(self) -> None:
        self.world.restart()

    @rule()
    def stop(self) -> None:
        self.world.do(Stopping())
        self.note_answers()
        self.world.restart()

    @invariant()
    def everything_stored_and_not_owned_is_held(self) -> None:
        held = self.world.mailbox.statistics().envelopes
        assert held >= sum(map(len, self.kept.values()))

    @precondition(lambda self: self.number > 0)
    @rule(reader=stations)
    def a_reader_with_room_gets_all_of_it(self, reader: bytes) -> None:
        self.world.open(reader, 1 << 30)
        got = {(reply.writer, reply.envelope) for reply in self.world.hear(reader) if isinstance(reply, Given)}
        wanted = {(writer, text) for (writer, of), texts in self.kept.items() if of == reader for text in texts}
        assert wanted <= got


AnyOrder.TestCase.settings = settings(max_examples=25, stateful_step_count=30)
TestAnyOrder = AnyOrder.TestCase
