"""A whole page: its JSON, its transcripts, and what must hold for any bytes whatever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.press import Page, PageRejected, read_page
from openline.press.page import PARAGRAPHS_MAX
from tests.press.support import page_of

PAGES = Path(__file__).parents[2] / "benchmarks" / "press" / "pages"

KEYS = {"title", "outlet", "published", "zone", "paragraphs", "statements"}
STATEMENT_KEYS = {
    *("speaker", "office", "party", "named", "form", "words", "inserted", "paragraph", "said", "topic", "conditions"),
    *("commitment", "via", "hedge", "declined", "joint"),
}

TRANSCRIPT = """Press briefing by the spokesperson of the Ministry of Foreign Affairs of Cendra

9 November 2026

SPOKESPERSON: Cendra will host both delegations from Monday on. I decline to say where.

QUESTION: Has Bora confirmed that it will come? Somebody said it would not.

SPOKESPERSON: Bora told us this morning that it will come. (Laughter.)

THE CHAIR: We will publish a short summary every evening.

It will be one page long.

QUESTION: Thank you, that is all.
"""


def test_the_json_has_every_key_and_says_null_for_what_is_not_stated() -> None:
    found = page_of("The envoy of Cendra said the line was open.", date="Our correspondent").to_json()
    assert found.keys() >= KEYS
    assert (found["published"], found["zone"]) == (None, None)
    (statement,) = found["statements"]
    assert statement.keys() >= STATEMENT_KEYS
    assert statement["said"] is None
    assert statement["topic"] == "communication line"
    assert json.loads(json.dumps(found)) == found


def test_the_notes_say_what_is_only_proposed_and_what_is_missing() -> None:
    notes = " ".join(page_of("The envoy of Cendra said the line was open.", date="Our correspondent").notes)
    assert "proposed, not asserted" in notes
    assert "Date: not stated" in notes
    assert "Zone: not stated" in notes


def test_an_offer_to_read_on_is_noted() -> None:
    paragraphs = ["The envoy of Cendra said the line was open.", "It rained.", "It stopped.", "It rained again."]
    text = "Alba tests the line\n\n" + "\n\n".join(paragraphs) + "\n\nSubscribe to continue reading\n"
    assert any("check that the article is whole" in note for note in read_page(text.encode()).notes)


def test_a_date_entered_by_a_person_is_marked_and_does_not_replace_the_pages_own() -> None:
    text = b"Alba tests the line\n\n%s\n\nThe envoy of Cendra said on Tuesday that the line was open again tonight.\n"
    entered = read_page(text % b"Our correspondent", published="2026-11-05", zone="UTC")
    (statement,) = entered.statements
    assert (entered.date_entered, entered.article.zone) == (True, "UTC")
    assert statement.said is not None
    assert str(statement.said.first) == "2026-11-03"
    own = read_page(text % b"12 November 2026", published="2026-11-05")
    assert (own.date_entered, own.article.published) == (False, "2026-11-12")


def test_a_language_without_rules_keeps_its_paragraphs_and_proposes_nothing() -> None:
    page = read_page(
        "Der Außenminister von Alba sagte am Montag, die Leitung werde jede Stunde geprüft, auch nachts.".encode()
    )
    assert len(page.article.paragraphs) == 1
    assert (page.language, page.statements) == ("other", ())
    assert any("by hand" in note for note in page.notes)


def test_each_turn_of_a_transcript_is_its_speakers_and_questions_are_nobodys() -> None:
    page = read_page(TRANSCRIPT.encode())
    direct = [one for one in page.statements if not one.via]
    office = "spokesperson of the Ministry of Foreign Affairs of Cendra"
    assert [one.speaker for one in direct] == [office, office, "THE CHAIR", "THE CHAIR"]
    assert [one.party for one in direct] == ["Cendra", "Cendra", None, None]
    assert direct[0].declined
    assert direct[0].said is not None
    assert str(direct[0].said.first) == "2026-11-09"
    assert direct[1].inserted == ("(Laughter.)",)
    (inside,) = [one for one in page.statements if one.via]
    assert (inside.speaker, inside.via, inside.words) == ("Bora", (office,), "it will come")


INTERVIEW = """{title}

19 November 2026

Q: Do you believe that the line works?

A: I believe the log, and it shows eleven calls.

Q: Who called first?

A: I will not discuss who called whom.
"""


@pytest.mark.parametrize(
    ("title", "speaker", "party"),
    [
        ("Interview with the mediator of Cendra", "the mediator of Cendra", "Cendra"),
        ("Interview with the president of Alba and the president of Bora", "A", None),
        ("An interview about the line", "A", None),
    ],
)
def test_the_answers_of_an_interview_are_the_one_office_in_its_title(
    title: str, speaker: str, party: str | None
) -> None:
    found = read_page(INTERVIEW.format(title=title).encode()).statements
    assert {(one.speaker, one.party) for one in found} == {(speaker, party)}
    assert [one.declined for one in found] == [False, True]


def test_a_transcript_without_a_date_states_none() -> None:
    page = read_page(TRANSCRIPT.replace("9 November 2026", "Check against delivery").encode())
    assert page.statements[0].said is None


def test_more_paragraphs_than_one_page_has_are_refused() -> None:
    with pytest.raises(PageRejected):
        read_page(b"The line between the two armies is open.\n\n" * (PARAGRAPHS_MAX + 1))


def check(page: Page, text: str) -> None:
    """What must hold for every page: nothing on it was made up."""
    squeezed = " ".join(text.split())
    for paragraph in page.article.paragraphs:
        assert " ".join(paragraph.split()) in squeezed
    for one in page.statements:
        paragraph = page.article.paragraphs[one.paragraph]
        assert one.words
        assert one.words in paragraph
        assert one.context in paragraph
        assert all(piece in one.words for piece in (*one.quoted, *one.inserted, *one.conditions))
        assert one.speaker is None or " ".join(one.speaker.split()) in squeezed
        assert one.office is None or " ".join(one.office.split()) in squeezed
        assert one.hedge is None or all(word in paragraph for word in one.hedge.split(", "))
        assert one.said is None or one.said.words in text or one.said.words == page.article.published


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_nothing_on_a_page_of_the_benchmark_is_made_up(name: str) -> None:
    data = (PAGES / name).read_bytes()
    if name == "paywall.txt":
        with pytest.raises(PageRejected):
            read_page(data)
        return
    page = read_page(data)
    if not name.endswith(".html"):
        check(page, data.decode())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_page_or_a_documented_refusal(data: bytes) -> None:
    try:
        page = read_page(data)
    except PageRejected:
        return
    json.dumps(page.to_json())


PIECES = st.sampled_from(
    [
        "The foreign minister of Alba",
        "Bora",
        "he",
        "both sides",
        "It",
        " said ",
        " told reporters ",
        " that ",
        "agreed ",
        "declined to say ",
        '"',
        "“",
        "”",
        "‘",
        "’",
        "'",
        ", ",
        ". ",
        ": ",
        "\n\n",
        " and ",
        " but ",
        "who ",
        "according to ",
        "on Monday ",
        "if ",
        "(",
        "]",
        "We will keep the line open",
        "As the president has said, ",
        "apparently ",
        "is expected to ",
        "QUESTION: ",
        "No. ",
        "U.N. ",
        "部长说",
        "。",
    ]
)


@given(st.lists(PIECES, max_size=60))
def test_any_prose_yields_only_words_that_are_on_the_page(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        page = read_page(text.encode())
    except PageRejected:
        return
    check(page, text)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<html>", "<script>", "<!--", "<meta charset=x>", "&amp;", "Bora said it would.", '"']
        ),
        max_size=40,
    )
)
def test_any_markup_is_read_or_refused(pieces: list[str]) -> None:
    try:
        page = read_page("".join(pieces).encode())
    except PageRejected:
        return
    assert page.article.paragraphs
