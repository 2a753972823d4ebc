"""Filters, transforms, fits and groups: random data and real photographs, both backends."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import DeviceError
from engines.image_core.numbers.kernels import REDUCE_FROM, WIDEST_KERNEL, gaussian_kernel
from engines.image_core.planning.entries import Compose, Layer
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import Blur, Raster
from engines.image_core.rendering.rendered import Planned
from tests.parity.inputs import FILTERS, TINY_SIZES, TINY_TRANSFORMS, TRANSFORMS, filtered, tiny, transformed
from tests.parity.support import Both, composed, noise

PHOTO = {"type": "raster", "source": {"path": "chelsea.png"}}


@pytest.mark.parametrize("step", FILTERS, ids=str)
@pytest.mark.parametrize("opaque", [True, False])
def test_a_filter_on_noise_is_the_same_bytes(both: Both, step: dict[str, Any], opaque: bool) -> None:
    """A picture with margins around it, so that the filter reaches over its edges."""
    both.same_input(filtered(step, opaque))


@pytest.mark.parametrize("transform", TRANSFORMS, ids=str)
@pytest.mark.parametrize("opaque", [True, False])
def test_a_transform_of_noise_is_the_same_bytes(both: Both, transform: dict[str, Any], opaque: bool) -> None:
    """Moves, scales, mirrors and turns, partly off the canvas."""
    both.same_input(transformed(transform, opaque))


@pytest.mark.parametrize("size", TINY_SIZES)
@pytest.mark.parametrize("transform", TINY_TRANSFORMS, ids=str)
def test_thin_and_tiny_pictures_are_the_same_bytes(
    both: Both, size: tuple[int, int], transform: dict[str, Any]
) -> None:
    """Sources of one pixel, row or column, through every spatial step."""
    both.same_input(tiny(size, transform))


def photo_plan(both: Both, width: int, height: int, layers: list[Any]) -> Planned:
    """The plan of layers that read real photographs."""
    return both.numpy.plan(composed(width, height, layers, "#102030"))


@pytest.mark.parametrize("fit", ["cover", "contain", "fill"])
@pytest.mark.parametrize(
    "box", [{}, {"width": 123.5}, {"height": 200}, {"width": 50, "height": 211}], ids=str
)
def test_a_fitted_photograph_is_the_same_bytes(both: Both, fit: str, box: dict[str, float]) -> None:
    """Every fit into every kind of box, plain and turned."""
    for rotation in (0, 12):
        layer = {**PHOTO, "fit": fit, **box, "transform": {"rotation": rotation, "x": 20, "y": 3}}
        both.same_planned(photo_plan(both, 320, 180, [layer]))


@pytest.mark.parametrize("step", FILTERS, ids=str)
def test_a_filter_on_a_photograph_is_the_same_bytes(both: Both, step: dict[str, Any]) -> None:
    """The whole photograph on a canvas it covers."""
    layer = {**PHOTO, "fit": "cover", "filters": [step], "adjustments": {"contrast": 1.2, "sharpness": 1.5}}
    both.same_planned(photo_plan(both, 300, 200, [layer]))


def test_groups_masks_text_and_shapes_together_are_the_same_bytes(both: Both, photos: Path) -> None:
    """One of each, nested: what a card is made of."""
    ellipse = {"type": "ellipse", "points": [[20, 20], [180, 130]], "feather_radius": 4}
    badge = {"type": "vector", "shapes": [{"type": "rect", "x": 8.5, "y": 9, "width": 80, "height": 30,
             "radius": 9, "fill": "#e04040c0", "stroke": {"color": "#ffffff", "width": 2}}]}  # fmt: skip
    inner = {"type": "group", "blend_mode": "screen", "opacity": 0.7, "transform": {"rotation": 7},
             "layers": [badge, {**PHOTO, "transform": {"scale": 0.3}, "opacity": 0.6}]}  # fmt: skip
    group = {"type": "group", "mask": {"selection": ellipse}, "filters": [{"type": "blur", "radius": 1.5}],
             "adjustments": {"saturation": 1.6}, "transform": {"x": 12.5, "y": 4},
             "layers": [{**PHOTO, "fit": "cover"}, inner]}  # fmt: skip
    text = {"type": "text", "text": "Parity", "size": 40, "weight": 700, "color": "#ffffffe0",
            "blend_mode": "overlay", "transform": {"x": 100, "y": 80, "rotation": -15}}  # fmt: skip
    both.same_planned(photo_plan(both, 240, 160, [{**PHOTO, "fit": "fill"}, group, text]))


def test_a_kernel_wider_than_a_pass_has_room_for_is_an_error(both: Both) -> None:
    """Of too many numbers OpenGL takes those that fit: other pixels, and no word of it."""
    kernel = np.full(WIDEST_KERNEL + 2, 100, np.int32)
    source = Raster(noise(1, 5, 5))
    layer = Layer(Blur(5, 5, source, kernel, 0, 0), 0, 0)
    plan = Plan(Compose(5, 5, (0, 0, 0, 0), (layer,)), "")
    with pytest.raises(DeviceError, match="room for 106 numbers, not for 108"):
        both.gl.draw(Planned(composed(5, 5, []), plan, {}))


def test_no_blur_has_a_kernel_wider_than_the_widest() -> None:
    """From REDUCE_FROM on a blur works on a reduced picture."""
    below = np.nextafter(REDUCE_FROM, 0)
    assert len(gaussian_kernel(float(below))) - 1 <= WIDEST_KERNEL
