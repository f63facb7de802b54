"""Each object that people and programs are shown, whole: the name of every field is a promise to those who read it.

A field may be added without a change here; none may be renamed, left out, or say something else.
"""

from datetime import UTC, datetime
from hashlib import sha256

from openline.charter import Rules
from openline.delivery.accepting import GENERATION_FORKS
from openline.delivery.rows import log_key
from openline.engine import Act
from openline.engine.silence import MEANING, Word
from openline.engine.views import Json, drafts, forks, moment, options
from openline.wire.cbor import Value
from openline.wire.entry import decode_entry
from openline.wire.numbers import u32
from openline.wire.statement import Authority, Option, Precedence, PrincipalApproved, Statement, Status
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net, force
from tests.engine.test_forks import two_stories
from tests.engine.test_release import LAUNCH, TWO

HOUR = 3_600


def among(shown: Json, expected: Json) -> None:
    """Every expected field is there and says exactly this."""
    assert {name: shown.get(name, "missing") for name in expected} == expected


def test_times_are_written_in_utc_to_the_second() -> None:
    at = int(datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC).timestamp())
    assert moment(at) == "2026-03-04T05:06:07Z"


def test_a_message_is_shown_with_all_its_fields_and_what_came_of_it() -> None:
    net = Net(parties=3)
    net.start_all()
    net.say(ALBA, "T1", text="the first")
    authored = net.utc
    given = {Option.ACTION: [2], Option.RESPOND_BY: authored + 2 * HOUR, Option.VALIDITY: [authored, authored + HOUR]}
    said = net.say(
        ALBA, "Q1", fields={"statement": "All is well"}, options=given, officer=2,
        authority=Authority.RELEASER, precedence=Precedence.PRIORITY, status=Status.EXERCISE,
    )  # fmt: skip
    net.run(1)
    net.run(5)
    net.show(BORA)
    shown_at = net.utc
    net.run(5)
    acknowledged = net.say(BORA, "ACKNOWLEDGED", ref=said, status=Status.EXERCISE)
    acknowledged_at = net.utc
    net.run(1)
    seen = net.one(ALBA, said)
    among(seen, {
        "id": said.hex(), "line": net.setting.line[:16].hex(), "exercise": "EXERCISE", "from": "alba-1", "officer": 2,
        "seq": 1, "generation": net.state(ALBA).generation, "kind": "Q1", "precedence": "PRIORITY",
        "authority": "RELEASER", "authored": moment(authored), "approved_by": [],
        "action": ["bora"], "respond_by": moment(authored + 2 * HOUR),
        "valid_from": moment(authored), "valid_until": moment(authored + HOUR),
        "fields": {"statement": "All is well"}, "standing": "CURRENT", "late": None, "crossed": [],
        "complete": ["stored", "acknowledged"],  # Cendra owes no reply, but its officers have been shown nothing
        "dialogues": [{"with": "bora", "state": "OPEN", "due": moment(authored + 2 * HOUR)}],
    })  # fmt: skip
    status = seen["status"]
    assert list(status) == ["stored", "presented", "acknowledged", "passed_on", "answered"]
    assert {mark["station"]: mark["time"] for mark in status["stored"]} == dict.fromkeys(
        ("bora-1", "cendra-1"), moment(authored)
    )
    (presented,) = status["presented"]
    among(presented, {"station": "bora-1", "signer": "bora-1", "time": moment(shown_at)})
    (taken,) = status["acknowledged"]
    among(taken, {
        "station": "bora-1", "signer": "officer 1", "time": moment(acknowledged_at), "proof": acknowledged.hex(),
    })  # fmt: skip


def test_every_option_is_shown_under_its_name_and_only_those_that_there_are() -> None:
    net = Net(parties=3)
    net.start_all()

    def shown(given: dict[int, Value]) -> Json:
        return options(net.meaning(ALBA), Statement(1, net.utc, 1, 1, options=given))

    at = 1_700_000_000
    assert shown({}) == {}
    assert shown({
        Option.REF: bytes(range(20)), Option.RESPOND_BY: at, Option.PASS_TO: "coast guard", Option.ACTION: [2, 3],
        Option.CLEARANCE: ["press"],
    }) == {
        "ref": bytes(range(20)).hex(), "respond_by": moment(at), "pass_to": "coast guard", "action": ["bora", "cendra"],
        "clearance": ["press"],
    }  # fmt: skip
    assert shown({Option.VALIDITY: [at, None]}) == {"valid_from": moment(at), "valid_until": None}
    assert shown({Option.VALIDITY: [None, at]}) == {"valid_from": None, "valid_until": moment(at)}


def test_an_answer_is_shown_with_its_word_and_closes_the_dialogue() -> None:
    net = Net()
    net.start_all()
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    answer = net.say(BORA, "YES", ref=asked)
    net.run(1)
    for me in (ALBA, BORA):
        seen = net.one(me, asked)
        (answered,) = seen["status"]["answered"]
        among(answered, {"station": "bora-1", "signer": "officer 1", "words": "YES", "proof": answer.hex()})
        (dialogue,) = seen["dialogues"]
        among(dialogue, {"with": "bora", "state": "CLOSED"})
    assert net.one(BORA, answer)["ref"] == asked.hex()[:40]


def test_a_refused_message_is_shown_without_a_word_of_what_it_says() -> None:
    net = Net(rules=TWO)
    net.start_all()
    data = net.statement(ALBA, "N1", fields=LAUNCH)
    said = force(net, ALBA, data, net.approvals(ALBA, data, 1))
    net.run(1)
    seen = net.one(BORA, said)
    among(seen, {"id": said.hex(), "kind": "N1", "fields": {}, "status": {}})
    assert set(seen["refused"]) == {"rule", "reason"}
    assert "dialogues" not in seen


def test_a_draft_is_shown_with_who_has_approved_and_who_is_missing() -> None:
    net = Net(rules=TWO)
    net.start_all()
    authored = net.utc
    data = net.statement(ALBA, "N1", fields=LAUNCH, officer=2, principal=PrincipalApproved.YES)
    draft = net.act(ALBA, Act.DRAFT, data, None).digest
    assert net.act(ALBA, Act.APPROVE, draft[:8], 1, net.approval(ALBA, data, 1)).good
    (seen,) = drafts(net.meaning(ALBA))
    among(seen, {
        "id": draft.hex(), "line": net.setting.line[:16].hex(), "exercise": "TEST", "kind": "N1",
        "precedence": "ROUTINE", "authority": "DUTY_OFFICER", "principal": "YES", "drafted_by": 2,
        "authored": moment(authored), "state": "WAITING FOR APPROVAL", "needs": "duty officer and releaser",
        "approved_by": [1], "refused_by": None, "reason": "", "voided": 0,
    })  # fmt: skip
    fields: Anything = seen["fields"]
    assert fields["site"] == LAUNCH["site"]
    assert net.act(ALBA, Act.REFUSE, draft[:8], 2, "not today").good
    (refused,) = drafts(net.meaning(ALBA))
    among(refused, {"refused_by": 2, "reason": "not today"})


def test_a_line_is_shown_with_every_other_station() -> None:
    net = Net(rules=Rules(check_cadence_s=HOUR))
    net.start_all()
    started = net.utc - 2
    assert net.act(BORA, Act.WATCH).good
    watched = net.utc
    net.skew_s[BORA] = 7
    net.say(ALBA, "T1", text="one")
    net.say(BORA, "T1", text="two")
    net.run(121)
    shown = net.lines(ALBA)
    among(shown, {
        "line": net.setting.line[:16].hex(), "me": "alba-1", "charter": 1, "statuses": ["EXERCISE", "TEST"],
        "said_of_the_line": [], "closed": False, "generation": net.state(ALBA).generation, "recovering": False,
        "recovered": [], "said": 1, "outbox": 0, "kept_apart": 0,
        "paths": [{"path": "relay1.example:443", "open": True, "good": True}],
    })  # fmt: skip
    contact = net.peer(ALBA, BORA).contact
    among(net.about(ALBA, BORA), {
        "station": "bora-1", "word": "ANSWERS", "meaning": MEANING[Word.ANSWERS], "since": moment(contact.alive_utc),
        "known_by": "signed", "proof": contact.proof.hex(), "path": ["relay1.example:443"],
        "last_check": moment(contact.alive_utc), "round_trip_ms": 0, "clock_offset_s": 7, "clock_went_back": None,
        "flash_lane_misused": 0, "watch": moment(watched + 7), "stored": 1, "heads_not_fitting": 0,
        "epoch_since": moment(started), "epoch_overdue": False,
    })  # fmt: skip


def test_a_proof_of_two_stories_is_shown_with_both_entries_as_they_were_signed() -> None:
    net = Net(parties=3)
    two_stories(net, others=3)
    net.run(400)
    for me in (BORA, CENDRA):
        (fork,) = [each for each in forks(net.meaning(me)) if "entries" in each]
        entries: Anything = fork.pop("entries")
        assert fork == {
            "line": net.setting.line[:16].hex(), "station": "alba-1", "generation": fork["generation"], "seq": 3,
        }  # fmt: skip
        ((_, generation),) = net.state(me).forked
        assert fork["generation"] == generation
        first, second = (decode_entry(bytes.fromhex(entry)) for entry in entries)
        assert first != second
        assert sha256(bytes.fromhex(entries[0])).digest() != sha256(bytes.fromhex(entries[1])).digest()


def test_a_generation_that_two_others_follow_is_shown_with_both() -> None:
    net = Net()
    net.start_all()
    state = net.state(ALBA)
    one, other = net.utc, net.utc + 3_600  # a generation is the second in which it began
    state.given.out.keep(GENERATION_FORKS, log_key(state.line, BORA, 4), u32(one) + u32(other))
    assert forks(net.meaning(ALBA)) == [
        {"line": net.setting.line[:16].hex(), "station": "bora-1", "generation": 4, "followed_by": [one, other]}
    ]
