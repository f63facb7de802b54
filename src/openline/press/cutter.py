"""The article cut out of a page that has lost its markup: headings, dates, captions and furniture set apart.

Lines are judged by what they are (a sentence, a heading, a date) and by the table of furniture; no line is judged by
the outlet it comes from.  Order is kept, and no word of a paragraph is changed: only runs of white space become one
space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from openline.press.dates import find_published, read_moment
from openline.press.faults import PageFurniture, PageWalled
from openline.press.tables import WORD, load, patterns

LINE_CHARACTERS_JUDGED = 400  # furniture is short; a longer line is judged by its beginning
PROSE_WORDS_MIN = 6  # a sentence that stands alone and may begin an article
UNENDED_WORDS_MIN = 30  # no heading is as long as this, so it is prose even without a full stop
STUB_WORDS_MAX = 120  # an opening before a paywall; shorter articles have no offer to subscribe at their end
STUB_PARAGRAPHS_MAX = 3
TITLE_WORDS_MIN = 3
SECTIONS_MIN = 2  # names of sections on one line, to be a row of them
BEFORE_DATE = 0.4  # what a heading gains by standing right above the date, the byline or the article
WRAP_CHARACTERS = range(45, 100)  # the width of a line that was broken by a terminal or a mail program
SPACES = re.compile(r"[^\S\n]+")
SENTENCE_END = re.compile(
    r"""(?:[.!?…。！？؟]|[.!?…。！？؟,،，][)"'”’»」』]+|[.!?…。！？؟,][)"'”’»」』]*\s?\[\d{1,3}\])$"""
)
LABELLED = re.compile(r"^(?:[A-Z][A-Z .’'-]{0,40}|[A-Z][\w.’' -]{1,40}|Q|A):\s")
BREADCRUMB = re.compile(r"\s[/>»›|]\s")  # "World / Asia", "The Post | News": where the page hangs, not its title
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(slots=True)
class Article:
    """What is on a page: headings, where and when it says it is from, and the paragraphs of the article, in order.

    `outlet_basis` says how the outlet is known: "markup", "furniture", "masthead" or "dateline"; all but the first
    are proposals.  `wall` is the line, if any, that offers a subscription to read on.
    """

    title: str | None = None
    standfirst: str | None = None
    outlet: str | None = None
    outlet_basis: str | None = None
    published: str | None = None
    zone: str | None = None
    embargo: str | None = None
    wall: str | None = None
    captions: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    set_off: frozenset[str] = frozenset()  # the paragraphs that the page's markup makes quotations


@cache
def _forms(key: str) -> tuple[re.Pattern[str], ...]:
    sources = load("furniture")[key]
    flags = re.NOFLAG if key in ("slug", "outlet", "agency", "agency_byline") else re.IGNORECASE
    return patterns([sources] if isinstance(sources, str) else sources, flags)


def _fits(key: str, line: str) -> bool:
    judged = line[:LINE_CHARACTERS_JUDGED]
    return any(form.search(judged) for form in _forms(key))


def lines_of(text: str) -> list[str]:
    """Return the units of a page: its lines, with the lines of a hard-wrapped paragraph joined again."""
    units: list[str] = []
    for block in re.split(r"\n[^\S\n]*\n\s*", text):
        lines = [line for raw in block.split("\n") if (line := SPACES.sub(" ", raw).strip())]
        if _is_wrapped(lines):
            units.append(" ".join(lines))
        else:
            units.extend(lines)
    return units


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether these lines are one paragraph broken by width: all but the last full, the sentences running on."""
    if len(lines) < 2 or any(len(line) not in WRAP_CHARACTERS for line in lines[:-1]):
        return False
    running_on = sum(not SENTENCE_END.search(line) for line in lines[:-1])
    return (
        running_on * 2 > len(lines) - 1 and SENTENCE_END.search(lines[-1]) is not None and not LABELLED.match(lines[-1])
    )


def count_words(line: str) -> int:
    """Return the number of words; two characters of a script without spaces count as one."""
    unspaced = len(UNSPACED.findall(line))
    return unspaced // 2 if unspaced * 3 > len(line) else len(WORD.findall(line))


def _is_prose(line: str) -> bool:
    words = count_words(line)
    ended = SENTENCE_END.search(line) is not None or words >= UNENDED_WORDS_MIN
    quoted = line.endswith(('"', "”", "’", "»", "」", ":", "：")) and words >= 2 * PROSE_WORDS_MIN
    announced = words >= PROSE_WORDS_MIN // 2 and _fits("introduces", line)
    return (ended or quoted or announced) and not _fits("caption", line) and not _is_dated_heading(line)


def _is_dated_heading(line: str) -> bool:
    return count_words(line) < 12 and not line.endswith((".", "。")) and read_moment(line) is not None


def cut_text(text: str) -> Article:
    """Return the article in a page of text.

    Raises PageWalled when only an opening and an offer to subscribe are there, PageFurniture when no article is.
    """
    units = lines_of(text)
    article = Article()
    first, body = _body(units)
    head = units[:first]
    kept = set(body)
    rest = [unit for unit in units if unit not in kept]
    article.paragraphs = body
    article.captions = [line for line in units if _fits("caption", line)]
    _read_head(article, head, body)
    _read_date(article, head, rest)
    _read_embargo(article, head)
    _read_outlet(article, head, rest, body)
    refuse_stub(article, units)
    return article


def refuse_stub(article: Article, lines: list[str]) -> None:
    """Raise PageWalled for an opening before a paywall, PageFurniture for a page without an article.

    A longer article beside an offer to subscribe is kept, and `wall` tells a person to check that it is whole.
    """
    body, kept = article.paragraphs, set(article.paragraphs)
    words = sum(count_words(paragraph) for paragraph in body)
    article.wall = next((line for line in lines if line not in kept and _fits("wall", line)), None)
    opening = len(body) <= STUB_PARAGRAPHS_MAX or body[-1].endswith(("...", "…"))
    if article.wall is not None and words < STUB_WORDS_MAX and opening:
        raise PageWalled(
            f"Only the opening is here ({words} words); the rest is behind the outlet's paywall.",
            hint="Get the whole page from someone with access, or the outlet's printed text. Nothing was proposed.",
            marker=article.wall[:80],
            words=words,
        )
    if not body:
        raise PageFurniture(
            "No paragraph of an article was found on this page.",
            hint="Copy the article's own text, or save the page as HTML, and hand that in.",
        )


def _body(units: list[str]) -> tuple[int, list[str]]:
    """Return the place of the first paragraph and all paragraphs of the article."""
    first = next((place for place, unit in enumerate(units) if _begins(units, place, unit)), len(units))
    body: list[str] = []
    for unit in units[first:]:
        if body and _fits("end", unit):
            break
        if is_paragraph(unit):
            body.append(unit)
    return first, body


def is_paragraph(unit: str) -> bool:
    """Tell whether a line inside the article is one of its paragraphs."""
    return _is_prose(unit) and not any(_fits(key, unit) for key in ("aside", "moment", "byline", "end"))


def _begins(units: list[str], place: int, unit: str) -> bool:
    """Tell whether the article begins here: a sentence of some length, with another paragraph soon after it."""
    if not is_paragraph(unit) or count_words(unit) < PROSE_WORDS_MIN or _fits("wall", unit):
        return False
    following = units[place + 1 : place + 5]
    return count_words(unit) >= 2 * PROSE_WORDS_MIN or any(is_paragraph(line) for line in following)


def _is_heading(line: str) -> bool:
    if any(_fits(key, line) for key in ("aside", "end", "byline", "caption", "moment", "slug", "embargo")):
        return False
    return (
        2 <= count_words(line) <= 30
        and not _is_dated_heading(line)
        and line.lower() not in load("furniture")["sections"]
    )


def _pieces(text: str) -> set[str]:
    """Return what headings and bodies are compared by: long words, or pairs of characters in unspaced scripts."""
    unspaced = "".join(UNSPACED.findall(text))
    pairs = {unspaced[place : place + 2] for place in range(len(unspaced) - 1)}
    return pairs | {word.lower() for word in WORD.findall(text) if len(word) > 3 or not word.isascii()}


def _read_head(article: Article, head: list[str], body: list[str]) -> None:
    """Choose title and standfirst: the heading that shares most with the body, and the heading behind it."""
    known = _pieces("\n".join(body[:200]))
    best, chosen = 0.0, -1
    for place, line in enumerate(head):
        if not _may_be_title(line):
            continue
        own = _pieces(line)
        score = len(own & known) / max(1, len(own)) + min(10, count_words(line)) / 10 + (head.count(line) > 1)
        score += BEFORE_DATE * _stands_above_date(head, place)
        if own & known and score > best + (0.3 if chosen >= 0 else 0):
            best, chosen = score, place
    if chosen < 0:  # no heading shares a word with the body: then the one nearest to it
        chosen = max((place for place, line in enumerate(head) if _may_be_title(line)), default=-1)
    if chosen < 0:
        return
    article.title = _forms("title_prefix")[0].sub("", head[chosen])
    for line in head[chosen + 1 :]:
        if line != head[chosen] and _may_be_title(line):
            article.standfirst = line
            break


def _stands_above_date(head: list[str], place: int) -> bool:
    """Tell whether only headings stand between this one and the date, the byline or the article."""
    behind = next((line for line in head[place + 1 :] if not _may_be_title(line)), None)
    return behind is None or _fits("byline", behind) or _is_dated_heading(behind)


def _may_be_title(line: str) -> bool:
    return _is_heading(line) and count_words(line) >= TITLE_WORDS_MIN and BREADCRUMB.search(line) is None


def _read_date(article: Article, head: list[str], rest: list[str]) -> None:
    behind = [
        line for line in rest if line not in head and re.match(r"(?i)(?:published|posted|first published)\b", line)
    ]
    dated = [line for line in head if not _fits("embargo", line) and not _fits("caption", line)]
    found = find_published([*dated, *behind])
    if found is not None:
        article.published, article.zone = found.moment, found.zone


def _read_embargo(article: Article, head: list[str]) -> None:
    for line in head:
        found = _forms("embargo")[0].search(line[:LINE_CHARACTERS_JUDGED])
        if found is not None:
            article.embargo = found["until"].strip() or found[0].strip()
            return


def _read_outlet(article: Article, head: list[str], rest: list[str], body: list[str]) -> None:
    """Propose the outlet: what the furniture says, or the masthead above the title, or the agency of the dateline."""
    for line in rest:
        for form in _forms("outlet"):
            found = form.search(line[:LINE_CHARACTERS_JUDGED])
            if found is not None:
                article.outlet, article.outlet_basis = found["name"].strip(" .,"), "furniture"
                return
    masthead = _masthead(article, head)
    if masthead is not None:
        article.outlet, article.outlet_basis = masthead, "masthead"
        return
    byline = next((found for line in head if (found := _forms("agency_byline")[0].search(line))), None)
    if byline is not None:
        article.outlet, article.outlet_basis = byline["name"], "furniture"
    elif body and (found := _forms("agency")[0].search(body[0][:LINE_CHARACTERS_JUDGED])) is not None:
        article.outlet, article.outlet_basis = found["name"], "dateline"


def _masthead(article: Article, head: list[str]) -> str | None:
    for line in head:
        if article.title is not None and line.endswith(article.title):
            return None
        if _is_heading(line) and count_words(line) <= 10 and _is_name(line):
            return re.split(r"\s[-–—|·>»›]\s", line)[0].removesuffix(" Live").strip()
    return None


def _is_name(line: str) -> bool:
    """Tell whether a line can be an outlet's name: no slogan in small letters, and no row of sections."""
    long = [word for word in WORD.findall(line) if len(word) > 4 and (word[0].islower() or word[0].isupper())]
    small = sum(word[0].islower() for word in long)
    sections = sum(word.lower() in load("furniture")["sections"] for word in WORD.findall(line))
    return small * 2 <= len(long) and sections < SECTIONS_MIN
