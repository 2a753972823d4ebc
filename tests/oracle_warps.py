"""An independent oracle for warps, in float64: where pixels lie in a picture, and what is seen there.

Nothing here knows of the library. Projective maps are solved for as eight equations, Bezier patches inverted
by Newton's method, coverage counted on a fine grid.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tests.oracle import Floats, keys

__all__ = ["bezier_places", "centres", "corner_places", "mean_seen", "quad_coverage", "seen_at"]

Points = Sequence[Sequence[float]]


def centres(width: int, height: int, parts: int = 1) -> tuple[Floats, Floats]:
    """x and y of the middles of a canvas's pixels, or of equal parts of them along both axes."""
    x, y = ((np.arange(side * parts) + 0.5) / parts for side in (width, height))
    grid_x, grid_y = np.meshgrid(x, y)
    return grid_x, grid_y


def corner_places(points: Points, size: tuple[float, float], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Where positions lie in a picture of a size that is drawn into four corners; NaN beyond the horizon."""
    width, height = size
    rows, found = [], []
    for (px, py), (u, v) in zip(points, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows += [[px, py, 1, 0, 0, 0, -u * px, -u * py], [0, 0, 0, px, py, 1, -v * px, -v * py]]
        found += [u, v]
    a = np.append(np.linalg.solve(np.array(rows, float), np.array(found, float)), 1).reshape(3, 3)
    middle = np.mean(np.array(points, float), axis=0)
    sign = np.sign(a[2] @ [*middle, 1])
    whole = (a[2, 0] * x + a[2, 1] * y + a[2, 2]) * sign
    whole = np.where(whole > 0, whole, np.nan)
    return tuple((a[i, 0] * x + a[i, 1] * y + a[i, 2]) * sign / whole for i in (0, 1))


def bezier_places(points: Points, size: tuple[float, float], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The same for one bicubic patch that does not lie over itself, for positions in it or near its edges."""
    control = np.array(points, float).reshape(4, 4, 2)
    middle = control[1:3, 1:3].mean(axis=(0, 1))
    u, v = np.full(x.shape, 0.5), np.full(x.shape, 0.5)
    for part in np.linspace(0.1, 1, 10):  # from the middle outwards, for Newton's method to stay near
        for _ in range(8):
            place, along, across = _patch(control, u, v)
            wanted = middle + part * (np.stack([x, y], axis=-1) - middle)
            off = wanted - place
            whole = along[..., 0] * across[..., 1] - along[..., 1] * across[..., 0]
            u = u + (off[..., 0] * across[..., 1] - off[..., 1] * across[..., 0]) / whole
            v = v + (along[..., 0] * off[..., 1] - along[..., 1] * off[..., 0]) / whole
    return u * size[0], v * size[1]


def _patch(control: Floats, u: Floats, v: Floats) -> tuple[Floats, Floats, Floats]:
    def weights(t: Floats) -> tuple[Floats, Floats]:
        s = 1 - t
        values = np.stack([s**3, 3 * s * s * t, 3 * s * t * t, t**3], axis=-1)
        slopes = np.stack([-3 * s * s, 3 * s * s - 6 * s * t, 6 * s * t - 3 * t * t, 3 * t * t], axis=-1)
        return values, slopes

    (bu, du), (bv, dv) = weights(u), weights(v)
    return tuple(
        np.einsum("...j,...i,jic->...c", down, right, control)
        for down, right in ((bv, bu), (bv, du), (dv, bu))
    )


def seen_at(picture: Floats, u: Floats, v: Floats) -> Floats:
    """Keys's interpolation of an opaque picture (height, width, channels), which goes on beyond its edges."""
    height, width = picture.shape[:2]
    total = np.zeros((*u.shape, picture.shape[2]))
    for row in range(-1, 3):
        for column in range(-1, 3):
            x, y = np.floor(u - 0.5) + column, np.floor(v - 0.5) + row
            weight = keys(u - 0.5 - x) * keys(v - 0.5 - y)
            at = picture[np.clip(y, 0, height - 1).astype(int), np.clip(x, 0, width - 1).astype(int)]
            total += weight[..., None] * at
    return total


def mean_seen(picture: Floats, u: Floats, v: Floats, parts: int) -> Floats:
    """The mean over parts x parts positions of each pixel."""
    fine = seen_at(picture, u, v)
    height, width = u.shape[0] // parts, u.shape[1] // parts
    mean: Floats = fine.reshape(height, parts, width, parts, -1).mean(axis=(1, 3))
    return mean


def quad_coverage(points: Points, width: int, height: int, parts: int = 32) -> Floats:
    """What of each pixel a convex quadrilateral covers, counted."""
    x, y = centres(width, height, parts)
    sides: list[NDArray[np.bool_]] = []
    for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
        sides.append((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0)
    inside = np.all(sides, axis=0) | ~np.any(sides, axis=0)
    counted: Floats = inside.reshape(height, parts, width, parts).mean(axis=(1, 3))
    return counted
