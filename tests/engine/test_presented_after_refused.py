"""Words that were refused at one place and stand rightly at another: the right one is presented, the other never."""

from openline.charter import ApprovalRule, Rules
from openline.engine import Act
from openline.engine.views import unpresented
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Authority
from tests.engine.pair import ALBA, BORA, Net, force
from tests.engine.test_release import LAUNCH

TWO = Rules(approvals=(ApprovalRule(4, ((Authority.DUTY_OFFICER, Authority.RELEASER),)),))


def test_what_is_signed_for_as_presented_is_the_place_that_was_shown() -> None:
    net = Net(rules=TWO)
    net.start_all()
    data = net.statement(ALBA, "N1", fields=LAUNCH)
    digest = force(net, ALBA, data)
    net.run(1)
    assert force(net, ALBA, data, net.approvals(ALBA, data, 1, 2)) == digest
    net.run(1)
    assert net.act(BORA, Act.PRESENTED, [digest]).good
    net.run(70)
    covered = net.state(ALBA).peers[BORA].receipted[ReceiptState.PRESENTED]
    assert [covered.covers(seq) for seq in (0, 1)] == [False, True]
    assert list(unpresented(net.meaning(BORA))) == []


def test_of_words_that_were_only_refused_nothing_is_signed_for_as_presented() -> None:
    net = Net(rules=TWO)
    net.start_all()
    digest = force(net, ALBA, net.statement(ALBA, "N1", fields=LAUNCH))
    net.run(1)
    assert net.act(BORA, Act.PRESENTED, [digest]).good
    net.run(70)
    assert not net.state(ALBA).peers[BORA].receipted[ReceiptState.PRESENTED].covers(0)
