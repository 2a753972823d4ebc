"""Selections: their outlines, brush strokes, inversion and hashes."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.composition.shapes import Selection
from engines.image_core.rendering.masks import draw_mask
from engines.image_core.sources.vector.selections import selection_hash

SIZE = 60, 40


def _select(**fields: object) -> Selection:
    return Selection.model_validate(fields)


def _mask(**fields: object) -> NDArray[np.uint8]:
    return draw_mask(_select(**fields), *SIZE).pixels


def test_rect_selects_whole_pixels_between_any_opposite_corners() -> None:
    """Both orders of corners select the same 20 x 10 pixels, and the mask has the canvas's size."""
    mask = _mask(type="rect", points=[(10, 5), (30, 15)])
    expected = np.zeros((40, 60), np.uint8)
    expected[5:15, 10:30] = 255
    assert (mask == expected).all()
    assert (_mask(type="rect", points=[(30, 5), (10, 15)]) == expected).all()


def test_ellipse_has_its_area() -> None:
    """An ellipse in a 40 x 20 box covers pi * 20 * 10 pixels."""
    mask = _mask(type="ellipse", points=[(50, 30), (10, 10)])
    assert mask.sum() / 255 == pytest.approx(pi * 200, rel=1e-3)
    assert mask[20, 30] == 255
    assert mask[10, 10] == 0


@pytest.mark.parametrize("kind", ["polygon", "lasso"])
def test_polygons_are_antialiased(kind: str) -> None:
    """A triangle has partial pixels along its slope and closes by itself."""
    mask = _mask(type=kind, points=[(0, 0), (40, 0), (0, 40)])
    assert mask[5, 5] == 255
    assert mask[20, 19] == 127
    assert mask[30, 30] == 0


def test_points_far_outside_of_the_canvas() -> None:
    """A polygon and an ellipse of millions of pixels select what of them is on the canvas."""
    far = 1_000_000
    assert (_mask(type="rect", points=[(-far, -far), (far, far)]) == 255).all()
    assert (_mask(type="ellipse", points=[(-far, -far), (far, far)]) == 255).all()
    half = _mask(type="polygon", points=[(-far, -far), (20, -far), (20, far), (-far, far)])
    assert (half[:, :20] == 255).all()
    assert not half[:, 20:].any()
    assert not _mask(type="rect", points=[(far - 9, 0), (far, 9)]).any()


def test_one_point_of_a_brush_is_a_dot() -> None:
    """A disc of the stroke's width."""
    mask = _mask(type="brush", strokes=[{"points": [(20, 20)], "width": 20}])
    assert mask.sum() / 255 == pytest.approx(pi * 100, rel=5e-3)


def test_brush_strokes_have_round_ends_and_opacity() -> None:
    """A 20-pixel line of width 10 with two half discs, at half strength."""
    mask = _mask(type="brush", strokes=[{"points": [(20, 20), (40, 20)], "width": 10, "opacity": 0.5}])
    assert mask.max() == 128
    assert mask.sum() / 128 == pytest.approx(200 + pi * 25, rel=1e-2)


def test_brush_strokes_combine_as_the_lighter() -> None:
    """Where a weak and a strong stroke cross, the strong one counts, in either order."""
    weak = {"points": [(0, 20), (60, 20)], "width": 10, "opacity": 0.25}
    strong = {"points": [(30, 0), (30, 40)], "width": 10, "opacity": 0.75}
    mask = _mask(type="brush", strokes=[weak, strong])
    assert (mask[20, 10], mask[20, 30], mask[5, 30]) == (64, 191, 191)
    assert (mask == _mask(type="brush", strokes=[strong, weak])).all()


def test_inversion_comes_last() -> None:
    """Inverted is 255 minus the mask."""
    fields = {"type": "ellipse", "points": [(5, 5), (50, 30)]}
    assert (_mask(**fields, inverted=True) == 255 - _mask(**fields)).all()


def test_feather_blurs_within_the_canvas() -> None:
    """A feathered half-plane rises over a few sigmas about its edge, monotonically, half strength there."""
    mask = _mask(type="rect", points=[(30, -500), (500, 500)], feather_radius=4)
    row = mask[20, :45].astype(int)
    assert (np.diff(row) >= 0).all()
    assert abs(row[29] + row[30] - 255) <= 2
    assert row[10] == 0
    assert 250 <= row[42] <= 255


def test_hash_covers_everything_that_decides_the_pixels() -> None:
    """Another canvas, shape, feather or inversion is another hash; the same selection is the same."""
    points = [(1, 1), (9, 9)]
    selections = [
        _select(type="rect", points=points),
        _select(type="ellipse", points=points),
        _select(type="rect", points=points, inverted=True),
        _select(type="rect", points=points, feather_radius=1),
        _select(type="rect", points=[(1, 1), (9, 8)]),
    ]
    hashes = {selection_hash(selection, 20, 20) for selection in selections}
    hashes.add(selection_hash(selections[0], 20, 21))
    assert len(hashes) == 6
    again = draw_mask(_select(type="rect", points=points), 20, 20)
    assert again.content_hash == selection_hash(selections[0], 20, 20)


def test_masks_are_read_only_and_repeat() -> None:
    """The same selection gives the same bytes, which nobody can change."""
    masks = [_mask(type="lasso", points=[(1, 2), (50, 9), (33, 38)]) for _ in range(2)]
    assert masks[0].tobytes() == masks[1].tobytes()
    assert not masks[0].flags.writeable
