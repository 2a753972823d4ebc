"""What people get wrong, in JSON and in Python: one line that says where, what and what is allowed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from engines.image_core import CompositionError, ExportError, ImageComposition, ImageCoreError, Renderer
from engines.image_core.documents.templates import Template
from engines.image_core.export import parse_format
from engines.image_core.export.options import format_of
from engines.image_core.models import Mask, RasterLayer, RasterSource, TextLayer, Transform

CANVAS = {"tenant_id": "acme", "env": "dev", "width": 64, "height": 64}
TEXT: dict[str, Any] = {"type": "text", "text": "Hi"}


def layer(**fields: Any) -> dict[str, Any]:
    """A document of one text layer with a name."""
    return {**CANVAS, "layers": [{**TEXT, "name": "title", **fields}]}


IN_JSON: list[tuple[dict[str, Any], str]] = [
    (layer(transform={"rotate": 45}), "layer 'title', layers[0].transform.rotate: 45 is not allowed: there is"
     " no such field: did you mean 'rotation'? allowed are x, y, scale, scale_y, rotation, anchor"),
    (layer(colour="#ff0000"), "layer 'title', layers[0].colour: '#ff0000' is not allowed: there is no such"
     " field: did you mean 'color'?"),
    (layer(blendMode="multiply"), "layer 'title', layers[0].blendMode: 'multiply' is not allowed: there is no"
     " such field: did you mean 'blend_mode'?"),
    (layer(blend_mode="Multiply"), "layer 'title', layers[0].blend_mode: 'Multiply' is not allowed: did you"
     " mean 'multiply'? allowed is 'normal', "),
    (layer(align="centre"), "layer 'title', layers[0].align: 'centre' is not allowed: did you mean 'center'?"
     " allowed is 'left', 'center', 'right', 'justify', 'start' or 'end'"),
    (layer(effects=[{"type": "dropshadow"}]), "layer 'title', layers[0].effects[0]: type 'dropshadow' is not"
     " allowed: did you mean 'drop-shadow'? allowed is "),
    (layer(effects=[{"type": "stroke", "width": 3}]), "layer 'title', layers[0].effects[0].width: 3 is not"
     " allowed: there is no such field: allowed are type, color, opacity, "),
    ({**CANVAS, "layers": [{"type": "txt", "text": "Hi"}]}, "layers[0]: type 'txt' is not allowed: did you"
     " mean 'text'? allowed is 'raster', 'text', 'vector', 'group', 'adjustment'"),
    ({**CANVAS, "layers": [{"text": "Hi"}]}, "layers[0]: the field 'type' is required"),
    ({**CANVAS, "layers": [{"type": "raster", "sorce": {"path": "a.png"}}]}, "layers[0].sorce: there is no"
     " such field: did you mean 'source'?"),
    ({**CANVAS, "backgroundColor": "#ffffff"}, "backgroundColor: '#ffffff' is not allowed: there is no such"
     " field: did you mean 'background_color'? allowed are tenant_id, env, width, "),
    (layer(size="72"), "layer 'title', layers[0].size: '72' is not allowed: allowed is a number"),
]  # fmt: skip


def fault(act: Callable[[], Any]) -> str:
    """The line of the error of ours that is raised."""
    with pytest.raises(ImageCoreError) as caught:
        act()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(("document", "line"), IN_JSON, ids=lambda value: str(value)[:60])
def test_a_mistake_in_json(document: dict[str, Any], line: str) -> None:
    """A word that is nearly right is told with the right one; from a dict and from text alike."""
    assert fault(lambda: ImageComposition.model_validate(document)).startswith(line)
    assert fault(lambda: ImageComposition.model_validate_json(json.dumps(document))).startswith(line)


def template() -> Template:
    """A document with a variable."""
    return Template.parse({**layer(text="{{headline}}"), "variables": {"headline": None}})


IN_PYTHON: list[tuple[Callable[[], Any], str]] = [
    (lambda: RasterLayer(sorce={"path": "a.png"}),  # type: ignore[call-arg]
     "RasterLayer, sorce: there is no such field: did you mean 'source'?"),
    (lambda: Transform(rotate=45),  # type: ignore[call-arg]
     "Transform, rotate: 45 is not allowed: there is no such field: did you mean 'rotation'? allowed are"),
    (lambda: TextLayer(), "TextLayer: give exactly one of text, runs (given: none)"),
    (lambda: TextLayer(text="Hi", size=0),
     "TextLayer, size: 0 is not allowed: allowed is 1 to 4096"),
    (lambda: RasterSource.model_validate({"file": "a.png"}),
     "RasterSource, file: 'a.png' is not allowed: there is no such field: allowed are path, asset_id, "),
    (lambda: Mask(selection={"type": "elipse"}),
     "Mask, selection.type: 'elipse' is not allowed: did you mean 'ellipse'? allowed is "),
    (lambda: template().fill({"hedline": "Hi"}),
     "template: there is no variable 'hedline': did you mean 'headline'? there are headline"),
    (lambda: parse_format("wepb"), "format: 'wepb' is not allowed: did you mean 'webp'? allowed is png, "),
    (lambda: format_of("card.pgn"), "output 'card.pgn': its suffix is not of a format: did you mean 'png'?"
     " allowed is .png, .webp, .jpg or .avif"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "line"), IN_PYTHON, ids=[line[:40] for _, line in IN_PYTHON])
def test_a_mistake_in_python(act: Callable[[], Any], line: str) -> None:
    """Constructors and calls raise errors of this package, which name the class and the field."""
    assert fault(act).startswith(line)


def test_a_font_that_is_nearly_there() -> None:
    """Its family is guessed."""
    composition = ImageComposition.model_validate(layer(font="Source Sans"))
    with Renderer("numpy") as renderer:
        told = fault(lambda: renderer.render(composition))
    assert "font: 'Source Sans' is not known: did you mean 'Source Sans Pro'? allowed are " in told


def test_the_type_is_the_class_in_python_and_written_in_json() -> None:
    """Constructors fill it in; dumps have it, even without defaults, and the schema requires it."""
    made = TextLayer(text="Hi")
    assert made == TextLayer(type="text", text="Hi")
    assert made.model_dump(exclude_unset=True) == TEXT
    assert made.model_dump(exclude_defaults=True) == TEXT
    assert "type" in TextLayer.model_json_schema()["required"]
    with pytest.raises(CompositionError, match=r"^TextLayer, type: this field is required$"):
        TextLayer.model_validate({"text": "Hi"})


def test_errors_are_of_what_they_are_about() -> None:
    """A composition's is a CompositionError, a format's an ExportError."""
    with pytest.raises(CompositionError):
        Transform(scale=0.0)
    with pytest.raises(ExportError):
        parse_format("gif")
