"""The two pages of December 2017, as they came.  They are an optional input: without them these stories are skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.press import Page, Statement, read_page

FOLDER = Path(__file__).parents[3] / "shared" / "press"
AFTER_THE_VISIT = "000_b3fa3569e14c8483.txt"
BEFORE_THE_VISIT = "001_f1b2d5d77ce06c76.txt"

QUOTATIONS = {  # every direct quotation of the first page, with its speaker
    "prevent war": "A United Nations official",
    "how we do that": "Jeffrey Feltman",
    "they need to signal that they're willing now to go in a different direction": "Jeffrey Feltman",
    "the urgent need to prevent miscalculation and reduce the risk of conflict": "Jeffrey Feltman",
    "such as the military-to-military hotline to reduce risks, to signal intentions": "Jeffrey Feltman",
    "constructive and productive": "Jeffrey Feltman",
    "They listened seriously to our arguments ... they argued with us": "Jeffrey Feltman",
    "They did not offer any type of commitment to us at that point.": "Jeffrey Feltman",
    "I think we've left the door ajar": "Jeffrey Feltman",
    "the most tense and dangerous peace and security issue in the world today": "Jeffrey Feltman",
    "was only a beginning and that we should continue our dialogue": "Jeffrey Feltman",
    "unrealistic": "Rex Tillerson",
    "clearly right now is not the time (for negotiations)": "the White House National Security Council spokesman",
    "The administration is united in insisting": "The White House official",
}


def shared_page(name: str) -> Page:
    path = FOLDER / name
    if not path.exists():
        pytest.skip("the shared press pages are not here")
    return read_page(path.read_bytes())


def the(page: Page, words: str, *, via: bool = False) -> Statement:
    (found,) = [one for one in page.statements if words in one.words and bool(one.via) == via]
    return found


def test_every_paragraph_is_kept_and_no_furniture_after_the_visit() -> None:
    page = shared_page(AFTER_THE_VISIT)
    text = (FOLDER / AFTER_THE_VISIT).read_text(encoding="utf-8")
    blocks = [block for block in text.split("\n\n") if block]
    assert page.article.paragraphs == blocks[4:-1]
    assert page.article.paragraphs[0].startswith("A United Nations official who paid a visit")
    assert page.article.paragraphs[-1].endswith("something most experts say it has still not proved.")
    assert len(page.article.paragraphs) == 21
    assert page.article.title == "UN Official: North Koreans Want to Avert War"


def test_every_paragraph_is_kept_and_no_furniture_before_the_visit() -> None:
    page = shared_page(BEFORE_THE_VISIT)
    assert len(page.article.paragraphs) == 8
    assert page.article.paragraphs[0].startswith("NEW YORK/WASHINGTON -- The United Nations aims")
    assert page.article.paragraphs[-1].endswith("to gauge how well the sanctions are working.")
    assert page.article.standfirst == "Political chief in Pyongyang, but concessions seen as unlikely"
    text = " ".join(page.article.paragraphs)
    assert not any(word in text for word in ("Sponsored", "Nikkei", "free article", "subscription", "Editor Picks"))


@pytest.mark.parametrize(("quotation", "speaker"), QUOTATIONS.items())
def test_every_direct_quotation_has_its_speaker(quotation: str, speaker: str) -> None:
    assert the(shared_page(AFTER_THE_VISIT), quotation).speaker == speaker


def test_the_two_american_statements_stand_side_by_side_as_mixed() -> None:
    page = shared_page(AFTER_THE_VISIT)
    offer = the(page, "offered to meet the North Koreans without preconditions")
    assert (offer.speaker, offer.office, offer.party, offer.named) == (
        "Rex Tillerson",
        "Secretary of State",
        "United States",
        True,
    )
    assert (offer.form, offer.commitment, offer.conditions) == ("reported", "offered", ("without preconditions",))
    assert offer.said is not None
    assert (str(offer.said.first), offer.said.words, offer.said.derived) == ("2017-12-12", "Tuesday", True)
    assert the(page, "unrealistic").form == "reported", "one quoted word is the outlet's report"

    refusal = the(page, "clearly right now is not the time")
    assert (refusal.form, refusal.party, refusal.named) == ("direct", "United States", False)
    assert refusal.inserted == ("(for negotiations)",)
    assert refusal.said is not None
    assert str(refusal.said.first) == "2017-12-13"

    official = the(page, "must wait until the regime fundamentally improves its behavior")
    assert (official.named, official.form, official.party) == (False, "direct", "United States")
    assert official.said is not None
    assert str(official.said.first) == "2017-12-13"
    assert official.conditions[0] == "until the regime fundamentally improves its behavior"


def test_what_the_president_endorsed_is_what_the_secretary_says() -> None:
    endorsed = the(shared_page(AFTER_THE_VISIT), "endorsed his stance", via=True)
    assert (endorsed.speaker, endorsed.via, endorsed.form) == ("Donald Trump", ("Rex Tillerson",), "reported")


def test_what_the_secretary_has_said_is_what_the_official_says() -> None:
    said = the(shared_page(AFTER_THE_VISIT), "this must include", via=True)
    assert (said.speaker, said.via, said.named) == ("the secretary of state", ("The White House official",), False)


def test_a_refusal_to_say_is_recorded_as_a_refusal() -> None:
    declined = the(shared_page(AFTER_THE_VISIT), "declined to say whether Trump gave approval")
    assert (declined.speaker, declined.declined, declined.form) == ("The White House", True, "reported")


def test_what_both_sides_agreed_is_the_envoys_word_about_two_parties() -> None:
    page = shared_page(AFTER_THE_VISIT)
    for words in ("the most tense and dangerous", "was only a beginning"):
        agreed = the(page, words)
        assert (agreed.joint, agreed.speaker, agreed.party) == (True, "Jeffrey Feltman", "United Nations")


def test_no_commitment_is_recorded_as_none() -> None:
    assert the(shared_page(AFTER_THE_VISIT), "did not offer any type of commitment").commitment == "none"


def test_dates_are_as_printed_and_days_are_derived() -> None:
    page = shared_page(AFTER_THE_VISIT)
    assert (page.article.published, page.article.zone) == ("2017-12-13T18:30", None)
    days = {word.words: (str(word.first), str(word.last), word.derived) for _, word in page.dates}
    assert days == {
        "last week": ("2017-12-04", "2017-12-10", True),
        "Tuesday": ("2017-12-12", "2017-12-12", True),
        "Friday": ("2017-12-15", "2017-12-15", True),
        "Wednesday": ("2017-12-13", "2017-12-13", True),
        "today": ("None", "None", False),  # "in the world today" is the envoy's word, not a day of the page
    }


def test_what_is_not_stated_stays_not_stated() -> None:
    article = shared_page(BEFORE_THE_VISIT).article
    assert (article.published, article.zone) == (None, None)
    assert (article.outlet, article.outlet_basis) == ("Nikkei Asian Review", "furniture")


def test_before_the_visit_only_two_people_speak() -> None:
    page = shared_page(BEFORE_THE_VISIT)
    spokesman = the(page, '"wide-ranging policy discussion."')
    assert (spokesman.speaker, spokesman.party, spokesman.form) == ("Stephane Dujarric", "United Nations", "direct")
    assert spokesman.office == "spokesman for U.N. Secretary-General Antonio Guterres"
    mission = the(page, "while our focus remains on finding a peaceful diplomatic solution")
    assert (mission.speaker, mission.party) == ("a spokesman for the U.S. Mission to the U.N.", "United States")
    assert (mission.named, mission.form) == (False, "direct")
    assert len(page.statements) == 3


def test_an_apparent_signal_is_the_outlets_inference_and_nobodys_statement() -> None:
    signal = the(shared_page(BEFORE_THE_VISIT), "apparently signaled approval")
    assert (signal.hedge, signal.attribution) == ("apparently, presumably", "outlet")
    assert (signal.speaker, signal.office, signal.party) == (None, None, None)


def test_expectations_and_accounts_are_set_aside() -> None:
    before, after = shared_page(BEFORE_THE_VISIT), shared_page(AFTER_THE_VISIT)
    reasons = {aside.words[:40]: aside.reason for page in (before, after) for aside in page.set_aside}
    assert reasons["Feltman is expected to urge Pyongyang to"] == "an expectation"
    assert reasons["North Korea has made clear it has little"] == "the outlet's account"
    assert not any("expected to urge" in one.words for one in before.statements)
    assert not any("made clear" in one.words for one in after.statements)
