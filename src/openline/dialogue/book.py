"""The statements a desk keeps, and what their authors have since said of them.

Five changes are never merged: corrected (was wrong), updated (the world has changed), cancelled (holds no longer),
retracted (never meant), withdrawn (an undertaking ended).  A change counts if its author is the author of what it
names, if the catalogue allows it there, and if it is not itself retracted.  What it names may come later.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openline.dialogue.reading import choice, embedded
from openline.dialogue.rules import AS_ORIGINAL, SERIES, Rule, Rules, satisfies
from openline.dialogue.said import Said, in_order
from openline.dialogue.states import CHANGES, STRENGTH, Standing
from openline.identifiers import Digest
from openline.wire.cbor import Value

CHAIN_MAX = 32  # changes of changes of changes: officers use two; a peer's long chain must not exhaust the stack
NAMING_MAX = 256  # statements of one party that name one other: every reply and change; more is a flood of its own
SERIES_KEPT_MAX = 16  # of one author's lists or drafts: a retracted one brings back the one before

RETRACTION = "K4"

_DEAD = frozenset({Standing.RETRACTED, Standing.CANCELLED, Standing.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Version:
    """One field's present value on the wire, and the statement that gave it."""

    value: Value
    by: Digest


class Book:
    """Statements by their `ref`, and who names whom.  Adding them in any order gives the same book."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.said: dict[bytes, Said] = {}
        self._naming: dict[bytes, list[bytes]] = {}
        self._series: dict[tuple[int, int], list[tuple[int, bytes]]] = {}
        # What was found of each message since the last statement came: else long chains cost time out of proportion.
        self._changes: dict[bytes, list[Said]] = {}
        self._retracted: dict[tuple[bytes, int], bool] = {}
        self._direct: dict[tuple[bytes, int], Standing] = {}

    def __len__(self) -> int:
        return len(self.said)

    def add(self, said: Said) -> bool:
        """Keep a statement; return False if it is here already or there is no room for it (`no_room_for`).

        Raises UnknownKind.
        """
        rule, ref = self.rules.of(said.statement.kind), said.ref
        if ref in self.said or self.no_room_for(said) is not None:
            return False
        named = said.statement.ref
        if named is not None:
            self._naming.setdefault(named, []).append(ref)
        self._put(said)
        if rule.code in SERIES:
            series = self._series.setdefault((said.party, said.statement.kind), [])
            insort(series, (said.statement.authored, ref))
            del series[:-SERIES_KEPT_MAX]
        return True

    def no_room_for(self, said: Said) -> Said | None:
        """Return which of its party's statements that name the same other has no room beside this new one; None if all.

        What changes the other or closes it goes before what does neither, and the lower place before the higher: so
        the same ones stay in whatever order they come, and the receipts of one station hide no answer of another.
        """
        named = said.statement.ref
        naming = self._naming.get(named, ()) if named is not None else ()
        if len(naming) < NAMING_MAX or said.ref in self.said:
            return None
        theirs = [each for each in map(self.said.__getitem__, naming) if each.party == said.party]
        return max([*theirs, said], key=self._later) if len(theirs) >= NAMING_MAX else None

    def _later(self, said: Said) -> tuple[bool, tuple[int, int, int]]:
        rule = self.rule(said)
        return not (rule.is_change or rule.kind.closes), said.place

    def move(self, said: Said) -> None:
        """Take a statement that is here for said at this place."""
        self._put(said)

    def remove(self, said: Said) -> None:
        """Let a statement go; those that name it stay."""
        self._forget()
        del self.said[said.ref]
        named = said.statement.ref
        if named is not None:
            naming = self._naming[named]
            naming.remove(said.ref)
            if not naming:
                del self._naming[named]

    def _put(self, said: Said) -> None:
        self._forget()
        self.said[said.ref] = said

    def _forget(self) -> None:
        for found in (self._changes, self._retracted, self._direct):
            found.clear()

    def rule(self, said: Said) -> Rule:
        """Return the rule of its kind, which the catalogue has: `add` saw to it."""
        return self.rules.table[said.statement.kind]

    def named_by(self, said: Said) -> Said | None:
        """Return the statement that this one names, if it is here."""
        named = said.statement.ref
        return self.said.get(named) if named is not None else None

    def is_new(self, said: Said) -> bool:
        """Return whether a statement stands alone so far: it names nothing, nothing names it, it follows no series."""
        return (
            said.statement.ref is None
            and said.ref not in self._naming
            and (said.party, said.statement.kind) not in self._series
        )

    def naming(self, ref: bytes) -> list[Said]:
        """Return the statements that name the one with this `ref`, which need not be here."""
        return [self.said[each] for each in self._naming.get(ref, ())]

    # ------------------------------------------------------------ changes

    def original(self, said: Said) -> Said | None:
        """Return what a correction or update is about in the end; any other statement itself; None if unknown."""
        for _ in range(CHAIN_MAX):
            if not self.rule(said).carries_on:
                return said
            above = self.named_by(said)
            if above is None:
                return None
            said = above
        return None

    def asked(self, said: Said) -> Rule | None:
        """Return the rule by which it is answered: its own, of a correction its original's; None if unknown.

        A message that comes from the record, not from this book, may be of a kind that no catalogue here has.
        """
        if said.statement.kind not in self.rules.table:
            return None
        rule = self.rule(said)
        if rule.response != AS_ORIGINAL:
            return rule
        original = self.original(said)
        return None if original is None else self.rule(original)

    def owes(self, said: Said) -> Rule | None:
        """Return the rule by which an answer to it is owed; None if nobody owes one, or not yet known which.

        A situation report in which nothing changed is answered by the other side's own.
        """
        rule = self.asked(said)
        if rule is None or not rule.opens:
            return None
        return None if choice(rule.kind, said.statement.body, "news") == "nothing_changed" else rule

    def may_change(self, change: Said, changed: Said) -> bool:
        """Return whether the catalogue allows this change there, its author may make it, and who must has signed it.

        The check interval of a crisis is both sides': any party may propose another by K2.
        """
        if change.statement.kind not in self.changeable_by(changed):
            return False
        about = (self.original(changed) or changed).statement.kind
        if not satisfies(self.rules.required_approvals(change.statement.kind, about), change.approvers):
            return False  # a correction of what took two persons takes two persons, or one of them could undo it alone
        return change.party == changed.party or self.is_interval(change.statement.kind, changed)

    def changeable_by(self, changed: Said) -> frozenset[int]:
        """Return the numbers of the kinds that may change a message; a correction is changed as what it corrects."""
        original = self.original(changed)
        own = self.rule(changed).changed_by
        return own if original is None else own | self.rule(original).changed_by

    def is_interval(self, kind: int, changed: Said) -> bool:
        """Return whether a change is an update of a crisis's opening, which either side may propose."""
        return self.rule(changed).kind.crisis == "opens" and self.rules.of(kind).code == "K2"

    def void_change(self, said: Said) -> str:
        """Return why a change counts for nothing, in words; empty if it counts, is none, or what it names is not here.

        Both ends must hear of it: its author believes that it holds.
        """
        changed = self.named_by(said)
        if not self.rule(said).is_change or changed is None or self.may_change(said, changed):
            return ""
        if said.party != changed.party:
            return "only its author changes a message"
        return f"{self.rule(said).code} does not change {self.rule(changed).code}, or lacks a signature"

    def retracted(self, said: Said, depth: int = 0) -> bool:
        """Return whether its author has retracted a statement, and not retracted that again."""
        key = said.ref, depth
        if said.ref in self._naming and key not in self._retracted:
            self._retracted[key] = any(
                self.rule(each).code == RETRACTION
                and each.party == said.party
                and (depth == CHAIN_MAX or not self.retracted(each, depth + 1))
                for each in self.naming(said.ref)
            )
        return self._retracted.get(key, False)

    def changes(self, said: Said) -> list[Said]:
        """Return the statements that change this one directly and count, in their author's order."""
        if said.ref in self._naming and said.ref not in self._changes:
            self._changes[said.ref] = [
                change
                for change in in_order(self.naming(said.ref))
                if self.may_change(change, said) and not self.retracted(change)
            ]
        return self._changes.get(said.ref, [])

    def direct(self, said: Said, depth: int = 0) -> Standing:
        """Return the strongest of the changes that name this statement itself or a correction of it."""
        key = said.ref, depth
        if key not in self._direct:
            self._direct[key] = self._strongest(said, depth)
        return self._direct[key]

    def _strongest(self, said: Said, depth: int) -> Standing:
        strongest = Standing.REPLACED if self._replaced(said) else Standing.CURRENT
        for change in self.changes(said):
            made = CHANGES.get(self.rule(change).code, (Standing.REPLACED, None))[0]
            found = [made]
            if self.rule(change).carries_on and depth < CHAIN_MAX:
                below = self.direct(change, depth + 1)
                found += [below] if below in _DEAD else []  # whoever cancels a correction cancels the notice
            strongest = max(strongest, *found, key=STRENGTH.__getitem__)
        return strongest

    def standing(self, said: Said) -> Standing:
        """Return how these words stand now; a correction or update falls with what it is about."""
        if self.is_new(said):
            return Standing.CURRENT
        strongest = self.direct(said)
        for _ in range(CHAIN_MAX):
            if not self.rule(said).carries_on:
                break
            above = self.named_by(said)
            if above is None:
                break
            said = above
            found = self.direct(said)
            if found in _DEAD:
                strongest = max(strongest, found, key=STRENGTH.__getitem__)
        return strongest

    def series(self, said: Said) -> list[Said]:
        """Return the lists or drafts of which this is one, by their signed times; none for other kinds."""
        series = self._series.get((said.party, said.statement.kind), ()) if self._series else ()
        return [self.said[ref] for _, ref in series if ref in self.said]

    def _replaced(self, said: Said) -> bool:
        mine = (said.statement.authored, said.ref)
        later = (other for other in self.series(said) if (other.statement.authored, other.ref) > mine)
        return any(not self.retracted(other) for other in later)

    # ------------------------------------------------------------ present data

    def current(self, said: Said) -> dict[int, Version]:
        """Return the present value of each field of a message, each with the statement that gave it."""
        body = said.statement.body
        first = body if isinstance(body, Mapping) else {}
        fields = {number: Version(value, said.digest) for number, value in first.items()}
        for change in self.versions(said):
            kind = self.rule(change).kind
            given = embedded(kind, change.statement.body, "data")
            if given is not None and given[0] == said.statement.kind:
                fields = {number: Version(value, change.digest) for number, value in given[1].items()}
            given = embedded(kind, change.statement.body, "changes")
            if given is not None and given[0] == said.statement.kind:
                fields |= {number: Version(value, change.digest) for number, value in given[1].items()}
            fields |= self._same_names(said, change)
        return fields

    def versions(self, said: Said) -> list[Said]:
        """Return the corrections and updates of a message, and theirs, in their author's order."""
        return in_order(self._versions(said, 0))

    def _same_names(self, said: Said, change: Said) -> dict[int, Version]:
        kind, body = self.rule(change).kind, change.statement.body
        if kind.group == "change" or not isinstance(body, Mapping):
            return {}
        numbers = self.rule(said).kind.numbers
        return {
            numbers[field.name]: Version(body[field.number], change.digest)
            for field in kind.fields
            if field.name in numbers and field.number in body and field.name != "remark"
        }

    def _versions(self, said: Said, depth: int) -> Iterator[Said]:
        for change in self.changes(said):
            if self.rule(change).carries_on:
                yield change
                if depth < CHAIN_MAX:
                    yield from self._versions(change, depth + 1)
