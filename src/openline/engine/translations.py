"""The translations that people at this station make of others' own words: kept, clocked, shown, and never sent.

A row begins with the commit that stores the message, so that no text is without its clock, and lasts as long as the
message does.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openline.catalogue.kinds import CATALOGUE
from openline.delivery.outgoing import Outgoing
from openline.dialogue.rules import Rules
from openline.dialogue.said import Said
from openline.dialogue.translation import (
    OFFICIAL_DUE_S,
    Translation,
    TranslationState,
    TranslationStep,
    advance,
    has_own_text,
)
from openline.errors import Misuse, StorageFailed
from openline.identifiers import LineId, PartyNumber, party_of
from openline.wire.cbor import decode, encode
from openline.wire.statement import Precedence

TABLE = "translation"  # line · digest -> [since, precedence, both times due, state, officer, at, sight officer, text]
TEXT_CHARACTERS_MAX = 16_000  # four times the longest text that one message holds: translations run longer
OPEN_MAX = 1_000  # texts of one party on the clock in memory; a watch with so many waiting has its alarm long since


@dataclass(frozen=True, slots=True)
class TranslationLimits:
    """What this station's administrator says of translations.  Local: no other party sees it.

    sight_s, official_s  seconds until each is due, by precedence; where one is absent, the charter's time for an
                         answer, and `OFFICIAL_DUE_S`
    none_from            codes of parties whose own words every officer here reads: their texts need no translation
    """

    sight_s: Mapping[Precedence, int] = field(default_factory=dict)
    official_s: Mapping[Precedence, int] = field(default_factory=dict)
    none_from: frozenset[str] = frozenset()


DEFAULT_LIMITS = TranslationLimits()


class Translations:
    """The translations of one line's messages."""

    def __init__(self, line: LineId, limits: TranslationLimits, out: Outgoing) -> None:
        self._line = line
        self._limits = limits
        self._out = out
        self._open: dict[bytes, Translation] = {}
        self._open_of: dict[PartyNumber, set[bytes]] = {}  # a share for each author: no flood hides another's text
        self._late: set[bytes] = set()
        self._clock: list[tuple[int, bytes]] = []
        for key, value in out.values(TABLE, line):
            translation, digest = _decode(value), key[len(line) :]
            self._put_on_clock(self._author(digest), digest, translation)

    def heard(self, said: Said, sender: str, rules: Rules) -> None:
        """Take a statement of another party; one with words of its own begins untranslated.  sender: its code."""
        kind, statement = CATALOGUE.kind(said.statement.kind), said.statement
        if sender in self._limits.none_from or not has_own_text(kind, statement.body):
            return
        precedence, rule = statement.precedence, rules.of(kind.number)
        sight_s = self._limits.sight_s.get(precedence, rules.answer_s(rule, precedence))
        official_s = self._limits.official_s.get(precedence, OFFICIAL_DUE_S[precedence])
        sight_due = said.arrived + sight_s
        if rule.opens:
            # Who must answer must have understood before: an earlier time that the message sets counts here too.
            sight_due = min(sight_due, max(said.arrived, rules.deadline(statement, rule)))
        self._keep(said.party, said.digest, Translation(said.arrived, precedence, sight_due, said.arrived + official_s))

    def of(self, digest: bytes) -> Translation | None:
        """Return where the translation of a message stands; None if it needs none."""
        value = self._out.value(TABLE, self._line + digest)
        return None if value is None else _decode(value)

    def step(self, digest: bytes, step: str, officer: int, text: str, utc: int) -> Translation:
        """Let a person's step happen.  Raises Misuse: not a step, not allowed now, or no such text here."""
        before = self.of(digest)
        if before is None:
            raise Misuse(
                "this message needs no translation: it is ours, or holds no words of its sender's own",
                hint="What the catalogue says is rendered in your language without one.",
            )
        if step not in {each.value for each in TranslationStep}:
            raise Misuse(f"{step!r} is no step of a translation", hint=f"One of: {', '.join(TranslationStep)}.")
        if len(text) > TEXT_CHARACTERS_MAX:
            raise Misuse(f"a translation has at most {TEXT_CHARACTERS_MAX} characters", hint="Give the words alone.")
        after = advance(before, TranslationStep(step), officer=officer, at=utc, text=text.strip())
        self._keep(self._author(digest), digest, after)
        return after

    def next_due(self, utc: int) -> int | None:
        """Return when the next translation falls overdue after `utc`, UTC seconds; None if none does."""
        self._pass_time(utc)
        while self._clock and self._stale(*self._clock[0]):
            heapq.heappop(self._clock)
        return self._clock[0][0] if self._clock else None

    def any_overdue(self, utc: int) -> bool:
        """Return whether a translation is due and not there."""
        self._pass_time(utc)
        return bool(self._late)

    def overdue(self, utc: int) -> Sequence[Translation]:
        """Return the translations that are due and not there, those of the most urgent messages first."""
        self._pass_time(utc)
        late = [self._open[digest] for digest in self._late]
        return sorted(late, key=lambda each: (-each.precedence, each.since))

    def _pass_time(self, utc: int) -> None:
        while self._clock and self._clock[0][0] <= utc:
            due, digest = heapq.heappop(self._clock)
            if not self._stale(due, digest):
                self._late.add(digest)

    def _stale(self, due: int, digest: bytes) -> bool:
        return digest not in self._open or self._open[digest].due != due

    def _author(self, digest: bytes) -> PartyNumber:
        """Return whose words these are."""
        return next(party_of(row.author) for row in self._out.of_digest(self._line, digest))

    def _keep(self, author: PartyNumber, digest: bytes, translation: Translation) -> None:
        self._out.keep(TABLE, self._line + digest, _encode(translation))
        self._put_on_clock(author, digest, translation)

    def _put_on_clock(self, author: PartyNumber, digest: bytes, translation: Translation) -> None:
        theirs = self._open_of.setdefault(author, set())
        theirs.discard(digest)
        self._open.pop(digest, None)
        self._late.discard(digest)
        if translation.due is not None and len(theirs) < OPEN_MAX:
            theirs.add(digest)
            self._open[digest] = translation
            heapq.heappush(self._clock, (translation.due, digest))


def _encode(translation: Translation) -> bytes:
    return encode([
        translation.since, int(translation.precedence), translation.sight_due, translation.official_due,
        translation.state.value, translation.officer, translation.at, translation.sight_officer, translation.text,
    ])  # fmt: skip


def _decode(value: bytes) -> Translation:
    match decode(value):
        case [
            int(since),
            int(precedence),
            int(sight_due),
            int(official_due),
            str(state),
            officer,
            at,
            sight,
            str(text),
        ]:
            return Translation(
                since, Precedence(precedence), sight_due, official_due, TranslationState(state), _number(officer),
                _number(at), _number(sight), text,
            )  # fmt: skip
    raise StorageFailed("a kept translation is not as this program wrote it", hint="Restore the station's backup.")


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
