"""Answers to local requests: CBOR, [0, digest] or [0], or [1, rule, message, hint]."""

from __future__ import annotations

from dataclasses import dataclass

from openline.delivery.outgoing import Outgoing
from openline.errors import OpenlineError, Rejected
from openline.identifiers import Token
from openline.ports import Answer
from openline.wire.cbor import decode, encode


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a local request.  digest: of a statement that is durable now, 32 bytes, else empty."""

    good: bool
    digest: bytes = b""
    rule: str = ""
    message: str = ""
    hint: str = ""


def answer_good(out: Outgoing, token: Token, digest: bytes = b"") -> None:
    """Answer that it is done; the answer leaves after the commit, so what it says is durable."""
    out.effect(Answer(token, encode([0, digest])))


def answer_refused(out: Outgoing, token: Token, error: OpenlineError) -> None:
    """Answer why it was not done, and what to do next."""
    rule = error.rule if isinstance(error, Rejected) else ""
    out.effect(Answer(token, encode([1, rule, error.message, error.hint])))


def decode_answer(body: bytes) -> Answered:
    """Return what an Answer effect says."""
    match decode(body):
        case [0, bytes(digest)]:
            return Answered(good=True, digest=digest)
        case [1, str(rule), str(message), str(hint)]:
            return Answered(good=False, rule=rule, message=message, hint=hint)
        case _:
            raise ValueError("not an answer of this engine")
