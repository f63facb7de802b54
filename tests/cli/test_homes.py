"""Without a daemon, without a home, with the wrong key: what a command says then, and with which exit code."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from openline.cli import main
from openline.cli.station_call import FILE_VARIABLE
from openline.control import listens
from openline.errors import Misuse, StorageFailed
from openline.runtime.homes import PAGE_KEY, Settings, make_home, open_store
from openline.runtime.keyfile import Cost, read_secret, seal_secret
from openline.runtime.lab import create

QUICK = Cost(1, 1, 8)  # the least that Argon2id takes: what it costs is tested elsewhere
PASSPHRASE = "six random words make a phrase"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = create(tmp_path / "net", ["alba", "bora"], None, 1, 1)
    return Path(made["stations"]["alba"][0])


def run(*arguments: object, status: int = 0, text: str = "") -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=text)
    assert result.exit_code == status, result.output
    return result.stdout if status == 0 else result.stderr


def sealed(home: Path) -> Path:
    """Put the page key under a passphrase; return the file that holds the passphrase."""
    key = read_secret((home / "page.key").read_bytes(), PAGE_KEY, None)
    (home / "page.key").write_bytes(seal_secret(key, PAGE_KEY, PASSPHRASE, QUICK))
    file = home / "phrase"
    file.write_text(PASSPHRASE + "\nnot this line\n", encoding="utf-8")
    return file


def test_what_is_said_without_a_daemon_waits_for_the_next_start(home: Path) -> None:
    result = CliRunner().invoke(main, ["send", "--home", str(home), "--kind", "T1", "--text", "Later", "--json"])
    assert result.exit_code == 0
    assert "no daemon runs" in result.stderr
    identity = json.loads(result.stdout)["id"]
    (message,) = json.loads(run("inbox", "--home", home, "--sent", "--json"))["messages"]
    assert message["id"] == identity
    assert message["status"]["stored"] == []
    (line,) = json.loads(run("lines", "--home", home, "--json"))["lines"]
    assert line["outbox"] == 1


def test_two_commands_at_once_wait_for_each_other(home: Path) -> None:
    store = open_store(home)
    closing = threading.Timer(0.5, store.close)
    closing.start()
    run("send", "--home", home, "--kind", "T1", "--text", "Later")
    closing.join()


def test_a_daemon_waits_for_the_store_as_commands_do(home: Path) -> None:
    """Else a command that looks just then ends it for good: a service does not start again after exit code 2."""
    store = open_store(home)
    with subprocess.Popen([sys.executable, "-m", "openline.cli", "station", "run", "--home", str(home)]) as daemon:
        with pytest.raises(subprocess.TimeoutExpired):
            daemon.wait(2)
        store.close()
        deadline = time.monotonic() + 60
        while not listens(home / "control.sock"):
            assert time.monotonic() < deadline, "it did not start once the store was free"
            time.sleep(0.02)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(60) == 0


def test_a_backup_waits_for_the_store_as_commands_do(home: Path, tmp_path: Path) -> None:
    store = open_store(home)
    closing = threading.Timer(0.5, store.close)
    closing.start()
    run("station", "backup", "--home", home, tmp_path / "alba.backup")
    closing.join()


def test_waiting_without_a_daemon_leaves_the_store_to_others(home: Path) -> None:
    """It looks once a second and no more: each look is a start of the station, and keeps a daemon from its own."""
    say = ["send", "--home", home, "--kind", "T1", "--text", "Later", "--wait", "stored", "--timeout", 1.5]
    assert "stays said" in run(*say, status=5)
    starts = int((home / "station.db.starts").read_text(encoding="ascii"))
    assert starts <= 6, "to prepare it, to say it, and to look three times"


def test_what_was_said_is_named_though_the_waiting_was_in_vain(home: Path) -> None:
    """In words before the waiting, and in the error, so that nobody says it again for want of its id."""
    say = ["send", "--home", str(home), "--kind", "T1", "--text", "Later", "--wait", "stored", "--timeout", "0.1"]
    waited = CliRunner().invoke(main, [*say, "--json"])
    identity = json.loads(waited.stdout)["error"]["id"]
    assert waited.exit_code == 5
    assert f"said {identity}; waiting" in waited.stderr
    assert json.loads(run("show", "--home", home, identity, "--json"))["fields"] == {"text": "Later"}


def test_ctrl_c_ends_the_waiting_and_nothing_else(home: Path) -> None:
    """It is said, so it is not refused: the code is that of waiting in vain, with the id."""
    say = ["send", "--home", str(home), "--kind", "T1", "--text", "Later", "--wait", "stored", "--json"]
    command = [sys.executable, "-m", "openline.cli", *say]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stderr is not None
        while not (row := waiting.stderr.readline()).startswith("said "):
            assert row
        waiting.send_signal(signal.SIGINT)
        told, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 5
    error = json.loads(told)["error"]
    assert "stays said" in error["message"]
    assert error["id"] == row.split()[1].rstrip(";")


def test_a_store_that_stays_held_is_said_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.cli.station_call.HELD_WAIT_S", 0.2)
    store = open_store(home)
    assert "another process holds this store" in run("inbox", "--home", home, status=2)
    store.close()


@pytest.mark.parametrize("command", ["inbox", "lines", "drafts", "alarms", "refused", "forks"])
def test_no_home_is_named_with_what_to_do(tmp_path: Path, command: str) -> None:
    told = run(command, "--home", tmp_path / "nothing", status=2)
    assert "station.toml is missing" in told
    assert "lab create" in told


def test_without_home_the_users_own_folder_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("OPENLINE_HOME", raising=False)
    assert str(tmp_path / "openline" / "station") in run("inbox", status=2)
    monkeypatch.setenv("OPENLINE_HOME", str(tmp_path / "other"))
    assert str(tmp_path / "other") in run("inbox", status=2)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('name = "x"\ncolour = "red"\n', "unknown key 'colour'"),
        ("name = 5\n", "name must be a str"),
        ("name = \n", "is not TOML"),
        ("name = '\xff'\n", "is not TOML"),
        ('language = "kr"\n', "language 'kr' is not spoken here"),
    ],
)
def test_settings_that_are_wrong_are_named(home: Path, content: str, named: str) -> None:
    (home / "station.toml").write_bytes(content.encode("latin-1"))
    assert named in run("inbox", "--home", home, status=2)


def test_a_home_that_may_not_be_searched_is_wrong_use_in_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user's folder above it; a service does not start it again and again."""

    def refuse(path: Path, *_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(Path, "is_file", refuse)
    told = run("inbox", "--home", home, status=2)
    assert "station.toml cannot be read: Permission denied" in told
    assert "whose file and folder" in told


def test_a_name_that_no_file_can_have_is_wrong_use_in_words(tmp_path: Path) -> None:
    assert "File name too long" in run("inbox", "--home", tmp_path / ("x" * 300), status=2)


@pytest.mark.parametrize("command", [("inbox",), ("station", "run")])
@pytest.mark.parametrize("terminal", [True, False])
def test_a_page_key_that_cannot_be_read_is_a_wrong_home(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], terminal: bool
) -> None:
    """Another user's key in a home that is open to all, or none at all: no new start mends it."""
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    monkeypatch.setattr(
        "openline.cli.station_call.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: terminal))
    )
    (home / "page.key").unlink()
    (home / "page.key").mkdir()
    told = run(*command, "--home", home, status=2)
    assert "page.key cannot be read: Is a directory" in told
    assert "Check whose file it is" in told


def noted(home: Path) -> list[dict[str, object]]:
    return [json.loads(row) for row in (home / "log.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("station.toml", 'colour = "red"\n', "unknown key 'colour'"),
        ("page.key", "no key file", "no key file"),
        ("station.db", "no store at all, but some other file" * 200, "does not open with this key"),
        ("station.db.starts", "many", "holds no number"),
    ],
)
def test_why_a_station_did_not_start_stands_in_its_log(home: Path, file: str, content: str, words: str) -> None:
    """A service has nobody at its terminal: the log says why it ended and what to do, as for an end later on."""
    (home / file).write_text(content, encoding="utf-8")
    told = CliRunner().invoke(main, ["station", "run", "--home", str(home)])
    assert told.exit_code in (2, 4)
    (row,) = noted(home)
    assert row["what"] == "failed"
    assert words in str(row["words"])
    assert row["hint"]


def test_a_passphrase_file_that_is_missing_stands_in_the_log_too(home: Path) -> None:
    assert "cannot be read" in run("station", "run", "--home", home, "--passphrase-file", home / "none", status=2)
    assert [row["what"] for row in noted(home)] == ["failed"]


def test_a_fault_of_the_program_at_the_start_stands_in_the_log_by_its_place(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("words of a message")

    monkeypatch.setattr("openline.runtime.station.read_lines", fail)
    assert "a fault of this program: KeyError" in run("station", "run", "--home", home, status=3)
    (row,) = noted(home)
    assert row["what"] == "fault of the program"
    assert str(row["at"]).startswith("test_homes.py:")
    assert "words of a message" not in str(row)


def test_a_folder_that_is_no_home_gets_no_log(tmp_path: Path) -> None:
    assert "station.toml is missing" in run("station", "run", "--home", tmp_path, status=2)
    assert list(tmp_path.iterdir()) == []


def test_an_officers_key_that_cannot_be_read_is_said_with_its_reason(home: Path) -> None:
    key = home / "officers" / "officer-2.key"
    key.unlink()
    key.mkdir()
    for officer, reason in ((2, "Is a directory"), (9, "No such file")):
        told = run("send", "--home", home, "--kind", "T1", "--text", "x", "--approve", officer, status=2)
        assert f"officer {officer} has no key file here: " in told
        assert reason in told


@pytest.mark.parametrize("officers", ["1" * 5_000, "1,two", "²", "-1"])
def test_what_is_no_officers_number_is_wrong_use(home: Path, officers: str) -> None:
    """Also more digits than a number has: the language itself refuses to read so many."""
    told = run("send", "--home", home, "--kind", "T1", "--text", "x", f"--approve={officers}", status=2)
    assert "are no officers' numbers" in told
    assert len(told) < 400


@pytest.mark.parametrize("seeds", ["0:" + "1" * 5_000, "0:²", "5:5", "commit:0", "5"])
def test_what_is_no_range_of_seeds_is_wrong_use(seeds: str) -> None:
    assert "is no range of seeds" in run("simulate", "--seeds", seeds, status=2)


def test_no_home_is_made_in_a_language_that_is_not_spoken_here(tmp_path: Path) -> None:
    """It could not be started, and whoever has just set it up is the one to mend it."""
    with pytest.raises(Misuse, match="language 'kr' is not spoken here") as refused:
        make_home(tmp_path / "home", Settings(language="kr"), [], [])
    assert "ko" in refused.value.hint
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("content", "named"),
    [('host = "127.0.0.1"\n', "port"), ('host = ""\nport = 1\n', "host"), ("ports = 1\n", "ports")],
)
def test_a_relays_settings_likewise(home: Path, content: str, named: str) -> None:
    relay = home.parent / "relay-1"
    (relay / "relay.toml").write_text(content, encoding="utf-8")
    assert named in run("relay", "run", "--home", relay, status=2)


def test_a_store_is_sealed_under_a_passphrase_under_another_and_laid_open(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    first, second, short = (tmp_path / name for name in ("first", "second", "short"))
    first.write_text("six words that nobody knows\n", encoding="utf-8")
    second.write_text("six others\n", encoding="utf-8")
    short.write_text("short\n", encoding="utf-8")
    before = (home / "page.key").read_bytes()
    assert "shorter than" in run("station", "seal", "--home", home, "--new-passphrase-file", short, status=2)
    assert (home / "page.key").read_bytes() == before
    done = run("station", "seal", "--home", home, "--new-passphrase-file", first, "--json")
    assert json.loads(done) == {"home": str(home), "sealed": True}
    assert (home / "page.key").stat().st_mode & 0o777 == 0o600
    assert "needs its passphrase" in run("inbox", "--home", home, status=2)
    sealed_once = (home / "page.key").read_bytes()
    wrong = ("--passphrase-file", second, "--new-passphrase-file", second)
    assert "not the one" in run("station", "seal", "--home", home, *wrong, status=2)
    assert (home / "page.key").read_bytes() == sealed_once
    run("station", "seal", "--home", home, "--passphrase-file", first, "--new-passphrase-file", second)
    monkeypatch.setenv(FILE_VARIABLE, str(second))
    assert run("inbox", "--home", home) == "no messages\n"
    assert "not both" in run("station", "seal", "--home", home, "--open", "--new-passphrase-file", first, status=2)
    assert "lies open" in run("station", "seal", "--home", home, "--open")
    monkeypatch.delenv(FILE_VARIABLE)
    assert run("inbox", "--home", home) == "no messages\n"


def test_the_new_passphrase_is_asked_for_twice(home: Path) -> None:
    asked = "six words that nobody knows\n"
    run("station", "seal", "--home", home, text=asked * 2)
    assert "needs its passphrase" in run("inbox", "--home", home, status=2)


def test_a_fault_of_the_program_in_a_relay_stands_in_its_log_by_its_place(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a service manager nobody reads its standard error; what the exception says may quote an envelope."""

    def fail(*_: object) -> None:
        raise KeyError("words of a message")

    relay = home.parent / "relay-1"
    monkeypatch.setattr("openline.relay.run_relay", fail)
    assert "a fault of this program: KeyError" in run("relay", "run", "--home", relay, status=3)
    (row,) = noted(relay)
    assert row["event"] == "failed"
    assert "KeyError at test_homes.py:" in str(row["words"])
    assert "words of a message" not in (relay / "log.jsonl").read_text(encoding="utf-8")


def test_a_relay_with_no_host_is_neither_made_nor_run(home: Path, tmp_path: Path) -> None:
    """A quotation mark in it once broke the file that was written."""
    made = tmp_path / "made"
    assert "is no address" in run("relay", "create", "--home", made, "--host", 'a"b', status=2)
    assert not made.exists()
    assert "is no address" in run("lab", "create", tmp_path / "other", "--hosts", 'a"b', status=2)
    assert not (tmp_path / "other").exists()
    relay = home.parent / "relay-1"
    (relay / "relay.toml").write_text('host = "a..b"\nport = 8443\n', encoding="utf-8")
    assert "is no address" in run("relay", "run", "--home", relay, status=2)


def test_a_page_key_under_a_passphrase_opens_with_it_and_with_no_other(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sealed(home)
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    assert "needs its passphrase" in run("inbox", "--home", home, status=2)
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    assert run("inbox", "--home", home) == "no messages\n"
    wrong = home / "wrong"
    wrong.write_text("another phrase\n", encoding="utf-8")
    monkeypatch.setenv(FILE_VARIABLE, str(wrong))
    assert "the passphrase is not the one" in run("inbox", "--home", home, status=2)
    wrong.write_text("", encoding="utf-8")
    assert "is empty" in run("inbox", "--home", home, status=2)
    monkeypatch.setenv(FILE_VARIABLE, str(home / "missing"))
    assert "cannot be read" in run("inbox", "--home", home, status=2)


def test_a_backup_is_a_marked_copy_and_overwrites_nothing(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "alba.backup"
    assert json.loads(run("station", "backup", "--home", home, copy, "--json")) == {"backup": str(copy)}
    assert copy.stat().st_size > 0
    assert "there already" in run("station", "backup", "--home", home, copy, status=2)


def test_a_disk_that_fails_ends_a_command_with_4(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StorageFailed("the disk is full", hint="Free space.")

    monkeypatch.setattr("openline.store.Store.commit", refuse)
    assert "the disk is full" in run("send", "--home", home, "--kind", "T1", "--text", "x", status=4)


def test_watch_needs_a_daemon_and_says_how_to_start_one(home: Path) -> None:
    assert "openline station run" in run("watch", "--home", home, status=3)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--parties", "alba"], "two to 6"),
        (["--parties", "alba,alba"], "different"),
        (["--parties", "Alba,bora"], "'Alba'"),
        (["--stations", "9"], "1 to 4 stations"),
        (["--relays", "0"], "1 to 4 relays"),
    ],
)
def test_a_laboratory_that_cannot_be_is_refused(tmp_path: Path, arguments: list[str], named: str) -> None:
    assert named in run("lab", "create", tmp_path / "net", *arguments, status=2)
    assert not (tmp_path / "net").exists()


def test_lab_create_answers_in_its_shape_and_overwrites_nothing(tmp_path: Path) -> None:
    arguments = ["--parties", "alba,bora", "--mediator", "cendra", "--stations", "2", "--relays", "2"]
    made = json.loads(run("lab", "create", tmp_path / "net", *arguments, "--json"))
    assert sorted(made) == ["line", "relays", "stations"]
    assert len(bytes.fromhex(made["line"])) == 16
    assert [Path(home).name for home in made["relays"]] == ["relay-1", "relay-2"]
    assert {party: len(homes) for party, homes in made["stations"].items()} == {"alba": 2, "bora": 2, "cendra": 2}
    assert all((Path(home) / "station.toml").is_file() for homes in made["stations"].values() for home in homes)
    assert "is not empty" in run("lab", "create", tmp_path / "net", status=2)


def test_lab_up_of_something_else_is_refused(tmp_path: Path) -> None:
    assert "holds no laboratory" in run("lab", "up", tmp_path, status=2)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        '{"line": "5f16", "relays": [5], "stations": {}}',
        '{"line": "5f16", "relays": [], "stations": {"alba": "alba-1"}}',
        "[" * 100_000,
    ],
)
def test_lab_up_of_a_file_that_describes_no_laboratory_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "lab.json").write_text(content, encoding="utf-8")
    assert "laboratory" in run("lab", "up", tmp_path, status=2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_lab_up_shows_health_and_leaves_no_process_behind(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, or a terminal that was closed: the whole network ends."""
    made = create(tmp_path / "net", ["alba", "bora"], None, 1, 1)
    command = [sys.executable, "-m", "openline.cli", "lab", "up", str(tmp_path / "net")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lab:
        assert lab.stdout is not None
        shown = ""
        while "alba-1       runs; 1 of 1 stations answer" not in shown:
            row = lab.stdout.readline()
            assert row, shown
            shown += row
        children = [int(child) for child in Path(f"/proc/{lab.pid}/task/{lab.pid}/children").read_text().split()]
        assert len(children) == 3
        lab.send_signal(number)
        assert "stopping" in lab.stdout.read()
        assert lab.wait(30) == 0
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline, "a process was left behind"
        time.sleep(0.02)
    assert not (Path(made["stations"]["alba"][0]) / "control.sock").exists()
