"""Layers that are planned, and how they become the entries of a Compose.

A layer's position is in its parent's pixels until the composed area is known: then all are moved into that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth, Knockout
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning import entries
from engines.image_core.planning.entries import (
    EVERYWHERE,
    Adjust,
    ColorOp,
    Compose,
    Coverage,
    Entry,
    Stack,
    Start,
    dissolves,
)
from engines.image_core.planning.options import Options
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.steps import ONE, RGBA

__all__ = ["Adjusting", "Content", "Drawn", "Group", "Image", "clipped", "compose", "passed_through", "union"]

NOWHERE = Rect(0, 0, 0, 0)


@dataclass(frozen=True)
class Image:
    """A layer's pixels, and the colour operations still to be applied to them."""

    placed: Placed
    color_ops: tuple[ColorOp, ...]
    depth: int = 0

    @property
    def area(self) -> Rect:
        """What of the backdrop it may change, in the parent's pixels."""
        return self.placed.area

    @property
    def painted(self) -> Rect:
        """The same over nothing."""
        return self.placed.area


@dataclass(frozen=True)
class Adjusting:
    """What an adjustment layer does to its backdrop. Over nothing there is nothing for it to change."""

    color_ops: tuple[ColorOp, ...]
    depth: int = 0
    area: Rect = EVERYWHERE
    painted: Rect = NOWHERE


@dataclass(frozen=True)
class Group:
    """Layers that become a Stack, in the group's own pixels.

    Attributes:
        start: what the first of them lies on, see `entries.Stack`.
        x, y: where the group's own pixels begin in its parent's.
        area: what of the backdrop it may change, in the parent's pixels.
        painted: the same over nothing, where adjustments have nothing to change.
        depth: how many such groups lie in one another.
        keep_alpha: they change the colour of what they lie on and not its alpha.
        encoded: see `entries.Stack`.
    """

    drawn: tuple[Drawn, ...]
    start: Start
    color_ops: tuple[ColorOp, ...]
    x: int
    y: int
    area: Rect
    painted: Rect
    depth: int
    keep_alpha: bool = False
    encoded: bool = False


Content: TypeAlias = Image | Adjusting | Group


@dataclass(frozen=True)
class Drawn:
    """A layer ready to be composited; mask: where it lies in the layer's parent's pixels."""

    content: Content
    mask: Coverage | None
    opacity: int
    blend: BlendMode
    options: Options | None = None

    @property
    def knockout(self) -> Knockout:
        """The layer's own."""
        return "none" if self.options is None else self.options.knockout


def union(areas: Iterable[Rect]) -> Rect:
    """The smallest area that holds all of them."""
    whole = NOWHERE
    for area in areas:
        whole = whole.union(area)
    return whole


def passed_through(drawn: tuple[Drawn, ...], x: int = 0, y: int = 0, opacity: int = ONE) -> Drawn:
    """Layers on the backdrop as it is, as one; x, y: where their own pixels begin in their parent's."""
    area = union(item.content.area for item in drawn).shift(x, y)
    painted = union(item.content.painted for item in drawn).shift(x, y)
    depth = 1 + max(item.content.depth for item in drawn)
    return Drawn(Group(drawn, "backdrop", (), x, y, area, painted, depth), None, opacity, BlendMode.NORMAL)


def clipped(base: Drawn, layers: tuple[Drawn, ...]) -> Drawn:
    """A base and the layers that are clipped to it, as one layer with the base's mode, opacity and options.
    The base's mask is a part of its shape. A knockout among the clipped ones goes down to the base."""
    area = base.content.area
    above = tuple(_knocked_to_base(layer) for layer in layers)
    if isinstance(base.content, Adjusting):
        return _clipped_to_adjusted(base, above)
    if any(layer.knockout != "none" for layer in above):
        depth = 1 + max(item.content.depth for item in above)
        above = (Drawn(Group(above, "backdrop", (), 0, 0, area, area, depth), None, ONE, BlendMode.NORMAL),)
    inside = replace(base, opacity=ONE, blend=BlendMode.NORMAL, options=None), *above
    depth = 1 + max(item.content.depth for item in inside)
    content = Group(inside, "base", (), 0, 0, area, area, depth)
    return Drawn(content, None, base.opacity, base.blend, base.options)


def _clipped_to_adjusted(base: Drawn, above: tuple[Drawn, ...]) -> Drawn:
    """Layers clipped to an adjustment lie on what it makes of its backdrop, whose alpha stays."""
    content = base.content
    inside = Drawn(content, None, ONE, BlendMode.NORMAL), *above
    depth = 1 + max(item.content.depth for item in inside)
    group = Group(inside, "backdrop", (), 0, 0, content.area, content.painted, depth, keep_alpha=True)
    return replace(base, content=group)


def _knocked_to_base(item: Drawn) -> Drawn:
    """A layer whose deep knockout, and that of those passed through it, is a shallow one."""
    content = item.content
    if isinstance(content, Group) and content.start == "backdrop":
        item = replace(item, content=replace(content, drawn=tuple(map(_knocked_to_base, content.drawn))))
    if item.options is None or item.knockout != "deep":
        return item
    return replace(item, options=replace(item.options, knockout="shallow"))


def compose(drawn: tuple[Drawn, ...], area: Rect, background: RGBA, bit_depth: BitDepth) -> Compose:
    """Layers over a background, cropped to an area."""
    steps = tuple(_entry(item, -area.left, -area.top) for item in drawn)
    origin = (area.left, area.top) if dissolves(steps) else (0, 0)
    return Compose(area.width, area.height, background, steps, origin, bit_depth)


def _entry(item: Drawn, x: int, y: int) -> Entry:
    """A layer as an entry, moved by (x, y) from its parent's pixels to the composed area's."""
    content, mask, opacity, blend, options = item.content, item.mask, item.opacity, item.blend, item.options
    if mask is not None:
        mask = replace(mask, left=mask.left + x, top=mask.top + y)
    match content:
        case Image():
            left, top = content.placed.left + x, content.placed.top + y
            image, ops = content.placed.image, content.color_ops
            return entries.Layer(image, left, top, ops, mask, opacity, blend, options)
        case Adjusting():
            return Adjust(content.color_ops, mask, opacity, blend, options)
        case Group():
            inner = [_entry(child, x + content.x, y + content.y) for child in content.drawn]
            if content.color_ops:
                inner.append(Adjust(content.color_ops))
            start, keep, encoded = content.start, content.keep_alpha, content.encoded
            return Stack(tuple(inner), start, keep, mask, opacity, blend, options, encoded)
