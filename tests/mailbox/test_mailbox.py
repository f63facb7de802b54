"""A relay keeps what it says it stored, gives it to its reader until owned, and lets nobody crowd out another."""

import pytest

from openline.errors import Misuse
from openline.identifiers import LineId, PathId, Token
from openline.limits import FLASH_LANE, ORDINARY_LANE
from openline.mailbox import Mailbox, Quotas
from openline.mailbox.mailbox import ASKED_MAX, LINE_KEYS_MAX
from openline.mailbox.queues import FLASH_BYTES_MAX, FLASH_COUNT_MAX, FLASH_WINDOW_MS
from openline.mailbox.shelf import FORGETS_MAX, HELD_BYTES_MAX, ROW_WAIT_MS
from openline.ports import (
    Forget,
    Instant,
    Keep,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Send,
    Stopping,
    Submitted,
    Woken,
)
from openline.wire.relay import (
    FRAMES_MAX,
    SLOT_BYTES_MAX,
    Declined,
    Found,
    Given,
    Own,
    Publish,
    Put,
    Seek,
    Stored,
    encode_frame,
)
from tests.mailbox.world import ALBA, ALBA_TWO, BORA, CENDRA, LINES, OTHER_ALBA, OTHER_BORA, ROOM, STRANGER, World

NOW = Instant(1_795_000_000, 5_000)
MANY = tuple(b"%d" % number for number in range(9))
EACH = list(range(len(MANY)))


# ---------------------------------------------------------------- put, give, own


def test_what_is_put_is_stored_then_given_then_deleted_on_the_owners_word() -> None:
    world = World()
    world.open(ALBA)
    assert world.put(ALBA, BORA, b"one", b"two") == [Stored([0, 1])]
    world.open(BORA)
    first, second = world.hear(BORA)
    assert isinstance(first, Given)
    assert isinstance(second, Given)
    assert (first.writer, first.lane, first.envelope, second.envelope) == (ALBA, ORDINARY_LANE, b"one", b"two")
    assert first.cursor < second.cursor
    world.say(BORA, Own(ALBA, ORDINARY_LANE, first.cursor))
    world.restart()
    world.open(BORA)
    assert world.own_all(BORA) == [b"one", b"two"]  # the deletion had found no commit to ride with: given once more
    world.do(Stopping())
    world.restart()
    world.open(BORA)
    assert world.given(BORA) == []


def test_stored_is_the_only_word_that_waits_for_the_commit() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    puts = Put(1, BORA, 1, b"one"), Put(2, STRANGER, 1, b"x"), Put(3, CENDRA, 1, b"away")
    world.mailbox.step(world.said(ALBA, *puts, Seek(BORA)), NOW)
    batch = world.mailbox.settle(NOW)
    assert [type(row) for row in batch.rows] == [Keep, Keep]
    sends = [effect for effect in batch.effects if isinstance(effect, Send)]
    assert [effect.envelope for effect in sends if effect.to == b""] == [encode_frame(Stored([1, 3]))]
    assert {effect.to for effect in sends} == {b"", ALBA, BORA}


def test_a_reader_that_was_away_gets_everything_in_order() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, *(b"%d" % number for number in range(30)))
    world.open(BORA)
    assert world.given(BORA) == [b"%d" % number for number in range(30)]


def test_what_was_not_owned_is_given_again_on_a_new_connection() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.put(ALBA, BORA, b"one", b"two", b"three")
    first = world.hear(BORA)[0]
    assert isinstance(first, Given)
    world.say(BORA, Own(ALBA, ORDINARY_LANE, first.cursor))
    world.close(BORA)
    world.open(BORA)
    assert world.given(BORA) == [b"two", b"three"]
    assert world.say(BORA) == []  # once on each connection


def test_owning_may_speak_of_an_earlier_connection_before_its_envelopes_come_again() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.put(ALBA, BORA, b"one", b"two")
    last = world.hear(BORA)[-1]
    assert isinstance(last, Given)
    world.close(BORA)
    world.open(BORA, room=0)
    world.say(BORA, Own(ALBA, ORDINARY_LANE, last.cursor))
    world.do(PathReady(world.paths[BORA], ROOM))
    assert world.given(BORA) == []


def test_a_late_own_after_a_restart_deletes_nothing_that_was_queued_since() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.put(ALBA, BORA, b"before")
    before = world.hear(BORA)[0]
    assert isinstance(before, Given)
    world.say(BORA, Own(ALBA, ORDINARY_LANE, before.cursor))
    world.do(Stopping())
    world.restart()  # the queue is empty on the disk, and its cursors must not begin again
    world.open(ALBA)
    world.put(ALBA, BORA, b"since")
    world.open(BORA, room=0)
    world.say(BORA, Own(ALBA, ORDINARY_LANE, before.cursor))
    world.do(PathReady(world.paths[BORA], ROOM))
    assert world.given(BORA) == [b"since"]


def test_the_same_envelope_is_queued_once_and_said_to_be_stored_each_time() -> None:
    world = World()
    world.open(ALBA)
    assert world.put(ALBA, BORA, b"one", b"one") == [Stored([0, 1])]
    assert world.put(ALBA, BORA, b"one", lane=FLASH_LANE) == [Stored([0])]
    world.restart()
    world.open(ALBA)
    world.put(ALBA, BORA, b"one")
    world.open(CENDRA)
    world.put(CENDRA, BORA, b"one")  # another writer's is another's
    world.open(BORA)
    assert world.own_all(BORA) == [b"one", b"one"]
    assert world.mailbox.statistics().envelopes == 0


def test_owning_what_nobody_left_is_no_error() -> None:
    world = World()
    world.open(BORA)
    assert world.say(BORA, Own(ALBA, FLASH_LANE, 5), Own(STRANGER, FLASH_LANE, 5)) == []
    assert world.refused == []


def test_a_put_and_its_own_in_one_batch_leave_no_row() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    put = world.said(ALBA, Put(1, BORA, ORDINARY_LANE, b"one"))
    own = world.said(BORA, Own(ALBA, ORDINARY_LANE, (1 << 64) - 1))
    world.do(put, own)
    assert world.rows == []
    assert world.hear(ALBA) == [Stored([1])]
    assert world.mailbox.statistics().envelopes == 0


# ---------------------------------------------------------------- many envelopes wait


def test_what_is_owned_before_it_was_written_makes_no_row_and_is_stored_with_its_reader() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    for _ in range(3):
        assert world.put(ALBA, BORA, *MANY) == []
        assert world.rows == []
        assert world.own_all(BORA) == list(MANY)
        assert world.rows == []
        assert world.hear(ALBA) == [Stored(EACH)]
    world.wait()
    assert world.rows == []


def test_one_envelope_for_a_reader_that_owns_it_soon_never_reaches_the_disk() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    assert world.put(ALBA, BORA, b"alone") == []
    assert world.rows == []
    assert world.own_all(BORA) == [b"alone"]
    assert world.rows == []
    assert world.hear(ALBA) == [Stored([0])]
    assert world.put(ALBA, CENDRA, b"for one that is away") == [Stored([0])]
    assert [type(row) for row in world.rows] == [Keep]


def test_stored_is_said_of_nothing_before_all_that_was_put_earlier_is_safe() -> None:
    world = World()
    for station in (ALBA, BORA, CENDRA):
        world.open(station)
    world.put(ALBA, BORA, *MANY)
    assert world.put(ALBA, CENDRA, *MANY) == []
    world.own_all(CENDRA)
    assert world.hear(ALBA) == []
    world.own_all(BORA)
    assert world.hear(ALBA) == [Stored(EACH + EACH)]


def test_nothing_waits_longer_than_a_second_and_all_of_it_is_written_together() -> None:
    world = World()
    for station in (ALBA, BORA, CENDRA):
        world.open(station)
    world.put(ALBA, BORA, *MANY)
    assert world.wakes == [world.milliseconds + ROW_WAIT_MS]
    world.milliseconds += ROW_WAIT_MS - 1
    assert world.put(ALBA, CENDRA, b"one more") == []
    assert world.rows == []
    world.milliseconds += 1
    world.do(Woken())
    assert [type(row) for row in world.rows] == [Keep] * (len(MANY) + 1)
    assert world.hear(ALBA) == [Stored([*EACH, 0])]


@pytest.mark.parametrize("why", ["away", "no room"])
def test_a_reader_that_is_not_given_it_is_not_waited_for(why: str) -> None:
    world = World()
    world.open(ALBA)
    if why == "no room":
        world.open(BORA, room=0)
    world.open(CENDRA)
    assert world.put(ALBA, CENDRA, *MANY) == []
    assert world.put(ALBA, BORA, b"two") == [Stored([*EACH, 0])]
    assert [type(row) for row in world.rows] == [Keep] * (len(MANY) + 1)


def test_a_crash_while_envelopes_wait_loses_nothing_that_was_said_to_be_stored() -> None:
    world = World()
    world.open(ALBA)
    assert world.put(ALBA, BORA, b"alone") == [Stored([0])]
    world.open(BORA)
    assert world.given(BORA) == [b"alone"]
    assert world.put(ALBA, BORA, *MANY) == []
    world.restart()
    world.open(ALBA)
    world.open(BORA)
    assert world.given(BORA) == [b"alone"]
    world.put(ALBA, BORA, *MANY)  # their sender was told nothing, so it puts them again
    assert world.given(BORA) == list(MANY)


def test_a_reader_that_comes_again_is_given_what_was_not_written_yet() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.put(ALBA, BORA, *MANY)
    world.open(BORA)
    assert world.rows == []
    assert world.given(BORA) == list(MANY)


def test_a_sender_that_is_gone_is_not_answered_on_its_next_connection() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.put(ALBA, BORA, *MANY)
    world.open(ALBA)
    world.wait()
    assert len(world.rows) == len(MANY)
    assert world.hear(ALBA) == []


def test_stopping_writes_what_waits() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    assert world.put(ALBA, BORA, *MANY) == []
    world.do(Stopping())
    assert len(world.rows) == len(MANY)
    assert world.hear(ALBA) == [Stored(EACH)]


def test_a_flood_of_bytes_does_not_wait() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA, room=1 << 30)
    size = HELD_BYTES_MAX // (len(MANY) + 1)
    assert world.put(ALBA, BORA, *MANY) == []
    for number in range(len(MANY) + 1):
        assert world.rows == []
        world.put(ALBA, BORA, b"%d" % number + bytes(size))
    assert len(world.rows) == 2 * len(MANY) + 1


def test_a_flood_of_puts_does_not_wait_even_of_the_same_envelope() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.put(ALBA, BORA, *MANY)
    again = world.said(ALBA, *[Put(1, BORA, ORDINARY_LANE, MANY[0])] * 255)
    world.do(*[again] * (ASKED_MAX // 256))
    assert world.hear(ALBA) == []
    world.do(again)
    assert len(world.rows) == len(MANY)
    (answer,) = world.hear(ALBA)
    assert isinstance(answer, Stored)
    assert len(answer.ids) == len(MANY) + 255 * (ASKED_MAX // 256 + 1)


# ---------------------------------------------------------------- deletions ride


def test_a_deletion_rides_on_the_next_put_for_one_that_is_away() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, b"one")
    world.open(BORA)
    world.own_all(BORA)
    assert world.rows == []
    world.put(ALBA, CENDRA, b"two")
    assert [type(row) for row in world.rows] == [Keep, Forget]


def test_a_deletion_that_finds_no_put_goes_after_a_second_and_is_asked_for_once() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, b"one")
    world.open(BORA)
    world.own_all(BORA)
    world.milliseconds += 1
    world.do(Woken())  # too early
    assert world.rows == []
    world.wait()
    assert [type(row) for row in world.rows] == [Forget]
    world.wait()
    assert world.rows == []
    assert world.wakes[-1] == world.milliseconds - ROW_WAIT_MS - 1


def test_many_deletions_make_a_commit_of_their_own() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, *(b"%d" % number for number in range(FORGETS_MAX)))
    world.open(BORA)
    world.own_all(BORA)
    assert len(world.rows) == FORGETS_MAX


# ---------------------------------------------------------------- room, turns, FLASH


def test_a_reader_is_given_only_what_it_has_room_for() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA, room=0)
    world.put(ALBA, BORA, *(bytes([number]) * 1000 for number in range(10)))
    assert world.given(BORA) == []
    world.do(PathReady(world.paths[BORA], 2_500))
    assert len(world.given(BORA)) == 3  # the last one may pass the room
    world.do(PathReady(world.paths[BORA], ROOM))
    assert len(world.given(BORA)) == 7


def test_the_largest_envelope_passes_a_room_that_is_smaller() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, bytes(131_072))
    world.open(BORA, room=1)
    assert world.given(BORA) == [bytes(131_072)]


def test_flash_goes_before_everything_that_waits() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, b"routine 1", b"routine 2")
    world.put(ALBA, BORA, b"flash", lane=FLASH_LANE)
    world.open(BORA)
    assert world.given(BORA) == [b"flash", b"routine 1", b"routine 2"]


def test_writers_take_turns_even_when_each_turn_uses_up_the_room() -> None:
    world = World()
    for writer in (ALBA, CENDRA, ALBA_TWO):
        world.open(writer)
        world.put(writer, BORA, *(writer[:1] * 900 + b"%d" % number for number in range(4)))
    world.open(BORA, room=0)
    order = b""
    for _ in range(12):
        world.do(PathReady(world.paths[BORA], 900))
        (envelope,) = world.given(BORA)
        order += envelope[:1]
    assert order == (ALBA[:1] + CENDRA[:1] + ALBA_TWO[:1]) * 4


def test_a_flash_that_is_too_long_or_one_of_too_many_goes_into_the_other_lane() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.put(ALBA, BORA, bytes(FLASH_BYTES_MAX + 1), lane=FLASH_LANE)
    for number in range(FLASH_COUNT_MAX + 2):
        world.put(ALBA, BORA, b"flash %d" % number, lane=FLASH_LANE)
    lanes = [reply.lane for reply in world.hear(BORA) if isinstance(reply, Given)]
    assert lanes == [ORDINARY_LANE] + [FLASH_LANE] * FLASH_COUNT_MAX + [ORDINARY_LANE] * 2
    world.open(CENDRA)
    world.put(CENDRA, BORA, b"flash", lane=FLASH_LANE)  # another writer has a lane of its own
    assert [reply.lane for reply in world.hear(BORA) if isinstance(reply, Given)] == [FLASH_LANE]
    world.milliseconds += FLASH_WINDOW_MS
    world.put(ALBA, BORA, b"flash at last", lane=FLASH_LANE)
    assert [reply.lane for reply in world.hear(BORA) if isinstance(reply, Given)] == [FLASH_LANE]


def test_a_flash_lane_that_nobody_empties_overflows_into_the_other() -> None:
    world = World(quotas=Quotas(flash_envelopes=2, envelopes=1))
    world.open(ALBA)
    assert world.put(ALBA, BORA, b"1", b"2", b"3", b"4", lane=FLASH_LANE) == [Declined(3, 158), Stored([0, 1, 2])]


# ---------------------------------------------------------------- quotas and strangers


@pytest.mark.parametrize("quotas", [Quotas(envelopes=2), Quotas(bytes=8)])
def test_r158_a_full_queue_declines_its_writer_and_nobody_else(quotas: Quotas) -> None:
    world = World(quotas=quotas)
    world.open(ALBA)
    world.open(CENDRA)
    assert world.put(ALBA, BORA, b"1111", b"2222", b"3333") == [Declined(2, 158), Stored([0, 1])]
    assert world.put(ALBA, BORA, b"flash", lane=FLASH_LANE) == [Stored([0])]
    assert world.put(ALBA, CENDRA, b"4444") == []
    assert world.put(CENDRA, BORA, b"5555")[-1] == Stored([0])
    assert world.hear(ALBA) == [Stored([0])]  # written with it
    assert world.mailbox.statistics().declined == 1
    world.open(BORA)
    world.own_all(BORA)
    world.put(ALBA, BORA, b"3333")  # room again
    assert world.own_all(BORA) == [b"3333"]
    assert world.hear(ALBA) == [Stored([0])]
    assert world.refused == []


@pytest.mark.parametrize("reader", [STRANGER, OTHER_BORA, ALBA], ids=["stranger", "on another line", "itself"])
def test_r157_a_put_goes_only_to_another_on_the_same_line(reader: bytes) -> None:
    world = World()
    world.open(ALBA)
    assert world.put(ALBA, reader, b"one") == [Declined(0, 157)]
    assert world.refused == []


def test_r155_a_stranger_is_refused_and_hears_nothing() -> None:
    world = World()
    world.do(PathOpened(PathId(1), LineId(b""), STRANGER), PathReady(PathId(1), ROOM))
    assert [refused.rule for refused in world.refused] == ["R155"]
    world.do(Received(PathId(1), encode_frame(Seek(ALBA))), PathLost(PathId(1), "closed"))
    assert world.heard == {}


def test_r156_a_newer_connection_replaces_the_older() -> None:
    world = World()
    old = world.open(BORA)
    world.open(ALBA)
    world.put(ALBA, BORA, b"one")
    assert world.given(BORA) == [b"one"]
    world.open(BORA)
    assert [(refused.path, refused.rule) for refused in world.refused] == [(old, "R156")]
    assert world.given(BORA) == [b"one"]
    world.do(
        Received(old, encode_frame(Own(ALBA, ORDINARY_LANE, 1 << 63))), PathReady(old, ROOM), PathLost(old, "closed")
    )
    world.put(ALBA, BORA, b"two")
    assert world.given(BORA) == [b"two"]
    assert world.mailbox.statistics().envelopes == 2  # what the replaced connection still said counts for nothing


@pytest.mark.parametrize(
    ("garbage", "rule"), [(b"", "R150"), (b"\x18\x01", "R4"), (b"\x80", "R151"), (b"\x82\x04\x40", "R152")]
)
def test_a_connection_that_talks_nonsense_is_refused_by_the_number_of_the_rule(garbage: bytes, rule: str) -> None:
    world = World()
    path = world.open(ALBA)
    world.open(BORA)
    world.do(Received(path, garbage), world.said(BORA, Put(1, CENDRA, 1, b"one")))
    assert [(refused.path, refused.rule) for refused in world.refused] == [(path, rule)]
    assert world.hear(BORA) == [Stored([1])]
    assert world.mailbox.statistics().connected == 1


def test_a_message_is_taken_whole_or_not_at_all() -> None:
    world = World()
    path = world.open(ALBA)
    world.do(Received(path, encode_frame(Put(1, BORA, 1, b"one")) + b"\x80"))
    assert world.rows == []
    assert world.mailbox.statistics().envelopes == 0


def test_a_refused_connection_is_not_told_what_was_stored_before() -> None:
    world = World()
    path = world.open(ALBA)
    world.do(world.said(ALBA, Put(1, BORA, 1, b"one")), Received(path, b""))
    assert world.hear(ALBA) == []
    assert world.mailbox.statistics().envelopes == 1


# ---------------------------------------------------------------- slots


def test_a_slot_holds_the_last_prekey_of_its_owner_for_those_on_its_line() -> None:
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.open(OTHER_ALBA)
    assert world.say(BORA, Seek(ALBA)) == [Found(ALBA, b"")]
    world.say(ALBA, Publish(b"old"), Publish(b"prekey"))
    world.say(ALBA, Publish(b"prekey"))
    assert world.rows == []  # the same again costs no commit
    assert world.say(BORA, Seek(ALBA)) == [Found(ALBA, b"prekey")]
    assert world.say(OTHER_ALBA, Seek(ALBA)) == [Found(ALBA, b"")]
    world.restart()
    world.open(BORA)
    assert world.say(BORA, Seek(ALBA)) == [Found(ALBA, b"prekey")]


def test_a_slot_asked_for_many_times_at_once_is_answered_once_with_what_lies_there_in_the_end() -> None:
    """A question is a hundredth of its answer: one batch of them would have a relay hold some 67 MB of answers."""
    world = World()
    world.open(ALBA)
    world.open(BORA)
    world.say(ALBA, Publish(bytes(SLOT_BYTES_MAX)))
    many = [Seek(ALBA), Seek(STRANGER)] * (FRAMES_MAX // 2)
    for _ in range(3):
        world.mailbox.step(world.said(BORA, *many), NOW)
    world.mailbox.step(world.said(ALBA, Publish(b"prekey")), NOW)
    effects = world.mailbox.settle(NOW).effects
    answers = [effect.envelope for effect in effects if isinstance(effect, Send) and effect.to == BORA]
    assert sorted(answers) == sorted([encode_frame(Found(ALBA, b"prekey")), encode_frame(Found(STRANGER, b""))])
    assert not [each for each in world.mailbox.settle(NOW).effects if isinstance(each, Send)], "once"


# ---------------------------------------------------------------- admission


def test_admission_changes_at_once_and_drops_what_lies_between_others() -> None:
    world = World()
    world.open(ALBA)
    path = world.open(BORA)
    world.put(ALBA, BORA, b"one")
    world.put(ALBA, CENDRA, b"two")
    world.say(BORA, Publish(b"prekey"))
    world.mailbox.admit([(ALBA, CENDRA, ALBA_TWO), (STRANGER, OTHER_ALBA)])
    assert world.mailbox.admits(STRANGER)
    assert not world.mailbox.admits(BORA)
    world.do(Stopping())
    assert [(refused.path, refused.rule) for refused in world.refused] == [(path, "R155")]
    assert [type(row) for row in world.rows] == [Forget, Forget]
    assert world.put(ALBA, BORA, b"three") == [Declined(0, 157)]
    world.open(STRANGER)
    world.open(CENDRA)
    assert world.given(CENDRA) == [b"two"]
    assert list(world.store.kept("slot")) == []


def test_cursors_go_on_rising_when_a_line_is_taken_off_the_list_and_put_back() -> None:
    """They began anew: the deletion that still waited fell upon what was queued since, and ended the relay."""
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, b"one")
    world.open(BORA)
    (before,) = world.hear(BORA)
    world.mailbox.admit(LINES[1:])
    world.do()
    world.mailbox.admit(LINES)
    world.open(ALBA)
    assert world.put(ALBA, BORA, b"two") == [Stored([0])]
    world.open(BORA)
    (after,) = world.hear(BORA)
    assert isinstance(before, Given)
    assert isinstance(after, Given)
    assert after.envelope == b"two"
    assert after.cursor > before.cursor


def test_a_restart_with_fewer_lines_drops_what_is_no_longer_admitted() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, b"one")
    world.say(ALBA, Publish(b"prekey"))
    world.lines = LINES[1:]
    world.restart()
    world.do(Stopping())
    assert list(world.store.kept("queue")) == []
    assert list(world.store.kept("slot")) == []


@pytest.mark.parametrize(
    "lines",
    [
        [(ALBA,)],
        [(ALBA, BORA), (ALBA, CENDRA)],
        [(ALBA, ALBA)],
        [(ALBA, BORA[:31])],
        [[number.to_bytes(32, "big") for number in range(LINE_KEYS_MAX + 1)]],
    ],
)
def test_a_list_of_lines_that_cannot_be_is_refused_and_changes_nothing(lines: list[tuple[bytes, ...]]) -> None:
    world = World()
    with pytest.raises(Misuse):
        world.mailbox.admit(lines)
    world.open(ALBA)
    assert world.put(ALBA, BORA, b"one") == [Stored([0])]


def test_a_mailbox_may_begin_with_no_line() -> None:
    assert World(lines=()).mailbox.statistics().stations == 0


# ---------------------------------------------------------------- the machine


def test_what_only_a_station_is_told_does_nothing() -> None:
    world = World()
    before = world.mailbox.fingerprint()
    world.do(Submitted(Token(1), LineId(b""), b""))
    assert world.mailbox.fingerprint() == before


def test_the_fingerprint_covers_queues_slots_sessions_and_admission() -> None:
    world = World()
    seen = {world.mailbox.fingerprint()}

    def changed() -> bool:
        now = world.mailbox.fingerprint()
        new = now not in seen
        seen.add(now)
        return new

    world.open(ALBA)
    assert changed()
    world.put(ALBA, BORA, b"one")
    assert changed()
    world.open(BORA)
    assert changed()
    world.say(ALBA, Publish(b"prekey"))
    assert changed()
    world.own_all(BORA)
    assert changed()
    world.mailbox.admit(LINES[:1])
    assert changed()


def test_statistics_count_and_name_nobody() -> None:
    world = World()
    world.open(ALBA)
    world.put(ALBA, BORA, b"one", b"three")
    statistics = world.mailbox.statistics()
    assert (statistics.lines, statistics.stations, statistics.connected) == (2, 6, 1)
    assert (statistics.envelopes, statistics.bytes, statistics.declined) == (2, 8, 0)


def test_a_mailbox_is_built_from_a_ledger_and_lines_alone() -> None:
    world = World()
    assert Mailbox(world.store, LINES).statistics().stations == 6
