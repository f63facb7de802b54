"""One line of this station: what the engine calls."""

from __future__ import annotations

from collections.abc import Callable

from openline.charter import LineDocuments, StationSeeds
from openline.delivery.accepting import LATER_COPY, owe_receipt, place, place_key, said_again, shown_already
from openline.delivery.charter_in_use import check_audience, check_charter, note_known, refuse_deniable
from openline.delivery.drafts import owe_drafts, say_held, tell_draft
from openline.delivery.exchange import take_document
from openline.delivery.fingerprint import fingerprint
from openline.delivery.greeting import owe_greetings
from openline.delivery.heads import tend_heads
from openline.delivery.joining import make_peaks
from openline.delivery.judge import Judged, judge_own
from openline.delivery.keys_in_use import (
    announce,
    announce_again,
    fetch_prekeys,
    forget_keys,
    rekey,
    restore_peer_keys,
    tend_keys,
)
from openline.delivery.outbox import Outstanding, valid_until
from openline.delivery.paying import pay
from openline.delivery.prefix import HeldLog
from openline.delivery.receiving import judge_held_back, receive
from openline.delivery.recovering import (
    RECOVERING,
    Resaid,
    begin_generation,
    caught_up,
    holds_later,
    learned_late,
    open_generation,
    recover,
    recovered,
    recovered_lately,
    take_learned,
)
from openline.delivery.restoring import restore_line, restore_peer
from openline.delivery.routes import join_peers, lay_paths
from openline.delivery.rows import LOG, NEWEST, PRESENTED, SHOWN, WATCH, leaf_hash_of, log_key, pack_held
from openline.delivery.state import Given, Happened, Peer
from openline.errors import Misuse, OpenlineError, Rejected, Unavailable
from openline.identifiers import Digest, StationId, party_of
from openline.ports import Instant, Kept, PathLost, PathOpened, PathReady, Received, Refused, Slot, Wanted
from openline.wire.entry import Entry, encode_entry, entry_signed, leaf, leaf_hash, pack_approvals, unpack_approvals
from openline.wire.numbers import u32
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Precedence, Statement, decode_statement_and_parts, digest_of_parts

RECOVERY_LOOK_MS = 1_000  # how often a recovering station looks whether it has caught up
FETCH_FIRST_MS, FETCH_MOST_MS = 250, 30_000  # a prekey that is lacking is asked for, each wait twice the one before
TEND_EVERY_MS = 60_000  # keys, greetings and prekeys are looked after once a minute


class Line:
    """One line: say, receive, show, and let paths take what waits.  Everything else is in `state`."""

    def __init__(self, me: StationId, keys: StationSeeds, documents: LineDocuments, given: Given) -> None:
        self.state = restore_line(me, keys, documents, given)
        self._newest = self.state.novelty.newest
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
            self.recover(now, "its state is a backup, or older than the counter beside it")
        self.wake(now)

    def fingerprint(self) -> bytes:
        """Return a digest of everything that decides what this line does next."""
        return fingerprint(self.state)

    def documents_changed(self, now: Instant) -> None:
        """Take what a new charter, roster or stop notice says, judge again what waited, and tell the others at once."""
        state = self.state
        before = dict(state.peers)
        new = join_peers(state)
        for peer in new:
            restore_peer(state, peer)
            restore_peer_keys(state, peer)  # one that is listed again must not take its old announcements again
        for station in before.keys() - state.peers.keys():
            forget_keys(state, before[station])
        lay_paths(state, self._first_path)
        for path in state.paths.values():
            for duties in path.duties.values():
                duties.greet = True
        note_known(state, state.me, now.utc)
        make_peaks(state, now)
        state.outbox.remove(
            [seq for seq in state.outbox.entries if all(peer.stored.covers(seq) for peer in state.peers.values())]
        )
        for peer in new:  # what waits for others waits for it too, and over paths that are open already
            self._again(peer, sorted(state.outbox.entries))
        judge_held_back(state, now)
        self._say_learned()

    def recover(self, now: Instant, why: str) -> None:
        """Behave as an older copy of this station: say nothing before another station has been heard from."""
        recover(self.state, why, now)
        self._recover_ms = now.monotonic_ms + RECOVERY_LOOK_MS

    def rekey(self, now: Instant) -> None:
        """Renew prekey and epochs at once."""
        rekey(self.state, now)

    # ------------------------------------------------------------ what people do

    def say(self, statement: bytes, approvals: bytes, check: Callable[[Statement], None]) -> Digest:
        """Give a statement its place, sign it, queue it for every station; return its digest.

        check: raises if the statement means nothing that may be said; delivery itself knows no meaning.

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
        read, cut = decode_statement_and_parts(statement)
        check(read)
        said = digest_of_parts(state.documents.salt_seed(state.party), statement, cut)
        if shown_already(state, state.party, said, read.authored) is None:
            check_audience(state, read)
            self._say(Entry(state.own.size, statement, tuple(cut), read, unpack_approvals(approvals), b""), said)
        return said

    def _say_again(self, again: Resaid) -> None:
        read, cut = decode_statement_and_parts(again.statement)
        said = digest_of_parts(self.state.documents.salt_seed(self.state.party), again.statement, cut)
        approvals = unpack_approvals(again.approvals)
        self._say(Entry(self.state.own.size, again.statement, tuple(cut), read, approvals, b""), said)

    def _say(self, entry: Entry, said: Digest) -> None:
        state = self.state
        refuse_deniable(state)
        state.outbox.check_room()
        judge_own(state.documents, state.me, state.generation, entry, said, state.given.suite)
        check_charter(state, (state.me, state.generation), entry.seq, entry.statement)
        approvals = pack_approvals(entry.approvals)
        signed = entry_signed(state.line, state.identity.hash, state.generation, entry.seq, said, approvals)
        signature = state.given.suite.sign(state.keys.sign, signed)
        data = encode_entry(entry.seq, entry.said, entry.approvals, signature)
        hashed = leaf_hash(leaf(said, approvals, signature))
        read = entry.statement
        signed_entry = Entry(entry.seq, entry.said, entry.parts, read, entry.approvals, signature)
        place(state, Judged(state.me, state.generation, signed_entry, data, said, hashed, None))
        until = valid_until(read)
        item = Outstanding(entry.seq, data, hashed, state.own.tree, read.precedence, read.authored, said, until)
        self._queue(item)

    def _queue(self, item: Outstanding) -> None:
        state = self.state
        if state.peers:  # else nobody would ever let go of it
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
        if not rows or len({row.digest for row in rows}) > 1:
            raise Misuse("no message here has this identity", hint="`openline inbox` lists the messages.")
        shown = shown_already(self.state, party_of(rows[0].author), rows[0].digest, rows[0].authored)
        if shown is not None:  # else it was refused wherever it stands, and nobody was shown its words
            self.presented(shown.author, shown.generation, shown.seq, now)
        again = said_again(self.state, party_of(rows[0].author), rows[0].digest)
        if again is not None:
            self.presented(*again, now)

    def tell_draft(self, digest: Digest, payload: bytes) -> None:
        """Let every other station of our party hold this of a draft."""
        tell_draft(self.state, digest, payload)

    def draft_held(self, station: StationId, digest: Digest, payload: bytes) -> None:
        """Tell the station of our party that told this of a draft that it is held here, with this batch."""
        say_held(self.state, station, digest, payload)

    def watched(self, now: Instant) -> None:
        """Note that an officer has just acted here; greetings say so, after a restart too."""
        self.state.watch = now.utc
        # With the batch of the act itself.  A crash before it: neither the act nor the officer was ever here.
        self.state.given.out.keep(WATCH, self.state.line, u32(now.utc))

    # ------------------------------------------------------------ what paths do

    def path_opened(self, event: PathOpened, now: Instant) -> None:
        """Owe the new path everything that its stations lack: greetings, entries, receipts, our prekey in its slot."""
        state = self.state
        path = state.paths[event.path]
        path.opened()
        prekey = state.keyring.current
        state.given.out.effect(Wanted(path.number, state.given.suite.public(state.keys.post)))  # before it is replaced
        assert prekey is not None  # a run begins with one
        state.given.out.effect(Slot(path.number, prekey.encode()))
        for station, duties in path.duties.items():
            peer = state.peers[station]
            duties.greet = True
            announce_again(state, peer)
            announce(state, peer, now)
            for seq in sorted(state.outbox.entries):
                item = state.outbox.entries[seq]
                if not peer.stored.covers(seq) and not peer.patience.rests(seq):
                    (duties.flash if item.urgent else duties.ordinary).append(seq)
            owe_drafts(state, peer)
            if state.size_of((station, peer.generation)):
                duties.owe_receipt(ReceiptState.STORED, urgent=False)
        self._fetch_wait_ms = FETCH_FIRST_MS
        self._fetch(now)

    def path_ready(self, event: PathReady) -> None:
        """Take note that a path takes more now."""
        self.state.paths[event.path].ready(event.room)

    def path_kept(self, event: Kept, now: Instant) -> None:
        """Take note that a relay holds what it was given; once that is all of it, entries rest there.

        A relay that declines an envelope never says so of all, and then the retry times go on as they were.
        """
        path = self.state.paths[event.path]
        path.unkept = max(0, path.unkept - event.count)
        if path.unkept == 0:
            for station in path.duties:
                self.state.peers[station].patience.kept_ms = now.monotonic_ms

    def path_lost(self, event: PathLost, now: Instant) -> None:
        """Forget what the path owed; it is owed again when it opens."""
        self.state.paths[event.path].lost(now.utc)

    def receive(self, event: Received, now: Instant) -> None:
        """Take one envelope; what is refused goes to the security log and changes nothing."""
        try:
            receive(self.state, event, now)
        except Rejected as refused:
            self.state.given.out.effect(Refused(event.path, refused.rule, refused.message))
        self._look_back(now)
        self._say_learned()

    def _say_learned(self) -> None:
        """Say again what others have shown us to have said in a generation that has ended.

        In the batch that keeps it.  A crash before the commit: it is given back again.
        """
        learned = take_learned(self.state)
        if learned:
            not_said = self._say_all_again(learned)
            learned_late(self.state, len(learned) - len(not_said), not_said)

    def _say_all_again(self, again: list[Resaid]) -> list[tuple[bytes, str]]:
        """Say statements again in their order; return those that cannot be said any more, each with the reason."""
        not_said: list[tuple[bytes, str]] = []
        for each in again:
            try:
                self._say_again(each)
            except OpenlineError as refused:  # an officer was stopped since, or the outbox is full: people are told
                not_said.append((each.digest, str(refused)))
        return not_said

    def _look_back(self, now: Instant) -> None:
        """Recover if this batch has shown that this station is an older copy of itself."""
        why, self.state.rolled_back = self.state.rolled_back, ""
        if not why or self.state.recovering or (why == LATER_COPY and recovered_lately(self.state, why, now.utc)):
            return
        self.recover(now, why)

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
        if state.recovering and caught_up(state, now):
            self._recovered(now)
        self._recover_ms = now.monotonic_ms + RECOVERY_LOOK_MS if state.recovering else None
        for peer in state.peers.values() if state.recovering else ():
            announce(state, peer, now)  # as soon as the minute since the last announcement is over
        if self._tend_ms is None or now.monotonic_ms >= self._tend_ms:
            self._tend_ms = now.monotonic_ms + TEND_EVERY_MS
            state.generations_heard.pass_time(now.monotonic_ms)
            tend_keys(state, now)
            tend_heads(state, now)
            owe_greetings(state, now)
            if holds_later(state):
                state.rolled_back = LATER_COPY  # it was too early when it came, and nobody shows it again
                self._look_back(now)
        if self._fetch_ms is None or now.monotonic_ms >= self._fetch_ms:
            self._fetch(now)

    def _recovered(self, now: Instant) -> None:
        """Open the new generation, say again what must be, and keep what happened; all of it in this batch."""
        state = self.state
        opening = open_generation(state, now)
        not_said = self._say_all_again(opening.again)
        make_peaks(state, now)
        recovered(state, opening, not_said, now.utc)
        tend_keys(state, now)

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
        times += [self._tend_ms, self._recover_ms, self._fetch_ms, self.state.rate.due_ms, self.state.second_path_ms]
        return min((time for time in times if time is not None), default=None)

    def take_happened(self) -> list[Happened]:
        """Return what happened since the last call; call it until nothing has, because a document lets entries in."""
        happened, self.state.happened = self.state.happened, []
        return happened

    def settle(self, now: Instant) -> None:
        """Keep what changed, and pay what paths have room for."""
        state = self.state
        if state.novelty.newest != self._newest:
            self._newest = state.novelty.newest
            state.given.out.keep(NEWEST, state.line, u32(self._newest))
        for table, key in sorted(state.dirty):
            log = state.logs[key] if table == LOG else state.presented[key]
            state.given.out.keep(table, log_key(state.line, *key), pack_held(log))
        state.dirty.clear()
        for refused in state.refused:
            state.given.out.effect(Refused(None, refused.rule, refused.message))
        state.refused.clear()
        pay(state, now)
