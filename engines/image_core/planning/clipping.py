"""Runs of clipped layers: a base and what is clipped to it as one layer, and what such a layer lies on."""

from __future__ import annotations

from dataclasses import replace

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.planning.backdrop import Below
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.stacking import Adjusting, Drawn, Group, Image, clipped, compose
from engines.image_core.planning.steps import ONE

__all__ = ["STACKS_IN_STACKS", "in_one", "on_base"]

STACKS_IN_STACKS = 8
"""How deep groups lie in groups as stacks, each a level of its own; what holds more is an image. (The general
program of the GL backend has fewer levels: deeper stacks wait for a program of their own.)"""


def in_one(base: Drawn, above: tuple[Drawn, ...], bit_depth: BitDepth) -> Drawn:
    """A base and what is clipped to it as one layer."""
    if not above:
        return base
    item = clipped(base, above)
    content = item.content
    if content.depth <= STACKS_IN_STACKS or (isinstance(content, Group) and content.start == "backdrop"):
        return item
    area = content.area
    whole = replace(item, opacity=ONE, blend=BlendMode.NORMAL, options=None)
    image = Placed(compose((whole,), area, (0, 0, 0, 0), bit_depth), area.left, area.top)
    return replace(item, content=Image(image, ()))


def on_base(base: Drawn, above: tuple[Drawn, ...], below: Below, bit_depth: BitDepth) -> Below:
    """What a clipped layer lies on: its base, with what is clipped to that below it. A base is by itself,
    but for an adjustment, which has no colour of its own."""
    alone = replace(base, opacity=ONE, blend=BlendMode.NORMAL, options=None)
    if not isinstance(base.content, Adjusting):
        return below.cleared().over([in_one(alone, above, bit_depth)])
    return below.over([in_one(replace(alone, mask=None), above, bit_depth)])
