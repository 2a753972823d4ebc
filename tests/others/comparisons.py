"""All that is compared, as a list, with how far apart it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from engines.image_core import BlendMode
from tests.others import adjusting, blending
from tests.others.adjusting import Adjustment, Picture
from tests.others.measuring import Apart
from tests.others.peers import Peers

__all__ = ["ADJUSTING", "BLENDING", "Comparison"]

Peer: TypeAlias = Literal["Chromium, bytes", "Chromium, floats", "ImageMagick", "Pillow"]

SAME = 2.0
"""In 8-bit steps, where both mean the same."""

ENLARGED = 3.0
"""Where they mean the same, and it enlarges what is lost in premultiplied bytes beforehand."""

OTHER = None
"""Where they mean something else, or round many times; `test_definitions.py` shows that this is all."""

TRANSLUCENT: Mapping[tuple[BlendMode, Peer], float | None] = {
    (BlendMode.ADD, "Chromium, bytes"): OTHER,
    (BlendMode.ADD, "Chromium, floats"): OTHER,
    (BlendMode.ADD, "ImageMagick"): OTHER,
    (BlendMode.LINEAR_BURN, "ImageMagick"): OTHER,
    (BlendMode.LINEAR_LIGHT, "ImageMagick"): OTHER,
    (BlendMode.COLOR_BURN, "Chromium, bytes"): OTHER,
    (BlendMode.COLOR_BURN, "Chromium, floats"): OTHER,
    (BlendMode.COLOR_DODGE, "Chromium, bytes"): OTHER,
    (BlendMode.COLOR_DODGE, "Chromium, floats"): ENLARGED,
    (BlendMode.HUE, "Chromium, bytes"): OTHER,
    (BlendMode.HUE, "Chromium, floats"): ENLARGED,
    (BlendMode.SATURATION, "Chromium, bytes"): OTHER,
    (BlendMode.COLOR, "Chromium, bytes"): ENLARGED,
    (BlendMode.DIFFERENCE, "Chromium, bytes"): ENLARGED,
    (BlendMode.EXCLUSION, "Chromium, bytes"): ENLARGED,
}
"""Where a mode may be further apart than `SAME` on pictures with alpha; docs/CONFORMANCE.md says why."""


@dataclass(frozen=True)
class Comparison:
    """One picture, drawn by us and by another.

    Attributes:
        peer: the other one.
        what: the mode or the setting.
        on: the kind of stack or picture.
        limit: the largest difference that is allowed, in 8-bit steps; None where it is only measured.
        measure: draws and compares.
    """

    peer: Peer
    what: str
    on: str
    limit: float | None
    measure: Callable[[Peers], Apart]

    def __str__(self) -> str:
        return f"{self.peer}: {self.what}, {self.on}"


def _blending() -> Iterator[Comparison]:
    for mode in BlendMode:
        for kind in blending.KINDS:
            yield from _blended(mode, kind)


def _blended(mode: BlendMode, kind: blending.Kind) -> Iterator[Comparison]:
    stack = blending.stack(kind, mode)

    def comparison(peer: Peer, measure: Callable[[Peers], Apart]) -> Comparison:
        limit = SAME if kind == "opaque on opaque" else TRANSLUCENT.get((mode, peer), SAME)
        rounds_often = kind == "five layers" and peer == "Chromium, bytes"
        return Comparison(peer, mode, kind, OTHER if rounds_often else limit, measure)

    if blending.operation("Chromium", mode):
        yield comparison("Chromium, bytes", lambda peers: peers.chromium_bytes(stack))
        yield comparison("Chromium, floats", lambda peers: peers.chromium_floats(stack))
    if blending.operation("ImageMagick", mode):
        yield comparison("ImageMagick", lambda peers: peers.imagemagick(stack))


def _adjusting() -> Iterator[Comparison]:
    for picture in adjusting.PICTURES:
        for adjustment in adjusting.ADJUSTMENTS:
            enlarged = adjustment.enlarges and picture not in adjusting.OPAQUE
            yield from _adjusted(adjustment, picture, in_css=ENLARGED if enlarged else SAME)
        for adjustment in adjusting.BLURS.values():
            yield from _adjusted(adjustment, picture, in_css=OTHER)
    for picture in adjusting.OPAQUE:
        for adjustment in adjusting.SHARPNESS:
            yield from _adjusted(adjustment, picture)
        for adjustment in adjusting.UNSHARP:
            yield from _adjusted(adjustment, picture, in_pillow=OTHER)


def _adjusted(
    adjustment: Adjustment, picture: Picture, in_css: float | None = SAME, in_pillow: float | None = SAME
) -> Iterator[Comparison]:
    name, stack = adjustment.name, adjusting.adjusted(adjustment, picture)
    if adjustment.css:
        yield Comparison("Chromium, bytes", name, picture, in_css, lambda peers: peers.chromium_bytes(stack))
    if adjustment.magick:
        measure = partial(Peers.adjusted_by_imagemagick, adjustment=adjustment, picture=picture)
        yield Comparison("ImageMagick", name, picture, SAME, measure)
    if adjustment.pillow:
        measure = partial(Peers.adjusted_by_pillow, adjustment=adjustment, picture=picture)
        yield Comparison("Pillow", name, picture, in_pillow, measure)


BLENDING = tuple(_blending())

ADJUSTING = tuple(_adjusting())
