"""The line that lists and logs show for each value: Western digits, no language's words where that is possible."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds import CATALOGUE, Refused, body_from_json, read_body
from openline.catalogue.kinds.field import NO_CODEC
from openline.catalogue.kinds.values import Json
from tests.catalogue.kinds.injects import INJECTS, M5, M6


def lines(code: str, fields: dict[str, Json]) -> dict[str, str]:
    kind = CATALOGUE.kind(code)
    return {name: value.text() for name, value in read_body(kind, body_from_json(kind, fields)).items()}


def inject(code: str) -> dict[str, Json]:
    return next(fields for kind, fields in INJECTS if kind == code)


def test_an_incident_in_lines() -> None:
    assert lines("N7", inject("N7")) == {
        "type": "system failure",
        "time": "2017-12-09 18:24 UTC",
        "place": "38.62N 129.75E",
        "object": "unmanned aircraft",
        "object_detail": "target aircraft",
        "heading": "305°",
        "armed": "no",
        "self_destruct": "UNKNOWN",
        "state": "continuing",
        "cause_status": "not known",
        "cause": "UNKNOWN",
        "hostile_intent": "none",
        "casualties": "UNKNOWN",
        "steps_taken": "control link being tried",
        "next_update_by": "2017-12-09 18:57 UTC",
    }


def test_every_other_type_in_a_line() -> None:
    assert lines("L1", inject("L1")) == {
        "check": "1",
        "nonce": "0011223344556677",
        "glyphs": "한글/Ж/ع",
        "utc_offset": "UTC+08:30",
    }
    assert lines("Q1", inject("Q1"))["about"] == f"{M5}; {M6}"
    assert lines("L3", inject("L3"))["in_force"] == "NONE"
    assert lines("PASSED-ON", inject("PASSED-ON"))["unit"] == "air defence unit"
    assert lines("L4", inject("L4"))["scenario"] == "december-2017"
    assert lines("N6", inject("N6"))["heights"] == "surface - 18000 m"
    correction = lines("K1", inject("K1"))
    assert correction["wrong_fields"] == "N6.area"
    assert correction["data"].startswith("N6: hazard: live firing, area: polygon 39.50N 131.50E, 39.50N 133.50E")
    facts: list[Json] = [{"what": {"value": "object fell", "certainty": "likely"}, "time": "WITHHELD"}]
    assert lines("S1", {"facts": facts})["facts"] == "what: object fell (likely), time: WITHHELD"


def test_a_field_without_readers_reads_nothing() -> None:
    with pytest.raises(Refused):
        NO_CODEC.from_wire(1)


def test_a_reply_knows_what_it_answers() -> None:
    assert CATALOGUE.kind("YES").reply_to == ("A",)
    assert CATALOGUE.kind("N1").reply_to == ()
