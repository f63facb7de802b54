"""Into the world's formats and back: what the table says is kept comes back, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from time import process_time
from types import MappingProxyType
from typing import Any

import capvalidator
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openline.catalogue.formats import (
    CapImport,
    Earlier,
    ForeignRefused,
    Message,
    NotExpressible,
    from_cap,
    places_from_geojson,
    read_notam,
    to_cap,
    to_geojson,
    to_notam,
)
from openline.catalogue.formats.cap import CATEGORIES, MESSAGE_TYPES
from openline.catalogue.formats.message import drawn, feet
from openline.catalogue.formats.xml_tree import ATTRIBUTES_MAX, DEPTH_MAX, ELEMENTS_MAX, XML_BYTES_MAX, read_xml
from openline.catalogue.kinds import CATALOGUE, Kind, body_from_json, write_body
from openline.catalogue.kinds.places import Circle, Named, Point, Polygon, place_from_json
from openline.catalogue.kinds.quantities import Height, Heights
from openline.catalogue.kinds.spelling import same
from openline.catalogue.kinds.times import Window
from openline.catalogue.kinds.values import Choice, FieldValue, Json, Many
from tests.catalogue.kinds.injects import INJECTS
from tests.catalogue.kinds.strategies import bodies, circles, height_pairs, places, polygons

patient = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
EARLIER = Earlier("alba", "cd" * 32, 1_512_475_000)


def message(kind: Kind, values: Mapping[str, FieldValue], status: str = "EXERCISE") -> Message:
    earlier = (EARLIER,) if kind.code in MESSAGE_TYPES else ()
    body = write_body(kind, values)
    return Message(kind, body, "ab" * 32, "alba", 1_512_475_200, status, "PRIORITY", earlier)


def inject(code: str, more: Mapping[str, Json] = MappingProxyType({}), *, status: str = "EXERCISE") -> Message:
    fields = next(fields for kind, fields in INJECTS if kind == code)
    kind = CATALOGUE.kind(code)
    earlier = (EARLIER,) if kind.code in MESSAGE_TYPES else ()
    body = body_from_json(kind, {**fields, **more})
    return Message(kind, body, "ab" * 32, "alba", 1_512_475_200, status, "FLASH", earlier)


# ---------------------------------------------------------------- CAP


@pytest.mark.parametrize("code", CATEGORIES)
@given(data=st.data())
@settings(max_examples=8, parent=patient)
def test_every_kind_makes_an_alert_that_the_schema_accepts_and_that_comes_back_whole(
    code: str, data: st.DataObject
) -> None:
    kind = CATALOGUE.kind(code)
    status = data.draw(st.sampled_from(["ACTUAL", "EXERCISE", "TEST"]))
    sent = message(kind, data.draw(bodies(kind)), status)
    alert = to_cap(sent)
    assert capvalidator.check_schema(alert).passed
    back = from_cap(alert)
    assert body_from_json(kind, dict(back.fields)) == sent.body
    assert (back.kind, back.exact, back.lost) == (code, True, ())
    assert (back.identifier, back.sender, back.sent, back.status) == (sent.identifier, "alba", sent.sent, status)


def foreign(alert: bytes) -> bytes:
    """The same alert as another system would have made it, without our parameters."""
    return alert.replace(b"<valueName>openline", b"<valueName>other")


@given(st.lists(st.one_of(polygons(), circles, places.filter(lambda p: isinstance(p, Point))), min_size=1, max_size=4))
@patient
def test_places_survive_in_the_elements_that_every_system_reads(areas: list[FieldValue]) -> None:
    kind = CATALOGUE.kind("S2")
    unique = [area for at, area in enumerate(areas) if area not in areas[:at]]
    values: dict[str, FieldValue] = {"danger": Choice("mines", 4), "where": Many(tuple(unique)), "when": Window(0, 5)}
    back = from_cap(foreign(to_cap(message(kind, values))))
    assert back.kind == "S2"
    assert not back.exact
    where = back.fields["where"]
    assert isinstance(where, list)
    assert [place_from_json(place) for place in where] == unique
    body_from_json(kind, dict(back.fields))


@pytest.mark.parametrize("radius", ["16225 m", "1234567 m", "1 m", "40 km"])
def test_a_radius_is_neither_rounded_nor_grown(radius: str) -> None:
    area: Json = {"centre": "0N 0E", "radius": radius}
    back = from_cap(foreign(to_cap(inject("N6", {"area": area}))))
    where = back.fields["where"]
    assert isinstance(where, list)
    assert [place_from_json(place) for place in where] == [place_from_json(area)]


def test_an_alert_from_elsewhere_becomes_a_proposal_and_lists_what_it_loses() -> None:
    back = from_cap(foreign(to_cap(inject("N6", status="ACTUAL"))))
    assert back.fields == {
        "danger": "other",
        "where": [{"corners": ["39.50N 131.50E", "39.50N 132.50E", "38.00N 132.50E", "38.00N 131.50E"]}],
        "when": "2017-12-09T12:00Z/2017-12-10T12:00Z",
        "remark": "hazard area",
    }
    assert {"category: Safety", "urgency: Immediate", "area ceiling: 59056", "scope: Restricted"} <= set(back.lost)


SECONDS_MAX = 0.5  # of processor time for one small file; each takes a few milliseconds

ALERT = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier><sender>harbour@example</sender>
<sent>2026-03-04T05:06:00+09:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><category>Met</category><event>storm</event><urgency>Immediate</urgency><severity>Severe</severity>
<certainty>Likely</certainty>EXTRA</info></alert>"""


def alert(extra: str = "", **changes: str) -> bytes:
    text = ALERT.replace("EXTRA", extra)
    for old, new in changes.items():
        text = text.replace(f"<{old}>", f"<{old}>{new}<!--", 1).replace(f"</{old}>", f"--></{old}>", 1)
    return text.encode("utf-8")


def test_the_schema_accepts_our_example_of_a_strangers_alert() -> None:
    assert capvalidator.check_schema(alert()).passed


def test_a_bare_alert_has_neither_place_nor_time() -> None:
    back = from_cap(alert())
    assert back.fields == {"danger": "other", "where": "UNKNOWN", "when": "UNKNOWN", "remark": "storm"}
    assert back.sent == 1_772_568_360
    assert back.status == "ACTUAL"


@pytest.mark.parametrize(
    ("extra", "when"),
    [
        ("<onset>2026-03-04T05:06:30+00:00</onset>", "2026-03-04T05:06Z/.."),
        (
            "<effective>2026-03-04T05:06:30-00:00</effective><expires>2026-03-04T06:00:01-00:00</expires>",
            "2026-03-04T05:06Z/2026-03-04T06:01Z",
        ),
        (
            "<onset>2026-03-04T05:06:00-00:00</onset><expires>2026-03-04T05:00:00-00:00</expires>",
            "2026-03-04T05:06Z/..",
        ),
        ("<onset>2026-03-04</onset>", "UNKNOWN"),
        ("<onset>1960-03-04T05:06:30+00:00</onset>", "UNKNOWN"),
    ],
)
def test_times_grow_to_whole_minutes(extra: str, when: str) -> None:
    assert from_cap(alert(extra)).fields["when"] == when


@pytest.mark.parametrize(
    "shape",
    [
        "<polygon>39.5,131.5 39.5,132.5</polygon>",
        "<polygon>39.5,131.5 39.5,132.5 38,131.5 38,132.5 39.5,131.5</polygon>",
        "<polygon>north,east</polygon>",
        "<polygon>nan,5 5,5 6,6</polygon>",
        "<polygon/>",
        "<circle>39.5,131.5</circle>",
        "<circle>39.5,131.5 -1</circle>",
        "<circle>39.5,131.5 nan</circle>",
        "<circle>39.5,131.5 wide</circle>",
        "<circle>139.5,31.5 1</circle>",
        "<circle>39.5,131.5 99999</circle>",
        "<circle>39.5,131.5 9e999999</circle>",
        "<circle>39.5,131.5 9e99999999999999999999</circle>",
        "<circle>1e308,131.5 1</circle>",
        "<polygon>1e308,5 5,-1e308 6,6</polygon>",
    ],
)
def test_a_shape_that_cannot_be_is_listed_as_lost_and_not_guessed(shape: str) -> None:
    back = from_cap(alert(f"<area><areaDesc>sea</areaDesc>{shape}</area>"))
    assert back.fields["where"] == "UNKNOWN"
    assert any("not a shape that can be read" in lost for lost in back.lost)


def test_long_white_space_in_a_small_alert_costs_no_time() -> None:
    """Expressions once tried every way to share it out: 120 spaces took a second, 1,200 would have taken hours."""
    for name, value in (("area", ["1" + " " * 1_190 + "x"]), ("period", "1" + " " * 60_000 + "x")):
        good = to_cap(inject("N6"))
        start = good.index(f"openline:N6:{name}</valueName><value>".encode())
        at = good.index(b"<value>", start) + len(b"<value>")
        hostile = good[:at] + json.dumps(value).encode() + good[good.index(b"</value>", at) :]
        before = process_time()
        assert not from_cap(hostile).exact
        assert process_time() - before < SECONDS_MAX


def test_more_places_than_a_warning_takes_are_listed_as_lost() -> None:
    circles_of = "".join(f"<circle>3{at},131.5 5</circle>" for at in (1, 2, 3, 4, 5, 1))
    back = from_cap(alert(f"<area><areaDesc>sea</areaDesc>{circles_of}</area>"))
    where = back.fields["where"]
    assert isinstance(where, list)
    assert len(where) == 4
    assert len([lost for lost in back.lost if "one more than 4" in lost]) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<alert/>",
        b"not xml",
        alert()[:-5],
        alert(status="Draft"),
        alert(status="System"),
        alert(sent="yesterday"),
        alert(sent="2026-03-04T05:06:00"),
        alert(identifier=""),
        alert(msgType="Ack"),
        alert(msgType="Cancel"),
        alert().replace(b"cap:1.2", b"cap:1.1"),
        ALERT.partition("<info>")[0].encode() + b"</alert>",
        b"x" * (XML_BYTES_MAX + 1),
        b"\xff\xfe<\x00a\x00l\x00",
        b"<a>\xff</a>",
    ],
)
def test_what_is_no_alert_is_refused(data: bytes) -> None:
    with pytest.raises(ForeignRefused) as caught:
        from_cap(data)
    assert caught.value.hint


def test_words_that_may_not_be_sent_are_lost_and_said_to_be() -> None:
    back = from_cap(alert("<headline>\u202ereversed</headline>"))
    assert "remark" not in back.fields
    assert back.lost[0].startswith("headline")
    two = ALERT.replace("EXTRA", "").replace("</alert>", "<info><event>x</event></info></alert>")
    assert from_cap(two.encode()).lost[0] == "info 2: a further language or event"


def test_an_alert_of_ours_that_was_changed_on_the_way_is_not_taken_for_exact() -> None:
    good = to_cap(inject("N6"))
    for old, new in ((b'"live_firing"', b'"dead_firing"'), (b'"live_firing"', b"{"), (b"<value>N6<", b"<value>N66<")):
        changed = from_cap(good.replace(old, new))
        assert (changed.kind, changed.exact) == ("S2", False)


def test_what_has_no_place_in_cap_is_not_forced_into_it() -> None:
    with pytest.raises(NotExpressible):
        to_cap(inject("P9"))
    with pytest.raises(NotExpressible, match="changes a message"):
        to_cap(Message(CATALOGUE.kind("K4"), {1: 0}, "ab" * 32, "alba", 0, "ACTUAL", "FLASH"))


def test_the_status_stands_in_headline_note_and_description_of_an_exercise() -> None:
    text = to_cap(inject("N7")).decode()
    assert text.count("EXERCISE EXERCISE EXERCISE") == 3
    assert "EXERCISE" not in to_cap(inject("N7", status="ACTUAL")).decode()


# ---------------------------------------------------------------- XML of strangers


BOMB = b'<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><a>&y;</a>'
FILE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        FILE,
        b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>',
        b"<a>&undefined;</a>",
        ("<a>" * (DEPTH_MAX + 1)).encode(),
        b"<a>" + b"<b/>" * ELEMENTS_MAX + b"</a>",
        b"<a " + b" ".join(b"a%d='1'" % at for at in range(ATTRIBUTES_MAX + 1)) + b"/>",
        BOMB.decode().encode("utf-16"),
        b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE",
    ],
)
def test_entities_document_types_and_floods_are_refused(data: bytes) -> None:
    with pytest.raises(ForeignRefused):
        read_xml(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_xml_or_refused(data: bytes) -> None:
    problems: list[ForeignRefused] = []
    for head in (b"", b"<a>", ALERT.encode()[:300]):
        try:
            read_xml(head + data)
        except ForeignRefused as refused:
            problems.append(refused)
    assert all(problem.hint for problem in problems)


# ---------------------------------------------------------------- GeoJSON


@given(st.lists(places, min_size=1, max_size=4))
@patient
def test_places_come_back_from_geojson(areas: list[FieldValue]) -> None:
    unique = [area for at, area in enumerate(areas) if area not in areas[:at] and not crosses(area)]
    if not unique:
        return
    values: dict[str, FieldValue] = {"danger": Choice("mines", 4), "where": Many(tuple(unique)), "when": Window(0, 5)}
    back = places_from_geojson(to_geojson(message(CATALOGUE.kind("S2"), values)))
    assert len(back) == len(unique)
    assert all(same(one, other) for one, other in zip(unique, back, strict=True))


def crosses(area: FieldValue) -> bool:
    """Whether a polygon touches 180 degrees, where GeoJSON cuts it or writes its edge as +180."""
    if not isinstance(area, Polygon):
        return False
    lons = [corner.longitude for corner in area.corners]
    return -1_800_000 in lons or any(abs(one - other) > 1_800_000 for one in lons for other in lons)


def geometry(text: str) -> dict[str, Any]:
    kind = CATALOGUE.kind("S2")
    fields: dict[str, Json] = {"danger": "mines", "where": text, "when": "2026-03-04T05:06Z/.."}
    body = body_from_json(kind, fields)
    drawing = json.loads(to_geojson(Message(kind, body, "ab" * 32, "alba", 0, "ACTUAL", "FLASH")))
    found: dict[str, Any] = drawing["features"][0]["geometry"]
    return found


def test_the_longitude_stands_first_and_the_ring_runs_counter_clockwise() -> None:
    assert geometry("39.5N 131.25E") == {"type": "Point", "coordinates": [131.25, 39.5]}
    ring = [[131.5, 38.0], [132.5, 38.0], [132.5, 39.5], [131.5, 38.0]]
    for text in ("38N 131.5E; 38N 132.5E; 39.5N 132.5E", "38N 131.5E; 39.5N 132.5E; 38N 132.5E"):
        found = geometry(text)["coordinates"]
        assert isinstance(found, list)
        assert {tuple(pair) for pair in found[0]} == {tuple(pair) for pair in ring}
        (ax, ay), (bx, by), (cx, cy) = found[0][:3]
        assert (bx - ax) * (cy - ay) > (by - ay) * (cx - ax)


@pytest.mark.parametrize("text", ["10N 179E; 10N 179W; 5N 179W; 5N 179E", "10N 179W; 10N 179E; 5N 179E; 5N 179W"])
def test_an_area_across_the_date_line_is_cut_in_two(text: str) -> None:
    found = geometry(text)
    assert found["type"] == "MultiPolygon"
    parts = found["coordinates"]
    assert isinstance(parts, list)
    corners = sorted(sorted({tuple(pair) for pair in part[0]}) for part in parts)
    assert corners == [
        [(-180.0, 5.0), (-180.0, 10.0), (-179.0, 5.0), (-179.0, 10.0)],
        [(179.0, 5.0), (179.0, 10.0), (180.0, 5.0), (180.0, 10.0)],
    ]


def test_an_area_that_only_touches_the_date_line_is_whole() -> None:
    found = geometry("10N 179E; 10N 180E; 5N 180E; 5N 179E")
    assert found["type"] == "Polygon"
    slanted = geometry("10N 179E; 9N 180E; 4N 179W; 4N 179E")
    assert slanted["type"] == "MultiPolygon"


def test_every_feature_says_that_it_is_an_exercise() -> None:
    drawing = json.loads(to_geojson(inject("N6")))
    assert drawing["openline"]["status"] == "EXERCISE"
    assert all(feature["properties"]["status"] == "EXERCISE" for feature in drawing["features"])
    assert drawing["openline"]["fields"]["hazard"] == "live_firing"


def test_a_message_without_a_place_is_not_drawn() -> None:
    with pytest.raises(NotExpressible):
        to_geojson(inject("K3"))


POINT: Json = {"type": "Point", "coordinates": [131.5, 39.5]}
RING: Json = [[131.5, 38.0], [132.5, 38.0], [132.5, 39.5], [131.5, 38.0]]


def collection(geometry_given: Json, **properties: Json) -> str:
    feature: Json = {"type": "Feature", "geometry": geometry_given, "properties": properties or None}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_drawings_of_other_maps_are_read() -> None:
    assert places_from_geojson(collection({"type": "Point", "coordinates": [131.5, 39.5, 100]})) == [
        Point(395_000, 1_315_000)
    ]
    assert places_from_geojson(collection(POINT, radius_m=500.4)) == [Circle(Point(395_000, 1_315_000), 500)]
    assert isinstance(places_from_geojson(collection({"type": "Polygon", "coordinates": [RING]}))[0], Polygon)
    assert places_from_geojson(collection(None, name="East Sector")) == [Named("East Sector")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "5",
        "{}",
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": [5]}',
        '{"type": "Feature"}',
        collection(None),
        collection(None, name="7"),
        collection({"type": "Point"}),
        collection({"type": "Point", "coordinates": [39.5]}),
        collection({"type": "Point", "coordinates": ["39.5", 5]}),
        collection({"type": "Point", "coordinates": [39.5, 131.5]}),
        collection({"type": "Point", "coordinates": 5}),
        collection(POINT, radius_m="wide"),
        collection({"type": "Polygon", "coordinates": [RING, RING]}),
        collection({"type": "Polygon", "coordinates": []}),
        collection({"type": "Polygon", "coordinates": [[]]}),
        collection({"type": "Polygon", "coordinates": [5]}),
        collection({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [3, 4]]]}),
        collection({"type": "LineString", "coordinates": RING}),
        '{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point", "coordinates": [1e999, 5]}}]}',
        '{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point", "coordinates": [NaN, 5]}}]}',
        "[" * 100_000,
        " " * 1_048_577,
    ],
)
def test_drawings_that_cannot_be_read_in_one_way_are_refused(text: str) -> None:
    with pytest.raises(ForeignRefused):
        places_from_geojson(text)


# ---------------------------------------------------------------- NOTAM


@given(st.lists(st.one_of(polygons(), circles), min_size=1, max_size=3), height_pairs, st.integers(0, 10**7))
@patient
def test_period_shapes_and_limits_come_back_from_a_notam(areas: list[FieldValue], pair: Heights, start: int) -> None:
    unique = [area for at, area in enumerate(areas) if area not in areas[:at]]
    window = Window(1_500_000_000 - 1_500_000_000 % 60 + start * 60, 90)
    values: dict[str, FieldValue] = {
        "hazard": Choice("live_firing", 0),
        "area": Many(tuple(unique)),
        "heights": pair,
        "period": window,
    }
    text = to_notam(message(CATALOGUE.kind("N6"), values), number="A0042/17", region="ABCD")
    back = read_notam(text)
    assert back.window == window
    assert sorted(map(str, back.areas)) == sorted(map(str, unique))
    assert (back.number, back.letter, back.replaces) == ("A0042/17", "N", "")
    assert (back.lower == "SFC") == (pair.lower.text() == "surface")
    assert (back.upper == "UNL") == (pair.upper.text() == "unlimited")


def test_a_notam_as_an_office_would_read_it() -> None:
    assert to_notam(inject("N6"), number="A0042/17", region="ABCD") == (
        "(A0042/17 NOTAMN\n"
        "Q) ABCD/QWMLW/IV/BO/W/000/591/3845N13200E052\n"
        "A) ABCD B) 1712091200 C) 1712101200\n"
        "E) EXERCISE EXERCISE EXERCISE. LIVE FIRING WI AREA 393000N1313000E-393000N1323000E-380000N1323000E"
        "-380000N1313000E-393000N1313000E\n"
        "F) SFC G) 18000M AMSL)"
    )


def test_a_launch_takes_its_impact_areas_and_all_heights() -> None:
    text = to_notam(inject("N1", status="ACTUAL"), number="A0043/17", region="ABCD")
    assert "/QWMLW/IV/BO/W/000/999/3918N13342E022" in text
    assert "PLANNED LAUNCH WI 40000M RADIUS OF 391800N1334200E" in text
    assert text.endswith("F) SFC G) UNL)")


def test_a_correction_replaces_and_a_cancellation_cancels() -> None:
    corrected = to_notam(inject("K1"), number="A0044/17", region="ABCD", replaces="A0042/17")
    assert corrected.startswith("(A0044/17 NOTAMR A0042/17\n")
    assert "1333000E" in corrected
    cancelled = to_notam(inject("K3"), number="A0045/17", region="ABCD", replaces="A0044/17")
    back = read_notam(cancelled)
    assert (back.letter, back.replaces, back.window, back.areas) == ("C", "A0044/17", None, ())


def test_an_area_south_west_and_across_the_date_line_is_circled_outwards() -> None:
    fields: Json = {"corners": ["10.0001S 179E", "10.0001S 179W", "5S 179W", "5S 179E"]}
    text = to_notam(inject("N6", {"area": fields}), number="A0042/17", region="ABCD")
    assert "/0730S18000W" in text
    assert "100000.36S1790000E" in text
    assert "1790000W" in text
    area = drawn(inject("N6", {"area": fields}).values())
    assert [place for _, place in area] == list(read_notam(text).areas)


def test_the_limits_in_feet_grow_outwards() -> None:
    assert (feet(Height(18_000), upwards=False), feet(Height(18_000), upwards=True)) == (59_055, 59_056)
    assert feet(Height(100, "ft"), upwards=True) == 100
    assert feet(Height(590, "FL"), upwards=True) == 59_000
    assert feet(Height(-1), upwards=True) is None


@pytest.mark.parametrize(
    ("code", "more", "asked"),
    [
        ("N6", {}, {"number": "42"}),
        ("N6", {}, {"region": "abcd"}),
        ("N6", {}, {"replaces": "x"}),
        ("N6", {}, {"replaces": "A0041/17"}),
        ("K1", {}, {}),
        ("N6", {"area": {"name": "east sector"}}, {}),
        ("N1", {"impact_areas": "UNKNOWN"}, {}),
        ("N7", {}, {}),
        ("K2", {}, {"replaces": "A0041/17"}),
        ("S2", {}, {}),
    ],
)
def test_what_a_notam_cannot_say_is_not_said(code: str, more: dict[str, Json], asked: dict[str, str]) -> None:
    office = {"number": "A0042/17", "region": "ABCD"} | asked
    with pytest.raises(NotExpressible):
        to_notam(
            inject(code, more), number=office["number"], region=office["region"], replaces=office.get("replaces", "")
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(A0042/17 NOTAMX",
        "(A0042/17 NOTAMN\nA) ABCD",
        "(A0042/17 NOTAMN\nB) 1713091200 C) 1712101200",
        "(A0042/17 NOTAMN\nB) 1712091200 C) 1712101200\nE) 5M RADIUS OF 993000N1313000E",
        "(A0042/17 NOTAMN\nB) 1712091200" + " " * 9000,
    ],
)
def test_other_notams_are_refused(text: str) -> None:
    with pytest.raises(ForeignRefused):
        read_notam(text)


def test_digits_without_end_in_a_notam_cost_no_time() -> None:
    """A run of digits is tried once and not from each of its digits."""
    before = process_time()
    assert read_notam("(A0042/17 NOTAMN\nB) 1712091200\n" + "1" * 8_000).areas == ()
    assert process_time() - before < SECONDS_MAX / 5


def test_imports_are_proposals_with_everything_a_person_needs_to_judge_them() -> None:
    back: CapImport = from_cap(to_cap(inject("K2")))
    assert (back.message_type, back.references) == ("Update", f"alba,{'cd' * 32},2017-12-05T11:56:40-00:00")
