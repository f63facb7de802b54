"""The vocabulary itself keeps the rules that the engine, the store and the made world rely on."""

import typing

import pytest

import openline.ports
from openline.identifiers import LineId, PathId
from openline.ports import Effect, Event, Halt, Route, Row

EFFECTS = typing.get_args(Effect)
EVENTS = typing.get_args(Event)
ROWS = typing.get_args(Row)


@pytest.mark.parametrize("effect", [effect for effect in EFFECTS if effect is not Halt])
def test_every_effect_may_be_lost_and_says_what_brings_it_back(effect: type) -> None:
    """A crash after any number of effects loses the rest, so each must be repeatable or harmless to lose."""
    assert "Lost:" in (effect.__doc__ or "")


def test_after_halt_nothing_is_performed_so_nothing_can_be_lost() -> None:
    assert "Nothing later is performed" in (Halt.__doc__ or "")


@pytest.mark.parametrize("shape", [*EFFECTS, *EVENTS, *ROWS])
def test_what_crosses_the_boundary_cannot_change_afterwards(shape: type) -> None:
    assert shape.__dict__["__dataclass_params__"].frozen
    assert "__slots__" in shape.__dict__


def test_the_store_knows_three_shapes() -> None:
    assert [row.__name__ for row in ROWS] == ["Append", "Keep", "Forget"]


def test_a_route_in_a_log_shows_no_secret() -> None:
    route = Route(PathId(1), LineId(bytes(32)), "relay.example:443", bytes(32), b"the seed of the post key")
    assert "seed of the post" not in repr(route)


def test_every_shape_can_be_imported_from_the_package_itself() -> None:
    assert {shape.__name__ for shape in (*EFFECTS, *EVENTS, *ROWS)} <= set(openline.ports.__all__)
