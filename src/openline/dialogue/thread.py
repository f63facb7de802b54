"""One dialogue: a message and the answer that one addressee owes, walked through the state table.

Pure: the same statements and the same time give the same state at both ends, in whatever order they arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from openline.dialogue import states
from openline.dialogue.said import Said
from openline.dialogue.states import ENDED, OWED_BY_ASKER, WAITING, Input, State
from openline.identifiers import PartyNumber
from openline.wire.cbor import Value
from openline.wire.statement import Body

STANDBY_MAX = 2  # a third would make silence look like an answer
STANDBY_HOLDS_S = 86_400  # it keeps the alarm still at most so long beyond the time owed, or a kind's own longer time


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it counts: its author's correction, if any, is in `body`.

    happening      what it is to the dialogue; None: it belongs there but moves nothing (an acknowledgement, a text)
    wrong_fields   names of the fields read back wrong
    sense          two closing replies of different sense contradict each other
    until          the time a STANDBY names, UTC seconds
    refusal        why it counts for nothing, in words; empty if it counts
    """

    said: Said
    body: Body
    happening: Input | None
    wrong_fields: tuple[str, ...] = ()
    sense: Value = None
    until: int = 0
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """Where one dialogue stands.

    since          when it came to this state: a statement's signed time, or the time that ran out, UTC seconds
    due            when the next answer (or repetition) is owed, UTC seconds; None when nothing is
    answer         the reply that closed it
    late_s         by how many seconds that reply was late
    standbys       how often it was asked to wait, at most twice
    wrong_fields   what the last read-back got wrong
    refused        replies that count for nothing, each with the reason
    acknowledged   when an officer there first said anything about it, by their clock; None if nobody has
    acknowledge_by when that is owed, UTC seconds
    expiry         when a proposal ends by itself, UTC seconds, or None
    moved_by       the reply that moved it last, None if none has; after it only time and its author's changes have
    """

    party: PartyNumber
    state: State
    since: int
    due: int | None
    answer: Said | None = None
    late_s: int = 0
    standbys: int = 0
    wrong_fields: tuple[str, ...] = ()
    contradicted: bool = False
    refused: tuple[tuple[Said, str], ...] = ()
    acknowledged: int | None = None
    acknowledge_by: int = 0
    expiry: int | None = None
    moved_by: Said | None = None

    def unacknowledged(self, utc: int) -> bool:
        """Return whether nobody there has acknowledged it in time, and it still matters."""
        return self.acknowledged is None and self.acknowledge_by <= utc and self.state not in ENDED

    def next_time(self, utc: int) -> int | None:
        """Return when it next changes by itself after `utc`, UTC seconds; None if it does not."""
        if self.state in ENDED:
            return None
        found = None
        for at in (self.due, self.expiry, self.acknowledge_by if self.acknowledged is None else None):
            if at is not None and at > utc and (found is None or at < found):
                found = at
        return found


@dataclass(frozen=True, slots=True)
class Ask:
    """What is known of a message before anybody answers.

    authored          when it was said, UTC seconds by its author's clock
    due               when the answer is owed, UTC seconds
    acknowledge_by    when an officer there is to have acknowledged it, UTC seconds
    patience_s        how long after NOT UNDERSTOOD the repetition, and after a late wrong answer the right one, is owed
    expiry            when a proposal ends by itself, or None
    end               the change by its author that ends all its dialogues, or None
    repeated          whether its author has said it again
    stored_by         whether a party has stored it, by receipt or because it answered
    """

    authored: int
    due: int
    acknowledge_by: int
    patience_s: int
    expiry: int | None = None
    end: Input | None = None
    repeated: bool = False
    stored_by: Callable[[PartyNumber], bool] = field(default=lambda _party: True)


class _Walk:
    """The walk of one dialogue through the table, at `utc` (UTC seconds)."""

    def __init__(self, ask: Ask, utc: int) -> None:
        self.ask = ask
        self.utc = utc
        self.state = State.PENDING
        self.since = ask.authored
        self.due = ask.due
        self.answer: Reply | None = None
        self.moved_by: Said | None = None
        self.late_s = 0
        self.standbys = 0
        self.wrong_fields: tuple[str, ...] = ()
        self.contradicted = False
        self.refused: list[tuple[Said, str]] = []

    def happen(self, happening: Input, at: int) -> bool:
        """Move if the table says so, at a time (UTC seconds); return whether it does."""
        after = states.TABLE.get((self.state, happening))
        if after is not None:
            self.state, self.since = after, at
        return after is not None

    def pass_time(self, utc: int, *, by: int = 0) -> None:
        """Let deadline and expiry fall if they lie before `utc + by`: what is said in its last second is in time."""
        if self.ask.expiry is not None and self.ask.expiry < utc + by:
            self.happen(Input.EXPIRY, self.ask.expiry)
        if self.due < utc + by:
            self.happen(Input.DEADLINE, self.due)

    def take(self, reply: Reply) -> None:
        """Let one reply happen."""
        if reply.refusal:
            self.refused.append((reply.said, reply.refusal))
            return
        if reply.happening is None:
            return
        authored = reply.said.statement.authored
        stood = self.state, self.since
        self.pass_time(authored)
        happening = reply.happening
        if happening is Input.ANSWER and self.answer is not None and self.answer.sense != reply.sense:
            happening = Input.OTHER_ANSWER
        before = self.state
        if happening is Input.STANDBY and self.standbys == STANDBY_MAX:
            self.refused.append((reply.said, "STANDBY may be said twice, not more"))
        elif self.happen(happening, authored):
            self.moved_by = reply.said
            self._remember(reply, happening, before, authored)
            return
        elif not (happening is Input.ANSWER and before is State.CLOSED):
            self.refused.append((reply.said, f"not expected while the dialogue is {before}"))
        self.state, self.since = stood  # what counts for nothing lets no time pass: its own may be years ahead

    def _remember(self, reply: Reply, happening: Input, before: State, authored: int) -> None:
        if happening is Input.STANDBY:
            self.standbys += 1
            self.due = self._held_until(reply.until, authored)
        elif happening is Input.ANSWER:
            self.answer = reply
            self.late_s = max(0, authored - self.due) if before is State.OVERDUE else 0
            self.wrong_fields, self.contradicted = (), False
        elif happening is Input.NOT_UNDERSTOOD:
            self.answer = None
            self.due = authored + self.ask.patience_s
        elif self.state is State.REOPENED:
            self.answer = None
            self.wrong_fields = reply.wrong_fields
            self.contradicted = happening is Input.OTHER_ANSWER
            if self.due < authored:
                self.due = authored + self.ask.patience_s

    def _held_until(self, until: int, authored: int) -> int:
        """Return when the answer is owed after a STANDBY that names `until`: no far time silences the alarm for ever.

        Counted from when it was said or when the answer was owed, whichever is later.  One signed far ahead of now
        proves nothing of when it was said.
        """
        begins = self.due if authored > self.utc + STANDBY_HOLDS_S else max(self.due, authored)
        return min(until, begins + max(STANDBY_HOLDS_S, self.ask.patience_s))


def fold(ask: Ask, party: PartyNumber, replies: Sequence[Reply], utc: int) -> Thread:
    """Return where the dialogue with `party` stands at `utc` (UTC seconds).

    `replies` are that party's, in the order of `said.in_order`.
    """
    walk = _Walk(ask, utc)
    if replies or ask.stored_by(party):
        walk.happen(Input.STORED, ask.authored)
    for reply in replies:
        walk.take(reply)
    if ask.repeated:
        walk.happen(Input.REPETITION, walk.since)
    walk.pass_time(utc, by=1)
    if ask.end is not None:
        walk.happen(ask.end, walk.since)
    clocked = walk.state in WAITING or walk.state in OWED_BY_ASKER
    return Thread(
        party=party,
        state=walk.state,
        since=walk.since,
        due=walk.due if clocked else None,
        answer=walk.answer.said if walk.answer else None,
        late_s=walk.late_s,
        standbys=walk.standbys,
        wrong_fields=walk.wrong_fields,
        contradicted=walk.contradicted,
        refused=tuple(walk.refused),
        acknowledged=min((reply.said.statement.authored for reply in replies if _by_officer(reply)), default=None),
        acknowledge_by=ask.acknowledge_by,
        expiry=ask.expiry,
        moved_by=walk.moved_by,
    )


def _by_officer(reply: Reply) -> bool:
    return reply.happening is not Input.MACHINE_ERROR
