"""Manners of outlets that the third round of pages brought: each rule with what it must not do."""

from __future__ import annotations

from datetime import date

import pytest

from openline.press import read_page
from openline.press.dates import find_days, find_published, read_moment
from openline.press.transcripts import labels_of
from tests.press.support import only, page_of, statements_of


# ---------------------------------------------------------------- transcripts
def turns(*paragraphs: str) -> list[tuple[str | None, str | None, str]]:
    found = [one for one in statements_of(*paragraphs) if not one.via and one.paragraph < len(paragraphs)]
    return [(one.speaker, one.party, one.words) for one in found]


def test_the_turn_of_a_long_label_is_never_given_to_whoever_spoke_before() -> None:
    found = turns(
        "FOREIGN MINISTER OF CENDRA: We spent four hours on one page today.",
        "DEPUTY FOREIGN MINISTER OF BORA: (Through interpreter) Bora will study that page.",
        "QUESTION (via interpreter): Is there a secret annex to the page?",
        "DEPUTY FOREIGN MINISTER OF BORA: There is no annex. There is hardly a page.",
        "FOREIGN MINISTER OF CENDRA: No comment.",
    )
    assert [speaker for speaker, _, _ in found] == [
        "FOREIGN MINISTER OF CENDRA",
        "DEPUTY FOREIGN MINISTER OF BORA",
        "DEPUTY FOREIGN MINISTER OF BORA",
        "FOREIGN MINISTER OF CENDRA",
    ]
    assert [party for _, party, _ in found] == ["Cendra", "Bora", "Bora", "Cendra"]
    assert found[1][2].startswith("(Through interpreter) Bora will study")


def test_a_turn_that_says_both_sides_agreed_is_joint_and_no_comment_is_a_refusal() -> None:
    found = statements_of(
        "MINISTER OF CENDRA: Thank you. Both sides have agreed to keep the observers until the end of January.",
        "QUESTION: And what will they cost the two governments?",
        "MINISTER OF CENDRA: No comment.",
        "QUESTION: Who will pay for the observers at the ford?",
        "MINISTER OF CENDRA: The two sides read the page and went home without a word.",
    )
    flags = [(one.joint, one.declined) for one in found[:3]]
    assert flags == [(True, False), (False, True), (False, False)]
    assert found[0].conditions == ()


def test_a_word_that_counts_is_no_label() -> None:
    assert [label and label["label"] for label in labels_of(["First: the line.", "Q: Why?", "Envoy of Bora: No."])] == [
        None,
        "Q",
        "Envoy of Bora",
    ]


def test_a_label_with_a_last_name_is_the_one_person_of_that_name_on_the_page() -> None:
    called = "The envoy First Surname of Cendra met reporters today, and the deputy envoy Second Family sat beside."
    found = statements_of(
        called,
        "MR. SURNAME: The line was tested every hour.",
        "QUESTION: And who answered?",
        "MS FAMILY: Both of them answered each time.",
        "MR. SURNAME: Thank you.",
    )
    assert [(one.speaker, one.named) for one in found[:3]] == [
        ("First Surname", True),
        ("Second Family", True),
        ("First Surname", True),
    ]
    assert "speaker" in found[0].derived


def test_a_last_name_that_two_people_share_names_neither() -> None:
    two = "Foreign Minister First Surname of Alba met Defence Minister Second Surname of Bora at the ford on Monday."
    assert [one.speaker for one in statements_of(two, "Surname said that the line was open.")] == []
    label, *_ = statements_of(
        two, "SURNAME: The line was tested.", "Q: By whom, and at what hour?", "SURNAME: By both of us."
    )
    assert (label.speaker, label.named) == ("SURNAME", False)


def test_a_chief_may_be_called_by_an_office_that_has_small_words_and_initials() -> None:
    found = turns(
        "HEAD OF THE UN OFFICE IN ALBA: The line was tested every hour.",
        "Q: And who answered the call this time?",
        "HEAD OF THE UN OFFICE IN ALBA: Both of them did.",
    )
    assert {party for _, party, _ in found} == {"United Nations"}


# ---------------------------------------------------------------- names
ARRIVED = "Foreign Minister First Surname of Bora arrived in the capital on Monday, and it was raining. "


@pytest.mark.parametrize(
    "sentence",
    [
        "Surname, 63, said the line was open.",
        "Mr Surname said the line was open.",
        "Mr. Surname said the line was open.",
        '"The line was open," said Surname, smiling.',
        "He said the line was open.",
    ],
)
def test_a_person_named_with_a_country_is_of_that_country_by_every_short_name(sentence: str) -> None:
    found = only(ARRIVED + sentence)
    assert (found.speaker, found.office, found.party) == ("First Surname", "Foreign Minister", "Bora")
    assert found.words.lower() == "the line was open"


@pytest.mark.parametrize(
    ("sentence", "speaker", "office", "party"),
    [
        ("Mr Surname said the line was open.", "Mr Surname", None, None),
        ("Dr First Surname said the line was open.", "First Surname", None, None),
        ("The mediator, First Surname, said the line was open.", "First Surname", "mediator", None),
        ("Alba's envoy, First Surname, said the line was open.", "First Surname", "Alba's envoy", "Alba"),
        ("First Surname (Bora's envoy) said the line was open.", "First Surname", None, None),
        ("According to First Surname, envoy of Bora, the line was open.", "First Surname", "envoy of Bora", "Bora"),
        ("The EU's foreign policy chief said the line was open.", None, None, "European Union"),
        ("The Dutch prime minister said the line was open.", None, None, "Netherlands"),
        ("Kenya's president said the line was open.", None, None, "Kenya"),
    ],
)
def test_names_beside_offices(sentence: str, speaker: str | None, office: str | None, party: str | None) -> None:
    found = only(sentence)
    assert (found.words, found.party) == ("the line was open", party)
    assert speaker is None or (found.speaker, found.office) == (speaker, office)


def test_a_spokesman_for_somebody_speaks_himself() -> None:
    found = only(ARRIVED + "A spokesman for Surname declined to comment.")
    assert (found.speaker, found.named, found.declined) == ("A spokesman for Surname", False, True)
    aide = only("An aide to President First Surname of Alba said the line was open.")
    assert (aide.speaker, aide.party) == ("An aide to President First Surname of Alba", "Alba")


def test_two_named_persons_of_two_countries_speak_jointly() -> None:
    found = only("President First Surname of Alba and Prime Minister Second Family of Bora said they would meet.")
    assert (found.joint, found.party) == (True, None)


def test_whom_a_person_told_is_not_of_the_words() -> None:
    found = only('Foreign Minister First Surname of Bora told President Second Family of Alba: "We are ready."')
    assert (found.speaker, found.words) == ("First Surname", "We are ready.")


# ---------------------------------------------------------------- words set off
LIVE = """<html><head><title>Live</title></head><body><article><h1>The line between Alba and Bora, live</h1>
<p>Bora’s foreign minister has spoken to reporters outside parliament. Asked about the missed call, he said:</p>
<blockquote><p>We will answer in our own time, and nobody should read anything into it.</p>
<p>The army says nothing, and it is right to say nothing about calls.</p></blockquote>
<p>Good morning if you have just joined us: the line went unanswered for nine minutes today.</p>
</article></body></html>"""


def test_a_block_quotation_belongs_to_whoever_introduced_it_and_ends_with_its_markup() -> None:
    found = read_page(LIVE.encode()).statements
    assert [one.paragraph for one in found] == [1, 2]
    assert {one.speaker for one in found} == {"Bora’s foreign minister"}
    assert all(one.form == "direct" and "form" in one.derived for one in found)


def test_a_paragraph_behind_a_colon_is_the_statement_announced() -> None:
    found = only(
        "Here is the full statement from the foreign ministry of Bora:", "A call went unanswered today at the ford."
    )
    assert (found.speaker, found.form) == ("foreign ministry of Bora", "direct")


@pytest.mark.parametrize(
    "following",
    ["“We shall see,” a spokesman for the army of Alba said.", "The envoy of Cendra said that the line was open."],
)
def test_a_paragraph_with_a_speaker_of_its_own_is_not_the_announced_one(following: str) -> None:
    found = only("The foreign ministry of Bora said this:", following)
    assert found.party in ("Alba", "Cendra")


# ---------------------------------------------------------------- through others
def test_an_agency_that_cites_another_passes_on_the_others_words() -> None:
    found = only("Bora's state news agency, citing the general staff, reported that no flights had been detected.")
    assert (found.speaker, found.via) == ("the general staff", ("Bora's state news agency",))
    unknown = only("Bora's state news agency, citing experts, reported that no flights had been detected.")
    assert (unknown.speaker, unknown.via) == ("Bora's state news agency", ())


@pytest.mark.parametrize(
    ("sentence", "via"),
    [
        ("State television quoted the foreign minister of Bora as saying the line was open.", ("State television",)),
        ("The foreign minister of Bora was quoted by state television as saying that the line was open.", None),
        ("The foreign minister of Bora was quoted on Monday as saying that the line was open.", ()),
    ],
)
def test_words_quoted_as_said_are_the_speakers(sentence: str, via: tuple[str, ...] | None) -> None:
    found = only(sentence)
    assert str(found.speaker).lower() == "the foreign minister of bora"
    assert found.words == "the line was open"
    assert via is None or found.via == via


def test_quoted_as_needs_somebody() -> None:
    assert statements_of("The paper quoted from the treaty as saying nothing of it.") == ()
    assert statements_of("It was quoted as saying that the line was open.") == ()


def test_what_somebody_not_understood_passes_on_is_nobodys() -> None:
    page = page_of("In the villages it is being said that the foreign minister of Bora promised to answer the line.")
    assert page.statements == ()


def test_a_told_statement_keeps_its_teller() -> None:
    found = only(
        "It began when the prime minister of Bora said that the foreign minister had told her Alba was ready to talk."
    )
    assert (found.speaker, found.via) == ("the foreign minister", ("the prime minister of Bora",))


def test_the_attribution_that_closes_a_sentence_governs_all_of_it() -> None:
    found = only("Bora's foreign minister told his Alban counterpart that the guns would stay, Alba's ministry said.")
    assert (found.speaker, found.words) == ("Bora's foreign minister", "the guns would stay")
    assert found.via == ("Alba's ministry",)
    never = only("The defence minister of Bora never said the guns would stay, a spokesman for Cendra said.")
    assert (never.party, never.via) == ("Cendra", ())


def test_what_rumours_say_that_somebody_said_is_not_said() -> None:
    page = page_of("Rumours that the president of Alba had said the line was dead spread through the hall.")
    assert page.statements == ()
    assert [aside.reason for aside in page.set_aside] == ["told of, not said"]
    denied = only("Rumours that the president of Alba had said the line was dead were false, her office said.")
    assert (denied.speaker, denied.words[:7]) == ("her office", "Rumours")


# ---------------------------------------------------------------- sentences
@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The minister of Bora said, and nobody in the hall doubted it, that the line was open.", "the line was open"),
        ('Asked whether it was open, the minister of Bora replied with one word: "Perhaps."', "Perhaps."),
        ('The minister of Bora told colleagues: "We wait."', "We wait."),
        ("The minister of Bora said in a joint statement the line was open.", "the line was open"),
        ("The minister of Bora would only say that the line was open.", "the line was open"),
        ("The line will stay open, the minister of Bora predicted.", "The line will stay open"),
        ("The army of Bora issued a statement saying that its guns were cold.", "its guns were cold"),
    ],
)
def test_what_stands_between_a_verb_and_its_words_is_not_of_them(sentence: str, words: str) -> None:
    found = only(sentence)
    assert (found.words, found.party) == (words, "Bora")


def test_neither_confirmed_nor_denied_is_a_refusal_to_say() -> None:
    assert only("The foreign ministry of Bora neither confirmed nor denied it.").declined
    assert only("The White House would neither confirm nor deny the report.").declined


def test_a_circumstance_between_two_halves_of_a_quotation_does_not_lose_the_second() -> None:
    first, second = statements_of(
        '"The pause is welcome," the defence minister of Bora said in an interview with state television, '
        '"but a pause that nobody can check [is] a rumour."'
    )
    assert first.speaker == second.speaker == "the defence minister of Bora"
    assert second.inserted == ("[is]",)


def test_an_attribution_between_commas_stays_inside_its_words() -> None:
    found = only("One of the letters, the envoy of Cendra said, had contained a map of the ford.")
    assert found.words == "One of the letters, the envoy of Cendra said, had contained a map of the ford"


def test_what_the_minister_did_say_was_said_and_what_he_did_not_was_not() -> None:
    found = only(
        "Let us be clear about what Alba's president did not say on Tuesday. She did not say that flights had stopped.",
        "What she did say, to a half-empty chamber, was that her country “could imagine” a pause.",
    )
    assert (found.speaker, found.party) == ("Alba's president", "Alba")
    assert found.words == "her country “could imagine” a pause"


def test_an_office_mentioned_before_it_speaks_is_known_when_it_does() -> None:
    found = only(
        "The exercise went on for hours after Alba's president had left the hill above the ford in the north.",
        "The president said that the line was open.",
    )
    assert (found.speaker, found.party, "speaker" in found.derived) == ("Alba's president", "Alba", True)


def test_an_office_of_two_parties_is_nobodys() -> None:
    found = only(
        "Alba's president and the president of Bora sat at the ends of one long table and looked at their hands.",
        "The president said that the line was open.",
    )
    assert found.party is None


def test_in_bora_the_president_is_not_the_one_of_alba() -> None:
    *_, found = statements_of(
        "The president of Alba said that the line was open.", "In Bora, the president said that the line was closed."
    )
    assert (found.speaker, found.party) == ("the president", "Bora")


@pytest.mark.parametrize(
    ("sentences", "party"),
    [
        ("There was no reaction from Alba. Its defence minister said the flights were legal.", "Alba"),
        ("The quarrel of Alba and Cendra went on. Its defence minister said the flights were legal.", None),
        ("The quarrel of Alba and Bora went on. Its defence minister said the flights were legal.", "Bora"),
        ("Nobody was hurt in the shelling. Its defence minister said the flights were legal.", "Bora"),
    ],
)
def test_its_minister_is_of_the_party_just_named_and_never_of_a_wrong_one(sentences: str, party: str | None) -> None:
    *_, found = statements_of("The president of Bora said that the line was open.", sentences)
    assert (found.speaker, found.party) == ("Its defence minister", party)


def test_an_outlet_that_was_told_something_is_not_its_speaker() -> None:
    assert statements_of("A pharmacist, who asked not to be named, told Channel Nine her shelves were empty.") == ()


def test_a_clause_of_time_holds_anothers_statement_and_is_not_of_the_words() -> None:
    warned, tracked = statements_of(
        "Bora's president warned Friday that any aircraft would be treated as hostile, a day after the country's army "
        "said it had tracked six drones."
    )
    assert warned.words == "warned Friday that any aircraft would be treated as hostile"
    assert (tracked.speaker, tracked.words) == ("the country's army", "it had tracked six drones")
    only("Bora's president said the line was open, hours after Alba's president offered a pause of seven days.")


def test_a_second_verb_behind_a_comma_is_the_sentences_and_not_of_the_words() -> None:
    said, called = statements_of(
        "Bora's foreign ministry said no note had been received, and called on Alba to publish it."
    )
    assert (said.words, called.words) == ("no note had been received", "called on Alba to publish it")


def test_the_two_armies_speak_jointly_and_a_minister_has_previously_said() -> None:
    found = only("In a joint statement Thursday, the two armies said they would test the line every hour.")
    assert (found.joint, found.speaker) == (True, "the two armies")
    assert (
        only("The defence minister of Alba has previously said the flights are legal.").words == "the flights are legal"
    )


# ---------------------------------------------------------------- readouts
READOUT = """Ministry of Foreign Affairs of Alba
Press service

Foreign Minister speaks with her counterpart from Bora

16.11.2026

The Minister of Foreign Affairs of Alba held a conversation with the Minister of Foreign Affairs of Bora today.

The Minister of Alba expressed concern over the guns. The Ministers agreed to stay in contact on the matter.
"""


def test_a_readout_is_dated_joint_where_both_agreed_and_marked_as_one_sides_account() -> None:
    page = read_page(READOUT.encode())
    assert (page.article.published, page.article.outlet) == ("2026-11-16", "Ministry of Foreign Affairs of Alba")
    concern, agreed = page.statements
    assert (concern.party, agreed.joint, agreed.speaker) == ("Alba", True, "The Ministers")
    assert any("government" in note for note in page.notes)


def test_ministers_who_agreed_in_a_newspaper_are_the_newspapers_account() -> None:
    assert statements_of("The ministers agreed to stay in contact about the line.") == ()


# ---------------------------------------------------------------- conditions
@pytest.mark.parametrize(
    ("words", "conditions"),
    [
        ("it would take part, should Cendra be willing to pay", ("should Cendra be willing to pay",)),
        ("any return is conditional on a withdrawal", ("conditional on a withdrawal",)),
        ("it would stop the flights in return for the logs", ("in return for the logs",)),
        ("the observers would stay until 31 January", ()),
        ("the observers would stay until the end of January", ()),
        ("the guns would stay until Alba moves", ("until Alba moves",)),
        ("if there had been a call, it would have known", ()),
    ],
)
def test_what_is_a_condition_and_what_is_only_a_date(words: str, conditions: tuple[str, ...]) -> None:
    assert only(f"The foreign minister of Bora said that {words}.").conditions == conditions


def test_anonymity_is_no_condition_of_the_words() -> None:
    found = only("An official of Cendra said on condition of anonymity that both ministers had written.")
    assert found.conditions == ()


# ---------------------------------------------------------------- dates
@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("16.11.2026", "2026-11-16"),
        ("11/16/2026", "2026-11-16"),
        ("16/11/2026", "2026-11-16"),
        ("05/11/2026", None),
        ("31.02.2026", None),
        ("۱۴۰۵/۰۸/۲۹", None),
        ("2569-11-16", None),
    ],
)
def test_figures_are_a_date_only_where_one_order_is_left(line: str, moment: str | None) -> None:
    found = read_moment(line)
    assert (found and found.moment) == moment


def test_the_date_of_a_picture_is_not_the_date_of_the_page() -> None:
    lines = [
        "Boran artillery seen near the ford, November 17, 2026.",
        "November 18, 2026 9:04 PM UTC · Updated hours ago",
    ]
    found = find_published(lines)
    assert found is not None
    assert (found.moment, found.zone) == ("2026-11-18T21:04", "UTC")


PAGE_DAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "day", "derived"),
    [
        ("He said it on 15 November 2026.", date(2026, 11, 15), False),
        ("He said it on November 15, 2025.", date(2025, 11, 15), False),
        ("He said it on 15 November.", date(2026, 11, 15), True),
        ("He said it on Dec. 24.", date(2025, 12, 24), True),
        ("It will end on 1 December.", date(2026, 12, 1), True),
        ("He spoke of “a storm on 3 May” there.", None, False),
    ],
)
def test_a_printed_date_is_the_day_and_one_without_a_year_is_derived(
    text: str, day: date | None, derived: bool
) -> None:
    quoted = [(text.find("“"), text.find("”") + 1)]
    (word,) = find_days(text, PAGE_DAY, quoted)
    assert (word.first, word.derived) == (day, derived)


def test_a_day_that_no_month_has_is_none() -> None:
    assert find_days("He said it on 31 February 2026.", PAGE_DAY) == []
    (word,) = find_days("He said it on 30 February.", PAGE_DAY)
    assert word.first is None


def test_the_sentence_of_a_statement_inside_a_quotation_is_whole() -> None:
    found = statements_of(
        'The spokesman of Bora said: "The guns stay. As the defence minister of Bora has said, they must."'
    )
    (inner,) = [one for one in found if one.via]
    assert inner.context == "As the defence minister of Bora has said, they must."


def test_both_who_said_it_said_it() -> None:
    found = only("The foreign minister of Alba and the defence minister of Bora both said the line had failed.")
    assert (found.joint, found.words) == (True, "the line had failed")


def test_would_welcome_is_no_commitment() -> None:
    assert only("Bora would “welcome” a call, its foreign minister said on Wednesday.").commitment is None
    assert only("Bora would answer a call, its foreign minister said on Wednesday.").commitment == "firm"


def test_he_between_commas_is_the_earlier_speaker_and_not_whom_he_speaks_of() -> None:
    *_, found = statements_of(
        "The envoy of Cendra said that the line was open.", "The president of Alba, he said, had not agreed."
    )
    assert (found.speaker, found.words) == ("The envoy of Cendra", "The president of Alba, he said, had not agreed")


@pytest.mark.parametrize(
    "sentence",
    [
        "The president of Alba has not said that the line is closed.",
        "The president of Alba never said that the line was closed.",
        "The president of Alba did not deny that the line was closed.",
        "No official of Alba said the line was closed.",
        "The president of Alba may say on Friday that the line is closed.",
        "When the president of Alba said the line was closed, nobody believed her.",
        "If the president of Alba said that the line was closed, she was wrong.",
        "Contrary to what the president of Alba said, the line was closed.",
    ],
)
def test_what_was_not_said_or_only_supposed_is_no_statement(sentence: str) -> None:
    assert statements_of(sentence) == ()


@pytest.mark.parametrize("day", ["On 8 November", "On November 8", "On 8 November 2026"])
def test_a_date_without_a_comma_hides_no_subject(day: str) -> None:
    found = only(f"{day} the army of Alba announced that the line had been tested.", date="22 November 2026")
    assert (found.speaker, found.said and str(found.said.first)) == ("the army of Alba", "2026-11-08")


def test_twice_declined_is_declined() -> None:
    assert only("The mediator of Cendra has twice declined to publish the log of calls.").declined


def test_he_is_never_one_of_several_officers() -> None:
    found = statements_of(
        "The room of the duty officers of Alba is small, and one of them pours tea. “It is,” he says."
    )
    assert [one.speaker for one in found] == []
