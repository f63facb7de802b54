"""Where an English sentence says who speaks: a subject, a verb of saying, and the words it governs.

Everything here works on a sentence whose quotations are masked, so that a verb inside somebody's words is never taken
for the outlet's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from openline.press.mentions import JOINT, PRONOUN, ROLE, VAGUE, Mention, People, mention_at
from openline.press.tables import any_piece, any_word, load

CONTENT, ACT, WITHIN, DECLINE, CONDUCT, ACCORDING = "content", "act", "within", "decline", "conduct", "according"
VERBS_MAX = 12  # of one sentence; a list of more is no prose
STARTS_MAX = 16  # places before one verb where its subject may begin
TAIL_CHARACTERS_MAX = 260  # between a subject and its verb: one apposition
SENTENCE_CHARACTERS_MAX = 4_000  # longer runs are tables or lists that lost their lines


@dataclass(frozen=True, slots=True)
class Frame:
    """One attribution: who (`subject`), by which verb, and where it stands.

    `start`   where the attribution begins: its subject, or its verb when the subject stands elsewhere
    `verb`    bounds of the verb
    `end`     where the attribution ends and the words may begin
    `shared`  the subject is that of the clause before: "offered ... and said"
    `joined`  what joins it to the words before: "and", ", and", "but", "while", "that", "as", ";", ",", or ""
    `teller`  who passes the words on: the agency in "the agency, citing the general staff, reported"
    """

    kind: str
    subject: Mention | None
    start: int
    verb: tuple[int, int]
    end: int
    shared: bool = False
    joined: str = ""
    inverted: bool = False
    teller: Mention | None = None


@dataclass(frozen=True, slots=True)
class Forms:
    """The patterns of attribution, compiled from the tables."""

    verbs: re.Pattern[str]
    kinds: dict[str, str]
    inverted: frozenset[str]
    tail: re.Pattern[str]
    starts: re.Pattern[str]
    leads: re.Pattern[str]
    shared: re.Pattern[str]


@cache
def forms() -> Forms:
    """Return the patterns of attribution."""
    tables = load("english")
    verbs, frame = tables["verbs"], tables["frame"]
    kinds: dict[str, str] = {}
    for kind, key in ((WITHIN, "within"), (CONDUCT, "conduct"), (ACT, "act"), (CONTENT, "content")):
        kinds |= dict.fromkeys(verbs[key], kind)
    for first in verbs["decline"]:
        kinds |= {f"{first} {what}": DECLINE for what in verbs["decline_what"]}
    kinds |= dict.fromkeys(verbs["decline_whole"], DECLINE)
    adverb = rf"(?:{any_piece(verbs['adverbs'])})"
    adverbs = rf"(?:\s+{adverb})*"
    apposition = r",\s(?!(?:and|but|while)\s)[^;]{1,240}?,"
    relative = r"\s(?:who|which)\s[^,;\s]+\s[^,;]{1,160}"
    aside = r"\s\([^()]{1,80}\)"
    place = r"\s(?:in|from|at|near|on)\s(?:[^\W\d_][\w’'-]*\s?){1,4}"
    months = [name for names in load("calendar")["months"].values() for name in names if name.isascii()]
    openers = any_piece([*frame["clause_openers"], *months])
    return Forms(
        any_word(kinds),
        kinds,
        frozenset(verbs["inverted"]),
        re.compile(rf"(?:{adverbs}|{apposition}{adverbs}|{relative}|{place}|{aside}{adverbs})\s"),
        re.compile(rf"[,;:—–]\s+|--\s+|\s-\s|[\"”’»']\s+|(?<!\w)(?:(?:{openers})\s+(?:also\s+)?|\d{{1,4}}\s+)"),
        re.compile(rf"(?:(?:{any_piece(frame['leads'])})\s+)*"),
        re.compile(rf"(?:(?P<joined>\b(?:and|but|or|then))(?:\s+{adverb})*\s+|(?P<comma>[,\"”’])\s+)$"),
    )


def find_frames(hidden: str, people: People) -> list[Frame]:
    """Return the attributions of one masked sentence, in order."""
    table = forms()
    found: list[Frame] = []
    orphans: list[int] = []  # where verbs of saying stand whose subject is not understood
    for count, verb in enumerate(table.verbs.finditer(hidden)):
        if count == VERBS_MAX:
            break
        frame = _frame(hidden, verb, people, found)
        if frame is not None:
            found.append(frame)
        elif table.kinds[" ".join(verb[0].split())] == CONTENT:
            orphans.append(verb.end())
    found = [
        frame
        for frame in found
        if not _is_told_by_nobody(hidden, frame, orphans)
        and (frame.kind == CONTENT or not hidden[: frame.start].endswith(" after "))  # what went before is an account
    ]
    found += [*_according(hidden, people), *_quoted_as(hidden, people), *_cleft(hidden, people)]
    return sorted(found, key=lambda frame: frame.start)


def _is_told_by_nobody(hidden: str, frame: Frame, orphans: list[int]) -> bool:
    """Tell whether somebody not understood passes this on: "(the village said) that the minister had promised"."""
    return any(end <= frame.start and hidden[end : frame.start].strip() in ("", "that") for end in orphans)


def _frame(hidden: str, verb: re.Match[str], people: People, before: list[Frame]) -> Frame | None:
    table = forms()
    kind = table.kinds[" ".join(verb[0].split())]
    subject = subject_before(hidden, verb.start(), people, [frame.end + 1 for frame in before])
    if subject is not None:
        joined = _joined(hidden, subject.start)
        cited = CITING.match(hidden, subject.end, verb.start())
        source = None if cited is None else mention_at(hidden, cited.end(), people)
        teller = None if source is None or source.kind in (PRONOUN, VAGUE) else subject
        who = subject if teller is None else source
        return Frame(kind, who, subject.start, verb.span(), verb.end(), joined=joined, teller=teller)
    if verb[0] in table.inverted and re.search(r"[,\"”’»'?!]\s*$", hidden[: verb.start()]):
        behind = mention_at(hidden, verb.end() + 1, people)
        if behind is not None and behind.kind not in (PRONOUN, VAGUE):
            return Frame(kind, behind, verb.start(), verb.span(), behind.end, inverted=True)
    return _shared(hidden, verb, kind, people, before)


def _shared(hidden: str, verb: re.Match[str], kind: str, people: People, before: list[Frame]) -> Frame | None:
    """A verb joined to an earlier one: `offered to meet and said`, `said ..., adding that`."""
    joined = forms().shared.search(hidden, max(0, verb.start() - 80), verb.start())
    if joined is None or (joined["comma"] and not verb[0].endswith("ing")):
        return None
    main = [frame for frame in before if not _is_inside(hidden, frame, before)]
    subject = main[-1].subject if main else sentence_subject(hidden, people)
    if subject is None:
        return None
    return Frame(kind, subject, joined.start(), verb.span(), verb.end(), shared=True, joined=joined["joined"] or ",")


def _is_inside(hidden: str, frame: Frame, before: list[Frame]) -> bool:
    """Tell whether an attribution stands inside another's words: what is joined to the sentence is not joined to it."""
    behind = (hidden[other.end : frame.start].strip() for other in before if other.end <= frame.start)
    return frame.joined in ("that", "as") or any(between in ("", "that") for between in behind)


def _joined(hidden: str, start: int) -> str:
    found = re.search(r"(?:(, and)|(?:[,;]\s)?\b(and|but|while|that|as)|;)\s+$", hidden[max(0, start - 12) : start])
    return "" if found is None else found[1] or found[2] or ";"


def sentence_subject(hidden: str, people: People) -> Mention | None:
    """Return the phrase with which the sentence begins, after "But" and the like and after a circumstance."""
    start = _after_leads(hidden, 0)
    mention = mention_at(hidden, start, people)
    if mention is None and (comma := hidden.find(", ", start, start + 80)) > 0:
        mention = mention_at(hidden, comma + 2, people)
    return mention


def _after_leads(hidden: str, start: int) -> int:
    found = forms().leads.match(hidden, start)
    return start if found is None else found.end()


def subject_before(hidden: str, verb_start: int, people: People, further: list[int]) -> Mention | None:
    """Return the leftmost phrase that can be the subject of the verb at `verb_start`, or None.

    It may begin where a clause begins, or at one of the `further` places: behind an earlier verb of saying.
    """
    table = forms()
    floor = max(0, verb_start - TAIL_CHARACTERS_MAX - 80)
    starts = {found.end() for found in table.starts.finditer(hidden, floor, verb_start)}
    starts.update(place for place in further if floor <= place < verb_start)
    nearest = sorted(starts)[-STARTS_MAX:]
    if floor == 0:
        nearest = sorted({_after_leads(hidden, 0), *nearest})
    before: Mention | None = None
    for start in nearest:
        mention = mention_at(hidden, start, people)
        if mention is None or mention.end >= verb_start:
            continue
        if before is not None and AND.fullmatch(hidden, before.end, mention.start):
            mention = _together(hidden, before, mention)
        before = mention
        tail = table.tail.fullmatch(hidden, mention.end, verb_start)
        if tail is not None and not _says(tail[0], people):
            return mention
    return None


AND = re.compile(r",?\sand\s(?:the\s)?")


def _together(hidden: str, one: Mention, other: Mention) -> Mention:
    """Two that are the subject of one verb: of one party they are its voice, of two they speak jointly."""
    alone = one.party is None or one.party == other.party
    words = hidden[one.start : other.end]
    kind, party = (ROLE, other.party) if alone else (JOINT, None)
    return replace(one, end=other.end, text=words, kind=kind, party=party, name=None, office=words, head=other.head)


def _says(tail: str, people: People) -> bool:
    """Tell whether another speaks between a subject and its verb: `the president, the minister said, had promised`."""
    another = mention_at(tail, 2, people) if tail.startswith(", ") else None
    return another is not None and forms().verbs.match(tail, another.end + 1) is not None


CITING = re.compile(r", (?:citing|quoting) ")
QUOTED_AS = re.compile(
    r"\b(?:(?P<passive>(?:was|were|is|are|been) )?(?P<verb>quoted|quotes|quoting|cited|cites|citing)) "
)
AS_SAYING = re.compile(r"(?: (?:on )?[A-Z][a-z]+day)? as (?P<saying>saying|telling)\b")


def _quoted_as(hidden: str, people: People) -> list[Frame]:
    """`the agency quoted the minister as saying`, `the minister was quoted (by the agency) as saying`."""
    found: list[Frame] = []
    for place in QUOTED_AS.finditer(hidden):
        other = mention_at(hidden, place.end() + 3 * hidden.startswith("by ", place.end()), people)
        saying = AS_SAYING.match(hidden, place.end() - 1 if other is None else other.end)
        before = subject_before(hidden, place.start(), people, [])
        who, teller = (before, other) if place["passive"] else (other, before)
        if saying is None or who is None or (teller is None and place["passive"] is None and before is None):
            continue
        start = place.start() if before is None else before.start
        found.append(Frame(CONTENT, who, start, saying.span("saying"), saying.end(), teller=teller))
    return found


CLEFT = re.compile(r"\b[Ww]hat (?=[^,.;]{1,80} (?:did say|said|has said|does say)\b)")
CLEFT_END = re.compile(r" (?P<verb>did say|said|has said|does say)(?:, [^,.;]{1,80},)? was(?: that|:)?(?= )")


def _cleft(hidden: str, people: People) -> list[Frame]:
    """`What the minister did say, to a half-empty hall, was that ...`."""
    found: list[Frame] = []
    for place in CLEFT.finditer(hidden):
        who = mention_at(hidden, place.end(), people)
        said = None if who is None else CLEFT_END.match(hidden, who.end)
        if said is not None:
            found.append(Frame(CONTENT, who, place.start(), said.span("verb"), said.end()))
    return found


ACCORDING_TO = re.compile(r"(?P<comma>,\s)?\b[Aa]ccording to ")


def _according(hidden: str, people: People) -> list[Frame]:
    found: list[Frame] = []
    for place in ACCORDING_TO.finditer(hidden):
        mention = mention_at(hidden, place.end(), people)
        if mention is not None and mention.kind not in (PRONOUN, JOINT):
            found.append(Frame(ACCORDING, mention, place.start(), place.span(), mention.end))
    return found
