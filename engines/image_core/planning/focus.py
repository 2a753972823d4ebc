"""Which part of a picture is shown: its crop in whole pixels, and what a fit keeps in view."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engines.image_core.composition.cropping import Crop, Focus, FocusBoxes
from engines.image_core.composition.fields import share_of
from engines.image_core.composition.sources import point_of
from engines.image_core.models import RasterLayer
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.placement import Box

__all__ = ["crop_rect", "focus_outside", "picture_corner"]

_Pair = tuple[Fraction, Fraction]


def crop_rect(crop: Crop, width: int, height: int) -> Rect:
    """A crop of a picture of width x height, which it may leave: percentages go to the nearest whole pixel,
    from a half up."""
    sides = (width, height, width, height)
    return Rect(*(round_fraction(_edge(edge, side)) for edge, side in zip(crop, sides, strict=True)))


def focus_outside(focus: Focus, width: int, height: int) -> int | None:
    """Which box of a focus, the first of them, holds nothing of a picture of width x height."""
    if not isinstance(focus, FocusBoxes):
        return None
    own = Fraction(width), Fraction(height)
    return next((index for index, box in enumerate(focus.boxes) if _inside(box, own) is None), None)


def picture_corner(layer: RasterLayer, own: _Pair, box: _Pair, scale: Fraction) -> _Pair:
    """Where the top-left corner of a picture lies in its layer's box.

    Args:
        layer: one with the fit cover or contain.
        own: the picture's width and height.
        box: those of the layer's box.
        scale: what the picture is multiplied by.
    """
    if layer.fit == "contain":
        point = _point(layer.focus)
        return (box[0] - own[0] * scale) * point[0], (box[1] - own[1] * scale) * point[1]
    window = box[0] / scale, box[1] / scale
    middle = _middle(layer.focus, own, window)
    start = (
        min(max(at - seen / 2, Fraction(0)), length - seen)
        for at, seen, length in zip(middle, window, own, strict=True)
    )
    left, top = (-edge * scale for edge in start)
    return left, top


def _point(focus: Focus) -> _Pair:
    """A focus that is a point, in fractions of the picture."""
    assert not isinstance(focus, FocusBoxes)
    return point_of(focus) if isinstance(focus, str) else (Fraction(focus[0]), Fraction(focus[1]))


def _middle(focus: Focus, own: _Pair, window: _Pair) -> _Pair:
    """What of the picture is to be in the middle of a window onto it."""
    if not isinstance(focus, FocusBoxes):
        point = _point(focus)
        return point[0] * own[0], point[1] * own[1]
    seen: Box | None = None
    for box in focus.boxes:
        part = _inside(box, own)
        if part is None:
            continue
        both = part if seen is None else _around(seen, part)
        if seen is None or (both[2] - both[0] <= window[0] and both[3] - both[1] <= window[1]):
            seen = both
    left, top, right, bottom = seen or (Fraction(0), Fraction(0), *own)
    return (left + right) / 2, (top + bottom) / 2


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _inside(box: tuple[Any, Any, Any, Any], own: _Pair) -> Box | None:
    """What of a box lies within the picture; None where nothing does."""
    left, top = (max(_edge(edge, side), Fraction(0)) for edge, side in zip(box[:2], own, strict=True))
    right, bottom = (min(_edge(edge, side), side) for edge, side in zip(box[2:], own, strict=True))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _edge(edge: float | str, side: Fraction | int) -> Fraction:
    return share_of(edge) * side if isinstance(edge, str) else Fraction(edge)
