"""Part of a canvas: its plan, and which part of one canvas differs from another.

A Compose is pointwise: a pixel comes of what its entries have at that place and of nothing around it, which
they have read already where they blur. So what a part of it comes to is a Compose of that part, with the
entries moved; and two canvases whose entries differ in a few are alike wherever those few do not reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.entries import Compose, Coverage, Entry, Layer, Stack, dissolves
from engines.image_core.planning.identity import digest

__all__ = ["Sketch", "changed", "sketch", "window"]

_NOWHERE = Rect(0, 0, 0, 0)


@dataclass(frozen=True)
class Sketch:
    """What is remembered of a Compose or an entry, to tell it from another without holding its pictures.

    Attributes:
        digest: of all of it but the entries inside.
        area: what of the canvas it may change.
        inside: the entries of a Compose or a Stack, bottom first.
    """

    digest: str
    area: Rect
    inside: tuple[Sketch, ...] = ()


def sketch(root: Compose) -> Sketch:
    """The sketch of a canvas."""
    area = Rect(0, 0, root.width, root.height)
    return Sketch(digest(replace(root, entries=())), area, tuple(map(_sketched, root.entries)))


def _sketched(entry: Entry) -> Sketch:
    if not isinstance(entry, Stack):
        return Sketch(digest(entry), entry.area)
    # Where the first entry is a base, one more or fewer may make another the base, which changes all of them.
    clipped = len(entry.entries) if entry.start == "base" else None
    frame = digest((replace(entry, entries=()), clipped))
    return Sketch(frame, entry.area, tuple(map(_sketched, entry.entries)))


def changed(before: Sketch, after: Sketch) -> Rect:
    """A rectangle outside of which two canvases have the same pixels: all of both where their frames differ,
    an empty one at 0, 0 where nothing does."""
    if before.digest != after.digest:
        return before.area.union(after.area)
    shown = _between(before.inside, after.inside).intersect(before.area.union(after.area))
    return _NOWHERE if shown.empty else shown


def _between(before: Sequence[Sketch], after: Sequence[Sketch]) -> Rect:
    """Where entries differ: the areas of those that are left when equal ones are taken off at both ends."""
    lowest = 0
    while lowest < min(len(before), len(after)) and before[lowest] == after[lowest]:
        lowest += 1
    before, after = before[lowest:], after[lowest:]
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    if len(before) == len(after):
        pairs = zip(before, after, strict=True)
        return _union([changed(one, other) for one, other in pairs])
    return _union([one.area for one in (*before, *after)])


def _union(areas: Sequence[Rect]) -> Rect:
    union = _NOWHERE
    for area in areas:
        union = union.union(area)
    return union


def window(root: Compose, area: Rect) -> Compose:
    """What a part of a canvas comes to: the pixels of root in an area that lies within it."""
    entries = tuple(_moved(entry, area) for entry in root.entries if not entry.area.intersect(area).empty)
    left, top = root.origin
    origin = (left + area.left, top + area.top) if dissolves(entries) else (0, 0)
    return replace(root, width=area.width, height=area.height, entries=entries, origin=origin)


def _moved(entry: Entry, area: Rect) -> Entry:
    mask = entry.mask and _moved_mask(entry.mask, area)
    if isinstance(entry, Layer):
        return replace(entry, left=entry.left - area.left, top=entry.top - area.top, mask=mask)
    if isinstance(entry, Stack):
        return replace(entry, entries=tuple(_moved(inside, area) for inside in entry.entries), mask=mask)
    return replace(entry, mask=mask)


def _moved_mask(mask: Coverage, area: Rect) -> Coverage:
    return replace(mask, left=mask.left - area.left, top=mask.top - area.top)
