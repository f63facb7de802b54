"""Kinds of messages as data: fields, types, who may say them, and what each asks of the other side.

kind = CATALOGUE.kind("N1")                  by code or by number
body = body_from_json(kind, {"class": …})    what a person or a script gives → what stands in a statement
validate(kind, body)                         raises CatalogueError for anything else
read_body(kind, body)                        values by name, for renderings and reports
body_to_json(kind, body)                     what scripts see
"""

from __future__ import annotations

from openline.catalogue.kinds.bodies import body_from_json, body_to_json, read_body, validate, write_body
from openline.catalogue.kinds.catalogue import CATALOGUE, Catalogue
from openline.catalogue.kinds.errors import (
    CatalogueBroken,
    CatalogueError,
    MissingField,
    OtherCatalogue,
    Refused,
    UnexpectedField,
    UnknownKind,
    WrongBody,
    WrongField,
)
from openline.catalogue.kinds.field import Field
from openline.catalogue.kinds.kind import Kind
from openline.catalogue.kinds.read_back import (
    Mismatch,
    ReadBackField,
    compare_read_back,
    read_back_body,
    read_back_fields,
    wrong_read_back,
)

__all__ = [
    "CATALOGUE",
    "Catalogue",
    "CatalogueBroken",
    "CatalogueError",
    "Field",
    "Kind",
    "Mismatch",
    "MissingField",
    "OtherCatalogue",
    "ReadBackField",
    "Refused",
    "UnexpectedField",
    "UnknownKind",
    "WrongBody",
    "WrongField",
    "body_from_json",
    "body_to_json",
    "catalogue_hash",
    "compare_read_back",
    "read_back_body",
    "read_back_fields",
    "read_body",
    "replies_allowed",
    "validate",
    "write_body",
    "wrong_read_back",
]


def replies_allowed(kind: Kind) -> tuple[Kind, ...]:
    """Return the kinds that may answer `kind`."""
    return CATALOGUE.replies_allowed(kind)


def catalogue_hash() -> bytes:
    """Return the 32-byte hash of every data file of the catalogue, as charters have it."""
    return CATALOGUE.hash()
