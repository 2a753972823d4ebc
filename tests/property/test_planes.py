"""Planes grown and averaged, against what they are by definition."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from engines.image_core.numbers.fixed import ONE
from engines.image_core.planning.planes import Box, Grow
from engines.image_core.planning.steps import MaskRaster
from engines.image_core.reference import evaluate_step
from tests.parity.support import decoded_mask

Floats = NDArray[np.float64]
MARGIN = 9


def _shape(blur: float = 0) -> MaskRaster:
    """A disc, a triangle and a thin line, antialiased."""
    large = Image.new("L", (44 * 8, 30 * 8))
    draw = ImageDraw.Draw(large)
    draw.ellipse((60, 40, 200, 180), fill=255)
    draw.polygon([(220, 30), (340, 200), (180, 150)], fill=255)
    draw.line((10, 230, 330, 210), fill=255, width=5)
    shape = large.resize((44, 30), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(blur))
    return MaskRaster(decoded_mask(np.asarray(shape)))


def _specks() -> MaskRaster:
    """A few pixels of any coverage."""
    rng = np.random.default_rng(5)
    values = rng.integers(0, 256, (25, 31)) * (rng.random((25, 31)) < 0.05)
    return MaskRaster(decoded_mask(values.astype(np.uint8)))


def _most(values: Floats, radius: float) -> Floats:
    """radius + value - distance at most, over all pixels of a plane, 0..1; with a margin."""
    height, width = values.shape
    ys, xs = np.nonzero(values)
    y, x = np.mgrid[-MARGIN : height + MARGIN, -MARGIN : width + MARGIN]
    out = np.full(y.shape, -np.inf)
    for row, column in zip(ys, xs, strict=True):
        np.maximum(out, radius + values[row, column] - np.hypot(y - row, x - column), out=out)
    return np.clip(out, 0, 1)


@pytest.mark.parametrize("plane", [_shape(), _shape(3), _specks()], ids=["shape", "soft", "specks"])
@pytest.mark.parametrize("radius", [0, 0.5, 1, 2.3, 7])
def test_a_plane_grows_by_a_euclidean_distance(plane: MaskRaster, radius: float) -> None:
    """Within a tenth of one of 255 steps of the largest of radius + value - distance over all pixels."""
    width, height = plane.width + 2 * MARGIN, plane.height + 2 * MARGIN
    grown = evaluate_step(Grow(width, height, plane, round(radius * ONE), -MARGIN, -MARGIN)) / ONE
    exact = _most(np.round(plane.mask.pixels * (ONE / 255)) / ONE, radius)
    assert np.abs(grown - exact).max() <= 0.1 / 255


def test_a_plane_grows_alike_in_all_directions() -> None:
    """Turned by a quarter it grows to the same, turned."""
    plane = _shape()
    turned = MaskRaster(decoded_mask(np.ascontiguousarray(np.rot90(plane.mask.pixels))))
    size = plane.width + 10, plane.height + 10
    grown = evaluate_step(Grow(*size, plane, 3 * ONE + 99, -5, -5))
    again = evaluate_step(Grow(*size[::-1], turned, 3 * ONE + 99, -5, -5))
    assert np.array_equal(np.rot90(grown), again)


@pytest.mark.parametrize("side", [1, 2, 7, 60])
def test_a_box_is_the_mean_of_a_square(side: int) -> None:
    """Within half of one of 2^15 steps for each axis; beyond the plane lies 0."""
    plane = _specks()
    values = np.zeros((25 + 2 * 70, 31 + 2 * 70))
    values[70:95, 70:101] = np.round(plane.mask.pixels * (ONE / 255))
    out = evaluate_step(Box(40, 30, plane, side, -8, -3))
    for y, x in ((0, 0), (10, 12), (29, 39), (3, 30)):
        top, left = y - 3 + 70, x - 8 + 70
        exact = values[top : top + side, left : left + side].sum() / side**2
        assert abs(int(out[y, x]) - exact) <= 1


def test_two_boxes_of_an_even_side_are_a_triangle_about_the_pixel() -> None:
    """Each begins half a pixel to one side, the second to the other: together none is moved."""
    dot = np.zeros((1, 41), np.uint8)
    dot[0, 20] = 255
    plane = MaskRaster(decoded_mask(np.repeat(dot, 41, axis=0)))
    once = Box(41, 41, plane, 6, -3, -3)
    row = evaluate_step(Box(41, 41, once, 6, -2, -2))[20].astype(int)
    assert (np.abs(row - row[::-1]) <= 1).all()
    assert np.flatnonzero(row)[[0, -1]].tolist() == [15, 25]
