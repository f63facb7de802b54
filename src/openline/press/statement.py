"""What is proposed from a page: statements, and what was seen and set aside.

No field holds a word that is not on the page, except three that follow from a table or from the page's date: `party`
(the gazetteer's name), `topic` (a label) and the days in `said`.  None means: not stated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openline.press.dates import DayWord

DIRECT, REPORTED = "direct", "reported"
NOT_STATED = "not stated"
BY_SPEAKER, BY_OUTLET = "speaker", "outlet"


@dataclass(frozen=True, slots=True)
class Statement:
    """One proposed statement.

    speaker      the person's name, or else the page's words for the speaker; None: not stated
    office       the post or body spoken from, in the page's words
    party        whose the speaker is, by the gazetteer
    named        whether the page gives the speaker's name
    form         "direct": at least two quoted words are in it; "reported": the outlet's words for it
    words        the words, as they stand on the page
    quoted       the quotations inside `words`; all of it when `words` is one quotation
    inserted     bracketed words inside a quotation: the outlet's, not the speaker's
    paragraph    index into the page's paragraphs, from 0
    context      the whole sentence
    said         the day it was said, or None
    topic        a label from the table of topics
    conditions   the clauses on which it depends, in the page's words
    commitment   "none", "offered", "conditional", "firm"; None: nothing said of one
    via          through whom it comes, outermost first: "he said the president endorsed it" is the president's, via him
    hedge        "apparently, presumably": the outlet's reserve, every word of it
    declined     the speaker refused to say
    joint        both sides are said to have said or agreed it
    attribution  "speaker", or "outlet" for an inference that no speaker stands behind
    derived      names of the fields above that follow from elsewhere on the page, a table or the date
    """

    speaker: str | None
    words: str
    paragraph: int
    form: str
    context: str
    office: str | None = None
    party: str | None = None
    named: bool = False
    quoted: tuple[str, ...] = ()
    inserted: tuple[str, ...] = ()
    said: DayWord | None = None
    topic: str | None = None
    conditions: tuple[str, ...] = ()
    commitment: str | None = None
    via: tuple[str, ...] = ()
    hedge: str | None = None
    declined: bool = False
    joint: bool = False
    attribution: str = BY_SPEAKER
    derived: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of this statement; what is not stated is null."""
        return {
            "speaker": self.speaker,
            "office": self.office,
            "party": self.party,
            "named": self.named,
            "form": self.form,
            "words": self.words,
            "quoted": list(self.quoted),
            "inserted": list(self.inserted),
            "paragraph": self.paragraph,
            "said": None if self.said is None else self.said.to_json(),
            "topic": self.topic,
            "conditions": list(self.conditions),
            "commitment": self.commitment,
            "via": list(self.via),
            "hedge": self.hedge,
            "declined": self.declined,
            "joint": self.joint,
            "attribution": self.attribution,
            "derived": list(self.derived),
            "context": self.context,
        }


@dataclass(frozen=True, slots=True)
class SetAside:
    """A sentence that looks like a statement and is none: its words, its paragraph and the reason."""

    words: str
    paragraph: int
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {"words": self.words, "paragraph": self.paragraph, "reason": self.reason}


@dataclass(slots=True)
class Findings:
    """What has been found on a page so far, in the order of the page."""

    statements: list[Statement] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
