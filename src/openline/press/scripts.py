"""Statements in Arabic, Persian, Chinese, Japanese, Korean and Russian prose, by tables of roles and verbs.

These rules know less than the English ones: one speaker for each sentence, and one who passes the words on.  Their
score stands in benchmarks/press/RESULTS.md, and a person confirms each proposal in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from openline.press import details
from openline.press.dates import DayWord, find_days
from openline.press.quotations import Quotation, find_quotations, mask, split_sentences
from openline.press.statement import DIRECT, REPORTED, Findings, SetAside, Statement
from openline.press.tables import any_piece, gazetteer, load, patterns

SENTENCE_CHARACTERS_MAX = 2_000  # longer runs are lists that lost their lines
WORDS_CHARACTERS_MIN = 4  # fewer are a word such as "welcome", not a statement
SUBJECT_CHARACTERS_MAX = 40  # between a verb and a subject behind it
CARRY_PARAGRAPHS_MAX = 3
GAP_CHARACTERS_MAX = 24  # between a verb and its subject: "said on Wednesday the minister"
ENDS = " \t.。،,，、—–"
NOT_SUBJECT_BEFORE = ("对", "向", "与", "和", "给", "跟", "就", "在")


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language's tables, compiled."""

    place: str
    spaced: bool
    links: re.Pattern[str]
    mention: re.Pattern[str]
    content: re.Pattern[str]
    act: re.Pattern[str]
    opens: re.Pattern[str] | None
    marker: re.Pattern[str] | None
    pronoun: re.Pattern[str] | None
    according: tuple[re.Pattern[str], ...]
    also: re.Pattern[str] | None
    never: re.Pattern[str] | None
    negated: re.Pattern[str] | None
    joined: re.Pattern[str] | None
    gap: re.Pattern[str] | None


@cache
def grammar(language: str) -> Grammar:
    """Return the compiled tables of a language in tables/scripts.toml."""
    table = load("scripts")[language]
    joiner, spaced = table["joiner"], table["joiner"].startswith(r"\s+")
    pieces = any_piece([*table["roles"], *(word for word in gazetteer().words() if not word.isascii())])
    if table.get("stems"):  # roles of an inflected language: the stem, and whatever ending the case wants
        stems, whole = any_piece(table["stems"]), any_piece(gazetteer().words())
        pieces = rf"(?i:{stems})\w{{0,4}}|{pieces}|{whole}"
    links = f"(?:{any_piece(table['links'])})?" if table["links"] else ""
    inner = f"(?:{any_piece(table['inner_links'])})?" if table.get("inner_links") else links
    edge = r"(?<!\w)" if spaced else ""
    after = r"(?!\w)" if spaced else ""
    verb = rf"{edge}{table.get('prefix', '')}(?:%s){after}"
    return Grammar(
        table["place"],
        spaced,
        re.compile(f"^{links}"),
        re.compile(rf"{edge}{links}(?:{pieces}){after}(?:{joiner}{inner}(?:{pieces}){after}){{0,8}}"),
        re.compile(verb % any_piece(table["content"])),
        re.compile(verb % any_piece(table["act"])),
        re.compile(table["opens"]) if table["opens"] else None,
        re.compile(table["marker"]) if "marker" in table else None,
        re.compile(rf"{edge}(?:{any_piece(table['pronouns'])}){after}") if table["pronouns"] else None,
        patterns(table.get("according", ())),
        re.compile(table["also"]) if "also" in table else None,
        re.compile(any_piece(table["never"])) if "never" in table else None,
        *(re.compile(table[name]) if name in table else None for name in ("negated", "joined", "gap")),
    )


def _verbs(hidden: str, rules: Grammar) -> list[re.Match[str]]:
    """Return the verbs of saying and of doing by speaking, from left to right, the longer of two at one place first."""
    found = [*rules.content.finditer(hidden), *rules.act.finditer(hidden)]
    none = [] if rules.never is None else [one.span() for one in rules.never.finditer(hidden)]
    verbs = [
        verb
        for verb in found
        if not any(start <= verb.start() < end for start, end in none)
        and (rules.negated is None or rules.negated.search(hidden[: verb.start()]) is None)
    ]
    return sorted(verbs, key=lambda verb: (verb.start(), -verb.end()))


def _before(inside: list[Quotation], stop: int) -> list[Quotation]:
    return [one for one in inside if one.end <= stop]


def _bare(role: str, rules: Grammar) -> str:
    """Return a role without the words and the article before it: "这位部长" and "الوزير" are any minister."""
    return rules.links.sub("", role).removeprefix("ال")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who speaks: the words, the party, where the words end, and what of it was derived."""

    speaker: str
    party: str | None
    end: int
    derived: tuple[str, ...] = ()
    joint: bool = False


@dataclass(slots=True)
class ScriptReader:
    """Reads the paragraphs of one page in order into `findings`."""

    language: str
    page_day: date | None
    findings: Findings = field(default_factory=Findings)
    _last: Subject | None = None
    _said: list[tuple[int, str, DayWord]] = field(default_factory=list)

    def read(self, text: str, paragraph: int) -> None:
        """Read one paragraph."""
        quotations = find_quotations(text)
        quoted: Subject | None = None
        for start, end in split_sentences(text, quotations):
            piece = text[start:end]
            inside = [
                replace(one, start=one.start - start, end=one.end - start)
                for one in quotations
                if start <= one.start and one.end <= end
            ]
            if len(piece) > SENTENCE_CHARACTERS_MAX:
                self.findings.set_aside.append(SetAside(piece, paragraph, "too long to be read as a sentence"))
                continue
            hidden = mask(piece, inside)
            if inside and not re.sub(r"[\x00\W_]+", "", hidden):
                self._emit(piece, paragraph, quoted, inside[0].words(piece), inside[:1], hidden, wholly=True)
                continue
            quoted = self._sentence(piece, hidden, inside, paragraph)

    def _sentence(self, piece: str, hidden: str, inside: list[Quotation], paragraph: int) -> Subject | None:
        rules = grammar(self.language)
        passed_on = self._according(piece, hidden, inside, paragraph)
        if passed_on is not None:
            return passed_on
        verbs = _verbs(hidden, rules)
        if not verbs:
            about = rules.mention.search(hidden)
            self._last = self._last if about is None else self._resolve(about)
            self._unattributed(piece, inside, paragraph)
            return None
        verb = verbs[-1] if rules.place == "marked" else verbs[0]
        subject = self._subject(hidden, verbs)
        if subject is None:
            self._unattributed(piece, inside, paragraph)
            return None
        teller, subject = self._told(hidden, inside, subject)
        said = next(
            (one for one in verbs if inside and rules.content.fullmatch(one[0]) and one.end() <= inside[0].start), verb
        )
        further = None if rules.also is None else rules.also.search(hidden, max(verb.end(), subject.end))
        stop = len(piece) if further is None else further.start()
        words, wholly = self._words(piece[:stop], hidden[:stop], _before(inside, stop), said, subject)
        self._last = subject
        if len(words) >= WORDS_CHARACTERS_MIN:
            self._emit(piece, paragraph, subject, words, inside, hidden[:stop], wholly=wholly, teller=teller)
            self._second_half(piece, hidden, inside, paragraph, subject, words, wholly=wholly)
        if further is not None:
            rest = piece[further.end() :].strip(ENDS)
            lead = hidden[: max(0, piece.find(words))]
            self._emit(piece, paragraph, subject, rest, inside, lead, wholly=False, teller=teller)
        return subject if len(words) >= WORDS_CHARACTERS_MIN else None

    def _second_half(
        self,
        piece: str,
        hidden: str,
        inside: list[Quotation],
        paragraph: int,
        subject: Subject,
        words: str,
        *,
        wholly: bool,
    ) -> None:
        """`"First," the minister said, "second."`: the second quotation is the same speaker's."""
        if not wholly or len(inside) < 2 or inside[0].words(piece) != words:
            return
        last = inside[-1]
        opened = hidden[: last.start].rstrip()[-1:] in "，,：:،、—–"
        if opened and not hidden[last.end :].strip(ENDS):
            self._emit(piece, paragraph, subject, last.words(piece), [last], hidden, wholly=True)

    def _according(self, piece: str, hidden: str, inside: list[Quotation], paragraph: int) -> Subject | None:
        """Emit what is told "according to" somebody, or by an agency that cites somebody; return who it was."""
        rules = grammar(self.language)
        for form in rules.according:
            found = form.search(hidden)
            who = None if found is None else rules.mention.search(found["who"])
            if found is None or who is None:
                continue
            subject = self._resolve(who)
            told = found.groupdict().get("teller")
            teller = None if told is None else Subject(told.strip(), None, 0)
            words = piece[slice(*found.span("words"))].strip(ENDS)
            self._last = subject
            self._emit(piece, paragraph, subject, words, inside, hidden, wholly=False, teller=teller)
            return subject
        return None

    def _unattributed(self, piece: str, inside: list[Quotation], paragraph: int) -> None:
        if any(len(one.words(piece)) >= 2 * WORDS_CHARACTERS_MIN for one in inside):
            self.findings.set_aside.append(SetAside(piece, paragraph, "a quotation without a speaker"))

    # ------------------------------------------------------------ who
    def _subject(self, hidden: str, verbs: list[re.Match[str]]) -> Subject | None:
        rules = grammar(self.language)
        found: re.Match[str] | None = None
        if rules.place == "after":
            found = next(
                (
                    one
                    for verb in verbs
                    if (one := rules.mention.search(hidden, verb.end(), verb.end() + SUBJECT_CHARACTERS_MAX * 2))
                    and one.start() - verb.end() < 3
                ),
                None,
            )
        elif rules.place == "marked":
            found = next(iter(self._marked(hidden)), None)
        elif rules.place == "either":
            found = self._beside(hidden, verbs)
        elif rules.place == "nearest":
            before = [
                one
                for one in rules.mention.finditer(hidden, 0, verbs[0].start())
                if not hidden[: one.start()].endswith(NOT_SUBJECT_BEFORE)
            ]
            found = before[-1] if before else None
            both = None if found is None else self._both(hidden, found)
            if both is not None:
                return both
        else:
            found = rules.mention.match(hidden)
        if rules.place == "after" and found is None:
            found = self._right_before(hidden, verbs[0])
        if found is not None:
            return self._resolve(found)
        pronoun = None if rules.pronoun is None else rules.pronoun.search(hidden, 0, verbs[0].start() + 1)
        if pronoun is None and rules.pronoun is not None and rules.place == "either":
            pronoun = rules.pronoun.match(hidden, verbs[0].end() + 1)  # "..., stressed she"
        again = rules.place == "after" and not hidden[: verbs[0].start()].strip(' «»\x00،.:"“”')
        if (pronoun is not None or again) and self._last is not None:
            end = pronoun.end() if pronoun is not None else verbs[0].end()
            return replace(self._last, end=end, derived=("party", "speaker"))
        return None

    def _right_before(self, hidden: str, verb: re.Match[str]) -> re.Match[str] | None:
        """Return the subject right before a verb behind which it usually stands: "but a source in Bora said"."""
        before = list(grammar(self.language).mention.finditer(hidden, 0, verb.start()))
        return before[-1] if before and not hidden[before[-1].end() : verb.start()].strip() else None

    def _both(self, hidden: str, one: re.Match[str]) -> Subject | None:
        """Return the two who speak together, where another is joined to this one: their words are neither's alone."""
        rules = grammar(self.language)
        joined = None if rules.joined is None else rules.joined.match(hidden, one.end())
        other = None if joined is None else rules.mention.match(hidden, joined.end())
        return None if other is None else Subject(hidden[one.start() : other.end()], None, other.end(), joint=True)

    def _beside(self, hidden: str, verbs: list[re.Match[str]]) -> re.Match[str] | None:
        """Return the subject of the first verb that has one: behind it (`said the minister`), or else before it."""
        rules = grammar(self.language)
        for verb in verbs:
            gap = None if rules.gap is None else rules.gap.match(hidden, verb.end())
            behind = None if gap is None else rules.mention.match(hidden, gap.end())
            if behind is not None:
                return behind
            before = list(rules.mention.finditer(hidden, 0, verb.start()))
            between = hidden[before[-1].end() : verb.start()] if before else ","
            if len(between) <= GAP_CHARACTERS_MAX and not re.search("[,:;.\x00]", between):
                return before[-1]
        return None

    def _marked(self, hidden: str) -> list[re.Match[str]]:
        rules = grammar(self.language)
        marker = rules.marker
        return [one for one in rules.mention.finditer(hidden) if marker is not None and marker.match(hidden, one.end())]

    def _told(self, hidden: str, inside: list[Quotation], subject: Subject) -> tuple[Subject | None, Subject]:
        """Return who tells and who spoke: where two subjects and two verbs stand around one quotation, two do."""
        before = [one for one in self._marked(hidden) if inside and one.end() <= inside[0].start]
        if len(before) < 2 or len(grammar(self.language).content.findall(hidden)) < 2:
            return None, subject
        return subject, self._resolve(before[-1])

    def _resolve(self, found: re.Match[str]) -> Subject:
        rules = grammar(self.language)
        party = gazetteer().first(found[0], spaced=rules.spaced)
        if party is not None:
            return Subject(found[0].removeprefix("的"), party.name, found.end(), ("party",))
        if self._last is not None and _bare(found[0], rules) in self._last.speaker:
            # A role without a party is the one just named, where it can be: "the minister" is the foreign minister.
            return replace(self._last, end=found.end(), derived=("party", "speaker"))
        return Subject(found[0], None, found.end())

    # ------------------------------------------------------------ what
    def _words(
        self, piece: str, hidden: str, inside: list[Quotation], verb: re.Match[str], subject: Subject
    ) -> tuple[str, bool]:
        """Return the words, and whether they are wholly a quotation."""
        rules = grammar(self.language)
        is_content = rules.content.fullmatch(verb[0]) is not None
        if rules.place == "marked":
            if inside and is_content:
                return inside[0].words(piece), True
            start = subject.end + (rules.marker is not None and rules.marker.match(hidden, subject.end) is not None)
            return piece[start:].strip(ENDS), False
        if rules.place == "either":
            return self._words_either(piece, hidden, inside, verb, subject)
        after = (
            max(verb.end(), subject.end if subject.end <= len(hidden) else 0) if rules.place == "after" else verb.end()
        )
        opening = None if rules.opens is None else rules.opens.search(hidden, after)
        if rules.place == "nearest" and opening is not None and opening.start() != verb.end():
            opening = None
        if rules.place == "nearest" and is_content and opening is None and re.match(r"[^\W\d_]", hidden[verb.end() :]):
            return piece[verb.end() :].strip(ENDS), False  # the words follow the verb at once
        if inside and (
            opening is None
            or opening.end() >= inside[0].start
            or hidden[opening.end() : inside[0].start].strip(" :：") == ""
        ):
            return inside[0].words(piece), True
        if is_content:
            return ("", False) if opening is None else (piece[opening.end() :].strip(ENDS), False)
        if rules.place == "first":
            return piece[subject.end :].strip(ENDS), False
        joined = rules.act.fullmatch(verb[0][1:]) is not None  # "and" is written onto the verb: it is not of the words
        return piece[verb.start() + joined :].strip(ENDS), False

    def _words_either(
        self, piece: str, hidden: str, inside: list[Quotation], verb: re.Match[str], subject: Subject
    ) -> tuple[str, bool]:
        """Where the subject stands on either side: words before `said the minister`, or behind `the minister said`."""
        rules = grammar(self.language)
        before = hidden[: verb.start()].rstrip(" ,—–-")
        if subject.end > verb.end() and before:
            quoted = [one for one in inside if one.end <= verb.start()]
            if quoted and not re.sub(r"[\x00\W_]+", "", before):
                return quoted[0].words(piece), True
            return piece[: len(before)].strip(ENDS), False
        if rules.content.fullmatch(verb[0]) is None:
            return piece[verb.start() :].strip(ENDS), False
        opening = None if rules.opens is None else rules.opens.search(hidden, max(verb.end(), subject.end))
        if opening is None:
            return "", False
        words = piece[opening.end() :].strip(ENDS)
        whole = next((one for one in inside if one.words(piece) == words[1:-1].strip(ENDS)), None)
        return (words, False) if whole is None else (whole.words(piece), True)

    def _emit(
        self,
        piece: str,
        paragraph: int,
        subject: Subject | None,
        words: str,
        inside: list[Quotation],
        hidden: str,
        *,
        wholly: bool,
        teller: Subject | None = None,
    ) -> None:
        quoted = (words,) if wholly else tuple(one.words(piece) for one in inside if one.words(piece) in words)
        conditions = details.conditions_of(words)
        days = self._day(hidden, subject, paragraph, self._own_bounds(piece, words))
        party = None if subject is None else subject.party
        self.findings.statements.append(
            Statement(
                None if subject is None else subject.speaker,
                words,
                paragraph,
                DIRECT if teller is None and any(len(one) >= WORDS_CHARACTERS_MIN for one in quoted) else REPORTED,
                piece,
                office=None if subject is None or subject.speaker in gazetteer().words() else subject.speaker,
                party=party,
                quoted=quoted,
                inserted=details.insertions_of(words, wholly_quoted=wholly),
                said=days,
                topic=details.topic_of(words),
                conditions=conditions,
                via=() if teller is None else (teller.speaker,),
                commitment=details.commitment_of(words, party, conditions),
                declined=details.is_declined(words),
                joint=details.is_joint(words) or (subject is not None and subject.joint),
                derived=tuple(sorted({*(subject.derived if subject else ()), *(("said",) if days else ())})),
            )
        )

    def _own_bounds(self, piece: str, words: str) -> tuple[int, int]:
        """Return where words stand in which a day is what is spoken of, not the day of speaking."""
        rules = grammar(self.language)
        own_verb = rules.act.match(words) or (rules.place == "marked" and _verbs(words, rules))
        if own_verb:
            return (0, 0)  # "declined on Monday to comment": the day stands among the words
        start = piece.find(words)
        return start, start + len(words)

    def _day(self, hidden: str, subject: Subject | None, paragraph: int, own: tuple[int, int]) -> DayWord | None:
        if subject is None:
            return None
        here = [word for word in find_days(hidden, self.page_day) if not own[0] <= word.start < own[1]]
        if here:
            self._said.append((paragraph, subject.speaker, here[0]))
            return here[0]
        for earlier, speaker, word in reversed(self._said[-40:]):
            if speaker == subject.speaker and paragraph - earlier <= CARRY_PARAGRAPHS_MAX:
                return replace(word, carried=True)
        return None
