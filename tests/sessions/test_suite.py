"""The real suite: what it makes verifies and opens, and nothing else does; keys that mean nothing are refused."""

from hashlib import sha512

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Forged, Malformed, Misuse
from openline.ports import Suite
from openline.sessions import RealSuite, suite
from tests.sessions.pair import SUITE
from tests.wire.test_keys import BASE, IDENTITY, ORDER, add, encoded, multiply, torsion

SEED = bytes(range(32))
KEY, NONCE = bytes(32), bytes(12)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


def test_it_is_a_suite_as_the_ports_describe_it() -> None:
    taken: Suite = RealSuite()
    assert len(taken.public(SEED)) == 32


def test_the_first_vector_of_rfc_8032_is_signed_as_published() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert SUITE.public(seed).hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert SUITE.sign(seed, b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


def test_the_first_vector_of_rfc_5869_is_derived_as_published() -> None:
    derived = SUITE.derive(bytes([0x0B]) * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)))
    assert derived.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


def test_a_vector_of_rfc_8452_is_sealed_as_published() -> None:
    key, nonce = bytes([1]) + bytes(31), bytes([3]) + bytes(11)
    sealed = SUITE.seal(key, nonce, bytes.fromhex("0100000000000000"), b"")
    assert sealed.hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"


@given(st.integers(min_value=0, max_value=511))
def test_a_signature_with_any_bit_changed_is_refused_r40(bit: int) -> None:
    signature = SUITE.sign(SEED, b"text")
    SUITE.verify(SUITE.public(SEED), signature, b"text")
    with pytest.raises(Forged) as caught:
        SUITE.verify(SUITE.public(SEED), flipped(signature, bit), b"text")
    assert caught.value.rule == "R40"


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused_r40(length: int) -> None:
    with pytest.raises(Forged):
        SUITE.verify(SUITE.public(SEED), bytes(length), b"text")


def test_a_signature_whose_s_is_not_below_the_order_is_refused_r40() -> None:
    signature = SUITE.sign(SEED, b"text")
    raised = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(Forged):
        SUITE.verify(SUITE.public(SEED), signature[:32] + raised.to_bytes(32, "little"), b"text")


def hash_of(point: bytes, public: bytes, data: bytes) -> int:
    return int.from_bytes(sha512(point + public + data).digest(), "little") % ORDER


def test_verification_is_cofactorless_so_that_all_judge_alike_r40() -> None:
    """A key with a small-order part signs so that only a check multiplied by eight would pass."""
    secret, nonce = 12_345, 67_890
    small = next(point for point in sorted(torsion()) if multiply(4, point) != IDENTITY)
    public = encoded(add(multiply(secret, BASE), small))
    point = encoded(multiply(nonce, BASE))
    data = next(text for text in map(str.encode, map(str, range(99))) if hash_of(point, public, text) % 8)
    s = (nonce + hash_of(point, public, data) * secret) % ORDER
    with pytest.raises(Forged) as caught:
        SUITE.verify(public, point + s.to_bytes(32, "little"), data)
    assert caught.value.rule == "R40"


def test_a_commitment_of_small_order_is_refused_so_that_all_judge_alike_r40() -> None:
    """Who signs so gives its key away; OpenSSL takes the identity as R, libsodium takes no such point."""
    secret = 12_345
    public = encoded(multiply(secret, BASE))
    for small in sorted(torsion()):
        point = encoded(small)
        s = hash_of(point, public, b"text") * secret % ORDER
        with pytest.raises(Forged) as caught:
            SUITE.verify(public, point + s.to_bytes(32, "little"), b"text")
        assert caught.value.rule == "R40"


def test_a_signature_does_not_borrow_its_end_from_what_was_signed_r40() -> None:
    """The library takes both as one string, so a signature a byte short would go on in the text."""
    signature = SUITE.sign(SEED, b"text")
    with pytest.raises(Forged) as caught:
        SUITE.verify(SUITE.public(SEED), signature[:-1], signature[-1:] + b"text")
    assert caught.value.rule == "R40"


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300))
def test_another_library_signs_the_same_and_takes_what_ours_signs(seed: bytes, data: bytes) -> None:
    other = Ed25519PrivateKey.from_private_bytes(seed)
    assert SUITE.public(seed) == other.public_key().public_bytes_raw()
    assert SUITE.sign(seed, data) == other.sign(data)
    other.public_key().verify(SUITE.sign(seed, data), data)


def test_a_weak_key_is_refused_before_its_signature_is_looked_at() -> None:
    """Under the identity point one signature fits every message; the library alone would accept it."""
    everything = encoded(multiply(5, BASE)) + (5).to_bytes(32, "little")
    with pytest.raises(Forged) as weak:
        SUITE.verify(encoded(IDENTITY), everything, b"anything at all")
    assert weak.value.rule == "R34"
    with pytest.raises(Malformed) as short:
        SUITE.verify(b"short", everything, b"anything at all")
    assert short.value.rule == "R33"


@pytest.mark.parametrize("y", [2, 7, 8])
def test_a_key_that_is_no_point_verifies_nothing_r40(y: int) -> None:
    with pytest.raises(Forged) as caught:
        SUITE.verify(y.to_bytes(32, "little"), SUITE.sign(SEED, b"text"), b"text")
    assert caught.value.rule == "R40"


@given(st.binary(max_size=64), st.binary(max_size=16), st.integers(min_value=0))
def test_a_seal_opens_whole_or_not_at_all_r41(text: bytes, header: bytes, bit: int) -> None:
    sealed = SUITE.seal(KEY, NONCE, text, header)
    assert len(sealed) == len(text) + 16
    assert SUITE.open(KEY, NONCE, sealed, header) == text
    attempts = [
        (KEY, NONCE, flipped(sealed, bit), header),
        (KEY, NONCE, sealed, header + b"\0"),
        (KEY, flipped(NONCE, bit), sealed, header),
        (flipped(KEY, bit), NONCE, sealed, header),
        (KEY, NONCE, sealed[:15], header),
    ]
    for attempt in attempts:
        with pytest.raises(Forged) as caught:
            SUITE.open(*attempt)
        assert caught.value.rule == "R41"


def test_hpke_opens_with_its_prekey_and_its_context_only_r42() -> None:
    public = SUITE.prekey_public(SEED)
    sealed = SUITE.seal_to(public, b"secret", b"info")
    assert (len(public), len(sealed)) == (1_216, 1_120 + 6 + 16)
    assert SUITE.open_from(SEED, sealed, b"info") == b"secret"
    attempts = [(bytes(32), sealed, b"info"), (SEED, sealed, b"other"), (SEED, flipped(sealed, 9_000), b"info")]
    for attempt in [*attempts, (SEED, sealed[:-1], b"info"), (SEED, b"", b"info")]:
        with pytest.raises(Forged) as caught:
            SUITE.open_from(*attempt)
        assert caught.value.rule == "R42"


@pytest.mark.parametrize("public", [b"", bytes(1_215), b"\xff" * 1_216, bytes(1_217)])
def test_what_is_no_prekey_cannot_be_sealed_to_r42(public: bytes) -> None:
    with pytest.raises(Forged) as caught:
        SUITE.seal_to(public, b"secret", b"info")
    assert caught.value.rule == "R42"


def test_heads_are_signed_with_ml_dsa_44_r43() -> None:
    public, signature = SUITE.head_public(SEED), SUITE.sign_head(SEED, b"head")
    assert (len(public), len(signature)) == (1_312, 2_420)
    SUITE.verify_head(public, signature, b"head")
    for attempt in [(public, signature, b"other"), (public, b"", b"head"), (public[:-1], signature, b"head")]:
        with pytest.raises(Forged) as caught:
            SUITE.verify_head(*attempt)
        assert caught.value.rule == "R43"


def test_roots_sign_with_ml_dsa_65_r44() -> None:
    public, signature = SUITE.root_public(SEED), SUITE.sign_root(SEED, b"charter")
    assert (len(public), len(signature)) == (1_952, 3_309)
    SUITE.verify_root(public, signature, b"charter")
    for attempt in [(public, signature, b"other"), (public, b"", b"charter"), (b"", signature, b"charter")]:
        with pytest.raises(Forged) as caught:
            SUITE.verify_root(*attempt)
        assert caught.value.rule == "R44"


def test_a_library_without_the_needed_parts_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(seed: bytes) -> None:
        raise UnsupportedAlgorithm("not in this build")

    monkeypatch.setattr(suite, "_mldsa44", lacking)
    with pytest.raises(Misuse) as caught:
        RealSuite()
    assert "wheel" in caught.value.hint


def test_no_key_lives_on_in_a_cache_once_it_is_to_be_forgotten() -> None:
    real = RealSuite()
    sealed = real.seal(bytes([5]) * 32, bytes(12), b"text", b"")
    real.sign(bytes([6]) * 32, b"data")
    real.open_from(bytes([7]) * 32, real.seal_to(real.prekey_public(bytes([7]) * 32), b"secret", b""), b"")
    real.sign_head(bytes([8]) * 32, b"data")
    real.sign_root(bytes([9]) * 32, b"data")
    caches = (suite._ed25519, suite._gcm_siv, suite._prekey, suite._mldsa44, suite._mldsa65)
    assert all(cache.cache_info().currsize for cache in caches)
    real.forget()
    assert not any(cache.cache_info().currsize for cache in caches)
    assert real.open(bytes([5]) * 32, bytes(12), sealed, b"") == b"text"
