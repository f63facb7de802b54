"""What every officer reads, in every language, is what the data says."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.catalogue.kinds import CATALOGUE, CatalogueError, Kind, body_from_json, read_body
from openline.catalogue.kinds.errors import WrongField
from openline.catalogue.kinds.values import Json, Many
from openline.catalogue.rendering import (
    EMPTY,
    REFERENCE,
    Language,
    Metadata,
    Rendered,
    UnknownLanguage,
    UnreviewedWording,
    facts_in,
    languages,
    render,
    sample_glossary,
)
from openline.catalogue.untrusted import FSI, LRI, PDI, RLI, is_hidden, without_isolates
from openline.wire.statement import Authority, Option, Precedence, PrincipalApproved, Statement, Status
from tests.catalogue.rendering.expected import expected_facts
from tests.catalogue.rendering.samples import samples

TAGS = [language.tag for language in languages()]
GLOSSARY = sample_glossary()
WRITTEN = 1_772_600_760  # 2026-03-04 05:06 UTC


def shown(code: str, fields: dict[str, Json], language: str = "en", status: Status = Status.ACTUAL) -> Rendered:
    kind = CATALOGUE.kind(code)
    metadata = Metadata("alba", WRITTEN, status=status)
    return render(kind, body_from_json(kind, fields), metadata, language, GLOSSARY)


def content(rendered: Rendered) -> str:
    """The values of the message's own fields, without labels and without what stands round every message."""
    return "\n".join(row.value for row in rendered.rows if not row.path.startswith(("meta.", "not_stated")))


def value_of(rendered: Rendered, path: str) -> str:
    (value,) = (row.value for row in rendered.rows if row.path == path)
    return value


INTENT: dict[str, Json] = {
    "actor": "bora",
    "act": "fire",
    "negation": "will_not",
    "period": "2026-03-04T05:06Z/2026-03-05T05:06Z",
}


@pytest.mark.parametrize("kind", CATALOGUE.kinds.values(), ids=lambda kind: kind.code)
def test_digits_coordinates_times_and_negation_come_back_out_of_every_rendering(kind: Kind) -> None:
    for body in samples(kind):
        expected = expected_facts(kind, read_body(kind, body))
        for tag in TAGS:
            rendered = render(kind, body, Metadata("alba", WRITTEN), tag, GLOSSARY)
            assert facts_in(content(rendered), tag) == expected, (tag, rendered.text())


@pytest.mark.parametrize("kind", CATALOGUE.kinds.values(), ids=lambda kind: kind.code)
def test_every_language_shows_the_same_rows_in_the_same_order(kind: Kind) -> None:
    body = next(samples(kind))
    tables = [render(kind, body, Metadata("alba", WRITTEN), tag, GLOSSARY) for tag in TAGS]
    assert {tuple(row.path for row in table.rows) for table in tables} == {tuple(row.path for row in tables[0].rows)}
    assert len({table.headline for table in tables}) > 1


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
@pytest.mark.parametrize("tag", TAGS)
def test_a_drill_is_marked_in_every_line_and_every_object(tag: str, status: Status) -> None:
    fields: dict[str, Json] = {"language": "en", "text": "first line\nsecond line\n\nfourth"}
    rendered = shown("S6", fields, tag, status=status)
    word = shown("S6", fields, tag, status=status).status
    for line in rendered.text().split("\n"):
        assert line.removeprefix(RLI).startswith(f"[{word}] ")

    def objects(json: Json) -> list[dict[str, Json]]:
        if isinstance(json, dict):
            return [json, *(found for value in json.values() for found in objects(value))]
        return [found for value in json for found in objects(value)] if isinstance(json, list) else []

    assert all(found["status"] == status.name for found in objects(rendered.to_json()))
    assert rendered.drill


@pytest.mark.parametrize("tag", TAGS)
def test_what_counts_says_so_too(tag: str) -> None:
    rendered = shown("YES", {}, tag)
    assert not rendered.drill
    assert rendered.to_json()["status"] == "ACTUAL"
    assert "[" not in rendered.text()


@pytest.mark.parametrize("tag", TAGS)
def test_six_answers_are_six_different_phrases(tag: str) -> None:
    incident = shown("N7", {"type": "UNKNOWN", "time": "2026-03-04", "place": "WITHHELD"}, tag)
    said = {value_of(incident, "type"), value_of(incident, "place")}
    said |= {row.label for row in incident.rows if row.path == "not_stated"}
    said |= {shown(code, {}, tag).headline for code in ("CANNOT-SAY", "NO-INFORMATION", "TAKEN-TO-LEADERSHIP")}
    assert len(said) == 6


@pytest.mark.parametrize("tag", TAGS)
def test_an_act_and_its_negation_never_read_alike(tag: str) -> None:
    yes = shown("S3", INTENT | {"negation": "will"}, tag)
    no = shown("S3", INTENT, tag)
    assert facts_in(yes.text(), tag).acts == ("value-act-fire", "value-negation-will")
    assert facts_in(no.text(), tag).acts == ("value-act-not-fire", "value-negation-will_not")
    assert yes.sentence != no.sentence


def test_an_act_quoted_without_its_negation_says_that_the_negation_is_missing() -> None:
    kind = CATALOGUE.kind("Q3")
    body = body_from_json(kind, {"data": {"kind": "S3", "fields": {"act": "fire"}}})
    rendered = render(kind, body, Metadata("alba", WRITTEN), "en", GLOSSARY)
    assert value_of(rendered, "data.act") == "to fire (done or not done: not stated)"


def test_what_is_not_stated_is_named_in_one_row() -> None:
    absent = value_of(shown("N7", {"type": "collision", "time": "2026-03-04T05:06Z"}), "not_stated").split(" · ")
    assert {"Place", "Object", "Carries a weapon", "Cause"} <= set(absent)
    assert not {"Time", "What happened", "Remark in the sender’s words"} & set(absent)


def test_an_empty_list_says_none_and_the_words_for_it() -> None:
    rendered = shown("L3", {"as_of": "2026-03-04T05:06Z", "in_force": []})
    assert value_of(rendered, "in_force") == "NONE"


def test_a_row_for_each_item_and_each_field_of_a_record() -> None:
    fact: Json = {"what": {"value": "object fell", "certainty": "likely"}, "time": "2026-03-04T05:06Z"}
    rendered = shown("S1", {"facts": [fact, {"what": "smoke"}]})
    rows = {row.path: row.label for row in rendered.rows}
    assert rows["facts.1.what"] == "Facts observed 1 / What"
    assert rows["facts.2.what"] == "Facts observed 2 / What"
    assert "(certainty: likely)" in value_of(rendered, "facts.1.what")
    assert value_of(rendered, "facts.1.time") == "2026-03-04 05:06 UTC"


def test_whole_hours_and_whole_days_say_that_they_are_meant_so() -> None:
    hour = shown("STANDBY", {"until": "2026-03-04T05Z"})
    assert value_of(hour, "until") == "2026-03-04 05:00 UTC (precision: to the hour)"
    day = shown("STANDBY", {"until": "2026-03-04"})
    assert value_of(day, "until") == "2026-03-04 UTC (precision: to the day)"


def test_local_times_of_both_sides_stand_beside_utc_and_never_instead() -> None:
    rendered = shown("STANDBY", {"until": "2026-03-04T18:06Z"}, status=Status.EXERCISE)
    lines = without_isolates(rendered.text({"Alba": -570, "Bora": 510})).split("\n")
    at = lines.index("[EXERCISE] Until: 2026-03-04 18:06 UTC")
    assert lines[at + 1 : at + 3] == [
        "[EXERCISE]   Alba: 2026-03-04 08:36 -09:30",
        "[EXERCISE]   Bora: 2026-03-05 02:36 +08:30",
    ]
    assert "+08:30" not in rendered.text()


def test_each_row_names_its_moments_in_order_and_whole_days_are_none() -> None:
    fields: dict[str, Json] = {"state": "closing", "period": "2026-03-04T05:06Z/2026-03-04T06:06Z"}
    rows = {row.path: row.moments for row in shown("L2", fields).rows}
    assert rows["period"] == (WRITTEN, WRITTEN + 3600)
    assert rows["meta.authored"] == (WRITTEN,)
    assert rows["state"] == ()
    days = {row.path: row.moments for row in shown("L2", fields | {"period": "2026-03-04/2026-03-05"}).rows}
    assert days["period"] == ()


def test_a_party_that_the_charter_does_not_name_stands_as_its_number() -> None:
    statement = Statement(
        charter=1, authored=WRITTEN, kind=CATALOGUE.kind("Q1").number, officer=4, options={Option.ACTION: [9]}
    )
    assert Metadata.of(statement, "alba", {}).action == ("9",)


@pytest.mark.parametrize(
    "kind", [kind for kind in CATALOGUE.kinds.values() if kind.example], ids=lambda kind: kind.code
)
def test_the_example_of_every_kind_reads_in_every_language(kind: Kind) -> None:
    body = body_from_json(kind, kind.example)
    for tag in TAGS:
        rendered = render(kind, body, Metadata("alba", WRITTEN), tag, GLOSSARY)
        assert facts_in(content(rendered), tag) == expected_facts(kind, read_body(kind, body))


def test_a_window_without_end_says_that_none_is_stated() -> None:
    rendered = shown("L2", {"state": "suspended", "period": "2026-03-04T05:06Z/.."})
    assert value_of(rendered, "period") == "start: 2026-03-04 05:06 UTC; end: none stated"


def test_everything_round_the_body_has_its_row() -> None:
    statement = Statement(
        charter=1,
        authored=WRITTEN,
        kind=CATALOGUE.kind("Q1").number,
        officer=4,
        precedence=Precedence.FLASH,
        authority=Authority.PRINCIPAL,
        principal=PrincipalApproved.NO,
        options={
            Option.REF: b"\x12" * 20,
            Option.VALIDITY: [WRITTEN, WRITTEN + 60],
            Option.RESPOND_BY: WRITTEN + 120,
            Option.PASS_TO: "Air defence",
            Option.ACTION: [2, 3],
            Option.CLEARANCE: ["Security Council"],
        },
    )
    metadata = Metadata.of(statement, "alba", {2: "bora", 3: "cendra"})
    kind = CATALOGUE.kind("Q1")
    rendered = render(kind, body_from_json(kind, {"statement": "It is so."}), metadata, "en", GLOSSARY)
    shown_rows = {row.path: without_isolates(row.value) for row in rendered.rows if row.path.startswith("meta.")}
    assert shown_rows == {
        "meta.status": "ACTUAL",
        "meta.sender": "Alba",
        "meta.authored": "2026-03-04 05:06 UTC",
        "meta.precedence": "FLASH",
        "meta.force": "question",
        "meta.authority": "principal",
        "meta.principal": "NO, NOT APPROVED",
        "meta.officer": "4",
        "meta.ref": "12" * 20,
        "meta.valid_from": "2026-03-04 05:06 UTC",
        "meta.valid_until": "2026-03-04 05:07 UTC",
        "meta.respond_by": "2026-03-04 05:08 UTC",
        "meta.pass_to": "Air defence",
        "meta.action": "Bora · Cendra",
        "meta.clearance": "Security Council",
    }


def test_a_statement_without_options_has_no_rows_for_them() -> None:
    statement = Statement(charter=1, authored=WRITTEN, kind=CATALOGUE.kind("Q1").number, officer=4)
    metadata = Metadata.of(statement, "alba", {})
    assert metadata == Metadata("alba", WRITTEN, officer=4, accepts_unreviewed=False)


@pytest.mark.parametrize("language", [each for each in languages() if each.unreviewed], ids=lambda each: each.tag)
def test_actual_words_are_not_shown_in_a_wording_that_the_charter_refuses(language: Language) -> None:
    kind = CATALOGUE.kind("Q1")
    body = body_from_json(kind, {"statement": "All is well"})
    real = Metadata("alba", WRITTEN, accepts_unreviewed=False)
    with pytest.raises(UnreviewedWording, match=f"in {language.tag}"):
        render(kind, body, real, language.tag, EMPTY)
    assert render(kind, body, real, REFERENCE, EMPTY).marks
    assert len(render(kind, body, replace(real, accepts_unreviewed=True), language.tag, EMPTY).marks) >= 2
    assert render(kind, body, replace(real, status=Status.EXERCISE), language.tag, EMPTY).drill
    rendered = shown("YES", {})
    assert "meta.action" not in {row.path for row in rendered.rows}  # nobody owes an answer to an answer
    assert value_of(shown("Q1", {"statement": "It is so."}), "meta.action") == "every other member"


def test_each_party_reads_the_sea_by_its_own_name_and_others_by_the_agreed_one() -> None:
    kind = CATALOGUE.kind("S3")
    body = body_from_json(kind, INTENT | {"area": {"name": "middle sea"}})
    names = {
        reader: value_of(render(kind, body, Metadata("bora", WRITTEN), "en", GLOSSARY.read_by(reader)), "area.1")
        for reader in ("alba", "bora", "cendra")
    }
    assert names == {
        "alba": "named place: Sea of Alba",
        "bora": "named place: Western Sea",
        "cendra": "named place: Middle Sea",
    }


def test_a_name_that_no_glossary_holds_stands_as_sent_and_is_marked() -> None:
    kind = CATALOGUE.kind("S3")
    rendered = render(kind, body_from_json(kind, INTENT), Metadata("alba", WRITTEN), "en", EMPTY)
    assert value_of(rendered, "actor") == f"{FSI}bora{PDI}"
    assert any("glossary does not hold it" in mark for mark in rendered.marks)


def test_words_that_mislead_the_eye_are_named_in_the_readers_language() -> None:
    rendered = shown("T1", {"text": "From Boга: meet at 1О:00"}, "ko")
    assert {caution.concern for caution in rendered.cautions} >= {"MIXED_SCRIPTS", "LETTER_IN_NUMBER"}
    assert "한 낱말이 여러 문자 체계의 글자로 쓰임" in rendered.text()
    assert len(rendered.marks) == 3
    cautions = rendered.to_json()["cautions"]
    assert isinstance(cautions, list)
    assert len(cautions) == len(rendered.cautions)


@given(st.text(min_size=1, max_size=60))
def test_no_hidden_character_of_a_sender_stands_raw_in_any_rendering(words: str) -> None:
    kind = CATALOGUE.kind("T1")
    try:
        body = body_from_json(kind, {"text": words})
    except CatalogueError:
        return
    for tag in ("en", "ar"):
        text = render(kind, body, Metadata("alba", WRITTEN), tag, GLOSSARY).text()
        assert not any(is_hidden(c) for c in text if c not in {"\n", FSI, LRI, RLI, PDI})


@pytest.mark.parametrize("tag", TAGS)
def test_every_isolate_that_opens_closes_in_its_own_line(tag: str) -> None:
    for code in ("N1", "S6", "N9"):
        kind = CATALOGUE.kind(code)
        for body in samples(kind):
            for line in render(kind, body, Metadata("alba", WRITTEN), tag, GLOSSARY).text().split("\n"):
                assert len(re.findall(f"[{FSI}{LRI}{RLI}]", line)) == line.count(PDI)


def test_arabic_lines_run_right_to_left_and_keep_numbers_in_order() -> None:
    rendered = shown("STANDBY", {"until": "2026-03-04T05:06Z"}, "ar")
    assert all(line.startswith(RLI) and line.endswith(PDI) for line in rendered.text().split("\n"))
    assert value_of(rendered, "until") == f"{LRI}2026-03-04 05:06 UTC{PDI}"
    assert rendered.to_json()["direction"] == "rtl"


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.tag)
def test_the_reader_sees_that_the_data_prevails_and_who_has_reviewed_the_wording(language: Language) -> None:
    assert len(shown("YES", {}, language.tag).marks) == (2 if language.unreviewed else 1)


def test_a_body_that_its_kind_does_not_allow_is_not_put_into_words() -> None:
    with pytest.raises(WrongField):
        render(CATALOGUE.kind("STANDBY"), {1: "soon"}, Metadata("alba", WRITTEN), "en", GLOSSARY)


def test_a_language_that_nobody_wrote_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownLanguage) as caught:
        shown("YES", {}, "eo")
    assert "ko" in caught.value.hint


@pytest.mark.parametrize("language", [language.tag for language in languages()])
def test_a_text_as_long_as_it_may_be_is_put_into_words_whole(language: str) -> None:
    text = "ж" * 4_000
    assert text in content(shown("T1", {"text": text}, language, Status.TEST))


def test_values_of_a_list_are_shown_one_by_one() -> None:
    kind = CATALOGUE.kind("N10")
    for body in samples(kind):
        values = read_body(kind, body)
        helps = values.get("help")
        if isinstance(helps, Many):
            rendered = render(kind, body, Metadata("alba", WRITTEN), "en", GLOSSARY)
            rows = [row for row in rendered.rows if row.path == "help" or row.path.startswith("help.")]
            assert len(rows) == max(1, len(helps))
