"""Paths in Photoshop files: what their subpaths enclose together, as SVG's path data.

Subpaths make components, each filled by the even-odd rule; a component is added to all before it, subtracted
from it, intersected with it, or what either has alone stays. The first begins with nothing; to be subtracted
or intersected, with everything. (Adobe's "Photoshop File Formats Specification", path resource format, tells
the records, psd-tools the operations.)

What adds up stays curves. Else these become polygons, at most 1/256 pixel off them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from psd_tools.api.layers import Layer

from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import IDENTITY
from engines.image_core.psd.document import Document
from engines.image_core.sources.vector.crossing import Ints
from engines.image_core.sources.vector.outline import OutlineBuilder
from engines.image_core.sources.vector.stroking import polygons
from engines.image_core.sources.vector.svg_path import draw_path
from engines.image_core.sources.vector.uniting import BITS, Inside, united

__all__ = ["Placing", "ShapePath", "aligned_placing", "canvas_placing", "curves", "plain_path", "shape_path"]

_Rings: TypeAlias = list[Ints]

_EXCLUDE, _COMBINE, _SUBTRACT, _INTERSECT, _SAME = 0, 1, 2, 3, -1
_AGAINST_ALL_ELSE = {_COMBINE: _SUBTRACT, _SUBTRACT: _COMBINE, _EXCLUDE: _EXCLUDE}
"""What is done to a shape that is cut out of everything, told of what is cut out."""

_SCALE = 4  # curves are flattened this much enlarged
_FINER = 18 - BITS  # 16 fractional bits, and those of the scale
_FARTHEST = 1 << 28
_MOST_POINTS = 40_000  # of polygons as path data, of which a million letters are allowed


class Placing(NamedTuple):
    """Where a path lies: for x and for y a factor and an offset, from fractions of the file's canvas to the
    composition's pixels."""

    across: tuple[float, float]
    down: tuple[float, float]

    def at(self, y: float, x: float) -> tuple[float, float]:
        """A point in pixels, given as Photoshop has it, y first."""
        return self.across[0] * x + self.across[1], self.down[0] * y + self.down[1]


@dataclass(frozen=True)
class ShapePath:
    """What a path encloses.

    Attributes:
        d: SVG's path data in the composition's pixels, to be filled by the non-zero rule.
        inverted: whether it is all but that.
        of_all: whether its first component was subtracted from, or intersected with, everything.
        closed: whether all its subpaths are closed.
        rings: its border as polygons, int64, shape (n, 2), in 2^-12 pixel.
    """

    d: str
    inverted: bool
    of_all: bool
    closed: bool
    rings: tuple[Ints, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The left, top, right and bottom edge in pixels, of what it encloses or what it is all but."""
        points = np.concatenate(self.rings)
        low, high = points.min(axis=0) / (1 << BITS), points.max(axis=0) / (1 << BITS)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def longest_miter(self) -> float:
        """How far the tip of a line around it would lie from its sharpest corner, in its half widths."""
        sharpest = 1.0  # the least cosine of a turn
        for ring in self.rings:
            along = np.roll(ring, -1, axis=0) - ring
            ahead = np.roll(along, -1, axis=0)
            lengths = np.hypot(*along.T) * np.hypot(*ahead.T)
            sharpest = min(sharpest, float(((along * ahead).sum(axis=1) / lengths).min()))
        return math.sqrt(2 / max(1 + sharpest, 1e-9))


def shape_path(layer: Layer, place: Placing) -> ShapePath | None:
    """What a layer's path encloses; None where it has no lines.

    Args:
        layer: it has a path.
        place: where it lies.

    Raises:
        SourceError: it has too many points, or too many that meet, or reaches too far.
    """
    subpaths = _subpaths(layer)
    if not subpaths:
        return None
    components: list[list[Any]] = []
    for subpath in subpaths:
        if subpath.operation == _SAME and components:
            components[-1].append(subpath)
        else:
            components.append([subpath])
    operations = [component[0].operation for component in components]
    of_all = operations[0] in (_SUBTRACT, _INTERSECT)
    closed = all(subpath.is_closed() for subpath in subpaths)
    lines = [[_polygon(_curve(subpath, place)) for subpath in component] for component in components]
    shapes = [united(rings, inside=_odd) for rings in lines]
    if all(operation == _COMBINE for operation in operations[1:]) and _plain(lines, shapes):
        rings = tuple(itertools.chain.from_iterable(shapes))
        return ShapePath(curves(layer, place), operations[0] == _SUBTRACT, of_all, closed, rings)
    made, inverted = shapes[0], operations[0] == _SUBTRACT
    for operation, shape in zip(operations[1:], shapes[1:], strict=True):
        made, inverted = _applied(operation, made, shape, inverted)
    return ShapePath(_path_data(made), inverted, of_all, closed, tuple(made))


def plain_path(layer: Layer, place: Placing) -> ShapePath:
    """All subpaths of a layer's path taken together, whatever is to be done with each."""
    return ShapePath(curves(layer, place), False, False, True, ())


def canvas_placing(layer: Layer, document: Document) -> Placing:
    """From fractions of the file's canvas to the composition's pixels."""
    width, height = layer._psd.size
    x, y = document.at(0, 0)
    return Placing((width, x), (height, y))


def aligned_placing(layer: Layer, document: Document, reach: float) -> Placing:
    """The same for a path whose edges Photoshop aligns with pixels: of its box, with a line's `reach` beyond
    it, the corner moves to the nearest pixel's, and the sides are stretched to whole pixels.

    Measured: a corner at a fraction of 0.493 goes up and one of 0.427 goes down, as if it was first rounded
    to a sixteenth of a pixel; a line of one pixel centred on a pixel's edge moves right and down.
    """
    low, high = np.reshape(layer.vector_mask.bbox, (2, 2)).tolist()
    axes = zip(low, high, layer._psd.size, document.at(0, 0), strict=True)
    return Placing(*(_aligned(a, b, size, begin, reach) for a, b, size, begin in axes))


def _aligned(low: float, high: float, size: float, begin: float, reach: float) -> tuple[float, float]:
    """A factor and an offset, where the canvas begins at `begin`."""
    first = math.floor(round(16 * (low * size - reach)) / 16 + 0.5) + reach
    length = math.floor((high - low) * size + 2 * reach + 0.5) - 2 * reach
    if length <= 0:
        return size, begin
    factor = length / (high - low)
    return factor, begin + first - factor * low


def curves(layer: Layer, place: Placing, *, ends: bool = False) -> str:
    """All subpaths of a layer's path one after another, as SVG's path data in the composition's pixels.

    ends: whether those that are open stay so; what is filled is closed.
    """
    return " ".join(_curve(one, place, closed=not ends or one.is_closed()) for one in _subpaths(layer))


def _subpaths(layer: Layer) -> list[Any]:
    return [subpath for subpath in layer.vector_mask.paths if len(subpath)]


def _curve(subpath: Any, place: Placing, *, closed: bool = True) -> str:
    knots = [[place.at(*at) for at in (knot.preceding, knot.anchor, knot.leaving)] for knot in subpath]
    text = "M {:.6f} {:.6f}".format(*knots[0][1])
    for before, after in itertools.pairwise([*knots, knots[0]] if closed else knots):
        text += " C" + "".join(f" {x:.6f} {y:.6f}" for x, y in (before[2], after[0], after[1]))
    return f"{text} Z" if closed else text


def _odd(winding: Ints) -> NDArray[np.bool_]:
    """The even-odd rule."""
    inside: NDArray[np.bool_] = winding % 2 == 1
    return inside


def _least(number: int) -> Inside:
    """The rule that takes what is wound around so often, or more."""
    return lambda winding: winding >= number


def _plain(lines: Sequence[_Rings], shapes: Sequence[_Rings]) -> bool:
    """Whether curves filled by the non-zero rule show the same: components that lie apart, each without
    what winds around twice."""
    boxes = [_box(rings) for rings in lines]
    apart = all(
        bool((np.maximum(a[0], b[0]) >= np.minimum(a[1], b[1])).any())
        for a, b in itertools.combinations(boxes, 2)
    )
    return apart and all(
        _area(united(rings)) == _area(shape) for rings, shape in zip(lines, shapes, strict=True)
    )


def _box(rings: _Rings) -> tuple[Ints, Ints]:
    points = np.concatenate(rings)
    return points.min(axis=0), points.max(axis=0)


def _area(rings: _Rings) -> int:
    """Twice the area, exactly."""
    return sum(
        sum(
            x * y1 - x1 * y
            for (x, y), (x1, y1) in zip(ring.tolist(), np.roll(ring, -1, 0).tolist(), strict=True)
        )
        for ring in rings
    )


def _applied(operation: int, rings: _Rings, shape: _Rings, inverted: bool) -> tuple[_Rings, bool]:
    """A shape, or all but it, after an operation with another; each winds around what it encloses once."""
    if inverted and operation == _INTERSECT:
        return _applied(_SUBTRACT, shape, rings, False)
    match _AGAINST_ALL_ELSE[operation] if inverted else operation:
        case 2:  # subtract
            return united([*rings, *(ring[::-1] for ring in shape)], inside=_least(1)), inverted
        case 3:  # intersect
            return united([*rings, *shape], inside=_least(2)), inverted
        case 0:  # exclude
            return united([*rings, *shape], inside=_odd), inverted
    return united([*rings, *shape]), inverted


def _path_data(rings: Iterable[Ints]) -> str:
    rings = list(rings)
    if sum(map(len, rings)) > _MOST_POINTS:
        raise SourceError(f"what its paths make together has too many points: allowed are {_MOST_POINTS:,}")
    places = (" L ".join(f"{x:.4f} {y:.4f}" for x, y in (ring / (1 << BITS)).tolist()) for ring in rings)
    return " ".join(f"M {one} Z" for one in places)


def _polygon(d: str) -> Ints:
    """Curves as a polygon in 2^-12 pixel."""
    builder = OutlineBuilder(IDENTITY.after_scaling(Fraction(_SCALE)))
    draw_path(d, builder, "a path")
    rings = polygons(builder.outline(), 0)
    points = np.array(rings[0] if rings else [], np.int64).reshape(-1, 2)
    if np.abs(points).max(initial=0) >> _FINER >= _FARTHEST:
        raise SourceError("its path leads too far beyond the canvas")
    return (points + (1 << (_FINER - 1))) >> _FINER
