"""What is compared of blend modes: what others call them, and each mode between pictures of all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias, get_args

from engines.image_core import BlendMode
from tests.others.scenes import Layer, Stack, byte_pairs, noise

__all__ = ["KINDS", "KNOWN", "OPERATIONS", "Kind", "Program", "operation", "stack"]

Program: TypeAlias = Literal["Chromium", "ImageMagick"]

_NOT_IN_CSS = (
    BlendMode.DISSOLVE, BlendMode.LINEAR_BURN, BlendMode.DARKER_COLOR, BlendMode.LIGHTER_COLOR,
    BlendMode.VIVID_LIGHT, BlendMode.LINEAR_LIGHT, BlendMode.PIN_LIGHT, BlendMode.HARD_MIX,
    BlendMode.SUBTRACT, BlendMode.DIVIDE,
)  # fmt: skip

_OTHERWISE = (
    BlendMode.DISSOLVE, BlendMode.DARKER_COLOR, BlendMode.LIGHTER_COLOR, BlendMode.COLOR_DODGE,
    BlendMode.VIVID_LIGHT, BlendMode.HARD_MIX, BlendMode.SUBTRACT, BlendMode.DIVIDE, BlendMode.HUE,
    BlendMode.SATURATION, BlendMode.COLOR, BlendMode.LUMINOSITY,
)  # fmt: skip
"""What ImageMagick does not have, or has by another formula; of color-dodge only the ends differ."""

OPERATIONS: Mapping[Program, Mapping[BlendMode, str | None]] = {
    "Chromium": {BlendMode.NORMAL: "source-over", BlendMode.ADD: "lighter", **dict.fromkeys(_NOT_IN_CSS)},
    "ImageMagick": {BlendMode.NORMAL: "over", BlendMode.ADD: "plus", **dict.fromkeys(_OTHERWISE)},
}
"""What each calls a mode that it does not call as we do; None for a mode that it does not have."""

_W3C = {
    "multiply", "screen", "overlay", "darken", "lighten", "color-dodge", "color-burn", "hard-light",
    "soft-light", "difference", "exclusion",
}  # fmt: skip

KNOWN: Mapping[Program, frozenset[str]] = {
    "Chromium": frozenset({*_W3C, "hue", "saturation", "color", "luminosity"}),
    "ImageMagick": frozenset({*_W3C, "linear-burn", "linear-light", "pin-light"}),
}
"""The modes that each has under the name that we would give it."""


def operation(program: Program, mode: BlendMode) -> str | None:
    """What a program calls a mode; None where it has none."""
    if mode in OPERATIONS[program]:
        return OPERATIONS[program][mode]
    return mode.value if mode.value in KNOWN[program] else None


Kind: TypeAlias = Literal[
    "opaque on opaque", "translucent on opaque", "translucent on translucent", "five layers"
]
"""Five layers are an opaque one and four of all alphas, at opacities that are not all whole bytes."""

KINDS: tuple[Kind, ...] = get_args(Kind)

OPACITIES = (0.8, 0.37, 0.5, 0.9)


@cache
def stack(kind: Kind, mode: BlendMode) -> Stack:
    """The stack of that kind with all layers but the bottom one in that mode."""
    match kind:
        case "opaque on opaque":
            below, above = byte_pairs()
        case "translucent on opaque":
            below, above = noise(1, opaque=True), noise(2)
        case "translucent on translucent":
            below, above = noise(3), noise(4)
        case "five layers":
            faded = (Layer(noise(6 + n), mode, opacity) for n, opacity in enumerate(OPACITIES))
            return Stack((Layer(noise(5, opaque=True)), *faded))
    return Stack((Layer(below), Layer(above, mode)))
