"""A quick copy of a running machine: what can change is copied, what cannot is shared.

`copy.deepcopy` takes many times as long, and a search makes one copy for each step.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import is_
from types import FunctionType, MethodType
from typing import Any, TypeVar, cast

T = TypeVar("T")
Memo = dict[int, object]
Way = Callable[[Any, Memo], object]

_SAME = (int, str, bytes, float, bool, type(None), type, FunctionType, Enum)


class Cloner:
    """Copies objects.  It learns how to copy each type once: keep it."""

    def __init__(self) -> None:
        self._ways: dict[type, Way | None] = {}

    def clone(self, root: T, shared: Iterable[object] = (), instead: Mapping[int, object] | None = None) -> T:
        """Return an independent copy.

        shared: objects that stay the same ones in the copy, with all that hangs on them.
        instead: by the id of an object, what the copy has in its place.
        """
        memo: Memo = {id(each): each for each in shared}
        memo.update(instead or {})
        return cast("T", self._copy(root, memo))

    def _copy(self, value: object, memo: Memo) -> object:
        kind = type(value)
        try:
            way = self._ways[kind]
        except KeyError:
            way = self._ways[kind] = self._way(kind)
        if way is None:
            return value
        found = memo.get(id(value))
        return way(value, memo) if found is None else found

    def _way(self, kind: type) -> Way | None:
        if issubclass(kind, _SAME):
            return None
        if issubclass(kind, MethodType):
            return lambda value, memo: MethodType(value.__func__, self._copy(value.__self__, memo))
        containers: dict[type, Way] = {
            list: self._list, dict: self._dict, set: self._set, frozenset: self._set, tuple: self._tuple,
            deque: self._deque, OrderedDict: self._dict,
        }  # fmt: skip
        if kind in containers:
            return containers[kind]
        if issubclass(kind, tuple):
            return None  # a named tuple of bytes and numbers
        names = _slots(kind)
        if is_dataclass(kind) and vars(kind)["__dataclass_params__"].frozen:
            return lambda value, memo: self._frozen(value, names, memo)
        return lambda value, memo: self._object(value, names, memo)

    def _list(self, value: list[object], memo: Memo) -> object:
        copied: list[object] = []
        memo[id(value)] = copied
        copied.extend([self._copy(each, memo) for each in value])
        return copied

    def _dict(self, value: dict[object, object], memo: Memo) -> object:
        copied = type(value)()
        memo[id(value)] = copied
        for key, each in value.items():  # keys are values that cannot change
            copied[key] = self._copy(each, memo)
        return copied

    def _set(self, value: set[object], memo: Memo) -> object:
        copied = memo[id(value)] = type(value)(value)  # as with keys
        return copied

    def _deque(self, value: deque[object], memo: Memo) -> object:
        copied = memo[id(value)] = deque((self._copy(each, memo) for each in value), value.maxlen)
        return copied

    def _tuple(self, value: tuple[object, ...], memo: Memo) -> object:
        copied = tuple([self._copy(each, memo) for each in value])
        if all(map(is_, copied, value)):
            return value
        memo[id(value)] = copied
        return copied

    def _frozen(self, value: object, names: tuple[str, ...], memo: Memo) -> object:
        """Share what is frozen, unless something that can change hangs on it."""
        held = [getattr(value, name) for name in names]
        copied = [self._copy(each, memo) for each in held]
        if all(map(is_, copied, held)):
            return value
        made = memo[id(value)] = object.__new__(type(value))
        for name, new in zip(names, copied, strict=True):
            object.__setattr__(made, name, new)
        return made

    def _object(self, value: object, names: tuple[str, ...], memo: Memo) -> object:
        made = memo[id(value)] = object.__new__(type(value))
        for name in names:
            if hasattr(value, name):
                setattr(made, name, self._copy(getattr(value, name), memo))
        for name, each in getattr(value, "__dict__", {}).items():
            made.__dict__[name] = self._copy(each, memo)
        return made


def _slots(kind: type) -> tuple[str, ...]:
    """Return the names that every instance has a place for, of the class and all above it."""
    names: list[str] = [name for each in kind.__mro__ for name in vars(each).get("__slots__", ())]
    if is_dataclass(kind):
        names += [each.name for each in fields(kind) if each.name not in names]
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))
