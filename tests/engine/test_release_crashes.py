"""Release by two, with the power failing at every point: the draft waits as it was, or the statement is said; once."""

from __future__ import annotations

from itertools import product

import pytest

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.charter import ApprovalRule, Rules
from openline.engine import Act, encode_act
from openline.engine.views import messages
from openline.identifiers import Digest, Token
from openline.ports import Acted
from openline.wire.entry import approval_signed
from openline.wire.statement import Authority
from openline.wire.statement import digest as statement_digest
from tests.review.pair import ALBA, BORA, Table

TWO = Rules(approvals=(ApprovalRule(CATALOGUE.kind("Q1").number, ((Authority.DUTY_OFFICER, Authority.RELEASER),)),))


def steps(table: Table) -> list[Acted]:
    """Return what the two officers do, in order."""
    body = body_from_json(CATALOGUE.kind("Q1"), {"statement": "Is it quiet?"})
    said = table.said(ALBA, body, kind="Q1")
    digest = statement_digest(table.state(ALBA).documents.salt_seed(1), said)
    line = table.setting.line
    acts = [encode_act(Act.DRAFT, said, None)]
    acts += [encode_act(Act.APPROVE, digest, officer, signed(table, digest, officer)) for officer in (1, 2)]
    return [Acted(Token(number), line, act) for number, act in enumerate(acts)]


def signed(table: Table, digest: Digest, officer: int) -> bytes:
    """Return an officer's approval."""
    seed = table.setting.officers[1, officer]
    return table.suite.sign(seed, approval_signed(table.setting.line, 1, digest))


@pytest.mark.parametrize(("at", "committed"), list(product(range(3), (False, True))))
def test_a_crash_at_any_point_of_a_release_says_it_once_or_leaves_the_draft(at: int, committed: bool) -> None:
    table = Table(rules=TWO)
    table.meet()
    acts = steps(table)
    for number, act in enumerate(acts):
        if number == at:
            table.crash(ALBA, act, committed=committed)
            drafts = table.meaning(ALBA).releases.drafts()
            said = bool(table.state(ALBA).own.size)
            assert (len(drafts), said) == {
                (0, False): (0, False), (0, True): (1, False), (1, False): (1, False), (1, True): (1, False),
                (2, False): (1, False), (2, True): (0, True),
            }[at, committed]  # fmt: skip
            if not committed:
                table.give(ALBA, act)  # the officer was told nothing, and does it again
        else:
            table.give(ALBA, act)
    table.pump()
    table.pass_time(180)
    shown = messages(table.meaning(BORA), table.instant(BORA), sent=False)
    assert [message["approved_by"] for message in shown] == [[1, 2]]
    assert "refused" not in shown[0]
    assert table.meaning(ALBA).releases.drafts() == ()


def test_a_status_is_shown_only_with_what_proves_it() -> None:
    table = Table(3, rules=TWO)
    table.meet()
    for act in steps(table):
        table.give(ALBA, act)
    (before,) = messages(table.meaning(ALBA), table.instant(ALBA), sent=True)
    assert isinstance(before["status"], dict)
    assert not any(before["status"].values())
    assert before["complete"] == []
    table.pump()
    (after,) = messages(table.meaning(ALBA), table.instant(ALBA), sent=True)
    assert isinstance(after["status"], dict)
    marks = [mark for each in after["status"].values() for mark in each]
    assert len(after["status"]["stored"]) == 2
    tables = table.seats[ALBA].ledger.tables
    for mark in marks:
        name, key = bytes.fromhex(mark["proof"]).split(b":", 1)
        assert tables[name.decode()][key]
