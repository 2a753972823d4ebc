"""Text that is to fit: the size it is shrunk to, and what becomes of rows that are too many."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.rows import Row, Rows

__all__ = ["Fitted", "fitted", "largest", "least_size", "pixels", "shrinking"]

_SIZE_STEP = 64  # sizes are tried in multiples of 1/64 pixel


class Fitted(NamedTuple):
    """The rows that are drawn, the size they have, and whether there was more text than that."""

    rows: list[Row]
    size: Fraction
    cut: bool


def fitted(layer: TextLayer, rows: Rows, label: str) -> Fitted:
    """The rows of a layer, at the largest size at which all fit where the layer shrinks, and no more of them
    than its overflow allows.

    Raises:
        CompositionError: the text does not fit and it is said to be an error, or must not be made so small.
    """
    size = rows.own_size
    if layer.shrinks:
        size = _size(layer, rows, label)
    lines = rows.at(size)
    count = _room(layer, rows, lines, size)
    match layer.overflow:
        case "ellipsis" if count < len(lines):
            last = rows.shortened(lines[count - 1], size, rows.room(lines[count - 1]))
            return Fitted([*lines[: count - 1], last], size, True)
        case "clip" if layer.max_lines is not None and layer.max_lines < len(lines):
            return Fitted(lines[: layer.max_lines], size, True)
        case "error" if count < len(lines) or not rows.whole(size):
            raise CompositionError(f"{label}, overflow: {_told(layer, rows, lines, size)}")
    return Fitted(lines, size, False)


def _room(layer: TextLayer, rows: Rows, lines: list[Row], size: Fraction) -> int:
    """How many of the rows fit; one at least, unless it is an error."""
    count = len(lines) if layer.max_lines is None else min(layer.max_lines, len(lines))
    if layer.block_size is None:
        return count
    limit = Fraction(layer.block_size)
    bottoms = enumerate(rows.bottoms(lines, size))  # which may go up again where paragraphs overlap
    fitting = next((number for number, bottom in bottoms if bottom > limit), len(lines))
    return min(count, fitting if layer.overflow == "error" else max(fitting, 1))


def _told(layer: TextLayer, rows: Rows, lines: list[Row], size: Fraction) -> str:
    """What does not fit, and what would."""
    if not rows.whole(size):
        field = "box_height" if layer.vertical else "box_width"
        return f"a word of the text is longer than {field}, {layer.inline_size:g} pixels"
    allowed = []
    if layer.max_lines is not None:
        allowed.append(f"{layer.max_lines} lines")
    if layer.block_size is not None:
        allowed.append(f"{layer.block_size:g} pixels")
    height = float(rows.height(lines, size))
    side = "wide" if layer.vertical else "high"
    return f"the text takes {len(lines)} lines, {height:g} pixels {side}: allowed are {' and '.join(allowed)}"


def _fits(layer: TextLayer, rows: Rows, size: Fraction) -> bool:
    """Whether all rows fit at a size, with no word broken."""
    if not rows.whole(size):
        return False
    lines = rows.at(size)
    if layer.max_lines is not None and len(lines) > layer.max_lines:
        return False
    return layer.block_size is None or rows.height(lines, size) <= Fraction(layer.block_size)


def largest(own: Fraction, least: Fraction, fits: Callable[[Fraction], bool]) -> Fraction | None:
    """The largest size in 1/64 pixel at which text fits, or its own, or the least allowed; None where it fits
    at none of them."""
    if fits(own):
        return own
    # The lower fits or is below the least, the higher does not.
    low, high = math.ceil(least * _SIZE_STEP) - 1, math.floor(own * _SIZE_STEP) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(Fraction(middle, _SIZE_STEP)) else (low, middle)
    if low >= least * _SIZE_STEP:
        return Fraction(low, _SIZE_STEP)
    return least if fits(least) else None


def least_size(layer: TextLayer) -> Fraction:
    """The size that a layer may not be shrunk below."""
    return Fraction(1 if layer.min_size is None else layer.min_size)


def shrinking(layer: TextLayer) -> str:
    """The field that shrinks a layer."""
    return "overflow" if layer.overflow == "shrink" else "auto_fit"


def _size(layer: TextLayer, rows: Rows, label: str) -> Fraction:
    """The largest size at which the text fits; the least allowed where it never does and may overflow."""
    least = least_size(layer)
    found = largest(rows.own_size, least, lambda size: _fits(layer, rows, size))
    if found is not None:
        return found
    if layer.overflow in ("clip", "ellipsis"):
        return least
    sides = ((layer.box_width, "wide"), (layer.box_height, "high"))
    box = " and ".join(f"{side:g} pixels {name}" for side, name in sides if side is not None)
    lines = f" and {layer.max_lines} lines" if layer.max_lines is not None else ""
    raise CompositionError(
        f"{label}, {shrinking(layer)}: the text does not fit {box}{lines} even at a size of {pixels(least)}"
    )


def pixels(length: Fraction) -> str:
    """A length as messages tell it."""
    return f"{float(length):g} {'pixel' if length == 1 else 'pixels'}"
