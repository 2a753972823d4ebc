"""Rounded corners of pictures and paints, on hand-made boxes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.boxes import PLACES, RADII, SIZE, alpha, box, frame, opaque, rendered
from engines.image_core.tests.composing import Layer, composed, flat, group, picture, random_pixels, solid

STRIPES = {
    "type": "gradient",
    "stops": [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}],
}


@pytest.mark.parametrize("place", PLACES)
def test_a_radius_of_0_changes_nothing(renderer: Renderer, place: dict[str, Any]) -> None:
    """Neither a pixel nor the hash, of pictures and of paints, also where they are blurred."""
    blurred = {"filters": [{"type": "blur", "radius": 2}]}
    for layer in (box(transform=place), picture(opaque(), transform=place), box(transform=place, **blurred)):
        plain = renderer.render(composed(layer, size=SIZE))
        for none in (0, [0, 0, 0.0, 0]):
            square = renderer.render(composed({**layer, "corner_radius": none}, size=SIZE))
            assert np.array_equal(square.pixels, plain.pixels)
            assert square.pipeline_hash == plain.pipeline_hash


@pytest.mark.parametrize("side", [20, 51, 100])
def test_a_square_with_half_its_side_for_a_radius_is_a_circle(renderer: Renderer, side: int) -> None:
    """Its area is the circle's within a thousandth; turned between pixels, where the box's own edges are
    rounded too, within two."""
    area = math.pi * side * side / 4
    turned = {"x": 70.3, "y": 69.6, "rotation": 17, "anchor": "center"}
    for place, parts in (({}, 1000), (turned, 500)):
        layer = box(side, side, corner_radius=side / 2, transform=place)
        assert abs(alpha(renderer, layer, size=(140, 140)).sum() / 255 - area) <= area / parts


def test_each_corner_has_its_own_radius(renderer: Renderer) -> None:
    """Top left, top right, bottom right, bottom left: each cuts off its part of a square outside a circle."""
    for corner, radius in enumerate((3.0, 12.0, 8.5, 14.0)):
        radii = [0.0] * 4
        radii[corner] = radius
        cut = 255 - alpha(renderer, box(corner_radius=radii))[:30, :40]
        quarters = cut[:15, :20], cut[:15, 20:], cut[15:, 20:], cut[15:, :20]
        assert quarters[corner].sum() == cut.sum()
        assert abs(cut.sum() / 255 - (1 - math.pi / 4) * radius**2) < 0.02 * radius


def test_radii_that_do_not_fit_are_scaled_down_together(renderer: Renderer) -> None:
    """By the one factor that makes them fit, as CSS has it: 30 pixels are too few for 20 + 40."""
    given = rendered(renderer, box(corner_radius=[20, 4, 0, 40]))
    assert np.array_equal(given, rendered(renderer, box(corner_radius=[10, 2, 0, 20])))
    pill = rendered(renderer, box(corner_radius=16384))
    assert np.array_equal(pill, rendered(renderer, box(corner_radius=15)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("shown", ["picture", "solid", "gradient", "pattern"])
def test_straight_edges_stay_as_they_are(renderer: Renderer, place: dict[str, Any], shown: str) -> None:
    """They are antialiased once: the layer differs from one without corners near its corners alone, and there
    by their area."""
    noise = picture(opaque())
    pattern = {"type": "pattern", "source": noise["source"]}
    sources = {
        "picture": noise["source"],
        "solid": {"color": "#ff0000"},
        "gradient": {"color": STRIPES},
        "pattern": {"color": pattern},
    }
    layer: Layer = {"type": "raster", "source": sources[shown], "width": 40, "height": 30, "transform": place}
    layer |= {"fit": "fill"} if shown == "picture" else {}
    plain, rounded = alpha(renderer, layer), alpha(renderer, {**layer, "corner_radius": 8})
    near = alpha(renderer, box(transform=place, corner_radius=8)) < alpha(renderer, box(transform=place))
    assert np.array_equal(rounded[~near], plain[~near])
    scale = abs(place.get("scale", 1))
    cut_off = (4 - math.pi) * 8**2 * scale * place.get("scale_y", scale)
    assert abs((plain.sum() - rounded.sum()) / 255 - cut_off) < 2


def test_what_kernels_leave_beside_straight_edges_stays(renderer: Renderer) -> None:
    """A picture that is reduced to parts of pixels and turned shows a little beyond its box: all along it but
    at its corners."""
    place = {"x": 75, "y": 75, "rotation": 45, "scale": 0.713, "anchor": "center"}
    layer = picture(opaque(100, 80), transform=place)
    plain, rounded = (alpha(renderer, {**layer, "corner_radius": r}, size=(150, 150)) for r in (0, 8))
    corners = [(75 + 0.713 * (x + y) * 0.5**0.5, 75 + 0.713 * (x - y) * 0.5**0.5)
               for x in (-50, 50) for y in (-40, 40)]  # fmt: skip
    changed = np.argwhere(plain != rounded) + 0.5
    away = np.linalg.norm(changed[:, None] - np.array(corners), axis=2).min(axis=1)
    assert 0 < away.max() <= 8 * 0.713 + 2


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1e-3, 1000])
def test_boxes_that_are_all_but_gone_or_endless_are_drawn(renderer: Renderer, scale: float) -> None:
    """With nothing to see, or nothing to cut off."""
    for rotation in (0, 30):
        place = {"x": 30, "y": 25, "scale": scale, "rotation": rotation, "anchor": "center"}
        for layer in (box(transform=place), picture(opaque(), transform=place)):
            plain = alpha(renderer, layer)
            rounded = alpha(renderer, {**layer, "corner_radius": 0.5, **frame(1)})
            assert np.array_equal(rounded, plain) if scale == 1000 else rounded.sum() <= plain.sum()


@pytest.mark.parametrize("place", PLACES)
def test_a_rounded_box_is_antialiased_as_shapes_are(renderer: Renderer, place: dict[str, Any]) -> None:
    """Each pixel is that of a rectangle with such corners, but for what FreeType and bytes round."""
    rect = {"type": "rect", "x": 0, "y": 0, "width": 40, "height": 30, "radius": 9.5, "fill": "#ff0000"}
    if place.get("anchor") == "center":  # of a drawing it is the canvas's
        rect |= {"x": 10, "y": 10}
    drawn = alpha(renderer, {"type": "vector", "shapes": [rect], "transform": place})
    assert np.abs(alpha(renderer, box(corner_radius=9.5, transform=place)) - drawn).max() <= 8


def test_turned_by_90_degrees_it_has_the_turned_radii(renderer: Renderer) -> None:
    """Clockwise the top left corner becomes the top right one; mirrored, left and right change places. (Lines
    that run the other way FreeType may round another way.)"""
    tl, tr, br, bl = RADII
    turned = alpha(renderer, box(corner_radius=RADII, transform={"x": 30, "rotation": 90}))
    assert np.abs(turned - alpha(renderer, box(30, 40, corner_radius=[bl, tl, tr, br]))).max() <= 3
    mirrored = alpha(renderer, box(corner_radius=RADII, transform={"x": 40, "scale": -1, "scale_y": 1}))
    assert np.abs(mirrored - alpha(renderer, box(corner_radius=[tr, tl, bl, br]))).max() <= 3


def test_radii_scale_with_the_layer(renderer: Renderer) -> None:
    """They are pixels of its own box."""
    large = box(corner_radius=10, **frame(4))
    small = box(20, 15, corner_radius=5, transform={"scale": 2}, **frame(2))
    assert np.abs(rendered(renderer, large).astype(int) - rendered(renderer, small)).max() <= 1


@pytest.mark.parametrize("fit", ["cover", "contain", "fill"])
def test_the_box_is_the_one_a_picture_is_fitted_to(renderer: Renderer, fit: str) -> None:
    """In the margins of `contain` nothing is cut off: the corners are the box's, not the picture's."""
    layer = picture(flat("#0000ff", 30, 10), fit=fit, width=40, height=30)
    plain, rounded = alpha(renderer, layer), alpha(renderer, {**layer, "corner_radius": 8})
    expected = np.rint(plain * alpha(renderer, box(corner_radius=8)) / 255)
    assert np.array_equal(rounded, expected)
    assert np.array_equal(rounded, plain) == (fit == "contain")


def test_what_is_transparent_stays_so(renderer: Renderer) -> None:
    """The shape multiplies a picture's own alpha, and its colour stays."""
    pixels = random_pixels(7, 40, 30)
    shown = rendered(renderer, picture(pixels, corner_radius=10))[:30, :40]
    part = alpha(renderer, box(corner_radius=10))[:30, :40] / 255
    assert np.abs(shown[..., 3] - pixels[..., 3] * part).max() <= 1
    seen = shown[..., 3] > 0
    assert np.array_equal(shown[seen][:, :3], pixels[seen][:, :3])


def test_masks_multiply_what_is_left(renderer: Renderer) -> None:
    """Linked or not, thinned or not: as they do with a picture that has such corners."""
    rect = {"selection": {"type": "ellipse", "points": [[2, 3], [35, 26]]}}
    place = {"x": 8, "y": 5}
    part = alpha(renderer, box(corner_radius=10, transform=place)) / 255
    for masks in ([rect], [{**rect, "linked": True}], [rect, {**rect, "density": 0.5, "inverted": True}]):
        plain = alpha(renderer, box(transform=place, masks=masks))
        shown = alpha(renderer, box(transform=place, masks=masks, corner_radius=10))
        assert np.abs(shown - plain * part).max() <= 1
        assert shown.any()


def test_corners_of_a_blurred_picture_stay_crisp(renderer: Renderer) -> None:
    """The shape comes after filters: inside it the pixels are those of the blur, outside there are none."""
    blur = {"filters": [{"type": "blur", "radius": 3}], "transform": {"x": 10, "y": 10}}
    soft = rendered(renderer, box(**blur))
    crisp = rendered(renderer, box(corner_radius=10, **blur))
    part = alpha(renderer, box(corner_radius=10, transform=blur["transform"]))
    assert np.array_equal(crisp[part == 255], soft[part == 255])
    assert not crisp[part == 0].any()
    assert soft[8, 30, 3] > 0
    edge = (part > 0) & (part < 255)
    assert np.abs(crisp[edge][:, 3] - soft[edge][:, 3] * part[edge] / 255).max() <= 1


def test_a_blurred_picture_between_pixels_is_cut_off_softly(renderer: Renderer) -> None:
    """At half a pixel, the pixels of its edge show half of what the blur has there."""
    blur = {"filters": [{"type": "blur", "radius": 3}], "transform": {"x": 10.5, "y": 10}}
    soft, crisp = alpha(renderer, box(**blur)), alpha(renderer, box(corner_radius=10, **blur))
    assert abs(crisp[25, 10] - soft[25, 10] / 2) <= 1
    assert crisp[25, 9] == 0


def test_a_shadow_follows_the_corners(renderer: Renderer) -> None:
    """A hard shadow beside the layer is its shape; a border changes nothing about it."""
    hard = {"type": "drop-shadow", "color": "#0000ff", "opacity": 1.0, "blend_mode": "normal",
            "angle": 180.0, "distance": 25.0, "size": 0}  # fmt: skip
    small = {"width": 20, "height": 20, "corner_radius": [10, 4, 0, 7]}
    shape = alpha(renderer, solid("#ff0000", **small))
    for border in ({}, frame(3), frame(50)):
        out = rendered(renderer, solid("#ff0000", effects=[hard], **small, **border))
        assert np.array_equal(out[:, 25:, 3], shape[:, :-25])
        shown = out[:, 25:, 3] > 0
        assert (out[:, 25:][shown][:, :3] == (0, 0, 255)).all()


def test_a_stroke_and_a_clipped_layer_follow_the_corners(renderer: Renderer) -> None:
    """The stroke lies around the arc, and what is clipped shows within it alone, above the border."""
    stroke = {"type": "stroke", "size": 3, "color": "#0000ff"}
    place = {"x": 10, "y": 10}
    out = rendered(renderer, box(corner_radius=12, transform=place, effects=[stroke], **frame(2)))
    assert (out[25, 7:10] == (0, 0, 255, 255)).all()
    assert (out[25, 10:12] == (0, 255, 0, 255)).all()
    assert out[8, 8, 3] == 0
    above = rendered(
        renderer, box(corner_radius=15, transform=place, **frame(2)), solid("#ffffff", clip=True)
    )
    part = alpha(renderer, box(corner_radius=15, transform=place))
    assert np.array_equal(above[..., 3], part)
    assert (above[part > 0][:, :3] == 255).all()


def test_it_holds_in_groups_and_for_layers_drawn_before(renderer: Renderer) -> None:
    """A group moves it along; a renderer that has kept the layer draws what one draws that has not."""
    layer = picture(opaque(), corner_radius=RADII, **frame(3), transform={"x": 5.5, "y": 4})
    inside = rendered(renderer, group(layer, transform={"x": 9, "y": 7}))
    still = rendered(renderer, layer)
    assert np.array_equal(inside[7:, 9:], still[:-7, :-9])
    for radius, border in (
        (RADII, frame(3)),
        (9, frame(3)),
        (9, frame(4)),
        (9, frame(4, "#0000ff")),
        (0, {}),
    ):
        changed = {**picture(opaque(), transform=layer["transform"]), "corner_radius": radius, **border}
        with Renderer("numpy", cache_bytes=0) as fresh:
            assert np.array_equal(rendered(renderer, changed), rendered(fresh, changed))


def test_what_is_kept_of_corners_and_borders_counts_as_sources(photos: Path) -> None:
    """A picture, its shape and its ring: three sources, found again the next time."""
    layer = solid(STRIPES, width=40.5, height=30, corner_radius=9, **frame(3))  # type: ignore[arg-type]
    with Renderer("numpy", root=photos) as opened:
        first, second = (opened.render(composed(layer, size=SIZE)) for _ in range(2))
    assert (first.cache["sources"]["hits"], first.cache["sources"]["misses"]) == (0, 3)
    assert (second.cache["sources"]["hits"], second.cache["sources"]["misses"]) == (3, 0)


BADGE = solid("#ffffff", name="Badge")
TEXT = {"type": "text", "text": "Badge", "name": "Badge"}


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (BADGE | {"corner_radius": -1}, "corner_radius: -1 is not allowed: allowed is 0 to 16384"),
        (BADGE | {"corner_radius": 16385}, "corner_radius: 16385 is not allowed: allowed is 0 to 16384"),
        (BADGE | {"corner_radius": "8"}, "corner_radius: '8' is not allowed: allowed is a number"),
        (BADGE | {"corner_radius": math.nan}, "corner_radius: nan is not allowed: allowed is 0 to 16384"),
        (BADGE | {"corner_radius": None}, "corner_radius: None is not allowed: allowed is a number"),
        (
            BADGE | {"corner_radius": [1, 2, -3, 4]},
            "corner_radius[2]: -3 is not allowed: allowed is 0 to 16384",
        ),
        (BADGE | {"corner_radius": [1, 2, 3]}, "corner_radius[3]: this field is required"),
        (BADGE | {"corner_radius": [1] * 5}, "corner_radius: allowed is a length of up to 4"),
        (BADGE | frame(0), "border.width: 0 is not allowed: allowed is above 0 and up to 16384"),
        (BADGE | frame(1, "#12"), "border.color: '#12' is not allowed: allowed is #rgb, "),
        (BADGE | {"border": {"width": 2}}, "border.color: this field is required"),
        (BADGE | {"border": 2}, "border: 2 is not allowed: allowed is an object"),
        (TEXT | {"corner_radius": 3}, "corner_radius: 3 is not allowed: there is no such field: "),
        (TEXT | frame(3), "border: there is no such field: "),
    ],
)
def test_a_fault_is_one_line_that_names_the_layer_and_the_field(layer: Layer, line: str) -> None:
    """With the value and what is allowed."""
    with pytest.raises(CompositionError) as caught:
        composed(layer)
    assert str(caught.value).startswith(f"layer 'Badge', layers[0].{line}")
