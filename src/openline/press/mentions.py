"""Noun phrases that may name a speaker, in English: persons, roles, bodies, parties, pronouns, both sides.

The grammar is small on purpose: a determiner, words that describe, a head from the table, and what follows it after a
preposition.  A phrase that does not fit it is not a speaker here; a person can still enter it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from openline.press.tables import WORD, Party, any_word, gazetteer, load

PERSON, ROLE, BODY, PARTY, PRONOUN, JOINT, VAGUE = "person", "role", "body", "party", "pronoun", "joint", "vague"
TOKENS_MAX = 24  # of one noun phrase; the longest office in the pages has eleven
POSSESSIVE = re.compile(r"['’]s?$")
KNOWLEDGE = re.compile(
    r" (?:with (?:direct )?knowledge of|familiar with|close to|briefed on)"
    r" (?:the |his |her |their |its )?[^\W_]+(?: of [^\W_]+)?"
)
FROM_PLACE = re.compile(r"(?:^|[.;,] |\b(?:But|And|Yet) )[Ii]n ")
DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase: its bounds and words, what kind it is, whose it is, and the name or office in it."""

    start: int
    end: int
    text: str
    kind: str
    party: str | None = None
    name: str | None = None
    office: str | None = None
    head: str = ""
    possessive: str = ""


@dataclass(slots=True)
class People:
    """Who has been named on this page: full names, their offices and parties, and the short names for them."""

    offices: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    short: dict[str, str | None] = field(default_factory=dict)

    def learn(self, name: str, office: str | None, party: str | None) -> None:
        """Remember a person; the first office found stays."""
        known = self.offices.get(name, (None, None))
        self.offices[name] = (known[0] or office, known[1] or party)
        last = name.rsplit(maxsplit=1)[-1]
        if self.short.setdefault(last, name) != name:
            self.short[last] = None  # two people share it: it names neither

    def full(self, short: str) -> str | None:
        """Return the one full name that a short name stands for, or None."""
        return short if short in self.offices else self.short.get(short)


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of the noun phrase, ready for use."""

    determiners: frozenset[str]
    heads: frozenset[str]
    modifiers: frozenset[str]
    portfolios: frozenset[str]
    prepositions: frozenset[str]
    vague: frozenset[str]
    pronouns: frozenset[str]
    openers: frozenset[str]  # every word in small letters with which a phrase may begin
    honorifics: frozenset[str]
    not_names: frozenset[str]
    not_persons: frozenset[str]
    joint: re.Pattern[str]


@cache
def words() -> Words:
    """Return the tables of the noun phrase."""
    noun = load("english")["noun"]
    pronouns = noun["persons"] + noun["bodies"] + noun["plurals"]
    return Words(
        determiners=frozenset(noun["determiners"]),
        heads=frozenset(noun["heads"]),
        modifiers=frozenset(noun["modifiers"]),
        portfolios=frozenset(noun["portfolios"]),
        prepositions=frozenset(noun["prepositions"]),
        vague=frozenset(noun["vague"]),
        pronouns=frozenset(pronouns),
        openers=frozenset(pronouns + noun["determiners"] + noun["heads"] + noun["modifiers"] + ["all"]),
        honorifics=frozenset(noun["honorifics"]),
        not_names=frozenset(noun["not_names"]),
        not_persons=frozenset(noun["not_persons"]),
        joint=any_word(noun["joint"], ignore_case=True),
    )


@cache
def bodies_heads() -> frozenset[str]:
    """Return the heads that are bodies, not persons."""
    return frozenset(load("english")["noun"]["bodies_heads"])


@dataclass(slots=True)
class _Phrase:
    """What has been read of a phrase so far; ends are places in the text."""

    start: int
    end: int = -1
    head: str = ""
    party: str | None = None
    names: list[tuple[int, int]] = field(default_factory=list)
    plain_party: bool = False
    possessive: str = ""
    after_preposition: bool = False
    stray: bool = False  # a capital that belongs to neither party nor office stood before: "Whether Bora"
    honorific: int = -1  # where "Mr" stands before a name
    object_at: int = -1  # where the object of a preposition would begin: "a spokesman for ..."
    inner_head: bool = False  # a second role behind a preposition: "spokesman for the Secretary-General"


def mention_at(text: str, start: int, people: People) -> Mention | None:
    """Return the noun phrase that begins at `start`, or None."""
    table = words()
    first = WORD.match(text, start)
    if first is None or not (first[0][0].isupper() or first[0].lower() in table.openers):
        return None
    low = first[0].lower()
    both = table.joint.match(text, start) if low in ("both", "the", "all") else None
    if both is not None:
        return Mention(start, both.end(), both[0], JOINT)
    if low in table.pronouns:
        return Mention(start, first.end(), first[0], PRONOUN, head=low)
    phrase = _read(text, start, table)
    return _finish(text, phrase, people, table)


def _read(text: str, start: int, table: Words) -> _Phrase:
    phrase = _Phrase(start)
    position = start
    for count in range(TOKENS_MAX):
        found = WORD.match(text, position)
        if found is None:
            break
        taken = _take(text, found, phrase, table, first=count == 0)
        if taken is None:
            break
        position = taken
        if found[0] in table.honorifics and text.startswith(".", position):
            position += 1
        if position >= len(text) or text[position] != " ":
            break
        position += 1
    return phrase


def _take(text: str, found: re.Match[str], phrase: _Phrase, table: Words, *, first: bool) -> int | None:
    """Read one word, or one party's name, into the phrase; return where it ends, or None when the phrase is over."""
    word, bare = found[0], POSSESSIVE.sub("", found[0])
    party = gazetteer().at(text, found.start())
    if party is not None:
        return _take_party(text, phrase, party)
    low = bare.lower()
    if first and low in table.determiners:
        phrase.possessive = low if low in ("its", "his", "her", "their") else ""
        return found.end()
    if phrase.end > 0 and low in table.prepositions and not phrase.names:
        phrase.after_preposition, phrase.object_at = True, found.end() + 1
        return found.end() if _describes(text, found.end(), table) else None
    if (
        phrase.end > 0
        and low in ("the", "its", "his", "her", "their")
        and text[: found.start()].rstrip().endswith(tuple(table.prepositions))
    ):
        return found.end()
    if low in table.heads:
        phrase.inner_head = phrase.after_preposition and bool(phrase.head)
        phrase.head = phrase.head if phrase.inner_head else low
        phrase.end, phrase.plain_party = found.end(), False
        phrase.names.clear()
    elif low in table.portfolios and phrase.end > 0:
        phrase.end = found.end()
        phrase.names.clear()
    elif word in table.honorifics and not phrase.names:
        phrase.honorific = found.start()
    elif word[0].isupper() and word not in table.not_names:
        phrase.names.append(found.span())
    elif low not in table.modifiers:
        return None
    return found.end()


def _take_party(text: str, phrase: _Phrase, party: Party) -> int:
    end = party.end
    phrase.party = phrase.party or party.name or None
    phrase.stray = phrase.stray or bool(phrase.names)
    phrase.names.clear()
    possessive = text.startswith(("'s", "’s"), end)
    if party.is_office:
        phrase.head, phrase.end, phrase.plain_party = "secretary", end, False
    elif party.is_body:
        phrase.end = end
    elif not possessive:
        phrase.plain_party = phrase.plain_party or not phrase.head
        phrase.end = end
    return end + 2 if possessive else end


def _describes(text: str, position: int, table: Words) -> bool:
    """Tell whether what follows a preposition describes an office: a party, a body, a portfolio."""
    rest = WORD.match(text, position + 1)
    if rest is not None and rest[0].lower() in ("the", "its", "his", "her", "their"):
        rest = WORD.match(text, rest.end() + 1)
    if rest is None:
        return False
    low = POSSESSIVE.sub("", rest[0]).lower()
    known = low in table.heads or low in table.modifiers or low in table.portfolios
    return (
        known
        or gazetteer().at(text, rest.start()) is not None
        or (rest[0][0].isupper() and rest[0] not in table.not_names)
    )


def _finish(text: str, phrase: _Phrase, people: People, table: Words) -> Mention | None:
    """Turn what was read into a mention, or None when it names nobody."""
    named = _named(text, phrase, people, table)
    if named is not None:
        return named
    if phrase.end < 0:
        return None
    end = phrase.end
    if phrase.plain_party and not phrase.head:
        return _party_or_pair(text, phrase, end, people)
    if not phrase.head:
        return Mention(
            phrase.start, end, text[phrase.start : end], BODY, phrase.party, office=_bare(text[phrase.start : end])
        )
    knowing = KNOWLEDGE.match(text, end)
    end = end if knowing is None else knowing.end()
    words_said = text[phrase.start : end]
    vague = phrase.head in table.vague and phrase.party is None and knowing is None
    if phrase.head in ("side", "sides", "parties") and phrase.party is None:
        return None
    name = None if phrase.party is None and phrase.head in table.vague else _name_behind(text, end, table)
    if name is not None and phrase.head not in bodies_heads():
        return Mention(phrase.start, end, words_said, PERSON, phrase.party, name, _bare(words_said), phrase.head)
    kind = VAGUE if vague else ROLE
    office = None if vague or phrase.head in ("people", "person", "source", "sources") else _bare(words_said)
    return Mention(
        phrase.start, end, words_said, kind, phrase.party, office=office, head=phrase.head, possessive=phrase.possessive
    )


def _bare(phrase: str) -> str:
    return re.sub(r"^(?:its|his|her|their)\s+", "", DETERMINER.sub("", phrase), flags=re.IGNORECASE)


OF_PARTY = re.compile(r" of (?:the )?")
NAME_BEHIND = re.compile(r", (?P<name>(?:[A-Z][\w’'-]+ ){1,3}[A-Z][\w’'-]+), ")


def _name_behind(text: str, end: int, table: Words) -> str | None:
    """Return the name that stands in apposition to an office: "the mediator, First Surname, said"."""
    found = NAME_BEHIND.match(text, end)
    if found is None:
        return None
    words_of = found["name"].split()
    known = any(gazetteer().at(text, end + 2 + found["name"].find(word)) is not None for word in words_of)
    other = {*table.not_names, *table.not_persons, *table.honorifics}
    return None if known or not other.isdisjoint(words_of) else found["name"]


def _named(text: str, phrase: _Phrase, people: People, table: Words) -> Mention | None:
    """Return the person whose name ends the phrase, or None."""
    if not phrase.names or (phrase.end > 0 and phrase.names[0][0] < phrase.end):
        return None
    start, end = phrase.names[0][0], phrase.names[-1][1]
    end -= len(found[0]) if (found := POSSESSIVE.search(text[start:end])) else 0
    name = text[start:end]
    whose = OF_PARTY.match(text, end)
    place = None if whose is None else gazetteer().at(text, whose.end())
    end, party = (end, None) if place is None or place.is_body else (place.end, place.name)
    if phrase.inner_head or (phrase.head and 0 <= phrase.object_at in (start, phrase.honorific)):
        # "a spokesman for Mr Surname" speaks himself, not the one he speaks for.
        return Mention(
            phrase.start,
            end,
            text[phrase.start : end],
            ROLE,
            phrase.party or party,
            office=_bare(text[phrase.start : end]),
            head=phrase.head,
        )
    if not table.not_persons.isdisjoint(name.split()):
        return Mention(
            phrase.start, end, text[phrase.start : end], BODY, phrase.party, office=_bare(text[phrase.start : end])
        )
    full = people.full(name)
    if full is None and phrase.honorific >= 0 and len(phrase.names) == 1:
        full = text[phrase.honorific : phrase.names[-1][1]]  # "Mr Surname", of whom the page says no more
    if full is None and (len(phrase.names) < 2 or text.startswith(("'", "’"), end)):
        return None
    before = phrase.honorific if phrase.honorific >= 0 else start
    office = _bare(text[phrase.start : before].strip()) or None
    if phrase.end < 0:
        office = None
    known_office, known_party = people.offices.get(full or name, (None, None))
    party = phrase.party or party or known_party
    return Mention(
        phrase.start, end, text[phrase.start : end], PERSON, party, full or name, office or known_office, phrase.head
    )


def _party_or_pair(text: str, phrase: _Phrase, end: int, people: People) -> Mention | None:
    """A party alone speaks for itself; two joined by "and" speak together; "Bora fishermen" do neither."""
    if phrase.names or phrase.stray:
        return None
    joined = re.compile(r" and (?:the )?").match(text, end)
    other = None if joined is None else gazetteer().at(text, joined.end())
    if joined is not None and other is not None and not other.is_body:
        role = mention_at(text, joined.end(), people)  # "the Russian and Chinese foreign ministers"
        both = other.end if role is None else role.end
        return Mention(phrase.start, both, text[phrase.start : both], JOINT)
    return Mention(phrase.start, end, text[phrase.start : end], PARTY, phrase.party)


def find_mentions(text: str, people: People) -> list[Mention]:
    """Return the noun phrases of a text that may name a speaker, from left to right, none inside another."""
    found: list[Mention] = []
    position = 0
    while (word := WORD.search(text, position)) is not None:
        mention = mention_at(text, word.start(), people)
        if mention is not None and mention.kind != PRONOUN:
            found.append(mention)
        position = word.end() if mention is None else max(mention.end, word.end())
    return found


APPOSITION_CHARACTERS_MAX = 160  # "Name, a veteran diplomat who is the ... for ..., said"


def learn_people(texts: list[str]) -> People:
    """Return the people named in these texts, with the offices that stand before or behind their names."""
    people = People()
    for text in texts:
        for mention in find_mentions(text, people):
            if mention.name is None or words().honorifics.intersection(mention.name.replace(".", " ").split()):
                continue  # "Mr Surname" is a short name for somebody, not another person
            office, party = mention.office, mention.party
            behind = _apposition(text, mention.end, people)
            if office is None and behind is not None:
                office, party = behind.office, party or behind.party
            people.learn(mention.name, office, party)
    return people


def _apposition(text: str, end: int, people: People) -> Mention | None:
    if text[end : end + 2] != ", ":
        return None
    stop = text.find(",", end + 2, end + APPOSITION_CHARACTERS_MAX)
    if stop < 0:
        return None
    inside = [mention for mention in find_mentions(text[end + 2 : stop], people) if mention.kind == ROLE]
    if not inside:
        # "Name, spokesman for the Secretary-General Full Name, said": the phrase ends in another person's name.
        whole = mention_at(text, end + 2, people)
        return replace(whole, office=text[end + 2 : whole.end]) if whole is not None and whole.head else None
    return inside[-1]
