"""The blur that stands for a Gaussian in Filter Effects Module Level 1 (feGaussianBlur): three box blurs."""

from __future__ import annotations

import math

from scipy.ndimage import uniform_filter1d

from tests.others.measuring import Steps

__all__ = ["three_boxes"]


def three_boxes(pixels: Steps, deviation: float) -> Steps:
    """Blur premultiplied pixels (height, width, 4), with transparency around them.

    The boxes have d pixels each; where d is even, the first two are off by half a pixel to either side and
    the third has d + 1.
    """
    d = math.floor(deviation * 3 * math.sqrt(2 * math.pi) / 4 + 0.5)
    boxes = ((d, 0), (d, -1), (d + 1, 0)) if d % 2 == 0 else ((d, 0),) * 3
    for axis in (0, 1):
        for size, origin in boxes:
            pixels = uniform_filter1d(pixels, size, axis=axis, mode="constant", origin=origin)
    return pixels
