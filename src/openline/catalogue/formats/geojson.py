"""GeoJSON (RFC 7946): the places of a message for any map.  The one format here that has the longitude first.

Each place is a feature.  A circle is its centre with the property `radius_m`; a named place has no geometry; an area
across 180 degrees is cut in two, as the RFC asks.  The whole message stands in the member `openline`, in its JSON
form, so that nothing depends on the drawing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from openline.catalogue.formats.errors import ForeignRefused, NotExpressible
from openline.catalogue.formats.message import Message, drawn
from openline.catalogue.kinds import body_to_json
from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.places import (
    LONGITUDE_MAX,
    STEPS_PER_DEGREE,
    Circle,
    Named,
    Place,
    Point,
    from_longitude_latitude,
    longitude_latitude,
    make_circle,
    make_named,
    make_polygon,
    unrolled,
)
from openline.catalogue.kinds.values import Json

GEOJSON_BYTES_MAX = 1_048_576


def to_geojson(message: Message) -> str:
    """Return a FeatureCollection with every place of the message.  Raises NotExpressible, CatalogueError."""
    values = message.values()
    features: list[Json] = [
        {
            "type": "Feature",
            "geometry": _geometry(place),
            "properties": _properties(message, path, place),
        }
        for path, place in drawn(values)
    ]
    if not features:
        raise NotExpressible("this message has no place to draw", hint="Export it in another format.")
    collection: Json = {"type": "FeatureCollection", "features": features, "openline": _whole(message)}
    return json.dumps(collection, ensure_ascii=False, indent=1)


def _whole(message: Message) -> Json:
    return {
        "kind": message.kind.code,
        "status": message.status,
        "identifier": message.identifier,
        "sender": message.sender,
        "sent": message.sent,
        "precedence": message.precedence,
        "fields": body_to_json(message.kind, message.body),
    }


def _properties(message: Message, path: str, place: Place) -> dict[str, Json]:
    """What a map shows beside the shape; the status first, for a feature may be cut out and shown alone."""
    properties: dict[str, Json] = {
        "status": message.status,
        "kind": message.kind.code,
        "kind_name": message.kind.name,
        "field": path,
        "sender": message.sender,
        "identifier": message.identifier,
        "text": place.text(),
    }
    if isinstance(place, Circle):
        properties["radius_m"] = place.radius
    if isinstance(place, Named):
        properties["name"] = place.name
    return properties


def _geometry(place: Place) -> Json:
    if isinstance(place, Named):
        return None
    if isinstance(place, Point | Circle):
        point = place if isinstance(place, Point) else place.centre
        return {"type": "Point", "coordinates": list(longitude_latitude(point))}
    ring = unrolled(place.corners)
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    if west >= -LONGITUDE_MAX and east <= LONGITUDE_MAX:
        return {"type": "Polygon", "coordinates": [_closed(ring)]}
    # The ring goes on past a multiple of 180 degrees: cut there, and turn the far part by a whole circle.
    line = LONGITUDE_MAX if east > LONGITUDE_MAX else -LONGITUDE_MAX
    near = _clipped(ring, line, keep_east=line < 0)
    far = [(x - 2 * line, y) for x, y in _clipped(ring, line, keep_east=line > 0)]
    return {"type": "MultiPolygon", "coordinates": [[_closed(near)], [_closed(far)]]}


_XY = tuple[float, float]


def _clipped(ring: list[tuple[int, int]], line: int, *, keep_east: bool) -> list[_XY]:
    """The part of a ring on one side of a meridian (Sutherland and Hodgman)."""
    sign = 1 if keep_east else -1
    kept: list[_XY] = []
    for (x, y), (next_x, next_y) in zip(ring, [*ring[1:], ring[0]], strict=True):
        inside, next_inside = sign * (x - line) >= 0, sign * (next_x - line) >= 0
        if inside:
            kept.append((x, y))
        if inside != next_inside and line not in (x, next_x):
            kept.append((line, y + (next_y - y) * (line - x) / (next_x - x)))
    return kept


def _closed(ring: list[tuple[int, int]] | list[_XY]) -> list[Json]:
    """A ring in degrees, counter-clockwise and closed, longitude first."""
    area = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(ring, [*ring[1:], ring[0]], strict=True))
    ordered = list(ring) if area > 0 else list(reversed(ring))
    return [[x / STEPS_PER_DEGREE, y / STEPS_PER_DEGREE] for x, y in [*ordered, ordered[0]]]


def places_from_geojson(text: str) -> list[Place]:
    """Return the places of a FeatureCollection's simple features, to the nearest 0.0001 degree.

    Takes Point (with `radius_m`, a circle), Polygon without holes, and features without geometry that have a `name`.
    Raises ForeignRefused for anything else: nobody can tell which part of it was meant.
    """
    if len(text) > GEOJSON_BYTES_MAX:
        raise _refused()
    try:
        given = json.loads(text)
        if given["type"] != "FeatureCollection":
            raise _refused()
        features = given["features"]
        return [_place(feature["geometry"], feature.get("properties") or {}) for feature in features]
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        OverflowError,
        Refused,
    ) as error:
        raise _refused() from error


def _refused() -> ForeignRefused:
    return ForeignRefused(
        "it is not a FeatureCollection of points and polygons without holes", hint="Enter the area by hand."
    )


def _place(geometry: Mapping[str, Json] | None, properties: Mapping[str, Json]) -> Place:
    if geometry is None:
        return make_named(str(properties["name"]))
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        centre = _position(coordinates)
        radius = properties.get("radius_m")
        return make_circle(centre, round(float(str(radius)))) if radius is not None else centre
    if geometry["type"] == "Polygon" and isinstance(coordinates, list) and len(coordinates) == 1:
        (ring,) = coordinates
        if isinstance(ring, list) and ring[0] == ring[-1]:
            return make_polygon(tuple(_position(position) for position in ring[:-1]))
    raise _refused()


def _position(given: Json) -> Point:
    if not isinstance(given, list) or not 2 <= len(given) <= 3:
        raise _refused()
    longitude, latitude = given[0], given[1]
    if not isinstance(longitude, int | float) or not isinstance(latitude, int | float):
        raise _refused()
    return from_longitude_latitude(longitude, latitude)
