"""The meaning without the line: what was said, what is owed, what was understood.

Pure: verified statements and time in; events, alarms and rows out.
`Desk` is the whole; the modules beside it are functions over a `Book` of verified statements.  `states.TABLE` and
`crisis.CRISIS_TABLE` say everything that can happen; `docs/dialogues.md` is drawn from them.  `Releases` keeps drafts
until all who must have approved them.
"""

from openline.dialogue.crises import Crises, View
from openline.dialogue.crisis import CRISIS_TABLE, Crisis, CrisisInput, CrisisState
from openline.dialogue.desk import Desk
from openline.dialogue.dialogues import Evidence, NoEvidence, ReceiptFact
from openline.dialogue.errors import LateByOneKey, NotAnAnswer, NotReleased, UnknownMessage
from openline.dialogue.escalation import Rota, Step
from openline.dialogue.events import Alarm, Event, EventKind
from openline.dialogue.local import Row
from openline.dialogue.release import DRAFT_TABLE, Draft, DraftInput, DraftState, Releases, Seal
from openline.dialogue.rules import Rules, satisfies
from openline.dialogue.said import Approver, Said
from openline.dialogue.states import TABLE, Input, Standing, State
from openline.dialogue.status import AddresseeStatus, Mark, MessageStatus
from openline.dialogue.thread import Thread

__all__ = [
    "CRISIS_TABLE", "DRAFT_TABLE", "TABLE", "AddresseeStatus", "Alarm", "Approver", "Crises", "Crisis", "CrisisInput",
    "CrisisState", "Desk", "Draft", "DraftInput", "DraftState", "Event", "EventKind", "Evidence", "Input",
    "LateByOneKey", "Mark", "MessageStatus", "NoEvidence", "NotAnAnswer", "NotReleased",
    "ReceiptFact", "Releases", "Rota", "Row", "Rules", "Said", "Seal", "Standing", "State", "Step", "Thread",
    "UnknownMessage", "View", "satisfies",
]  # fmt: skip
