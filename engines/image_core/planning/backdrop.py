"""What a layer lies on, for effects that show it blurred.

That is what the layers below it have made of the image they are put together in: the canvas, or that of a
group. The steps of those layers are the same for both, so that they are made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.adjustments import Adjustments
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.effects import BackdropBlur
from engines.image_core.composition.options import BitDepth
from engines.image_core.models import AdjustmentLayer, GroupLayer, Layer, PlacedLayer
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.kernels import KEYS_TOTAL, Taps
from engines.image_core.planning.adjusting import color_ops
from engines.image_core.planning.filtering import blur_reach, blurred
from engines.image_core.planning.options import Options
from engines.image_core.planning.placement import Placed, check_size
from engines.image_core.planning.shapes import Shape
from engines.image_core.planning.stacking import Drawn, Group, Image, compose, passed_through, union
from engines.image_core.planning.steps import ONE, RGBA, Opaque, Resample

__all__ = ["Below", "backdrop_reach", "looks_below", "panes", "read_within"]

_NOTHING: RGBA = (0, 0, 0, 0)


def backdrop_reach(layer: Layer) -> int | None:
    """How many pixels around itself a layer reads of its backdrop; None where it reads nothing of it."""
    if isinstance(layer, AdjustmentLayer):
        return None
    radii = [effect.radius for effect in layer.effects if isinstance(effect, BackdropBlur)]
    return _reach(max(radii)) if radii else None


def _reach(sigma: float) -> int:
    return blur_reach(sigma) if sigma else 0


def looks_below(layer: Layer) -> bool:
    """Whether a layer, or one in it, reads its backdrop."""
    inside = layer.layers if isinstance(layer, GroupLayer) else ()
    return backdrop_reach(layer) is not None or any(map(looks_below, inside))


def read_within(area: Rect, window: Rect) -> Rect:
    """What an area reads of a window that is mirrored at its edges. Neither is empty."""
    if area.intersect(window) == area:
        return area
    columns, rows = _mirrored(area, window)
    return Rect(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def _mirrored(area: Rect, window: Rect) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The columns and rows of a window that an area's are, where it is mirrored at its edges."""
    return (
        _folded(area.left, area.right, window.left, window.right),
        _folded(area.top, area.bottom, window.top, window.bottom),
    )


def _folded(first: int, stop: int, low: int, high: int) -> NDArray[np.int64]:
    """Positions first..stop-1 within low..high-1, by going back and forth."""
    length = high - low
    places = (np.arange(first, stop) - low) % (2 * length)
    return low + np.minimum(places, 2 * length - 1 - places)


@dataclass(frozen=True)
class Below:
    """What a layer lies on.

    Attributes:
        window: what there is of the image that all is put together in, in its pixels: the canvas, where it
            lies there. Beyond, the image is taken as mirrored.
        background: what that image begins with.
        drawn: what is drawn on it below the layer, bottom first, where it lies in the image.
        x, y: where the pixels of the layer's parent begin in the image's.
    """

    window: Rect
    background: RGBA = _NOTHING
    drawn: tuple[Drawn, ...] = ()
    x: int = 0
    y: int = 0

    @property
    def seen_through(self) -> Rect:
        """The window in the pixels of the layer's parent."""
        return self.window.shift(-self.x, -self.y)

    def over(self, drawn: Sequence[Drawn]) -> Below:
        """The same with what else lies below a layer: layers of its parent's."""
        added = tuple(drawn)
        if added and (self.drawn or self.x or self.y):
            added = (passed_through(added, self.x, self.y),)
        return replace(self, drawn=(*self.drawn, *added))

    def moved(self, x: int, y: int) -> Below:
        """The same for the layers of a group that is passed through, whose pixels begin at (x, y)."""
        return replace(self, x=self.x + x, y=self.y + y)

    def cleared(self) -> Below:
        """Nothing instead, in the same image."""
        return replace(self, background=_NOTHING, drawn=())

    def blurred(self, sigma: float, need: Rect, bit_depth: BitDepth) -> Placed | None:
        """What is below, blurred by a Gaussian; None where there is nothing.

        Args:
            sigma: the standard deviation in pixels.
            need: the pixels that are wanted, of the layer's parent, as those of the answer are.
            bit_depth: the composition's.

        Raises:
            TooLargeError: so many pixels would be put together that a step may not have them.
        """
        need = need.shift(self.x, self.y)
        read = need.expand(_reach(sigma))
        area = read_within(read, self.window)
        check_size(read)
        painted = union(item.content.painted for item in self.drawn)
        if not self.background[3] and painted.intersect(area).empty:
            return None
        whole = compose(self.drawn, area, self.background, bit_depth)
        source = _extended(Placed(whole, area.left, area.top), read, self.window)
        soft = source if sigma == 0 else blurred(source, sigma, need)
        assert soft is not None  # it reads what is needed
        image = Opaque(soft.image) if whole.opaque else soft.image
        return Placed(image, soft.left - self.x, soft.top - self.y)


def panes(
    layer: PlacedLayer, shape: Shape, kept: Options | None, need: Rect, below: Below, bit_depth: BitDepth
) -> Iterator[Drawn]:
    """What is below a layer, blurred as its effects say, in place of that where the layer's shape is.

    kept: the channels that stay. The rest is that of `with_effects`.
    """
    area = shape.area.intersect(need)
    for effect in layer.effects:
        if isinstance(effect, BackdropBlur) and not area.empty:
            soft = below.blurred(effect.radius, area, bit_depth)
            if soft is not None:
                yield _pane(effect, soft, shape, kept, area)


def _pane(effect: BackdropBlur, soft: Placed, shape: Shape, kept: Options | None, area: Rect) -> Drawn:
    image = Image(soft, color_ops(Adjustments(saturation=effect.saturation)))
    mask = shape.coverage()
    if soft.image.opaque:  # over what is opaque too, where to lie over it and to take its place are one
        return Drawn(image, mask, ONE, BlendMode.NORMAL, kept)
    alone = (Drawn(image, None, ONE, BlendMode.NORMAL),)
    return Drawn(Group(alone, "replacement", (), 0, 0, area, area, 1), mask, ONE, BlendMode.NORMAL, kept)


def _extended(placed: Placed, area: Rect, window: Rect) -> Placed:
    """An image mirrored at the edges of a window, over an area."""
    if placed.area == area:
        return placed
    columns, rows = _mirrored(area, window)
    image = Resample(placed.image, _copying(rows - placed.top), _copying(columns - placed.left))
    return Placed(image, area.left, area.top)


def _copying(positions: NDArray[np.int64]) -> Taps:
    """Taps that take a pixel each."""
    return Taps(positions.astype(np.int32), np.full((len(positions), 1), KEYS_TOTAL, np.int32))
