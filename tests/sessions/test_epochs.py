"""An announcement gives one station one secret; whatever is changed about it, nothing opens."""

from dataclasses import replace

import pytest

from openline.errors import Forged, Inadmissible, Malformed
from openline.identifiers import LineId, station_id
from openline.sessions import (
    ANNOUNCEMENT_BYTES,
    Epoch,
    Identity,
    announce,
    make_prekey,
    open_announcement,
    prekey_tag,
)
from openline.sessions.epochs import BOUND_BYTES
from openline.wire import contexts
from tests.sessions.pair import (
    ALBA,
    ALBA_SEED,
    BORA,
    BORA_SEED,
    GENERATION,
    LINE,
    NOON,
    OTHER_LINE,
    ROSTER,
    SUITE,
    secret,
)

PREKEY = make_prekey(SUITE, LINE, BORA, BORA_SEED, secret(1), NOON, fresh=True)


def made(*, line: LineId = LINE, sender: Identity = ALBA, seed: bytes = ALBA_SEED) -> tuple[Epoch, bytes]:
    return announce(SUITE, line, sender, seed, BORA.hash, PREKEY, secret(7), NOON, GENERATION, fresh=True)


def opened(announcement: bytes, *, receiver_hash: bytes = BORA.hash, prekey_hash: bytes = PREKEY.hash) -> Epoch:
    return open_announcement(SUITE, announcement, LINE, receiver_hash, prekey_hash, secret(1), ROSTER.get)


def test_an_announcement_has_1248_bytes_and_names_its_prekey() -> None:
    _, announcement = made()
    assert len(announcement) == ANNOUNCEMENT_BYTES == 1_248
    assert prekey_tag(announcement) == PREKEY.tag


def test_both_ends_hold_the_same_epoch_and_it_binds_all_that_was_announced() -> None:
    epoch, announcement = made()
    assert opened(announcement) == epoch
    assert (epoch.sender, epoch.created, epoch.generation, epoch.fresh) == (ALBA.station, NOON, GENERATION, True)
    stated = bytes((1, 1, 1)) + NOON.to_bytes(4, "big") + GENERATION.to_bytes(4, "big")
    assert epoch.bound == LINE + BORA.hash + PREKEY.hash + stated + ALBA.hash
    assert len(epoch.bound) == BOUND_BYTES
    assert secret(7).hex() not in repr(epoch)


@pytest.mark.parametrize("length", [0, 1_247, 1_249])
def test_another_length_is_no_announcement_r48(length: int) -> None:
    with pytest.raises(Malformed) as caught:
        opened(b"\2" * length)
    assert caught.value.rule == "R48"


def test_another_version_is_no_announcement_r48() -> None:
    with pytest.raises(Malformed) as caught:
        opened(b"\1" + made()[1][1:])
    assert caught.value.rule == "R48"


def sealed(text: bytes) -> bytes:
    info = contexts.EPOCH + LINE + BORA.hash + PREKEY.hash
    return b"\2" + PREKEY.tag + SUITE.seal_to(PREKEY.public, text, info)


def test_a_fresh_flag_inside_is_0_or_1_r48() -> None:
    with pytest.raises(Malformed) as caught:
        opened(sealed(bytes((1, 1, 2)) + bytes(104)))
    assert caught.value.rule == "R48"


def test_an_announcement_for_another_line_does_not_open() -> None:
    with pytest.raises(Forged) as caught:
        opened(made(line=OTHER_LINE)[1])
    assert caught.value.rule == "R42"


def test_an_announcement_for_another_receiver_or_prekey_does_not_open() -> None:
    _, announcement = made()
    with pytest.raises(Forged):
        opened(announcement, receiver_hash=ALBA.hash)
    with pytest.raises(Forged):
        opened(announcement, prekey_hash=bytes(32))


def test_nobody_announces_in_anothers_name() -> None:
    with pytest.raises(Forged) as caught:
        opened(made(seed=BORA_SEED)[1])
    assert caught.value.rule == "R40"


def test_a_station_outside_the_rosters_cannot_announce_r50() -> None:
    stranger = replace(ALBA, station=station_id(1, 2))
    with pytest.raises(Inadmissible) as caught:
        opened(made(sender=stranger)[1])
    assert caught.value.rule == "R50"


def test_our_own_announcement_reflected_to_us_is_refused_r50() -> None:
    with pytest.raises(Inadmissible) as caught:
        opened(made(sender=BORA, seed=BORA_SEED)[1])
    assert caught.value.rule == "R50"
