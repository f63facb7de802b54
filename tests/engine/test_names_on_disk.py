"""What a station has kept is read by the next version of the program: under which names it is kept is a promise.

A name may be added here.  One that is changed would begin every station anew without what it held.
"""

from openline.delivery import accepting, apart, charter_in_use, heads, keys_in_use, peaks, recovering, rows
from openline.engine import Act, drafting, lateness, line_states, meaning, principal, translations
from tests.engine.pair import ALBA, BORA, Net

DELIVERY = {
    accepting: {
        "FORKS": "fork", "GENERATION_FORKS": "fork-generation", "PREDECESSOR": "predecessor", "SHOWN_AT": "shown-at",
        "SAID_AGAIN": "said-again", "REFUSED": "refused",
    },
    apart: {"APART": "apart"},
    charter_in_use: {"USED": "charter-used", "KNOWN": "charter-known"},
    heads: {"HEAD": "head", "BASE": "head-base"},
    keys_in_use: {"KEYRING": "keyring", "SENDER": "sender", "RECEIVER": "receiver", "ANNOUNCED": "announced"},
    peaks: {"PEAKS": "peaks", "EDGE": "peaks-edge"},
    recovering: {"RECOVERING": "recovering", "RECOVERED": "recovered"},
    rows: {
        "LOG": "log", "PRESENTED": "presented", "RECEIPTED": "receipted", "RECEIPT": "receipt", "FURTHER": "further",
        "SHOWN": "shown", "GREETING": "greeting", "ANSWERED": "answered", "NEWEST": "newest",
        "GENERATION": "generation", "WATCH": "watch",
    },
}  # fmt: skip
ENGINE = {
    drafting: {"NUMBERS": "draft-number"},
    lateness: {"LATE": "late"},
    line_states: {"TABLE": "line-state"},
    meaning: {"DESK": "desk-"},
    principal: {"TABLE": "principal-note"},
    translations: {"TABLE": "translation"},
}
DESK = ("said", "reminder", "silenced", "followed-up", "attended", "draft", "draft-over")


def test_what_is_kept_is_kept_under_the_names_under_which_it_is_looked_for() -> None:
    for module, names in (DELIVERY | ENGINE).items():
        assert {name: getattr(module, name) for name in names} == names
    assert meaning.DESK_TABLES == DESK, "all that a desk keeps is read back at a start"


def test_a_station_keeps_nothing_under_another_name() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="good morning")
    asked = net.say(BORA, "Q1", fields={"statement": "All is well"})
    net.run(70)
    net.show(ALBA)
    net.say(ALBA, "YES", ref=asked)
    net.run(3_700)
    known = {name for names in (DELIVERY | ENGINE).values() for name in names.values()} | {"documents"}
    known |= {f"desk-{name}" for name in DESK}
    for node in net.nodes.values():
        assert {name for name, kept in node.ledger.tables.items() if kept} <= known


def test_an_act_is_the_same_for_a_console_of_another_version() -> None:
    assert {act.name: int(act) for act in Act} == {
        "PRESENTED": 0, "WATCH": 1, "REKEY": 2, "ROLLED_BACK": 3, "DRAFT": 4, "APPROVE": 5, "REFUSE": 6, "DROP": 7,
        "REMIND": 8, "TRANSLATE": 9, "ATTEND": 10, "FOLLOW_UP": 11, "NOTE_PRINCIPAL": 12,
    }  # fmt: skip
