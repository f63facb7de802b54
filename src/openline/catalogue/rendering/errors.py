"""What can go wrong while a message is put into words.

A RenderingError is an OpenlineError; of it there are

    ├── UnknownLanguage     this station has no wording in that language
    ├── WordingBroken       a phrase is missing or does not fit its variables: never shown half
    ├── UnreviewedWording   the charter refuses this language's wording for ACTUAL messages
    └── GlossaryBroken      a glossary is not well formed, or two of its names can be taken for each other
"""

from __future__ import annotations

from openline.errors import OpenlineError


class RenderingError(OpenlineError):
    """A message cannot be put into words; show its data instead."""


class UnknownLanguage(RenderingError):
    """This station has no wording in that language.  Choose one of `languages()`."""


class WordingBroken(RenderingError):
    """A phrase is missing or does not fit its variables.  Show the data; run `openline catalogue lint`."""


class UnreviewedWording(RenderingError):
    """No native diplomat has reviewed the language, and the charter does not accept that for ACTUAL messages."""


class GlossaryBroken(RenderingError):
    """A glossary is not well formed or ambiguous.  Nothing may be signed over it before it is mended."""
