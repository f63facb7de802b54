"""Every vector in vectors/ is judged as its file says."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from openline.errors import Rejected
from openline.identifiers import LineId, StationId
from openline.sessions import (
    Epoch,
    Identity,
    Keyring,
    RealSuite,
    ReceivingRuns,
    SendingRun,
    decode_prekey,
    make_prekey,
    run_key,
)
from openline.tlog import (
    Cosigner,
    Log,
    decode_note,
    origin,
    root_from_hashes,
    verify_consistency,
    verify_head,
    verify_inclusion,
    verify_note,
    verify_receipt,
)
from openline.tlog.heads import ed25519_signed, mldsa44_signed
from openline.wire import payloads
from openline.wire.cbor import decode, encode
from openline.wire.drafts import DraftHeld, DraftOver, DraftPayload, DraftTold, decode_draft, encode_draft
from openline.wire.entry import Approval, approval_signed, decode_entry, entry_signed, leaf, leaf_hash, pack_approvals
from openline.wire.envelope import Type, pack_inside, split_sealed, unpack_inside
from openline.wire.numbers import leb128, read_leb128
from openline.wire.statement import decode_statement, digest, encode_statement, part_hash, parts
from tools.vectors import FILES, RANDOM, VECTORS, text_of

SUITE = RealSuite()
Case = dict[str, Any]


def of(case: Case, name: str) -> bytes:
    return bytes.fromhex(case[name])


def line_of(case: Case) -> LineId:
    return LineId(of(case, "line"))


def cbor(case: Case) -> None:
    assert encode(decode(of(case, "bytes"))) == of(case, "bytes")


def numbers(case: Case) -> None:
    number, end = read_leb128(of(case, "bytes"), 0)
    assert (number, leb128(number), end) == (case["number"], of(case, "bytes"), len(of(case, "bytes")))


def statement(case: Case) -> None:
    data = of(case, "bytes")
    said = decode_statement(data)
    flags = said.status + 3 * said.precedence + 12 * said.authority + 60 * said.principal
    assert [said.charter, said.authored, said.kind, flags, said.officer] == [
        case[name] for name in ("charter", "authored", "kind", "flags", "officer")
    ]
    assert encode_statement(said) == data
    assert [part.hex() for part in parts(data)] == case["parts"]
    pairs = zip(case["salts"], case["parts"], strict=True)
    hashes = [part_hash(bytes.fromhex(salt), bytes.fromhex(part)).hex() for salt, part in pairs]
    assert hashes == case["part_hashes"]
    assert digest(of(case, "salt_seed"), data) == of(case, "digest")


def entry(case: Case) -> None:
    made = decode_entry(of(case, "bytes"))
    named = digest(of(case, "salt_seed"), made.said)
    approved = approval_signed(line_of(case), case["party"], named)
    assert approved == of(case, "approval_signed")
    for approval in made.approvals:
        SUITE.verify(bytes.fromhex(case["officers"][str(approval.officer)]), approval.signature, approved)
    packed = pack_approvals(made.approvals)
    signed = entry_signed(line_of(case), of(case, "station_hash"), case["generation"], made.seq, named, packed)
    assert signed == of(case, "signed")
    SUITE.verify(of(case, "station_key"), made.signature, signed)
    assert leaf(named, packed, made.signature) == of(case, "leaf")
    assert leaf_hash(of(case, "leaf")) == of(case, "leaf_hash")


def envelope(case: Case) -> None:
    if "inside" not in case:
        split_sealed(of(case, "bytes"))
        return
    kind, payload = unpack_inside(of(case, "inside"), header_bytes=case["header_bytes"])
    assert (kind, payload) == (case["type"], of(case, "payload"))
    packed = pack_inside(kind, payload, header_bytes=case["header_bytes"], padded=case["padded"])
    assert packed == of(case, "inside")


def receipt(case: Case) -> None:
    made = payloads.decode_receipt(of(case, "bytes"))
    leaves = [bytes.fromhex(item) for item in case["leaf_hashes"]]
    log = Log(line_of(case), of(case, "author_hash"), case["generation"])
    state = payloads.ReceiptState(case["state"])
    verify_receipt(
        SUITE,
        of(case, "receiver_key"),
        log,
        of(case, "receiver_hash"),
        state,
        made,
        lambda size: root_from_hashes(leaves[:size]) if size <= len(leaves) else None,
        lambda seq: leaves[seq] if seq < len(leaves) else None,
    )
    bare = payloads.decode_receipt(of(case, "bare"), signed=False)
    assert (made.size, list(made.further), made.time) == (case["size"], case["further"], case["time"])
    assert (bare.size, bare.further, bare.time) == (made.size, made.further, made.time)


def greeting(case: Case) -> None:
    made, signature = payloads.decode_greeting(of(case, "bytes"))
    unsigned = payloads.encode_greeting(made)
    signed = payloads.greeting_signed(line_of(case), of(case, "greeter_hash"), of(case, "greeted_hash"), unsigned)
    SUITE.verify(of(case, "greeter_key"), signature, signed)
    assert signed == of(case, "signed")
    assert [made.nonce, made.answered, made.documents, made.prekey] == [
        of(case, name) for name in ("nonce", "answered", "documents", "prekey")
    ]
    assert [made.time, made.watch, made.epoch] == [case[name] for name in ("time", "watch", "epoch")]
    assert [[log.station, log.generation, log.size, log.root.hex()] for log in made.logs] == case["logs"]


def payload(case: Case) -> None:
    data = of(case, "bytes")
    match case["type"]:
        case Type.COPY:
            author, generation, copied = payloads.decode_copy(data)
            assert (author, generation, copied) == (case["author"], case["generation"], of(case, "entry"))
        case Type.REQUEST:
            assert [list(ask) for ask in payloads.decode_request(data)] == case["asks"]
        case Type.DOCUMENT:
            assert payloads.decode_document(data) == (case["class"], of(case, "document"))
        case Type.DRAFT:
            assert encode_draft(decode_draft(data)) == data
            assert decode_draft(data) == draft_of(case)
        case Type.SAID:
            assert payloads.decode_said(data) == (case["seq"], of(case, "statement"))
        case Type.PEAKS:
            head, edge = payloads.decode_peaks(data)
            assert (head.station, head.generation, head.size, head.time) == tuple(
                case[name] for name in ("author", "generation", "size", "time")
            )
            assert payloads.encode_peaks(head, edge) == data
            assert [peak.hex() for peak in edge] == case["peaks"]
        case _:
            payloads.decode_head(data)


def draft_of(case: Case) -> DraftPayload:
    if case["form"] == 1:
        return DraftOver(of(case, "digest"))
    if case["form"] == 2:
        return DraftHeld(of(case, "digest"), of(case, "tag"))
    approvals = tuple(Approval(officer, bytes.fromhex(signature)) for officer, signature in case["approvals"])
    needed = tuple(tuple(way) for way in case["needed"])
    station = StationId(case["home"])
    return DraftTold(station, of(case, "statement"), needed, approvals, case["refused_by"], case["reason"])


def key(case: Case) -> None:
    SUITE.verify(of(case, "key"), of(case, "signature"), of(case, "message"))


def prekey(case: Case) -> None:
    made = decode_prekey(of(case, "bytes"))
    owner = Identity(StationId(case["station"]), of(case, "station_hash"), of(case, "station_key"))
    made.verify(SUITE, line_of(case), owner)
    again = make_prekey(SUITE, line_of(case), owner, bytes(32), of(case, "seed"), case["created"], fresh=case["fresh"])
    assert (made.public, made.created, made.fresh) == (again.public, again.created, again.fresh)
    assert (made.public, made.hash, made.tag) == (of(case, "public"), of(case, "hash"), of(case, "tag"))


def epoch(case: Case) -> None:
    stations = {
        int(number): Identity(StationId(int(number)), bytes.fromhex(item), bytes.fromhex(public))
        for number, (item, public) in case["stations"].items()
    }
    made = decode_prekey(of(case, "prekey"))
    owner = Identity(made.station, of(case, "receiver_hash"), bytes(32))
    row = encode([[[of(case, "prekey_seed"), of(case, "prekey"), 0, 0]]])
    opened = Keyring.restore(line_of(case), owner, row).open(SUITE, of(case, "bytes"), stations.get)
    assert opened == Epoch(of(case, "secret"), of(case, "bound"))
    assert [opened.sender, opened.created, opened.generation, opened.fresh] == [
        case[name] for name in ("sender", "created", "generation", "fresh")
    ]


def run(case: Case) -> None:
    made = Epoch(of(case, "secret"), of(case, "bound"))
    opened = ReceivingRuns(SUITE).open(of(case, "bytes"), [made])
    assert (opened.type, opened.payload) == (case["type"], of(case, "payload"))
    assert run_key(SUITE, made, of(case, "run")) == of(case, "key")
    sending = SendingRun(SUITE, made, of(case, "run"))
    sealed = [sending.seal(opened.type, opened.payload, padded=case["padded"]) for _ in range(case["counter"] + 1)]
    assert sealed[-1] == of(case, "bytes")


def tree(case: Case) -> None:
    proof = [bytes.fromhex(item) for item in case["proof"]]
    if "index" in case:
        verify_inclusion(of(case, "leaf_hash"), case["index"], case["size"], proof, of(case, "root"))
    else:
        verify_consistency(case["first"], of(case, "first_root"), case["second"], of(case, "second_root"), proof)


def head(case: Case) -> None:
    made = payloads.decode_head(of(case, "bytes"))
    who = Cosigner(case["cosigner"], of(case, "ed25519"), of(case, "mldsa44"))
    checkpoint = verify_head(SUITE, who, line_of(case), made, of(case, "root"))
    assert checkpoint.origin == origin(line_of(case), StationId(case["station"]), case["generation"])
    assert ed25519_signed(checkpoint, made.time) == of(case, "ed25519_signed")
    assert mldsa44_signed(who.name, checkpoint, made.time) == of(case, "mldsa44_signed")
    assert verify_note(SUITE, who, decode_note(case["note"])) == (checkpoint, case["time"])


JUDGES: dict[str, Callable[[Case], None]] = {
    judge.__name__: judge
    for judge in (
        cbor, numbers, statement, entry, envelope, receipt, greeting, payload, key, prekey, epoch, run, tree, head,
    )
}  # fmt: skip


def read(name: str) -> dict[str, list[Case]]:
    loaded: dict[str, list[Case]] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def cases(verdict: str) -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}-{case.get('name', number)}")
        for name in FILES
        for number, case in enumerate(read(name)[verdict])
    ]


def test_every_file_has_a_judge_and_both_kinds_of_cases() -> None:
    assert {path.stem for path in VECTORS.glob("*.json")} == FILES.keys() == JUDGES.keys()
    assert all(read(name)["good"] and read(name)["bad"] for name in FILES)


@pytest.mark.parametrize(("name", "case"), cases("good"))
def test_a_good_case_gives_what_the_file_says(name: str, case: Case) -> None:
    JUDGES[name](case)


@pytest.mark.parametrize(("name", "case"), cases("bad"))
def test_a_bad_case_is_refused_by_the_rule_that_the_file_names(name: str, case: Case) -> None:
    with pytest.raises(Rejected) as caught:
        JUDGES[name](case)
    assert caught.value.rule == case["rule"]


@pytest.mark.parametrize("name", sorted(FILES.keys() - set(RANDOM)))
def test_the_generator_makes_the_files_that_are_committed(name: str) -> None:
    assert (VECTORS / f"{name}.json").read_text(encoding="utf-8") == text_of(FILES[name]())


def test_no_case_of_cbor_is_about_another_value() -> None:
    shown = {case["diagnostic"]: case["bytes"] for case in read("cbor")["good"]}
    assert len(shown) == len(set(shown.values())) == len(read("cbor")["good"])
