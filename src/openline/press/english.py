"""Statements in English prose: who said what, directly or in the outlet's words.

Sentence by sentence: `frames` finds the attributions, `voices` says whom they mean, and here the words are given to
them.  A quotation or clause that no attribution reaches is nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from openline.press import details
from openline.press.bounds import (
    Given,
    Sentence,
    end_of_words,
    expectation,
    has_quotation,
    is_parenthetical,
    own_end,
    trimmed,
    words_around,
    words_before,
    words_behind,
)
from openline.press.dates import AHEAD, DayWord, find_days
from openline.press.frames import (
    ACCORDING,
    ACT,
    AND,
    CONDUCT,
    CONTENT,
    DECLINE,
    SENTENCE_CHARACTERS_MAX,
    WITHIN,
    Frame,
    find_frames,
    sentence_subject,
)
from openline.press.mentions import JOINT, PRONOUN, VAGUE, Mention, mention_at
from openline.press.quotations import find_quotations, mask, split_sentences
from openline.press.statement import BY_OUTLET, DIRECT, REPORTED, Findings, SetAside, Statement
from openline.press.tables import WORD, gazetteer, load
from openline.press.voices import Cast, Voice

QUOTED_WORDS_MIN = 2  # in one quotation, for a statement to be direct: one quoted word is a reported statement
SCARE_WORDS_MIN = 4  # of a quotation without a speaker, to be worth showing
CARRY_PARAGRAPHS_MAX = 3  # how long a day stays with the same speaker; with the same party one less
FURTHER_WORDS_MAX = 4  # between an attribution and the second half of its quotation
FURTHER_CIRCUMSTANCE_WORDS_MAX = 14  # the same, where they only say when, where and to whom
CIRCUMSTANCE = re.compile(r"\s(?:in|on|at|to|during|after|before|with|from|through)\s[^.;:!?]*,\s$")
STATEMENT_OF = re.compile(
    r"\b(?:statement|text|message|reply|response|letter|remarks|words|post|answer)\b"
    r"[^:]{0,20}? (?:from|by|of) (?:the )?"
)
INNER_WORDS_MIN = 5  # of a quotation in which others may be quoted


@dataclass(slots=True)
class Reader:
    """Reads the paragraphs of one English page in order into `findings`."""

    cast: Cast
    page_day: date | None
    joint_document: bool
    findings: Findings = field(default_factory=Findings)
    _said: list[tuple[int, Voice, DayWord]] = field(default_factory=list)
    _open: Voice | None = None  # the speaker of a quotation that runs on into the next paragraph
    _last: Voice | None = None  # the speaker quoted by the sentence before, in this paragraph
    _introduced: Voice | None = None  # whose words the next paragraph is: the one before ended in "she said:"
    _going_on: bool = False  # inside a quotation set off by markup, of which this was not the first paragraph

    def read(self, text: str, paragraph: int, *, set_off: bool = False) -> None:
        """Read one paragraph; `set_off`: the page's markup makes it a quotation."""
        quotations = find_quotations(text)
        voice, self._introduced = self._introduced, None
        alone = not (self._going_on or quotations or find_frames(text, self.cast.people))
        self._going_on = False
        if voice is not None and (set_off or alone):
            self._set_off(text, paragraph, voice)
            self._introduced, self._going_on = (voice, True) if set_off else (None, False)
            return
        self._last, self._open = self._open, None
        self.cast.recent = frozenset()
        for start, end in split_sentences(text, quotations):
            inside = [
                replace(quotation, start=quotation.start - start, end=quotation.end - start)
                for quotation in quotations
                if start <= quotation.start and quotation.end <= end
            ]
            piece = text[start:end]
            hidden = mask(piece, inside)
            self._sentence(Sentence(piece, paragraph, inside, hidden))
            self.cast.recent = gazetteer().all(hidden)
        if quotations and not quotations[-1].closed:
            self._open = self._last
        if text.endswith(":"):
            self._introduced = self._introducing(text[text.rfind(". ") + 1 :].strip())

    def _introducing(self, sentence: str) -> Voice | None:
        """Return whose words follow a colon: `Asked about it, she said:`, `The full statement from the ministry:`."""
        hidden = mask(sentence, find_quotations(sentence))
        spoken = [frame for frame in find_frames(hidden, self.cast.people) if frame.kind in (CONTENT, ACT)]
        subjects = [frame.subject for frame in spoken[-1:]]
        if not spoken:
            subjects = [mention_at(hidden, place.end(), self.cast.people) for place in STATEMENT_OF.finditer(hidden)]
        meant = [self.cast.resolve(subject, hidden) for subject in subjects if subject is not None]
        return meant[-1] if meant else None

    def _set_off(self, text: str, paragraph: int, voice: Voice) -> None:
        """Give a whole paragraph to the speaker whom the one before introduced; that it is quoted is derived."""
        self._emit(Sentence(text, paragraph, [], text), voice, Given(0, len(text), ()))
        said = self.findings.statements[-1]
        derived = tuple(sorted({*said.derived, "form"}))
        self.findings.statements[-1] = replace(said, form=DIRECT, quoted=(said.words,), derived=derived)
        self.cast.hear(voice)

    def _sentence(self, sentence: Sentence) -> None:
        if len(sentence.text) > SENTENCE_CHARACTERS_MAX:
            self._set_aside(sentence, "too long to be read as a sentence")
            return
        if self._is_only_quotation(sentence):
            self._quotation_alone(sentence)
            return
        frames = self._frames(sentence.hidden)
        expected = expectation().search(sentence.hidden)
        if expected is not None and not any(frame.start < expected.start() for frame in frames):
            self._set_aside(sentence, "an expectation")
            frames = []
        self._notice(sentence, frames)
        self.cast.note(sentence.hidden)
        said = len(self.findings.statements)
        self._assign(sentence, [frame for frame in frames if frame.kind != CONDUCT])
        if len(self.findings.statements) == said:
            self._last = None
            self._conduct(sentence, frames)
            self._loose_quotations(sentence)

    def _frames(self, hidden: str) -> list[Frame]:
        """Return the attributions; in a joint document or a readout, "the ministers" are those of both sides."""
        frames = find_frames(hidden, self.cast.people)
        if not self.joint_document:
            return frames
        both = frozenset(load("english")["noun"]["joint_heads"])
        return [
            replace(frame, subject=replace(frame.subject, kind=JOINT, office=None))
            if frame.subject is not None and frame.subject.party is None and frame.subject.head in both
            else frame
            for frame in frames
        ]

    # ------------------------------------------------------------ quotations that stand alone
    @staticmethod
    def _is_only_quotation(sentence: Sentence) -> bool:
        outside = re.sub(r"[\x00\W_]+", "", sentence.hidden)
        return bool(sentence.quotations) and not outside

    def _quotation_alone(self, sentence: Sentence) -> None:
        """A sentence that is one quotation continues the speaker of the sentence before; else it has no speaker."""
        for quotation in sentence.quotations:
            start, end = quotation.inner()
            self._emit(sentence, self._last, Given(start, end, ()))

    def _loose_quotations(self, sentence: Sentence) -> None:
        for quotation in sentence.quotations:
            if len(WORD.findall(quotation.words(sentence.text))) >= SCARE_WORDS_MIN:
                self._set_aside(sentence, "a quotation without a speaker")
                return

    def _set_aside(self, sentence: Sentence, reason: str) -> None:
        self.findings.set_aside.append(SetAside(sentence.text, sentence.paragraph, reason))

    # ------------------------------------------------------------ what the outlet itself tells
    def _notice(self, sentence: Sentence, frames: list[Frame]) -> None:
        """Remember whom the sentence is about, and the day it gives to them."""
        told = frames[0].subject if frames else None
        by_pronoun = told is not None and told.kind == PRONOUN and self.cast.person is not None
        if not frames or (
            frames[0].start > 0 and not by_pronoun
        ):  # "The president, he said, agreed": not the president
            subject = sentence_subject(sentence.hidden, self.cast.people)
            voice = (
                None
                if subject is None or subject.kind in (PRONOUN, VAGUE) or self._is_one_of_two(sentence, subject)
                else self.cast.resolve(subject, sentence.text)
            )
            if voice is not None:
                self.cast.hear(voice)
        if frames or AHEAD.search(sentence.hidden):
            return
        for word in find_days(sentence.hidden, self.page_day):
            clause = max(
                sentence.hidden.rfind(opener, 0, word.start) + len(opener)
                for opener in ("; ", " but ", " while ", ", and ")
            )
            start = clause if clause > 10 else 0
            about = mention_at(sentence.hidden, start, self.cast.people) or sentence_subject(
                sentence.hidden, self.cast.people
            )
            voice = None if about is None else self.cast.resolve(about, sentence.text)
            if voice is not None and word.first == word.last:
                self._said.append((sentence.paragraph, voice, word))

    def _is_one_of_two(self, sentence: Sentence, subject: Mention) -> bool:
        """Tell whether another follows: "Alba's president and the president of Bora sat" is about neither alone."""
        joined = AND.match(sentence.hidden, subject.end)
        return joined is not None and any(
            mention_at(sentence.hidden, start, self.cast.people) is not None
            for start in {joined.end(), subject.end + len(" and ")}
        )

    def _conduct(self, sentence: Sentence, frames: list[Frame]) -> None:
        """Conduct read as a signal: with a hedge it is the outlet's inference, without one its account."""
        signals = [frame for frame in frames if frame.kind == CONDUCT]
        if not signals:
            return
        hedge = details.hedge_of(sentence.hidden)
        if hedge is None:
            self._set_aside(sentence, "the outlet's account")
            return
        self.findings.statements.append(
            Statement(
                None,
                sentence.text,
                sentence.paragraph,
                REPORTED,
                sentence.text,
                topic=details.topic_of(sentence.text),
                hedge=hedge,
                attribution=BY_OUTLET,
            )
        )

    # ------------------------------------------------------------ words to attributions
    def _assign(self, sentence: Sentence, frames: list[Frame]) -> None:
        """Give the words of a sentence to its attributions, from left to right."""
        main = [frame for frame in frames if self._counts(frame)]
        if self._closes(sentence, main, frames):
            return
        covered, outer = 0, None
        for frame in frames:
            if frame.start < covered:
                self._nested(sentence, frame, outer)
                continue
            if frame not in main:
                continue
            if frame.joined == "that" and frame.kind != ACCORDING:
                self._set_aside(sentence, "told of, not said")  # "Rumours that the president had said so were false"
                covered, outer = len(sentence.text), None
                continue
            later = main[main.index(frame) + 1 :]
            voice = self._voice(frame, sentence)
            teller = None if frame.teller is None else self.cast.resolve(frame.teller, sentence.text)
            given = self._given(sentence, frame, later, first=frame is main[0])
            if voice is None or given is None:
                # Words of somebody unknown are still not those of whoever is spoken of in them.
                covered, outer = covered if given is None else max(covered, given.end), None
                continue
            self.cast.hear(voice)
            covered, outer = max(covered, given.end), frame
            if self._through(sentence, frame, frames, voice, given):
                outer = None
                continue
            self._emit(sentence, voice, given, frame=frame, via=teller)
            self._further_quotation(sentence, frame, given, voice, later)

    def _closes(self, sentence: Sentence, main: list[Frame], frames: list[Frame]) -> bool:
        """`Bora told Alba that ..., Alba's ministry said.`: what closes a sentence governs all of it."""
        if len(main) < 2 or main[-1].kind != CONTENT or main[-1].shared or main[-1].teller is not None:
            return False
        last = main[-1]
        left = words_before(sentence, last) if sentence.hidden[: last.start].rstrip().endswith(",") else None
        voice = self._voice(last, sentence)
        if left is None or voice is None or left[0] > main[0].start:
            return False
        self.cast.hear(voice)
        given = Given(*left, days=((last.verb[0], len(sentence.text)),))
        if not self._through(sentence, last, frames, voice, given):
            self._emit(sentence, voice, given, frame=last)
        return True

    def _counts(self, frame: Frame) -> bool:
        """Verbs such as "agreed" count alone only in a joint document: elsewhere they are the outlet's account."""
        if frame.kind != WITHIN:
            return frame.subject is None or frame.subject.kind != JOINT or self.joint_document or frame.kind != ACT
        return self.joint_document and frame.subject is not None and frame.subject.kind == JOINT

    def _voice(self, frame: Frame, sentence: Sentence) -> Voice | None:
        return None if frame.subject is None else self.cast.resolve(frame.subject, sentence.text)

    def _given(self, sentence: Sentence, frame: Frame, later: list[Frame], *, first: bool) -> Given | None:
        """Return the words that belong to an attribution: those before it, or else those behind it."""
        if frame.kind == ACCORDING:
            return words_around(sentence, frame)
        left = words_before(sentence, frame) if first else None
        if left is None and first and frame.kind == CONTENT and is_parenthetical(sentence, frame):
            return Given(0, trimmed(sentence.text, 0, len(sentence.text)), days=((frame.verb[0], frame.end),))
        lead_end, words_start = words_behind(sentence, frame)
        end = end_of_words(sentence, frame, later, words_start)
        if left is not None:
            comma = sentence.hidden.find(",", frame.end)
            return Given(*left, days=((frame.verb[0], comma if comma > 0 else len(sentence.text)),))
        introduces = re.match(r"\s?[:,]\s?[\"“‘'«]", sentence.text[frame.end : frame.end + 4])
        if frame.kind in (ACT, WITHIN, DECLINE) and introduces is None:
            words_start, lead_end = frame.verb[0], frame.verb[1] + 24
        if len(WORD.findall(sentence.text[words_start:end])) < 2 and not has_quotation(sentence, words_start, end):
            return None
        before = (0, frame.start) if first and frame.start <= 60 else (frame.start, frame.start)
        return Given(words_start, end, days=(before, (frame.verb[0], lead_end)))

    def _further_quotation(
        self, sentence: Sentence, frame: Frame, given: Given, voice: Voice, later: list[Frame]
    ) -> None:
        """`"First," the minister said in the evening, "second."`: the second quotation is the same speaker's."""
        if given.start >= frame.start or frame.teller is not None:
            return
        for quotation in sentence.quotations:
            if any(frame.end <= following.start < quotation.start for following in later):
                return  # `..., she said, adding: "..."`: that quotation is the later verb's
            between = sentence.hidden[frame.end : quotation.start]
            near = FURTHER_CIRCUMSTANCE_WORDS_MAX if CIRCUMSTANCE.match(between) else FURTHER_WORDS_MAX
            if quotation.start >= frame.end and len(WORD.findall(between)) <= near:
                start, end = quotation.inner()
                self._emit(sentence, voice, Given(start, end, given.days))

    # ------------------------------------------------------------ statements inside statements
    def _through(self, sentence: Sentence, frame: Frame, frames: list[Frame], voice: Voice, given: Given) -> bool:
        """Emit "he said the president endorsed it" as the president's, through him; tell whether that was all of it."""
        if frame.kind not in (ACCORDING, CONTENT):
            return False
        for inner in frames:
            if inner is frame or inner.kind not in (CONTENT, ACT, WITHIN) or inner.shared or inner.start != given.start:
                continue
            whose = self._other(inner, sentence, voice)
            if whose is None:
                continue
            start = inner.verb[0] if inner.kind != CONTENT else words_behind(sentence, inner)[1]
            end = own_end(sentence.text, start, given.end)
            if end < given.end:  # the words go on in the first voice: both are proposed
                self._emit(sentence, voice, given, frame=frame)
            self._emit(sentence, whose, Given(start, end, ()), frame=inner, via=voice)
            return True
        return False

    def _other(self, inner: Frame, sentence: Sentence, voice: Voice) -> Voice | None:
        """Return the second voice when it is another's than the first; both sides together are the first's words."""
        if inner.subject is None or inner.subject.kind in (PRONOUN, JOINT, VAGUE):
            return None
        whose = self.cast.resolve(inner.subject, sentence.text)
        return None if whose is None or whose.speaker == voice.speaker else whose

    def _nested(self, sentence: Sentence, inner: Frame, outer: Frame | None) -> None:
        """Emit what another is said to have said inside words already given: "and that the president supported it"."""
        if (
            outer is None
            or outer.kind not in (CONTENT, ACCORDING)
            or inner.shared
            or inner.joined not in ("that", "and")
        ):
            return
        voice = self._voice(outer, sentence)
        whose = None if voice is None else self._other(inner, sentence, voice)
        if voice is None or whose is None:
            return
        start = inner.verb[0] if inner.kind != CONTENT else words_behind(sentence, inner)[1]
        end = end_of_words(sentence, inner, [], start)
        self._emit(sentence, whose, Given(start, end, ()), frame=inner, via=voice)

    def read_inside(self, words: str, paragraph: int, via: Voice) -> None:
        """Read another's statement out of quoted words: "As the secretary himself has said, this must ..."."""
        for start, end in split_sentences(words, []):
            piece = words[start:end]
            if len(WORD.findall(piece)) < INNER_WORDS_MIN or len(piece) > SENTENCE_CHARACTERS_MAX:
                continue
            whole = piece
            as_said = piece.startswith("As ")
            piece = piece.removeprefix("As ")
            sentence = Sentence(piece, paragraph, [], piece, whole)
            frames = [
                frame
                for frame in find_frames(piece, self.cast.people)
                if frame.kind in (CONTENT, ACT)
                and frame.subject is not None
                and not frame.inverted
                and frame.start == 0
            ]
            for frame in frames[:1]:
                whose = self._other(frame, sentence, via)
                given = self._inside(sentence, frame, as_said=as_said)
                if whose is not None and given is not None:
                    own = replace(given, end=own_end(piece, given.start, given.end))
                    self._emit(sentence, whose, own, frame=frame, via=via)

    def _inside(self, sentence: Sentence, frame: Frame, *, as_said: bool) -> Given | None:
        if as_said:
            comma = sentence.text.find(", ", frame.end)
            return None if comma < 0 else Given(comma + 2, trimmed(sentence.text, comma + 2, len(sentence.text)), ())
        return self._given(sentence, frame, [], first=True)

    # ------------------------------------------------------------ one statement
    def _emit(
        self,
        sentence: Sentence,
        voice: Voice | None,
        given: Given,
        *,
        frame: Frame | None = None,
        via: Voice | None = None,
    ) -> None:
        start, end = given.start, given.end
        whole = next((q for q in sentence.quotations if q.start <= start and end <= q.end), None)
        inside = [q for q in sentence.quotations if start <= q.start and q.end <= end]
        wholly = whole is not None
        words = whole.words(sentence.text) if whole is not None else sentence.text[start:end].strip().rstrip(",")
        if not words:
            return
        quoted = (words,) if wholly else tuple(q.words(sentence.text) for q in inside)
        direct = any(len(WORD.findall(quotation)) >= QUOTED_WORDS_MIN for quotation in quoted) or (
            wholly and bool(quoted)
        )
        declined = (frame is not None and frame.kind == DECLINE) or details.is_declined(words)
        conditions = details.conditions_of(words)
        party = None if voice is None else voice.party
        days = None if via is not None and not given.days else self._day(sentence, voice, given)
        derived = (
            set(voice.derived if voice is not None else ())
            | ({"party"} if party else set())
            | ({"said"} if days else set())
        )
        outside = sentence.hidden[:start] + sentence.hidden[end:]
        statement = Statement(
            None if voice is None else voice.speaker,
            words,
            sentence.paragraph,
            DIRECT if direct and via is None else REPORTED,
            sentence.whole or sentence.text,
            office=None if voice is None else voice.office,
            party=party,
            named=voice is not None and voice.named,
            quoted=quoted,
            inserted=details.insertions_of(words, wholly_quoted=wholly),
            said=days,
            topic=details.topic_of(words),
            conditions=conditions,
            commitment=details.commitment_of(words, party, conditions),
            via=() if via is None else (via.speaker,),
            hedge=details.hedge_of(outside if wholly or frame is None else sentence.hidden[: frame.verb[1]]),
            declined=declined,
            joint=self._is_joint(voice, words, frame),
            derived=tuple(sorted(derived)),
        )
        self.findings.statements.append(statement)
        if voice is not None and via is None:
            self._last = voice if quoted else self._last
            if wholly:
                self.read_inside(words, sentence.paragraph, voice)

    def _is_joint(self, voice: Voice | None, words: str, frame: Frame | None) -> bool:
        """Both sides: they speak themselves, or the words say that they agreed."""
        if voice is not None and voice.joint:
            return True
        opening = mention_at(words, 0, self.cast.people) if frame is not None and frame.kind != DECLINE else None
        if opening is None:
            return False
        rest = words[opening.end : opening.end + 40]
        agreed = re.match(
            r"(?: (?:have|had|has|also|both|now))* (?:agreed?|reaffirmed|accepted|undertook|undertake)\b", rest
        )
        if agreed is None:
            return False
        if opening.kind == JOINT:
            self.cast.both = Voice(opening.text, JOINT)
            return True
        return opening.text.lower() == "they" and self.cast.both is not None

    def _day(self, sentence: Sentence, voice: Voice | None, given: Given) -> DayWord | None:
        """Return the day on which it was said: beside the verb, or carried from the same speaker or party."""
        if voice is None:
            return None
        days = find_days(sentence.hidden, self.page_day)
        for first, last in reversed(given.days):
            here = next(
                (
                    word
                    for word in days
                    if first <= word.start < last
                    and not (given.start <= word.start < given.end and first < given.start)
                ),
                None,
            )
            if here is not None:
                self._said.append((sentence.paragraph, voice, here))
                return here
        for paragraph, who, word in reversed(self._said[-40:]):
            distance = sentence.paragraph - paragraph
            same = who.speaker == voice.speaker
            if (same and distance <= CARRY_PARAGRAPHS_MAX) or (
                voice.party and who.party == voice.party and distance < CARRY_PARAGRAPHS_MAX
            ):
                carried = replace(word, carried=True)
                self._said.append((sentence.paragraph, voice, word))
                return carried
        return None
