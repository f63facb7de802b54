"""What people are shown: every message with all that is known of it, and never anything guessed."""

from unittest.mock import patch

import pytest

from openline.charter import ItemClass
from openline.engine.views import find, message, moment, unpresented
from openline.errors import Misuse
from openline.sessions import SendingRun
from openline.wire.envelope import Type
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Option, Statement, Status, encode_statement
from tests.engine.pair import ALBA, ALBA2, BORA, CENDRA, Anything, Net, force


def test_a_message_is_found_by_the_beginning_of_its_identity() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="find me")
    meaning = net.meaning(ALBA)
    assert find(meaning, said[:4]).digest == said
    with pytest.raises(Misuse, match="no message"):
        find(meaning, b"\0\0\0\0nothing")
    for number in range(300):
        net.say(ALBA, "T1", text=f"many {number}", authored=net.utc + number)
    with pytest.raises(Misuse, match="more than one"):
        find(meaning, b"")


def test_the_newest_thousand_of_a_line_are_shown() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="the newest")
    ledger: Anything = net.state(ALBA).given.out.ledger
    with patch.object(ledger, "recent", wraps=ledger.recent) as recent:
        assert len(net.sent(ALBA)) == 1
    recent.assert_called_once_with(net.setting.line, 1_000)


def test_options_are_shown_in_words() -> None:
    net = Net()
    net.start_all()
    options = {
        Option.VALIDITY: [net.utc, net.utc + 60], Option.RESPOND_BY: net.utc + 60, Option.PASS_TO: "the harbour",
        Option.ACTION: [2], Option.CLEARANCE: ["press"],
    }  # fmt: skip
    said = net.say(ALBA, "Q1", fields={"statement": "All is well"}, options=options)
    shown = net.one(ALBA, said)
    assert shown["pass_to"] == "the harbour"
    assert shown["action"] == ["bora"]
    assert shown["clearance"] == ["press"]
    assert shown["respond_by"] == shown["valid_until"]
    answer = net.say(ALBA, "T1", text="see above", ref=said)
    assert net.one(ALBA, answer)["ref"] == said[:20].hex()


def test_r130_what_the_catalogue_cannot_read_is_kept_shown_as_unreadable_and_no_dialogue() -> None:
    net = Net()
    net.start_all()
    unknown = encode_statement(Statement(1, net.utc, 99, 1, {0: 1}, status=Status.TEST))
    assert not net.submit(ALBA, unknown).good
    first = force(net, ALBA, unknown)
    wrong = force(net, ALBA, encode_statement(Statement(1, net.utc, 5, 1, {9: 1}, status=Status.TEST)))
    net.run(1)
    assert net.rules(BORA).count("R130") == 2
    assert net.one(BORA, first)["kind"] == "99"
    assert net.one(BORA, first)["unreadable"]
    assert net.one(BORA, wrong)["kind"] == "Q1"
    assert net.one(BORA, wrong)["fields"] == {}
    assert net.statuses(ALBA, first)["stored"] == {"bora-1"}


def test_a_text_that_the_desk_no_longer_holds_is_still_shown_with_its_statuses() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="an old text")
    net.run(1)
    net.show(BORA)
    for me in (ALBA, BORA):
        net.stop(me)
        net.start(me)
    net.run(1)
    assert net.statuses(ALBA, said) == {"stored": {"bora-1"}, "presented": {"bora-1"}}
    assert net.one(ALBA, said)["standing"] == "CURRENT"


def test_what_our_other_station_said_is_sent_by_us_and_is_nothing_to_be_shown() -> None:
    net = Net(stations=2)
    net.start_all()
    said = net.say(ALBA2, "T1", text="from our second station")
    net.run(5)
    assert [each["id"] for each in net.sent(ALBA)] == [said.hex()]
    assert net.inbox(ALBA) == []
    assert list(unpresented(net.meaning(ALBA))) == []
    assert net.texts(BORA) == [{"text": "from our second station"}]


def test_what_others_said_waits_to_be_shown_whoever_of_them_said_it_and_our_own_never_does() -> None:
    net = Net(parties=3)
    net.start_all()
    said = {net.say(ALBA, "T1", text="from alba"), net.say(CENDRA, "T1", text="from cendra")}
    net.say(BORA, "T1", text="our own")  # its log stands between theirs
    net.run(5)
    assert {row.digest for row in unpresented(net.meaning(BORA))} == said
    net.show(BORA)
    assert list(unpresented(net.meaning(BORA))) == []


def test_a_message_of_theirs_says_when_an_officer_here_was_shown_it() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="look")
    net.run(5)
    assert "presented" not in net.statuses(BORA, said)
    net.show(BORA)
    at = net.utc
    net.run(60)
    (mark,) = net.one(BORA, said)["status"]["presented"]
    assert (mark["station"], mark["time"]) == ("bora-1", moment(at))


def test_a_flash_beyond_a_gap_is_shown_and_receipted_at_once() -> None:
    net = Net()
    net.start_all()
    net.lost = lambda sender, _reader, send: sender == ALBA and send.lane == 1
    net.say(ALBA, "T1", text="slow")
    fast = net.say(ALBA, "T1", text="fast", precedence=3)
    net.run(1)
    assert net.statuses(ALBA, fast)["stored"] == {"bora-1"}
    assert [row.digest for row in unpresented(net.meaning(BORA))] == [fast]
    net.show(BORA)
    net.run(1)
    assert net.statuses(ALBA, fast)["presented"] == {"bora-1"}
    assert list(unpresented(net.meaning(BORA))) == []
    for me in (ALBA, BORA):
        net.stop(me)
        net.start(me)
    assert net.statuses(ALBA, fast)["presented"] == {"bora-1"}


def test_receipts_of_an_earlier_generation_are_shown_from_the_record() -> None:
    net = Net()
    net.start_all()
    net.lost = lambda sender, _reader, send: sender == ALBA and send.lane == 1
    waits = net.say(ALBA, "T1", text="slow")
    fast = net.say(ALBA, "T1", text="fast", precedence=3)
    net.run(1)
    net.lost = lambda _sender, _reader, _send: False
    last = net.say(ALBA, "T1", text="last")
    net.run(60)
    net.show(BORA)
    net.run(1)
    old = net.state(ALBA).generation
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.start(ALBA, restored=True)
    net.run(300)
    assert net.state(ALBA).generation > old
    for said in (waits, fast, last):
        rows = [row for row in net.nodes[ALBA].ledger.places.values() if row.digest == said]
        earliest: Anything = message(net.meaning(ALBA), rows[0], net.instant(ALBA))
        assert rows[0].generation == old
        assert {mark["station"] for mark in earliest["status"]["stored"]} == {"bora-1"}
        assert {mark["station"] for mark in earliest["status"]["presented"]} == {"bora-1"}


def test_what_was_receipted_in_an_earlier_generation_is_shown_as_it_was_then() -> None:
    """Each message with the first receipt that covers it, not with a later one that covers it too."""
    net = Net()
    net.start_all()
    told = []
    for text in ("first", "second", "third"):
        told.append(net.say(ALBA, "T1", text=text))
        net.run(30)
        net.show(BORA)
        net.run(30)
    before = [net.one(ALBA, said)["status"] for said in told]
    assert len({each["stored"][0]["time"] for each in before}) == 3
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.start(ALBA, restored=True)
    net.run(300)
    assert net.lines(ALBA)["recovered"]
    assert [net.one(ALBA, said)["status"] for said in told] == before


def test_what_a_station_signed_before_it_ended_stays_signed() -> None:
    net = Net(stations=2)
    net.start_all()
    said = net.say(ALBA, "T1", text="stored by all")
    net.run(5)
    before = net.one(ALBA, said)["status"]
    assert {mark["station"] for mark in before["stored"]} == {"bora-1", "bora-2"}
    assert net.bring(ALBA, DocumentClass.STOP, net.stop_notice(2, ItemClass.STATION, 2)).good
    net.run(5)
    after = net.one(ALBA, said)["status"]
    assert sorted(after["stored"], key=str) == sorted(before["stored"], key=str)


def test_a_line_says_under_which_charter_and_by_which_paths() -> None:
    net = Net(relays=2)
    net.start_all()
    net.disconnect(ALBA, "relay1.example:443")
    shown = net.lines(ALBA)
    assert (shown["me"], shown["charter"], shown["recovering"]) == ("alba-1", 1, False)
    assert {path["path"]: path["open"] for path in shown["paths"]} == {
        "relay1.example:443": False, "relay2.example:443": True,
    }  # fmt: skip
    assert net.about(ALBA, BORA)["path"] == ["relay2.example:443"]
    assert shown["statuses"] == ["EXERCISE", "TEST"]


def test_a_text_that_was_retracted_stays_so_after_a_restart() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="never meant")
    net.say(ALBA, "K4", ref=said, fields={"cause": "sent in error"})
    net.run(2)
    for me in (ALBA, BORA):
        assert net.one(me, said)["standing"] == "RETRACTED"
        net.stop(me)
        net.start(me)
        assert net.one(me, said)["standing"] == "RETRACTED"


def test_a_presented_receipt_of_a_new_generation_is_repeated_although_it_covers_as_many_as_the_old_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the first one, lost, was the last: its repeats had been used up by the generation before."""
    sealed: dict[bytes, Type] = {}
    seal = SendingRun.seal

    def remembered(run: SendingRun, kind: Type, payload: bytes, *, padded: bool) -> bytes:
        envelope = seal(run, kind, payload, padded=padded)
        sealed[envelope] = kind
        return envelope

    monkeypatch.setattr(SendingRun, "seal", remembered)
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="first")
    net.run(5)
    net.show(BORA)
    net.run(5)
    receipts = {Type.STORED, Type.PRESENTED}
    net.lost = lambda sender, _reader, send: sender == BORA and sealed.get(send.envelope) in receipts
    said = [net.say(ALBA, "T1", text=text) for text in ("second", "third")]
    net.run(1)
    net.show(BORA)
    net.run(450)
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.start(ALBA, restored=True)
    net.lost = lambda sender, _reader, send: sender == BORA and sealed.get(send.envelope) is Type.PRESENTED
    net.run(10)
    net.show(BORA)
    net.run(5)
    net.lost = lambda _sender, _reader, _send: False
    net.run(360)
    assert [net.statuses(ALBA, each)["presented"] for each in said] == [{"bora-1"}] * 2


def test_presented_receipts_are_repeated_to_who_began_anew_from_a_disk_without_them() -> None:
    """It has said nothing since, so nothing shows it for an older copy, and nobody would tell it again."""
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="shown once")
    net.run(5)
    old = net.nodes[ALBA].ledger.copy()
    net.show(BORA)
    net.run(450)
    assert net.statuses(ALBA, said)["presented"] == {"bora-1"}
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.nodes[ALBA].ledger = old
    net.start(ALBA)
    net.run(120)
    assert not net.lines(ALBA)["recovered"]
    assert net.statuses(ALBA, said)["presented"] == {"bora-1"}
