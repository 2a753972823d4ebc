"""SVG path data: the grammar, every command, arcs, and faults told by position."""

from __future__ import annotations

from fractions import Fraction
from math import cos, radians, sin, sqrt

import pytest

from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.sources.vector.outline import OutlineBuilder, fill_coverage
from engines.image_core.sources.vector.outline_limits import tight_bounds
from engines.image_core.sources.vector.svg_path import draw_path

F = Fraction


def _drawn(d: str) -> OutlineBuilder:
    builder = OutlineBuilder(Affine(F(1), F(0), F(0), F(1), F(0), F(0)))
    draw_path(d, builder, "layers[0], shapes[0].d")
    return builder


def _points(d: str) -> list[list[float]]:
    return [[x / 64, y / 64] for x, y in _drawn(d).outline().points.tolist()]


@pytest.mark.parametrize(
    ("d", "same"),
    [
        ("M1 2L3 4 5 6", "m1,2 2,2 2,2"),
        ("M1 2H5V9Z", "M1 2 L5 2 L5 9 z"),
        ("M1 2h4v7z", "M1 2 L5 2 L5 9 z"),
        ("M.5.5-1-1", "M 0.5 0.5 L -1 -1"),
        ("M1e1 2E0L+3.,4", "M10 2 L3 4"),
        ("M0 0C1 2 3 4 5 5S7 8 9 9", "M0 0 C 1 2 3 4 5 5 C 7 6 7 8 9 9"),
        ("M0 0L5 5S7 8 9 9", "M0 0 L5 5 C 5 5 7 8 9 9"),
        ("M0 0c1 2 3 4 5 5s2 3 4 4", "M0 0 C 1 2 3 4 5 5 C 7 6 7 8 9 9"),
        ("M0 0Q2 4 4 4T8 8", "M0 0 Q 2 4 4 4 Q 6 4 8 8"),
        ("M0 0q2 4 4 4t4 4", "M0 0 Q 2 4 4 4 Q 6 4 8 8"),
        ("M0 0L4 4T8 8", "M0 0 L4 4 Q 4 4 8 8"),
        ("M1 1L5 5ZL9 9", "M1 1 L5 5 Z M1 1 L9 9"),
        ("M1 1l4 0zm2 2l1 1", "M1 1 L5 1 Z M3 3 L4 4"),
        ("M0 0A10 5 0 0 1 20 0 5 5 0 1 0 30 0", "M0 0A10 5 0 0120 0A5 5 0 1030 0"),
        ("M0 0a10 5 0 0 1 20 0", "M0 0 A-10 5 0 0 1 20 0"),
        ("M2 3A0 5 0 0 1 20 0", "M2 3 L20 0"),
        ("M9 9 M1 1 L2 2 M5 5", "M1 1 L2 2"),
        (" \t\n", ""),
    ],
)
def test_spellings_of_one_path(d: str, same: str) -> None:
    """Relative, repeated, smooth and cramped forms draw the same points as the plain absolute ones."""
    one, two = _drawn(d), _drawn(same)
    assert one.outline().points.tolist() == two.outline().points.tolist()
    assert one.outline().tags.tolist() == two.outline().tags.tolist()
    assert one.closed == two.closed


def test_closed_and_open_contours_are_told_apart() -> None:
    """Z closes the contour it ends, and only that one."""
    assert _drawn("M0 0L1 1 2 0Z M5 5L6 6 M7 7 L8 8 9 9z").closed == (True, False, True)


@pytest.mark.parametrize(
    ("large", "sweep", "top", "bottom"),
    [
        (0, 1, 5 * sqrt(3) - 10, 0),
        (0, 0, 0, 10 - 5 * sqrt(3)),
        (1, 1, -5 * sqrt(3) - 10, 0),
        (1, 0, 0, 10 + 5 * sqrt(3)),
    ],
)
def test_flags_choose_one_of_four_arcs(large: int, sweep: int, top: float, bottom: float) -> None:
    """Two circles of radius 10 pass through (0, 0) and (10, 0): which, and which way, tell the flags."""
    bounds = tight_bounds(_drawn(f"M0 0A10 10 0 {large} {sweep} 10 0").outline())
    assert bounds[1] / 64 == pytest.approx(top, abs=1 / 64)
    assert bounds[3] / 64 == pytest.approx(bottom, abs=1 / 64)


def test_rotated_arcs_lie_on_their_ellipse() -> None:
    """Two arcs between opposite points make an ellipse turned by 30 degrees, with its known bounds."""
    c, s = cos(radians(30)), sin(radians(30))
    x, y = 40 * c, 40 * s
    d = f"M{-x} {-y}A40 20 30 0 1 {x} {y}A40 20 30 0 1 {-x} {-y}z"
    half = sqrt((40 * c) ** 2 + (20 * s) ** 2), sqrt((40 * s) ** 2 + (20 * c) ** 2)
    expected = (-half[0], -half[1], half[0], half[1])
    assert [v / 64 for v in tight_bounds(_drawn(d).outline())] == pytest.approx(expected, abs=2 / 64)


def test_radii_too_small_grow_to_reach() -> None:
    """An arc of radius 1 over a distance of 20 is a half circle of radius 10."""
    assert _points("M0 0A1 1 0 0 1 20 0") == _points("M0 0A10 10 0 0 1 20 0")


def test_an_arc_to_nowhere_draws_nothing() -> None:
    """Start and end alike: the arc is left out, as SVG says."""
    assert _points("M1 1L2 2A5 5 0 1 1 2 2L3 3") == _points("M1 1L2 2L3 3")


def test_ends_too_close_to_tell_apart_are_joined() -> None:
    """An arc over 1e-30 of its radius is a line, not a division by zero."""
    assert _points("M0 0A1e6 1e6 0 0 1 1e-30 0")[-1] == [0, 0]


def test_full_circle_of_two_arcs_covers_its_area() -> None:
    """The coverage of a circle of radius 40 sums to its area."""
    coverage = fill_coverage(
        _drawn("M10 50a40 40 0 1 1 80 0a40 40 0 1 1-80 0z").outline(), Rect(0, 0, 100, 100)
    )
    assert coverage.sum() / 255 == pytest.approx(5026.55, rel=1e-3)


@pytest.mark.parametrize(
    ("d", "reason"),
    [
        ("L1 1", r"a path begins with M, not 'L' \(at character 1\)"),
        ("M1", r"expected a number, found the end \(at character 3\)"),
        ("M1 1 L2 x", r"expected a number, found 'x' \(at character 9\)"),
        ("M1 1 2 2,", r"expected a number, found the end"),
        ("M1 1 X2 2", r"expected a number, found 'X' \(at character 6\)"),
        ("M1 1Z5 5", r"expected a command, found '5' \(at character 6\)"),
        ("M0 0A1 1 0 2 0 5 5", r"expected a flag, 0 or 1, found '2' \(at character 12\)"),
        ("M1e9 0", r"1e9 is not allowed: allowed is -1000000 to 1000000 \(at character 2\)"),
        ("M1e999 0", r"1e999 is not allowed"),
        ("M900000 0l900000 0", r"the path leads beyond 1000000"),
        ("5 5", r"a path begins with M, not '5'|expected a command"),
    ],
)
def test_faults_name_the_field_and_the_position(d: str, reason: str) -> None:
    """Where a browser would draw half a path, the error says what is wrong and where."""
    with pytest.raises(SourceError, match=rf"^layers\[0\], shapes\[0\]\.d: (?:{reason})"):
        _drawn(d)
