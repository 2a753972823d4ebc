"""When a layer is visible: comparisons of variables, written as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engines.image_core.composition.guessing import guess
from engines.image_core.documents.templates.scope import Chosen, Scope, value_at
from engines.image_core.documents.templates.variables import (
    NAME,
    ImageVariable,
    ListVariable,
    NumberVariable,
    Value,
    Variable,
)

__all__ = ["Comparison", "Condition", "Joined", "condition_of", "holds"]

_MOST = 20  # conditions side by side
_DEEPEST = 4  # conditions in conditions

_PATH = re.compile(rf"{NAME}(\.{NAME})?")


@dataclass(frozen=True)
class Comparison:
    """A variable compared with what the template says."""

    path: tuple[str, ...]
    operator: str
    operand: Any


@dataclass(frozen=True)
class Joined:
    """Conditions of which all, or any, have to hold."""

    conditions: tuple[Condition, ...]
    all: bool


Condition: TypeAlias = "Comparison | Joined"


def holds(condition: Condition, values: Chosen) -> bool:
    """Whether a condition holds with these values. An empty value is equal to no other and is no number."""
    if isinstance(condition, Joined):
        found = (holds(part, values) for part in condition.conditions)
        return all(found) if condition.all else any(found)
    value = value_at(condition.path, values)
    return _OPERATORS[condition.operator](value, condition.operand)


def condition_of(written: Mapping[str, Any], scope: Scope, depth: int = 0) -> Condition:
    """A condition as a template writes it: `{"if": "price", "above": 10}`, or `{"all": [...]}` or
    `{"any": [...]}` of conditions.

    Raises:
        ValueError: it is not written so, or compares a variable with what it cannot be.
    """
    if depth == _DEEPEST:
        raise ValueError(f"conditions nest too deep: allowed is {_DEEPEST}")
    joined = [key for key in ("all", "any") if key in written]
    if joined:
        return _joined(written, joined[0], scope, depth)
    operators = [key for key in written if key != "if"]
    if "if" not in written or len(operators) != 1:
        raise ValueError(
            f'a condition is {{"if": NAME}} with one of {_LISTED}, or {{"all": [...]}}, {{"any": [...]}}'
        )
    return _comparison(written["if"], operators[0], written[operators[0]], scope)


def _joined(written: Mapping[str, Any], key: str, scope: Scope, depth: int) -> Joined:
    parts = written[key]
    if len(written) != 1:
        raise ValueError(f"beside {key!r} nothing is allowed")
    if not isinstance(parts, list | tuple) or not 1 <= len(parts) <= _MOST:
        raise ValueError(f"{key}: allowed is a list of 1 to {_MOST} conditions")
    found = []
    for index, part in enumerate(parts):
        if not isinstance(part, Mapping):
            raise ValueError(f"{key}[{index}]: allowed is a condition, an object")
        found.append(condition_of(part, scope, depth + 1))
    return Joined(tuple(found), all=key == "all")


def _comparison(name: Any, operator: str, operand: Any, scope: Scope) -> Comparison:
    if not isinstance(name, str) or not _PATH.fullmatch(name):
        raise ValueError(f"if: {str(name)[:60]!r} is not allowed: allowed is the name of a variable")
    if operator not in _OPERATORS:
        near = guess(operator, _OPERATORS) or ":"
        raise ValueError(f"there is no comparison {operator!r}{near} there are {_LISTED}")
    path = tuple(name.split("."))
    try:
        operand = _operand(scope.variable(path), operator, operand)
    except ValueError as error:
        raise ValueError(f"if {name!r} {operator}: {error}") from error
    return Comparison(path, operator, operand)


def _operand(variable: Variable, operator: str, operand: Any) -> Any:
    """What a variable is compared with, as the variable would hold it."""
    if operator in {"empty", "not_empty"}:
        if operand is not True:
            raise ValueError(f"{operand!r} is not allowed: allowed is true")
        return operand
    if isinstance(variable, ImageVariable | ListVariable):
        raise ValueError(f"a variable of type {variable.type} can be empty or not_empty")
    if operator == "in":
        if not isinstance(operand, list | tuple) or not 1 <= len(operand) <= 1000:
            raise ValueError("allowed is a list of 1 to 1000 values")
        return tuple(variable.read(each) for each in operand)
    if operator in _ORDERS and not isinstance(variable, NumberVariable):
        raise ValueError(f"allowed are numbers: the variable is of type {variable.type}")
    read = NumberVariable().read(operand) if operator in _ORDERS else variable.read(operand)
    if _is_empty(read):
        raise ValueError("to compare with nothing write empty or not_empty")
    return read


def _is_empty(value: Value) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _same(value: Value, other: Value) -> bool:
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Value, Any], bool]:
    return lambda value, bound: isinstance(value, int | float) and compare(value, bound)


_ORDERS: dict[str, Callable[[Value, Any], bool]] = {
    "above": _ordered(lambda value, bound: value > bound),
    "below": _ordered(lambda value, bound: value < bound),
    "at_least": _ordered(lambda value, bound: value >= bound),
    "at_most": _ordered(lambda value, bound: value <= bound),
}
_OPERATORS: dict[str, Callable[[Value, Any], bool]] = {
    "equals": _same,
    "not": lambda value, other: not _same(value, other),
    "in": lambda value, others: any(_same(value, other) for other in others),
    "empty": lambda value, _: _is_empty(value),
    "not_empty": lambda value, _: not _is_empty(value),
    **_ORDERS,
}
_LISTED = ", ".join(_OPERATORS)
