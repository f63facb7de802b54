"""How the states of this package become the values of `Keep` rows, and come back: one canonical CBOR array each."""

from __future__ import annotations

from typing import Any

from openline.errors import Rejected, StorageFailed
from openline.sessions.epochs import BOUND_BYTES, SECRET_BYTES, Epoch
from openline.sessions.prekeys import Prekey, decode_prekey
from openline.wire.cbor import Value, decode


def read_row(row: bytes, *types: type) -> list[Any]:
    """Return the items of a kept array, each an instance of its type.  Raises StorageFailed for anything else."""
    try:
        items = decode(row)
    except Rejected as error:
        raise unreadable() from error
    if not isinstance(items, list) or len(items) != len(types):
        raise unreadable()
    if not all(isinstance(item, kind) for item, kind in zip(items, types, strict=True)):
        raise unreadable()
    return items


def pack_epoch(epoch: Epoch | None) -> Value:
    """Return what stands for an epoch inside a row."""
    return [] if epoch is None else [epoch.secret, epoch.bound]


def unpack_epoch(value: Value) -> Epoch | None:
    """Return the epoch that `pack_epoch` packed.  Raises StorageFailed for anything else."""
    match value:
        case []:
            return None
        case [bytes() as secret, bytes() as bound] if len(secret) == SECRET_BYTES and len(bound) == BOUND_BYTES:
            return Epoch(secret, bound)
        case _:
            raise unreadable()


def unpack_epochs(items: list[Value]) -> list[Epoch]:
    """Return the epochs that stand in a list.  Raises StorageFailed for anything else."""
    epochs = [unpack_epoch(item) for item in items]
    return [epoch for epoch in epochs if epoch is not None]


def unpack_prekey(envelope: bytes) -> Prekey:
    """Return the prekey that was kept as its envelope.  Raises StorageFailed: the disk is at fault, no peer."""
    try:
        return decode_prekey(envelope)
    except Rejected as error:
        raise unreadable() from error


def unreadable() -> StorageFailed:
    """Return the error for a row that was not written by this package."""
    return StorageFailed(
        "a kept session state cannot be read",
        hint="The store is damaged. Restore the last backup; the peers' stations will hand over what is missing.",
    )
