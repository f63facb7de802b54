"""A message in the words of one language: a fixed headline, a table of labels and values, one fixed sentence.

The same data gives the same rows in every language, in the same order.  The status (ACTUAL, EXERCISE, TEST) stands in
every block, every row and every object, so that no cropped picture of a drill can be taken for earnest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openline.catalogue.kinds import Kind, read_body
from openline.catalogue.kinds.values import Choice, FieldValue, Json
from openline.catalogue.rendering.contract import SENTENCE_FIELD
from openline.catalogue.rendering.errors import UnreviewedWording
from openline.catalogue.rendering.glossary import Glossary
from openline.catalogue.rendering.languages import Language, Review, words
from openline.catalogue.rendering.values import SEPARATOR, Speaker, local_time
from openline.catalogue.untrusted import PDI, RLI, TextFinding, isolate_left_to_right
from openline.wire.cbor import Value
from openline.wire.statement import Authority, Body, Option, Precedence, PrincipalApproved, Statement, Status

REFERENCE = "en"  # the language in which the catalogue is written; it is never refused


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a statement says outside its body.  Times are UTC seconds; parties are ids or names of the glossary.

    `action` empty means every other member; `officer` is the officer's number, as states do not hand out names.
    `accepts_unreviewed`: whether wording that no native diplomat has reviewed may be used for ACTUAL; an example that
    is on no line may.
    """

    sender: str
    authored: int
    status: Status = Status.ACTUAL
    precedence: Precedence = Precedence.ROUTINE
    authority: Authority = Authority.DUTY_OFFICER
    principal: PrincipalApproved = PrincipalApproved.NOT_STATED
    officer: int | None = None
    ref: bytes | None = None
    valid_from: int | None = None
    valid_until: int | None = None
    respond_by: int | None = None
    pass_to: str = ""
    action: tuple[str, ...] = ()
    clearance: tuple[str, ...] = ()
    accepts_unreviewed: bool = True

    @classmethod
    def of(
        cls, statement: Statement, sender: str, parties: Mapping[int, str], *, accepts_unreviewed: bool = False
    ) -> Metadata:
        """Return the metadata of a statement; `parties` gives the glossary's id or a name for each party's number.

        accepts_unreviewed: whether the line's charter does; who does not say is refused for ACTUAL.
        """
        options = statement.options
        validity = options.get(Option.VALIDITY)
        begins, ends = validity if isinstance(validity, list) else (None, None)
        respond_by, pass_to = options.get(Option.RESPOND_BY), options.get(Option.PASS_TO)
        action, clearance = options.get(Option.ACTION), options.get(Option.CLEARANCE)
        return cls(
            sender=sender,
            authored=statement.authored,
            status=statement.status,
            precedence=statement.precedence,
            authority=statement.authority,
            principal=statement.principal,
            officer=statement.officer or None,  # 0: the statement names none
            ref=statement.ref,
            valid_from=begins if isinstance(begins, int) else None,
            valid_until=ends if isinstance(ends, int) else None,
            respond_by=respond_by if isinstance(respond_by, int) else None,
            pass_to=pass_to if isinstance(pass_to, str) else "",
            action=tuple(parties.get(n, str(n)) for n in _listed(action) if isinstance(n, int)),
            clearance=tuple(map(str, _listed(clearance))),
            accepts_unreviewed=accepts_unreviewed,
        )


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, ready to be shown.

    path     names the field in the data: `impact_areas.2`, `meta.ref`
    moments  the times in the value, UTC seconds, in their order: local time stands beside them, never instead
    """

    path: str
    label: str
    value: str
    moments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader cannot see in the sender's own words: the extract made visible, and what is wrong with it."""

    concern: str
    extract: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in one language.

    status    the language's word for ACTUAL, EXERCISE or TEST; `drill` is true for anything but ACTUAL
    marks     fixed sentences under the table: what prevails, who reviewed the wording, what to beware of
    cautions  what a reader cannot see in the sender's own words
    """

    kind: str
    language: Language
    status_code: str
    status: str
    headline: str
    rows: tuple[Row, ...]
    sentence: str
    marks: tuple[str, ...]
    cautions: tuple[Caution, ...]

    @property
    def drill(self) -> bool:
        """Whether the words do not count: EXERCISE or TEST."""
        return self.status_code != Status.ACTUAL.name

    def text(self, local: Mapping[str, int] | None = None) -> str:
        """Return the whole as lines of plain text, each of which carries the mark of a drill.

        local: minutes against UTC of each side's clocks, by the side's name; their times then stand under a row's.
        """
        lines = [f"{self.headline} ({self.kind})"]
        for row in self.rows:
            lines += f"{row.label}: {row.value}".split("\n")
            for name, minutes in (local or {}).items():
                lines += [f"  {name}: {isolate_left_to_right(local_time(moment, minutes))}" for moment in row.moments]
        lines += [self.sentence, *self.marks]
        lines += [f"! {caution.extract}: {caution.meaning}" for caution in self.cautions]
        mark = f"[{self.status}] " if self.drill else ""
        if self.language.right_to_left:
            return "\n".join(f"{RLI}{mark}{line}{PDI}" for line in lines)
        return "\n".join(mark + line for line in lines)

    def to_json(self) -> dict[str, Json]:
        """Return the whole as JSON, the status in every object."""
        status: dict[str, Json] = {"status": self.status_code, "status_word": self.status}
        rows: list[Json] = [
            {**status, "path": row.path, "label": row.label, "value": row.value, "moments": list(row.moments)}
            for row in self.rows
        ]
        cautions: list[Json] = [
            {**status, "concern": caution.concern, "extract": caution.extract, "meaning": caution.meaning}
            for caution in self.cautions
        ]
        return {
            **status,
            "kind": self.kind,
            "language": self.language.tag,
            "direction": "rtl" if self.language.right_to_left else "ltr",
            "review": self.language.review.value,
            "headline": self.headline,
            "rows": rows,
            "sentence": self.sentence,
            "marks": list(self.marks),
            "cautions": cautions,
        }


def render(kind: Kind, body: Body, metadata: Metadata, language: str, glossary: Glossary) -> Rendered:
    """Return a message in the words of a language.

    body is the wire body (`body_from_json` makes one of JSON); glossary the charter's, `read_by` the reader's party.
    Raises CatalogueError for a body that the kind does not allow, UnknownLanguage, UnreviewedWording where the line's
    charter refuses the language's wording for ACTUAL, and WordingBroken where the language has no words: then show the
    reference language, or the data.
    """
    values = read_body(kind, body)
    speaker = Speaker(words(language), glossary)
    if metadata.status is Status.ACTUAL and speaker.words.language.unreviewed and not metadata.accepts_unreviewed:
        raise UnreviewedWording(
            f"no native diplomat has reviewed the wording in {language}, and this line's charter refuses it for ACTUAL",
            hint=f"Read it in {REFERENCE}; an amendment of the charter can accept unreviewed wording.",
            language=language,
        )
    rows = [*_about(speaker, kind, metadata), *_content(speaker, kind, values)]
    say = speaker.words.say
    return Rendered(
        kind=kind.code,
        language=speaker.words.language,
        status_code=metadata.status.name,
        status=say(f"status-{metadata.status.name}"),
        headline=say(f"{kind.code}-headline"),
        rows=tuple(rows),
        sentence=say(_sentence(kind, values)),
        marks=tuple(_marks(speaker)),
        cautions=tuple(_caution(speaker, concern) for concern in speaker.concerns),
    )


def _sentence(kind: Kind, values: Mapping[str, FieldValue]) -> str:
    depends = values.get(SENTENCE_FIELD.get(kind.code, ""))
    return f"{kind.code}-sentence-{depends.code}" if isinstance(depends, Choice) else f"{kind.code}-sentence"


def _about(speaker: Speaker, kind: Kind, about: Metadata) -> Iterator[Row]:
    say, technical, time = speaker.words.say, speaker.words.technical, speaker.time
    times = {
        "authored": about.authored,
        "valid_from": about.valid_from,
        "valid_until": about.valid_until,
        "respond_by": about.respond_by,
    }
    owed = SEPARATOR.join(map(speaker.name, about.action)) or say("action-all")
    pairs: list[tuple[str, str | None]] = [
        ("status", say(f"status-{about.status.name}")),
        ("sender", speaker.name(about.sender)),
        ("authored", time(about.authored)),
        ("precedence", say(f"precedence-{about.precedence.name}")),
        ("force", say(f"force-{kind.force}")),
        ("authority", say(f"authority-{about.authority.name}")),
        ("principal", say(f"principal-{about.principal.name}")),
        ("officer", None if about.officer is None else technical(str(about.officer))),
        ("ref", None if about.ref is None else technical(about.ref.hex())),
        ("valid_from", None if about.valid_from is None else time(about.valid_from)),
        ("valid_until", None if about.valid_until is None else time(about.valid_until)),
        ("respond_by", None if about.respond_by is None else time(about.respond_by)),
        ("pass_to", speaker.name(about.pass_to) if about.pass_to else None),
        ("action", owed if kind.response != "N" else None),
        ("clearance", SEPARATOR.join(map(speaker.name, about.clearance)) or None),
    ]
    for name, value in pairs:
        if value is not None:
            moment = times.get(name)
            yield Row(f"meta.{name}", say(f"meta-{name}"), value, () if moment is None else (moment,))
    speaker.take_moments()


def _content(speaker: Speaker, kind: Kind, values: Mapping[str, FieldValue]) -> Iterator[Row]:
    for path, label, value in speaker.rows(kind, values):
        yield Row(path, label, value, speaker.take_moments())
    absent = speaker.absent(kind, values)
    if absent:
        yield Row("not_stated", speaker.words.say("answer-not_stated"), SEPARATOR.join(absent))


def _marks(speaker: Speaker) -> Iterator[str]:
    yield speaker.words.say("mark-data_prevails")
    review = {Review.BACK_READ: "mark-back_read", Review.DRAFT: "mark-draft"}.get(speaker.words.language.review)
    if review is not None:
        yield speaker.words.say(review)
    if speaker.name_as_sent:
        yield speaker.words.say("mark-name_as_sent")
    if speaker.concerns:
        yield speaker.words.say("mark-text_concern")


def _caution(speaker: Speaker, found: TextFinding) -> Caution:
    extract = speaker.words.foreign(found.extract)
    return Caution(found.concern.name, extract, speaker.words.say(f"concern-{found.concern.name}"))
