"""Text along a path: where each cluster stands, how it is turned, and what the path has no room for."""

from __future__ import annotations

import importlib.resources
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse
from engines.image_core.errors import CompositionError, ImageCoreError, SourceError
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.sources.text.drawing import rasterise_text, text_bounds, text_box
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.sources.text.layout import Layout, lay_out
from engines.image_core.sources.text.mapping import turns
from engines.image_core.sources.text.track import track_of

SANS = family_font("Source Sans Pro", "test")
ARABIC = load_font(
    (importlib.resources.files("manimgx_fonts") / "NotoSansArabic[wght].ttf").read_bytes(), "test"
)
LABEL = "layers[0]"
GRADIENT = {
    "type": "linear",
    "stops": [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}],
}
CIRCLE = {"type": "arc", "center": [200, 100], "radius": 80.0}


def text(characters: str, path: dict[str, Any] | None, **fields: Any) -> TextLayer:
    """A text along a path."""
    written = {"type": "text", "text": characters, "size": 30.0, "path": path, **fields}
    return parse(TextLayer, written, LABEL)


def laid(layer: TextLayer, font: LoadedFont = SANS) -> Layout:
    """The layout in one font."""
    return lay_out(layer, [(font,)] * len(layer.styled), LABEL)


def pixels(layer: TextLayer, font: LoadedFont = SANS) -> NDArray[np.uint8]:
    """A layer's pixels, in 400 x 200 of its parent."""
    canvas = np.zeros((200, 400, 4), np.uint8)
    image = rasterise_text(layer, [(font,)] * len(layer.styled), Rect(0, 0, 400, 200), LABEL)
    if image is not None:
        height, width = image.pixels.shape[:2]
        canvas[image.y : image.y + height, image.x : image.x + width] = image.pixels
    return canvas


def stands(layer: TextLayer, font: LoadedFont = SANS) -> list[Affine]:
    """What takes each cluster's part of the line to the layer's own pixels."""
    layout = laid(layer, font)
    return [turned for _, turned in turns(layout.lines[0], layout, IDENTITY)]


def refused(characters: str, path: dict[str, Any] | None, **fields: Any) -> str:
    """The line that refuses a text."""
    with pytest.raises(ImageCoreError) as caught:
        laid(text(characters, path, **fields))
    return str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"letter_spacing": 2.25, "word_spacing": 3.0},
        {"decoration": ["underline", "overline"], "baseline_shift": 0.25},
        {"background": {"fill": "#ffcc00", "padding": 3.0}},
        {"color": GRADIENT},
    ],
    ids=["plain", "spaced", "lines", "background", "gradient"],
)
def test_along_a_straight_line_it_is_ordinary_text(fields: dict[str, Any]) -> None:
    """The same bytes, on the same baseline."""
    plain = text("AVAtar fi.", None, vertical_align="baseline", transform={"x": 20.0, "y": 100.0}, **fields)
    assert (pixels(text("AVAtar fi.", {"d": "M20 100 H390"}, **fields)) == pixels(plain)).all()


def test_along_a_vertical_line_it_is_turned_by_a_quarter() -> None:
    """Downwards, the letters' tops point to the right."""
    flat = pixels(text("Ago", {"d": "M20 100 H180"}))[:200, :200]
    down = pixels(text("Ago", {"d": "M100 20 V180"}))[:200, :200]
    assert flat[..., 3].any()
    assert abs(down.astype(int) - np.rot90(flat, -1)).max() <= 1  # halves are rounded up, before and after


def test_a_transform_turns_and_scales_path_and_text_together() -> None:
    """A path turned in its data or by the layer is the same."""
    turned = text("Ago", {"d": "M20 0 H180"}, transform={"x": 100.0, "rotation": 90.0})
    assert (pixels(turned) == pixels(text("Ago", {"d": "M100 20 V180"}))).all()
    doubled = text("Ago", {"d": "M10 50 H180"}, size=15.0, transform={"scale": 2.0})
    assert (pixels(doubled) == pixels(text("Ago", {"d": "M20 100 H360"}))).all()


def test_around_a_circle_equal_letters_stand_at_equal_angles() -> None:
    """Their middles lie on it, within the 1/256 pixel of chords, and their tops point outwards."""
    layout = laid(text("oooooooo", CIRCLE))
    advance = layout.lines[0].width / 8
    found = list(turns(layout.lines[0], layout, IDENTITY))
    angles = []
    for number, (_, turned) in enumerate(found):
        x, y = (float(value) for value in turned.apply(advance * number + advance / 2, Fraction(0)))
        assert abs(np.hypot(x - 200, y - 100) - 80) < 1 / 200
        assert (float(turned.xy), float(turned.yy)) == pytest.approx(
            ((200 - x) / 80, (100 - y) / 80), abs=1e-4
        )
        angles.append(np.arctan2(x - 200, 100 - y))
    assert np.diff(angles) == pytest.approx([float(advance) / 80] * 7, abs=2e-4)
    assert angles[0] == pytest.approx(float(advance) / 160, abs=1e-4)


def test_an_arc_is_the_arc_of_svg() -> None:
    """A quarter of a circle from the right to the bottom."""
    arc = {"type": "arc", "center": [100, 20], "radius": 120.0, "start_angle": 0.0, "sweep": 90.0}
    path = {"d": "M220 20 A120 120 0 0 1 100 140"}
    lengths = [float(laid(text("a", one)).track.length) for one in (arc, path)]  # type: ignore[union-attr]
    assert lengths == pytest.approx([120 * np.pi / 2] * 2, abs=0.01)
    drawn = [pixels(text("Quarter", one)).astype(int) for one in (arc, path)]
    assert abs(drawn[0] - drawn[1]).max() <= 2


@pytest.mark.parametrize(
    ("fields", "start"),
    [
        ({}, 0), ({"align": "center"}, 150), ({"align": "right"}, 300), ({"align": "end"}, 300),
        ({"start_offset": 0.25}, 75), ({"start_offset": 0.75, "align": "right"}, 225),
        ({"start_offset": 0.5, "align": "center"}, 150), ({"align": "start", "direction": "rtl"}, 300),
    ],
)  # fmt: skip
def test_it_is_aligned_to_its_place_on_the_path(fields: dict[str, Any], start: int) -> None:
    """It starts, has its middle or ends there; without an offset it has the whole of an open path."""
    path = {"d": "M40 100 h300", **{k: v for k, v in fields.items() if k == "start_offset"}}
    given = {name: value for name, value in fields.items() if name != "start_offset"}
    (line,) = laid(text("abc", path, **given)).lines
    center = given.get("align") == "center"
    ends = given.get("align") in ("right", "end") or "direction" in given
    assert line.x == start - line.width * (Fraction(1, 2) if center else Fraction(int(ends)))


def test_on_a_closed_path_it_is_aligned_to_the_start_and_runs_over_it() -> None:
    """Centred at the top of a circle, the letters to either side mirror each other."""
    drawn = pixels(text("ovo", CIRCLE, align="center"))
    columns = np.flatnonzero(drawn[..., 3].any(axis=0))
    assert abs((columns[0] + columns[-1]) / 2 - 199.5) <= 1
    first, *_, last = stands(text("oooooo", {**CIRCLE, "start_offset": 0.97}))
    assert float(first.yx) < 0 < float(last.yx)


def test_on_the_right_side_the_path_is_the_other_way_round() -> None:
    """As if it were written from its end."""
    right = text("Ago", {"d": "M20 60 Q200 180 380 60", "side": "right", "start_offset": 0.25})
    left = text("Ago", {"d": "M380 60 Q200 180 20 60", "start_offset": 0.25})
    assert (pixels(right) == pixels(left)).all()


def test_right_to_left_text_is_ordered_as_in_a_line() -> None:
    """The visual order runs along the path, and marks stay with their letters."""
    characters = "\u0645\u064e\u0631\u062d\u0628\u0627"
    path = {"d": "M0 100 Q200 0 400 100"}
    flat, bent = (laid(text(characters, along), ARABIC).lines[0] for along in (None, path))
    assert [(g.id, g.place, g.y) for g in bent.glyphs] == [(g.id, g.place, g.y) for g in flat.glyphs]
    assert len(bent.placed.clusters) < len(bent.glyphs)


def test_directions_turn_evenly_between_the_chords_of_a_curve() -> None:
    """Every step of a hundredth of a circle turns by a hundredth of a turn, also within one chord."""
    track = track_of(text("a", {**CIRCLE, "radius": 5000.0}).path, LABEL)  # type: ignore[arg-type]
    places = [track.turned(Fraction(step, 4)) for step in range(200)]
    angles = np.array([np.arctan2(float(turned.yx), float(turned.xx)) for turned in places])
    assert np.diff(angles) == pytest.approx(np.full(199, 0.25 / 5000), rel=5e-3)


def test_beyond_the_ends_an_open_path_goes_on_straight() -> None:
    """For backgrounds, whose padding may reach there."""
    track = track_of(text("a", {"d": "M10 10 H20 V30"}).path, LABEL)  # type: ignore[arg-type]
    assert track.length == 30
    for distance, x, y in ((-5, 5, 10), (4, 14, 10), (35, 20, 35)):
        place = track.turned(Fraction(distance)).apply(Fraction(distance), Fraction(0))
        assert place == (Fraction(x), Fraction(y))


def test_a_background_bends_with_the_path() -> None:
    """A ring of even thickness, without seams: all its pixels but those of its edges are solid."""
    band = {"background": {"fill": "#ff0000"}, "letter_spacing": 6.0}
    blank = text("\u00a0" * 45, CIRCLE, overflow="clip", **band)
    drawn = pixels(blank)[..., 3]
    layout = laid(blank)
    ascent, descent = map(float, layout.reach(layout.lines[0]))
    y, x = np.mgrid[0:200, 0:400] + 0.5
    radius, angle = np.hypot(x - 200, y - 100), np.degrees(np.arctan2(x - 200, 100 - y))
    inside = (radius < 80 + ascent - 1) & (radius > 80 - descent + 1) & (abs(angle) > 15)
    assert (drawn[inside] == 255).all()
    assert not drawn[(radius > 80 + ascent + 1) | (radius < 80 - descent - 1)].any()


def test_a_band_around_a_sharp_bend_has_no_holes() -> None:
    """Where its ends cross each other, they take nothing away from what lies there."""
    path = {"d": "M120 10 Q200 330 280 10"}
    drawn = pixels(
        text("\u00a0" * 60, path, overflow="clip", background={"fill": "#ff0000", "padding": 20.0})
    )
    solid = np.flatnonzero(drawn[:, 200, 3] == 255)
    assert len(solid) > 60
    assert (np.diff(solid) == 1).all()


def test_its_box_is_that_of_the_path_and_its_size_around_it() -> None:
    """About whose middle the layer is turned and scaled."""
    layer = text("Ago", CIRCLE, transform={"x": 150.0, "y": 90.0, "anchor": "center"})
    box = text_box(layer, [(SANS,)], LABEL)
    assert (box.width, box.height) == (Fraction(220), Fraction(220))
    assert box.to_parent.apply(Fraction(0), Fraction(0)) == (Fraction(150 - 110), Fraction(90 - 110))
    turned = text("Ago", CIRCLE, transform={"x": 200.0, "y": 100.0, "anchor": "center", "rotation": 90.0})
    moved = text("Ago", {**CIRCLE, "start_angle": 0.0})
    assert abs(pixels(turned).astype(int) - pixels(moved)).max() <= 4
    bounds = text_bounds(layer, [(SANS,)], LABEL)
    assert 100 < bounds.left < bounds.right < 250


def test_what_is_too_long_is_told_with_both_lengths() -> None:
    """Nothing is lost in silence, whatever is seen of other texts that do not fit."""
    told = refused("much too long", {"d": "M0 100 h60"})
    assert told.startswith("layers[0], path: the text takes 1")
    assert "the path has 60 pixels for it" in told
    assert "path has 45 pixels" in refused("much too long", {"d": "M0 100 h60", "start_offset": 0.25})
    assert "path has 30 pixels" in refused(
        "too long", {"d": "M0 100 h60", "start_offset": 0.25}, align="center"
    )
    assert "the path has" in refused("a" * 60, CIRCLE, overflow="error")


def test_clipped_clusters_are_those_whose_middles_lie_beyond_the_ends() -> None:
    """As in SVG; lines and backgrounds end with what is left."""
    layer = text("oooooooooo", {"d": "M40 100 h100"}, overflow="clip", align="center", decoration="underline")
    layout = laid(layer)
    (line,) = layout.lines
    advance = laid(text("o", None)).width
    count = len(line.glyphs)
    assert layout.cut
    assert advance * (count - 1) <= 100 < advance * (count + 1)
    assert line.width == advance * count
    assert line.x == 50 - line.width / 2
    assert line.placed.segments[0].start == line.placed.clusters[0].start
    assert laid(text("oo", {"d": "M40 100 h1"}, overflow="clip")).lines[0].glyphs == []


def test_shrinking_takes_the_largest_size_that_fits() -> None:
    """In steps of 1/64 pixel, for both names of it."""
    for fields in ({"auto_fit": True}, {"overflow": "shrink"}):
        layout = laid(text("much too long", {"d": "M0 100 h60"}, **fields))
        assert (
            layout.lines[0].width
            <= 60
            < layout.lines[0].width * (layout.size + Fraction(1, 64)) / layout.size
        )
    told = refused("much too long", {"d": "M0 100 h60"}, auto_fit=True, min_size=20.0)
    assert "auto_fit: the text does not fit the path even at a size of 20 pixels" in told


def test_an_ellipsis_stands_where_the_path_ends() -> None:
    """The text before it is as long as fits."""
    layout = laid(text("much too long", {"d": "M0 100 h100"}, overflow="ellipsis"))
    assert layout.cut
    assert 80 < layout.lines[0].width <= 100
    assert "ellipsis: the path has no room for it" in refused("long", {"d": "M0 9h1"}, overflow="ellipsis")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("box_width", 90.0), ("box_height", 90.0), ("max_lines", 1), ("line_height", 1.0), ("indent", 2.0),
        ("vertical_align", "middle"), ("paragraph_spacing", 2.0), ("balance", True), ("hyphenate", True),
        ("writing_mode", "vertical-rl"),
    ],
)  # fmt: skip
def test_what_is_of_boxes_is_refused_by_name(name: str, value: Any) -> None:
    """A line along a path has no use for it."""
    with pytest.raises(CompositionError, match=f"{name} is not allowed with path"):
        text("abc", CIRCLE, language="en", **{name: value})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"align": "justify"}, "align 'justify' is not allowed with path"),
        ({"background": {"fill": "#ff0000", "per": "box"}}, "background.per 'box' is not allowed"),
        ({"path": {**CIRCLE, "sweep": 0}}, "path.sweep: 0 is not allowed"),
        ({"path": {**CIRCLE, "sweep": 361}}, "path.sweep: 361 is not allowed"),
        ({"path": {**CIRCLE, "radius": 0}}, "path.radius"),
        ({"path": {"d": ""}}, "path.d: "),
        ({"path": {"d": "M0 0", "start_offset": 1.5}}, "path.start_offset: 1.5 is not allowed"),
        ({"path": {"type": "wave"}}, "path: allowed is a path with d, or with the type arc"),
        ({"path": "M0 0"}, "path: 'M0 0' is not allowed: allowed is a path with d"),
    ],
)
def test_other_faults_of_the_model_are_told(fields: dict[str, Any], told: str) -> None:
    """Each by its field."""
    with pytest.raises(CompositionError) as caught:
        text("abc", **{"path": CIRCLE, **fields})
    assert told in str(caught.value)


def test_line_breaks_are_refused() -> None:
    """A path takes one line."""
    for mark in "\n\r\u2028":
        with pytest.raises(CompositionError, match="line breaks are not allowed in it"):
            text(f"a{mark}b", CIRCLE)


@pytest.mark.parametrize(
    ("d", "told"),
    [
        ("M5 5", "path: it has no length"), ("M5 5L5 5Z", "it has no length"), (" ", "it has no length"),
        ("M0 0h9m1 1h9", "path.d: the path has 2 parts: text runs along one"),
        ("M0 0" + "h1h-1" * 100_001, "path: it is too long: allowed are 200,000 straight pieces"),
        ("M0 0" + "C1e6 1e6-1e6 1e6 9 9" * 200, "path: it is too long"),
    ],
)  # fmt: skip
def test_a_path_that_no_text_can_run_along_is_told(d: str, told: str) -> None:
    """Without length, in parts, or very long."""
    assert f"{LABEL}, " in (line := refused("abc", {"d": d}))
    assert told in line


def test_faulty_path_data_are_told_with_their_place() -> None:
    """As those of shapes are."""
    with pytest.raises(SourceError, match=r"layers\[0\], path.d: expected a number, found 'N'"):
        laid(text("abc", {"d": "MNaN 0"}))


def test_too_many_pieces_of_backgrounds_are_told() -> None:
    """They are bounded for a whole layer."""
    wide = {"padding": 1000.0, "radius": 900.0}
    fills = [{"fill": fill, **wide} for fill in ("#ff0000", "#0000ff")]
    runs = [{"text": "ab", "background": fill} for fill in fills * 200]
    path = {"d": "M0 100" + "q5 9 10 0" * 150}
    layer = parse(
        TextLayer, {"type": "text", "runs": runs, "path": path, "overflow": "clip", "size": 20}, LABEL
    )
    with pytest.raises(CompositionError, match="path: lines and backgrounds along it have more than 200,000"):
        text_bounds(layer, [(SANS,)] * 400, LABEL)
