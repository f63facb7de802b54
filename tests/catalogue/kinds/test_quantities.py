"""Numbers: never without a unit, never rounded, each in one form."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.catalogue.kinds import CATALOGUE, Refused
from openline.catalogue.kinds import quantities as q
from openline.catalogue.kinds.values import Json
from openline.wire.cbor import Value
from tests.catalogue.kinds.strategies import UNITS, azimuths, counts, height_pairs, heights, quantities

SPEEDS = {unit.number: unit for unit in UNITS.values() if unit.dimension == "speed"}


def test_units_keep_their_numbers_and_factors() -> None:
    """The catalogue's units, compared with the list written by hand in the strategies."""
    for kind in CATALOGUE.kinds.values():
        for field in (*kind.fields, *(inner for outer in kind.fields for inner in outer.fields)):
            if field.type == "quantity":
                for symbol in field.units:
                    unit = UNITS[symbol]
                    read = field.codec.from_wire([15, unit.number])
                    assert read == q.Quantity(15, 0, unit)
    assert (UNITS["ft"].number, UNITS["FL"].number) == (3, 19)
    assert {symbol: UNITS[symbol].factor for symbol in q.LENGTHS_METRES} == q.LENGTHS_METRES


@given(quantities(("kt", "km/h")))
def test_a_quantity_reads_back(quantity: q.Quantity) -> None:
    assert q.quantity_from_wire(quantity.to_wire(), SPEEDS) == quantity
    assert q.quantity_from_json(quantity.to_json(), SPEEDS) == quantity
    assert quantity.exact() == Fraction(quantity.digits, 10**quantity.decimals) * quantity.unit.factor


@given(heights)
def test_a_height_reads_back(height: q.Height) -> None:
    assert q.height_from_wire(height.to_wire()) == height
    assert q.height_from_json(height.to_json()) == height


@given(height_pairs)
def test_heights_read_back(pair: q.Heights) -> None:
    assert q.heights_from_wire(pair.to_wire()) == pair
    assert q.heights_from_json(pair.to_json()) == pair
    assert q.heights_from_json(pair.text()) == pair


@given(counts(1000))
def test_a_count_reads_back(count: q.Count) -> None:
    assert q.count_from_wire(count.to_wire(), 1000) == count
    assert q.count_from_json(count.to_json(), 1000) == count
    assert q.count_from_json(count.text(), 1000) == count


@given(azimuths)
def test_a_direction_reads_back(azimuth: q.Azimuth) -> None:
    assert q.azimuth_from_wire(azimuth.to_wire()) == azimuth
    assert q.azimuth_from_json(azimuth.to_json()) == azimuth
    assert q.azimuth_from_json(azimuth.text()) == azimuth


def read_count(value: Value) -> q.Count:
    return q.count_from_wire(value, 100)


def read_quantity(value: Value) -> q.Quantity:
    return q.quantity_from_wire(value, SPEEDS)


WIRE: list[tuple[Callable[[Value], object], list[Value]]] = [
    (read_count, [-1, 101, [101], [5, 5], [6, 5], [], [1, 2, 3], [1, 101], "5", True, [True], [None, 5], [5, "6"]]),
    (q.azimuth_from_wire, [-1, 360, [5, 5], [5], [5, 360], [5, 6, 7], "5", True, [None, 5], [5, None], b""]),
    (
        read_quantity,
        [
            90,
            [90],
            [90, 0],
            [90, 99],
            [-1, 6],
            [q.DIGITS_MAX, 6],
            [90, 6, 0],
            [90, 6, 1],
            [95, 6, 7],
            [95, 6, 1, 1],
            ["90", 6],
            [90, True],
            [95, 6, None],
            [95, None],
        ],
    ),
    (
        q.height_from_wire,
        [-2, q.HEIGHT_METRES_MAX + 1, [0, 3], [5, 0], [200_001, 3], [1001, 19], [5], [5, 3, 3], "5", True, [None, 3]],
    ),
    (
        q.heights_from_wire,
        [5, [5], [5, 5], [6, 5], [-1, 5], [5, 0], [5, -2], [[590, 19], [100, 19]], [1, 2, 3], [None, 5]],
    ),
]


@pytest.mark.parametrize(("read", "value"), [(read, value) for read, values in WIRE for value in values])
def test_wire_values_of_a_second_form_or_of_none_are_refused(read: Callable[[Value], object], value: Value) -> None:
    with pytest.raises(Refused):
        read(value)


def count_json(given: Json) -> q.Count:
    return q.count_from_json(given, 10_000)


def quantity_json(given: Json) -> q.Quantity:
    return q.quantity_from_json(given, SPEEDS)


JSON: list[tuple[Callable[[Json], object], list[Json]]] = [
    (
        count_json,
        [-1, 10_001, "many", "10-5", "at least 5+", "at least 5-6", "1,00", "1.5", "1,000,0-2", 1.0, True, None],
    ),
    (q.azimuth_from_json, [360, "360", "N", "1000", "95-95", "95/105", -5, 1.5, None, True]),
    (quantity_json, ["90", 90, "90 m", "90 KT", "-5 kt", "1.1234567 kt", "1,00 kt", "9999999999999 kt", "kt", None]),
    (
        q.height_from_json,
        [
            "18000",
            18000,
            "0 m",
            "0 ft",
            "1.5 m",
            "1.5 ft",
            "FL0",
            "FL1001",
            "-5 m",
            "18000 NM",
            "high",
            None,
            "200001 ft",
            "60000 km",
        ],
    ),
    (
        q.heights_from_json,
        [
            "18000 m",
            "18000 m to surface",
            "surface to surface",
            "unlimited to 5 m",
            5,
            None,
            {"lower": "surface"},
            {"lower": "surface", "upper": "5 m", "x": 1},
            "1 m to 2 m to 3 m",
        ],
    ),
]


@pytest.mark.parametrize(("read", "given_value"), [(read, value) for read, values in JSON for value in values])
def test_json_that_is_no_such_number_is_refused(read: Callable[[Json], object], given_value: Json) -> None:
    with pytest.raises(Refused):
        read(given_value)


@pytest.mark.parametrize(
    ("typed", "count"),
    [(3, q.Count(3, 3)), ("1,000", q.Count(1000, 1000)), ("10 to 20", q.Count(10, 20)), ("100+", q.Count(100, None))],
)
def test_counts_as_people_write_them(typed: Json, count: q.Count) -> None:
    assert count_json(typed) == count


def test_heights_of_different_units_are_left_to_the_reader() -> None:
    assert q.heights_from_json("FL100 to 5000 m") == q.Heights(q.Height(100, "FL"), q.Height(5000))
    assert q.heights_from_json("surface/unlimited").text() == "surface - unlimited"


@pytest.mark.parametrize("filler", [" ", "\t", "1", "1 ", ",", "to ", " - "])
def test_a_text_of_any_length_is_refused_at_once(filler: str) -> None:
    """Directions took the cube of a run of white space and heights its square; now neither reads a long text."""
    before = process_time()
    for read in (count_json, q.azimuth_from_json, quantity_json, q.height_from_json, q.heights_from_json):
        with pytest.raises(Refused):
            read("1" + filler * 20_000 + "x")
    assert process_time() - before < 1


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    problems: list[Refused] = []
    for read in (count_json, q.azimuth_from_json, quantity_json, q.height_from_json, q.heights_from_json):
        try:
            read(text)
        except Refused as refused:
            problems.append(refused)
    assert all(problem.expected for problem in problems)
