"""Words for the tests of rounded corners and borders: a box, where it lies, and layers drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.image_core import Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed, random_pixels, solid

__all__ = ["PLACES", "RADII", "SIZE", "alpha", "box", "frame", "opaque", "rendered"]

SIZE = (60, 50)
RADII = [3, 12, 0, 8.5]


def rendered(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> Pixels:
    """Layers over nothing."""
    return renderer.render(composed(*layers, size=size)).pixels.copy()


def alpha(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> NDArray[np.int64]:
    """Their alpha alone."""
    return rendered(renderer, *layers, size=size)[..., 3].astype(np.int64)


def box(width: Any = 40, height: Any = 30, **fields: Any) -> Layer:
    """A red box, at the top left of the canvas."""
    return solid("#ff0000", width=width, height=height, **fields)


def frame(width: float, color: str = "#00ff00") -> dict[str, Any]:
    """The fields of a border."""
    return {"border": {"width": width, "color": color}}


def opaque(width: int = 40, height: int = 30) -> Pixels:
    """An opaque picture of noise."""
    pixels = random_pixels(3, width, height)
    pixels[..., 3] = 255
    return pixels


PLACES: list[dict[str, Any]] = [
    {},
    {"x": 7.25, "y": 3.5},
    {"x": 30, "y": 25, "rotation": 33, "anchor": "center"},
    {"x": 30, "y": 25, "rotation": -120, "anchor": "center", "scale": 0.7},
    {"x": 45.5, "y": 4, "scale": -1, "scale_y": 1.25},
]
