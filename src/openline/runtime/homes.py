"""A station's home: one folder with its settings, its store, its page key and its seat for local requests.

station.toml        settings; unknown keys are refused
page.key            the page key of the store, for an unattended start (or under a passphrase)
annexes/            files that charters name by their hash, such as the line's glossary
station.db          the store; station.db.starts beside it is in no backup
officers/N.key      keys of the officers who work here
control.sock        local requests, while the daemon runs
log.jsonl           the log: times, rules and reasons; never plaintext, never keys
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from openline.catalogue.kinds import CATALOGUE
from openline.charter import TABLE as DOCUMENTS
from openline.charter import LineDocuments, StationSeeds
from openline.engine import Home
from openline.engine.local_rules import NO_LOCAL_RULES, LocalRules
from openline.errors import Misuse, StorageFailed, Unavailable
from openline.identifiers import LineId, StationId
from openline.ports import Keep, Ledger, Row
from openline.runtime.files import OWNER_ALONE, PRIVATE, PUBLIC, make_folder, read, replace_whole, write_new
from openline.runtime.keyfile import open_file, read_secret, seal_secret
from openline.runtime.local_settings import TYPES as TABLES
from openline.runtime.local_settings import local_rules
from openline.runtime.toml_settings import read_toml
from openline.store import Store
from openline.wire.cbor import decode, encode

LINES = "home"  # line -> [station, signing seed, head seed, post seed]
SETTINGS = "station.toml"
ANNEXES = "annexes"
ANNEXES_MAX = 64  # files looked at: the annexes of a few charters, old and new
ANNEX_BYTES_MAX = 1_048_576  # a glossary of 1,000 entries in eight languages is half of that
PAGE_KEY = "page key of a station"
SPOKEN = "languages/languages.toml"  # of the catalogue's files: read without its renderings, so that commands are quick


@dataclass(frozen=True, slots=True)
class Settings:
    """station.toml.  `name` is shown to the people here only."""

    name: str = "station"
    language: str = "en"
    local: LocalRules = NO_LOCAL_RULES


def default_home() -> Path:
    """Return the home that is meant when none is named: under XDG_DATA_HOME, or ~/.local/share."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "openline" / "station"


def is_home(home: Path) -> bool:
    """Whether a folder has a station's settings, right or wrong; not if it cannot be looked into."""
    with contextlib.suppress(OSError):
        return (home / SETTINGS).is_file()
    return False


def read_settings(home: Path) -> Settings:
    """Return a home's settings.

    Raises Misuse for a file that is not TOML, has unknown keys or wrong types, or a language that is not spoken here.
    """
    missing = "Name a station's home with --home, or make a network to try with `openline lab create DIR`."
    path = home / SETTINGS
    content = read_toml(path, {"name": str, "language": str, **TABLES}, missing)
    named = {key: value for key, value in content.items() if key not in TABLES}
    settings = Settings(**named, local=local_rules(path, content))
    require_language(settings.language, f"{path}: language")
    return settings


def require_language(tag: str, named: str) -> None:
    """Raise Misuse if there are no words in a language: messages could then be received, and shown to nobody."""
    known = tomllib.loads(CATALOGUE.files[SPOKEN].decode("utf-8"))
    if tag not in known:
        raise Misuse(f"{named} {tag!r} is not spoken here", hint=f"Choose one of {', '.join(known)}.")


def make_home(
    home: Path, settings: Settings, lines: list[Home], rows: list[Row], passphrase: str | None = None
) -> None:
    """Make a home that can start: settings, page key, store with the line's documents and this station's keys.

    Raises StorageFailed if the disk refuses, Misuse if there is a page key already, or no such language.
    """
    require_language(settings.language, "language")
    make_folder(home, OWNER_ALONE)
    make_folder(home / "officers", OWNER_ALONE)
    make_folder(home / ANNEXES)
    page_key = secrets.token_bytes(32)
    write_new(home / "page.key", _key_file(page_key, passphrase), mode=PRIVATE)
    store = Store.open(home / "station.db", page_key)
    try:
        store.commit([*rows, *(_row_of(line) for line in lines)])
    finally:
        store.close()
    text = f"name = {_toml(settings.name)}\nlanguage = {_toml(settings.language)}\n"
    write_new(home / SETTINGS, text.encode(), mode=PUBLIC)


def open_store(home: Path, passphrase: str | None = None) -> Store:
    """Open a home's store with its page key.  Raises Misuse (no home, wrong passphrase, in use) or StorageFailed."""
    read_settings(home)
    try:
        content = read(home / "page.key")
    except Unavailable as error:  # the home is wrong, and no new start mends it
        raise Misuse(error.message, hint="Check whose file it is; a home needs its page key.") from error
    key = read_secret(content, PAGE_KEY, passphrase)
    return Store.open(home / "station.db", key)


def seal_page_key(home: Path, passphrase: str | None, new: str | None) -> None:
    """Put a home's page key under a new passphrase, or lay it open if `new` is None; the store stays as it is.

    A crash leaves the old file or the new one, whole.  Raises Misuse (wrong or short passphrase) or StorageFailed.
    """
    path = home / "page.key"
    page_key = read_secret(read(path), PAGE_KEY, passphrase)
    replace_whole(path, _key_file(page_key, new), mode=PRIVATE)


def _key_file(page_key: bytes, passphrase: str | None) -> bytes:
    return open_file(page_key, PAGE_KEY) if passphrase is None else seal_secret(page_key, PAGE_KEY, passphrase)


def read_lines(ledger: Ledger) -> list[Home]:
    """Return the lines of a store, with this station's keys on each."""
    homes = []
    for line, value in ledger.kept(LINES):
        match decode(value):
            case [int(me), bytes(sign), bytes(head), bytes(post)]:
                homes.append(Home(LineId(line), StationId(me), StationSeeds(sign, head, post)))
            case _:
                raise StorageFailed("a kept line cannot be read", hint="Restore the station's last backup.")
    return homes


def annex(home: Path, digest: bytes) -> bytes | None:
    """Return the file of a home's annexes folder with this SHA-256, whatever its name; None if there is none.

    A file that cannot be read is none: the station runs on, and its alarm says what is lacking.
    """
    files: list[Path] = []
    with contextlib.suppress(OSError):
        files = sorted((home / ANNEXES).iterdir())[:ANNEXES_MAX]
    for path in files:
        with contextlib.suppress(OSError):
            if path.is_file() and path.stat().st_size <= ANNEX_BYTES_MAX:
                content = path.read_bytes()
                if sha256(content).digest() == digest:
                    return content
    return None


def documents_of(ledger: Ledger, line: LineId) -> LineDocuments:
    """Return the documents of a line as the store has them."""
    documents = LineDocuments(line)
    documents.restore(ledger.kept(DOCUMENTS, line))
    return documents


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML one: no quotation mark gets out of it


def _row_of(line: Home) -> Keep:
    return Keep(LINES, line.line, encode([line.me, line.keys.sign, line.keys.head, line.keys.post]))
