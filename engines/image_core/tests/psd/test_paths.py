"""Subpaths of Photoshop's shapes put together, and aligned with pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.tests.psd.shape_making import (
    COMBINE,
    EXCLUDE,
    INTERSECT,
    SAME,
    SUBTRACT,
    alpha,
    line,
    oblong,
    opened,
    shape,
    subpath,
)

Bools = NDArray[np.bool_]

OPERATIONS: dict[int, Callable[[Bools, Bools], Bools]] = {
    EXCLUDE: lambda before, this: before ^ this,
    COMBINE: lambda before, this: before | this,
    SUBTRACT: lambda before, this: before & ~this,
    INTERSECT: lambda before, this: before & this,
}


def covered(left: int, top: int, right: int, bottom: int) -> Bools:
    """The pixels of a rectangle."""
    pixels = np.zeros((48, 64), np.bool_)
    pixels[top:bottom, left:right] = True
    return pixels


@pytest.mark.parametrize("seed", range(24))
def test_operations_are_done_in_their_order(seed: int) -> None:
    """Each with all before it; the first with nothing, or to be taken away or intersected with everything."""
    rng = np.random.default_rng(seed)
    operations = rng.choice([EXCLUDE, COMBINE, SUBTRACT, INTERSECT], rng.integers(1, 5)).tolist()
    expected = np.full((48, 64), operations[0] in (SUBTRACT, INTERSECT))
    subpaths = []
    for operation in operations:
        left, top, width, height = rng.integers((0, 0, 4, 4), (32, 24, 32, 24)).tolist()
        expected = OPERATIONS[operation](expected, covered(left, top, left + width, top + height))
        subpaths.append(oblong(left, top, left + width, top + height, operation))
    fields, note = opened(shape(*subpaths))
    if expected.any():
        assert np.array_equal(alpha(fields), 255 * expected)
    else:
        assert (fields, note) == (None, "its own pixels are kept: its path encloses nothing")


def test_subpaths_of_one_component_are_filled_even_odd() -> None:
    """Whichever way they turn: one in another is a hole."""
    fields, _ = opened(shape(oblong(4, 4, 40, 40), oblong(10, 10, 20, 20, SAME)))
    assert np.array_equal(alpha(fields), 255 * (covered(4, 4, 40, 40) & ~covered(10, 10, 20, 20)))


def test_a_star_of_one_line_is_hollow() -> None:
    """What is wound around twice is outside by the even-odd rule."""
    star = [(32, 2), (45, 42), (11, 17), (53, 17), (19, 42)]
    fields, _ = opened(shape(subpath(star)))
    covered_by_star = alpha(fields)
    assert covered_by_star[24, 32] == 0
    assert covered_by_star[8, 32] == 255


def test_what_adds_up_stays_curves() -> None:
    """Where components lie apart; those that overlap become polygons."""
    apart, _ = opened(shape(oblong(4, 4, 10, 10), oblong(20, 4, 30, 10)))
    over, _ = opened(shape(oblong(4, 4, 10, 10), oblong(8, 4, 30, 10)))
    assert apart is not None
    assert over is not None
    assert " C " in apart["shapes"][0]["d"]
    assert " L " not in apart["shapes"][0]["d"]
    assert " L " in over["shapes"][0]["d"]


def test_aligned_paths_are_stretched_to_whole_pixels() -> None:
    """The corner moves to the nearest pixel's, and the sides become whole."""
    loose, _ = opened(shape(oblong(4.3, 5.8, 14.1, 15.1)))
    aligned, _ = opened(shape(oblong(4.3, 5.8, 14.1, 15.1), aligned=True))
    assert set(np.unique(alpha(loose))) > {0, 255}
    assert np.array_equal(alpha(aligned), 255 * covered(4, 6, 14, 15))


@pytest.mark.parametrize(("edge", "pixel"), [(4.427, 4), (4.493, 5), (4.504, 5), (4.54, 5)])
def test_aligned_corners_are_rounded_as_measured(edge: float, pixel: int) -> None:
    """Half up, from a little below a half on."""
    fields, _ = opened(shape(oblong(edge, 4, edge + 20, 24), aligned=True))
    assert np.array_equal(alpha(fields), 255 * covered(pixel, 4, pixel + 20, 24))


def test_an_aligned_line_of_odd_width_moves_right_and_down() -> None:
    """So that its edges lie on those of pixels."""
    loose, _ = opened(shape(oblong(4, 4, 24, 24), stroke=line(1, "Center")))
    aligned, _ = opened(shape(oblong(4, 4, 24, 24), stroke=line(1, "Center"), aligned=True))
    assert set(np.unique(alpha(loose))) > {0, 255}
    assert np.array_equal(alpha(aligned), 255 * covered(4, 4, 25, 25))


def test_a_composition_that_begins_elsewhere_has_the_path_there() -> None:
    """Moved by the point of the canvas where it begins, aligned or not."""
    for aligned in (False, True):
        fields, _ = opened(shape(oblong(10, 12, 20, 22), aligned=aligned), origin=(6, 4))
        assert np.array_equal(alpha(fields), 255 * covered(4, 8, 14, 18))
