"""Pillow resizes with the same kernel: Keys' cubic, a = -1/2, widened where a picture shrinks.

It goes along rows first, we along columns, and what the first pass clamps the second does not see. So the
noise has no colours that the kernel carries beyond black or white.
"""

import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.tests.composing import composed, largest_step, picture
from tests.others.scenes import Pixels, noise, photograph

SIZES = [(300, 200), (96, 61), (57, 40), (13, 96), (5, 3)]

MIDDLING = noise(1, opaque=True) // 2 + 64
MIDDLING[..., 3] = 255


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("pixels", [MIDDLING, photograph()], ids=["noise", "photograph"])
def test_resized_pictures_come_out_as_pillow_resizes_them(
    numpy_renderer: Renderer, pixels: Pixels, size: tuple[int, int]
) -> None:
    """Larger, smaller, and one side only: within one 8-bit step."""
    ours = numpy_renderer.render(composed(picture(pixels, fit="fill"), size=size)).pixels
    theirs = Image.fromarray(pixels).convert("RGB").resize(size, Image.Resampling.BICUBIC)
    assert (ours[..., 3] == 255).all()
    assert largest_step(ours[..., :3], np.asarray(theirs)) <= 1
