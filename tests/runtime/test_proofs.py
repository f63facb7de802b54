"""Every status that a person has seen is verified again from the store alone; what is not proved there is refused."""

import copy

import pytest

from openline.errors import Rejected
from openline.ports import Keep
from openline.runtime.homes import LINES
from openline.runtime.proofs import verify_message
from openline.sessions import RealSuite
from openline.wire.cbor import encode
from tests.engine.pair import ALBA, BORA, Anything, Net


def asked_and_answered() -> tuple[Net, bytes]:
    net = Net(suite=RealSuite())
    net.start_all()
    said = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    net.say(ALBA, "T1", text="and more")
    net.run(1)
    net.show(BORA)
    net.say(BORA, "ACKNOWLEDGED", ref=said)
    net.say(BORA, "YES", ref=said)
    net.run(1)
    keys = net.setting.homes[ALBA].keys
    row = encode([ALBA, keys.sign, keys.head, keys.post])
    net.nodes[ALBA].ledger.commit([Keep(LINES, net.setting.line, row)])
    return net, said


def refusal(net: Net, message: Anything) -> str:
    with pytest.raises(Rejected) as caught:
        verify_message(net.nodes[ALBA].ledger, message)
    return caught.value.rule


def test_r131_every_status_rests_on_a_signature_in_the_record() -> None:
    net, said = asked_and_answered()
    shown = net.one(ALBA, said)
    assert {name for name, marks in shown["status"].items() if marks} >= {
        "stored", "presented", "acknowledged", "answered",
    }  # fmt: skip
    assert verify_message(net.nodes[ALBA].ledger, shown) == 5
    for name, proof in (("answered", bytes(32)), ("stored", b"receipt:nothing"), ("stored", b"other:")):
        changed = copy.deepcopy(shown)
        changed["status"][name][0]["proof"] = proof.hex()
        assert refusal(net, changed) == "R131"
    assert refusal(net, {**shown, "id": bytes(32).hex()}) == "R131"


def test_r131_a_receipt_that_came_before_the_message_does_not_cover_it() -> None:
    net, said = asked_and_answered()
    first = net.one(ALBA, said)["status"]["stored"][0]["proof"]
    last = net.say(ALBA, "T1", text="later")
    net.run(1)
    shown = net.one(ALBA, last)
    assert verify_message(net.nodes[ALBA].ledger, shown) == 2
    shown["status"]["stored"][0]["proof"] = first
    assert refusal(net, shown) == "R131"


def test_what_was_said_again_after_a_restore_is_proved_where_it_was_said_again() -> None:
    net, first = asked_and_answered()
    earlier = net.one(ALBA, first)["status"]["stored"]
    net.lost = lambda sender, _reader, _send: sender == ALBA
    said = net.say(ALBA, "T1", text="not stored anywhere")
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.lost = lambda _sender, _reader, _send: False
    net.start(ALBA, restored=True)
    net.run(300)
    shown = net.one(ALBA, said)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1"}
    assert verify_message(net.nodes[ALBA].ledger, shown) == 2
    shown["status"]["stored"] = earlier
    assert refusal(net, shown) == "R131"
