"""Layers that are mixed with their backdrop by other numbers than sRGB's: light to a power.

What lies below is encoded, the layer mixed with it and the result brought back, all in a stack that is passed
through. What the layer does not touch is as it was.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.gamma import from_gamma, to_gamma
from engines.image_core.planning.color_ops import ColorOp, Table
from engines.image_core.planning.shapes import shape_of
from engines.image_core.planning.stacking import Adjusting, Content, Drawn, Group, Image

__all__ = ["mixed_by_gamma"]

_SOMETHING = np.where(np.arange(ONE + 1) > 0, ONE, 0).astype(np.uint16)


def mixed_by_gamma(drawn: Drawn, gamma: float, bit_depth: BitDepth) -> Drawn | None:
    """A layer in normal mode, mixed by light to the power 1 / gamma; None where nothing of it shows."""
    encode, decode = Table(to_gamma(gamma)), Table(from_gamma(gamma))
    touched = shape_of(drawn, bit_depth)
    if touched is None:
        return None
    content = _encoded(drawn.content, encode, decode)
    area = drawn.content.area
    inside = Adjusting((encode,)), content, Adjusting((decode,))
    layers = tuple(
        replace(drawn, content=part) if part is content else Drawn(part, None, ONE, BlendMode.NORMAL)
        for part in inside
    )
    stack = Group(layers, "backdrop", (), 0, 0, area, area, 1 + content.depth, encoded=True)
    return Drawn(stack, touched.looked_up(_SOMETHING).coverage(), ONE, BlendMode.NORMAL)


def _encoded(content: Content, encode: ColorOp, decode: ColorOp) -> Content:
    """The same in the other numbers. A stack that begins as its backdrop, which is in these already, first
    brings that back."""
    match content:
        case Image():
            return replace(content, color_ops=(*content.color_ops, encode))
        case Group(start="backdrop"):
            back = Drawn(Adjusting((decode,)), None, ONE, BlendMode.NORMAL)
            return replace(content, drawn=(back, *content.drawn), color_ops=(*content.color_ops, encode))
        case Group():
            return replace(content, color_ops=(*content.color_ops, encode))
    return content
