"""Each word for silence begins at its bound and not a moment before, and says since when."""

from openline.charter import Rules
from openline.delivery.contact import PROBE_MS, PROBE_SLOW_MS
from openline.engine.silence import NO_ANSWER_PROBES, WITHHOLDING_MS, Silence, Word, every_ms, verdict
from openline.engine.views import moment
from openline.ports import Instant
from openline.wire.statement import Precedence
from tests.engine.pair import ALBA, BORA, CENDRA, Net
from tests.engine.test_silence import talking

DAY = 86_400


def judged(net: Net, *, ms: int, utc: int | None = None) -> Silence:
    """The verdict of Alba on Bora at another moment."""
    return verdict(net.meaning(ALBA), BORA, Instant(net.utc if utc is None else utc, ms))


def quiet() -> Net:
    """Both have greeted; the charter's cadence is long enough to play no part."""
    net = Net(rules=Rules(check_cadence_s=DAY))
    net.start_all()
    net.say(BORA, "T1", text="good morning")
    net.run(61)
    return net


def test_six_words_and_the_one_for_no_silence_are_written_as_in_the_glossary() -> None:
    assert {str(word) for word in Word} == {
        "ANSWERS", "SUSPENDED", "NO PATH", "NO ANSWER", "WITHHOLDING", "UNATTENDED", "REFUSING",
    }  # fmt: skip


def test_no_answer_is_said_after_three_probes_since_the_last_answer() -> None:
    net = quiet()
    contact = net.peer(ALBA, BORA).contact
    assert contact.alive_ms is not None
    limit = contact.alive_ms + 3 * PROBE_MS
    assert NO_ANSWER_PROBES == 3
    assert judged(net, ms=limit - 1).word is Word.ANSWERS
    assert judged(net, ms=limit - 1).since == contact.alive_utc
    silent = judged(net, ms=limit)
    assert (silent.word, silent.since, silent.signed, silent.proof) == (Word.NO_ANSWER, contact.alive_utc, False, b"")


def test_no_path_is_said_since_the_last_path_was_lost() -> None:
    net = Net(relays=2)
    net.start_all()
    net.run(10)
    net.cut = {ALBA}
    net.disconnect(ALBA, "relay1.example:443")
    assert net.word(ALBA, BORA) is not Word.NO_PATH, "one path is left"
    net.run(10)
    net.disconnect(ALBA, "relay2.example:443")
    lost = net.utc
    net.run(10)
    assert net.about(ALBA, BORA)["word"] == "NO PATH"
    assert net.about(ALBA, BORA)["since"] == moment(lost)


def test_unattended_is_said_when_the_cadence_has_passed_by_the_clock_of_those_who_act() -> None:
    net = Net(rules=Rules(check_cadence_s=DAY))
    net.skew_s[BORA] = 40
    net.start_all()
    net.say(BORA, "T1", text="good morning")
    net.run(61)
    contact = net.peer(ALBA, BORA).contact
    assert contact.offset_s == 40
    last = contact.watch + DAY - 40
    assert judged(net, ms=net.now_ms, utc=last).word is Word.ANSWERS
    away = judged(net, ms=net.now_ms, utc=last + 1)
    assert (away.word, away.since, away.signed, away.proof) == (Word.UNATTENDED, contact.watch, True, contact.proof)


def test_withholding_is_said_two_minutes_after_what_it_signs_nothing_for() -> None:
    net = quiet()
    peer = net.peer(ALBA, BORA)
    first = peer.contact.alive_ms
    assert first is not None
    assert WITHHOLDING_MS == 120_000
    peer.patience.since_ms = first
    assert judged(net, ms=first + 119_999).word is Word.ANSWERS
    said = judged(net, ms=first + 120_000)
    assert (said.word, said.since, said.proof) == (Word.WITHHOLDING, net.utc - 120, peer.contact.proof)
    assert said.signed, "the greeting that it did send"
    peer.patience.since_ms = first + 1
    assert judged(net, ms=first + 120_001).word is Word.ANSWERS, "not heard since"


def three_who_answer() -> Net:
    net = Net(parties=3, rules=Rules(check_cadence_s=DAY))
    net.start_all()
    for me in net.nodes:
        net.say(me, "T1", text="good morning")
    net.run(61)
    return net


def test_refusing_is_said_since_the_answer_was_due_and_only_of_who_owes_it() -> None:
    net = three_who_answer()
    asked = net.say(ALBA, "Q1", fields={"statement": "It was yours"}, precedence=Precedence.FLASH)
    net.run(1)
    taken = net.say(BORA, "ACKNOWLEDGED", ref=asked)
    net.run(1_200)
    due = {each["with"]: each["due"] for each in net.one(ALBA, asked)["dialogues"]}
    seen = net.about(ALBA, BORA)
    assert (seen["word"], seen["since"], seen["proof"]) == ("REFUSING", due["bora"], taken.hex())
    assert seen["known_by"] == "signed"
    cendra = next(me for me in net.nodes if me not in (ALBA, BORA))
    assert net.word(ALBA, cendra) is Word.ANSWERS, "it has acknowledged nothing"


def test_who_owes_a_third_party_an_answer_refuses_nothing_to_us() -> None:
    net = three_who_answer()
    asked = net.say(BORA, "Q1", fields={"statement": "It was yours"}, precedence=Precedence.FLASH)
    net.run(1)
    net.say(CENDRA, "ACKNOWLEDGED", ref=asked)
    net.run(1_200)
    assert net.word(BORA, CENDRA) is Word.REFUSING
    assert net.word(ALBA, CENDRA) is Word.ANSWERS


def test_suspended_is_said_since_its_party_said_so() -> None:
    net = talking()
    said = net.say(BORA, "L2", fields={"state": "suspended"})
    at = net.utc
    net.run(30)
    seen = net.about(ALBA, BORA)
    assert (seen["word"], seen["since"], seen["proof"]) == ("SUSPENDED", moment(at), said.hex())


def test_probes_go_every_minute_on_a_good_path_and_hourly_on_none_or_a_slow_one() -> None:
    net = quiet()
    state, peer = net.state(ALBA), net.peer(ALBA, BORA)
    (path,) = state.paths.values()
    assert every_ms(state, peer) == PROBE_MS
    path.good = False
    assert every_ms(state, peer) == PROBE_SLOW_MS
    path.good = True
    net.cut = {ALBA}
    net.disconnect(ALBA)
    assert every_ms(state, peer) == PROBE_SLOW_MS
