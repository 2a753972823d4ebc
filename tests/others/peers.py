"""How far this library is from others on all that is compared; Chromium draws its part in one start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import BlendMode, Renderer
from tests.others import adjusting, blending, chromium, imagemagick
from tests.others.adjusting import Adjustment, Picture
from tests.others.measuring import Apart, Steps, apart, premultiplied, premultiplied_bytes, straight
from tests.others.scenes import Pixels, Stack, draw

__all__ = ["Peers"]


class Peers:
    """Ours by NumPy and theirs, compared in the form that is theirs."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    @cached_property
    def _chromium(self) -> dict[tuple[chromium.Canvas, Stack], Steps]:
        stacks = list(_for_chromium())
        return dict(zip(stacks, chromium.draw(stacks), strict=True))

    def by_chromium(self, stack: Stack) -> Steps:
        """On Chromium's usual canvas, as premultiplied bytes, which is what that holds."""
        return premultiplied_bytes(self._chromium["unorm8", stack])

    def by_us(self, stack: Stack) -> Steps:
        """By this library, as premultiplied bytes."""
        return premultiplied_bytes(draw(self._renderer, stack))

    def chromium_bytes(self, stack: Stack) -> Apart:
        """Chromium's usual canvas, in premultiplied bytes."""
        return apart(self.by_us(stack), self.by_chromium(stack))

    def chromium_floats(self, stack: Stack) -> Apart:
        """Chromium's canvas of 16-bit floats, in straight colour wherever there is any."""
        return self._straight(stack, self._chromium["float16", stack])

    def between_canvases(self, stack: Stack) -> Apart:
        """Chromium's two canvases: what rounding to bytes does to it."""
        return apart(self.by_chromium(stack), premultiplied_bytes(self._chromium["float16", stack]))

    def imagemagick(self, stack: Stack) -> Apart:
        """ImageMagick's composition of 16-bit integers, in straight colour wherever there is any."""
        return self._straight(stack, imagemagick.compose(stack))

    def adjusted_by_imagemagick(self, adjustment: Adjustment, picture: Picture) -> Apart:
        """ImageMagick's operators for an adjustment, in premultiplied values of 16 bits."""
        operators = adjustment.magick
        assert operators is not None
        return self._adjusted(adjustment, picture, lambda pixels: imagemagick.adjust(pixels, *operators))

    def adjusted_by_pillow(self, adjustment: Adjustment, picture: Picture) -> Apart:
        """Pillow's function for an adjustment, in premultiplied values."""
        function = adjustment.pillow
        assert function is not None
        return self._adjusted(
            adjustment, picture, lambda pixels: np.asarray(function(Image.fromarray(pixels)))
        )

    def _adjusted(
        self, adjustment: Adjustment, picture: Picture, adjust: Callable[[Pixels], NDArray[Any]]
    ) -> Apart:
        stack = adjusting.adjusted(adjustment, picture)
        margin, border = adjustment.margin, adjustment.border
        around = ((margin, margin), (margin, margin), (0, 0))
        theirs = adjust(np.pad(stack.layers[0].pixels, around))
        inside = slice(border, stack.side - border)
        ours = draw(self._renderer, stack)
        return apart(premultiplied(ours)[inside, inside], premultiplied(theirs)[inside, inside])

    def _straight(self, stack: Stack, theirs: Steps) -> Apart:
        ours = draw(self._renderer, stack)
        seen = ours[..., 3] > 0
        return apart(straight(ours, seen), straight(theirs, seen))


def _for_chromium() -> Iterator[tuple[chromium.Canvas, Stack]]:
    for mode in (mode for mode in BlendMode if blending.operation("Chromium", mode)):
        for kind in blending.KINDS:
            yield "unorm8", blending.stack(kind, mode)
            yield "float16", blending.stack(kind, mode)
    for adjustment in (*adjusting.ADJUSTMENTS, *adjusting.BLURS.values()):
        if adjustment.css:
            for picture in adjusting.PICTURES:
                yield "unorm8", adjusting.adjusted(adjustment, picture)
