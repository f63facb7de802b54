"""Numbers with units: quantities, heights, counts and bands, directions.  Never a number without its unit.

Wire forms:

    count       3, or [low, high] for a band, or [low] for "at least"
    azimuth     degrees from true north, 0 to 359; [from, to] clockwise for a sector
    quantity    [number, unit] or [digits, unit, decimals], the digits then not ending in 0
    height      metres above mean sea level, 0 for the surface, -1 for unlimited; or [number, unit] for ft and FL
    heights     [lower, upper]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.values import Json
from openline.wire.cbor import Value

DECIMALS_MAX = 6
DIGITS_MAX = 10**12  # a trillion: Bq releases use larger units
HEIGHT_METRES_MAX = 50_000_000  # beyond geostationary orbit
HEIGHT_FEET_MAX = 200_000
FLIGHT_LEVEL_MAX = 1_000
UNLIMITED = -1

LENGTHS_METRES: Mapping[str, Fraction] = {
    "m": Fraction(1),
    "km": Fraction(1000),
    "NM": Fraction(1852),
    "ft": Fraction(3048, 10_000),
}
_FEET, _FLIGHT_LEVEL = 3, 19  # unit numbers, as in units.toml; a test compares them
_HEIGHT_UNITS = {_FEET: "ft", _FLIGHT_LEVEL: "FL"}
_HEIGHT_MAX = {_FEET: HEIGHT_FEET_MAX, _FLIGHT_LEVEL: FLIGHT_LEVEL_MAX}

_WITH_UNIT = re.compile(r"\s*([0-9][0-9,]{0,18}(?:\.[0-9]{1,6})?)\s*([^0-9\s.,][^\s.,]{0,7})\s*")
_TEXT_CHARACTERS_MAX = 120  # more than any such value needs; bounds what an expression is asked to read
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")


def _readable(given: Json) -> str | None:
    """Return a text without spaces at its ends, or None if it is none or longer than any of these values."""
    text = given.strip() if isinstance(given, str) else None
    return text if text is not None and len(text) <= _TEXT_CHARACTERS_MAX else None


def whole(value: Value) -> int | None:
    """Return an integer that is not a boolean, else None."""
    return value if type(value) is int else None


def split_number(text: str) -> tuple[Fraction, str] | None:
    """Return the exact number and the unit of "18,000 m" or "1.5 TBq"; None if it is not of that shape."""
    match = _WITH_UNIT.fullmatch(text)
    if match is None or _GROUPED.fullmatch(match[1]) is None:
        return None
    return Fraction(match[1].replace(",", "")), match[2]


def parse_exact(text: str, factors: Mapping[str, Fraction]) -> Fraction | None:
    """Return a number with one of these units in the base unit, exactly; None if it is not one."""
    parts = split_number(text)
    if parts is None or parts[1] not in factors:
        return None
    return parts[0] * factors[parts[1]]


# ---------------------------------------------------------------- counts


class Count(NamedTuple):
    """A number of things: exact (low = high), a band, or at least `low` (high is None)."""

    low: int
    high: int | None

    def to_wire(self) -> Value:
        """A number, a pair, or a single in an array."""
        if self.high is None:
            return [self.low]
        return self.low if self.low == self.high else [self.low, self.high]

    def to_json(self) -> Json:
        """A number, or text such as 10-20 or at least 100."""
        if self.high is None:
            return f"at least {self.low}"
        return self.low if self.low == self.high else f"{self.low}-{self.high}"

    def text(self) -> str:
        """Such as 3, 10-20 or ≥ 100."""
        return f"≥ {self.low}" if self.high is None else str(self.to_json())


def make_count(low: int, high: int | None, most: int) -> Count:
    """Return a count within 0 and `most`.  Raises Refused."""
    if not 0 <= low <= most or (high is not None and not low <= high <= most):
        raise Refused(f"a count from 0 to {most}", low, 3)
    return Count(low, high)


def count_from_wire(value: Value, most: int) -> Count:
    """Return the count of a wire value.  Raises Refused."""
    number = whole(value)
    if number is not None:
        return make_count(number, number, most)
    if isinstance(value, list):
        numbers = [whole(item) for item in value]
        if len(numbers) == 1 and numbers[0] is not None:
            return make_count(numbers[0], None, most)
        if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None and numbers[0] != numbers[1]:
            return make_count(numbers[0], numbers[1], most)
    raise Refused("a count, a band, or at least so many", value, 3)


_COUNT_TEXT = re.compile(r"(?:(at least|≥|>=)\s*)?([0-9][0-9,]{0,12})\s*(?:(\+)|(?:-|–|to)\s*([0-9][0-9,]{0,12}))?")


def count_from_json(given: Json, most: int) -> Count:
    """Return the count of a number or a text such as "10-20" or "at least 100".  Raises Refused."""
    expected = "a number, a band such as 10-20, or at least 100"
    if type(given) is int:
        return make_count(given, given, most)
    match = _COUNT_TEXT.fullmatch(given.strip().lower()) if isinstance(given, str) else None
    if match is None or (match[1] and (match[3] or match[4])):
        raise Refused(expected, given, 3)
    if any(text is not None and _GROUPED.fullmatch(text) is None for text in (match[2], match[4])):
        raise Refused(expected, given, 3)
    low = int(match[2].replace(",", ""))
    if match[1] or match[3]:
        return make_count(low, None, most)
    return make_count(low, int(match[4].replace(",", "")) if match[4] else low, most)


# ---------------------------------------------------------------- directions


class Azimuth(NamedTuple):
    """A direction, or a sector from one clockwise to another, in whole degrees from true north."""

    degrees: int
    until: int | None = None

    def to_wire(self) -> Value:
        """A number or a pair."""
        return self.degrees if self.until is None else [self.degrees, self.until]

    def to_json(self) -> Json:
        """A number, or text such as 095-105."""
        return self.degrees if self.until is None else f"{self.degrees:03d}-{self.until:03d}"

    def text(self) -> str:
        """Three digits, as directions are spoken: 095°, 095°-105°."""
        return f"{self.degrees:03d}°" if self.until is None else f"{self.degrees:03d}°-{self.until:03d}°"


_AZIMUTH_TEXT = re.compile(r"([0-9]{1,3})\s*°?\s*(?:(?:-|–|to)\s*([0-9]{1,3})\s*°?)?\s*(?:true|t)?")


def make_azimuth(degrees: int, until: int | None) -> Azimuth:
    """Return a direction or sector.  Raises Refused."""
    if not 0 <= degrees < 360 or (until is not None and (not 0 <= until < 360 or until == degrees)):
        raise Refused("degrees from true north, 0 to 359, or a sector such as 095-105", degrees, 100)
    return Azimuth(degrees, until)


def azimuth_from_wire(value: Value) -> Azimuth:
    """Return the direction of a wire value.  Raises Refused."""
    number = whole(value)
    if number is not None:
        return make_azimuth(number, None)
    if isinstance(value, list) and len(value) == 2:
        first, second = whole(value[0]), whole(value[1])
        if first is not None and second is not None:
            return make_azimuth(first, second)
    raise Refused("a direction or a sector in degrees", value, 100)


def azimuth_from_json(given: Json) -> Azimuth:
    """Return the direction of 100, "100°" or "095-105".  Raises Refused."""
    if type(given) is int:
        return make_azimuth(given, None)
    text = _readable(given)
    match = _AZIMUTH_TEXT.fullmatch(text.lower()) if text is not None else None
    if match is None:
        raise Refused("degrees from true north, 0 to 359, or a sector such as 095-105", given, 100)
    return make_azimuth(int(match[1]), int(match[2]) if match[2] else None)


# ---------------------------------------------------------------- quantities


class Unit(NamedTuple):
    """A unit of units.toml; `factor` times the number gives the dimension's base unit, exactly."""

    number: int
    symbol: str
    dimension: str
    factor: Fraction


class Quantity(NamedTuple):
    """A decimal number with its unit: digits / 10^decimals."""

    digits: int
    decimals: int
    unit: Unit

    def to_wire(self) -> Value:
        """[digits, unit], or [digits, unit, decimals]."""
        return [self.digits, self.unit.number, self.decimals] if self.decimals else [self.digits, self.unit.number]

    def to_json(self) -> Json:
        """Such as 90 kt."""
        return self.text()

    def text(self) -> str:
        """Such as 90 kt or 1.5 TBq."""
        whole_part, rest = divmod(self.digits, 10**self.decimals)
        number = f"{whole_part}.{rest:0{self.decimals}d}" if self.decimals else str(whole_part)
        return f"{number} {self.unit.symbol}"

    def exact(self) -> Fraction:
        """Return the number in the dimension's base unit."""
        return Fraction(self.digits, 10**self.decimals) * self.unit.factor


def make_quantity(number: Fraction, unit: Unit) -> Quantity:
    """Return a quantity with at most six decimals.  Raises Refused."""
    for decimals in range(DECIMALS_MAX + 1):
        digits = number * 10**decimals
        if digits.denominator == 1 and 0 <= digits < DIGITS_MAX:
            return Quantity(int(digits), decimals, unit)
    raise Refused(f"a number with at most {DECIMALS_MAX} decimals", str(number), f"90 {unit.symbol}")


def quantity_from_wire(value: Value, units: Mapping[int, Unit]) -> Quantity:
    """Return the quantity of a wire value, in one of these units.  Raises Refused."""
    if isinstance(value, list) and len(value) in (2, 3):
        digits, number, decimals = whole(value[0]), whole(value[1]), whole(value[2]) if len(value) == 3 else 0
        unit = units.get(number) if number is not None else None
        if digits is not None and unit is not None and decimals is not None and 0 <= digits < DIGITS_MAX:
            one_form = len(value) == 2 or (1 <= decimals <= DECIMALS_MAX and digits % 10)
            if one_form:
                return Quantity(digits, decimals, unit)
    raise Refused(f"a number with a unit of {_symbols(units)}", value)


def quantity_from_json(given: Json, units: Mapping[int, Unit]) -> Quantity:
    """Return the quantity of a text such as "90 kt".  Raises Refused."""
    parts = split_number(given) if isinstance(given, str) else None
    unit = next((unit for unit in units.values() if parts is not None and unit.symbol == parts[1]), None)
    if parts is None or unit is None:
        example = f"90 {next(iter(units.values())).symbol}"
        raise Refused(f"a number with a unit of {_symbols(units)}", given, example)
    return make_quantity(parts[0], unit)


def _symbols(units: Mapping[int, Unit]) -> str:
    return ", ".join(unit.symbol for unit in units.values())


# ---------------------------------------------------------------- heights


class Height(NamedTuple):
    """A height: metres above mean sea level (0 surface, -1 unlimited), feet (ft), or a flight level (FL)."""

    number: int
    unit: str = "m"

    def to_wire(self) -> Value:
        """A number of metres, or a pair with the unit."""
        if self.unit == "m":
            return self.number
        return [self.number, _FEET if self.unit == "ft" else _FLIGHT_LEVEL]

    def to_json(self) -> Json:
        """Such as surface, 18000 m, 59000 ft, FL590, unlimited."""
        return self.text()

    def text(self) -> str:
        """Such as surface, 18000 m, 59000 ft, FL590, unlimited."""
        if self.unit == "m" and self.number <= 0:
            return "surface" if self.number == 0 else "unlimited"
        return f"FL{self.number:03d}" if self.unit == "FL" else f"{self.number} {self.unit}"


EXPECTED_HEIGHT = "a height with its unit (m, km, ft, FL), surface or unlimited"
_FLIGHT_LEVEL_TEXT = re.compile(r"FL\s*([0-9]{1,4})", re.IGNORECASE)
_WORDS = {"surface": 0, "sfc": 0, "unlimited": UNLIMITED, "unl": UNLIMITED}


def height_from_wire(value: Value) -> Height:
    """Return the height of a wire value.  Raises Refused."""
    metres = whole(value)
    if metres is not None and UNLIMITED <= metres <= HEIGHT_METRES_MAX:
        return Height(metres)
    if isinstance(value, list) and len(value) == 2:
        number, unit = whole(value[0]), whole(value[1])
        if number is not None and unit in _HEIGHT_UNITS and 1 <= number <= _HEIGHT_MAX[unit]:
            return Height(number, _HEIGHT_UNITS[unit])
    raise Refused(EXPECTED_HEIGHT, value, "18000 m")


def height_from_json(given: Json) -> Height:
    """Return the height of a text such as "18,000 m", "FL590" or "surface".  Raises Refused."""
    if isinstance(given, str):
        if given.strip().lower() in _WORDS:
            return Height(_WORDS[given.strip().lower()])
        level = _FLIGHT_LEVEL_TEXT.fullmatch(given.strip())
        if level is not None:
            return height_from_wire([int(level[1]), _FLIGHT_LEVEL])
        parts = split_number(given)
        if parts is not None and parts[1] == "ft" and parts[0].denominator == 1:
            return height_from_wire([int(parts[0]), _FEET])
        if parts is not None and parts[1] in ("m", "km"):
            metres = parts[0] * LENGTHS_METRES[parts[1]]
            if metres.denominator == 1 and metres > 0:
                return height_from_wire(int(metres))
    raise Refused(EXPECTED_HEIGHT, given, "18000 m")


class Heights(NamedTuple):
    """From a lower to an upper height."""

    lower: Height
    upper: Height

    def to_wire(self) -> Value:
        """A pair."""
        return [self.lower.to_wire(), self.upper.to_wire()]

    def to_json(self) -> Json:
        """An object of lower and upper."""
        return {"lower": self.lower.text(), "upper": self.upper.text()}

    def text(self) -> str:
        """Such as surface - 18000 m."""
        return f"{self.lower.text()} - {self.upper.text()}"


def make_heights(lower: Height, upper: Height) -> Heights:
    """Return heights in rising order, as far as their units can be compared.  Raises Refused."""
    same = lower.unit == upper.unit and upper.number != UNLIMITED
    if lower.number == UNLIMITED or (same and lower.number >= upper.number) or upper.number == 0:
        raise Refused("a lower height below the upper one", (lower, upper), "surface/18000 m")
    return Heights(lower, upper)


def heights_from_wire(value: Value) -> Heights:
    """Return the heights of a wire value.  Raises Refused."""
    if not isinstance(value, list) or len(value) != 2:
        raise Refused("a lower and an upper height", value, "surface/18000 m")
    return make_heights(height_from_wire(value[0]), height_from_wire(value[1]))


def heights_from_json(given: Json) -> Heights:
    """Return the heights of {lower, upper} or a text such as "surface to 18,000 m".  Raises Refused."""
    if isinstance(given, dict) and given.keys() == {"lower", "upper"}:
        return make_heights(height_from_json(given["lower"]), height_from_json(given["upper"]))
    text = _readable(given)
    if text is not None:
        parts = re.split(r"\s+to\s+|\s*[/–]\s*|\s+-\s+", text)
        if len(parts) == 2:
            return make_heights(height_from_json(parts[0]), height_from_json(parts[1]))
    raise Refused("a lower and an upper height", given, "surface/18000 m")
