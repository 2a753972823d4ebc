"""A reference that looks for overflow: every integer operation is done a second time in 64 bits.

`Ranged` is an array whose operations raise `OutOfRangeError` where the result in its own type (int32, uint32,
...) is not that of exact arithmetic. `ranged_reference` makes the NumPy reference compute with them: it
patches the few places where pixels become planes, and views a plan's arrays as `Ranged`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.numbers import fixed
from engines.image_core.numbers.kernels import keys_phases
from engines.image_core.planning.planner import Plan
from engines.image_core.reference import compose, gathering, levels, machine, pixels

__all__ = ["OutOfRangeError", "Ranged", "ranged_plan", "ranged_reference"]


class OutOfRangeError(ArithmeticError):
    """An operation's result does not fit the type it has."""


class Ranged(np.ndarray[Any, Any]):
    """An integer array whose operations are checked."""

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **named: Any
    ) -> Any:
        """The result of a ufunc, if it is that of the same in int64."""
        plain = [_plain(value) for value in inputs]
        expected = None
        if method in {"__call__", "reduce"} and all(_whole(value) for value in plain):
            wide = [np.asarray(value, np.int64) for value in plain]
            kept = {
                name: _plain(value) for name, value in named.items() if name in {"axis", "keepdims", "where"}
            }
            # What sums pass through on their way is at most the sum of what is added, without the signs.
            expected = getattr(ufunc, method)(*wide, **kept)
            if method == "reduce" and ufunc is np.add:
                _check(ufunc, np.abs(wide[0]).sum(**kept), np.int32)
        targets = {} if out is None else {"out": tuple(_plain(target) for target in out)}
        named = {name: _plain(value) for name, value in named.items()}
        result = getattr(ufunc, method)(*plain, **targets, **named)
        if expected is not None and np.asarray(result).dtype.kind in "iu":
            _check_equal(ufunc, result, expected)
        return out[0] if out is not None else _ranged(result)

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        """The result of any other function of NumPy, checked again from there on; of einsum its sums, too."""
        plain = tuple(_plain(value) for value in args)
        kwargs = {name: _plain(value) for name, value in kwargs.items()}
        result = func(*plain, **kwargs)
        if func is np.einsum:
            wide = [np.abs(np.asarray(value, np.int64)) for value in plain[1:]]
            _check(func, np.einsum(plain[0], *wide), np.asarray(result).dtype.type)
        return _ranged(result)


def _plain(value: Any) -> Any:
    if isinstance(value, Ranged):
        return value.view(np.ndarray)
    if isinstance(value, list | tuple):
        return type(value)(_plain(inside) for inside in value)
    return value


def _ranged(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value.view(Ranged)
    return value


def _whole(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "iu"


def _check(what: Any, exact: NDArray[np.int64], type: Any) -> None:
    limits = np.iinfo(type)
    if exact.size and (exact.min() < limits.min or exact.max() > limits.max):
        raise OutOfRangeError(f"{what.__name__}: {exact.min()}..{exact.max()} does not fit {limits.dtype}")


def _check_equal(ufunc: np.ufunc, result: Any, exact: NDArray[np.int64]) -> None:
    if not np.array_equal(np.asarray(result, np.int64), exact):
        limits = np.iinfo(np.asarray(result).dtype)
        raise OutOfRangeError(f"{ufunc.__name__}: {exact.min()}..{exact.max()} does not fit {limits.dtype}")


def ranged_plan(plan: Plan) -> Plan:
    """The plan with its arrays viewed as `Ranged`, in place: tables, weights, positions, pixels."""
    stack: list[Any] = [plan.root]
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        if isinstance(value, tuple):
            stack += value
        elif is_dataclass(value) and id(value) not in seen:
            seen.add(id(value))
            for field in fields(value):
                inside = getattr(value, field.name, None)
                if isinstance(inside, np.ndarray):
                    object.__setattr__(value, field.name, _ranged(inside))
                else:
                    stack.append(inside)
    return plan


def ranged_reference(patch: pytest.MonkeyPatch) -> None:
    """Make the reference compute with checked arrays until the patch is undone."""
    channels15, filled, pack8 = pixels.channels15, levels.filled, pixels.pack8

    def packed(color: Any, alpha: Any, out: Any) -> None:
        # Putting four bytes into a word uses its sign bit on purpose; what goes into it is checked here.
        fixed.to8(color)
        if alpha is not None:
            fixed.to8(alpha)
        pack8(_plain(color), _plain(alpha), _plain(out))

    def checked(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **named: _ranged(function(*args, **named))

    to15 = checked(fixed.to15)
    patch.setattr(pixels, "to15", lambda values: to15(_ranged(np.asarray(values))))
    for module in (pixels, machine, levels):
        patch.setattr(module, "channels15", checked(channels15))
    for module in (machine, levels):
        patch.setattr(module, "filled", checked(filled))
    patch.setattr(machine, "coverage15", checked(pixels.coverage15))
    patch.setattr(compose, "pack8", packed)
    patch.setattr(gathering, "keys_phases", checked(keys_phases))
