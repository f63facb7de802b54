"""One line of this station: what the engine calls."""

from __future__ import annotations

from dataclasses import replace

from openline.charter import LineDocuments, StationSeeds
from openline.delivery.accepting import owe_receipt, place, place_key
from openline.delivery.exchange import take_document
from openline.delivery.fingerprint import fingerprint
from openline.delivery.greeting import owe_greetings
from openline.delivery.judge import Judged, judge_own
from openline.delivery.keys_in_use import announce, announce_again, fetch_prekeys, rekey, tend_keys
from openline.delivery.outbox import Outstanding
from openline.delivery.paying import pay
from openline.delivery.prefix import HeldLog
from openline.delivery.receiving import judge_held_back, receive
from openline.delivery.recovering import RECOVERING, begin_generation, caught_up, open_generation, recover
from openline.delivery.restoring import restore_line, restore_peer
from openline.delivery.routes import join_peers, lay_paths
from openline.delivery.rows import LOG, PRESENTED, SHOWN, leaf_hash_of, log_key, pack_held
from openline.delivery.state import Given, Happened, Peer
from openline.errors import Misuse, Rejected, Unavailable
from openline.identifiers import Digest, StationId
from openline.ports import Instant, PathLost, PathOpened, PathReady, Received, Refused, Slot
from openline.wire.entry import Entry, encode_entry, entry_signed, leaf, leaf_hash, unpack_approvals
from openline.wire.numbers import u32
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Precedence, digest_of_parts, read_statement_and_parts

RECOVERY_LOOK_MS = 1_000  # how often a recovering station looks whether it has caught up
FETCH_FIRST_MS, FETCH_MOST_MS = 250, 30_000  # a prekey that is lacking is asked for, each wait twice the one before
TEND_EVERY_MS = 60_000  # keys, greetings and prekeys are looked after once a minute


class Line:
    """One line: say, receive, show, and let paths take what waits.  Everything else is in `state`."""

    def __init__(self, me: StationId, keys: StationSeeds, documents: LineDocuments, given: Given) -> None:
        self.state = restore_line(me, keys, documents, given)
        self._tend_ms: int | None = None
        self._first_path = 0
        self._recover_ms: int | None = None
        self._fetch_ms: int | None = None
        self._fetch_wait_ms = FETCH_FIRST_MS

    def begin(self, first_path: int, now: Instant, *, restored: bool) -> None:
        """Begin a run: lay the paths, choose the generation, look after keys; an older copy recovers first.

        first_path: the number of the line's first path.
        """
        state = self.state
        self._first_path = first_path
        lay_paths(state, first_path)
        for path in state.paths.values():
            path.closed_utc = now.utc
        if state.generation == 0:
            begin_generation(state, now.utc)
        if restored or state.given.out.value(RECOVERING, state.line) is not None:
            self.recover(now)
        self.wake(now)

    def fingerprint(self) -> bytes:
        """Return a digest of everything that decides what this line does next."""
        return fingerprint(self.state)

    def documents_changed(self) -> None:
        """Take what a new charter, roster or stop notice says of stations and relays, and judge again what waited."""
        for peer in join_peers(self.state):
            restore_peer(self.state, peer)
        lay_paths(self.state, self._first_path)
        judge_held_back(self.state)

    def recover(self, now: Instant) -> None:
        """Behave as an older copy of this station: say nothing before another station has been heard from."""
        recover(self.state, now)

    def rekey(self, now: Instant) -> None:
        """Renew prekey and epochs at once."""
        rekey(self.state, now)

    # ------------------------------------------------------------ what people do

    def say(self, statement: bytes, approvals: bytes, now: Instant) -> Digest:
        """Give a statement its place, sign it, queue it for every station; return its digest.

        Exactly the same statement again is not said twice: it has the digest that it had.  Place, signature, log and
        outbox go into one transaction.  A crash before its commit: nothing was said, and whoever asked was told
        nothing.  After it: the next start queues the entry again.
        Raises Misuse (outbox full), Unavailable (recovering), or Rejected: it would be refused everywhere.
        """
        state = self.state
        if state.recovering:
            raise Unavailable(
                "this station runs from an older copy of itself and must hear from another station first",
                hint="Wait until `openline lines` shows contact; it then opens a new generation and goes on.",
            )
        read, cut, _ = read_statement_and_parts(statement, 0)
        said = digest_of_parts(state.documents.salt_seed(state.party), statement, cut)
        if state.generation_of(said) == state.generation:
            return said
        state.outbox.check_room()
        seq = state.own.size
        unsigned = Entry(seq, statement, tuple(cut), read, unpack_approvals(approvals), b"")
        judge_own(state.documents, state.me, state.generation, unsigned, said, state.given.suite)
        signed = entry_signed(state.line, state.identity.hash, state.generation, seq, said, approvals)
        signature = state.given.suite.sign(state.keys.sign, signed)
        data = encode_entry(seq, statement, unsigned.approvals, signature)
        hashed = leaf_hash(leaf(said, approvals, signature))
        place(state, Judged(state.me, state.generation, replace(unsigned, signature=signature), data, said, hashed, None))
        self._queue(Outstanding(seq, data, hashed, state.own.tree, read.precedence, read.authored, said))
        return said

    def _queue(self, item: Outstanding) -> None:
        state = self.state
        if not state.peers:
            return
        state.outbox.add(item)
        for path in state.paths.values():
            for duties in path.duties.values():
                (duties.flash if item.urgent else duties.ordinary).append(item.seq)

    def presented(self, author: StationId, generation: int, seq: int, now: Instant) -> None:
        """Note that an officer here has been shown an entry; its author gets a presented receipt."""
        state = self.state
        row = state.given.out.entry(state.line, author, generation, seq)
        key = (author, generation)
        shown = state.presented.setdefault(key, HeldLog())
        if row is None or shown.knows(seq):
            return
        shown.add(seq, leaf_hash_of(row))
        state.dirty.add((PRESENTED, key))
        state.given.out.keep(SHOWN, place_key(state, author, generation, seq), u32(now.utc))
        urgent = row.precedence == Precedence.FLASH
        owe_receipt(state, author, generation, urgent=urgent, kind=ReceiptState.PRESENTED)

    def present(self, digest: object, now: Instant) -> None:
        """Note that an officer here has been shown the message with this digest.  Raises Misuse if there is none."""
        rows = self.state.given.out.ledger.find(self.state.line, digest) if isinstance(digest, bytes) else ()
        if len(rows) != 1:
            raise Misuse("no message here has this identity", hint="`openline inbox` lists the messages.")
        row = rows[0]
        self.presented(row.author, row.generation, row.seq, now)

    def watched(self, now: Instant) -> None:
        """Note that an officer has just acted here; greetings say so."""
        self.state.watch = now.utc

    # ------------------------------------------------------------ what paths do

    def path_opened(self, event: PathOpened, now: Instant) -> None:
        """Owe the new path everything that its stations lack: greetings, entries, receipts, our prekey in its slot."""
        state = self.state
        path = state.paths[event.path]
        path.opened()
        prekey = state.keyring.current
        if prekey is not None:
            state.given.out.effect(Slot(path.number, prekey.encode()))
        for station, duties in path.duties.items():
            peer = state.peers[station]
            duties.greet = True
            announce_again(state, peer)
            announce(state, peer, now)
            for seq in sorted(state.outbox.entries):
                item = state.outbox.entries[seq]
                if not peer.stored.covers(seq):
                    (duties.flash if item.urgent else duties.ordinary).append(seq)
            if peer.generation and state.log((station, peer.generation)).size:
                duties.owe_receipt(ReceiptState.STORED, urgent=False)
        self._fetch_wait_ms = FETCH_FIRST_MS
        self._fetch(now)

    def path_ready(self, event: PathReady) -> None:
        """Take note that a path takes more now."""
        self.state.paths[event.path].ready(event.room)

    def path_lost(self, event: PathLost, now: Instant) -> None:
        """Forget what the path owed; it is owed again when it opens."""
        self.state.paths[event.path].lost(now.utc)

    def receive(self, event: Received, now: Instant) -> None:
        """Take one envelope; what is refused goes to the security log and changes nothing."""
        try:
            receive(self.state, event, now)
        except Rejected as refused:
            self.state.given.out.effect(Refused(event.path, refused.rule, refused.message))
        if self.state.rolled_back:
            self.state.rolled_back = False
            self.recover(now)

    def document(self, payload: bytes, now: Instant) -> None:
        """Take a charter, roster or stop notice from a file.  Raises Rejected."""
        take_document(self.state, payload, now)

    # ------------------------------------------------------------ time, and the end of a batch

    def wake(self, now: Instant) -> None:
        """Send again what has waited too long, and look after keys and greetings once a minute."""
        state = self.state
        for peer in state.peers.values():
            due = peer.patience.due(now.monotonic_ms)
            if due:
                self._again(peer, due)
        self._recover_ms = now.monotonic_ms + RECOVERY_LOOK_MS if state.recovering else None
        if state.recovering and caught_up(state, now):
            for again in open_generation(state, now):
                self.say(again.statement, again.approvals, now)
            tend_keys(state, now)
        if self._tend_ms is None or now.monotonic_ms >= self._tend_ms:
            self._tend_ms = now.monotonic_ms + TEND_EVERY_MS
            tend_keys(state, now)
            owe_greetings(state, now)
        if self._fetch_ms is None or now.monotonic_ms >= self._fetch_ms:
            self._fetch(now)

    def _fetch(self, now: Instant) -> None:
        """Ask for prekeys that are lacking: without one nothing can be said to its station."""
        self._fetch_ms = now.monotonic_ms + self._fetch_wait_ms if fetch_prekeys(self.state) else None
        self._fetch_wait_ms = min(2 * self._fetch_wait_ms, FETCH_MOST_MS)

    def _again(self, peer: Peer, due: list[int]) -> None:
        announce_again(self.state, peer)
        for path in self.state.paths.values():
            if peer.station in path.duties:
                duties = path.duties[peer.station]
                for seq in due:
                    item = self.state.outbox.entries.get(seq)
                    if item is not None and not peer.stored.covers(seq):
                        queue = duties.flash if item.urgent else duties.ordinary
                        queue.append(seq)

    def next_wake(self) -> int | None:
        """Return the monotonic time, milliseconds, at which this line wants to be woken."""
        times = [peer.patience.next_due() for peer in self.state.peers.values()]
        times += [self._tend_ms, self._recover_ms, self._fetch_ms]
        return min((time for time in times if time is not None), default=None)

    def settle(self, now: Instant) -> list[Happened]:
        """Pay what paths have room for, keep what changed, and return what happened since the last settle."""
        state = self.state
        for table, key in sorted(state.dirty):
            log = state.logs[key] if table == LOG else state.presented[key]
            state.given.out.keep(table, log_key(state.line, *key), pack_held(log))
        state.dirty.clear()
        for refused in state.refused:
            state.given.out.effect(Refused(None, refused.rule, refused.message))
        state.refused.clear()
        pay(state, now)
        happened, state.happened = state.happened, []
        return happened
