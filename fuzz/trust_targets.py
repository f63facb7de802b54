"""Targets of sessions, tlog and charter: what carries keys, proofs and signed documents."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from fuzz.choices import Choices, written
from fuzz.target import VECTORS, Broken, Target, same, vector_bytes, vectors
from openline.charter import (
    LineDocuments,
    decode_charter,
    decode_contradiction,
    decode_item,
    decode_roster,
    decode_stop,
    draft_charter,
    encode_charter,
    encode_item,
    encode_roster,
    read_charter,
    read_roster,
)
from openline.charter.documents import unpack
from openline.charter.stops import encode_stop
from openline.errors import Forged, Inadmissible, Malformed, Rejected
from openline.identifiers import LineId, station_id
from openline.ports import Keep
from openline.sessions import (
    Epoch,
    Identity,
    Prekey,
    RealSuite,
    ReceivingRuns,
    announce,
    decode_prekey,
    make_prekey,
    open_announcement,
)
from openline.simulation.suite import SeededSuite
from openline.tlog import (
    decode_checkpoint,
    decode_log_proof,
    decode_note,
    decode_tree,
    encode_log_proof,
    encode_note,
    prove_consistency,
    prove_inclusion,
    root_from_hashes,
    tree_of,
    verify_consistency,
    verify_inclusion,
)
from openline.wire.cbor import Value, decode, encode
from openline.wire.payloads import DocumentClass

_REAL, _QUICK = RealSuite(), SeededSuite()
_LINE = LineId(bytes(32))
_OURS = Identity(station_id(2, 1), bytes([2]) * 32, _QUICK.public(bytes([2]) * 32))
_THEIRS = Identity(station_id(1, 1), bytes([1]) * 32, _QUICK.public(bytes([1]) * 32))
NOON = 1_800_000_000


# ---------------------------------------------------------------- sessions


def _prekey(data: bytes) -> None:
    same(decode_prekey(data).encode(), data)


_PREKEY_SEED, _SECRET = bytes([3]) * 32, bytes([4]) * 32


@cache
def _our_prekey() -> Prekey:
    return make_prekey(_QUICK, _LINE, _OURS, bytes([2]) * 32, _PREKEY_SEED, NOON, fresh=True)


def _announcement_seeds() -> Iterator[bytes]:
    for fresh in (False, True):
        yield announce(
            _QUICK, _LINE, _THEIRS, bytes([1]) * 32, _OURS.hash, _our_prekey(), _SECRET, NOON, NOON, fresh=fresh
        )[1]


def _announcement(data: bytes) -> None:
    known = {_THEIRS.station: _THEIRS, _OURS.station: _OURS}
    epoch = open_announcement(_QUICK, data, _LINE, _OURS.hash, _our_prekey().hash, _PREKEY_SEED, known.get)
    if epoch.secret != _SECRET or epoch.sender != _THEIRS.station or epoch.created != NOON:
        raise Broken("an announcement that was altered opened to something else")


@cache
def _run_vector() -> Epoch:
    vector = next(vectors("run"))
    return Epoch(bytes.fromhex(vector["secret"]), bytes.fromhex(vector["bound"]))


def _open(data: bytes) -> None:
    ReceivingRuns(_REAL).open(data, [_run_vector()])


# ---------------------------------------------------------------- tlog


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("R64", "not text: whoever reads the file refuses it") from error


def _note(data: bytes) -> None:
    text = _text(data)
    same(encode_note(decode_note(text)).encode(), data)


def _checkpoint(data: bytes) -> None:
    same(decode_checkpoint(_text(data)).text.encode(), data)


def _log_proof(data: bytes) -> None:
    same(encode_log_proof(decode_log_proof(_text(data))).encode(), data)


def _tree(data: bytes) -> None:
    same(decode_tree(data).encode(), data)


_LEAVES = [bytes([number]) * 32 for number in range(40)]
_ROOTS = [root_from_hashes(_LEAVES[:size]) for size in range(len(_LEAVES) + 1)]


def _proof(data: bytes) -> None:
    """A proof altered in any way proves nothing else: what verifies is true, and is the proof that we would give.

    A root does not bind the size of its tree (RFC 9162); heads and receipts sign both.  So a false size is tried, and
    only the true one is judged.
    """
    choices = Choices(data)
    size, index = 1 + choices.number(len(_LEAVES)), choices.number(len(_LEAVES) + 1)
    earlier = choices.number(len(_LEAVES) + 2)
    claimed, leaf = choices.number(1 << 16) if choices.flag() else size, choices.pick(_LEAVES)
    proof = list(prove_inclusion(_LEAVES.__getitem__, min(index, size - 1), size))
    if choices.flag():
        proof = list(prove_consistency(_LEAVES.__getitem__, max(1, min(earlier, size)), size))
    for _ in range(choices.number(3)):
        proof.insert(choices.number(len(proof) + 1), choices.octets(32))
        if choices.flag():
            del proof[choices.number(len(proof))]
    if choices.flag():
        verify_inclusion(leaf, index, claimed, proof, _ROOTS[size])
        if claimed == size and (leaf != _LEAVES[index] or proof != prove_inclusion(_LEAVES.__getitem__, index, size)):
            raise Broken("an inclusion proof proved what is not so")
        return
    verify_consistency(earlier, _ROOTS[min(earlier, len(_LEAVES))], claimed, _ROOTS[size], proof)
    if claimed == size and not 0 < earlier <= size:
        raise Broken("a consistency proof proved what is not so")


def _proof_seeds() -> Iterator[bytes]:
    for size in range(1, 40, 6):
        yield from (bytes((size - 1, index, 0, 0, index, 0, 0, 1)) for index in range(0, size, 5))
        yield from (bytes((size - 1, 0, earlier, 0, 0, 1, 0, 0)) for earlier in range(1, size + 1, 5))


# ---------------------------------------------------------------- charter


def _charter(data: bytes) -> None:
    same(read_charter(data).document(), data)


def _charter_body(data: bytes) -> None:
    same(encode_charter(decode_charter(data)), data)


def _roster(data: bytes) -> None:
    same(read_roster(data).document(), data)


def _roster_body(data: bytes) -> None:
    same(encode_roster(decode_roster(data)), data)


def _stop(data: bytes) -> None:
    same(encode_stop(decode_stop(data)), data)


def _item(data: bytes) -> None:
    same(encode_item(*decode_item(data)), data)


def _contradiction(data: bytes) -> None:
    same(decode_contradiction(data).encode(), data)


class _Believing(SeededSuite):
    """Takes every signature for good, so that inputs pass on to what stands behind the signatures."""

    def verify(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Believe it."""

    def verify_root(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Believe it."""


_BELIEVING = _Believing()


@cache
def _documents() -> tuple[LineId, tuple[tuple[DocumentClass, bytes], ...]]:
    """The line of the published documents, and those that are accepted on it, in their order."""
    content = json.loads((VECTORS / "charter/documents.json").read_text(encoding="utf-8"))
    good = tuple((DocumentClass(item["class"]), bytes.fromhex(item["document"])) for item in content["good"])
    return LineId(bytes.fromhex(content["line"])), good


def _accept(data: bytes) -> None:
    """One altered document, believed, after any of the good ones; then a restart that gives the same documents."""
    choices = Choices(data)
    line, good = _documents()
    documents = LineDocuments(line)
    rows: dict[bytes, bytes] = {}
    for _ in range(1 + choices.number(4)):
        kind, document = choices.pick(good)
        body, signatures = unpack(document)
        value = decode(body)
        for _ in range(choices.number(4)):
            value = choices.altered(value)
        rows_of: Value = [[one.party, one.root, one.ed25519, one.mldsa65] for one in signatures]
        kind = DocumentClass(1 + choices.number(3)) if choices.number(9) == 8 else kind
        try:
            changed = encode([written(value), choices.altered(rows_of) if choices.number(5) == 4 else rows_of])
            change = documents.accept(kind, changed, _BELIEVING, NOON)
        except Rejected:
            continue
        for row in change.rows:
            if isinstance(row, Keep):
                rows[row.key] = row.value
            else:
                rows.pop(row.key, None)
    again = LineDocuments(line)
    again.restore(sorted(rows.items()))
    same(again.documents_digest(), documents.documents_digest())


def _document_seeds(document_class: int, *, bodies: bool) -> Callable[[], Iterator[bytes]]:
    def seeds() -> Iterator[bytes]:
        for vector in vectors("charter/documents"):
            document = bytes.fromhex(vector["document"])
            if vector["class"] == document_class and not bodies:
                yield document
            elif vector["class"] == document_class and document[0] == 0x82:
                yield unpack(document)[0] if _unpacks(document) else document

    return seeds


def _unpacks(document: bytes) -> bool:
    try:
        unpack(document)
    except Malformed:
        return False
    return True


def _item_seeds() -> Iterator[bytes]:
    line, good = _documents()
    roster = next(read_roster(document).roster for kind, document in good if kind is DocumentClass.ROSTER)
    yield from (encode_item(line, station) for station in roster.stations)
    yield from (encode_item(line, officer) for officer in roster.officers)


def _contradiction_seeds() -> Iterator[bytes]:
    _, good = _documents()
    charter = read_charter(good[0][1]).charter
    drafts = (draft_charter(replace(charter, seed=bytes([number]) * 32)).document() for number in (1, 2))
    yield encode([1, 1, 1, *drafts])


def _note_seeds() -> Iterator[bytes]:
    yield from (vector["note"].encode() for vector in vectors("head") if "note" in vector)


def _checkpoint_seeds() -> Iterator[bytes]:
    yield from (note.partition(b"\n\n")[0] + b"\n" for note in _note_seeds())


def _log_proof_seeds() -> Iterator[bytes]:
    for note in _note_seeds():
        hashes = "".join(f"{b64encode(leaf).decode()}\n" for leaf in _LEAVES[:3])
        yield f"c2sp.org/tlog-proof@v1\nindex 5\n{hashes}\n".encode() + note


TARGETS = (
    Target("prekey", _prekey, vector_bytes("prekey")),
    Target("announcement", _announcement, _announcement_seeds, (Malformed, Forged, Inadmissible)),
    Target("open", _open, vector_bytes("run"), (Malformed, Forged)),
    Target("note", _note, _note_seeds),
    Target("checkpoint", _checkpoint, _checkpoint_seeds),
    Target("log-proof", _log_proof, _log_proof_seeds),
    Target("tree", _tree, lambda: [tree_of(_LEAVES[:size]).encode() for size in range(0, 12, 3)]),
    Target("proof", _proof, _proof_seeds, (Forged,)),
    Target("charter", _charter, _document_seeds(1, bodies=False), (Malformed, Forged, Inadmissible)),
    Target("charter-body", _charter_body, _document_seeds(1, bodies=True), (Malformed, Forged, Inadmissible)),
    Target("roster", _roster, _document_seeds(2, bodies=False), (Malformed, Forged, Inadmissible)),
    Target("roster-body", _roster_body, _document_seeds(2, bodies=True), (Malformed, Forged)),
    Target("stop", _stop, _document_seeds(3, bodies=True)),
    Target("item", _item, _item_seeds, (Malformed, Forged)),
    Target("contradiction", _contradiction, _contradiction_seeds),
    Target("documents", _accept, lambda: [bytes(range(start, 256, 7)) for start in range(7)], ()),
)
