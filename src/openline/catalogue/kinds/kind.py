"""A kind of message: who may say it, in which form, and what it asks of the other side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openline.catalogue.kinds.field import Field
from openline.catalogue.kinds.values import Json

FLASH_LEVELS = ("ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind, as its file has it; data/README.md explains every key.

    who         D duty officer, 2 duty officer and releaser, H principal or delegate and releaser, M mediator,
                O as the message it changes
    approvals   alternatives of roles that sign; empty: the station signs and names the officer
    response    R understood, W will or cannot do, A yes or no, D data, P proposal, N none; ORIGINAL: as what it changes
    precedence  FLASH, IMMEDIATE, PRIORITY or ROUTINE; ANY: the sender chooses; ORIGINAL; AS NEEDED
    body        "fields", "text" (words alone, the field `text`) or "empty"
    ref         "required", "optional" or "none": whether a statement of this kind names another
    example     the fields of a message of this kind, in their JSON form
    limits      name → seconds; `rule` → words
    level       how deep messages inside this one can go: 0 if there are none
    """

    code: str
    number: int
    name: str
    group: str
    force: str
    meaning: str
    response: str
    precedence: str
    who: tuple[str, ...]
    approvals: tuple[tuple[str, ...], ...]
    body: str
    ref: str
    ref_kinds: tuple[str, ...]
    sent_to: str
    sent_by: str
    answers: tuple[str, ...]
    closes: bool
    replies: tuple[str, ...]
    replies_also: tuple[str, ...]
    reply_who: Mapping[str, str]
    changed_by: tuple[str, ...]
    read_back: tuple[str, ...]
    statuses: tuple[str, ...]
    crisis: str
    one_of: tuple[tuple[str, ...], ...]
    order: tuple[tuple[str, ...], ...]
    same_kind: tuple[tuple[str, ...], ...]
    maps_to: tuple[str, ...]
    example: Mapping[str, Json]
    limits: Mapping[str, int]
    rule: str
    fields: tuple[Field, ...]
    level: int
    by_number: Mapping[int, Field]
    by_name: Mapping[str, Field]
    numbers: Mapping[str, int]

    @property
    def reply_to(self) -> tuple[str, ...]:
        """Return the response types that this kind answers; empty if it is no reply to any of them."""
        return self.answers

    def default_precedence(self, original: str = "ROUTINE") -> str:
        """Return the precedence to begin with; `original` is that of the message this one belongs to."""
        return self.precedence if self.precedence in FLASH_LEVELS else original
