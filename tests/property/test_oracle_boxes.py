"""Rounded corners and borders against areas that are counted: how many of a pixel's points lie within.

Outlines are rounded to 1/64 pixel: a turned edge may lie half of that beside its place along both axes, which
is 3 of 255 steps. FreeType fills an arc as short straight lines within it: that takes another 4 at most here.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer
from engines.image_core.tests.boxes import PLACES, RADII, SIZE, box, frame, rendered
from tests.oracle import Floats

POINTS = 610
MOST = 7
WIDTH, HEIGHT = 40, 30


def within(place: dict[str, Any], inset: float, radii: list[float]) -> Floats:
    """What of each pixel lies in the box within its edge, whose corners are as much less round.

    Points are those of a Fibonacci lattice, which along either axis are all apart.
    """
    index = np.arange(POINTS)
    across, down = (index + 0.5) / POINTS, (index * 377 % POINTS + 0.5) / POINTS
    y, x = (axis[..., None] for axis in np.mgrid[: SIZE[1], : SIZE[0]])
    x, y = x + across - place.get("x", 0), y + down - place.get("y", 0)
    turn, scale = math.radians(place.get("rotation", 0)), place.get("scale", 1)
    right = (x * math.cos(turn) + y * math.sin(turn)) / scale
    below = (y * math.cos(turn) - x * math.sin(turn)) / place.get("scale_y", scale)
    if place.get("anchor") == "center":
        right, below = right + WIDTH / 2, below + HEIGHT / 2
    sides = [WIDTH, HEIGHT, WIDTH, HEIGHT]
    sums = [a + b for a, b in zip(radii, [*radii[1:], radii[0]], strict=True)]
    fit = min([1.0, *(side / total for side, total in zip(sides, sums, strict=True) if total)])
    inner = [max(radius * fit - inset, 0) for radius in radii]
    return np.asarray(_rounded(right, below, inset, inner).mean(axis=-1))


def _rounded(x: Floats, y: Floats, inset: float, radii: list[float]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which points lie in a box and in the circles of its corners: top left, top right, and so on."""
    inside = (np.abs(x - WIDTH / 2) <= WIDTH / 2 - inset) & (np.abs(y - HEIGHT / 2) <= HEIGHT / 2 - inset)
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    for (right, down), radius in zip(corners, radii, strict=True):
        beyond_x = right * (x - WIDTH / 2) - (WIDTH / 2 - inset - radius)
        beyond_y = down * (y - HEIGHT / 2) - (HEIGHT / 2 - inset - radius)
        inside &= (beyond_x <= 0) | (beyond_y <= 0) | (np.hypot(beyond_x, beyond_y) <= radius)
    return inside


def check(actual: Floats, exact: Floats) -> None:
    """Compare coverages, 0..255, along an edge."""
    apart = np.abs(actual - exact)
    edge = (exact > 0) & (exact < 255)
    assert apart.max() <= MOST
    assert apart[edge].mean() <= 2


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("radii", [RADII, [9.5] * 4, [20.0, 4.0, 0.0, 40.0]])
def test_a_rounded_box_is_as_its_area_is(
    numpy_renderer: Renderer, place: dict[str, Any], radii: list[float]
) -> None:
    """Moved by parts of pixels, scaled, mirrored and turned; also with radii that do not fit."""
    shown = rendered(numpy_renderer, box(corner_radius=radii, transform=place))[..., 3].astype(float)
    check(shown, 255 * within(place, 0, radii))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [2.5, 5.0])
def test_a_border_is_as_its_area_is(numpy_renderer: Renderer, place: dict[str, Any], width: float) -> None:
    """Green on red: as much of the box's red is left as lies within the border's inner edge."""
    out = rendered(numpy_renderer, box(corner_radius=RADII, transform=place, **frame(width))) / 255
    outer, inner = within(place, 0, RADII), within(place, width, RADII)
    red, green, _, alpha = np.moveaxis(out, -1, 0)
    check(255 * red * alpha, 255 * inner * outer)
    check(255 * green * alpha, 255 * (1 - inner) * outer)
