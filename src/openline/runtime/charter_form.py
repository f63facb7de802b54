"""Drafting a charter: its rules as a TOML file that people write, every key optional, unknown keys refused.

`TEMPLATE` is such a file with every key and its default; `openline charter form` prints it.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from openline.catalogue.kinds import CATALOGUE, Kind, UnknownKind
from openline.catalogue.rendering import load_glossary
from openline.charter import (
    ApprovalRule,
    Charter,
    Evidence,
    Member,
    ResponseTimes,
    Role,
    Rules,
    SignedCharter,
    Witness,
    draft_charter,
)
from openline.dialogue.rules import AS_WHAT_IT_CHANGES, WHO
from openline.errors import Misuse
from openline.runtime.ceremony import Line, Office
from openline.runtime.files import read
from openline.runtime.parties import GLOSSARY
from openline.runtime.roster_desk import ROLES
from openline.wire.statement import Precedence, Status

TEMPLATE = """\
# The rules of a line.  Every key but unreviewed_renderings may be left out; what stands here is then meant.

# Languages in which members are named and this charter is printed, the most used first.
languages = ["en"]

# ACTUAL, EXERCISE, TEST.  A line for trying out has no ACTUAL.
statuses = ["ACTUAL", "EXERCISE", "TEST"]

# Kinds of messages that may be said, by code; without this key all.
# kinds = ["T1", "L1", "N1", "Q1", "ACKNOWLEDGED"]

# provable: either side can show a third party what was said.  deniable: exactly two members and no approvals;
# this version of the program says nothing on such a line.
evidence = "provable"

# Seconds between the line checks that a person makes.
check_cadence_s = 3600

# Entries a minute that one station may send; more wait in its own queue.
entries_a_minute = 600

# Whether ACTUAL messages may be shown in a language that no native diplomat has reviewed (all but English, today).  The
# parties must say so, one way or the other: this key has no default where ACTUAL is among the statuses.
unreviewed_renderings = false

# The parties' own words, in each language of the charter.
# [texts]
# en = "The parties open this line to reduce the danger of war by mistake."

# Seconds until stored, acknowledged and answered are overdue.
[response_times]
FLASH = [60, 180, 600]
IMMEDIATE = [120, 600, 1800]
PRIORITY = [300, 3600, 10800]
ROUTINE = [900, 10800, 21600]

# Seconds until an answer is overdue, for kinds that are to differ from their precedence.
[deadlines]

# Who approves which kind: each list names the roles of different officers; one of the lists is enough.  Without this
# table, what the catalogue asks for.
# [approvals]
# N1 = [["duty", "releaser"]]
# P2 = [["principal", "releaser"], ["delegate", "releaser"]]

# Files that belong to the charter, such as a map; their SHA-256 stands in it.  The one with the title "glossary" names
# parties, places and seas in every language of the screens; each station needs it in its annexes folder.
# [[annexes]]
# title = "glossary"
# file = "glossary.toml"

# Log witnesses that are not on the line (C2SP): type 4 is Ed25519, 6 is ML-DSA-44; the key is hexadecimal.
# [[witnesses]]
# name = "witness.example/1"
# type = 4
# key = "..."
"""

UNREVIEWED = "unreviewed_renderings"

Reader = Callable[["Form", Charter, object], Charter]
"""Takes the form, the charter so far and the key's value; returns the charter with that value."""


class Form:
    """One form: its table, and the folder in which its annexes are looked for."""

    def __init__(self, content: bytes, folder: Path) -> None:
        try:
            self.table = tomllib.loads(content.decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise Misuse(f"the form is not TOML: {error}", hint="Begin with: openline charter form") from error
        self.folder = folder
        unknown = sorted(self.table.keys() - KEYS.keys())
        if unknown:
            raise Misuse(f"the form has unknown keys: {', '.join(unknown)}", hint=f"Known are: {', '.join(KEYS)}.")

    def fill(self, charter: Charter) -> Charter:
        """Return the charter with everything that the form says.  Raises Misuse naming the key that is wrong."""
        for key, reader in KEYS.items():
            if key in self.table:
                try:
                    charter = reader(self, charter, self.table[key])
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    raise Misuse(
                        f"the form's {key} is not of its form: {error}", hint="See: openline charter form", key=key
                    ) from error
        return charter


def read_form(path: Path | None) -> Form | None:
    """Return the form in a file; None if there is none.  Annexes are looked for beside it."""
    return None if path is None else Form(read(path), path.parent)


def standard_rules() -> Rules:
    """Return the rules without any form: what the catalogue asks for, and proposed times."""
    return Rules(approvals=catalogue_approvals())


def catalogue_approvals() -> tuple[ApprovalRule, ...]:
    """Return the approvals that the catalogue asks for, by number of kind.

    What some replies and changes take depends on what they are about: "yes" to "is this yours?" takes two persons, and
    a correction what the notice took.  Their rules hold every such way and the empty one; the dialogues ask for the
    right one, at every receiver, by what the statement refers to.
    """
    found = []
    for kind in CATALOGUE.kinds.values():
        ways = {tuple(sorted(way)) for way in kind.approvals}
        depending = {way for other in CATALOGUE.kinds.values() for way in _ways_about(kind, other)}
        if depending - ways:
            ways |= depending if kind.approvals else {(), *depending}
        if ways:
            found.append(_approval_rule(kind.number, sorted(ways)))
    return tuple(sorted(found, key=lambda rule: rule.kind))


def _ways_about(kind: Kind, other: Kind) -> set[tuple[str, ...]]:
    """Return the ways to release `kind` where it replies to `other`, or changes it."""
    if kind.who == AS_WHAT_IT_CHANGES and (kind.code in other.changed_by or kind.code == "K1"):
        return {tuple(sorted(way)) for way in other.approvals}
    asked = other.reply_who.get(kind.code)
    names = {role: name for name, role in ROLES.items()}
    if asked is None:
        return set()
    return {tuple(sorted(names[role] for role in way)) for way in WHO[asked] or ((),)}  # the empty way: one person


def _approval_rule(kind: int, ways: Sequence[Sequence[str]]) -> ApprovalRule:
    return ApprovalRule(kind, tuple(sorted(tuple(sorted(ROLES[role] for role in way)) for way in ways)))


def _kind(code: str) -> int:
    try:
        return CATALOGUE.kind(code).number
    except UnknownKind as error:
        raise ValueError(f"there is no kind {code}") from error


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("a table is wanted")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError("a list is wanted")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError("a whole number is wanted")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is wanted")
    return value


def _texts(_: Form, charter: Charter, value: object) -> Charter:
    texts = _table(value)
    strange = sorted(texts.keys() - set(charter.languages))
    if strange:
        raise ValueError(f"{strange[0]} is no language of the charter")
    return replace(charter, texts=tuple((language, _text(texts[language])) for language in charter.languages))


def _annexes(form: Form, charter: Charter, value: object) -> Charter:
    annexes = []
    for row in _list(value):
        entry = _table(row)
        content = read(form.folder / _text(entry["file"]))
        if entry["title"] == GLOSSARY:
            load_glossary(content)  # nothing may be signed over one that is broken
        annexes.append((_text(entry["title"]), sha256(content).digest()))
    return replace(charter, annexes=tuple(sorted(annexes)))


def _approvals(_: Form, charter: Charter, value: object) -> Charter:
    rules = []
    for code, ways in _table(value).items():
        named = [[_text(role) for role in _list(way)] for way in _list(ways)]
        rules.append(_approval_rule(_kind(code), named))
    return replace(charter, rules=replace(charter.rules, approvals=tuple(sorted(rules, key=lambda rule: rule.kind))))


def _response_times(_: Form, charter: Charter, value: object) -> Charter:
    times = list(charter.rules.response_times)
    for name, row in _table(value).items():
        stored, acknowledged, answered = (_number(seconds) for seconds in _list(row))
        times[Precedence[name]] = ResponseTimes(stored, acknowledged, answered)
    return replace(charter, rules=replace(charter.rules, response_times=tuple(times)))


def _deadlines(_: Form, charter: Charter, value: object) -> Charter:
    deadlines = sorted((_kind(code), _number(seconds)) for code, seconds in _table(value).items())
    return replace(charter, rules=replace(charter.rules, deadlines=tuple(deadlines)))


def _witnesses(_: Form, charter: Charter, value: object) -> Charter:
    rows = [_table(row) for row in _list(value)]
    witnesses = [Witness(_text(row["name"]), _number(row["type"]), bytes.fromhex(_text(row["key"]))) for row in rows]
    return replace(
        charter, rules=replace(charter.rules, witnesses=tuple(sorted(witnesses, key=lambda witness: witness.name)))
    )


def _evidence(_: Form, charter: Charter, value: object) -> Charter:
    evidence = Evidence[_text(value).upper()]
    if evidence is Evidence.DENIABLE:
        charter = replace(charter, rules=replace(charter.rules, approvals=()))
    elif charter.rules.evidence is Evidence.DENIABLE:
        # A line that was deniable had none: without a table of its own it now has what the catalogue asks for.
        charter = replace(charter, rules=replace(charter.rules, approvals=catalogue_approvals()))
    return replace(charter, rules=replace(charter.rules, evidence=evidence))


KEYS: dict[str, Reader] = {
    "languages": lambda _, charter, value: replace(charter, languages=tuple(_text(one) for one in _list(value))),
    "statuses": lambda _, charter, value: replace(
        charter, statuses=tuple(sorted(Status[_text(one)] for one in _list(value)))
    ),
    "kinds": lambda _, charter, value: replace(charter, kinds=tuple(sorted(_kind(_text(one)) for one in _list(value)))),
    "texts": _texts,
    "annexes": _annexes,
    "evidence": _evidence,
    "approvals": _approvals,
    "response_times": _response_times,
    "deadlines": _deadlines,
    "witnesses": _witnesses,
    "check_cadence_s": lambda _, charter, value: replace(
        charter, rules=replace(charter.rules, check_cadence_s=_number(value))
    ),
    "entries_a_minute": lambda _, charter, value: replace(
        charter, rules=replace(charter.rules, entries_a_minute=_number(value))
    ),
    "unreviewed_renderings": lambda _, charter, value: replace(
        charter, rules=replace(charter.rules, unreviewed_renderings=_flag(value))
    ),
}
"""What a form may say, in the order in which it is read: languages before texts, evidence before approvals."""


# ---------------------------------------------------------------- drafts


def check_catalogue(signed: SignedCharter) -> None:
    """Raise Misuse unless this program has the very catalogue that a charter names: asked before it is signed.

    In force, it would let nothing be said at a station of this release.
    """
    if signed.charter.catalogue != CATALOGUE.hash():
        raise Misuse(
            "the charter names another catalogue than this program has",
            hint="Before you sign, install the release that it was drafted with, here and at every station of yours.",
        )


def _consent(charter: Charter, form: Form | None, *, accepts: bool | None) -> Charter:
    """Return the charter with what the parties say of unreviewed wording; they must say it where ACTUAL is allowed."""
    if accepts is not None:
        return replace(charter, rules=replace(charter.rules, unreviewed_renderings=accepts))
    stated = form is not None and UNREVIEWED in form.table
    if Status.ACTUAL in charter.statuses and not stated:
        raise Misuse(
            "the charter must say whether ACTUAL messages may be shown in wording that no native diplomat has reviewed",
            hint=f"Write {UNREVIEWED} into the form, or give a first draft --unreviewed accept or --unreviewed refuse.",
        )
    return charter


def draft_first(
    office: Office, members: Sequence[tuple[str, Role]], form: Form | None, *, accepts_unreviewed: bool | None = None
) -> SignedCharter:
    """Return the first charter of a new line, members numbered from 1 in this order.

    accepts_unreviewed: what the parties say of unreviewed wording, if not the form.
    Raises Misuse if they say nothing, a member's words were not compared or its card lacks a language; Rejected
    (R82 to R85) if the charter cannot be.
    """
    empty = Charter(1, None, None, secrets.token_bytes(32), (), CATALOGUE.hash(), ("en",), rules=standard_rules())
    charter = form.fill(empty) if form else empty
    cards = [(office.confirmed(code), role) for code, role in members]
    named = tuple(
        Member(number, card.code, role, _names(card.code, card.names, charter.languages), card.root)
        for number, (card, role) in enumerate(cards, 1)
    )
    return draft_charter(_consent(replace(charter, members=named), form, accepts=accepts_unreviewed))


def draft_next(
    office: Office,
    line: Line,
    *,
    added: Sequence[tuple[str, Role]] = (),
    removed: Sequence[str] = (),
    form: Form | None = None,
    number: int | None = None,
) -> SignedCharter:
    """Return an amendment of the charter in force: the same, but for what is named here.

    Raises Misuse and Rejected as `draft_first`; Misuse, too, if ACTUAL is new and the form says nothing of unreviewed
    wording, or `removed` names nobody.
    """
    charters = line.charters()
    before = charters[-1]
    unknown = set(removed) - {member.code for member in before.charter.members}
    if unknown:
        raise Misuse(f"{', '.join(sorted(unknown))} is no member of charter {before.charter.number}")
    charter = replace(
        before.charter,
        number=number or before.charter.number + 1,
        line=before.line,
        predecessor=before.digest,
        seed=secrets.token_bytes(32),
        catalogue=CATALOGUE.hash(),
    )
    charter = form.fill(charter) if form else charter
    if Status.ACTUAL not in before.charter.statuses:
        charter = _consent(charter, form, accepts=None)  # what was said for exercises is not meant for ACTUAL
    members = [
        replace(member, names=_names(member.code, _all_names(office, member), charter.languages))
        for member in charter.members
        if member.code not in removed
    ]
    # The number of a party that has left stays its own: its rosters and its log are known under it.
    first_free = max(member.party for signed in charters for member in signed.charter.members) + 1
    for party, (code, role) in enumerate(added, first_free):
        card = office.confirmed(code)
        members.append(Member(party, code, role, _names(code, card.names, charter.languages), card.root))
    return draft_charter(replace(charter, members=tuple(members)))


def _all_names(office: Office, member: Member) -> Mapping[str, str]:
    """Return the names that the charter has; a card of the same root adds languages."""
    names = dict(member.names)
    try:
        card = office.confirmed(member.code)
    except Misuse:
        return names
    return {**card.names, **names} if card.root == member.root else names


def _names(code: str, names: Mapping[str, str], languages: Sequence[str]) -> tuple[tuple[str, str], ...]:
    lacking = [language for language in languages if language not in names]
    if lacking:
        raise Misuse(
            f"the card of {code} has no name in {', '.join(lacking)}",
            hint="Ask for a card with its name in each language of the charter, or leave the language out.",
        )
    return tuple((language, names[language]) for language in languages)
