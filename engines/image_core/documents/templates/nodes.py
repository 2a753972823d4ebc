"""What of a template's document changes with its values: a tree beside the document, filled for each row.

What has no variable in it is not copied: every composition that is filled shares it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engines.image_core.documents.templates.conditions import Condition, holds
from engines.image_core.documents.templates.formatters import format_value
from engines.image_core.documents.templates.marks import Mark
from engines.image_core.documents.templates.scope import Chosen, value_at
from engines.image_core.documents.templates.variables import as_text

__all__ = [
    "MOST_CHARACTERS",
    "MOST_VALUES",
    "Expanding",
    "Flag",
    "Inside",
    "Node",
    "Repeat",
    "Shown",
    "Text",
    "Whole",
]

MOST_CHARACTERS = 1 << 26
"""Characters that one filling puts together: 64 Mi."""

MOST_VALUES = 1_000_000
"""Values, lists and objects that the repeated layers of one filling may have."""


class Expanding:
    """What one filling costs so far, and in which locale it formats."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._characters = 0
        self._values = 0

    def add_text(self, characters: int) -> None:
        """Count what is put together of pieces.

        Raises:
            ValueError: that is too much.
        """
        self._characters += characters
        if self._characters > MOST_CHARACTERS:
            raise ValueError(f"texts with variables come to more than {MOST_CHARACTERS} characters")

    def add_values(self, values: int) -> None:
        """Count what repeated layers have.

        Raises:
            ValueError: that is too much.
        """
        self._values += values
        if self._values > MOST_VALUES:
            raise ValueError(f"repeated layers come to more than {MOST_VALUES} values")


@dataclass(frozen=True)
class Text:
    """A string with variables in it."""

    place: str
    pieces: tuple[str | Mark, ...]

    def fill(self, _written: Any, values: Chosen, made: Expanding) -> str:
        """The text."""
        try:
            parts = [self._part(piece, values, made.locale) for piece in self.pieces]
            if len(parts) > 1:
                made.add_text(sum(map(len, parts)))
        except ValueError as error:
            raise ValueError(f"{self.place}: {error}") from error
        return "".join(parts)

    def _part(self, piece: str | Mark, values: Chosen, locale: str) -> str:
        if isinstance(piece, str):
            return piece
        value = value_at(piece.path, values)
        if not piece.calls:
            return as_text(value)
        try:
            return format_value(piece.calls, value, locale)
        except ValueError as error:
            raise ValueError(f"the variable {piece.name!r}: {error}") from error


@dataclass(frozen=True)
class Whole:
    """A field that is a variable and takes its value: a number, a colour, a source and the like."""

    place: str
    mark: Mark

    def fill(self, _written: Any, values: Chosen, _made: Expanding) -> Any:
        """The value; an empty one has no place here."""
        value = value_at(self.mark.path, values)
        if value is None:
            raise ValueError(f"{self.place}: the variable {self.mark.name!r} is empty")
        return value


@dataclass(frozen=True)
class Flag:
    """A field that is true where a condition holds."""

    condition: Condition

    def fill(self, _written: Any, values: Chosen, _made: Expanding) -> bool:
        """Whether it holds."""
        return holds(self.condition, values)


@dataclass(frozen=True)
class Inside:
    """An object or a list in which some children change."""

    children: Mapping[Any, Node]

    def fill(self, written: Any, values: Chosen, made: Expanding) -> Any:
        """A copy with the children changed; a repeated layer is as many as there are items."""
        filled = written.copy()
        repeats = []
        for key, child in self.children.items():
            filled[key] = child.fill(written[key], values, made)
            if isinstance(child, Repeat):
                repeats.append(key)
        for key in reversed(repeats):
            filled[key : key + 1] = filled[key]
        return filled


@dataclass(frozen=True)
class Shown:
    """A layer that is there only where a condition holds.

    Elsewhere an empty, invisible group stands for it, so that what is clipped to it and the places of other
    layers stay as they are, and what it would draw need not be given.
    """

    condition: Condition
    layer: Inside

    def fill(self, written: Any, values: Chosen, made: Expanding) -> Any:
        """The layer, or what stands for it."""
        if holds(self.condition, values):
            return {**self.layer.fill(written, values, made), "visible": True}
        kept = {key: written[key] for key in ("id", "name", "clip") if key in written}
        return {"type": "group", **kept, "visible": False, "layers": []}


@dataclass(frozen=True)
class Repeat:
    """A layer for each item of a list, each moved by `offset` from the one before.

    Attributes:
        size: how many values, lists and objects the layer has.
    """

    place: str
    list_path: tuple[str, ...]
    item: str
    offset: tuple[float, float]
    size: int
    layer: Node | None

    def fill(self, written: Any, values: Chosen, made: Expanding) -> list[Any]:
        """The layers."""
        items = value_at(self.list_path, values)
        assert isinstance(items, list)  # of a list
        try:
            made.add_values(self.size * len(items))
        except ValueError as error:
            raise ValueError(f"{self.place}: {error}") from error
        return [
            self._layer(written["layer"], {**values, self.item: item}, index, made)
            for index, item in enumerate(items)
        ]

    def _layer(self, written: Any, values: Chosen, index: int, made: Expanding) -> Any:
        layer: Any = written if self.layer is None else self.layer.fill(written, values, made)
        if self.offset == (0, 0) or index == 0:
            return layer
        moved = dict(layer.get("transform") or {})
        for side, step in zip(("x", "y"), self.offset, strict=True):
            at = moved.get(side, 0)
            if not isinstance(at, int | float) or isinstance(at, bool):
                raise ValueError(
                    f"{self.place}: offset is for layers whose transform is in pixels: {at!r} is not"
                )
            moved[side] = at + step * index
        return {**layer, "transform": moved}


Node: TypeAlias = Text | Whole | Flag | Inside | Shown | Repeat
