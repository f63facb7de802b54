"""The vectors of the catalogue: bodies that another implementation must read and write, or refuse."""

from __future__ import annotations

import json
from pathlib import Path

from openline.catalogue.kinds import CATALOGUE, CatalogueError, body_from_json, validate
from openline.wire.cbor import decode, encode
from openline.wire.statement import Body

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "catalogue" / "bodies.json").read_text(encoding="utf-8"))


def test_every_good_body_is_made_of_its_fields_byte_for_byte() -> None:
    assert {case["kind"] for case in VECTORS["good"]} == set(CATALOGUE.kinds)
    for case in VECTORS["good"]:
        kind = CATALOGUE.kind(case["kind"])
        assert kind.number == case["number"]
        assert encode(body_from_json(kind, case["fields"])).hex() == case["body"]
        body = decode(bytes.fromhex(case["body"]))
        assert isinstance(body, str | dict | None)
        validate(kind, body)


def test_every_bad_body_is_refused() -> None:
    assert len(VECTORS["bad"]) >= 50
    for case in VECTORS["bad"]:
        value = decode(bytes.fromhex(case["body"]))
        assert isinstance(value, str | dict | None)
        assert refused(case["kind"], value), case


def refused(code: str, body: Body) -> bool:
    try:
        validate(CATALOGUE.kind(code), body)
    except CatalogueError:
        return True
    return False
