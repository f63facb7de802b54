"""Who a phrase stands for: names made full, "he" and "the minister" led back to whom the page last meant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

from openline.press.mentions import (
    BODY,
    FROM_PLACE,
    JOINT,
    PARTY,
    PERSON,
    PRONOUN,
    ROLE,
    VAGUE,
    Mention,
    People,
    bodies_heads,
    find_mentions,
)
from openline.press.tables import gazetteer, load

VOICES_MAX = 400  # remembered on one page, the latest; a page has a few dozen


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker: the words for them, the office, the party, whether named, and which of these were derived."""

    speaker: str
    kind: str
    office: str | None = None
    party: str | None = None
    named: bool = False
    head: str = ""
    derived: tuple[str, ...] = ()

    @property
    def joint(self) -> bool:
        """Whether both sides speak."""
        return self.kind == JOINT


@cache
def _pronouns() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    noun = load("english")["noun"]
    return frozenset(noun["persons"]), frozenset(noun["bodies"]), frozenset(noun["plurals"])


@dataclass(slots=True)
class Cast:
    """The voices of a page so far, and whom "he", "it", "they" and "its" stand for at this point."""

    people: People
    voices: list[Voice] = field(default_factory=list)
    person: Voice | None = None
    body: Voice | None = None
    both: Voice | None = None
    party: str | None = None
    recent: frozenset[str] = frozenset()  # the parties named in the sentence before, in this paragraph
    noted: list[Voice] = field(
        default_factory=list
    )  # offices with a party that the page has mentioned, not as speakers

    def note(self, text: str) -> None:
        """Remember the offices mentioned here: after "Alba's president offered a pause", "the president" is Alba's."""
        for mention in find_mentions(text, self.people):
            if mention.kind == ROLE and mention.party is not None and mention.office is not None:
                voice = Voice(mention.text, ROLE, mention.office, mention.party, head=mention.head)
                self.noted = [*self.noted[-VOICES_MAX:], voice]

    def resolve(self, mention: Mention, sentence: str) -> Voice | None:
        """Return the voice that a phrase stands for in this sentence, or None when that is not known."""
        if mention.kind == VAGUE:
            return None
        if mention.kind == PRONOUN:
            return self._pronoun(mention)
        if mention.kind == PERSON:
            party = ("party",) if mention.party else ()
            return Voice(mention.name or mention.text, PERSON, mention.office, mention.party, named=True, derived=party)
        if mention.kind in (PARTY, BODY, JOINT):
            return Voice(mention.text, mention.kind, mention.office, mention.party)
        return self._role(mention, sentence)

    def _pronoun(self, mention: Mention) -> Voice | None:
        persons, bodies, plurals = _pronouns()
        only = self.noted[-1] if len({one.speaker for one in self.noted}) == 1 else None
        person = self.person or (only if only is not None and _is_one_person(only) else None)
        places = ((persons, person), (bodies, self.body), (plurals, self.both))
        meant = next((voice for words, voice in places if mention.head in words), None)
        return None if meant is None else _mark(meant, "speaker")

    def _role(self, mention: Mention, sentence: str) -> Voice:
        voice = Voice(mention.text, ROLE, mention.office, mention.party, head=mention.head)
        if mention.party is not None:
            return voice
        if mention.possessive:
            whose = self._whose(sentence[: mention.start])
            return voice if whose is None else _mark(replace(voice, party=whose), "party")
        place = FROM_PLACE.search(sentence[: mention.start])
        lead = None if place is None else gazetteer().at(sentence, place.end())
        if mention.text[:4].lower() == "the ":
            earlier = next((known for known in reversed(self.voices) if _same_office(known, voice)), None)
            earlier = earlier or self._only_noted(voice)
            if earlier is not None and (lead is None or earlier.party in (None, lead.name)):
                return _mark(earlier, "speaker")
        return voice if lead is None else _mark(replace(voice, party=lead.name), "party")

    def _whose(self, before: str) -> str | None:
        """Return whose "its ministry" is: of the party just named; of several, the one last spoken of, or nobody."""
        named = gazetteer().all(before) or self.recent
        if len(named) == 1:
            return next(iter(named))
        return self.party if not named or self.party in named else None

    def _only_noted(self, voice: Voice) -> Voice | None:
        """Return the office that a phrase abbreviates, where the page has mentioned one party's only."""
        known = [one for one in self.noted if _same_office(one, voice)]
        return known[-1] if len({one.party for one in known}) == 1 else None

    def hear(self, voice: Voice) -> None:
        """Remember that this voice is the one now spoken of."""
        if voice.kind == JOINT:
            self.both = voice
            return
        self.party = voice.party or self.party
        if voice.kind in (PARTY, BODY) or voice.head in bodies_heads():
            self.body = voice
        else:
            self.person = voice
        self.voices = [*self.voices[-VOICES_MAX:], replace(voice, derived=tuple(set(voice.derived) - {"speaker"}))]


def _is_one_person(voice: Voice) -> bool:
    return voice.head not in bodies_heads() and not voice.head.endswith("s")


def _same_office(known: Voice, voice: Voice) -> bool:
    """Tell whether "the deputy minister" can be the "deputy foreign minister of Bora"."""
    if known.head != voice.head:
        return False
    rest = iter((known.office or known.speaker).lower().split())
    return all(word in rest for word in (voice.office or voice.head).lower().split())


def _mark(voice: Voice, name: str) -> Voice:
    return replace(voice, derived=tuple(dict.fromkeys((*voice.derived, name))))
