"""The article is cut out of a page of text: its paragraphs, all of them, in order, and nothing else."""

from __future__ import annotations

import pytest

from openline.press import PageFurniture, PageWalled
from openline.press.cutter import Article, cut_text, lines_of

FIRST = "The foreign minister of Alba said on Monday that the line would be tested every hour from now on."
SECOND = "Bora has not answered yet, and nobody in its capital expects an answer before the end of the week."
THIRD = "It is the fourth offer in a year."


def cut(*units: str) -> Article:
    return cut_text("\n\n".join(units))


@pytest.mark.parametrize(
    "furniture",
    [
        "Advertisement",
        "Share this article",
        "Subscribe",
        "Read more: Five things to know about the river",
        "We use cookies to improve your visit.",
        "14:05 GMT",
        "By our correspondent",
        "38 shares",
        "You have {{numberArticlesLeft}} free articles left this month.",
        "The bridge over the river. (Reuters)",
        "Sign up for our weekly newsletter",
        "مواضيع ذات صلة",
        "登录",
    ],
)
def test_furniture_between_paragraphs_is_dropped_and_the_article_goes_on(furniture: str) -> None:
    if furniture == "مواضيع ذات صلة":
        assert cut(FIRST, SECOND, THIRD, furniture).paragraphs == [FIRST, SECOND, THIRD]
        return
    assert cut("A heading of the page", FIRST, furniture, SECOND, THIRD).paragraphs == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "marker",
    [
        "Sponsored Content",
        "Most read",
        "More on this story",
        "(Reporting by the bureau; Editing by the desk)",
        "Tags: Alba, Bora",
        "© 2026 The Mountain Post",
        "All rights reserved.",
        "You may also like",
        "版权所有",
        "관련기사",
        "関連記事",
        "END",
    ],
)
def test_after_the_end_of_an_article_nothing_more_belongs_to_it(marker: str) -> None:
    assert cut(
        FIRST, SECOND, marker, "Another article begins with a sentence of its own, and is none of this."
    ).paragraphs == [
        FIRST,
        SECOND,
    ]


def test_title_date_caption_and_masthead_are_told_apart() -> None:
    article = cut(
        "The Mountain Post - News from the heights",
        "Alba tests the line every hour",
        "Bora has not answered",
        "Tuesday, 3 November 2026 - 18:30 GMT",
        "The river at night. (AP)",
        FIRST,
        SECOND,
    )
    assert (article.title, article.standfirst) == ("Alba tests the line every hour", "Bora has not answered")
    assert (article.outlet, article.outlet_basis) == ("The Mountain Post", "masthead")
    assert (article.published, article.zone) == ("2026-11-03T18:30", "GMT")
    assert article.captions == ["The river at night. (AP)"]


def test_a_title_printed_twice_is_one_title_and_no_standfirst() -> None:
    article = cut("Alba tests the line every hour", "Alba tests the line every hour", FIRST, SECOND)
    assert (article.title, article.standfirst) == ("Alba tests the line every hour", None)


def test_a_breadcrumb_is_no_title_and_a_wire_prefix_no_part_of_it() -> None:
    assert cut("World / Alba and Bora", "UPDATE 2-Alba tests the line", FIRST, SECOND).title == "Alba tests the line"


def test_without_a_heading_there_is_no_title() -> None:
    article = cut(FIRST, SECOND)
    assert (article.title, article.outlet, article.published, article.zone) == (None, None, None, None)


def test_a_heading_that_shares_no_word_with_the_article_is_still_its_heading() -> None:
    assert cut("Quiet hours ahead", FIRST, SECOND).title == "Quiet hours ahead"


def test_the_agency_of_the_dateline_is_the_outlet_when_nothing_else_names_one() -> None:
    article = cut("ALBA CITY, Nov 3 (Strait Wire) - " + FIRST, SECOND)
    assert (article.outlet, article.outlet_basis) == ("Strait Wire", "dateline")


def test_an_embargo_is_kept_and_its_hour_is_no_date_of_publication() -> None:
    article = cut("EMBARGOED UNTIL 18:00 UTC, 13 November 2026", "Alba tests the line", FIRST, SECOND)
    assert (article.embargo, article.published) == ("UNTIL 18:00 UTC, 13 November 2026", None)
    assert cut("Embargoed", "Alba tests the line", FIRST, SECOND).embargo == "Embargoed"


def test_a_paragraph_wrapped_by_width_is_one_paragraph() -> None:
    wrapped = (
        "The foreign minister of Alba said on Monday that the line\nwould be tested every hour from now on, "
        "and that her own\nofficers would answer it."
    )
    assert lines_of(wrapped) == [wrapped.replace("\n", " ")]


def test_lines_that_are_sentences_stay_paragraphs_of_their_own() -> None:
    assert lines_of(f"{FIRST}\n{SECOND}") == [FIRST, SECOND]
    assert lines_of("A full line that is about as wide as a terminal is.\nANOTHER SPEAKER: No.") == [
        "A full line that is about as wide as a terminal is.",
        "ANOTHER SPEAKER: No.",
    ]


def test_an_opening_before_a_paywall_is_a_stub_and_says_so() -> None:
    with pytest.raises(PageWalled) as caught:
        cut("Alba tests the line", FIRST + "..", "Subscribe to continue reading", "Already a subscriber? Sign in")
    assert caught.value.facts["marker"] == "Subscribe to continue reading"
    assert caught.value.hint


def test_a_long_article_with_an_offer_to_subscribe_below_it_is_an_article() -> None:
    body = [f"{FIRST[:-1]}, and this was paragraph number {number} of the report." for number in range(8)]
    article = cut(*body, "Subscribe to continue reading")
    assert (article.paragraphs, article.wall) == (body, "Subscribe to continue reading")
    assert cut(*body).wall is None


def test_a_short_article_of_whole_paragraphs_beside_an_offer_is_kept_and_a_broken_off_one_is_not() -> None:
    body = [FIRST, "It rained.", "It stopped.", SECOND]
    assert cut(*body, "Already a subscriber? Sign in").paragraphs == body
    with pytest.raises(PageWalled):
        cut(*body[:-1], SECOND + "..", "Already a subscriber? Sign in")


def test_a_page_of_furniture_is_no_article() -> None:
    with pytest.raises(PageFurniture) as caught:
        cut("Home", "News", "Sport", "Log in")
    assert caught.value.hint


def test_a_short_sentence_alone_is_no_article_but_belongs_to_one() -> None:
    with pytest.raises(PageFurniture):
        cut("It rained.")
    assert cut(FIRST, "It rained.", SECOND).paragraphs == [FIRST, "It rained.", SECOND]


def test_a_long_line_without_a_full_stop_is_prose() -> None:
    line = " ".join(["word"] * 31)
    assert cut(FIRST, line, SECOND).paragraphs[1] == line


def test_a_quoted_line_without_a_full_stop_is_prose_when_it_is_long() -> None:
    line = 'On Monday the foreign minister of Alba said: "We will keep the line open all winter"'
    assert cut(FIRST, line, '"Short quote"', SECOND).paragraphs == [FIRST, line, SECOND]


def test_words_are_counted_in_pairs_where_they_are_not_spaced() -> None:
    article = cut(
        "海峡日报",
        "阿尔巴提议开通热线",
        "2026年11月10日 17:05",
        "阿尔巴外交部长周一表示，阿尔巴愿意会谈。",
        "博拉没有回应这个提议，也没有解释原因。",
    )
    assert (article.title, article.outlet, len(article.paragraphs)) == ("阿尔巴提议开通热线", "海峡日报", 2)
