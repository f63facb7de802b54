"""A statement: what a party says, in deterministic CBOR, and its digest by parts.

    [charter number, authored time, kind, flags, officer, options, body]

The digest is the message's identity.  It is made over parts, so that one field can be shown to a third party
and another withheld: part 0 is everything but the body, then one part for each field in order.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from itertools import pairwise

from openline.errors import Malformed
from openline.identifiers import REF_BYTES, Digest
from openline.limits import STATEMENT_BYTES_MAX
from openline.wire import contexts
from openline.wire.cbor import Value, decode_prefix, encode, read_head, read_key
from openline.wire.numbers import u16

SALT_BYTES = 16
CHARTER_MAX = 0xFFFF
TIME_MAX = 0xFFFF_FFFF
KIND_MAX = 0xFF
OFFICER_MAX = 0xFF
GENERATION_KIND = 255  # said by the station itself, as the first entry of a new generation

Body = None | str | Mapping[int, Value]


class Status(IntEnum):
    """Whether the words count."""

    ACTUAL = 0
    EXERCISE = 1
    TEST = 2


class Precedence(IntEnum):
    """Wanted speed, never importance.  The CCEB handling times are in the catalogue."""

    ROUTINE = 0
    PRIORITY = 1
    IMMEDIATE = 2
    FLASH = 3


class Authority(IntEnum):
    """In whose authority the statement is made."""

    DUTY_OFFICER = 0
    RELEASER = 1
    DELEGATE = 2
    PRINCIPAL = 3
    MEDIATOR = 4


class PrincipalApproved(IntEnum):
    """Whether the principal approved it, as the sender states it."""

    NOT_STATED = 0
    YES = 1
    NO = 2


class Option(IntEnum):
    """Keys of the options map."""

    REF = 0  # 20 bytes: the beginning of the digest of what this answers or changes
    VALIDITY = 1  # [from or null, until or null], UTC seconds
    RESPOND_BY = 2  # UTC seconds
    PASS_TO = 3  # text: the unit that must act
    ACTION = 4  # party numbers that owe a reply; absent: every other member
    CLEARANCE = 5  # texts: audiences that this may be shown to; absent: none


_FLAGS = [
    (status, precedence, authority, principal)
    for principal in PrincipalApproved
    for authority in Authority
    for precedence in Precedence
    for status in Status
]
"""What the one number of flags stands for: status + 3 * precedence + 12 * authority + 60 * principal."""

_NUMBERS = (CHARTER_MAX, TIME_MAX, KIND_MAX, len(_FLAGS) - 1, OFFICER_MAX)
"""The largest of each number before the options."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.  Equal statements have equal bytes; make one and call `encode_statement`."""

    charter: int
    authored: int
    kind: int
    officer: int
    body: Body = None
    status: Status = Status.ACTUAL
    precedence: Precedence = Precedence.ROUTINE
    authority: Authority = Authority.DUTY_OFFICER
    principal: PrincipalApproved = PrincipalApproved.NOT_STATED
    options: Mapping[int, Value] = field(default_factory=dict)

    @property
    def ref(self) -> bytes | None:
        """The first 20 bytes of the digest of the statement that this one answers or changes."""
        ref = self.options.get(Option.REF)
        return ref if isinstance(ref, bytes) else None


def encode_statement(statement: Statement) -> bytes:
    """Return the statement's one byte form.  Raises Malformed (R12 to R19) if a field is out of its range."""
    flags = statement.status + 3 * statement.precedence + 12 * statement.authority + 60 * statement.principal
    options = dict(statement.options) or None
    data = encode(
        [statement.charter, statement.authored, statement.kind, flags, statement.officer, options, statement.body]
    )
    decode_statement(data)
    return data


def decode_statement(data: bytes) -> Statement:
    """Return the statement whose bytes are exactly `data`.  Raises Malformed (R1 to R19)."""
    statement, _ = decode_statement_and_parts(data)
    return statement


def decode_statement_and_parts(data: bytes) -> tuple[Statement, list[bytes]]:
    """Return the statement whose bytes are exactly `data`, and its parts.  Raises Malformed (R1 to R19)."""
    statement, cut, end = read_statement_and_parts(data, 0)
    if end != len(data):
        raise Malformed("R1", "bytes follow the end of the statement", at=end)
    return statement, cut


def read_statement(data: bytes, start: int) -> tuple[Statement, int]:
    """Return the statement that begins at `start` and the place after it.  Raises Malformed (R2 to R19)."""
    statement, _, end = read_statement_and_parts(data, start)
    return statement, end


def read_statement_and_parts(data: bytes, start: int) -> tuple[Statement, list[bytes], int]:
    """Return the statement that begins at `start`, its parts as `parts` cuts them, and the place after it.

    One reading for both: every entry that arrives is read and digested.  Raises Malformed (R2 to R19).
    """
    if data[start : start + 1] != b"\x87":
        raise Malformed("R12", "a statement is an array of seven", at=start)
    at = start + 1
    numbers = []
    for limit in _NUMBERS:
        major, number, at = read_head(data, at)
        if major != 0 or number > limit:
            raise Malformed("R13", "a statement's number is missing or out of range", at=at)
        numbers.append(number)
    options, at = decode_prefix(data, at, depth=1)
    cut = [b"\x86" + data[start + 1 : at]]
    body, at = _read_body(data, at, cut)
    if at - start > STATEMENT_BYTES_MAX:
        raise Malformed("R14", f"a statement is longer than {STATEMENT_BYTES_MAX} bytes")
    charter, authored, kind, flags, officer = numbers
    if body is not None and not isinstance(body, str | dict):
        raise Malformed("R15", "a body is null, text or a map of fields")
    statement = Statement(charter, authored, kind, officer, body, *_FLAGS[flags], _checked_options(options))
    return statement, cut, at


def _read_body(data: bytes, start: int, cut: list[bytes]) -> tuple[Value, int]:
    """Return the body and the place after it; add its parts to `cut`."""
    major, count, at = read_head(data, start)
    if major != 5:
        body, at = decode_prefix(data, start, depth=1)
        if isinstance(body, str):
            cut.append(data[start:at])
        return body, at
    fields: dict[int, Value] = {}
    last = -1
    for _ in range(count):
        begin = at
        last, at = read_key(data, begin, last)
        fields[last], at = decode_prefix(data, at, depth=2)
        cut.append(data[begin:at])
    return fields, at


def _checked_options(options: Value) -> Mapping[int, Value]:
    if options is None:
        return {}
    if not isinstance(options, dict) or not options:
        raise Malformed("R16", "options are null or a map that is not empty")
    for key, value in options.items():
        if key not in _OPTION_RULES:
            raise Malformed("R17", "an option is unknown", option=key)
        if not _OPTION_RULES[Option(key)](value):
            raise Malformed("R18", "an option is not of its type", option=key)
    if Option.VALIDITY in options:
        _refuse_void(options[Option.VALIDITY])
    return options


def _is_ref(value: Value) -> bool:
    return isinstance(value, bytes) and len(value) == REF_BYTES


def _is_time(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= TIME_MAX


def _is_validity(value: Value) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(each is None or _is_time(each) for each in value)


def _refuse_void(validity: Value) -> None:
    match validity:
        case [None, None]:
            raise Malformed("R19", "a validity names neither beginning nor end, or ends before it begins")
        case [int() as first, int() as last] if last < first:
            raise Malformed("R19", "a validity names neither beginning nor end, or ends before it begins")


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and value != ""


def _is_parties(value: Value) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if not all(isinstance(party, int) and not isinstance(party, bool) and 1 <= party <= 255 for party in value):
        return False
    return all(first < second for first, second in pairwise(value))


def _is_texts(value: Value) -> bool:
    if not isinstance(value, list) or not value or not all(_is_text(text) for text in value):
        return False
    return all(first < second for first, second in pairwise(value))


_OPTION_RULES = {
    Option.REF: _is_ref,
    Option.VALIDITY: _is_validity,
    Option.RESPOND_BY: _is_time,
    Option.PASS_TO: _is_text,
    Option.ACTION: _is_parties,
    Option.CLEARANCE: _is_texts,
}


# ---------------------------------------------------------------- digest by parts


def parts(data: bytes) -> list[bytes]:
    """Cut a statement's bytes into its parts.

    Part 0 is an array of six: everything but the body.  A text is one further part, its CBOR; of a map, each
    field is one, its key and value as they stand.  Raises Malformed (R1 to R19).
    """
    _, cut = decode_statement_and_parts(data)
    return cut


def part_salt(seed: bytes, statement_hash: bytes, number: int) -> bytes:
    """Return the salt of one part: 16 bytes of HMAC-SHA-256(seed, SHA-256(statement) · part number)."""
    return hmac.digest(seed, statement_hash + u16(number), "sha256")[:SALT_BYTES]


def part_hash(salt: bytes, part: bytes) -> bytes:
    """Return what stands for a part that is withheld."""
    return sha256(contexts.PART + salt + part).digest()


def digest_of_hashes(hashes: Sequence[bytes]) -> Digest:
    """Return the digest of a statement (or document) from the hashes of all its parts, in order."""
    return Digest(sha256(contexts.STATEMENT + b"".join(hashes)).digest())


def digest_of_parts(seed: bytes, data: bytes, cut: Sequence[bytes]) -> Digest:
    """Return the digest of `data`, cut into parts, under a party's salt seed (32 bytes)."""
    whole = sha256(data).digest()
    return digest_of_hashes([part_hash(part_salt(seed, whole, number), part) for number, part in enumerate(cut)])


def digest(seed: bytes, data: bytes) -> Digest:
    """Return the digest of a statement's bytes under its author's salt seed (32 bytes, from the roster)."""
    return digest_of_parts(seed, data, parts(data))
