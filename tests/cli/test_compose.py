"""Composing and changing at a terminal: each answer is checked at once, and what is shown is what would be signed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from openline.catalogue.kinds import CATALOGUE
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


HAZARD = {
    "hazard": "live_firing",
    "area": [{"corners": ["39.50N 131.50E", "39.50N 132.50E", "38.00N 132.50E"]}],
    "period": "2026-12-09T12:00Z/2026-12-10T12:00Z",
}
ONE_FIELD = ["hazard", "torpedo_firing", "y"]
FORMS = {
    "K1": (["y"], ONE_FIELD),
    "K2": (["n", "y", "y"], ONE_FIELD),
    "K3": (["n", "y", "n"], ["postponed", "y"]),
    "K4": (["n", "n", "y"], ["sent_in_error", "y"]),
}


def notice(home: Path) -> str:
    fields = home / "n6.json"
    fields.write_text(json.dumps(HAZARD), encoding="utf-8")
    said = type_in(home, "send", [], "--kind", "N6", "--fields", str(fields), "--officer", "1", "--json")
    return str(json.loads(said.stdout)["id"])


@pytest.mark.parametrize("code", FORMS)
def test_four_questions_lead_to_the_changes_that_are_never_merged(home: Path, code: str) -> None:
    identity = notice(home)
    questions, form = FORMS[code]
    result = type_in(home, "change", [*questions, *form], identity[:10], "--officer", "1")
    assert result.exit_code == 0, result.output
    assert result.stdout.count(f"({code})") == 2, "shown in both languages before it goes"
    change = sent(home)[-1]
    assert change["kind"] == code
    assert str(change["ref"])[:40] == identity[:40]
    new = {**HAZARD, "hazard": "torpedo_firing"}
    made = {
        "K1": {"wrong_fields": ["N6.hazard"], "data": {"kind": "N6", "fields": new}},
        "K2": {"changes": {"kind": "N6", "fields": {"hazard": "torpedo_firing"}}},
        "K3": {"reason": "postponed"},
        "K4": {"cause": "sent_in_error"},
    }
    assert change["fields"] == made[code]


INTENT = {
    "actor": "alba", "act": "enter_area", "negation": "will_not",
    "area": HAZARD["area"], "period": HAZARD["period"],
}  # fmt: skip


def test_the_fourth_question_ends_an_undertaking_and_is_asked_of_nothing_else(home: Path) -> None:
    asked = type_in(home, "change", ["n"] * 4, notice(home), "--officer", "1").stderr
    assert "undertaking" not in asked
    assert asked.count("?") == 3
    fields = home / "s3.json"
    fields.write_text(json.dumps(INTENT), encoding="utf-8")
    said = type_in(
        home, "send", [], "--kind", "S3", "--fields", str(fields), "--officer", "1", "--approve", "1,2", "--json"
    )
    assert said.exit_code == 0, said.output
    ended = ["n", "n", "y", "2026-12-09T18:00Z", "y"]
    result = type_in(home, "change", ended, str(json.loads(said.stdout)["id"]), "--officer", "1")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("(K5)") == 2
    assert "draft" in result.stdout, "it takes whom the undertaking took"
    assert "world" not in result.stderr


def test_who_answers_no_to_every_question_changes_nothing(home: Path) -> None:
    nothing = type_in(home, "change", ["n"] * 4, notice(home), "--officer", "1")
    assert nothing.exit_code == 2
    assert "nothing to change" in nothing.stderr


def test_whether_any_of_it_still_holds_must_be_typed_and_cannot_be_passed_over(home: Path) -> None:
    result = type_in(home, "change", ["n", "y", "", "", "n", "postponed", "n"], notice(home), "--officer", "1")
    assert result.stderr.count("Does any of it still hold?") == 3
    assert "you did not confirm it" in result.stderr
    assert [each["kind"] for each in sent(home)] == ["N6"]


def test_a_field_that_is_not_there_or_has_no_new_value_is_asked_for_again(home: Path) -> None:
    form = ["colour", "hazard, restriction", "torpedo_firing", "", "keep_clear_advised", "y"]
    result = type_in(home, "change", ["y", *form], notice(home), "--officer", "1", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "colour is no field of N6" in result.stderr
    assert "it was live_firing" in result.stderr
    assert "needs a value" in result.stderr


def test_a_script_gives_the_fields_of_a_change_and_is_asked_for_no_more(home: Path) -> None:
    change = home / "k4.json"
    change.write_text(json.dumps({"cause": "sent_in_error"}), encoding="utf-8")
    result = type_in(home, "change", ["n", "n", "y"], notice(home), "--fields", str(change), "--officer", "1")
    assert result.exit_code == 0, result.output
    assert sent(home)[-1]["kind"] == "K4"


def test_a_notam_needs_the_number_and_region_that_its_office_gives_and_the_hint_names_the_options(home: Path) -> None:
    identity = notice(home)
    refused = type_in(home, "export", [], identity, "--format", "notam")
    assert refused.exit_code == 2
    assert "--number" in refused.stderr
    assert "--region" in refused.stderr
    office = ["--format", "notam", "--number", "A0042/26", "--region", "ABCD"]
    assert "NOTAMN" in type_in(home, "export", [], identity, *office).stdout
    form = [*FORMS["K3"][0], *FORMS["K3"][1]]
    assert type_in(home, "change", form, identity, "--officer", "1").exit_code == 0
    cancelled = str(sent(home)[-1]["id"])
    assert "--replaces" in type_in(home, "export", [], cancelled, *office).stderr
    found = type_in(home, "export", [], cancelled, *office, "--replaces", "A0041/26").stdout
    assert "A0042/26 NOTAMC A0041/26" in found


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


def test_a_reminder_of_ones_own_is_set_shown_and_taken_away(home: Path) -> None:
    identity = notice(home)
    assert "reminded at 2036-03-04T05:06Z" in type_in(home, "remind", [], identity, "--at", "2036-03-04T05:06Z").stdout
    assert "your reminder 2036-03-04 05:06:00 UTC" in type_in(home, "show", [], identity).stdout
    assert json.loads(type_in(home, "remind", [], identity, "--off", "--json").stdout)["at"] is None
    assert "your reminder" not in type_in(home, "show", [], identity).stdout
    for wrong in ([], ["--off", "--at", "2036-03-04T05:06Z"], ["--at", "0001-01-01T00:00Z"], ["--at", "soon"]):
        assert type_in(home, "remind", [], identity, *wrong).exit_code == 2


def test_what_is_composed_may_be_about_another_message(home: Path) -> None:
    identity = notice(home)
    result = type_in(home, "compose", ["postponed", "y"], "--kind", "K3", "--ref", identity[:10], "--officer", "1")
    assert result.exit_code == 0, result.output
    message = sent(home)[-1]
    assert (message["kind"], str(message["ref"])[:40]) == ("K3", identity[:40])


def test_the_hint_of_what_is_not_changed_by_a_question_names_the_kind_that_follows_it(home: Path) -> None:
    fields = home / "n1.json"
    fields.write_text(json.dumps(dict(CATALOGUE.kind("N1").example)), encoding="utf-8")
    by_two = ["--officer", "1", "--approve", "1,2"]
    said = type_in(home, "send", [], "--kind", "N1", "--fields", str(fields), *by_two, "--json")
    assert said.exit_code == 0, said.output
    nothing = type_in(home, "change", ["n"] * 4, str(json.loads(said.stdout)["id"]), "--officer", "1")
    assert "openline compose --kind N2 --ref ID" in nothing.stderr
