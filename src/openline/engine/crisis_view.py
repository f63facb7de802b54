"""What people see of a line's crises: state, ticks, each side's own facts, what both have signed, what remains to do.

Reading only, as `views`; the same at both consoles, because the desk computes it from signed statements alone.
"""

from __future__ import annotations

from openline.charter import Role
from openline.dialogue.crises import View
from openline.dialogue.ticks import next_check
from openline.engine.meaning import Meaning
from openline.engine.views import Json, moment, party_code
from openline.identifiers import PartyNumber
from openline.ports import Instant

REPORTS_SHOWN_MAX = 48  # of one crisis, the newest: two watches every five minutes for two hours; the inbox has all


def crises(meaning: Meaning, now: Instant) -> list[Json]:
    """Return every crisis that this line's desk follows, oldest first; times are text, UTC."""
    followed = meaning.desk.crises
    return [_crisis(meaning, followed.view(opening.digest, now.utc), now) for opening in followed.openings()]


def crisis_state(meaning: Meaning, now: Instant) -> str:
    """Return the word for the line's screen: of several crises the one that asks most of us."""
    return str(meaning.desk.crises.state(now.utc))


def line_check(meaning: Meaning, now: Instant) -> Json | None:
    """Return when the next line check by a person is due and who opens it; None while a crisis stands in for it.

    The parties take turns; a mediator or an observer opens none.
    """
    charter = meaning.line.state.documents.charter
    if charter is None or meaning.desk.crises.checks_suspended():
        return None
    openers = tuple(member.party for member in charter.members if member.role is Role.PARTY)
    due, party = next_check(now.utc, charter.rules.check_cadence_s, openers)
    return {"due": moment(due), "by": party_code(meaning, party)}


def _crisis(meaning: Meaning, view: View, now: Instant) -> Json:
    crisis = view.crisis
    opening = crisis.opening
    due = crisis.schedule.next_after(now.utc) if crisis.is_open else None
    return {
        "id": opening.digest.hex(),
        "line": meaning.line.state.line[:16].hex(),
        "exercise": opening.statement.status.name,
        "state": str(crisis.state),
        "opened_by": party_code(meaning, opening.party),
        "opened": moment(opening.statement.authored),
        "asks_us": crisis.asks_us,
        "joined": {party_code(meaning, party): moment(at) for party, at in sorted(crisis.joined.items())},
        "interval_s": crisis.schedule.interval_s,
        "next_report": None if due is None else {"number": due.number, "due": moment(due.due)},
        "our_report": _our_report(meaning, view, now),
        "reports": _reports(meaning, view),
        "overdue": [
            {"by": party_code(meaning, each.party), "number": each.tick, "since": moment(each.since)}
            for each in view.overdue
        ],
        **_facts(meaning, view, now),
        "closure": None if crisis.proposal is None else crisis.proposal.digest.hex(),
        "closed": None if crisis.closed is None else moment(crisis.closed),
        "follow_ups": _follow_ups(meaning, view, now),
    }


def _our_report(meaning: Meaning, view: View, now: Instant) -> Json | None:
    """Return the report that our watch owes now, else the next one; None while none is owed.

    `from` and `due` are the time it covers, `next_due` is what it must name as the next: then it counts for this tick.
    """
    crisis, own = view.crisis, PartyNumber(meaning.line.state.party)
    both, coming = crisis.since_both, crisis.schedule.next_after(now.utc)
    if own not in crisis.known or both is None or coming is None:  # closed: none is coming
        return None
    given = {tick for party, tick in view.reports if party == own and tick <= coming.number}
    slot = crisis.schedule.last_until(now.utc)
    if slot is None or slot.due < max(both, crisis.known[own]) or slot.number <= max(given, default=0):
        slot = coming
    following = crisis.schedule.next_after(slot.due)
    interval = crisis.schedule.interval_s
    return {
        "number": slot.number,
        "from": moment(slot.due - interval),
        "due": moment(slot.due),
        "next_due": moment(slot.due + interval if following is None else following.due),
        "given": slot.number in given,
    }


def _reports(meaning: Meaning, view: View) -> list[Json]:
    """Return the newest reports in the order of their ticks."""
    found = sorted(view.reports.values(), key=lambda report: (report.tick, report.said.party))
    return [
        {
            "number": report.tick,
            "by": party_code(meaning, report.said.party),
            "said": moment(report.said.statement.authored),
            "late_s": report.late_s,
            "id": report.said.digest.hex(),
        }
        for report in found[-REPORTS_SHOWN_MAX:]
    ]


def _facts(meaning: Meaning, view: View, now: Instant) -> Json:
    """Return each party's own facts, never merged; the pairs that people may agree on; and what all have signed."""
    opening = view.crisis.opening.digest
    columns: dict[str, list[Json]] = {party_code(meaning, party): [] for party in sorted(view.crisis.joined)}
    for fact in meaning.desk.crises.own_facts(opening, now.utc):
        columns[party_code(meaning, fact.party)].append({
            "what": fact.what,
            "time": None if fact.time is None else moment(fact.time),
            "id": fact.said.digest.hex(),
        })  # fmt: skip
    pairs = meaning.desk.crises.candidates(opening, now.utc)
    return {
        "own_facts": columns,
        "may_agree": [[one.said.digest.hex(), other.said.digest.hex()] for one, other in pairs],
        "agreed_facts": [said.digest.hex() for said in view.agreed],
    }


def _follow_ups(meaning: Meaning, view: View, now: Instant) -> list[Json]:
    """Return what the accepted closure leaves to do, each with the message that fulfils it, if an officer named one."""
    found: list[Json] = []
    for each in view.follow_ups:
        done = meaning.desk.local.followed_up(each.closure.digest, each.number)
        found.append(
            {
                "number": each.number + 1,
                "closure": each.closure.digest.hex(),
                "what": each.what,
                "by": each.by_whom,
                "due": moment(each.due),
                "done": None if done is None else done.hex(),
                "overdue": done is None and each.due <= now.utc,
            }
        )
    return found
