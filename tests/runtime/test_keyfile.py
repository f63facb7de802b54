"""Secrets in files: for one purpose, under a passphrase or open on purpose."""

import json
from pathlib import Path

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from openline.errors import Misuse
from openline.runtime import keyfile
from openline.runtime.keyfile import Cost, open_file, purpose_of, read_secret, seal_secret
from openline.runtime.officers import officer_seed

QUICK = Cost(iterations=1, lanes=1, memory_kib=8)
PURPOSE, SECRET, PASSPHRASE = "root of alba", b"secret" * 6, "correct horse"
SEALED = seal_secret(SECRET, PURPOSE, PASSPHRASE, QUICK)


def changed(**fields: object) -> bytes:
    return json.dumps(json.loads(SEALED) | fields).encode()


def test_a_sealed_secret_opens_with_its_passphrase() -> None:
    assert read_secret(SEALED, PURPOSE, PASSPHRASE) == SECRET
    assert SECRET.hex() not in SEALED.decode()
    assert purpose_of(SEALED) == PURPOSE


def test_two_files_of_one_secret_differ() -> None:
    assert json.loads(seal_secret(SECRET, PURPOSE, PASSPHRASE, QUICK))["sealed"] != json.loads(SEALED)["sealed"]


def test_the_usual_cost_is_that_of_rfc_9106() -> None:
    assert json.loads(seal_secret(SECRET, PURPOSE, PASSPHRASE))["argon2id"] | {"salt": ""} == {
        "salt": "", "iterations": 3, "lanes": 4, "memory_kib": 65_536,
    }  # fmt: skip


@pytest.mark.parametrize("passphrase", ["Correct horse", "correct horse ", ""])
def test_another_passphrase_opens_nothing(passphrase: str) -> None:
    with pytest.raises(Misuse, match="passphrase is not the one"):
        read_secret(SEALED, PURPOSE, passphrase)


def test_a_sealed_secret_asks_for_its_passphrase() -> None:
    with pytest.raises(Misuse, match="needs its passphrase"):
        read_secret(SEALED, PURPOSE, None)


def test_a_passphrase_that_is_no_text_is_told() -> None:
    with pytest.raises(Misuse, match="not in UTF-8"):
        read_secret(SEALED, PURPOSE, "correct h\udcf6rse")


def test_a_file_without_end_is_no_key_file() -> None:
    with pytest.raises(Misuse, match="no key file"):
        purpose_of(b"[" * 100_000)


def test_an_officer_s_damaged_key_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "officers" / "officer-4.key"
    path.parent.mkdir()
    for content, told in (
        (b"{}", "no key file"),
        (b"\xff", "no key file"),
        (open_file(bytes(31), "officer 4"), "officer-4.key is not"),
    ):
        path.write_bytes(content)
        with pytest.raises(Misuse, match=told):
            officer_seed(tmp_path, 4)
    path.write_bytes(open_file(bytes(32), "officer 4 of alba"))
    assert officer_seed(tmp_path, 4) == bytes(32)


def test_a_short_passphrase_is_not_taken() -> None:
    with pytest.raises(Misuse, match="shorter than 8"):
        seal_secret(SECRET, PURPOSE, "seven77", QUICK)


def test_a_file_for_an_unattended_start_needs_no_passphrase() -> None:
    assert read_secret(open_file(SECRET, PURPOSE), PURPOSE, None) == SECRET


def test_a_file_for_another_purpose_is_refused() -> None:
    with pytest.raises(Misuse, match="the key file of 'root of alba', not of 'root of bora'"):
        read_secret(SEALED, "root of bora", PASSPHRASE)
    with pytest.raises(Misuse, match="passphrase is not the one"):
        read_secret(changed(purpose="root of bora"), "root of bora", PASSPHRASE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"openline": "card", "purpose": "root of alba"}',
        b'{"openline": "key file", "purpose": 1}',
        b'{"openline": "key file", "purpose": "root of alba"}',
        b'{"openline": "key file", "purpose": "root of alba", "secret": "xy"}',
        b'{"openline": "key file", "purpose": "root of alba", "secret": 1}',
        changed(sealed="xy"),
        changed(argon2id={}),
        changed(argon2id=[]),
    ],
)
def test_what_is_no_key_file_is_told(content: bytes) -> None:
    with pytest.raises(Misuse, match="no key file"):
        read_secret(content, PURPOSE, PASSPHRASE)


@pytest.mark.parametrize(
    "field",
    [
        {"iterations": 0}, {"iterations": 65}, {"iterations": "1"}, {"lanes": 0}, {"lanes": 17}, {"memory_kib": 7},
        {"memory_kib": 1 << 21}, {"salt": "00"}, {"salt": 0},
    ],
)  # fmt: skip
def test_a_file_cannot_make_us_work_without_end(field: dict[str, object]) -> None:
    with pytest.raises(Misuse, match="no key file"):
        read_secret(changed(argon2id=json.loads(SEALED)["argon2id"] | field), PURPOSE, PASSPHRASE)


def test_a_library_without_argon2id_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**_: object) -> None:
        raise UnsupportedAlgorithm("no")

    monkeypatch.setattr(keyfile, "Argon2id", missing)
    with pytest.raises(Misuse, match="lacks Argon2id"):
        read_secret(SEALED, PURPOSE, PASSPHRASE)
