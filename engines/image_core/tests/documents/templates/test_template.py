"""Templates: where variables may stand, what is said when they are wrong, and what values cannot do."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engines.image_core import CompositionError
from engines.image_core.cli.main import app
from engines.image_core.documents.templates import Template
from engines.image_core.models import RasterLayer, TextLayer

BASE: dict[str, Any] = {"tenant_id": "acme", "env": "dev", "width": 40, "height": 30}


def _template(*layers: dict[str, Any], variables: Any = None, **fields: Any) -> Template:
    declared = {"headline": "Hello"} if variables is None else variables
    return Template.parse({**BASE, "variables": declared, "layers": list(layers), **fields})


def _text(text: str = "{{headline}}", **fields: Any) -> dict[str, Any]:
    return {"type": "text", "name": "title", "text": text, **fields}


def _filled_text(template: Template, **values: str) -> str:
    layer = template.fill(values).layers[0]
    assert isinstance(layer, TextLayer)
    assert layer.text is not None
    return layer.text


def test_a_value_takes_the_place_of_its_variable_and_a_default_that_of_a_missing_one() -> None:
    """More than once in a string, with spaces inside the braces."""
    template = _template(_text("{{headline}}, {{ headline }}!"))
    assert dict(template.variables) == {"headline": "Hello"}
    assert _filled_text(template) == "Hello, Hello!"
    assert _filled_text(template, headline="Launch") == "Launch, Launch!"


def test_variables_stand_in_colours_and_in_the_places_of_files() -> None:
    """Background, text, gradient stops, fills, strokes; sources, fonts, masks; inside groups as well."""
    shape = {"type": "rect", "x": 0, "y": 0, "width": 9, "height": 9}
    stops = [{"offset": 0, "color": "{{tint}}"}, {"offset": 1, "color": "#ffffff"}]
    template = _template(
        {"type": "raster", "source": {"path": "photos/{{file}}.jpg"}, "mask": {"path": "{{file}}.png"}},
        {"type": "raster", "source": {"color": {"type": "linear", "stops": stops}}},
        {"type": "raster", "source": {"asset_id": "{{file}}"}, "mask": {"mask_artifact_id": "{{file}}"}},
        {"type": "raster", "source": {"data": "{{file}}"}},
        {"type": "group", "layers": [_text("x", color="{{tint}}", font={"path": "{{file}}.otf"})]},
        {
            "type": "vector",
            "shapes": [{**shape, "fill": "{{tint}}", "stroke": {"color": "{{tint}}", "width": 1}}],
        },
        variables={"tint": None, "file": None},
        background_color="{{tint}}",
    )
    filled = template.fill({"tint": "#112233", "file": "moon"})
    assert "{{" not in filled.model_dump_json()
    assert filled.background_color == "#112233"
    first = filled.layers[0]
    assert isinstance(first, RasterLayer)
    assert first.source.path == "photos/moon.jpg"


def test_layers_without_variables_are_checked_once() -> None:
    """They are the same in each composition, also where a fault of another one has to be told."""
    still, group = _text("as it is"), {"type": "group", "layers": [_text("{{{{ in a group")]}
    template = _template(still, _text("x", color="{{tint}}"), group, variables={"tint": None})
    first, second = (template.fill({"tint": tint}).layers for tint in ("#112233", "#445566"))
    assert [a is b for a, b in zip(first, second, strict=True)] == [True, False, False]
    assert first[2] == second[2]
    with pytest.raises(CompositionError, match=r"row 3: layer 'title', layers\[1\].color: 'bleu' is not"):
        template.fill({"tint": "bleu"}, "row 3")


def test_four_braces_write_two() -> None:
    """And braces that close nothing are themselves."""
    assert _filled_text(_template(_text("{{{{headline}} is {{headline}} }}"))) == "{{headline}} is Hello }}"


def test_a_value_is_text_and_nothing_more() -> None:
    """Quotes, braces and variables in it are characters; it cannot add a layer."""
    value = '"}, {"type": "text", "text": "{{headline}} {{{{ \\1'
    template = _template(_text())
    assert _filled_text(template, headline=value) == value
    assert len(template.fill({"headline": value}).layers) == 1


@pytest.mark.parametrize(
    ("layer", "variables", "told"),
    [
        (_text("{{headlin}}"), None, ("layers[0].text", "'headlin'", "not declared")),
        (_text("{{headline}"), None, ("layers[0].text", "'{{'", "write four")),
        (_text("{{two words}}"), None, ("layers[0].text", "'{{'")),
        (_text(align="{{headline}}"), None, ("layers[0].align", "'headline'", "may stand")),
        (
            {"type": "vector", "svg": "<svg>{{headline}}</svg>"},
            None,
            ("layers[0].svg", "'headline'", "may stand"),
        ),
        (_text(name="{{headline}}"), None, ("layers[0].name", "'headline'", "may stand")),
        (_text(), {"headline": None, "tint": None}, ("variables.tint", "nowhere")),
        (_text(), {"headline": 3}, ("variables.headline", "3", "text or null")),
        (_text(), {"head line": None}, ("'head line'", "letters")),
        (_text(), [], ("variables", "object")),
    ],
)
def test_a_faulty_template_is_told_with_its_place(
    layer: dict[str, Any], variables: Any, told: tuple[str, ...]
) -> None:
    """Before any value is put in."""
    with pytest.raises(CompositionError) as caught:
        _template(layer, variables=variables)
    assert all(part in str(caught.value) for part in ("template: ", *told)), caught.value


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, ("row 7", "'tint'", "missing")),
        ({"tint": "#ffffff", "tnit": "x"}, ("row 7", "'tnit'", "tint")),
        ({"tint": "rad"}, ("row 7", "'title'", "layers[0].color", "'rad'", "#rrggbb")),
        ({"tint": 3}, ("row 7", "'tint'", "3", "text")),
    ],
)
def test_faulty_values_are_told_with_their_row(values: Any, told: tuple[str, ...]) -> None:
    """A missing one, an unknown one, and one the field does not allow (with layer and field)."""
    template = _template(_text("x", color="{{tint}}"), variables={"tint": None})
    with pytest.raises(CompositionError) as caught:
        template.fill(values, "row 7")
    assert all(part in str(caught.value) for part in told), caught.value


def _render(document: dict[str, Any], folder: Path, *options: str) -> tuple[int, str]:
    path = folder / "card.json"
    path.write_text(json.dumps(document))
    command = ["render", str(path), "-o", str(folder / "card.png"), "--backend", "numpy", *options]
    result = CliRunner().invoke(app, command)
    return result.exit_code, result.stderr


def test_the_command_renders_a_template_with_the_values_it_is_given(tmp_path: Path) -> None:
    """The same bytes as the composition written out; a value may hold an equals sign."""
    template = {**BASE, "variables": {"headline": None}, "layers": [_text(size=20)]}
    assert _render(template, tmp_path, "--var", "headline=a=b") == (0, "")
    drawn = (tmp_path / "card.png").read_bytes()
    assert _render({**BASE, "layers": [_text("a=b", size=20)]}, tmp_path) == (0, "")
    assert (tmp_path / "card.png").read_bytes() == drawn


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "'headline' is missing"),
        (("--var", "headline"), "NAME=VALUE"),
        (("--var", "headline=a", "--var", "headline=b"), "'headline' is given twice"),
        (("--var", "headline=a", "--var", "x=b"), "no variable 'x'"),
    ],
)
def test_the_command_tells_what_is_wrong_with_the_values(
    tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    """One line and exit status 2."""
    status, line = _render({**BASE, "variables": {"headline": None}, "layers": [_text()]}, tmp_path, *options)
    assert status == 2
    assert told in line
    assert line.count("\n") == 1


def test_values_for_a_composition_without_variables_are_an_error(tmp_path: Path) -> None:
    """They would be lost otherwise."""
    status, line = _render({**BASE, "layers": []}, tmp_path, "--var", "headline=a")
    assert status == 2
    assert "it has no variables" in line
