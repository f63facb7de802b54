"""What keeps a station upright: receipts that fail are followed up, paths keep their numbers, drafts survive."""

from __future__ import annotations

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.charter import ApprovalRule, Evidence, RelayItem, RootSeeds, Roster, Rules, decode_roster, sign_roster
from openline.charter.documents import unpack
from openline.delivery.keys_in_use import running
from openline.delivery.routes import PATHS_OF_A_LINE
from openline.engine import Act, encode_act
from openline.identifiers import Digest, Token
from openline.limits import RELAYS_MAX
from openline.ports import Acted, DocumentBrought
from openline.simulation.setting import secret
from openline.wire.entry import approval_signed
from openline.wire.envelope import Type
from openline.wire.payloads import DocumentClass, encode_document, encode_receipt
from openline.wire.statement import Authority
from openline.wire.statement import digest as statement_digest
from tests.review.pair import ALBA, BORA, Table

TWO = Rules(
    approvals=(
        ApprovalRule(CATALOGUE.kind("Q1").number, ((Authority.DUTY_OFFICER, Authority.RELEASER),)),
    )
)  # fmt: skip


def test_a_receipt_that_fails_has_the_entries_behind_it_asked_for_once_a_minute() -> None:
    table = Table()
    table.meet()
    table.say(ALBA, "all quiet")
    table.pump()
    state = table.state(BORA)
    run = running(state, state.peers[ALBA])
    assert run is not None
    false = [run.seal(Type.STORED, encode_receipt(1, 9, [seq], bytes(64)), padded=True) for seq in (2, 3)]
    table.say(ALBA, "and quiet")
    table.say(ALBA, "and quieter")
    table.say(ALBA, "and still")
    table.holding.add((ALBA, BORA))
    for envelope in false:
        table.passed.clear()
        table.bring(ALBA, envelope, writer=BORA)
        table.pump()
        assert "R40" in table.rules(ALBA)
    asked = table.state(ALBA).searching
    assert asked == {(ALBA, table.state(ALBA).generation): 1_024}


def test_however_many_rosters_come_a_path_never_takes_another_lines_number() -> None:
    table = Table()
    table.meet()
    body, _ = unpack(table.setting.documents[2])
    roster = decode_roster(body)
    root = RootSeeds(secret("root", 2), secret("root2", 2))
    for number in range(2, 2 + 2 * PATHS_OF_A_LINE // RELAYS_MAX):
        relays = tuple(RelayItem(f"r{number}-{one}.example:443", secret(number, one)) for one in range(RELAYS_MAX))
        later = Roster(roster.line, 2, number, roster.seed, roster.stations, roster.officers, relays)
        document = encode_document(DocumentClass.ROSTER, sign_roster(later, root, table.suite).document())
        table.give(ALBA, DocumentBrought(Token(number), table.setting.line, document))
        paths = table.state(ALBA).paths
        assert len(paths) == 1 + RELAYS_MAX
        assert all(0 <= path < PATHS_OF_A_LINE for path in paths)


def approve(table: Table, digest: Digest, officer: int) -> bool:
    """Let an officer of Alba approve a draft."""
    signed = approval_signed(table.setting.line, 1, digest)
    signature = table.suite.sign(table.setting.officers[1, officer], signed)
    table.give(ALBA, Acted(Token(99), table.setting.line, encode_act(Act.APPROVE, digest, officer, signature)))
    return table.seats[ALBA].answers[-1].good


def test_a_draft_whose_last_approval_comes_while_nothing_can_be_said_waits_on() -> None:
    table = Table(rules=TWO)
    table.meet()
    body = body_from_json(CATALOGUE.kind("Q1"), {"statement": "Is it quiet?"})
    said = table.said(ALBA, body, kind="Q1")
    digest = statement_digest(table.state(ALBA).documents.salt_seed(1), said)
    table.give(ALBA, Acted(Token(1), table.setting.line, encode_act(Act.DRAFT, said, None)))
    assert approve(table, digest, 1)
    table.holding |= {(BORA, ALBA)}
    table.give(ALBA, Acted(Token(2), table.setting.line, encode_act(Act.ROLLED_BACK)))
    assert not approve(table, digest, 2)
    assert [draft.digest for draft in table.meaning(ALBA).releases.drafts()] == [digest]
    table.sit(ALBA, table.seats[ALBA].ledger)
    assert [len(draft.seals) for draft in table.meaning(ALBA).releases.drafts()] == [1]
    table.holding.clear()
    table.pass_time(300)
    assert approve(table, digest, 2)
    table.pump()
    assert table.state(BORA).size_of((ALBA, table.state(ALBA).generation)) == 2
    assert table.meaning(ALBA).releases.drafts() == ()


def test_nothing_is_signed_on_a_line_whose_charter_promises_that_nothing_can_be_proved() -> None:
    table = Table(rules=Rules(evidence=Evidence.DENIABLE))
    table.meet()
    answer = table.say(ALBA, "between us")
    assert not answer.good
    assert "provable charter" in answer.hint
    table.pump()
    assert not table.seats[ALBA].ledger.places
    assert not table.seats[BORA].ledger.places
