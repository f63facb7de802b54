"""A FLASH on a slow link: it waits for nothing but the one envelope that is under way."""

from openline.identifiers import station_id
from openline.simulation.checks import Nonces
from openline.simulation.plan import Plan, Shape
from openline.simulation.runs import Runner, seeded_suite
from openline.simulation.world import World

BYTES_A_SECOND = 30
HOP_MS = 1_000  # to the relay, and from it: two seconds each way
ROOM_BYTES = 200  # one envelope at a time
SET_UP_MS = 700_000  # sessions stand, and announcements for the stock have ended
ALBA = station_id(1, 1)


def test_a_flash_behind_twenty_texts_is_shown_stored_within_twenty_seconds() -> None:
    runner = Runner()
    world = World(Plan(1, Shape(), {}, ()), runner.setting(Shape()), seeded_suite(Nonces()), Nonces())
    world.begin()
    world.agenda.run(SET_UP_MS)
    world.faults.bytes_a_second, world.faults.latency_ms = BYTES_A_SECOND, HOP_MS
    world.faults.room_bytes = ROOM_BYTES
    for connections in map(world.network.of, world.nodes.values()):
        for connection in connections.values():
            connection.lose("another path")
    world.agenda.run(SET_UP_MS + 120_000)
    begun = world.agenda.now_ms
    alba = world.nodes[ALBA]
    for _ in range(20):
        world.say(alba, 0)
    world.agenda.run(begun + 30_000)
    world.say(alba, 1)
    flash = world.officers.errands[-1]
    world.agenda.run(begun + 30_000 + 60_000)
    assert alba.ledger is not None
    (row,) = alba.ledger.find(world.setting.line, flash.digest)
    times = world.records.stored[row.author, row.generation, row.seq]
    behind = sum(1 for (_, _, seq), shown in world.records.stored.items() if seq < row.seq and shown)
    assert behind < 20, "the link is not slow: nothing waited"
    assert max(times.values()) - flash.asked_ms <= 20_000
