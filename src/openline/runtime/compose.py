"""From what a person or script gives to a statement: fields checked against the catalogue, each fault named."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

from openline.catalogue.kinds import CATALOGUE, Kind, body_from_json
from openline.catalogue.kinds.read_back import read_back_body, read_back_fields
from openline.charter import LineDocuments
from openline.errors import Misuse
from openline.identifiers import REF_BYTES
from openline.runtime.asked import Asked, beginning_of, number_of, text_of
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

_Choice = TypeVar("_Choice", bound=Enum)


def compose(request: Asked, documents: LineDocuments, original: Statement | None, utc: int) -> Statement:
    """Return the statement that a request describes.  `original`: what its `ref` names, for what is inherited.

    Raises Misuse or CatalogueError, each naming the part that is wrong and what was expected.
    """
    charter = documents.charter
    if charter is None:
        raise Misuse("no charter is in force on this line", hint="Collect the missing signatures first.")
    kind = CATALOGUE.kind(text_of(request, "kind").upper())
    before = original.precedence.name if original is not None else "ROUTINE"
    default = kind.default_precedence(before)
    status = original.status.name if original is not None else max_allowed(charter.statuses, kind).name
    return Statement(
        charter=charter.number,
        authored=utc,
        kind=kind.number,
        officer=number_of(request, "officer", 0, 255),
        body=_body(kind, request, original),
        status=_choice(Status, request, "status", status),
        precedence=_choice(Precedence, request, "precedence", default),
        authority=_choice(Authority, request, "authority", "DUTY_OFFICER"),
        principal=_choice(PrincipalApproved, request, "principal", "NOT_STATED"),
        options=_options(request, documents),
    )


def max_allowed(statuses: tuple[Status, ...], kind: Kind) -> Status:
    """Return ACTUAL if line and kind allow it, else EXERCISE, else TEST."""
    return min([status for status in statuses if status.name in kind.statuses], default=min(statuses))


def _body(kind: Kind, request: Asked, original: Statement | None) -> Body:
    if request.get("typed") is not None:
        return _typed(kind, request, original)
    text, fields = request.get("text"), request.get("fields")
    if kind.body == "text" or (text is not None and fields is None):
        fields = {"text": text} if text is not None else fields
    if fields is not None and not isinstance(fields, dict):
        raise Misuse("the fields must be a JSON object", hint='Write {"name": value, ...}.')
    return body_from_json(kind, fields or {})


def _typed(kind: Kind, request: Asked, original: Statement | None) -> Body:
    """Return the body of a reply that reads back: what was typed, right or wrong, so that both ends see a mistake."""
    typed = request.get("typed")
    if not isinstance(typed, dict) or not all(isinstance(text, str) for text in typed.values()):
        raise Misuse("what is read back is given by field", hint='Give typed as {"time": "18:24Z"}.')
    if original is None or "read_back" not in kind.numbers:
        raise Misuse(f"{kind.code} reads nothing back", hint="UNDERSTOOD and JOINED do, to the message they answer.")
    asked = CATALOGUE.kind(original.kind)
    paths = [field.path for field in read_back_fields(asked, original.body)]
    strange = sorted(typed.keys() - set(paths))
    if strange:
        listed = ", ".join(paths) or "nothing"
        raise Misuse(f"{strange[0]} is no field of {asked.code} to read back", hint=f"To be typed: {listed}.")
    missing = [path for path in paths if not typed.get(path, "").strip()]
    if missing:
        raise Misuse(
            f"{missing[0]} of {asked.code} is not read back", hint="Type every field: " + ", ".join(paths) + "."
        )
    return read_back_body(asked, original.body, typed)


def _options(request: Asked, documents: LineDocuments) -> dict[int, Value]:
    options: dict[int, Value] = {}
    if request.get("ref"):
        options[Option.REF] = beginning_of(request, "ref")[:REF_BYTES]
    first, until = moment_in(request, "valid_from"), moment_in(request, "valid_until")
    if first is not None or until is not None:
        options[Option.VALIDITY] = [first, until]
    respond_by = moment_in(request, "respond_by")
    if respond_by is not None:
        options[Option.RESPOND_BY] = respond_by
    if request.get("pass_to"):
        options[Option.PASS_TO] = text_of(request, "pass_to")
    if request.get("action"):
        options[Option.ACTION] = sorted({_party(code, documents) for code in _listed(request, "action")})
    if request.get("clearance"):
        options[Option.CLEARANCE] = sorted(set(_listed(request, "clearance")))
    return options


def _listed(request: Asked, name: str) -> list[str]:
    given = request.get(name)
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise Misuse(f"{name} must be a list of texts", hint=f'Give {name} as ["alba", "bora"].')
    return given


def _party(code: str, documents: LineDocuments) -> int:
    members = documents.charter.members if documents.charter is not None else ()
    for member in members:
        if code in (member.code, str(member.party)):
            return member.party
    raise Misuse(
        f"{code!r} is no party of this line", hint=f"Its parties: {', '.join(member.code for member in members)}."
    )


def moment_in(request: Asked, name: str) -> int | None:
    """Return the UTC seconds of a time as people write it, None if none is given.  Raises Misuse."""
    given = request.get(name)
    if given is None:
        return None
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ"):
        try:
            return int(datetime.strptime(str(given), form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    raise Misuse(f"{name} is not a time: {given!r}", hint="Write UTC, such as 2026-03-04T05:06Z.")


def _choice(choices: type[_Choice], request: Asked, name: str, default: str) -> _Choice:
    given = str(request.get(name) or default).upper().replace(" ", "_").replace("-", "_")
    if given not in choices.__members__:
        raise Misuse(f"{name} {given!r} is unknown", hint=f"One of: {', '.join(choices.__members__)}.")
    return choices[given]
