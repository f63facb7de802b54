"""Heads: a log's checkpoint, cosigned by its owner and by every station that holds the whole of it.

After C2SP tlog-checkpoint and tlog-cosignature (c2sp.org).  Each cosigner signs twice: Ed25519 as `cosignature/v1`
(type 0x04), and ML-DSA-44 (type 0x06), which carries the evidence when Ed25519 no longer does.

    origin         openline/LINE/STATION/GENERATION    the log
    cosigner name  openline/LINE/STATION               the station that cosigns

LINE is 64 hexadecimal digits, STATION is PARTY.NUMBER and GENERATION UTC seconds, all decimal.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.errors import Inadmissible, Malformed, Misuse
from openline.identifiers import LineId, StationId, number_of, party_of
from openline.ports import Suite
from openline.tlog.notes import Checkpoint, Note, NoteSignature, decode_checkpoint, key_id
from openline.wire.numbers import u64
from openline.wire.payloads import Head

ED25519_COSIGNATURE = 0x04
MLDSA44_COSIGNATURE = 0x06
TIME_LIMIT = 1 << 63  # POSIX seconds, as tlog-cosignature bounds them
_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Cosigner:
    """Who cosigns: name, Ed25519 public key (32 bytes), ML-DSA-44 public key (1,312 bytes)."""

    name: str
    ed25519: bytes
    mldsa44: bytes


def origin(line: LineId, station: StationId, generation: int) -> str:
    """Return the name of a log in checkpoints."""
    return f"{cosigner_name(line, station)}/{generation}"


def cosigner_name(line: LineId, station: StationId) -> str:
    """Return the name under which a station of the line cosigns."""
    return f"openline/{line.hex()}/{party_of(station)}.{number_of(station)}"


def ed25519_signed(checkpoint: Checkpoint, time: int) -> bytes:
    """Return what a cosigner signs with Ed25519 (tlog-cosignature, type 0x04)."""
    return f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()


def mldsa44_signed(name: str, checkpoint: Checkpoint, time: int) -> bytes:
    """Return what a cosigner signs with ML-DSA-44 (tlog-cosignature, type 0x06): the subtree [0, size)."""
    whole = u64(time) + _short(checkpoint.origin) + u64(0) + u64(checkpoint.size) + checkpoint.root
    return b"subtree/v1\n\0" + _short(name) + whole


def sign_head(
    suite: Suite,
    seed: bytes,
    head_seed: bytes,
    name: str,
    log: tuple[StationId, int],
    checkpoint: Checkpoint,
    time: int,
    *,
    signed_before: int,
) -> Head:
    """Return the cosigner's head over a checkpoint of the log (owner, generation), made at `time` (UTC seconds).

    signed_before: the size that this cosigner signed last for this log; keep the new one before the head leaves.
    Raises Misuse if the log would shrink: a cosigner says of each head that it is the largest it has seen.
    """
    if checkpoint.size < signed_before:
        raise Misuse("a cosigner does not go back to a smaller log", hint="Compare the logs: one was rolled back.")
    return Head(
        log[0],
        log[1],
        checkpoint.size,
        time,
        suite.sign(seed, ed25519_signed(checkpoint, time)),
        suite.sign_head(head_seed, mldsa44_signed(name, checkpoint, time)),
    )


def verify_head(suite: Suite, cosigner: Cosigner, line: LineId, head: Head, root: bytes) -> Checkpoint:
    """Return the checkpoint that both signatures of a head cover; `root` is that of our copy at its size.

    Raises Malformed (R67) or Forged (R40, R43): not this cosigner, or another log than ours.
    """
    checkpoint = Checkpoint(origin(line, head.station, head.generation), head.size, root)
    _verify(suite, cosigner, checkpoint, head.time, head.ed25519, head.mldsa44)
    return checkpoint


def head_note(checkpoint: Checkpoint, heads: list[tuple[Cosigner, Head]]) -> Note:
    """Return the signed note of a checkpoint with the cosignatures of these heads, for export."""
    lines: list[NoteSignature] = []
    for cosigner, head in heads:
        first = key_id(cosigner.name, ED25519_COSIGNATURE, cosigner.ed25519)
        second = key_id(cosigner.name, MLDSA44_COSIGNATURE, cosigner.mldsa44)
        lines.append(NoteSignature(cosigner.name, first, u64(head.time) + head.ed25519))
        lines.append(NoteSignature(cosigner.name, second, u64(head.time) + head.mldsa44))
    return Note(checkpoint.text, tuple(lines))


def verify_note(suite: Suite, cosigner: Cosigner, note: Note) -> tuple[Checkpoint, int]:
    """Return the checkpoint and the time (UTC seconds) that a cosigner signed in a note, with both of its keys.

    Lines of others are not looked at.  Raises Malformed (R65, R67), Inadmissible (R68: a signature of this cosigner is
    missing) or Forged (R40, R43).
    """
    checkpoint = decode_checkpoint(note.text)
    found = {(line.name, line.key_id): line.signature for line in note.signatures}
    first = found.get((cosigner.name, key_id(cosigner.name, ED25519_COSIGNATURE, cosigner.ed25519)), b"")
    second = found.get((cosigner.name, key_id(cosigner.name, MLDSA44_COSIGNATURE, cosigner.mldsa44)), b"")
    if not first or first[:_TIME_BYTES] != second[:_TIME_BYTES]:
        raise Inadmissible("R68", "a checkpoint lacks one of the two cosignatures of one moment", name=cosigner.name)
    time = int.from_bytes(first[:_TIME_BYTES], "big")
    _verify(suite, cosigner, checkpoint, time, first[_TIME_BYTES:], second[_TIME_BYTES:])
    return checkpoint, time


def _verify(
    suite: Suite, cosigner: Cosigner, checkpoint: Checkpoint, time: int, ed25519: bytes, mldsa44: bytes
) -> None:
    if not 0 < time < TIME_LIMIT:
        raise Malformed("R67", "a cosignature's time is not between 1 and 2^63 - 1")
    suite.verify(cosigner.ed25519, ed25519, ed25519_signed(checkpoint, time))
    suite.verify_head(cosigner.mldsa44, mldsa44, mldsa44_signed(cosigner.name, checkpoint, time))


def _short(text: str) -> bytes:
    data = text.encode()
    if not 1 <= len(data) <= 255:
        raise Malformed("R67", "the name of a log or cosigner is not 1 to 255 bytes")
    return bytes((len(data),)) + data
