"""What officers answer, and how they change their minds: every kind of reply, some of them wrong at first.

While faults last a reply may be a detour: a request to wait, a wrong figure typed, two answers that differ.  Afterwards
everybody answers what was asked, so that every dialogue and crisis can end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from openline.catalogue.kinds import CATALOGUE, body_from_json, read_back_body
from openline.catalogue.kinds.values import Json
from openline.dialogue.crisis import CrisisState
from openline.dialogue.reading import embedded
from openline.dialogue.said import Said
from openline.dialogue.states import OWED_BY_ASKER, WAITING, State
from openline.dialogue.thread import Thread
from openline.engine.meaning import Meaning
from openline.simulation import courses
from openline.simulation.setting import BEGIN
from openline.wire.statement import Body

TEXT, STATE, QUESTION, CRISIS, CLOSURE = "T1", "L2", "Q1", "C1", "C3"
SAID = (TEXT, TEXT, STATE, QUESTION, CRISIS)  # by the number of a happening
FLASH_TEXT = 1
DAY_S = 86_400
DUE_DAYS = 3  # from a closure until what it leaves to do must be done
TYPED = {"state": "up", "check_interval": "5 min", "next_contact": "22:38Z", **courses.TYPED}
MISTYPED = {"state": "degraded", "check_interval": "15 min", "next_contact": "22:38Z", **courses.TYPED}
REPLIES = {
    STATE: ("UNDERSTOOD",), QUESTION: ("YES", "NO", "CANNOT-SAY"), CRISIS: ("JOINED",), CLOSURE: ("ACCEPT",),
    **dict.fromkeys(("K1", "K2", "K3", "K4", "K5"), ("UNDERSTOOD",)),
    **{code: ("ACCEPT" if code in courses.PROPOSALS else "UNDERSTOOD",) for code in courses.ASKED},
}  # fmt: skip
DETOURS = {
    STATE: ("STANDBY", "NOT-UNDERSTOOD", "UNDERSTOOD wrong", "ERROR"),
    QUESTION: ("STANDBY", "NO after YES", "ERROR"),
    CRISIS: ("STANDBY", "NOT-UNDERSTOOD", "JOINED wrong", "UNDERSTOOD"),
    CLOSURE: ("STANDBY", "TAKEN-TO-LEADERSHIP", "DECLINE"),
}
_RETRACTED: Mapping[str, Json] = {"cause": "drill text"}
CHANGES_OF = {STATE: ("K2", "K1", "K4", "K3"), CRISIS: ("K4", "K2")}
CHANGED: Mapping[tuple[str, str], Mapping[str, Json]] = {
    (STATE, "K1"): {"wrong_fields": ["L2.state"], "data": {"kind": STATE, "fields": {"state": "up"}}},
    (STATE, "K2"): {"changes": {"kind": STATE, "fields": {"state": "up"}}},
    (STATE, "K3"): {"reason": "weather"},
    (STATE, "K4"): _RETRACTED,
    (CRISIS, "K2"): {"changes": {"kind": CRISIS, "fields": {"check_interval": "5 min"}}},
    (CRISIS, "K4"): _RETRACTED,
}
DETOUR = 0.35  # of first replies while faults last
WAITS_MINUTES = range(16, 24)  # past 22 hours: worlds begin at 22:13:20


@dataclass(frozen=True, slots=True)
class Reply:
    """What an officer is about to say about a message: a code and its body."""

    code: str
    body: Body


def body_of(code: str, words: str, utc: int) -> Body:
    """Return what is said under a code for the first time."""
    return words if code == TEXT else body_from_json(CATALOGUE.kind(code), _asked(code, words, utc))


def _asked(code: str, words: str, utc: int) -> Mapping[str, Json]:
    due = f"{_date(utc, DUE_DAYS)}T22:00Z"
    follow_up: Json = {"what": "note", "by_whom": "alba", "to_whom": "bora", "due": due}
    contact = f"{_date(utc)}T22:38Z"
    fields: Mapping[str, Mapping[str, Json]] = {
        STATE: {"state": "up"},
        QUESTION: {"statement": words},
        CRISIS: {"reason": "unidentified object", "check_interval": "5 min", "next_contact": contact},
        CLOSURE: {"conditions_met": ["object down"], "follow_ups": [follow_up]},
    }
    return fields[code]


def _date(utc: int, days: int = 0) -> str:
    """Return the day on which the world began, in a long life one whose evening is to come, or so many days later."""
    lived = -(-(utc - BEGIN) // DAY_S) if utc - BEGIN >= DAY_S else 0
    return datetime.fromtimestamp(BEGIN + (lived + days) * DAY_S, UTC).strftime("%Y-%m-%d")


def replies(said: Said, thread: Thread, random: Random, utc: int, *, honest: bool) -> list[Reply]:
    """Return what an officer answers now; nothing to what asks for no answer.  honest: no detour any more."""
    code = _answered_as(said)
    if code not in REPLIES or thread.state not in WAITING:
        return []
    if honest or code not in DETOURS or random.random() >= DETOUR:
        chosen = random.choice(REPLIES[code])
    else:
        chosen = random.choice(DETOURS[code])
    begun = [] if thread.acknowledged is not None else [Reply("ACKNOWLEDGED", None)]
    return begun + [_reply(said, code, words, random, utc) for words in _parts(chosen)]


def _answered_as(said: Said) -> str:
    """Return the code of what it is answered as: the correction of a proposal as one."""
    kind = CATALOGUE.kind(said.statement.kind)
    given = embedded(kind, said.statement.body, "data") if kind.code == "K1" else None
    corrected = CATALOGUE.kind(given[0]).code if given is not None else kind.code
    return corrected if corrected in courses.PROPOSALS else kind.code


def _parts(chosen: str) -> Iterable[str]:
    return ("YES", "NO") if chosen == "NO after YES" else (chosen,)


def _reply(said: Said, code: str, chosen: str, random: Random, utc: int) -> Reply:
    name, _, wrong = chosen.partition(" ")
    kind = CATALOGUE.kind(name)
    if name in ("UNDERSTOOD", "JOINED"):
        typed = MISTYPED if wrong else TYPED
        return Reply(name, read_back_body(CATALOGUE.kind(code), said.statement.body, typed))
    fields: Mapping[str, Json] = {
        "STANDBY": {"until": f"{_date(utc)}T22:{random.choice(WAITS_MINUTES):02}Z"},
        "NOT-UNDERSTOOD": {"detail": "which one?"},
        "ERROR": {"reason": "not able to show"},
    }.get(name, {})
    return Reply(name, body_from_json(kind, fields) if fields else None)


def repeated(said: Said, thread: Thread, party: int) -> Reply | None:
    """Return the same words again if their author owes that, after NOT UNDERSTOOD, or a machine could not show them."""
    if said.party != party or thread.state not in (*OWED_BY_ASKER, State.ERROR):
        return None
    return Reply(CATALOGUE.kind(said.statement.kind).code, said.statement.body)


def closing(meaning: Meaning, utc: int, party: int) -> tuple[Said, Reply] | None:
    """Return what the opener of a crisis says to end it: a closure to who joined, that or a retraction to nobody."""
    for opening in meaning.desk.crises.openings():
        crisis = meaning.desk.crises.view(opening.digest, utc).crisis
        if opening.party != party:
            continue
        if crisis.state is CrisisState.JOINED:
            return opening, Reply(CLOSURE, body_of(CLOSURE, "", utc))
        if crisis.state is CrisisState.OPENED_BY_US:
            closes = opening.digest[0] % 2
            return opening, Reply(CLOSURE, body_of(CLOSURE, "", utc)) if closes else changed(CRISIS, 0)
    return None


def changed(code: str, number: int) -> Reply:
    """Return a change of something said before: what may be done to a message of this kind, by a number."""
    change = CHANGES_OF[code][number % len(CHANGES_OF[code])]
    return Reply(change, body_from_json(CATALOGUE.kind(change), CHANGED[code, change]))
