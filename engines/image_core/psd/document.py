"""A Photoshop file while it is mapped: what compositions call its parts, and what of it is approximated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psd_tools import PSDImage
from psd_tools.api.layers import Layer

from engines.image_core.sources.psd.parts import document_patterns

__all__ = ["Document", "Fields"]

Fields = dict[str, Any]
"""A part of a composition, as JSON holds it."""


class Document:
    """A parsed file.

    Args:
        image: the file.
        source: how compositions name it: {"path": ...} or {"asset_id": ...}.

        origin: the point of the file's canvas where that of the composition begins, in whole pixels.

    Attributes:
        image: the file.
    """

    def __init__(self, image: PSDImage, source: Mapping[str, str], origin: tuple[int, int] = (0, 0)) -> None:
        self.image = image
        self._origin = origin
        self._source = dict(source)
        self._numbers = {
            id(record): number for number, (record, _) in enumerate(image._record._iter_layers())
        }
        self._patterns = {
            pattern.pattern_id: number for number, pattern in reversed([*enumerate(document_patterns(image))])
        }
        self._notes: dict[int, list[str]] = {}

    def number(self, layer: Layer) -> int:
        """A layer's place among all records of the file, the lowest first, counted from 0."""
        return self._numbers[id(layer._record)]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the file's canvas lies in the composition."""
        return x - self._origin[0], y - self._origin[1]

    def part(self, name: str) -> Fields:
        """The source that is a part of the file."""
        return {"psd": {**self._source, "part": name}}

    def of_layer(self, layer: Layer, inner: str = "") -> Fields:
        """The source that is a layer's pixels; or what the layer has inside, such as its mask."""
        return self.part(f"layers[{self.number(layer)}]{inner}")

    def pattern(self, pattern_id: str) -> Fields | None:
        """The source that is a pattern; None where the file lacks it."""
        number = self._patterns.get(pattern_id)
        return None if number is None else self.part(f"patterns[{number}]")

    def note(self, layer: Layer, approximated: str) -> None:
        """Keep what of a layer is not drawn as Photoshop draws it: a short sentence without its end."""
        notes = self._notes.setdefault(self.number(layer), [])
        if approximated not in notes:
            notes.append(approximated)

    def notes(self, layer: Layer) -> tuple[str, ...]:
        """What of a layer is approximated."""
        return tuple(self._notes.get(self.number(layer), ()))
