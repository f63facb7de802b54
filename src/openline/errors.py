"""The exception tree: every error that may cross a boundary of this package.

Each error says who is at fault, keeps the facts a program needs as attributes, and tells the
officer what to do next.

    OpenlineError
    ├── Rejected             bytes from elsewhere that are not accepted; names the numbered rule
    │   ├── Malformed        not the one byte form that the specification allows
    │   ├── Forged           a signature, seal or proof that does not verify
    │   └── Inadmissible     well formed and genuine, but not allowed here and now
    ├── Misuse               a person or script on this side asked for something impossible
    ├── StorageFailed        the disk did not do what was asked; the daemon stops
    └── Unavailable          something that is needed is not there now; trying again may help
"""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """Who is at fault when an error is raised."""

    SENDER = "the one who made these bytes"
    LOCAL = "this side: what was asked for, or the configuration"
    DISK = "this station's disk"
    PATH = "the network, a relay or a link"


class OpenlineError(Exception):
    """Base of everything this package raises on purpose.

    message: one sentence, no secret and no content of any message in it.
    hint:    what the officer or the administrator should do next; may be empty.
    facts:   named values for programs and logs, never keys or plaintext.
    """

    fault = Fault.LOCAL

    def __init__(self, message: str, *, hint: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.facts = facts

    def __str__(self) -> str:
        return self.message


class Rejected(OpenlineError):
    """Bytes from elsewhere are not accepted.  `rule` is the number in docs/spec, such as "R7"."""

    fault = Fault.SENDER

    def __init__(self, rule: str, message: str, *, hint: str = "", **facts: object) -> None:
        super().__init__(message, hint=hint, **facts)
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


class Malformed(Rejected):
    """The bytes are not in the one form that the specification allows."""


class Forged(Rejected):
    """A signature, seal or proof does not verify.  Do not treat the content as said."""


class Inadmissible(Rejected):
    """Well formed and genuine, but not allowed here and now: wrong place, time, person or line."""


class Misuse(OpenlineError):
    """Something impossible was asked for on this side; the message names what and the hint what to ask instead."""


class StorageFailed(OpenlineError):
    """The disk refused, filled up or failed to sync.  The daemon stops: nothing unsynced may be acknowledged."""

    fault = Fault.DISK


class Unavailable(OpenlineError):
    """What is needed is not there now (daemon, relay, file).  Trying again later may help."""

    fault = Fault.PATH
