"""A secret in a file: under a passphrase (Argon2id, then AES-256-GCM-SIV), or open for unattended start.

The file is JSON, so that whoever finds it in twenty years can read how it was made:

    {"openline": "key file", "purpose": "root of alba", "sealed",
     "argon2id": {"salt", "iterations", "lanes", "memory_kib"}}
    {"openline": "key file", "purpose": "station 1 of alba", "secret"}

Byte strings are hexadecimal.  The purpose is bound by the seal.
"""

from __future__ import annotations

import json
import operator
import secrets
from dataclasses import asdict, dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from openline.errors import Forged, Misuse
from openline.sessions.suite import RealSuite

SALT_BYTES = 16
MEMORY_KIB_MAX = 1 << 20  # 1 GiB: what a machine of the field can spare; a file that asks for more is no file of ours
ITERATIONS_MAX = 64
LANES_MAX = 16
PASSPHRASE_LETTERS_MIN = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """What trying one passphrase costs.  The default is the second recommendation of RFC 9106, section 4."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 65_536


def seal_secret(secret: bytes, purpose: str, passphrase: str, cost: Cost | None = None) -> bytes:
    """Return the content of a key file.  Raises Misuse if the passphrase is shorter than 8 letters."""
    if len(passphrase) < PASSPHRASE_LETTERS_MIN:
        raise Misuse(
            f"the passphrase is shorter than {PASSPHRASE_LETTERS_MIN} letters", hint="Six random words are a good one."
        )
    cost, salt = cost or Cost(), secrets.token_bytes(SALT_BYTES)
    # The key is new with each salt, so the nonce may be the same.
    sealed = RealSuite().seal(_key(passphrase, salt, cost), bytes(12), secret, purpose.encode())
    return _json({"purpose": purpose, "argon2id": {"salt": salt.hex(), **asdict(cost)}, "sealed": sealed.hex()})


def open_file(secret: bytes, purpose: str) -> bytes:
    """Return the content of a key file without a passphrase, for a station that starts by itself."""
    return _json({"purpose": purpose, "secret": secret.hex()})


def purpose_of(content: bytes) -> str:
    """Return what a key file is for, such as "station 1 of alba".  Raises Misuse if it is no key file."""
    try:
        fields = json.loads(content)
        mark, purpose = fields["openline"], fields["purpose"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable() from error
    if mark != "key file" or not isinstance(purpose, str):
        raise _unreadable()
    return purpose


def is_sealed(content: bytes) -> bool:
    """Whether a key file needs a passphrase.  Raises Misuse if it is no key file."""
    purpose_of(content)
    return "secret" not in json.loads(content)


def read_secret(content: bytes, purpose: str, passphrase: str | None) -> bytes:
    """Return the secret of a key file.  Raises Misuse if it is for another purpose, damaged, or otherwise sealed."""
    found = purpose_of(content)
    if found != purpose:
        raise Misuse(f"this is the key file of {found!r}, not of {purpose!r}", hint="Name the right file.")
    fields = json.loads(content)
    try:
        if "secret" in fields:
            return bytes.fromhex(fields["secret"])
        made = fields["argon2id"]
        cost = Cost(*(operator.index(made[name]) for name in ("iterations", "lanes", "memory_kib")))
        salt, sealed = bytes.fromhex(made["salt"]), bytes.fromhex(fields["sealed"])
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error
    if passphrase is None:
        raise Misuse("this key file needs its passphrase", hint="Give it when asked, or by --passphrase-file.")
    try:
        return RealSuite().open(_key(passphrase, salt, cost), bytes(12), sealed, purpose.encode())
    except Forged as error:
        raise Misuse(
            "the passphrase is not the one of this key file, or the file is damaged",
            hint="Try again; nobody can recover a lost passphrase.",
        ) from error


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    within = 1 <= cost.iterations <= ITERATIONS_MAX and 1 <= cost.lanes <= LANES_MAX
    if not (within and 8 * cost.lanes <= cost.memory_kib <= MEMORY_KIB_MAX and len(salt) == SALT_BYTES):
        raise _unreadable()
    try:
        octets = passphrase.encode()
    except UnicodeEncodeError as error:
        raise Misuse(
            "the passphrase is not in UTF-8", hint="Set the terminal to UTF-8, or take another one."
        ) from error
    try:
        kdf = Argon2id(salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib)
    except UnsupportedAlgorithm as error:
        raise Misuse(
            "this build of the cryptography library lacks Argon2id",
            hint="Install the published wheel of cryptography, 50 or later; it brings its own OpenSSL.",
        ) from error
    return kdf.derive(octets)


def _json(fields: dict[str, object]) -> bytes:
    return (json.dumps({"openline": "key file", **fields}, indent=2, ensure_ascii=False) + "\n").encode()


def _unreadable() -> Misuse:
    return Misuse("this is no key file, or it is damaged", hint="Take the copy that you put away when you made it.")
