"""Nothing is a statement until an officer has decided, and what was decided is kept as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openline.errors import Misuse
from openline.press import (
    CONFIRMED,
    EDITED,
    REJECTED,
    Decision,
    Ledger,
    Page,
    confirmation,
    parse_decision,
    read_head,
    resume,
)
from tests.press.support import page_of

NOW = "2026-11-21T09:00:00+00:00"


@pytest.fixture
def page() -> Page:
    return page_of(
        "The envoy of Cendra said on Monday that the line was open.",
        'The president of Bora said: "We will answer it, if it rings."',
        "The presidency of Alba declined to say who would answer.",
    )


def lines(ledger: Ledger) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledger.to_lines().splitlines()]


def test_each_decision_keeps_the_page_the_officer_and_the_time(page: Page) -> None:
    ledger = Ledger(page)
    ledger.decide(0, Decision(CONFIRMED), officer=4, decided=NOW)
    head, entry = lines(ledger)
    assert head["page_sha256"] == entry["page_sha256"] == page.sha256
    assert (head["published"], head["published_entered"]) == ("2026-11-05", False)
    assert (entry["officer"], entry["decided"], entry["decision"]) == (4, NOW, "confirmed")
    assert entry["statement"] == page.statements[0].to_json()
    assert entry["proposed"] is None


def test_an_edit_keeps_what_was_proposed_and_is_no_longer_derived(page: Page) -> None:
    ledger = Ledger(page)
    changes = {
        "said": "2026-11-03",
        "party": None,
        "conditions": ["if it rings"],
        "declined": False,
        "words": "We will answer it",
    }
    ledger.decide(1, Decision(EDITED, changes), officer=None, decided=NOW)
    statement, proposed = lines(ledger)[1]["statement"], lines(ledger)[1]["proposed"]
    assert proposed == page.statements[1].to_json()
    assert statement["said"] == {
        "words": None,
        "from": "2026-11-03",
        "to": "2026-11-03",
        "derived": False,
        "carried": False,
        "entered": True,
    }
    assert (statement["party"], statement["words"]) == (None, "We will answer it")
    assert "party" not in statement["derived"]
    assert statement["speaker"] == proposed["speaker"]


def test_a_day_can_be_edited_to_not_stated(page: Page) -> None:
    ledger = Ledger(page)
    ledger.decide(0, Decision(EDITED, {"said": None}), officer=1, decided=NOW)
    assert lines(ledger)[1]["statement"]["said"] is None


def test_a_rejected_proposal_is_no_statement_but_is_remembered(page: Page) -> None:
    ledger = Ledger(page)
    ledger.decide(0, Decision(REJECTED), officer=4, decided=NOW)
    entry = lines(ledger)[1]
    assert entry["statement"] is None
    assert entry["proposed"] == page.statements[0].to_json()


def test_decisions_go_on_where_they_stopped(page: Page) -> None:
    ledger = Ledger(page)
    assert ledger.next_proposal == 0
    ledger.decide(0, Decision(CONFIRMED), officer=4, decided=NOW)
    again = resume(page, ledger.to_lines())
    assert again.next_proposal == 1
    assert again.to_lines() == ledger.to_lines()
    for proposal in (1, 2):
        again.decide(proposal, Decision(REJECTED), officer=4, decided=NOW)
    assert again.next_proposal is None


@pytest.mark.parametrize("proposal", [-1, 3, 0])
def test_only_an_open_proposal_can_be_decided(page: Page, proposal: int) -> None:
    ledger = Ledger(page)
    ledger.decide(0, Decision(CONFIRMED), officer=4, decided=NOW)
    with pytest.raises(Misuse):
        ledger.decide(proposal, Decision(CONFIRMED), officer=4, decided=NOW)
    assert len(ledger.entries) == 1


@pytest.mark.parametrize("officer", [0, 256, -4])
def test_an_officer_is_a_number_of_the_roster(page: Page, officer: int) -> None:
    with pytest.raises(Misuse):
        Ledger(page).decide(0, Decision(CONFIRMED), officer=officer, decided=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"words": "words that are not on the page"},
        {"words": ""},
        {"words": 5},
        {"speaker": ""},
        {"speaker": "x" * 2_001},
        {"speaker": 4},
        {"named": "yes"},
        {"conditions": "if"},
        {"conditions": [""]},
        {"via": [4]},
        {"form": "quoted"},
        {"form": None},
        {"commitment": "perhaps"},
        {"attribution": None},
        {"said": "05/11/2026"},
        {"said": "20261105"},
        {"said": 5.5},
        {"paragraph": 3},
        {"context": "another"},
        {"unknown": "x"},
    ],
)
def test_an_edit_that_is_not_allowed_records_nothing(page: Page, changes: dict[str, Any]) -> None:
    ledger = Ledger(page)
    with pytest.raises(Misuse) as caught:
        ledger.decide(0, Decision(EDITED, changes), officer=4, decided=NOW)
    assert caught.value.hint
    assert ledger.entries == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"decision": "maybe"},
        {"decision": "confirmed", "changes": {"party": None}},
        {"decision": "edited"},
        {"decision": "edited", "changes": []},
        {"decision": "rejected", "officer": "somebody"},
    ],
)
def test_what_is_no_decision_is_refused(value: object) -> None:
    with pytest.raises(Misuse):
        parse_decision(value)


def test_decisions_are_read_from_json() -> None:
    assert parse_decision({"decision": "confirmed"}) == Decision(CONFIRMED)
    assert parse_decision({"decision": "edited", "changes": {"party": None}}) == Decision(EDITED, {"party": None})


@pytest.mark.parametrize(
    "text", ["", "not json\n", "[]\n", '{"format": "other"}\n', '{"format": "openline-press-1"}\n']
)
def test_a_file_that_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(Misuse):
        read_head(text)


def test_a_record_of_another_page_or_date_is_refused(page: Page) -> None:
    record = Ledger(page).to_lines()
    other = page_of("The envoy of Cendra said on Monday that the line was open.")
    undated = page_of("The envoy of Cendra said the line was open.", date="No date")
    for mine in (other, undated):
        with pytest.raises(Misuse):
            resume(mine, record)


def test_decisions_made_under_another_date_no_longer_fit(page: Page) -> None:
    head = json.loads(Ledger(page).to_lines())
    head["published"] = "2026-11-04"
    with pytest.raises(Misuse):
        resume(page, json.dumps(head) + "\n")


def test_a_damaged_record_is_refused(page: Page) -> None:
    added = '{"proposal": 0, "decision": "added", "statement": {}}'
    for damage in (
        added,
        '{"proposal": 0, "deci',
        "4\n",
        '{"proposal": 99, "decision": "confirmed"}',
        '{"proposal": 0}',
    ):
        with pytest.raises(Misuse):
            resume(page, Ledger(page).to_lines() + damage)


def test_words_edited_to_another_paragraph_bring_their_place_and_quotations_with_them(page: Page) -> None:
    ledger = Ledger(page)
    changes = {"words": 'said: "We will answer it, if it rings."'}
    ledger.decide(0, Decision(EDITED, changes), officer=4, decided=NOW)
    statement = lines(ledger)[1]["statement"]
    assert statement["paragraph"] == 1
    assert statement["quoted"] == ["We will answer it, if it rings."]
    assert statement["context"] == page.article.paragraphs[1]


def test_words_edited_inside_a_quotation_are_quoted_as_a_whole(page: Page) -> None:
    ledger = Ledger(page)
    ledger.decide(1, Decision(EDITED, {"words": "We will answer it"}), officer=4, decided=NOW)
    assert lines(ledger)[1]["statement"]["quoted"] == ["We will answer it"]


def test_an_added_statement_holds_what_the_person_said_and_no_more(page: Page) -> None:
    ledger = Ledger(page)
    ledger.add({"words": "We will answer it", "speaker": "The president of Bora"}, officer=4, decided=NOW)
    entry = lines(ledger)[1]
    statement = entry["statement"]
    assert (entry["proposal"], entry["decision"], statement["form"]) == (None, "added", "direct")
    assert (statement["party"], statement["said"], statement["derived"]) == (None, None, [])
    assert resume(page, ledger.to_lines()).added == [statement]
    assert ledger.next_proposal == 0


@pytest.mark.parametrize("changes", [{}, {"speaker": "x"}, {"words": "not on the page"}, {"words": "We", "form": "x"}])
def test_what_may_not_be_added_records_nothing(page: Page, changes: dict[str, Any]) -> None:
    ledger = Ledger(page)
    with pytest.raises(Misuse):
        ledger.add(changes, officer=4, decided=NOW)
    assert ledger.entries == []


def test_one_statement_is_added_once_and_a_page_takes_so_many(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(page)
    ledger.add({"words": "We will answer it"}, officer=4, decided=NOW)
    with pytest.raises(Misuse, match="before"):
        ledger.add({"words": "We will answer it"}, officer=4, decided=NOW)
    monkeypatch.setattr(confirmation, "ADDED_MAX", 1)
    with pytest.raises(Misuse, match="More than"):
        ledger.add({"words": "We will"}, officer=4, decided=NOW)


def test_the_last_decision_is_taken_back_and_only_if_there_is_one(page: Page) -> None:
    ledger = Ledger(page)
    with pytest.raises(Misuse):
        ledger.take_back()
    ledger.decide(0, Decision(CONFIRMED), officer=4, decided=NOW)
    ledger.take_back()
    assert ledger.next_proposal == 0


def test_a_record_made_by_other_rules_is_refused(page: Page) -> None:
    ledger = Ledger(page)
    ledger.decide(0, Decision(CONFIRMED), officer=4, decided=NOW)
    ledger.decide(1, Decision(REJECTED), officer=4, decided=NOW)
    assert resume(page, ledger.to_lines()).next_proposal == 2
    ledger.entries[1]["proposed"] = ledger.entries[1]["proposed"] | {"words": "other words"}
    with pytest.raises(Misuse, match="rules have changed"):
        resume(page, ledger.to_lines())


def test_the_record_as_json_tells_what_is_open(page: Page) -> None:
    ledger = Ledger(page)
    ledger.decide(1, Decision(REJECTED), officer=4, decided=NOW)
    found = ledger.to_json()
    assert (found["open"], len(found["decisions"]), "sketch" in found["page"]) == ([0, 2], 1, False)
