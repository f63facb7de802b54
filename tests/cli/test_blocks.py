"""Blocks on a terminal: every row says that it is a drill, and none is wider than the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.catalogue import rendering as rendering_package
from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.catalogue.rendering import Rendered, WordingBroken, sample_glossary
from openline.cli.blocks import ID_SHOWN, Reader, block, cells, clock, fields_of, glossary, utc, wrap, wrap_rendered
from openline.cli.catalogue import rendering
from openline.wire.cbor import Value
from openline.wire.entry import encode_entry
from openline.wire.statement import Option, Statement, Status, encode_statement

MESSAGE = {
    "id": "7c91" * 16, "line": "ab" * 16, "exercise": "EXERCISE", "from": "alba-1", "officer": 4, "seq": 0,
    "generation": 1, "kind": "N6", "precedence": "FLASH", "authority": "DUTY_OFFICER", "principal": "NOT_STATED",
    "authored": "2026-03-04T23:06:07Z",
    "approved_by": [1, 2], "fields": {"hazard": "live firing", "words": "as they came\u202e \x1b[31m"},
    "ref": "00" * 20, "action": ["bora"], "pass_to": "unit", "respond_by": "2026-03-05T00:00:00Z",
    "valid_from": None, "valid_until": "2026-03-06T00:00:00Z", "standing": "WITHDRAWN",
    "status": {"stored": [{"station": "bora-1", "signer": "bora-1", "time": "2026-03-04T23:06:09Z"}],
               "acknowledged": [{"station": "bora-1", "signer": "officer 2", "time": "2026-03-04T23:07:09Z"}]},
    "dialogues": [{"with": "bora", "state": "OPEN", "due": "2026-03-05T00:00:00Z"}],
}  # fmt: skip


@pytest.mark.parametrize("columns", [40, 80, 120, None])
def test_every_row_carries_the_mark_of_a_drill_and_fits_the_screen(columns: int | None) -> None:
    rows = block(MESSAGE, Reader(local={"bora": 510}), columns, whole=True).splitlines()
    assert all(row.startswith("EXERCISE  ") for row in rows)
    long_words = {MESSAGE["id"], MESSAGE["ref"]}
    if columns is not None:
        whole = [row for row in rows if not any(str(word)[:8] in row for word in long_words)]
        assert max(map(cells, whole)) <= columns


def test_a_block_says_everything_that_stands_around_a_message() -> None:
    text = block(MESSAGE, Reader(local={"bora": 510}), whole=True)
    for part in (
        "FLASH  N6 hazard area  alba-1, officer 4", "said 2026-03-04 23:06:07 UTC · bora 03-05 07:36 +08:30",
        "for action by bora", "to be passed on to unit", "answer due 2026-03-05 00:00:00 UTC",
        "WITHDRAWN by its author",
        "approved by officer 1, officer 2", "stored: bora-1 23:06:09", "acknowledged: bora-1 officer 2 23:07:09",
        "dialogue with bora: OPEN, due", "hazard: live firing",
    ):  # fmt: skip
        assert part in text


def test_what_a_terminal_would_obey_or_hide_is_shown_as_what_it_is() -> None:
    text = block(MESSAGE)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_refused_message_shows_its_reason_and_no_field() -> None:
    text = block({**MESSAGE, "fields": {}, "status": {}, "refused": {"rule": "R42", "reason": "one approval"}})
    assert "REFUSED by rule R42, not shown as said: one approval" in text
    assert "live firing" not in text
    assert "UNREADABLE" in block({**MESSAGE, "fields": {}, "unreadable": "kind 999"})


def test_a_reply_that_counts_for_nothing_says_so() -> None:
    assert "COUNTS FOR NOTHING: YES to N8 takes" in block({**MESSAGE, "counts_for_nothing": "YES to N8 takes two"})


TOML = """
[entry.bora]
type = "party"
names = {en = "Bora"}
[entry.gulf]
type = "sea"
names = {en = "Gulf of Alba"}
of.bora = {en = "Western Gulf"}
"""


def test_names_come_from_the_charter_s_glossary_as_our_party_reads_it() -> None:
    terms: dict[str, dict[str, object]] = {
        "ab": {"own": "bora", "glossary": TOML},
        "cd": {"own": "bora", "glossary": None},
        "ef": {"own": "bora", "glossary": "broken"},
    }
    reader = Reader(names={"alba": {"en": "Alba"}}, terms=terms)
    assert glossary(reader, "ab").name("Gulf of Alba", "en") == "Western Gulf"
    assert glossary(reader, "ab").name("alba", "en") == "Alba", "and parties from the charter"
    for line in ("cd", "ef", "unknown"):
        assert glossary(reader, line).name("Gulf of Alba", "en") is None, "nothing is guessed"


@pytest.mark.parametrize(("names", "noted"), [({"alba": {"en": "Alba"}, "bora": {"en": "Bora"}}, False), ({}, True)])
def test_a_note_on_names_stands_only_where_neither_glossary_nor_charter_has_one(
    names: dict[str, dict[str, str]], noted: bool
) -> None:
    message = an_actual_question(options={Option.ACTION: [2]})
    assert ("note: A name stands as the sender wrote it" in block(message, Reader(names=names))) is noted


def an_actual_question(options: dict[int, Value] | None = None) -> dict[str, object]:
    kind = CATALOGUE.kind("Q1")
    body = body_from_json(kind, {"statement": "All is well"})
    statement = encode_statement(
        Statement(1, 1_772_600_760, kind.number, 4, body, Status.ACTUAL, options=options or {})
    )
    return {**MESSAGE, "exercise": "ACTUAL", "kind": "Q1", "fields": {"statement": "All is well"},
            "entry": encode_entry(0, statement, (), bytes(64)).hex()}  # fmt: skip


def test_unreviewed_wording_for_actual_is_marked_where_the_charter_accepts_it_and_not_used_where_not() -> None:
    line = str(MESSAGE["line"])
    refused = block(an_actual_question(), Reader("fr", terms={line: {"own": "bora", "accepts_unreviewed": False}}))
    assert "note: no native diplomat has reviewed the wording in fr" in refused
    assert "shown in en" in refused
    accepted = block(an_actual_question(), Reader("fr", terms={line: {"own": "bora", "accepts_unreviewed": True}}))
    assert "shown in en" not in accepted
    assert "note: " in accepted, "the mark that nobody has reviewed it stands there"


def test_a_message_for_which_a_language_has_no_words_is_shown_as_data_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> Rendered:
        raise WordingBroken("a phrase is missing", hint="Show the data instead.")

    monkeypatch.setattr(rendering_package, "render", broken)
    shown = block(an_actual_question())
    assert "note: a phrase is missing: the data stand here instead" in shown
    assert "statement: All is well" in shown


def test_fields_that_are_no_text_are_shown_as_data() -> None:
    assert list(fields_of({"fields": {"count": 3, "area": {"corners": []}}})) == ["count: 3", 'area: {"corners": []}']


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "03-04 23:06 +00:00"), (510, "03-05 07:36 +08:30"), (-210, "03-04 19:36 -03:30"), (765, "03-05 11:51 +12:45")],
)
def test_local_time_has_its_own_date(minutes: int, shown: str) -> None:
    assert clock("2026-03-04T23:06:07Z", minutes) == shown


def test_no_time_is_never() -> None:
    assert utc(None) == "never"
    assert utc("2026-03-04T23:06:07Z") == "2026-03-04 23:06:07 UTC"


def balanced(text: str) -> bool:
    """Whether every isolate of direction that opens in a text closes in it, and none closes that did not open."""
    depth = 0
    for character in text:
        depth += 1 if character in "\u2066\u2067\u2068" else -1 if character == "\u2069" else 0
        if depth < 0:
            return False
    return depth == 0


@given(st.text(alphabet="ab 가漢", max_size=200).map(str.strip), st.integers(40, 120))
def test_wrapping_loses_no_word_and_passes_no_edge(text: str, columns: int) -> None:
    rows = wrap("EXERCISE  ", text, columns)
    assert "".join(row.removeprefix("EXERCISE  ") for row in rows).replace(" ", "") == text.replace(" ", "")
    assert all(cells(row) <= columns for row in rows)


@given(st.text(alphabet="ab 가漢ع\u0301\u2066\u2067\u2068\u2069", max_size=200).filter(balanced), st.integers(40, 60))
def test_wrapping_keeps_every_isolate_of_direction_within_its_line(text: str, columns: int) -> None:
    rows = wrap("EXERCISE  ", text, columns)
    assert all(balanced(row) for row in rows)
    assert all(cells(row) <= columns for row in rows)


@pytest.mark.parametrize("tag", ["en", "ko", "ar", "ja", "zh"])
def test_a_rendering_is_marked_in_every_line_of_a_narrow_terminal(tag: str) -> None:
    kind = CATALOGUE.kind("N7")
    body = body_from_json(kind, {"type": "firing", "time": "2026-03-04T05:06:07Z"})
    whole = rendering(kind, body, tag, sample_glossary(), "alba").text()
    narrow = wrap_rendered(whole, 60)
    assert wrap_rendered(whole, None) == whole
    mark = whole.split("]")[0] + "]"
    for row in narrow.split("\n"):
        assert row.startswith(mark)
        assert cells(row) <= 60
        assert balanced(row)
    assert "2026-03-04 05:06:07 UTC" in narrow


def test_an_arabic_row_runs_right_to_left_behind_its_prefix() -> None:
    kind = CATALOGUE.kind("N7")
    body = body_from_json(kind, {"type": "firing", "time": "2026-03-04T05:06:07Z"})
    statement = Statement(1, 1_700_000_000, kind.number, 1, body, Status.EXERCISE)
    entry = encode_entry(0, encode_statement(statement), (), bytes(64)).hex()
    message = {"entry": entry, "fields": {"type": "firing"}, "from": "alba-1"}
    arabic = list(fields_of(message, Reader("ar")))
    assert arabic
    assert all(row.startswith("\u2067") and row.endswith("\u2069") and balanced(row) for row in arabic)
    assert not any(row.startswith("\u2067") for row in fields_of(message, Reader("ko")))


def test_where_nobody_looks_a_row_stays_whole() -> None:
    assert wrap("> ", "x" * 500, None) == ["> " + "x" * 500]


def test_late_crossed_and_our_own_reminder_stand_with_the_message() -> None:
    other = "ab" * 32
    marked = {"late": 75, "crossed": [other], "reminder": "2026-03-04T05:06:07Z"}
    shown = block({**MESSAGE, **marked})
    assert "LATE by 75 s" in shown
    assert f"CROSSED with {other[:ID_SHOWN]}: neither answers the other" in shown
    assert "your reminder 2026-03-04 05:06:07 UTC" in shown
    plain = block(MESSAGE)
    assert not any(word in plain for word in ("LATE", "CROSSED", "reminder"))
