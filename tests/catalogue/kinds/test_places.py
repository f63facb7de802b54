"""Places: one form each, latitude first, nothing rounded in silence, no area that cannot be."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given

from openline.catalogue.kinds import Refused
from openline.catalogue.kinds.places import (
    CORNERS_MAX,
    RADIUS_METRES_MAX,
    Circle,
    Named,
    Place,
    Point,
    Polygon,
    from_longitude_latitude,
    longitude_latitude,
    make_circle,
    make_named,
    make_point,
    make_polygon,
    place_from_json,
    place_from_text,
    place_from_wire,
    point_from_text,
)
from openline.catalogue.kinds.values import Json
from openline.wire.cbor import Value
from tests.catalogue.kinds.strategies import places, points, polygons

NORTH_EAST = Point(395_000, 1_315_000)


def test_the_other_order_exists_in_one_place_only() -> None:
    """GeoJSON's order is longitude first: a mistake here would move a danger area to another sea."""
    assert longitude_latitude(NORTH_EAST) == (131.5, 39.5)
    assert from_longitude_latitude(131.5, 39.5) == NORTH_EAST
    assert from_longitude_latitude(-129.70124, -38.65436) == Point(-386_544, -1_297_012)
    with pytest.raises(Refused):
        from_longitude_latitude(39.5, 131.5)


@given(points)
def test_the_other_order_and_back_is_the_same_point(point: Point) -> None:
    assert from_longitude_latitude(*longitude_latitude(point)) == point


@given(places)
def test_a_place_reads_back_from_its_text_its_json_and_its_bytes(place: Place) -> None:
    assert place_from_wire(place.to_wire()) == place
    assert place_from_json(place.to_json()) == place
    assert place_from_text(place.text()) == place


@given(points)
def test_whole_minutes_survive_the_way_there_and_back(point: Point) -> None:
    minutes = round(point.latitude * 60 / 10_000)
    degrees, rest = divmod(abs(minutes), 60)
    typed = f"{degrees:02d}-{rest:02d}{'S' if minutes < 0 else 'N'} 010-00E"
    if abs(minutes) > 90 * 60:
        return
    read = place_from_text(typed)
    assert isinstance(read, Point)
    assert round(read.latitude * 60 / 10_000) == minutes


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("39.50N 131.50E", NORTH_EAST),
        ("39.5N,131.5E", NORTH_EAST),
        ("N39.5 E131.5", NORTH_EAST),
        ("39°30'N 131°30'E", NORTH_EAST),
        ("3930N 13130E", NORTH_EAST),
        ("393000N 1313000E", NORTH_EAST),
        ("0.0001S 0.0001W", Point(-1, -1)),
        ("0N 0E", Point(0, 0)),
        ("0S 0W", Point(0, 0)),
        ("90N 180E", Point(900_000, -1_800_000)),
        ("39-30.5N 131-30.25E", Point(395_083, 1_315_042)),
    ],
)
def test_coordinates_as_people_write_them(typed: str, point: Point) -> None:
    assert place_from_text(typed) == point


@pytest.mark.parametrize(
    "typed",
    [
        "39.5 131.5",  # no hemispheres
        "131.5E 39.5N",  # longitude first
        "131.5N 39.5E",  # beyond the pole
        "39.5N 131.5",
        "39.5E 131.5N",
        "N39.5N 131.5E",
        "39.50001N 131.5E",  # finer than what will be sent
        "39-60N 131-30E",
        "39-30-60N 131-30E",
        "39.5-30N 131-30E",
        "39-30.5-10N 131-30E",
        "93030N 13130E",  # not a whole pair of degrees and minutes
        "1313N0 13130E",
        "39.5N 180.1E",
        "39.5N 131.5E 1",
        "39.5N",
        "39,5N 131,5E",
        "circle 39.5N 131.5E",
        "circle 39.5N 131.5E radius 40",
        "circle 39.5N 131.5E radius 0.0001 m",
        "circle 39.5N 131.5E radius 0 km",
        "circle 39.5N 131.5E radius 40 nm",
        "39.5N 131.5E, 40N 131.5E",  # two corners
        "39.5N 131.5E; 39.5N 132.5E; 38N 131.5E; 38N 132.5E",  # a bow tie
        "39N 131E; 39N 132E; 39N 133E",  # a line
        "39N 131E; 39N 132E; 39N 132E; 38N 131E",
        "39N 131E; 39N 133E; 38N 132E; 39N 132E",  # a corner on a side
        "0N 0E; 10N 100E; 0N 170W; 10S 100E",  # half round the earth
        "",
        "?",
        " ",
        "x" * 2000,
        "Area 7",  # a slip in coordinates must never become a name
        "a\u202eb",
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        place_from_text(typed)


@pytest.mark.parametrize("filler", [" ", "\t", "\n", "\u3000", " \n", ", ", ",", "'", "1 ", "radius ", "1E "])
def test_the_longest_place_is_refused_at_once(filler: str) -> None:
    """However white space, commas or numbers are repeated, the work grows with the length, not with its power."""
    before = process_time()
    for start, end in (("1", "x"), ("1N", "x"), ("circle 1", ""), ("", "1")):
        for read in (place_from_text, point_from_text):
            with pytest.raises(Refused):
                read(start + filler * (1_190 // len(filler)) + end)
    assert process_time() - before < 2


def test_white_space_between_the_parts_of_a_place_does_not_matter() -> None:
    assert place_from_text("39.5N" + " " * 500 + "131.5E") == place_from_text("39.5N 131.5E")
    assert place_from_text("39N \n 131E;\n\n39N\t132E ;  38N 132E") == place_from_text("39N 131E; 39N 132E; 38N 132E")
    circle = "circle  39.5N\u3000131.5E \n radius   40  km "
    assert place_from_text(circle) == place_from_text("circle 39.5N 131.5E radius 40 km")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"lat": 39.5, "lon": 131.5}, NORTH_EAST),
        ({"lat": -39, "lon": 131.5001}, Point(-390_000, 1_315_001)),
        ({"centre": {"lat": 39.5, "lon": 131.5}, "radius": "40 km"}, Circle(NORTH_EAST, 40_000)),
        ({"name": "Sector 7"}, Named("Sector 7")),
        ("Pyongyang", Named("Pyongyang")),
    ],
)
def test_places_in_json(given: Json, place: Place) -> None:
    assert place_from_json(given) == place


@pytest.mark.parametrize(
    "given",
    [
        {"lat": 39.50001, "lon": 131.5},
        {"lat": True, "lon": 131.5},
        {"lat": float("nan"), "lon": 131.5},
        {"lat": float("inf"), "lon": 131.5},
        {"lat": 91, "lon": 131.5},
        {"lat": 39.5},
        {"lat": 39.5, "lon": 131.5, "radius": "1 km"},
        {"centre": "Pyongyang", "radius": "1 km"},
        {"centre": "39.5N 131.5E", "radius": 40},
        {"corners": "39.5N 131.5E"},
        {"corners": ["39.5N 131.5E"]},
        {"name": 5},
        [39.5, 131.5],
        5,
        None,
    ],
)
def test_json_that_is_no_place_is_refused(given: Json) -> None:
    with pytest.raises(Refused):
        place_from_json(given)


def wire(shape: int, *numbers: tuple[int, int]) -> bytes:
    return bytes([shape]) + b"".join(number.to_bytes(width, "big", signed=True) for number, width in numbers)


FIRST = ((395_000, 3), (1_315_000, 3))


@pytest.mark.parametrize(
    "value",
    [
        5,
        b"",
        wire(0, *FIRST)[:-1],
        wire(0, *FIRST) + b"\0",
        wire(4, *FIRST),
        wire(0, (900_001, 3), (0, 3)),
        wire(0, (0, 3), (1_800_000, 3)),  # 180 degrees east: a second form of 180 degrees west
        wire(1, *FIRST, (0, 3)),
        wire(1, *FIRST, (RADIUS_METRES_MAX + 1, 3)),
        wire(2, *FIRST, (10_000, 2)),
        wire(2, *FIRST, (10_000, 2), (0, 2)),
        wire(3, *FIRST, (10_000, 3), (0, 3), (0, 3), (10_000, 3)),  # small differences in the large form
        wire(3, (800_000, 3), (0, 3), (200_000, 3), (0, 3), (0, 3), (40_000, 3)),  # beyond the pole
        wire(3, (0, 3), (0, 3), (10_000, 3), (1_800_000, 3), (10_000, 3), (0, 3)),  # the longer way round
        "",
        "7 islands",
        "two  spaces",
        "x" * 65,
    ],
)
def test_wire_values_of_a_second_form_or_of_none_are_refused(value: Value) -> None:
    with pytest.raises(Refused):
        place_from_wire(value)


def test_too_many_corners_are_refused_before_they_are_joined() -> None:
    corner = wire(0, (1, 2), (1, 2))[1:]
    with pytest.raises(Refused):
        place_from_wire(wire(2, *FIRST) + corner * (CORNERS_MAX + 1))
    with pytest.raises(Refused):
        place_from_wire(wire(2, *FIRST) + corner * CORNERS_MAX)


def test_sides_on_one_line_may_stand_apart_but_not_run_over_each_other() -> None:
    apart = place_from_text("0N 0E; 0N 1E; 1N 1E; 1N 2E; 0N 2E; 0N 3E; 2N 3E; 2N 0E")
    assert isinstance(apart, Polygon)
    with pytest.raises(Refused):
        place_from_text("0N 0E; 0N 2E; 1N 2E; 1N 3E; 0N 3E; 0N 1E; 1S 1E")


def test_an_area_across_the_date_line_keeps_its_shape() -> None:
    area = place_from_text("10N 179E; 10N 179W; 7N 179W; 7N 179E")
    assert isinstance(area, Polygon)
    data = area.to_wire()
    assert isinstance(data, bytes)
    assert len(data) == 7 + 3 * 4
    assert place_from_wire(area.to_wire()) == area


@given(polygons())
def test_a_polygon_takes_the_large_form_only_if_it_must(polygon: Polygon) -> None:
    data = polygon.to_wire()
    assert isinstance(data, bytes)
    assert data[0] in (2, 3)
    assert place_from_wire(data) == polygon


def test_makers_refuse_what_readers_refuse() -> None:
    for make in (
        lambda: make_point(900_001, 0),
        lambda: make_circle(NORTH_EAST, 0),
        lambda: make_polygon((NORTH_EAST,)),
        lambda: make_named("7"),
    ):
        with pytest.raises(Refused):
            make()
    assert make_point(0, 1_800_000) == Point(0, -1_800_000)


def test_radii_are_shown_in_the_larger_unit_where_it_is_whole() -> None:
    assert Circle(NORTH_EAST, 40_000).text() == "circle 39.50N 131.50E radius 40 km"
    assert Circle(NORTH_EAST, 1_500).text() == "circle 39.50N 131.50E radius 1500 m"
