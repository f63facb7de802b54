"""Words that cannot have been said before need no look into the ledger; all others do."""

from hypothesis import given
from hypothesis import strategies as st

from openline.delivery.novelty import REMEMBERED_MAX, Novelty


def test_what_is_authored_after_all_that_is_durable_is_new() -> None:
    assert Novelty(100).is_new(b"a", 101)


def test_what_is_as_old_as_the_ledger_may_stand_in_it() -> None:
    assert not Novelty(100).is_new(b"a", 100)


def test_what_was_accepted_in_this_run_is_not_new() -> None:
    known = Novelty(100)
    known.accepted(b"a", 105)
    assert not known.is_new(b"a", 105)
    assert known.is_new(b"b", 105)
    assert known.newest == 105


def test_what_is_older_than_the_ledger_s_newest_is_not_remembered_here() -> None:
    known = Novelty(100)
    known.accepted(b"a", 99)
    assert not known.is_new(b"a", 99)
    assert known.newest == 100


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(90, 130)), max_size=60))
def test_nothing_that_was_accepted_is_ever_called_new(entries: list[tuple[int, int]]) -> None:
    known = Novelty(100)
    accepted = set()
    for number, authored in entries:
        digest = bytes((number, authored))  # as a digest covers its authored time
        assert not (digest in accepted and known.is_new(digest, authored))
        known.accepted(digest, authored)
        accepted.add(digest)


def test_what_was_forgotten_is_asked_of_the_ledger() -> None:
    known = Novelty(0)
    for number in range(REMEMBERED_MAX + 1):
        known.accepted(number.to_bytes(4, "big"), 10)
    assert not known.is_new((0).to_bytes(4, "big"), 10)
    assert not known.is_new(b"another", 10)
    assert known.is_new(b"another", 11)
