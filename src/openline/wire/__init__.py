"""Bytes: canonical CBOR, numbers, statements, entries, payloads and envelopes, each in exactly one form.

Nothing here signs, seals or keeps anything.  Whatever cannot be read raises `Malformed` with the
number of the rule in docs/spec/wire.md.
"""
