"""A relay's folder: its key, the lines that its operator admits, its queues.  No name of a party stands in any of them.

relay.pem     private key and certificate
relay.toml    host and port to listen on (module settings)
lines.toml    one [[line]] with its post keys, in hexadecimal, for each line
queue.db      the queues (package store), with queue.db.starts beside it
"""

from __future__ import annotations

import fcntl
import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from openline.errors import Misuse, StorageFailed
from openline.mailbox import Quotas, lines_of_keys
from openline.store import sync_folder
from openline.transports import make_relay_key, pin_of

KEY_FILE, LINES_FILE, QUEUE_FILE = "relay.pem", "lines.toml", "queue.db"
LINES_BYTES_MAX = 1_048_576  # seventy lines of the largest size

_HEAD = "# One [[line]] for each line: the post keys of all its stations, from their rosters.\n"


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """What a relay is started with.  page_key: 32 raw bytes for the queues' file, or None for one in the clear."""

    home: Path
    host: str
    port: int
    page_key: bytes | None = field(default=None, repr=False)
    quotas: Quotas = field(default_factory=Quotas)


def create_relay_home(home: Path) -> bytes:
    """Make a relay's folder with a new key and no lines; return its pin, 32 bytes, once all of it is on the disk.

    Raises Misuse if it is there or cannot be made, StorageFailed if the disk does not sync.
    """
    try:
        _make_folder(home, 0o700)
        pem = make_relay_key()
        _write_private(home / KEY_FILE, pem)
        _write_private(home / LINES_FILE, _HEAD.encode())
        sync_folder(home)
    except OSError as error:
        raise Misuse(
            "the relay's folder cannot be made", hint="Choose a place that is free and may be written.", home=home.name
        ) from error
    return pin_of(pem)


def read_lines(home: Path) -> list[list[bytes]]:
    """Return the post keys of every line that the operator admits.  Raises Misuse if the file cannot be read so."""
    path = home / LINES_FILE
    hint = f'Write {LINES_FILE} as: [[line]] and below it post = ["64 hexadecimal digits", …].'
    try:
        with path.open("rb") as file:
            text = file.read(LINES_BYTES_MAX + 1)
        if len(text) > LINES_BYTES_MAX:
            raise Misuse(f"the list of lines is longer than {LINES_BYTES_MAX} bytes", hint="Split it over two relays.")
        table = tomllib.loads(text.decode("utf-8"))
        return [[bytes.fromhex(key) for key in line["post"]] for line in table.pop("line", [])]
    except OSError as error:
        raise Misuse("the list of lines cannot be read", hint=hint) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misuse("the list of lines is not in its form", hint=hint) from error


def admit_line(home: Path, post_keys: Sequence[bytes]) -> None:
    """Add a line to the list, or change nothing.  Then send a running relay SIGHUP.  Raises Misuse, StorageFailed.

    Whoever adds another one at the same moment waits.
    """
    read_lines(home)  # a folder that is no relay's is said to be so
    try:
        with _alone(home):
            _add(home, post_keys)
    except OSError as error:
        raise StorageFailed(
            f"the list of lines cannot be written: {error.strerror}",
            hint="Free space, and let this user write in the relay's folder. The list is as it was.",
        ) from error


def _add(home: Path, post_keys: Sequence[bytes]) -> None:
    lines_of_keys([*read_lines(home), post_keys])
    text = (home / LINES_FILE).read_text(encoding="utf-8")
    keys = ",\n".join(f'  "{key.hex()}"' for key in post_keys)
    draft = home / (LINES_FILE + ".part")
    draft.unlink(missing_ok=True)
    _write_private(draft, f"{text.rstrip()}\n\n[[line]]\npost = [\n{keys},\n]\n".encode())
    draft.replace(home / LINES_FILE)
    sync_folder(home)  # a crash before this: the list is the former one, and the operator was told nothing yet


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the folder against every other one who adds a line.  The lock ends with the process, however that ends."""
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make_folder(folder: Path, mode: int) -> None:
    """Make a folder that is not there, and whatever is lacking above it; each is on the disk in the one above."""
    if not folder.parent.is_dir():
        _make_folder(folder.parent, 0o777)
    folder.mkdir(mode)
    sync_folder(folder.parent)


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
