"""Paints: colours, ramps and gradients, against exact arithmetic."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.shapes import GradientStop, LinearGradient, RadialGradient
from engines.image_core.models import Transform
from engines.image_core.numbers.fixed import ONE, divide, lerp, mul, to8, to15
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.fitting import layer_affine
from engines.image_core.sources.paint import Painting, box_affine, paint_alone, paint_planes

F = Fraction
Stops = tuple[GradientStop, ...]


def _stops(*pairs: tuple[float, str]) -> Stops:
    return tuple(GradientStop(offset=offset, color=color) for offset, color in pairs)


def _linear(
    stops: Stops, start: tuple[float, float] = (0.0, 0.0), end: tuple[float, float] = (1.0, 0.0)
) -> Painting:
    return LinearGradient(type="linear", start=start, end=end, stops=stops)


def _radial(stops: Stops) -> Painting:
    return RadialGradient(type="radial", stops=stops)


def _painted(paint: Painting, width: int, height: int) -> NDArray[np.uint8]:
    """A box of width x height pixels full of paint."""
    box = box_affine(F(0), F(0), F(width), F(height))
    return paint_alone(paint, box, Rect(0, 0, width, height), np.full((height, width), 255, np.uint8))


def _exact(stops: Stops, at: float) -> list[float]:
    """The CSS colour at a place, 0..255 each, in floating point: the oracle."""
    if at <= stops[0].offset:
        return list(map(float, parse_color(stops[0].color)))
    for a, b in itertools.pairwise(stops):
        if at < b.offset:
            first, last = parse_color(a.color), parse_color(b.color)
            f = (at - a.offset) / (b.offset - a.offset)
            alpha = first[3] * (1 - f) + last[3] * f
            mixed = [
                p * first[3] * (1 - f) + q * last[3] * f for p, q in zip(first[:3], last[:3], strict=True)
            ]
            return [value / alpha if alpha else 0.0 for value in mixed] + [alpha]
    return list(map(float, parse_color(stops[-1].color)))


def _close(pixels: NDArray[np.uint8], stops: Stops, places: NDArray[np.float64]) -> None:
    for pixel, place in zip(pixels.reshape(-1, 4).tolist(), places.reshape(-1).tolist(), strict=True):
        exact = _exact(stops, place)
        invisible = exact[3] < 0.5  # such a pixel is stored as 0, 0, 0, 0
        assert pixel == pytest.approx([0, 0, 0, 0] if invisible else exact, abs=0.6)


def test_parse_color() -> None:
    """Six digits are opaque, eight carry alpha."""
    assert parse_color("#1080ff") == (16, 128, 255, 255)
    assert parse_color("#1080ff40") == (16, 128, 255, 64)


def test_solid_color_fills_the_box() -> None:
    """Every pixel is the colour itself; a colour of alpha 0 is stored as 0, 0, 0, 0."""
    assert (_painted("#10203040", 5, 3) == (16, 32, 48, 64)).all()
    assert not _painted("#10203000", 2, 2).any()


RAMPS = [
    _stops((0.0, "#000000"), (1.0, "#ffffff")),
    _stops((0.0, "#ff0000"), (1.0, "#0000ff00")),
    _stops((0.2, "#12345678"), (0.5, "#fedcba98"), (0.9, "#00ff00")),
]


@pytest.mark.parametrize("stops", RAMPS)
def test_linear_gradient_matches_css(stops: Stops) -> None:
    """Every pixel's centre has the premultiplied interpolation of CSS, within rounding."""
    pixels = _painted(_linear(stops, (0.1, 0.0), (0.7, 0.5)), 40, 20)
    x, y = np.meshgrid((np.arange(40) + 0.5) / 40, (np.arange(20) + 0.5) / 20)
    _close(pixels, stops, ((x - 0.1) * 0.6 + y * 0.5) / (0.36 + 0.25))


@pytest.mark.parametrize("stops", RAMPS)
def test_radial_gradient_matches_css(stops: Stops) -> None:
    """In an oblong box the circle of fractions is an ellipse."""
    paint = RadialGradient(type="radial", center=(0.4, 0.3), radius=0.6, stops=stops)
    x, y = np.meshgrid((np.arange(40) + 0.5) / 40, (np.arange(20) + 0.5) / 20)
    _close(_painted(paint, 40, 20), stops, np.hypot(x - 0.4, y - 0.3) / 0.6)


def test_transparent_stops_lend_no_color() -> None:
    """From opaque red to transparent blue everything visible is pure red."""
    pixels = _painted(_linear(RAMPS[1]), 64, 1)[0]
    visible = pixels[pixels[:, 3] > 0]
    assert (visible[:, :3] == (255, 0, 0)).all()
    assert (np.diff(pixels[:, 3].astype(int)) < 0).all()


def test_stops_at_one_offset_make_an_edge() -> None:
    """Two stops at the middle: the first colour before it, the second from it on."""
    stops = _stops((0.0, "#ff0000"), (0.5, "#ff0000"), (0.5, "#0000ff"), (1.0, "#0000ff"))
    pixels = _painted(_linear(stops), 8, 1)[0, :, 0]
    assert pixels.tolist() == [255] * 4 + [0] * 4


def test_gradients_do_not_depend_on_where_the_region_begins() -> None:
    """A part of a gradient equals that part of the whole, to the bit, under rotation too."""
    affine = layer_affine(Transform(rotation=33.0, scale=1.7, x=9.5), F(30), F(20))
    box = Affine(affine.xx * 30, affine.xy * 20, affine.yx * 30, affine.yy * 20, affine.x0, affine.y0)
    for paint in (_linear(RAMPS[2]), _radial(RAMPS[2])):
        whole = paint_planes(paint, box, Rect(-20, -20, 60, 60))
        part = paint_planes(paint, box, Rect(3, -7, 41, 22))
        assert (part == whole[:, 13:42, 23:61]).all()


def test_gradients_in_boxes_next_to_nothing() -> None:
    """A box a billionth of a pixel wide shows the end colours on its two sides, without overflow."""
    box = box_affine(F(5), F(0), F(1, 10**30), F(10))
    planes = paint_planes(_linear(RAMPS[0]), box, Rect(0, 0, 10, 2))
    assert planes[0, 0].tolist() == [0] * 5 + [ONE] * 5
    radial = paint_planes(_radial(RAMPS[0]), box, Rect(0, 0, 10, 2))
    assert (radial[0] == ONE).all()


def test_far_boxes_keep_their_precision() -> None:
    """A box a million pixels away paints as the same box at home."""
    near = paint_planes(_linear(RAMPS[2]), box_affine(F(0), F(0), F(50), F(50)), Rect(0, 0, 50, 2))
    far = paint_planes(
        _linear(RAMPS[2]), box_affine(F(10**6), F(0), F(50), F(50)), Rect(10**6, 0, 10**6 + 50, 2)
    )
    assert (near == far).all()


@pytest.mark.parametrize("paint", ["#10ff7f", "#80402090", *map(_linear, RAMPS), _radial(RAMPS[2])])
def test_paint_alone_is_the_paint_composited_over_nothing(paint: Painting) -> None:
    """At every coverage, upright and turned: the pixel rule with a backdrop of nothing, byte for byte."""
    coverage = np.arange(256, dtype=np.uint8).reshape(8, 32)
    coverage = np.vstack([coverage, np.full((8, 32), 255, np.uint8)])
    region = Rect(-3, 2, 29, 18)
    turned = layer_affine(Transform(rotation=33.0, scale=1.7, x=9.5), F(30), F(20))
    for box in (box_affine(F(0), F(0), F(25), F(20)), box_affine(F(0), F(0), F(30), F(20)).then(turned)):
        planes = paint_planes(paint, box, region)
        alpha = mul(to15(coverage), planes[3])
        colour = lerp(np.zeros_like(planes[:3]), planes[:3], divide(alpha, alpha))
        expected = to8(np.concatenate([colour, alpha[None]]))
        expected = np.moveaxis(expected * (expected[3] > 0), 0, -1)
        assert (paint_alone(paint, box, region, coverage) == expected).all()
