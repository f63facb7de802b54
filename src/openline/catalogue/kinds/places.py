"""Places on the ground: point, circle, polygon, or a name from the glossary.  Datum WGS 84.

Latitude stands before longitude everywhere in this project; formats that have it the other way round
(GeoJSON) use `longitude_latitude` and `from_longitude_latitude`, and nothing else does.

Resolution: 0.0001 degree, 11 m on the meridian.  It is finer than any notice of danger needs (100 m), every
decimal of a degree that people type is exact in it, and a whole minute survives the way there and back.
Degrees with minutes or seconds are rounded to it, by 5.6 m at most.

Wire form: a text is a name; a byte string is a shape, its numbers big-endian, latitude first, in resolution steps:

    0  point              latitude (3, signed) · longitude (3, signed)
    1  circle             centre (6) · radius in metres (3)
    2  polygon            first corner (6) · difference to the corner before (2 + 2, signed) for each further corner
    3  polygon, large     the same with differences of 3 + 3 bytes; only if some difference needs them

Longitudes go from -180 up to, not including, +180 degrees; differences take the shorter way round the earth.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from struct import unpack
from typing import NamedTuple

from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.quantities import LENGTHS_METRES, parse_exact
from openline.catalogue.kinds.texts import clean_name
from openline.catalogue.kinds.values import Json
from openline.wire.cbor import Value

STEPS_PER_DEGREE = 10_000
LATITUDE_MAX = 90 * STEPS_PER_DEGREE
LONGITUDE_MAX = 180 * STEPS_PER_DEGREE
CORNERS_MIN = 3
CORNERS_MAX = 32  # a national airspace sector has fewer; 146 bytes
RADIUS_METRES_MAX = 5_000_000  # a circle larger than an ocean says nothing

EXPECTED_POINT = "latitude then longitude, each with its hemisphere, to 0.0001 degree"
EXAMPLE_POINT = "39.50N 131.50E"

_POINT, _CIRCLE, _POLYGON, _LARGE = 0, 1, 2, 3

_XY = tuple[int, int]
"""East, then north, in steps, going on past 180 degrees: for arithmetic in the plane only."""


class Point(NamedTuple):
    """A point; both numbers in steps of 0.0001 degree, north and east positive."""

    latitude: int
    longitude: int

    def to_wire(self) -> Value:
        """Shape 0."""
        return b"\x00" + _corner(self)

    def to_json(self) -> Json:
        """Such as "39.50N 131.50E"."""
        return self.text()

    def text(self) -> str:
        """Such as 39.50N 131.50E."""
        return f"{_degrees(self.latitude, 'NS')} {_degrees(self.longitude, 'EW')}"


class Circle(NamedTuple):
    """All places within a distance, in metres over ground, of a centre."""

    centre: Point
    radius: int

    def to_wire(self) -> Value:
        """Shape 1."""
        return b"\x01" + _corner(self.centre) + self.radius.to_bytes(3, "big")

    def to_json(self) -> Json:
        """An object of centre and radius."""
        return {"centre": self.centre.text(), "radius": _radius(self.radius)}

    def text(self) -> str:
        """Such as: circle 39.30N 133.70E radius 40 km."""
        return f"circle {self.centre.text()} radius {_radius(self.radius)}"


class Polygon(NamedTuple):
    """The area inside corners joined in order by the shorter lines; the first is not repeated."""

    corners: tuple[Point, ...]

    def to_wire(self) -> Value:
        """Shape 2, or 3 where a difference needs it."""
        differences = list(_differences(self.corners))
        large = any(not -0x8000 <= number < 0x8000 for number in differences)
        width = 3 if large else 2
        tail = b"".join(number.to_bytes(width, "big", signed=True) for number in differences)
        return bytes((_LARGE if large else _POLYGON,)) + _corner(self.corners[0]) + tail

    def to_json(self) -> Json:
        """An object of corners."""
        return {"corners": [corner.text() for corner in self.corners]}

    def text(self) -> str:
        """Such as: polygon 39.50N 131.50E, 39.50N 132.50E, 38.00N 132.50E."""
        return "polygon " + ", ".join(corner.text() for corner in self.corners)


class Named(NamedTuple):
    """A place by its name; where it is, both sides know from the glossary."""

    name: str

    def to_wire(self) -> Value:
        """The name."""
        return self.name

    def to_json(self) -> Json:
        """An object of the name."""
        return {"name": self.name}

    def text(self) -> str:
        """The name."""
        return self.name


Place = Point | Circle | Polygon | Named

# ---------------------------------------------------------------- the other order: the only place it exists


def longitude_latitude(point: Point) -> tuple[float, float]:
    """Return a point the other way round, in degrees, for formats that put the longitude first."""
    return point.longitude / STEPS_PER_DEGREE, point.latitude / STEPS_PER_DEGREE


def from_longitude_latitude(longitude: float, latitude: float) -> Point:
    """Return the nearest point of our resolution.  Raises Refused if it is not on the earth."""
    return make_point(round(latitude * STEPS_PER_DEGREE), round(longitude * STEPS_PER_DEGREE))


# ---------------------------------------------------------------- making and checking


def make_point(latitude: int, longitude: int) -> Point:
    """Return a point from steps of 0.0001 degree; 180 degrees east is 180 degrees west.  Raises Refused."""
    if not -LATITUDE_MAX <= latitude <= LATITUDE_MAX or not -LONGITUDE_MAX <= longitude <= LONGITUDE_MAX:
        raise Refused(EXPECTED_POINT, (latitude, longitude), EXAMPLE_POINT)
    return Point(latitude, -LONGITUDE_MAX if longitude == LONGITUDE_MAX else longitude)


def make_circle(centre: Point, radius: int) -> Circle:
    """Return a circle, radius in metres.  Raises Refused."""
    if not 1 <= radius <= RADIUS_METRES_MAX:
        raise Refused(f"a radius of 1 to {RADIUS_METRES_MAX} metres", radius, "40 km")
    return Circle(centre, radius)


def make_polygon(corners: tuple[Point, ...]) -> Polygon:
    """Return a polygon whose sides do not cross or touch.  Raises Refused."""
    if not CORNERS_MIN <= len(corners) <= CORNERS_MAX:
        raise Refused(f"{CORNERS_MIN} to {CORNERS_MAX} corners, the first not repeated", len(corners))
    _check_ring(unrolled(corners))
    return Polygon(corners)


def _check_ring(flat: list[_XY]) -> None:
    """Raise Refused if sides cross or touch, a corner does not turn, or the ring goes half round the earth."""
    easts = [east for east, _ in flat]
    if max(easts) - min(easts) >= LONGITUDE_MAX:
        raise Refused("a polygon less than 180 degrees wide", None)
    ring = [*flat, *flat[:2]]
    count = len(flat)
    for first in range(count):
        a, b = ring[first], ring[first + 1]
        # A neighbour shares a corner; it may neither run back over this side nor be of no length.
        if _turn(a, b, ring[first + 2]) == 0:
            raise Refused("corners that each turn: none repeated, none on the line between its neighbours", None)
        for second in range(first + 2, count - (first == 0)):
            if _touch(a, b, ring[second], ring[second + 1]):
                raise Refused("a polygon whose sides do not cross: check the order of its corners", None)


def make_named(name: str) -> Named:
    """Return a named place.  Raises Refused unless it may stand as a name."""
    return Named(clean_name(name))


def unrolled(corners: tuple[Point, ...]) -> list[_XY]:
    """Corners as (east, north) steps from the first's meridian, going on past 180 degrees."""
    x = corners[0].longitude
    flat = [(x, corners[0].latitude)]
    for before, corner in itertools.pairwise(corners):
        x += _shorter(corner.longitude - before.longitude)
        flat.append((x, corner.latitude))
    return flat


def _turn(a: _XY, b: _XY, c: _XY) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _touch(a: _XY, b: _XY, c: _XY, d: _XY) -> bool:
    """Whether the side a-b has a point in common with c-d; a touching end counts."""
    one, two = _turn(a, b, c), _turn(a, b, d)
    if one == two == 0:  # on one line: do they overlap?
        return max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))
    if one and two and (one > 0) == (two > 0):
        return False  # c-d lies on one side of a-b, as most sides do
    three, four = _turn(c, d, a), _turn(c, d, b)
    return three == 0 or four == 0 or (three > 0) != (four > 0)


def _shorter(difference: int) -> int:
    """The same difference of longitude, the shorter way round."""
    return (difference + LONGITUDE_MAX) % (2 * LONGITUDE_MAX) - LONGITUDE_MAX


def _differences(corners: tuple[Point, ...]) -> Iterator[int]:
    for before, corner in itertools.pairwise(corners):
        yield corner.latitude - before.latitude
        yield _shorter(corner.longitude - before.longitude)


# ---------------------------------------------------------------- wire


def _corner(point: Point) -> bytes:
    return point.latitude.to_bytes(3, "big", signed=True) + point.longitude.to_bytes(3, "big", signed=True)


def place_from_wire(value: Value) -> Place:
    """Return the place of a wire value.  Raises Refused for any other than the one form."""
    if type(value) is str:
        return make_named(value)
    if type(value) is not bytes or len(value) < 7:
        raise Refused("a place: a shape in bytes, or a name", value)
    shape = value[0]
    latitude, longitude = _signed(value[1:4]), _signed(value[4:7])
    if longitude == LONGITUDE_MAX:
        raise Refused("180 degrees east as 180 degrees west, its one form", value)
    first = make_point(latitude, longitude)
    if shape == _POINT and len(value) == 7:
        return first
    if shape == _CIRCLE and len(value) == 10:
        return make_circle(first, int.from_bytes(value[7:], "big"))
    if shape in (_POLYGON, _LARGE):
        return _polygon_from_wire(first, value[7:], shape)
    raise Refused("a place of a known shape and its length", value)


def _signed(number: bytes) -> int:
    return int.from_bytes(number, "big", signed=True)


def _polygon_from_wire(first: Point, tail: bytes, width: int) -> Polygon:
    """Read differences of `width` bytes, which is the shape's number."""
    count, rest = divmod(len(tail), 2 * width)
    if rest or not CORNERS_MIN <= count + 1 <= CORNERS_MAX:
        raise Refused(f"{CORNERS_MIN} to {CORNERS_MAX} whole corners", tail)
    if width == _LARGE:
        numbers = [_signed(tail[at : at + width]) for at in range(0, len(tail), width)]
        if all(-0x8000 <= number < 0x8000 for number in numbers):
            raise Refused("small differences in the small form", tail)
    else:
        numbers = list(unpack(f">{2 * count}h", tail))
    north, east = first
    corners, flat = [first], [(east, north)]
    for at in range(0, 2 * count, 2):
        north += numbers[at]
        if not -LATITUDE_MAX <= north <= LATITUDE_MAX or not -LONGITUDE_MAX <= numbers[at + 1] < LONGITUDE_MAX:
            raise Refused("corners on the earth, each joined to the next the shorter way", tail)
        east += numbers[at + 1]
        flat.append((east, north))
        corners.append(Point(north, (east + LONGITUDE_MAX) % (2 * LONGITUDE_MAX) - LONGITUDE_MAX))
    _check_ring(flat)
    return Polygon(tuple(corners))


# ---------------------------------------------------------------- text and JSON


def _degrees(steps: int, letters: str) -> str:
    whole, rest = divmod(abs(steps), STEPS_PER_DEGREE)
    decimals = f"{rest:04d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}{letters[steps < 0]}"


def _radius(metres: int) -> str:
    return f"{metres // 1000} km" if metres % 1000 == 0 else f"{metres} m"


_NUMBER = (
    r"(?:(?P<{0}packed>[0-9]{{4,7}})"  # DDMM or DDDMM, DDMMSS or DDDMMSS, as NOTAMs have it
    r"|(?P<{0}degrees>[0-9]{{1,3}}(?:\.[0-9]+)?)"
    r"(?:(?:\s*[°-]\s*|\s+)(?P<{0}minutes>[0-9]{{1,2}}(?:\.[0-9]{{1,2}})?)"
    r"(?:(?:\s*['′-]\s*|\s+)(?P<{0}seconds>[0-9]{{1,2}}))?)?)"
    r"\s*[°'′\"″]*\s*"
)
_COORDINATES = re.compile(
    r"\s*(?:(?P<lat_before>[NS])\s*)?" + _NUMBER.format("lat_") + r"(?P<lat_after>[NS])?\s*[,/]?\s*"
    r"(?:(?P<lon_before>[EW])\s*)?" + _NUMBER.format("lon_") + r"(?P<lon_after>[EW])?\s*",
    re.IGNORECASE,
)
_TEXT_CHARACTERS_MAX = 1_200  # 32 corners of 30 characters, and room; bounds what the expression is asked to read
_WHITE = re.compile(r"\s+")


def _single_spaced(text: str) -> str:
    """Return a text whose runs of white space are one space each, or one line feed where the run had one.

    The expressions here allow white space in many places: over a long run their work would grow with its power.
    """
    return _WHITE.sub(lambda run: "\n" if "\n" in run[0] else " ", text)


def point_from_text(text: str) -> Point:
    """Return the point that a person typed, latitude first, hemispheres as letters.  Raises Refused."""
    match = _COORDINATES.fullmatch(_single_spaced(text)) if len(text) <= _TEXT_CHARACTERS_MAX else None
    if match is None:
        raise Refused(EXPECTED_POINT, text, EXAMPLE_POINT)
    numbers = [_axis(match, "lat_", "NS", 90), _axis(match, "lon_", "EW", 180)]
    if None in numbers:
        raise Refused(EXPECTED_POINT, text, EXAMPLE_POINT)
    latitude, longitude = numbers
    return make_point(int(latitude or 0), int(longitude or 0))


def _axis(match: re.Match[str], prefix: str, letters: str, most: int) -> int | None:
    """Steps of 0.0001 degree, or None if this half of the coordinates cannot be read in one way only."""
    before, after = match[prefix + "before"], match[prefix + "after"]
    if (before is None) == (after is None):
        return None
    degrees, minutes, seconds = match[prefix + "degrees"], match[prefix + "minutes"], match[prefix + "seconds"]
    if match[prefix + "packed"]:
        parts = _unpacked(match[prefix + "packed"], 2 if letters == "NS" else 3)
        if parts is None:
            return None
        degrees, minutes, seconds = parts
    if (minutes is not None and "." in degrees) or (seconds is not None and "." in minutes):
        return None
    if Fraction(minutes or 0) >= 60 or Fraction(seconds or 0) >= 60:
        return None
    exact = (Fraction(degrees) + Fraction(minutes or 0) / 60 + Fraction(seconds or 0) / 3600) * STEPS_PER_DEGREE
    if exact > most * STEPS_PER_DEGREE or (minutes is None and exact.denominator != 1):
        return None
    sign = -1 if (before or after).upper() == letters[1] else 1
    return sign * round(exact)


def _unpacked(digits: str, degree_digits: int) -> tuple[str, str, str | None] | None:
    if len(digits) == degree_digits + 2:
        return digits[:degree_digits], digits[degree_digits:], None
    if len(digits) == degree_digits + 4:
        return digits[:degree_digits], digits[degree_digits : degree_digits + 2], digits[degree_digits + 2 :]
    return None


_CIRCLE_TEXT = re.compile(r"\s*(?:circle\s+)?(?P<centre>.+?)[\s,]*\bradius\s+(?P<radius>.+?)\s*", re.IGNORECASE)


def place_from_text(text: str) -> Place:
    """Return the place that a person typed.  Raises Refused; a name may not hold digits, so no slip becomes one."""
    if len(text) > _TEXT_CHARACTERS_MAX:
        raise Refused("a shorter place", text)
    text = _single_spaced(text)
    circle = _CIRCLE_TEXT.fullmatch(text)
    if circle is not None:
        return make_circle(point_from_text(circle["centre"]), radius_from_text(circle["radius"]))
    if not any(character.isdigit() for character in text):
        return make_named(" ".join(text.split()))
    corners = corners_from_text(re.sub(r"^\s*polygon\b", "", text, flags=re.IGNORECASE))
    return corners[0] if len(corners) == 1 else make_polygon(_opened(corners))


def corners_from_text(text: str) -> tuple[Point, ...]:
    """Return points typed one after the other, separated by commas, semicolons or lines, single-spaced.

    Raises Refused.
    """
    pieces: list[str] = []
    for piece in filter(str.strip, re.split(r"[;,\n]|(?<=[EWew])\s+(?=[NSns0-9])", text)):
        # "39.5N, 131.5E" has a comma inside: a piece without a longitude waits for the next.
        if pieces and _COORDINATES.fullmatch(pieces[-1]) is None:
            pieces[-1] += " " + piece
        else:
            pieces.append(piece)
    return tuple(point_from_text(piece) for piece in pieces or [text])


def _opened(corners: tuple[Point, ...]) -> tuple[Point, ...]:
    """Without the last corner where it repeats the first, as other formats close a ring."""
    return corners[:-1] if len(corners) > CORNERS_MIN and corners[0] == corners[-1] else corners


def radius_from_text(text: str) -> int:
    """Return metres from a length with its unit.  Raises Refused."""
    metres = parse_exact(text, LENGTHS_METRES)
    if metres is None or metres.denominator != 1:
        raise Refused("a length in whole metres, with its unit", text, "40 km")
    return int(metres)


def place_from_json(given: Json) -> Place:
    """Return the place of a JSON value: text, {lat, lon}, {centre, radius}, {corners} or {name}.  Raises Refused."""
    if isinstance(given, str):
        return place_from_text(given)
    if isinstance(given, dict):
        keys = given.keys()
        if keys == {"lat", "lon"}:
            return make_point(_decimal_steps(given["lat"]), _decimal_steps(given["lon"]))
        if keys == {"centre", "radius"}:
            return make_circle(_point_from_json(given["centre"]), radius_from_text(str(given["radius"])))
        if keys == {"corners"} and isinstance(given["corners"], list):
            return make_polygon(_opened(tuple(_point_from_json(corner) for corner in given["corners"])))
        if keys == {"name"} and isinstance(given["name"], str):
            return make_named(given["name"])
    raise Refused("a place: coordinates, {centre, radius}, {corners: […]} or {name}", given, EXAMPLE_POINT)


def _point_from_json(given: Json) -> Point:
    place = place_from_json(given)
    if not isinstance(place, Point):
        raise Refused(EXPECTED_POINT, given, EXAMPLE_POINT)
    return place


def _decimal_steps(given: Json) -> int:
    if isinstance(given, int | float) and not isinstance(given, bool):
        steps = Decimal(repr(given)) * STEPS_PER_DEGREE
        if steps.is_finite() and steps == steps.to_integral_value():
            return int(steps)
    raise Refused("decimal degrees to 0.0001, north and east positive", given, 39.5)
