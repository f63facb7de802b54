"""The deputies of a watch: called at their hours, shown, and found out when they are no officers any more."""

from openline.charter import ItemClass
from openline.dialogue.escalation import Duty, Rota, Step
from openline.engine.alarms import in_force
from openline.engine.local_rules import LocalRules
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Precedence
from tests.engine.pair import ALBA, BORA, Net


def called(net: Net) -> list[str]:
    station = net.nodes[BORA].station
    assert station is not None
    return [alarm for alarm in in_force(station.meanings, net.utc) if alarm.startswith(("CALL", "ROTA"))]


def watched(*steps: Step) -> Net:
    net = Net()
    net.local[BORA] = LocalRules(rota=Rota(steps))
    net.start_all()
    return net


def test_who_is_not_on_duty_is_passed_over_and_the_next_is_called() -> None:
    never = Duty(frozenset())
    net = watched(Step(0, "officer 1", 1, never), Step(60, "officer 2", 2))
    net.say(ALBA, "Q1", fields={"statement": "All is well"}, precedence=Precedence.FLASH)
    net.run(200)
    assert called(net) == [], "not acknowledged after 180 seconds; the first deputy is not on duty"
    net.run(60)
    (call,) = called(net)
    assert call.startswith("CALL officer 2 ")
    shown = net.lines(BORA)["rota"]
    assert [(each["officer"], each["on_duty"], each["in_roster"]) for each in shown] == [
        (1, False, True),
        (2, True, True),
    ]
    assert [(each["call"], each["after_minutes"], each["when"]) for each in shown] == [
        ("officer 1", 0, never.words()),
        ("officer 2", 1, Duty().words()),
    ]
    assert net.lines(ALBA)["rota"] == []


def test_a_deputy_who_is_no_officer_any_more_is_an_alarm_and_no_reason_to_stop() -> None:
    net = watched(Step(0, "officer 2", 2), Step(60, "officer 9", 9))
    assert [alarm[-40:] for alarm in called(net)] != []
    assert "officer 9 is called by the rota" in called(net)[0]
    net.bring(BORA, DocumentClass.STOP, net.stop_notice(BORA >> 8, ItemClass.OFFICER, 2))
    assert len(called(net)) == 2
    net.run(10)
    assert any("officer 2 is called by the rota" in alarm for alarm in net.nodes[BORA].sounds[-1])
    net.stop(BORA)
    net.start(BORA)
    assert [each["in_roster"] for each in net.lines(BORA)["rota"]] == [False, False]
