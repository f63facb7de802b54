"""A press page as it comes, furniture and all, read into an article and proposed statements.

Bytes go in, data comes out; no file, clock or network is touched, and no model decides anything: the rules stand in
`tables/*.toml` and are explained in docs/press.md.  Each statement is a proposal until a person confirms it.
"""

from openline.press.confirmation import CONFIRMED, EDITED, REJECTED, Decision, Ledger
from openline.press.copies import is_copy, shared, shared_by_sketch, sketch
from openline.press.faults import (
    PageEmpty,
    PageFurniture,
    PageGarbled,
    PageNotText,
    PageRejected,
    PageTooLarge,
    PageWalled,
)
from openline.press.page import Page, read_page
from openline.press.showing import shown
from openline.press.statement import NOT_STATED, SetAside, Statement

__all__ = [
    "CONFIRMED",
    "EDITED",
    "NOT_STATED",
    "REJECTED",
    "Decision",
    "Ledger",
    "Page",
    "PageEmpty",
    "PageFurniture",
    "PageGarbled",
    "PageNotText",
    "PageRejected",
    "PageTooLarge",
    "PageWalled",
    "SetAside",
    "Statement",
    "is_copy",
    "read_page",
    "shared",
    "shared_by_sketch",
    "shown",
    "sketch",
]
