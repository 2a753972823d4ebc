"""Selections rasterised: outlines and brush strokes as antialiased coverage, which the plan feathers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.shapes import BrushStroke, Selection
from engines.image_core.errors import SourceError
from engines.image_core.numbers.fixed import ONE, mul
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.filtering import blur_reach
from engines.image_core.planning.placement import check_size
from engines.image_core.runtime.limits import Budget, Clock
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.vector.outline import (
    FREETYPE_VERSION,
    FillWork,
    Outline,
    OutlineBuilder,
    fill_coverage,
    transform,
)
from engines.image_core.sources.vector.stroking import stroke

__all__ = ["coverage_hash", "place_selection", "placed_hash", "rasterise_selection", "selection_hash"]

_Piece: TypeAlias = tuple[Outline, int]
"""What is filled, and its opacity, 0..ONE."""


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
    area = Rect(0, 0, width, height).expand(_margin(selection))
    mask = _drawn(selection, IDENTITY, area, budget, cropped=False)
    return replace(mask, content_hash=coverage_hash(selection, width, height))


def place_selection(
    selection: Selection, to_parent: Affine, area: Rect, budget: Budget | None = None
) -> DecodedMask:
    """What a selection encloses where a map brings it: uint8, 255 = selected, no more than the box around it,
    in an area and what a feather reads around that.

    Raises:
        SourceError, CompositionError: as `rasterise_selection`.
        TooLargeError: so much of it is seen that it would have too many pixels.
    """
    mask = _drawn(selection, to_parent, area.expand(_margin(selection)), budget, cropped=True)
    return replace(mask, content_hash=placed_hash(selection, to_parent, area))


def _drawn(
    selection: Selection, to_parent: Affine, area: Rect, budget: Budget | None, *, cropped: bool
) -> DecodedMask:
    """What a selection encloses in an area, or cropped to the box around that; without a hash."""
    clock = (budget or Budget()).clock(f"{selection.type} selection")
    try:
        pieces: Iterable[_Piece] = _pieces(selection, to_parent, clock)
        if cropped:
            pieces = list(pieces)
            area = _around(pieces).intersect(area)
            area = Rect(0, 0, 1, 1) if area.empty else area
            check_size(area)
        mask = _filled(pieces, area)
    except SourceError as error:
        raise SourceError(f"{selection.type} selection: {error}") from error
    mask.setflags(write=False)
    return DecodedMask(mask, "", area.left, area.top)


def _around(pieces: Iterable[_Piece]) -> Rect:
    """The whole pixels around outlines."""
    whole = Rect(0, 0, 0, 0)
    for outline, _ in pieces:
        whole = whole.union(outline.bounds())
    return whole


def _margin(selection: Selection) -> int:
    return blur_reach(selection.feather_radius) if selection.feather_radius > 0 else 0


def coverage_hash(selection: Selection, width: int, height: int) -> str:
    """SHA-256 hex digest of all that decides what `rasterise_selection` gives: not inversion, and of the
    feather only its reach."""
    plain = selection.model_copy(update={"feather_radius": 0.0, "inverted": False})
    description = {**_described(plain, width, height), "margin": _margin(selection)}
    return content_hash("coverage", description, FREETYPE_VERSION)


def placed_hash(selection: Selection, to_parent: Affine, area: Rect) -> str:
    """SHA-256 hex digest of all that decides what `place_selection` gives."""
    described = selection.model_dump(
        mode="json", exclude={"feather_radius", "inverted"}, exclude_defaults=True
    )
    entries = [str(entry) for entry in vars(to_parent).values()]
    drawn = list(vars(area.expand(_margin(selection))).values())
    description = {"selection": described, "affine": entries, "area": drawn}
    return content_hash("placed coverage", description, FREETYPE_VERSION)


def selection_hash(selection: Selection, width: int, height: int) -> str:
    """SHA-256 hex digest of all that decides a selection's mask: itself, the canvas and the rasteriser."""
    return content_hash("selection", _described(selection, width, height), FREETYPE_VERSION)


def _described(selection: Selection, width: int, height: int) -> dict[str, object]:
    described = selection.model_dump(mode="json", exclude_defaults=True)
    return {"selection": described, "width": width, "height": height}


def _pieces(selection: Selection, to_parent: Affine, clock: Clock) -> Iterator[_Piece]:
    for line in selection.strokes:
        opacity = int(Fraction(line.opacity) * ONE + Fraction(1, 2))
        yield _stroke_outline(line, to_parent, clock), opacity
    if not selection.strokes:
        yield _outline(selection, to_parent, clock), ONE


def _outline(selection: Selection, to_parent: Affine, clock: Clock) -> Outline:
    builder = OutlineBuilder(to_parent, clock)
    points = [(Fraction(x), Fraction(y)) for x, y in selection.points]
    if selection.type in {"polygon", "lasso"}:
        builder.polygon(points)
    else:
        (left, right), (top, bottom) = (sorted(axis) for axis in zip(*points, strict=True))
        round_by = Fraction(1, 2) if selection.type == "ellipse" else Fraction(0)
        box = right - left, bottom - top
        builder.rounded_rect(left, top, *box, box[0] * round_by, box[1] * round_by)
    return builder.outline()


def _stroke_outline(line: BrushStroke, to_parent: Affine, clock: Clock) -> Outline:
    """A stroke is given its width in its own coordinates, and then mapped."""
    moved = to_parent.whole_move
    scale = Fraction(1) if moved else to_parent.enlargement
    builder = OutlineBuilder(IDENTITY.after_scaling(scale), clock)
    builder.polygon([(Fraction(x), Fraction(y)) for x, y in line.points], closed=False)
    width = max(int(Fraction(line.width) * scale * 64 + Fraction(1, 2)), 1)
    outline = stroke(builder.outline(), width, "round", "round", builder.closed, clock)
    if moved:
        return outline.translate(64 * moved[0], 64 * moved[1])
    return transform(outline, to_parent.after_scaling(1 / scale))


def _filled(pieces: Iterable[_Piece], area: Rect) -> NDArray[np.uint8]:
    """The lighter of all pieces, coverage times opacity."""
    mask = np.zeros((area.height, area.width), np.uint8)
    work = FillWork()
    for outline, opacity in pieces:
        place = outline.bounds().intersect(area)
        if not place.empty:
            inner = place.shift(-area.left, -area.top)
            window = mask[inner.top : inner.bottom, inner.left : inner.right]
            filled = fill_coverage(outline, place, work)
            if opacity != ONE:
                filled = mul(filled.astype(np.int32), np.int32(opacity)).astype(np.uint8)
            np.maximum(window, filled, out=window)
    return mask
