"""A charter's rules as people write them."""

import tomllib
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.rendering import GlossaryBroken
from openline.charter import Evidence, ResponseTimes, Witness, draft_charter
from openline.engine.meaning import rules_of
from openline.errors import Misuse
from openline.runtime.charter_form import KEYS, TEMPLATE, Form, catalogue_approvals, read_form, standard_rules
from openline.wire.statement import Authority, Precedence, Status
from tests.charter.world import charter

PLACES = b'[entry.gulf-of-alba]\ntype = "sea"\nnames = {en = "Gulf of Alba"}\n'
PLAIN = replace(charter(), rules=standard_rules())
N1 = CATALOGUE.kind("N1").number


def test_the_template_says_what_is_meant_without_it(tmp_path: Path) -> None:
    one_language = replace(
        PLAIN, languages=("en",), members=tuple(replace(one, names=one.names[:1]) for one in PLAIN.members)
    )
    assert Form(TEMPLATE.encode(), tmp_path).fill(PLAIN) == replace(PLAIN, languages=("en",))
    draft_charter(Form(TEMPLATE.encode(), tmp_path).fill(one_language))


def test_the_template_names_every_key() -> None:
    commented = "\n".join(line.removeprefix("# ") for line in TEMPLATE.splitlines() if " = " in line or "[" in line)
    assert set(tomllib.loads(commented)) == set(KEYS)


def test_without_a_form_the_catalogue_says_who_approves() -> None:
    rules = {rule.kind: rule.alternatives for rule in catalogue_approvals()}
    assert rules[N1] == ((Authority.DUTY_OFFICER, Authority.RELEASER),)
    assert list(rules) == sorted(rules)
    assert set(rules) >= {kind.number for kind in CATALOGUE.kinds.values() if kind.approvals}
    draft_charter(PLAIN)


def test_a_fact_of_two_watches_takes_one_officer_each_although_a_proposal_takes_two() -> None:
    rules = rules_of(standard_rules())
    accept, fact = CATALOGUE.kind("ACCEPT").number, CATALOGUE.kind("C4").number
    assert rules.required_approvals(accept, fact) == ()
    ways = rules.required_approvals(accept, CATALOGUE.kind("P1").number)
    assert {frozenset(way) for way in ways} == {
        frozenset({Authority.DELEGATE, Authority.RELEASER}), frozenset({Authority.PRINCIPAL, Authority.RELEASER}),
    }  # fmt: skip


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "glossary.toml").write_bytes(PLACES)
    form = f"""
        languages = ["en", "ko"]
        statuses = ["TEST", "EXERCISE"]
        kinds = ["N1", "T1"]
        check_cadence_s = 1800
        entries_a_minute = 60
        unreviewed_renderings = true
        evidence = "provable"
        [texts]
        ko = "나"
        en = "a"
        [response_times]
        FLASH = [30, 90, 300]
        [deadlines]
        N1 = 86400
        [approvals]
        N1 = [["releaser", "duty"], ["principal"]]
        [[annexes]]
        title = "glossary"
        file = "glossary.toml"
        [[witnesses]]
        name = "witness.example/2"
        type = 6
        key = "{"00" * 1312}"
    """
    filled = Form(form.encode(), tmp_path).fill(PLAIN)
    rules = filled.rules
    assert filled.statuses == (Status.EXERCISE, Status.TEST)
    assert filled.kinds == tuple(sorted(CATALOGUE.kind(code).number for code in ("N1", "T1")))
    assert filled.texts == (("en", "a"), ("ko", "나"))
    assert filled.annexes == (("glossary", sha256(PLACES).digest()),)
    assert (rules.check_cadence_s, rules.entries_a_minute, rules.unreviewed_renderings) == (1800, 60, True)
    assert rules.response_times[Precedence.FLASH] == ResponseTimes(30, 90, 300)
    assert rules.response_times[Precedence.ROUTINE] == PLAIN.rules.response_times[Precedence.ROUTINE]
    assert rules.deadlines == ((N1, 86_400),)
    (rule,) = rules.approvals
    assert rule.alternatives == ((Authority.DUTY_OFFICER, Authority.RELEASER), (Authority.PRINCIPAL,))
    assert rules.witnesses == (Witness("witness.example/2", 6, bytes(1312)),)
    draft_charter(filled)


def test_a_deniable_line_has_no_approvals(tmp_path: Path) -> None:
    filled = Form(b'evidence = "deniable"', tmp_path).fill(PLAIN)
    assert filled.rules.evidence is Evidence.DENIABLE
    draft_charter(filled)


def test_a_line_that_is_deniable_no_more_asks_for_approvals_again(tmp_path: Path) -> None:
    deniable = Form(b'evidence = "deniable"', tmp_path).fill(PLAIN)
    assert Form(b'evidence = "provable"', tmp_path).fill(deniable).rules.approvals == catalogue_approvals()
    stated = Form(b'evidence = "provable"\n[approvals]\nN1 = [["principal"]]', tmp_path).fill(deniable)
    assert [rule.kind for rule in stated.rules.approvals] == [N1]


def test_unknown_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="unknown keys: cadence, langauges"):
        Form(b'langauges = ["en"]\ncadence = 1', tmp_path)


@pytest.mark.parametrize("content", [b"languages = ", b"\xff", b"languages = " + b"[" * 100_000])
def test_what_is_not_toml_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Misuse, match="not TOML"):
        Form(content, tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("languages", '"en"'),
        ("languages", "[1]"),
        ("statuses", '["REAL"]'),
        ("kinds", '["N99"]'),
        ("texts", '{ en = "only one" }'),
        ("texts", '{ en = "a", ko = "b", fr = "left out in silence" }'),
        ("texts", '"text"'),
        ("annexes", '[{ title = "no file" }]'),
        ("annexes", "{}"),
        ("evidence", '"maybe"'),
        ("approvals", '{ N1 = [["admiral"]] }'),
        ("approvals", '{ N1 = ["duty"] }'),
        ("response_times", "{ FLASH = [1, 2] }"),
        ("response_times", "{ SLOW = [1, 2, 3] }"),
        ("deadlines", '{ N1 = "soon" }'),
        ("witnesses", '[{ name = "w", type = 4, key = "xy" }]'),
        ("check_cadence_s", "true"),
        ("check_cadence_s", "1.5"),
        ("unreviewed_renderings", "1"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(Misuse, match=f"the form's {key} is not of its form") as caught:
        Form(f"{key} = {value}".encode(), tmp_path).fill(PLAIN)
    assert caught.value.facts == {"key": key}


def test_no_file_is_no_form(tmp_path: Path) -> None:
    assert read_form(None) is None
    (tmp_path / "form.toml").write_text("entries_a_minute = 7\n")
    form = read_form(tmp_path / "form.toml")
    assert form
    assert form.fill(PLAIN).rules.entries_a_minute == 7


def test_a_glossary_that_is_broken_is_not_drafted_over(tmp_path: Path) -> None:
    (tmp_path / "glossary.toml").write_bytes(b"places")
    form = Form(b'[[annexes]]\ntitle = "glossary"\nfile = "glossary.toml"\n', tmp_path)
    with pytest.raises(GlossaryBroken):
        form.fill(PLAIN)
