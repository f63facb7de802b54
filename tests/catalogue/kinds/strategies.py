"""Hypothesis strategies for every type of field, and for whole bodies of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openline.catalogue.kinds import CATALOGUE, Field, Kind, Refused
from openline.catalogue.kinds.codecs import YES_NO
from openline.catalogue.kinds.places import (
    LATITUDE_MAX,
    LONGITUDE_MAX,
    RADIUS_METRES_MAX,
    Circle,
    Named,
    Point,
    Polygon,
    make_polygon,
)
from openline.catalogue.kinds.quantities import (
    Azimuth,
    Count,
    Height,
    Heights,
    Quantity,
    Unit,
    make_heights,
    make_quantity,
)
from openline.catalogue.kinds.times import DAY, HOUR, UNIT_SECONDS, Instant, Offset, Window
from openline.catalogue.kinds.values import (
    UNKNOWN,
    WITHHELD,
    Certain,
    Choice,
    Code,
    Embedded,
    FieldList,
    FieldValue,
    Many,
    Name,
    Number,
    Octets,
    OwnText,
    Record,
    Reference,
)

Strategy = SearchStrategy[FieldValue]

TIME_TOP = 4_000_000_000
UNITS = {
    unit.symbol: unit
    for unit in (
        Unit(0, "m", "length", Fraction(1)),
        Unit(1, "km", "length", Fraction(1000)),
        Unit(2, "NM", "length", Fraction(1852)),
        Unit(3, "ft", "length", Fraction("0.3048")),
        Unit(4, "m/s", "speed", Fraction(3600)),
        Unit(5, "km/h", "speed", Fraction(1000)),
        Unit(6, "kt", "speed", Fraction(1852)),
        Unit(7, "s", "time", Fraction(1)),
        Unit(8, "min", "time", Fraction(60)),
        Unit(9, "h", "time", Fraction(3600)),
        Unit(10, "d", "time", Fraction(86_400)),
        Unit(11, "Bq", "activity", Fraction(1)),
        Unit(12, "GBq", "activity", Fraction(10**9)),
        Unit(13, "TBq", "activity", Fraction(10**12)),
        Unit(14, "PBq", "activity", Fraction(10**15)),
        Unit(15, "nSv/h", "dose rate", Fraction(1)),
        Unit(16, "µSv/h", "dose rate", Fraction(10**3)),
        Unit(17, "mSv/h", "dose rate", Fraction(10**6)),
        Unit(18, "Sv/h", "dose rate", Fraction(10**9)),
        Unit(19, "FL", "flight level", Fraction(1)),
    )
}
"""Written out a second time on purpose: a unit that changes its number or factor changes what was said."""

points = st.builds(Point, st.integers(-LATITUDE_MAX, LATITUDE_MAX), st.integers(-LONGITUDE_MAX, LONGITUDE_MAX - 1))
circles = st.builds(Circle, points, st.integers(1, RADIUS_METRES_MAX))
names = st.sampled_from(["alba", "Pyongyang", "air defence unit", "東海", "Ост-сектор", "وحدة", "동해 부대"])


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """Boxes and triangles of any size, anywhere, also across 180 degrees."""
    south = draw(st.integers(-LATITUDE_MAX, LATITUDE_MAX - 1))
    west = draw(st.integers(-LONGITUDE_MAX, LONGITUDE_MAX - 1))
    high = draw(st.integers(1, LATITUDE_MAX - south))
    wide = draw(st.integers(1, LONGITUDE_MAX - 1))

    def east(longitude: int) -> int:
        return (longitude + LONGITUDE_MAX) % (2 * LONGITUDE_MAX) - LONGITUDE_MAX

    corners = [
        Point(south, west),
        Point(south + high, west),
        Point(south + high, east(west + wide)),
        Point(south, east(west + wide)),
    ]
    return make_polygon(tuple(corners[: draw(st.sampled_from([3, 4]))]))


places: Strategy = st.one_of(points, circles, polygons(), st.builds(Named, names))


def _aligned(precision: int) -> SearchStrategy[Instant]:
    unit = UNIT_SECONDS[precision]
    return st.integers(0, TIME_TOP // unit).map(lambda number: Instant(number * unit, precision))


instants = st.one_of(st.integers(0, TIME_TOP).map(Instant), _aligned(HOUR), _aligned(DAY))


@st.composite
def windows(draw: st.DrawFn, open_end: bool) -> Window:
    precision = draw(st.sampled_from([0, HOUR, DAY]))
    unit = UNIT_SECONDS[precision]
    start = draw(st.integers(0, 3_000_000_000 // unit)) * unit
    if open_end and precision == 0 and draw(st.booleans()):
        return Window(start, None)
    return Window(start, draw(st.integers(1, 10_000)), precision)


@st.composite
def counts(draw: st.DrawFn, most: int) -> Count:
    low = draw(st.integers(0, most))
    return Count(low, draw(st.sampled_from([low, None, most])))


heights = st.one_of(
    st.integers(-1, 50_000_000).map(Height),
    st.integers(1, 200_000).map(lambda number: Height(number, "ft")),
    st.integers(1, 1000).map(lambda number: Height(number, "FL")),
)


def _rising(pair: tuple[Height, Height]) -> bool:
    try:
        make_heights(*pair)
    except Refused:
        return False
    return True


height_pairs = st.tuples(heights, heights).filter(_rising).map(lambda pair: Heights(*pair))
azimuths = st.one_of(
    st.integers(0, 359).map(Azimuth),
    st.tuples(st.integers(0, 179), st.integers(180, 359)).map(lambda pair: Azimuth(*pair)),
)


@st.composite
def quantities(draw: st.DrawFn, symbols: tuple[str, ...]) -> Quantity:
    unit = UNITS[draw(st.sampled_from(symbols))]
    return make_quantity(Fraction(draw(st.integers(0, 10**9)), 10 ** draw(st.integers(0, 6))), unit)


def own_texts(most: int) -> SearchStrategy[OwnText]:
    words = [
        "control link lost",
        "물체가 바다에 떨어졌다",
        "объект упал",
        "سقط الجسم",
        "a",
        "no further tests; 2017-12-09",
    ]
    free = st.text("abcxyz ÄçЖ한국 09-:;/", min_size=1, max_size=min(most, 40)).filter(
        lambda text: text == text.strip()
    )
    return st.one_of(st.sampled_from([word[:most].strip() for word in words]), free).map(OwnText)


def _embedded(field: Field) -> Strategy:
    kinds = [kind for kind in CATALOGUE.kinds.values() if kind.level <= field.embeds and kind.fields]

    @st.composite
    def build(draw: st.DrawFn) -> FieldValue:
        kind = draw(st.sampled_from(kinds))
        if field.type == "data":
            values = draw(bodies(kind))
        else:
            chosen = draw(st.lists(st.sampled_from(kind.fields), min_size=1, max_size=3, unique_by=lambda f: f.name))
            values = {inner.name: draw(of_field(inner)) for inner in sorted(chosen, key=lambda f: f.number)}
        return Embedded(kind.code, kind.number, Record(values, kind.numbers))

    return build()


@st.composite
def field_lists(draw: st.DrawFn, kind: Kind | None = None) -> FieldList:
    kind = kind or draw(st.sampled_from([kind for kind in CATALOGUE.kinds.values() if kind.fields]))
    chosen = draw(st.lists(st.sampled_from(kind.fields), min_size=1, max_size=3, unique_by=lambda f: f.name))
    return FieldList(kind.code, kind.number, tuple(sorted(((f.name, f.number) for f in chosen), key=lambda f: f[1])))


def _records(field: Field) -> SearchStrategy[Record]:
    numbers = {inner.name: inner.number for inner in field.fields}

    @st.composite
    def build(draw: st.DrawFn) -> Record:
        chosen = [inner for inner in field.fields if inner.required or draw(st.booleans())] or [field.fields[0]]
        return Record({inner.name: draw(of_field(inner)) for inner in chosen}, numbers)

    return build()


def _single(field: Field) -> Strategy:
    choices = [Choice(code, number) for number, code in enumerate(field.values)]
    table: Mapping[str, Strategy] = {
        "place": places if not field.shapes else places.filter(lambda p: type(p).__name__.lower() in field.shapes),
        "instant": instants,
        "window": windows(field.open_end),
        "offset": st.integers(-48, 56).map(lambda quarters: Offset(quarters * 15)),
        "azimuth": azimuths,
        "height": heights,
        "heights": height_pairs,
        "count": counts(field.max),
        "enumeration": st.sampled_from(choices or [Choice("", 0)]),
        "yes_no": st.sampled_from([Choice(code, number) for number, code in enumerate(YES_NO)]),
        "text": own_texts(field.characters_max or 1),
        "name": names.map(Name),
        "code": st.sampled_from(["A1234/17", "december-2017", "Cs-137", "ko"]).map(Code),
        "number": st.integers(field.min, field.max).map(Number),
        "bytes": st.binary(min_size=field.size or 1, max_size=field.size or min(field.size_max, 40) or 1).map(Octets),
        "references": st.binary(min_size=20, max_size=20).map(Reference),
        "field_list": field_lists(),
    }
    if field.type == "records":
        return _records(field)
    if field.type == "quantity":
        return quantities(field.units)
    if field.type in ("data", "changes"):
        return _embedded(field)
    return table[field.type]


CERTAINTIES = [Choice(code, number) for number, code in enumerate(("observed", "likely", "possible", "unlikely"))]


def of_field(field: Field) -> Strategy:
    """Values that the field allows, marks and certainties included."""
    values = _single(field)
    if field.certainty:
        values = st.one_of(values, st.builds(Certain, values, st.sampled_from(CERTAINTIES)))
    if field.many:
        least, unique = 0 if field.none else 1, field.type != "records"
        listed = st.lists(values, min_size=least, max_size=min(field.many, 3), unique_by=str if unique else None)
        values = listed.map(lambda items: Many(tuple(items)))
    marks = [mark for mark, may in ((UNKNOWN, field.unknown), (WITHHELD, field.withheld)) if may]
    return st.one_of(values, st.sampled_from(marks)) if marks else values


@st.composite
def bodies(draw: st.DrawFn, kind: Kind) -> dict[str, FieldValue]:
    """Values of a whole body, by name: every required field, some others, and the kind's rules kept."""
    wanted = {field.name for field in kind.fields if field.required or draw(st.booleans())}
    wanted |= {group[0] for group in kind.one_of if not wanted & set(group)}
    values = {field.name: draw(of_field(field)) for field in kind.fields if field.name in wanted}
    for group in kind.order:
        start = draw(st.integers(0, TIME_TOP // 2))
        values |= {name: Instant(start + 3600 * at) for at, name in enumerate(group) if name in values}
    if kind.code == "K1":
        data = values["data"]
        assert isinstance(data, Embedded)
        values["wrong_fields"] = draw(field_lists(CATALOGUE.kind(data.kind)))
    return {name: values[name] for name in kind.numbers if name in values}


every_kind = st.sampled_from(list(CATALOGUE.kinds.values()))


@st.composite
def messages(draw: st.DrawFn) -> tuple[Kind, dict[str, FieldValue]]:
    """Any kind with the values of one of its bodies."""
    kind = draw(every_kind)
    return kind, draw(bodies(kind))
