"""What must hold inside every station of a made world, after each batch: of its keys, its words and its recovery.

Rows and memory are looked at here, which nobody outside can see; so a fault is found where it is made, and need not
first lead to something that is lost or shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openline.delivery.keys_in_use import RECEIVER, SENDER
from openline.delivery.recovering import RECOVERING
from openline.delivery.rows import GREETING
from openline.delivery.state import LineState
from openline.identifiers import LineId, StationId
from openline.ports import Append, Batch, Keep
from openline.sessions import decode_prekey
from openline.simulation.checks import Records, Violated
from openline.simulation.stations import Node
from openline.wire.cbor import decode
from openline.wire.numbers import u16
from openline.wire.statement import GENERATION_KIND

NEWEST_SENT, NEWEST_TAKEN = 8, 3  # places in the kept rows: the newest epoch announced to a peer, and taken from it


class Inside:
    """The checkers that look into stations.

    Rules: no key is taken that its owner has not made, none that is older than one held, and none is used before it is
    kept; a greeting that was not signed is no proof; what is drawn is drawn once; a station that recovers says nothing
    before it has heard somebody, one that is shown its own later words recovers, and nothing is said twice.
    """

    def __init__(self, line: LineId, records: Records) -> None:
        self._line = line
        self._records = records
        self._published: dict[bytes, tuple[StationId, int]] = {}
        self._prekeys: dict[tuple[StationId, StationId], int] = {}
        self._newest: dict[tuple[StationId, int, StationId], tuple[int, int]] = {}
        self._silent: set[StationId] = set()  # has begun to recover, and heard nobody since
        self._said: dict[tuple[StationId, int, bytes], int] = {}

    def published(self, envelope: bytes) -> None:
        """Look at a prekey on its way into a slot: its secret was never drawn for another."""
        prekey = decode_prekey(envelope)
        made = (prekey.station, prekey.created)
        if self._published.setdefault(prekey.public, made) != made:
            raise Violated("nonce", f"{prekey.station:#06x} drew one secret for two prekeys")
        if envelope not in self._records.prekeys:
            self._records.prekeys.append(envelope)

    def restored(self, me: StationId) -> None:
        """A disk was put back to an older copy: what it knew of keys may be older now."""
        self._prekeys = {key: created for key, created in self._prekeys.items() if key[0] != me}

    def committed(self, node: Node, batch: Batch) -> None:
        """Look at one durable batch, before its rows are added to the records."""
        heard = any(isinstance(row, Keep) and row.table == GREETING for row in batch.rows)
        if heard:
            self._silent.discard(node.me)
        state = self._state(node)
        for row in batch.rows:
            if isinstance(row, Append):
                if row.author == node.me:
                    self._own(node, state, row)
            elif isinstance(row, Keep):
                if row.table in _LOOKS:
                    _LOOKS[row.table](self, node.me, row)
                if row.table == RECOVERING and not heard:
                    self._silent.add(node.me)
        if state is not None:
            self._kept(node, state)

    def _state(self, node: Node) -> LineState | None:
        line = None if node.station is None else node.station.lines.get(self._line)
        return None if line is None else line.state

    def _own(self, node: Node, state: LineState | None, row: Append) -> None:
        me, place = node.me, (row.author, row.generation, row.seq)
        if row.kind == GENERATION_KIND and me in self._silent and place not in self._records.places:
            raise Violated("recovery", f"{node.name} opens a generation before it has heard what it said")
        if self._records.places.get(place) == row.entry:
            # What waits for receipts it says itself: a draft approved once more is the same entry at the same place.
            shown = state is not None and row.generation == state.generation and row.seq not in state.outbox.entries
            if shown and state is not None and not state.recovering and not state.rolled_back:
                raise Violated("recovery", f"{node.name} is shown its own later words, and goes on as if it had them")
        elif me not in self._records.two_tongued:
            before = self._said.setdefault((me, row.generation, row.digest), row.seq)
            if before != row.seq:
                raise Violated("twice", f"{node.name} says at {row.seq} what it has said at {before}")

    # ------------------------------------------------------------ keys

    def _kept(self, node: Node, state: LineState) -> None:
        """The newest epochs in memory are those on the disk: greetings name them, and a crash must not forget them."""
        assert node.ledger is not None  # it runs
        for station, peer in state.peers.items():
            place, held = (node.me, node.incarnation, station), (peer.sender.newest, peer.receiver.newest)
            if self._newest.get(place) == held:
                continue
            self._newest[place] = held
            if held[1] in self._records.false_epochs:
                raise Violated("keys", f"{node.name} takes an epoch that {station:#06x} never announced")
            for table, at, newest in ((SENDER, NEWEST_SENT, held[0]), (RECEIVER, NEWEST_TAKEN, held[1])):
                rows = [value for _, value in node.ledger.kept(table, self._line + u16(station))]
                if newest and (not rows or _field(rows[0], at) != newest):
                    raise Violated("keys", f"{node.name} uses an epoch of {station:#06x} that is not on its disk")

    def took_prekey(self, me: StationId, row: Keep) -> None:
        """Look at what is kept of our epochs towards a station: its prekey is its own, and not older than before."""
        envelope = _field(row.value, 0)
        if not isinstance(envelope, bytes) or not envelope:
            return
        prekey = decode_prekey(envelope)
        if prekey.public in self._records.false_keys:
            raise Violated("keys", f"{me:#06x} takes a prekey that {prekey.station:#06x} has not made")
        if prekey.created < self._prekeys.get((me, prekey.station), 0):
            raise Violated("keys", f"{me:#06x} takes an older prekey of {prekey.station:#06x} than it had")
        self._prekeys[me, prekey.station] = prekey.created

    def took_greeting(self, me: StationId, row: Keep) -> None:
        """Look at a greeting that is kept as the proof that its station was alive."""
        if row.value in self._records.unsigned:
            raise Violated("proof", f"{me:#06x} keeps a greeting for proof that nobody has signed")


def _field(row: bytes, place: int) -> object:
    fields = decode(row)
    return fields[place] if isinstance(fields, list) else None


_LOOKS: Mapping[str, Callable[[Inside, StationId, Keep], None]] = {
    SENDER: Inside.took_prekey,
    GREETING: Inside.took_greeting,
}
