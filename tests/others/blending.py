"""The stacks whose blend modes are compared: each mode between pictures of all kinds."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias, get_args

from engines.image_core import BlendMode
from tests.others.scenes import Layer, Stack, byte_pairs, noise

__all__ = ["KINDS", "Kind", "stack"]

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
