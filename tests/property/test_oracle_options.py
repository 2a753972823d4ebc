"""Blending options against their formulas in float64."""

from __future__ import annotations

import numpy as np
import pytest

from engines.image_core import BlendMode, Renderer
from engines.image_core.models import LayerPath
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.planner import Sources, make_plan
from engines.image_core.rendering.rendered import Planned
from tests import oracle
from tests.parity.support import ANY_SOURCE, composed, noise

SIDE = 96
FILLED = [mode for mode in BlendMode if mode.facts.fill != "opacity"]
ENLARGING = {BlendMode.COLOR_BURN, BlendMode.COLOR_DODGE, BlendMode.VIVID_LIGHT}
"""What is divided by a small number may enlarge what was rounded without end: a few pixels may be out."""


def _drawn(
    renderer: Renderer, fields: dict[str, object], *, opaque: bool
) -> tuple[oracle.Floats, oracle.Floats, oracle.Floats]:
    """The finished picture of a layer over another, and both, as floats of 0..1."""
    images: dict[LayerPath, DecodedImage] = {
        (0,): noise(1, SIDE, SIDE, opaque=opaque),
        (1,): noise(2, SIDE, SIDE),
    }
    layers = [{"type": "raster", "source": ANY_SOURCE}, {"type": "raster", "source": ANY_SOURCE, **fields}]
    composition = composed(SIDE, SIDE, layers)
    planned = Planned(composition, make_plan(composition, Sources(images, {})), {})
    return renderer.draw(planned).pixels / 255, images[0,].pixels / 255, images[1,].pixels / 255


def _wrong(actual: oracle.Floats, color: oracle.Floats, alpha: oracle.Floats) -> oracle.Floats:
    """By how many 8-bit steps each pixel is out, its colour weighed by its alpha."""
    colors = np.abs(actual[..., :3] * actual[..., 3:] - color * alpha).max(axis=-1)
    return np.asarray(np.maximum(colors, np.abs(actual[..., 3:] - alpha)[..., 0]) * 255)


@pytest.mark.parametrize("fill", [0.0, 1 / 3, 0.9])
@pytest.mark.parametrize("opaque", [False, True])
@pytest.mark.parametrize("mode", FILLED)
def test_a_fill_enters_eight_modes(
    numpy_renderer: Renderer, mode: BlendMode, fill: float, opaque: bool
) -> None:
    """Within one step; in the three modes that divide, at all but one pixel in a thousand."""
    fields = {"blend_mode": mode, "fill_opacity": fill, "opacity": 0.8}
    actual, below, above = _drawn(numpy_renderer, fields, opaque=opaque)
    expected = oracle.composite_filled(
        below[..., :3], below[..., 3:], above[..., :3], above[..., 3:] * 0.8, mode.value, fill
    )
    wrong = _wrong(actual, *expected)
    assert (wrong > 1).mean() <= (0.001 if mode in ENLARGING else 0)


@pytest.mark.parametrize(
    "mode", [mode for mode in BlendMode if mode not in {*FILLED, *map(BlendMode, oracle.UNSTEADY)}]
)
def test_in_all_other_modes_a_fill_is_an_opacity(numpy_renderer: Renderer, mode: BlendMode) -> None:
    """The same bytes as their product."""
    filled = _drawn(numpy_renderer, {"blend_mode": mode, "fill_opacity": 0.5, "opacity": 0.5}, opaque=False)[
        0
    ]
    faded = _drawn(numpy_renderer, {"blend_mode": mode, "opacity": 0.25}, opaque=False)[0]
    assert np.array_equal(filled, faded)


@pytest.mark.parametrize("underlying", [False, True])
@pytest.mark.parametrize("of", ["gray", "red", "green", "blue"])
def test_blend_if_is_a_trapezoid_of_a_value(numpy_renderer: Renderer, of: str, underlying: bool) -> None:
    """Within one step, on random pictures with any alphas."""
    sliders = (20, 90, 150, 240)
    which = "underlying" if underlying else "this"
    actual, below, above = _drawn(numpy_renderer, {"blend_if": {of: {which: sliders}}}, opaque=False)
    picture = below if underlying else above
    channels = {"red": picture[..., 0], "green": picture[..., 1], "blue": picture[..., 2]}
    value = picture[..., :3] @ [0.3, 0.59, 0.11] if of == "gray" else channels[of]
    shown = oracle.shown(value, sliders)[..., None]
    if underlying:
        shown = 1 - below[..., 3:] * (1 - shown)
    expected = oracle.composite(
        below[..., :3], below[..., 3:], above[..., :3], above[..., 3:] * shown, "normal"
    )
    assert _wrong(actual, *expected).max() <= 1
