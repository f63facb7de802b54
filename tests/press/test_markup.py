"""The article is cut out of a page of HTML; only what the page states is believed."""

from __future__ import annotations

import pytest

from openline.press import PageFurniture, PageWalled, read_page
from openline.press.cutter import Article
from openline.press.markup import cut_markup

FIRST = "The foreign minister of Alba said on Monday that the line would be tested every hour from now on."
SECOND = "Bora has not answered yet, and nobody in its capital expects an answer before the end of the week."
THIRD = "It is the fourth offer in a year, and the first one that speaks of a test before the agreement is signed."


def page(head: str = "", body: str = "", article: str = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>") -> Article:
    return cut_markup(
        f"<html><head>{head}</head><body>{body}<article><h1>Alba tests the line</h1>{article}</article></body></html>"
    )


def test_paragraphs_are_kept_and_navigation_is_not() -> None:
    found = page(
        body="<nav><a href='/'>Home</a></nav><div class='cookie'>We use cookies.</div><script>var said = 1;</script>"
    )
    assert found.paragraphs == [FIRST, SECOND, THIRD]
    assert found.title == "Alba tests the line"


def test_metadata_names_outlet_and_date_with_its_zone() -> None:
    found = page(
        '<meta property="og:site_name" content="The Mountain Post">'
        '<meta property="article:published_time" content="2026-11-10T06:00:00+02:00">'
    )
    assert (found.outlet, found.outlet_basis) == ("The Mountain Post", "markup")
    assert (found.published, found.zone) == ("2026-11-10T06:00", "+02:00")


def test_linked_data_states_the_date() -> None:
    found = page('<script type="application/ld+json">[{"datePublished": "2026-11-10T06:00:00Z"}]</script>')
    assert (found.published, found.zone) == ("2026-11-10T06:00", "Z")


@pytest.mark.parametrize("block", ["{", "[1]", '{"datePublished": 5}', "[" * 3000])
def test_broken_linked_data_states_nothing(block: str) -> None:
    assert page(f'<script type="application/ld+json">{block}</script>').published is None


def test_a_time_element_states_the_date() -> None:
    assert page(body='<time datetime="2026-11-09">Monday</time>').published == "2026-11-09"


def test_a_date_that_can_be_read_two_ways_is_not_stated() -> None:
    assert page('<meta name="date" content="05/11/2026">').published is None


def test_a_printed_date_is_read_where_nothing_else_states_one() -> None:
    assert (
        page(article=f"<p>Monday 16 November 2026</p><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>").published
        == "2026-11-16"
    )


def test_a_date_below_the_article_is_another_storys() -> None:
    found = page(article=f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><div>Older stories: 3 May 2019</div>")
    assert found.published is None


def test_the_outlets_name_is_no_part_of_the_title() -> None:
    found = cut_markup(
        '<html><head><title>Alba tests the line | The Mountain Post</title><meta property="og:site_name" '
        f'content="The Mountain Post"></head><body><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></body></html>'
    )
    assert found.title == "Alba tests the line"


def test_invisible_joiners_inside_words_are_kept() -> None:
    persian = "وزیر امور خارجه آلبا روز سه‌شنبه گفت که کشورش آماده است در هر زمان و هر مکان با بورا گفتگو کند."
    found = page(article=f"<p>{persian}</p><p>{persian[:-1]} و دو طرف نمی‌خواهند.</p>")
    assert found.paragraphs[0] == persian


def test_a_stub_in_html_is_a_stub() -> None:
    with pytest.raises(PageWalled):
        page(article=f"<p>{FIRST}</p>", body="<div>This article is for subscribers only.</div>")


def test_html_without_an_article_is_refused() -> None:
    with pytest.raises(PageFurniture):
        cut_markup("<html><body><a>Home</a></body></html>")


def test_html_nested_beyond_reason_is_read_as_its_text() -> None:
    deep = "<div>" * 5_000 + f"<p>{FIRST}</p><p>{SECOND}</p>" + "</div>" * 5_000
    assert cut_markup(f"<html><body>{deep}</body></html>").paragraphs == [FIRST, SECOND]


@pytest.mark.parametrize(
    "broken",
    [
        "<html><p>",
        "<html></p></div></title>",
        "<html><script>",
        "<html><meta><time></time><!--",
        "<html>&#x110000;&#0;",
    ],
)
def test_broken_html_is_refused_and_breaks_nothing(broken: str) -> None:
    with pytest.raises(PageFurniture):
        read_page(broken.encode())


def test_a_quotation_whose_marks_the_browser_sets_is_a_quotation() -> None:
    said = "<p>The foreign minister of Bora said: <q>We will answer in our own time.</q> Nobody asked him why.</p>"
    rest = "<p>The river between the two countries was quiet for most of the week, as it had been before.</p>"
    page = read_page(f"<html><body><article><h1>Bora waits</h1>{said}{rest}</article></body></html>".encode())
    (found,) = page.statements
    assert (found.form, found.words) == ("direct", "We will answer in our own time.")


@pytest.mark.parametrize(
    "inline",
    [
        '<time datetime="2026-11-02">Monday</time>, and it',
        "<label>open</label>, and it",
        "<ruby>open<rt>reading</rt></ruby>, and it",
        "<button>Share</button> open",
        "<q>open</q>, and it",
        "<abbr>open</abbr>, and it",
    ],
)
def test_an_element_inside_a_paragraph_loses_none_of_it(inline: str) -> None:
    rest = "<p>The river between the two countries was quiet for most of the week, as it had been before.</p>"
    said = f"<p>The foreign minister of Bora said that the line was not {inline} would stay so all winter.</p>"
    page = read_page(f"<html><body><article><h1>Bora waits</h1>{rest}{said}{rest}</article></body></html>".encode())
    (paragraph,) = [text for text in page.article.paragraphs if text.startswith("The foreign minister of Bora")]
    assert paragraph.endswith("would stay so all winter.")
    assert "Share" not in paragraph
