"""Names of parties, places and seas: only from the charter's glossary, never from a library's tables.

What a place is called is itself a matter between the parties: a sea has two names, the Korean of Seoul and the
Korean of Pyongyang differ, and the country names of public tables are political.  So a glossary is agreed, annexed
and hashed with the charter; each entry has names by language, and may have others for one party's own screens:

    [entry.gulf-of-alba]
    type = "sea"
    names = {en = "Gulf of Alba", ko = "알바만"}
    of.bora = {en = "Western Gulf"}        # shown to Bora's officers

A name that no glossary holds is shown as its sender wrote it, and marked as such.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.rendering.errors import GlossaryBroken
from openline.catalogue.untrusted import is_hidden, skeleton

ENTRIES_MAX = 1_000  # of one glossary: twelve parties, their units, and every place on a chart of the line's area
NAME_CHARACTERS_MAX = 80  # of one name: one line on a screen
TYPES = ("party", "place", "sea", "unit", "audience")
SAMPLE = "languages/glossaries/alba-bora-cendra.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that has names: by language for everybody, and by language for single parties' screens."""

    id: str
    type: str
    names: Mapping[str, str]
    of: Mapping[str, Mapping[str, str]]

    def name(self, language: str, reader: str) -> str | None:
        """Return the name that `reader` (a party's id, or empty) sees in a language; None if there is none."""
        return self.of.get(reader, {}).get(language) or self.names.get(language)

    def all_names(self) -> set[str]:
        """Return every name in any language for anybody."""
        return {name for names in (self.names, *self.of.values()) for name in names.values()}


@dataclass(frozen=True, slots=True)
class Glossary:
    """Entries by id.  `reader` is the party whose officers look at the screen; empty: nobody's own names."""

    entries: Mapping[str, Entry]
    reader: str = ""
    _by_name: Mapping[str, str] = field(default_factory=dict, repr=False)

    def read_by(self, reader: str) -> Glossary:
        """Return the same glossary as one party's officers see it."""
        return Glossary(self.entries, reader, self._by_name)

    def with_parties(self, names: Mapping[str, Mapping[str, str]]) -> Glossary:
        """Return the same glossary with parties that it lacks, as the charter names them: code to language to name."""
        parties = {code: Entry(code, "party", by_language, {}) for code, by_language in names.items()}
        return Glossary({**parties, **self.entries}, self.reader, self._by_name)

    def find(self, name: str) -> Entry | None:
        """Return the entry whose id or whose name in any language this is, or None."""
        key = _key(name)
        found = key if key in self.entries else self._by_name.get(key, "")
        return self.entries.get(found)

    def name(self, name: str, language: str) -> str | None:
        """Return how the reader calls what `name` names, in a language; None if the glossary does not say."""
        entry = self.find(name)
        return None if entry is None else entry.name(language, self.reader)

    def all_names(self) -> Iterable[str]:
        """Return every name of every entry: what a text must not imitate."""
        return {name for entry in self.entries.values() for name in entry.all_names()}


EMPTY = Glossary({})


def _key(name: str) -> str:
    return "-".join(name.replace("_", " ").replace("-", " ").casefold().split())


def load_glossary(content: bytes) -> Glossary:
    """Return the glossary of a TOML file.

    Raises GlossaryBroken if it is not well formed, too long, holds hidden characters, or if two entries have names
    that are the same or look the same.
    """
    try:
        tables = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GlossaryBroken("the glossary is not TOML in UTF-8", hint=str(error)) from error
    rows = tables.get("entry")
    if tables.keys() != {"entry"} or not isinstance(rows, dict) or len(rows) > ENTRIES_MAX:
        raise GlossaryBroken("a glossary is one table `entry`", hint=f"At most {ENTRIES_MAX} entries.")
    entries = {id_: _entry(id_, row) for id_, row in rows.items()}
    parties = {entry.id for entry in entries.values() if entry.type == "party"}
    for entry in entries.values():
        if not entry.of.keys() <= parties:
            raise _broken(entry.id, "`of` names a party that the glossary does not have")
    return Glossary(entries, "", _unambiguous(entries.values()))


def _broken(id_: str, problem: str) -> GlossaryBroken:
    return GlossaryBroken(f"the glossary's entry {id_} is not well formed", hint=problem.capitalize() + ".", entry=id_)


def _entry(id_: str, row: object) -> Entry:
    if id_ != _key(id_) or not id_.isascii():
        raise _broken(id_, "an id is small ASCII letters, digits and hyphens")
    if not isinstance(row, dict) or not {"type", "names"} <= row.keys() <= {"type", "names", "of"}:
        raise _broken(id_, "an entry has type, names and perhaps of")
    if row["type"] not in TYPES:
        raise _broken(id_, f"a type is one of {', '.join(TYPES)}")
    others = row.get("of", {})
    if not isinstance(others, dict):
        raise _broken(id_, "`of` is a table of parties")
    of = {party: _names(id_, names) for party, names in others.items()}
    return Entry(id_, row["type"], _names(id_, row["names"]), of)


def _names(id_: str, names: object) -> dict[str, str]:
    if not isinstance(names, dict) or not names:
        raise _broken(id_, "names are a table of languages")
    for name in names.values():
        if not isinstance(name, str) or not 1 <= len(name) <= NAME_CHARACTERS_MAX or name != name.strip():
            raise _broken(id_, f"a name is 1 to {NAME_CHARACTERS_MAX} characters without spaces at its ends")
        if any(is_hidden(character) for character in name):
            raise _broken(id_, "a name holds a hidden character")
    return names


def _unambiguous(entries: Iterable[Entry]) -> dict[str, str]:
    """Names to ids; ids and names of different entries must neither be the same nor look the same."""
    by_name: dict[str, str] = {}
    by_shape: dict[str, str] = {}
    for entry in entries:
        for name in {entry.id, *entry.all_names()}:
            if by_shape.setdefault(skeleton(_key(name)), entry.id) != entry.id:
                raise _broken(entry.id, "another entry has a name that is or looks the same")
            by_name[_key(name)] = entry.id
    return by_name


def sample_glossary() -> Glossary:
    """Return the glossary of the invented countries Alba, Bora and Cendra, for demonstrations and tests."""
    return load_glossary(CATALOGUE.files[SAMPLE])
