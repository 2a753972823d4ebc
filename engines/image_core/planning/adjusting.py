"""Adjustments of a layer as colour operations."""

from __future__ import annotations

import numpy as np

from engines.image_core.composition.adjustments import Adjustment, Adjustments, Invert, Posterize
from engines.image_core.numbers import curves
from engines.image_core.planning.entries import ColorOp, Matrix, Table

__all__ = ["color_ops", "lowered"]


def color_ops(adjustments: Adjustments) -> tuple[ColorOp, ...]:
    """The pointwise adjustments in their order, neighbouring curves fused into one table."""
    before = []
    if adjustments.exposure != 0:
        before.append(curves.exposure_table(adjustments.exposure))
    if adjustments.brightness != 1:
        before.append(curves.brightness_table(adjustments.brightness))
    if adjustments.contrast != 1:
        before.append(curves.contrast_table(adjustments.contrast))
    steps = _fused(before)
    if adjustments.saturation != 1:
        steps += (Matrix(curves.saturation_matrix(adjustments.saturation)),)
    if adjustments.gamma != 1:
        curve = curves.gamma_table(adjustments.gamma)
        steps = steps + _fused([curve]) if adjustments.saturation != 1 else _fused([*before, curve])
    return steps


def lowered(adjustment: Adjustment) -> tuple[ColorOp, ...]:
    """What an adjustment layer does, as colour operations in their order."""
    match adjustment:
        case Invert():
            return _fused([curves.inversion_table()])
        case Posterize():
            return _fused([curves.posterization_table(adjustment.levels)])


def _fused(tables: list[curves.Curve]) -> tuple[ColorOp, ...]:
    if not tables:
        return ()
    fused = tables[0]
    for curve in tables[1:]:
        fused = curve[fused]
    return (Table(np.ascontiguousarray(fused)),)
