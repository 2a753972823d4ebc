"""Fonts by their PostScript names: that very face, in its own style."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

import pytest

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.sources import files
from engines.image_core.sources.text.families import FontFolder
from engines.image_core.sources.text.fonts import load_font
from engines.image_core.tests.sources.text.font_making import (
    BOLD,
    RUBIK,
    RUBIK_ITALIC,
    collection,
    square_font,
    web_font,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two variable fonts, a static one in a web font, and a collection."""
    (tmp_path / "rubik.ttf").write_bytes(RUBIK)
    (tmp_path / "rubik italic.ttf").write_bytes(RUBIK_ITALIC)
    (tmp_path / "square.woff2").write_bytes(web_font(square_font("Odd", postscript="Strange-One"), "woff2"))
    (tmp_path / "two.ttc").write_bytes(collection(square_font("Aa"), square_font("Bb", weight=300)))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("SourceSansPro-Black", "Source Sans Pro Black"),
        ("sourcesanspro-it", "Source Sans Pro Italic"),
        ("Strange-One", "Odd Regular"),
        ("Bb-Regular", "Bb Regular"),
    ],
)
def test_a_font_is_found_by_its_postscript_name(folder: Path, name: str, found: str) -> None:
    """In any case, built in or in the folder, in files of any kind."""
    assert FontFolder(folder).families().font(name, "x").name == found


@pytest.mark.parametrize(
    ("package", "stem"), [("manimgx_fonts", "NotoSans"), ("matplotlib_fontja", "ipaexg")]
)
def test_fonts_as_they_are_published_are_found(package: str, stem: str, tmp_path: Path) -> None:
    """By every name that is listed of them."""
    root = Path(str(importlib.resources.files(package)))
    paths = [path for path in root.rglob(f"{stem}*") if path.suffix in (".ttf", ".otf")]
    for path in paths:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    fonts = FontFolder(tmp_path).families()
    names = [name for styles in fonts.listed().values() for style in styles for name in style.postscript]
    assert len(names) >= 12 + len(paths) > 12
    for name in names:
        assert fonts.font(name, "x").units_per_em


def test_instances_of_a_variable_font_are_fonts_of_their_own(folder: Path) -> None:
    """Where the font names them: the family and the style, letters and digits alone."""
    fonts = FontFolder(folder).families()
    assert fonts.font("Rubik-Black", "x").digest == load_font(RUBIK, "x", weight=900).digest
    assert fonts.font("Rubik-SemiBold", "x").digest == load_font(RUBIK, "x", weight=600).digest
    italic = load_font(RUBIK_ITALIC, "x", weight=700, italic=True)
    assert fonts.font("RubikItalic-BoldItalic", "x").digest == italic.digest


def test_a_variable_fonts_own_name_is_where_its_axes_are_by_default(folder: Path) -> None:
    """Rubik's weight is 300 there; the family's is 400."""
    fonts = FontFolder(folder).families()
    assert fonts.font("Rubik-Light", "x").digest == load_font(RUBIK, "x", weight=300).digest
    assert fonts.font("Rubik", "x").digest == load_font(RUBIK, "x", weight=400).digest


def test_an_instance_has_the_name_that_its_font_says(tmp_path: Path) -> None:
    """Not that which the family and the style would make; axes may still be set beside it."""
    wide = {"stylename": "Wide", "postscriptfontname": "Sq-W", "location": {"wght": 700, "wdth": 125}}
    axes = {"wght": (100.0, 400.0, 900.0), "wdth": (75.0, 100.0, 125.0)}
    (tmp_path / "a.ttf").write_bytes(square_font(axes=axes, instances=[wide]))
    fonts = FontFolder(tmp_path).families()
    assert fonts.font("Sq-W", "x").glyph(1).box[2] == 660
    assert fonts.font("Sq-W", "x", axes={"wdth": 100}).glyph(1).box[2] == 560
    with pytest.raises(CompositionError, match="'Square-Wide' is not known"):
        fonts.font("Square-Wide", "x")


def test_names_of_families_go_first(tmp_path: Path) -> None:
    """And names of fonts before those of instances, and the folder before what is built in."""
    (tmp_path / "a.ttf").write_bytes(square_font("Rubik-Bold"))
    (tmp_path / "b.ttf").write_bytes(RUBIK)
    (tmp_path / "c.ttf").write_bytes(square_font("Other", postscript="Rubik-Black"))
    (tmp_path / "d.ttf").write_bytes(square_font("Mine", postscript="SourceSansPro-Bold"))
    fonts = FontFolder(tmp_path).families()
    assert fonts.font("Rubik-Bold", "x").name == "Rubik-Bold Regular"
    assert fonts.font("Rubik-Black", "x").name == "Other Regular"
    assert fonts.font("SourceSansPro-Bold", "x").name == "Mine Regular"
    assert fonts.font("SourceSansPro-Black", "x").name == "Source Sans Pro Black"


def test_another_weight_or_slant_than_its_own_is_an_error(folder: Path) -> None:
    """Its own may be told; a font that stands in for others is taken as it is."""
    fonts = FontFolder(folder).families()
    assert fonts.font("Rubik-Bold", "x", weight=700).digest == fonts.font("Rubik-Bold", "x").digest
    assert fonts.font("SourceSansPro-BlackIt", "x", weight=900, italic=True).name.endswith("Black Italic")
    with pytest.raises(SourceError) as caught:
        fonts.font("Rubik-Bold", "layers[0]", weight=900)
    assert str(caught.value) == (
        "layers[0], font: weight 900 is not that of 'Rubik-Bold', which is 700: leave it out, or give the"
        " family, 'Rubik'"
    )
    with pytest.raises(SourceError) as caught:
        fonts.font("SourceSansPro-Bold", "layers[0]", italic=True)
    assert str(caught.value) == (
        "layers[0], font: italic is not in 'SourceSansPro-Bold': give the PostScript name of an italic, or"
        " the family, 'Source Sans Pro'"
    )
    stand_in = fonts.font("Rubik-Bold", "x", weight=900, italic=True, exact=False)
    assert stand_in.digest == fonts.font("Rubik-Bold", "x").digest


def test_a_slanted_instance_is_an_italic(tmp_path: Path) -> None:
    """By its place on the axes; the upright of the same font is none."""
    slanted = {"stylename": "Oblique", "location": {"slnt": -10}}
    (tmp_path / "a.ttf").write_bytes(square_font(axes={"slnt": (-10.0, 0.0, 0.0)}, instances=[slanted]))
    fonts = FontFolder(tmp_path).families()
    assert fonts.font("Square-Oblique", "x", italic=True).glyph(1).box[2] == 500
    with pytest.raises(SourceError, match="italic is not in 'Square-Regular'"):
        fonts.font("Square-Regular", "x", italic=True)


def test_a_name_is_known_by_the_version_of_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of families are, which tells whether what was drawn with it still holds."""
    monkeypatch.setattr(files, "_SETTLED_NS", -(10**12))
    fonts = FontFolder(folder)
    before = fonts.families()
    (folder / "two.ttc").write_bytes(BOLD)
    after = fonts.families()
    assert before.version("Rubik-Bold") == after.version("rubik-bold") == after.version("Rubik-Light")
    assert before.version("Bb-Regular") is not None
    assert after.version("Bb-Regular") is None
    assert FontFolder().families().version("SourceSansPro-Black") == ()
