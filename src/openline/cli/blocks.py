"""What a person reads at the terminal: messages as blocks of rows, each row with the message's status before it.

A drill must never be taken for earnest, however the screen is cropped: so EXERCISE stands in every row, and rows are
wrapped to the terminal's width with the word repeated.
"""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from openline.cli.answers import clean

STATUSES = ("stored", "presented", "acknowledged", "passed_on", "answered")
ID_SHOWN = 16  # digits of an id in a list: enough to type, and to tell any two messages of a line apart
WIDE = 2  # cells of a Far Eastern character
RIGHT_TO_LEFT, CLOSE_ISOLATE = "\u2067", "\u2069"
OPEN_ISOLATE = "\u2066\u2067\u2068"
WIDTH_MIN = 40  # narrower than that, the terminal wraps by itself
MINUTES_OF_HOUR = 60


CAME = {"in-person": "in person", "telephone": "by telephone", "writing": "in writing"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language of the words, the parties' names in it, and each party's stated minutes against UTC.

    terms   of each line: our party's code, whether its charter accepts unreviewed wording, and its glossary's text
    """

    language: str = "en"
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    local: Mapping[str, int] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Mapping[str, Any], language: str) -> Reader:
        """Return the reader that an answer of the station describes."""
        return cls(language, found.get("names", {}), found.get("local", {}), found.get("terms", {}))

    def accepts_unreviewed(self, line: str) -> bool:
        """Return whether the charter of a line accepts wording that nobody has reviewed, for ACTUAL."""
        return bool(self.terms.get(line, {}).get("accepts_unreviewed", False))


NOBODY = Reader()


def width() -> int | None:
    """Return how wide a row may be: the terminal's columns; None where nobody looks, so that scripts get whole rows."""
    return max(WIDTH_MIN, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


def utc(moment: str | None) -> str:
    """Return a time of an answer, "2026-03-04T05:06:07Z", as it is shown: "2026-03-04 05:06:07 UTC"."""
    return "never" if not moment else moment.replace("T", " ").removesuffix("Z") + " UTC"


def clock(moment: str, minutes: int) -> str:
    """Return a time of an answer on a wall clock that stands so many minutes against UTC: "03-04 13:36 +08:30"."""
    hours, rest = divmod(abs(minutes), MINUTES_OF_HOUR)
    there = datetime.fromisoformat(moment) + timedelta(minutes=minutes)
    return f"{there:%m-%d %H:%M} {'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def wrap(prefix: str, row: str, columns: int | None, indent: str = "  ") -> list[str]:
    """Return a row behind its prefix in as many lines as it needs, each with the prefix."""
    if columns is None or cells(prefix + row) <= columns:
        return [prefix + row]
    spaces = row[: len(row) - len(row.lstrip())]
    return [prefix + part for part in _isolated(_broken(row, max(8, columns - cells(prefix)), spaces + indent))]


def wrap_rendered(text: str, columns: int | None) -> str:
    """Return a rendering in lines no wider than the terminal, each with the mark of its status and its direction."""
    rows = []
    for line in text.split("\n"):
        begin, end = (line[0], line[-1]) if line and line[0] in OPEN_ISOLATE else ("", "")
        inner = line[len(begin) : len(line) - len(end)]
        mark, bracket, _ = inner.partition("] ")
        prefix = mark + bracket if bracket and inner.startswith("[") else ""
        rows += [begin + part + end for part in wrap(prefix, inner[len(prefix) :], columns)]
    return "\n".join(rows)


def _broken(row: str, room: int, indent: str) -> Iterator[str]:
    """Yield a row in parts of at most `room` cells: broken after a space or beside a wide character, else anywhere."""
    part, beginning, taken, last = "", 0, 0, 0
    for character in row:
        wide = _cells_of(character)
        if wide == WIDE:
            last = len(part)
        if taken + wide > room and len(part) > beginning:
            cut = last if last > beginning else len(part)
            yield part[:cut].rstrip(" ")
            part, beginning, last = indent + part[cut:], len(indent), 0
            taken = cells(part)
            if character == " " and len(part) == beginning:
                continue
        part, taken = part + character, taken + wide
        if character == " " or wide == WIDE:
            last = len(part)
    if part.strip():
        yield part.rstrip(" ")


def _isolated(parts: Iterable[str]) -> Iterator[str]:
    """Yield parts of one row so that each closes every isolate of direction that it opens, and the next reopens it."""
    still_open: list[str] = []
    for part in parts:
        begun = "".join(still_open)
        for character in part:
            if character in OPEN_ISOLATE:
                still_open.append(character)
            elif character == CLOSE_ISOLATE and still_open:
                still_open.pop()
        yield begun + part + CLOSE_ISOLATE * len(still_open)


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: two for a wide character, none for a mark upon another."""
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return WIDE
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1


def block(
    message: Mapping[str, Any], reader: Reader = NOBODY, columns: int | None = None, *, whole: bool = False
) -> str:
    """Return a message as a block: headline, fields, statuses.  whole: with its whole id and everything around it."""
    prefix = f"{message['exercise']:8}  "
    lines = wrap(prefix, _headline(message), columns)
    for row in _rows(message, reader, whole=whole):
        lines += wrap(prefix, "  " + row, columns)
    return "\n".join(lines)


def _headline(message: Mapping[str, Any]) -> str:
    officer = f", officer {message['officer']}" if message.get("officer") else ""
    name = _kind_name(message["kind"])
    sender = message.get("from") or f"drafted by officer {message.get('drafted_by') or '(not stated)'}"
    return f"{message['precedence']}  {message['kind']}{name}  {sender}{officer}"


def _kind_name(code: str) -> str:
    from openline.catalogue.kinds import CATALOGUE, CatalogueError

    try:
        name = CATALOGUE.kind(code).name
    except CatalogueError:
        return ""
    return "" if name.replace(" ", "-").upper() == code else f" {name}"


def _rows(message: Mapping[str, Any], reader: Reader, *, whole: bool) -> Iterator[str]:
    there = "".join(
        f" · {name} {clock(message['authored'], minutes)}" for name, minutes in sorted(reader.local.items())
    )
    yield f"said {utc(message['authored'])}{there}"
    yield f"id {message['id'] if whole else message['id'][:ID_SHOWN]}" + (
        f"  place {message['seq']} of generation {message['generation']}" if "seq" in message else ""
    )
    if "refused" in message:
        yield f"REFUSED by rule {message['refused']['rule']}, not shown as said: {clean(message['refused']['reason'])}"
    if "unreadable" in message:
        yield f"UNREADABLE under the catalogue in force: {clean(message['unreadable'])}"
    yield from _around(message, whole=whole)
    yield from fields_of(message, reader)
    yield from translation_of(message)
    for name in STATUSES:
        marks = message.get("status", {}).get(name, [])
        if marks:
            yield f"{name.replace('_', ' ')}: " + " · ".join(_mark(mark) for mark in marks)
    for thread in message.get("dialogues", []):
        due = f", due {utc(thread['due'])}" if thread.get("due") else ""
        yield f"dialogue with {thread['with']}: {thread['state']}{due}"


def _around(message: Mapping[str, Any], *, whole: bool) -> Iterator[str]:
    """Yield what stands around the fields: what it is about, who owes a reply and until when."""
    if message.get("ref"):
        yield f"about {message['ref'] if whole else message['ref'][:ID_SHOWN]}"
    if message.get("standing") not in (None, "", "CURRENT"):
        yield f"{message['standing']} by its author since: look for what came later about it"
    if message.get("counts_for_nothing"):
        yield f"COUNTS FOR NOTHING: {clean(message['counts_for_nothing'])}"
    if message.get("late"):
        yield f"LATE by {message['late']} s: stored or shown after its time"
    for other in message.get("crossed", []):
        yield f"CROSSED with {other if whole else other[:ID_SHOWN]}: neither answers the other"
    if message.get("reminder"):
        yield f"your reminder {utc(message['reminder'])}"
    if message.get("action"):
        yield f"for action by {', '.join(message['action'])}"
    if message.get("pass_to"):
        yield f"to be passed on to {clean(str(message['pass_to']))}"
    if message.get("respond_by"):
        yield f"answer due {utc(message['respond_by'])}"
    if message.get("valid_from") or message.get("valid_until"):
        yield f"valid from {utc(message.get('valid_from'))} until {utc(message.get('valid_until'))}"
    yield from _authority(message, whole=whole)
    if message.get("approved_by"):
        yield "approved by " + ", ".join(f"officer {number}" for number in message["approved_by"])


def _authority(message: Mapping[str, Any], *, whole: bool) -> Iterator[str]:
    """Yield on whose authority it is, and whether the principal approved: both as its sender states it, signed."""
    authority, approved = message["authority"], message["principal"]
    if whole or authority != "DUTY_OFFICER" or approved != "NOT_STATED":
        words = approved.replace("_", " ").lower()
        yield f"authority {authority.replace('_', ' ').lower()}; approved by the principal: {words}"
    for note in message.get("principal_came", []):
        yield (
            f"the principal's approval came {CAME[note['means']]}, {utc(note['time'])}, noted by officer "
            f"{note['officer']}; kept here only"
        )


def fields_of(message: Mapping[str, Any], reader: Reader = NOBODY) -> Iterator[str]:
    """Yield a row for each field, in the reader's words where the message came with its bytes."""
    if "entry" in message and message["fields"]:
        from openline.catalogue.rendering import WordingBroken

        try:
            rows = list(_in_words(message, reader))
        except WordingBroken as broken:  # and the next message is shown all the same
            yield f"note: {broken.message}: the data stand here instead"
        else:
            yield from _spoken(rows, reader)
            return
    for name, value in message["fields"].items():
        yield f"{name}: {clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}"


def _spoken(rows: Iterable[tuple[str, str, list[str]]], reader: Reader) -> Iterator[str]:
    begin, end = (RIGHT_TO_LEFT, CLOSE_ISOLATE) if _right_to_left(reader.language) else ("", "")
    for label, value, moments in rows:
        yield f"{begin}{label}: {value}{end}"  # the prefix before it runs left to right: the row must not follow it
        for name, minutes in sorted(reader.local.items()):
            yield from (f"  {name} {clock(moment, minutes)}" for moment in moments)


def _right_to_left(tag: str) -> bool:
    from openline.catalogue.rendering.languages import words

    return words(tag).language.right_to_left


def translation_of(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield how far a person here has put the sender's own words into this watch's language, and that person's words.

    They are as little to be trusted as anybody's: shown with nothing hidden, and marked as neither the sender's nor a
    machine's.
    """
    found = message.get("translation")
    if found is None:
        return
    waits = f" for {in_minutes(found['waiting_s'])}" if found["waiting_s"] is not None else ""
    due = f"; due {utc(found['due'])}" if found["due"] else ""
    late = ", OVERDUE" if found["overdue"] else ""
    identity = message["id"][:8]
    if found["state"] == "UNTRANSLATED":
        yield f"UNTRANSLATED{waits}{late}{due}: their own words; a person translates: openline translate {identity}"
        return
    first = f"by officer {found['sight_officer']}"
    if found["state"] == "SIGHT":
        yield f"SIGHT translation {first}, {utc(found['at'])}, not checked; the official one is open{waits}{late}{due}"
    else:
        yield f"OFFICIAL translation {first}, checked by officer {found['officer']}, {utc(found['at'])}"
    yield from (f"translated by a person here: {row}" for row in shown_text(found["text"]))


def in_minutes(seconds: int) -> str:
    """Return a waiting time as "5 min" or "3 h 5 min"."""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def shown_text(text: str) -> Iterator[str]:
    """Yield a text's lines, each character made visible, and what a reader could not have seen in it."""
    from openline.catalogue.untrusted import findings, visible_lines

    yield from visible_lines(text)
    for found in findings(text):
        yield f"! {found.extract}: {found.concern.value}"


def _in_words(message: Mapping[str, Any], reader: Reader) -> Iterator[tuple[str, str, list[str]]]:
    """Yield label, value and times of each row of the content, in the words of the reader's language."""
    from openline.catalogue.kinds import CATALOGUE
    from openline.catalogue.rendering import REFERENCE, Metadata, UnreviewedWording, render
    from openline.wire.entry import decode_entry
    from openline.wire.statement import Option

    statement = decode_entry(bytes.fromhex(message["entry"])).statement
    kind, body, names = CATALOGUE.kind(statement.kind), statement.body, glossary(reader, message.get("line", ""))
    accepts = reader.accepts_unreviewed(message.get("line", ""))
    named = statement.options.get(Option.ACTION)
    parties = dict(zip(named, message["action"], strict=True)) if isinstance(named, list) else {}
    about = Metadata.of(statement, message["from"].rpartition("-")[0], parties, accepts_unreviewed=accepts)
    try:
        rendered = render(kind, body, about, reader.language, names)
    except UnreviewedWording as refused:
        yield "note", f"{refused.message}: shown in {REFERENCE}", []
        rendered = render(kind, body, about, REFERENCE, names)
    for mark in rendered.marks[1:]:  # the first, that data prevail, stands on every rendering
        yield "note", mark, []
    for row in rendered.rows:
        if not row.path.startswith("meta."):
            for part in row.value.split("\n"):
                yield row.label, part, [moment_text(moment) for moment in row.moments]
    for caution in rendered.cautions:
        yield "! " + caution.extract, caution.meaning, []


def glossary(reader: Reader, line: str) -> Any:
    """Return the names of a line: of its charter's glossary, as our party reads it, and of its members.

    A name that neither has is shown as it was sent, with a note.
    """
    from openline.catalogue.rendering import EMPTY, GlossaryBroken, load_glossary

    terms = reader.terms.get(line, {})
    text = terms.get("glossary")
    try:
        found = EMPTY if text is None else load_glossary(text.encode()).read_by(terms["own"])
    except GlossaryBroken:
        found = EMPTY  # signed, and yet unreadable: nothing is guessed, and no message is hidden for it
    return found.with_parties(reader.names)


def moment_text(moment: int) -> str:
    """Return UTC seconds in the form of an answer's times."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mark(mark: Mapping[str, Any]) -> str:
    words = f" {clean(mark['words'])}" if mark.get("words") else ""
    signer = "" if mark["signer"] == mark["station"] else f" {mark['signer']}"
    return f"{mark['station']}{signer} {mark['time'][11:19]}{words}"
