"""Faults that the made world found, each as the smallest world that showed it."""

from pathlib import Path

import pytest

from openline.cli.store_disks import StoreDisks
from openline.identifiers import station_id
from openline.simulation.plan import Happening, Plan, Shape, What
from openline.simulation.runs import Result, Runner, run_seed

ALBA, BORA = station_id(1, 1), station_id(2, 1)
RUNNER = Runner()
FLASH = 1
ONE_EACH = Shape()


def run(
    *happenings: Happening, shape: Shape = ONE_EACH, chances: dict[str, float] | None = None, seed: int = 0
) -> Result:
    return RUNNER.run(Plan(seed, shape, chances or {}, happenings))


def test_a_flash_said_before_the_session_stands_is_stored_within_seconds() -> None:
    """It went out in the FLASH lane, before the announcement of the epoch that it was sealed under."""
    assert run(Happening(201, What.SAY, BORA, FLASH)).words == ""


def test_a_flash_after_the_other_side_renewed_its_keys_is_stored_within_seconds() -> None:
    """Nobody heard of the new keys before the next minute, and nothing sealed under the old ones opened."""
    assert run(Happening(12_000, What.REKEY, ALBA), Happening(21_000, What.SAY, BORA, FLASH)).words == ""


def test_a_station_put_back_hears_again_what_the_others_hold() -> None:
    """What others hold was told in a greeting that did not count yet, and then taken for known."""
    result = run(
        Happening(200, What.SAY, BORA),
        Happening(300, What.SAY, ALBA),
        Happening(100, What.BACKUP, ALBA),
        Happening(7_000, What.RESTORE, ALBA),
    )
    assert (result.words, result.taken) == ("", {"restore": 1})
    assert result.settled_ms <= 60_000


def test_the_same_words_at_a_second_place_are_presented_with_the_first() -> None:
    """A recovered station says again what it had said; its old place was shown, and the new one waited for ever."""
    result = run(
        Happening(200, What.BACKUP, ALBA),
        Happening(2_000, What.SAY, ALBA),
        Happening(2_100, What.SAY, ALBA, 2),
        Happening(2_300, What.RESTORE, ALBA),
    )
    assert result.words == ""


def test_a_new_prekey_that_a_relay_lost_is_found_all_the_same() -> None:
    """Both sides waited: one announced to a prekey that the other no longer had, and could not be told so."""
    losing = [
        run(Happening(12_000, What.REKEY, ALBA), Happening(13_000, What.SAY, ALBA), chances={"drop": 0.4}, seed=seed)
        for seed in range(6)
    ]
    assert [result.words for result in losing] == [""] * 6
    assert all(result.taken["drop"] for result in losing)


@pytest.mark.parametrize("seed", range(4))
def test_an_unapproved_entry_of_our_own_stops_no_recovery(seed: int) -> None:
    """Made with a stolen key and without the second person: it was to be said again, and the station died of it."""
    result = run(Happening(9_000, What.INSIDER, ALBA), Happening(400, What.SAY, ALBA), seed=seed)
    assert (result.words, result.taken) == ("", {"insider": 1})


def test_the_proof_of_a_fork_reaches_who_was_put_back_when_it_was_found() -> None:
    """It was passed on once, when it was found, and whoever did not hear it then never did."""
    result = run(
        Happening(300, What.SAY, ALBA),
        Happening(9_900, What.BACKUP, BORA),
        Happening(10_000, What.LIE, ALBA),
        Happening(11_000, What.RESTORE, ALBA),
        shape=Shape(parties=3),
    )
    assert (result.words, result.taken["lie"]) == ("", 1)


def test_an_older_copy_that_does_not_know_it_is_heard_again() -> None:
    """It lacked the epoch in use over there, could open no probe, and so was never known to lack it."""
    result = run(
        Happening(230, What.BACKUP, BORA),
        Happening(9_900, What.SNAPSHOT, BORA),
        Happening(21_000, What.SAY, BORA, FLASH),
        chances={"delay": 0.3},
    )
    assert (result.words, result.taken["snapshot"]) == ("", 1)


@pytest.mark.parametrize("seed", range(3))
def test_a_station_whose_log_was_forked_recovers_all_the_same(seed: int) -> None:
    """It waited for ever for its own entries, which a forked log no longer takes."""
    result = run(
        Happening(200, What.SAY, BORA),
        Happening(700, What.BACKUP, BORA),
        Happening(12_000, What.SAY, BORA),
        Happening(14_136, What.LIE, BORA),
        Happening(14_140, What.SNAPSHOT, BORA),
        seed=seed,
    )
    assert (result.words, result.taken) == ("", {"lie": 1, "snapshot": 1})


def test_an_epoch_of_the_same_second_as_one_lost_with_the_disk_is_replaced() -> None:
    """Its peer took it for a repeat of the lost one, opened nothing, and could not say which of the two it held."""
    result = run(
        Happening(8_627, What.CLOCK, ALBA, 3_580),
        Happening(11_949, What.BACKUP, ALBA),
        Happening(12_448, What.REKEY, ALBA),
        Happening(16_052, What.RESTORE, ALBA),
    )
    assert (result.words, result.taken) == ("", {"clock-jump": 1, "restore": 1})


def test_an_older_copy_whose_relay_lost_its_slot_too_is_shown_its_later_prekey() -> None:
    """What it said of its keys was older than what its peer held, and nobody else could tell it so."""
    result = run(
        Happening(5_991, What.BACKUP, ALBA),
        Happening(7_703, What.RESTORE, ALBA),
        Happening(19_005, What.SNAPSHOT, ALBA),
        Happening(19_770, What.RELAY_LOSS, ALBA),
    )
    assert (result.words, result.taken) == ("", {"relay-loss": 1, "restore": 1, "snapshot": 1})


def test_two_that_open_nothing_of_each_other_any_more_begin_anew() -> None:
    """One was put back behind an epoch that the other had confirmed, and what each sent was nothing but noise there."""
    losing = [
        run(
            Happening(204, What.SAY, BORA, FLASH),
            Happening(245, What.SAY, ALBA, 3),
            Happening(728, What.BACKUP, BORA),
            Happening(2_889, What.INSIDER, BORA),
            Happening(11_738, What.SNAPSHOT, BORA),
            Happening(14_036, What.RELAY_LOSS, BORA),
            chances={"drop": 0.15, "delay": 0.3},
            seed=seed,
        )
        for seed in (12, 23, 75, 111)
    ]
    assert [result.words for result in losing] == [""] * 4


def test_an_announcement_to_a_prekey_that_is_gone_is_made_anew() -> None:
    """A copy announced to the prekey it remembered, learned the next but one, and went on announcing to the first."""
    result = run(
        Happening(448, What.BACKUP, ALBA),
        Happening(1_565, What.REKEY, BORA),
        Happening(7_067, What.CLOCK, BORA, 10_800),
        Happening(11_622, What.SNAPSHOT, ALBA),
        Happening(15_000, What.SAY, ALBA),
        Happening(15_000, What.SAY, BORA),
    )
    assert (result.words, result.taken) == ("", {"clock-jump": 1, "snapshot": 1})


@pytest.mark.parametrize("seed", [16, 81])
def test_words_beyond_a_gap_come_back_to_an_author_who_was_put_back_to_before_them(seed: int) -> None:
    """It did not know that it had said them, so nobody could ask for them, and the dialogues about them stayed open."""
    result = run(
        Happening(5_000, What.BACKUP, ALBA),
        Happening(6_000, What.SAY, ALBA),
        Happening(6_400, What.SAY, ALBA, 2),
        Happening(6_600, What.SAY, ALBA, 3),
        Happening(8_500, What.RESTORE, ALBA),
        chances={"drop": 0.4},
        seed=seed,
    )
    assert (result.words, result.taken["restore"]) == ("", 1)


def test_what_is_shown_after_words_that_a_stop_has_reached_is_known_to_its_author() -> None:
    """Put back, it refused what it had shown, and signed for a shorter prefix: what lay beyond that was passed over."""
    result = run(
        Happening(10_427, What.BACKUP, BORA),
        Happening(10_818, What.LAST_WORDS, ALBA, 3),
        Happening(14_096, What.STOP_SPEAKER, BORA, 1),
        Happening(16_006, What.SAY, BORA, 2),
        Happening(17_720, What.RESTORE, BORA),
        seed=53,
    )
    assert (result.words, result.taken, result.refusals["R108"]) == ("", {"restore": 1}, 1)


def test_what_waited_for_receipts_when_a_new_station_came_is_sent_to_it_too() -> None:
    """It asked for that and signed for it under keys that were gone; nobody said the words again, nor waited less."""
    result = run(
        Happening(294, What.BACKUP, ALBA),
        Happening(8_685, What.JOIN, BORA),
        Happening(9_982, What.PARTITION, BORA, 91),
        Happening(11_179, What.SNAPSHOT, ALBA),
        Happening(17_314, What.LAST_WORDS, ALBA),
        Happening(19_869, What.STOP_SPEAKER, BORA, 1),
        seed=1_658,
    )
    assert (result.words, result.taken) == ("", {"partition": 1, "snapshot": 1})


def test_a_reply_said_again_after_a_restore_is_no_change_of_mind() -> None:
    """A wrong read-back, said again in the new generation, came before its first saying, and opened what was closed."""
    happenings = (
        Happening(27, What.SAY, BORA, FLASH),
        Happening(557, What.COURSE, BORA, 588_949),
        Happening(8_897, What.CLOCK, ALBA),
        Happening(14_989, What.INSIDER, ALBA, 1_873),
        Happening(18_518, What.REKEY, ALBA),
    )
    chances = {"delay": 0.3, "relay-replay": 0.05}
    result = RUNNER.run(Plan(10_012_133, ONE_EACH, chances, happenings, most=9, spared=frozenset({4})))
    assert (result.words, result.taken["insider"]) == ("", 1)


def test_what_has_expired_is_over_though_a_clock_was_set_back() -> None:
    """That station waits for an hour more, and nobody waits for it."""
    result = run(Happening(3_731, What.COURSE, ALBA, 473_127), Happening(5_905, What.CLOCK, ALBA), seed=8_043_159)
    assert (result.words, result.taken) == ("", {"clock-jump": 1})


def test_a_copy_follows_its_later_generation_though_its_own_began_a_moment_ago() -> None:
    """It waited for an hour, in which its words got no receipt, and then nobody showed it that generation again."""
    result = run(
        Happening(239, What.SAY, ALBA, 2),
        Happening(4_285, What.BACKUP, BORA),
        Happening(5_040, What.RESTORE, BORA, 3_103),
        Happening(5_954, What.BACKUP, BORA),
        Happening(6_530, What.SNAPSHOT, BORA, 24_433),
        Happening(12_721, What.REKEY, BORA),
        chances={"relay-crash": 0.01},
        seed=13_040_476,
    )
    assert (result.words, result.taken) == ("", {"restore": 1, "snapshot": 1})


@pytest.mark.parametrize("seed", [14_322_200, 16_092_657])
def test_a_copy_whose_clock_is_behind_learns_of_its_later_generation_by_words_beyond_a_gap(
    seed: int, tmp_path: Path
) -> None:
    """It opened one below it, and nobody showed it the later one, to which all receipts went."""
    runner = Runner(on_store=StoreDisks(tmp_path))
    assert run_seed(runner, seed).words == ""


@pytest.mark.parametrize("seed", [18_239_006, 18_247_324])
def test_a_station_put_back_twice_with_its_clock_behind_does_not_open_one_generation_twice(seed: int) -> None:
    """Each time it was one more than the last that it knew, and each of its places stood for two things."""
    assert run_seed(RUNNER, seed).words == ""


def test_heads_that_come_over_two_relays_come_to_an_end() -> None:
    """Two stations answered each other's heads with their own for ever, from the first hour on."""
    assert run_seed(RUNNER, 512).words == ""


def test_an_officer_who_asks_an_older_copy_again_says_the_same_words_at_the_same_place() -> None:
    """Nobody has shown them to that station: they are no sign that it is a copy."""
    happenings = (
        Happening(3_728, What.REFUSE, BORA, 473_790),
        Happening(7_665, What.BACKUP, ALBA),
        Happening(16_032, What.SAY, ALBA, FLASH),
        Happening(16_120, What.SNAPSHOT, ALBA, 1_394),
    )
    result = RUNNER.run(Plan(8_054_431, ONE_EACH, {"crash": 0.02}, happenings, most=1))
    assert (result.words, result.taken) == ("", {"crash": 1, "snapshot": 1})


def test_approvals_that_went_with_the_disk_are_given_again() -> None:
    """The one who approved last was told of success; the draft lacked the first approval once more."""
    happenings = (
        Happening(14, What.SAY, ALBA),
        Happening(30, What.SAY, ALBA, 3),
        Happening(2_486, What.BACKUP, ALBA),
        Happening(5_912, What.FLOOD, ALBA, 38),
        Happening(6_029, What.SAY, BORA, FLASH),
        Happening(12_268, What.SNAPSHOT, ALBA, 28_552),
        Happening(16_035, What.SAY, BORA, FLASH),
    )
    chances = {"crash": 0.02, "disk": 0.01, "flap": 0.01}
    result = RUNNER.run(Plan(10_020_201, ONE_EACH, chances, happenings, most=2))
    assert (result.words, result.taken["snapshot"]) == ("", 1)


def test_what_was_lost_while_a_station_was_cut_off_breaks_its_connection() -> None:
    """A relay keeps what it has given until it is owned, and takes no repetition of it: an announcement was lost."""
    happenings = (
        Happening(13, What.SAY, BORA, 4),
        Happening(4_373, What.BACKUP, ALBA),
        Happening(5_918, What.SNAPSHOT, ALBA, 55_568),
        Happening(6_013, What.SAY, ALBA),
        Happening(9_075, What.LIE, ALBA, 5_725),
        Happening(9_455, What.PARTITION, ALBA, 91),
    )
    result = RUNNER.run(Plan(8_030_049, ONE_EACH, {"delay": 0.3}, happenings, most=18))
    assert (result.words, result.taken["partition"]) == ("", 1)


def test_a_draft_that_is_approved_again_after_a_disk_was_put_back_is_said_again_and_was_not_shown() -> None:
    """It is the same entry at the same place; the checker took it for one that another had given back."""
    result = run_seed(RUNNER, 21_269_201)
    assert (result.words, result.taken["snapshot"]) == ("", 1)
