"""What fuzzing found, each mended, each still tried with the input that showed it."""

import pytest

from fuzz.boundary_targets import FOREIGN_ALERT
from fuzz.live_targets import Bench
from fuzz.targets import TARGETS
from openline.catalogue.formats import from_cap
from openline.engine.acts import decode_act
from openline.engine.views import messages
from openline.errors import Misuse
from openline.wire.cbor import Value, encode
from openline.wire.entry import encode_entry, entry_signed
from openline.wire.envelope import Type
from openline.wire.statement import digest

NOBODYS_KIND = 254


@pytest.mark.parametrize("first", [[], {}, [1], True])
def test_an_act_that_begins_with_no_number_is_unknown(first: Value) -> None:
    with pytest.raises(Misuse, match="unknown"):
        decode_act(encode([first, 1]))


def test_a_message_of_a_kind_that_no_catalogue_has_does_not_close_the_inbox() -> None:
    bench = Bench()
    stage = bench.scene
    said = encode([1, bench.now.utc, NOBODYS_KIND, 1, 1, None, "words"])
    salt_seed = bench.station.lines[bench.line].state.documents.salt_seed(stage.peer >> 8)
    signed = entry_signed(bench.line, stage.peer_hash, stage.generation, stage.said, digest(salt_seed, said), b"")
    signature = bench.suite.sign(stage.peer_home.keys.sign, signed)
    bench.bring(Type.ENTRY, encode_entry(stage.said, said, (), signature))
    shown = messages(bench.station.meanings[bench.line], bench.now, sent=False)
    assert [message["kind"] for message in shown][-1] == str(NOBODYS_KIND)
    assert len(shown) == 2
    bench.look()


@pytest.mark.parametrize(
    ("target", "data"),
    [
        ("request-line", b"[" * 12_000),
        ("act", bytes.fromhex("828005")),
    ],
)
def test_the_input_that_showed_it_is_refused_as_documented(target: str, data: bytes) -> None:
    assert not TARGETS[target].accepts(data)


@pytest.mark.parametrize(
    ("old", "new", "when", "lost"),
    [
        ("2026-01-01T01:00:00+01:00", "6576-01-01T01:00:00+01:00", "UNKNOWN", ["onset: 6576", "expires: 2026"]),
        ("2026-01-02T00:00:00", "6576-01-02T00:00:00", "2026-01-01T00:00Z/..", ["expires: 6576"]),
        ("2026-01-02T00:00:00-00:00", "2025-01-02T00:00:00-00:00", "2026-01-01T00:00Z/..", ["expires: 2025"]),
        ("nothing", "nothing", "2026-01-01T00:00Z/2026-01-02T00:00Z", []),
    ],
)
def test_a_time_of_an_alert_that_cannot_be_said_here_is_listed_as_lost_and_not_proposed(
    old: str, new: str, when: str, lost: list[str]
) -> None:
    proposal = from_cap(FOREIGN_ALERT.replace(old.encode(), new.encode()))
    assert proposal.fields["when"] == when
    told = [line.partition("-")[0] for line in proposal.lost if line.startswith(("onset", "expires"))]
    assert told == lost
    assert TARGETS["cap"].accepts(FOREIGN_ALERT.replace(old.encode(), new.encode()))
