"""One page, read: bytes in, the article and the statements proposed from it out."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from openline.press import copies
from openline.press.cutter import Article, cut_text
from openline.press.dates import DayWord, find_days
from openline.press.decoding import decode_page
from openline.press.english import Reader
from openline.press.faults import PageRejected
from openline.press.markup import cut_markup
from openline.press.mentions import learn_people
from openline.press.quotations import find_quotations
from openline.press.scripts import ScriptReader
from openline.press.statement import Findings, SetAside, Statement
from openline.press.transcripts import is_transcript, labels_of, read_transcript
from openline.press.voices import Cast

PARAGRAPHS_MAX = 20_000  # of one page; four million bytes of one-line paragraphs are no article
JOINT_DOCUMENT = re.compile(r"(?i)\bjoint (?:communiqu|statement|declaration|press statement)|\bagreed minutes\b")
READOUT = re.compile(
    r"(?i)\breadout\b|\b(?:call|conversation|meeting|talks|speaks|spoke|meets|met|receives|received)\b.{0,60}\bwith\b"
    r"|\b(?:call|conversation|meeting|talks) between\b"
)
GOVERNMENT = re.compile(
    r"(?i)\b(?:ministry|government|presidency|office of|embassy|department of|mission of|secretariat|chancellery)\b"
)
ENGLISH = re.compile(r"(?i)\b(?:the|of|and|to|that|said|has|was|with|is)\b")
NOTE_OUTLET = "The outlet's name stands only in the page's {basis}: it is proposed, not asserted."
NOTE_DATE = "Date: not stated. A person must enter it; until then the words for days stay words."
NOTE_ZONE = "Zone: not stated."
NOTE_WALL = "The page offers a subscription to read on: check that the article is whole."
NOTE_PARTY = "The outlet is a government's own: what the page says of others is that government's account of them."
NOTE_LANGUAGE = "No rules for this language: the article was cut out, but statements must be entered by hand."


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from one page.  `article` is what is on it; `dates` are its day words, each with its paragraph."""

    sha256: str
    size_bytes: int
    encoding: str
    language: str
    article: Article
    dates: tuple[tuple[int, DayWord], ...]
    statements: tuple[Statement, ...]
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...]
    date_entered: bool = False
    shingles: frozenset[int] = field(default=frozenset(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the page; what is not stated is null."""
        article = self.article
        return {
            "title": article.title,
            "standfirst": article.standfirst,
            "outlet": article.outlet,
            "outlet_basis": article.outlet_basis,
            "published": article.published,
            "published_entered": self.date_entered,
            "zone": article.zone,
            "embargo": article.embargo,
            "language": self.language,
            "paragraphs": list(article.paragraphs),
            "captions": list(article.captions),
            "dates": [{"paragraph": paragraph, **word.to_json()} for paragraph, word in self.dates],
            "statements": [statement.to_json() for statement in self.statements],
            "set_aside": [aside.to_json() for aside in self.set_aside],
            "notes": list(self.notes),
            "source": {"sha256": self.sha256, "bytes": self.size_bytes, "encoding": self.encoding},
        }


def read_page(
    data: bytes, *, encoding: str | None = None, published: str | None = None, zone: str | None = None
) -> Page:
    """Read a page of text or HTML, as it comes, and propose the statements in it.

    `published` and `zone` are what a person entered where the page states none (ISO 8601: "2017-12-04" or
    "2017-12-04T09:00"); what the page states itself stays.

    Raises a PageRejected (see `faults`) and nothing else.  Next, show the proposals to a person, who confirms, edits or
    rejects each: see `confirmation`.
    """
    source = decode_page(data, encoding)
    article = cut_markup(source.text) if source.is_markup else cut_text(source.text)
    if len(article.paragraphs) > PARAGRAPHS_MAX:
        raise PageRejected(
            f"{len(article.paragraphs):,} paragraphs are more than one page has.", hint="Hand in one article at a time."
        )
    entered = article.published is None and published is not None
    if entered:
        article = replace(article, published=published, zone=zone)
    page_day = None if article.published is None else date.fromisoformat(article.published[:10])
    language = language_of("\n".join(article.paragraphs))
    findings = _statements(article, language, page_day)
    return Page(
        hashlib.sha256(data).hexdigest(),
        len(data),
        source.encoding,
        language,
        article,
        tuple(_dates(article.paragraphs, page_day)),
        tuple(findings.statements),
        tuple(findings.set_aside),
        tuple(_notes(article, language)),
        entered,
        copies.shingles(article.paragraphs),
    )


def language_of(text: str) -> str:
    """Return the name of the table whose rules fit this text, or "other"."""
    sample = text[:20_000]
    if len(re.findall("[가-힣]", sample)) > len(sample) // 8:
        return "korean"
    if re.search("[ぁ-んァ-ン]{2}", sample) and re.search("[ぁ-ん]", sample):
        return "japanese"
    if len(re.findall("[一-鿿]", sample)) > len(sample) // 8:
        return "chinese"
    if len(re.findall("[\u0600-\u06ff]", sample)) > len(sample) // 8:
        return "persian" if re.search("[پچژگی]", sample) else "arabic"
    if len(re.findall("[а-яё]", sample, re.IGNORECASE)) > len(sample) // 8:
        # Letters that Ukrainian has and Russian has not, and the other way round: for the rest there are no rules.
        return "russian" if re.search("[ыэ]", sample) and not re.search("[іїєґў]", sample, re.IGNORECASE) else "other"
    words = len(re.findall(r"\w+", sample))
    return "english" if words and len(ENGLISH.findall(sample)) * 12 > words else "other"


def _notes(article: Article, language: str) -> list[str]:
    notes = []
    if article.outlet_basis not in (None, "markup"):
        notes.append(NOTE_OUTLET.format(basis=article.outlet_basis))
    if _is_government(article):
        notes.append(NOTE_PARTY)
    if article.published is None:
        notes.append(NOTE_DATE)
    if article.zone is None:
        notes.append(NOTE_ZONE)
    if article.wall is not None:
        notes.append(NOTE_WALL)
    if language == "other":
        notes.append(NOTE_LANGUAGE)
    return notes


def _is_government(article: Article) -> bool:
    return article.outlet is not None and GOVERNMENT.search(article.outlet) is not None


def _dates(paragraphs: list[str], page_day: date | None) -> list[tuple[int, DayWord]]:
    found = []
    for place, text in enumerate(paragraphs):
        quoted = [(quotation.start, quotation.end) for quotation in find_quotations(text)]
        found += [(place, word) for word in find_days(text, page_day, quoted)]
    return found


def _statements(article: Article, language: str, page_day: date | None) -> Findings:
    if language == "other":
        return Findings()
    if language != "english":
        reader = ScriptReader(language, page_day)
        for place, text in enumerate(article.paragraphs):
            reader.read(text, place)
        return reader.findings
    heading = "\n".join(filter(None, (article.title, article.standfirst)))
    people = learn_people([*article.captions, *article.paragraphs])
    readout = _is_government(article) and READOUT.search(heading) is not None
    english = Reader(Cast(people), page_day, readout or JOINT_DOCUMENT.search(heading) is not None)
    labels = labels_of(article.paragraphs)
    if is_transcript(labels):
        read_transcript(english, article, labels)
    else:
        for place, text in enumerate(article.paragraphs):
            english.read(text, place, set_off=text in article.set_off)
    return english.findings
