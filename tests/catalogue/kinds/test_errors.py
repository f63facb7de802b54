"""A wrong field is named with what was expected, and its content stands in no message."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds import (
    CATALOGUE,
    CatalogueError,
    MissingField,
    UnexpectedField,
    UnknownKind,
    WrongBody,
    WrongField,
    body_from_json,
    read_body,
    validate,
    write_body,
)
from openline.catalogue.kinds.values import FieldValue, Json, OwnText
from openline.wire.statement import Body, Statement, decode_statement, encode_statement
from tests.catalogue.kinds.injects import INJECTS

N6 = next(fields for code, fields in INJECTS if code == "N6")
N7: dict[str, Json] = {"type": "firing", "time": "2017-12-09T18:24Z"}


@pytest.mark.parametrize(
    ("code", "fields", "error", "field"),
    [
        ("N6", N6 | {"heights": "18000"}, WrongField, "heights"),
        ("N6", N6 | {"period": "UNKNOWN"}, WrongField, "period"),
        ("N6", N6 | {"area": "39.5N 131.5E"}, WrongField, "area.1"),
        ("N6", N6 | {"area": []}, WrongField, "area"),
        ("N6", N6 | {"area": [{"name": "east"}, {"name": "east"}]}, WrongField, "area"),
        ("N6", N6 | {"areas": 1}, UnexpectedField, "areas"),
        ("N6", {name: value for name, value in N6.items() if name != "area"}, MissingField, "area"),
        ("N7", N7 | {"armed": "maybe"}, WrongField, "armed"),
        ("N7", N7 | {"armed": 1}, WrongField, "armed"),
        ("N7", N7 | {"type": 7}, WrongField, "type"),
        ("N7", N7 | {"place": {"value": "39.5N 131.5E", "certainty": "sure"}}, WrongField, "place"),
        ("N7", N7 | {"place": {"value": "39.5N 131.5E", "certainty": "likely", "x": 1}}, WrongField, "place"),
        ("N7", N7 | {"cause": 7}, WrongField, "cause"),
        ("N8", {"track": [{"place": "39.5N 131.5E"}]}, MissingField, "track.1.time"),
        ("N8", {"track": [{"time": "2017-12-09T18:24Z", "place": "39.5N"}]}, WrongField, "track.1.place"),
        ("N8", {"track": [{"speed": 5}]}, UnexpectedField, "track.1.speed"),
        ("N8", {"track": ["x"]}, WrongField, "track.1"),
        ("S2", {"to_whom": 5}, WrongField, "to_whom.1"),
        ("L1", {"check": 0}, WrongField, "check"),
        ("L1", {"check": True}, WrongField, "check"),
        ("L1", {"check": 1, "nonce": "xyz"}, WrongField, "nonce"),
        ("L1", {"check": 1, "nonce": "abc"}, WrongField, "nonce"),
        ("L1", {"check": 1, "nonce": "ab"}, WrongField, "nonce"),
        ("L1", {"check": 1, "nonce": 5}, WrongField, "nonce"),
        ("P3", {"step": "commit", "openings_sealed": ""}, WrongField, "openings_sealed"),
        ("Q1", {"statement": "x", "about": ["ab"]}, WrongField, "about.1"),
        ("L4", {"phase": "begin", "scenario": 5}, WrongField, "scenario"),
        (
            "L4",
            {"phase": "begin", "scenario": "x", "begins": "2017-12-05", "ends": "2017-12-04"},
            WrongField,
            "ends",
        ),
        ("Q2", {"questions": ["when?"]}, WrongBody, ""),
        ("Q3", {}, WrongBody, ""),
        ("K1", {"wrong_fields": ["N7.area"], "data": {"kind": "N6", "fields": N6}}, WrongField, "wrong_fields"),
        ("K1", {"wrong_fields": ["N7.time"], "data": {"kind": "N6", "fields": N6}}, WrongField, "data"),
        ("K1", {"wrong_fields": ["N6.area", "N7.time"]}, WrongField, "wrong_fields"),
        ("K1", {"wrong_fields": ["N6.area", "N6.area"]}, WrongField, "wrong_fields"),
        ("K1", {"wrong_fields": []}, WrongField, "wrong_fields"),
        ("K1", {"wrong_fields": 5}, WrongField, "wrong_fields.kind"),
        ("K1", {"wrong_fields": ["X.area"]}, WrongField, "wrong_fields.kind"),
        ("K1", {"wrong_fields": ["N6.area"], "data": {"kind": "N6", "fields": {}}}, MissingField, "data.hazard"),
        ("K1", {"wrong_fields": ["N6.area"], "data": {"kind": "K1", "fields": {}}}, WrongField, "data.kind"),
        ("K2", {"changes": {"kind": "N6", "fields": {}}}, WrongField, "changes"),
        ("K2", {"changes": {"kind": "N6", "x": {}}}, WrongField, "changes"),
        ("K2", {"changes": {"kind": "K2", "fields": {"changes": 1}}}, WrongField, "changes.kind"),
        ("K2", {"changes": {"kind": 1.5, "fields": {"changes": 1}}}, WrongField, "changes.kind"),
        ("K2", {"changes": {"kind": "N6", "fields": {"heights": 5}}}, WrongField, "changes.heights"),
        ("T1", {}, MissingField, "text"),
        ("T1", {"text": 5}, WrongField, "text"),
        ("T1", {"text": "x", "more": 5}, UnexpectedField, "more"),
        ("T1", {"text": "\u202ereversed"}, WrongField, "text"),
        ("YES", {"text": "x"}, UnexpectedField, "text"),
    ],
)
def test_a_wrong_field_is_named(code: str, fields: dict[str, Json], error: type[CatalogueError], field: str) -> None:
    with pytest.raises(error) as caught:
        body_from_json(CATALOGUE.kind(code), fields)
    assert (caught.value.kind, caught.value.field) == (code, field)
    assert caught.value.expected
    assert caught.value.expected in caught.value.hint


def test_the_error_tells_what_to_give_but_never_repeats_content() -> None:
    with pytest.raises(WrongField) as caught:
        body_from_json(CATALOGUE.kind("N6"), N6 | {"heights": "secret 18000"})
    error = caught.value
    assert error.got == "secret 18000"
    assert error.example == "surface/18000 m"
    assert "secret" not in f"{error} {error.hint} {error.facts}"
    assert str(error) == "heights of N6 is not what it should be"
    with pytest.raises(MissingField, match="N7 needs time"):
        body_from_json(CATALOGUE.kind("N7"), {"type": "firing"})


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("N7", None),
        ("N7", {}),
        ("N7", "text"),
        ("N7", {1: 0, 2: 0, 22: 1}),
        ("N7", {0: 0, 1: 0, 2: 0}),
        ("N7", {1: 0, 2: 0, 14: None}),
        ("N7", {1: 0, 2: 0, 9: True}),
        ("N7", {1: 0, 2: 0, 9: 2}),
        ("N7", {1: 0, 2: 0, 3: {0: b"", 1: 1}}),
        ("N7", {1: 0, 2: 0, 3: {0: bytes(7), 1: 4}}),
        ("N7", {1: 0, 2: 0, 3: {0: bytes(7)}}),
        ("N8", {8: 5}),
        ("N8", {8: [{}]}),
        ("N8", {8: [5]}),
        ("L1", {1: 1, 2: bytes(7)}),
        ("Q1", {1: "x", 2: [bytes(19)]}),
        ("S2", {2: [5]}),
        ("K1", {1: [36]}),
        ("K1", {1: 36}),
        ("K1", {1: [36, 4, 2]}),
        ("K1", {1: [36, 2, 2]}),
        ("K1", {1: [36, 21]}),
        ("K1", {1: [36, 0]}),
        ("K1", {1: [200, 2]}),
        ("K2", {1: {1: 5}}),
        ("K2", {1: {0: 36}}),
        ("K2", {1: {0: None, 1: 1}}),
        ("K2", {1: 5}),
        ("K2", {1: {0: 36, 9: 1}}),
        ("T1", None),
        ("T1", ""),
        ("T1", {1: "text"}),
        ("YES", "text"),
        ("YES", {}),
    ],
)
def test_a_body_of_another_shape_is_refused(code: str, body: Body) -> None:
    with pytest.raises(CatalogueError):
        validate(CATALOGUE.kind(code), body)


def test_values_are_written_only_for_fields_of_the_kind() -> None:
    kind = CATALOGUE.kind("T1")
    words: dict[str, FieldValue] = {"text": OwnText("all quiet")}
    assert write_body(kind, words) == "all quiet"
    assert read_body(kind, "all quiet") == words
    with pytest.raises(UnexpectedField):
        write_body(kind, {"more": OwnText("x")})
    with pytest.raises(MissingField):
        write_body(kind, {})


def test_a_correction_of_a_text_carries_the_text() -> None:
    kind = CATALOGUE.kind("K1")
    fields: dict[str, Json] = {
        "wrong_fields": ["T1.text"],
        "data": {"kind": "T1", "fields": {"text": "back at 18:00"}},
    }
    assert body_from_json(kind, fields) == {1: [0, 1], 2: {0: 0, 1: "back at 18:00"}}


def test_the_deepest_message_still_fits_a_statement() -> None:
    """A correction of an update of an answer with a list of measurements: nothing goes deeper."""
    monitoring: list[Json] = [{"time": "2026-12-09", "place": "46.25N 14.40W"}]
    answer: dict[str, Json] = {"data": {"kind": "N9", "fields": {"monitoring": monitoring}}}
    update: dict[str, Json] = {"changes": {"kind": "Q3", "fields": answer}}
    fields: dict[str, Json] = {"wrong_fields": ["K2.changes"], "data": {"kind": "K2", "fields": update}}
    body = body_from_json(CATALOGUE.kind("K1"), fields)
    data = encode_statement(Statement(charter=1, authored=0, kind=18, officer=1, body=body))
    assert decode_statement(data).body == body


def test_kinds_are_found_as_people_write_them() -> None:
    assert CATALOGUE.kind("not understood") is CATALOGUE.kind("NOT_UNDERSTOOD") is CATALOGUE.kind(12)
    for unknown in ("N11", "", 254, -1):
        with pytest.raises(UnknownKind):
            CATALOGUE.kind(unknown)


def test_yes_and_no_may_be_given_as_true_and_false_in_json() -> None:
    kind = CATALOGUE.kind("N7")
    assert body_from_json(kind, N7 | {"armed": False}) == body_from_json(kind, N7 | {"armed": "NO"})
    assert body_from_json(kind, N7 | {"armed": True}) == body_from_json(kind, N7 | {"armed": "yes"})


def test_a_whole_digest_does_for_a_reference() -> None:
    kind = CATALOGUE.kind("Q1")
    body = body_from_json(kind, {"statement": "It is so", "about": "ab" * 32})
    assert body == {1: "It is so", 2: [b"\xab" * 20]}
