"""Evaluates a plan with NumPy: the definition of every pixel this package makes.

Compose  -> its layers' images, evaluated, then composited band by band
the rest -> its source, evaluated, then one function of the module that is named after the step
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
    if id(image) in known:
        return known[id(image)]
    match image:
        case Raster():
            return image.image.pixels
        case Compose():
            return compose15(image, _layer_images(image))
        case Resample():
            return resample(image, evaluate_image(image.source, known))
        case Warp():
            return warp(image, evaluate_image(image.source, known))
        case Blur():
            return blur(image, evaluate_image(image.source, known))
        case Smooth():
            return smooth(image, evaluate_image(image.source, known))
        case Sharpen():
            source = evaluate_image(image.source, known)
            return sharpen(image, source, evaluate_image(image.smooth, {id(image.source): source}))
        case Solid():
            raise TypeError("a Solid has no pixels; compose it")


def _layer_images(step: Compose) -> list[Pixels | None]:
    return [None if isinstance(layer.image, Solid) else evaluate_image(layer.image) for layer in step.layers]
