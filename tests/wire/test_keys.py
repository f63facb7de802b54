"""R33 and R34: a weak Ed25519 key is refused by its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Forged, Malformed
from openline.wire.keys import FIELD_PRIME, refuse_weak_key

P = FIELD_PRIME
D = -121665 * pow(121666, -1, P) % P
BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the base point
IDENTITY = (0, 1)

Point = tuple[int, int]


def add(first: Point, second: Point) -> Point:
    """The addition law of RFC 8032, section 5.1.4, in plain coordinates."""
    (x1, y1), (x2, y2) = first, second
    cross = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + cross, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - cross, -1, P) % P,
    )


def multiply(number: int, point: Point) -> Point:
    result = IDENTITY
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def x_of(y: int) -> int | None:
    """A square root of (y² - 1)/(d·y² + 1), if there is one."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    for candidate in (root, root * pow(2, (P - 1) // 4, P) % P):
        if candidate * candidate % P == square:
            return candidate
    return None


def encoded(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def torsion() -> set[Point]:
    """The eight points of small order, found by throwing the large order out of arbitrary points."""
    found: set[Point] = set()
    for y in range(2, 60):
        x = x_of(y)
        if x is not None:
            found.add(multiply(ORDER, (x, y)))
    for point in list(found):
        found |= {multiply(number, point) for number in range(8)}
    return found


def test_the_arithmetic_used_here_is_that_of_the_curve() -> None:
    assert multiply(ORDER, BASE) == IDENTITY
    assert multiply(2, BASE) == add(BASE, BASE)


def test_every_point_of_small_order_is_refused_r34() -> None:
    points = torsion()
    assert len(points) == 8
    for point in points:
        with pytest.raises(Forged) as caught:
            refuse_weak_key(encoded(point))
        assert caught.value.rule == "R34"


@pytest.mark.parametrize("y", [1, P - 1])
def test_zero_with_a_sign_is_refused_as_well_r34(y: int) -> None:
    with pytest.raises(Forged):
        refuse_weak_key((y | 1 << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("y", [*range(P, 2**255)])
@pytest.mark.parametrize("sign", [0, 1])
def test_a_y_that_is_not_below_the_prime_is_refused_r33(y: int, sign: int) -> None:
    with pytest.raises(Malformed) as caught:
        refuse_weak_key((y | sign << 255).to_bytes(32, "little"))
    assert caught.value.rule == "R33"


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused_r33(length: int) -> None:
    with pytest.raises(Malformed) as caught:
        refuse_weak_key(b"\x09" * length)
    assert caught.value.rule == "R33"


@given(st.integers(min_value=1, max_value=ORDER - 1))
def test_keys_that_people_make_pass(secret: int) -> None:
    refuse_weak_key(encoded(multiply(secret, BASE)))
