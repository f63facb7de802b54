"""The checkers that look into stations can fail: each is shown a row, or a memory, in which its rule is broken."""

import pytest

from openline.delivery.outbox import Outstanding
from openline.delivery.recovering import RECOVERING
from openline.delivery.rows import GREETING
from openline.identifiers import Digest, PathId, station_id
from openline.ports import Append, Batch, Keep, Row, Took
from openline.sessions import Identity, Sender, make_prekey
from openline.simulation.checks import Nonces, Violated
from openline.simulation.plan import Happening, Plan, Shape, What
from openline.simulation.runs import Runner
from openline.simulation.suite import SeededSuite
from openline.simulation.world import World
from openline.tlog import Tree
from openline.wire.numbers import u16
from openline.wire.statement import GENERATION_KIND, Precedence

ALBA, BORA = station_id(1, 1), station_id(2, 1)
SUITE = SeededSuite()


def make_world(*happenings: Happening) -> World:
    return World(Plan(1, Shape(), {}, happenings), Runner().setting(Shape()), SeededSuite(), Nonces())


def running_world() -> World:
    world = make_world()
    world.begin()
    world.agenda.run(5_000)
    return world


def committed(world: World, *rows: Row) -> None:
    world.inside.committed(world.nodes[ALBA], Batch(rows, ()))


def entry(world: World, seq: int, kind: int = 0) -> Append:
    return Append(world.setting.line, ALBA, 9, seq, bytes((seq,)), Digest(bytes(32)), 7, kind, 0)


def prekey(seed: bytes, created: int) -> bytes:
    return make_prekey(
        SUITE, make_world().setting.line, Identity(BORA, bytes(32), b""), b"k", seed, created, fresh=True
    ).encode()


def sender(world: World, envelope: bytes) -> Keep:
    kept = Sender(world.setting.line, Identity(ALBA, bytes(32), b""), Identity(BORA, bytes(32), b"")).encode()
    assert kept[1] == 0x40  # an empty byte string stands for no prekey
    head = b"\x59" + len(envelope).to_bytes(2, "big")
    return Keep("sender", world.setting.line + u16(BORA), kept[:1] + head + envelope + kept[2:])


def test_one_secret_makes_one_prekey() -> None:
    world = make_world()
    world.inside.published(prekey(b"one", 7))
    world.inside.published(prekey(b"one", 7))
    world.inside.published(prekey(b"two", 8))
    assert len(world.records.prekeys) == 2
    with pytest.raises(Violated, match="one secret"):
        world.inside.published(prekey(b"one", 9))


def test_no_older_prekey_is_taken_unless_the_disk_is_older() -> None:
    world = make_world()
    committed(world, sender(world, prekey(b"two", 8)))
    with pytest.raises(Violated, match="older prekey"):
        committed(world, sender(world, prekey(b"one", 7)))
    world.inside.restored(ALBA)
    committed(world, sender(world, prekey(b"one", 7)))


def test_no_prekey_is_taken_that_its_station_has_not_made() -> None:
    world = make_world()
    world.records.false_keys.add(SUITE.prekey_public(b"thief"))
    with pytest.raises(Violated, match="has not made"):
        committed(world, sender(world, prekey(b"thief", 7)))


def test_a_greeting_that_nobody_signed_is_no_proof() -> None:
    world = make_world()
    world.records.unsigned.add(b"unsigned")
    committed(world, Keep(GREETING, b"", b"signed"))
    with pytest.raises(Violated, match="nobody has signed"):
        committed(world, Keep(GREETING, b"", b"unsigned"))


def test_what_recovers_says_nothing_before_it_has_heard_somebody() -> None:
    world = make_world()
    committed(world, Keep(RECOVERING, world.setting.line, b""))
    with pytest.raises(Violated, match="before it has heard"):
        committed(world, entry(world, 0, GENERATION_KIND))
    committed(world, Keep(GREETING, b"", b"signed"))
    committed(world, entry(world, 0, GENERATION_KIND))


def test_a_message_is_said_once_in_a_generation() -> None:
    world = make_world()
    committed(world, entry(world, 0))
    with pytest.raises(Violated, match="what it has said"):
        committed(world, entry(world, 1))


def test_who_is_shown_its_own_later_words_recovers() -> None:
    world = running_world()
    station = world.nodes[ALBA].station
    assert station is not None
    state = station.lines[world.setting.line].state
    own = Append(world.setting.line, ALBA, state.generation, 0, b"own", Digest(bytes(32)), 7, 0, 0)
    world.records.places[ALBA, state.generation, 0] = b"own"
    state.outbox.entries[0] = Outstanding(0, b"own", bytes(32), Tree(), Precedence.ROUTINE, 7, bytes(32))
    committed(world, own)  # it says them again itself: nobody has shown them
    del state.outbox.entries[0]
    with pytest.raises(Violated, match="goes on"):
        committed(world, own)
    state.recovering = True
    committed(world, own)


def test_an_epoch_is_on_the_disk_before_it_is_named() -> None:
    world = running_world()
    station = world.nodes[ALBA].station
    assert station is not None
    committed(world)
    receiver = station.lines[world.setting.line].state.peers[BORA].receiver
    receiver.newest += 1
    with pytest.raises(Violated, match="not on its disk"):
        committed(world)
    receiver.newest += 1
    world.records.false_epochs.add(receiver.newest)
    with pytest.raises(Violated, match="never announced"):
        committed(world)


def test_a_relay_is_told_to_delete_only_what_it_has_given() -> None:
    world = running_world()
    with pytest.raises(Violated, match="never given"):
        world.network.send(world.nodes[ALBA], Took(PathId(0), b"", 0, 1 << 60))


def test_a_flood_alone_goes_over_a_narrow_path_and_a_flash_passes_it() -> None:
    world = make_world(Happening(3_000, What.FLOOD, ALBA, 5))
    assert world.faults.bytes_a_second > 0
    world.begin()
    world.agenda.run(10_000)
    texts = [errand for errand in world.officers.errands if errand.code == "T1"]
    assert len(texts) == 81
    assert texts[-1].flash
