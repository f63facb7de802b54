"""A press page as it comes, furniture and all, read into an article and proposed statements.

Bytes go in, data comes out; no file, clock or network is touched, and no model decides anything: the rules stand in
`tables/*.toml` and are explained in docs/press.md.  Each statement is a proposal until a person confirms it.
"""

from openline.press.confirmation import (
    ADDED,
    CHOICES,
    CONFIRMED,
    EDITABLE,
    EDITED,
    FLAGS,
    LISTS,
    REJECTED,
    Decision,
    Ledger,
    check_change,
    parse_decision,
    read_head,
    resume,
)
from openline.press.copies import is_copy, shared, shared_by_sketch, sketch
from openline.press.decoding import PAGE_BYTES_MAX
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
    "ADDED",
    "CHOICES",
    "CONFIRMED",
    "EDITABLE",
    "EDITED",
    "FLAGS",
    "LISTS",
    "NOT_STATED",
    "PAGE_BYTES_MAX",
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
    "check_change",
    "is_copy",
    "parse_decision",
    "read_head",
    "read_page",
    "resume",
    "shared",
    "shared_by_sketch",
    "shown",
    "sketch",
]
