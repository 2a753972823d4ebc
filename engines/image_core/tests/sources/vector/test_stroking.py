"""Pen lines: area, caps, joins, and no hole however wide the line."""

from __future__ import annotations

from fractions import Fraction
from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.sources.vector.outline import OutlineBuilder, fill_coverage
from engines.image_core.sources.vector.stroking import Cap, Join, stroke

F = Fraction
Points = list[tuple[int, int]]
REGION = Rect(0, 0, 200, 200)


def builder() -> OutlineBuilder:
    """A builder in pixels."""
    return OutlineBuilder(Affine(F(1), F(0), F(0), F(1), F(0), F(0)))


def drawn(shape: OutlineBuilder, width: int, cap: Cap = "butt", join: Join = "miter") -> NDArray[np.uint8]:
    """The coverage of a shape's stroke."""
    return fill_coverage(stroke(shape.outline(), 64 * width, cap, join, shape.closed), REGION)


def line(points: Points, width: int, cap: Cap = "butt", join: Join = "miter") -> NDArray[np.uint8]:
    """The coverage of an open line."""
    shape = builder()
    shape.polygon(points, closed=False)
    return drawn(shape, width, cap, join)


def area(coverage: NDArray[np.uint8]) -> float:
    """The covered area in pixels."""
    return float(coverage.sum()) / 255


@pytest.mark.parametrize(("cap", "extra"), [("butt", 0.0), ("square", 20 * 20), ("round", pi * 100)])
def test_caps_end_a_line(cap: Cap, extra: float) -> None:
    """A butt line is a rectangle; square caps add a square in two halves, round ones a disc."""
    assert area(line([(50, 60), (150, 60)], 20, cap)) == pytest.approx(100 * 20 + extra, rel=1e-3)


def test_axis_parallel_lines_have_sharp_edges() -> None:
    """A horizontal line of even width covers whole pixels only."""
    coverage = line([(50, 60), (150, 60)], 20)
    assert (coverage[50:70, 50:150] == 255).all()
    assert area(coverage) == 2000


@pytest.mark.parametrize(("join", "extra"), [("miter", 100.0), ("round", pi * 25), ("bevel", 50.0)])
def test_joins_turn_a_right_angle(join: Join, extra: float) -> None:
    """Outside of a right angle a miter adds the whole square, a round join a quarter disc, a bevel half."""
    corner: Points = [(50, 150), (50, 50), (150, 50)]
    assert area(line(corner, 20, join=join)) == pytest.approx(2 * 100 * 20 - 100 + extra, rel=1e-3)


def test_sharp_miters_become_bevels() -> None:
    """Beyond SVG's miter limit of 4 a corner is cut off as a bevel is."""
    needle: Points = [(50, 90), (150, 100), (50, 110)]
    assert (line(needle, 8) == line(needle, 8, join="bevel")).all()
    assert not (line([(50, 60), (150, 100), (50, 140)], 8) == line(needle, 8)).all()


@pytest.mark.parametrize("cap", ["butt", "round", "square"])
def test_a_line_of_one_place_is_a_dot(cap: Cap) -> None:
    """No length: a disc with round caps, a square with square ones, nothing with butt ones."""
    expected = {"butt": 0.0, "round": pi * 100, "square": 400.0}[cap]
    assert area(line([(80, 80), (80, 80)], 20, cap)) == pytest.approx(expected, rel=2e-3)


def test_closed_outlines_have_no_caps_and_every_corner() -> None:
    """The miter stroke of a square is a square frame."""
    shape = builder()
    shape.polygon([(50, 50), (150, 50), (150, 150), (50, 150)])
    coverage = drawn(shape, 10, "square")
    assert area(coverage) == 110 * 110 - 90 * 90
    assert coverage[100, 100] == 0


@pytest.mark.parametrize("width", [30, 60, 90])
def test_a_line_wider_than_its_shape_has_no_hole(width: int) -> None:
    """Where the inner borders overlap and turn round, the middle stays filled and the outside round."""
    shape = builder()
    shape.rounded_rect(85, 85, 30, 30, 15, 15)
    coverage = drawn(shape, width)
    assert coverage[100, 100] == 255
    assert area(coverage) == pytest.approx(pi * (15 + width / 2) ** 2, rel=2e-3)
    small = builder()
    small.polygon([(95, 95), (105, 95), (105, 105), (95, 105)])
    assert area(drawn(small, width)) == (10 + width) ** 2


def test_thin_rings_keep_both_edges() -> None:
    """A circle's stroke is a ring of the right area: neither border is thickened by overlaps."""
    shape = builder()
    shape.rounded_rect(20, 20, 160, 160, 80, 80)
    assert area(drawn(shape, 6)) == pytest.approx(pi * (83**2 - 77**2), rel=1e-3)


@pytest.mark.parametrize("join", ["miter", "round", "bevel"])
def test_folding_back_and_crossing_stay_filled(join: Join) -> None:
    """A line straight back over itself and a pentagram cover what their pieces cover."""
    back = line([(50, 100), (150, 100), (80, 100)], 20, join=join)
    assert (back[90:110, 50:150] == 255).all()
    star = line([(100, 20), (150, 180), (20, 80), (180, 80), (50, 180), (100, 20)], 30, join=join)
    for x, y in ((125, 100), (85, 130), (100, 80), (115, 130), (75, 100)):
        assert star[y, x] == 255


def test_curves_turn_smoothly_whatever_the_join() -> None:
    """The inside of a curve has no corners: bevel and miter draw the same."""
    shapes = []
    joins: list[Join] = ["bevel", "miter"]
    for join in joins:
        shape = builder()
        shape.move_to(20, 150)
        shape.cubic_to(60, -60, 120, -60, 180, 150)
        shapes.append(drawn(shape, 25, "butt", join))
    assert (shapes[0] == shapes[1]).all()


def test_lines_too_far_out_are_an_error() -> None:
    """Beyond two million pixels a stroke is refused by its reach."""
    with pytest.raises(SourceError, match="a stroked line reaches to 3000000 pixels: allowed is 2097152"):
        line([(0, 0), (3_000_000, 0)], 2)
