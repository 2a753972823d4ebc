"""Planes grown by a distance: what is near in each column and in each row, and the most of it all.

What is near a pixel is a word, (reach + 1 - distance) << 16 | value: the more the nearer, and of two at one
distance that of the larger value. Where its upper part is 0 there is nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.distances import distances
from engines.image_core.numbers.fixed import HALF, ONE, SHIFT, Plane
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.planes import Grow
from engines.image_core.reference.pixels import Pixels, coverage_around
from engines.image_core.reference.tiles import for_tiles

__all__ = ["grow"]


def grow(step: Grow, source: Pixels) -> NDArray[np.uint16]:
    """See `Grow`: radius + value - distance at most, of three values of each column and each row."""
    out = np.empty((step.height, step.width), np.uint16)

    def tile(area: Rect) -> None:
        left, top = step.left + area.left, step.top + area.top
        part = replace(step, width=area.width, height=area.height, left=left, top=top)
        out[area.top : area.bottom, area.left : area.right] = _grown(part, source)

    for_tiles(step.width, step.height, 4 * step.reach, tile)
    return out


def _grown(step: Grow, source: Pixels) -> NDArray[np.uint16]:
    """The same at once.

    Most pixels are near enough to something to be ONE, or far from everything: of the others alone all that
    is near is gone through.
    """
    reach = step.reach
    area = Rect(0, 0, step.width, step.height).shift(step.left, step.top)
    values = coverage_around(source, area.expand(reach))
    words = (reach + 1) << 16 | values
    chosen = [words * (values >= least) for least in (1, HALF, ONE)]
    columns = [_nearest(plane, reach) for plane in chosen]
    rows = [_nearest(plane.T, reach).T for plane in chosen]

    height, width = slice(reach, reach + step.height), slice(reach, reach + step.width)
    whole = np.maximum(columns[2], rows[2])[height, width] >> 16
    full = ONE - ((reach + 1 - whole) << SHIFT) >= step.falloff * ONE - step.radius
    out = full * np.uint16(ONE)
    y, x = np.nonzero(_within(columns[0][height] >> 16 > 0, reach) & ~full)
    most = _most(step, columns, rows, (y + reach) * values.shape[1] + x + reach)
    most = np.clip(step.radius + most, 0, step.falloff * ONE)
    out[y, x] = (most + step.falloff // 2) // step.falloff
    return out


def _nearest(words: Plane, reach: int) -> Plane:
    """What is nearest in each pixel's column, of the words of chosen pixels among zeros."""
    return np.maximum(_above(words, reach), _above(words[::-1], reach)[::-1])


def _above(words: Plane, reach: int) -> Plane:
    """What is nearest at a pixel or above it. Once that is known so far up, the pixel that lies a step
    further up knows as much again."""
    near, known = words.copy(order="K"), 0
    while known < reach:
        step = min(known + 1, reach - known)
        np.maximum(near[step:], near[:-step] - (step << 16), out=near[step:])
        known += step
    return near


def _within(chosen: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Whether one is chosen in the row up to `reach` pixels away; of all but so many pixels at either end."""
    count = np.cumsum(np.pad(chosen, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    return count[:, 2 * reach + 1 :] > count[:, : -2 * reach - 1]


def _most(step: Grow, columns: list[Plane], rows: list[Plane], at: NDArray[np.int64]) -> Plane:
    """For pixels, by where they lie in the frame, pixel by pixel: value - distance at most, or -radius.

    What lies d columns or rows away comes to ONE - d at most. The nearest of ONE is the same by columns and
    by rows, and of two columns as far away the nearer one's.
    """
    whole, line = columns[2].reshape(-1), columns[2].shape[1]
    across = [(plane.reshape(-1), 1) for plane in columns[:2]] + [
        (plane.reshape(-1), line) for plane in rows[:2]
    ]
    most = np.full(len(at), -step.radius, np.int32)
    for d, away in enumerate(distances(step.reach, step.metric)):
        going = np.flatnonzero(most < min(step.falloff * ONE - step.radius, ONE - (d << SHIFT)))
        here = at[going]
        near = [np.maximum(whole[here - d], whole[here + d])]
        near += [plane[here + side * d] for plane, one in across for side in (-one, one)]
        most[going] = np.maximum.reduce([most[going], *((word & 0xFFFF) - away[word >> 16] for word in near)])
    return most
