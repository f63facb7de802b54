"""Make the test vectors in vectors/: `python -m tools.vectors`.

They are for other implementations, and a net for this one: tests/wire/test_vectors.py judges every case by what the
file says, and compares what is deterministic with what this generator makes.  HPKE and ML-DSA draw randomness, so files
that hold such bytes (RANDOM) are made once and kept; delete one to make it anew.

Each file holds `about`, `good` cases with inputs and outputs, and `bad` cases with the rule of docs/spec that refuses
them.  Bytes are hexadecimal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from openline.identifiers import LineId, station_id
from openline.sessions import Epoch, Identity, RealSuite, SendingRun, announce, make_prekey, run_key
from openline.tlog import (
    Checkpoint,
    Cosigner,
    Log,
    cosigner_name,
    encode_note,
    head_note,
    origin,
    prove_consistency,
    prove_inclusion,
    root_from_hashes,
    sign_head,
    sign_receipt,
)
from openline.tlog.heads import ed25519_signed, mldsa44_signed
from openline.wire import contexts, payloads
from openline.wire.cbor import Value, encode
from openline.wire.drafts import DraftHeld, DraftOver, DraftTold, encode_draft
from openline.wire.entry import (
    Approval,
    approval_signed,
    encode_entry,
    entry_signed,
    leaf,
    leaf_hash,
    pack_approvals,
)
from openline.wire.envelope import Type, pack_inside, sealed_header
from openline.wire.numbers import leb128, u16, u32
from openline.wire.statement import Statement, digest, encode_statement, part_hash, part_salt, parts

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
RANDOM = ("epoch", "head")

SUITE = RealSuite()
LINE = LineId(sha256(b"the line of the vectors").digest())
TIME, GENERATION = 1_790_000_000, 1_789_000_000
SALT_SEED = sha256(b"the salt seed of Alba").digest()
ORDER = 2**252 + 27742317777372353535851937790883648493

Case = dict[str, object]


def seed(name: str) -> bytes:
    """A made-up private key, the SHA-256 of its name."""
    return sha256(name.encode()).digest()


def identity(party: int, name: str) -> Identity:
    """A made-up station."""
    return Identity(
        station_id(party, 1), sha256(f"the roster item of {name}".encode()).digest(), SUITE.public(seed(name))
    )


ALBA, BORA = identity(1, "Alba"), identity(2, "Bora")


def hexed(value: object) -> object:
    """The value with all bytes in hexadecimal, for JSON."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): hexed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [hexed(item) for item in value]
    return value


def file(about: str, good: list[Case], bad: list[Case]) -> Case:
    """One file of vectors."""
    made = hexed({"about": about, "good": good, "bad": bad})
    assert isinstance(made, dict)
    return made


def bad(rule: str, data: bytes, name: str) -> Case:
    """Bytes that are refused."""
    return {"name": name, "bytes": data, "rule": rule}


# ---------------------------------------------------------------- wire


VALUES: list[tuple[str, Value]] = [
    ("0", 0), ("23", 23), ("24", 24), ("256", 256), ("18446744073709551615", 2**64 - 1), ("-1", -1),
    ("-18446744073709551616", -(2**64)), ("h''", b""), ("h'0102'", b"\1\2"), ('""', ""), ('"한국"', "한국"),
    ("[]", []), ("[1, [2]]", [1, [2]]), ("{}", {}), ("{0: null, 23: true}", {23: True, 0: None}),
    ("false", False), ("[[[[[[[[0]]]]]]]]", [[[[[[[[0]]]]]]]]),
]  # fmt: skip


def cbor() -> Case:
    """Canonical CBOR, with values in the diagnostic notation of RFC 8949."""
    good: list[Case] = [{"diagnostic": text, "bytes": encode(value)} for text, value in VALUES]
    refused = [
        bad(rule, bytes.fromhex(data), name)
        for rule, data, name in [
            ("R1", "0000", "a byte too many"), ("R2", "", "nothing"), ("R2", "42ff", "a string cut short"),
            ("R2", "a100", "a map cut short"), ("R3", "9fff", "indefinite array"), ("R3", "1c", "reserved length"),
            ("R4", "1817", "23 in two bytes"), ("R4", "1900ff", "255 in three bytes"), ("R4", "f93c00", "1.0"),
            ("R5", "81" * 9 + "00", "nine arrays"), ("R6", "c11a514b67b0", "a date tag"), ("R6", "f7", "undefined"),
            ("R7", "61ff", "not UTF-8"), ("R7", "63eda080", "a surrogate"), ("R8", "9bffffffffffffffff", "2^64 items"),
            ("R9", "a201000000", "keys fall"), ("R9", "a201000100", "a key twice"), ("R9", "a1181800", "key 24"),
            ("R9", "a1616100", "a text as key"), ("R9", "a12000", "a negative key"),
        ]
    ]  # fmt: skip
    return file("Canonical CBOR; docs/spec/wire.md. `bytes` is the one form of `diagnostic`.", good, refused)


def numbers() -> Case:
    """LEB128."""
    good: list[Case] = [{"number": n, "bytes": leb128(n)} for n in (0, 127, 128, 16_383, 16_384, 2**35 - 1)]
    refused = [
        bad("R10", b"\x80", "no end"),
        bad("R11", b"\x80\0", "zero in two bytes"),
        bad("R11", b"\xff" * 5 + b"\1", "36 bits"),
    ]
    return file("Unsigned LEB128 in its shortest form, below 2^35; docs/spec/wire.md.", good, refused)


STATEMENTS = {
    "a short text": Statement(charter=1, authored=TIME, kind=0, officer=1, body="All quiet on the northern line."),
    "nothing but a ref": Statement(charter=1, authored=TIME, kind=2, officer=3, options={0: bytes(range(20))}),
    "fields and options": Statement(
        charter=2,
        authored=TIME,
        kind=7,
        officer=255,
        options={1: [TIME, TIME + 3_600], 2: TIME + 600, 3: "coast guard", 4: [1, 2], 5: ["allies", "press"]},
        body={0: [[36_512_345, 127_012_345], [100, -200]], 3: "발사", 23: {0: None, 1: True}},
    ),
}


PLAIN = encode([1, TIME, 0, 0, 1, None, None])


def _changed(place: int, value: Value) -> bytes:
    items: list[Value] = [1, TIME, 0, 0, 1, None, None]
    items[place] = value
    return encode(items)


def _flags_of(said: Statement) -> int:
    return said.status + 3 * said.precedence + 12 * said.authority + 60 * said.principal


def statement() -> Case:
    """Statements, their parts and digests."""
    good: list[Case] = []
    for name, said in STATEMENTS.items():
        data = encode_statement(said)
        whole = sha256(data).digest()
        salts = [part_salt(SALT_SEED, whole, number) for number in range(len(parts(data)))]
        good.append(
            {
                "name": name,
                "charter": said.charter,
                "authored": said.authored,
                "kind": said.kind,
                "flags": _flags_of(said),
                "officer": said.officer,
                "bytes": data,
                "salt_seed": SALT_SEED,
                "parts": parts(data),
                "salts": salts,
                "part_hashes": [part_hash(salt, part) for salt, part in zip(salts, parts(data), strict=True)],
                "digest": digest(SALT_SEED, data),
            }
        )
    refused = [
        bad("R12", b"\x86" + PLAIN[1:-1], "six items"),
        bad("R13", _changed(3, 180), "flags of 180"),
        bad("R13", _changed(1, 2**32), "after 2106"),
        bad("R15", _changed(6, [1]), "a list as body"),
        bad("R16", _changed(5, {}), "an empty map of options"),
        bad("R17", _changed(5, {6: 0}), "option 6"),
        bad("R18", _changed(5, {0: bytes(19)}), "a ref of 19 bytes"),
        bad("R18", _changed(5, {4: [2, 1]}), "action parties that fall"),
        bad("R19", _changed(5, {1: [2, 1]}), "a validity that ends before it begins"),
        bad("R1", PLAIN + b"\0", "a byte too many"),
    ]
    return file("Statements, their parts and their digests; docs/spec/wire.md.", good, refused)


def entry() -> Case:
    """Entries with their approvals: what is signed, what travels, what the log holds."""
    good: list[Case] = []
    for seq, officers in ((0, ()), (300, (2, 9))):
        said = encode_statement(STATEMENTS["a short text"])
        named = digest(SALT_SEED, said)
        approvals = tuple(
            Approval(officer, SUITE.sign(seed(f"officer {officer}"), approval_signed(LINE, 1, named)))
            for officer in officers
        )
        signed = entry_signed(LINE, ALBA.hash, GENERATION, seq, named, pack_approvals(approvals))
        signature = SUITE.sign(seed("Alba"), signed)
        leaf_data = leaf(named, pack_approvals(approvals), signature)
        good.append(
            {
                "line": LINE,
                "party": 1,
                "salt_seed": SALT_SEED,
                "station_hash": ALBA.hash,
                "station_key": ALBA.public,
                "generation": GENERATION,
                "officers": {officer: SUITE.public(seed(f"officer {officer}")) for officer in officers},
                "approval_signed": approval_signed(LINE, 1, named),
                "signed": signed,
                "bytes": encode_entry(seq, said, approvals, signature),
                "leaf": leaf_data,
                "leaf_hash": leaf_hash(leaf_data),
            }
        )
    said = encode_statement(STATEMENTS["a short text"])
    twice = (Approval(2, bytes(64)), Approval(2, bytes(64)))
    nine = tuple(Approval(officer, bytes(64)) for officer in range(9))
    refused = [
        bad("R20", encode_entry(0, said, (), bytes(63)), "a signature of 63 bytes"),
        bad("R20", encode_entry(0, said, nine, bytes(64)), "nine approvals"),
        bad("R21", encode_entry(0, said, twice, bytes(64)), "one officer twice"),
        bad("R10", b"\x80", "a place that does not end"),
    ]
    return file("Entries, approvals and leaves; docs/spec/wire.md. All signatures are Ed25519.", good, refused)


def envelope() -> Case:
    """What stands inside a seal, and sealed envelopes cut open."""
    header = sealed_header(b"run1", 5)
    good: list[Case] = [
        {"type": kind, "payload": payload, "header_bytes": len(header), "padded": padded, "inside": inside}
        for kind, payload, padded in [(1, b"entry", False), (4, b"greeting", True), (9, bytes(300), True)]
        for inside in [pack_inside(Type(kind), payload, header_bytes=len(header), padded=padded)]
    ]
    refused = [
        bad("R22", b"", "nothing"),
        bad("R22", b"\4" + bytes(60), "version 4"),
        bad("R23", header + bytes(16), "a tag and nothing in it"),
        {"name": "type 14", "inside": b"\x0e", "header_bytes": 6, "rule": "R24"},
        {"name": "no padding", "inside": b"\x81payload", "header_bytes": 6, "rule": "R25"},
        {"name": "short padding", "inside": b"\x81payload\x80\0\0", "header_bytes": 6, "rule": "R25"},
    ]
    return file("Sealed envelopes and what stands inside; docs/spec/wire.md.", good, refused)


LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(12)]
LOG = Log(LINE, ALBA.hash, GENERATION)


def _receipt(size: int, further: tuple[int, ...], state: payloads.ReceiptState) -> Case:
    held = [(seq, LEAVES[seq]) for seq in further]
    root = root_from_hashes(LEAVES[:size])
    return {
        "line": LINE,
        "author_hash": ALBA.hash,
        "generation": GENERATION,
        "receiver_hash": BORA.hash,
        "receiver_key": BORA.public,
        "state": int(state),
        "leaf_hashes": LEAVES,
        "size": size,
        "further": further,
        "time": TIME,
        "root": root,
        "signed": payloads.receipt_signed(LINE, ALBA.hash, GENERATION, BORA.hash, state, TIME, size, root, held),
        "bytes": sign_receipt(SUITE, seed("Bora"), LOG, BORA.hash, state, TIME, size, root, held),
        "bare": payloads.encode_receipt(size, TIME, further),
    }


def receipt() -> Case:
    """Receipts, signed and bare."""
    good = [
        _receipt(size, further, state)
        for size, further in ((5, ()), (5, (7, 11)), (0, (3,)))
        for state in payloads.ReceiptState
    ]
    forged = sign_receipt(SUITE, seed("Bora"), LOG, BORA.hash, payloads.ReceiptState.STORED, TIME, 5, bytes(32))
    refused: list[Case] = [
        bad("R26", b"\0" + bytes(3) + bytes(64), "no time"),
        bad("R26", payloads.encode_receipt(0, 0, range(1, 66), bytes(64)), "65 further places"),
        bad("R10", b"\0" + bytes(4) + b"\x80" + bytes(64), "a place that runs into the signature"),
        {**good[0], "name": "over another root", "bytes": forged, "rule": "R40"},
        {**good[0], "name": "presented, shown as stored", "bytes": good[1]["bytes"], "rule": "R40"},
        {**good[2], "name": "more than was said", "leaf_hashes": LEAVES[:11], "rule": "R63"},
    ]
    return file("Receipts (2, 3) and bare receipts (10, 11); docs/spec/wire.md and log.md.", good, refused)


def greeting() -> Case:
    """Greetings."""
    logs = (
        payloads.LogState(ALBA.station, GENERATION, 300, LEAVES[0]),
        payloads.LogState(BORA.station, GENERATION + 1, 0, LEAVES[1]),
    )
    good: list[Case] = []
    for told in ((), logs):
        made = payloads.Greeting(
            bytes(range(8)), bytes(range(8, 16)), TIME, LEAVES[2], TIME - 60, TIME - 99, b"\1\2\3\4", told
        )
        unsigned = payloads.encode_greeting(made)
        signed = payloads.greeting_signed(LINE, BORA.hash, ALBA.hash, unsigned)
        good.append(
            {
                "line": LINE,
                "greeter_hash": BORA.hash,
                "greeter_key": BORA.public,
                "greeted_hash": ALBA.hash,
                "nonce": made.nonce,
                "answered": made.answered,
                "time": made.time,
                "documents": made.documents,
                "watch": made.watch,
                "epoch": made.epoch,
                "prekey": made.prekey,
                "logs": [[log.station, log.generation, log.size, log.root] for log in told],
                "signed": signed,
                "bytes": unsigned + SUITE.sign(seed("Bora"), signed),
            }
        )
    refused: list[Case] = [
        bad("R27", bytes(127), "too short"),
        bad("R27", bytes(129), "a log of one byte"),
        {**good[0], "name": "for another station", "greeted_hash": BORA.hash, "rule": "R40"},
    ]
    return file("Greetings (4); docs/spec/wire.md.", good, refused)


def payload() -> Case:
    """Copies, requests, documents, drafts and what is said on deniable lines."""
    said = encode_statement(STATEMENTS["a short text"])
    asks = ((0, 257, GENERATION, 5, 9), (1,), (2, 1), (3, 1, 4), (4, 1), (5, 257, GENERATION))
    document = payloads.encode_document(payloads.DocumentClass.ROSTER, b"a roster")
    head = payloads.Head(ALBA.station, GENERATION, 300, TIME, bytes(64), bytes(payloads.HEAD_SIGNATURE_BYTES))
    peaks = payloads.encode_peaks(head, LEAVES[:4])
    told = DraftTold(ALBA.station, said, ((0, 1), (3,)), (Approval(1, bytes(64)),), 2, "wrong area")
    good: list[Case] = [
        {"type": 5, "author": ALBA.station, "generation": GENERATION, "entry": b"an entry",
         "bytes": payloads.encode_copy(ALBA.station, GENERATION, b"an entry")},
        {"type": 6, "asks": asks, "bytes": payloads.encode_request(asks)},
        {"type": 7, "class": 2, "document": b"a roster", "bytes": document},
        {"type": 8, "form": 0, "home": ALBA.station, "statement": said, "needed": [[0, 1], [3]], "refused_by": 2,
         "reason": "wrong area", "approvals": [[1, bytes(64)]], "bytes": encode_draft(told)},
        {"type": 8, "form": 1, "digest": bytes(32), "bytes": encode_draft(DraftOver(bytes(32)))},
        {"type": 8, "form": 2, "digest": bytes(32), "tag": bytes(8),
         "bytes": encode_draft(DraftHeld(bytes(32), bytes(8)))},
        {"type": 9, "seq": 300, "statement": said, "bytes": payloads.encode_said(300, said)},
        {"type": 13, "author": ALBA.station, "generation": GENERATION, "size": 300, "time": TIME,
         "peaks": LEAVES[:4], "bytes": peaks},
    ]  # fmt: skip
    refused = [
        {"type": kind, "rule": rule, "bytes": data, "name": name}
        for kind, rule, data, name in [
            (5, "R28", bytes(6), "no entry"),
            (6, "R29", encode([]), "no ask"),
            (6, "R29", encode([[6]]), "ask 6"),
            (6, "R29", encode([[0, 257]]), "an ask too short"),
            (7, "R30", b"\4x", "class 4"),
            (7, "R30", b"\1", "no document"),
            (8, "R161", encode([3, bytes(32)]), "a fourth form"),
            (8, "R161", encode([1, bytes(31)]), "a digest too short"),
            (8, "R161", encode([0, ALBA.station, said, [], bytes(64), 0, ""]), "half an approval"),
            (8, "R161", encode([0, ALBA.station, said, [[5]], b"", 0, ""]), "an unknown authority"),
            (8, "R161", encode([0, ALBA.station, said, [], b"", 0, "why"]), "a reason of nobody"),
            (8, "R161", encode([True, bytes(32)]), "a form that is no number"),
            (9, "R32", b"\5", "no statement"),
            (12, "R31", bytes(2_498), "a head a byte too short"),
            (13, "R164", peaks[:-1], "a peak a byte too short"),
            (13, "R164", peaks + bytes(32), "a peak too many"),
            (13, "R164", bytes(2_499), "peaks of an empty log"),
        ]
    ]
    return file(
        "Copies (5), requests (6), documents (7), drafts (8), said (9), peaks (13); docs/spec/wire.md.", good, refused
    )


def key() -> Case:
    """Ed25519 keys and signatures that common libraries judge differently."""
    public, signature = SUITE.public(seed("Alba")), SUITE.sign(seed("Alba"), b"text")
    raised = int.from_bytes(signature[32:], "little") + ORDER
    small = [
        "00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "00" * 31 + "80", "01" + "00" * 30 + "80",
        "ec" + "ff" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ]  # fmt: skip
    refused: list[Case] = [
        {"key": bytes.fromhex(text), "message": b"", "signature": bytes(64), "rule": "R34", "name": "small order"}
        for text in small
    ]
    refused += [
        {
            "key": bytes.fromhex(text),
            "message": b"",
            "signature": bytes(64),
            "rule": "R33",
            "name": "y not below the prime",
        }
        for text in ("ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f", "ff" * 32)
    ]
    refused += [
        {"key": public[:31], "message": b"text", "signature": signature, "rule": "R33", "name": "31 bytes"},
        {"key": public, "message": b"texT", "signature": signature, "rule": "R40", "name": "another message"},
        {
            "key": public,
            "message": b"text",
            "signature": signature[:32] + raised.to_bytes(32, "little"),
            "rule": "R40",
            "name": "S not below the order",
        },
        {**MIXED_ORDER, "rule": "R40", "name": "passes only if both sides are multiplied by eight"},
    ]
    good: list[Case] = [{"key": public, "message": b"text", "signature": signature}]
    return file("Ed25519 keys and signatures; docs/spec/wire.md, Keys.", good, refused)


MIXED_ORDER: Case = {
    "key": bytes.fromhex("cdbc161be64c4302f56443ff29ccf36a2075be1a1fa67ff126b56315f5681c38"),
    "message": b"message 0",
    "signature": bytes.fromhex(
        "8c5491d56f8c8ce58d256de0eb2a7dd0c9ab15faf25fba2b1e3ff376b9d70e54"
        "6e2c06efbe7ca2a442b867d83d96f886ad7cf1cedbed586e49416697a68c8206"
    ),
}
"""A key with a part of small order: 8·S·B = 8·R + 8·h·A holds, S·B = R + h·A does not."""


# ---------------------------------------------------------------- sessions

PREKEY_SEED = seed("prekey")
PREKEY = make_prekey(SUITE, LINE, BORA, seed("Bora"), PREKEY_SEED, TIME, fresh=True)


def prekey() -> Case:
    """Prekeys."""
    good: list[Case] = [
        {
            "line": LINE,
            "station": BORA.station,
            "station_hash": BORA.hash,
            "station_key": BORA.public,
            "seed": PREKEY_SEED,
            "public": made.public,
            "created": made.created,
            "fresh": made.fresh,
            "bytes": made.encode(),
            "hash": made.hash,
            "tag": made.tag,
        }
        for made in [PREKEY, make_prekey(SUITE, LINE, BORA, seed("Bora"), PREKEY_SEED, TIME + 1, fresh=False)]
    ]
    data = PREKEY.encode()
    refused: list[Case] = [
        {**good[0], "name": "a byte too few", "bytes": data[:-1], "rule": "R45"},
        {**good[0], "name": "a fresh flag of 2", "bytes": data[:7] + b"\2" + data[8:], "rule": "R45"},
        {**good[0], "name": "another station's", "bytes": data[:2] + b"\2" + data[3:], "rule": "R46"},
        {**good[0], "name": "made later", "bytes": data[:6] + b"\0" + data[7:], "rule": "R40"},
        {**good[0], "name": "on another line", "line": bytes(32), "rule": "R40"},
    ]
    return file("Prekeys; docs/spec/sessions.md. `seed` is the private part.", good, refused)


def _announcement(signing: str, *, fresh: bool = True) -> tuple[Epoch, bytes]:
    return announce(SUITE, LINE, ALBA, seed(signing), BORA.hash, PREKEY, seed("secret"), TIME, GENERATION, fresh=fresh)


def epoch() -> Case:
    """Epoch announcements; made once, because HPKE draws randomness."""
    good: list[Case] = []
    for fresh in (True, False):
        made, announcement = _announcement("Alba", fresh=fresh)
        good.append(
            {
                "line": LINE,
                "receiver_hash": BORA.hash,
                "prekey": PREKEY.encode(),
                "prekey_seed": PREKEY_SEED,
                "stations": {ALBA.station: [ALBA.hash, ALBA.public], BORA.station: [BORA.hash, BORA.public]},
                "bytes": announcement,
                "sender": ALBA.station,
                "created": TIME,
                "generation": GENERATION,
                "fresh": fresh,
                "secret": made.secret,
                "bound": made.bound,
            }
        )
    data = _announcement("Alba")[1]
    info = contexts.EPOCH + LINE + BORA.hash + PREKEY.hash
    stated = u16(ALBA.station) + b"\2" + u32(TIME) + u32(GENERATION) + bytes(96)
    odd = data[:5] + SUITE.seal_to(PREKEY.public, stated, info)
    refused: list[Case] = [
        {**good[0], "name": "a byte too few", "bytes": data[:-1], "rule": "R48"},
        {**good[0], "name": "a fresh flag of 2", "bytes": odd, "rule": "R48"},
        {**good[0], "name": "on another line", "line": bytes(32), "rule": "R42"},
        {**good[0], "name": "for another receiver", "receiver_hash": ALBA.hash, "rule": "R42"},
        {**good[0], "name": "another's signature", "bytes": _announcement("Bora")[1], "rule": "R40"},
        {**good[0], "name": "a station that is gone", "stations": {}, "rule": "R50"},
        {**good[0], "name": "another prekey", "bytes": data[:1] + bytes(4) + data[5:], "rule": "R54"},
    ]
    return file("Epoch announcements; docs/spec/sessions.md.", good, refused)


def run() -> Case:
    """Runs and sealed envelopes."""
    bound = LINE + BORA.hash + PREKEY.hash + u16(ALBA.station) + b"\1" + u32(TIME) + u32(GENERATION) + ALBA.hash
    made = Epoch(seed("secret"), bound)
    sending = SendingRun(SUITE, made, b"run1")
    good: list[Case] = []
    for counter, (kind, data, padded) in enumerate([(1, b"first", False), (4, b"second", True), (9, b"", False)]):
        good.append(
            {
                "secret": made.secret,
                "bound": bound,
                "run": b"run1",
                "key": run_key(SUITE, made, b"run1"),
                "counter": counter,
                "type": kind,
                "payload": data,
                "padded": padded,
                "bytes": sending.seal(Type(kind), data, padded=padded),
            }
        )
    sealed = good[0]["bytes"]
    assert isinstance(sealed, bytes)
    refused: list[Case] = [
        {**good[0], "name": "another counter", "bytes": sealed[:5] + b"\5" + sealed[6:], "rule": "R53"},
        {**good[0], "name": "a changed tag", "bytes": sealed[:-1] + bytes((sealed[-1] ^ 1,)), "rule": "R53"},
        {**good[0], "name": "another epoch", "secret": bytes(32), "rule": "R53"},
        {**good[0], "name": "bound to another line", "bound": bytes(32) + bound[32:], "rule": "R53"},
    ]
    return file("Runs: key, nonce and sealed envelope; docs/spec/sessions.md.", good, refused)


# ---------------------------------------------------------------- log


def tree() -> Case:
    """Roots and proofs."""
    roots = [root_from_hashes(LEAVES[:size]) for size in range(13)]
    good: list[Case] = []
    for index, size in ((0, 1), (0, 8), (5, 8), (11, 12), (4, 5)):
        proof = prove_inclusion(LEAVES.__getitem__, index, size)
        good.append({"leaf_hash": LEAVES[index], "index": index, "size": size, "root": roots[size], "proof": proof})
    for first, second in ((1, 1), (1, 8), (6, 8), (8, 12), (5, 11)):
        proof = prove_consistency(LEAVES.__getitem__, first, second)
        good.append(
            {
                "first": first,
                "first_root": roots[first],
                "second": second,
                "second_root": roots[second],
                "proof": proof,
            }
        )
    inclusion, consistency = good[2], good[7]
    refused: list[Case] = [
        {**inclusion, "name": "another place", "index": 6, "rule": "R61"},
        {**inclusion, "name": "beyond the end", "index": 8, "rule": "R61"},
        {**inclusion, "name": "no proof", "proof": [], "rule": "R61"},
        {**inclusion, "name": "another leaf", "leaf_hash": LEAVES[6], "rule": "R61"},
        {**consistency, "name": "rewritten", "first_root": roots[5], "rule": "R62"},
        {**consistency, "name": "an empty beginning", "first": 0, "first_root": roots[0], "proof": [], "rule": "R62"},
        {**consistency, "name": "backwards", "first": 8, "second": 6, "rule": "R62"},
    ]
    made = file("RFC 9162 trees; docs/spec/log.md. Leaf hashes are of the numbers 0 to 11 in 4 bytes.", good, refused)
    return {**made, "leaf_hashes": hexed(LEAVES), "roots": hexed(roots)}


def head() -> Case:
    """Heads and their text forms; made once, because ML-DSA draws randomness."""
    checkpoint = Checkpoint(origin(LINE, ALBA.station, GENERATION), 12, root_from_hashes(LEAVES))
    name = cosigner_name(LINE, BORA.station)
    who = Cosigner(name, BORA.public, SUITE.head_public(seed("head of Bora")))
    made = sign_head(
        SUITE,
        seed("Bora"),
        seed("head of Bora"),
        name,
        (ALBA.station, GENERATION),
        checkpoint,
        TIME,
        signed_before=0,
    )
    case: Case = {
        "line": LINE,
        "station": ALBA.station,
        "generation": GENERATION,
        "root": checkpoint.root,
        "cosigner": name,
        "ed25519": who.ed25519,
        "mldsa44": who.mldsa44,
        "time": TIME,
        "ed25519_signed": ed25519_signed(checkpoint, TIME),
        "mldsa44_signed": mldsa44_signed(name, checkpoint, TIME),
        "bytes": payloads.encode_head(made),
        "note": encode_note(head_note(checkpoint, [(who, made)])),
    }
    refused: list[Case] = [
        {**case, "name": "another root", "root": bytes(32), "rule": "R40"},
        {**case, "name": "another line", "line": bytes(32), "rule": "R40"},
        {
            **case,
            "name": "another ML-DSA signature",
            "bytes": payloads.encode_head(replace(made, mldsa44=bytes(2_420))),
            "rule": "R43",
        },
        {
            **case,
            "name": "no time",
            "bytes": payloads.encode_head(replace(made, time=0)),
            "rule": "R67",
        },
    ]
    return file("Heads (12): C2SP checkpoint and cosignatures; docs/spec/log.md.", [case], refused)


FILES: dict[str, Callable[[], Case]] = {
    "cbor": cbor,
    "numbers": numbers,
    "statement": statement,
    "entry": entry,
    "envelope": envelope,
    "receipt": receipt,
    "greeting": greeting,
    "payload": payload,
    "key": key,
    "prekey": prekey,
    "epoch": epoch,
    "run": run,
    "tree": tree,
    "head": head,
}


def text_of(made: Case) -> str:
    """One file's text."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every file, except those that hold randomness and are there."""
    VECTORS.mkdir(exist_ok=True)
    for name, make in FILES.items():
        path = VECTORS / f"{name}.json"
        if name not in RANDOM or not path.exists():
            path.write_text(text_of(make()), encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
