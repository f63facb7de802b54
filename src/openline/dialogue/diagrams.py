"""The page docs/dialogues.md, drawn from the tables that the code walks.  A test compares page and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from openline.catalogue.kinds import Catalogue
from openline.charter import RESPONSE_TIMES
from openline.dialogue.book import NAMING_MAX
from openline.dialogue.crises import CRISES_MAX
from openline.dialogue.crisis import CRISIS_TABLE, CrisisState
from openline.dialogue.judging import RECEIPTS
from openline.dialogue.release import DRAFT_TABLE, DraftState
from openline.dialogue.states import ALARMING, CHANGES, ENDED, MEANING, OWED_BY_ASKER, TABLE, WAITING, WHY, State
from openline.dialogue.thread import STANDBY_HOLDS_S, STANDBY_MAX
from openline.dialogue.translation import TRANSLATION, TranslationState
from openline.wire.statement import Precedence

StateT = TypeVar("StateT", bound=StrEnum)
InputT = TypeVar("InputT", bound=StrEnum)

RESPONSES = {
    "R": "understood",
    "W": "will or cannot do",
    "A": "yes or no",
    "D": "data",
    "P": "proposal",
    "N": "no answer",
}
"""The catalogue's response types in words."""

_HELD = f"{STANDBY_HOLDS_S // 3600} hours"

_INTRODUCTION = f"""# Dialogues

A dialogue is one message and the answer that one addressee owes to it; a message to three parties is three dialogues.
Everything that can happen to one stands in the table below, which is the one that the code walks
(`openline.dialogue.states.TABLE`). This page is drawn from it; what is not in a table changes nothing.

Where a dialogue stands is computed from the signed statements and the time, in an order that both ends compute alike.
So both ends agree, whatever the order in which the statements arrived.

- Silence is never assent: it is OVERDUE, at both ends, by the same rule from signed data.
- Free text never closes a dialogue, and neither does ACKNOWLEDGED or PASSED ON.
- STANDBY names a time and may be said {STANDBY_MAX} times. Each holds the alarm until then, but for {_HELD} at most, or
  as long as an answer of the kind may take if that is longer, from when it was said or when the answer was owed,
  whichever is later. TAKEN TO LEADERSHIP has no clock of theirs: the asker sets a reminder.
- A reply that counts for nothing lets no time pass: one signed with a time far ahead ends no proposal before its time.
- A wrong read-back, or a second answer that differs from the first, reopens the dialogue and sounds at both ends.
- A reply by fewer persons than it takes counts for nothing, and both ends are told so.
- A closed dialogue is not a resolved matter.
- A desk holds so many statements. When it is full a message leaves it with all that was said of it, or stays with it;
  what has ended leaves first, and of what is open only the words of a party that said more than its share. A crisis
  that we are in, or are asked to join, is open until it is closed.
- Of one party's words about one message a desk holds {NAMING_MAX}, the same ones in whatever order they came: changes
  and closing replies before others, and the earlier places in its log before the later. It tells of what it sets aside.
"""

_LEFT_OUT = """\
In every state that has not ended, and in CLOSED and ERROR, the author's own changes end the dialogue. The table has
them; the drawing leaves them out.
"""

_CRISIS = f"""\
A crisis is an opening (C1) and what follows from it. One side opens it; the other joins by two persons; both report
at each tick; it is closed only when every party in it has signed. The opener may close or retract a crisis that nobody
has joined. Acceptance with a reservation does not close it: propose again, in words that both accept. A closure or
another interval that does not ask every party in it has nobody's consent. Only a party that the opening asks can join.

When all who are in it have signed a closure or another interval, that holds for good: what is said later about the
closure, the change or the assent counts for nothing here, be it a retraction or a second answer. Before that, by the
signed times, its author may take it back. Who joins later must sign the closure too, and the crisis is open again until
it has: no time that others sign may stand in for its consent.

A situation report (C2) is for the last tick before the one that it names as next, but for none after the next that was
to come when it was signed. Who is overdue is judged by what was reported for the last tick and the next one, from when
a second party was in it; a time of joining or opening that lies after its arrival counts as its arrival for that.

A desk follows every open crisis that its own party is in with another, and {CRISES_MAX} more of each party: closed ones
leave first, the oldest before the others. What is said about one that left brings it back.
"""

_TRANSLATION = """\
Of a message with words of its sender's own, each side keeps for itself how far its people have translated them. The
machine never does. Who translated at sight may not be the one who checks.
"""

_BY_AUTHOR = {State.CORRECTED, State.CANCELLED, State.RETRACTED, State.WITHDRAWN, State.REPLACED}


def page(catalogue: Catalogue) -> str:
    """Return the whole page."""
    return "\n".join([
        _INTRODUCTION,
        "## States of a dialogue\n",
        _rows(["State", "Means", "Owes", "Alarm"], [_state_row(state) for state in State]),
        "## What happens in each state\n",
        _LEFT_OUT,
        _diagram({key: after for key, after in TABLE.items() if after not in _BY_AUTHOR}, State.PENDING),
        _transitions(TABLE, State),
        "## Answers\n",
        _answers(catalogue),
        "## Times\n",
        _times(),
        "## Changes of a message\n",
        _changes(),
        "## Crisis\n",
        _CRISIS,
        _diagram(CRISIS_TABLE, CrisisState.NONE),
        _transitions(CRISIS_TABLE, CrisisState),
        "## Drafts\n",
        "A draft goes out when all who must have approved exactly its text. To change the text voids every approval.\n",
        _diagram(DRAFT_TABLE, DraftState.WAITING),
        _transitions(DRAFT_TABLE, DraftState),
        "## Translations\n",
        _TRANSLATION,
        _diagram(TRANSLATION, TranslationState.UNTRANSLATED),
        _transitions(TRANSLATION, TranslationState),
    ])  # fmt: skip


def _rows(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _state_row(state: State) -> list[str]:
    owes = "the addressee" if state in WAITING else "the asker" if state in OWED_BY_ASKER else "nobody"
    if state not in WAITING | OWED_BY_ASKER | ENDED:
        owes = "the addressee, by no clock"
    return [state, MEANING[state], owes, "both ends" if state in ALARMING else ""]


def _diagram(table: Mapping[tuple[StateT, InputT], StateT], first: StateT) -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first.name}"]
    named = dict.fromkeys(state for (before, _), after in table.items() for state in (before, after))
    lines += [f"    {state.name}: {state}" for state in named]
    arrows: dict[tuple[StateT, StateT], list[str]] = {}
    for (before, happening), after in table.items():
        arrows.setdefault((before, after), []).append(happening)
    lines += [f"    {before.name} --> {after.name}: {', '.join(words)}" for (before, after), words in arrows.items()]
    return "\n".join([*lines, "```\n"])


def _transitions(table: Mapping[tuple[StateT, InputT], StateT], states: Iterable[StateT]) -> str:
    rows: list[list[str]] = []
    for state in states:
        found = [f"{happening} → **{after}**" for (before, happening), after in table.items() if before is state]
        rows.append([state, "; ".join(found) or "nothing: it has ended"])
    return _rows(["In state", "this leads to"], rows)


def _answers(catalogue: Catalogue) -> str:
    rows = []
    for response, meaning in RESPONSES.items():
        replies = [kind for kind in catalogue.kinds.values() if response in kind.answers and kind.code not in RECEIPTS]
        closing = ", ".join(kind.code for kind in replies if kind.closes and kind.sent_by != "machine")
        staying = ", ".join(kind.code for kind in replies if not kind.closes)
        asking = [kind for kind in catalogue.kinds.values() if kind.response == response and kind.group != "reply"]
        kinds = ", ".join(kind.code for kind in asking)
        rows.append([f"{response}: {meaning}", closing or "none", staying or "none", kinds])
    return _rows(["Response type", "Closing", "Keeps it open", "Messages"], rows)


def _times() -> str:
    rows = [
        [precedence.name, *(_span(seconds) for seconds in (times.stored_s, times.acknowledged_s, times.answered_s))]
        for precedence, times in sorted(zip(Precedence, RESPONSE_TIMES, strict=True), reverse=True)
    ]
    table = _rows(["Precedence", "Stored", "Acknowledged", "Answered"], rows)
    return table + (
        "\nUnless the charter says otherwise. The time to answer is, in this order: the message's own `respond_by`,\n"
        "the charter's deadline for the kind, the kind's own limit, the precedence's. It runs from the signed time of\n"
        "the message, so both ends count alike. A reply signed in its last second is in time.\n"
    )


def _span(seconds: int) -> str:
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds // 60} min"


def _changes() -> str:
    rows: list[list[str]] = []
    for code, (standing, happening) in CHANGES.items():
        ends = "leaves its dialogues as they are" if happening is None else "ends its dialogues"
        rows.append([code, f"**{standing}**", WHY[standing], ends])
    return _rows(["Kind", "Makes it", "Because", "Dialogues"], rows) + (
        "\nOnly the author of a message changes it (the check interval of a crisis excepted: either side proposes,\n"
        "all who are in it must understand). The strongest is shown, and a retracted one counts for nothing.\n"
        "Whoever passed the message on must tell that unit of the change: PASSED ON, naming the change.\n"
    )
