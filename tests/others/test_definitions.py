"""Where others differ by more than two steps, what differs is the definition, or bytes between the layers."""

import numpy as np
import pytest
from PIL import Image
from PIL.ImageFilter import GaussianBlur, UnsharpMask

from engines.image_core import BlendMode
from tests.others import adjusting, blending, imagemagick
from tests.others.boxes import three_boxes
from tests.others.comparisons import SAME
from tests.others.measuring import apart, premultiplied
from tests.others.peers import Peers
from tests.others.scenes import Layer, Stack

_MODES_OF_CHROMIUM = [
    mode for mode in BlendMode if blending.operation("Chromium", mode) and mode is not BlendMode.ADD
]


@pytest.mark.parametrize("mode", _MODES_OF_CHROMIUM)
def test_bytes_between_layers_explain_deep_stacks(peers: Peers, mode: BlendMode) -> None:
    """Chromium's canvas of bytes is as far from ours, to one step, as from Chromium's canvas of floats."""
    stack = blending.stack("five layers", mode)
    assert peers.chromium_bytes(stack).largest <= peers.between_canvases(stack).largest + 1


@pytest.mark.parametrize("kind", ["translucent on opaque", "translucent on translucent"])
def test_lighter_is_add_where_nothing_is_clamped(peers: Peers, kind: blending.Kind) -> None:
    """Porter and Duff's plus adds premultiplied values, alphas too; blended, alphas unite.

    So colours are equal, premultiplied, where their straight sum is at most white; and its alpha is the sum.
    """
    stack = blending.stack(kind, BlendMode.ADD)
    below, above = (layer.pixels.astype(int) for layer in stack.layers)
    ours, theirs = peers.by_us(stack), peers.by_chromium(stack)
    unclamped = below[..., :3] + above[..., :3] <= 255
    assert unclamped.mean() > 0.4
    assert apart(ours[..., :3], theirs[..., :3], unclamped).largest <= SAME
    assert np.array_equal(theirs[..., 3], np.minimum(255, below[..., 3] + above[..., 3]))


def test_add_is_a_sum_put_through_the_alpha(peers: Peers) -> None:
    """ImageMagick draws add over an opaque backdrop in two steps: the sum of opaque colours, then over."""
    stack = blending.stack("translucent on opaque", BlendMode.ADD)
    below, above = (layer.pixels for layer in stack.layers)
    opaque = above.copy()
    opaque[..., 3] = 255
    summed = np.rint(imagemagick.compose(Stack((Layer(below), Layer(opaque, BlendMode.ADD))))).astype(
        np.uint8
    )
    summed[..., 3] = above[..., 3]
    theirs = imagemagick.compose(Stack((Layer(below), Layer(summed))))
    assert apart(peers.by_us(stack), theirs).largest <= SAME


@pytest.mark.parametrize("radius", adjusting.BLURS)
@pytest.mark.parametrize("picture", adjusting.PICTURES)
def test_chromium_blurs_with_three_boxes(peers: Peers, radius: float, picture: adjusting.Picture) -> None:
    """As Filter Effects allows; below a radius of 0.8 the boxes have one pixel, and nothing is blurred."""
    stack = adjusting.adjusted(adjusting.BLURS[radius], picture)
    around = ((stack.margin, stack.margin), (stack.margin, stack.margin), (0, 0))
    boxes = three_boxes(premultiplied(np.pad(stack.layers[0].pixels, around)), radius)
    assert apart(boxes, peers.by_chromium(stack)).largest <= SAME


@pytest.mark.parametrize("picture", adjusting.OPAQUE)
def test_pillow_sharpens_as_we_do_against_a_blur_of_its_own(picture: adjusting.Picture) -> None:
    """Its unsharp mask is our formula. What it blurs with are three boxes, in bytes."""
    image = Image.fromarray(adjusting.PICTURES[picture]()).convert("RGB")
    colors, smoothed = (np.asarray(one, float) for one in (image, image.filter(GaussianBlur(2))))
    ours = np.clip(colors + 1.5 * (colors - smoothed), 0, 255)
    assert apart(ours, np.asarray(image.filter(UnsharpMask(2, 150, 0)))).largest <= 1
