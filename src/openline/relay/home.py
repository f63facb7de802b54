"""A relay's folder: its key, the lines that its operator admits, its queues.  No name of a party stands in any of them.

relay.pem     private key and certificate
lines.toml    one [[line]] with its post keys, in hexadecimal, for each line
queue.db      the queues (package store), with queue.db.starts beside it
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openline.errors import Misuse
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
    """Make a relay's folder with a new key and no lines; return its pin, 32 bytes.  Raises Misuse if it is there."""
    try:
        home.mkdir(mode=0o700, parents=True)
        pem = make_relay_key()
        _write_private(home / KEY_FILE, pem)
        _write_private(home / LINES_FILE, _HEAD.encode())
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
    """Add a line to the list, or change nothing.  Then send a running relay SIGHUP.  Raises Misuse, StorageFailed."""
    lines_of_keys([*read_lines(home), post_keys])
    text = (home / LINES_FILE).read_text(encoding="utf-8")
    keys = ",\n".join(f'  "{key.hex()}"' for key in post_keys)
    draft = home / (LINES_FILE + ".part")
    draft.unlink(missing_ok=True)
    _write_private(draft, f"{text.rstrip()}\n\n[[line]]\npost = [\n{keys},\n]\n".encode())
    draft.replace(home / LINES_FILE)
    sync_folder(home)  # a crash before this: the list is the former one, and the operator was told nothing yet


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
