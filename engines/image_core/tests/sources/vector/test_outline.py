"""Outlines: exact coordinates, non-zero coverage, and what FreeType alone could not take."""

from __future__ import annotations

import threading
from fractions import Fraction
from math import cos, pi, sin

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.sources.vector.outline import (
    Outline,
    OutlineBuilder,
    concat,
    fill_coverage,
    transform,
)
from engines.image_core.sources.vector.outline_limits import MAX_POINTS, tight_bounds

F = Fraction
IDENTITY = Affine(F(1), F(0), F(0), F(1), F(0), F(0))


def polygon(*points: tuple[F | int, F | int]) -> Outline:
    """A contour through points in pixels."""
    builder = OutlineBuilder(IDENTITY)
    builder.polygon(points)
    return builder.outline()


def ellipse(left: int, top: int, width: int, height: int) -> Outline:
    """The ellipse within a box in pixels."""
    builder = OutlineBuilder(IDENTITY)
    builder.rounded_rect(left, top, width, height, F(width, 2), F(height, 2))
    return builder.outline()


def square(left: int, top: int, side: F | int, *, reverse: bool = False) -> Outline:
    """A square, clockwise unless reversed."""
    corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
    return polygon(*(corners[::-1] if reverse else corners))


def test_builder_rounds_the_exact_image_half_up() -> None:
    """1/128 pixel, halfway between two 64ths, rounds up, and so does -1/128."""
    outline = polygon((F(1, 128), F(-1, 128)), (F(1, 129), F(-1, 127)), (1, 1))
    assert outline.points.tolist() == [[1, 0], [0, -1], [64, 64]]


def test_builder_applies_the_affine_before_rounding() -> None:
    """A point is scaled exactly and rounded once: 1/3 times 3 is 1."""
    builder = OutlineBuilder(Affine(F(3), F(0), F(0), F(3), F(1, 64), F(-2)))
    builder.polygon([(F(1, 3), F(2, 3)), (1, 0), (0, 1)])
    assert builder.outline().points.tolist()[0] == [65, 0]


def test_transform_equals_building_under_the_affine() -> None:
    """Coordinates that are whole 64ths lose nothing by being built first and transformed later."""
    affine = Affine(F(7, 3), F(-2, 5), F(1, 7), F(11, 13), F(5, 9), F(-1, 3))
    points = [(F(x, 64), F(y, 64)) for x, y in ((1, 5), (-77, 3), (1000, -999))]
    builder = OutlineBuilder(affine)
    builder.polygon(points)
    assert (transform(polygon(*points), affine).points == builder.outline().points).all()


def test_whole_pixels_are_covered_fully_and_y_points_down() -> None:
    """A square from (2, 1) to (4, 3) covers those four pixels and no other, top row first."""
    expected = np.zeros((5, 6), np.uint8)
    expected[1:3, 2:4] = 255
    assert (fill_coverage(square(2, 1, 2), Rect(0, 0, 6, 5)) == expected).all()


def test_partial_pixels_are_covered_by_their_area() -> None:
    """A box over 3/4 by 1/2 of a pixel covers 3/8 of it."""
    box = polygon((F(1, 4), F(1, 2)), (1, F(1, 2)), (1, 1), (F(1, 4), 1))
    assert abs(int(fill_coverage(box, Rect(0, 0, 1, 1))[0, 0]) - 255 * 3 / 8) <= 1


def test_area_of_an_ellipse_is_right() -> None:
    """The coverage of a 1278 x 720 ellipse sums to pi * a * b within 0.01 %."""
    area = fill_coverage(ellipse(1, 0, 1278, 720), Rect(0, 0, 1280, 720)).sum() / 255
    assert area == pytest.approx(pi * 639 * 360, rel=1e-4)


def test_winding_is_non_zero() -> None:
    """Contours of one direction unite, an opposite one inside cuts a hole."""
    region = Rect(0, 0, 12, 12)
    united = fill_coverage(concat([square(1, 1, 6), square(4, 4, 6)]), region)
    assert (united[4:7, 4:7] == 255).all()
    holed = fill_coverage(concat([square(1, 1, 9), square(4, 4, 3, reverse=True)]), region)
    assert (holed[4:7, 4:7] == 0).all()
    assert holed[2, 2] == 255


def test_a_region_is_a_cut_of_the_whole() -> None:
    """Coverage of a part of the pixels is that part of the coverage of all, to the byte."""
    outline = concat([ellipse(-5, 3, 90, 40), square(20, -9, 30, reverse=True)])
    whole = fill_coverage(outline, Rect(-10, -10, 100, 60))
    assert (fill_coverage(outline, Rect(7, 11, 61, 37)) == whole[21:47, 17:71]).all()


@pytest.mark.parametrize("side", [10**6, 10**9])
def test_outlines_far_beyond_the_region(side: int) -> None:
    """Huge outlines keep their inside and their edges: a half-plane's edge stays where it is."""
    builder = OutlineBuilder(IDENTITY)
    builder.polygon([(-side, F(5, 2)), (side, F(5, 2)), (side, side), (-side, side)])
    coverage = fill_coverage(builder.outline(), Rect(0, 0, 4, 5))
    assert coverage[:, 1].tolist() == [0, 0, 127, 255, 255]
    assert (fill_coverage(ellipse(-side, -side, 2 * side, 2 * side), Rect(-2, -2, 2, 2)) == 255).all()
    diagonal = polygon((-side, -side), (side, -side), (-side, side))
    assert (fill_coverage(diagonal, Rect(-1, -1, 1, 1)) == [[255, 127], [127, 0]]).all()


def test_far_curve_passes_where_it_should() -> None:
    """The top of an ellipse two million pixels wide is flat at the region and at its exact height."""
    coverage = fill_coverage(ellipse(-(10**6), 3, 2 * 10**6, 2 * 10**6), Rect(-2, 0, 2, 6))
    assert coverage[:, 0].tolist() == [0, 0, 0, 255, 255, 255]


def _flower(points: int) -> NDArray[np.int64]:
    angles = [2 * pi * index / points for index in range(points)]
    radius = [180 * (1 - 0.3 * cos(7 * angle)) for angle in angles]
    return np.array(
        [(64 * (200 + r * cos(a)), 64 * (200 + r * sin(a))) for r, a in zip(radius, angles, strict=True)]
    )


def test_more_points_than_freetype_counts() -> None:
    """A contour of 100,000 points is drawn as one of every tenth of them, but for rounding."""
    points = np.rint(_flower(100_000)).astype(np.int64)
    region = Rect(0, 0, 440, 440)
    many, few = (
        fill_coverage(Outline(part, np.ones(len(part), np.uint8), np.array([len(part) - 1])), region)
        for part in (points, points[::10])
    )
    assert len(points) > MAX_POINTS
    assert np.abs(many.astype(int) - few).max() <= 4
    assert many[200, 200] == 255


def test_many_contours_are_drawn_tile_by_tile() -> None:
    """10,000 separate squares, more points than one call takes, are each there."""
    outline = concat(square(3 * (i % 100), 3 * (i // 100), 2) for i in range(10_000))
    coverage = fill_coverage(outline, Rect(0, 0, 300, 300))
    assert coverage.sum() == 10_000 * 4 * 255


@pytest.mark.parametrize("reach", [4, 30, 200], ids=["specks", "letters", "as large as tiles, and larger"])
def test_tiles_of_many_contours_change_no_byte(monkeypatch: pytest.MonkeyPatch, reach: int) -> None:
    """Polygons across and beyond a region, one over another and wound both ways, are filled tile by tile as
    they are together."""
    random = np.random.default_rng(reach)
    places = random.integers(-2000, 15000, (300, 1, 2))
    points = (places + random.integers(-32 * reach, 32 * reach, (300, 6, 2))).reshape(-1, 2)
    outline = Outline(points, np.ones(1800, np.uint8), np.arange(5, 1800, 6))
    region = Rect(3, -2, 200, 171)
    tiled = fill_coverage(outline, region)
    monkeypatch.setattr("engines.image_core.sources.vector.scattered._MANY", 10_000)
    assert (tiled == fill_coverage(outline, region)).all()


def test_a_tile_that_is_too_dense_for_one_call_is_halved() -> None:
    """A quarter of each of a tile's pixels, more cells than FreeType's pool holds, is there."""
    squares = concat(square(i % 40, i // 40, F(1, 2)) for i in range(1600))
    coverage = fill_coverage(squares, Rect(0, 0, 40, 40))
    assert (coverage == 63).all()


def test_wide_flat_edges_fit_freetypes_cells() -> None:
    """An edge that crosses thousands of pixels in a row, more than FreeType's pool of cells, is drawn."""
    coverage = fill_coverage(polygon((0, 0), (16384, 4), (0, 4)), Rect(0, 0, 16384, 4))
    assert coverage.sum() / 255 == pytest.approx(16384 * 4 / 2, rel=0.01)
    assert coverage[3, 10] == 255


def test_empty_outlines_and_regions() -> None:
    """Nothing drawn is all 0; an empty region is an empty array."""
    assert not fill_coverage(Outline.empty(), Rect(0, 0, 3, 2)).any()
    assert fill_coverage(square(0, 0, 1), Rect(5, 5, 5, 9)).shape == (4, 0)
    assert concat([]).bounds().empty


def test_bounds_hold_the_controls_and_tight_bounds_the_curve() -> None:
    """A cubic with controls at height 8 only rises to 6."""
    builder = OutlineBuilder(IDENTITY)
    builder.move_to(0, 0)
    builder.cubic_to(0, 8, 4, 8, 4, 0)
    assert builder.outline().bounds() == Rect(0, 0, 4, 8)
    assert tight_bounds(builder.outline()) == (0, 0, 4 * 64, 6 * 64)


def test_threads_draw_the_same_bytes() -> None:
    """Outlines filled by many threads at once come out as when filled alone."""
    outline, region = ellipse(3, 5, 200, 150), Rect(0, 0, 210, 160)
    alone = fill_coverage(outline, region).tobytes()
    seen: list[bytes] = []
    threads = [
        threading.Thread(
            target=lambda: seen.extend(fill_coverage(outline, region).tobytes() for _ in range(20))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [alone] * 80


def test_tiles_and_left_out_detours_change_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn in tiles of at most 50 points each, an outline comes out as drawn in one piece."""
    points = np.rint(_flower(2000)).astype(np.int64)
    outline = Outline(points, np.ones(2000, np.uint8), np.array([1999]))
    region = Rect(20, 30, 400, 390)
    whole = fill_coverage(outline, region)
    monkeypatch.setattr("engines.image_core.sources.vector.outline.MAX_POINTS", 50)
    assert (fill_coverage(outline, region) == whole).all()


def test_too_dense_an_outline_is_an_error() -> None:
    """40,000 points within one pixel are told, not dropped."""
    zigzag = polygon(*((F(i % 2, 2), F(i // 2 % 3, 3)) for i in range(40_000)))
    with pytest.raises(SourceError, match="too dense an outline: more than 32767 of its points"):
        fill_coverage(zigzag, Rect(0, 0, 4, 4))
