"""Shapes drawn into RGBA: order, compositing, placement, strokes, gradients, cropping."""

from __future__ import annotations

from fractions import Fraction
from math import pi
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.models import Transform, VectorLayer
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.fitting import layer_affine
from engines.image_core.sources.vector.drawing import rasterise_shapes

F = Fraction
SIZE = F(100), F(80)
CANVAS = Rect(0, 0, 100, 80)
IDENTITY = layer_affine(Transform(), *SIZE)
SQUARE = {"type": "rect", "x": 10, "y": 20, "width": 30, "height": 10, "fill": "#ff0000"}


def _layer(*shapes: dict[str, Any]) -> VectorLayer:
    return VectorLayer.model_validate({"type": "vector", "shapes": shapes})


def _draw(*shapes: dict[str, Any], affine: Affine = IDENTITY, region: Rect = CANVAS) -> DecodedImage:
    image = rasterise_shapes(_layer(*shapes), affine, region, "layer 'art'")
    assert image is not None
    return image


def _whole(image: DecodedImage, region: Rect = CANVAS) -> NDArray[np.uint8]:
    """The image in place on a transparent region."""
    pixels = np.zeros((region.height, region.width, 4), np.uint8)
    top, left = image.y - region.top, image.x - region.left
    pixels[top : top + image.height, left : left + image.width] = image.pixels
    return pixels


def test_a_rectangle_is_cropped_to_its_pixels() -> None:
    """Only what is drawn is returned, with its place."""
    image = _draw(SQUARE)
    assert (image.x, image.y, image.width, image.height) == (10, 20, 30, 10)
    assert (image.pixels == (255, 0, 0, 255)).all()
    assert image.opaque
    assert not image.pixels.flags.writeable


def test_solid_colours_are_the_same_bytes_looked_up_and_composited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapes of many colours and opacities: alone, side by side in a pixel, and over one another."""
    random = np.random.default_rng(5)
    shapes = [
        {
            "type": "ellipse",
            "cx": float(x),
            "cy": float(y),
            "rx": float(r),
            "ry": 9.3,
            "fill": f"#{color:08x}",
        }
        for x, y, r, color in random.integers((0, 0, 1, 0), (100, 80, 20, 1 << 32), (14, 4))
    ]
    looked_up = _draw(*shapes)
    monkeypatch.setattr("engines.image_core.sources.vector.pieces._KEPT", 0)
    composited = _draw(*shapes)
    assert (looked_up.x, looked_up.y) == (composited.x, composited.y)
    assert (looked_up.pixels == composited.pixels).all()


def test_nothing_in_the_region_is_none() -> None:
    """Off the region, or fully transparent: there is no image."""
    assert rasterise_shapes(_layer({**SQUARE, "x": 500}), IDENTITY, CANVAS, "x") is None
    assert rasterise_shapes(_layer({**SQUARE, "fill": "#ff000000"}), IDENTITY, CANVAS, "x") is None
    assert (
        rasterise_shapes(_layer({"type": "path", "d": "M5 5", "fill": "#ff0000"}), IDENTITY, CANVAS, "x")
        is None
    )


def test_later_shapes_lie_over_earlier_ones() -> None:
    """Half transparent blue over opaque red is the W3C source-over mix."""
    pixels = _draw(SQUARE, {**SQUARE, "width": 15, "fill": "#0000ff80"}).pixels
    assert pixels[5, 20].tolist() == [255, 0, 0, 255]
    assert pixels[5, 5].tolist() == pytest.approx([127, 0, 128, 255], abs=1)


def test_two_transparent_shapes_unite_alpha() -> None:
    """Alpha 0.5 over alpha 0.5 is 0.75, its colour weighted to the upper one."""
    pixels = _draw({**SQUARE, "fill": "#ff000080"}, {**SQUARE, "fill": "#0000ff80"}).pixels
    assert pixels[5, 5].tolist() == pytest.approx([85, 0, 170, 192], abs=1)


def test_a_stroke_is_centred_on_the_edge_over_the_fill() -> None:
    """A 4-pixel stroke reaches 2 pixels out and hides 2 pixels of the fill."""
    image = _draw({**SQUARE, "stroke": {"color": "#00ff00", "width": 4}})
    assert (image.x, image.y, image.width, image.height) == (8, 18, 34, 14)
    assert image.pixels[3, 3].tolist() == [0, 255, 0, 255]
    assert image.pixels[4, 4].tolist() == [255, 0, 0, 255]


def test_areas_of_round_shapes() -> None:
    """An ellipse and a rounded rectangle cover their areas; a radius too large is half the shorter side."""
    ellipse = _draw({"type": "ellipse", "cx": 50, "cy": 40, "rx": 40, "ry": 30, "fill": "#ffffff"})
    assert ellipse.pixels[..., 3].sum() / 255 == pytest.approx(pi * 1200, rel=1e-3)
    rect = {"type": "rect", "x": 5, "y": 5, "width": 80, "height": 40, "fill": "#ffffff"}
    rounded = _draw({**rect, "radius": 10})
    assert rounded.pixels[..., 3].sum() / 255 == pytest.approx(3200 - (4 - pi) * 100, rel=1e-3)
    assert (_draw({**rect, "radius": 500}).pixels == _draw({**rect, "radius": 20}).pixels).all()


def test_polygon_line_and_path_agree() -> None:
    """The same geometry in three spellings gives the same bytes."""
    points = [(10, 10), (60, 15), (30, 50)]
    stroke = {"color": "#336699", "width": 5, "join": "round", "cap": "square"}
    polygon = _draw({"type": "polygon", "points": points, "fill": "#ffcc00", "stroke": stroke})
    path = _draw({"type": "path", "d": "M10 10L60 15 30 50Z", "fill": "#ffcc00", "stroke": stroke})
    assert (polygon.pixels == path.pixels).all()
    line = _draw({"type": "line", "points": points, "stroke": stroke})
    open_path = _draw({"type": "path", "d": "M10 10L60 15 30 50", "stroke": stroke})
    assert (line.pixels == open_path.pixels).all()


def test_scaling_draws_larger_geometry() -> None:
    """At scale 3 a shape is the shape of three times the size, not enlarged pixels."""
    shape = {
        "type": "ellipse",
        "cx": 10,
        "cy": 10,
        "rx": 7,
        "ry": 5,
        "stroke": {"color": "#ff0000", "width": 2},
    }
    large = {**shape, "cx": 30, "cy": 30, "rx": 21, "ry": 15, "stroke": {"color": "#ff0000", "width": 6}}
    scaled = _draw(shape, affine=layer_affine(Transform(scale=3.0), *SIZE))
    direct = _draw(large)
    assert (scaled.x, scaled.y) == (direct.x, direct.y)
    assert np.abs(scaled.pixels[..., 3].astype(int) - direct.pixels[..., 3]).max() <= 4


def test_uneven_scales_stretch_strokes_too() -> None:
    """Scaled 4 times in width only, the upright edges of a frame are 4 times as thick."""
    frame = {
        "type": "rect",
        "x": 4,
        "y": 10,
        "width": 10,
        "height": 30,
        "stroke": {"color": "#ff0000", "width": 2},
    }
    image = _draw(frame, affine=layer_affine(Transform(scale=4.0, scale_y=1.0), *SIZE))
    alpha = image.pixels[..., 3]
    assert (image.width, image.height) == (48, 32)
    assert (alpha[16] > 0).sum() == 16
    assert (alpha[:, 24] > 0).sum() == 4


def test_a_quarter_turn_is_exact() -> None:
    """Turned by 90 degrees clockwise, a rectangle's pixels are those of the turned rectangle."""
    image = _draw(SQUARE, affine=layer_affine(Transform(rotation=90.0, x=50.0, y=0.0), *SIZE))
    assert (image.x, image.y, image.width, image.height) == (20, 10, 10, 30)
    assert image.opaque


def test_gradients_span_the_shapes_box_and_turn_with_it() -> None:
    """Left to right over the rectangle; after a half turn right to left."""
    stops = [{"offset": 0, "color": "#000000"}, {"offset": 1, "color": "#ffffff"}]
    shape = {**SQUARE, "fill": {"type": "linear", "start": (0, 0), "end": (1, 0), "stops": stops}}
    row = _draw(shape).pixels[5, :, 0].astype(int)
    assert row.tolist() == pytest.approx([255 * (i + 0.5) / 30 for i in range(30)], abs=1)
    turned = _draw(shape, affine=layer_affine(Transform(rotation=180.0, x=100.0, y=80.0), *SIZE))
    assert turned.pixels[5, :, 0].tolist() == pytest.approx(row[::-1].tolist(), abs=1)


def test_gradient_along_a_straight_line() -> None:
    """A horizontal line has a box of no height; its gradient still runs from end to end."""
    stops = [{"offset": 0, "color": "#000000"}, {"offset": 1, "color": "#ffffff"}]
    color = {"type": "linear", "start": (0, 0), "end": (1, 0), "stops": stops}
    image = _draw({"type": "line", "points": [(10, 40), (90, 40)], "stroke": {"color": color, "width": 6}})
    assert (image.width, image.height) == (80, 6)
    assert (np.diff(image.pixels[3, :, 0].astype(int)) > 0).all()


def test_a_region_is_a_cut_of_the_whole() -> None:
    """Drawing into a part of the canvas gives that part of the full drawing, to the byte."""
    shapes = (
        {"type": "ellipse", "cx": 50, "cy": 40, "rx": 45, "ry": 20, "fill": "#ffcc0090"},
        {"type": "path", "d": "M5 70C30-40 60 150 95 10", "stroke": {"color": "#0000ff80", "width": 9}},
    )
    affine = layer_affine(Transform(rotation=17.0, x=8.0), *SIZE)
    part = Rect(23, 11, 71, 59)
    whole = _whole(_draw(*shapes, affine=affine))
    cut = _whole(_draw(*shapes, affine=affine, region=part), part)
    assert (cut == whole[11:59, 23:71]).all()


def test_bands_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Composited a few rows at a time, or all at once: the same bytes."""
    shape = {"type": "ellipse", "cx": 50, "cy": 40, "rx": 45, "ry": 38, "fill": "#ffcc0090"}
    at_once = _draw(shape)
    monkeypatch.setattr("engines.image_core.sources.vector.pieces._BAND", 700)
    assert _draw(shape).pixels.tobytes() == at_once.pixels.tobytes()


def test_content_hash_covers_shapes_place_and_region() -> None:
    """The same drawing repeats its hash; another shape, transform or region changes it."""
    images = [
        _draw(SQUARE),
        _draw({**SQUARE, "fill": "#ff0001"}),
        _draw(SQUARE, affine=layer_affine(Transform(x=1.0), *SIZE)),
        _draw(SQUARE, region=Rect(0, 0, 99, 80)),
    ]
    assert len({image.content_hash for image in images}) == 4
    assert _draw(SQUARE).content_hash == images[0].content_hash


def test_faults_name_the_layer_and_the_shape() -> None:
    """The second shape's path is at fault, and the message says so."""
    layer = _layer(SQUARE, {"type": "path", "d": "M0 0 L oops", "fill": "#ffffff"})
    with pytest.raises(SourceError, match=r"^layer 'art', shapes\[1\]\.d: expected a number, found 'o'"):
        rasterise_shapes(layer, IDENTITY, CANVAS, "layer 'art'")
