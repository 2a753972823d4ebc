"""Adjustments of a layer as colour operations."""

from __future__ import annotations

import numpy as np

from engines.image_core.composition.adjustments import Adjustments, AnyAdjustment
from engines.image_core.composition.tints import ColorLookup, LookupSource
from engines.image_core.models import AdjustmentLayer, Layer
from engines.image_core.numbers import curves
from engines.image_core.planning.color_ops import ColorOp, Matrix, Table
from engines.image_core.planning.decoded import DecodedLookup
from engines.image_core.planning.lowering import fused, operations

__all__ = ["color_ops", "lookups_of", "lowered"]


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


def lowered(adjustment: AnyAdjustment, lookup: DecodedLookup | None = None) -> tuple[ColorOp, ...]:
    """What an adjustment does, of a layer of its own or as a filter, as colour operations in their order.

    Args:
        adjustment: what was written.
        lookup: the .cube file of a `ColorLookup`, decoded; others have none.
    """
    return fused(operations(adjustment, () if lookup is None else lookup.color_ops))


def lookups_of(layer: Layer) -> list[LookupSource]:
    """The .cube files of a layer: those of its filters in their order, or an adjustment layer's own."""
    steps = (layer.adjust,) if isinstance(layer, AdjustmentLayer) else layer.filters
    return [step.source for step in steps if isinstance(step, ColorLookup)]


def _fused(tables: list[curves.Curve]) -> tuple[ColorOp, ...]:
    if not tables:
        return ()
    fused = tables[0]
    for curve in tables[1:]:
        fused = curve[fused]
    return (Table(np.ascontiguousarray(fused)),)
