"""Documents: one form, at most one signature for each root, a digest by parts."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.charter.documents import DOCUMENT_MAX, RootSeeds, RootSignature, Signer, pack, parts, sign, unpack, verify
from openline.errors import Forged, Malformed, Rejected
from openline.limits import DOCUMENT_BYTES_MAX
from openline.wire.cbor import Value, encode
from openline.wire.payloads import DocumentClass, decode_document, encode_document
from openline.wire.statement import digest_of_hashes, digest_of_parts, part_hash, part_salt
from tests.charter.world import ALBA, SUITE, root, seed

ONE = RootSignature(1, Signer.PRESENT, bytes(64), bytes(3309))
ROW: list[Value] = [1, 0, bytes(64), bytes(3309)]


def refused(document: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        unpack(document)
    return caught.value.rule


def test_what_is_packed_is_read_again() -> None:
    assert unpack(pack(b"body", [ONE])) == (b"body", (ONE,))


@pytest.mark.parametrize("whole", [[], [b""], {0: b""}, ["body", []], [b"body", [], []], [[], []]])
def test_a_document_is_a_body_and_its_signatures_r80(whole: Value) -> None:
    assert refused(encode(whole)) == "R80"


def test_a_document_that_cannot_be_sent_is_refused_r80() -> None:
    empty = len(pack(b"", []))
    longest = pack(bytes(DOCUMENT_MAX - empty - 4), [])
    assert len(longest) == DOCUMENT_MAX
    assert unpack(longest)
    sent = encode_document(DocumentClass.CHARTER, longest)
    assert len(sent) == DOCUMENT_BYTES_MAX
    assert decode_document(sent) == (DocumentClass.CHARTER, longest)
    assert refused(encode([bytes(DOCUMENT_MAX), []])) == "R80"
    with pytest.raises(Malformed, match=r"R80\b"):
        pack(bytes(DOCUMENT_MAX), [])


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [ROW] * 25,
        [ROW, ROW],
        [[2, *ROW[1:]], ROW],
        [[1, 1, *ROW[2:]], ROW],
        [[0, *ROW[1:]]],
        [[256, *ROW[1:]]],
        [[True, *ROW[1:]]],
        [[1, 2, *ROW[2:]]],
        [[1, -1, *ROW[2:]]],
        [[1, 0, bytes(63), bytes(3309)]],
        [[1, 0, bytes(64), bytes(3308)]],
        [ROW[:3]],
        [b""],
    ],
)
def test_signatures_stand_in_their_order_each_once_r81(rows: Value) -> None:
    assert refused(encode([b"", rows])) == "R81"


def test_every_member_of_two_texts_may_sign_and_no_more_r81() -> None:
    rows: list[Value] = [[party, root, bytes(64), bytes(3309)] for party in range(1, 14) for root in (0, 1)]
    assert len(unpack(encode([b"", rows[:24]]))[1]) == 24
    assert refused(encode([b"", rows[:25]])) == "R81"


@given(st.binary(max_size=200))
def test_accepted_bytes_pack_to_the_same(data: bytes) -> None:
    try:
        body, signatures = unpack(data)
    except Malformed:
        return
    assert pack(body, signatures) == data


def test_a_root_signs_with_both_keys_and_each_must_verify_r86() -> None:
    made = sign(SUITE, root(ALBA), ALBA, b"text")
    keys = root(ALBA).public(SUITE)
    verify(SUITE, keys, made, b"text")
    other = sign(SUITE, root(ALBA), ALBA, b"another text")
    for half in (
        RootSignature(ALBA, Signer.PRESENT, other.ed25519, made.mldsa65),
        RootSignature(ALBA, Signer.PRESENT, made.ed25519, other.mldsa65),
    ):
        with pytest.raises(Forged, match=r"R86\b") as caught:
            verify(SUITE, keys, half, b"text")
        assert caught.value.facts == {"party": ALBA}


def test_seeds_are_not_shown() -> None:
    assert "\\x" not in repr(RootSeeds(seed("a"), seed("b")))


def test_each_listed_record_is_a_part_of_its_own() -> None:
    fields: dict[int, Value] = {0: 7, 1: [[1], [2]], 2: [3, 4], 3: None}
    assert parts(fields, frozenset((1, 3))) == [
        encode([0, 7]), encode([1, [1]]), encode([1, [2]]), encode([2, [3, 4]]), encode([3, None]),
    ]  # fmt: skip


def test_one_part_can_be_shown_and_the_others_withheld() -> None:
    secret, body = seed("salt"), b"body"
    cut = parts({0: 7, 1: [[1], [2]]}, frozenset((1,)))
    salts = [part_salt(secret, sha256(body).digest(), number) for number in range(len(cut))]
    hashes = [part_hash(salt, part) for salt, part in zip(salts, cut, strict=True)]
    shown = [hashes[0], part_hash(salts[1], encode([1, [1]])), hashes[2]]
    assert digest_of_hashes(shown) == digest_of_parts(secret, body, cut)
