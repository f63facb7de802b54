"""What comes from elsewhere and is refused: it changes nothing, and the security log says by which rule."""

import pytest

from openline.delivery.accepting import accept_entry
from openline.delivery.keys_in_use import take_prekey
from openline.errors import Rejected
from openline.identifiers import station_id
from openline.ports import Received
from openline.sessions import Identity
from openline.sessions.prekeys import make_prekey
from openline.simulation.setting import secret
from openline.wire.entry import encode_entry, entry_signed
from openline.wire.envelope import Type
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority, digest
from tests.engine.pair import ALBA, BORA, SUITE, Net, force


def met() -> Net:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(61)
    return net


def test_a_second_entry_at_a_place_is_the_proof_of_a_fork_whatever_it_names() -> None:
    """Both are signed; whether the charter allows what the second one says makes no difference."""
    net = met()
    alba, bora = net.state(ALBA), net.state(BORA)
    statement = net.statement(ALBA, "T1", text="another", officer=77)
    said = digest(secret("salt", 1), statement)
    signature = SUITE.sign(alba.keys.sign, entry_signed(alba.line, alba.identity.hash, alba.generation, 0, said, b""))
    accept_entry(bora, ALBA, alba.generation, encode_entry(0, statement, (), signature), net.instant(BORA))
    assert bora.forked == {(ALBA, alba.generation)}


def test_r126_a_prekey_of_nobody_on_the_line_is_refused() -> None:
    net = met()
    stranger = Identity(station_id(9, 1), bytes(32), SUITE.public(secret("stranger")))
    prekey = make_prekey(SUITE, net.setting.line, stranger, secret("stranger"), secret("prekey"), 5, fresh=True)
    with pytest.raises(Rejected) as caught:
        take_prekey(net.state(BORA), prekey.encode(), net.instant(BORA))
    assert caught.value.rule == "R126"


@pytest.mark.parametrize("kind", [Type.SAID, Type.BARE_STORED, Type.BARE_PRESENTED])
def test_r129_a_payload_of_a_type_that_the_line_does_not_use_is_refused(kind: Type) -> None:
    net = met()
    run = net.peer(ALBA, BORA).run
    assert run is not None
    (path,) = net.state(BORA).paths
    net.give(BORA, Received(path, run.seal(kind, b"anything", padded=True)))
    assert net.rules(BORA)[-1] == "R129"


def test_what_comes_on_a_path_that_was_lost_in_the_same_batch_is_left_at_the_relay() -> None:
    net = met()
    (path,) = net.state(BORA).paths
    net.disconnect(BORA)
    net.give(BORA, Received(path, b"\1", net.post(ALBA), 1, 99))
    assert not net.state(BORA).cursors
    assert net.rules(BORA)[-1:] != ["R23"]


def test_r132_what_is_said_after_a_fork_takes_no_place() -> None:
    net = met()
    alba, bora = net.state(ALBA), net.state(BORA)
    bora.forked.add((ALBA, alba.generation))
    said = net.say(ALBA, "T1", text="two")
    net.run(1)
    assert net.rules(BORA)[-1] == "R132"
    assert net.nodes[BORA].ledger.find(net.setting.line, said) == []


def test_entries_of_unknown_officers_are_held_up_to_a_limit_and_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.delivery.receiving.HELD_BACK_MAX", 2)
    net = met()
    for number in range(3):
        force(net, ALBA, net.statement(ALBA, "T1", text=f"by whom? {number}", officer=77 + number))
    net.run(1)
    bora = net.state(BORA)
    assert len(bora.held_back) == 2
    key = next(iter(bora.held_back))
    bora.held_back[key] = bora.held_back[key][:-1] + b"\0"
    roster = net.roster(ALBA, officers=(net.officer(1, 1, Authority.DUTY_OFFICER),))
    assert net.bring(BORA, DocumentClass.ROSTER, roster).good
    assert len(bora.held_back) == 1, "one is forged, one still by nobody known"
    assert "R40" in net.rules(BORA)
