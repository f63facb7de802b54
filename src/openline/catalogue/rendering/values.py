"""Typed values in the words of one language.

Times are always `2026-03-04 05:06 UTC`; coordinates, numbers and identifiers are ready strings with Western digits;
nothing is formatted by a locale.  One row of the table is one value: lists and records become several rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from openline.catalogue.kinds import CATALOGUE, Field, Kind
from openline.catalogue.kinds.places import Circle, Named, Point, Polygon
from openline.catalogue.kinds.quantities import Azimuth, Count, Height, Heights, Quantity
from openline.catalogue.kinds.times import DAY, HOUR, MINUTE, UNIT_SECONDS, Instant, Offset, Window
from openline.catalogue.kinds.values import (
    Certain,
    Choice,
    Code,
    Embedded,
    FieldList,
    FieldValue,
    Many,
    Mark,
    Name,
    Number,
    Octets,
    OwnText,
    Record,
    Reference,
)
from openline.catalogue.rendering.contract import (
    ACTS,
    NEGATED,
    NEGATION_FIELDS,
    negated_act_phrase,
    unit_phrase,
    value_phrase,
)
from openline.catalogue.rendering.errors import WordingBroken
from openline.catalogue.rendering.glossary import Glossary
from openline.catalogue.rendering.languages import Words
from openline.catalogue.untrusted import TextFinding, findings

Pair = tuple[str, str, str]  # path of the field, label, value
Siblings = Mapping[str, FieldValue]
STEP = " / "  # between the labels of a record and of its field
SEPARATOR = " · "  # between the items of one row

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc(seconds: int, precision: int = MINUTE) -> str:
    """Return a time as `2026-03-04 05:06 UTC`, with seconds if there are any, or a day as `2026-03-04 UTC`."""
    pattern = "%Y-%m-%d %H:%M:%S UTC" if seconds % 60 else "%Y-%m-%d %H:%M UTC"
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%d UTC" if precision == DAY else pattern)


def local_time(seconds: int, offset_minutes: int) -> str:
    """Return a time as the clocks on a wall show it, `2026-03-04 13:36 +08:30`; it stands beside UTC, never instead."""
    hours, minutes = divmod(abs(offset_minutes), 60)
    sign = "-" if offset_minutes < 0 else "+"
    there = _EPOCH + timedelta(seconds=seconds, minutes=offset_minutes)
    return f"{there:%Y-%m-%d %H:%M} {sign}{hours:02d}:{minutes:02d}"


@dataclass(slots=True)
class Speaker:
    """Puts values into the words of one language, and notes what the reader must be warned of.

    `moments` are the times said since they were last taken, for whoever shows local time beside UTC.
    """

    words: Words
    glossary: Glossary
    moments: list[int] = field(default_factory=list)
    concerns: list[TextFinding] = field(default_factory=list)
    name_as_sent: bool = False

    # ------------------------------------------------------------ rows

    def rows(self, kind: Kind, values: Siblings, label: str = "", path: str = "") -> Iterator[Pair]:
        """Yield the rows of a message's values, in the order of its fields; `label` and `path` stand before."""
        yield from self._fields(kind, kind.fields, values, label, path)

    def absent(self, kind: Kind, values: Siblings) -> list[str]:
        """Return the labels of the fields that are NOT STATED."""
        return [self.label(kind, item) for item in kind.fields if item.name not in values and item.name != "remark"]

    def label(self, kind: Kind, item: Field) -> str:
        """Return a field's label: its kind's own, or the one that serves every kind."""
        own = f"{kind.code}-field-{item.name}"
        return self.words.say(own if self.words.has(own) else f"field-{item.name}")

    def _fields(self, kind: Kind, fields: tuple[Field, ...], values: Siblings, label: str, path: str) -> Iterator[Pair]:
        for item in fields:
            if item.name in values:
                name = label + self.label(kind, item)
                yield from self._field(kind, item, values[item.name], values, name, path + item.name)

    def _field(
        self, kind: Kind, item: Field, value: FieldValue, siblings: Siblings, label: str, path: str
    ) -> Iterator[Pair]:
        if isinstance(value, Many) and len(value):
            numbered = [(f"{label} {n}", f"{path}.{n}") for n in range(1, len(value) + 1)]
            names = numbered if len(value) > 1 else [(label, f"{path}.1")]
            for part, (name, place) in zip(value, names, strict=True):
                yield from self._field(kind, item, part, siblings, name, place)
        elif isinstance(value, Record):
            yield from self._fields(kind, item.fields, value.values, label + STEP, f"{path}.")
        elif isinstance(value, Embedded):
            inside = CATALOGUE.kind(value.kind)
            yield path, label, f"{self.words.say(f'{inside.code}-headline')} ({self.words.technical(inside.code)})"
            yield from self.rows(inside, value.fields.values, label + STEP, f"{path}.")
        else:
            yield path, label, self.value(item, value, siblings)

    # ------------------------------------------------------------ single values

    def value(self, item: Field, value: FieldValue, siblings: Siblings) -> str:
        """Return one value in words.  Raises WordingBroken for a value that the language has no words for."""
        if isinstance(value, Mark):
            return self.words.say(f"answer-{value.name.lower()}")
        if isinstance(value, Many):
            return self.words.say("answer-none")
        if isinstance(value, Certain):
            said = self.value(item, value.value, siblings)
            certainty = self.words.say(f"value-certainty-{value.certainty.code}")
            return self.words.say("certain-value", value=said, certainty=certainty)
        if isinstance(value, Choice):
            return self._choice(item, value, siblings)
        said_by = _SPEAKERS.get(type(value))
        if said_by is None:
            raise WordingBroken("a value of this type has no words", hint="Show the data instead.", field=item.name)
        return said_by(self, value)

    def _choice(self, item: Field, choice: Choice, siblings: Siblings) -> str:
        if item.list != ACTS:
            return self.words.say(value_phrase(item, choice.code))
        said = [siblings[name] for name in NEGATION_FIELDS if name in siblings]
        codes = [mark.code for mark in said if isinstance(mark, Choice)]
        if len(codes) != 1:  # part of a message, without its negation: an act alone would read as affirmed
            return self.words.say("act-open", act=self.words.say(value_phrase(item, choice.code)))
        negated = NEGATED[codes[0]]
        return self.words.say(negated_act_phrase(choice.code) if negated else value_phrase(item, choice.code))

    def name(self, name: str) -> str:
        """Return a name as the glossary has it for this reader, or else as it was sent, and note that."""
        known = self.glossary.name(name, self.words.language.tag)
        if known is not None:
            return known
        self.name_as_sent = True
        self._look_at(name)
        return self.words.foreign(name)

    def own_text(self, text: str) -> str:
        """Return somebody's own words, marked as untranslated; line feeds stay, everything hidden is shown."""
        self._look_at(text)
        return self.words.say("own-text", text="\n".join(self.words.foreign(line) for line in text.split("\n")))

    def _look_at(self, text: str) -> None:
        self.concerns.extend(findings(text, self.glossary.all_names()))

    def take_moments(self) -> tuple[int, ...]:
        """Return the times said since the last call, UTC seconds in their order; whole days are no moments."""
        taken = tuple(self.moments)
        self.moments.clear()
        return taken

    def time(self, seconds: int, precision: int = MINUTE) -> str:
        """Return a time in UTC, and note it."""
        if precision != DAY:
            self.moments.append(seconds)
        return self.words.technical(utc(seconds, precision))

    def moment(self, instant: Instant) -> str:
        """Return an instant; one that is meant as a whole hour or day says so."""
        said = self.time(instant.seconds, instant.precision)
        if instant.precision == MINUTE:
            return said
        precision = self.words.say("precision-hour" if instant.precision == HOUR else "precision-day")
        return self.words.say("precise-value", value=said, precision=precision)

    def window(self, window: Window) -> str:
        """Return a window; of whole days its first and its last day."""
        start = self.time(window.start, window.precision)
        if window.end is None:
            return self.words.say("window-open", **{"from": start})
        last = window.end - UNIT_SECONDS[DAY] if window.precision == DAY else window.end
        ends = {"from": start, "until": self.time(last, window.precision)}
        if window.precision == DAY:
            return self.words.say("window-days", **ends)
        said = self.words.say("window-closed", **ends)
        if window.precision == HOUR:
            return self.words.say("precise-value", value=said, precision=self.words.say("precision-hour"))
        return said

    def place(self, place: Point | Circle | Polygon | Named) -> str:
        """Return a place."""
        if isinstance(place, Named):
            return self.words.say("place-named", name=self.name(place.name))
        if isinstance(place, Polygon):
            corners = SEPARATOR.join(self.words.technical(corner.text()) for corner in place.corners)
            return self.words.say("place-polygon", corners=corners)
        if isinstance(place, Circle):
            number, symbol = (place.radius // 1000, "km") if place.radius % 1000 == 0 else (place.radius, "m")
            centre = self.words.technical(place.centre.text())
            return self.words.say("place-circle", centre=centre, radius=self.measure(str(number), symbol))
        return self.words.technical(place.text())

    def measure(self, number: str, symbol: str) -> str:
        """Return a number with its unit, from our own table."""
        return self.words.say("quantity", number=self.words.technical(number), unit=self.words.say(unit_phrase(symbol)))

    def quantity(self, quantity: Quantity) -> str:
        """Return a quantity."""
        return self.measure(quantity.text().removesuffix(quantity.unit.symbol).strip(), quantity.unit.symbol)

    def height(self, height: Height) -> str:
        """Return a height above mean sea level, a flight level, the surface, or no limit."""
        if height.unit == "FL":
            return self.words.say("height-reference-flight_level", height=self.words.technical(height.text()))
        if height.unit == "m" and height.number <= 0:
            return self.words.say(f"height-reference-{'surface' if height.number == 0 else 'unlimited'}")
        return self.words.say("height-reference-msl", height=self.measure(str(height.number), height.unit))

    def heights(self, heights: Heights) -> str:
        """Return a lower and an upper height."""
        return self.words.say("heights", lower=self.height(heights.lower), upper=self.height(heights.upper))

    def azimuth(self, azimuth: Azimuth) -> str:
        """Return a direction in three digits, or a sector clockwise."""
        degrees = self.words.technical(f"{azimuth.degrees:03d}")
        if azimuth.until is None:
            return self.words.say("azimuth", degrees=degrees)
        return self.words.say(
            "azimuth-sector", **{"from": degrees, "until": self.words.technical(f"{azimuth.until:03d}")}
        )

    def count(self, count: Count) -> str:
        """Return a number of things, a band, or at least so many."""
        low = self.words.technical(str(count.low))
        if count.high is None:
            return self.words.say("count-at_least", number=low)
        if count.high == count.low:
            return low
        return self.words.say("count-band", lower=low, upper=self.words.technical(str(count.high)))

    def field_list(self, fields: FieldList) -> str:
        """Return the labels of some fields of a kind, after its headline."""
        kind = CATALOGUE.kind(fields.kind)
        labels = SEPARATOR.join(self.label(kind, kind.by_name[name]) for name, _ in fields.fields)
        return f"{self.words.say(f'{kind.code}-headline')}: {labels}"

    def technical(self, value: FieldValue) -> str:
        """Return an identifier, a number, bytes or a UTC offset as they stand."""
        return self.words.technical(value.text())


# `Any`: each function takes the type that it stands beside; the table is what makes the pair right.
_SPEAKERS: Mapping[type, Callable[[Speaker, Any], str]] = {
    Point: Speaker.place,
    Circle: Speaker.place,
    Polygon: Speaker.place,
    Named: Speaker.place,
    Instant: Speaker.moment,
    Window: Speaker.window,
    Azimuth: Speaker.azimuth,
    Count: Speaker.count,
    Height: Speaker.height,
    Heights: Speaker.heights,
    Quantity: Speaker.quantity,
    FieldList: Speaker.field_list,
    Name: lambda speaker, value: speaker.name(value.name),
    OwnText: lambda speaker, value: speaker.own_text(value.words),
    Code: Speaker.technical,
    Number: Speaker.technical,
    Octets: Speaker.technical,
    Offset: Speaker.technical,
    Reference: Speaker.technical,
}
