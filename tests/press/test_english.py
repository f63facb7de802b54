"""Who said what in English prose, and above all what nobody said."""

from __future__ import annotations

import pytest

from openline.press import read_page
from tests.press.support import only, page_of, statements_of

MINISTER = "the foreign minister of Alba"


@pytest.mark.parametrize(
    "sentence",
    [
        '"We will keep the line open all winter," the foreign minister of Alba said.',
        '"We will keep the line open all winter," said the foreign minister of Alba.',
        "“We will keep the line open all winter,” the foreign minister of Alba told reporters on Monday.",
        "‘We will keep the line open all winter,’ the foreign minister of Alba said.",
        "'We will keep the line open all winter,' the foreign minister of Alba said.",
        '"We will keep the line open all winter", the foreign minister of Alba insisted.',
        'On Monday the foreign minister of Alba said: "We will keep the line open all winter"',
        'In the capital, the foreign minister of Alba said that "we will keep the line open all winter."',
        '"We will keep the line open all winter," quipped the foreign minister of Alba, who had not slept.',
    ],
)
def test_a_quotation_belongs_to_whoever_the_sentence_says(sentence: str) -> None:
    found = only(sentence)
    assert found.words.lower().rstrip(".") == "we will keep the line open all winter"
    assert (found.speaker, found.office, found.party) == (MINISTER, "foreign minister of Alba", "Alba")
    assert (found.form, found.named, found.commitment) == ("direct", False, "firm")


def test_a_second_quotation_behind_the_attribution_is_the_same_speakers() -> None:
    first, second = statements_of('"The line is open," the envoy of Cendra said, "and it will stay open."')
    assert (first.words, second.words) == ("The line is open", "and it will stay open.")
    assert first.speaker == second.speaker == "the envoy of Cendra"


def test_a_sentence_of_quotation_alone_continues_the_speaker_before_it() -> None:
    first, second = statements_of('"The line is open," the envoy of Cendra said. "It rang twice in the night."')
    assert second.speaker == first.speaker
    assert second.words == "It rang twice in the night."


def test_a_quotation_that_runs_on_into_the_next_paragraph_keeps_its_speaker() -> None:
    found = statements_of(
        'The envoy of Cendra said: "The line is open.',
        '"It rang twice in the night and was answered both times."',
    )
    assert [one.speaker for one in found] == ["The envoy of Cendra"] * 2


def test_a_quotation_alone_in_a_paragraph_has_no_speaker_rather_than_a_guessed_one() -> None:
    first, second = statements_of(
        '"The line is open tonight," the envoy of Cendra said.',
        '"Nobody asked us about any of this before it was done."',
    )
    assert first.speaker == "the envoy of Cendra"
    assert (second.speaker, second.party, second.form) == (None, None, "direct")


def test_he_is_the_last_person_and_it_the_last_body() -> None:
    found = statements_of(
        "The defence minister of Alba arrived late. He said the radar had failed.",
        "The foreign ministry of Bora was told at noon. It said the radar had been repaired.",
    )
    assert [one.speaker for one in found] == ["The defence minister of Alba", "The foreign ministry of Bora"]
    assert all("speaker" in one.derived for one in found)


def test_he_without_anybody_before_is_nobody() -> None:
    page = page_of("He said the radar had failed twice during the night of the storm.")
    assert page.statements == ()


def test_the_minister_is_led_back_to_the_minister_named_before() -> None:
    _, second = statements_of(
        "The deputy foreign minister of Bora said the talks would begin. The envoy of Cendra listened.",
        "The deputy minister said the line would be tested first.",
    )
    assert (second.speaker, second.party) == ("The deputy foreign minister of Bora", "Bora")


def test_another_minister_is_not_led_back() -> None:
    _, second = statements_of(
        "The foreign minister of Bora said the talks would begin.", "The interior minister said the border was shut."
    )
    assert (second.speaker, second.party) == ("The interior minister", None)


def test_its_ministry_is_the_ministry_of_the_party_just_named() -> None:
    (found,) = statements_of("Bora is more careful. Its foreign ministry said the letter was being read.")
    assert (found.speaker, found.party) == ("Its foreign ministry", "Bora")
    assert "party" in found.derived


def test_a_spokeswoman_in_bora_is_boras_by_derivation() -> None:
    found = only("In Bora, a spokeswoman for the prime minister said the soldiers were well.")
    assert (found.party, found.speaker) == ("Bora", "a spokeswoman for the prime minister")
    assert "party" in found.derived


def test_words_before_an_attribution_are_the_speakers_and_what_follows_is_the_outlets() -> None:
    found = only("No line can be opened before the winter, a senior Bora official said on Tuesday, raising new doubts.")
    assert found.words == "No line can be opened before the winter"
    assert found.said is not None
    assert (str(found.said.first), found.said.derived) == ("2026-11-03", True)


def test_adding_that_makes_a_second_statement_of_the_same_speaker() -> None:
    first, second = statements_of(
        "The line has been cut, a government spokesman said, adding that Alba had not asked for repairs."
    )
    assert first.words == "The line has been cut"
    assert (second.words, second.speaker) == ("Alba had not asked for repairs", first.speaker)


def test_each_verb_of_doing_by_speaking_makes_its_own_statement() -> None:
    offered, said = statements_of("The president of Bora offered to meet the envoy and said it was time to talk.")
    assert (offered.words, offered.commitment) == ("offered to meet the envoy", "offered")
    assert said.words == "it was time to talk"


def test_the_outlets_clause_behind_but_is_not_the_speakers() -> None:
    found = only("The president of Bora said he would read the letter, but he was visibly tired.")
    assert found.words == "he would read the letter"


def test_two_speakers_in_one_sentence_keep_their_own_words() -> None:
    alba, bora = statements_of(
        "The army of Alba said the shot was fired at noon, while the army of Bora said it was fired at dusk."
    )
    assert (alba.speaker, alba.words) == ("The army of Alba", "the shot was fired at noon")
    assert (bora.speaker, bora.words) == ("the army of Bora", "it was fired at dusk")


def test_one_quoted_word_is_a_report_and_two_are_a_quotation() -> None:
    assert only('The president of Bora said the demand was "unrealistic" for now.').form == "reported"
    assert only('The president of Bora said the demand was "not realistic" for now.').form == "direct"


def test_a_negation_outside_the_marks_stays_with_the_words() -> None:
    found = only('The president of Bora said the exercise was not "a hostile act" against anybody.')
    assert found.words == 'the exercise was not "a hostile act" against anybody'
    assert found.quoted == ("a hostile act",)


def test_bracketed_words_inside_a_quotation_are_the_outlets() -> None:
    found = only('"If they [the Bora army] answer, it (the line) works," the envoy of Cendra said.')
    assert found.inserted == ("[the Bora army]", "(the line)")


def test_brackets_outside_a_quotation_are_no_insertion_into_it() -> None:
    found = only('The envoy of Cendra said the line (opened in May) was "a good beginning" for both.')
    assert found.inserted == ()


def test_what_he_said_the_president_endorsed_is_the_presidents_through_him() -> None:
    found = only("The foreign minister of Alba said the president of Alba endorsed the offer.")
    assert (found.speaker, found.via) == ("the president of Alba", ("The foreign minister of Alba",))
    assert found.words == "endorsed the offer"


def test_and_that_the_president_supported_it_is_a_statement_inside_a_statement() -> None:
    outer, inner = statements_of(
        "The foreign minister of Alba said that talks could begin and that the president of Alba supported the idea."
    )
    assert (outer.via, inner.via) == ((), ("The foreign minister of Alba",))
    assert inner.words == "supported the idea"


def test_a_voice_inside_a_quotation_speaks_through_the_quoted() -> None:
    outer, inner = statements_of(
        'The spokesman of Bora said: "We shall wait. As the president of Bora has said, the line must stay open."'
    )
    assert outer.words.startswith("We shall wait.")
    assert (inner.speaker, inner.via) == ("the president of Bora", ("The spokesman of Bora",))
    assert (inner.words, inner.form) == ("the line must stay open", "reported")


def test_according_to_stands_before_or_behind_the_words() -> None:
    before = only("According to the envoy of Cendra, the line was tested twice.")
    behind = only("The line was tested twice, according to the envoy of Cendra.")
    assert before.words == "the line was tested twice"
    assert behind.words == "The line was tested twice"
    assert before.speaker == behind.speaker == "the envoy of Cendra"


def test_both_sides_agreed_is_joint_but_the_tellers_word() -> None:
    found = only("The envoy of Cendra said both sides agreed that the line should stay open.")
    assert (found.speaker, found.joint, found.party) == ("The envoy of Cendra", True, "Cendra")


def test_they_agreed_is_joint_only_when_both_sides_were_named() -> None:
    _, second = statements_of(
        "The envoy of Cendra said both sides agreed to test the line. She said they also agreed to meet again."
    )
    assert second.joint
    assert not only("The envoy of Cendra said they agreed to meet again.").joint


def test_both_sides_in_the_outlets_mouth_are_nobody() -> None:
    assert statements_of("Both sides agreed to test the line before the end of the year.") == ()


def test_in_a_joint_document_both_sides_speak() -> None:
    page = read_page(
        b"Joint statement of Alba and Bora\n\n13 November 2026\n\n"
        b"The two sides agreed to test the line every hour.\n\nThe two sides thanked the government of Cendra.\n"
    )
    assert [one.joint for one in page.statements] == [True, True]
    assert [one.speaker for one in page.statements] == ["The two sides"] * 2
    assert page.statements[0].commitment == "firm"


@pytest.mark.parametrize(
    "words",
    [
        "declined to say whether the letter had arrived",
        "refused to comment on the letter",
        "would not say when the letter arrived",
        "has declined to confirm the letter",
    ],
)
def test_a_refusal_to_say_is_a_statement_of_refusal(words: str) -> None:
    found = only(f"The presidency of Bora {words}.")
    assert found.declined
    assert found.words in words


def test_who_declined_to_be_named_has_not_declined_to_say() -> None:
    found = only('A Bora official, who declined to be named, said: "The letter has arrived, we think."')
    assert (found.declined, found.named) == (False, False)
    assert found.speaker == "A Bora official"


def test_an_expectation_is_set_aside() -> None:
    page = page_of("The foreign minister of Alba is expected to urge Bora to open the line.")
    assert page.statements == ()
    assert [aside.reason for aside in page.set_aside] == ["an expectation"]


def test_conduct_is_the_outlets_account_and_with_a_hedge_its_inference() -> None:
    page = page_of("Bora has made clear it has little interest.", "Bora apparently signalled its consent.")
    (inference,) = page.statements
    assert (inference.hedge, inference.attribution, inference.speaker) == ("apparently", "outlet", None)
    assert [aside.reason for aside in page.set_aside] == ["the outlet's account"]


def test_every_word_of_reserve_is_kept_once_and_in_its_order() -> None:
    page = page_of("Bora apparently signalled its consent, presumably to the talks that Alba apparently wants.")
    (inference,) = page.statements
    assert inference.hedge == "apparently, presumably"


@pytest.mark.parametrize(
    "sentence",
    [
        "Experts say the rocket could reach the capital of Cendra within the hour.",
        "It was, most analysts said, a quiet week on the river between them.",
        "The ministers agreed to test the line before the end of the year.",
        "The letter that Bora sent to the capital of Alba said nothing about the soldiers.",
        "The price of the said goods rose again in the markets of Alba this week.",
    ],
)
def test_an_outlets_own_account_is_nobodys_statement(sentence: str) -> None:
    assert statements_of(sentence) == ()


def test_a_reserve_of_the_outlet_is_kept_with_the_speaker() -> None:
    found = only("The president of Bora reportedly said the letter had been burned.")
    assert (found.hedge, found.speaker) == ("reportedly", "The president of Bora")


def test_a_named_person_keeps_the_office_given_once() -> None:
    found = statements_of(
        "First Surname, spokesman for the presidency of Bora, said the letter had arrived.",
        '"We are reading it with care and patience," Surname added.',
    )
    assert [(one.speaker, one.office, one.party, one.named) for one in found] == [
        ("First Surname", "spokesman for the presidency of Bora", "Bora", True)
    ] * 2


def test_a_short_name_that_two_people_share_names_neither() -> None:
    found = statements_of(
        "Foreign Minister First Surname of Bora arrived. President Other Surname of Alba waited.",
        '"We are reading it with care and patience," Surname added.',
    )
    assert [one.speaker for one in found] == []


def test_a_title_before_the_name_is_the_office() -> None:
    found = only("Alban Foreign Minister First Surname said the line was open.")
    assert (found.speaker, found.office, found.party) == ("First Surname", "Alban Foreign Minister", "Alba")


def test_an_agency_is_not_a_person() -> None:
    found = only("The Strait Press said the line was open.")
    assert (found.speaker, found.office, found.named) == ("The Strait Press", "Strait Press", False)


def test_a_day_is_carried_to_the_same_party_just_after_and_marked() -> None:
    _, second = statements_of(
        "The defence ministry of Bora said on Tuesday that the guns would stay.",
        'A senior Bora official said: "The guns will stay where they are."',
    )
    assert second.said is not None
    assert (str(second.said.first), second.said.carried, second.said.derived) == ("2026-11-03", True, True)


def test_without_the_pages_date_a_day_stays_a_word() -> None:
    found = only("The defence ministry of Bora said on Tuesday that the guns would stay.", date="Our correspondent")
    assert found.said is not None
    assert (found.said.words, found.said.first, found.said.derived) == ("Tuesday", None, False)


def test_a_sentence_too_long_to_be_one_is_set_aside() -> None:
    page = page_of("The envoy of Cendra said the line " + "and the line " * 400 + "was open.")
    assert [aside.reason for aside in page.set_aside] == ["too long to be read as a sentence"]


def test_a_quotation_no_attribution_reaches_is_set_aside() -> None:
    page = page_of('The book of the year is called "A Long Road to the River" and sells well.')
    assert page.statements == ()
    assert [aside.reason for aside in page.set_aside] == ["a quotation without a speaker"]


def test_whoever_speaks_between_a_subject_and_its_verb_is_the_speaker() -> None:
    found = only("The president of Alba, the foreign minister of Bora said, had promised to answer within a week.")
    assert found.speaker == "the foreign minister of Bora"


@pytest.mark.parametrize(
    ("subject", "joint", "party"),
    [
        ("The foreign ministers of Alba and Bora", True, None),
        ("The Alban and Boran foreign ministers", True, None),
        ("The foreign minister of Alba and the foreign minister of Bora", True, None),
        ("Alba and Bora", True, None),
        ("The president and the foreign minister of Alba", False, "Alba"),
    ],
)
def test_two_subjects_of_one_verb_are_never_cut_to_the_second(subject: str, party: str | None, *, joint: bool) -> None:
    found = only(f"{subject} said in Cendra that the bridge was safe for everybody.")
    assert (found.speaker, found.joint, found.party) == (subject, joint, party)
    assert found.words == "the bridge was safe for everybody"


def test_a_second_clause_with_its_own_subject_is_not_inside_the_first() -> None:
    first, second = statements_of("The army of Alba said it was ready, and the navy of Bora said it was not ready.")
    assert (first.words, second.words) == ("it was ready", "it was not ready")
    assert second.via == ()


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    assert statements_of("Whether Bora said so or not, the line between the two armies stays closed.") == ()


def test_a_verb_that_only_introduces_a_quotation_is_no_part_of_it() -> None:
    found = only('The general of Bora warned: "This is how it starts, every time."')
    assert found.words == "This is how it starts, every time."


def test_a_circumstance_behind_the_verb_is_no_part_of_the_words() -> None:
    found = only("The envoy of Cendra said bluntly in a letter to the council on Monday that the line was dead.")
    assert found.words == "the line was dead"


def test_a_list_of_verbs_is_no_prose() -> None:
    assert len(statements_of("Bora said, said, " + "Bora said, " * 40 + "and said nothing more about it.")) <= 12


def test_what_is_told_inside_a_quotation_without_a_comma_is_left_in_it() -> None:
    (found,) = statements_of(
        'The envoy of Cendra said: "As the president of Bora said on Monday we are patient people."'
    )
    assert found.words.startswith("As the president")


def test_a_word_after_the_verb_is_not_enough_to_be_a_statement() -> None:
    assert statements_of("The foreign minister of Alba said nothing. The army of Bora said little.") == ()


@pytest.mark.parametrize("sentence", ["According to the envoy of Cendra.", "According to him, the line is open today."])
def test_according_to_nobody_or_about_nothing_is_nothing(sentence: str) -> None:
    assert statements_of(sentence + " Then it rained for a week on both sides of the river.") == ()


def test_the_first_voice_that_goes_on_is_not_given_to_the_second() -> None:
    outer, inner = statements_of(
        "A senior Alban diplomat said the president of Alba had approved the request, and that Cendra would carry it."
    )
    assert (outer.speaker, outer.via) == ("A senior Alban diplomat", ())
    assert outer.words.endswith("and that Cendra would carry it")
    assert (inner.speaker, inner.words) == ("the president of Alba", "approved the request")


def test_what_the_quoted_adds_in_the_first_person_is_their_own() -> None:
    _, inner = statements_of('The envoy of Cendra said: "Bora told us it would study it, and I take that seriously."')
    assert (inner.speaker, inner.words) == ("Bora", "it would study it")


def test_the_source_is_led_back_to_the_source() -> None:
    _, second = statements_of(
        "A government source in Alba insisted that no gun had been fired.",
        '"We have the logs and we will show them," the source said.',
    )
    assert (second.speaker, second.party) == ("A government source in Alba", "Alba")


def test_but_said_joins_the_sentence_and_not_what_was_said_in_it() -> None:
    (denied, said) = statements_of(
        'The president of Alba denied that Bora had asked for help, but said that it "would be welcome at any time".'
    )
    assert denied.speaker == said.speaker == "The president of Alba"
    assert said.words == 'it "would be welcome at any time"'


def test_a_quotation_behind_adding_is_proposed_once() -> None:
    first, second = statements_of('"We have read it with care," the envoy of Cendra said, adding: "You know that."')
    assert (first.words, second.words) == ("We have read it with care", "You know that.")


def test_officials_of_a_party_say_what_experts_say_is_nobodys() -> None:
    assert only("Boran officials say the missile flew for nine hundred kilometres.").party == "Bora"
    assert statements_of("Many experts say the missile flew for nine hundred kilometres.") == ()


def test_whoever_is_spoken_of_by_somebody_unknown_does_not_speak() -> None:
    assert (
        statements_of('He denied that Bora had asked for help, but said that it "would be welcome at any time".') == ()
    )


@pytest.mark.parametrize("negation", ["has never said", "has not said", "did not say", "never said", "no longer says"])
def test_what_somebody_did_not_say_is_not_said(negation: str) -> None:
    assert statements_of(f"The president of Bora {negation} that the line would be open in winter.") == ()


def test_what_is_asked_keeps_its_verb() -> None:
    assert only("The president of Bora asked the United Nations to take part.").words.startswith("asked the United")


def test_a_refusal_inside_anothers_words_is_told_by_them() -> None:
    _, inner = statements_of("The envoy of Cendra said that the line was open and that Bora declined to comment on it.")
    assert (inner.speaker, inner.via, inner.declined) == ("Bora", ("The envoy of Cendra",), True)


def test_rain_warns_nobody() -> None:
    assert statements_of("Rain fell for days, and warned nobody of what the river would do next.") == ()


def test_an_attribution_at_the_end_of_a_long_sentence_is_found() -> None:
    clause = "the line would be opened in the valley by the engineers of both armies " * 6
    found = only(f"In the end {clause.strip()}, the envoy of Cendra said on Monday.")
    assert found.speaker == "the envoy of Cendra"


def test_a_quotation_of_nothing_is_nothing() -> None:
    assert statements_of('",,, " the envoy of Cendra said of the letter with the empty page.') == ()
