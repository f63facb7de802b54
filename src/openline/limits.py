"""Every limit that more than one package needs, with its unit and its reason.

A limit of one package only stands at the top of the module that keeps it.
"""

from __future__ import annotations

STATEMENT_BYTES_MAX = 65_536  # 3 minutes at 3,000 bit/s; longer texts belong in several messages
DOCUMENT_BYTES_MAX = 98_304  # a charter of twelve members: 12 x (2 keys + 2 signatures, 5.4 KB) and its text
ENVELOPE_BYTES_MAX = 131_072  # the next power of two: one padded document or statement with its approvals
APPROVALS_MAX = 8  # officers who sign one statement; charters in the field ask for two or three
ENTRIES_BEYOND_GAP_MAX = 1_024  # kept from one sender while an earlier one is missing; more is a flood
FURTHER_MAX = 64  # single entries named beyond the prefix in one receipt: 128 bytes at most
OUTBOX_ENTRIES_MAX = 10_000  # unreceipted statements held in memory; beyond this, refuse loudly, never drop
MEMBERS_MAX = 12  # parties of one line, so that its charter fits DOCUMENT_BYTES_MAX
STATIONS_MAX = 16  # of one party on one line
OFFICERS_MAX = 128  # of one party on one line
RELAYS_MAX = 8  # named by one roster

BATCH_STEPS_MAX = 64  # steps in one transaction; measured best: at 256 the two ends wait for each other

EPOCHS_LIVE_MAX = 10  # of one sender: today's, yesterday's and a stock of eight
FLASH_LANE = 0
ORDINARY_LANE = 1

CLOCK_STEP_S = 2  # UTC against monotonic: more is a step and is told to the engine, less is drift
