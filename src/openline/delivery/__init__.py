"""The line without its meaning: outbox, receipts, gaps, greetings, paths.

Takes envelopes and time, gives rows and effects, and tells the engine what was accepted.  Knows no kind of message:
an entry here is bytes, a place, a digest and a precedence.
"""
