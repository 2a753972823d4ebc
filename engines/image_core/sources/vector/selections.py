"""Selections rasterised: outlines and brush strokes as antialiased coverage, which the plan feathers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.shapes import BrushStroke, Selection
from engines.image_core.errors import SourceError
from engines.image_core.numbers.fixed import ONE, mul
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.filtering import blur_reach
from engines.image_core.runtime.limits import Budget, Clock
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.vector.outline import (
    FREETYPE_VERSION,
    FillWork,
    Outline,
    OutlineBuilder,
    fill_coverage,
)
from engines.image_core.sources.vector.stroking import stroke

__all__ = ["coverage_hash", "rasterise_selection", "selection_hash"]

_IDENTITY = Affine(Fraction(1), Fraction(0), Fraction(0), Fraction(1), Fraction(0), Fraction(0))


def rasterise_selection(
    selection: Selection, width: int, height: int, budget: Budget | None = None
) -> DecodedMask:
    """What a selection encloses: uint8, 255 = selected, of the canvas and what a feather reads around it.

    Brush strokes combine as the lighter of each pixel, coverage times opacity: crossing strokes do not build
    up, and their order does not matter. The plan feathers and inverts. A budget says how long it may take.

    Raises:
        SourceError: the outline is too dense to be drawn, or of too many points.
        CompositionError: the time is over.
    """
    margin = _margin(selection)
    area = Rect(0, 0, width, height).expand(margin)
    clock = (budget or Budget()).clock(f"{selection.type} selection")
    try:
        if selection.strokes:
            mask = _brushed(selection, area, clock)
        else:
            mask = fill_coverage(_outline(selection, clock), area)
    except SourceError as error:
        raise SourceError(f"{selection.type} selection: {error}") from error
    mask.setflags(write=False)
    return DecodedMask(mask, coverage_hash(selection, width, height), area.left, area.top)


def _margin(selection: Selection) -> int:
    return blur_reach(selection.feather_radius) if selection.feather_radius > 0 else 0


def coverage_hash(selection: Selection, width: int, height: int) -> str:
    """SHA-256 hex digest of all that decides what `rasterise_selection` gives: not inversion, and of the
    feather only its reach."""
    plain = selection.model_copy(update={"feather_radius": 0.0, "inverted": False})
    description = {**_described(plain, width, height), "margin": _margin(selection)}
    return content_hash("coverage", description, FREETYPE_VERSION)


def selection_hash(selection: Selection, width: int, height: int) -> str:
    """SHA-256 hex digest of all that decides a selection's mask: itself, the canvas and the rasteriser."""
    return content_hash("selection", _described(selection, width, height), FREETYPE_VERSION)


def _described(selection: Selection, width: int, height: int) -> dict[str, object]:
    described = selection.model_dump(mode="json", exclude_defaults=True)
    return {"selection": described, "width": width, "height": height}


def _outline(selection: Selection, clock: Clock) -> Outline:
    builder = OutlineBuilder(_IDENTITY, clock)
    points = [(Fraction(x), Fraction(y)) for x, y in selection.points]
    if selection.type in {"polygon", "lasso"}:
        builder.polygon(points)
    else:
        (left, right), (top, bottom) = (sorted(axis) for axis in zip(*points, strict=True))
        round_by = Fraction(1, 2) if selection.type == "ellipse" else Fraction(0)
        box = right - left, bottom - top
        builder.rounded_rect(left, top, *box, box[0] * round_by, box[1] * round_by)
    return builder.outline()


def _brushed(selection: Selection, canvas: Rect, clock: Clock) -> NDArray[np.uint8]:
    mask = np.zeros((canvas.height, canvas.width), np.uint8)
    work = FillWork()
    for line in selection.strokes:
        outline = _stroke_outline(line, clock)
        place = outline.bounds().intersect(canvas)
        if not place.empty:
            inner = place.shift(-canvas.left, -canvas.top)
            window = mask[inner.top : inner.bottom, inner.left : inner.right]
            opacity = np.int32(int(Fraction(line.opacity) * ONE + Fraction(1, 2)))
            stroked = mul(fill_coverage(outline, place, work).astype(np.int32), opacity)
            np.maximum(window, stroked.astype(np.uint8), out=window)
    return mask


def _stroke_outline(line: BrushStroke, clock: Clock) -> Outline:
    builder = OutlineBuilder(_IDENTITY, clock)
    builder.polygon([(Fraction(x), Fraction(y)) for x, y in line.points], closed=False)
    width = max(int(Fraction(line.width) * 64 + Fraction(1, 2)), 1)
    return stroke(builder.outline(), width, "round", "round", builder.closed, clock)
