"""Adjustments by type, as filters of a layer, against their definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer
from engines.image_core.tests.composing import Pixels, composed, flat, picture, random_pixels, solid
from tests import oracle
from tests.adjustments import TYPED
from tests.oracle_adjust import ORACLES

CASES = [(kind, number) for kind, settings in TYPED.items() for number in range(len(settings))]

JUMPS = {
    "threshold": 0.01,
    "gradient-map": 0.02,
    "curves": 0.02,
    "hue-saturation": 0.01,
}
"""The share of pixels that may be further off: a channel in 15-bit steps lies on the other side of a jump, or
where a change is steep, as of curves that fall by 255 in one step, or of hues with next to no chroma."""


def filtered(renderer: Renderer, pixels: Pixels, *steps: dict[str, Any]) -> Pixels:
    """A picture alone on its canvas, with filters."""
    layer = picture(pixels, filters=list(steps))
    return renderer.render(composed(layer, size=pixels.shape[1::-1])).pixels


@pytest.mark.parametrize(("kind", "number"), CASES)
def test_adjustments_follow_their_definition(numpy_renderer: Renderer, kind: str, number: int) -> None:
    """Greys and random colours come within one step of the exact definition; alpha is not touched."""
    fields = TYPED[kind][number]
    pixels = random_pixels(5, 256, 24)
    pixels[0, :, :3] = np.arange(256)[:, None]
    pixels[pixels[..., 3] == 0] = 0
    out = filtered(numpy_renderer, pixels, {"type": kind, **fields})
    visible = pixels[..., 3] > 0
    exact = oracle.to8(ORACLES[kind](fields)(oracle.from8(pixels[visible][:, :3])))
    off = np.abs(out[visible, :3] - exact).max(axis=-1)
    assert np.mean(off >= 1) <= JUMPS.get(kind, 0), np.argmax(off)
    assert np.array_equal(out[..., 3], pixels[..., 3])


BY_HAND: list[tuple[dict[str, Any], str, tuple[int, int, int]]] = [
    ({"type": "invert"}, "#c86400", (55, 155, 255)),
    ({"type": "threshold", "level": 100}, "#646464", (255, 255, 255)),
    ({"type": "threshold", "level": 101}, "#646464", (0, 0, 0)),
    ({"type": "levels", "rgb": {"input_black": 100, "input_white": 200}}, "#649728", (0, 130, 0)),
    ({"type": "channel-mixer", "red": [0, 100, 0, 0]}, "#c86400", (100, 100, 0)),
    ({"type": "black-and-white"}, "#ff0000", (102, 102, 102)),  # 40 percent
    ({"type": "black-and-white"}, "#ffff00", (153, 153, 153)),  # 60 percent
    ({"type": "hue-saturation", "hue": 120}, "#ff0000", (0, 255, 0)),
    ({"type": "hue-saturation", "saturation": -100}, "#c86400", (100, 100, 100)),  # (200 + 0) / 2
    ({"type": "hue-saturation", "lightness": 50}, "#000000", (128, 128, 128)),
    ({"type": "selective-color", "reds": [100, 0, 0, 0], "method": "absolute"}, "#ff0000", (0, 0, 0)),
    ({"type": "photo-filter", "color": "#ff0000", "density": 100, "preserve_luminosity": False},
     "#c86432", (200, 0, 0)),
    ({"type": "curves", "rgb": [[0, 0], [100, 160], [255, 255]]}, "#646464", (160, 160, 160)),
]  # fmt: skip


@pytest.mark.parametrize(("step", "color", "expected"), BY_HAND)
def test_adjustments_by_hand(
    renderer: Renderer, step: dict[str, Any], color: str, expected: tuple[int, ...]
) -> None:
    """What a definition gives on paper, on a picture and on a paint."""
    assert tuple(filtered(renderer, flat(color, 1, 1), step)[0, 0]) == (*expected, 255)
    painted = renderer.render(composed(solid(color, filters=[step]))).pixels
    assert tuple(painted[0, 0]) == (*expected, 255)


def test_filters_come_in_their_order(renderer: Renderer) -> None:
    """An adjustment before a blur and one after it are not the same."""
    pixels = random_pixels(6, 32, 32)
    step, blur = {"type": "threshold", "level": 100}, {"type": "blur", "radius": 2}
    first = filtered(renderer, filtered(renderer, pixels, step), blur)
    assert np.abs(filtered(renderer, pixels, step, blur).astype(int) - first).max() <= 2
    last = filtered(renderer, pixels, blur, step)
    assert set(np.unique(last[..., :3])) <= {0, 255}


@pytest.mark.parametrize(
    "kind", ["levels", "curves", "exposure", "brightness-contrast", "vibrance", "hue-saturation",
             "color-balance", "channel-mixer", "selective-color"]
)  # fmt: skip
def test_defaults_change_nothing(renderer: Renderer, kind: str) -> None:
    """An adjustment with nothing but its type is the layer without it, to the plan's last bit."""
    pixels = random_pixels(7, 16, 16)
    plain, same = (
        renderer.render(composed(picture(pixels, filters=steps), size=(16, 16))).pipeline_hash
        for steps in ([], [{"type": kind}])
    )
    assert plain == same


def test_greys_stay_grey(renderer: Renderer) -> None:
    """Nothing that looks at colour gives a grey a tint."""
    greys = flat("#000000", 256, 1)
    greys[..., :3] = np.arange(256, dtype=np.uint8)[None, :, None]
    for kind in ("vibrance", "hue-saturation", "black-and-white"):
        for fields in TYPED[kind]:
            if not {"lightness", "colorize", "tint"} & {*fields}:
                assert np.array_equal(filtered(renderer, greys, {"type": kind, **fields}), greys), fields


def test_a_group_is_adjusted_as_one(renderer: Renderer) -> None:
    """A group's filters see what its layers make together; it needs no image of its own for them."""
    layers = [solid("#ff0000"), solid("#0000ff", opacity=0.5)]
    step = {"type": "black-and-white", "reds": 100}
    group = {"type": "group", "layers": layers, "filters": [step]}
    merged = renderer.render(composed(*layers)).pixels
    expected = filtered(renderer, merged, step)
    assert np.abs(renderer.render(composed(group)).pixels.astype(int) - expected).max() <= 1
    root = renderer.plan(composed(group)).plan.root
    assert root.entries[0].tag == "stack"
