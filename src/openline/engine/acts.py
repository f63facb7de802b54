"""What a person does at a station besides saying something: CBOR, [act, arguments...]."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from openline.errors import Misuse, Rejected
from openline.wire.cbor import Value, decode, encode


class Act(IntEnum):
    """The acts."""

    PRESENTED = 0  # [0, [digest, ...]]: these were shown to an officer here
    WATCH = 1  # [1]: an officer is here and did something
    REKEY = 2  # [2]: new prekey and epochs at once
    ROLLED_BACK = 3  # [3]: treat this station as an older copy of itself


_ARGUMENTS = {Act.PRESENTED: 1, Act.WATCH: 0, Act.REKEY: 0, Act.ROLLED_BACK: 0}


def encode_act(act: Act, *arguments: Value) -> bytes:
    """Return an act for `ports.Acted`."""
    return encode([act, *arguments])


def decode_act(data: bytes) -> tuple[Act, Sequence[Value]]:
    """Return act and arguments.  Raises Misuse: acts are made on this machine, so whoever made it is at fault."""
    try:
        value = decode(data)
    except Rejected as broken:
        raise Misuse("an act is not canonical CBOR") from broken
    if not isinstance(value, list) or not value or value[0] not in _ARGUMENTS:
        raise Misuse("an act is unknown")
    act = Act(value[0])
    if len(value) != 1 + _ARGUMENTS[act]:
        raise Misuse(f"the act {act.name} takes {_ARGUMENTS[act]} arguments")
    return act, value[1:]
