"""Photoshop files as templates of batches, of the command line and of the HTTP service."""

from __future__ import annotations

import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from engines.image_core import CompositionError, Renderer
from engines.image_core.cli.main import app
from engines.image_core.psd.rows import PsdRows
from tests.psd.made import Made
from tests.psd.scenes import backdrop, painted, scene

UPRIGHT = ((10.0, 6.0), (30.0, 6.0), (30.0, 26.0), (10.0, 26.0))


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A card with a photograph in a smart object and a badge, and two pictures beside it."""
    photo = painted(7, 20, 20, opaque=True, name="Photo", transform={"x": 10.0, "y": 6.0})
    with Renderer("numpy") as renderer:
        made = Made(scene(backdrop(), photo, painted(3, 8, 8, name="Badge")), renderer)
    for name, color in (("red", "#ff0000"), ("green", "#00ff00")):
        Image.new("RGB", (20, 20), color).save(tmp_path / f"{name}.png")
    data = (tmp_path / "red.png").read_bytes()
    return made.smart_object("Photo", data, UPRIGHT, (20, 20)).save(tmp_path / "card.psd")


def _run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_column_is_what_the_kind_of_its_layer_takes(card: Path) -> None:
    """A smart object a picture, others whether they are shown; a prefix says it otherwise."""
    rows = PsdRows(card, "t", "test")
    assert {"Photo", "Badge", "visible:Photo", "image:Photo"} <= rows.variables.keys()
    filled = rows.fill({"Photo": "green.png", "Badge": "no"})
    assert [layer.visible for layer in filled.layers] == [True, True, False]
    assert filled.layers[1].model_dump()["source"]["path"] == "green.png"
    hidden = rows.fill({"visible:Photo": "false", "Badge": ""})
    assert [layer.visible for layer in hidden.layers] == [True, False, True]


def test_a_value_that_says_neither_yes_nor_no_is_told_with_its_row(card: Path) -> None:
    """And its column."""
    with pytest.raises(
        CompositionError, match=r"^row 3: Badge: 'maybe' is not allowed: allowed is true, yes, 1"
    ):
        PsdRows(card, "t", "test").fill({"Badge": "maybe"}, "row 3")


def test_it_goes_to_other_processes_as_the_files_name(card: Path) -> None:
    """And fills the same there."""
    rows = PsdRows(card, "t", "test")
    pickled = pickle.dumps(rows)
    assert len(pickled) < 1000
    values = {"Photo": "red.png"}
    assert pickle.loads(pickled).fill(values) == rows.fill(values)


def test_a_batch_draws_a_card_a_row(card: Path, tmp_path: Path) -> None:
    """By worker processes, with pictures beside the file."""
    (tmp_path / "rows.csv").write_text("Photo,Badge,output\nred.png,no,a.png\ngreen.png,no,b.png\n")
    result = _run(
        "batch", card, "--data", tmp_path / "rows.csv", "--out", tmp_path / "cards", "--backend", "numpy"
    )
    assert result.exit_code == 0, result.output
    for name, color in (("a", (255, 0, 0, 255)), ("b", (0, 255, 0, 255))):
        drawn = np.asarray(Image.open(tmp_path / "cards" / f"{name}.png").convert("RGBA"))
        assert (drawn[6:26, 10:30] == color).all()


def test_a_column_that_is_no_layer_is_one_line(card: Path, tmp_path: Path) -> None:
    """It lists the layers that there are."""
    (tmp_path / "rows.csv").write_text("Headline\nx\n")
    result = _run("batch", card, "--data", tmp_path / "rows.csv", "--out", tmp_path / "cards")
    assert result.exit_code == 2
    assert "the column 'Headline' is no variable: there are Badge" in result.stderr


def test_inspect_tells_the_layers_from_the_top(card: Path) -> None:
    """For people, and as JSON."""
    lines = _run("psd", "inspect", card).stdout.splitlines()
    assert lines[0].endswith("card.psd: 48 x 36, rgb, 8 bits")
    assert [line.partition(": ")[0].split()[-1] for line in lines[1:]] == ["Badge", "Photo", "backdrop"]
    told = json.loads(_run("psd", "inspect", card, "--json").stdout)
    assert [layer["kind"] for layer in told["layers"]] == ["pixels", "smart object", "pixels"]
    assert told["layers"][1]["smart_object"]["filename"] == "photo.png"


def test_render_replaces_what_it_is_told(card: Path, tmp_path: Path) -> None:
    """A picture from anywhere; what is hidden is not drawn."""
    out = tmp_path / "elsewhere" / "out.png"
    out.parent.mkdir()
    result = _run(
        "psd", "render", card, "-o", out, "--image", f"Photo={tmp_path / 'green.png'}", "--hide", "Badge",
        "--backend", "numpy",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    drawn = np.asarray(Image.open(out).convert("RGBA"))
    assert (drawn[6:26, 10:30] == (0, 255, 0, 255)).all()


def test_what_is_converted_draws_the_same_without_the_file(card: Path, tmp_path: Path) -> None:
    """The folder has all it needs; a smart object is a variable."""
    folder, out, same = tmp_path / "card", tmp_path / "a.png", tmp_path / "b.png"
    assert _run("psd", "convert", card, "-o", folder).exit_code == 0
    _run("psd", "render", card, "-o", same, "--image", f"Photo={tmp_path / 'red.png'}", "--backend", "numpy")
    card.unlink()
    template = json.loads((folder / "composition.json").read_text())
    assert template["variables"] == {"photo": "assets/photo.png"}
    result = _run("render", folder / "composition.json", "-o", out, "--backend", "numpy")
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == same.read_bytes()


def test_linked_smart_objects_are_converted_to_one_variable(tmp_path: Path) -> None:
    """What changes together in the PSD file does so in the template: it is called as the lowest is.

    Another picture covers each, but one that the file stretches is stretched."""
    low, high = ((x, 6.0) for x in (2.0, 30.0))
    layers = [
        painted(7, 10, 10, opaque=True, name=name, transform={"x": x, "y": y})
        for name, (x, y) in (("Left", low), ("Right", high))
    ]
    file = io.BytesIO()
    Image.new("RGB", (10, 10), "#00ff00").save(file, "PNG")
    with Renderer("numpy") as renderer:
        made = Made(scene(*layers), renderer)
    for name, (x, y) in (("Left", low), ("Right", high)):
        right = x + (10 if name == "Left" else 16)
        corners = ((x, y), (right, y), (right, y + 10), (x, y + 10))
        made.smart_object(name, file.getvalue(), corners, (10, 10))
    folder = tmp_path / "card"
    result = _run("psd", "convert", made.save(tmp_path / "copies.psd"), "-o", folder)
    assert result.exit_code == 0, result.output
    template = json.loads((folder / "composition.json").read_text())
    assert template["variables"] == {"left": "assets/left.png"}
    assert [layer["source"] for layer in template["layers"]] == [{"path": "{{left}}"}] * 2
    assert [layer["fit"] for layer in template["layers"]] == ["cover", "fill"]
