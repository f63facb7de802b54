"""From what a person or script gives to a statement: fields checked against the catalogue, each fault named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from openline.catalogue.kinds import CATALOGUE, Kind, body_from_json
from openline.charter import LineDocuments
from openline.errors import Misuse
from openline.identifiers import REF_BYTES
from openline.wire.cbor import Value
from openline.wire.statement import (
    Authority,
    Body,
    Option,
    Precedence,
    PrincipalApproved,
    Statement,
    Status,
)

Request = Mapping[str, Any]


def compose(request: Request, documents: LineDocuments, original: Statement | None, utc: int) -> Statement:
    """Return the statement that a request describes.  `original`: what its `ref` names, for what is inherited.

    Raises Misuse or CatalogueError, each naming the part that is wrong and what was expected.
    """
    charter = documents.charter
    if charter is None:
        raise Misuse("no charter is in force on this line", hint="Collect the missing signatures first.")
    kind = CATALOGUE.kind(_text(request, "kind").upper())
    before = original.precedence.name if original is not None else "ROUTINE"
    default = kind.default_precedence(before)
    status = original.status.name if original is not None else max_allowed(charter.statuses).name
    return Statement(
        charter=charter.number,
        authored=utc,
        kind=kind.number,
        officer=_number(request, "officer", 0, 255),
        body=_body(kind, request),
        status=_choice(Status, request, "status", status),
        precedence=_choice(Precedence, request, "precedence", default),
        authority=_choice(Authority, request, "authority", "DUTY_OFFICER"),
        principal=_choice(PrincipalApproved, request, "principal", "NOT_STATED"),
        options=_options(request, documents),
    )


def max_allowed(statuses: tuple[Status, ...]) -> Status:
    """Return ACTUAL if a line allows it, else EXERCISE, else TEST."""
    return min(statuses)


def _body(kind: Kind, request: Request) -> Body:
    text, fields = request.get("text"), request.get("fields")
    if kind.body == "text" or (text is not None and fields is None):
        fields = {"text": text} if text is not None else fields
    if fields is not None and not isinstance(fields, dict):
        raise Misuse("the fields must be a JSON object", hint='Write {"name": value, ...}.')
    return body_from_json(kind, fields or {})


def _options(request: Request, documents: LineDocuments) -> dict[int, Value]:
    options: dict[int, Value] = {}
    if request.get("ref"):
        options[Option.REF] = _hexadecimal(_text(request, "ref"))[:REF_BYTES]
    first, until = _moment(request, "valid_from"), _moment(request, "valid_until")
    if first is not None or until is not None:
        options[Option.VALIDITY] = [first, until]
    respond_by = _moment(request, "respond_by")
    if respond_by is not None:
        options[Option.RESPOND_BY] = respond_by
    if request.get("pass_to"):
        options[Option.PASS_TO] = _text(request, "pass_to")
    if request.get("action"):
        options[Option.ACTION] = sorted({_party(str(code), documents) for code in request["action"]})
    if request.get("clearance"):
        options[Option.CLEARANCE] = sorted({str(audience) for audience in request["clearance"]})
    return options


def _party(code: str, documents: LineDocuments) -> int:
    members = documents.charter.members if documents.charter is not None else ()
    for member in members:
        if code in (member.code, str(member.party)):
            return member.party
    raise Misuse(
        f"{code!r} is no party of this line", hint=f"Its parties: {', '.join(member.code for member in members)}."
    )


def _moment(request: Request, name: str) -> int | None:
    given = request.get(name)
    if given is None:
        return None
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ"):
        try:
            return int(datetime.strptime(str(given), form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    raise Misuse(f"{name} is not a time: {given!r}", hint="Write UTC, such as 2026-03-04T05:06Z.")


def _choice(choices: Any, request: Request, name: str, default: str) -> Any:
    given = str(request.get(name) or default).upper().replace(" ", "_").replace("-", "_")
    if given not in choices.__members__:
        raise Misuse(f"{name} {given!r} is unknown", hint=f"One of: {', '.join(choices.__members__)}.")
    return choices[given]


def _text(request: Request, name: str) -> str:
    given = request.get(name)
    if not isinstance(given, str) or not given:
        raise Misuse(f"{name} is missing", hint=f"Give {name} as text.")
    return given


def _number(request: Request, name: str, first: int, last: int) -> int:
    given = request.get(name) or 0
    if type(given) is not int or not first <= given <= last:
        raise Misuse(f"{name} must be a number from {first} to {last}")
    return given


def _hexadecimal(given: str) -> bytes:
    try:
        return bytes.fromhex(given)
    except ValueError as error:
        raise Misuse(f"{given!r} is no message's id", hint="`openline inbox` shows the ids.") from error
