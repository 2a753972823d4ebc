"""`image-core measure` and `Renderer.measure`: what texts take, without drawing them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engines.image_core import CompositionError, ImageComposition, Renderer, RenderLimits
from engines.image_core.cli.main import app
from engines.image_core.models import TextLayer

TEXT: dict[str, Any] = {
    "type": "text", "name": "headline", "size": 40.0, "line_height": 1.25, "box_width": 200.0, "max_lines": 2,
    "overflow": "ellipsis", "align": "right",
    "runs": [{"text": "Two lines of text, "}, {"text": "and more of it", "weight": 700, "size": 20.0}],
}  # fmt: skip


def _run(tmp_path: Path, *layers: dict[str, Any], options: tuple[str, ...] = ()) -> Result:
    card = {"tenant_id": "acme", "env": "dev", "width": 400, "height": 300, "layers": list(layers)}
    (tmp_path / "card.json").write_text(json.dumps(card))
    return CliRunner().invoke(app, ["measure", str(tmp_path / "card.json"), *options])


def test_lines_and_their_boxes_are_told(numpy_renderer: Renderer) -> None:
    """What is on each line, where it lies, and which font it is in at what size."""
    measured = numpy_renderer.measure(TextLayer.model_validate(TEXT))
    assert (measured.size, measured.width, measured.height, measured.cut) == (40, 200, 100, True)
    first, second = measured.lines
    assert first.text == "Two lines of"
    assert second.text.startswith("text, ")
    assert second.text.endswith("…")
    assert (first.top, first.height, second.top) == (0, 50, 50)
    assert first.x + first.width == pytest.approx(200)
    assert [(run.font, run.size) for run in second.runs] == [
        ("Source Sans Pro", 40),
        ("Source Sans Pro Bold", 20),
    ]
    assert second.runs[0].x == second.x
    assert second.runs[1].x == pytest.approx(second.runs[0].x + second.runs[0].width)
    assert sum(run.width for run in second.runs) == pytest.approx(second.width)


def test_what_is_measured_is_what_is_drawn(numpy_renderer: Renderer) -> None:
    """A size that was found shrinking is told, and one that cannot be is the same error."""
    layer = TextLayer.model_validate({**TEXT, "overflow": "shrink", "box_height": 60.0})
    measured = numpy_renderer.measure(layer)
    assert 1 < measured.size < 40
    assert not measured.cut
    assert sum(line.height for line in measured.lines) <= 60
    with pytest.raises(CompositionError, match=r"^headline, overflow: .* even at a size of 39 pixels"):
        numpy_renderer.measure(layer.model_copy(update={"min_size": 39.0}), label="headline")
    with Renderer("numpy", limits=RenderLimits(text_length=5)) as renderer, pytest.raises(CompositionError):
        renderer.measure(layer)


def test_an_image_tells_the_fonts_of_its_texts(numpy_renderer: Renderer) -> None:
    """By the layers' places, in groups too; other layers are not there."""
    emoji = {"type": "text", "text": "Hi \U0001f44b", "fonts": ["Source Sans Pro", "emoji"]}
    paint = {"type": "raster", "source": {"color": "#ffffff"}}
    card = {"tenant_id": "acme", "env": "dev", "width": 400, "height": 300}
    layers = [paint, {"type": "group", "layers": [TEXT]}, emoji]
    image = numpy_renderer.render(ImageComposition.model_validate({**card, "layers": layers}))
    assert list(image.text) == ["layers[1].layers[0]", "layers[2]"]
    assert image.text["layers[1].layers[0]"] == numpy_renderer.measure(TextLayer.model_validate(TEXT))
    [line] = image.text["layers[2]"].lines
    assert [run.font for run in line.runs] == ["Source Sans Pro", "OpenMoji Color"]


def test_the_command_tells_each_text_line_by_line(tmp_path: Path) -> None:
    """Other layers are nothing to it; in groups it looks too."""
    paint = {"type": "raster", "source": {"color": "#ffffff"}}
    result = _run(tmp_path, paint, {"type": "group", "layers": [TEXT]})
    assert result.exit_code == 0
    title, first, second = result.stdout.splitlines()
    assert title == "layers[1].layers[0] 'headline': 200.00 x 100.00 pixels, size 40, cut"
    assert first.split()[:6] == ["1.80", "0.00", "198.20", "x", "50.00", "'Two"]
    assert second.endswith("Source Sans Pro, Source Sans Pro Bold")


def test_the_command_as_json(tmp_path: Path) -> None:
    """All of it, by the names of the fields."""
    [text] = json.loads(_run(tmp_path, TEXT, options=("--json",)).stdout)["texts"]
    assert (text["layer"], text["name"], text["size"], text["cut"]) == ("layers[0]", "headline", 40, True)
    assert text["lines"][0]["text"] == "Two lines of"
    assert text["lines"][1]["runs"][1]["font"] == "Source Sans Pro Bold"


def test_a_fault_is_one_line(tmp_path: Path) -> None:
    """As `render` has it."""
    result = _run(tmp_path, {**TEXT, "overflow": "error"})
    assert result.exit_code == 2
    told = "image-core: layer 'headline' (layers[0]), overflow: the text takes 3 lines, 125 pixels high"
    assert result.stderr.startswith(told)
    assert result.stderr.count("\n") == 1
