"""The errors that reading or confirming a page may raise; nothing else leaves this package.

OpenlineError
└── PageRejected       these bytes are not a page that can be read
    ├── PageEmpty      no text in it
    ├── PageTooLarge   more bytes than PAGE_BYTES_MAX
    ├── PageNotText    a picture, a PDF, an archive: not text
    ├── PageGarbled    text, but not in the encoding it claims or in UTF-8
    ├── PageWalled     only the first lines; the rest is for subscribers
    └── PageFurniture  text, but no article in it
"""

from __future__ import annotations

from openline.errors import Fault, OpenlineError


class PageRejected(OpenlineError):
    """These bytes cannot be read as a press page; `hint` says what to hand in instead."""

    fault = Fault.SENDER


class PageEmpty(PageRejected):
    """The page holds no text at all."""


class PageTooLarge(PageRejected):
    """The page is larger than PAGE_BYTES_MAX; facts: `limit_bytes`."""


class PageNotText(PageRejected):
    """The bytes are a picture, a PDF, an archive or the like; facts: `looks_like`."""


class PageGarbled(PageRejected):
    """The bytes are text in an encoding that was neither UTF-8 nor named; facts: `tried`, `offset`."""


class PageWalled(PageRejected):
    """Only the opening lines are there, followed by an offer to subscribe; facts: `marker`, `words`."""


class PageFurniture(PageRejected):
    """There is text, but no paragraph of an article in it."""
