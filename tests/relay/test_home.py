"""A relay's folder: made once, readable by its owner alone, with a list of lines that is right or refused in words."""

import errno
import os
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openline.errors import Misuse, StorageFailed
from openline.relay import admit_line, create_relay_home, read_lines, relay_settings
from openline.relay import home as home_module
from openline.relay.home import LINES_BYTES_MAX
from openline.transports import RelayKey

KEYS = [bytes([number]) * 32 for number in range(1, 6)]


def test_a_new_folder_admits_nobody_and_its_pin_is_its_keys(tmp_path: Path) -> None:
    pin = create_relay_home(tmp_path / "deep" / "relay")
    assert RelayKey.load(tmp_path / "deep" / "relay" / "relay.pem").pin == pin
    assert read_lines(tmp_path / "deep" / "relay") == []
    for path in (tmp_path / "deep" / "relay").iterdir():
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(Misuse, match="cannot be made"):
        create_relay_home(tmp_path / "deep" / "relay")


def test_lines_are_added_and_what_the_operator_wrote_stays(tmp_path: Path) -> None:
    home = tmp_path / "relay"
    create_relay_home(home)
    admit_line(home, KEYS[:2])
    with (home / "lines.toml").open("a") as file:
        file.write("# the second one is new\n")
    admit_line(home, KEYS[2:4])
    assert read_lines(home) == [KEYS[:2], KEYS[2:4]]
    assert "# the second one is new" in (home / "lines.toml").read_text()


def test_an_added_line_is_on_the_disk_when_the_operator_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "relay"
    create_relay_home(home)
    synced: list[tuple[int, str]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append((os.fstat(handle).st_ino, (home / "lines.toml").read_text()))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    admit_line(home, KEYS[:2])
    listed = home / "lines.toml"
    assert [inode for inode, _ in synced] == [listed.stat().st_ino, home.stat().st_ino], "the file, then its name"
    assert synced[-1][1] == listed.read_text(), "the folder last: the new list is already there"


def test_lines_that_are_added_at_the_same_moment_are_all_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two operators, or a script with several lines: each waits for the other, and no line is lost."""
    create_relay_home(tmp_path / "relay")
    write = home_module._write_private

    def slowly(path: Path, content: bytes) -> None:
        write(path, content)
        time.sleep(0.02)  # time for the others to read the list as it was

    monkeypatch.setattr(home_module, "_write_private", slowly)
    lines = [[bytes([2 * number]) * 32, bytes([2 * number + 1]) * 32] for number in range(8)]
    with ThreadPoolExecutor(len(lines)) as operators:
        list(operators.map(lambda line: admit_line(tmp_path / "relay", line), lines))
    assert sorted(read_lines(tmp_path / "relay")) == lines


def test_a_list_that_the_disk_does_not_take_is_as_it_was_and_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, or the folder of another user."""
    home = tmp_path / "relay"
    create_relay_home(home)
    admit_line(home, KEYS[:2])
    (home / "lines.toml.part").mkdir()
    with pytest.raises(StorageFailed, match="cannot be written: Is a directory") as taken:
        admit_line(home, KEYS[2:4])
    assert "let this user write" in taken.value.hint
    (home / "lines.toml.part").rmdir()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed, match="No space left"):
        admit_line(home, KEYS[2:4])
    assert read_lines(home) == [KEYS[:2]]


def test_no_line_is_added_to_a_folder_that_is_no_relays(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="cannot be read"):
        admit_line(tmp_path / "nothing", KEYS[:2])


def test_a_new_relay_is_on_the_disk_when_its_pin_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parties put the pin into rosters that all sign: a key that a power cut takes back costs each a new one."""
    home = tmp_path / "deep" / "relay"
    synced: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    create_relay_home(home)
    named = [tmp_path, home.parent, home / "relay.pem", home / "lines.toml", home]
    assert synced == [path.stat().st_ino for path in named]


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "fe80::7%eth0", "localhost", "relay-1.example", "a_b"])
def test_an_address_or_a_name_is_a_host_and_stands_in_the_settings_as_it_is(host: str) -> None:
    assert tomllib.loads(relay_settings(host, 8443).decode()) == {"host": host, "port": 8443}


@pytest.mark.parametrize(
    "host",
    [
        "",
        'a"b',
        'fe80::7%a"b',
        "a b",
        "a\nport = 1",
        "-a",
        "a..b",
        "a" * 64,
        "a." * 127 + "b",
        "\u0430lba",
        "[::1]",
        "a:8443",
    ],
)
def test_what_is_no_host_is_refused_before_it_stands_in_a_file(host: str) -> None:
    with pytest.raises(Misuse, match="is no address and no name") as refused:
        relay_settings(host, 8443)
    assert "192.0.2.7" in refused.value.hint


@pytest.mark.parametrize("keys", [KEYS[:1], [KEYS[0], KEYS[4]], [KEYS[4], b"short"], []])
def test_a_line_that_cannot_be_is_not_added(tmp_path: Path, keys: list[bytes]) -> None:
    home = tmp_path / "relay"
    create_relay_home(home)
    admit_line(home, KEYS[:2])
    before = (home / "lines.toml").read_text()
    with pytest.raises(Misuse):
        admit_line(home, keys)
    assert (home / "lines.toml").read_text() == before


@pytest.mark.parametrize(
    "text",
    [
        b"line = 5",
        b"line = [5]",
        b"[[line]]",
        b"[[line]]\npost = 5",
        b'[[line]]\npost = ["zz"]',
        b"[[line]]\npost = [5]",
        b"not toml",
        b"\xff",
        b"#" * (LINES_BYTES_MAX + 1),
    ],
)
def test_a_list_that_is_not_in_its_form_says_how_it_should_be(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "lines.toml").write_bytes(text)
    with pytest.raises(Misuse) as caught:
        read_lines(tmp_path)
    assert caught.value.hint


def test_a_list_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="cannot be read"):
        read_lines(tmp_path)
