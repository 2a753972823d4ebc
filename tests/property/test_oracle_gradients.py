"""Gradient fills and patterns against float64, written from their descriptions and not from the code."""

from __future__ import annotations

import base64
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import Renderer
from engines.image_core.export import encode_png
from engines.image_core.numbers.fixed import to8, to15
from engines.image_core.numbers.gradients import dithered
from engines.image_core.numbers.ramps import RAMP_STEPS, Stops, ramp
from engines.image_core.numbers.spaces import Interpolation
from tests.oracle_paints import gradient_at, place_at
from tests.parity.support import composed, noise
from tests.property.gradient_choices import a_gradient

Floats = NDArray[np.float64]
CASES = 60


@pytest.mark.parametrize("style", ["linear", "radial", "angle", "reflected", "diamond"])
def test_a_gradient_is_within_a_step_of_the_exact_one(numpy_renderer: Renderer, style: str) -> None:
    """Of any line, stops and curves, placed as pictures are; but for the pixels about an angle's own edge."""
    for seed in range(CASES):
        fill = a_gradient(random.Random(seed), style)
        rng = random.Random(-seed)
        width, height = rng.choice([(300, 200), (64, 64), (500, 21), (21, 500)])
        scale = rng.choice([1, 2, -0.5])
        layer = {"type": "raster", "source": {"color": fill}, "width": width, "height": height}
        place = {"x": rng.randint(-5, 40) + 99 * (scale < 0), "y": 90 if scale < 0 else 7, "scale": scale}
        drawn = numpy_renderer.render(composed(320, 240, [{**layer, "transform": place}])).pixels
        y, x = np.mgrid[0:240, 0:320] + 0.5
        x, y = (x - place["x"]) / scale, (y - place["y"]) / scale
        inside = (x > 0) & (x < width) & (y > 0) & (y < height)
        exact = np.concatenate(gradient_at(fill, width, height, x, y), axis=-1)
        if style == "angle":
            along = place_at(fill, width, height, x, y)
            inside &= (along > 1e-3) & (along < 1 - 1e-3)
        apart = np.abs(drawn[inside] - 255 * exact[inside])
        assert apart[:, :3].max() <= 1, (seed, fill)
        assert apart[:, 3].max() <= 1, (seed, fill)


def test_two_stops_are_the_cubic_that_is_documented() -> None:
    """t / 2 + 3 t^2 / 2 - t^3 at full smoothness, and the straight line at none, both correctly rounded."""
    black_to_white = Stops((0.0, 1.0), (0.5, 0.5)), ((Fraction(0),), (Fraction(1),))
    t = np.arange(RAMP_STEPS + 1) / RAMP_STEPS
    smooth = ramp(*black_to_white, 1.0, reverse=False)
    assert np.array_equal(smooth[0], np.floor((t / 2 + 1.5 * t**2 - t**3) * 32768 + 0.5))
    assert np.array_equal(ramp(*black_to_white, 0.0, reverse=False)[0], 2 * np.arange(RAMP_STEPS + 1))
    assert np.array_equal(ramp(*black_to_white, 1.0, reverse=True), smooth[:, ::-1])


def test_half_of_red_and_green_is_brighter_in_linear_light() -> None:
    """sRGB 188, 188, 0: one half of the light, as everybody's sRGB has it; 128, 128, 0 of the values."""
    stops = Stops((0.0, 1.0), (0.5, 0.5))
    red, green = (Fraction(1), Fraction(0), Fraction(0)), (Fraction(0), Fraction(1), Fraction(0))
    halves: dict[Interpolation, int] = {"linear": 188, "classic": 128}
    for space, half in halves.items():
        middle = ramp(stops, (red, green), 0.0, False, space, 2)[:, 1]
        assert to8(middle.astype(np.int32)).tolist() == [half, half, 0]


def test_stops_that_share_an_offset_are_an_edge(numpy_renderer: Renderer) -> None:
    """The last of them holds from there on."""
    stops = [{"offset": o, "color": c} for o, c in ((0.5, "#ff0000"), (0.5, "#00ff00"), (0.5, "#0000ff"))]
    layer = {"type": "raster", "source": {"color": {"type": "gradient", "stops": stops}}}
    drawn = numpy_renderer.render(composed(10, 2, [layer])).pixels
    assert (drawn[:, :5] == (255, 0, 0, 255)).all()
    assert (drawn[:, 5:] == (0, 0, 255, 255)).all()


@pytest.mark.filterwarnings("error")
def test_tiny_numbers_are_numbers() -> None:
    """An opacity of 1e-302 is nothing, and stops 5e-324 apart are an edge; neither overflows."""
    faint = ramp(Stops((0.0, 1.0), (0.5, 0.5)), ((Fraction(1e-302),), (Fraction(1),)), 0.0, False)[0]
    assert (faint[0], faint[RAMP_STEPS // 2], faint[-1]) == (0, 16384, 32768)
    edge = ramp(Stops((0.0, 5e-324), (0.5, 0.5)), ((Fraction(0),), (Fraction(1),)), 0.0, False)[0]
    assert edge[0] == 0
    assert (edge[1:] == 32768).all()


def test_dither_is_fair_and_leaves_whole_steps_alone() -> None:
    """Between two 8-bit steps as many pixels round up as the value says; at one of them none move."""
    x, y = np.arange(400, dtype=np.int32), np.arange(300, dtype=np.int32)
    for value in (40, 5000, 16390, 32700):
        flat = np.full((4, 300, 400), value, np.int32)
        made = to8(dithered(flat, x, y)).reshape(4, -1)
        assert np.abs(made.mean(axis=1) - value * 255 / 32768).max() < 0.01
        assert made.max() - made.min() <= 1
        assert (
            np.abs(np.corrcoef(made.astype(float) + 1e-9 * np.arange(made.shape[1])) - np.eye(4)).max() < 0.02
        )
    steps = np.broadcast_to(to15(np.arange(256, dtype=np.uint8)), (4, 300, 256))
    assert (to8(dithered(steps.astype(np.int32), x[:256], y)) == np.arange(256)).all()


def test_a_dithered_gradient_differs_by_a_step_at_most_and_stays_opaque(numpy_renderer: Renderer) -> None:
    """And moves with its layer."""
    stops = [{"offset": 0, "color": "#101418"}, {"offset": 1, "color": "#30343a"}]
    fill: dict[str, Any] = {"type": "gradient", "stops": stops, "angle": 20}
    layer = {"type": "raster", "source": {"color": fill}, "width": 200, "height": 90}
    plain = numpy_renderer.render(composed(220, 100, [layer])).pixels.astype(int)
    layer["source"] = {"color": {**fill, "dither": True}}
    noisy = numpy_renderer.render(composed(220, 100, [layer])).pixels.astype(int)
    moved = numpy_renderer.render(composed(220, 100, [{**layer, "transform": {"x": -7, "y": 5}}])).pixels
    assert np.abs(noisy - plain).max() == 1
    assert (noisy[:90, :200, 3] == 255).all()
    assert np.array_equal(moved[5:95, :193], noisy[:90, 7:200])


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.3, 1.7, 3.0])
@pytest.mark.parametrize("offset", [(0, 0), (4, -9), (2.5, 0.25)])
def test_a_pattern_is_its_picture_laid_side_by_side(
    numpy_renderer: Renderer, scale: float, offset: tuple[float, float]
) -> None:
    """A scaled pattern is, to the byte, a picture of many copies that is scaled: no seam. (Where many periods
    of a scale that is no exact fraction round otherwise, a step off.)"""
    copy = noise(7, 13, 18).pixels
    many = np.tile(copy, (60, 50, 1))
    sources = [{"data": base64.b64encode(encode_png(pixels)).decode()} for pixels in (copy, many)]
    pattern = {"type": "pattern", "source": sources[0], "scale": scale, "offset": list(offset)}
    drawn = numpy_renderer.render(
        composed(120, 90, [{"type": "raster", "source": {"color": pattern}}])
    ).pixels
    periods = 20
    move = {"x": offset[0] - periods * 18 * scale, "y": offset[1] - periods * 13 * scale, "scale": scale}
    picture = {"type": "raster", "source": sources[1], "transform": move}
    expected = numpy_renderer.render(composed(120, 90, [picture])).pixels
    assert np.abs(drawn.astype(int) - expected).max() <= (1 if scale in (0.3, 1.7) else 0)
