"""`openline press` at the terminal: reading, deciding, stopping, going on."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from openline.cli import press as command
from openline.cli import press_asking, press_store
from openline.press import PAGE_BYTES_MAX

PAGE = """The Mountain Post

Alba and Bora talk about the line

{date}

The envoy of Cendra said on Monday that the line was open.

The president of Bora said: "We will answer it, if it rings at night."

The river between the two countries was quiet for most of the week, as it had been before.
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE.format(date="Thursday, 5 November 2026"), encoding="utf-8")
    return path


@pytest.fixture
def undated(tmp_path: Path) -> Path:
    path = tmp_path / "undated.txt"
    path.write_text(PAGE.format(date="Our correspondent"), encoding="utf-8")
    return path


def run(*arguments: object, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(command.press, [str(one) for one in arguments], input=typed)


def records(store: Path) -> list[dict[str, Any]]:
    (path,) = store.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# ---------------------------------------------------------------- read
def test_read_prints_the_article_and_the_proposals(page: Path) -> None:
    result = run("read", page)
    assert result.exit_code == 0
    assert "Title:      Alba and Bora talk about the line" in result.output
    assert "Zone:       not stated" in result.output
    assert "Proposal 2 of 2" in result.output
    assert "2026-11-02, “Monday” (derived)" in result.output
    assert "conditions: if it rings at night" in result.output


def test_read_takes_standard_input_and_prints_json() -> None:
    result = run("read", "-", "--json", typed=PAGE.format(date="5 November 2026"))
    found = json.loads(result.output)
    assert [one["party"] for one in found["statements"]] == ["Cendra", "Bora"]


def test_read_shows_what_is_set_aside_joint_and_the_outlets_own(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    extra = (
        "Bora apparently signalled its consent.\n\nBora is expected to urge Alba to wait for the summer.\n\n"
        "The envoy of Cendra said both sides agreed last week that the line would be tested.\n\nThe river between"
    )
    path.write_text(PAGE.format(date="5 November 2026").replace("The river between", extra), encoding="utf-8")
    result = run("read", path)
    assert "The outlet's own inference" in result.output
    assert "Set aside (nobody's statement):" in result.output
    assert "joint:      yes" in result.output
    assert "named:      no" in result.output


def test_a_day_carried_and_a_week_say_so(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    week = "The envoy of Cendra said last week that the bridge was open."
    extra = f"{week}\n\nThe envoy of Cendra said nobody had crossed it.\n\nThe river between"
    path.write_text(PAGE.format(date="5 November 2026").replace("The river between", extra), encoding="utf-8")
    result = run("read", path)
    assert "2026-10-26 to 2026-11-01, “last week”" in result.output
    assert "carried from an earlier statement" in result.output


def test_a_hostile_page_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    hostile = PAGE.format(date="5 November 2026").replace("the line was open", "the \x1b[2Jline \u202ewas open")
    path.write_text(hostile, encoding="utf-8")
    result = run("read", path)
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert "<U+001B>" in result.output
    assert "\\u202e" in run("read", path, "--json").output


def test_read_says_whether_a_page_is_a_copy(page: Path, undated: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("The king of nowhere opened a bridge on Sunday, and many people came to see it being opened.\n")
    result = run("read", page, "--against", undated, "--against", other)
    assert "A COPY of" in result.output
    assert "Not a copy of" in result.output
    found = json.loads(run("read", page, "--json", "--against", undated).output)
    assert found["copies"][0]["copy"] is True


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "holds no text"),
        (b"%PDF-1.4", "a PDF"),
        (b"x" * (PAGE_BYTES_MAX + 1), "more than"),
        ("قال الوزير".encode("windows-1256"), "--encoding"),
        (b"Home\n\nNews\n", "No paragraph"),
    ],
)
def test_a_page_that_cannot_be_read_is_answered_with_error_and_hint(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "page"
    path.write_bytes(data)
    for name in ("read", "confirm"):
        arguments = (name, path) if name == "read" else (name, path, "--store", tmp_path / "store")
        result = run(*arguments)
        assert result.exit_code == 2
        assert words in result.output
        assert "hint: " in result.output


@pytest.mark.parametrize("date", ["13.12.2017", "2017-12-13T18:30:00+09:00", "20171213"])
def test_a_date_entered_in_another_form_is_refused(undated: Path, date: str) -> None:
    result = run("read", undated, "--published", date)
    assert (result.exit_code, "2017-12-04" in result.output) == (2, True)


def test_help_shows_an_example_of_each_command() -> None:
    for arguments in ((), ("read",), ("confirm",)):
        assert "Example: openline press" in run(*arguments, "--help").output


# ---------------------------------------------------------------- confirm at the terminal
def test_each_proposal_is_confirmed_edited_or_rejected_and_kept_at_once(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    typed = "c\ne\nparty\n-\nsaid\n2026-11-04\nconditions\nif it rings; if it rings at night\nnamed\nyes\n\n"
    result = run("confirm", page, "--store", store, "--officer", 4, typed=typed)
    assert result.exit_code == 0, result.output
    assert "2 of 2 decided, 0 open" in result.output
    head, first, second = records(store)
    assert (first["decision"], first["officer"], second["decision"]) == ("confirmed", 4, "edited")
    assert first["page_sha256"] == head["page_sha256"]
    assert second["statement"]["party"] is None
    assert second["statement"]["named"] is True
    assert second["statement"]["conditions"] == ["if it rings", "if it rings at night"]
    assert second["statement"]["said"]["from"] == "2026-11-04"
    (path,) = store.glob("*.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(store.glob("*.draft")) == []


def test_a_wrong_edit_is_explained_and_asked_again(page: Path, tmp_path: Path) -> None:
    typed = "e\ncolour\nwords\nnot on the page\nnamed\nperhaps\nvia\n-\n\ns\n"
    result = run("confirm", page, "--store", tmp_path / "store", typed=typed)
    assert result.output.count("error: ") == 3
    assert "1 of 2 decided, 1 open" in result.output


def test_an_edit_without_a_change_decides_nothing(page: Path, tmp_path: Path) -> None:
    result = run("confirm", page, "--store", tmp_path / "store", typed="e\nsaid\nyesterday\n\nr\nc\ns\n")
    assert "stays open" in result.output
    assert [entry["decision"] for entry in records(tmp_path / "store")[1:]] == ["rejected", "confirmed"]


def test_a_field_tells_what_it_is_and_how_it_is_typed(page: Path, tmp_path: Path) -> None:
    typed = "e\ncommitment\nfirm\nnamed\n\nvia\n\nwords\n\nsaid\n\n\ns\n"
    result = run("confirm", page, "--store", tmp_path / "store", typed=typed)
    assert "commitment is: not stated" in result.output
    assert "(none, offered, conditional, firm, - for not stated)" in result.output
    for form in ("yes or no", "entries between ;", "as they stand on the page", "2017-12-13, or - for not stated"):
        assert f"({form}" in result.output
    assert records(tmp_path / "store")[1]["statement"]["commitment"] == "firm"


def test_the_keys_are_explained_and_the_article_can_be_read(page: Path, tmp_path: Path) -> None:
    result = run("confirm", page, "--store", tmp_path / "store", typed="?\np\ns\n")
    assert result.output.count("nobody said this") == 2
    assert "  2  The river between the two countries" in result.output
    assert "Outlet:     The Mountain Post (masthead)" in result.output
    assert "! The outlet's name stands only" in result.output
    assert "0 of 2 decided, 2 open. Nothing is kept yet." in result.output


def test_the_last_decision_can_be_taken_back(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    result = run("confirm", page, "--store", store, typed="u\nr\nu\nc\nc\nu\ns\n")
    assert "Nothing is decided yet" in result.output
    assert result.output.count("taken back") == 2
    assert [entry["decision"] for entry in records(store)[1:]] == ["confirmed"]
    assert "1 of 2 decided, 1 open" in result.output


def test_a_statement_that_was_missed_is_added_with_words_of_the_page_only(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    wrong = "a\nwords of nobody\na\n\n"
    right = "a\nThe river between the two countries was quiet\nspeaker\nThe Mountain Post\nparty\n-\n\n"
    result = run("confirm", page, "--store", store, "--officer", 4, typed=wrong + right + right + "s\n")
    assert "must stand on the page" in result.output
    assert "was added before" in result.output
    assert "0 of 2 decided, 2 open, 1 added" in result.output
    entry = records(store)[1]
    assert (entry["decision"], entry["proposal"], entry["officer"], entry["proposed"]) == ("added", None, 4, None)
    assert entry["page_sha256"] == records(store)[0]["page_sha256"]
    assert (entry["statement"]["speaker"], entry["statement"]["party"]) == ("The Mountain Post", None)
    assert (entry["statement"]["paragraph"], entry["statement"]["form"]) == (2, "reported")
    again = run("confirm", page, "--store", store, typed="c\nc\ns\n")
    assert "2 proposals, 0 decided already, 1 added" in again.output
    assert "2 of 2 decided, 0 open, 1 added" in again.output


def test_a_page_without_proposals_still_takes_statements(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    article = "The bridge over the lake was opened to lorries again today, and hundreds came to see it opened."
    path.write_text(f"Bridge opened\n\n5 November 2026\n\n{article}\n")
    assert "Nothing is proposed" in run("read", path).output
    result = run("confirm", path, "--store", tmp_path / "store", typed="a\nThe bridge over the lake\n\ns\n")
    assert "0 of 0 decided, 0 open, 1 added" in result.output


def test_a_page_that_has_changed_is_another_page_and_the_earlier_one_is_pointed_out(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("confirm", page, "--store", store, typed="c\nc\n")
    page.write_text(page.read_text(encoding="utf-8").replace("at night", "by day"), encoding="utf-8")
    result = run("confirm", page, "--store", store, typed="s\n")
    assert "or an earlier state of it" in result.output
    assert "0 of 2 decided, 2 open" in result.output
    assert len(list(store.glob("*.jsonl"))) == 1


def test_a_wrong_date_is_asked_for_again_at_once(undated: Path, tmp_path: Path) -> None:
    result = run("confirm", undated, "--store", tmp_path / "store", typed="4.12.2017\n2026-11-05\n\nc\ns\n")
    assert "That is no date" in result.output
    assert records(tmp_path / "store")[0]["published"] == "2026-11-05"


def test_an_unfinished_date_decides_nothing(undated: Path, tmp_path: Path) -> None:
    assert run("confirm", undated, "--store", tmp_path / "store", typed="").exit_code == 1
    assert list((tmp_path / "store").glob("*.jsonl")) == []


def test_json_asks_nothing_and_prints_what_is_kept(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    empty = json.loads(run("confirm", page, "--store", store, "--json").output)
    assert (empty["decisions"], empty["open"]) == ([], [0, 1])
    decisions = script(tmp_path, [{"proposal": 2, "decision": "rejected"}])
    kept = json.loads(run("confirm", page, "--store", store, "--json", "--decisions", decisions).output)
    assert (kept["decisions"][0]["decision"], kept["open"]) == ("rejected", [0])
    assert kept["page"]["page_sha256"] == kept["decisions"][0]["page_sha256"]


def test_words_from_right_to_left_are_isolated_from_what_stands_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    arabic = "قال وزير خارجية ألبا يوم الاثنين إن بلاده مستعدة للقاء في أي مكان."
    path.write_text(f"صحيفة\n\n10 نوفمبر 2026\n\n{arabic}\n\n{arabic}\n", encoding="utf-8")
    output = run("read", path).output
    assert "speaker:    \u2068وزير خارجية ألبا\u2069" in output
    assert "said:       2026-11-09, “\u2068الاثنين\u2069” (derived)" in output
    assert "\u2068" not in run("read", path, "--json").output


def test_stopping_keeps_what_was_decided_and_the_next_call_goes_on(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = run("confirm", page, "--store", store, typed="c\ns\n")
    assert "1 of 2 decided, 1 open" in first.output
    second = run("confirm", page, "--store", store, typed="r\n")
    assert "Proposal 1 of 2" not in second.output
    assert [entry["decision"] for entry in records(store)[1:]] == ["confirmed", "rejected"]
    third = run("confirm", page, "--store", store)
    assert "2 of 2 decided, 0 open" in third.output


def test_a_hangup_in_the_middle_loses_nothing_decided(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    result = run("confirm", page, "--store", store, typed="c\n")
    assert result.exit_code == 1
    assert len(records(store)) == 2


def test_a_person_enters_the_date_that_the_page_does_not_state(undated: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    result = run("confirm", undated, "--store", store, typed="2026-11-05\n+03:00\nc\ns\n")
    assert "Date of the page: not stated" in result.output
    head, entry = records(store)
    assert (head["published"], head["published_entered"], head["zone"]) == ("2026-11-05", True, "+03:00")
    assert entry["statement"]["said"]["from"] == "2026-11-02"
    again = run("confirm", undated, "--store", store, typed="c\n")
    assert "Date of the page" not in again.output
    assert len(records(store)) == 3


def test_an_empty_answer_leaves_the_date_not_stated(undated: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("confirm", undated, "--store", store, typed="\nc\nc\n")
    head, entry, _ = records(store)
    assert head["published"] is None
    assert entry["statement"]["said"]["from"] is None


def test_a_zone_may_stay_not_stated(undated: Path, tmp_path: Path) -> None:
    run("confirm", undated, "--store", tmp_path / "store", typed="2026-11-05\n\nc\nc\n")
    assert records(tmp_path / "store")[0]["zone"] is None


def test_a_copy_of_a_page_already_decided_on_is_pointed_out(page: Path, undated: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("confirm", page, "--store", store, typed="c\nc\n")
    (store / "notes.jsonl").write_text("something else\n")
    result = run("confirm", undated, "--store", store, typed="\ns\n")
    assert "A copy of a page already decided on (The Mountain Post" in result.output
    assert "notes.jsonl is no record" in result.output


def test_another_page_is_no_copy(page: Path, tmp_path: Path) -> None:
    store, other = tmp_path / "store", tmp_path / "other.txt"
    other.write_text(
        "Bridge opened\n\nThe president of Cendra said the bridge over the lake was safe for lorries again.\n"
    )
    run("confirm", page, "--store", store, typed="c\nc\n")
    result = run("confirm", other, "--store", store, typed="\ns\n")
    assert (result.exit_code, "A copy" in result.output) == (0, False)


# ---------------------------------------------------------------- confirm from a script
def script(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "decisions.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def test_a_script_decides_and_what_it_leaves_out_stays_open(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    decisions = script(tmp_path, [{"proposal": 1, "decision": "edited", "changes": {"topic": "bridge"}}])
    result = run("confirm", page, "--store", store, "--officer", 7, "--decisions", decisions)
    assert "1 of 2 decided, 1 open" in result.output
    assert records(store)[1]["statement"]["topic"] == "bridge"
    rest = script(tmp_path, [{"proposal": 2, "decision": "rejected"}])
    assert "2 of 2 decided" in run("confirm", page, "--store", store, "--decisions", rest).output


def test_a_script_adds_once_what_the_rules_missed(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    words = {"words": "The river between the two countries was quiet"}
    decisions = script(tmp_path, [{"decision": "added", "changes": words}])
    for _ in range(2):
        result = run("confirm", page, "--store", store, "--decisions", decisions)
        assert "0 of 2 decided, 2 open, 1 added" in result.output
    assert len(records(store)) == 2


def test_a_page_from_standard_input_needs_a_script(tmp_path: Path) -> None:
    text = PAGE.format(date="5 November 2026")
    refused = run("confirm", "-", "--store", tmp_path / "store", typed=text)
    assert (refused.exit_code, "hint:  Save the page to a file." in refused.output) == (2, True)
    decisions = script(tmp_path, [{"proposal": 1, "decision": "confirmed"}])
    run("confirm", "-", "--store", tmp_path / "store", "--decisions", decisions, typed=text)
    assert len(records(tmp_path / "store")) == 2


def test_a_script_is_not_asked_for_a_date_but_may_be_given_one(undated: Path, tmp_path: Path) -> None:
    decisions = script(tmp_path, [{"proposal": 1, "decision": "confirmed"}])
    run("confirm", undated, "--store", tmp_path / "a", "--decisions", decisions)
    run("confirm", undated, "--store", tmp_path / "b", "--decisions", decisions, "--published", "2026-11-05")
    assert records(tmp_path / "a")[0]["published"] is None
    assert records(tmp_path / "b")[0]["published"] == "2026-11-05"


@pytest.mark.parametrize(
    "value",
    [
        "not json",
        "{}",
        "[4]",
        "[" * 100_000,
        " " * (press_asking.DECISIONS_BYTES_MAX + 1),
        '[{"decision": "confirmed"}]',
        '[{"proposal": 1, "decision": "confirmed"}, {"proposal": 1, "decision": "rejected"}]',
        '[{"proposal": 1, "decision": "edited", "changes": {"words": "not there"}}]',
    ],
)
def test_a_script_that_cannot_be_carried_out_decides_nothing(page: Path, tmp_path: Path, value: str) -> None:
    store = tmp_path / "store"
    result = run("confirm", page, "--store", store, "--decisions", script(tmp_path, value))
    assert (result.exit_code, "hint: " in result.output) == (2, True)
    assert list(store.glob("*.jsonl")) == []


# ---------------------------------------------------------------- the store
def test_the_store_is_under_the_data_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    run("confirm", page, typed="c\nc\n")
    assert len(records(tmp_path / "data" / "openline" / "press")) == 3
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert press_store.default_store() == tmp_path / ".local" / "share" / "openline" / "press"


def test_two_people_cannot_decide_in_one_store_at_once(page: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    with (store / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run("confirm", page, "--store", store, typed="c\n")
    assert result.exit_code == 3
    assert "Another person is deciding" in result.output


@pytest.mark.parametrize("data", [b"\xff\xfe", b"{}\n", b"nothing\n"])
def test_a_record_that_is_none_is_refused_and_left_alone(page: Path, tmp_path: Path, data: bytes) -> None:
    store = tmp_path / "store"
    run("confirm", page, "--store", store, typed="c\ns\n")
    (path,) = store.glob("*.jsonl")
    path.write_bytes(data)
    result = run("confirm", page, "--store", store, typed="c\n")
    assert (result.exit_code, path.read_bytes()) == (2, data)


def test_a_record_too_large_is_refused(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("confirm", page, "--store", tmp_path / "store", typed="c\ns\n")
    monkeypatch.setattr(press_store, "RECORD_BYTES_MAX", 10)
    assert run("confirm", page, "--store", tmp_path / "store", typed="c\n").exit_code == 2


def test_a_disk_that_fails_is_reported_and_the_old_record_stays(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    run("confirm", page, "--store", store, typed="c\ns\n")
    before = records(store)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("confirm", page, "--store", store, typed="c\n")
    assert (result.exit_code, "No space left" in result.output) == (4, True)
    assert records(store) == before


def test_a_store_that_cannot_be_made_or_read_is_reported(page: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "cannot be read or written" in run("confirm", page, "--store", blocked / "below").output
    store = tmp_path / "store"
    run("confirm", page, "--store", store, typed="s\n")
    digest = json.loads(run("read", page, "--json").output)["source"]["sha256"]
    (store / f"{digest}.jsonl").mkdir()
    assert "cannot be read or written" in run("confirm", page, "--store", store, typed="c\n").output
