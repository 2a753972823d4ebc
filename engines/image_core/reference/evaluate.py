"""Evaluates a plan with NumPy: the definition of every pixel this package makes.

Compose  -> its layers' images, evaluated, then composited band by band
the rest -> its source, evaluated, then one function of the module that is named after the step

What has one source each is walked in a loop, for groups and filters may make it deep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.models import BlendMode
from engines.image_core.planning.identity import image_digests
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import (
    ONE,
    Blur,
    Compose,
    Image,
    LayerStep,
    Raster,
    Resample,
    Sharpen,
    Smooth,
    Solid,
    Warp,
)
from engines.image_core.reference.blur import blur
from engines.image_core.reference.compose import compose8, compose15
from engines.image_core.reference.pixels import Pixels
from engines.image_core.reference.resample import resample
from engines.image_core.reference.sharpen import sharpen, smooth
from engines.image_core.reference.warp import warp
from engines.image_core.runtime.caching import Cache, Tally

__all__ = ["evaluate", "evaluate_image"]

LAYERS_AT_ONCE = 16


_Evaluate: TypeAlias = Callable[[Image], Pixels]


def evaluate(plan: Plan, cache: Cache, tally: Tally) -> NDArray[np.uint8]:
    """The pixels of a plan: uint8 (height, width, 4), straight RGBA.

    The layers' pixels are looked for in the cache, except for those that are decoded pixels as they are.
    """
    digests = image_digests(plan.root)

    def layer(image: Image) -> Pixels:
        if isinstance(image, Raster):
            return image.image.pixels
        return cache.once(digests[id(image)], lambda: evaluate_image(image, layer), tally)

    return compose8(*_prepared(plan.root, layer))


def evaluate_image(
    image: Image, layer: _Evaluate | None = None, known: Mapping[int, Pixels] = MappingProxyType({})
) -> Pixels:
    """The pixels of any image of a plan but a Solid, which has none of its own.

    Args:
        image: the image.
        layer: what gives the pixels of the layers inside it; by default they are evaluated likewise.
        known: pixels by the id() of images that have been evaluated already.
    """
    layer = layer or evaluate_image
    steps: list[Resample | Warp | Blur | Smooth | Sharpen] = []
    while id(image) not in known and isinstance(image, Resample | Warp | Blur | Smooth | Sharpen):
        steps.append(image)
        image = image.source
    pixels = known[id(image)] if id(image) in known else _first(image, layer)
    for step in reversed(steps):
        pixels = _applied(step, pixels, layer)
    return pixels


def _first(image: Image, layer: _Evaluate) -> Pixels:
    """The pixels of an image that is not made of one other."""
    match image:
        case Raster():
            return image.image.pixels
        case Compose():
            return compose15(*_prepared(image, layer))
        case _:
            raise TypeError(f"a {type(image).__name__} has no pixels of its own")


def _applied(step: Resample | Warp | Blur | Smooth | Sharpen, source: Pixels, layer: _Evaluate) -> Pixels:
    match step:
        case Resample():
            return resample(step, source)
        case Warp():
            return warp(step, source)
        case Blur():
            return blur(step, source)
        case Smooth():
            return smooth(step, source)
        case Sharpen():
            return sharpen(step, source, evaluate_image(step.smooth, layer, {id(step.source): source}))


def _prepared(step: Compose, layer: _Evaluate) -> tuple[Compose, list[Pixels | None]]:
    """A composition and the pixels of its layers.

    Of a long one the lower layers are composited already, for the pixels of all at once might not fit in
    memory. They become a 15-bit layer over nothing, which loses nothing.
    """
    layers, above = step.layers[:LAYERS_AT_ONCE], step.layers[LAYERS_AT_ONCE:]
    images = _layer_images(layers, layer)
    while above:
        below = replace(step, layers=layers)
        pixels = compose15(below, images)
        layers = (LayerStep(below, 0, 0, (), None, ONE, BlendMode.NORMAL), *above[: LAYERS_AT_ONCE - 1])
        above = above[LAYERS_AT_ONCE - 1 :]
        images = [pixels, *_layer_images(layers[1:], layer)]
        step = replace(step, background=(0, 0, 0, 0))
    return replace(step, layers=layers), images


def _layer_images(layers: Sequence[LayerStep], layer: _Evaluate) -> list[Pixels | None]:
    return [None if isinstance(step.image, Solid) else layer(step.image) for step in layers]
