"""Sample messages of every kind: every field filled, in several variants, made from the catalogue's own data."""

from collections.abc import Iterator

from openline.catalogue.kinds import CATALOGUE, Field, Kind, body_from_json
from openline.catalogue.kinds.values import Json
from openline.catalogue.rendering.contract import ACTS
from openline.wire.statement import Body

VARIANTS = 6
MARKS = ("UNKNOWN", "WITHHELD")

PLACES: dict[str, Json] = {
    "point": "39.50N 131.50E",
    "circle": {"centre": "0.0001S 179.9999W", "radius": "40 km"},
    "polygon": {"corners": ["39.50N 131.50E", "39.50N 132.50E", "38.1234N 132.5E"]},
    "named": {"name": "middle sea"},
}
BY_TYPE: dict[str, list[Json]] = {
    "place": [PLACES["point"], PLACES["circle"], PLACES["polygon"], PLACES["named"]],
    "window": [
        "2026-03-04T05:06Z/2026-03-04T06:00Z",
        "2026-03-04/2026-03-06",
        "2026-03-04T05Z/2026-03-04T11Z",
    ],
    "offset": ["+08:30", "-03:30", "+00:00"],
    "azimuth": [5, "095-105", 359],
    "height": ["18000 m", "surface", "FL590", "59000 ft"],
    "heights": [{"lower": "surface", "upper": "18000 m"}, {"lower": "FL090", "upper": "unlimited"}],
    "count": [3, "10-20", "at least 100"],
    "text": ["control link lost", "two words 1984", "ВС 7"],
    "name": ["alba", "Bora", "Unit 51"],
    "code": ["A1234/17", "Cs-137", "en-GB"],
    "references": ["ab" * 20, "0123456789" * 4],
}


def value(field: Field, variant: int) -> Json:
    """A value for a field; variants differ where the type allows it."""
    single = _single(field, variant)
    if field.certainty and variant % 2:
        single = {"value": single, "certainty": ("observed", "likely", "possible", "unlikely")[variant % 4]}
    if not field.many:
        return single
    if field.none and variant == VARIANTS - 1:
        return []
    listed = [single] if field.type in {"bytes", "reference"} else [single, _single(field, variant + 1)]
    return listed[: 1 if listed[0] == listed[-1] else 2]


def _single(field: Field, variant: int) -> Json:
    options: list[Json]
    if field.type == "records":
        return {inner.name: value(inner, variant) for inner in field.fields}
    if field.type == "place":
        options = [PLACES[shape] for shape in field.shapes] or BY_TYPE["place"]
    elif field.type == "instant":
        options = ["2026-03-04T05:06Z", "2026-03-04T05:06:07Z", "2026-03-04T05Z", "2026-03-04"]
    elif field.type == "quantity":
        options = [f"{'1.5' if variant % 2 else '40'} {unit}" for unit in field.units]
    elif field.type in {"enumeration", "yes_no"}:
        options = list(field.values)
    elif field.type in {"number", "bytes", "data", "changes", "field_list"}:
        example = field.codec.example
        options = [example[0] if field.many and isinstance(example, list) else example]
    else:
        options = BY_TYPE[field.type]
    return options[variant % len(options)]


def fields_of(kind: Kind, variant: int) -> dict[str, Json]:
    """JSON fields of a message with every field stated."""
    fields = {field.name: value(field, variant) for field in kind.fields}
    for group in kind.order:
        fields |= {name: f"2026-03-{4 + index:02d}T05:06Z" for index, name in enumerate(group)}
    for group in kind.same_kind:
        fields |= _same_kind(group)
    return fields


def _same_kind(group: tuple[str, ...]) -> dict[str, Json]:
    whole: Json = {"kind": "N6", "fields": dict(fields_of(CATALOGUE.kind("N6"), 0))}
    return {"wrong_fields": ["N6.area", "N6.period"], "data": whole} if "wrong_fields" in group else {}


def samples(kind: Kind) -> Iterator[Body]:
    """Bodies of a kind: variants with every field, then everything UNKNOWN and everything WITHHELD that may be."""
    if kind.body == "empty":
        yield None
        return
    acts = [len(field.values) for field in kind.fields if field.list == ACTS]
    for variant in range(max([VARIANTS, *acts])):  # each act once affirmed or negated, at least
        yield body_from_json(kind, fields_of(kind, variant))
    for mark in MARKS:
        fields = fields_of(kind, 0)
        marked = {field.name: mark for field in kind.fields if (field.unknown if mark == "UNKNOWN" else field.withheld)}
        yield body_from_json(kind, fields | marked)
    required = {field.name: value(field, 0) for field in kind.fields if field.required}
    if not kind.one_of and not kind.same_kind and required:
        yield body_from_json(kind, required)
