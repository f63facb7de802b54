"""Which phrases every language must have, and with which variables: derived from the catalogue's own files.

Ids derive from codes: `N1-headline`, `N1-sentence`, `field-window`, `value-class-icbm` (an enumeration of one field),
`value-act-fire` (a shared list).  `CODE-field-NAME` is a label for one kind only.  A sentence that depends on a value
is a phrase for each value (`S3-sentence-will_not`), and each act has a phrase of its own for its negation
(`value-act-not-fire`): nothing is ever negated by putting parts together.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from openline.catalogue.kinds import CATALOGUE, Catalogue, Field, Kind
from openline.catalogue.untrusted import TextConcern
from openline.wire.statement import Authority, Precedence, PrincipalApproved, Status

SENTENCE_FIELD = {"S3": "negation", "Q4": "negation", "S7": "willing", "L4": "phase", "P9": "source"}
NEGATION_FIELDS = ("negation", "not_done")
NEGATED = {"will": False, "will_not": True, "would": False, "would_not": True, "do": False, "do_not": True}
ACTS = "act"
NO_UNIT = "FL"  # a flight level is a shape of height of its own, never a quantity

SHAPES: Mapping[str, frozenset[str]] = {
    "certain-value": frozenset({"value", "certainty"}),
    "precise-value": frozenset({"value", "precision"}),
    "window-closed": frozenset({"from", "until"}),
    "window-open": frozenset({"from"}),
    "window-days": frozenset({"from", "until"}),
    "place-circle": frozenset({"centre", "radius"}),
    "place-polygon": frozenset({"corners"}),
    "place-named": frozenset({"name"}),
    "heights": frozenset({"lower", "upper"}),
    "height-reference-msl": frozenset({"height"}),
    "height-reference-flight_level": frozenset({"height"}),
    "azimuth": frozenset({"degrees"}),
    "azimuth-sector": frozenset({"from", "until"}),
    "count-band": frozenset({"lower", "upper"}),
    "count-at_least": frozenset({"number"}),
    "quantity": frozenset({"number", "unit"}),
    "own-text": frozenset({"text"}),
    "act-open": frozenset({"act"}),
}
FIXED = (
    "answer-unknown",
    "answer-withheld",
    "answer-not_stated",
    "answer-none",
    "value-yes_no-yes",
    "value-yes_no-no",
    "precision-hour",
    "precision-day",
    "height-reference-surface",
    "height-reference-unlimited",
    "action-all",
    "mark-data_prevails",
    "mark-back_read",
    "mark-draft",
    "mark-name_as_sent",
    "mark-text_concern",
)
METADATA = (
    "status",
    "sender",
    "authored",
    "precedence",
    "authority",
    "principal",
    "officer",
    "ref",
    "valid_from",
    "valid_until",
    "respond_by",
    "pass_to",
    "action",
    "clearance",
    "force",
)


@dataclass(frozen=True, slots=True)
class Contract:
    """What every language must say.

    phrases    id → variables
    optional   labels for one kind that a language has if the reference language has them
    groups     ids whose phrases must all differ within one language, with a name for each group
    negations  (affirmed, negated) ids: the second must hold more marks of negation than the first
    units      id of a unit's phrase → the catalogue's symbol
    """

    phrases: Mapping[str, frozenset[str]]
    optional: frozenset[str]
    groups: Mapping[str, tuple[str, ...]]
    negations: tuple[tuple[str, str], ...]
    units: Mapping[str, str]


def unit_phrase(symbol: str) -> str:
    """The id of a unit's phrase."""
    return f"unit-{symbol.replace('/', '_').replace('µ', 'u')}"


def value_phrase(field: Field, code: str) -> str:
    """The id of the phrase of an enumeration's value."""
    return f"value-{field.list or ('yes_no' if field.type == 'yes_no' else field.name)}-{code}"


def negated_act_phrase(code: str) -> str:
    """The id of the phrase that says that an act is not done."""
    return f"value-{ACTS}-not-{code}"


def sentence_phrases(kind: Kind) -> list[str]:
    """The ids of a kind's fixed sentences: one, or one for each value of the field it depends on."""
    name = SENTENCE_FIELD.get(kind.code)
    if name is None:
        return [f"{kind.code}-sentence"]
    return [f"{kind.code}-sentence-{code}" for code in kind.by_name[name].values]


def all_fields(kind: Kind) -> Iterator[Field]:
    """Every field of a kind, those of its records included."""
    for field in kind.fields:
        yield field
        yield from field.fields


def contract(catalogue: Catalogue) -> Contract:
    """Return what every language must say for the kinds of a catalogue."""
    kinds = tuple(catalogue.kinds.values())
    symbols = [row["symbol"] for row in tomllib.loads(catalogue.files["units.toml"].decode("utf-8"))["unit"]]
    units = {unit_phrase(symbol): symbol for symbol in symbols if symbol != NO_UNIT}
    lists = tomllib.loads(catalogue.files["lists.toml"].decode("utf-8"))
    acts = tuple(lists[ACTS]["values"])
    values = _value_groups(kinds)
    values["certainty"] = tuple(f"value-certainty-{code}" for code in lists["certainty"]["values"])
    values["acts"] = tuple(phrase for code in acts for phrase in (f"value-{ACTS}-{code}", negated_act_phrase(code)))
    words = _statement_words(kinds)
    headlines = tuple(f"{kind.code}-headline" for kind in kinds)
    sentences = tuple(phrase for kind in kinds for phrase in sentence_phrases(kind))
    labels = {f"field-{field.name}" for kind in kinds for field in all_fields(kind)}
    simple = {*FIXED, *units, *words, *headlines, *sentences, *labels, *(f"meta-{name}" for name in METADATA)}
    simple |= {phrase for group in values.values() for phrase in group}
    simple |= {f"concern-{concern.name}" for concern in TextConcern}
    phrases = {phrase: frozenset[str]() for phrase in sorted(simple)} | dict(SHAPES)
    return Contract(
        phrases=phrases,
        optional=frozenset(f"{kind.code}-field-{field.name}" for kind in kinds for field in all_fields(kind)),
        groups=_groups(values, tuple(units), headlines, sentences, words),
        negations=tuple(_negations(acts)),
        units=units,
    )


@lru_cache(maxsize=1)
def shipped_contract() -> Contract:
    """Return the contract of the catalogue that ships with this package."""
    return contract(CATALOGUE)


def _value_groups(kinds: tuple[Kind, ...]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for kind in kinds:
        for field in all_fields(kind):
            if field.type == "enumeration" and field.list != ACTS:
                groups[f"{kind.code} {field.name}"] = tuple(value_phrase(field, code) for code in field.values)
    return groups


def _statement_words(kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    return (
        *(f"status-{status.name}" for status in Status),
        *(f"precedence-{precedence.name}" for precedence in Precedence),
        *(f"authority-{authority.name}" for authority in Authority),
        *(f"principal-{principal.name}" for principal in PrincipalApproved),
        *(f"force-{force}" for force in sorted({kind.force for kind in kinds})),
    )


def _groups(
    values: Mapping[str, tuple[str, ...]],
    units: tuple[str, ...],
    headlines: tuple[str, ...],
    sentences: tuple[str, ...],
    words: tuple[str, ...],
) -> dict[str, tuple[str, ...]]:
    answers = ("answer-unknown", "answer-withheld", "answer-not_stated", "answer-none")
    replies = ("CANNOT-SAY-headline", "NO-INFORMATION-headline", "TAKEN-TO-LEADERSHIP-headline")
    yes_no = ("value-yes_no-yes", "value-yes_no-no")
    groups = {
        "answers": (*answers, *replies, *yes_no),
        "units": units,
        "headlines": headlines,
        "sentences": sentences,
        "metadata": tuple(f"meta-{name}" for name in METADATA),
        "precision": ("precision-hour", "precision-day"),
    }
    for prefix in ("status", "precedence", "authority", "principal", "force"):
        groups[f"statement {prefix}"] = tuple(word for word in words if word.startswith(f"{prefix}-"))
    return groups | dict(values)


def _negations(acts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for code in acts:
        yield f"value-{ACTS}-{code}", negated_act_phrase(code)
    for yes, no in (("will", "will_not"), ("would", "would_not"), ("do", "do_not")):
        yield f"value-negation-{yes}", f"value-negation-{no}"
    yield "value-negation-will", "value-not_done-will_not"
    yield "value-willing-willing", "value-willing-not_willing"
    yield "S3-sentence-will", "S3-sentence-will_not"
    yield "Q4-sentence-do", "Q4-sentence-do_not"
    yield "S7-sentence-willing", "S7-sentence-not_willing"
    yield "S3-sentence-will", "S4-sentence"
    yield "WILL-DO-sentence", "CANNOT-DO-sentence"
    yield "ACCEPT-sentence", "DECLINE-sentence"
    yield "ACCEPT-sentence", "ACCEPT-WITH-RESERVATION-sentence"
