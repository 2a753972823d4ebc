"""What a colour glyph is painted with: a tree of paints, and the box around what it may draw.

The paints are those of OpenType 1.9.1, "COLR": a table of version 0 becomes the same tree, of solid layers.
Coordinates are font units, y upwards, as exact rationals. Alphas are 15-bit, colours 8-bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import Literal, TypeAlias

from engines.image_core.numbers.geometry import Affine

__all__ = [
    "MODES",
    "Box",
    "Boxed",
    "ColorStop",
    "Composite",
    "Extend",
    "Gradient",
    "Inside",
    "Layers",
    "LinearLine",
    "Mode",
    "Moved",
    "Paint",
    "RadialLine",
    "Solid",
    "SweepLine",
    "UnboundedPaintError",
    "paint_box",
    "without_idle_boxes",
]

Point: TypeAlias = tuple[Fraction, Fraction]
Box: TypeAlias = tuple[Fraction, Fraction, Fraction, Fraction]
"""left, bottom, right, top; nothing is in it where right <= left or top <= bottom"""

Color: TypeAlias = tuple[int, int, int, int]
"""Straight red, green and blue of 0..255, and alpha of 0..32768."""

Extend = Literal["pad", "repeat", "reflect"]
Mode = Literal[
    "clear", "src", "dest", "src-over", "dest-over", "src-in", "dest-in", "src-out", "dest-out", "src-atop",
    "dest-atop", "xor", "plus", "screen", "overlay", "darken", "lighten", "color-dodge", "color-burn",
    "hard-light", "soft-light", "difference", "exclusion", "multiply", "hue", "saturation", "color",
    "luminosity",
]  # fmt: skip
"""The composite modes in the order of their numbers in the file."""

MODES: tuple[Mode, ...] = Mode.__args__  # type: ignore[attr-defined]


class UnboundedPaintError(Exception):
    """A paint fills the whole plane: it is in no glyph's outline and in no box."""


@dataclass(frozen=True)
class ColorStop:
    """A colour at a place on a gradient's line."""

    offset: Fraction
    color: Color


@dataclass(frozen=True)
class LinearLine:
    """From start to end, with colours constant along the direction from start to `turned`."""

    start: Point
    end: Point
    turned: Point


@dataclass(frozen=True)
class RadialLine:
    """From a circle to another."""

    start: Point
    start_radius: Fraction
    end: Point
    end_radius: Fraction


@dataclass(frozen=True)
class SweepLine:
    """Around a centre, counter-clockwise from the x axis; angles in half turns."""

    center: Point
    start: Fraction
    end: Fraction


@dataclass(frozen=True)
class Solid:
    """One colour."""

    color: Color


@dataclass(frozen=True)
class Gradient:
    """A gradient; stops in ascending order, one at least."""

    line: LinearLine | RadialLine | SweepLine
    stops: tuple[ColorStop, ...]
    extend: Extend


@dataclass(frozen=True)
class Inside:
    """A paint inside of a glyph's outline."""

    glyph: int
    paint: Paint


@dataclass(frozen=True)
class Boxed:
    """A paint inside of a box."""

    box: Box
    paint: Paint


@dataclass(frozen=True)
class Moved:
    """A paint under an affine map, y upwards."""

    affine: Affine
    paint: Paint


@dataclass(frozen=True)
class Layers:
    """Paints in order, each over the last."""

    paints: tuple[Paint, ...]


@dataclass(frozen=True)
class Composite:
    """A source composited with a backdrop, both drawn apart from all else."""

    source: Paint
    mode: Mode
    backdrop: Paint


Paint: TypeAlias = Solid | Gradient | Inside | Boxed | Moved | Layers | Composite

_EMPTY: Box = (Fraction(0), Fraction(0), Fraction(0), Fraction(0))


def paint_box(
    paint: Paint, glyph_box: Callable[[int], tuple[int, int, int, int]]
) -> tuple[int, int, int, int]:
    """Whole font units around all that a paint may draw; zeros where it draws nothing.

    glyph_box: left, bottom, right, top of a glyph's outline.

    Raises:
        UnboundedPaintError: it fills the whole plane. OpenType wants no such glyph shown.
    """
    found = _box(paint, glyph_box)
    if found is None:
        raise UnboundedPaintError
    left, bottom, right, top = found
    return math.floor(left), math.floor(bottom), math.ceil(right), math.ceil(top)


def _box(paint: Paint, glyph_box: Callable[[int], tuple[int, int, int, int]]) -> Box | None:
    """The box around a paint; None for the whole plane."""
    match paint:
        case Inside():
            left, bottom, right, top = map(Fraction, glyph_box(paint.glyph))
            return _meet((left, bottom, right, top), _box(paint.paint, glyph_box))
        case Boxed():
            return _meet(paint.box, _box(paint.paint, glyph_box))
        case Moved():
            inner = _box(paint.paint, glyph_box)
            return inner if inner is None or inner == _EMPTY else paint.affine.bounds(*inner)
        case Layers():
            boxes: list[Box | None] = [_EMPTY, *(_box(part, glyph_box) for part in paint.paints)]
            return reduce(_around, boxes)
        case Composite():
            return _composite_box(paint.mode, _box(paint.source, glyph_box), _box(paint.backdrop, glyph_box))
    return None


def _composite_box(mode: Mode, source: Box | None, backdrop: Box | None) -> Box | None:
    match mode:
        case "clear":
            return _EMPTY
        case "src" | "src-out" | "dest-atop":
            return source
        case "dest" | "dest-out" | "src-atop":
            return backdrop
        case "src-in" | "dest-in":
            return _meet(source, backdrop)
    return _around(source, backdrop)


def _meet(first: Box | None, second: Box | None) -> Box | None:
    if first is None or second is None:
        return second if first is None else first
    left, bottom = max(first[0], second[0]), max(first[1], second[1])
    right, top = min(first[2], second[2]), min(first[3], second[3])
    return (left, bottom, right, top) if left < right and bottom < top else _EMPTY


def _around(first: Box | None, second: Box | None) -> Box | None:
    if first is None or second is None:
        return None
    if first == _EMPTY or second == _EMPTY:
        return second if first == _EMPTY else first
    return (
        min(first[0], second[0]), min(first[1], second[1]), max(first[2], second[2]), max(first[3], second[3])
    )  # fmt: skip


def without_idle_boxes(paint: Paint, glyph_box: Callable[[int], tuple[int, int, int, int]]) -> Paint:
    """The same paint without the boxes that cut nothing off, as most fonts have one around each glyph."""
    match paint:
        case Boxed():
            inner = _box(paint.paint, glyph_box)
            kept = without_idle_boxes(paint.paint, glyph_box)
            return kept if inner is not None and _meet(inner, paint.box) == inner else Boxed(paint.box, kept)
        case Inside() | Moved():
            return replace(paint, paint=without_idle_boxes(paint.paint, glyph_box))
        case Layers():
            return Layers(tuple(without_idle_boxes(part, glyph_box) for part in paint.paints))
        case Composite():
            source, backdrop = (
                without_idle_boxes(part, glyph_box) for part in (paint.source, paint.backdrop)
            )
            return Composite(source, paint.mode, backdrop)
    return paint
