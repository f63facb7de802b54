"""Signed notes, checkpoints and proofs in the text forms that others' tools read, each in exactly one form.

After C2SP signed-note, tlog-checkpoint and tlog-proof (c2sp.org): text, an empty line, then a line for each signature:

    — NAME BASE64(key id 4 · signature)
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from openline.errors import Malformed
from openline.limits import MEMBERS_MAX, STATIONS_MAX
from openline.tlog.tree import HASH_BYTES

KEY_ID_BYTES = 4
NOTE_SIGNATURES_MAX = 2 * MEMBERS_MAX * STATIONS_MAX  # two of every station of the fullest line
NOTE_CHARACTERS_MAX = 2_000_000  # that many signatures of ML-DSA-44 are 1.3 million characters
PROOF_HASHES_MAX = 64  # a log never holds more than 2^64 entries
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # every control character but the newline, which ends lines
_SIZE_DIGITS_MAX = 20  # of 2^64 - 1


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who, by name and key id, and the bytes after the key id."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, and its signatures; nothing is verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: origin, number of leaves and root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note text: three lines, each ending in a newline."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def key_id(name: str, signature_type: int, public: bytes) -> bytes:
    """Return the key id: the first 4 bytes of SHA-256(name · newline · signature type · public key)."""
    return sha256(name.encode() + b"\n" + bytes((signature_type,)) + public).digest()[:KEY_ID_BYTES]


def verifier_key(name: str, signature_type: int, public: bytes) -> str:
    """Return the key as text (a `vkey`), as witnesses and log clients are configured with."""
    encoded = b64encode(bytes((signature_type,)) + public).decode()
    return f"{name}+{key_id(name, signature_type, public).hex()}+{encoded}"


def encode_note(note: Note) -> str:
    """Return the signed note."""
    lines = [f"{_DASH}{line.name} {b64encode(line.key_id + line.signature).decode()}\n" for line in note.signatures]
    return note.text + "\n" + "".join(lines)


def decode_note(signed: str) -> Note:
    """Return the note whose one form is exactly this.  Raises Malformed (R64)."""
    text, separator, tail = signed.rpartition("\n\n")
    lines = tail.split("\n")
    if not separator or lines.pop() != "" or not 1 <= len(lines) <= NOTE_SIGNATURES_MAX:
        raise _bad_note()
    if len(signed) > NOTE_CHARACTERS_MAX or _CONTROL.search(signed) is not None:
        raise _bad_note()
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def decode_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint of a note text: three lines, no extensions.  Raises Malformed (R65)."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise Malformed("R65", "a checkpoint is an origin, a size and a root, each on its line")
    root = _base64(lines[2])
    size = _decimal(lines[1])
    if size is None or root is None or len(root) != HASH_BYTES:
        raise Malformed("R65", "a checkpoint is an origin, a size and a root, each on its line")
    return Checkpoint(lines[0], size, root)


@dataclass(frozen=True, slots=True)
class LogProof:
    """That an entry stands at `index` of the log whose signed checkpoint is `note`; nothing is verified yet."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note


def encode_log_proof(proof: LogProof) -> str:
    """Return the proof as C2SP tlog-proof, without extra data."""
    hashes = "".join(f"{b64encode(item).decode()}\n" for item in proof.hashes)
    return f"{PROOF_HEADER}\nindex {proof.index}\n{hashes}\n{encode_note(proof.note)}"


def decode_log_proof(text: str) -> LogProof:
    """Return the proof whose one form is exactly this.  Raises Malformed (R64, R66)."""
    beginning, separator, signed = text.partition("\n\n")
    header, *lines = beginning.split("\n")
    if not separator or header != PROOF_HEADER or not lines or len(lines) > 1 + PROOF_HASHES_MAX:
        raise _bad_proof()
    place, *encoded = lines
    index = _decimal(place.removeprefix("index ")) if place.startswith("index ") else None
    hashes = tuple(item for item in map(_base64, encoded) if item is not None and len(item) == HASH_BYTES)
    if index is None or len(hashes) != len(encoded):
        raise _bad_proof()
    return LogProof(index, hashes, decode_note(signed))


def _signature(line: str) -> NoteSignature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = _base64(encoded)
    if not line.startswith(_DASH) or not is_key_name(name) or data is None or len(data) <= KEY_ID_BYTES:
        raise _bad_note()
    return NoteSignature(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def is_key_name(name: str) -> bool:
    """Whether a note may name a key so: not empty, no space of any kind, no plus sign."""
    return name != "" and "+" not in name and not any(character.isspace() for character in name)


def _base64(text: str) -> bytes | None:
    """Return the bytes whose one base64 form is `text`, or None."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    return data if b64encode(data).decode() == text else None


def _decimal(text: str) -> int | None:
    """Return the number below 2^64 whose one decimal form is `text`, or None."""
    if not text.isdecimal() or len(text) > _SIZE_DIGITS_MAX:
        return None
    number = int(text)
    return number if str(number) == text and number < 1 << 64 else None


def _bad_note() -> Malformed:
    return Malformed("R64", "a signed note is text, an empty line and signature lines in their one form")


def _bad_proof() -> Malformed:
    return Malformed("R66", "a log proof is its header, an index, hashes, an empty line and a signed note")
