"""Make the vectors in vectors/charter/: `python -m tools.charter_vectors`.

documents.json holds ML-DSA signatures, which draw randomness: it is made once and kept; delete it to make it anew.
tests/charter/test_vectors.py judges every case by what the files say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from openline.charter import (
    ApprovalRule,
    Charter,
    ItemClass,
    Member,
    RelayItem,
    Role,
    RootSeeds,
    Roster,
    Rules,
    SignedCharter,
    StationSeeds,
    StopNotice,
    certify_officer,
    certify_station,
    charter_digest,
    charters,
    documents,
    draft_charter,
    encode_charter,
    encode_roster,
    fingerprint,
    make_stop,
    rosters,
    sign_roster,
)
from openline.identifiers import Digest, LineId
from openline.sessions import RealSuite
from openline.wire.cbor import Value, decode, encode
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "charter"
SUITE = RealSuite()
CHARTER, ROSTER, STOP = DocumentClass.CHARTER, DocumentClass.ROSTER, DocumentClass.STOP

Case = dict[str, object]


def seed(name: str) -> bytes:
    """A made-up secret, the SHA-256 of its name."""
    return sha256(name.encode()).digest()


def root(name: str) -> RootSeeds:
    """A made-up root."""
    return RootSeeds(seed(f"the root of {name}"), seed(f"the other root of {name}"))


def _member(number: int, name: str, role: Role = Role.PARTY) -> Member:
    return Member(number, name.lower(), role, (("en", name), ("ko", name)), root(name).public(SUITE))


NAMES = {1: "Alba", 2: "Bora"}
RULES = Rules(approvals=(ApprovalRule(4, ((Authority.DUTY_OFFICER, Authority.RELEASER),)),))
TEXT = Charter(
    number=1,
    line=None,
    predecessor=None,
    seed=seed("the seed of the charter"),
    members=tuple(_member(number, name) for number, name in NAMES.items()),
    catalogue=seed("the catalogue"),
    languages=("en", "ko"),
    rules=RULES,
)


def _signed(text: Charter, *parties: int, before: Charter | None = None) -> SignedCharter:
    signed = draft_charter(text)
    for party in parties or NAMES:
        signed = signed.signed_by(party, root(NAMES[party]), before, SUITE)
    return signed


FIRST = _signed(TEXT)
SECOND_TEXT = replace(
    TEXT, number=2, line=FIRST.line, predecessor=FIRST.digest, rules=replace(RULES, entries_a_minute=60)
)
SECOND = _signed(SECOND_TEXT, before=TEXT)


SEEDS = StationSeeds(seed("sign"), seed("head"), seed("post"))
STATION = certify_station(FIRST.line, 1, 1, SEEDS, SUITE)
OFFICER = certify_officer(FIRST.line, 1, 4, [Authority.RELEASER], seed("officer 4"), SUITE)
RELAY = RelayItem("relay.example:443", seed("the relay"))
ROSTER_TEXT = Roster(FIRST.line, 1, 1, seed("the salt seed of Alba"), (STATION,), (OFFICER,), (RELAY,))
SIGNED_ROSTER = sign_roster(ROSTER_TEXT, root("Alba"), SUITE)
NOTICE = StopNotice(FIRST.line, 1, ItemClass.OFFICER, 4)


def _raw_charter(changes: Mapping[int, Value]) -> bytes:
    """A document whose body no honest implementation makes, signed by both roots all the same."""
    values = decode(encode_charter(TEXT))
    assert isinstance(values, dict)
    body = encode(values | dict(changes))
    fields = decode(body)
    assert isinstance(fields, dict)
    digest = documents.digest_by_parts(TEXT.seed, body, fields, charters.LISTED)
    signed = charters.charter_signed(digest)
    return documents.pack(body, [documents.sign(SUITE, root(name), party, signed) for party, name in NAMES.items()])


def _raw_roster(roster: Roster, name: str = "Alba") -> bytes:
    """A roster that is signed without a look at its items."""
    body = encode_roster(roster)
    signed = rosters.roster_signed(rosters.roster_digest(body))
    return documents.pack(body, [documents.sign(SUITE, root(name), 1, signed)])


def _good() -> list[Case]:
    first, second, roster = FIRST.document(), SECOND.document(), SIGNED_ROSTER.document()
    return [
        {"name": "charter 1", "class": CHARTER, "document": first, "digest": FIRST.digest, **_parts(FIRST.body)},
        {"name": "charter 2", "class": CHARTER, "document": second, "digest": SECOND.digest, **_parts(SECOND.body)},
        {
            "name": "roster 1 of party 1",
            "class": ROSTER,
            "document": roster,
            "digest": SIGNED_ROSTER.digest,
            "station_hash": STATION.hash,
            "station_item": STATION.item(),
            "officer_item": OFFICER.item(),
            **_parts(SIGNED_ROSTER.body),
        },
        {"name": "stop of officer 4 of party 1", "class": STOP, "document": make_stop(NOTICE, root("Alba"), SUITE)},
    ]


def _parts(body: bytes) -> Case:
    fields = decode(body)
    assert isinstance(fields, dict)
    listed = rosters.LISTED if len(fields) == len(rosters.RosterField) else charters.LISTED
    return {"parts": documents.parts(fields, listed)}


def _bad() -> list[Case]:
    """Each is brought after the good documents."""
    three: list[Value] = [*_members(), [3, "cendra", 2, [["en", "C"], ["ko", "C"]], *_keys("Cendra")]]
    elsewhere = replace(SECOND_TEXT, line=LineId(seed("elsewhere")))
    amended = replace(SECOND_TEXT, number=3, predecessor=SECOND.digest)
    far = replace(amended, number=11)
    orphan = replace(amended, predecessor=Digest(seed("never seen")))
    stranger = documents.sign(SUITE, root("Cendra"), 3, charters.charter_signed(charter_digest(SECOND.body)))
    other_station = certify_station(FIRST.line, 1, 1, StationSeeds(seed("a"), seed("b"), seed("c")), SUITE)
    weak = replace(STATION, post=bytes(32))
    unproved = replace(STATION, number=2)
    notice = documents.unpack(make_stop(NOTICE, root("Alba"), SUITE))[1]
    rows: list[tuple[str, str, DocumentClass, bytes]] = [
        ("R80", "not a pair", CHARTER, encode([FIRST.body])),
        ("R81", "one signature twice", CHARTER, encode([FIRST.body, [[1, 0, bytes(64), bytes(3309)]] * 2])),
        ("R82", "an empty list of statuses", CHARTER, _raw_charter({10: []})),
        ("R83", "members out of order", CHARTER, _raw_charter({4: list(reversed(_members()))})),
        ("R84", "number 2 without a predecessor", CHARTER, _raw_charter({0: 2})),
        ("R85", "three members on a deniable line", CHARTER, _raw_charter({4: three, 11: [], 17: 1})),
        ("R86", "signatures of another text", CHARTER, draft_charter(amended).merged(FIRST.signatures).document()),
        ("R88", "signed by a stranger", CHARTER, _signed(amended, before=SECOND_TEXT).merged([stranger]).document()),
        ("R89", "another line", CHARTER, _signed(elsewhere, before=TEXT).document()),
        ("R90", "an unknown predecessor", CHARTER, _signed(orphan, before=SECOND_TEXT).document()),
        ("R91", "a number far ahead", CHARTER, _signed(far, before=SECOND_TEXT).document()),
        ("R92", "signed by nobody", CHARTER, draft_charter(amended).document()),
        ("R93", "a relay without a port", ROSTER, _raw_roster_field(6, [["relay.example", bytes(32)]])),
        ("R86", "signed by another root", ROSTER, _raw_roster(replace(ROSTER_TEXT, number=2), "Bora")),
        ("R34", "a key of small order", ROSTER, _raw_roster(replace(ROSTER_TEXT, number=2, stations=(weak,)))),
        (
            "R96",
            "a signature over another item",
            ROSTER,
            _raw_roster(replace(ROSTER_TEXT, number=2, stations=(unproved,))),
        ),
        ("R97", "another salt seed", ROSTER, _raw_roster(replace(ROSTER_TEXT, number=2, seed=seed("new")))),
        (
            "R98",
            "another key under a number",
            ROSTER,
            _raw_roster(replace(ROSTER_TEXT, number=2, stations=(other_station,))),
        ),
        ("R95", "a party of no charter", ROSTER, _raw_roster_field(1, 9, signer=9)),
        ("R99", "a class that is none", STOP, documents.pack(encode([FIRST.line, 1, 3, 4]), notice)),
        ("R87", "signed by nobody", STOP, documents.pack(encode([FIRST.line, 1, 2, 5]), [])),
        ("R86", "signed for another number", STOP, documents.pack(encode([FIRST.line, 1, 2, 5]), notice)),
    ]
    return [{"name": name, "rule": rule, "class": of, "document": document} for rule, name, of, document in rows]


def _members() -> list[Value]:
    """The members of the first charter as they stand in its body."""
    values = decode(encode_charter(TEXT))
    assert isinstance(values, dict)
    return list(values[4])


def _keys(name: str) -> tuple[bytes, bytes]:
    keys = root(name).public(SUITE)
    return keys.ed25519, keys.mldsa65


def _raw_roster_field(key: int, value: Value, signer: int = 1) -> bytes:
    values = decode(encode_roster(replace(ROSTER_TEXT, number=2)))
    assert isinstance(values, dict)
    body = encode(values | {key: value})
    signed = rosters.roster_signed(Digest(sha256(body).digest()))
    return documents.pack(body, [documents.sign(SUITE, root("Alba"), signer, signed)])


def charter() -> Case:
    """Charters, a roster, a stop notice; and what must be refused after them."""
    about = (
        "Charters (1), rosters (2), stop notices (3); docs/spec/charter.md. The good documents are accepted in their "
        "order on `line`; each bad one is refused after them. `seed` of a body salts its parts."
    )
    return {"about": about, "line": FIRST.line, "good": _good(), "bad": _bad()}


def words() -> Case:
    """Fingerprints."""
    digests = [bytes(32), b"\xff" * 32, *(seed(name) for name in ("Alba", "Bora", "Cendra"))]
    good = [{"digest": digest, "words": " ".join(fingerprint(digest))} for digest in digests]
    return {"about": "Twelve words of a 32-byte digest; docs/spec/charter.md.", "good": good}


FILES: dict[str, Callable[[], Case]] = {"documents": charter, "fingerprint": words}
RANDOM = ("documents",)


def hexed(value: object) -> object:
    """The value with all bytes in hexadecimal, for JSON."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: hexed(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [hexed(item) for item in value]
    return value


def text_of(name: str) -> str:
    """Return the file as it is written."""
    return json.dumps(hexed(FILES[name]()), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write each file, but those that hold randomness only if they are missing."""
    for name in FILES:
        path = VECTORS / f"{name}.json"
        if name not in RANDOM or not path.exists():
            path.write_text(text_of(name), encoding="utf-8")


if __name__ == "__main__":
    main()
