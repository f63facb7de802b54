"""The adversaries of the made world: forgers without keys, a thief with a station's keys, a liar, an insider.

Each makes bytes with the functions that make them in the product, so what is refused is refused for its reason.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from random import Random

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.delivery.keys_in_use import running
from openline.delivery.state import LineState
from openline.identifiers import Digest, StationId
from openline.ports import Received, Suite
from openline.sessions import Identity, Need, Sender, make_prekey
from openline.simulation.checks import Records
from openline.simulation.officers import CANARY, DUTY, RELEASER, SECOND_DUTY
from openline.simulation.setting import Setting, secret
from openline.simulation.stations import Node
from openline.simulation.talk import QUESTION, TEXT
from openline.wire.entry import (
    SIGNATURE_BYTES,
    Approval,
    approval_signed,
    encode_entry,
    entry_signed,
    pack_approvals,
    unpack_approvals,
)
from openline.wire.envelope import Type
from openline.wire.payloads import NONCE_BYTES, PREKEY_TAG_BYTES, Greeting, encode_copy, encode_greeting
from openline.wire.statement import Precedence, Statement, Status, encode_statement
from openline.wire.statement import digest as statement_digest

OLD_PREKEYS_MOST = 8  # of all that lay in slots, brought again at once


class Enemies:
    """What each adversary does when its time has come."""

    def __init__(self, setting: Setting, suite: Suite, random: Random, records: Records) -> None:
        self._setting = setting
        self._suite = suite
        self._random = random
        self._records = records

    def forge(self, victim: Node, member: Node) -> int:
        """Bring one station what nobody with a key has made, some of it by another member.  Returns how many."""
        state = self._state(victim)
        if state is None:
            return 0
        path = next((path.number for path in state.paths.values() if path.is_open), None)
        if path is None:
            return 0
        forged = [self._random.randbytes(self._random.randrange(1, 400)) for _ in range(3)]
        forged += [bytes((version,)) + self._random.randbytes(60) for version in (1, 2, 3)]
        forged += self._announcements(state)
        forged += self._records.prekeys[:-1][-OLD_PREKEYS_MOST:]
        forged += self._copies(victim, member)
        forged += self._greeting(victim, member)
        for envelope in forged:
            victim.give(Received(path, envelope, self._random.randbytes(32), self._random.randrange(2)))
        return len(forged)

    def _copies(self, victim: Node, member: Node) -> list[bytes]:
        """Copies that a member brings of entries by every other station, none of them signed by its author."""
        state = self._state(member)
        peer = state.peers.get(victim.me) if state is not None else None
        run = running(state, peer) if state is not None and peer is not None else None
        if state is None or run is None:
            return []
        words = f"{CANARY} copy {self._random.randrange(1 << 30)}"
        statement = encode_statement(Statement(1, member.instant().utc, 0, DUTY, words, Status.TEST))
        copies = []
        for (author, generation), log in state.logs.items():
            if author != state.me:
                entry = encode_entry(log.size, statement, (), self._random.randbytes(64))
                copies.append(run.seal(Type.COPY, encode_copy(author, generation, entry), padded=True))
        return copies

    def _greeting(self, victim: Node, member: Node) -> list[bytes]:
        """A greeting that a member sends to the question under way, and that is not signed: it could deny it."""
        state, theirs = self._state(member), self._state(victim)
        peer = state.peers.get(victim.me) if state is not None else None
        run = running(state, peer) if state is not None and peer is not None else None
        known = theirs.peers.get(member.me) if theirs is not None else None  # not once it has ended
        if state is None or known is None or run is None:
            return []
        asked = known.contact.nonce
        said = Greeting(
            self._random.randbytes(NONCE_BYTES), asked, member.instant().utc, state.documents.documents_digest(),
            state.watch, 0, self._random.randbytes(PREKEY_TAG_BYTES), (),
        )  # fmt: skip
        payload = encode_greeting(said) + self._random.randbytes(SIGNATURE_BYTES)
        self._records.unsigned.add(payload)
        return [run.seal(Type.GREETING, payload, padded=True)]

    def _announcements(self, state: LineState) -> list[bytes]:
        """A prekey and an epoch in another station's name, signed with a key that is not that station's."""
        thief = secret("thief", self._random.randrange(1 << 30))
        made = []
        for peer in state.peers.values():
            now = self._random.randrange(1, 1 << 32)
            false = Identity(peer.station, peer.identity.hash, self._suite.public(thief))
            forged = make_prekey(self._suite, state.line, false, thief, thief, now, fresh=True)
            self._records.false_keys.add(forged.public)
            self._records.false_epochs.add(now)
            made.append(forged.encode())
            prekey = state.keyring.current
            if prekey is not None:
                sender = Sender(state.line, false, state.identity)
                sender.learn(prekey)
                made.append(sender.announce(self._suite, Need.FRESH, thief, thief, now, now))
        return made

    def lie(self, liar: Node) -> list[tuple[StationId, bytes]]:
        """Make an entry at the liar's next position for one station only; the liar itself says another one there.

        Returns pairs of station and sealed envelope, to be brought there.
        """
        state = self._state(liar)
        if state is None or state.recovering:
            return []
        words = f"{CANARY} lie {self._random.randrange(1 << 30)}"
        flash = self._random.choice((Precedence.ROUTINE, Precedence.FLASH))
        statement = encode_statement(
            Statement(1, liar.instant().utc, CATALOGUE.kind(TEXT).number, DUTY, words, Status.TEST, flash)
        )
        self._records.two_tongued.add(state.me)
        self._records.stolen.add(statement)
        return self._sealed(state, self._entry(state, statement, b""))[:1]

    def insider(self, station: Node) -> list[tuple[StationId, bytes]]:
        """Say in a station's name what needs two persons, with the approvals of fewer, or of another text."""
        state = self._state(station)
        if state is None or state.recovering:
            return []
        kind = CATALOGUE.kind(QUESTION)
        body = body_from_json(kind, {"statement": f"{CANARY} insider {self._random.randrange(1 << 30)}"})
        statement = encode_statement(Statement(1, station.instant().utc, kind.number, DUTY, body, Status.TEST))
        entry = self._entry(state, statement, self._approvals(state, statement))
        self._records.unapproved.add(entry)
        self._records.two_tongued.add(state.me)
        return self._sealed(state, entry)

    # ------------------------------------------------------------ with a station's keys

    def _approvals(self, state: LineState, statement: bytes) -> bytes:
        digest = statement_digest(state.documents.salt_seed(state.party), statement)
        another = Digest(sha256(b"another text" + digest).digest())
        right = self._approve(state, DUTY, digest)
        replayed = self._approve(state, RELEASER, another)
        copied = replace(right, officer=RELEASER)
        another_duty = self._approve(state, SECOND_DUTY, digest)  # both are genuine, and nobody has released it
        lacking = ((), (right,), (right, replayed), (right, copied), (right, another_duty))
        return pack_approvals(self._random.choice(lacking))

    def _approve(self, state: LineState, officer: int, digest: Digest) -> Approval:
        seed = self._setting.officers[state.party, officer]
        return Approval(officer, self._suite.sign(seed, approval_signed(state.line, state.party, digest)))

    def _entry(self, state: LineState, statement: bytes, approvals: bytes) -> bytes:
        """Return a genuine entry at the station's next position."""
        seq = state.own.size
        digest = statement_digest(state.documents.salt_seed(state.party), statement)
        signed = entry_signed(state.line, state.identity.hash, state.generation, seq, digest, approvals)
        signature = self._suite.sign(state.keys.sign, signed)
        entry = encode_entry(seq, statement, unpack_approvals(approvals), signature)
        self._records.made.add(entry)
        return entry

    def _sealed(self, state: LineState, entry: bytes) -> list[tuple[StationId, bytes]]:
        """Return the entry sealed for each station that the true one has an epoch with, in an order that is drawn."""
        sealed = []
        for station, peer in state.peers.items():
            run = running(state, peer)
            if run is not None:
                sealed.append((station, run.seal(Type.ENTRY, entry, padded=True)))
        self._random.shuffle(sealed)
        return sealed

    def _state(self, node: Node) -> LineState | None:
        return None if node.station is None else node.station.lines[self._setting.line].state
