"""A mesh of bicubic Bezier patches as triangles whose corners lie on a grid of 2^-8 pixels.

Float64 enters here and is the same everywhere: only sums and products of two numbers at a time, element by
element and in the order written, each of which IEEE 754 rounds correctly; then rounding to the grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID_BITS", "Floats", "Grid", "finest", "grid_lines", "longest_square", "mesh_grid"]

Floats: TypeAlias = NDArray[np.float64]

GRID_BITS = 8
"""Corners lie on a grid of 2^-8 pixels."""

LARGEST_CELL = 16
"""Pixels that the side of a cell has at most, mostly: what a triangle covers is looked at row by row."""

MOST_CELLS = 1 << 20
MOST_LINES = 512
"""Cells of a mesh and those of a patch along an axis, at most."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the crossings of a mesh's lines lie.

    Attributes:
        across, down: the lines, by their part of the mesh's own width and height: from 0 to its number of
            columns and rows.
        x, y: int64 (lines down, lines across), in 2^-8 pixels.
    """

    across: Floats
    down: Floats
    x: NDArray[np.int64]
    y: NDArray[np.int64]


def finest(points: Floats) -> int:
    """Into how many cells, a power of two, each patch is divided along both axes.

    Between the lines a patch is taken as flat, in halves of cells. Over a cell 1/k of a patch wide and tall
    that is out by at most (|P_uu| + 2 |P_uv| + |P_vv|) / (8 k^2), which differences of the control points
    bound (D. Filip, R. Magedson and R. Markot, Surface algorithms using bounds on derivatives, 1986). 1/16 of
    a pixel, and cells of LARGEST_CELL pixels, are kept as far as MOST_CELLS and MOST_LINES allow.

    Args:
        points: the control points, shape (3 rows + 1, 3 columns + 1, 2), in pixels.
    """
    right, below = np.diff(points, axis=1), np.diff(points, axis=0)
    bent = 6 * _longest(np.diff(right, axis=1)) + 6 * _longest(np.diff(below, axis=0))
    bent += 18 * _longest(np.diff(right, axis=0))
    longest = 3 * max(_longest(right), _longest(below))
    rows, columns = (points.shape[0] - 1) // 3, (points.shape[1] - 1) // 3
    parts = 1
    while (
        (2 * bent > parts * parts or longest > LARGEST_CELL * parts)
        and parts < MOST_LINES
        and 4 * parts * parts * rows * columns <= MOST_CELLS
    ):
        parts *= 2
    return parts


def longest_square(steps: Floats) -> float:
    """The square of the longest vector of the last axis."""
    return float((steps[..., 0] * steps[..., 0] + steps[..., 1] * steps[..., 1]).max())


def _longest(steps: Floats) -> float:
    return math.sqrt(longest_square(steps))


def grid_lines(patches: int, parts: int, first: float, last: float) -> Floats:
    """The lines of an axis between two places of 0..patches, and these themselves: of each patch `parts`."""
    lines = np.arange(patches * parts + 1) / parts
    inner = lines[(lines > first) & (lines < last)]
    return np.concatenate([[first], inner, [last]])


def mesh_grid(points: Floats, across: Floats, down: Floats) -> Grid:
    """Where the lines of a mesh cross.

    points: the control points, shape (3 rows + 1, 3 columns + 1, 2), in pixels.
    """
    x, y = (_along(_along(points[..., axis].T, across).T, down) for axis in (0, 1))
    scale = float(1 << GRID_BITS)
    return Grid(across, down, *(np.floor(values * scale + 0.5).astype(np.int64) for values in (x, y)))


def _along(control: Floats, lines: Floats) -> Floats:
    """Cubic Bezier curves, control points down the first axis, at their lines: Bernstein's polynomials."""
    patches = (len(control) - 1) // 3
    patch = np.minimum(np.floor(lines), patches - 1)
    t = (lines - patch)[:, None]
    s = 1 - t
    first = 3 * patch.astype(np.int64)
    weights = s * s * s, 3 * (s * s * t), 3 * (s * t * t), t * t * t
    total: Floats = weights[0] * control[first]
    for index in (1, 2, 3):
        total = total + weights[index] * control[first + index]
    return total
