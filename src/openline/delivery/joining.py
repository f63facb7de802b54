"""A member that joined later begins each log at its peaks, under the owner's head; nothing before is served to it.

    owner      as soon as it holds the charter that adds a party: signs a head of each of its logs at its size then and
               keeps it with the peaks; gives them with an answered greeting, and to who asks for what lies before
    member     takes them for a log of which it holds nothing yet, and goes on from there

A receipt of such a member is over the whole root, because the owner checks it against its own log; it says that what
stands from the member's first position on is stored.  What lies before was never given to it.
"""

from __future__ import annotations

from openline.delivery.accepting import owe_receipt
from openline.delivery.charter_in_use import heard_from, is_later
from openline.delivery.heads import keep_foreign_head, sign_own_head
from openline.delivery.peaks import EDGE, PEAKS, begin_later, peaks_row
from openline.delivery.prefix import HeldLog
from openline.delivery.receipting import own_tree
from openline.delivery.rows import LOG, PRESENTED
from openline.delivery.state import LineState, LogKey
from openline.errors import Inadmissible
from openline.ports import Instant
from openline.tlog import Cosigner, Tree, cosigner_name, verify_head
from openline.wire.payloads import decode_peaks, encode_peaks


def make_peaks(state: LineState, now: Instant) -> None:
    """Sign and keep the peaks of our logs for every later member, and count nothing before as owed to it."""
    charter = state.documents.charter
    later = [member.party for member in charter.members if is_later(state, member.party)] if charter else []
    for key in [key for key in state.logs if key[0] == state.me and key not in state.forked]:
        for size in sorted({heard_from(state, key, party) for party in later} - {0}):
            if state.given.out.value(PEAKS, peaks_row(state, key, size)) is None and not state.recovering:
                _make(state, key, size, now)
    begin_later(state)


def _make(state: LineState, key: LogKey, size: int, now: Instant) -> None:
    tree = own_tree(state, key, size)
    head = sign_own_head(state, key, tree, now)
    if head is not None:
        state.given.out.keep(PEAKS, peaks_row(state, key, size), encode_peaks(head, tree.edge))
        state.given.out.keep(EDGE, peaks_row(state, key, size), tree.encode())


def take_peaks(state: LineState, payload: bytes) -> None:
    """Begin a log at its peaks.  Raises Malformed, Forged, or Inadmissible (R165; R134: too many generations).

    Only a party that joined later takes them, and only for a log of which it holds nothing: else an owner could hide
    what it said to others.  A crash before the commit: they come again.
    """
    head, edge = decode_peaks(payload)
    key = (head.station, head.generation)
    item = state.documents.station(head.station)
    if item is None or state.documents.station_stopped(head.station) is not None or head.station == state.me:
        raise Inadmissible("R165", "peaks are of no other station's log that is in force here")
    held = state.logs.get(key) or HeldLog()
    if held.tree == Tree(head.size, edge):
        owe_receipt(state, *key, urgent=False)
        return
    if not is_later(state, state.party) or held.size or any(seq < head.size for seq in held.beyond):
        raise Inadmissible("R165", "peaks are for a party that joined later, of a log of which it holds nothing before")
    tree = Tree(head.size, edge)
    signer = Cosigner(cosigner_name(state.line, head.station), item.sign, item.head)
    verify_head(state.given.suite, signer, state.line, head, tree.root())
    if key not in state.logs:
        state.generations_heard.begin(head.station)
    keep_foreign_head(state, key, tree, head)
    for table, logs in ((LOG, state.logs), (PRESENTED, state.presented)):
        before = logs.get(key) or HeldLog()
        begun = logs[key] = HeldLog(tree)
        for seq, hashed in sorted(before.beyond.items()):
            begun.add(seq, hashed)
        state.dirty.add((table, key))
    owe_receipt(state, *key, urgent=False)
