"""What a reader's screen needs besides a message: the parties' names, and how their clocks stand against UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from openline.catalogue.kinds import CATALOGUE, CatalogueError, body_to_json
from openline.engine.meaning import Meaning
from openline.engine.views import party_code
from openline.identifiers import party_of
from openline.wire.entry import decode_entry

CHECKS = ("L1", "ECHO")  # the line check and its answer state the officer's own clock
RECENT = 1_000  # messages that are looked through: at one check an hour, several days

Json = dict[str, object]
Annexes = Callable[[bytes], bytes | None]
"""Return a charter's annex by its SHA-256, None if this station does not hold exactly it."""


GLOSSARY = "glossary"  # the title of the annex of a charter that is its glossary


def glossary_hash(meaning: Meaning) -> bytes | None:
    """Return the SHA-256 of the glossary that the charter in force names, None if it names none."""
    charter = meaning.line.state.documents.charter
    return dict(charter.annexes).get(GLOSSARY) if charter is not None else None


def missing_glossaries(meanings: Iterable[Meaning], annexes: Annexes) -> list[str]:
    """Return one alarm for each line whose charter names a glossary that is not at this station."""
    found = []
    for meaning in meanings:
        digest = glossary_hash(meaning)
        if digest is not None and annexes(digest) is None:
            line = meaning.line.state.line[:8].hex()
            found.append(
                f"GLOSSARY line {line}: the charter's glossary {digest[:8].hex()} is not in this home's annexes; "
                "names are shown as they were sent"
            )
    return found


def terms_of(meaning: Meaning, annexes: Annexes) -> Json:
    """Return what a rendering of a line's messages rests on: our code, the charter's consent, its glossary's text."""
    charter, digest = meaning.line.state.documents.charter, glossary_hash(meaning)
    content = annexes(digest) if digest is not None else None
    return {
        "own": party_code(meaning, meaning.line.state.party),
        "accepts_unreviewed": charter is not None and charter.rules.unreviewed_renderings,
        "glossary_hash": None if digest is None else digest.hex(),
        "glossary": None if content is None else content.decode("utf-8", "replace"),
    }


def about_parties(meanings: Iterable[Meaning], annexes: Annexes) -> Json:
    """Return the parties' names by language as their charters have them, and their clocks: minutes against UTC."""
    terms: dict[str, Json] = {}
    names: dict[str, dict[str, str]] = {}
    local: dict[str, int] = {}
    for meaning in meanings:
        terms[meaning.line.state.line[:16].hex()] = terms_of(meaning, annexes)
        charter = meaning.line.state.documents.charter
        for member in charter.members if charter is not None else ():
            names[member.code] = dict(member.names)
        local |= stated_clocks(meaning)
    return {"names": names, "local": local, "terms": terms}


def stated_clocks(meaning: Meaning) -> dict[str, int]:
    """Return the newest statement of each party about its clock on the wall, minutes against UTC."""
    numbers = {CATALOGUE.kind(code).number for code in CHECKS}
    state = meaning.line.state
    found: dict[str, int] = {}
    for row in state.given.out.ledger.recent(state.line, RECENT):
        if row.kind in numbers:
            statement = decode_entry(row.entry).statement
            try:
                stated = body_to_json(CATALOGUE.kind(statement.kind), statement.body).get("utc_offset")
            except CatalogueError:
                continue  # unreadable under the catalogue in force: it states nothing
            if isinstance(stated, str):
                found[party_code(meaning, party_of(row.author))] = minutes_of(stated)
    return found


def minutes_of(offset: str) -> int:
    """Return "+08:30" as minutes."""
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return -minutes if offset[0] == "-" else minutes
