"""The form of local requests and answers, and how errors travel in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from openline.errors import Misuse, OpenlineError, Rejected, StorageFailed, Unavailable

REQUEST_BYTES_MAX = 1_048_576  # a statement of 64 KiB in hexadecimal with its approvals, several times over
ANSWER_BYTES_MAX = 67_108_864  # four times what the inbox lists at once, in its longest form

_CLASSES: dict[str, type[OpenlineError]] = {
    "misuse": Misuse,
    "storage": StorageFailed,
    "unavailable": Unavailable,
}


class OtherVersion(Unavailable):
    """The daemon that answers is of another version of openline than the one who asks.  Start it again."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the daemon that runs here is of another version of openline: {what}",
            hint="Stop it and start it again with `openline station run`, so that both are of one version.",
        )


class Answer(dict[str, Any]):
    """An object in an answer.  A key that it lacks raises OtherVersion: two ends of one version know the same keys."""

    def __missing__(self, key: str) -> NoReturn:
        """Raise OtherVersion; the one boundary at which a missing key is told."""
        raise OtherVersion(f"its answer has no {key!r}")


def encode_line(value: Mapping[str, Any]) -> bytes:
    """Return a request or an answer as one line."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def encode_answer(value: Mapping[str, Any]) -> bytes:
    """Return an answer as one line; in place of one that the asking end would not read, the error that says so."""
    line = encode_line(value)
    return line if len(line) <= ANSWER_BYTES_MAX else encode_line({"error": error_of(too_long(len(line)))})


def too_long(count: int) -> Unavailable:
    """Return the error for an answer of so many bytes, at least."""
    return Unavailable(
        f"the daemon runs; its answer of {count:,} bytes is longer than the {ANSWER_BYTES_MAX:,} that one may have",
        hint="Ask for less: one line with --line, or one message with `openline show ID`.",
    )


def decode_line(line: bytes, objects: type[dict[str, Any]] = dict) -> dict[str, Any]:
    """Return what a line holds, its objects of the type `objects`.  Raises Misuse if it is not one JSON object."""
    try:
        value = json.loads(line, object_hook=objects)
    except (ValueError, RecursionError) as error:
        raise Misuse("a local request or answer is not JSON, or nested too deep") from error
    if not isinstance(value, dict):
        raise Misuse("a local request or answer is not a JSON object")
    return value


def error_of(error: OpenlineError) -> dict[str, Any]:
    """Return an error as an answer carries it."""
    if isinstance(error, Rejected):
        return {"class": "rejected", "rule": error.rule, "message": error.message, "hint": error.hint}
    name = next((name for name, kind in _CLASSES.items() if isinstance(error, kind)), "misuse")
    return {"class": name, "rule": "", "message": error.message, "hint": error.hint}


def raise_error(error: Mapping[str, Any]) -> None:
    """Raise the error that an answer carries."""
    message, hint = str(error.get("message", "")), str(error.get("hint", ""))
    if error.get("class") == "rejected":
        raise Rejected(str(error.get("rule", "")), message, hint=hint)
    raise _CLASSES.get(str(error.get("class")), Misuse)(message, hint=hint)
