"""Gaussian blur of images, on premultiplied values, and of planes: a symmetric kernel, vertical first, then
horizontal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.kernels import Kernel
from engines.image_core.planning.steps import Blur
from engines.image_core.reference.pixels import Pixels, empty15, premultiplied, size, store_premultiplied
from engines.image_core.reference.tiles import for_bands

__all__ = ["blur", "convolve"]

KERNEL_SHIFT = 16
KERNEL_HALF = 1 << (KERNEL_SHIFT - 1)


def blur(step: Blur, source: Pixels) -> NDArray[np.uint16]:
    """Each axis: (sum of weight * value + 2^15) >> 16; outside the source lies transparency."""
    height, width = size(source)
    radius = len(step.kernel) - 1
    out = empty15(step)

    def band(rows: slice) -> None:
        top, bottom = rows.start + step.top - radius, rows.stop + step.top + radius
        inside = slice(min(max(top, 0), height), min(max(bottom, 0), height))
        blurred = []
        for plane in premultiplied(source, inside, opaque=False):
            values = _window(plane.astype(np.uint32), 0, top - inside.start, bottom - top)
            values = convolve(values, step.kernel, 0)
            values = _window(values, 1, step.left - radius, step.width + 2 * radius)
            blurred.append(convolve(values, step.kernel, 1).astype(np.int32))
        store_premultiplied(blurred, rows, out)

    for_bands(step.height, max(step.width, width), band)
    return out


def convolve(values: NDArray[np.uint32], kernel: Kernel, axis: int) -> NDArray[np.uint32]:
    """Along an axis: out[i] = (sum over d of kernel[|d|] * values[i + radius + d] + 2^15) >> 16.

    The result is 2 * radius shorter. Products and sums stay below 2^32: values are at most 2^15 and the
    kernel sums to 2^16.
    """
    radius = len(kernel) - 1
    length = values.shape[axis] - 2 * radius

    def shifted(by: int) -> NDArray[np.uint32]:
        part = slice(by, by + length)
        return values[part] if axis == 0 else values[:, part]

    total = shifted(radius) * np.uint32(kernel[0])
    for distance in range(1, radius + 1):
        pair = shifted(radius - distance) + shifted(radius + distance)
        pair *= np.uint32(kernel[distance])
        total += pair
    total += np.uint32(KERNEL_HALF)
    total >>= np.uint32(KERNEL_SHIFT)
    return total


def _window(values: NDArray[np.uint32], axis: int, start: int, length: int) -> NDArray[np.uint32]:
    """values[start : start + length] along an axis, with zeros where that lies outside."""
    size = values.shape[axis]
    first, last = min(max(start, 0), size), min(max(start + length, 0), size)
    part = values[first:last] if axis == 0 else values[:, first:last]
    before = min(max(-start, 0), length)
    padding = [(0, 0), (0, 0)]
    padding[axis] = (before, length - before - (last - first))
    return part if padding == [(0, 0), (0, 0)] else np.pad(part, padding)
