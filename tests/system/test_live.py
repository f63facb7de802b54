"""Commands on a line that is up: three stations and two relays, each a process of its own."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.stage import HAZARD, Stage, program, running, until


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("live") / "net", mediator="cendra", relays=2)
    with running(made):
        made.meet()
        yield made


def home(stage: Stage, name: str) -> Path:
    return stage.homes[name]


def test_a_text_is_stored_presented_acknowledged_and_passed_on_each_with_its_proof(stage: Stage) -> None:
    alba, bora = home(stage, "alba-1"), home(stage, "bora-1")
    text = ["--kind", "T1", "--text", "Radio check", "--officer", 4]
    sent = stage.json("send", "--home", alba, *text, "--action", "bora", "--wait", "stored")
    assert sorted(mark["station"] for mark in sent["message"]["status"]["stored"]) == ["bora-1", "cendra-1"]
    identity = sent["id"]
    stage.run("inbox", "--home", bora)  # it is presented once it was shown, so the next look sees that it was
    (shown,) = [each for each in stage.json("inbox", "--home", bora)["messages"] if each["id"] == identity]
    assert {"id", "line", "from", "seq", "kind", "fields", "precedence", "status"} <= shown.keys()
    assert (shown["from"], shown["kind"], shown["fields"]) == ("alba-1", "T1", {"text": "Radio check"})
    assert {"station", "signer", "time"} <= shown["status"]["stored"][0].keys()
    stage.run("ack", "--home", bora, identity[:8], "--officer", 4)
    stage.run("pass-on", "--home", bora, identity[:9], "--unit", "air defence", "--officer", 4)
    show = ("show", "--home", alba, identity[:12])
    told = until(
        lambda: found if (found := stage.json(*show))["status"]["passed_on"] else None,
        "nobody said that it was passed on",
    )
    assert told["status"]["acknowledged"][0]["signer"] == "officer 4"
    assert b"Radio check" in bytes.fromhex(told["entry"])
    words = stage.run("show", "--home", alba, identity)
    assert "proof of acknowledged by bora-1" in words
    assert all(row.startswith("EXERCISE") for row in words.splitlines())


def test_an_answer_closes_the_dialogue_and_send_can_wait_for_it(stage: Stage) -> None:
    alba, cendra = home(stage, "alba-1"), home(stage, "cendra-1")
    command = program("send", "--home", cendra, "--kind", "Q1", "--fields", "-", "--action", "alba",
                      "--wait", "answered", "--json")  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdin is not None
        asking.stdin.write(json.dumps({"statement": "The principal approved the offer."}))
        asking.stdin.close()
        question = until(
            lambda: next(
                (each for each in stage.json("inbox", "--home", alba)["messages"] if each["kind"] == "Q1"), None
            ),
            "the question did not arrive",
        )
        stage.run("answer", "--home", alba, question["id"], "CANNOT-SAY", "--officer", 1)
        assert asking.wait(60) == 0
        assert asking.stdout is not None
        answered = json.loads(asking.stdout.read())
    assert answered["message"]["status"]["answered"][0]["words"]


def test_what_is_waited_for_in_vain_ends_with_5_and_stays_said(stage: Stage) -> None:
    alba = home(stage, "alba-1")
    waited = stage.json("send", "--home", alba, "--kind", "T1", "--text", "Nobody reads this yet", "--action", "bora",
                        "--wait", "acknowledged", "--timeout", 0.3, status=5)  # fmt: skip
    assert "stays said" in waited["error"]["message"]
    sent = stage.json("inbox", "--home", alba, "--sent")["messages"]
    assert sent[-1]["fields"] == {"text": "Nobody reads this yet"}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({**HAZARD, "hazard": "fireworks"}, ["hazard", "live_firing"]),
        ({**HAZARD, "area": 5}, ["area"]),
        ({"hazard": "live_firing", "area": HAZARD["area"]}, ["period"]),
        ({**HAZARD, "azimuth": 100}, ["azimuth"]),
        ([], ["object"]),
    ],
)
def test_a_wrong_field_is_named_with_what_was_expected(
    stage: Stage, tmp_path: Path, fields: object, named: list[str]
) -> None:
    file = tmp_path / "fields.json"
    file.write_text(json.dumps(fields), encoding="utf-8")
    told = stage.run("send", "--home", home(stage, "alba-1"), "--kind", "N6", "--fields", file, status=2)
    assert all(word in told for word in named), told


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--kind", "Z1", "--text", "x"], "T1, ACKNOWLEDGED"),
        (["--kind", "T1", "--text", "x", "--action", "doria"], "doria"),
        (["--kind", "T1", "--text", "x", "--precedence", "SOON"], "FLASH"),
        (["--kind", "T1", "--text", "x", "--status", "ACTUAL"], "ACTUAL"),
        (["--kind", "T1", "--text", "x", "--respond-by", "tomorrow"], "UTC"),
        (["--kind", "T1", "--text", "x", "--line", "ffff"], "openline lines"),
        (["--kind", "T1", "--text", "x", "--ref", "nothing"], "openline inbox"),
        (["--kind", "ACKNOWLEDGED", "--ref", "0" * 40], "no message"),
        (["--kind", "N1", "--fields", "no-such-file.json"], "no-such-file.json"),
        (["--kind", "T1", "--text", "x", "--officer", "99"], "1, 2, 3, 4, 5"),
    ],
)
def test_what_cannot_be_said_is_refused_here_with_its_reason(stage: Stage, arguments: list[str], named: str) -> None:
    command = ["send", "--home", str(home(stage, "alba-1")), *arguments]
    with pytest.raises(AssertionError, match=r"error: ") as refused:
        stage.run(*command)
    assert named in str(refused.value)


def test_two_officers_release_what_one_may_not_and_a_refused_draft_never_goes_out(stage: Stage) -> None:
    alba, bora = home(stage, "alba-1"), home(stage, "bora-1")
    launch = stage.folder / "n1.json"
    launch.write_text(json.dumps({
        "class": "space_launch_vehicle", "count": 1, "site": "39.66N 124.70E", "purpose": "space",
        "window": "2026-12-09T20:00Z/2026-12-10T02:00Z", "azimuth": 100, "impact_areas": [HAZARD["area"]],
    }))  # fmt: skip
    say = ["send", "--home", alba, "--kind", "N1", "--fields", launch, "--officer", 1]
    kept = stage.json(*say)
    assert kept["needs"]
    listed = stage.run("drafts", "--home", alba)
    assert "needs:" in listed
    assert all(row.startswith("EXERCISE") for row in listed.splitlines())
    first = stage.json("approve", "--home", alba, kept["draft"][:8], "--officer", 1)
    assert not first["said"]
    last = stage.json("approve", "--home", alba, kept["draft"][:8], "--officer", 2)
    assert last["said"]
    arrived = until(
        lambda: next((m for m in stage.json("inbox", "--home", bora)["messages"] if m["id"] == last["id"]), None),
        "the launch did not arrive",
    )
    assert arrived["approved_by"] == [1, 2]
    another = stage.json(*say, "--respond-by", "2026-12-08T00:00Z")  # in the same second, the same words are the same
    stage.run("refuse", "--home", alba, another["draft"][:8], "--officer", 2, "--reason", "wrong area")
    assert "REFUSED by officer 2: wrong area" in stage.run("drafts", "--home", alba)
    stage.run("approve", "--home", alba, another["draft"][:8], "--officer", 1, status=2)
    assert "no key file" in stage.run("approve", "--home", alba, another["draft"][:8], "--officer", 77, status=2)


def test_an_accident_goes_out_as_flash_with_everything_else_unknown(stage: Stage) -> None:
    alba = home(stage, "alba-1")
    stage.run("accident", "--home", alba, "--officer", 4, text="n\n", status=2)
    kept = stage.json("accident", "--home", alba, "--officer", 4, "--yes")
    if "draft" in kept:
        stage.run("approve", "--home", alba, kept["draft"], "--officer", 5)
    (said,) = [each for each in stage.json("inbox", "--home", alba, "--sent")["messages"] if each["kind"] == "N7"]
    assert said["precedence"] == "FLASH"
    assert "UNKNOWN" in said["fields"].values()


def test_a_notice_is_written_in_the_worlds_formats_and_changed_by_four_questions(stage: Stage) -> None:
    alba = home(stage, "alba-1")
    identity = stage.send("alba-1", "N6", "--officer", 1, **HAZARD)
    cap = stage.run("export", "--home", alba, identity[:10], "--format", "cap")
    assert "<status>Exercise</status>" in cap
    alert = stage.folder / "alert.xml"
    alert.write_text(cap, encoding="utf-8")
    assert stage.json("import", "--format", "cap", alert)["kind"] == "N6"
    assert "EXERCISE" in stage.run("export", "--home", alba, identity[:10], "--format", "geojson")
    stage.run("change", "--home", alba, identity, text="n\nn\nn\nn\nn\nn\n", status=2)


def test_an_alarm_list_a_refusal_list_and_forks_are_there_when_nothing_is_wrong(stage: Stage) -> None:
    bora = home(stage, "bora-1")
    assert stage.json("forks", "--home", bora) == {"forks": []}
    assert "refused" in stage.json("refused", "--home", bora)
    assert "alarms" in stage.json("alarms", "--home", bora)
    for command in ("forks", "refused", "alarms"):
        assert stage.run(command, "--home", bora)


def test_lines_teaches_its_words_and_has_every_part_for_scripts(stage: Stage) -> None:
    bora = home(stage, "bora-1")
    (line,) = stage.json("lines", "--home", bora)["lines"]
    assert line["line"] == stage.line
    assert [path["open"] for path in line["paths"]] == [True, True]
    for station in line["stations"]:
        assert {"path", "station", "last_check", "epochs_in_stock", "word", "since", "known_by"} <= station.keys()
    words = stage.run("lines", "--home", bora)
    assert "meaning: " in words
    assert "relay 127.0.0.1:" in words


def test_a_second_daemon_of_one_home_is_refused_and_the_first_goes_on(stage: Stage) -> None:
    for what, name in (("station", "bora-1"), ("relay", "relay-1")):
        second = subprocess.run(
            program(what, "run", "--home", home(stage, name)), capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 2
        assert "another process holds this store" in second.stderr
    assert stage.lines("bora-1")


def test_looking_with_peek_presents_nothing(stage: Stage) -> None:
    identity = stage.send("alba-1", "T1", "--wait", "stored", text="Not seen yet")
    found = stage.json("inbox", "--home", home(stage, "bora-1"), "--peek")
    assert identity in found["unpresented"]
    found = stage.json("inbox", "--home", home(stage, "bora-1"))
    assert found["unpresented"] == []


def test_local_time_stands_beside_utc_once_a_party_has_stated_its_clock(stage: Stage) -> None:
    check = {"check": 1, "nonce": "0011223344556677", "utc_offset": "+08:30"}
    identity = stage.send("bora-1", "L1", "--officer", 1, "--wait", "stored", **check)
    found = stage.json("show", "--home", home(stage, "alba-1"), identity)
    assert found["local"] == {"bora": 510}
    assert " · bora " in stage.run("show", "--home", home(stage, "alba-1"), identity)


def test_words_come_in_the_language_that_is_asked_for(stage: Stage) -> None:
    identity = stage.send("alba-1", "N6", "--officer", 1, **HAZARD)
    assert "실사격" in stage.run("show", "--home", home(stage, "alba-1"), identity, "--lang", "ko")
    stage.run("show", "--home", home(stage, "alba-1"), identity, "--lang", "xx", status=2)


def test_new_keys_are_begun_on_demand_and_the_line_goes_on(stage: Stage) -> None:
    (before,) = (each for each in stage.lines("alba-1")["stations"] if each["station"] == "bora-1")
    time.sleep(1)  # keys are told apart by the second in which they were begun
    stage.run("station", "rekey", "--home", home(stage, "alba-1"))
    stage.send("alba-1", "T1", "--wait", "stored", text="under new keys")
    (after,) = (each for each in stage.lines("alba-1")["stations"] if each["station"] == "bora-1")
    assert after["epoch_since"] > before["epoch_since"]


def test_an_officer_attends_and_the_other_side_will_read_it(stage: Stage) -> None:
    assert stage.json("attend", "--home", home(stage, "alba-1"))["line"] == stage.line


def test_watch_shows_each_message_once_and_what_it_shows_is_presented(stage: Stage) -> None:
    bora = home(stage, "bora-1")
    stage.run("inbox", "--home", bora)
    with subprocess.Popen(
        program("watch", "--home", bora), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as watching:
        assert watching.stdout is not None
        assert "watching bora-1" in watching.stdout.readline()
        identity = stage.send("alba-1", "T1", "--action", "bora", text="Watched words")
        shown = ""
        while "Watched words" not in shown:
            shown = watching.stdout.readline()
            assert shown
        until(
            lambda: stage.ask("alba-1", do="show", id=identity)["status"]["presented"] or None,
            "what watch showed was not presented",
        )
        words = stage.folder / "watched.txt"
        words.write_text("in other words", encoding="utf-8")
        stage.run("translate", "--home", bora, identity, "--sight", "--officer", 4, "--text-file", words)
        while "SIGHT translation by officer 4" not in shown:
            shown = watching.stdout.readline()
            assert shown
        watching.send_signal(2)
        rest = watching.stdout.read()
        assert watching.wait(20) == 0
    assert "\a" not in rest, "no bell where there is no terminal"
    assert "Watched words" not in rest


def test_a_person_translates_another_checks_and_nothing_of_it_leaves(stage: Stage) -> None:
    bora = home(stage, "bora-1")
    identity = stage.send("alba-1", "T1", "--wait", "stored", text="Всё тихо")
    words = stage.run("show", "--home", bora, identity)
    assert "UNTRANSLATED for 0 min; due" in words
    assert f"openline translate {identity[:8]}" in words
    text = stage.folder / "words.txt"
    text.write_text("All is quiet\u202e", encoding="utf-8")
    first = ["translate", "--home", bora, identity[:8]]
    stage.run(*first, "--official", "--checked-by", 2, status=2)
    told = stage.run(*first, "--sight", "--officer", 4, "--text-file", text)
    assert "SIGHT translation by officer 4" in told
    assert "translated by a person here: All is quiet" in told
    assert "\u202e" not in told
    stage.run(*first, "--official", "--checked-by", 4, status=2)
    done = stage.json(*first, "--official", "--checked-by", 2)["translation"]
    assert (done["state"], done["sight_officer"], done["officer"]) == ("OFFICIAL", 4, 2)
    assert "OFFICIAL translation by officer 4, checked by officer 2" in stage.run("inbox", "--home", bora)
    assert "translation" not in stage.json("show", "--home", home(stage, "alba-1"), identity)
    stage.run(*first, "--withdraw", "--officer", 2)
    assert stage.json("show", "--home", bora, identity)["translation"]["state"] == "UNTRANSLATED"
