"""What a caller changes of a Photoshop file, by the numbers of its layers."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

from engines.image_core.errors import CompositionError
from engines.image_core.psd.document import Fields

__all__ = ["Changes", "Fit", "Picture", "Redrawn"]

Redrawn = Literal["text", "shape", "fill"]
"""Kinds of layers that can be drawn from their settings, as `PsdLayer.kind` calls them."""

Fit = Literal["cover", "contain", "fill"]
"""How a picture is brought into a box: it covers it, lies in it, or is stretched to it."""


@dataclass(frozen=True)
class Picture:
    """A picture that is put into a smart object: the source of a raster layer, or an SVG document, and how it
    is fitted."""

    source: Fields
    fit: Fit = "cover"
    svg: str | None = None

    @classmethod
    def of(cls, given: Any, label: str) -> Self:
        """The picture that is meant by a path, a file's bytes or a source's fields.

        Raises:
            CompositionError: it is something else, or its fit is not allowed.
        """
        if isinstance(given, str | os.PathLike):
            return cls({"path": os.fspath(given)})
        if isinstance(given, bytes):
            svg = _svg(given)
            return cls({"data": base64.b64encode(given).decode("ascii")}) if svg is None else cls({}, svg=svg)
        if not isinstance(given, Mapping):
            raise CompositionError(f"{label}: {given!r} is not allowed: allowed is a path, bytes or a source")
        source = dict(given)
        fit, svg = source.pop("fit", "cover"), source.pop("svg", None)
        if fit not in get_args(Fit):
            raise CompositionError(
                f"{label}: fit {fit!r} is not allowed: allowed is {', '.join(get_args(Fit))}"
            )
        return cls(source, fit, svg)


def _svg(data: bytes) -> str | None:
    """The text of a file that is an SVG document; None of others."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    return data.decode("utf-8-sig", errors="replace")


@dataclass(frozen=True)
class Changes:
    """What is changed, by the layers' numbers (see `Document.number`).

    Attributes:
        text: the text of text layers: a string, or runs.
        images: for smart objects.
        visible: which layers are shown, or not.
        colors: #rrggbb of fill layers, shapes and texts.
        redraw: kinds of layers that are drawn from their settings, and not with the file's pixels.
    """

    text: Mapping[int, Any] = field(default_factory=dict)
    images: Mapping[int, Picture] = field(default_factory=dict)
    visible: Mapping[int, bool] = field(default_factory=dict)
    colors: Mapping[int, str] = field(default_factory=dict)
    redraw: frozenset[Redrawn] = frozenset()

    def redraws(self, number: int, kind: Redrawn) -> bool:
        """Whether a layer of a kind is drawn from its settings, and not with the file's pixels."""
        return kind in self.redraw or number in self.text or number in self.colors

    def touch(self, numbers: set[int]) -> bool:
        """Whether one of these layers is changed."""
        return any(numbers & kind.keys() for kind in (self.text, self.images, self.visible, self.colors))
