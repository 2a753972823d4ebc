"""Where in a picture each pixel of a quadrilateral lies that the picture is drawn into in perspective."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.warps import CornersWarp
from engines.image_core.numbers.covered import polygon_coverage
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
from engines.image_core.numbers.meshes import GRID_BITS, Floats
from engines.image_core.numbers.places import Places
from engines.image_core.numbers.projective import Projective
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.placement import Box

__all__ = ["Quad", "corners_map"]

_LEAST_WEIGHT = 2.0**-60
"""The weight of what lies on the horizon or beyond, beside pixels that a quadrilateral has a part of."""


def corners_map(warp: CornersWarp) -> Projective:
    """From the unit square, which the layer's box is taken as, to the parent's pixels."""
    return Projective.of_unit_square([(Fraction(x), Fraction(y)) for x, y in warp.points])


class Quad:
    """See `Warped`.

    Args:
        warp: the corners.
        to_unit: from the picture's pixels to the unit square.
        shown: the part of the picture that is shown, in its pixels.
    """

    def __init__(self, warp: CornersWarp, to_unit: Affine, shown: Box) -> None:
        whole = corners_map(warp).after(to_unit)
        left, top, right, bottom = shown
        box = [(left, top), (right, top), (right, bottom), (left, bottom)]
        corners = [whole.apply(x, y) for x, y in box]
        xs, ys = zip(*corners, strict=True)
        self.bounds: Box = (min(xs), min(ys), max(xs), max(ys))
        stretches = [whole.stretches(x, y) for x, y in box]
        self.growth = max(across for across, _ in stretches), max(down for _, down in stretches)
        self._shown = tuple(map(float, shown))
        # Counted from the pixel that the first corner falls in: a move by whole pixels changes nothing.
        self._left, self._top = map(math.floor, warp.points[0])
        moved = [(x - self._left, y - self._top) for x, y in corners]
        scale = 1 << GRID_BITS
        self._corners = [(round_fraction(x * scale), round_fraction(y * scale)) for x, y in moved]
        self._back = whole.inverse().after(replace(IDENTITY, x0=Fraction(self._left), y0=Fraction(self._top)))
        self._middle = sum(x for x, _ in moved) / Fraction(4), sum(y for _, y in moved) / Fraction(4)

    @cached_property
    def _rows(self) -> list[list[float]]:
        """The map back, its weight 1 in the middle of the corners. Where these hold next to nothing it may be
        beyond what floats hold; nobody asks for it then."""
        middle = self._back.weighed(*self._middle)
        rows = self._back.across, self._back.down, self._back.weight
        return [[float(part / middle) for part in row] for row in rows]

    def check(self, area: Rect) -> None:
        """See `Warped`: they never do."""

    def coverage(self, area: Rect) -> NDArray[np.uint16]:
        """See `Warped`."""
        corners = np.array(self._corners, np.int64)
        ends = np.roll(corners, -1, axis=0)
        turned = int((corners[:, 0] * ends[:, 1] - corners[:, 1] * ends[:, 0]).sum())
        if turned < 0:
            corners, ends = ends, corners
        moved = area.shift(-self._left, -self._top)
        return polygon_coverage((corners[:, 0], corners[:, 1]), (ends[:, 0], ends[:, 1]), moved)

    def places(self, area: Rect) -> Places:
        """See `Warped`."""
        x = np.arange(area.left - self._left, area.right - self._left) + 0.5
        y = (np.arange(area.top - self._top, area.bottom - self._top) + 0.5)[:, None]
        (ua, ub, uc), (va, vb, vc), (wa, wb, wc) = self._rows
        weight = np.maximum((wa * x + wb * y) + wc, _LEAST_WEIGHT)
        left, top, right, bottom = self._shown
        u = np.clip(((ua * x + ub * y) + uc) / weight, left, right)
        v = np.clip(((va * x + vb * y) + vc) / weight, top, bottom)

        def slope(place: Floats, part: float, whole: float) -> Floats:
            found: Floats = (part - place * whole) / weight
            return found

        return Places(u, v, slope(u, ua, wa), slope(v, va, wa), slope(u, ub, wb), slope(v, vb, wb))
