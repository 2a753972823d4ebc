"""Tiny compositions that need what most need: the general program, for the usual numbers of layers, and the
passes that place and filter pictures. Whoever draws them has these compiled."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engines.image_core.numbers.kernels import gaussian_kernel, resampling_taps
from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.entries import Compose, Coverage, Entry, Layer, Stack
from engines.image_core.planning.steps import Blur, MaskRaster, Raster, Resample, Step, Warp

__all__ = ["tiny_compositions"]

LAYERS = range(2, 7)
IN_GROUPS = range(4, 9)
"""How many layers, and how many instructions where there is a group."""

_NOTHING = (0, 0, 0, 0)


def tiny_compositions() -> Iterator[Compose]:
    """What is to be drawn with the general program."""
    opaque, translucent = _picture(255), _picture(128)
    for image in _derived(translucent):
        yield _composed(Layer(image, 0, 0))
    placed = next(_derived(translucent))
    mask = Coverage(MaskRaster(DecodedMask(np.zeros((1, 1), np.uint8), "warm mask")), 0, 0)
    for count in LAYERS:
        for upper in (translucent, placed):
            others = [Layer(upper, 0, 0)] * (count - 2)
            for bottom in (opaque, translucent):
                yield _composed(Layer(bottom, 0, 0), *others, Layer(upper, 0, 0))
            yield _composed(Layer(opaque, 0, 0), *others, Layer(upper, 0, 0, mask=mask))
    for count in IN_GROUPS:
        group = Stack((Layer(placed, 0, 0),) * (count - 3))
        yield _composed(Layer(opaque, 0, 0), group)
        yield _composed(Layer(opaque, 0, 0, mask=mask), group)


def _composed(*entries: Entry) -> Compose:
    return Compose(1, 1, _NOTHING, entries)


def _picture(alpha: int) -> Raster:
    pixels = np.full((1, 1, 4), alpha, np.uint8)
    return Raster(DecodedImage(pixels, f"warm {alpha}", opaque=alpha == 255))


def _derived(source: Step) -> Iterator[Step]:
    """A picture placed, turned and blurred, by the passes that compositions use."""
    taps = resampling_taps(0, 1, Fraction(1), Fraction(0), 1, None)
    placed = Resample(source, taps, taps)
    yield placed
    at = np.zeros(1, np.int32)
    for image in (source, placed):
        yield Warp(image, at, at, at, at)
        yield Blur(1, 1, image, gaussian_kernel(1.0), 0, 0)
