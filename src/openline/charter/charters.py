"""A charter: the text that every member's root signs.  The digest of the first one is the line.

The body is a CBOR map with the keys of `CharterField`, all present; docs/spec/charter.md gives each value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from openline.charter.documents import SEED_BYTES, RootKeys, Signer, digest_by_parts, root_keys
from openline.charter.reading import Reader
from openline.errors import Inadmissible, Malformed
from openline.identifiers import Digest, LineId
from openline.limits import APPROVALS_MAX, MEMBERS_MAX
from openline.wire import contexts
from openline.wire.cbor import Value, decode, encode
from openline.wire.keys import refuse_weak_key
from openline.wire.statement import CHARTER_MAX, KIND_MAX, Authority, Precedence, Status

PROTOCOL = (1, 1)  # the version of docs/spec, and its one suite of cryptography: nothing is ever negotiated
HASH_BYTES = 32
LANGUAGES_MAX = 8  # a rendering each; lines in the field use two to four
NAME_BYTES_MAX = 200  # the longest official name of a state has 74 letters, up to 3 bytes each
TEXT_BYTES_MAX = 4_096  # the parties' own words, per language; longer texts are annexes
ANNEXES_MAX = 16
RULES_MAX = 64  # kinds with approvals or deadlines of their own; the catalogue has 66
ALTERNATIVES_MAX = 8  # ways to fill the seats of one kind; a correction may take those of whatever it corrects
WITNESSES_MAX = 8
SECONDS_MAX = 31 * 86_400  # no check, answer or cadence is meant in more than a month
RATE_MAX = 600_000  # entries a minute: 10,000 a second, twice what a line was ever measured to carry

_CODE = re.compile(r"[a-z][a-z0-9-]{0,15}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_WITNESS_KEY_BYTES = {4: 32, 6: 1_312}  # C2SP: cosignature/v1 with Ed25519, with ML-DSA-44

_READ = Reader("R82", "charter")
_READ_MEMBERS = Reader("R83", "charter")


class CharterField(IntEnum):
    """Keys of a charter's body."""

    NUMBER = 0
    LINE = 1
    PREDECESSOR = 2
    SEED = 3
    MEMBERS = 4
    CATALOGUE = 5
    LANGUAGES = 6
    TEXTS = 7
    ANNEXES = 8
    KINDS = 9
    STATUSES = 10
    APPROVALS = 11
    CHECK_CADENCE = 12
    RESPONSE_TIMES = 13
    DEADLINES = 14
    RATE = 15
    WITNESSES = 16
    EVIDENCE = 17
    UNREVIEWED = 18
    PROTOCOL = 19


LISTED = frozenset((
    CharterField.MEMBERS, CharterField.TEXTS, CharterField.ANNEXES, CharterField.APPROVALS, CharterField.WITNESSES,
))  # fmt: skip
"""Fields whose records are parts of their own."""


class Role(IntEnum):
    """What a member is on the line."""

    PARTY = 0
    MEDIATOR = 1
    OBSERVER = 2


class Evidence(IntEnum):
    """Whether what is said can be proved to others."""

    PROVABLE = 0
    DENIABLE = 1


@dataclass(frozen=True, slots=True)
class Member:
    """One member.  `names`: pairs of language and name, in the order of the charter's languages."""

    party: int
    code: str
    role: Role
    names: tuple[tuple[str, str], ...]
    root: RootKeys

    def name(self, language: str) -> str:
        """Return the member's name in a language of the charter; its code in any other."""
        return dict(self.names).get(language, self.code)


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """For one precedence: seconds until *stored*, *acknowledged* and *answered* are overdue."""

    stored_s: int
    acknowledged_s: int
    answered_s: int


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """For one kind: the ways in which it may be released.  Each is a list of roles, one officer for each.

    The empty way takes one person, whom the statement names.  Beside others it says that what is due depends on what
    the statement is about, and is judged with the catalogue.
    """

    kind: int
    alternatives: tuple[tuple[Authority, ...], ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """A log witness that is not on the line: its C2SP key name, signature type (4 or 6) and public key."""

    name: str
    algorithm: int
    key: bytes


RESPONSE_TIMES = (
    ResponseTimes(900, 10_800, 21_600),
    ResponseTimes(300, 3_600, 10_800),
    ResponseTimes(120, 600, 1_800),
    ResponseTimes(60, 180, 600),
)
"""Proposed times by precedence, ROUTINE first (CCEB handling times; US Army for the two slower ones)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the parties agree to do.  Times in seconds; `response_times` by precedence, ROUTINE first."""

    approvals: tuple[ApprovalRule, ...] = ()
    check_cadence_s: int = 3_600
    response_times: tuple[ResponseTimes, ...] = RESPONSE_TIMES
    deadlines: tuple[tuple[int, int], ...] = ()
    entries_a_minute: int = 600
    witnesses: tuple[Witness, ...] = ()
    evidence: Evidence = Evidence.PROVABLE
    unreviewed_renderings: bool = False


@dataclass(frozen=True, slots=True)
class Charter:
    """One charter, unsigned.  `line` and `predecessor` are None for number 1; `kinds` None allows all.

    texts: pairs of language and text, for people.  annexes: pairs of title and SHA-256, files that belong to it.
    protocol: version and suite.
    """

    number: int
    line: LineId | None
    predecessor: Digest | None
    seed: bytes
    members: tuple[Member, ...]
    catalogue: bytes
    languages: tuple[str, ...]
    texts: tuple[tuple[str, str], ...] = ()
    annexes: tuple[tuple[str, bytes], ...] = ()
    kinds: tuple[int, ...] | None = None
    statuses: tuple[Status, ...] = (Status.ACTUAL, Status.EXERCISE, Status.TEST)
    rules: Rules = Rules()
    protocol: tuple[int, int] = PROTOCOL

    def member(self, party: int) -> Member | None:
        """Return a member by number, or None."""
        return next((member for member in self.members if member.party == party), None)


def encode_charter(charter: Charter) -> bytes:
    """Return the charter's body.  Raises Malformed or Inadmissible (R82 to R85) if it would be refused."""
    body = encode(_values(charter))
    decode_charter(body)
    return body


def decode_charter(body: bytes) -> Charter:
    """Return the charter whose body is exactly `body`.

    Raises Malformed, Forged or Inadmissible (R1 to R9, R33, R34, R82 to R85, R114).
    """
    fields = _READ.fields(decode(body), range(len(CharterField)), "the body")
    line, predecessor = fields[CharterField.LINE], fields[CharterField.PREDECESSOR]
    languages = _languages(fields[CharterField.LANGUAGES])
    members = tuple(
        _member(record, languages)
        for record in _READ_MEMBERS.items(fields[CharterField.MEMBERS], 2, MEMBERS_MAX, "the list of members")
    )
    charter = Charter(
        number=_READ.number(fields[CharterField.NUMBER], 1, CHARTER_MAX, "its number"),
        line=None if line is None else LineId(_READ.octets(line, HASH_BYTES, "the line")),
        predecessor=None if predecessor is None else Digest(_READ.octets(predecessor, HASH_BYTES, "the predecessor")),
        seed=_READ.octets(fields[CharterField.SEED], SEED_BYTES, "the seed"),
        members=members,
        catalogue=_READ.octets(fields[CharterField.CATALOGUE], HASH_BYTES, "the catalogue's hash"),
        languages=languages,
        texts=_by_language(_READ, fields[CharterField.TEXTS], languages, TEXT_BYTES_MAX, "the list of texts"),
        annexes=_annexes(fields[CharterField.ANNEXES]),
        kinds=_kinds(fields[CharterField.KINDS]),
        statuses=_statuses(fields[CharterField.STATUSES]),
        rules=_rules([fields[key] for key in range(CharterField.APPROVALS, CharterField.UNREVIEWED + 1)]),
        protocol=_protocol(fields[CharterField.PROTOCOL]),
    )
    _refuse_impossible(charter)
    return charter


def charter_digest(body: bytes) -> Digest:
    """Return the digest of a charter's body, which must be one that `decode_charter` accepts."""
    fields = _READ.fields(decode(body), range(len(CharterField)), "the body")
    seed = _READ.octets(fields[CharterField.SEED], SEED_BYTES, "the seed")
    return digest_by_parts(seed, body, fields, LISTED)


def charter_signed(digest: Digest) -> bytes:
    """Return what each root signs."""
    return contexts.CHARTER + digest


def required_signers(charter: Charter, predecessor: Charter | None) -> dict[tuple[int, Signer], RootKeys]:
    """Return whose signatures put a charter in force: every member's, and those of the old text's roots that go."""
    required = {(member.party, Signer.PRESENT): member.root for member in charter.members}
    for member in predecessor.members if predecessor else ():
        if required.get((member.party, Signer.PRESENT)) != member.root:
            required[member.party, Signer.FORMER] = member.root
    return required


# ---------------------------------------------------------------- from values


def _protocol(value: Value) -> tuple[int, int]:
    version, suite = (_READ.number(one, 1, 255, "the protocol") for one in _READ.record(value, 2, "the protocol"))
    if (version, suite) != PROTOCOL:
        raise Inadmissible(
            "R114",
            f"the charter is for version {version} and suite {suite} of the protocol; this program speaks {PROTOCOL}",
            hint="Install a version of the program that speaks it, on every station of the line.",
        )
    return version, suite


def _languages(value: Value) -> tuple[str, ...]:
    listed = _READ.items(value, 1, LANGUAGES_MAX, "the list of languages")
    languages = tuple(_READ.text(language, 20, "a language") for language in listed)
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            _READ.refuse("a language", "a tag such as ko or en-GB (BCP 47)")
    if len(set(languages)) != len(languages):
        _READ.refuse("the list of languages", "without repetition")
    return languages


def _by_language(
    reader: Reader, value: Value, languages: Sequence[str], bytes_max: int, what: str
) -> tuple[tuple[str, str], ...]:
    records = [reader.record(row, 2, f"a row of {what}") for row in reader.items(value, 0, LANGUAGES_MAX, what)]
    pairs = tuple((reader.text(row[0], 20, "a language"), reader.text(row[1], bytes_max, "a text")) for row in records)
    if [language for language, _ in pairs] not in ([], list(languages)):
        reader.refuse(what, "in each language of the charter, in their order")
    return pairs


def _member(record: Value, languages: Sequence[str]) -> Member:
    party, code, role, names, ed25519, mldsa65 = _READ_MEMBERS.record(record, 6, "a member")
    member = Member(
        _READ_MEMBERS.number(party, 1, 255, "a member's number"),
        _READ_MEMBERS.text(code, 16, "a member's code"),
        Role(_READ_MEMBERS.number(role, 0, Role.OBSERVER, "a member's role")),
        _by_language(_READ_MEMBERS, names, languages, NAME_BYTES_MAX, "a member's names"),
        root_keys(_READ_MEMBERS, ed25519, mldsa65),
    )
    if not _CODE.fullmatch(member.code):
        _READ_MEMBERS.refuse("a member's code", "small letters, digits and hyphens that begin with a letter")
    if not member.names:
        _READ_MEMBERS.refuse("a member's names", "in each language of the charter")
    refuse_weak_key(member.root.ed25519)
    return member


def _annexes(value: Value) -> tuple[tuple[str, bytes], ...]:
    rows = [_READ.record(row, 2, "an annex") for row in _READ.items(value, 0, ANNEXES_MAX, "the list of annexes")]
    annexes = tuple(
        (_READ.text(title, NAME_BYTES_MAX, "an annex's title"), _READ.octets(digest, HASH_BYTES, "an annex's hash"))
        for title, digest in rows
    )
    _READ.rising([title for title, _ in annexes], "the list of annexes")
    return annexes


def _kinds(value: Value) -> tuple[int, ...] | None:
    if value is None:
        return None
    kinds = tuple(_kind(kind) for kind in _READ.items(value, 1, KIND_MAX + 1, "the list of kinds"))
    _READ.rising(kinds, "the list of kinds")
    return kinds


def _kind(value: Value) -> int:
    return _READ.number(value, 0, KIND_MAX, "a kind")


def _statuses(value: Value) -> tuple[Status, ...]:
    statuses = tuple(
        Status(_READ.number(status, 0, Status.TEST, "a status"))
        for status in _READ.items(value, 1, len(Status), "the list of statuses")
    )
    _READ.rising(statuses, "the list of statuses")
    return statuses


def _rules(values: Sequence[Value]) -> Rules:
    approvals, cadence, times, deadlines, rate, witnesses, evidence, unreviewed = values
    if not isinstance(unreviewed, bool):
        _READ.refuse("whether unreviewed renderings are accepted", "true or false")
    rules = Rules(
        tuple(_approval_rule(row) for row in _READ.items(approvals, 0, RULES_MAX, "the list of approvals")),
        _seconds(cadence),
        tuple(_response_times(row) for row in _READ.record(times, len(Precedence), "the list of response times")),
        tuple(_deadline(row) for row in _READ.items(deadlines, 0, RULES_MAX, "the list of deadlines")),
        _READ.number(rate, 1, RATE_MAX, "the rate"),
        tuple(_witness(row) for row in _READ.items(witnesses, 0, WITNESSES_MAX, "the list of witnesses")),
        Evidence(_READ.number(evidence, 0, Evidence.DENIABLE, "the kind of evidence")),
        unreviewed,
    )
    _READ.rising([rule.kind for rule in rules.approvals], "the list of approvals")
    _READ.rising([kind for kind, _ in rules.deadlines], "the list of deadlines")
    _READ.rising([witness.name for witness in rules.witnesses], "the list of witnesses")
    return rules


def _seconds(value: Value) -> int:
    return _READ.number(value, 1, SECONDS_MAX, "a time in seconds")


def _response_times(row: Value) -> ResponseTimes:
    stored, acknowledged, answered = _READ.record(row, 3, "the response times of a precedence")
    return ResponseTimes(_seconds(stored), _seconds(acknowledged), _seconds(answered))


def _deadline(row: Value) -> tuple[int, int]:
    kind, seconds = _READ.record(row, 2, "a deadline")
    return _kind(kind), _seconds(seconds)


def _approval_rule(row: Value) -> ApprovalRule:
    kind, alternatives = _READ.record(row, 2, "a rule of approval")
    ways = tuple(_way(way) for way in _READ.items(alternatives, 1, ALTERNATIVES_MAX, "the ways to release a kind"))
    _READ.rising(ways, "the ways to release a kind")
    return ApprovalRule(_kind(kind), ways)


def _way(value: Value) -> tuple[Authority, ...]:
    roles = tuple(
        Authority(_READ.number(role, 0, Authority.MEDIATOR, "an officer's role"))
        for role in _READ.items(value, 0, APPROVALS_MAX, "the roles that release a kind")
    )
    if list(roles) != sorted(roles):
        _READ.refuse("the roles that release a kind", "in their order")
    return roles


def _witness(row: Value) -> Witness:
    name, algorithm, key = _READ.record(row, 3, "a witness")
    if not isinstance(algorithm, int) or algorithm not in _WITNESS_KEY_BYTES:
        _READ.refuse("a witness's signature type", "4 or 6")
    witness = Witness(
        _READ.text(name, NAME_BYTES_MAX, "a witness's name"),
        int(algorithm),
        _READ.octets(key, _WITNESS_KEY_BYTES[algorithm], "a witness's key"),
    )
    if "+" in witness.name or any(letter.isspace() for letter in witness.name):
        _READ.refuse("a witness's name", "a key name without spaces and plus signs (C2SP signed-note)")
    if witness.algorithm == 4:
        refuse_weak_key(witness.key)
    return witness


def _refuse_impossible(charter: Charter) -> None:
    _READ_MEMBERS.rising([member.party for member in charter.members], "the list of members")
    for what in ({member.code for member in charter.members}, {member.root.hash for member in charter.members}):
        if len(what) != len(charter.members):
            _READ_MEMBERS.refuse("the list of members", "of different codes and different roots")
    first = charter.number == 1
    if first != (charter.line is None) or first != (charter.predecessor is None):
        raise Malformed("R84", "charter number 1 names no line and no predecessor; every later one names both")
    rules = charter.rules
    if rules.evidence is Evidence.DENIABLE and (len(charter.members) != 2 or rules.approvals or rules.witnesses):
        raise Inadmissible(
            "R85",
            "a deniable line has exactly two members and neither approvals nor witnesses",
            hint="Open a provable line, or leave these rules out.",
        )


# ---------------------------------------------------------------- to values


def _values(charter: Charter) -> dict[int, Value]:
    rules = charter.rules
    values: dict[int, Value] = {
        CharterField.NUMBER: charter.number,
        CharterField.LINE: charter.line,
        CharterField.PREDECESSOR: charter.predecessor,
        CharterField.SEED: charter.seed,
        CharterField.MEMBERS: [_member_values(member) for member in charter.members],
        CharterField.CATALOGUE: charter.catalogue,
        CharterField.LANGUAGES: charter.languages,
        CharterField.TEXTS: charter.texts,
        CharterField.ANNEXES: charter.annexes,
        CharterField.KINDS: charter.kinds,
        CharterField.STATUSES: charter.statuses,
        CharterField.APPROVALS: [[rule.kind, rule.alternatives] for rule in rules.approvals],
        CharterField.CHECK_CADENCE: rules.check_cadence_s,
        CharterField.RESPONSE_TIMES: [
            [times.stored_s, times.acknowledged_s, times.answered_s] for times in rules.response_times
        ],
        CharterField.DEADLINES: rules.deadlines,
        CharterField.RATE: rules.entries_a_minute,
        CharterField.WITNESSES: [[witness.name, witness.algorithm, witness.key] for witness in rules.witnesses],
        CharterField.EVIDENCE: rules.evidence,
        CharterField.UNREVIEWED: rules.unreviewed_renderings,
        CharterField.PROTOCOL: charter.protocol,
    }
    return {int(key): value for key, value in values.items()}


def _member_values(member: Member) -> list[Value]:
    return [member.party, member.code, member.role, member.names, member.root.ed25519, member.root.mldsa65]
