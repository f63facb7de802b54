"""What people see of a station: messages, lines, alarms, refusals; plain values that become JSON.

Reading only: nothing here changes the station.  Times are text, UTC, "2026-03-04T05:06:07Z".  Every message says its
status (ACTUAL, EXERCISE, TEST) in its own object.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from openline.catalogue.kinds import CATALOGUE, CatalogueError, body_to_json
from openline.charter import Role
from openline.delivery.accepting import FORKS, GENERATION_FORKS, REFUSED, place_key, said_again, shown_already
from openline.delivery.apart import kept_apart
from openline.delivery.charter_in_use import heard_from
from openline.delivery.recovering import Recovery, recoveries
from openline.delivery.rows import split_log_key
from openline.dialogue.errors import UnknownMessage
from openline.dialogue.said import Said
from openline.dialogue.status import STATUSES, MessageStatus
from openline.engine.lateness import late_s
from openline.engine.line_states import CLOSING
from openline.engine.meaning import Meaning, acting_officers
from openline.engine.silence import MEANING, verdict
from openline.errors import Misuse, StorageFailed
from openline.identifiers import Digest, StationId, number_of, party_of
from openline.ports import Append, Instant
from openline.wire.cbor import decode
from openline.wire.entry import decode_entry
from openline.wire.statement import GENERATION_KIND, Option, Statement, Status

Json = dict[str, object]
MESSAGES_SHOWN_MAX = 1_000  # of one line in one answer; older ones are shown by their identity


def moment(utc: int) -> str:
    """Return UTC seconds as text."""
    return datetime.fromtimestamp(utc, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def station_name(meaning: Meaning, station: StationId) -> str:
    """Return how a station is shown: its party's code in the charter and its number, "alba-1"."""
    return f"{party_code(meaning, party_of(station))}-{number_of(station)}"


def party_code(meaning: Meaning, party: int) -> str:
    """Return the code of a party in the charter in force, or its number."""
    charter = meaning.line.state.documents.charter
    member = charter.member(party) if charter is not None else None
    return member.code if member is not None else str(party)


def messages(meaning: Meaning, now: Instant, *, sent: bool, count: int = MESSAGES_SHOWN_MAX) -> list[Json]:
    """Return the newest messages of a line, oldest first: those of the others, or those that this party said."""
    state = meaning.line.state
    chosen = []
    for row in state.given.out.ledger.recent(state.line, count):
        if (party_of(row.author) == state.party) != sent:
            continue
        if row.kind == GENERATION_KIND and refused(meaning, row) is None:
            continue
        if is_repeat(meaning, row):
            continue
        chosen.append(message(meaning, row, now))
    return chosen


def is_repeat(meaning: Meaning, row: Append) -> bool:
    """Whether the same words of the same party are shown at another place; what was refused is shown as such."""
    shown = shown_already(meaning.line.state, party_of(row.author), row.digest, row.authored)
    other = shown is not None and (shown.author, shown.generation, shown.seq) != (row.author, row.generation, row.seq)
    return other and refused(meaning, row) is None


def find(meaning: Meaning, beginning: bytes) -> Append:
    """Return the one entry whose identity begins so.  Raises Misuse if there is none, or more than one."""
    state = meaning.line.state
    rows = state.given.out.ledger.find(state.line, beginning)
    if len({row.digest for row in rows}) != 1:
        problem = "more than one message begins so" if rows else "no message here begins so"
        raise Misuse(problem, hint="Give more of the message's id; `openline inbox` shows it.")
    return rows[0]


def message(meaning: Meaning, row: Append, now: Instant) -> Json:
    """Return one message with its fields and its five statuses."""
    entry = decode_entry(row.entry)
    statement = entry.statement
    shown: Json = {
        "id": row.digest.hex(),
        "line": row.line[:16].hex(),
        "exercise": statement.status.name,
        "from": station_name(meaning, row.author),
        "officer": statement.officer,
        "seq": row.seq,
        "generation": row.generation,
        "kind": CATALOGUE.kind(statement.kind).code if _known(statement.kind) else str(statement.kind),
        "precedence": statement.precedence.name,
        "authority": statement.authority.name,
        "principal": statement.principal.name,
        "authored": moment(statement.authored),
        **principal_came(meaning, row.digest),
        "approved_by": [approval.officer for approval in entry.approvals],
        **options(meaning, statement),
    }
    refusal = refused(meaning, row)
    if refusal is not None:
        return {**shown, "refused": refusal, "fields": {}, "status": {}}
    translated = translation(meaning, row.digest, statement.status, now.utc)
    return {**shown, **_content(meaning, statement), **_standing(meaning, row, now), **translated}


def translation(meaning: Meaning, digest: bytes, status: Status, utc: int) -> Json:
    """Return where the translation of a message's own words stands here; nothing if it needs none."""
    found = meaning.translations.of(digest)
    if found is None:
        return {}
    shown: Json = {
        "exercise": status.name,
        "state": str(found.state),
        "since": moment(found.since),
        "waiting_s": max(0, utc - found.since) if found.due is not None else None,
        "due": _due(found.due),
        "overdue": found.is_overdue(utc),
        "officer": found.officer,
        "at": _due(found.at),
        "sight_officer": found.sight_officer,
        "text": found.text,
    }
    return {"translation": shown}


def _known(kind: int) -> bool:
    try:
        CATALOGUE.kind(kind)
    except CatalogueError:
        return False
    return True


def _content(meaning: Meaning, statement: Statement) -> Json:
    try:
        meaning.check_catalogue()
        return {"fields": body_to_json(CATALOGUE.kind(statement.kind), statement.body)}
    except CatalogueError as unreadable:
        return {"fields": {}, "unreadable": unreadable.message}


def _standing(meaning: Meaning, row: Append, now: Instant) -> Json:
    entry = decode_entry(row.entry)
    said = Said(Digest(row.digest), row.author, row.generation, row.seq, entry.statement, entry.said, row.authored)
    try:
        status = meaning.desk.status(row.digest, now.utc, said)
        threads = [
            {"with": party_code(meaning, thread.party), "state": str(thread.state), "due": _due(thread.due)}
            for thread in meaning.desk.threads(row.digest, now.utc)
        ]
        crossed = [other.digest.hex() for other in meaning.desk.crossed(row.digest)]
        void = meaning.desk.counts_for_nothing(row.digest, now.utc)
    except UnknownMessage:
        status, threads = meaning.desk.status(row.digest, now.utc, said), []
        crossed, void = [], ""
    shown = statuses(meaning, status)
    shown["stored"] += _stored_here(meaning, row, shown["stored"])
    return {
        "status": shown,
        "complete": [name for name in STATUSES if complete(status, name)],
        "dialogues": threads,
        "standing": str(meaning.desk.standing(row.digest, said)),  # a text that only the record holds, too
        "late": late_s(meaning, row, entry.statement, status, now),
        "crossed": crossed,
        "reminder": _due(meaning.desk.reminder(row.digest)),
        "counts_for_nothing": void,
    }


def _stored_here(meaning: Meaning, row: Append, known: list[Json]) -> list[Json]:
    """Return our own station's mark for a message of others that it holds and nobody here has been shown yet."""
    state = meaning.line.state
    here = station_name(meaning, state.me)
    if party_of(row.author) == state.party or any(mark["station"] == here for mark in known):
        return []
    try:
        arrived = meaning.desk.message(row.digest).arrived
    except UnknownMessage:
        return []  # old words, of which the record has no arrival
    place = place_key(state, row.author, row.generation, row.seq)
    return [{"station": here, "signer": here, "time": moment(arrived), "proof": place.hex()}]


def complete(status: MessageStatus, name: str) -> bool:
    """Whether every party that owes a reply has this status; stored and presented are asked of every addressee."""
    owing = [addressee for addressee in status.addressees if addressee.action or name in STATUSES[:2]]
    return bool(owing) and all(getattr(addressee, name) for addressee in owing)


def _due(at: int | None) -> str | None:
    return None if at is None else moment(at)


def statuses(meaning: Meaning, status: MessageStatus) -> dict[str, list[Json]]:
    """Return the five statuses: for each a list of station, signer, time and what proves it."""
    shown: dict[str, list[Json]] = {}
    for name in STATUSES:
        shown[name] = [
            {
                "station": station_name(meaning, mark.station),
                "signer": f"officer {mark.signer}" if mark.signer else station_name(meaning, mark.station),
                "time": moment(mark.time),
                "proof": mark.proof.hex(),
                **({"words": mark.words} if mark.words else {}),
            }
            for mark in status.marks(name)
        ]
    return shown


def own_statement(meaning: Meaning, digest: bytes) -> Statement:
    """Return what a draft here, or a message of this party, says.  Raises Misuse if there is none of this identity."""
    draft = meaning.releases.of(Digest(digest))
    if draft is not None:
        return draft.statement
    row = find(meaning, digest)
    if party_of(row.author) != meaning.line.state.party:
        raise Misuse("this message is another party's", hint="What its principal approved is that party's to say.")
    return decode_entry(row.entry).statement


def principal_came(meaning: Meaning, digest: bytes) -> Json:
    """Return how the principal's approval of a draft or message of ours came, as noted here; nothing if it was not."""
    notes = [
        {"means": str(note.means), "time": moment(note.at), "officer": note.officer}
        for note in meaning.principal_notes.of(digest)
    ]
    return {"principal_came": notes} if notes else {}


def options(meaning: Meaning, statement: Statement) -> Json:
    """Return the options of a statement that are not absent."""
    shown: Json = {}
    for key, value in statement.options.items():
        match Option(key), value:
            case Option.REF, bytes(ref):
                shown["ref"] = ref.hex()
            case Option.VALIDITY, [first, until]:
                shown["valid_from"] = moment(first) if isinstance(first, int) else None
                shown["valid_until"] = moment(until) if isinstance(until, int) else None
            case Option.RESPOND_BY, int(at):
                shown["respond_by"] = moment(at)
            case Option.PASS_TO, unit:
                shown["pass_to"] = unit
            case Option.ACTION, list(parties):
                shown["action"] = [party_code(meaning, party) for party in parties if isinstance(party, int)]
            case _:  # the clearance: the wire lets nothing else through
                shown["clearance"] = value
    return shown


def drafts(meaning: Meaning) -> list[Json]:
    """Return what waits for approval at this station, oldest first."""
    shown: list[Json] = []
    for draft in meaning.releases.drafts():
        statement = draft.statement
        shown.append({
            "id": draft.digest.hex(),
            "line": meaning.line.state.line[:16].hex(),
            "exercise": statement.status.name,
            "kind": CATALOGUE.kind(statement.kind).code,
            "precedence": statement.precedence.name,
            "authority": statement.authority.name,
            "principal": statement.principal.name,
            "drafted_by": draft.drafter,
            "drafted_at": station_name(meaning, draft.home),
            "said_here": meaning.releases.is_ours(draft),
            "authored": moment(statement.authored),
            "state": str(draft.state),
            "needs": draft.missing,
            "approved_by": [seal.approver.officer for seal in draft.seals],
            "refused_by": draft.refused_by or None,
            "reason": draft.reason,
            "voided": draft.voided,
            **principal_came(meaning, draft.digest),
            **options(meaning, statement),
            **_content(meaning, statement),
        })  # fmt: skip
    return shown


def forks(meaning: Meaning) -> list[Json]:
    """Return every proof that somebody said two things: entries, generations or documents, as they were signed."""
    state = meaning.line.state
    return [
        *(_fork(meaning, key, value) for key, value in state.given.out.values(FORKS, state.line)),
        *_followed_twice(meaning),
        *_false_roots(meaning),
    ]


def _fork(meaning: Meaning, key: bytes, value: bytes) -> Json:
    author, generation = split_log_key(key)
    match decode(value):
        case [bytes(first), bytes(second)]:
            return {
                "line": meaning.line.state.line[:16].hex(),
                "station": station_name(meaning, author),
                "generation": generation,
                "seq": int.from_bytes(key[38:46], "big"),
                "entries": [first.hex(), second.hex()],
            }
        case _:
            raise StorageFailed("a kept fork is not as this program wrote it", hint="Restore the station's backup.")


def _followed_twice(meaning: Meaning) -> list[Json]:
    """Return the generations that two others name as the one before."""
    state = meaning.line.state
    return [
        {
            "line": state.line[:16].hex(),
            "station": station_name(meaning, split_log_key(key)[0]),
            "generation": split_log_key(key)[1],
            "followed_by": [int.from_bytes(value[:4], "big"), int.from_bytes(value[4:], "big")],
        }
        for key, value in state.given.out.values(GENERATION_FORKS, state.line)
    ]


def _false_roots(meaning: Meaning) -> list[Json]:
    """Return the pairs of documents by which a root is proved false."""
    state = meaning.line.state
    return [
        {
            "line": state.line[:16].hex(),
            "root_of": party_code(meaning, proof.party),
            "document": proof.document.name,
            "number": proof.number,
            "documents": [proof.first.hex(), proof.second.hex()],
        }
        for proof in state.documents.contradictions()
    ]


def refused(meaning: Meaning, row: Append) -> Json | None:
    """Return why a genuine entry is not shown as said, None if it is."""
    state = meaning.line.state
    kept = state.given.out.value(REFUSED, place_key(state, row.author, row.generation, row.seq))
    match decode(kept) if kept is not None else None:
        case [str(rule), str(reason)]:
            return {"rule": rule, "reason": reason}
        case _:
            return None


def unpresented(meaning: Meaning) -> Iterator[Append]:
    """Yield the messages of others that no officer here has been shown."""
    state = meaning.line.state
    for (author, generation), log in sorted(state.logs.items()):
        if party_of(author) == state.party:
            continue
        shown = state.presented.get((author, generation))
        first = shown.size if shown is not None else 0
        for seq in (*range(first, log.size), *sorted(log.beyond)):
            if shown is None or not shown.knows(seq):
                row = state.given.out.entry(state.line, author, generation, seq)
                if row is None or row.kind == GENERATION_KIND or refused(meaning, row) is not None:
                    continue
                if not is_repeat(meaning, row) or said_again(state, party_of(author), row.digest) == place_of(row):
                    yield row  # of words that were said three times or more, the first place and the last are enough


def place_of(row: Append) -> tuple[StationId, int, int]:
    """Return author, generation and position of an entry."""
    return row.author, row.generation, row.seq


def line_view(meaning: Meaning, now: Instant) -> Json:
    """Return one line: charter, paths, and for every other station what is known of it and since when."""
    state = meaning.line.state
    charter = state.documents.charter
    statuses_allowed = sorted(Status(status).name for status in charter.statuses) if charter is not None else []
    return {
        "line": state.line[:16].hex(),
        "me": station_name(meaning, state.me),
        "charter": charter.number if charter is not None else None,
        "statuses": statuses_allowed,
        "said_of_the_line": _said_of_the_line(meaning),
        "closed": _closed(meaning),
        "generation": state.generation,
        "recovering": state.recovering,
        "recovered": [_recovery(recovery) for recovery in recoveries(state)],
        "said": state.own.size,
        "outbox": len(state.outbox.entries),
        "kept_apart": len(kept_apart(state)),
        "rota": _rota(meaning, now),
        "paths": [
            {"path": path.address, "open": path.is_open, "good": path.good} for _, path in sorted(state.paths.items())
        ],
        "stations": [_station_view(meaning, station, now) for station in sorted(state.peers)],
    }


def _said_of_the_line(meaning: Meaning) -> list[Json]:
    """Return what each party, ours included, said of the line last: up, suspended, closing (kind L2); by its number."""
    charter = meaning.line.state.documents.charter
    said = [(member.code, meaning.line_state(member.party)) for member in (charter.members if charter else ())]
    return [
        {"party": code, "state": found.word, "since": moment(found.since), "id": found.digest.hex()}
        for code, found in said
        if found is not None
    ]


def _closed(meaning: Meaning) -> bool:
    """Whether every party has said that it closes the line; mediators and observers do not keep it open."""
    charter = meaning.line.state.documents.charter
    parties = [one.party for one in charter.members if one.role is Role.PARTY] if charter is not None else []
    said = [meaning.line_state(party) for party in parties]
    return bool(said) and all(each is not None and each.word == CLOSING for each in said)


def _rota(meaning: Meaning, now: Instant) -> list[Json]:
    """Return this watch's deputies in the order in which they are called; nobody else sees it."""
    acting = acting_officers(meaning)
    return [
        {
            "call": step.whom,
            "officer": step.officer or None,
            "after_minutes": step.after_s // 60,
            "when": step.duty.words(),
            "on_duty": step.duty.covers(now.utc),
            "in_roster": step.officer in acting if step.officer else None,
        }
        for step in meaning.local.rota.steps
    ]


def _recovery(recovery: Recovery) -> Json:
    return {
        "since": moment(recovery.since),
        "until": moment(recovery.until),
        "why": recovery.why,
        "generation_before": recovery.before,
        "size_before": recovery.size,
        "said_again": recovery.again,
        "not_said_again": [{"id": digest.hex(), "reason": reason} for digest, reason in recovery.not_said],
    }


def _cosigned(meaning: Meaning, station: StationId) -> Json | None:
    """Return size and time of the newest head of our log that a station has cosigned."""
    state = meaning.line.state
    head = state.heads.get((state.me, state.generation), {}).get(station)
    return None if head is None else {"size": head.size, "time": moment(head.time)}


def _station_view(meaning: Meaning, station: StationId, now: Instant) -> Json:
    state = meaning.line.state
    peer = state.peers[station]
    contact = peer.contact
    silence = verdict(meaning, station, now)
    open_paths = [path.address for path in meaning.line.state.paths.values() if path.is_open and station in path.duties]
    return {
        "station": station_name(meaning, station),
        "word": str(silence.word),
        "meaning": MEANING[silence.word],
        "since": moment(silence.since) if silence.since else None,
        "known_by": "signed" if silence.signed else "measured here",
        "proof": silence.proof.hex(),
        "path": open_paths,
        "last_check": moment(contact.alive_utc) if contact.alive_ms is not None else None,
        "round_trip_ms": contact.round_trip_ms if contact.alive_ms is not None else None,
        "clock_offset_s": contact.offset_s if contact.alive_ms is not None else None,
        "clock_went_back": moment(contact.went_back_utc) if contact.went_back_utc else None,
        "flash_lane_misused": contact.flash_misused,
        "watch": moment(contact.watch) if contact.watch else None,
        "stored": peer.stored.size,
        "hears_from": heard_from(state, (state.me, state.generation), party_of(station)),
        "cosigned": _cosigned(meaning, station),
        "heads_not_fitting": sum(signer == station for _, signer in meaning.line.state.wrong_heads),
        "epochs_in_stock": peer.sender.in_stock,
        "epoch_since": moment(peer.sender.since) if peer.sender.current is not None else None,
        "epoch_overdue": peer.sender.overdue(now.utc),
    }
