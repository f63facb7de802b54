"""A relay's folder: made once, readable by its owner alone, with a list of lines that is right or refused in words."""

import os
from pathlib import Path

import pytest

from openline.errors import Misuse
from openline.relay import admit_line, create_relay_home, read_lines
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
