"""Composing and changing at a terminal: each answer is checked at once, and what is shown is what would be signed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from openline.cli import main
from openline.runtime.lab import create


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = create(tmp_path / "net", ["alba", "bora"], None, 1, 1)
    return Path(made["stations"]["alba"][0])


def type_in(home: Path, command: str, answers: list[str], *arguments: str) -> Result:
    return CliRunner().invoke(main, [command, "--home", str(home), *arguments], input="\n".join(answers) + "\n")


def sent(home: Path) -> list[dict[str, object]]:
    result = CliRunner().invoke(main, ["inbox", "--home", str(home), "--sent", "--json"])
    return list(json.loads(result.stdout)["messages"])


def test_an_incident_with_type_and_time_takes_three_answers(home: Path) -> None:
    answers = ["accidental_launch", "2026-03-04T05:06:07Z", "y"]
    assert len(answers) <= 6
    result = type_in(home, "compose", answers, "--kind", "N7", "--officer", "4")
    assert result.exit_code == 0, result.output
    for part in ("INCIDENT", "[EXERCISE] ", "2026-03-04 05:06:07 UTC", "Alba", "(N7)"):
        assert part in result.stdout
    assert result.stdout.count("(N7)") == 2, "in both languages"


def test_a_wrong_answer_is_named_and_asked_again_and_a_question_mark_helps(home: Path) -> None:
    answers = ["?", "fireworks", "", "accidental_launch", "yesterday", "2026-03-04T05:06:07Z", "y"]
    result = type_in(home, "compose", answers, "--kind", "N7", "--officer", "4", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "accidental_launch" in result.stderr
    assert result.stderr.count("type (") == 4
    assert result.stderr.count("time (") == 2


def test_on_whose_authority_it_is_and_whether_the_principal_approved_is_composed_with_it(home: Path) -> None:
    answers = ["accidental_launch", "2026-03-04T05:06:07Z", "y"]
    said = ["--kind", "N7", "--officer", "4", "--lang", "en", "--authority", "delegate", "--principal", "yes"]
    result = type_in(home, "compose", answers, *said)
    assert result.exit_code == 0, result.output
    assert "YES, APPROVED" in result.stdout
    (message,) = sent(home)
    assert (message["authority"], message["principal"]) == ("DELEGATE", "YES")


def test_what_is_not_confirmed_is_not_said(home: Path) -> None:
    result = type_in(home, "compose", ["accidental_launch", "2026-03-04T05:06:07Z", "n"], "--kind", "N7")
    assert result.exit_code == 2
    assert "you did not confirm it" in result.stderr
    assert sent(home) == []


def test_who_goes_away_in_the_middle_has_said_nothing(home: Path) -> None:
    result = type_in(home, "compose", ["accidental_launch"], "--kind", "N7")
    assert result.exit_code == 1
    assert sent(home) == []


def test_optional_fields_are_asked_for_when_that_is_wanted(home: Path) -> None:
    answers = ["live_firing", '{"corners": ["39.50N 131.50E", "39.50N 132.50E", "38.00N 132.50E"]}']
    result = type_in(home, "compose", [*answers, "", "2026-12-09T12:00Z/2026-12-10T12:00Z", "", "", "", "y"],
                     "--kind", "N6", "--officer", "1", "--all", "--lang", "en", "--json")  # fmt: skip
    assert result.exit_code == 0, result.output
    (message,) = sent(home)
    assert message["kind"] == "N6"
    assert json.loads(result.stdout.splitlines()[-1])["id"] == message["id"]


def test_four_questions_tell_a_retraction_from_a_correction(home: Path) -> None:
    fields = home / "n6.json"
    area = {"corners": ["39.50N 131.50E", "39.50N 132.50E", "38.00N 132.50E"]}
    period = "2026-12-09T12:00Z/2026-12-10T12:00Z"
    fields.write_text(json.dumps({"hazard": "live_firing", "area": area, "period": period}), encoding="utf-8")
    said = type_in(home, "send", [], "--kind", "N6", "--fields", str(fields), "--officer", "1", "--json")
    identity = json.loads(said.stdout)["id"]
    nothing = type_in(home, "change", ["n"] * 6, identity[:10], "--officer", "1")
    assert nothing.exit_code == 2
    assert "nothing to change" in nothing.stderr
    change = home / "k4.json"
    change.write_text(json.dumps({"cause": "sent_in_error"}), encoding="utf-8")
    result = type_in(home, "change", ["n", "n", "n", "y"], identity[:10], "--fields", str(change), "--officer", "1")
    assert result.exit_code == 0, result.output
    assert "K4" in {each["kind"] for each in sent(home)} or "draft" in result.stdout


def test_the_bytes_of_every_payload_are_measured_by_the_functions_that_make_them() -> None:
    result = CliRunner().invoke(main, ["bench", "wire", "--json"])
    found = json.loads(result.stdout)
    assert {"text", "launch", "launch_approved", "receipt", "epoch"} <= found.keys()
    assert found["launch_approved"] == found["launch"] + 2 * 65
    assert "launch" in CliRunner().invoke(main, ["bench", "wire"]).stdout


def test_a_message_is_shown_in_any_language_without_a_station(tmp_path: Path) -> None:
    fields = tmp_path / "f.json"
    fields.write_text(json.dumps({"type": "accidental_launch", "time": "2026-03-04T05:06:07Z"}), encoding="utf-8")
    for language in ("en", "ko", "ar", "fr", "es", "ru", "zh", "ja"):
        command = ["render", "--kind", "N7", "--fields", str(fields), "--lang", language]
        shown = CliRunner().invoke(main, command)
        assert shown.exit_code == 0, shown.output
        assert "2026-03-04 05:06:07 UTC" in shown.stdout
        assert json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)["status"] == "EXERCISE"


def test_a_language_that_is_not_there_is_named_before_anything_is_asked(home: Path) -> None:
    result = type_in(home, "compose", [], "--kind", "N7", "--lang", "en,xx")
    assert result.exit_code == 2
    assert "no wording in that language" in result.stderr
    assert "type (" not in result.stderr


def test_the_accident_key_says_whether_it_is_a_drill_before_it_sends(home: Path) -> None:
    result = type_in(home, "accident", ["n"], "--officer", "4")
    assert "EXERCISE  FLASH  incident" in result.stderr
    assert sent(home) == []


def test_what_holds_no_longer_is_told_before_any_question(home: Path) -> None:
    said = type_in(home, "send", [], "--kind", "T1", "--text", "x", "--officer", "1", "--json")
    identity = json.loads(said.stdout)["id"]
    change = home / "k4.json"
    change.write_text(json.dumps({"cause": "sent_in_error"}), encoding="utf-8")
    retracted = type_in(home, "send", [], "--kind", "K4", "--ref", identity, "--fields", str(change), "--officer", "1")
    assert retracted.exit_code == 0, retracted.output
    again = type_in(home, "change", ["y"], identity, "--officer", "1")
    assert again.exit_code == 2
    assert "RETRACTED already" in again.stderr
    assert "?" not in again.stderr
