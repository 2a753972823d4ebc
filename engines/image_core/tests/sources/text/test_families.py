"""Families by name: in a folder that the caller names, chosen as CSS chooses, never faked."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.sources import files
from engines.image_core.sources.text import families
from engines.image_core.sources.text.families import FontFolder
from engines.image_core.sources.text.font_error import FontError
from engines.image_core.sources.text.styles import best_style, styles_of
from engines.image_core.tests.sources.text.font_making import (
    BOLD,
    ITALIC,
    REGULAR,
    RUBIK,
    RUBIK_ITALIC,
    collection,
    square_font,
    web_font,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of every kind of file, some of them in a folder of their own."""
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "Rubik.TTF").write_bytes(RUBIK)
    (tmp_path / "deep" / "rubik italic.woff2").write_bytes(web_font(RUBIK_ITALIC, "woff2", "glyf", "loca"))
    square = collection(square_font(weight=300), square_font(style="Bold", weight=700))
    (tmp_path / "deep" / "deeper" / "square.ttc").write_bytes(square)
    (tmp_path / "readme.txt").write_text("no font")
    return tmp_path


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files count as old as soon as they are written."""
    monkeypatch.setattr(files, "_SETTLED_NS", -(10**12))


def test_a_family_is_found_by_its_name_in_any_case(folder: Path) -> None:
    """In folders below and in files of every kind; the built-in one stays known."""
    fonts = FontFolder(folder).families()
    assert fonts.font("rubik", "x", weight=777).name == "Rubik Light"
    assert fonts.font("RUBIK", "x", italic=True).name == "Rubik Light Italic"
    assert fonts.font("Square", "x", weight=800).name == "Square Bold"
    assert fonts.font("Source Sans Pro", "x", weight=700).name == "Source Sans Pro Bold"
    assert list(fonts.listed()) == ["Rubik", "Source Sans Pro", "Square"]
    assert fonts.faults == {}


def test_without_a_folder_only_the_built_in_family_is_known() -> None:
    """Never one of the host's."""
    fonts = FontFolder().families()
    assert fonts.font("source sans pro", "x").name == "Source Sans Pro"
    with pytest.raises(CompositionError) as caught:
        fonts.font("DejaVu Sans", "layers[0]")
    assert str(caught.value) == (
        "layers[0], font: 'DejaVu Sans' is not known: allowed are Source Sans Pro, the PostScript name of one"
        " of their fonts, or a font file; to have more, put their files into the folder of fonts"
    )


def test_a_family_of_the_folder_goes_before_the_built_in_one(tmp_path: Path) -> None:
    """By its name; what it lacks is not taken from the other."""
    (tmp_path / "a.ttf").write_bytes(square_font("Source Sans Pro"))
    fonts = FontFolder(tmp_path).families()
    assert fonts.font("Source Sans Pro", "x").name == "Source Sans Pro Regular"
    with pytest.raises(SourceError, match="italic is not in the family 'Source Sans Pro': it has upright of"):
        fonts.font("Source Sans Pro", "x", italic=True)
    assert [style.file for style in fonts.listed()["Source Sans Pro"]] == ["a.ttf"]


def test_a_family_has_the_names_that_its_languages_give_it(tmp_path: Path) -> None:
    """Each of them finds it, in a list it is under its English one."""
    (tmp_path / "a.ttf").write_bytes(square_font("Square", names={"ja": "四角", "de": "Quadrat"}))
    fonts = FontFolder(tmp_path).families()
    for name in ("square", "四角", "QUADRAT"):
        assert fonts.font(name, "x").name == "Square Regular"
    assert list(fonts.listed()) == ["Source Sans Pro", "Square"]


def test_typographic_names_put_a_family_together(tmp_path: Path) -> None:
    """ "Source Sans Pro Semibold" is by its typographic name a style of Source Sans Pro."""
    for number, font in enumerate((REGULAR, BOLD, ITALIC)):
        (tmp_path / f"{number}.otf").write_bytes(font)
    styles = FontFolder(tmp_path).families().listed()["Source Sans Pro"]
    assert [(style.name, style.weight, style.italic) for style in styles] == [
        ("Regular", (400, 400), False),
        ("Italic", (400, 400), True),
        ("Bold", (700, 700), False),
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(100, 200), (250, 200), (300, 300), (399, 300), (450, 300), (501, 600), (700, 700), (950, 800)],
)  # fmt: skip
def test_the_nearest_weight_is_that_of_css(wanted: int, found: int) -> None:
    """Among files of one weight and variable ones together, which have all weights of a range."""
    fonts = (
        square_font(weight=200),
        square_font(weight=300),
        square_font(axes={"wght": (600, 600, 800)}),
    )
    styles = [style for font in fonts for style in styles_of(font, "x")]
    chosen = best_style(styles, wanted, False, {})
    assert chosen is not None
    assert chosen[1] == found


@pytest.mark.parametrize(
    ("axes", "file"),
    [({}, "normal"), ({"wdth": 100.0}, "variable"), ({"wdth": 60.0}, "variable"), ({"BOXY": 1.0}, "normal")],
)
def test_width_goes_before_weight(axes: dict[str, float], file: str) -> None:
    """The normal width unless an axis says another; files that have the axes asked for go first."""
    named = {
        "condensed": square_font(weight=400, width_class=3),
        "normal": square_font(weight=900),
        "wide": square_font(weight=400, width_class=7),
        "variable": square_font(axes={"wdth": (60, 60, 90), "opsz": (8, 8, 72)}),
    }
    styles = [style for name, font in named.items() for style in styles_of(font, name)]
    chosen = best_style(styles, 400, False, axes)
    assert chosen is not None
    assert chosen[0].file == file


def test_an_upright_that_was_not_asked_for_may_be_missing(tmp_path: Path) -> None:
    """As a file of an italic is drawn as it is; the italic that was asked for must be there."""
    (tmp_path / "a.ttf").write_bytes(square_font("Slanted", style="Italic", italic=True))
    (tmp_path / "b.ttf").write_bytes(square_font("Upright", axes={"wght": (100, 400, 900)}))
    (tmp_path / "c.ttf").write_bytes(square_font("Leaning", axes={"slnt": (-10, 0, 0)}))
    fonts = FontFolder(tmp_path).families()
    assert fonts.font("Slanted", "x").digest == fonts.font("Slanted", "x", italic=True).digest
    assert fonts.font("Leaning", "x").digest != fonts.font("Leaning", "x", italic=True).digest
    with pytest.raises(SourceError) as caught:
        fonts.font("Upright", "layers[0]", italic=True)
    assert str(caught.value) == (
        "layers[0], font: italic is not in the family 'Upright': it has upright of weight 100 to 900"
    )


def test_axes_of_a_family_are_those_of_its_file(tmp_path: Path) -> None:
    """Set by their tags, or told to be missing."""
    (tmp_path / "a.ttf").write_bytes(square_font(axes={"wght": (100, 400, 900), "wdth": (75, 100, 125)}))
    fonts = FontFolder(tmp_path).families()
    assert fonts.font("Square", "x", axes={"wdth": 125}).glyph(1).box[2] == 600
    assert fonts.font("Square", "x", axes={"wght": 900, "wdth": 125}).glyph(1).box[2] == 700
    with pytest.raises(SourceError, match="axis 'opsz' is not in the font: it has 'wght', 'wdth'"):
        fonts.font("Square", "x", axes={"opsz": 12})
    with pytest.raises(SourceError, match="axis 'wdth' is not in the font: it has no axes"):
        fonts.font("Source Sans Pro", "x", axes={"wdth": 75})


def test_an_unknown_family_is_told_with_twenty_that_are_known(tmp_path: Path) -> None:
    """And with how many more there are, and how many files are no fonts."""
    for number in range(30):
        (tmp_path / f"{number}.ttf").write_bytes(square_font(f"Family {number:02}"))
    (tmp_path / "bad.ttf").write_bytes(b"no font")
    with pytest.raises(CompositionError) as caught:
        FontFolder(tmp_path).families().font("Nobody's", "layers[0]")
    assert "Family 00, Family 01" in str(caught.value)
    assert str(caught.value).endswith(
        "Family 19 and 11 more, the PostScript name of one of their fonts, or a font file (1 file of the"
        " folder is no font); to have more, put their files into the folder of fonts"
    )


def test_files_that_are_no_fonts_are_told_and_change_nothing(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also links that lead out of the folder, and what is no file; links to folders are not followed."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret.ttf").write_bytes(square_font("Secret"))
    (folder / "text.ttf").write_text("I am a text")
    (folder / "cut.otf").write_bytes(REGULAR[:20_000])
    (folder / "out.ttf").symlink_to(elsewhere / "secret.ttf")
    (folder / "gone.ttf").symlink_to(folder / "nowhere.ttf")
    (folder / "in.ttf").symlink_to(folder / "Rubik.TTF")
    (folder / "linked").symlink_to(elsewhere)
    os.mkfifo(folder / "pipe.ttf")
    fonts = FontFolder(folder).families()
    assert fonts.faults == {
        "cut.otf": "fonts: the file 'cut.otf': the font file is truncated",
        "gone.ttf": "fonts: the file 'gone.ttf' does not exist",
        "out.ttf": "fonts: the file 'out.ttf' lies outside the allowed folder",
        "pipe.ttf": "fonts: the file 'pipe.ttf' is not a regular file",
        "text.ttf": "fonts: the file 'text.ttf': not a TrueType, OpenType, WOFF or WOFF2 font file",
    }
    assert list(fonts.listed()) == ["Rubik", "Source Sans Pro", "Square"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """When it is named, and when it is gone later."""
    with pytest.raises(SourceError, match=r"the folder of fonts '.*nope' does not exist or is no folder"):
        FontFolder(tmp_path / "nope")
    (tmp_path / "fonts").mkdir()
    fonts = FontFolder(tmp_path / "fonts")
    (tmp_path / "fonts").rmdir()
    with pytest.raises(SourceError, match=r"^layers\[0\]: the folder of fonts '.*' cannot be read \(No such"):
        fonts.families("layers[0]")


def test_a_folder_of_very_many_files_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that was named by mistake is not looked through to its end."""
    monkeypatch.setattr(families, "_MOST_ENTRIES", 5)
    with pytest.raises(SourceError, match="holds more than 5 files"):
        FontFolder(folder).families()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are looked into, as they are."""
    paths: list[str] = []

    def noted(data: bytes, file: str) -> Sequence[object]:
        paths.append(file)
        return styles_of(data, file)

    monkeypatch.setattr(families, "styles_of", noted)
    return paths


@pytest.mark.usefixtures("settled")
def test_a_file_is_read_once_and_again_when_it_changes(folder: Path, read: list[str]) -> None:
    """The others are not; what is removed is forgotten, what is new found."""
    fonts = FontFolder(folder)
    before = fonts.families()
    assert len(read) == 3
    assert fonts.families() is before
    assert len(read) == 3
    time.sleep(0.02)  # more than a tick of the file system's clock
    (folder / "Rubik.TTF").write_bytes(square_font("Changed"))
    (folder / "new.woff").write_bytes(web_font(BOLD, "woff"))
    (folder / "deep" / "rubik italic.woff2").unlink()
    assert list(fonts.families().listed()) == ["Changed", "Source Sans Pro", "Square"]
    assert sorted(read[3:]) == ["Rubik.TTF", "new.woff"]
    assert list(before.listed()) == ["Rubik", "Source Sans Pro", "Square"]


@pytest.mark.usefixtures("settled")
def test_a_family_is_known_by_the_versions_of_its_files(folder: Path) -> None:
    """Those of other families do not count; a file that changed just now may change again unseen."""
    fonts = FontFolder(folder)
    before = fonts.families()
    time.sleep(0.02)
    (folder / "deep" / "deeper" / "square.ttc").write_bytes(square_font())
    after = fonts.families()
    assert before.version("rubik") == after.version("Rubik") is not None
    assert before.version("Square") != after.version("Square")
    assert after.version("Source Sans Pro") == ()
    assert after.version("Unknown") is None


def test_a_family_that_changed_just_now_is_not_known_by_its_files(folder: Path) -> None:
    """Its files were written a moment ago."""
    assert FontFolder(folder).families().version("Rubik") is None


def test_a_collection_of_very_many_fonts_is_told() -> None:
    """However little it takes: its fonts may all lie in one place."""
    font = square_font()
    at = (12 + 4 * 2000).to_bytes(4, "big")
    file = b"ttcf\0\1\0\0" + (2000).to_bytes(4, "big") + at * 2000 + font
    with pytest.raises(FontError, match="the collection has 2,000 fonts: allowed are 1,000"):
        styles_of(file, "x")
