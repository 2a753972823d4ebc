"""Sharpening: the 3 x 3 smoothing kernel of sharpness, and unsharp masking by any smoothed picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.planning.steps import Sharpen, Smooth
from engines.image_core.reference.pixels import Pixels, planes, premultiplied, size, stack15, straight
from engines.image_core.reference.tiles import for_bands

__all__ = ["sharpen", "smooth"]

AMOUNT_SHIFT = 12
AMOUNT_HALF = 1 << (AMOUNT_SHIFT - 1)
SMOOTH_TOTAL = 13


def smooth(step: Smooth, source: Pixels) -> NDArray[np.uint16]:
    """(1 1 1 / 1 5 1 / 1 1 1) / 13 on premultiplied values: (sum + 6) / 13; transparency lies outside.

    The kernel is that of Pillow's ImageFilter.SMOOTH.
    """
    height, width = size(source)
    out = np.empty((4, height, width), np.uint16)

    def band(rows: slice) -> None:
        inside = slice(max(rows.start - 1, 0), min(rows.stop + 1, height))
        margin = ((rows.start == 0, rows.stop == height), (1, 1))
        *color, alpha = (_smoothed(np.pad(p, margin)) for p in premultiplied(source, inside, opaque=False))
        stack15(straight(color, alpha), alpha, out[:, rows])

    for_bands(height, width, band)
    return out


def _smoothed(padded: Plane) -> Plane:
    three = padded[:-2] + padded[1:-1] + padded[2:]
    total = three[:, :-2] + three[:, 1:-1] + three[:, 2:] + 4 * padded[1:-1, 1:-1]
    rounded: Plane = (total + SMOOTH_TOTAL // 2) // SMOOTH_TOTAL
    return rounded


def sharpen(step: Sharpen, source: Pixels, smoothed: Pixels) -> NDArray[np.uint16]:
    """clamp(c + ((c - s) * amount + 2^11 >> 12)) where |c - s| > threshold, else c; alpha stays."""
    height, width = size(source)
    out = np.empty((4, height, width), np.uint16)

    def band(rows: slice) -> None:
        *color, alpha = planes(source, rows, slice(None))
        soft = planes(smoothed, rows, slice(None), 3)
        sharp = [_sharpened(c, s, step) for c, s in zip(color, soft, strict=True)]
        stack15(sharp, alpha, out[:, rows])

    for_bands(height, width, band)
    return out


def _sharpened(color: Plane, smoothed: Plane, step: Sharpen) -> Plane:
    difference = color - smoothed
    change = (difference * np.int32(step.amount) + AMOUNT_HALF) >> AMOUNT_SHIFT
    return np.where(np.abs(difference) > step.threshold, np.clip(color + change, 0, ONE), color)
