"""What may go wrong between our messages and the world's formats.

FormatError (an OpenlineError)
├── NotExpressible     this message has no place in that format; say it on the line, or choose another format
└── ForeignRefused     a file from elsewhere is not one that can be read safely or without guessing
"""

from __future__ import annotations

from openline.errors import Fault, OpenlineError


class FormatError(OpenlineError):
    """Base of what conversions raise."""


class NotExpressible(FormatError):
    """This message has no place in that format.  Choose another format, or export the record itself."""


class ForeignRefused(FormatError):
    """A file from elsewhere cannot be read safely, or not without guessing.  Enter it by hand after reading it."""

    fault = Fault.SENDER
