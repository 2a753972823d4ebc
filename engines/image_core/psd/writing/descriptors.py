"""Photoshop's descriptors: named values, as psd-tools serialises them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psd_tools.psd.descriptor import (
    Bool,
    Descriptor,
    DescriptorBlock,
    Double,
    Enumerated,
    Integer,
    List,
    String,
    UnitFloat,
)
from psd_tools.terminology import Unit

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fields import parse_color

__all__ = [
    "block",
    "color",
    "contour",
    "degrees",
    "descriptor",
    "flag",
    "mode",
    "named",
    "number",
    "offset",
    "percent",
    "pixels",
    "several",
    "text",
    "whole",
]

Values = Mapping[bytes, Any]

_MODES = {
    BlendMode.NORMAL: b"Nrml",
    BlendMode.DISSOLVE: b"Dslv",
    BlendMode.DARKEN: b"Drkn",
    BlendMode.MULTIPLY: b"Mltp",
    BlendMode.COLOR_BURN: b"CBrn",
    BlendMode.LINEAR_BURN: b"linearBurn",
    BlendMode.DARKER_COLOR: b"darkerColor",
    BlendMode.LIGHTEN: b"Lghn",
    BlendMode.SCREEN: b"Scrn",
    BlendMode.COLOR_DODGE: b"CDdg",
    BlendMode.ADD: b"linearDodge",
    BlendMode.LIGHTER_COLOR: b"lighterColor",
    BlendMode.OVERLAY: b"Ovrl",
    BlendMode.SOFT_LIGHT: b"SftL",
    BlendMode.HARD_LIGHT: b"HrdL",
    BlendMode.VIVID_LIGHT: b"vividLight",
    BlendMode.LINEAR_LIGHT: b"linearLight",
    BlendMode.PIN_LIGHT: b"pinLight",
    BlendMode.HARD_MIX: b"hardMix",
    BlendMode.DIFFERENCE: b"Dfrn",
    BlendMode.EXCLUSION: b"Xclu",
    BlendMode.SUBTRACT: b"blendSubtraction",
    BlendMode.DIVIDE: b"blendDivide",
    BlendMode.HUE: b"H   ",
    BlendMode.SATURATION: b"Strt",
    BlendMode.COLOR: b"Clr ",
    BlendMode.LUMINOSITY: b"Lmns",
}
"""What descriptors call the modes, which in layer records go by four other bytes."""


def descriptor(kind: bytes, values: Values) -> Any:
    """An object of a class."""
    return Descriptor(name="\0", classID=kind, items=list(values.items()))


def block(values: Values) -> Any:
    """An object as the data of a block."""
    return DescriptorBlock(name="\0", classID=b"null", items=list(values.items()))


def several(items: Sequence[Any]) -> Any:
    """A list."""
    return List(list(items))


def text(value: str) -> Any:
    """A string."""
    return String(value + "\0")


def flag(value: bool) -> Any:
    """True or false."""
    return Bool(value)


def whole(value: int) -> Any:
    """A whole number of 32 bits."""
    return Integer(value)


def number(value: float) -> Any:
    """A number."""
    return Double(float(value))


def percent(part: float) -> Any:
    """A part of 1, in percent."""
    return UnitFloat(value=100 * part, unit=Unit.Percent)


def pixels(value: float) -> Any:
    """A length."""
    return UnitFloat(value=float(value), unit=Unit.Pixels)


def degrees(value: float) -> Any:
    """An angle, from -180 to 180."""
    return UnitFloat(value=(value + 180) % 360 - 180, unit=Unit.Angle)


def named(kind: bytes, value: bytes) -> Any:
    """A value of an enumeration."""
    return Enumerated(typeID=kind, enum=value)


def mode(blend_mode: BlendMode) -> Any:
    """A blend mode."""
    return named(b"BlnM", _MODES[blend_mode])


def color(written: str) -> Any:
    """The colour of #rrggbb, and of #rrggbbaa without its alpha."""
    red, green, blue, _ = parse_color(written)
    return descriptor(b"RGBC", {b"Rd  ": number(red), b"Grn ": number(green), b"Bl  ": number(blue)})


def offset(x: float, y: float) -> Any:
    """A place in parts of a box."""
    return descriptor(b"Pnt ", {b"Hrzn": percent(x), b"Vrtc": percent(y)})


def contour(points: Sequence[tuple[int, int]]) -> Any:
    """A curve through points of 0 to 255."""
    curve = [descriptor(b"CrPt", {b"Hrzn": number(x), b"Vrtc": number(y)}) for x, y in points]
    return descriptor(b"ShpC", {b"Nm  ": text("Custom"), b"Crv ": several(curve)})
