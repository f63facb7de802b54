"""Six faults give six different words on the other side, each with its proof or our own measurement."""

from openline.charter import Rules
from openline.engine import Act, encode_act
from openline.engine.silence import MEANING, Word
from openline.identifiers import Token
from openline.ports import Acted
from openline.sessions import SendingRun
from openline.wire.envelope import Type
from openline.wire.payloads import Ask, encode_request
from openline.wire.statement import Precedence
from tests.engine.pair import ALBA, BORA, SLOW_ROOM, SUITE, Net

CADENCE = 3_600


def talking() -> Net:
    net = Net(rules=Rules(check_cadence_s=CADENCE))
    net.start_all()
    net.say(ALBA, "T1", text="good morning")
    net.say(BORA, "T1", text="good morning to you")
    net.run(61)
    assert net.word(ALBA, BORA) is Word.ANSWERS
    assert net.about(ALBA, BORA)["known_by"] == "signed"
    return net


def test_our_own_network_is_cut_no_path() -> None:
    net = talking()
    net.cut = {ALBA}
    net.disconnect(ALBA)
    since = net.utc
    net.run(300)
    assert net.word(ALBA, BORA) is Word.NO_PATH
    seen = net.about(ALBA, BORA)
    assert seen["known_by"] == "measured here"
    assert seen["path"] == []
    assert net.state(ALBA).paths[next(iter(net.state(ALBA).paths))].closed_utc == since


def test_the_peer_s_daemon_is_killed_no_answer() -> None:
    net = talking()
    net.stop(BORA)
    net.run(400)
    assert net.word(ALBA, BORA) is Word.NO_ANSWER
    assert net.about(ALBA, BORA)["known_by"] == "measured here"


def test_since_when_nobody_answers_outlives_a_restart_of_who_asks() -> None:
    net = talking()
    net.stop(BORA)
    net.run(400)
    since = net.about(ALBA, BORA)["since"]
    assert since is not None
    net.stop(ALBA)
    net.start(ALBA)
    net.run(60)
    assert net.word(ALBA, BORA) is Word.NO_ANSWER
    assert net.about(ALBA, BORA)["since"] == since


def test_who_was_never_heard_gives_no_answer_either() -> None:
    net = Net()
    net.start(ALBA)
    net.run(5)
    assert net.word(ALBA, BORA) is Word.NO_ANSWER
    assert net.about(ALBA, BORA)["last_check"] is None


def test_the_officer_goes_away_unattended() -> None:
    net = talking()
    net.say(ALBA, "T1", text="still here")
    net.run(CADENCE + 120)
    assert net.word(ALBA, BORA) is Word.UNATTENDED
    seen = net.about(ALBA, BORA)
    assert seen["known_by"] == "signed"
    assert seen["proof"], "the greeting that names the officer's last act"


def test_a_restart_does_not_send_the_officer_home() -> None:
    """The last act is kept with the batch of that act: a station that begins anew says when somebody was last there."""
    net = talking()
    net.run(600)
    assert net.act(BORA, Act.WATCH).good
    acted = net.state(BORA).watch
    net.stop(BORA)
    net.run(60)
    net.start(BORA)
    net.run(120)
    assert net.state(BORA).watch == acted
    assert net.word(ALBA, BORA) is Word.ANSWERS
    assert net.peer(ALBA, BORA).contact.watch == acted
    net.run(CADENCE)
    assert net.word(ALBA, BORA) is Word.UNATTENDED, "nobody has acted since, whatever the machine did"


def test_an_act_that_was_not_committed_leaves_nobody_on_watch() -> None:
    net = talking()
    before = net.state(BORA).watch
    net.run(600)
    net.give(BORA, Acted(Token(900), net.setting.line, encode_act(Act.WATCH)), commit=False)
    net.start(BORA)
    assert net.state(BORA).watch == before


class Withholding(SendingRun):
    """Seals anything but receipts: what a member's altered station would do."""

    def seal(self, kind: Type, payload: bytes, *, padded: bool) -> bytes:
        if kind in (Type.STORED, Type.PRESENTED):
            kind, payload = Type.REQUEST, encode_request([(Ask.STOPS, 1)])
        return super().seal(kind, payload, padded=padded)


def test_receipts_are_withheld_withholding() -> None:
    net = talking()
    bora = net.peer(BORA, ALBA)
    assert bora.run is not None
    bora.run = Withholding(SUITE, bora.run.epoch, b"held")
    net.say(ALBA, "T1", text="store this")
    net.run(300)
    assert net.texts(BORA)[-1] == {"text": "store this"}
    assert net.word(ALBA, BORA) is Word.WITHHOLDING
    assert net.about(ALBA, BORA)["known_by"] == "signed"


def test_who_has_not_been_heard_since_the_sending_is_not_said_to_withhold() -> None:
    net = talking()
    net.run(30 - net.now_ms // 1000 % 30)
    net.stop(BORA)
    net.run(1)
    net.say(ALBA, "T1", text="store this")
    net.run(125)
    assert net.word(ALBA, BORA) is Word.ANSWERS


def test_acknowledged_and_unanswered_refusing() -> None:
    net = talking()
    asked = net.say(ALBA, "Q1", fields={"statement": "It was yours"}, precedence=Precedence.FLASH)
    net.run(1)
    net.say(BORA, "ACKNOWLEDGED", ref=asked)
    net.run(1_200)
    assert net.word(ALBA, BORA) is Word.REFUSING
    assert net.about(ALBA, BORA)["proof"], "the acknowledgement"


def test_unacknowledged_and_unanswered_is_no_refusal() -> None:
    net = talking()
    net.say(ALBA, "Q1", fields={"statement": "It was yours"}, precedence=Precedence.FLASH)
    net.say(BORA, "Q1", fields={"statement": "It was yours"}, precedence=Precedence.FLASH)
    net.run(1_200)
    assert net.word(ALBA, BORA) is Word.ANSWERS


def test_a_signed_suspension_is_no_silence_suspended() -> None:
    net = talking()
    said = net.say(BORA, "L2", fields={"state": "suspended"})
    net.run(1)
    assert net.word(ALBA, BORA) is Word.SUSPENDED
    assert net.about(ALBA, BORA)["proof"] == said.hex()
    net.stop(BORA)
    net.run(400)
    assert net.word(ALBA, BORA) is Word.SUSPENDED, "who has suspended the line and is off has said so"
    net.stop(ALBA)
    net.start(ALBA)
    assert net.word(ALBA, BORA) is Word.SUSPENDED
    net.start(BORA)
    net.run(60)
    net.say(BORA, "L2", fields={"state": "resumed"})
    net.run(60)
    assert net.word(ALBA, BORA) is Word.ANSWERS


def test_an_older_line_state_that_comes_late_changes_nothing() -> None:
    net = talking()
    net.lost = lambda sender, _reader, _send: sender == BORA
    net.say(BORA, "L2", fields={"state": "suspended"})
    net.run(1)
    net.lost = lambda _sender, _reader, _send: False
    net.say(BORA, "L2", fields={"state": "resumed"})
    net.run(60)
    assert net.word(ALBA, BORA) is Word.ANSWERS


def test_on_a_slow_link_silence_takes_hours_to_say() -> None:
    net = Net()
    net.room = SLOW_ROOM
    net.start_all()
    net.run(10)
    assert net.state(ALBA).peers[BORA].contact.alive_ms is not None
    net.stop(BORA)
    net.run(2 * 3_600)
    assert net.word(ALBA, BORA) is not Word.NO_ANSWER
    net.run(2 * 3_600)
    assert net.word(ALBA, BORA) is Word.NO_ANSWER


def test_every_word_has_a_meaning_of_its_own() -> None:
    assert set(MEANING) == set(Word)
    assert len(set(MEANING.values())) == len(Word)
