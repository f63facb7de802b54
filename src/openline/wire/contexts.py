"""The contexts that keep one kind of signed, hashed or derived bytes from being taken for another.

Each is `openline/1 NAME` and a zero byte; no context is the beginning of another.
"""

from __future__ import annotations


def _context(name: str) -> bytes:
    return b"openline/1 " + name.encode("ascii") + b"\0"


# in signatures
CHARTER = _context("charter")
ROSTER = _context("roster")
STOP = _context("stop")
POSSESSION = _context("possession")
APPROVAL = _context("approval")
ENTRY = _context("entry")
RECEIPT = _context("receipt")
GREETING = _context("greeting")
PREKEY = _context("prekey")
EPOCH = _context("epoch")
RELAY = _context("relay")

# in hashes and derivations
STATEMENT = _context("statement")
PART = _context("part")
RUN = _context("run")
OFFER = _context("offer")

SIGNED = (CHARTER, ROSTER, STOP, POSSESSION, APPROVAL, ENTRY, RECEIPT, GREETING, PREKEY, EPOCH, RELAY)
DERIVED = (STATEMENT, PART, RUN, OFFER)
