"""Where two stations may rightly differ: words that reached one before the end of their officer or station, one after.

An end acts where it is heard, from when it is heard: what was stored before stays, what comes later does not count. So
only what an ended officer or station has said may be shown here and not there, and what it answers.
"""

from __future__ import annotations

from openline.engine.views import refused
from openline.identifiers import REF_BYTES, party_of
from openline.ports import Append
from openline.simulation.stations import Node
from openline.simulation.world import World
from openline.wire.entry import decode_entry
from openline.wire.statement import GENERATION_KIND, Option, Statement

ENTRIES_MOST = 10_000  # of one ledger that are looked at
OFFICER_ENDED = "R108"


def refused_as_ended(world: World, node: Node, digest: bytes) -> bool:
    """Whether a station holds these words, and refuses them because their officer had ended when they came."""
    assert node.station is not None
    assert node.ledger is not None
    meaning = node.station.meanings[world.setting.line]
    reasons = [refused(meaning, row) for row in node.ledger.find(world.setting.line, digest)]
    return any(reason is not None and reason["rule"] == OFFICER_ENDED for reason in reasons)


def shown_differently(world: World) -> set[bytes]:
    """Return the references of what an ended officer or station has said, and of what that is about.

    Only of what is shown at one station and not at another.
    """
    if not world.turnover.papers:
        return set()
    words: dict[bytes, Statement] = {}
    shown = []
    for node in world.standing:
        rows = _shown(world, node)
        shown.append({row.digest for row in rows})
        for row in rows:
            statement = decode_entry(row.entry).statement
            has_ended = (party_of(row.author), statement.officer) in world.turnover.stopped
            if has_ended or world.nodes[row.author].ended:
                words[row.digest] = statement
    differing: set[bytes] = set()
    for digest, statement in words.items():
        if not all(digest in each for each in shown):
            about = statement.options.get(Option.REF)
            differing |= {digest[:REF_BYTES], about if isinstance(about, bytes) else b""}
    return differing


def _shown(world: World, node: Node) -> list[Append]:
    assert node.station is not None
    assert node.ledger is not None
    meaning = node.station.meanings[world.setting.line]
    rows = node.ledger.recent(world.setting.line, ENTRIES_MOST)
    return [row for row in rows if row.kind != GENERATION_KIND and refused(meaning, row) is None]
