"""What one line remembers, as bytes: equal fingerprints mean equal futures, for replay and exhaustive search."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from openline.delivery.duties import Duties
from openline.delivery.state import LineState, Peer


def fingerprint(state: LineState) -> bytes:
    """Return a digest over everything that decides what the line does next, apart from the clock."""
    digest = sha256()
    for part in _parts(state):
        digest.update(part)
    return digest.digest()


def _parts(state: LineState) -> Iterator[bytes]:
    yield repr((state.generation, state.recovering, sorted(state.outbox.entries), state.watch)).encode()
    yield repr((sorted(state.forked), sorted(state.searching.items()), sorted(state.charters_known.items()))).encode()
    yield repr([(key, sorted(state.heads[key].items())) for key in sorted(state.heads)]).encode()
    yield state.documents.documents_digest()
    yield state.keyring.encode()
    for name, logs in (("held", state.logs), ("shown", state.presented)):
        for key in sorted(logs):
            yield repr((name, key, logs[key].tree, sorted(logs[key].beyond.items()))).encode()
    for station in sorted(state.peers):
        yield from _peer_parts(state.peers[station])
    yield repr(state.first_path).encode()
    for number, path in sorted(state.paths.items()):
        yield repr((number, path.address, path.is_open, path.room, path.good, path.turn)).encode()
        for station, duties in sorted(path.duties.items()):
            yield repr((station, _duties(duties))).encode()


def _peer_parts(peer: Peer) -> Iterator[bytes]:
    yield repr((peer.station, peer.generation, peer.wants_prekey, peer.announcement, peer.patience.waiting())).encode()
    yield repr(peer.brought_by).encode()
    yield peer.sender.encode()
    yield peer.receiver.encode()
    yield repr(
        [(kind, peer.receipted[kind].tree, sorted(peer.receipted[kind].further)) for kind in peer.receipted]
    ).encode()
    yield repr(sorted(peer.given_back.items())).encode()
    contact = peer.contact
    yield repr((contact.nonce, contact.to_answer, sorted(contact.told.items()), sorted(contact.holds.items()))).encode()


def _duties(duties: Duties) -> tuple[object, ...]:
    return (
        list(duties.announcements), duties.greet, sorted(duties.urgent), sorted(duties.receipts), list(duties.flash),
        list(duties.ordinary), duties.asks, list(duties.documents), list(duties.copies), list(duties.heads),
        list(duties.loose), list(duties.drafts), list(duties.drafts_held), list(duties.peaks),
    )  # fmt: skip
