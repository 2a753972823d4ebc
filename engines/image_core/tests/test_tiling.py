"""Pictures repeated over a box or all of the canvas, against copies that are put there one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.boxes import opaque
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels, solid

SIZE = (60, 50)
TILE = random_pixels(3, 13, 9)


def shown(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> Pixels:
    """Layers over nothing."""
    return renderer.render(composed(*layers, size=size)).pixels


def copies(offset: tuple[int, int], step: tuple[int, int], moved: int) -> list[Layer]:
    """Copies of the tile that cover more than the canvas, every second row moved."""
    return [
        picture(
            TILE,
            transform={"x": offset[0] + step[0] * x + moved * (y % 2), "y": offset[1] + step[1] * y},
        )
        for y in range(-2, 7)
        for x in range(-2, 6)
    ]


@pytest.mark.parametrize(
    ("tile", "step", "moved"),
    [
        ({}, (13, 9), 0),
        ({"gap": 4}, (17, 13), 0),
        ({"gap": [0, 5], "offset": [-3, 2]}, (13, 14), 0),
        ({"stagger": 0.5}, (13, 9), 7),  # 6.5, from a half up
        ({"gap": [7, 1], "stagger": 0.25}, (20, 10), 5),
        ({"gap": 3, "stagger": 1}, (16, 12), 0),
        ({"width": 13, "height": 9, "gap": 1}, (14, 10), 0),
    ],
)
def test_tiles_are_copies_side_by_side(
    renderer: Renderer, tile: dict[str, Any], step: tuple[int, int], moved: int
) -> None:
    """In whole pixels, with gaps, an offset and staggered rows."""
    x, y = tile.get("offset", (0, 0))
    given = shown(renderer, picture(TILE, tile=tile))
    assert np.array_equal(given, shown(renderer, *copies((x, y), step, moved)))


def test_a_copy_is_the_picture_at_its_size(renderer: Renderer) -> None:
    """A missing side follows the proportions, in whole pixels: 20 of 13 x 9 is 13.8, 14 high."""
    fitted = picture(TILE, fit="fill", width=20, height=14)
    for tile in ({"width": 20}, {"width": 20, "height": 14}):
        out = shown(renderer, picture(TILE, tile=tile), size=(40, 28))
        assert np.array_equal(out[:14, :20], shown(renderer, fitted, size=(20, 14)))
        assert np.array_equal(out[14:, 20:], out[:14, :20])
    tall = shown(renderer, picture(TILE, tile={"height": 18}), size=(52, 18))
    assert np.array_equal(tall[:, :26], tall[:, 26:])


def test_a_box_bounds_them(renderer: Renderer) -> None:
    """With a missing side the canvas's; without both they go on whatever the transform."""
    everywhere = shown(renderer, picture(opaque(13, 9), tile={}))
    assert (everywhere[..., 3] == 255).all()
    boxed = shown(renderer, picture(opaque(13, 9), tile={}, width=21, height="50%"))
    assert np.array_equal(boxed[:25, :21], everywhere[:25, :21])
    assert not boxed[25:].any()
    assert not boxed[:, 21:].any()
    wide = shown(renderer, picture(opaque(13, 9), tile={}, height=7))
    assert (wide[:7, :, 3] == 255).all()
    turned = {"x": "50%", "y": "50%", "anchor": "center", "rotation": 40, "scale": 0.7}
    assert (shown(renderer, picture(opaque(13, 9), tile={}, transform=turned))[..., 3] == 255).all()


def test_without_a_gap_it_is_the_pattern_paint(numpy_renderer: Renderer) -> None:
    """One plan with the paint over the same box."""
    tiled = picture(TILE, tile={"offset": [5, -2]}, width=40, height=30)
    fill = {"type": "pattern", "source": tiled["source"], "offset": [5, -2]}
    painted = {"type": "raster", "source": {"color": fill}, "width": 40, "height": 30}
    plans = [numpy_renderer.plan(composed(layer, size=SIZE)).plan for layer in (tiled, painted)]
    assert plans[0].pipeline_hash == plans[1].pipeline_hash


def test_a_crop_is_what_is_repeated(renderer: Renderer) -> None:
    """As a file that holds no more; in a group, with round corners and filters."""
    rest: dict[str, Any] = {"tile": {"gap": 2}, "width": 40, "height": 30, "corner_radius": 8}
    rest["filters"] = [{"type": "blur", "radius": 2}]
    cropped = picture(np.ascontiguousarray(TILE[2:8, 3:12]), **rest)
    out = [shown(renderer, group(one)) for one in (picture(TILE, crop=[3, 2, 12, 8], **rest), cropped)]
    assert np.array_equal(out[0], out[1])


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (solid("#ff0000", tile={}), "tile is for pictures"),
        (picture(TILE, tile={}, fit="cover"), "a layer with a tile takes no fit (given: 'cover')"),
        (picture(TILE, tile={"gap": -1}), "tile.gap: -1 is not allowed: allowed is 0 to 16384"),
        (picture(TILE, tile={"width": 0}), "tile.width: 0 is not allowed: allowed is 1 to 16384"),
        (picture(TILE, tile={"offset": [0.5, 0]}), "tile.offset[0]: 0.5 is not allowed: allowed is a whole"),
        (picture(TILE, tile={}, focus="left"), "focus needs fit cover or contain"),
    ],
)
def test_what_makes_no_sense_is_refused(layer: Layer, told: str) -> None:
    """In one line."""
    with pytest.raises(CompositionError) as error:
        composed(layer)
    assert told in str(error.value)


def test_tiles_that_would_be_too_large_are_refused(numpy_renderer: Renderer) -> None:
    """A copy with its gap is an image, which has its bounds."""
    for tile in ({"width": 16384, "gap": 16384}, {"width": 1, "height": 16384, "gap": 16384}):
        with pytest.raises(CompositionError, match=r"layers\[0\]: .* pixels are to be made of it"):
            numpy_renderer.plan(composed(picture(TILE, tile=tile | {"stagger": 0.5})))
