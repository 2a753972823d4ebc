"""Strokes among the layer effects that follow the outlines of text and shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import CompositionError, ImageCoreError, Renderer, RenderLimits
from engines.image_core.sources.vector import crossing
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    flat,
    group,
    picture,
    premultiplied,
    solid,
)

SIZE = (80, 70)
RED, GREEN = (255, 0, 0, 255), (0, 255, 0, 255)
SQUARE = {"type": "rect", "x": 20, "y": 15, "width": 30, "height": 30, "fill": "#ff0000"}
TURNED = {"rotation": 30, "x": 30, "y": -5, "scale": 0.8}


def outlined(size: float = 8.0, **fields: Any) -> dict[str, Any]:
    """A green stroke along outlines."""
    return {"type": "stroke", "source": "outline", "size": size, "color": "#00ff00", **fields}


def shapes(*drawn: Layer, **fields: Any) -> Layer:
    """A layer of shapes."""
    return {"type": "vector", "shapes": list(drawn), **fields}


def square(**fields: Any) -> Layer:
    """A red square of 30 pixels at (20, 15) with a stroke of 8 pixels."""
    return shapes(SQUARE, effects=[outlined(**fields)])


def text(words: str, **fields: Any) -> Layer:
    """Red words."""
    return {"type": "text", "text": words, "color": "#ff0000", "size": 40.0, **fields}


def rendered(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> Pixels:
    """Layers over nothing."""
    return renderer.render(composed(*layers, size=size)).pixels.copy()


def alpha(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> NDArray[np.int64]:
    """Their alpha alone."""
    return rendered(renderer, *layers, size=size)[..., 3].astype(np.int64)


def test_a_miter_fills_the_corner(renderer: Renderer) -> None:
    """The square grows to a larger one, whose pixels are all full."""
    out = rendered(renderer, square())
    assert (out[15:45, 20:50] == RED).all()
    assert (out[7, 12:58] == GREEN).all()
    assert (out[52, 12:58] == GREEN).all()
    out[7:53, 12:58] = 0
    assert not out.any()


def test_a_bevel_cuts_the_corner_in_halves_and_a_round_join_takes_an_arc_of_it(renderer: Renderer) -> None:
    """Of the corner's 64 pixels a bevel has 32, an arc a quarter of a disc; the outermost none."""
    for join, area in (("bevel", 32.0), ("round", np.pi * 16)):
        corner = alpha(renderer, square(join=join))[7:15, 12:20]
        assert abs(corner.sum() / 255 - area) < 0.15
        assert corner[0, 0] == 0
        assert corner[7, 7] == 255
    diagonal = alpha(renderer, square(join="bevel"))[7:15, 12:20][np.arange(8), np.arange(7, -1, -1)]
    assert np.abs(diagonal - 127.5).max() <= 1


def test_a_miter_beyond_its_limit_is_a_bevel(renderer: Renderer) -> None:
    """A right angle's tip is 1.414 half widths away."""
    bevel = rendered(renderer, square(join="bevel"))
    assert np.array_equal(rendered(renderer, square(miter_limit=1.41)), bevel)
    assert np.array_equal(rendered(renderer, square(miter_limit=1.42)), rendered(renderer, square()))


@pytest.mark.parametrize(
    ("position", "outside", "inside"), [("outside", 8, 0), ("inside", 0, 8), ("center", 4, 4)]
)
def test_a_stroke_lies_where_its_position_says(
    renderer: Renderer, position: str, outside: int, inside: int
) -> None:
    """Frames of the square's size and that much more and less."""
    out = rendered(renderer, square(position=position))
    assert (out[15 + inside : 45 - inside, 20 + inside : 50 - inside] == RED).all()
    out[15 + inside : 45 - inside, 20 + inside : 50 - inside] = GREEN
    assert (out[15 - outside : 45 + outside, 20 - outside : 50 + outside] == GREEN).all()
    out[15 - outside : 45 + outside, 20 - outside : 50 + outside] = 0
    assert not out.any()


def test_parts_of_a_pixel_are_covered_by_their_area(renderer: Renderer) -> None:
    """A stroke of 3.25 pixels around a square between pixels ends in pixels of its area."""
    between = shapes({**SQUARE, "x": 20.5}, effects=[outlined(3.25)])
    row = alpha(renderer, between)[30]
    assert (row[18:53] == 255).all()
    assert np.abs(row[[17, 53]] - (0.75 * 255)).max() <= 1
    assert not row[:17].any()


@pytest.mark.parametrize("position", ["outside", "inside", "center"])
def test_what_overlaps_has_one_stroke(renderer: Renderer, position: str) -> None:
    """Two halves that touch, cross or are drawn twice look like the whole, whichever way they turn."""
    halves = {**SQUARE, "width": 15}, {**SQUARE, "x": 35, "width": 15}
    crossing = {**SQUARE, "width": 22}, {**SQUARE, "x": 31, "width": 19}
    backwards = {"type": "path", "d": "M50 15H28V45H50Z", "fill": "#ff0000"}
    whole = rendered(renderer, square(position=position))
    for drawn in (halves, crossing, (SQUARE, SQUARE), (crossing[0], backwards)):
        assert np.array_equal(
            rendered(renderer, shapes(*drawn, effects=[outlined(position=position)])), whole
        )


def test_a_hole_is_stroked_from_within(renderer: Renderer) -> None:
    """By the non-zero rule: a path that turns the other way is a hole, which the stroke narrows."""
    ring = {"type": "path", "d": "M10 10H60V60H10Z M20 20V50H50V20Z", "fill": "#ff0000"}
    out = rendered(renderer, shapes(ring, effects=[outlined(4.0)]))
    assert (out[24:46, 24:46] == 0).all()
    assert (out[20:24, 20:50] == GREEN).all()
    assert (out[10:20, 10:60] == RED).all()


def test_the_strokes_of_shapes_count_as_well(renderer: Renderer) -> None:
    """A line has the outline of its own stroke."""
    line = {"type": "line", "points": [[20, 30], [60, 30]], "stroke": {"color": "#ff0000", "width": 10}}
    out = rendered(renderer, shapes(line, effects=[outlined(5.0)]))
    assert (out[25:35, 20:60] == RED).all()
    assert (out[20:40, 15:65][:5] == GREEN).all()
    assert (out[20:40, 15:65] != 0).any(axis=-1).all()


def test_a_stroke_is_as_wide_whatever_the_layer_s_scale(renderer: Renderer) -> None:
    """Half as large a word is a word of half the size, with the same stroke; also where it is mirrored."""
    small = text("Rag", size=20.0, effects=[outlined(3.0)])
    scaled = text("Rag", transform={"scale": 0.5}, effects=[outlined(3.0)])
    assert np.array_equal(rendered(renderer, scaled), rendered(renderer, small))
    mirrored = {**square(), "transform": {"scale": -1, "scale_y": 1, "x": 70}}
    assert np.array_equal(rendered(renderer, mirrored), rendered(renderer, square()))


@pytest.mark.parametrize("position", ["outside", "inside", "center"])
def test_a_round_stroke_is_nearly_that_of_the_pixels(renderer: Renderer, position: str) -> None:
    """Which are round: of letters and of shapes turned between pixels."""
    layers = text("Rg&", transform={"x": 4, "y": 8}), shapes(SQUARE, transform=TURNED)
    for layer in layers:
        exact, by_pixels = (
            premultiplied(rendered(renderer, {**layer, "effects": [effect]}))
            for effect in (
                outlined(4.0, join="round", position=position),
                outlined(4.0, position=position, source="pixels"),
            )
        )
        apart = np.abs(exact - by_pixels).max(axis=-1)
        assert apart.mean() < 1.5
        assert (apart > 60).mean() < 0.01  # where corners and gaps are narrower than a pixel


def test_letters_that_overlap_are_one_shape(renderer: Renderer) -> None:
    """Drawn onto each other: an inner stroke runs round both and not where one ends in the other."""
    word = text("II", size=60.0, weight=900, letter_spacing=-9.0, effects=[outlined(2.0, position="inside")])
    out = rendered(renderer, word)
    plain = rendered(renderer, {**word, "effects": []})
    columns = np.flatnonzero((plain[40] == RED).all(axis=-1))
    row = out[40, columns[0] : columns[-1] + 1]
    assert len(columns) == columns[-1] - columns[0] + 1  # they do overlap
    assert (row[3:-3] == RED).all()
    assert (row[:2, 1] > 0).all()


def test_a_stroke_alone_is_a_layer_without_fill(renderer: Renderer) -> None:
    """Nothing inside, and nothing of the stroke there."""
    out = rendered(renderer, {**square(), "fill_opacity": 0.0})
    assert (out[15:45, 20:50] == 0).all()
    assert (out[7:15, 12:58] == GREEN).all()


def test_half_and_half_it_has_no_seam(renderer: Renderer) -> None:
    """Along an edge within pixels, over no fill as over half of one: full pixels, and of those at its ends
    half."""
    between = shapes({**SQUARE, "x": 20.5}, effects=[outlined(4.0, position="center")])
    for fill in (0.0, 0.5):
        row = rendered(renderer, {**between, "fill_opacity": fill})[30, 16:25]
        assert (row[3:6] == GREEN).all()
        assert abs(int(row[2, 3]) - 127.5) <= 1
        assert not row[:2].any()


def test_a_shape_beyond_the_canvas_reaches_into_it_by_its_miter(renderer: Renderer) -> None:
    """A sharp corner 25 pixels below the canvas, whose tip is 4 times 8 pixels away."""
    sharp = {"type": "polygon", "points": [[40, 95], [46, 125], [34, 125]], "fill": "#ff0000"}
    fields = {"miter_limit": 10.0}
    out = alpha(renderer, shapes(sharp, effects=[outlined(**fields)]))
    assert out[60:, 40].all()
    whole = alpha(renderer, shapes(sharp, effects=[outlined(**fields)]), size=(80, 140))
    assert np.array_equal(out, whole[:70])
    assert not alpha(renderer, shapes(sharp, effects=[outlined(join="bevel")])).any()


@pytest.mark.parametrize("join", ["miter", "round", "bevel"])
@pytest.mark.parametrize("position", ["outside", "inside", "center"])
def test_what_is_cropped_decides_no_pixel(renderer: Renderer, position: str, join: str) -> None:
    """A canvas is a window: crossing shapes and letters look alike through a smaller one."""
    star = {
        "type": "polygon",
        "points": [[60, 5], [95, 115], [5, 45], [115, 45], [25, 115]],
        "fill": "#ff0000",
    }
    effects = [outlined(7.3, position=position, join=join)]
    turned = shapes(star, {**SQUARE, "radius": 9}, effects=effects, transform={"rotation": 10, "x": 9.25})
    for layer in (turned, text("Wagner", size=50.0, effects=effects)):
        whole = rendered(renderer, layer, size=(130, 120))
        for width, height in ((64, 64), (33, 90)):
            assert np.array_equal(rendered(renderer, layer, size=(width, height)), whole[:height, :width])


def test_another_join_is_another_picture_in_the_same_renderer() -> None:
    """Neither a recipe nor a plan that is kept hides the change; equal layers are found again."""
    with Renderer("numpy") as renderer:
        drawn = [renderer.render(composed(square(join=join), size=SIZE)) for join in ("miter", "bevel")]
        assert drawn[0].pixel_hash != drawn[1].pixel_hash
        assert drawn[0].pipeline_hash != drawn[1].pipeline_hash
        again = renderer.render(composed(square(join="miter"), size=SIZE))
        assert (again.pixel_hash, again.cache["sources"]["misses"]) == (drawn[0].pixel_hash, 0)


def test_in_a_group_a_mask_hides_the_stroke_as_well(renderer: Renderer) -> None:
    """As the message advises where a layer itself has one."""
    half = {"selection": {"type": "rect", "points": [[0, 0], [35, 70]]}}
    out = rendered(renderer, group(square(), mask=half))
    assert (out[:, 35:] == 0).all()
    assert np.array_equal(out[:, :35], rendered(renderer, square())[:, :35])


def test_a_composition_written_out_is_read_again() -> None:
    """With all fields, also those at their defaults."""
    effects = [outlined(), outlined(source="pixels")]
    composition = composed(shapes(SQUARE, effects=effects), size=SIZE)
    assert type(composition).model_validate_json(composition.model_dump_json()) == composition


BLUR = {"filters": [{"type": "blur", "radius": 2.0}]}
MASK = {"mask": {"selection": {"type": "rect", "points": [[0, 0], [9, 9]]}}}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (solid("#ff0000"), "of type raster"),
        (picture(flat("#ff0000", 2, 2)), "of type raster"),
        (group(), "of type group"),
        ({"type": "vector", "svg": SVG}, "of an svg"),
        (shapes(SQUARE, **BLUR), "with a blur"),
        (text("Rag", **MASK), "with a mask"),
        (text("Rag", transparency_shapes_layer=False), "whose transparency does not shape it"),
    ],
)
def test_a_layer_without_outlines_is_refused(layer: Layer, why: str) -> None:
    """In one line that names the layer, the field, the value and what is allowed."""
    effects = [{"type": "color-overlay"}, outlined()]
    with pytest.raises(CompositionError) as caught:
        composed({**layer, "name": "Badge", "effects": effects})
    told = str(caught.value)
    assert told.startswith(
        f"layer 'Badge', layers[0]: effects[1].source 'outline' is not allowed on a layer {why}"
    )
    assert told.endswith("allowed is 'pixels'")


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"source": "pixels", "join": "bevel"}, "join 'bevel' needs source 'outline'"),
        ({"source": "pixels", "miter_limit": 2.0}, "miter_limit 2.0 needs source 'outline'"),
        ({"metric": "chamfer"}, "metric 'chamfer' needs source 'pixels'"),
        ({"miter_limit": 0.5}, "0.5 is not allowed: allowed is 1 to 10"),
        ({"join": "sharp"}, "'sharp' is not allowed: allowed is 'miter', 'round' or 'bevel'"),
    ],
)
def test_fields_of_the_other_source_are_refused(fields: dict[str, Any], line: str) -> None:
    """Where they say something: what a stroke of pixels has no use for, and the other way round."""
    with pytest.raises(CompositionError, match=r"layers\[0\].effects\[0\]") as caught:
        composed(square(**fields))
    assert line in str(caught.value)


def test_an_outline_too_dense_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the layer and the effect."""
    monkeypatch.setattr(crossing, "_MAX_PAIRS", 100)
    with Renderer("numpy") as renderer, pytest.raises(ImageCoreError) as caught:
        renderer.render(composed(text("Ragtime", name="Title", effects=[outlined(250.0)]), size=SIZE))
    assert str(caught.value).startswith("layer 'Title' (layers[0]), effects[0]: too dense an outline")


def test_an_area_far_larger_than_the_outlines_costs_nothing(renderer: Renderer) -> None:
    """A group drawn at a thousandth, which a filter makes wide, looks at 200,000 pixels around its shape."""
    wide = group(square(), transform={"scale": 0.001}, filters=[{"type": "sharpen", "radius": 31}])
    assert rendered(renderer, wide).shape == (70, 80, 4)


def test_a_stroke_ends_when_the_time_is_over() -> None:
    """A long text's, of 250 pixels, which would take seconds."""
    long = text("Ragtime " * 60, box_width=700.0, effects=[outlined(250.0)])
    with (
        Renderer("numpy", limits=RenderLimits(seconds=0.2)) as renderer,
        pytest.raises(CompositionError, match=r"rendering takes more than 0\.2 seconds"),
    ):
        renderer.render(composed(long, size=(700, 700)))
