"""What dissolves: the threshold of each position, and which position a pixel has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import BlendMode, Renderer
from engines.image_core.numbers.fixed import ONE, to15
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.entries import Adjust, Compose, Layer, Matrix, Stack
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import Raster, Solid
from engines.image_core.reference import evaluate
from engines.image_core.reference.dissolving import thresholds
from engines.image_core.tests.composing import composed, picture, random_pixels
from tests.parity.support import noise

GRAIN = BlendMode.DISSOLVE


def _mixed(value: int) -> int:
    """lowbias32 as it is published, on whole numbers of any size."""
    value ^= value >> 16
    value = value * 0x7FEB352D % 2**32
    value ^= value >> 15
    value = value * 0x846CA68B % 2**32
    return value ^ value >> 16


def _threshold(x: int, y: int) -> int:
    return _mixed((_mixed(y % 2**32) + x) % 2**32) >> 17


@pytest.mark.parametrize(("left", "top"), [(0, 0), (-3, -5), (30000, -16384)])
def test_a_threshold_is_the_hash_of_its_position(left: int, top: int) -> None:
    """Also of positions below 0, which wrap around."""
    found = thresholds(Rect(left, top, left + 9, top + 7))
    assert found.tolist() == [[_threshold(left + x, top + y) for x in range(9)] for y in range(7)]


def test_thresholds_are_as_often_one_as_another() -> None:
    """In 64 classes of a million, by chi squared; and neighbours know nothing of each other."""
    found = thresholds(Rect(0, 0, 1024, 1024))
    assert found.min() >= 0
    assert found.max() < ONE
    counts = np.bincount(found.ravel() * 64 // ONE, minlength=64)
    assert ((counts - 2**14) ** 2 / 2**14).sum() < 110
    for shift in ((0, 1), (1, 0), (1, 1)):
        moved = np.roll(found, shift, (0, 1))
        assert abs(np.corrcoef(found.ravel(), moved.ravel())[0, 1]) < 0.005


def _drawn(canvas: Compose) -> NDArray[np.uint8]:
    return evaluate(Plan(canvas, ""))


def test_a_pixel_is_all_or_nothing_by_its_alpha() -> None:
    """What is transparent never shows, what is opaque always, and between an alpha above the threshold."""
    image = noise(1, 40, 50)
    drawn = _drawn(Compose(50, 40, (0, 0, 0, 0), (Layer(Raster(image), 0, 0, blend=GRAIN),)))
    shown = to15(image.pixels[..., 3]) > thresholds(Rect(0, 0, 50, 40))
    expected = np.where(shown[..., None], [*[1] * 3, 0] * image.pixels + [0, 0, 0, 255], 0)
    assert np.array_equal(drawn, expected)


def test_an_adjustment_and_a_stack_dissolve() -> None:
    """At half their opacity about half of the pixels change, the same ones."""
    below = Layer(Solid(64, 64, (ONE, ONE, ONE, ONE)), 0, 0)
    black = Stack((Layer(Solid(64, 64, (0, 0, 0, ONE)), 0, 0),), opacity=ONE // 2, blend=GRAIN)
    adjusted = Adjust((Matrix((0,) * 9),), opacity=ONE // 2, blend=GRAIN)
    pictures = [_drawn(Compose(64, 64, (0, 0, 0, 0), (below, entry))) for entry in (black, adjusted)]
    assert np.array_equal(pictures[0], pictures[1])
    assert set(np.unique(pictures[0][..., :3])) == {0, 255}
    assert 0.45 < (pictures[0][..., 0] == 0).mean() < 0.55


def _dissolving(**fields: Any) -> dict[str, Any]:
    return picture(random_pixels(1, 30, 20), blend_mode="dissolve", opacity=0.5, **fields)


def test_a_group_that_is_moved_has_the_grain_of_the_canvas(numpy_renderer: Renderer) -> None:
    """By whole pixels: as the layer moved by itself."""
    inside = {"type": "group", "layers": [_dissolving()], "transform": {"x": 7, "y": -3}}
    alone = _dissolving(transform={"x": 7, "y": -3})
    one, other = (numpy_renderer.render(composed(layer, size=(40, 30))).pixels for layer in (inside, alone))
    assert np.array_equal(one, other)


def test_cropping_a_group_does_not_move_its_grain(numpy_renderer: Renderer) -> None:
    """One that is an image of its own: what else is in it makes that image larger."""
    far = picture(random_pixels(2, 3, 3), transform={"x": -9, "y": -8})
    plain, larger = (
        {"type": "group", "layers": layers, "transform": {"scale": 2}, "opacity": 1}
        for layers in (
            [_dissolving(transform={"x": 2, "y": 1})],
            [far, _dissolving(transform={"x": 2, "y": 1})],
        )
    )
    one, other = (numpy_renderer.render(composed(layer, size=(90, 70))).pixels for layer in (plain, larger))
    assert np.array_equal(one, other)


def test_an_origin_moves_the_grain_and_is_no_part_of_a_plan_without_one() -> None:
    """A canvas that begins at 5, 9 shows what the whole one shows from there on."""
    image = Raster(noise(3, 40, 50))
    whole = _drawn(Compose(50, 40, (0, 0, 0, 0), (Layer(image, 0, 0, blend=GRAIN),)))
    entries = (Layer(image, -5, -9, blend=GRAIN),)
    part = Compose(45, 31, (0, 0, 0, 0), entries, (5, 9))
    assert np.array_equal(_drawn(part), whole[9:, 5:])
    plain = Compose(45, 31, (0, 0, 0, 0), entries)
    assert step_digest(plain) == step_digest(Compose(45, 31, (0, 0, 0, 0), entries, (0, 0)))
    assert step_digest(plain) != step_digest(part)
