"""What a station says of a new generation counts as presented unread: so it says that and nothing else, there alone."""

import pytest

from openline.delivery.accepting import GENERATION_FORKS
from openline.wire.payloads import ReceiptState
from openline.wire.statement import (
    GENERATION_KIND,
    Authority,
    Option,
    Precedence,
    PrincipalApproved,
    Statement,
    Status,
    encode_statement,
)
from tests.engine.pair import ALBA, BORA, Anything, Net, force

BODY = {0: 7, 1: 3, 2: bytes(32)}


def words(**fields: Anything) -> bytes:
    given: Anything = {"body": BODY, "status": Status.TEST, "officer": 0} | fields
    return encode_statement(Statement(1, 1_790_000_000, GENERATION_KIND, **given))


def heard(statement: bytes, *, others: int) -> Net:
    """Alba's altered station says this as the machine's own words, after so many others of its generation."""
    net = Net()
    net.start_all()
    for number in range(others):
        net.say(ALBA, "T1", text=f"all quiet {number}")
    force(net, ALBA, statement)
    net.run(2)
    net.show(BORA)
    net.run(70)
    return net


def presented(net: Net) -> bool:
    """Whether Bora has signed that the last words of Alba's were presented to somebody."""
    alba = net.state(ALBA)
    return alba.peers[BORA].receipted[ReceiptState.PRESENTED].covers(alba.own.size - 1)


def refusals(net: Net) -> list[str]:
    """The rules by which messages in Bora's inbox are shown as refused."""
    shown: list[Anything] = [message["refused"] for message in net.inbox(BORA) if "refused" in message]
    return [refused["rule"] for refused in shown]


def test_the_first_entry_of_a_generation_is_the_machine_s_own_and_nobody_must_read_it() -> None:
    net = heard(words(), others=0)
    assert presented(net)
    assert net.inbox(BORA) == []


@pytest.mark.parametrize(
    "statement",
    [
        words(body="we have told you that we launch at noon"),
        words(body=BODY | {3: "we have told you that we launch at noon"}),
        words(body={0: 7, 1: 3}),
        words(body={0: 1 << 40, 1: 3, 2: bytes(32)}),
        words(body={0: True, 1: 3, 2: bytes(32)}),
        words(body={0: 7, 1: -3, 2: bytes(32)}),
        words(body={0: 7, 1: 3, 2: bytes(31)}),
        words(options={Option.PASS_TO: "we launch at noon"}),
        words(precedence=Precedence.FLASH),
        words(authority=Authority.PRINCIPAL),
        words(principal=PrincipalApproved.YES),
    ],
    ids=range(11),
)
def test_r176_more_than_that_is_refused_and_shown_and_never_signed_for_as_presented(statement: bytes) -> None:
    net = heard(statement, others=0)
    assert not presented(net)
    assert refusals(net) == ["R176"]
    state = net.state(BORA)
    assert list(state.given.out.values(GENERATION_FORKS, state.line)) == []


def test_r176_at_another_place_it_is_refused() -> None:
    net = heard(words(), others=1)
    assert not presented(net)
    assert refusals(net) == ["R176"]
