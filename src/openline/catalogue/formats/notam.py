"""NOTAM text (ICAO Annex 15 and Doc 8126) for areas that are dangerous to aircraft: N1, N4 and N6, and their changes.

It is a draft for the aeronautical office that issues it: number, flight information region and Q-code are theirs to
judge.  Shapes are exact to 0.36 seconds of arc, our resolution.  Heights and the Q-line's circle are rounded outwards.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from openline.catalogue.formats.errors import ForeignRefused, NotExpressible
from openline.catalogue.formats.message import Message, drawn, feet, heights_of, innermost, window_of
from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.places import (
    STEPS_PER_DEGREE,
    Circle,
    Place,
    Point,
    Polygon,
    make_circle,
    make_point,
    make_polygon,
)
from openline.catalogue.kinds.quantities import UNLIMITED, Height
from openline.catalogue.kinds.times import Window
from openline.catalogue.kinds.values import Choice, FieldValue

AREAS: Mapping[str, str] = {"N1": "impact_areas", "N4": "area", "N6": "area"}
"""The kinds that become a NOTAM, and the field that holds the area."""

CODES: Mapping[str, str] = {
    "live_firing": "WMLW", "missile_firing": "WMLW", "bombing": "WMLW", "torpedo_firing": "WMLW",
    "demolition": "WDLW", "unmanned_aircraft": "WULW", "parachuting": "WPLW", "contamination": "WRLW",
    "formation_manoeuvre": "WVLW", "falling_debris": "WMLW", "space_reentry": "WMLW",
}  # fmt: skip
"""Q-codes (second to fifth letter) by hazard; any other is a temporary danger area."""

DANGER_AREA, EXERCISE_AREA, LAUNCH = "RDCA", "WELW", "WMLW"
FLIGHT_LEVELS_MAX = 999
NAUTICAL_MILE_METRES = 1852
METRES_PER_DEGREE = 111_195  # of a great circle on the mean sphere; the Q-line's circle needs no better
NUMBER = re.compile(r"[A-Z][0-9]{4}/[0-9]{2}")
REGION = re.compile(r"[A-Z]{4}")


def to_notam(message: Message, *, number: str, region: str, replaces: str = "") -> str:
    """Return the text of a NOTAM.

    number    of the NOTAM, as its office gives it, such as A0042/17; replaces: of the one it replaces or cancels
    region    four letters of the flight information region
    Raises NotExpressible if the message has no area or period, or a number is missing; CatalogueError.
    """
    if not NUMBER.fullmatch(number) or not REGION.fullmatch(region) or (replaces and not NUMBER.fullmatch(replaces)):
        raise NotExpressible(
            "a number or region is missing, or not of the form A0042/17, ABCD",
            hint="Ask the aeronautical office for both and give them with --number and --region.",
        )
    letter = {"K1": "R", "K2": "R", "K3": "C", "K4": "C"}.get(message.kind.code, "N")
    if (letter == "N") == bool(replaces):
        raise NotExpressible(
            "only a change replaces or cancels an earlier one, and must", hint="Give its number with --replaces."
        )
    first = f"({number} NOTAM{letter}{' ' + replaces if replaces else ''}"
    status = "" if message.status == "ACTUAL" else f"{message.status} {message.status} {message.status}. "
    if letter == "C":
        begins = f"{datetime.fromtimestamp(message.sent, UTC):%y%m%d%H%M}"
        return f"{first}\nA) {region} B) {begins}\nE) {status}{message.kind.name.upper()})"
    values = message.values()
    areas, window = _areas(message, values), window_of(values)
    if not areas or window is None or window.end is None:
        raise NotExpressible(
            f"{message.kind.code} here states no area and period for a NOTAM",
            hint=f"A NOTAM takes {', '.join(AREAS)} with circles or polygons and a period that ends.",
        )
    heights = heights_of(values)
    lower, upper = (heights.lower, heights.upper) if heights else (Height(0), Height(UNLIMITED))
    levels = f"{_level(lower, upwards=False)}/{_level(upper, upwards=True)}"
    lines = [
        first,
        f"Q) {region}/Q{_code(message, values)}/IV/BO/W/{levels}/{_around(areas)}",
        f"A) {region} B) {_ten(window.start)} C) {_ten(window.end)}",
        f"E) {status}{_what(message, values)} WI {' AND '.join(_shape(area) for area in areas)}",
        f"F) {_limit(lower)} G) {_limit(upper)})",
    ]
    return "\n".join(lines)


def _areas(message: Message, values: Mapping[str, FieldValue]) -> list[Circle | Polygon]:
    names = {AREAS[message.kind.code]} if message.kind.code in AREAS else set(AREAS.values())
    found = drawn({name: value for name, value in innermost(values).items() if name in names})
    return [place for _, place in found if isinstance(place, Circle | Polygon)]


def _hazard(values: Mapping[str, FieldValue]) -> str:
    hazard = innermost(values).get("hazard")
    return hazard.code if isinstance(hazard, Choice) else ""


def _code(message: Message, values: Mapping[str, FieldValue]) -> str:
    fixed = {"N1": LAUNCH, "N4": EXERCISE_AREA}.get(message.kind.code)
    return fixed or CODES.get(_hazard(values), DANGER_AREA)


def _what(message: Message, values: Mapping[str, FieldValue]) -> str:
    return (_hazard(values).replace("_", " ") or message.kind.name).upper()


def _ten(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%y%m%d%H%M}"


def _level(height: Height, *, upwards: bool) -> str:
    """Hundreds of feet in three digits, 999 for no limit."""
    number = feet(height, upwards=upwards)
    if number is None:
        return f"{FLIGHT_LEVELS_MAX}"
    level = -(-number // 100) if upwards else number // 100
    return f"{min(level, FLIGHT_LEVELS_MAX):03d}"


def _limit(height: Height) -> str:
    if height.unit == "FL":
        return f"FL{height.number:03d}"
    if height.number <= 0:
        return "SFC" if height.number == 0 else "UNL"
    return f"{height.number}{height.unit.upper()} AMSL"


def _shape(area: Circle | Polygon) -> str:
    if isinstance(area, Circle):
        return f"{area.radius}M RADIUS OF {_position(area.centre)}"
    return "AREA " + "-".join(_position(corner) for corner in (*area.corners, area.corners[0]))


def _position(point: Point) -> str:
    return _angle(point.latitude, 2, "NS") + _angle(point.longitude, 3, "EW")


def _angle(steps: int, digits: int, letters: str) -> str:
    """Degrees, minutes, seconds; hundredths of a second only where they are needed."""
    hundredths = abs(steps) * 36  # 0.0001 degree is 0.36 seconds
    seconds, rest = divmod(hundredths, 100)
    minutes, seconds = divmod(seconds, 60)
    degrees, minutes = divmod(minutes, 60)
    return f"{degrees:0{digits}d}{minutes:02d}{seconds:02d}{f'.{rest:02d}' if rest else ''}{letters[steps < 0]}"


def _around(areas: list[Circle | Polygon]) -> str:
    """The Q-line's circle: whole minutes and nautical miles around everything, rounded outwards."""
    points = [corner for area in areas for corner in (area.corners if isinstance(area, Polygon) else (area.centre,))]
    first = points[0].longitude
    easts = [(point.longitude - first + 1_800_000) % 3_600_000 - 1_800_000 for point in points]
    latitude = _minutes((min(p.latitude for p in points) + max(p.latitude for p in points)) / 2)
    east = first + (min(easts) + max(easts)) / 2
    longitude = _minutes((east + 1_800_000) % 3_600_000 - 1_800_000)
    centre = latitude / 60, longitude / 60
    metres = max(_reach(centre, area) for area in areas)
    radius = min(math.ceil(metres / NAUTICAL_MILE_METRES), 999)
    north = f"{abs(latitude) // 60:02d}{abs(latitude) % 60:02d}{'S' if latitude < 0 else 'N'}"
    return f"{north}{abs(longitude) // 60:03d}{abs(longitude) % 60:02d}{'W' if longitude < 0 else 'E'}{radius:03d}"


def _minutes(steps: float) -> int:
    return round(steps * 60 / STEPS_PER_DEGREE)


def _reach(centre: tuple[float, float], area: Circle | Polygon) -> float:
    if isinstance(area, Circle):
        return _metres(centre, area.centre) + area.radius
    return max(_metres(centre, corner) for corner in area.corners)


def _metres(centre: tuple[float, float], point: Point) -> float:
    """Great-circle distance on the mean sphere (haversine), and one part in a hundred more for the ellipsoid."""
    latitude, longitude = (math.radians(degrees) for degrees in centre)
    other = math.radians(point.latitude / STEPS_PER_DEGREE), math.radians(point.longitude / STEPS_PER_DEGREE)
    half = math.sin((other[0] - latitude) / 2) ** 2
    half += math.cos(latitude) * math.cos(other[0]) * math.sin((other[1] - longitude) / 2) ** 2
    return 1.01 * METRES_PER_DEGREE * math.degrees(2 * math.asin(min(1.0, math.sqrt(half))))


# ---------------------------------------------------------------- reading back what was written


@dataclass(frozen=True, slots=True)
class Notam:
    """What can be read out of a NOTAM of ours: period, areas, and limits as they are written."""

    number: str
    letter: str
    replaces: str
    window: Window | None
    areas: tuple[Place, ...]
    lower: str
    upper: str


_HEAD = re.compile(
    r"\((?P<number>[A-Z]\d{4}/\d{2}) NOTAM(?P<letter>[NRC])(?: (?P<replaces>[A-Z]\d{4}/\d{2}))?", re.ASCII
)
_PERIOD = re.compile(r"B\) (\d{10})(?: C\) (\d{10}))?", re.ASCII)
_LIMITS = re.compile(r"F\) (.+?) G\) (.+?)\)")
_POSITION = r"(\d{2})(\d{2})(\d{2}(?:\.\d{2})?)([NS])(\d{3})(\d{2})(\d{2}(?:\.\d{2})?)([EW])"
_ONE = re.compile(_POSITION, re.ASCII)
_CIRCLE = re.compile(rf"(?<!\d)(\d+)M RADIUS OF ({_POSITION})", re.ASCII)
_POLYGON = re.compile(rf"AREA ({_POSITION}(?:-{_POSITION})+)", re.ASCII)
NOTAM_CHARACTERS_MAX = 8_192


def read_notam(text: str) -> Notam:
    """Return what a NOTAM as written by `to_notam` says.  Raises ForeignRefused for any other."""
    head, period = _HEAD.match(text), _PERIOD.search(text)
    if head is None or period is None or len(text) > NOTAM_CHARACTERS_MAX:
        raise ForeignRefused("it is not a NOTAM as written here", hint="Enter it by hand.")
    limits = _LIMITS.search(text)
    try:
        areas = [_circle_of(match) for match in _CIRCLE.finditer(text)]
        areas += [_polygon_of(match[1]) for match in _POLYGON.finditer(text)]
        window = _window_of(period[1], period[2]) if period[2] else None
    except (Refused, ValueError) as error:
        raise ForeignRefused("its area or period cannot be", hint="Enter it by hand.") from error
    return Notam(
        head["number"],
        head["letter"],
        head["replaces"] or "",
        window,
        tuple(areas),
        limits[1] if limits else "",
        limits[2] if limits else "",
    )


def _window_of(begin: str, end: str) -> Window:
    start, stop = (datetime.strptime(text, "%y%m%d%H%M").replace(tzinfo=UTC).timestamp() for text in (begin, end))
    return Window(int(start), int(stop - start) // 60)


def _circle_of(match: re.Match[str]) -> Place:
    return make_circle(_point_of(match[2]), int(match[1]))


def _polygon_of(text: str) -> Place:
    corners = tuple(_point_of(position) for position in text.split("-"))
    return make_polygon(corners[:-1])


def _point_of(text: str) -> Point:
    match = _ONE.fullmatch(text)
    assert match is not None  # the expression that found it contains this one
    return make_point(_steps(match[1], match[2], match[3], match[4]), _steps(match[5], match[6], match[7], match[8]))


def _steps(degrees: str, minutes: str, seconds: str, letter: str) -> int:
    hundredths = (int(degrees) * 3600 + int(minutes) * 60) * 100 + round(float(seconds) * 100)
    steps = round(hundredths / 36)
    return -steps if letter in "SW" else steps
