"""Transcripts of briefings and interviews: each turn is its speaker's own words, a question is nobody's.

A label is led back to the one office in the heading that it abbreviates, or to the person whose last name it gives; a
label that is itself an office ("FOREIGN MINISTER OF CENDRA") says whose it is.  Every label ends the turn before it:
words under a label that is not understood must never be given to whoever spoke last.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from openline.press import details
from openline.press.cutter import Article
from openline.press.dates import DayWord
from openline.press.english import Reader
from openline.press.mentions import JOINT, PERSON, ROLE, Mention, find_mentions, mention_at
from openline.press.statement import DIRECT, Statement
from openline.press.tables import load
from openline.press.voices import Voice

TURNS_MIN = 3  # labelled paragraphs that make a page a transcript
LABEL_CHARACTERS_MAX = 100  # the longest offices spelt out before a colon have about eighty
_SMALL = r"of|the|for|and|to|de|al|\([^()]{1,40}\)"
_CAPITALS = rf"[A-Z][A-Z0-9.’'-]*(?: (?:[A-Z0-9][A-Z0-9.,’'/&-]*|{_SMALL})){{0,14}}"
_TITLED = rf"[A-Z][\w.’'-]*(?: (?:[A-Z][\w.’'-]*|{_SMALL})){{0,9}}"
LABEL = re.compile(rf"(?=[^:\n]{{1,{LABEL_CHARACTERS_MAX}}}:\s)(?P<label>{_CAPITALS}|{_TITLED}):\s+(?=\S)")
SMALL_WORDS = frozenset(("of", "the", "for", "and", "to", "de", "al"))
ASIDE = re.compile(r"\s*\([^()]*\)")  # "QUESTION (via interpreter):"
AGREED = re.compile(r" (?:(?:have|had|has|also|both|now) )*(?:agreed?|reaffirmed|accepted|undertook)\b")

Labels = list[re.Match[str] | None]


def labels_of(paragraphs: list[str]) -> Labels:
    """Return the label with which each paragraph begins, or None for one without; "First:" labels nobody."""
    counted = frozenset(load("english")["frame"]["not_labels"])
    found = [LABEL.match(text) for text in paragraphs]
    return [None if label is None or label["label"] in counted else label for label in found]


def is_transcript(labels: Labels) -> bool:
    """Tell whether these labels are the turns of a conversation: several, and one of them more than once."""
    names = [label["label"] for label in labels if label is not None]
    repeated = len(names) > len(set(names))
    return len(names) >= TURNS_MIN and repeated and len(names) * 3 >= len(labels)


def read_transcript(reader: Reader, article: Article, labels: Labels) -> None:
    """Read each turn into the reader's findings, as its speaker's own words."""
    questioners = frozenset(load("english")["frame"]["questioners"])
    voice: Voice | None = None
    day = None if article.published is None else date.fromisoformat(article.published[:10])
    said = None if day is None else DayWord(str(article.published), 0, 0, day, day, derived=True)
    for place, (text, label) in enumerate(zip(article.paragraphs, labels, strict=True)):
        if label is not None:
            name = ASIDE.sub("", label["label"])
            voice = None if name in questioners else _labelled(name, article, reader)
        if voice is None:
            continue
        words = text if label is None else text[label.end() :]
        conditions = details.conditions_of(words)
        reader.findings.statements.append(
            Statement(
                voice.speaker,
                words,
                place,
                DIRECT,
                text,
                office=voice.office,
                party=voice.party,
                named=voice.named,
                quoted=(words,),
                inserted=details.insertions_of(words, wholly_quoted=True),
                said=said,
                topic=details.topic_of(words),
                conditions=conditions,
                commitment=details.commitment_of(words, voice.party, conditions),
                declined=details.is_declined(words),
                joint=_is_joint(words, reader),
                derived=tuple(sorted({*voice.derived, *(("said",) if said else ())})),
            )
        )
        reader.read_inside(words, place, voice)


def _is_joint(words: str, reader: Reader) -> bool:
    """Tell whether the turn says that both sides agreed something; it stays the word of the one who says it."""
    mentions = find_mentions(words[: details.WORDS_CHARACTERS_MAX], reader.cast.people)
    return any(one.kind == JOINT and AGREED.match(words, one.end) is not None for one in mentions)


def _answering(label: str, article: Article, reader: Reader) -> Voice:
    """Return who answers in an interview: the one person or office in its title, or else the label itself."""
    mentions = find_mentions(article.title or "", reader.cast.people)
    voices = [voice for one in mentions if one.kind in (ROLE, PERSON) and (voice := reader.cast.resolve(one, ""))]
    if len(voices) != 1:
        return Voice(label, ROLE, label)
    return replace(voices[0], derived=("office", "party", "speaker"))


def _labelled(label: str, article: Article, reader: Reader) -> Voice:
    """Return who a label stands for: the office in the heading that it abbreviates, or the label itself."""
    bare = re.sub(r"(?i)^the ", "", label).lower()
    if bare in ("a", "answer"):
        return _answering(label, article, reader)
    for heading in (article.title or "", article.standfirst or "", article.outlet or ""):
        for mention in find_mentions(heading, reader.cast.people):
            if (
                mention.kind in (ROLE, PERSON)
                and mention.office is not None
                and bare in (mention.head, (mention.name or "").lower())
            ):
                return _meant(mention)
    plain = _plain(label)
    last = reader.cast.people.full(plain.rsplit(maxsplit=1)[-1])
    if last is not None:  # "MR. SURNAME", "SECRETARY SURNAME": the one person of that name on the page
        office, party = reader.cast.people.offices.get(last, (None, None))
        known = (name for name, value in (("office", office), ("party", party)) if value)
        derived = (*known, "speaker")
        return Voice(last, PERSON, office, party, named=True, derived=derived)
    own = mention_at(plain, 0, reader.cast.people)
    party = own.party if own is not None and own.kind == ROLE and own.end == len(plain) else None
    return Voice(label, ROLE, label, party, head=bare, derived=("party",) if party else ())


def _meant(mention: Mention) -> Voice:
    return Voice(
        mention.name or str(mention.office),
        mention.kind,
        mention.office,
        mention.party,
        mention.name is not None,
        mention.head,
        ("office", "party", "speaker"),
    )


def _plain(label: str) -> str:
    """Return a label in capitals as it would stand in a sentence: "FOREIGN MINISTER OF CENDRA" names Cendra."""
    if not label.isupper():
        return label
    return " ".join(low if (low := word.lower()) in SMALL_WORDS else _capitalised(word) for word in label.split())


def _capitalised(word: str) -> str:
    return word if len(word) <= 2 or "." in word else word.capitalize()
