"""What must hold of two stations when nothing is under way between them: nothing lost, nothing twice, no wrong word.

The same rules as `endings` has for whole worlds, cheap enough to be asked of every quiet state of a search.
"""

from __future__ import annotations

from collections.abc import Iterator

from openline.delivery.state import LineState
from openline.engine.meaning import Meaning
from openline.engine.silence import Word, verdict
from openline.engine.views import is_repeat, refused
from openline.identifiers import LineId, party_of
from openline.simulation.checks import Violated
from openline.simulation.sides import Side
from openline.wire.payloads import ReceiptState
from openline.wire.statement import GENERATION_KIND

ROWS_MOST = 100  # of one ledger: a small bound has a handful
GOOD_WORDS = frozenset({Word.ANSWERS, Word.UNATTENDED})


def restless(line: LineId, sides: tuple[Side, Side]) -> Iterator[str]:
    """Yield what still keeps two stations from being quiet, though nothing is under way between them."""
    for side, peer in (sides, sides[::-1]):
        state = _state(line, side)
        if state.recovering:
            yield f"{side.me:#06x} still recovers"
        if state.outbox.entries:
            yield f"{side.me:#06x} still waits for receipts of {sorted(state.outbox.entries)}"
        if lacking := {key for key, log in _state(line, peer).logs.items() if state.size_of(key) < log.size}:
            yield f"{side.me:#06x} lacks something of {sorted(lacking)}"
        if missing := _not_known_shown(line, side, peer):
            yield f"{side.me:#06x} does not know that {missing} were shown"
        word = verdict(_meaning(line, side), peer.me, side.instant()).word
        if word not in GOOD_WORDS:
            yield f"{side.me:#06x} says {word} of its peer, which works"


def _not_known_shown(line: LineId, side: Side, peer: Side) -> list[int]:
    state = _state(line, side)
    shown = _state(line, peer).presented.get((side.me, state.generation))
    if shown is None:
        return []
    known = state.peers[peer.me].receipted[ReceiptState.PRESENTED]
    rows = [
        (seq, side.ledger.entry(line, side.me, state.generation, seq)) for seq in (*range(shown.size), *shown.beyond)
    ]
    return [seq for seq, row in rows if row is not None and row.kind != GENERATION_KIND and not known.covers(seq)]


def look_at_rest(line: LineId, sides: tuple[Side, Side]) -> None:
    """Look at two stations between which all is quiet.  Raises Violated."""
    for side in sides:
        for author, generation, seq in side.known.claimed:
            logs = [_state(line, each).logs.get((author, generation)) for each in sides]
            if not any(log is not None and log.knows(seq) for log in logs):
                raise Violated("lost", f"nobody has {author:#06x} {generation}:{seq}, which was stored")
        _nothing_twice(line, side)


def _nothing_twice(line: LineId, side: Side) -> None:
    meaning, seen = _meaning(line, side), set()
    for row in side.ledger.recent(line, ROWS_MOST):
        if row.kind == GENERATION_KIND or is_repeat(meaning, row) or refused(meaning, row) is not None:
            continue
        if (party_of(row.author), row.digest) in seen:
            raise Violated("twice", f"{side.me:#06x} shows one message twice")
        seen.add((party_of(row.author), row.digest))


def _state(line: LineId, side: Side) -> LineState:
    return side.station.lines[line].state


def _meaning(line: LineId, side: Side) -> Meaning:
    return side.station.meanings[line]
