"""What must hold when faults have ended and time has passed: nothing lost, twice or stuck, and no wrong word."""

from __future__ import annotations

from collections.abc import Iterator

from openline.delivery.accepting import FORKS, shown_already
from openline.delivery.recovering import recoveries
from openline.delivery.rows import RECEIPTED, log_key, unpack_receipted
from openline.delivery.state import LineState
from openline.dialogue.crisis import CrisisState
from openline.dialogue.states import WAITING
from openline.engine.meaning import Meaning
from openline.engine.silence import Word, verdict
from openline.engine.views import is_repeat, refused, unpresented
from openline.identifiers import StationId, party_of
from openline.mailbox.shelf import SLOT_TABLE
from openline.ports import Append, Ledger
from openline.simulation.checks import Place, Violated
from openline.simulation.partings import refused_as_ended, shown_differently
from openline.simulation.setting import BEGIN
from openline.simulation.stations import Node
from openline.simulation.world import World
from openline.wire.entry import decode_entry
from openline.wire.payloads import ReceiptState
from openline.wire.statement import GENERATION_KIND, Option, decode_statement

LOOK_MS = 2_000  # how often it is looked whether all is quiet
SETTLES_MS = 1_800_000  # half an hour: three of the longest waits between two sendings
FLASH_MS = 5_000  # a FLASH past a flood, on paths without faults, is shown stored within this
CRISIS_ENDED = frozenset({CrisisState.NONE, CrisisState.CLOSED})
GOOD_WORDS = frozenset({Word.ANSWERS, Word.UNATTENDED, Word.REFUSING})


def settle(world: World) -> int:
    """Let time pass until all is quiet; return after how many milliseconds.  Raises Violated if it never is."""
    begun = world.agenda.now_ms
    restless = next(unsettled(world), "")
    while restless:
        if world.agenda.now_ms - begun > SETTLES_MS:
            checker, _, words = restless.partition(": ")
            raise Violated(checker, words)
        world.agenda.run(world.agenda.now_ms + LOOK_MS)
        restless = next(unsettled(world), "")
    return world.agenda.now_ms - begun


def unsettled(world: World) -> Iterator[str]:
    """Yield what still keeps the world from being quiet, cheapest look first."""
    for node in world.standing:
        if node.station is None or not node.station.meanings:
            yield f"converges: {node.name} does not run"
            return
    for node in world.standing:
        state = _state(world, node)
        if state.recovering:
            yield f"converges: {node.name} still recovers"
        if state.outbox.entries:
            yield f"converges: {node.name} still waits for receipts of {sorted(state.outbox.entries)}"
    for errand in world.officers.undone():
        yield f"converges: {errand.node.name} has not done an errand after {errand.tries} tries: {errand.why}"
    if len({_state(world, node).documents.documents_digest() for node in world.standing}) > 1:
        yield "converges: not all go by the same charter, rosters and stop notices"
    yield from _records_differ(world)
    for node in world.standing:
        if next(unpresented(_meaning(world, node)), None) is not None:
            yield f"converges: {node.name} has something that no officer was shown"
    yield from _slots(world)
    yield from _presented(world)
    yield from _dialogues(world)
    yield from _words(world)
    yield from _unproved_forks(world)


def _slots(world: World) -> Iterator[str]:
    """Every relay shows the prekey that each station has now: who was put back could begin with no other."""
    for relay in world.network.relays.values():
        slots = relay.ledger.tables.get(SLOT_TABLE, {})
        for post, me in world.setting.posts.items():
            node = world.nodes.get(me)
            prekey = _state(world, node).keyring.current if node in world.standing else None
            if prekey is not None and slots.get(post) != prekey.encode():
                yield f"converges: {relay.address} does not show the present prekey of {me:#06x}"


def _records_differ(world: World) -> Iterator[str]:
    """Everything that some station holds, every station must hold.

    Of what lies beyond a gap in a generation that has ended the author must hold each place; for others its words are
    enough, because the author says them again.
    """
    present = {node.me: _state(world, node).generation for node in world.standing}
    held = {node.me: set(_places(world, node)) for node in world.standing}
    whole = {place for node in world.standing for place in _places(world, node, beyond=False)}
    for node in world.standing:
        lacking = {place for place in set().union(*held.values()) - held[node.me] if not _disputed(world, *place[:2])}
        lacking = {place for place in lacking if not world.nodes[place[0]].ended}
        for place in sorted(lacking):
            ended = place[0] != node.me and present[place[0]] != place[1]
            if place in whole or not ended or not _knows_words(world, node, place):
                yield f"converges: {node.me:#06x} lacks {place}"


def _places(world: World, node: Node, *, beyond: bool = True) -> Iterator[Place]:
    for (author, generation), log in _state(world, node).logs.items():
        for seq in (*range(log.size), *(log.beyond if beyond else ())):
            yield author, generation, seq


def _knows_words(world: World, node: Node, place: Place) -> bool:
    """Whether a station holds the words of this place, there or elsewhere."""
    rows = (each.ledger.entry(world.setting.line, *place) for each in world.nodes.values() if each.ledger is not None)
    digests = {row.digest for row in rows if row is not None}
    return node.ledger is not None and all(node.ledger.find(world.setting.line, digest) for digest in digests)


def _disputed(world: World, author: StationId, generation: int) -> bool:
    """Whether some station has proof that this generation has two tongues: it takes no more entries there."""
    return any((author, generation) in _state(world, node).forked for node in world.standing)


def _presented(world: World) -> Iterator[str]:
    """What an officer was shown there, its author knows to be presented."""
    for node in world.standing:
        state = _state(world, node)
        for station, peer in state.peers.items():
            shown = _state(world, world.nodes[station]).presented.get((node.me, state.generation))
            known = peer.receipted[ReceiptState.PRESENTED]
            if shown is not None and not _disputed(world, node.me, state.generation):
                places = ((node.me, state.generation, seq) for seq in (*range(shown.size), *shown.beyond))
                missing = [place[2] for place in places if not known.covers(place[2]) and world.checks.shows(place)]
                if missing:
                    yield f"presented: {node.name} does not know {missing[:3]} presented at {station:#06x}"


def _dialogues(world: World) -> Iterator[str]:
    """Every dialogue and crisis has ended, or waits for nobody.

    A party one of whose stations said two things is left out: its answer may stand in a log that is closed.  So is what
    has expired by the time of this world: a station whose clock was set back waits until its own says so too.
    """
    differing, utc = shown_differently(world), BEGIN + world.plan.begins_s + world.agenda.now_ms // 1000
    forked = {party_of(author) for node in world.standing for author, _ in _state(world, node).forked}
    for node in world.standing:
        for said, thread in _meaning(world, node).desk.due():
            if differing and (said.ref in differing or said.statement.options.get(Option.REF) in differing):
                continue
            over = thread.expiry is not None and node.instant().utc <= thread.expiry < utc
            if thread.state in WAITING and not over and not forked.intersection((said.party, thread.party)):
                yield f"dialogue: at {node.name} a dialogue with {thread.party} is {thread.state}"
        state = _meaning(world, node).desk.crises.state(node.instant().utc)
        if state not in CRISIS_ENDED and not forked and not differing:
            yield f"dialogue: at {node.name} a crisis is {state}"


def _words(world: World) -> Iterator[str]:
    for node in world.standing:
        for station in _state(world, node).peers:
            word = verdict(_meaning(world, node), station, node.instant()).word
            if word not in GOOD_WORDS:
                yield f"silence: {node.name} says {word} of {station:#06x}, which works"


def _unproved_forks(world: World) -> Iterator[str]:
    """If two different entries at one place lie on disks now, everybody gets and keeps the proof."""
    line = world.setting.line
    for author, generation, seq in world.records.disputed:
        if world.nodes[author].ended:
            continue
        entries, unproved, proved = set(), [], 0
        for node in world.standing:
            assert node.ledger is not None
            row = node.ledger.entry(line, author, generation, seq)
            entries |= {row.entry} if row is not None else set()
            log = line + author.to_bytes(2, "big") + generation.to_bytes(4, "big")
            if any(True for _ in node.ledger.kept(FORKS, log)):
                proved += 1
            else:
                unproved.append(node.name)
        if unproved and (proved or len(entries) > 1):
            yield f"fork: {unproved} have no proof that {author:#06x} forked at {generation}:{seq}"


# ---------------------------------------------------------------- what must hold in the end


def conclude(world: World) -> None:
    """Look at a world that has settled.  Raises Violated."""
    for node in world.standing:
        _nothing_twice(world, node)
        _nothing_unapproved(world, node)
        _nothing_unsaid(world, node)
    _nothing_lost(world)
    _everything_said(world)
    _flash_in_time(world)
    for relay in world.network.relays.values():
        for values in relay.ledger.tables.values():
            for value in values.values():
                world.checks.sent(value)


def _nothing_lost(world: World) -> None:
    """What an author was ever shown to be stored is still held, whatever became of disks since.

    With two disks put back to before it, it may be gone from both: nobody can promise more than there are copies.
    """
    gone = sum(node.ended for node in world.nodes.values())
    if gone + sum(world.faults.taken.get(kind, 0) for kind in ("restore", "snapshot", "bit-rot")) > 1:
        return
    states = [_state(world, node) for node in world.standing]
    for author, generation, seq in world.records.stored:
        logs = [state.logs.get((author, generation)) for state in states]
        if author not in world.records.two_tongued and not any(log is not None and log.knows(seq) for log in logs):
            raise Violated("lost", f"nobody has {author:#06x} {generation}:{seq}, which was stored")


def _everything_said(world: World) -> None:
    """What an officer was told to be said, every station shows: unless its own disk was put back to before it.

    A log whose station said two things takes no more entries, so there it is told by the fork's alarm.
    """
    for errand in world.officers.errands:
        party = party_of(errand.node.me)
        if (
            not errand.statement
            or errand.refused
            or errand.unsaid
            or errand.node.ended
            or errand.node.me in world.records.put_back | world.records.two_tongued
        ):
            continue
        authored = decode_statement(errand.statement).authored
        for node in world.standing:
            may_differ = (party, errand.officer) in world.turnover.stopped and refused_as_ended(
                world, node, errand.digest
            )
            if not may_differ and shown_already(_state(world, node), party, errand.digest, authored) is None:
                words = f"{errand.node.name} was told that it is said, not so {node.name}: {errand.code}"
                raise Violated("answered", words)


def _nothing_twice(world: World, node: Node) -> None:
    meaning = _meaning(world, node)
    assert node.ledger is not None
    seen = set()
    for row in node.ledger.recent(world.setting.line, 10_000):
        if row.kind == GENERATION_KIND or is_repeat(meaning, row) or refused(meaning, row) is not None:
            continue  # two stations of a party may say the same words in one second: one of them is refused as a repeat
        if (party_of(row.author), row.digest) in seen:
            raise Violated("twice", f"{node.name} shows one message twice")
        seen.add((party_of(row.author), row.digest))


def _nothing_unapproved(world: World, node: Node) -> None:
    meaning = _meaning(world, node)
    assert node.ledger is not None
    for row in node.ledger.recent(world.setting.line, 10_000):
        if row.entry in world.records.unapproved and refused(meaning, row) is None:
            raise Violated("approved", f"{node.name} shows what was never approved")


def _nothing_unsaid(world: World, node: Node) -> None:
    """What a station held of its old generation when it opened a new one, and had no receipts of, it said again."""
    if node.me in world.records.two_tongued:
        return
    state, ledger = _state(world, node), node.ledger
    assert ledger is not None
    own = [row for row in ledger.recent(world.setting.line, 10_000) if row.author == node.me]
    first = frozenset(world.setting.homes)  # who came later holds it too, but was not waited for before it was there
    untold = {digest for each in recoveries(state) for digest, _ in each.not_said}
    for opening in (row for row in own if row.kind == GENERATION_KIND):
        body = decode_entry(opening.entry).statement.body
        assert isinstance(body, dict)
        for row in own:
            before = row.generation == body[0] and row.seq < body[1] and row.kind != GENERATION_KIND
            again = any(other.generation > row.generation and other.digest == row.digest for other in own)
            if before and not again and row.digest not in untold and not _receipted(state, ledger, row, first):
                raise Violated("recovery", f"{node.name} did not say again {row.generation}:{row.seq}")


def _receipted(state: LineState, ledger: Ledger, row: Append, first: frozenset[StationId]) -> bool:
    """Whether each other station, of those there from the first, is known to have stored an earlier entry of ours."""
    kind = bytes((ReceiptState.STORED,))
    for station in state.peers.keys() & first:
        key = log_key(state.line, station, row.generation) + kind
        kept = dict(ledger.kept(RECEIPTED, key)).get(key)
        if kept is None or not unpack_receipted(kept).covers(row.seq):
            return False
    return True


def _flash_in_time(world: World) -> None:
    """With no fault but a flood, a FLASH is stored everywhere within a few seconds."""
    if world.plan.chances or set(world.faults.taken) - {"flood"} or world.turnover.papers:
        return
    for errand in world.officers.errands:
        ledger = errand.node.ledger
        if errand.flash and ledger is not None:
            row = ledger.find(world.setting.line, errand.digest)[0]
            times = world.records.stored[row.author, row.generation, row.seq]
            if max(times.values()) - errand.asked_ms > FLASH_MS:
                raise Violated("flash", f"a FLASH of {errand.node.name} waited {times} from {errand.asked_ms}")


def _state(world: World, node: Node) -> LineState:
    assert node.station is not None
    return node.station.lines[world.setting.line].state


def _meaning(world: World, node: Node) -> Meaning:
    assert node.station is not None
    return node.station.meanings[world.setting.line]
