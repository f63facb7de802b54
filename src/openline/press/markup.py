"""The article cut out of an HTML page: trafilatura finds the paragraphs, the page's own metadata names the rest.

Dates come only from what the page states (metadata, `time`, a printed date).  trafilatura's own guess is not used: it
also takes dates from addresses and copyright lines.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import trafilatura

from openline.press.cutter import Article, cut_text, is_paragraph, refuse_stub
from openline.press.dates import Published, read_moment
from openline.press.faults import PageRejected

HIDDEN = frozenset(("script", "style", "noscript", "template", "svg", "button", "select", "rt", "rp"))
BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tr", "td", "br", "blockquote")
SECTIONS = ("title", "section", "article", "header", "footer", "nav", "aside", "main", "figure", "figcaption")
BREAKS = frozenset((*BLOCKS, *SECTIONS))  # elements that end a line of the visible text
OPENING_QUOTE, CLOSING_QUOTE = (
    re.compile(r"(?i)<q(?:\s[^<>]*)?>"),
    re.compile(r"(?i)</q\s*>"),
)  # browsers set these marks
ENDS_LETTERS = 20  # with which two lines begin and end alike to be one paragraph
DEPTH_MAX = 200  # of nested elements; beyond it parsers recurse, and no article needs it
PUBLISHED_KEYS = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "parsely-pub-date",
)
LINKED_DATA_CHARACTERS_MAX = 200_000


@dataclass(slots=True)
class _Collected:
    metadata: dict[str, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    linked_data: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


class _Collector(HTMLParser):
    """Collects what a page says of itself, and its visible text with a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = _Collected()
        self._hidden = 0
        self._open = ""
        self._linked = False
        self._quoting = 0
        self.depth = 0
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.depth += tag not in ("br", "meta", "link", "img", "input", "hr", "p", "li", "td", "tr")
        self.deepest = max(self.deepest, self.depth)
        if tag in HIDDEN:
            self._hidden += 1
            self._linked = values.get("type") == "application/ld+json"
        elif tag == "meta":
            key = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
            self.found.metadata.setdefault(key, values.get("content", ""))
        elif tag == "time" and values.get("datetime"):
            self.found.times.append(values["datetime"])
        if tag in ("title", "h1"):
            self._open = tag
            (self.found.titles if tag == "title" else self.found.headings).append("")
        self._quoting += tag == "blockquote"
        if tag in BREAKS:
            self._break()

    def _break(self) -> None:
        self.found.text.append("\n\n")
        self.found.quoted.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - 1)
        if tag in HIDDEN:
            self._hidden, self._linked = max(0, self._hidden - 1), False
        if tag == self._open:
            self._open = ""
        if tag in BREAKS:
            self._break()
        if tag == "blockquote":
            self._quoting = max(0, self._quoting - 1)

    def handle_data(self, data: str) -> None:
        if self._linked:
            self.found.linked_data.append(data[:LINKED_DATA_CHARACTERS_MAX])
        elif self._open:
            (self.found.titles if self._open == "title" else self.found.headings)[-1] += data
        if not self._hidden and self._open != "title":
            self.found.text.append(data)
            if self._quoting:
                self.found.quoted.append(data)


def cut_markup(text: str) -> Article:
    """Return the article in a page of HTML.

    Where trafilatura finds nothing that reads as an article, the visible text is cut as text.
    Raises PageWalled or PageFurniture, like `cut_text`.
    """
    text = CLOSING_QUOTE.sub("”", OPENING_QUOTE.sub("“", text))
    collector = _Collector()
    collector.feed(text)
    collector.close()
    found = collector.found
    visible = "".join(found.text)
    article = _plain(visible)
    if collector.deepest <= DEPTH_MAX:
        paragraphs = _paragraphs(text, visible)
        if paragraphs:
            article.paragraphs = paragraphs
    article.set_off = frozenset(_squeezed(line) for line in "".join(found.quoted).split("\n") if line.strip())
    _read_metadata(article, found)
    refuse_stub(article, [line.strip() for line in visible.split("\n") if line.strip()])
    return article


def _plain(visible: str) -> Article:
    try:
        return cut_text(visible)
    except PageRejected:
        return Article()


def _paragraphs(text: str, visible: str) -> list[str]:
    """Return trafilatura's paragraphs that read as prose, in the page's own characters.

    trafilatura drops invisible joiners, which Persian words need, so each of its lines is led back to the line of the
    page with the same letters; a line that is nowhere on the page is not kept.
    """
    extracted = trafilatura.extract(text, include_comments=False, include_tables=False, favor_recall=True) or ""
    page = _squeezed(visible)
    by_letters: dict[str, str] = {}
    by_ends: dict[tuple[str, str], str] = {}  # trafilatura drops some elements from inside a paragraph
    for line in filter(None, map(_squeezed, visible.split("\n"))):
        letters = _letters(line)
        by_letters[letters] = by_ends[letters[:ENDS_LETTERS], letters[-ENDS_LETTERS:]] = line
    found = []
    for line in map(_squeezed, extracted.split("\n")):
        letters = _letters(line)
        ends = letters[:ENDS_LETTERS], letters[-ENDS_LETTERS:]
        found.append(by_letters.get(letters) or by_ends.get(ends, line))
    return [line for line in found if line and is_paragraph(line) and line in page]


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _read_metadata(article: Article, found: _Collected) -> None:
    metadata = found.metadata
    site = _squeezed(metadata.get("og:site_name", ""))
    heading = next((title for raw in found.headings if (title := _squeezed(raw))), "")
    title = heading or _squeezed(metadata.get("og:title", "")) or next(iter(map(_squeezed, found.titles)), "")
    if title:
        article.title = re.sub(rf"\s[-|–—]\s{re.escape(site)}$", "", title) if site else title
        article.standfirst = None if article.standfirst == article.title else article.standfirst
    if site:
        article.outlet, article.outlet_basis = site, "markup"
    moment = _published(found)
    if moment is not None:
        article.published, article.zone = moment.moment, moment.zone


def _published(found: _Collected) -> Published | None:
    """Return the date that the page's metadata, linked data or `time` element states."""
    stated = [found.metadata[key] for key in PUBLISHED_KEYS if key in found.metadata]
    stated += [value for block in found.linked_data if (value := _from_linked_data(block))]
    for value in [*stated, *found.times[:1]]:
        moment = read_moment(value.replace("T", " "))
        if moment is not None:
            zone = re.search(r"(?<=\d)(?:Z|[+-]\d{2}:?\d{2})$", value.strip())
            return Published(moment.moment, zone[0] if zone else moment.zone)
    return None


def _from_linked_data(block: str) -> str | None:
    try:
        data = json.loads(block)
    except (ValueError, RecursionError):
        return None
    entries = data if isinstance(data, list) else [data]
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("datePublished"), str):
            return str(entry["datePublished"])
    return None
