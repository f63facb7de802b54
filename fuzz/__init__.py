"""Fuzzing: one target for each decoder and each boundary; `python -m tools.fuzz` runs them.

A target takes any bytes.  It may raise what its decoder documents, and nothing else; what it accepts must encode to the
same bytes again.  `fuzz.mutation` makes inputs from a seed, without any help; atheris makes them from what they reach.
"""
