"""What a reader's screen needs besides a message: the parties' names, and how their clocks stand against UTC."""

from __future__ import annotations

from collections.abc import Iterable

from openline.catalogue.kinds import CATALOGUE, CatalogueError, body_to_json
from openline.engine.meaning import Meaning
from openline.engine.views import party_code
from openline.identifiers import party_of
from openline.wire.entry import decode_entry

CHECKS = ("L1", "ECHO")  # the line check and its answer state the officer's own clock
RECENT = 1_000  # messages that are looked through: at one check an hour, several days

Json = dict[str, object]


def about_parties(meanings: Iterable[Meaning]) -> Json:
    """Return the parties' names by language as their charters have them, and their clocks: minutes against UTC."""
    names: dict[str, dict[str, str]] = {}
    local: dict[str, int] = {}
    for meaning in meanings:
        charter = meaning.line.state.documents.charter
        for member in charter.members if charter is not None else ():
            names[member.code] = dict(member.names)
        local |= stated_clocks(meaning)
    return {"names": names, "local": local}


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
