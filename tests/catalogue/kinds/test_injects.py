"""Everything that is said in an exercise over most kinds can be said, and says the same on the other side."""

from __future__ import annotations

import cbor2
import pytest

from openline.catalogue.kinds import CATALOGUE, body_from_json, body_to_json, validate
from openline.catalogue.kinds.values import Json
from openline.wire.cbor import decode, encode
from tests.catalogue.kinds.injects import INJECTS

N1_BODY_BYTES_MAX = 77  # so that a launch notification with two areas fits the budget of a slow link


@pytest.mark.parametrize(("code", "fields"), INJECTS, ids=[f"{at}-{code}" for at, (code, _) in enumerate(INJECTS)])
def test_what_is_said_arrives(code: str, fields: dict[str, Json]) -> None:
    kind = CATALOGUE.kind(code)
    body = body_from_json(kind, fields)
    assert decode(encode(body)) == body
    validate(kind, body)
    assert body_from_json(kind, body_to_json(kind, body)) == body


def test_a_complete_launch_with_two_areas_of_four_corners_fits_a_slow_link() -> None:
    kind = CATALOGUE.kind("N1")
    areas: list[Json] = [
        {"corners": ["39.50N 131.50E", "39.50N 134.70E", "36.30N 134.70E", "36.30N 131.50E"]},
        {"corners": ["29.5123N 141.5123E", "29.5123N 142.5E", "28.01N 142.5E", "28.01N 141.5123E"]},
    ]
    fields: dict[str, Json] = {
        "class": "space launch vehicle",
        "count": "10-20",
        "site": "39.6601N 124.7054E",
        "window": "2017-12-09T20:00Z/2017-12-10T02:00Z",
        "azimuth": 310,
        "impact_areas": areas,
        "purpose": "space",
    }
    assert len(encode(body_from_json(kind, fields))) <= N1_BODY_BYTES_MAX
    as_areas = fields | {"site": areas[0], "impact_areas": areas[1:], "notices": ["A1234/17"]}
    assert len(encode(body_from_json(kind, as_areas))) <= N1_BODY_BYTES_MAX


@pytest.mark.parametrize("code", CATALOGUE.kinds)
def test_another_decoder_reads_the_same_body(code: str) -> None:
    body = body_from_json(CATALOGUE.kind(code), CATALOGUE.kind(code).example)
    assert cbor2.loads(encode(body)) == body


def test_an_incident_needs_only_its_type_and_time() -> None:
    kind = CATALOGUE.kind("N7")
    body = body_from_json(kind, {"type": "accidental launch", "time": "2017-12-09T18:24Z"})
    assert len(encode(body)) == 9
    everything_else_unknown: dict[str, Json] = {
        field.name: "UNKNOWN" for field in kind.fields if field.unknown and not field.required
    }
    validate(kind, body_from_json(kind, everything_else_unknown | {"type": "UNKNOWN", "time": "UNKNOWN"}))


def test_not_stated_unknown_withheld_and_none_are_four_answers() -> None:
    kind = CATALOGUE.kind("P9")
    fields: dict[str, Json] = {"topic": "tests", "stance": "open", "commitment": "none", "source": "said"}
    answers: list[dict[str, Json]] = [{}, {"conditions": "UNKNOWN"}, {"conditions": "WITHHELD"}, {"conditions": "NONE"}]
    bodies = [encode(body_from_json(kind, fields | answer)) for answer in answers]
    assert len(set(bodies)) == 4
