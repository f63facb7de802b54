"""Runs: no key meets a nonce twice, an envelope opens once it is whole, and sizes are what the protocol promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Forged, Malformed, OpenlineError
from openline.limits import EPOCHS_LIVE_MAX
from openline.sessions import Epoch, ReceivingRuns, SendingRun, run_key
from openline.sessions.epochs import BOUND_BYTES
from openline.sessions.runs import RUNS_KNOWN_MAX
from openline.wire import contexts
from openline.wire.cbor import Value
from openline.wire.entry import encode_entry
from openline.wire.envelope import Type, split_sealed
from openline.wire.payloads import encode_receipt
from openline.wire.statement import Option, Statement, encode_statement
from tests.sessions.pair import NOON, SUITE, Pair, secret

EPOCH = Epoch(secret(1), bytes(BOUND_BYTES))
OTHER = Epoch(secret(2), bytes(BOUND_BYTES))
SIGNATURE = bytes(64)


def run(epoch: Epoch = EPOCH, name: bytes = b"run1") -> SendingRun:
    return SendingRun(SUITE, epoch, name)


def receiving() -> ReceivingRuns:
    return ReceivingRuns(SUITE)


@given(kind=st.sampled_from(Type), payload=st.binary(max_size=600), padded=st.booleans())
def test_what_was_sealed_opens_with_its_type(kind: Type, payload: bytes, *, padded: bool) -> None:
    opened = receiving().open(run().seal(kind, payload, padded=padded), [OTHER, EPOCH])
    assert (opened.epoch, opened.type, opened.payload) == (EPOCH, kind, payload)


def test_the_key_is_derived_from_the_secret_the_run_and_all_that_the_epoch_binds() -> None:
    expected = SUITE.derive(secret(1), b"run1", contexts.RUN + bytes(BOUND_BYTES))
    assert run_key(SUITE, EPOCH, b"run1") == expected
    rebound = Epoch(secret(1), bytes(BOUND_BYTES - 1) + b"\1")
    assert len({expected, run_key(SUITE, EPOCH, b"run2"), run_key(SUITE, rebound, b"run1")}) == 3


def test_counters_rise_so_no_nonce_comes_twice() -> None:
    sending = run()
    counters = [split_sealed(sending.seal(Type.SAID, b"", padded=False)).counter for _ in range(300)]
    assert counters == list(range(300))


def test_the_order_of_arrival_does_not_matter_and_a_repeat_opens_again() -> None:
    sending, receiver = run(), receiving()
    envelopes = [sending.seal(Type.SAID, bytes((number,)), padded=False) for number in range(5)]
    for number in (4, 0, 3, 3, 1):
        assert receiver.open(envelopes[number], [EPOCH]).payload == bytes((number,))


@given(st.integers(min_value=0))
def test_a_changed_bit_opens_under_nothing_r53(bit: int) -> None:
    envelope = bytearray(run().seal(Type.ENTRY, b"payload", padded=False))
    envelope[bit // 8 % len(envelope)] ^= 1 << bit % 8
    with pytest.raises(OpenlineError) as caught:
        receiving().open(bytes(envelope), [EPOCH])
    assert isinstance(caught.value, Forged | Malformed)


def test_an_unknown_epoch_is_refused_r53() -> None:
    with pytest.raises(Forged) as caught:
        receiving().open(run().seal(Type.SAID, b"", padded=False), [OTHER])
    assert caught.value.rule == "R53"


def test_an_unknown_run_is_tried_on_no_more_epochs_than_a_sender_may_have_r53() -> None:
    envelope = run().seal(Type.SAID, b"", padded=False)
    with pytest.raises(Forged) as caught:
        receiving().open(envelope, [OTHER] * EPOCHS_LIVE_MAX + [EPOCH])
    assert caught.value.rule == "R53"


def test_a_known_run_needs_no_candidates_until_its_epoch_is_forgotten() -> None:
    sending, receiver = run(), receiving()
    receiver.open(sending.seal(Type.SAID, b"", padded=False), [EPOCH])
    assert receiver.open(sending.seal(Type.SAID, b"two", padded=False), []).payload == b"two"
    receiver.forget_all_but([OTHER])
    with pytest.raises(Forged):
        receiver.open(sending.seal(Type.SAID, b"three", padded=False), [])


def test_two_epochs_whose_runs_drew_one_id_are_told_apart() -> None:
    receiver = receiving()
    for epoch in (EPOCH, OTHER, EPOCH):
        assert receiver.open(run(epoch).seal(Type.SAID, b"", padded=False), [EPOCH, OTHER]).epoch == epoch


def test_the_runs_remembered_are_bounded_and_a_forgotten_one_is_found_again() -> None:
    receiver = receiving()
    envelopes = [
        run(name=number.to_bytes(4, "big")).seal(Type.SAID, b"", padded=False) for number in range(RUNS_KNOWN_MAX + 1)
    ]
    for envelope in envelopes:
        receiver.open(envelope, [EPOCH])
    receiver.open(envelopes[-1], [])
    with pytest.raises(Forged):
        receiver.open(envelopes[0], [])
    assert receiver.open(envelopes[0], [EPOCH]).epoch == EPOCH


# ---------------------------------------------------------------- the table of sizes in the protocol


def late_in_a_run() -> SendingRun:
    """A run whose counter is at the end of what two bytes hold."""
    sending = run()
    sending._counter = 16_383
    return sending


def text_of(text: str, ref: bytes = b"") -> bytes:
    options: dict[int, Value] = {Option.REF: ref} if ref else {}
    statement = Statement(charter=1, authored=NOON, kind=0, officer=1, body=text or None, options=options)
    return encode_entry(16_383, encode_statement(statement), (), SIGNATURE)


def test_a_text_of_40_characters_costs_143_bytes_on_a_slow_link() -> None:
    assert len(late_in_a_run().seal(Type.ENTRY, text_of("a" * 40), padded=False)) == 143


def test_a_receipt_costs_94_bytes_on_a_slow_link() -> None:
    assert len(late_in_a_run().seal(Type.STORED, encode_receipt(16_383, NOON, [], SIGNATURE), padded=False)) == 94


def test_a_further_place_costs_a_receipt_one_byte_more() -> None:
    payload = encode_receipt(16_380, NOON, [16_383], SIGNATURE)
    assert len(late_in_a_run().seal(Type.STORED, payload, padded=False)) == 95


def test_an_acknowledgement_costs_124_bytes_on_a_slow_link() -> None:
    assert len(late_in_a_run().seal(Type.ENTRY, text_of("", bytes(20)), padded=False)) == 124


@given(st.binary(max_size=2_000))
def test_on_a_good_link_every_size_is_a_power_of_two_from_256(payload: bytes) -> None:
    size = len(run().seal(Type.ENTRY, payload, padded=True))
    assert size >= 256
    assert size & (size - 1) == 0
    assert size // 2 < max(256, 7 + 2 + len(payload) + 16)


def test_a_restart_uses_another_key_without_another_announcement() -> None:
    pair = Pair()
    pair.meet(NOON)
    before, after = pair.seal(b"said", b"run1"), pair.seal(b"said", b"run2")
    assert split_sealed(before).counter == split_sealed(after).counter == 0
    assert split_sealed(before).text != split_sealed(after).text
    assert pair.receiver.open(before, NOON).payload == pair.receiver.open(after, NOON).payload
