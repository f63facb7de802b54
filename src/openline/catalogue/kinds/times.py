"""Times: instants, windows and UTC offsets.  Always UTC, always the 24-hour clock, always with the date.

Wire forms (UTC seconds since 1970):

    instant    seconds; on a whole minute it is meant to the minute, else to the second
               [seconds, precision] at the beginning of an hour (1) or a day (2) that is meant as a whole
    window     [start, minutes], both ends on whole minutes
               [start, hours or days, precision]; a window of days is meant with its last day
               [start] without an end: until further notice
    offset     minutes east of UTC, a multiple of 15
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.quantities import whole
from openline.catalogue.kinds.values import Json
from openline.wire.cbor import Value
from openline.wire.statement import TIME_MAX

MINUTE, HOUR, DAY = 0, 1, 2
UNIT_SECONDS = (60, 3600, 86_400)
OFFSET_MINUTES_MIN, OFFSET_MINUTES_MAX, OFFSET_STEP = -720, 840, 15  # every zone in use since 1945 keeps to these

EXPECTED_INSTANT = "a UTC time such as 2017-12-09T18:24Z, or a day"
EXAMPLE_INSTANT = "2017-12-09T18:24Z"
EXPECTED_WINDOW = "two UTC times such as 2017-12-09T20:00Z/2017-12-10T02:00Z, or two days"
EXAMPLE_WINDOW = "2017-12-09T20:00Z/2017-12-10T02:00Z"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


class Instant(NamedTuple):
    """A moment, or the hour or day that begins with it."""

    seconds: int
    precision: int = MINUTE

    def to_wire(self) -> Value:
        """Seconds, or a pair."""
        return self.seconds if self.precision == MINUTE else [self.seconds, self.precision]

    def to_json(self) -> Json:
        """Such as 2017-12-09T18:24Z."""
        return _moment(self.seconds).strftime(self._pattern("T", "Z", "%Y-%m-%dT%HZ"))

    def text(self) -> str:
        """Such as 2017-12-09 18:24 UTC."""
        return _moment(self.seconds).strftime(self._pattern(" ", " UTC", "%Y-%m-%d %Hh UTC"))

    def _pattern(self, between: str, after: str, hour: str) -> str:
        if self.precision == DAY:
            return "%Y-%m-%d"
        if self.precision == HOUR:
            return hour
        return f"%Y-%m-%d{between}%H:%M{':%S' if self.seconds % 60 else ''}{after}"


def make_instant(seconds: int, precision: int) -> Instant:
    """Return an instant; an hour or a day is given by its beginning.  Raises Refused."""
    if not 0 <= seconds <= TIME_MAX or (precision != MINUTE and seconds % UNIT_SECONDS[precision]):
        raise Refused(EXPECTED_INSTANT, seconds, EXAMPLE_INSTANT)
    return Instant(seconds, precision)


def instant_from_wire(value: Value) -> Instant:
    """Return the instant of a wire value.  Raises Refused."""
    seconds = whole(value)
    if seconds is not None:
        return make_instant(seconds, MINUTE)
    if isinstance(value, list) and len(value) == 2:
        seconds, precision = whole(value[0]), whole(value[1])
        if seconds is not None and precision in (HOUR, DAY):
            return make_instant(seconds, precision)
    raise Refused(EXPECTED_INSTANT, value, EXAMPLE_INSTANT)


class Window(NamedTuple):
    """A time from `start` on, lasting `length` units of its precision; `length` None has no end."""

    start: int
    length: int | None
    precision: int = MINUTE

    @property
    def end(self) -> int | None:
        """Return the second at which the window has ended, or None."""
        return None if self.length is None else self.start + self.length * UNIT_SECONDS[self.precision]

    def to_wire(self) -> Value:
        """An array of one, two or three numbers."""
        if self.length is None:
            return [self.start]
        return [self.start, self.length] if self.precision == MINUTE else [self.start, self.length, self.precision]

    def ends(self) -> tuple[Instant, Instant | None]:
        """Return both ends as they are written; of days the second is the last day, None is no end."""
        start = Instant(self.start, self.precision)
        if self.length is None:
            return start, None
        # Days are meant with the last one: 5 to 8 December is four days.
        last = self.length - 1 if self.precision == DAY else self.length
        return start, Instant(self.start + last * UNIT_SECONDS[self.precision], self.precision)

    def to_json(self) -> Json:
        """Such as 2017-12-09T20:00Z/2017-12-10T02:00Z; without an end, two dots."""
        start, end = self.ends()
        return f"{start.to_json()}/{end.to_json() if end else '..'}"

    def text(self) -> str:
        """Such as 2017-12-09 20:00 UTC - 2017-12-10 02:00 UTC."""
        start, end = self.ends()
        return f"{start.text()} - {end.text() if end else '…'}"


def make_window(start: int, length: int | None, precision: int, *, open_end: bool) -> Window:
    """Return a window of at least one unit.  Raises Refused."""
    aligned = 0 <= start <= TIME_MAX and start % UNIT_SECONDS[precision] == 0
    if length is None:
        if not open_end:
            raise Refused("a window with an end", None, EXAMPLE_WINDOW)
        in_range = precision == MINUTE
    else:
        in_range = length >= 1 and start + length * UNIT_SECONDS[precision] <= TIME_MAX
    if not aligned or not in_range:
        raise Refused(EXPECTED_WINDOW + ", the second one later", (start, length), EXAMPLE_WINDOW)
    return Window(start, length, precision)


def window_from_wire(value: Value, *, open_end: bool) -> Window:
    """Return the window of a wire value.  Raises Refused."""
    if isinstance(value, list) and 1 <= len(value) <= 3:
        numbers = [whole(item) for item in value]
        start = numbers[0]
        if start is not None and len(numbers) == 1:
            return make_window(start, None, MINUTE, open_end=open_end)
        length, precision = numbers[1] if len(numbers) > 1 else None, numbers[2] if len(numbers) == 3 else MINUTE
        coarse = len(numbers) == 2 or precision in (HOUR, DAY)
        if start is not None and length is not None and precision is not None and coarse:
            return make_window(start, length, precision, open_end=open_end)
    raise Refused(EXPECTED_WINDOW, value, EXAMPLE_WINDOW)


# ---------------------------------------------------------------- what people type


class Typed(NamedTuple):
    """A time as typed, possibly without year, month or day; what is missing must come from elsewhere."""

    year: int | None
    month: int | None
    day: int | None
    hour: int | None
    minute: int | None
    second: int | None

    @property
    def precision(self) -> int:
        """Return to what unit it was typed."""
        return DAY if self.hour is None else HOUR if self.minute is None else MINUTE


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TWO = "[0-9]{2}"
_ISO = re.compile(
    rf"(?P<year>[0-9]{{4}})-(?P<month>{_TWO})-(?P<day>{_TWO})"
    rf"(?:[T ]\s*(?P<hour>{_TWO})(?::?(?P<minute>{_TWO})(?::(?P<second>{_TWO}))?)?\s*(?:Z|UTC|h ?UTC|h ?Z)?)?"
)
_CLOCK = re.compile(rf"(?P<hour>{_TWO})(?::(?P<minute>{_TWO})(?::(?P<second>{_TWO}))?|(?P<packed>{_TWO}))\s*(?:Z|UTC)?")
_DATE_TIME_GROUP = re.compile(
    rf"(?P<day>{_TWO}) ?(?P<hour>{_TWO}):?(?P<minute>{_TWO})\s*Z?"
    rf"(?:\s*(?P<month>[A-Z]{{3}})\s*(?P<year>[0-9]{{4}}|{_TWO}))?"
)
_TEXT_CHARACTERS_MAX = 40


def typed_time(text: str) -> Typed:
    """Return what was typed: ISO 8601, a clock time (18:24Z, 1824), or a date-time group (091824Z DEC 17).

    Only UTC on the 24-hour clock; "pm", other zones and other orders of a date are refused.  Raises Refused.
    """
    stripped = text.strip().upper().replace("H UTC", "hUTC").replace("HUTC", "hUTC")
    match = None
    if len(stripped) <= _TEXT_CHARACTERS_MAX:
        for pattern in (_ISO, _CLOCK, _DATE_TIME_GROUP):
            match = match or pattern.fullmatch(stripped)
    if match is None:
        raise Refused(EXPECTED_INSTANT, text, EXAMPLE_INSTANT)
    groups: dict[str, str | None] = match.groupdict()
    month = groups.get("month")
    if month is not None and month.isalpha():
        if month not in _MONTHS:
            raise Refused(EXPECTED_INSTANT, text, EXAMPLE_INSTANT)
        groups["month"] = str(_MONTHS.index(month) + 1)
    groups["minute"] = groups.get("packed") or groups.get("minute")
    year = groups.get("year")
    if year is not None and len(year) == 2:
        groups["year"] = f"20{year}"
    typed = Typed(**{name: _number(groups.get(name)) for name in Typed._fields})
    if (typed.hour or 0) > 23 or (typed.minute or 0) > 59 or (typed.second or 0) > 59:
        raise Refused(EXPECTED_INSTANT, text, EXAMPLE_INSTANT)
    return typed


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def complete(typed: Typed) -> Instant:
    """Return the instant of a time typed with its whole date.  Raises Refused."""
    if typed.year is None or typed.month is None or typed.day is None:
        raise Refused("a time with its date", None, EXAMPLE_INSTANT)
    try:
        moment = datetime(
            typed.year, typed.month, typed.day, typed.hour or 0, typed.minute or 0, typed.second or 0, tzinfo=UTC
        )
    except ValueError as error:
        raise Refused("a date that the calendar has", None, EXAMPLE_INSTANT) from error
    return make_instant(int((moment - _EPOCH).total_seconds()), typed.precision)


def completed_from(typed: Typed, other: Instant) -> Instant:
    """Return the instant typed, taking from `other` whatever of the date was not typed.  Raises Refused."""
    moment = _moment(other.seconds)
    return complete(
        typed._replace(
            year=moment.year if typed.year is None else typed.year,
            month=moment.month if typed.month is None else typed.month,
            day=moment.day if typed.day is None else typed.day,
        )
    )


def instant_from_json(given: Json) -> Instant:
    """Return the instant of a text with its date.  Raises Refused."""
    if not isinstance(given, str):
        raise Refused(EXPECTED_INSTANT, given, EXAMPLE_INSTANT)
    return complete(typed_time(given))


_WINDOW_PARTS = re.compile(r"\s*/\s*|\s+to\s+|\s+[-–]\s+|\s*–\s*", re.IGNORECASE)
_OPEN = ("..", "…", "")
_WINDOW_CHARACTERS_MAX = 3 * _TEXT_CHARACTERS_MAX  # two ends and room; bounds what the expression is asked to read


def split_window(text: str) -> tuple[str, str]:
    """Return both ends of a window as typed.  Raises Refused."""
    stripped = text.strip()
    parts = _WINDOW_PARTS.split(stripped) if len(stripped) <= _WINDOW_CHARACTERS_MAX else []
    if len(parts) != 2:
        raise Refused(EXPECTED_WINDOW, text, EXAMPLE_WINDOW)
    return parts[0], parts[1]


_SHORT_DAY = re.compile(r"[0-9]{2}")


def window_between(start: Instant, end: Instant | None, *, open_end: bool) -> Window:
    """Return the window between two instants of one precision.  Raises Refused."""
    if end is None:
        return make_window(start.seconds, None, start.precision, open_end=open_end)
    unit = UNIT_SECONDS[start.precision]
    length, rest = divmod(end.seconds - start.seconds, unit)
    if start.precision != end.precision or rest:
        raise Refused(EXPECTED_WINDOW + ", both to the same unit", None, EXAMPLE_WINDOW)
    return make_window(start.seconds, length + (start.precision == DAY), start.precision, open_end=open_end)


def window_from_json(given: Json, *, open_end: bool) -> Window:
    """Return the window of a text; the end of days may be short (2017-12-05/08).  Raises Refused."""
    if not isinstance(given, str):
        raise Refused(EXPECTED_WINDOW, given, EXAMPLE_WINDOW)
    return typed_window(given, complete, complete_end=complete, open_end=open_end)


def typed_window(
    text: str, complete_start: Callable[[Typed], Instant], *, complete_end: Callable[[Typed], Instant], open_end: bool
) -> Window:
    """Return the window of a text, each end completed as the caller says.  Raises Refused."""
    first, second = split_window(text)
    start = complete_start(typed_time(first))
    if second in _OPEN:
        return window_between(start, None, open_end=open_end)
    if start.precision == DAY and _SHORT_DAY.fullmatch(second):
        return window_between(start, instant_from_json(f"{str(start.to_json())[:8]}{second}"), open_end=open_end)
    return window_between(start, complete_end(typed_time(second)), open_end=open_end)


# ---------------------------------------------------------------- offsets


class Offset(NamedTuple):
    """Local time against UTC, in minutes, east positive."""

    minutes: int

    def to_wire(self) -> Value:
        """The minutes."""
        return self.minutes

    def to_json(self) -> Json:
        """Such as +08:30."""
        hours, minutes = divmod(abs(self.minutes), 60)
        return f"{'-' if self.minutes < 0 else '+'}{hours:02d}:{minutes:02d}"

    def text(self) -> str:
        """Such as UTC+08:30."""
        return f"UTC{self.to_json()}"


EXPECTED_OFFSET = "a UTC offset in quarters of an hour, such as +08:30"
_OFFSET_TEXT = re.compile(r"(?:UTC)?\s*([+-])([0-9]{2}):?([0-9]{2})")


def offset_from_wire(value: Value) -> Offset:
    """Return the offset of a wire value.  Raises Refused."""
    minutes = whole(value)
    if minutes is None or not OFFSET_MINUTES_MIN <= minutes <= OFFSET_MINUTES_MAX or minutes % OFFSET_STEP:
        raise Refused(EXPECTED_OFFSET, value, "+08:30")
    return Offset(minutes)


def offset_from_json(given: Json) -> Offset:
    """Return the offset of a text such as "+08:30".  Raises Refused."""
    match = _OFFSET_TEXT.fullmatch(given.strip().upper()) if isinstance(given, str) else None
    if match is None or int(match[3]) > 59:
        raise Refused(EXPECTED_OFFSET, given, "+08:30")
    minutes = int(match[2]) * 60 + int(match[3])
    return offset_from_wire(-minutes if match[1] == "-" else minutes)
