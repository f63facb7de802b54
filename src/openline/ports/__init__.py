"""The one vocabulary of engine, runtime, store, mailbox and simulation: events, rows, effects and what is handed in.

A step takes one event and the time.  It changes memory and adds to two lists:

  rows      what must be durable; all rows of a batch go into one transaction
  effects   what may happen once they are; none leaves before that transaction's commit

A crash may fall before the commit (nothing happened) or after any number of effects (the rest is lost).
So every effect is either repeatable from the rows or harmless to lose; each says which.
"""

from openline.ports.effects import (
    Answer,
    Changed,
    Dial,
    Effect,
    Halt,
    NeedSecrets,
    Refused,
    Route,
    Send,
    Slot,
    Sound,
    Took,
    Wake,
    Wanted,
)
from openline.ports.events import (
    Acted,
    ClockStepped,
    DocumentBrought,
    Event,
    Instant,
    Kept,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    SecretsDrawn,
    Started,
    Stopping,
    Submitted,
    Woken,
)
from openline.ports.machine import Batch, Ledger, Machine, Suite
from openline.ports.rows import Append, Forget, Keep, Row

__all__ = [
    "Acted", "Answer", "Append", "Batch", "Changed", "ClockStepped", "Dial", "DocumentBrought", "Effect", "Event",
    "Forget", "Halt", "Instant", "Keep", "Kept", "Ledger", "Machine", "NeedSecrets", "PathLost", "PathOpened",
    "PathReady", "Received", "Refused", "Route", "Row", "SecretsDrawn", "Send", "Slot", "Sound", "Started", "Stopping",
    "Submitted", "Suite", "Took", "Wake", "Wanted", "Woken",
]  # fmt: skip
