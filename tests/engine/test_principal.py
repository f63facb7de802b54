"""How the principal's approval came is noted beside the words, outlives release and restart, and is never sent."""

import pytest

from openline.engine import Act
from openline.engine.principal import TABLE, PrincipalNotes
from openline.engine.views import drafts
from openline.errors import StorageFailed
from openline.identifiers import LineId
from openline.ports import Send
from openline.wire.cbor import encode
from openline.wire.statement import TIME_MAX, Authority, PrincipalApproved
from tests.engine.pair import ALBA, BORA, Anything, Net
from tests.engine.test_release import launch, two

SAID: dict[str, Anything] = {"authority": Authority.PRINCIPAL, "principal": PrincipalApproved.YES}


def note(net: Net, digest: bytes, means: str = "telephone", officer: int = 1, me: Anything = ALBA) -> str:
    """Note it; return why it was refused, empty if it was not."""
    return net.act(me, Act.NOTE_PRINCIPAL, digest, means, net.utc, officer).message


def noted(net: Net, digest: bytes, me: Anything = ALBA) -> list[str]:
    return [each["means"] for each in net.one(me, digest).get("principal_came", [])]


def test_a_note_on_a_draft_is_shown_with_it_and_with_the_message_that_it_becomes_also_after_a_restart() -> None:
    net = two()
    data = launch(net, **SAID)
    draft = net.act(ALBA, Act.DRAFT, data, None).digest
    assert note(net, draft) == ""
    net.stop(ALBA)
    net.start(ALBA)
    (waiting,) = drafts(net.meaning(ALBA))
    assert waiting["principal"] == "YES"
    assert waiting["principal_came"] == [{"means": "telephone", "time": "2023-11-14T22:15:02Z", "officer": 1}]
    for officer in (1, 2):
        assert net.act(ALBA, Act.APPROVE, draft, officer, net.approval(ALBA, data, officer)).good
    net.run(1)
    net.stop(ALBA)
    net.start(ALBA)
    assert noted(net, draft) == ["telephone"]
    assert note(net, draft, "writing", 2) == "", "the letter comes a day later"
    assert noted(net, draft) == ["telephone", "writing"], "a note is never overwritten"


def test_whether_the_principal_approved_is_signed_and_shown_on_both_sides() -> None:
    net = two()
    for stated in PrincipalApproved:
        said = net.say(ALBA, "T1", text=f"stated: {stated.name}", principal=stated, authority=Authority.DELEGATE)
        net.run(1)
        for me in (ALBA, BORA):
            assert (net.one(me, said)["principal"], net.one(me, said)["authority"]) == (stated.name, "DELEGATE")


def everything_sent(*, with_note: bool) -> tuple[list[Send], Net, bytes]:
    """Two stations talk, with or without a note; whoever notes has acted, and so has whoever only sits there."""
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="our answer", **SAID)
    if with_note:
        assert note(net, said) == ""
    else:
        assert net.act(ALBA, Act.WATCH).good
    net.say(BORA, "ACKNOWLEDGED", ref=said)
    net.run(3_700)  # greetings, receipts, an hour's head
    net.stop(ALBA)
    net.start(ALBA)
    net.say(ALBA, "T1", text="and after a restart")
    net.run(120)
    return net.nodes[ALBA].sent, net, said


def test_the_note_never_leaves_the_station_what_is_sent_with_it_is_byte_for_byte_what_is_sent_without() -> None:
    with_note, net, said = everything_sent(with_note=True)
    without, _, _ = everything_sent(with_note=False)
    assert len(with_note) > 20
    assert with_note == without
    assert noted(net, said) == ["telephone"]
    assert noted(net, said, BORA) == []
    assert TABLE not in net.nodes[BORA].ledger.tables


def test_only_what_we_said_and_our_principal_approved_can_be_noted_by_an_officer_of_ours() -> None:
    net = two()
    ours = net.say(ALBA, "T1", text="ours", **SAID)
    theirs = net.say(BORA, "T1", text="theirs", **SAID)
    unsaid = net.say(ALBA, "T1", text="nothing of a principal")
    refused = net.say(ALBA, "T1", text="without him", principal=PrincipalApproved.NO)
    net.run(1)
    assert "another party's" in note(net, theirs)
    assert "does not say" in note(net, unsaid)
    assert "does not say" in note(net, refused)
    assert "no message here" in note(net, bytes(32))
    assert "no way" in note(net, ours, "by pigeon")
    assert "officer 9" in note(net, ours, officer=9)
    assert noted(net, ours) == []
    for _ in range(8):
        assert note(net, ours) == ""
    assert "notes already" in note(net, ours)


def test_it_came_at_a_time_that_a_clock_shows() -> None:
    net = two()
    ours = net.say(ALBA, "T1", text="ours", **SAID)
    for at, good in ((0, False), (1, True), (TIME_MAX, True), (TIME_MAX + 1, False)):
        assert net.act(ALBA, Act.NOTE_PRINCIPAL, ours, "telephone", at, 1).good is good
    assert [note.at for note in net.meaning(ALBA).principal_notes.of(ours)] == [1, TIME_MAX]


def test_a_draft_that_is_thrown_away_takes_its_note_with_it() -> None:
    net = two()
    draft = net.act(ALBA, Act.DRAFT, launch(net, **SAID), None).digest
    assert note(net, draft, "in-person") == ""
    assert net.act(ALBA, Act.DROP, draft).good
    assert net.meaning(ALBA).principal_notes.of(draft) == ()
    assert not net.nodes[ALBA].ledger.tables.get(TABLE)


@pytest.mark.parametrize("row", [encode(1), encode([1]), encode([["telephone", 1]])])
def test_a_note_that_is_not_as_it_was_kept_stops_the_station(row: bytes) -> None:
    net = two()
    out = net.state(ALBA).given.out
    line = LineId(net.setting.line)
    out.keep(TABLE, line + bytes(32), row)
    with pytest.raises(StorageFailed):
        PrincipalNotes(line, out).of(bytes(32))
