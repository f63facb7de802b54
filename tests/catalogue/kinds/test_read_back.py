"""Read-back: every likely mistake is caught in every field of every kind, every reasonable spelling passes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openline.catalogue.kinds import (
    CATALOGUE,
    Field,
    Kind,
    WrongField,
    body_from_json,
    compare_read_back,
    read_back_body,
    read_back_fields,
    validate,
    wrong_read_back,
)
from openline.catalogue.kinds.read_back import READ_BACK_NUMBER, READABLE
from openline.catalogue.kinds.spelling import TOLERANCES
from openline.catalogue.kinds.values import Json
from openline.wire.statement import Body
from tests.catalogue.kinds.injects import INJECTS
from tests.catalogue.kinds.mistakes import mistakes, samples

MISTAKES_MIN = 10_000


def readable_fields() -> Iterator[tuple[Kind, Field]]:
    """Every field of every kind whose type is read back, also in kinds that do not ask for it."""
    for kind in CATALOGUE.kinds.values():
        yield from ((kind, field) for field in kind.fields if field.type in READABLE)


def updated(kind: Kind, field: Field, value: Json) -> Body:
    """An update that gives this field this value: whatever is updated is read back."""
    return body_from_json(CATALOGUE.kind("K2"), {"changes": {"kind": kind.code, "fields": {field.name: value}}})


FIELDS = [
    pytest.param(kind, field, id=f"{kind.code}.{field.name}") for kind, field in readable_fields() if kind.level <= 1
]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_every_reasonable_spelling_passes(kind: Kind, field: Field) -> None:
    update = CATALOGUE.kind("K2")
    for value, spellings in samples(field):
        body = updated(kind, field, value)
        for spelling in spellings:
            assert compare_read_back(update, body, {field.name: spelling}) == []
            reply = read_back_body(update, body, {field.name: spelling})
            validate(CATALOGUE.kind("UNDERSTOOD"), reply)
            assert wrong_read_back(update, body, reply) == ()


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_every_likely_mistake_is_caught_at_both_ends(kind: Kind, field: Field) -> None:
    update = CATALOGUE.kind("K2")
    for value, spellings in samples(field):
        body = updated(kind, field, value)
        for slip in set(mistakes(field, spellings[0])):
            found = compare_read_back(update, body, {field.name: slip})
            assert [mismatch.path for mismatch in found] == [field.name], slip
            try:
                reply = read_back_body(update, body, {field.name: slip})
            except WrongField:
                continue  # it cannot even be sent: the officer has to type it again
            assert wrong_read_back(update, body, reply) == (field.name,), slip


def test_the_mistakes_are_many() -> None:
    made = 0
    for _, field in readable_fields():
        for _, spellings in samples(field):
            made += sum(len(set(mistakes(field, spelling))) for spelling in spellings[:1])
    assert made >= MISTAKES_MIN


def test_mistakes_in_every_other_spelling_are_caught_too() -> None:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    update = CATALOGUE.kind("K2")
    for kind, field in readable_fields():
        if (field.type, field.shapes) in seen or kind.level > 1 or field.type == "enumeration":
            continue
        seen.add((field.type, field.shapes))
        for value, spellings in samples(field):
            body = updated(kind, field, value)
            for spelling in spellings[1:]:
                for slip in set(mistakes(field, spelling)):
                    assert compare_read_back(update, body, {field.name: slip}), slip


# ---------------------------------------------------------------- which fields, and how they are named


def inject(code: str, at: int = 0) -> tuple[Kind, Body]:
    fields = [fields for kind, fields in INJECTS if kind == code][at]
    kind = CATALOGUE.kind(code)
    return kind, body_from_json(kind, fields)


def paths(code: str, at: int = 0) -> list[str]:
    return [field.path for field in read_back_fields(*inject(code, at))]


def test_each_kind_is_read_back_where_its_file_says() -> None:
    assert paths("N6") == ["area", "period"]
    assert paths("N1") == ["window", "count", "impact_areas"]
    assert paths("N7") == ["time", "place", "armed"]
    assert paths("L4") == ["phase", "begins"]
    assert paths("C1") == ["check_interval", "next_contact"]
    assert paths("S2") == paths("K4") == paths("T1") == []


def test_a_report_without_news_has_nothing_to_read_back_and_one_with_facts_has_their_times_and_places() -> None:
    assert paths("C2", 0) == ["own_facts.1.time"]
    assert paths("C2", 1) == []
    kind, body = inject("C2", 1)
    assert read_back_body(kind, body, {}) is None
    assert wrong_read_back(kind, body, None) == ()


def test_of_a_correction_only_the_wrong_fields_are_read_back() -> None:
    assert paths("K1") == ["area"]


def test_of_an_update_everything_that_changed_is_read_back_but_words() -> None:
    assert paths("K2") == ["state", "end_time", "end_place", "cause_status", "casualties"]


def test_a_fact_in_a_list_is_read_back_under_its_place_in_the_list() -> None:
    kind = CATALOGUE.kind("C2")
    facts: list[Json] = [
        {"what": "object fell", "time": "2017-12-09T18:41Z", "place": "38.86N 129.30E"},
        {"what": "search begun", "time": "2017-12-09T18:42Z"},
        {"what": "sea calm"},
    ]
    fields: dict[str, Json] = {
        "period": "2017-12-09T18:38Z/2017-12-09T18:43Z",
        "news": "changed",
        "own_facts": facts,
        "next_due": "2017-12-09T18:48Z",
    }
    body = body_from_json(kind, fields)
    right = {"own_facts.1.time": "1841", "own_facts.1.place": "38.86N 129.30E", "own_facts.2.time": "18:42Z"}
    assert [field.path for field in read_back_fields(kind, body)] == [
        "own_facts.1.time",
        "own_facts.2.time",
        "own_facts.1.place",
    ]
    assert compare_read_back(kind, body, right) == []
    assert wrong_read_back(kind, body, read_back_body(kind, body, right)) == ()
    wrong = right | {"own_facts.2.time": "1824"}
    assert [mismatch.path for mismatch in compare_read_back(kind, body, wrong)] == ["own_facts.2.time"]
    assert wrong_read_back(kind, body, read_back_body(kind, body, wrong)) == ("own_facts.2.time",)
    fewer = body_from_json(kind, fields | {"own_facts": facts[:1]})
    assert wrong_read_back(kind, body, read_back_body(kind, fewer, right)) == ("own_facts.2.time",)


def test_an_update_of_a_track_is_read_back_position_by_position() -> None:
    track: list[Json] = [{"time": "2017-12-09T18:30Z", "place": "38.70N 129.60E"}]
    update = CATALOGUE.kind("K2")
    body = body_from_json(update, {"changes": {"kind": "N8", "fields": {"track": track}}})
    right = {"track.1.time": "1830", "track.1.place": "38-42N 129-36E"}
    assert compare_read_back(update, body, right) == []
    reply = read_back_body(update, body, right)
    validate(CATALOGUE.kind("UNDERSTOOD"), reply)
    assert wrong_read_back(update, body, reply) == ()


def test_facts_that_are_unknown_have_no_times_to_read_back() -> None:
    kind, body = inject("C2", 1)
    assert isinstance(body, dict)
    assert read_back_fields(kind, body | {3: None}) == ()


def test_a_correction_of_an_update_is_read_back_as_what_it_updates() -> None:
    kind = CATALOGUE.kind("K1")
    changes: dict[str, Json] = {"changes": {"kind": "N7", "fields": {"end_time": "2017-12-09T18:41Z"}}}
    data: dict[str, Json] = {"kind": "K2", "fields": changes}
    body = body_from_json(kind, {"wrong_fields": ["K2.changes"], "data": data})
    assert [field.path for field in read_back_fields(kind, body)] == ["end_time"]
    assert wrong_read_back(kind, body, read_back_body(kind, body, {"end_time": "1841"})) == ()


def test_a_window_is_read_back_with_its_days() -> None:
    kind, body = inject("N6")
    area = "39.5N 131.5E, 39.5N 132.5E, 38N 132.5E, 38N 131.5E"
    found = compare_read_back(kind, body, {"area": area, "period": "1200/1200"})
    assert [(wrong.path, wrong.why) for wrong in found] == [("period", "give each end with its day")]


def test_unknown_is_read_back_as_unknown_and_nothing_else() -> None:
    kind = CATALOGUE.kind("N7")
    body = body_from_json(kind, {"type": "firing", "time": "2017-12-09T18:24Z", "armed": "UNKNOWN"})
    assert compare_read_back(kind, body, {"time": "1824", "armed": "unknown"}) == []
    for typed in ("no", "yes", "WITHHELD"):
        assert [wrong.path for wrong in compare_read_back(kind, body, {"time": "1824", "armed": typed})] == ["armed"]


def test_what_is_not_typed_or_not_asked_for_is_a_mismatch() -> None:
    kind, body = inject("N6")
    found = compare_read_back(kind, body, {"period": " ", "hazard": "live firing"})
    assert [(wrong.path, wrong.why) for wrong in found] == [
        ("area", "not read back"),
        ("period", "not read back"),
        ("hazard", "not a field to read back"),
    ]


def test_two_areas_may_be_read_back_in_either_order_but_neither_left_out() -> None:
    kind = CATALOGUE.kind("S2")
    fields: dict[str, Json] = {
        "danger": "mines",
        "where": ["38.90N 129.30E", {"centre": "39.00N 129.00E", "radius": "5 km"}],
        "when": "2017-12-09T18:50Z/..",
    }
    update = CATALOGUE.kind("K2")
    body = body_from_json(update, {"changes": {"kind": kind.code, "fields": {"where": fields["where"]}}})
    circle, point = "39N 129E radius 5 km", "38.9N 129.3E"
    for right in (f"{point}; {circle}", f"{circle}\n{point}"):
        assert compare_read_back(update, body, {"where": right}) == []
    for wrong in (point, circle, f"{point}; {point}", f"{point}; {circle}; {point}", f"{point}; {circle};" * 9, "NONE"):
        assert len(compare_read_back(update, body, {"where": wrong})) == 1


def test_a_list_that_says_none_is_read_back_as_none() -> None:
    kind = CATALOGUE.kind("N1")
    update = CATALOGUE.kind("K2")
    body = body_from_json(update, {"changes": {"kind": kind.code, "fields": {"impact_areas": "NONE"}}})
    assert compare_read_back(update, body, {"impact_areas": "none"}) == []
    assert compare_read_back(update, body, {"impact_areas": "39N 129E radius 5 km"})


def test_a_value_with_a_certainty_is_read_back_without_it() -> None:
    kind = CATALOGUE.kind("N7")
    place: Json = {"value": "38.62N 129.75E", "certainty": "likely"}
    body = body_from_json(kind, {"type": "firing", "time": "2017-12-09T18:24Z", "place": place})
    assert compare_read_back(kind, body, {"time": "1824", "place": "38.62N 129.75E"}) == []


def test_a_reply_about_another_kind_or_of_another_shape_reads_back_nothing() -> None:
    kind, body = inject("N6")
    right = read_back_body(
        kind, body, {"area": "39.5N 131.5E, 39.5N 132.5E, 38N 132.5E, 38N 131.5E", "period": "091200/101200"}
    )
    assert wrong_read_back(kind, body, right) == ()
    everything = ("area", "period")
    wrong: list[Body] = [
        None,
        "text",
        {READ_BACK_NUMBER: 5},
        {READ_BACK_NUMBER: {0: 4}},
        {READ_BACK_NUMBER: {0: 36, 22: 1}},
    ]
    for reply in wrong:
        assert wrong_read_back(kind, body, reply) == everything


def test_a_text_that_cannot_be_read_is_not_sent() -> None:
    kind, body = inject("N6")
    with pytest.raises(WrongField) as caught:
        read_back_body(kind, body, {"area": "39.5N 131.5E, 39.5N", "period": "091200/101200"})
    assert (caught.value.field, caught.value.kind) == ("area", "N6")


def test_the_field_of_the_reply_and_the_stated_tolerances_are_those_in_use() -> None:
    assert CATALOGUE.kind("UNDERSTOOD").numbers["read_back"] == READ_BACK_NUMBER
    assert CATALOGUE.kind("JOINED").numbers["read_back"] == READ_BACK_NUMBER
    assert set(TOLERANCES) == READABLE
