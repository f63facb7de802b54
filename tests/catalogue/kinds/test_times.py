"""Times: UTC, 24 hours, to the unit that was said."""

from __future__ import annotations

import pytest
from hypothesis import given

from openline.catalogue.kinds import Refused
from openline.catalogue.kinds.times import (
    DAY,
    HOUR,
    Instant,
    Offset,
    Typed,
    Window,
    complete,
    instant_from_json,
    instant_from_wire,
    offset_from_json,
    offset_from_wire,
    typed_time,
    window_between,
    window_from_json,
    window_from_wire,
)
from openline.catalogue.kinds.values import Json
from openline.wire.cbor import Value
from tests.catalogue.kinds.strategies import instants, windows

EVENING = 1_512_843_840  # 2017-12-09 18:24 UTC


@given(instants)
def test_an_instant_reads_back_from_its_text_and_its_json(instant: Instant) -> None:
    assert instant_from_json(instant.to_json()) == instant
    assert instant_from_json(instant.text()) == instant
    assert instant_from_wire(instant.to_wire()) == instant


@given(windows(open_end=True))
def test_a_window_reads_back_from_its_text_and_its_json(window: Window) -> None:
    assert window_from_json(window.to_json(), open_end=True) == window
    assert window_from_json(window.text(), open_end=True) == window
    assert window_from_wire(window.to_wire(), open_end=True) == window


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2017-12-09T18:24Z", Instant(EVENING)),
        ("2017-12-09 18:24", Instant(EVENING)),
        ("2017-12-09T1824Z", Instant(EVENING)),
        ("091824Z DEC 17", Instant(EVENING)),
        ("2017-12-09T18:24:05Z", Instant(EVENING + 5)),
        ("2017-12-09T18Z", Instant(EVENING - 24 * 60, HOUR)),
        ("2017-12-09", Instant(EVENING - 18 * 3600 - 24 * 60, DAY)),
        ("2024-02-29", Instant(1_709_164_800, DAY)),
    ],
)
def test_times_as_people_write_them(typed: str, instant: Instant) -> None:
    assert instant_from_json(typed) == instant


@pytest.mark.parametrize(
    "typed",
    [
        *["18:24", "6:24 PM", "2017-12-09T06:24 PM", "2017-12-09T18:24+09:00", "2017-12-09T18:24:05.5Z", "9 Dec 2017"],
        *["09/12/2017", "2017-02-29", "2017-13-01", "2017-12-09T24:00Z", "2017-12-09T18:60Z", "2017-12-09T18:24:60Z"],
        *["091824Z DEZ 17", "1969-12-31", "2200-01-01", "0017-12-09", "", "x" * 50, "2017-12-9"],
        *["٢٠١٧-١٢-٠٩T١٨:٢٤Z"],
    ],
)
def test_other_times_are_refused(typed: str) -> None:
    with pytest.raises(Refused):
        instant_from_json(typed)


@pytest.mark.parametrize(
    "value", [-1, 1 << 32, [EVENING, 1], [0, 0], [0, 3], [0], [0, 1, 2], [True, 1], "0", True, b"", [None, 1]]
)
def test_wire_values_that_are_no_instant_are_refused(value: Value) -> None:
    with pytest.raises(Refused):
        instant_from_wire(value)


@pytest.mark.parametrize(
    "value",
    [
        *[[], [0, 0], [0, -1], [30, 1], [1 << 32, 1], [0, 1, 0], [0, 1, 3], [3600, 1, 2], [0, 1 << 40], [0, 1, 2, 3]],
        *[0, "x", [None, 1], [0, None], [0, 1, None], [0]],
    ],
)
def test_wire_values_that_are_no_window_are_refused(value: Value) -> None:
    with pytest.raises(Refused):
        window_from_wire(value, open_end=False)


@pytest.mark.parametrize(
    "typed",
    [
        "2017-12-09T20:00Z",
        "2017-12-10T02:00Z/2017-12-09T20:00Z",
        "2017-12-09T20:00Z/2017-12-09T20:00Z",
        "2017-12-09T20:00Z/2017-12-10",
        "2017-12-09T20:00:30Z/2017-12-10T02:00Z",
        "2017-12-05/04",
        "2017-12-09T20:00Z/..",
        "20:00Z/02:00Z",
        "1" + " " * 1_000_000 + "x",  # refused unread: the work would grow with the square of its length
        "2017-12-09T20:00Z" + " " * 200 + "/ 2017-12-10T02:00Z",
        5,
        None,
    ],
)
def test_other_windows_are_refused(typed: Json) -> None:
    with pytest.raises(Refused):
        window_from_json(typed, open_end=False)


def test_days_are_meant_with_the_last_one() -> None:
    days = window_from_json("2017-12-05/08", open_end=False)
    assert days.end == days.start + 4 * 86_400
    assert days.to_json() == "2017-12-05/2017-12-08"
    assert window_from_json("2017-12-05/2017-12-05", open_end=False).length == 1


def test_a_window_without_an_end_says_so_and_only_where_the_field_allows_it() -> None:
    window = window_from_json("2017-12-09T20:00Z/..", open_end=True)
    assert window.end is None
    assert window.text() == "2017-12-09 20:00 UTC - …"
    with pytest.raises(Refused):
        window_between(Instant(0, DAY), None, open_end=True)


def test_a_time_without_its_date_is_no_instant() -> None:
    typed = typed_time("18:24Z")
    assert typed == Typed(None, None, None, 18, 24, None)
    with pytest.raises(Refused):
        complete(typed)
    with pytest.raises(Refused):
        instant_from_json(5)


@pytest.mark.parametrize(("typed", "minutes"), [("+08:30", 510), ("UTC+0900", 540), ("-05:00", -300), ("+00:00", 0)])
def test_offsets_by_quarters_of_an_hour(typed: str, minutes: int) -> None:
    assert offset_from_json(typed) == Offset(minutes)
    assert offset_from_json(Offset(minutes).text()) == Offset(minutes)


@pytest.mark.parametrize("typed", ["08:30", "+8:30", "+08:20", "+15:00", "-12:15", "+08:60", "KST", 510, None])
def test_other_offsets_are_refused(typed: Json) -> None:
    with pytest.raises(Refused):
        offset_from_json(typed)


@pytest.mark.parametrize("value", [7, 855, -735, "510", True, None])
def test_wire_values_that_are_no_offset_are_refused(value: Value) -> None:
    with pytest.raises(Refused):
        offset_from_wire(value)
