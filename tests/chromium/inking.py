"""The ink of a paragraph: what both programs drew, as grey levels over the paragraph's box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.image_core import ImageComposition, Renderer
from engines.image_core.models import TextLayer

__all__ = ["MARGIN", "Ink", "curve", "draw", "grey", "through"]

MARGIN = 12
"""Pixels around a box, for what hangs over it."""

Levels = NDArray[np.float64]


@dataclass(frozen=True)
class Ink:
    """A paragraph in grey levels, 255 white, with a margin, by us and by Chromium."""

    ours: Levels
    theirs: Levels

    @property
    def apart(self) -> float:
        """The mean difference."""
        return float(np.abs(self.ours - self.theirs).mean())


def draw(renderer: Renderer, layer: TextLayer, size: tuple[int, int], down: float) -> NDArray[np.uint8]:
    """A layer on white, moved down by a fraction of a pixel."""
    place = {"x": float(MARGIN), "y": MARGIN + down}
    fields: dict[str, Any] = {**layer.model_dump(exclude_unset=True), "transform": place}
    canvas = {"tenant_id": "tests", "env": "chromium", "width": size[0], "height": size[1]}
    composition = ImageComposition.model_validate(
        {**canvas, "background_color": "#ffffff", "layers": [fields]}
    )
    pixels: NDArray[np.uint8] = renderer.render(composition).pixels[..., :3]
    return pixels


def grey(pixels: NDArray[np.uint8]) -> Levels:
    """RGB as the mean of its channels."""
    levels: Levels = pixels.astype(np.float64).mean(axis=-1)
    return levels


def curve(inks: list[Ink]) -> Levels:
    """For each of our grey levels, the median of Chromium's where ours is that: what its contrast and gamma
    make of coverage, seen on all paragraphs at once."""
    ours = np.concatenate([ink.ours.ravel() for ink in inks]).round().astype(int)
    theirs = np.concatenate([ink.theirs.ravel() for ink in inks])
    found = [theirs[ours == level] for level in range(256)]
    return np.array([np.median(one) if len(one) else level for level, one in enumerate(found)])


def through(ink: Ink, levels: Levels) -> Ink:
    """The same with our ink put through a curve."""
    return Ink(levels[ink.ours.round().astype(int)], ink.theirs)
