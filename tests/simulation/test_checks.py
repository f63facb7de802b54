"""The checkers can fail: each is shown a world, or a row, in which its rule is broken."""

from random import Random

import pytest

from openline.identifiers import Digest, StationId, station_id
from openline.ports import Append, Batch, Keep
from openline.simulation.agenda import Agenda, Restless
from openline.simulation.checks import Checks, Nonces, Violated
from openline.simulation.clone import Cloner
from openline.simulation.endings import conclude, settle
from openline.simulation.officers import CANARY, Officers
from openline.simulation.plan import BEFORE_THE_HOUR_S, Happening, Plan, Shape, What
from openline.simulation.runs import Runner, shrink
from openline.simulation.setting import make_setting
from openline.simulation.suite import SeededSuite
from openline.simulation.world import World
from openline.wire.entry import encode_entry
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Statement, Status, decode_statement, encode_statement

ALBA, BORA = station_id(1, 1), station_id(2, 1)
SUITE = SeededSuite()
STORED = bytes((ReceiptState.STORED,))
SETTING = make_setting(SUITE, 2, 1, 1)


def make_checks() -> tuple[Checks, Officers]:
    officers = Officers(SETTING, SUITE.sign, Random(0), Agenda())
    return Checks(SETTING.line, officers, Agenda()), officers


def row(text: str, seq: int = 0, author: StationId = ALBA) -> Append:
    statement = encode_statement(Statement(1, 7, 0, 1, text, Status.TEST))
    return Append(SETTING.line, author, 9, seq, encode_entry(seq, statement, (), bytes(64)), Digest(bytes(32)), 7, 0, 0)


def said(officers: Officers, *texts: str) -> None:
    officers.said[1] = {encode_statement(Statement(1, 7, 0, 1, text, Status.TEST)) for text in texts}


def committed(checks: Checks, me: StationId, *rows: Append | Keep) -> None:
    checks.committed(me, Batch(rows, ()))


def test_a_key_and_nonce_are_used_once() -> None:
    nonces = Nonces()
    nonces.sealed(b"k", b"1")
    nonces.sealed(b"k", b"2")
    with pytest.raises(Violated, match="sealed twice"):
        nonces.sealed(b"k", b"1")


def test_no_text_leaves_unsealed() -> None:
    checks, _ = make_checks()
    checks.sent(b"sealed")
    with pytest.raises(Violated, match="unsealed"):
        checks.sent(b"to all: " + CANARY.encode())


def test_a_station_says_only_what_an_officer_submitted() -> None:
    checks, officers = make_checks()
    said(officers, "meant")
    committed(checks, ALBA, row("meant"))
    with pytest.raises(Violated, match="no officer"):
        committed(checks, ALBA, row("not meant", 1))


def test_nothing_is_held_that_its_author_has_not_stored_first() -> None:
    checks, officers = make_checks()
    said(officers, "meant")
    with pytest.raises(Violated, match="never durable"):
        committed(checks, BORA, row("meant"))


def test_one_place_holds_one_entry() -> None:
    checks, officers = make_checks()
    said(officers, "one", "two")
    committed(checks, ALBA, row("one"))
    with pytest.raises(Violated, match="two entries"):
        committed(checks, ALBA, row("two"))


def test_no_position_is_left_out() -> None:
    checks, officers = make_checks()
    said(officers, "one")
    with pytest.raises(Violated, match="left out"):
        committed(checks, ALBA, row("one", 1))


def test_no_status_stands_without_the_entry_over_there() -> None:
    checks, officers = make_checks()
    said(officers, "one")
    committed(checks, ALBA, row("one"))
    key = SETTING.line + BORA.to_bytes(2, "big") + (9).to_bytes(4, "big") + b"\0" + (1).to_bytes(8, "big")
    with pytest.raises(Violated, match="where it is not"):
        committed(checks, ALBA, Keep("receipt", key, STORED))
    committed(checks, BORA, row("one"))
    committed(checks, ALBA, Keep("receipt", key, STORED))


def test_what_was_never_approved_must_be_refused_where_it_is_kept() -> None:
    checks, _ = make_checks()
    entry = row("one")
    checks.records.made.add(entry.entry)
    checks.records.unapproved.add(entry.entry)
    with pytest.raises(Violated, match="never approved"):
        committed(checks, BORA, entry)


def test_a_world_that_never_rests_is_ended() -> None:
    agenda = Agenda()

    def again() -> None:
        agenda.at(0, again)

    agenda.at(0, again)
    with pytest.raises(Restless):
        agenda.run(1)


def test_a_failing_run_is_cut_down_to_what_makes_it_fail() -> None:
    """The rule is broken on purpose: to this suite every key and nonce are the same."""
    runner = Runner(make_suite=lambda nonces: SeededSuite(lambda *_: nonces.sealed(b"", b"")))
    happenings = (Happening(5_000, What.SAY, ALBA), Happening(9_000, What.REKEY, BORA))
    plan = Plan(1, Shape(relays=2), {"drop": 0.2}, happenings, begins_s=BEFORE_THE_HOUR_S)
    result = runner.run(plan)
    assert result.checker == "nonce"
    small = shrink(runner, result)
    assert (small.checker, small.plan.happenings, small.plan.chances) == ("nonce", (), {})
    assert small.plan.begins_s == 0, "no hour has to strike for it"


def test_a_clone_shares_nothing_that_changes() -> None:
    original = {"list": [1, 2], "set": {3}, "pair": ([4], 5), "frozen": Plan(1, Shape(), {"drop": 1.0}, ())}
    copied = Cloner().clone(original)
    assert copied == original
    assert isinstance(copied["list"], list)
    copied["list"].append(9)
    assert original["list"] == [1, 2]


def test_what_an_officer_was_told_to_be_said_must_be_shown_everywhere() -> None:
    nonces = Nonces()
    plan = Plan(1, Shape(), {}, (Happening(500, What.SAY, ALBA),))
    world = World(plan, SETTING, SeededSuite(nonces.sealed), nonces)
    world.begin()
    world.agenda.run(plan.heals_ms)
    world.heal()
    settle(world)
    conclude(world)
    (errand,) = [errand for errand in world.officers.errands if errand.statement]
    errand.digest = Digest(bytes(32))
    with pytest.raises(Violated, match=r"1\.1 was told that it is said, not so 1\.1"):
        conclude(world)


def test_what_was_drafted_under_a_charter_that_has_been_amended_since_is_drafted_anew() -> None:
    """The disk is put back to before the amendment; what is drafted then names the earlier charter, and is refused."""
    nonces = Nonces()
    happenings = (
        Happening(500, What.BACKUP, ALBA),
        Happening(1_000, What.AMEND, ALBA),
        Happening(2_000, What.SAY, ALBA),
        Happening(3_000, What.RESTORE, ALBA),
        Happening(3_800, What.PARTITION, ALBA, 3 + 4 * 8),
        Happening(4_100, What.SAY, ALBA, 2),
    )
    plan = Plan(2, Shape(), {}, happenings)
    world = World(plan, SETTING, SeededSuite(nonces.sealed), nonces)
    world.begin()
    drafted = set()
    while world.agenda.now_ms < plan.heals_ms:
        world.agenda.run(world.agenda.now_ms + 100)
        drafted |= {decode_statement(each.statement).charter for each in world.officers.errands if each.code == "L2"}
    world.heal()
    settle(world)
    conclude(world)
    assert drafted == {1, 2}
