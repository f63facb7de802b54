"""Any valid message → bytes → the same message; any bytes → a message or one documented error."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openline.catalogue.kinds import (
    CATALOGUE,
    CatalogueError,
    Kind,
    body_from_json,
    body_to_json,
    read_body,
    write_body,
)
from openline.catalogue.kinds.values import FieldValue, Json
from openline.errors import Malformed
from openline.wire.cbor import decode, encode
from openline.wire.statement import Body
from tests.catalogue.kinds.strategies import bodies, every_kind, messages

# Building a value that every type allows takes longer than Hypothesis likes; the values are small all the same.
patient = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)


def read_bytes(kind: Kind, data: bytes) -> Body:
    value = decode(data)
    body: Body = value if isinstance(value, str | dict) else None
    read_body(kind, body)
    return body if value is not True else None


@given(messages())
@patient
def test_a_message_comes_back_from_its_bytes_as_it_was(message: tuple[Kind, dict[str, FieldValue]]) -> None:
    kind, values = message
    data = encode(write_body(kind, values))
    body = read_bytes(kind, data)
    assert read_body(kind, body) == values
    assert encode(body) == data


@given(messages())
@patient
def test_a_message_comes_back_from_its_json_as_it_was(message: tuple[Kind, dict[str, FieldValue]]) -> None:
    kind, values = message
    body = write_body(kind, values)
    assert body_from_json(kind, body_to_json(kind, body)) == body


@pytest.mark.parametrize("code", CATALOGUE.kinds)
@given(data=st.data())
@settings(max_examples=5, parent=patient)
def test_every_kind_round_trips(code: str, data: st.DataObject) -> None:
    kind = CATALOGUE.kind(code)
    body = write_body(kind, data.draw(bodies(kind)))
    assert decode(encode(body)) == body
    assert body_from_json(kind, body_to_json(kind, body)) == body


@given(messages(), st.data())
@patient
def test_changed_bytes_are_another_message_or_a_documented_error(
    message: tuple[Kind, dict[str, FieldValue]], data: st.DataObject
) -> None:
    kind, values = message
    good = bytearray(encode(write_body(kind, values)))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] ^= data.draw(st.integers(1, 255))
    try:
        value = decode(bytes(good))
    except Malformed:
        return
    body = value if isinstance(value, str | dict | None) else {}
    try:
        read = read_body(kind, body)
    except CatalogueError:
        return
    assert encode(write_body(kind, read)) == bytes(good)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.binary(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 23), inner, max_size=4),
    max_leaves=8,
)


@given(every_kind, st.dictionaries(st.integers(0, 23), json_values, max_size=6))
@patient
def test_any_map_is_a_body_or_one_documented_error(kind: Kind, body: Body) -> None:
    problem: CatalogueError | None = None
    try:
        assert write_body(kind, read_body(kind, body)) == body
    except CatalogueError as error:
        problem = error
    assert problem is None or (problem.kind == kind.code and problem.expected and problem.hint)


@given(
    every_kind,
    st.data(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    ),
)
@patient
def test_any_json_is_a_field_or_one_documented_error(kind: Kind, data: st.DataObject, given_value: Json) -> None:
    if not kind.fields:
        return
    field = data.draw(st.sampled_from(kind.fields))
    problem: CatalogueError | None = None
    try:
        body_from_json(kind, {field.name: given_value})
    except CatalogueError as error:
        problem = error
    assert problem is None or (problem.kind == kind.code and problem.expected and problem.hint)
