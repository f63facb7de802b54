"""Untrusted text on a terminal: what would move the cursor or turn the reading direction is shown, not performed."""

from __future__ import annotations

import unicodedata

ESCAPED = frozenset(
    ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
)  # controls, format marks (bidi, zero width), surrogates, unassigned
KEPT = frozenset("\u200c\u200d")  # joiners that Persian and emoji need to be read at all; they move nothing


def shown(text: str) -> str:
    """Return the text with every control, bidirectional or invisible character written as <U+202E>."""
    return "".join(
        f"<U+{ord(sign):04X}>" if unicodedata.category(sign) in ESCAPED and sign not in KEPT else sign for sign in text
    )
