"""The names that may stand at a place of a template: its variables and, in a repeated layer, the item's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engines.image_core.composition.guessing import guess
from engines.image_core.documents.templates.variables import (
    PLACES,
    ListVariable,
    NumberVariable,
    Value,
    Variable,
    shortened,
)

__all__ = ["Chosen", "Scope", "value_at"]

Chosen: TypeAlias = Mapping[str, Any]
"""Values by the names of variables, and by the names of items their fields' values."""

_PLACE = NumberVariable()


@dataclass(frozen=True)
class Scope:
    """The variables that are known at a place of a template.

    Attributes:
        variables: by name.
        items: of repeated layers around the place, by the name that an item has there.
        used: names of variables that were found; all scopes of a template share it.
        calls: names of formatters that were found; they share this too.
    """

    variables: Mapping[str, Variable]
    items: Mapping[str, ListVariable] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)

    def variable(self, path: tuple[str, ...]) -> Variable:
        """The variable that a mark or a condition names.

        Raises:
            ValueError: there is none of that name.
        """
        first, *rest = path
        if first in self.items:
            return self._field(first, rest)
        if rest and first in self.variables:
            raise ValueError(f"{'.'.join(path)!r} is not allowed: {first!r} is a variable without fields")
        if rest or first not in self.variables:
            name = ".".join(path)
            raise ValueError(f"the variable {name!r} is not declared{guess(name, self._names())}")
        self.used.add(first)
        return self.variables[first]

    def inside(self, list_name: str, name: str) -> Scope:
        """The names that a layer knows that is repeated for the items of a list.

        Raises:
            ValueError: there is no such list, or the name for an item is there already.
        """
        variable = self.variable((list_name,))
        if not isinstance(variable, ListVariable):
            raise ValueError(
                f"repeat: the variable {list_name!r} is of type {variable.type}: allowed is a list"
            )
        if name in self.variables or name in self.items:
            raise ValueError(f"as: {name!r} is the name of a variable already")
        return Scope(self.variables, {**self.items, name: variable}, self.used, self.calls)

    def _field(self, item: str, rest: list[str]) -> Variable:
        fields: dict[str, Variable] = {**self.items[item].fields, **dict.fromkeys(PLACES, _PLACE)}
        if not rest:
            raise ValueError(f"{item!r} is an item of a list: write one of {_fields(item, fields)}")
        if rest[0] not in fields:
            near = guess(rest[0], fields) or ":"
            raise ValueError(f"{item!r} has no field {rest[0]!r}{near} there are {shortened(fields)}")
        return fields[rest[0]]

    def _names(self) -> Iterator[str]:
        yield from self.variables
        for item, variable in self.items.items():
            yield from (f"{item}.{name}" for name in variable.fields)


def value_at(path: tuple[str, ...], values: Chosen) -> Value:
    """The value of what a path names."""
    found: Value = values[path[0]]
    for name in path[1:]:
        assert isinstance(found, dict)  # an item of a list
        found = found[name]
    return found


def _fields(item: str, fields: Mapping[str, Variable]) -> str:
    return shortened(f"{item}.{name}" for name in fields)
