"""One station at one moment: what happens to it is worked out once, and the checkers look at it with every peer."""

from dataclasses import replace
from random import Random

import pytest

from openline.ports import Forget, Keep
from openline.simulation.agenda import Agenda
from openline.simulation.checks import Violated
from openline.simulation.ledger import SummedLedger
from openline.simulation.officers import Officers
from openline.simulation.rest import look_at_rest, restless
from openline.simulation.search import Bound, Search
from openline.simulation.setting import make_setting
from openline.simulation.sides import Known, Side, Sides
from openline.simulation.suite import SeededSuite

ONE_FLASH = Bound(((True,), ()), deaths=0, losses=0, restores=0, rekeys=0)


def begun() -> tuple[Search, Side, Side]:
    search = Search(ONE_FLASH)
    first = search.first
    return search, search._sides.moments[first[0]], search._sides.moments[first[1]]


def test_the_same_happening_is_worked_out_once() -> None:
    search, alba, bora = begun()
    before = len(search._sides.moments)
    move = search._sides.move(alba, bora, "say")
    assert search._sides.move(alba, bora, "say") is move
    assert len(search._sides.moments) == before + 1
    assert alba.said == 0
    assert move.after.said == 1
    assert [lane for lane, _ in move.sent] == [0]


def test_a_move_is_looked_at_again_when_other_things_are_known_of_the_peer() -> None:
    search, alba, bora = begun()
    ((_, envelope),) = search._sides.move(alba, bora, "say").sent
    stored = search._sides.move(alba, bora, "say").after
    search._sides.move(bora, stored, "give", 0, envelope)
    with pytest.raises(Violated, match="never durable"):
        search._sides.move(bora, alba, "give", 0, envelope)


def test_two_stations_never_seal_with_one_key_and_nonce() -> None:
    search, alba, bora = begun()
    sealed = search._sides.move(alba, bora, "say").after.known.sealed
    with pytest.raises(Violated, match="by two stations"):
        search._sides.move(alba, replace(bora, known=Known(sealed=sealed)), "say")


def test_a_station_that_was_put_back_still_may_not_seal_twice() -> None:
    """What the checkers know outlives the disk."""
    search, alba, bora = begun()
    after = search._sides.move(alba, bora, "restore").after
    assert after.known.sealed > alba.known.sealed


def test_all_is_quiet_only_when_the_author_knows_of_all_that_was_shown() -> None:
    search, alba, bora = begun()
    line = search._line
    assert list(restless(line, (alba, bora))) == []
    sides = search._sides
    said = sides.move(alba, bora, "say")
    got = sides.move(bora, said.after, "give", 0, said.sent[0][1])
    assert any("receipts" in words for words in restless(line, (said.after, bora)))
    assert any("lacks" in words for words in restless(line, (said.after, bora)))
    shown = sides.move(got.after, said.after, "show")
    assert any("were shown" in words for words in restless(line, (said.after, shown.after)))


def test_where_all_is_quiet_nothing_is_lost() -> None:
    search, alba, bora = begun()
    look_at_rest(search._line, (alba, bora))
    claimed = Known(claimed=frozenset({(alba.me, 7, 0)}))
    with pytest.raises(Violated, match="nobody has") as told:
        look_at_rest(search._line, (replace(alba, known=claimed), bora))
    assert told.value.checker == "lost"


def test_where_all_is_quiet_nothing_is_shown_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine would notice that the words are a repeat; here it does not."""
    monkeypatch.setattr("openline.simulation.rest.is_repeat", lambda *_: False)
    search, alba, bora = begun()
    said = search._sides.move(alba, bora, "say")
    got = search._sides.move(bora, said.after, "give", 0, said.sent[0][1]).after
    (row,) = got.ledger.recent(search._line, 9)
    got.ledger.commit([replace(row, generation=row.generation + 1)])
    with pytest.raises(Violated, match="shows one message twice"):
        look_at_rest(search._line, (said.after, got))


def test_ledgers_with_the_same_rows_have_the_same_sum_whatever_came_before() -> None:
    first, second = SummedLedger(), SummedLedger()
    first.commit([Keep("t", b"1", b"a"), Keep("t", b"2", b"b")])
    second.commit([Keep("t", b"2", b"x")])
    second.commit([Keep("t", b"3", b"c"), Keep("t", b"2", b"b"), Keep("t", b"1", b"a")])
    assert first.total != second.total
    second.commit([Forget("t", b"3"), Forget("t", b"4")])
    assert first.total == second.total == second.copy().total


def test_every_station_begins_with_what_its_administrator_gave_it() -> None:
    setting = make_setting(SeededSuite(), 2, 1, 1)
    sides = Sides(setting, Officers(setting, SeededSuite().sign, Random(0), Agenda()), [[], []])
    assert [side.me for side in sides.first()] == list(setting.homes)
