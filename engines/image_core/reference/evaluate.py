"""Evaluates a plan with NumPy: the definition of every pixel this package makes.

Compose  -> its layers' images, evaluated, then composited band by band
the rest -> its source, evaluated, then one function of the module that is named after the step

What has one source each is walked in a loop, for groups and filters may make it deep.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engines.image_core.plan import Plan
from engines.image_core.reference.blur import blur
from engines.image_core.reference.compose import compose8, compose15
from engines.image_core.reference.pixels import Pixels
from engines.image_core.reference.resample import resample
from engines.image_core.reference.sharpen import sharpen, smooth
from engines.image_core.reference.warp import warp
from engines.image_core.steps import Blur, Compose, Image, Raster, Resample, Sharpen, Smooth, Solid, Warp

__all__ = ["evaluate", "evaluate_image"]


def evaluate(plan: Plan) -> NDArray[np.uint8]:
    """The pixels of a plan: uint8 (height, width, 4), straight RGBA."""
    return compose8(plan.root, _layer_images(plan.root))


def evaluate_image(image: Image, known: Mapping[int, Pixels] = MappingProxyType({})) -> Pixels:
    """The pixels of any image of a plan but a Solid, which has none of its own.

    known: pixels by the id() of images that have been evaluated already.
    """
    steps: list[Resample | Warp | Blur | Smooth | Sharpen] = []
    while id(image) not in known and isinstance(image, Resample | Warp | Blur | Smooth | Sharpen):
        steps.append(image)
        image = image.source
    pixels = known[id(image)] if id(image) in known else _first(image)
    for step in reversed(steps):
        pixels = _applied(step, pixels)
    return pixels


def _first(image: Image) -> Pixels:
    """The pixels of an image that is not made of one other."""
    match image:
        case Raster():
            return image.image.pixels
        case Compose():
            return compose15(image, _layer_images(image))
        case _:
            raise TypeError(f"a {type(image).__name__} has no pixels of its own")


def _applied(step: Resample | Warp | Blur | Smooth | Sharpen, source: Pixels) -> Pixels:
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
            return sharpen(step, source, evaluate_image(step.smooth, {id(step.source): source}))


def _layer_images(step: Compose) -> list[Pixels | None]:
    return [None if isinstance(layer.image, Solid) else evaluate_image(layer.image) for layer in step.layers]
