"""Where a Photoshop file's text is drawn: its transform, its point or its box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from engines.image_core import ImageComposition, Renderer, SourceError
from engines.image_core.psd.text_layers import TextFields, text_fields
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.tests.psd.type_layers import PLAIN, engine, type_layer

WIDE, HIGH = 300, 200
SANS = family_font("Source Sans Pro", "test")


def placed(*runs: tuple[str, dict[str, Any]], data: dict[str, Any] | None = None, **layer: Any) -> TextFields:
    """A text in a place of its own, mapped."""
    return text_fields(type_layer(engine(runs or [("H", PLAIN)], **(data or {})), **layer))


def ink(found: TextFields) -> tuple[int, int, int, int]:
    """The left, top, right and bottom of what is drawn."""
    composition = {"tenant_id": "t", "env": "test", "width": WIDE, "height": HIGH, "layers": [found.fields]}
    with Renderer("numpy") as renderer:
        alpha = renderer.render(ImageComposition.model_validate(composition)).pixels[..., 3]
    rows, columns = np.nonzero(alpha > 127)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def moved(x: float, y: float) -> dict[str, Any]:
    """A transform that only moves."""
    return {"transform": (1.0, 0.0, 0.0, 1.0, x, y)}


BIG = {"Font": 0, "FontSize": 100.0}


@pytest.mark.parametrize(("kind", "share"), [(0, 0.0), (2, 0.5), (1, 1.0)])
def test_point_text_is_aligned_about_its_point_on_the_first_baseline(kind: int, share: float) -> None:
    """A capital stands on it; the lines lie right of it, about it or left of it."""
    advance = 100 * (SANS.advance("H") or 0) / SANS.units_per_em
    bearing = 100 * SANS.glyph(_glyph("H")).box[0] / SANS.units_per_em
    data = {"paragraphs": [{"Justification": kind}]}
    left, _, _, bottom = ink(placed(("H", BIG), data=data, **moved(150, 120)))
    assert bottom == 120
    assert left == pytest.approx(150 - share * advance + bearing, abs=0.6)


def _glyph(character: str) -> int:
    glyph = SANS._harfbuzz.get_nominal_glyph(ord(character))
    assert isinstance(glyph, int)
    return glyph


def test_lines_are_apart_by_the_leading() -> None:
    """From baseline to baseline, of the later line."""
    lines = [("H\r", BIG), ("H", {"Font": 0, "FontSize": 50.0, "AutoLeading": False, "Leading": 70.0})]
    assert ink(placed(*lines, **moved(20, 80)))[3] == 150


def test_paragraph_text_has_its_letters_at_the_top_of_its_box() -> None:
    """As high as the letter d; wrapped at its width."""
    style = {**BIG, "AutoLeading": False, "Leading": 90.0}
    found = placed(("dd dd", style), data={"box": [5, 10, 125, 190]}, **moved(20, 10))
    assert found.fields | {"box_width": 120.0, "box_height": 180.0} == found.fields
    assert found.fields["transform"] == {"x": 25.0, "y": 20.0}
    left, top, right, bottom = ink(found)
    assert top == 20
    assert bottom == pytest.approx(20 + 71.2 + 90 + 1.2, abs=1)  # the overshoot of round letters
    assert 25 <= left < right <= 145


@pytest.mark.parametrize("angle", [30.0, -90.0, 135.0])
def test_a_turned_text_is_turned_about_its_point(angle: float) -> None:
    """Clockwise; it is as large as it was."""
    turn = math.radians(angle)
    matrix = (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 150.0, 100.0)
    found = placed(transform=matrix)
    assert found.fields["transform"] == {"x": 150.0, "y": 100.0, "rotation": angle}
    assert (found.fields["size"], found.approximated) == (20.0, ())
    centre = np.array([6.5, -6.5])  # about the middle of the H above its baseline
    x, y = np.array(matrix).reshape(3, 2).T[:, :2] @ centre + (150, 100)
    left, top, right, bottom = ink(found)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((x, y), abs=1)


def test_the_scale_of_the_layer_is_part_of_its_lengths() -> None:
    """Sizes, boxes, spacings and indents are in pixels of the document."""
    paragraph = {"SpaceAfter": 3.0, "FirstLineIndent": 4.0}
    style = {**PLAIN, "Tracking": 100, "AutoLeading": False, "Leading": 30.0}
    data: dict[str, Any] = {"box": [0, 0, 50, 40], "paragraphs": [paragraph]}
    fields = placed(("a\rb", style), data=data, transform=(2.0, 0.0, 0.0, 2.0, 7.0, 9.0)).fields
    assert fields["transform"] == {"x": 7.0, "y": 9.0}
    assert (fields["size"], fields["letter_spacing"], fields["line_height"]) == (40.0, 4.0, 1.5)
    assert (fields["box_width"], fields["box_height"]) == (100.0, 80.0)
    assert (fields["paragraph_spacing"], fields["indent"]) == (6.0, 8.0)


@pytest.mark.parametrize(
    ("matrix", "style"),
    [
        ((1.5, 0.0, 0.0, 1.0, 40.0, 120.0), {}),
        ((1.0, 0.0, 0.0, 1.0, 40.0, 120.0), {"HorizontalScale": 1.5, "VerticalScale": 1.0}),
        ((3.0, 0.0, 0.0, 1.0, 40.0, 120.0), {"HorizontalScale": 0.5, "VerticalScale": 1.0}),
    ],
)
def test_letters_are_scaled_by_the_layer_and_by_their_own_scales(
    matrix: Sequence[float], style: dict[str, Any]
) -> None:
    """Where all of them have one: across and down, with the lines as far apart as they were."""
    runs = [("H\r", {**BIG, **style}), ("H", {**BIG, "FontSize": 10.0, **style})]
    found = placed(*runs, transform=matrix)
    assert (found.fields["size"], found.approximated) == (150.0, ())
    _, top, right, bottom = ink(found)
    assert bottom == 120 + 12
    assert top == pytest.approx(120 - 66, abs=1)  # a capital's height
    assert right == pytest.approx(40 + 150 * SANS.glyph(_glyph("H")).box[2] / SANS.units_per_em, abs=1)


def test_a_box_is_not_scaled_with_the_letters_in_it() -> None:
    """It is as wide as before, in the pixels of the layer."""
    style = {**PLAIN, "HorizontalScale": 2.0, "VerticalScale": 0.5}
    fields = placed(("H", style), data={"box": [0, 0, 50, 40]}).fields
    assert (fields["size"], fields["transform"]["scale_y"]) == (40.0, 0.25)
    assert (fields["box_width"], fields["box_height"]) == (50.0, 160.0)


def test_scales_of_single_runs_are_of_their_sizes_alone() -> None:
    """Where letters would be wider than tall, that is told."""
    runs = [("a", {**PLAIN, "VerticalScale": 1.5, "HorizontalScale": 1.5}), ("b", PLAIN)]
    found = placed(*runs)
    assert sorted(run.get("size", found.fields["size"]) for run in found.fields["runs"]) == [20.0, 30.0]
    assert found.approximated == ()
    runs = [("a", {**PLAIN, "HorizontalScale": 1.5}), ("b", PLAIN)]
    assert placed(*runs).approximated == ("its letters are as wide as they are tall",)


def test_a_mirrored_text_is_mirrored_and_a_shear_is_told() -> None:
    """A mirror is a negative scale."""
    found = placed(("H", BIG), transform=(1.0, 0.0, 0.0, -1.0, 40.0, 20.0))
    assert found.fields["transform"] == {"x": 40.0, "y": 20.0, "scale_y": -1.0}
    assert ink(found)[1] == 20
    assert found.approximated == ()
    assert placed(transform=(1.0, 0.0, 0.3, 1.0, 0.0, 0.0)).approximated == ("its shear is not drawn",)


@pytest.mark.parametrize("matrix", [(0.0, 0.0, 0.0, 1.0, 0.0, 0.0), (1.0, 0.0, 2.0, 0.0, 0.0, 0.0)])
def test_a_transform_that_flattens_a_text_is_an_error(matrix: Sequence[float]) -> None:
    """There is nothing to draw."""
    with pytest.raises(SourceError, match=r"^layer 'Title', text: its transform leaves nothing of it$"):
        placed(transform=matrix)


def test_a_transform_of_no_numbers_is_an_error() -> None:
    """Such as a damaged file may have."""
    with pytest.raises(SourceError, match="its transform is not a number"):
        placed(transform=(math.nan, 0.0, 0.0, 1.0, 0.0, 0.0))


def test_indents_move_a_box_and_a_point() -> None:
    """At the start and the end; what cannot be kept is told."""
    indents = {"paragraphs": [{"StartIndent": 5.0, "EndIndent": 7.0}]}
    fields = placed(data={"box": [0, 0, 50, 40], **indents}).fields
    assert (fields["box_width"], fields["transform"]) == (38.0, {"x": 15.0, "y": 40.0})
    found = placed(data={"paragraphs": [{"StartIndent": 5.0}]})
    assert (found.fields["transform"]["x"], found.approximated) == (15.0, ())
    found = placed(data={"paragraphs": [{"StartIndent": 5.0, "Justification": 2}]})
    assert found.approximated == ("its paragraphs' indents are not kept",)
    found = placed(data={"box": [0, 0, 11, 40], **indents})
    assert (found.fields["box_width"], found.approximated) == (
        11.0,
        ("its paragraphs' indents are not kept",),
    )


@pytest.mark.parametrize(("kind", "middle"), [(0, 0.5), (2, 0.0), (1, -0.5)])
def test_columns_stand_about_their_point(kind: int, middle: float) -> None:
    """It is the middle of the first one, and where the column begins, its middle or where it ends."""
    data = {"paragraphs": [{"Justification": kind}]}
    column = ("HH", {"Font": 0, "FontSize": 50.0})
    found = placed(column, data=data, vertical=True, **moved(150, 100))
    assert found.fields["writing_mode"] == "vertical-rl"
    left, top, right, bottom = ink(found)
    length = 2 * 50 * (SANS.advance("H") or 0) / SANS.units_per_em
    assert (top + bottom) / 2 == pytest.approx(100 + middle * length, abs=1)
    assert left < 150 < right


def test_columns_in_a_box_begin_near_its_right() -> None:
    """Which is told, since Photoshop's lie some pixels elsewhere."""
    found = placed(("H\rH", PLAIN), data={"box": [0, 0, 100, 90]}, vertical=True, **moved(20, 10))
    assert found.fields["transform"] == {"x": 20.0, "y": 10.0}
    assert found.approximated == ("its first column may lie some pixels from its place",)
    left, _, right, _ = ink(found)
    assert 120 - 24 - 20 <= left < right <= 120


def test_warps_are_told() -> None:
    """By Photoshop's name."""
    assert placed(warp="warpArcUpper").approximated == ("its warp 'arcupper' is not drawn",)
    assert placed(warp="warpNone").approximated == ()


@pytest.mark.parametrize(
    ("smoothing", "gamma", "told"),
    [
        (b"AnCr", 1.45, ()),
        (b"antiAliasSharp", 1.45, ()),
        (b"antiAliasPlatformGray", None, ()),
        (b"Anno", 1.45, ("its letters' edges are smooth",)),
    ],
)
def test_live_text_is_mixed_as_photoshop_mixes_it(smoothing: bytes, gamma: float | None, told: Any) -> None:
    """By light to a power, but for the operating system's greys."""
    found = placed(smoothing=smoothing)
    assert found.fields.get("blend_gamma") == gamma
    assert found.approximated == told
