"""A copy is told from a report of the same event."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openline.press import is_copy, read_page, shared, shared_by_sketch, sketch
from openline.press.copies import SKETCH_HASHES, shingles
from tests.press.test_page import PAGES

ONE = ["The foreign minister of Alba said on Monday that the line would be tested every hour from now on."]
OTHER = ["On Monday Alba's foreign minister announced hourly tests of the line, to begin at once and to go on."]


def test_a_syndicated_page_is_a_copy_and_another_report_is_none() -> None:
    wire, copy, other = (read_page((PAGES / name).read_bytes()) for name in ("wire.txt", "syndicated.txt", "multi.txt"))
    assert is_copy(shared(wire.shingles, copy.shingles))
    assert not is_copy(shared(wire.shingles, other.shingles))
    assert is_copy(shared_by_sketch(sketch(wire.shingles), sketch(copy.shingles)))
    assert not is_copy(shared_by_sketch(sketch(wire.shingles), sketch(other.shingles)))


def test_the_same_event_in_other_words_is_no_copy() -> None:
    assert shared(shingles(ONE), shingles(OTHER)) < 0.1


def test_a_text_without_spaces_has_shingles_too() -> None:
    text = "阿尔巴外交部长周一表示阿尔巴愿意在任何时间任何地点与博拉会谈"
    assert shared(shingles([text]), shingles([text + "不设条件"])) == 1.0


def test_a_text_too_short_for_a_shingle_is_nobodys_copy() -> None:
    assert shared(shingles(["Too short."]), shingles(ONE)) == 0.0
    assert shared_by_sketch([], sketch(shingles(ONE))) == 0.0


@given(st.lists(st.text(max_size=200), max_size=5))
def test_every_page_with_shingles_is_a_copy_of_itself(paragraphs: list[str]) -> None:
    found = shingles(paragraphs)
    assert shared(found, found) == (1.0 if found else 0.0)


@given(
    st.sets(st.integers(0, 2**48 - 1), max_size=3 * SKETCH_HASHES),
    st.sets(st.integers(0, 2**48 - 1), max_size=3 * SKETCH_HASHES),
)
def test_a_sketch_tells_a_share_between_0_and_1(one: set[int], other: set[int]) -> None:
    assert 0.0 <= shared_by_sketch(sketch(frozenset(one)), sketch(frozenset(other))) <= 1.0
