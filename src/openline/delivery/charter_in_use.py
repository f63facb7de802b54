"""Under which charter each station speaks: never back to a lower one, and not long under the old one.

A station's log tells the first; the second needs to know since when it has been shown the charter in force: since a
fresh greeting of its own named the documents that we hold.  Its authored times are compared with that, because a
message may be long under way; who sets them back meets the first rule as soon as the new charter is used once.
"""

from __future__ import annotations

from openline.charter import Evidence
from openline.delivery.rows import log_key, split_log_key
from openline.delivery.state import LineState, LogKey, Peer
from openline.errors import Inadmissible, Misuse
from openline.identifiers import StationId, party_of
from openline.wire.entry import decode_entry
from openline.wire.numbers import u16, u32, u64
from openline.wire.statement import GENERATION_KIND, Statement

USED = "charter-used"  # line · author · generation · charter -> the lowest position that names it
KNOWN = "charter-known"  # line · station -> charter, and UTC seconds since when it is known to hold it
OLD_CHARTER_S = 86_400  # after it was shown the new one: drafts under the old one are approved or dropped in a day


def check_charter(state: LineState, key: LogKey, seq: int, statement: Statement) -> None:
    """Raise Inadmissible (R133) if this station may no longer name this charter at this place of its log."""
    used = state.charters_used.get(key, {})
    if any(number > statement.charter and place < seq for number, place in used.items()):
        raise _too_old(statement.charter, "this station has used a later one before")
    known, since = state.charters_known.get(key[0], (0, 0))
    if statement.charter < known and statement.authored > since + OLD_CHARTER_S:
        raise _too_old(statement.charter, f"this station has held charter {known} for more than a day")


def may_hear(state: LineState, peer: Peer, entry: bytes) -> bool:
    """Whether the party was a member under the charter that an entry names: no earlier words are copied to it."""
    charter = state.documents.charter
    if charter is None or charter.number == 1:
        return True  # everybody has been a member from the beginning
    named = state.documents.charter_numbered(decode_entry(entry).statement.charter)
    return named is None or named.member(party_of(peer.station)) is not None


def joined_by(state: LineState, party: int) -> int:
    """Return the number of the charter by which a party joined later; 0 if it has been a member from the beginning."""
    charter = state.documents.charter
    numbers = range(1, charter.number) if charter is not None else ()
    return max((number + 1 for number in numbers if _lacks(state, number, party)), default=0)


def is_later(state: LineState, party: int) -> bool:
    """Whether a party joined by an amendment: some charter before the one in force does not name it."""
    return joined_by(state, party) > 0


def heard_from(state: LineState, key: LogKey, party: int) -> int:
    """Return the position in a log from which a member hears it: the first after all that was said without it.

    A station goes from one charter to the next and never back (R133), so the words before that are those that name a
    charter without the party.  It is settled once the station holds the charter that adds the party.
    """
    charter = state.documents.charter
    if charter is None or charter.number == 1:
        return 0
    used = state.charters_used.get(key, {})
    without = [number for number in used if _lacks(state, number, party)]
    if not without:
        return 0
    return min((place for number, place in used.items() if number > max(without)), default=state.size_of(key))


def check_audience(state: LineState, statement: Statement) -> None:
    """Raise Inadmissible (R133) if a present member is none under the charter that a statement of ours names.

    It was drafted for others than would hear it now; and a later member hears a log without a gap from its joining on.
    """
    charter = state.documents.charter
    if charter is None or statement.charter == charter.number:
        return
    if any(_lacks(state, statement.charter, member.party) for member in charter.members):
        raise _too_old(statement.charter, "a party has joined since")


def _lacks(state: LineState, number: int, party: int) -> bool:
    charter = state.documents.charter_numbered(number)
    return charter is not None and charter.member(party) is None


def note_used(state: LineState, key: LogKey, seq: int, statement: Statement) -> None:
    """Take note of the charter that an entry names.  The first entry of a generation only tells of another log."""
    used = state.charters_used.setdefault(key, {})
    if statement.kind == GENERATION_KIND or used.get(statement.charter, seq + 1) <= seq:
        return
    used[statement.charter] = seq
    state.given.out.keep(USED, log_key(state.line, *key) + u16(statement.charter), u64(seq))


def note_known(state: LineState, station: StationId, utc: int) -> None:
    """Take note that a station holds the charter in force here, from now if not before."""
    charter = state.documents.charter
    if charter is not None and charter.number > state.charters_known.get(station, (0, 0))[0]:
        state.charters_known[station] = charter.number, utc
        state.given.out.keep(KNOWN, state.line + u16(station), u16(charter.number) + u32(utc))


def restore_charters(state: LineState) -> None:
    """Bring back which charters were used and known."""
    for key, value in state.given.out.values(USED, state.line):
        used = state.charters_used.setdefault(split_log_key(key), {})
        used[int.from_bytes(key[-2:], "big")] = int.from_bytes(value, "big")
    for key, value in state.given.out.values(KNOWN, state.line):
        known = int.from_bytes(value[:2], "big"), int.from_bytes(value[2:], "big")
        state.charters_known[StationId(int.from_bytes(key[-2:], "big"))] = known


def refuse_deniable(state: LineState) -> None:
    """Raise Misuse on a line that its charter calls deniable: what is said here is signed, and a signature stays."""
    charter = state.documents.charter
    if charter is not None and charter.rules.evidence is Evidence.DENIABLE:
        raise Misuse(
            "the charter of this line promises that nobody can prove what was said, and this program signs everything",
            hint="Say nothing here. Agree on a provable charter, or on a program that keeps deniable lines.",
        )


def _too_old(number: int, why: str) -> Inadmissible:
    return Inadmissible(
        "R133",
        f"charter {number} may not be named here any more: {why}",
        hint="Draft it again under the charter in force.",
    )
