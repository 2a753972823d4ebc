"""Colour operations on straight colour: a curve for all channels, or a colour matrix."""

from __future__ import annotations

import numpy as np

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.planning.entries import ColorOp, Matrix, Table

__all__ = ["adjust"]

WEIGHT_SHIFT = 14
WEIGHT_HALF = 1 << (WEIGHT_SHIFT - 1)


def adjust(color: list[Plane], color_ops: tuple[ColorOp, ...]) -> list[Plane]:
    """Apply colour operations in order to the three colour planes."""
    for step in color_ops:
        match step:
            case Table():
                color = [apply_table(plane, step) for plane in color]
            case Matrix():
                color = apply_matrix(color, step)
    return color


def apply_table(plane: Plane, table: Table) -> Plane:
    """Look each value up."""
    return table.values[plane].astype(np.int32)


def apply_matrix(color: list[Plane], matrix: Matrix) -> list[Plane]:
    """out_i = clamp((w_i0 * r + w_i1 * g + w_i2 * b + 2^13) >> 14), weights in 2^-14 steps."""
    red, green, blue = color
    out = []
    for row in range(3):
        w = [np.int32(weight) for weight in matrix.weights[3 * row : 3 * row + 3]]
        total = red * w[0] + green * w[1] + blue * w[2]
        total += WEIGHT_HALF
        total >>= WEIGHT_SHIFT
        out.append(np.clip(total, 0, ONE))
    return out
