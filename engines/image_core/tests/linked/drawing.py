"""Words for the tests of linked masks: a canvas, a box, masks of both, and layers drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.image_core import Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed, picture, random_pixels

__all__ = ["BOX", "LEFT", "NOISE", "SIZE", "WHITE", "alpha", "noisy", "rendered"]

SIZE = (40, 32)
BOX = (12, 10)
WHITE = {"path": "white.png", "linked": True}
NOISE = {"path": "noise.png", "linked": True}
LEFT = {"selection": {"type": "rect", "points": [[0, 0], [4, 100]]}, "linked": True}


def rendered(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> Pixels:
    """Layers over nothing."""
    return renderer.render(composed(*layers, size=size)).pixels.copy()


def noisy(**fields: Any) -> Layer:
    """A picture of the box's size."""
    return picture(random_pixels(7, *BOX), **fields)


def alpha(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Their alpha alone."""
    return rendered(renderer, *layers, size=size)[..., 3]
