"""`image-core fonts`, and `--fonts` of the commands that render."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engines.image_core.cli.main import app
from engines.image_core.tests.sources.text.font_making import collection, square_font

CARD = {
    "tenant_id": "acme", "env": "dev", "width": 40, "height": 40,
    "layers": [{"type": "text", "text": "A", "size": 40, "font": "Square"}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a collection of two styles, and a file that is no font."""
    (tmp_path / "fonts" / "deep").mkdir(parents=True)
    file = collection(square_font(axes={"wght": (100, 400, 900)}), square_font(style="Italic", italic=True))
    (tmp_path / "fonts" / "deep" / "square.ttc").write_bytes(file)
    (tmp_path / "fonts" / "bad.ttf").write_bytes(b"no font\n")
    return tmp_path / "fonts"


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_fonts_lists_the_families_of_a_folder(folder: Path) -> None:
    """A row for each style, with its file; then what is no font, which is no failure."""
    result = _run("fonts", folder)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    [upright] = [line for line in lines if line[:2] == ["Square", "Regular"]]
    [italic] = [line for line in lines if line[:1] == ["Italic"] and "deep/square.ttc," in line]
    assert upright[2] == "Square-Regular"
    assert upright[3:] == ["100", "to", "900", "upright", "wght", "100", "to", "900", "1", "deep/square.ttc"]
    assert italic == ["Italic", "Square-Italic", "400", "italic", "1", "deep/square.ttc,", "index", "1"]
    assert result.stdout.endswith(
        "fonts: the file 'bad.ttf': not a TrueType, OpenType, WOFF or WOFF2 font file\n"
    )


def test_fonts_as_json(folder: Path) -> None:
    """All that is known of each style."""
    result = json.loads(_run("fonts", folder, "--json").stdout)
    assert [family["family"] for family in result["families"]] == ["Source Sans Pro", "Square"]
    assert result["families"][1]["styles"][0] == {
        "style": "Regular",
        "postscript_names": ["Square-Regular"],
        "weight": [100, 900],
        "width": [100.0, 100.0],
        "upright": True,
        "italic": False,
        "axes": {"wght": {"least": 100.0, "default": 400.0, "most": 900.0}},
        "characters": 1,
        "file": "deep/square.ttc",
        "index": 0,
    }
    assert [fault["file"] for fault in result["faults"]] == ["bad.ttf"]


def test_fonts_without_a_folder_lists_the_built_in_family() -> None:
    """Its twelve styles."""
    [family] = json.loads(_run("fonts", "--json").stdout)["families"]
    assert family["family"] == "Source Sans Pro"
    assert len(family["styles"]) == 12
    assert {style["file"] for style in family["styles"]} == {None}


def test_a_name_in_a_font_is_no_command_to_a_terminal(tmp_path: Path) -> None:
    """What is not printable in it is escaped."""
    (tmp_path / "a.ttf").write_bytes(square_font("Red \x1b[31m\nfont"))
    assert "Red \\x1b[31m\\nfont" in _run("fonts", tmp_path).stdout


def test_a_folder_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    """With one line."""
    result = _run("fonts", tmp_path / "nope")
    assert result.exit_code == 2
    assert result.stderr.startswith("image-core: the folder of fonts ")


def test_render_and_register_take_a_folder_of_fonts(folder: Path, tmp_path: Path) -> None:
    """And tell the families there are where it has not the one that is named."""
    path = tmp_path / "card.json"
    path.write_text(json.dumps(CARD))
    numpy = ("--backend", "numpy")
    assert _run("render", path, "-o", tmp_path / "a.png", "--fonts", folder, *numpy).exit_code == 0
    assert _run("register", path, "--data", tmp_path / "data", "--fonts", folder, *numpy).exit_code == 0
    result = _run("render", path, "-o", tmp_path / "a.png", *numpy)
    assert result.exit_code == 2
    assert "font: 'Square' is not known: allowed are Source Sans Pro, the PostScript name" in result.stderr
