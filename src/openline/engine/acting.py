"""What each local act does: a table from act to function.  Arguments are of the types that acts.py states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openline.engine.acts import Act
from openline.engine.drafting import approve_draft, begin_draft, drop_draft, refuse_draft
from openline.engine.meaning import Meaning, check_officer
from openline.engine.views import own_statement
from openline.errors import Misuse
from openline.ports import Changed, Instant
from openline.wire.statement import TIME_MAX

Done = bytes
"""The identity of the message or draft that the act was about; empty if it was about none."""


def _presented(meaning: Meaning, arguments: list[Any], now: Instant) -> Done:
    for digest in arguments[0]:
        meaning.line.present(digest, now)
    return b""


def _watch(_meaning: Meaning, _arguments: list[Any], _now: Instant) -> Done:
    return b""  # every act says that an officer is here; this one says nothing else


def _rekey(meaning: Meaning, _arguments: list[Any], now: Instant) -> Done:
    meaning.line.rekey(now)
    return b""


def _rolled_back(meaning: Meaning, _arguments: list[Any], now: Instant) -> Done:
    meaning.line.recover(now, "a person said so")
    return b""


def _draft(meaning: Meaning, arguments: list[Any], _now: Instant) -> Done:
    return begin_draft(meaning, arguments[0], arguments[1]).digest


def _approve(meaning: Meaning, arguments: list[Any], now: Instant) -> Done:
    return approve_draft(meaning, arguments[0], arguments[1], arguments[2], now)


def _refuse(meaning: Meaning, arguments: list[Any], _now: Instant) -> Done:
    return refuse_draft(meaning, arguments[0], arguments[1], arguments[2])


def _drop(meaning: Meaning, arguments: list[Any], _now: Instant) -> Done:
    return drop_draft(meaning, arguments[0])


def _remind(meaning: Meaning, arguments: list[Any], _now: Instant) -> Done:
    if not 0 <= arguments[1] <= TIME_MAX:
        raise Misuse("a reminder is set for a time that no clock shows", hint="Give it as UTC seconds.")
    meaning.desk.remind(arguments[0], arguments[1])
    return bytes(arguments[0])


def _translate(meaning: Meaning, arguments: list[Any], now: Instant) -> Done:
    digest, step, officer, text = arguments
    check_officer(meaning, officer)
    meaning.translations.step(digest, step, officer, text, now.utc)
    meaning.line.state.given.out.effect(Changed(meaning.line.state.line, "Translated"))
    return bytes(digest)


def _attend(meaning: Meaning, arguments: list[Any], _now: Instant) -> Done:
    digest = meaning.desk.message(arguments[0]).digest
    meaning.desk.attend(digest)
    return digest


def _follow_up(meaning: Meaning, arguments: list[Any], now: Instant) -> Done:
    closure, number, by = arguments
    open_ones = [each.number for each in meaning.desk.crises.follow_ups(closure, now.utc)]
    if number not in open_ones:
        raise Misuse(
            "this is no crisis's accepted closure, or it leaves nothing of that number to do",
            hint="`openline crisis show` lists what remains to be done, with closure and number.",
        )
    meaning.desk.follow_up(closure, number, by or None)
    return bytes(closure)


def _note_principal(meaning: Meaning, arguments: list[Any], _now: Instant) -> Done:
    digest, means, at, officer = arguments
    check_officer(meaning, officer)
    meaning.principal_notes.add(digest, own_statement(meaning, digest), means, at, officer)
    return bytes(digest)


ACTS: dict[Act, Callable[[Meaning, list[Any], Instant], Done]] = {
    Act.PRESENTED: _presented,
    Act.WATCH: _watch,
    Act.REKEY: _rekey,
    Act.ROLLED_BACK: _rolled_back,
    Act.DRAFT: _draft,
    Act.APPROVE: _approve,
    Act.REFUSE: _refuse,
    Act.DROP: _drop,
    Act.REMIND: _remind,
    Act.TRANSLATE: _translate,
    Act.ATTEND: _attend,
    Act.FOLLOW_UP: _follow_up,
    Act.NOTE_PRINCIPAL: _note_principal,
}
