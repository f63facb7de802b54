"""Messages in the words of eight languages, from one set of data; the data prevails over every rendering.

rendered = render(kind, body, metadata, "ko", glossary)     headline, rows, sentence, marks
rendered.text(), rendered.to_json()                         what a terminal and a script show
languages()                                                 which there are, and who has reviewed them
lint()                                                      what is wrong with the wording: must be empty
facts_in(text, "ko")                                        data read back out of a rendering
"""

from __future__ import annotations

from openline.catalogue.rendering.errors import (
    GlossaryBroken,
    RenderingError,
    UnknownLanguage,
    UnreviewedWording,
    WordingBroken,
)
from openline.catalogue.rendering.facts import Facts, facts_in
from openline.catalogue.rendering.glossary import EMPTY, Glossary, load_glossary, sample_glossary
from openline.catalogue.rendering.languages import Language, Review, language_files_hash_inputs, languages
from openline.catalogue.rendering.lint import Finding, Rule, lint
from openline.catalogue.rendering.render import REFERENCE, Metadata, Rendered, Row, render

__all__ = [
    "EMPTY",
    "REFERENCE",
    "Facts",
    "Finding",
    "Glossary",
    "GlossaryBroken",
    "Language",
    "Metadata",
    "Rendered",
    "RenderingError",
    "Review",
    "Row",
    "Rule",
    "UnknownLanguage",
    "UnreviewedWording",
    "WordingBroken",
    "facts_in",
    "language_files_hash_inputs",
    "languages",
    "lint",
    "load_glossary",
    "render",
    "sample_glossary",
]
