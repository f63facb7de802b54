"""Making roster items: each key signs the item it stands in, so nobody can list a key that its holder did not offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from openline.charter.rosters import OfficerItem, StationItem, possession_signed
from openline.identifiers import LineId
from openline.ports import Suite
from openline.wire.entry import SIGNATURE_BYTES
from openline.wire.payloads import HEAD_SIGNATURE_BYTES
from openline.wire.statement import Authority


@dataclass(frozen=True, slots=True)
class StationSeeds:
    """The private half of a station's three keys: seeds of 32 bytes."""

    sign: bytes = field(repr=False)
    head: bytes = field(repr=False)
    post: bytes = field(repr=False)


def certify_station(line: LineId, party: int, number: int, seeds: StationSeeds, suite: Suite) -> StationItem:
    """Return the item for a station of this line, signed by each of its keys."""
    keys = suite.public(seeds.sign), suite.head_public(seeds.head), suite.public(seeds.post)
    unsigned = (bytes(SIGNATURE_BYTES), bytes(HEAD_SIGNATURE_BYTES), bytes(SIGNATURE_BYTES))
    item = StationItem(party, number, *keys, unsigned)
    signed = possession_signed(line, item.item())
    possession = suite.sign(seeds.sign, signed), suite.sign_head(seeds.head, signed), suite.sign(seeds.post, signed)
    return replace(item, possession=possession)


def certify_officer(
    line: LineId, party: int, number: int, roles: Sequence[Authority], seed: bytes, suite: Suite
) -> OfficerItem:
    """Return the item for an officer of this line, signed by the officer's key (seed of 32 bytes)."""
    item = OfficerItem(party, number, suite.public(seed), tuple(sorted(set(roles))), bytes(SIGNATURE_BYTES))
    return replace(item, possession=suite.sign(seed, possession_signed(line, item.item())))
