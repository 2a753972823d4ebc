"""What we and others draw: stacks of layers, as data, and the pictures in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import BlendMode, Renderer
from engines.image_core.planning.planner import Sources, make_plan
from engines.image_core.rendering.rendered import Planned
from engines.image_core.tests.composing import random_pixels
from tests.parity.support import ANY_SOURCE, composed, decoded, numbered

__all__ = ["SIDE", "Layer", "Pixels", "Stack", "byte_pairs", "cut_out", "draw", "noise", "photograph"]

Pixels: TypeAlias = NDArray[np.uint8]
"""Straight RGBA, shape (height, width, 4)."""

SIDE = 96
"""Of all pictures but those of byte pairs, in pixels."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A picture on a stack.

    Attributes:
        pixels: the picture, as many rows as columns.
        mode: how it is blended.
        opacity: 0..1.
        fields: adjustments and filters, as our models name them.
        css: the same as a list of CSS filter functions.
    """

    pixels: Pixels
    mode: BlendMode = BlendMode.NORMAL
    opacity: float = 1.0
    fields: Mapping[str, Any] = field(default_factory=dict)
    css: str = "none"


@dataclass(frozen=True, eq=False)
class Stack:
    """Layers of one size, bottom first, on a transparent canvas that is larger by a margin on each side."""

    layers: tuple[Layer, ...]
    margin: int = 0

    @property
    def side(self) -> int:
        """Width and height of the canvas."""
        return len(self.layers[0].pixels) + 2 * self.margin


def draw(renderer: Renderer, stack: Stack) -> Pixels:
    """The stack as this library draws it."""
    place = {"x": float(stack.margin), "y": float(stack.margin)}
    layers = [
        {"type": "raster", "source": ANY_SOURCE, "transform": place, "blend_mode": layer.mode}
        | {"opacity": layer.opacity, **layer.fields}
        for layer in stack.layers
    ]
    composition = composed(stack.side, stack.side, layers)
    sources = Sources(numbered(*(decoded(layer.pixels) for layer in stack.layers)), {})
    return renderer.draw(Planned(composition, make_plan(composition, sources), {})).pixels


@cache
def byte_pairs() -> tuple[Pixels, Pixels]:
    """Two opaque pictures that together hold each pair of bytes in each channel, 256 x 256."""
    low, high = np.meshgrid(np.arange(256), np.arange(256))
    opaque = np.full_like(low, 255)
    backdrop = np.stack([low, 255 - low, low ^ 0x55, opaque], axis=-1)
    source = np.stack([high, high, high * 7 % 256, opaque], axis=-1)
    return backdrop.astype(np.uint8), source.astype(np.uint8)


@cache
def noise(seed: int, *, opaque: bool = False) -> Pixels:
    """Random colours; unless opaque, of random alphas, half of them 0, 1, 254 or 255."""
    pixels = random_pixels(seed, SIDE, SIDE)
    if opaque:
        pixels[..., 3] = 255
    return pixels


@cache
def photograph() -> Pixels:
    """A piece of scikit-image's photograph of a cat: an eye and fur."""
    with Image.open(Path(skimage.data.__file__).with_name("chelsea.png")) as image:
        return np.array(image.convert("RGBA").crop((116, 76, 116 + SIDE, 76 + SIDE)))


@cache
def cut_out() -> Pixels:
    """The photograph through a round hole whose edge is soft: from 26 to 42 pixels from its middle."""
    pixels = photograph().copy()
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    pixels[..., 3] = np.clip(16 * (42 - np.hypot(x, y)), 0, 255).astype(np.uint8)
    return pixels
