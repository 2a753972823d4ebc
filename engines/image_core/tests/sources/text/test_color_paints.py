"""Gradients and transforms of colour glyphs against what OpenType defines, in floating point."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from fontTools.misc.transform import Transform
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.sources.text.color_glyphs import draw_color_glyphs
from engines.image_core.sources.text.fonts import load_font
from engines.image_core.tests.color_fonts import FIRST, PaintFormat, colr_font, inside, solid

COLORS = np.array([(255, 0, 0), (0, 255, 0), (0, 0, 255)], float)


def _line(extend: str, *stops: tuple[float, int]) -> dict[str, Any]:
    return {
        "Extend": extend,
        "ColorStop": [{"StopOffset": offset, "PaletteIndex": entry} for offset, entry in stops],
    }


STOPS = ((0.0, 0), (0.25, 1), (1.0, 2))


def _linear(extend: str) -> dict[str, Any]:
    return {
        "Format": PaintFormat.PaintLinearGradient, "ColorLine": _line(extend, *STOPS),
        "x0": 300, "y0": 400, "x1": 500, "y1": 500, "x2": 200, "y2": 900,
    }  # fmt: skip


def _radial(extend: str, *circles: int) -> dict[str, Any]:
    names = ("x0", "y0", "r0", "x1", "y1", "r1")
    return {
        "Format": PaintFormat.PaintRadialGradient, "ColorLine": _line(extend, *STOPS),
        **dict(zip(names, circles, strict=True)),
    }  # fmt: skip


def _sweep(extend: str, start: float, end: float) -> dict[str, Any]:
    return {
        "Format": PaintFormat.PaintSweepGradient, "ColorLine": _line(extend, *STOPS),
        "centerX": 410, "centerY": 390, "startAngle": start, "endAngle": end,
    }  # fmt: skip


def _drawn(paint: dict[str, Any]) -> NDArray[np.uint8]:
    """A paint of the square 0..800 in 80 x 80 pixels."""
    font = load_font(colr_font(paint), "x")
    glyph = font.color_glyph(FIRST, "#000000")
    assert glyph is not None
    zero, unit = Fraction(0), Fraction(1, 10)
    at = Affine(unit, zero, zero, unit, zero, Fraction(80))
    return draw_color_glyphs([(glyph, at)], Rect(0, 0, 80, 80), "x")


def _colors(places: NDArray[np.float64], extend: str) -> NDArray[np.float64]:
    if extend == "repeat":
        places = places % 1
    elif extend == "reflect":
        places = 1 - np.abs(places % 2 - 1)
    offsets = [offset for offset, _entry in STOPS]
    return np.stack([np.interp(places, offsets, COLORS[:, channel]) for channel in range(3)], axis=-1)


_X, _Y = np.meshgrid(np.arange(80) * 10 + 5.0, 795.0 - np.arange(80) * 10)


def _check(pixels: NDArray[np.uint8], expected: NDArray[np.float64], shown: NDArray[np.bool_]) -> None:
    """Within a step of 8 bits, but for the jump of a repeated line, which a few pixels may round across."""
    assert ((pixels[..., 3] == 255) == shown).mean() > 0.995
    both = shown & (pixels[..., 3] == 255)
    difference = np.abs(pixels[both][:, :3] - expected[both]).max(axis=1)
    assert (difference <= 1.1).mean() > 0.985


@pytest.mark.parametrize("extend", ["pad", "repeat", "reflect"])
def test_linear_gradients_run_across_their_turned_direction(extend: str) -> None:
    """The place is how far along the normal of the line of equal colours."""
    normal = np.array([500.0, 100.0])
    places = ((_X - 300) * normal[0] + (_Y - 400) * normal[1]) / (200 * normal[0] + 100 * normal[1])
    _check(_drawn(inside("square", _linear(extend))), _colors(places, extend), np.full((80, 80), True))


@pytest.mark.parametrize("extend", ["pad", "repeat", "reflect"])
@pytest.mark.parametrize(
    "circles",
    [
        (400, 400, 0, 400, 400, 300), (350, 400, 20, 450, 420, 300), (200, 400, 150, 600, 400, 40),
        (300, 400, 100, 500, 400, 100), (300, 400, 100, 400, 400, 200),
    ],
    ids=["one in one", "one in another", "cone", "strip", "touching"],
)  # fmt: skip
def test_radial_gradients_show_the_farthest_circle_through_a_pixel(
    extend: str, circles: tuple[int, ...]
) -> None:
    """Of |p - c(t)| = r(t), r(t) >= 0, the greatest t; where there is none, nothing."""
    x0, y0, r0, x1, y1, r1 = circles
    best = np.full((80, 80), -np.inf)
    a = (x1 - x0) ** 2 + (y1 - y0) ** 2 - (r1 - r0) ** 2
    b = (_X - x0) * (x1 - x0) + (_Y - y0) * (y1 - y0) + r0 * (r1 - r0)
    c = (_X - x0) ** 2 + (_Y - y0) ** 2 - r0**2
    with np.errstate(all="ignore"):
        found = [c / (2 * b)] if a == 0 else [(b + s * np.sqrt(b * b - a * c)) / a for s in (-1, 1)]
        for t in found:
            fits = np.isfinite(t) & (r0 + t * (r1 - r0) >= 0)
            best = np.where(fits, np.fmax(best, np.where(fits, t, -np.inf)), best)
    shown = np.isfinite(best)
    pixels = _drawn(inside("square", _radial(extend, *circles)))
    _check(pixels, _colors(np.where(shown, best, 0), extend), shown)


@pytest.mark.parametrize("extend", ["pad", "repeat", "reflect"])
@pytest.mark.parametrize(("start", "end"), [(0, 360), (45, 135), (270, 90), (-30, 200)])
def test_sweep_gradients_go_counter_clockwise(extend: str, start: float, end: float) -> None:
    """The place follows the angle from 0 to 360 degrees; an end before the start runs backwards."""
    angles = np.degrees(np.arctan2(_Y - 390, _X - 410)) % 360
    pixels = _drawn(inside("square", _sweep(extend, start, end)))
    _check(pixels, _colors((angles - start) / (end - start), extend), np.full((80, 80), True))


def test_lines_without_direction_or_length_paint_nothing_or_one_edge() -> None:
    """As OpenType has it; a padded line with all stops in one place is an edge there."""
    still = _linear("pad") | {"x1": 300, "y1": 400}
    assert not _drawn(inside("square", still)).any()
    for extend in ("repeat", "reflect"):
        flat = _linear(extend) | {"ColorLine": _line(extend, (0.5, 0), (0.5, 1))}
        assert not _drawn(inside("square", flat)).any()
    edge = _linear("pad") | {"ColorLine": _line("pad", (0.5, 0), (0.5, 2))}
    pixels = _drawn(inside("square", edge))
    assert pixels[40, 2].tolist() == [255, 0, 0, 255]
    assert pixels[40, 78].tolist() == [0, 0, 255, 255]


def test_several_stops_in_the_first_place_keep_the_first_before_it() -> None:
    """Padding before the line is of its first stop's colour."""
    line = _linear("pad") | {"ColorLine": _line("pad", (0.0, 2), (0.0, 0), (1.0, 0))}
    pixels = _drawn(inside("square", line))
    assert pixels[40, 2].tolist() == [0, 0, 255, 255]
    assert pixels[40, 78].tolist() == [255, 0, 0, 255]


def _center(matrix: Transform, x: float, y: float) -> Transform:
    return Transform().translate(x, y).transform(matrix).translate(-x, -y)


@pytest.mark.parametrize(
    ("paint", "matrix"),
    [
        ({"Format": PaintFormat.PaintTranslate, "dx": 90, "dy": -40}, Transform(1, 0, 0, 1, 90, -40)),
        ({"Format": PaintFormat.PaintScale, "scaleX": 0.5, "scaleY": 0.75}, Transform(0.5, 0, 0, 0.75, 0, 0)),
        (
            {"Format": PaintFormat.PaintScaleUniformAroundCenter, "scale": 0.5, "centerX": 400,
             "centerY": 300},
            _center(Transform(0.5, 0, 0, 0.5, 0, 0), 400, 300),
        ),
        (
            {"Format": PaintFormat.PaintRotateAroundCenter, "angle": 30, "centerX": 400, "centerY": 300},
            _center(Transform().rotate(np.radians(30)), 400, 300),
        ),
        (
            {"Format": PaintFormat.PaintSkewAroundCenter, "xSkewAngle": 20, "ySkewAngle": -10, "centerX": 400,
             "centerY": 300},
            _center(Transform().skew(np.radians(-20), np.radians(-10)), 400, 300),
        ),
        (
            {"Format": PaintFormat.PaintTransform, "Transform": (0.5, 0.2, -0.3, 0.6, 200, 50)},
            Transform(0.5, 0.2, -0.3, 0.6, 200, 50),
        ),
    ],
    ids=["translate", "scale", "scale around", "rotate", "skew", "transform"],
)  # fmt: skip
def test_transforms_move_what_is_inside_of_them(paint: dict[str, Any], matrix: Transform) -> None:
    """A triangle under a transform covers the pixels whose centres lie in the moved triangle."""
    pixels = _drawn({**paint, "Paint": inside("triangle", solid(0))})
    back = matrix.inverse()
    x = back.xx * _X + back.yx * _Y + back.dx
    y = back.xy * _X + back.yy * _Y + back.dy
    within = (y > 0) & (y < 2 * x) & (y < 2 * (800 - x))
    assert ((pixels[..., 3] >= 128) == within).mean() > 0.995
