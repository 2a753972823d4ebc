"""Text that is to fit: the size it is shrunk to, and what becomes of rows that are too many."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.rows import Row, Rows

__all__ = ["Fitted", "fitted"]

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
            return Fitted([*lines[: count - 1], rows.shortened(lines[count - 1], size)], size, True)
        case "clip" if layer.max_lines is not None and layer.max_lines < len(lines):
            return Fitted(lines[: layer.max_lines], size, True)
        case "error" if count < len(lines) or not rows.whole(size):
            raise CompositionError(f"{label}, overflow: {_told(layer, rows, lines, size)}")
    return Fitted(lines, size, False)


def _room(layer: TextLayer, rows: Rows, lines: list[Row], size: Fraction) -> int:
    """How many of the rows fit, one at least."""
    count = len(lines) if layer.max_lines is None else min(layer.max_lines, len(lines))
    if layer.block_size is None:
        return count
    limit = Fraction(layer.block_size)
    while count > 1 and rows.height(lines[:count], size) > limit:
        count -= 1
    if rows.height(lines[:count], size) > limit and layer.overflow == "error":
        return 0
    return count


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


def _size(layer: TextLayer, rows: Rows, label: str) -> Fraction:
    """The largest size at which the text fits; the least allowed where it never does and may overflow."""
    if _fits(layer, rows, rows.own_size):
        return rows.own_size
    least = Fraction(1 if layer.min_size is None else layer.min_size)
    # The lower fits or is below the least, the higher does not.
    low, high = math.ceil(least * _SIZE_STEP) - 1, math.floor(rows.own_size * _SIZE_STEP) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _fits(layer, rows, Fraction(middle, _SIZE_STEP)) else (low, middle)
    if low >= least * _SIZE_STEP:
        return Fraction(low, _SIZE_STEP)
    if layer.overflow in ("clip", "ellipsis") or _fits(layer, rows, least):
        return least
    field = "overflow" if layer.overflow == "shrink" else "auto_fit"
    sides = ((layer.box_width, "wide"), (layer.box_height, "high"))
    box = " and ".join(f"{side:g} pixels {name}" for side, name in sides if side is not None)
    lines = f" and {layer.max_lines} lines" if layer.max_lines is not None else ""
    raise CompositionError(
        f"{label}, {field}: the text does not fit {box}{lines} even at a size of {float(least):g} "
        f"{'pixel' if least == 1 else 'pixels'}"
    )
