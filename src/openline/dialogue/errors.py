"""What an officer cannot do with a dialogue, and what to do instead.

Misuse
├── UnknownMessage   no such message is held at this desk
├── NotAnAnswer      this reply is no answer to that message, or not ours to give
├── LateByOneKey     it is LATE: a second, deliberate step is needed
└── NotReleased      a draft lacks an approval, was refused, or its text was changed
"""

from __future__ import annotations

from openline.errors import Misuse


class UnknownMessage(Misuse):
    """No message with this digest is held at this desk.  Look it up in the record."""


class NotAnAnswer(Misuse):
    """The reply does not fit the message, its state, or our part in it.  The hint names what would."""


class LateByOneKey(Misuse):
    """The message came late, or its time is over.  Show its age, and ask for a second, deliberate step."""


class NotReleased(Misuse):
    """The draft cannot go out: the hint says whose approval it lacks or who refused it."""
