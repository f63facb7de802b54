"""A station that lost its disk may sign for a shorter prefix than before: what it names beyond that counts."""

from __future__ import annotations

import pytest

from openline.delivery.rows import leaf_hash_of
from openline.tlog import Log, Tree, sign_receipt
from openline.wire.envelope import Type
from openline.wire.payloads import ReceiptState
from tests.delivery.test_attacks import sealed
from tests.review.pair import ALBA, BORA, Table

SAID = 12
READ_BACK = 4


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    monkeypatch.setattr("openline.delivery.receipting.READ_BACK_MAX", READ_BACK)
    made = Table()
    made.meet()
    for number in range(SAID):
        made.say(ALBA, f"text {number}")
    made.pass_time(60)
    presented(made, SAID - 2, ())
    assert shown(made) == set(range(SAID - 2))
    return made


def presented(table: Table, size: int, further: tuple[int, ...]) -> None:
    """Let Bora sign that so much of Alba's log was presented."""
    alba, bora = table.state(ALBA), table.state(BORA)
    key = (ALBA, alba.generation)
    rows = [bora.given.out.entry(bora.line, *key, seq) for seq in range(SAID)]
    leaves = [leaf_hash_of(row) for row in rows if row is not None]
    tree = Tree()
    for leaf in leaves[:size]:
        tree = tree.append(leaf)
    payload = sign_receipt(
        table.suite, bora.keys.sign, Log(alba.line, alba.identity.hash, alba.generation), bora.identity.hash,
        ReceiptState.PRESENTED, table.instant(BORA).utc, size, tree.root(), [(seq, leaves[seq]) for seq in further],
    )  # fmt: skip
    table.bring(ALBA, sealed(table, BORA, ALBA, Type.PRESENTED, payload), writer=BORA)


def shown(table: Table) -> set[int]:
    known = table.state(ALBA).peers[BORA].receipted[ReceiptState.PRESENTED]
    return {seq for seq in range(SAID) if known.covers(seq)}


def test_what_a_shorter_receipt_names_beyond_its_prefix_is_known_to_be_shown(table: Table) -> None:
    presented(table, 0, (SAID - 1,))
    assert shown(table) == {*range(SAID - 2), SAID - 1}
    assert table.rules(ALBA) == []


def test_one_that_covers_nothing_new_is_passed_over_unread(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    read = table.reads(ALBA, monkeypatch)
    presented(table, 3, (5,))
    assert (shown(table), read) == (set(range(SAID - 2)), [])


def test_a_log_is_read_back_a_part_for_each_receipt_and_once(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that names ever other sizes cannot make us read the whole log for each message."""
    read = table.reads(ALBA, monkeypatch)
    for _ in range(2):
        presented(table, 6, (SAID - 1,))
    assert (SAID - 1 in shown(table), read) == (True, [*range(6), SAID - 1])
    presented(table, 6, (SAID - 2,))
    assert (shown(table), read) == (set(range(SAID)), [*range(6), SAID - 1, SAID - 2])


def test_a_shorter_one_still_begins_at_the_beginning(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    presented(table, 4, (SAID - 1,))
    read = table.reads(ALBA, monkeypatch)
    presented(table, 3, (SAID - 2,))
    assert (shown(table), read) == (set(range(SAID)), [0, 1, 2, SAID - 2])


def test_one_that_is_false_counts_for_nothing(table: Table) -> None:
    state = table.state(BORA)
    table.state(BORA).keys = type(state.keys)(*(bytes(32) for _ in range(3)))
    presented(table, 0, (SAID - 1,))
    assert shown(table) == set(range(SAID - 2))
    assert table.rules(ALBA) == ["R40"]
