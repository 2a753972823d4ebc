"""Words for the tests of patterns as paints."""

from __future__ import annotations

from typing import Any

from engines.image_core import Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed

__all__ = ["BOX", "RECT", "SIZE", "TEXT", "TILE", "filled", "pattern", "pixels"]

SIZE = (160, 120)
TILE = (23, 17)
"""Width and height of the pictures that are repeated."""

BOX = {"box_width": 120.0, "box_height": 80.0}
RECT: dict[str, Any] = {"type": "rect", "x": 0, "y": 0, "width": 46, "height": 34}
"""Two of the pictures beside each other and two below each other."""

TEXT: Layer = {
    "type": "text", "text": "HO", "size": 70.0, "weight": 900, "align": "center", "gradient_box": "box",
    "vertical_align": "middle", **BOX,
}  # fmt: skip


def pattern(path: str = "paper.png", **fields: Any) -> dict[str, Any]:
    """A picture of the folder repeated."""
    return {"type": "pattern", "source": {"path": path}, **fields}


def filled(paint: dict[str, Any], transform: dict[str, Any], width: float, height: float) -> Layer:
    """A raster layer."""
    placed = {"transform": transform, "width": width, "height": height}
    return {"type": "raster", "source": {"color": paint}, **placed}


def pixels(renderer: Renderer, *layers: Layer) -> Pixels:
    """What layers are drawn as on a canvas of SIZE."""
    return renderer.render(composed(*layers, size=SIZE)).pixels
