"""What a caller changes of a Photoshop file, by the numbers of its layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Changes"]


@dataclass(frozen=True)
class Changes:
    """What is changed, by the layers' numbers (see `Document.number`).

    Attributes:
        text: the text of text layers: a string, or runs.
        images: sources of raster layers, as JSON holds them, for smart objects.
        visible: which layers are shown, or not.
        colors: #rrggbb of fill layers, shapes and texts.
        redraw: shapes, fills and text are drawn from their settings, and not with the file's pixels.
    """

    text: Mapping[int, Any] = field(default_factory=dict)
    images: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    visible: Mapping[int, bool] = field(default_factory=dict)
    colors: Mapping[int, str] = field(default_factory=dict)
    redraw: bool = False

    @property
    def touched(self) -> frozenset[int]:
        """The numbers of all layers that are changed."""
        return frozenset({*self.text, *self.images, *self.visible, *self.colors})
