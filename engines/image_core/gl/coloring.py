"""Colour operations as GLSL calls, with the numbers and tables that they read."""

from __future__ import annotations

from engines.image_core.gl.tables import Tables
from engines.image_core.planning.color_ops import (
    Channels,
    ColorOp,
    Cube,
    Grey,
    HueSaturation,
    Matrix,
    Mixer,
    SelectiveColor,
    Table,
    Vibrance,
)

__all__ = ["called", "interpreted", "numbers"]


def interpreted(op: ColorOp) -> bool:
    """Whether the general program knows an operation: those that layers' short adjustments come to. What
    others there are would be computed there for each pixel, whether it has them or not."""
    return isinstance(op, Table | Matrix)


def numbers(op: ColorOp, tables: Tables) -> list[int]:
    """The numbers of an operation, as its shader reads them one after another; curves go to the tables."""
    match op:
        case Table():
            return [tables.add(op.values)]
        case Matrix() | Mixer() | Grey():
            return [*op.weights]
        case Channels():
            return [*(tables.add(curve) for curve in (op.red, op.green, op.blue)), int(op.keep_luminosity)]
        case Cube():
            return [op.size, tables.add(op.values)]
        case HueSaturation():
            return [op.lightness, op.saturation, tables.add(op.ranges) if op.turn is None else op.turn]
        case Vibrance():
            return [op.vibrance, op.saturation]
        case SelectiveColor():
            return [*op.amounts, int(op.relative)]


def called(op: ColorOp, first: int) -> tuple[str, str]:
    """The shader file of an operation and its call, its numbers beginning at `first`."""
    name, color = op.tag.replace("-", "_"), "source.rgb"
    if isinstance(op, HueSaturation):
        name = name if op.turn is None else "hue_turn"
        color = f"lightened({color}, parameters[{first}])" if op.lightness else color
    at = f"parameters[{first}]" if isinstance(op, Table) else f"{first}"
    return f"adjust/{name}.glsl", f"apply_{name}({color}, {at})"
