"""What of each pixel polygons cover, in whole numbers: corners are on a grid of 2^-8 pixels.

A pixel has 64 lines. Of each what lies right of an edge is exact to 1/256 pixel; the sum of all edges, those
that run up less those that run down, is what is covered.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.meshes import GRID_BITS
from engines.image_core.numbers.triangles import Ints, runs

__all__ = ["polygon_coverage"]

_ONE = 1 << GRID_BITS
_LINE = 4
"""Steps of the grid from one line to the next; the first lies half as far from the pixel's upper edge."""

_WHOLE = _ONE * (_ONE // _LINE)
_LINES = 1 << 21
"""How many crossings of edges and lines are looked at at once."""


def polygon_coverage(start: tuple[Ints, Ints], end: tuple[Ints, Ints], area: Rect) -> NDArray[np.uint16]:
    """Coverage of an area's pixels, 0..ONE, shape (height, width).

    Args:
        start, end: x and y of where each edge begins and ends, int64 (n,), in 2^-8 pixels. The edges are
            those of closed polygons, each turning right (y points down). What several cover counts once.
        area: the pixels wanted.
    """
    down = start[1] < end[1]
    top, bottom = (
        tuple(np.where(down, a, b) for a, b in zip(first, second, strict=True))
        for first, second in ((start, end), (end, start))
    )
    first, last = (-((_LINE // 2 - y) // _LINE) for y in (top[1], bottom[1]))  # the first line at y or below
    lines = _ONE // _LINE
    first = np.maximum(first, area.top * lines)
    length = np.maximum(np.minimum(last, area.bottom * lines) - first, 0)
    sums = np.zeros((area.height, area.width + 1), np.int32)
    flat = sums.reshape(-1)
    for part in runs(length, _LINES):
        edge = np.repeat(np.arange(part.start, part.stop), length[part])
        if not len(edge):
            continue
        begins = np.repeat(np.cumsum(length[part]) - length[part], length[part])
        line = first[edge] + np.arange(len(edge)) - begins
        fallen = line * _LINE + _LINE // 2 - top[1][edge]
        across = (bottom[0][edge] - top[0][edge]) * fallen // (bottom[1][edge] - top[1][edge])
        x = np.clip(top[0][edge] + across - area.left * _ONE, 0, area.width * _ONE)
        column, inside = x >> GRID_BITS, x & (_ONE - 1)
        place = (line // lines - area.top) * (area.width + 1) + column
        sign = np.where(down[edge], -1, 1)  # what turns right goes down on its right, where its inside ends
        np.add.at(flat, place, (sign * (_ONE - inside)).astype(np.int32))
        seen = column < area.width
        np.add.at(flat, place[seen] + 1, (sign * inside)[seen].astype(np.int32))
    np.cumsum(sums, axis=1, out=sums)
    covered = np.clip(sums[:, : area.width], 0, _WHOLE) * (ONE // _WHOLE)
    return covered.astype(np.uint16)
