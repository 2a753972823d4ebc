"""Text drawn: placement, transforms, cropping, determinism."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import TextLayer, Transform
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.sources.text.drawing import rasterise_text, text_box
from engines.image_core.tests.sources.text.paragraphs import shaped_with

SANS = family_font("Source Sans Pro", "test", weight=700)
REGION = Rect(0, 0, 400, 300)
PLACE = Transform(x=40.0, y=30.0)


def layer(text: str, **fields: Any) -> TextLayer:
    """A text layer at (40, 30)."""
    return TextLayer.model_validate({"type": "text", "text": text, "transform": PLACE, **fields})


def drawn(text: str, region: Rect = REGION, **fields: Any) -> DecodedImage:
    """A text that has ink in the region."""
    image = rasterise_text(layer(text, **fields), [(SANS,)], region, "test")
    assert image is not None
    return image


def alpha(text: str, region: Rect = REGION, **fields: Any) -> NDArray[np.uint8]:
    """A text's alpha over the whole region."""
    canvas = np.zeros((region.height, region.width), np.uint8)
    image = drawn(text, region, **fields)
    left, top = image.x - region.left, image.y - region.top
    canvas[top : top + image.height, left : left + image.width] = image.pixels[..., 3]
    return canvas


def test_pixels_have_the_colour_and_the_coverage_as_alpha() -> None:
    """Inside of a stem alpha is the colour's, a pixel without coverage is zero, the array is read-only."""
    image = drawn("H", size=100.0, color="#10203080")
    ink = image.pixels[..., 3] > 0
    assert image.pixels[..., 3].max() == 0x80
    assert (image.pixels[ink][:, :3] == (0x10, 0x20, 0x30)).all()
    assert (image.pixels[~ink] == 0).all()
    assert not image.pixels.flags.writeable
    assert not image.opaque


def test_a_glyph_is_where_its_outline_says() -> None:
    """With a pixel to the font unit, the box of 'H' follows from its outline and the baseline."""
    image = drawn("H", size=1000.0, region=Rect(0, 0, 2000, 2000))
    glyph = shaped_with(SANS, "H").glyphs[0].id
    left, bottom, right, top = SANS.glyph(glyph).box
    baseline = 30 + (1200 - SANS.ascent - SANS.descent) / 2 + SANS.ascent
    assert image.x == 40 + left
    assert image.width == right - left
    assert image.y == int(baseline - top)
    assert image.y + image.height == int(-(-(baseline - bottom) // 1))


def test_bounds_are_tight() -> None:
    """The first and last row and column each hold ink."""
    pixels = drawn("Tight, y").pixels[..., 3]
    assert pixels[0].any()
    assert pixels[-1].any()
    assert pixels[:, 0].any()
    assert pixels[:, -1].any()


@pytest.mark.parametrize("rotation", [0.0, 17.0])
def test_cropping_to_a_region_is_cropping_the_whole(rotation: float) -> None:
    """Whatever part is asked for, its pixels are those of the whole text, byte for byte."""
    fields: dict[str, Any] = {
        "size": 33.3,
        "box_width": 300.0,
        "transform": Transform(x=40.3, y=30.7, rotation=rotation),
    }
    text = "Overlapping parts of a text, wrapped into several lines"
    whole = alpha(text, **fields)
    for region in (Rect(50, 40, 170, 90), Rect(91, 33, 92, 200), Rect(-50, -50, 130, 71)):
        inside = region.intersect(REGION)
        part = alpha(text, region, **fields)[inside.top - region.top :, inside.left - region.left :]
        expected = whole[inside.top : inside.bottom, inside.left : inside.right]
        assert np.array_equal(part[: inside.height, : inside.width], expected)


def test_no_ink_is_no_image() -> None:
    """Spaces, a transparent colour and text outside of the region give None."""
    for text, fields in (
        ("  \n ", {}),
        ("a", {"color": "#ff000000"}),
        ("a", {"transform": Transform(x=900.0)}),
    ):
        assert rasterise_text(layer(text, **fields), [(SANS,)], REGION, "test") is None


def test_a_whole_pixel_shift_moves_the_same_pixels() -> None:
    """Moving by (3, 5) changes the place, not a byte; moving by a third of a pixel changes the pixels."""
    a, b = drawn("Shift"), drawn("Shift", transform=Transform(x=43.0, y=35.0))
    assert (b.x - a.x, b.y - a.y) == (3, 5)
    assert np.array_equal(a.pixels, b.pixels)
    c = drawn("Shift", transform=Transform(x=40.34, y=30.0))
    assert a.pixels.tobytes() != c.pixels.tobytes()


def test_scale_and_size_draw_the_same_outlines() -> None:
    """A text of size 20 scaled by 3 is the text of size 60: outlines are scaled, not pixels."""
    assert np.array_equal(
        alpha("Crisp", size=60.0),
        alpha("Crisp", size=20.0, transform=Transform(x=40.0, y=30.0, scale=3.0)),
    )


def test_a_quarter_turn_turns_the_pixels() -> None:
    """Rotated by 90 degrees about a pixel corner, coverage is the unrotated one turned, but for points
    halfway between two 64ths of a pixel and the rounding of FreeType's sums: 4 of 255 at most."""
    at = {"x": 150.0, "y": 150.0}
    square = Rect(0, 0, 300, 300)
    straight = alpha("Turn", square, transform=Transform(**at)).astype(int)
    turned = alpha("Turn", square, transform=Transform(**at, rotation=90.0)).astype(int)
    assert np.abs(np.rot90(straight, -1) - turned).max() <= 4


def test_a_negative_scale_mirrors() -> None:
    """Mirrored about its anchor, the text's pixels are the flipped ones, 4 of 255 apart at most."""
    straight = alpha("Mirror", transform=Transform(x=200.0, y=30.0)).astype(int)
    mirrored = alpha("Mirror", transform=Transform(x=200.0, y=30.0, scale=-1.0, scale_y=1.0)).astype(int)
    assert np.abs(straight[:, ::-1] - mirrored).max() <= 4


def test_the_center_anchor_is_the_middle_of_the_box() -> None:
    """The box's own middle lies on (x, y)."""
    fields: dict[str, Any] = {"size": 40.0, "box_width": 120.0, "box_height": 80.0}
    box = text_box(layer("Mid", **fields), [(SANS,)], "test")
    assert (box.width, box.height) == (Fraction(120), Fraction(80))
    centered = drawn("Mid", **fields, transform=Transform(x=200.0, y=150.0, anchor="center"))
    cornered = drawn("Mid", **fields, transform=Transform(x=140.0, y=110.0))
    assert (centered.x, centered.y) == (cornered.x, cornered.y)


def test_overlapping_glyphs_are_one_shape() -> None:
    """Letters pushed over one another neither double the alpha of a half-transparent colour nor cut holes."""
    spaced: dict[str, Any] = {"size": 100.0, "color": "#00000080", "letter_spacing": -20.0}
    both = alpha("OH", **spaced)
    assert both.max() == 0x80
    one = alpha("O", size=100.0, color="#00000080")
    assert (both >= one).all()


def test_the_same_layer_gives_the_same_bytes_in_every_thread() -> None:
    """Drawn again, and by eight threads at once, pixels and hash are the same."""
    expected = drawn("Twice the same, fi ffl")
    with ThreadPoolExecutor(8) as pool:
        for image in pool.map(lambda _: drawn("Twice the same, fi ffl"), range(32)):
            assert image.pixels.tobytes() == expected.pixels.tobytes()
            assert image.content_hash == expected.content_hash


def test_another_process_gives_the_same_bytes() -> None:
    """Neither the hash seed nor the locale of a process changes a byte of the pixels or the hash."""
    script = (
        "import hashlib; from engines.image_core.tests.sources.text.test_drawing import drawn; "
        "image = drawn('fi Iı Twice');"
        "print(hashlib.sha256(image.pixels.tobytes()).hexdigest(), image.content_hash)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale},
            cwd=Path(__file__).parents[5], capture_output=True, text=True, check=True,
        ).stdout
        for seed, locale in (("1", "C.UTF-8"), ("2", "tr_TR.UTF-8"))
    }  # fmt: skip
    assert len(outputs) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"text": "other"}, {"size": 48.5}, {"color": "#000001"}, {"letter_spacing": 0.5},
        {"transform": Transform(x=41.0, y=30.0)}, {"box_width": 300.0},
    ],
)  # fmt: skip
def test_the_content_hash_follows_what_decides_the_pixels(change: dict[str, Any]) -> None:
    """Each parameter, the font and the region enter the hash; opacity, name and the like do not."""
    same = drawn("Hash", name="headline", opacity=0.5).content_hash
    assert drawn("Hash").content_hash == same
    assert drawn(**{"text": "Hash", **change}).content_hash != same
    assert drawn("Hash", Rect(0, 0, 399, 300)).content_hash != same
    regular = rasterise_text(layer("Hash"), [(family_font("Source Sans Pro", "test"),)], REGION, "test")
    assert regular is not None
    assert regular.content_hash != same


def test_glyphs_beyond_all_measure_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Glyphs of more than 16 million pixels, as only a font of very few units to the em has, are refused."""
    font = family_font("Source Sans Pro", "test", weight=300)
    monkeypatch.setattr(font, "units_per_em", 16)
    with pytest.raises(
        CompositionError, match=r"^layers\[0\]: glyphs are too large: allowed is 16777216 pixels"
    ):
        rasterise_text(
            layer("W", size=4096.0, transform=Transform(scale=1000.0)), [(font,)], REGION, "layers[0]"
        )


def test_a_damaged_glyph_names_the_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults found only while drawing carry the layer's label too."""

    def fail(glyph: int) -> None:
        raise SourceError(f"glyph {glyph} is damaged")

    font = family_font("Source Sans Pro", "test", weight=900)
    monkeypatch.setattr(font, "glyph", fail)
    with pytest.raises(SourceError, match=r"^layers\[3\]: glyph \d+ is damaged"):
        rasterise_text(layer("a"), [(font,)], REGION, "layers[3]")
