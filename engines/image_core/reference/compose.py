"""The compositing pass: all layers of an area, band by band, from the bottom up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane, to15
from engines.image_core.planning.steps import Compose, LayerStep, MaskStep, Solid
from engines.image_core.reference.adjust import adjust
from engines.image_core.reference.composite import composite, source_alpha
from engines.image_core.reference.pixels import Color, Pixels, channels15, pack8, stack15
from engines.image_core.reference.tiles import for_bands

__all__ = ["compose8", "compose15"]


def compose8(step: Compose, images: Sequence[Pixels | None]) -> NDArray[np.uint8]:
    """Composite to 8-bit pixels. images: those of the layers, in order; None for a Solid."""
    out = np.empty((step.height, step.width, 4), np.uint8)
    for_bands(step.height, step.width, lambda rows: pack8(*_band(step, images, rows), out[rows]))
    return out


def compose15(step: Compose, images: Sequence[Pixels | None]) -> NDArray[np.uint16]:
    """Composite to 15-bit pixels, for a group or a step before a filter."""
    out = np.empty((4, step.height, step.width), np.uint16)
    for_bands(step.height, step.width, lambda rows: stack15(*_band(step, images, rows), out[:, rows]))
    return out


class _Accumulator:
    """The backdrop of a band: colour, and alpha unless all of it is opaque."""

    def __init__(self, step: Compose, rows: slice) -> None:
        *color, alpha = step.background
        shape = (rows.stop - rows.start, step.width)
        self.color = _filled(color, shape)
        self.alpha = None if alpha == ONE else np.full(shape, alpha, np.int32)

    def read(self, area: tuple[slice, slice]) -> tuple[Color, Plane | None]:
        return self.color[:, *area], None if self.alpha is None else self.alpha[area]

    def write(self, area: tuple[slice, slice], whole: bool, color: Color, alpha: Plane | None) -> None:
        if whole:
            self.color, self.alpha = color, alpha
            return
        self.color[:, *area] = color
        if self.alpha is not None:
            self.alpha[area] = ONE if alpha is None else alpha


def _filled(values: Sequence[int], shape: tuple[int, int]) -> NDArray[np.int32]:
    """A plane full of each value."""
    return np.repeat(np.array(values, np.int32), shape[0] * shape[1]).reshape(len(values), *shape)


def _band(step: Compose, images: Sequence[Pixels | None], rows: slice) -> tuple[Color, Plane | None]:
    backdrop = _Accumulator(step, rows)
    for layer, image in zip(step.layers, images, strict=True):
        _add(backdrop, layer, image, rows, step.width)
    return backdrop.color, backdrop.alpha


def _add(backdrop: _Accumulator, layer: LayerStep, image: Pixels | None, rows: slice, width: int) -> None:
    """Composite the part of a layer that lies in a band of rows."""
    y0, y1 = _shown(layer.top, layer.image.height, rows.start, rows.stop, layer.mask, vertical=True)
    x0, x1 = _shown(layer.left, layer.image.width, 0, width, layer.mask, vertical=False)
    if y0 >= y1 or x0 >= x1:
        return
    color, alpha = _read_image(layer, image, y0, y1, x0, x1)
    mask = _read_mask(layer.mask, y0, y1, x0, x1) if layer.mask else None
    area = (slice(y0 - rows.start, y1 - rows.start), slice(x0, x1))
    whole = (y0, y1, x0, x1) == (rows.start, rows.stop, 0, width)
    source = np.stack(adjust(list(color), layer.points)) if layer.points else color
    opacity = source_alpha(alpha, mask, layer.opacity)
    backdrop.write(area, whole, *composite(*backdrop.read(area), source, opacity, layer.mode))


def _shown(
    start: int, length: int, low: int, high: int, mask: MaskStep | None, *, vertical: bool
) -> tuple[int, int]:
    """Along one axis, the part of low..high that the image and its mask cover."""
    low, high = max(low, start), min(high, start + length)
    if mask is not None:
        first = mask.top if vertical else mask.left
        low, high = max(low, first), min(high, first + mask.mask.pixels.shape[0 if vertical else 1])
    return low, high


def _read_image(
    layer: LayerStep, image: Pixels | None, y0: int, y1: int, x0: int, x1: int
) -> tuple[Color, Plane | None]:
    if image is None:
        assert isinstance(layer.image, Solid)
        values = _filled(layer.image.color, (y1 - y0, x1 - x0))
        return values[:3], values[3]
    rows = slice(y0 - layer.top, y1 - layer.top)
    columns = slice(x0 - layer.left, x1 - layer.left)
    if layer.image.opaque:
        return channels15(image, rows, columns, 3), None
    values = channels15(image, rows, columns)
    return values[:3], values[3]


def _read_mask(mask: MaskStep, y0: int, y1: int, x0: int, x1: int) -> Plane:
    values = mask.mask.pixels[y0 - mask.top : y1 - mask.top, x0 - mask.left : x1 - mask.left]
    return to15(255 - values if mask.inverted else values)
