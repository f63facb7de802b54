"""A date is read in a form that can be read one way; a word for a day is resolved and marked, or stays a word."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.press.dates import find_days, find_published, read_moment

PAGE_DAY = date(2017, 12, 13)  # a Wednesday


@pytest.mark.parametrize(
    ("line", "moment", "zone"),
    [
        ("Wednesday, 13 December, 2017 - 18:30", "2017-12-13T18:30", None),
        ("November 5, 2026 at 9:12 p.m. EST", "2026-11-05T21:12", "EST"),
        ("PUBLISHED: 19:22 GMT, 12 November 2026 | UPDATED: 20:01 GMT, 12 November 2026", "2026-11-12T19:22", "GMT"),
        ("12:05 a.m., November 5, 2026", "2026-11-05T00:05", None),
        ("2026-11-10 18:20:33", "2026-11-10T18:20", None),
        ("2026年11月10日 17:05", "2026-11-10T17:05", None),
        ("2026年11月11日 8時30分", "2026-11-11T08:30", None),
        ("2026年11月11日 8時", "2026-11-11T08:00", None),
        ("2026. 11. 10", "2026-11-10", None),
        ("الثلاثاء ١٠ نوفمبر ٢٠٢٦ - ٠٩:٣٠", "2026-11-10T09:30", None),
        ("Saturday, 14 November 2026, 20:05 (UTC+3)", "2026-11-14T20:05", "UTC+3"),
        ("3rd Nov. 2026", "2026-11-03", None),
        ("5 November 2026, 25:99", "2026-11-05", None),
        ("5 November 2026, 13:05 p.m.", "2026-11-05T13:05", None),
    ],
)
def test_dates_as_outlets_print_them(line: str, moment: str, zone: str | None) -> None:
    found = read_moment(line)
    assert found is not None
    assert (found.moment, found.zone) == (moment, zone)
    assert found.day.isoformat() == moment[:10]


@pytest.mark.parametrize(
    "line", ["05/11/2026", "11-05-26", "31 February 2026", "Nov 5", "2026", "0000-01-01", "yesterday", "32 May 2026"]
)
def test_what_can_be_read_two_ways_or_none_is_no_date(line: str) -> None:
    assert read_moment(line) is None


def test_published_goes_before_plain_before_updated() -> None:
    lines = ["Last updated 7 November 2026", "6 November 2026", "Posted: 5 November 2026", "no date"]
    for wanted in ("2026-11-05", "2026-11-06", "2026-11-07"):
        found = find_published(lines)
        assert found is not None
        assert found.moment == wanted
        lines = [line for line in lines if f"{wanted[-1]} November" not in line]
    assert find_published([]) is None
    found = find_published(["Posted: 5 November 2026", "6 November 2026"])
    assert found is not None
    assert found.moment == "2026-11-05"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("the minister said on Tuesday", "2017-12-12", "2017-12-12"),
        ("an official said on Wednesday", "2017-12-13", "2017-12-13"),
        ("is expected to attend the meeting Friday", "2017-12-15", "2017-12-15"),
        ("He was expected last year. He said on Friday", "2017-12-08", "2017-12-08"),
        ("who paid a visit last week", "2017-12-04", "2017-12-10"),
        ("they meet next week", "2017-12-18", "2017-12-24"),
        ("the shot fired yesterday", "2017-12-12", "2017-12-12"),
        ("the talks begin tomorrow", "2017-12-14", "2017-12-14"),
        ("قال الوزير يوم الاثنين", "2017-12-11", "2017-12-11"),
        ("部长周一表示", "2017-12-11", "2017-12-11"),
        ("アルバの外相は10日、", "2017-12-10", "2017-12-10"),
        ("외무장관은 9일 말했다", "2017-12-09", "2017-12-09"),
        ("외무장관은 30일 말했다", "2017-11-30", "2017-11-30"),
    ],
)
def test_words_for_days_follow_from_the_pages_date(text: str, first: str, last: str) -> None:
    (word,) = find_days(text, PAGE_DAY)
    assert (str(word.first), str(word.last), word.derived) == (first, last, True)
    assert text[word.start : word.end] == word.words


def test_without_a_date_words_stay_words() -> None:
    for text in ("on Tuesday", "last week", "외무장관은 9일 말했다"):
        (word,) = find_days(text, None)
        assert (word.first, word.last, word.derived) == (None, None, False)
        assert word.to_json()["from"] is None


def test_a_weekday_inside_a_quotation_is_the_speakers() -> None:
    text = 'She said: "Ask me on Monday."'
    (word,) = find_days(text, PAGE_DAY, [(10, len(text))])
    assert word.first is None


def test_a_number_that_is_no_day_of_any_month_is_none() -> None:
    (word,) = find_days("外相は45日、", PAGE_DAY)
    assert word.first is None


@given(st.text(max_size=200))
def test_any_line_is_a_date_or_none(line: str) -> None:
    found = read_moment(line)
    assert found is None or found.day == date.fromisoformat(found.moment[:10])


@given(st.text(max_size=200), st.dates())
def test_day_words_are_pieces_of_their_text(text: str, day: date) -> None:
    for word in find_days(text, day):
        assert text[word.start : word.end] == word.words
