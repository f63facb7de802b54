"""Who else is on the line, and by which relays each can be reached: made from the rosters, again with each new one."""

from __future__ import annotations

from collections.abc import Iterable

from openline.charter import LineDocuments
from openline.delivery.duties import Duties
from openline.delivery.paths import Path
from openline.delivery.prefix import Receipted
from openline.delivery.state import LineState, Peer
from openline.identifiers import PartyNumber, PathId, StationId, party_of
from openline.ports import Route
from openline.sessions import Identity, Receiver, Sender
from openline.wire.payloads import ReceiptState

PATHS_OF_A_LINE = 1_024  # numbers set aside for one line; twelve rosters of eight relays are 96


def parties(documents: LineDocuments) -> list[PartyNumber]:
    """Return the numbers of the members of the charter in force."""
    charter = documents.charter
    return [PartyNumber(member.party) for member in charter.members] if charter else []


def identity(documents: LineDocuments, station: StationId) -> Identity:
    """Return a station as its roster shows it.  The station must be in a roster in force."""
    item = documents.station(station)
    assert item is not None
    return Identity(station, item.hash, item.sign)


def join_peers(state: LineState) -> list[Peer]:
    """Let the peers be exactly the other stations in force; return those that are new."""
    wanted = {item.id: item for item in state.documents.all_stations() if item.id != state.me}
    for gone in sorted(set(state.peers) - set(wanted)):
        del state.peers[gone]
    new = []
    for station in sorted(set(wanted) - set(state.peers)):
        item = wanted[station]
        known = Identity(station, item.hash, item.sign)
        peer = Peer(
            identity=known,
            post=item.post,
            sender=Sender(state.line, state.identity, known),
            receiver=Receiver(state.given.suite),
            receipted={kind: Receipted() for kind in ReceiptState},
            marks={kind: [] for kind in ReceiptState},
            singles={kind: {} for kind in ReceiptState},
        )
        state.peers[station] = peer
        new.append(peer)
    return new


def lay_paths(state: LineState, first: int) -> None:
    """Let the paths be exactly the relays that rosters name: ours, where we fetch, and theirs, where they do.

    A relay that stays keeps its number and what it owes; a new one begins closed until the transport opens it.
    """
    reach: dict[tuple[str, bytes], set[StationId]] = {}
    for party in parties(state.documents):
        stations = {station for station in state.peers if party_of(station) == party}
        for relay in state.documents.relays(party):
            reach.setdefault((relay.address, relay.pin), set()).update(stations)
    known = {(path.address, path.pin): path for path in state.paths.values()}
    state.paths = {}
    for (address, pin), stations in sorted(reach.items()):
        path = known.get((address, pin)) or Path(_free_number(state, first, known.values()), address, pin)
        path.serve(tuple(sorted(stations)))
        state.paths[path.number] = path


def _free_number(state: LineState, first: int, known: Iterable[Path]) -> PathId:
    """Return a number of this line's that no path of these has: however many rosters come, never another line's."""
    taken = {path.number for path in (*known, *state.paths.values())}
    while (number := PathId(first + state.paths_laid % PATHS_OF_A_LINE)) in taken:
        state.paths_laid += 1
    state.paths_laid += 1
    return number


def routes(state: LineState) -> list[Route]:
    """Return every path that this line wants open."""
    return [Route(path.number, state.line, path.address, path.pin, state.keys.post) for path in state.paths.values()]


def one_path(state: LineState, peer: Peer) -> Duties | None:
    """Return what one open path owes the peer, each time another's, because one of them may drop what it is given."""
    found = [path.duties[peer.station] for path in state.paths.values() if peer.station in path.duties]
    peer.turn += 1
    return found[peer.turn % len(found)] if found else None
