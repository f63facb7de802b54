"""When the page was published, and what its day words mean.

A date is read only in a form that can be read one way: 05/11/2026 is two days, so it is none.  "Tuesday" is resolved
against the page's date and marked derived; without that date it stays a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from openline.press.tables import any_piece, load, patterns

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
LOOK_BACK_CHARACTERS = 90  # how far before a weekday a word such as "expected" still turns it to the future
AHEAD = re.compile(
    r"\b(?:will|would|expected|scheduled|due|next|by|until|coming|plans?|planned|tomorrow|shall|is to|are to|set to)\b",
    re.IGNORECASE,
)
BACK = re.compile(
    r"\b(?:said|told|says|last|had|was|were|since|visited|announced|posted|published|fired|met|sent)\b", re.IGNORECASE
)
YEARS = range(
    1900, 2101
)  # of the common calendar; 1405 and 2569 are years of others, and are not converted by guessing
WORDS_BEFORE_DATE = 5  # on one line: then the line is about something else, and the date is of that
ASCII_WORD = re.compile(r"^[\x00-\x7f]+$")


@dataclass(frozen=True, slots=True)
class Published:
    """The page's own date: ISO 8601 without a zone ("2017-12-13T18:30" or "2017-12-13"), and the zone as printed."""

    moment: str
    zone: str | None

    @property
    def day(self) -> date:
        """The day alone."""
        return date.fromisoformat(self.moment[:10])


@dataclass(frozen=True, slots=True)
class DayWord:
    """A word for a day: the words, where they stand in their paragraph, and the first and last day meant, if known.

    `derived`: the days do not stand on the page; they follow from its date.  `carried`: the word stands with an
    earlier statement of the same party.
    """

    words: str
    start: int
    end: int
    first: date | None
    last: date | None
    derived: bool
    carried: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of this word; days that cannot be known are null."""
        return {
            "words": self.words,
            "from": None if self.first is None else self.first.isoformat(),
            "to": None if self.last is None else self.last.isoformat(),
            "derived": self.derived,
            "carried": self.carried,
        }


@cache
def _months() -> dict[str, int]:
    return {word.lower(): int(number) for number, names in load("calendar")["months"].items() for word in names}


@cache
def _date_forms() -> tuple[re.Pattern[str], ...]:
    month = f"(?P<name>{any_piece(_months())})"
    return patterns(
        (
            r"(?<!\d)(?P<year>\d{4})\s?[-./年년]\s?(?P<month>\d{1,2})\s?[-./月월]\s?(?P<day>\d{1,2})(?!\d)",
            rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{month}\.?,?\s+(?P<year>\d{{4}})(?!\d)",
            rf"(?<!\w){month}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
            # Figures alone only where one order is left: 16.11.2026 or 11/16/2026, never 05/11/2026.
            r"(?<![\d./-])(?P<day>1[3-9]|2\d|3[01])[./-](?P<month>0?[1-9]|1[0-2])[./-](?P<year>\d{4})(?!\d)",
            r"(?<![\d./-])(?P<month>0?[1-9]|1[0-2])[./-](?P<day>1[3-9]|2\d|3[01])[./-](?P<year>\d{4})(?!\d)",
        ),
        re.IGNORECASE,
    )


TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})|\s?[時时시]\s?(?:(?P<other>\d{1,2})\s?[分분])?)(?::\d{2})?(?![\d:])"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
PUBLISHED_WORDS = re.compile(r"publish|posted|first |入力|입력|등록|发布|配信|نشر|انتشار", re.IGNORECASE)
UPDATED_WORDS = re.compile(r"updated|modified|수정|更新|تحديث", re.IGNORECASE)


def read_moment(line: str) -> Published | None:
    """Return the date, time and zone printed on one line, or None when no unambiguous date stands there."""
    plain = line.translate(DIGITS)
    for form in _date_forms():
        found = form.search(plain)
        if found is None:
            continue
        parts = found.groupdict()
        month = _months()[parts["name"].lower()] if parts.get("name") else int(parts["month"])
        day = _day_or_none(int(parts["year"]), month, int(parts["day"]))
        if day is not None:
            return _with_time(day, plain, found)
    return None


def _with_time(day: date, line: str, found: re.Match[str]) -> Published:
    """Add the time nearest to the date: behind it, or, as in "19:22 GMT, 12 November", before it."""
    behind, before = line[found.end() : found.end() + 60], line[max(0, found.start() - 30) : found.start()]
    for text in (behind.split("|")[0], before):
        time = TIME.search(text)
        if time is None:
            continue
        hour, minute = int(time["hour"]), int(time["minute"] or time["other"] or 0)
        half = (time["half"] or "").lower()[:1]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour > 23 or minute > 59:
            continue
        zone = re.search(load("calendar")["zones"]["pattern"], text)
        return Published(f"{day.isoformat()}T{hour:02}:{minute:02}", zone[0].strip() if zone else None)
    return Published(day.isoformat(), None)


def find_published(lines: Iterable[str]) -> Published | None:
    """Return the date of publication from the lines around an article.

    "Published" goes before a plain date, that before "updated", and a date inside a line of words comes last.
    """
    best: tuple[int, Published] | None = None
    for line in lines:
        moment = read_moment(line)
        if moment is None:
            continue
        rank = _rank(line)
        if best is None or rank < best[0]:
            best = (rank, moment)
    return None if best is None else best[1]


def _rank(line: str) -> int:
    before = line[: _date_start(line)]
    if PUBLISHED_WORDS.search(line):
        return 0
    if UPDATED_WORDS.search(before):
        return 2
    return 3 if len(re.findall(r"[^\W\d_]{2,}", before)) >= WORDS_BEFORE_DATE else 1


def _date_start(line: str) -> int:
    plain = line.translate(DIGITS)
    return min((found.start() for form in _date_forms() if (found := form.search(plain))), default=0)


@cache
def _day_words() -> tuple[re.Pattern[str], dict[str, tuple[str, int]]]:
    calendar = load("calendar")
    meaning: dict[str, tuple[str, int]] = {}
    for kind in ("weekdays", "offsets", "weeks"):
        for number, names in calendar[kind].items():
            meaning |= {word.lower(): (kind, int(number)) for word in names}
    latin = any_piece(word for word in meaning if ASCII_WORD.match(word))
    others = any_piece(word for word in meaning if not ASCII_WORD.match(word))
    return re.compile(rf"(?<!\w)(?:{latin})(?!\w)|{others}", re.IGNORECASE), meaning


def find_days(text: str, page_day: date | None, quoted: Iterable[tuple[int, int]] = ()) -> list[DayWord]:
    """Return the words for days in one paragraph, resolved against the day of the page where that can be done.

    Inside a quotation (`quoted` bounds) a weekday is the speaker's and may point either way: it stays a word.
    """
    form, meaning = _day_words()
    inside = tuple(quoted)
    found = [_resolve(text, word, meaning[word[0].lower()], page_day, inside) for word in form.finditer(text)]
    for number in patterns(load("calendar")["day_of_month"]["patterns"]):
        for word in number.finditer(text):
            day = None if page_day is None else _latest_day(page_day, int(word["day"]))
            found.append(DayWord(word[0], word.start(), word.end(), day, day, derived=day is not None))
    return sorted([*found, *_printed_days(text, page_day, inside)], key=lambda word: word.start)


@cache
def _month_and_day() -> re.Pattern[str]:
    names = any_piece(_months())
    month, year = rf"(?P<%s>{names})\.?", r"(?:,?\s+(?P<%s>\d{4}))?(?!\d)"
    return re.compile(
        rf"(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s{month % 'name'}(?!\w){year % 'year'}"
        rf"|(?<!\w){month % 'first'}\s(?P<second>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]){year % 'then'}",
        re.IGNORECASE,
    )


def _printed_days(text: str, page_day: date | None, quoted: tuple[tuple[int, int], ...]) -> list[DayWord]:
    """Return the dates printed in a paragraph; one without a year follows from the page's own, and is marked."""
    found = []
    for word in _month_and_day().finditer(text):
        month = _months()[(word["name"] or word["first"]).lower()]
        number, year = int(word["day"] or word["second"]), word["year"] or word["then"]
        inside = any(start <= word.start() < end for start, end in quoted)
        if year is not None:
            day = _day_or_none(int(year), month, number)
        elif page_day is None or inside:
            day = None
        else:
            day = _nearest_year(text, word.start(), month, number, page_day)
        if day is not None or year is None:
            found.append(DayWord(word[0], word.start(), word.end(), day, day, derived=year is None and day is not None))
    return found


def _day_or_none(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number) if year in YEARS else None
    except ValueError:
        return None


def _nearest_year(text: str, start: int, month: int, number: int, page_day: date) -> date | None:
    """The latest such day up to the page's own, or, where the words look ahead, the next one after it."""
    ahead = _looks_ahead(text, start)
    years = (page_day.year, page_day.year + 1) if ahead else (page_day.year, page_day.year - 1)
    days = (_day_or_none(year, month, number) for year in years)
    return next((day for day in days if day is not None and (day >= page_day if ahead else day <= page_day)), None)


def _resolve(
    text: str, word: re.Match[str], meaning: tuple[str, int], page_day: date | None, quoted: tuple[tuple[int, int], ...]
) -> DayWord:
    kind, number = meaning
    first = last = None
    if page_day is not None and not any(start <= word.start() < end for start, end in quoted):
        if kind == "offsets":
            first = last = page_day + timedelta(number)
        elif kind == "weeks":
            first = page_day - timedelta(page_day.weekday()) + timedelta(weeks=number)
            last = first + timedelta(6)
        else:
            first = last = _nearest(text, word, number, page_day)
    return DayWord(word[0], word.start(), word.end(), first, last, derived=first is not None)


def _nearest(text: str, word: re.Match[str], weekday: int, page_day: date) -> date:
    """The latest such day up to the page's own, or, where the words look ahead, the next one after it."""
    if _looks_ahead(text, word.start()):
        return page_day + timedelta((weekday - page_day.weekday()) % 7)
    return page_day - timedelta((page_day.weekday() - weekday) % 7)


def _looks_ahead(text: str, start: int) -> bool:
    before = text[max(0, start - LOOK_BACK_CHARACTERS) : start]
    before = re.split(r"(?<=[.!?])\s", before)[-1]
    return _last_place(AHEAD, before) > _last_place(BACK, before)


def _last_place(form: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in form.finditer(text)), default=-1)


def _latest_day(page_day: date, number: int) -> date | None:
    """The latest day up to the page's own that bears this number in its month, within two months."""
    for back in range(62):
        day = page_day - timedelta(back)
        if day.day == number:
            return day
    return None
