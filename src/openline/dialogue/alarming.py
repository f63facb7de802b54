"""Which alarms one message gives at one party: silence, misunderstanding, and whoever is still to be told."""

from __future__ import annotations

from collections.abc import Sequence

from openline.dialogue.book import Book
from openline.dialogue.dialogues import Setting, promise
from openline.dialogue.events import Alarm
from openline.dialogue.said import Said
from openline.dialogue.states import ALARMING, ENDED, MEANING, OWED_BY_ASKER, State
from openline.dialogue.telling import untold
from openline.dialogue.thread import Thread
from openline.wire.statement import Precedence

WORDS = {
    **MEANING,
    State.REOPENED: "two different answers came: one must be given again",
}


def alarms_of(
    book: Book, setting: Setting, said: Said, threads: Sequence[Thread], situation: bytes, utc: int
) -> list[Alarm]:
    """Return the alarms that a message gives at our party; both ends of a dialogue hear of it, nobody else.

    situation: what they belong to (`Crises.situation`, or the message's own digest).
    """
    own, urgency = setting.own, said.statement.precedence
    found = []
    for thread in threads:
        if own not in (said.party, thread.party):
            continue
        ours = own == (said.party if thread.state in OWED_BY_ASKER or thread.state is State.ERROR else thread.party)
        if thread.state in ALARMING:
            since = thread.since
            found.append(Alarm(situation, urgency, since, said.digest, thread.party, _words(thread), ours))
        elif thread.unacknowledged(utc):
            words = "NOT ACKNOWLEDGED: no officer there has said a word about it"
            found.append(Alarm(situation, urgency, thread.acknowledge_by, said.digest, thread.party, words, ours))
    why = book.void_change(said)
    if why and any(own in (said.party, thread.party) and thread.state not in ENDED for thread in threads):
        words, ours = f"THIS CHANGE COUNTS FOR NOTHING: {why}", said.party == own
        found.append(Alarm(situation, urgency, said.statement.authored, said.digest, said.party, words, ours))
    for each in untold(book, own, said):
        words = f"You passed it on to {each.unit}. Tell them."
        found.append(Alarm(said.digest, Precedence.FLASH, each.change.arrived, said.digest, own, words, ours=True))
    promised = promise(book, said)
    if promised is not None and promised <= utc:
        ours = said.party == own
        found.append(Alarm(situation, urgency, promised, said.digest, said.party, "PROMISED UPDATE OVERDUE", ours))
    return found


def _words(thread: Thread) -> str:
    if thread.wrong_fields:
        return f"{thread.state}: read back wrong: {', '.join(thread.wrong_fields)}"
    return f"{thread.state}: {WORDS[thread.state]}"
