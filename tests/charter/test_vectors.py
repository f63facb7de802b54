"""The vectors of charters, rosters, stop notices and fingerprints: every case does what its file says."""

import json
from hashlib import sha256
from typing import Any

import pytest

from openline.charter import LineDocuments, Outcome, fingerprint
from openline.charter.documents import unpack
from openline.errors import Rejected
from openline.identifiers import LineId
from openline.wire.cbor import decode
from openline.wire.payloads import DocumentClass
from openline.wire.statement import digest_of_hashes, part_hash, part_salt
from tests.charter.world import NOON, SUITE
from tools.charter_vectors import RANDOM, VECTORS, text_of


def file(name: str) -> dict[str, Any]:
    found = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


MADE = file("documents")
GOOD: dict[str, dict[str, Any]] = {case["name"]: case for case in MADE["good"]}
BAD = {f"{case['rule']} {DocumentClass(case['class']).name.lower()} {case['name']}": case for case in MADE["bad"]}


def opened() -> LineDocuments:
    documents = LineDocuments(LineId(bytes.fromhex(MADE["line"])))
    for case in GOOD.values():
        document = bytes.fromhex(case["document"])
        change = documents.accept(DocumentClass(case["class"]), document, SUITE, NOON)
        assert change.outcome in (Outcome.IN_FORCE, Outcome.STOPPED)
    return documents


def test_the_good_documents_are_accepted_in_their_order() -> None:
    documents = opened()
    assert documents.charter
    assert documents.charter.number == 2
    assert documents.officer_stopped(1, 4) == NOON
    station = documents.all_stations()[0]
    assert station.hash.hex() == GOOD["roster 1 of party 1"]["station_hash"]
    assert station.item().hex() == GOOD["roster 1 of party 1"]["station_item"]
    assert documents.line.hex() == GOOD["charter 1"]["digest"]


@pytest.mark.parametrize("name", [name for name in GOOD if "parts" in GOOD[name]])
def test_a_digest_is_that_of_its_parts(name: str) -> None:
    case = GOOD[name]
    body, _ = unpack(bytes.fromhex(case["document"]))
    fields = decode(body)
    assert isinstance(fields, dict)
    seed = fields[3]
    hashes = [
        part_hash(part_salt(seed, sha256(body).digest(), number), bytes.fromhex(part))
        for number, part in enumerate(case["parts"])
    ]
    assert digest_of_hashes(hashes).hex() == case["digest"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_is_refused_by_its_rule(name: str) -> None:
    case, documents = BAD[name], opened()
    before = documents.documents_digest()
    with pytest.raises(Rejected) as caught:
        documents.accept(DocumentClass(case["class"]), bytes.fromhex(case["document"]), SUITE, NOON)
    assert caught.value.rule == case["rule"]
    assert documents.documents_digest() == before


@pytest.mark.parametrize("case", file("fingerprint")["good"], ids=lambda case: str(case["words"])[:6])
def test_a_digest_has_its_words(case: dict[str, str]) -> None:
    assert " ".join(fingerprint(bytes.fromhex(case["digest"]))) == case["words"]


def test_what_has_no_randomness_is_made_the_same_again() -> None:
    assert "fingerprint" not in RANDOM
    assert (VECTORS / "fingerprint.json").read_text(encoding="utf-8") == text_of("fingerprint")
