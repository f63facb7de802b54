"""Others' own words wait for a person: by a clock, durable, seen by nobody else."""

import pytest

from openline.dialogue.translation import OFFICIAL_DUE_S, TranslationState, TranslationStep
from openline.engine import Act
from openline.engine.alarms import in_force
from openline.engine.local_rules import LocalRules
from openline.engine.translations import OPEN_MAX, TABLE, TEXT_CHARACTERS_MAX, TranslationLimits, Translations
from openline.errors import StorageFailed
from openline.identifiers import StationId
from openline.wire.cbor import encode
from openline.wire.statement import Option, Precedence
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net

SIGHT, CHECKED, WITHDRAWN = TranslationStep


def both() -> Net:
    net = Net()
    net.start_all()
    return net


def told(net: Net, me: StationId, digest: bytes) -> Anything:
    return net.one(me, digest).get("translation")


def alarms(net: Net, me: StationId) -> list[str]:
    station = net.nodes[me].station
    assert station is not None
    return [alarm for alarm in in_force(station.meanings, net.utc) if "TRANSLATED" in alarm or "CHECKED" in alarm]


def test_others_own_words_begin_untranslated_with_a_clock_and_ours_have_none() -> None:
    net = both()
    text = net.say(ALBA, "T1", text="Всё тихо", precedence=Precedence.FLASH)
    coded = net.say(ALBA, "N7", fields={"type": "firing", "time": "2026-03-04T05:06Z"})
    net.run(90)
    found = told(net, BORA, text)
    assert (found["state"], found["waiting_s"], found["overdue"], found["exercise"]) == (
        "UNTRANSLATED", 90, False, "TEST",
    )  # fmt: skip
    assert told(net, ALBA, text) is None
    assert told(net, BORA, coded) is None


def test_what_nobody_translates_in_time_is_an_alarm_until_somebody_does() -> None:
    net = both()
    text = net.say(ALBA, "T1", text="Всё тихо", precedence=Precedence.FLASH)
    net.say(ALBA, "T1", text="Никого нет")
    net.run(599)
    assert alarms(net, BORA) == []
    net.run(2)
    (alarm,) = alarms(net, BORA)
    assert "UNTRANSLATED" in alarm
    assert "FLASH 1 since" in alarm
    assert any("UNTRANSLATED" in each for each in net.nodes[BORA].sounds[-1])
    assert net.act(BORA, Act.TRANSLATE, text, SIGHT, 1, "All is quiet").good
    assert alarms(net, BORA) == []
    net.run(OFFICIAL_DUE_S[Precedence.FLASH])
    assert "NOT CHECKED" in alarms(net, BORA)[0]
    assert net.act(BORA, Act.TRANSLATE, text, CHECKED, 2, "").good
    assert all("NOT CHECKED" not in alarm for alarm in alarms(net, BORA))


def test_what_was_translated_in_time_is_never_overdue_for_want_of_a_look_at_the_clock() -> None:
    net = both()
    net.say(ALBA, "T1", text="Никого нет", precedence=Precedence.FLASH)
    net.run(5)
    text = net.say(ALBA, "T1", text="Всё тихо", precedence=Precedence.FLASH)
    translations = net.meaning(BORA).translations
    assert net.act(BORA, Act.TRANSLATE, text, SIGHT, 1, "All is quiet").good
    found = translations.of(text)
    assert found is not None
    (late,) = translations.overdue(found.sight_due + 1)
    assert late.state is TranslationState.UNTRANSLATED, "the other one"
    assert {each.state for each in translations.overdue(found.official_due)} == {late.state, TranslationState.SIGHT}


def test_the_next_that_falls_due_is_the_first_of_those_that_nobody_has_translated_yet() -> None:
    net = both()
    first = net.say(ALBA, "T1", text="Всё тихо", precedence=Precedence.FLASH)
    net.run(30)
    second = net.say(ALBA, "T1", text="Никого нет", precedence=Precedence.FLASH)
    translations = net.meaning(BORA).translations
    waiting, then = translations.of(first), translations.of(second)
    assert waiting is not None
    assert then is not None
    assert translations.next_due(net.utc) == waiting.due
    assert net.act(BORA, Act.TRANSLATE, first, SIGHT, 1, "All is quiet").good
    assert translations.next_due(net.utc) == then.due
    assert net.act(BORA, Act.TRANSLATE, second, SIGHT, 1, "There is nobody").good
    after = translations.of(first)
    assert after is not None
    assert translations.next_due(net.utc) == after.due == after.official_due, "now the look of a second officer"


def test_who_must_answer_earlier_must_have_understood_earlier() -> None:
    net = both()
    soon = net.utc + 60
    asked = net.say(ALBA, "Q1", fields={"statement": "Всё тихо"}, options={Option.RESPOND_BY: soon})
    net.run(1)
    assert told(net, BORA, asked)["overdue"] is False
    net.run(61)
    assert told(net, BORA, asked)["overdue"] is True


def test_a_translation_is_kept_beside_its_message_and_survives_a_restart() -> None:
    net = both()
    text = net.say(ALBA, "T1", text="Всё тихо", precedence=Precedence.FLASH)
    net.say(ALBA, "T1", text="Никого нет", precedence=Precedence.FLASH)
    net.run(1)
    assert net.act(BORA, Act.TRANSLATE, text, SIGHT, 1, " All is quiet ").good
    net.stop(BORA)
    net.start(BORA)
    found = told(net, BORA, text)
    assert (found["state"], found["officer"], found["text"]) == ("SIGHT", 1, "All is quiet")
    assert net.act(BORA, Act.TRANSLATE, text, CHECKED, 2, "Everything is quiet").good
    net.stop(BORA)
    net.start(BORA)
    found = told(net, BORA, text)
    assert (found["state"], found["sight_officer"], found["officer"], found["due"], found["waiting_s"]) == (
        "OFFICIAL", 1, 2, None, None,
    )  # fmt: skip
    net.run(600)
    assert "FLASH 1 since" in alarms(net, BORA)[0], "the other text's clock ran on through both restarts"


def test_a_crash_before_the_commit_leaves_the_text_as_it_was() -> None:
    net = both()
    text = net.say(ALBA, "T1", text="Всё тихо")
    net.run(1)
    kept = dict(net.nodes[BORA].ledger.kept(TABLE, net.setting.line))
    assert len(kept) == 1
    translations = net.meaning(BORA).translations
    translations.step(text, SIGHT, 1, "All is quiet", net.utc)
    net.stop(BORA)
    net.start(BORA)
    assert told(net, BORA, text)["state"] == "UNTRANSLATED"
    assert dict(net.nodes[BORA].ledger.kept(TABLE, net.setting.line)) == kept


@pytest.mark.parametrize(
    ("step", "officer", "text", "why"),
    [
        (CHECKED, 2, "", "cannot be checked"),
        (WITHDRAWN, 1, "", "cannot be withdrawn"),
        (SIGHT, 1, "  ", "without a text"),
        (SIGHT, 9, "All is quiet", "officer 9 is not"),
        ("guessed", 1, "All is quiet", "no step"),
        (SIGHT, 1, "x" * (TEXT_CHARACTERS_MAX + 1), "at most"),
    ],
)
def test_a_step_that_cannot_be_is_refused_and_changes_nothing(step: str, officer: int, text: str, why: str) -> None:
    net = both()
    said = net.say(ALBA, "T1", text="Всё тихо")
    net.run(1)
    answered = net.act(BORA, Act.TRANSLATE, said, step, officer, text)
    assert not answered.good
    assert why in answered.message
    assert answered.hint
    assert told(net, BORA, said)["state"] == "UNTRANSLATED"


def test_what_is_ours_or_coded_needs_no_translation() -> None:
    net = both()
    said = net.say(ALBA, "T1", text="All is quiet")
    net.run(1)
    assert "needs no translation" in net.act(ALBA, Act.TRANSLATE, said, SIGHT, 1, "x").message


def test_a_translation_that_proves_wrong_is_withdrawn_and_its_clock_counts_from_the_beginning() -> None:
    net = both()
    said = net.say(ALBA, "T1", text="Всё тихо", precedence=Precedence.FLASH)
    net.run(1)
    net.act(BORA, Act.TRANSLATE, said, SIGHT, 1, "There is war")
    net.run(600)
    assert net.act(BORA, Act.TRANSLATE, said, WITHDRAWN, 2, "").good
    found = told(net, BORA, said)
    assert (found["state"], found["overdue"], found["text"]) == ("UNTRANSLATED", True, "")


def test_nothing_of_it_goes_over_the_line() -> None:
    net = both()
    said = net.say(ALBA, "T1", text="Всё тихо")
    net.run(1)
    sent, size = len(net.nodes[BORA].sent), net.state(BORA).own.size
    net.act(BORA, Act.TRANSLATE, said, SIGHT, 1, "All is quiet")
    assert (len(net.nodes[BORA].sent), net.state(BORA).own.size) == (sent, size)


def limited(local: LocalRules) -> Net:
    net = both()
    net.stop(BORA)
    net.local[BORA] = local
    net.start(BORA)
    net.run(2)
    return net


def test_the_local_limits_go_before_the_charter_s() -> None:
    limits = TranslationLimits({Precedence.ROUTINE: 60}, {Precedence.ROUTINE: 120})
    net = limited(LocalRules(translation=limits))
    said = net.say(ALBA, "T1", text="Всё тихо")
    net.run(61)
    assert told(net, BORA, said)["overdue"] is True
    net.act(BORA, Act.TRANSLATE, said, SIGHT, 1, "All is quiet")
    assert told(net, BORA, said)["overdue"] is False
    net.run(60)
    assert told(net, BORA, said)["overdue"] is True


def test_words_of_a_party_whose_language_everybody_here_reads_need_none() -> None:
    net = limited(LocalRules(translation=TranslationLimits(none_from=frozenset({"alba"}))))
    said = net.say(ALBA, "T1", text="All is quiet")
    net.run(1)
    assert told(net, BORA, said) is None


def test_a_translation_has_16000_characters_and_no_more() -> None:
    net = both()
    said = net.say(ALBA, "T1", text="Всё тихо")
    net.run(1)
    assert not net.act(BORA, Act.TRANSLATE, said, SIGHT, 1, "x" * 16_001).good
    assert net.act(BORA, Act.TRANSLATE, said, SIGHT, 1, "x" * 16_000).good


def test_a_flood_of_texts_has_a_limit_in_memory_and_every_row_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.engine.translations.OPEN_MAX", 2)
    net = both()
    said = [net.say(ALBA, "T1", text=f"text {number}", precedence=Precedence.FLASH) for number in range(3)]
    net.run(601)
    assert all(told(net, BORA, each)["overdue"] for each in said)
    assert "FLASH 2 since" in alarms(net, BORA)[0]
    assert OPEN_MAX == 1_000, "of one party: more than a watch ever has before it, less than a flood"


def test_a_flood_of_one_member_s_texts_keeps_no_other_member_s_off_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit was one for all: what another member said FLASH had no alarm, before and after a restart."""
    monkeypatch.setattr("openline.engine.translations.OPEN_MAX", 2)
    net = Net(parties=3)
    net.start_all()
    for number in range(4):
        net.say(CENDRA, "T1", text=f"text {number}")
    net.say(ALBA, "T1", text="Всё тихо", precedence=Precedence.FLASH)
    net.run(601)
    assert "FLASH 1 since" in alarms(net, BORA)[0]
    net.start(BORA)
    net.run(1)
    assert "FLASH 1 since" in alarms(net, BORA)[0]


@pytest.mark.parametrize("row", [encode([1, 2]), encode(["text"] * 9)])
def test_a_row_that_is_not_of_its_form_stops_the_station(row: bytes) -> None:
    net = both()
    out = net.state(BORA).given.out
    out.keep(TABLE, net.setting.line + bytes(32), row)
    with pytest.raises(StorageFailed):
        Translations(net.setting.line, TranslationLimits(), out)
