"""What a person does at a station besides saying something: CBOR, [act, arguments...]."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from openline.errors import Misuse, Rejected
from openline.wire.cbor import Value, decode, encode


class Act(IntEnum):
    """The acts."""

    PRESENTED = 0  # [0, [digest, ...]]: these were shown to an officer here
    WATCH = 1  # [1]: an officer is here and did something
    REKEY = 2  # [2]: new prekey and epochs at once
    ROLLED_BACK = 3  # [3]: treat this station as an older copy of itself
    DRAFT = 4  # [4, statement, kind that it answers or null]: keep it until everybody who must has approved
    APPROVE = 5  # [5, draft, officer, signature]: the last one needed says it
    REFUSE = 6  # [6, draft, officer, reason]
    DROP = 7  # [7, draft]
    REMIND = 8  # [8, digest, UTC seconds or 0]: the asker's own reminder
    TRANSLATE = 9  # [9, digest, step, officer, text or ""]: what a person here made of a message's own words
    ATTEND = 10  # [10, digest]: an officer has taken this message or crisis; no further deputy is called for it
    FOLLOW_UP = 11  # [11, closure, number from 0, digest or empty]: this message fulfils what the closure left to do
    NOTE_PRINCIPAL = 12  # [12, digest, means, UTC seconds, officer]: how the principal's approval came; kept here


_ARGUMENTS = {
    Act.PRESENTED: (list,),
    Act.WATCH: (),
    Act.REKEY: (),
    Act.ROLLED_BACK: (),
    Act.DRAFT: (bytes, (int, type(None))),
    Act.APPROVE: (bytes, int, bytes),
    Act.REFUSE: (bytes, int, str),
    Act.DROP: (bytes,),
    Act.REMIND: (bytes, int),
    Act.TRANSLATE: (bytes, str, int, str),
    Act.ATTEND: (bytes,),
    Act.FOLLOW_UP: (bytes, int, bytes),
    Act.NOTE_PRINCIPAL: (bytes, str, int, int),
}


def encode_act(act: Act, *arguments: Value) -> bytes:
    """Return an act for `ports.Acted`."""
    return encode([act, *arguments])


def decode_act(data: bytes) -> tuple[Act, list[Any]]:
    """Return act and arguments, each of its type.  Raises Misuse: acts are made on this machine."""
    try:
        value = decode(data)
    except Rejected as broken:
        raise Misuse("an act is not canonical CBOR") from broken
    if not isinstance(value, list) or not value or type(value[0]) is not int or value[0] not in set(Act):
        raise Misuse("an act is unknown")
    act = Act(value[0])
    types = _ARGUMENTS[act]
    given = value[1:]
    if len(given) != len(types) or not all(isinstance(item, kind) for item, kind in zip(given, types, strict=True)):
        raise Misuse(f"the act {act.name} does not have the arguments that it takes")
    return act, given
