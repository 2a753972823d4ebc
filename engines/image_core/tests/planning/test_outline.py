"""A plan in words: every step and entry once, shared steps by a number."""

from __future__ import annotations

import numpy as np

from engines.image_core.composition.blending import BlendMode
from engines.image_core.numbers.curves import saturation_matrix
from engines.image_core.numbers.kernels import gaussian_kernel
from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.entries import Adjust, Compose, Coverage, Layer, Matrix, Stack, Table
from engines.image_core.planning.outline import outline
from engines.image_core.planning.planes import Map
from engines.image_core.planning.steps import ONE, Blur, MaskRaster, Raster, Sharpen, Smooth, Solid

TABLE = np.zeros(ONE + 1, np.uint16)


def _raster(width: int, height: int, *, opaque: bool = True) -> Raster:
    """A picture; those of one size are alike."""
    pixels = np.zeros((height, width, 4), np.uint8)
    return Raster(DecodedImage(pixels, f"{width} {height} {opaque}", opaque))


def test_a_step_is_a_line_and_what_it_is_made_of_is_indented() -> None:
    """The fields of a step stand with their names; a kernel and a table by their sizes."""
    soft = Blur(
        7, 6, MaskRaster(DecodedMask(np.zeros((4, 5), np.uint8), "mask")), gaussian_kernel(1.0), -1, 0
    )
    assert outline(Map(soft, TABLE)).splitlines() == [
        "map 7x6, table [32769]",
        "  source: blur 7x6, kernel [4], left -1, top 0",
        "    source: mask 5x4",
    ]


def test_entries_come_bottom_first_with_what_is_not_as_it_is_by_default() -> None:
    """Stacks indent their entries; masks and colour operations have lines of their own."""
    mask = Coverage(MaskRaster(DecodedMask(np.zeros((4, 5), np.uint8), "mask")), 2, 3, inverted=True)
    matrix = Matrix(saturation_matrix(0.0))
    inside = (Layer(Solid(2, 2, (1, 2, 3, 4)), 0, 1, (Table(TABLE),)), Adjust((matrix,), opacity=5))
    stack = Stack(inside, "backdrop", keep_alpha=True, mask=mask, blend=BlendMode.SCREEN)
    bottom = Layer(_raster(9, 8, opaque=False), -1, 0)
    assert outline(Compose(9, 8, (0, 0, 0, ONE), (bottom, stack))).splitlines() == [
        "compose 9x8, opaque, background (0, 0, 0, 32768)",
        "  layer, left -1, top 0",
        "    image: raster 9x8",
        "  stack, start backdrop, keep_alpha, blend screen",
        "    layer, left 0, top 1",
        "      image: solid 2x2, color (1, 2, 3, 4)",
        "      table, values [32769]",
        "    adjust, opacity 5",
        f"      matrix, weights {matrix.weights}",
        "    mask: coverage, left 2, top 3, inverted",
        "      plane: mask 5x4",
    ]


def test_a_step_that_is_read_twice_is_told_once() -> None:
    """It has a number; steps that are equal are one, as they are when a plan is evaluated."""
    first = Sharpen(_raster(3, 3), Smooth(_raster(3, 3)), 9, 0)
    assert outline(Compose(3, 3, (0, 0, 0, 0), (Layer(first, 0, 0), Layer(first, 1, 1)))).splitlines() == [
        "compose 3x3, opaque, background (0, 0, 0, 0)",
        "  layer, left 0, top 0",
        "    image: #1 sharpen 3x3, opaque, amount 9, threshold 0",
        "      source: #2 raster 3x3, opaque",
        "      smooth: smooth 3x3",
        "        source: #2",
        "  layer, left 1, top 1",
        "    image: #1",
    ]


def test_a_deep_plan_is_told() -> None:
    """Neither Python's stack nor time runs out, though each level reads the one below it twice."""
    step: Raster | Sharpen = _raster(1, 1)
    for _ in range(2000):
        step = Sharpen(step, Smooth(step), 1, 0)
    assert outline(step).count("\n") == 3 * 2000
