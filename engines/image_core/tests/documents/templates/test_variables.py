"""Typed variables: what each takes of text and of JSON, where it may stand, and what is said of others."""

import pickle
from typing import Any

import pytest

from engines.image_core import CompositionError
from engines.image_core.documents.templates import Template
from engines.image_core.models import ImageComposition, RasterLayer, TextLayer

BASE: dict[str, Any] = {"tenant_id": "acme", "env": "dev", "width": 40, "height": 30}

NUMBER = {"type": "number"}
LIST = {"type": "list", "items": {"a": None}}


def _template(variables: dict[str, Any], *layers: dict[str, Any], **fields: Any) -> Template:
    return Template.parse({**BASE, "variables": variables, "layers": list(layers), **fields})


def _text(**fields: Any) -> dict[str, Any]:
    return {"type": "text", "name": "title", "text": "x", **fields}


ALL = {
    "size": {"type": "number", "min": 8, "max": 90},
    "faint": {"type": "number", "default": 1},
    "tint": {"type": "color", "default": "red"},
    "shown": {"type": "boolean", "default": True},
    "align": {"type": "choice", "choices": ["left", "center"], "default": "left"},
    "photo": {"type": "image"},
    "side": {"type": "number"},
}
LAYERS = (
    {"type": "raster", "source": "{{photo}}"},
    _text(size="{{size}}", opacity="{{faint}}", color="{{tint}}", align="{{align}}", visible="{{shown}}"),
)


@pytest.mark.parametrize(
    "values",
    [
        {
            "size": "12.5",
            "faint": "5e-1",
            "shown": "Yes",
            "align": "center",
            "photo": "a.jpg",
            "side": " 64 ",
        },
        {
            "size": 12.5,
            "faint": 0.5,
            "shown": True,
            "align": "center",
            "photo": {"path": "a.jpg"},
            "side": 64,
        },
    ],
)
def test_a_field_that_is_one_variable_takes_its_typed_value(values: dict[str, Any]) -> None:
    """Of text, as cells of a table have it, and of JSON; also whole numbers, where floats are refused."""
    filled = _template(ALL, *LAYERS, width="{{side}}").fill(values)
    written = ImageComposition.model_validate(
        {
            **BASE,
            "width": 64,
            "layers": [
                {"type": "raster", "source": {"path": "a.jpg"}},
                _text(size=12.5, opacity=0.5, color="#ff0000", align="center"),
            ],
        }
    )
    assert filled == written


def test_a_number_or_a_flag_in_a_longer_text_is_written_as_people_write_it() -> None:
    """Without exponents and needless digits; an empty value is no text."""
    variables = {name: {"type": "number", "default": ""} for name in "abcd"} | {
        "e": {"type": "boolean", "default": False}
    }
    template = _template(variables, _text(text="{{a}}|{{b}}|{{c}}|{{d}}|{{e}}"), _text(text="{{a}}"))
    first, second = template.fill({"a": 3.0, "b": 1e-7, "c": "1.10"}).layers
    assert isinstance(first, TextLayer)
    assert isinstance(second, TextLayer)
    assert (first.text, second.text) == ("3|0.0000001|1.1||false", "3")


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("asset:0f3c", {"asset_id": "0f3c"}),
        ("data:image/png;base64,aGk=", {"data": "aGk="}),
        ({"data": "aGk="}, {"data": "aGk="}),
        ("photos/{{x}}.jpg", {"path": "photos/{{x}}.jpg"}),
    ],
)
def test_an_image_is_a_path_an_asset_or_data(written: Any, source: dict[str, str]) -> None:
    """As text or as the object itself; braces in it are characters."""
    template = _template({"photo": {"type": "image"}}, {"type": "raster", "source": "{{photo}}"})
    layer = template.fill({"photo": written}).layers[0]
    assert isinstance(layer, RasterLayer)
    assert layer.source.model_dump(exclude_none=True, exclude_defaults=True) == source


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ({"type": "number"}, "1,5", "'1,5' is not allowed: allowed is a number"),
        ({"type": "number"}, "nan", "allowed is a number"),
        ({"type": "number"}, "1e99", "allowed is a number"),
        ({"type": "number"}, 10**400, "allowed is a number"),
        ({"type": "number"}, float("inf"), "allowed is a number"),
        ({"type": "number"}, True, "allowed is a number"),
        ({"type": "number"}, "\u0663", "allowed is a number"),
        ({"type": "number", "min": 1, "max": 2.5}, "3", "a number of 1 to 2.5"),
        ({"type": "number", "min": 0}, -1, "a number of 0 or more"),
        ({"type": "color"}, "rad", "did you mean 'red'"),
        ({"type": "color"}, 3, "a colour, as text"),
        ({"type": "boolean"}, "maybe", "true, yes, 1, false, no, 0"),
        ({"type": "boolean"}, 1, "true or false"),
        ({"type": "choice", "choices": ["left", 2]}, "lef", "did you mean 'left'? allowed is 'left', 2"),
        ({"type": "choice", "choices": [1, 2]}, True, "allowed is 1, 2"),
        ({"type": "image"}, {"path": "a", "asset_id": "b"}, "exactly one"),
        ({"type": "image"}, {"path": "a", "psd": {}}, "no such field"),
        ({"type": "image"}, "data:image/png,x", "base64"),
        ({"type": "image"}, ["a"], "allowed is a path"),
        ({"type": "text", "max_length": 3}, "four", "allowed are up to 3"),
        ({"type": "text", "pattern": "[A-Z]{2}[0-9]+"}, "DE7x", "what matches '[A-Z]{2}[0-9]+'"),
        ({"type": "text"}, 3, "3 is not text"),
        ({"type": "list", "items": {"a": None}}, "{", "not JSON"),
        ({"type": "list", "items": {"a": None}}, [1], "[0]: 1 is not allowed: allowed is an object of a"),
        ({"type": "list", "items": {"a": None}}, [{"a": "x", "b": 1}], "[0]: there is no variable 'b'"),
        ({"type": "list", "items": {"a": NUMBER}}, [{"a": 1}, {"a": "x"}], "[1]: the variable 'a': 'x'"),
        ({"type": "list", "items": {"a": None}, "max_items": 2}, [{"a": ""}] * 3, "3 items are too many"),
        ({"type": "list", "items": {"a": None}}, {"a": 1}, "a list of objects"),
    ],
)  # fmt: skip
def test_a_value_that_the_type_does_not_allow_is_told(
    variable: dict[str, Any], value: Any, told: str
) -> None:
    """In one line: the template or the row, the variable, the value, what is allowed."""
    uses: dict[str, Any] = {"image": {"type": "raster", "source": "{{v}}"}}
    uses["list"] = {"repeat": "v", "as": "i", "layer": _text(text="{{i.a}}")}
    template = _template({"v": variable}, uses.get(variable["type"], _text(text="{{v}}")))
    with pytest.raises(CompositionError) as caught:
        template.fill({"v": value}, "row 7")
    assert str(caught.value).startswith("row 7: the variable 'v': ")
    assert told in str(caught.value)


def test_an_empty_value_has_no_place_of_its_own() -> None:
    """It may be a text, or stand in a layer that is hidden; in any other field it is told."""
    template = _template({"size": {"type": "number", "default": ""}}, _text(size="{{size}}"))
    with pytest.raises(CompositionError, match=r"row 1: layers\[0\].size: the variable 'size' is empty"):
        template.fill({"size": " "}, "row 1")


@pytest.mark.parametrize(
    ("variables", "layer", "told"),
    [
        ({"v": {"type": "nmber"}}, _text(), "v: type 'nmber' is not allowed: did you mean 'number'?"),
        ({"v": {"default": "x"}}, _text(), "variables.v: the field 'type' is required"),
        ({"v": {"type": "number", "mx": 3}}, _text(), "v: mx: 3 is not allowed: there is no such field"),
        ({"v": {"type": "number", "min": 3, "max": 1}}, _text(), "min 3 is above max 1"),
        ({"v": {"type": "number", "default": "x"}}, _text(), "variables.v.default: 'x' is not allowed"),
        ({"v": {"type": "choice", "choices": []}}, _text(), "choices"),
        ({"v": {"type": "text", "pattern": "(?=a)"}}, _text(), "pattern '(?=a)' is no regular expression"),
        ({"v": {"type": "text", "pattern": "a{1000000}"}}, _text(), "regular expression"),
        ({"v": {"type": "list", "items": {"index": None}}}, _text(), "items.index"),
        ({"v": {"type": "list", "items": {"w": LIST}}}, _text(), "no lists among"),
        ({"v": NUMBER}, _text(text="{{v}}", name="{{v}} a"), "layers[0].name: no variable may stand"),
        ({"v": {"type": "number"}}, _text(align="{{v | upper}}"), "layers[0].align: no variable may stand"),
        ({"v": None}, _text(size="{{v}}"), "layers[0].size: no variable may stand here ('v') (it is text)"),
        ({"v": {"type": "image"}}, _text(text="{{v}}"), "layers[0].text: 'v' is a picture: allowed is a"),
        ({"v": LIST}, _text(text="{{v}}"), "'v' is a list"),
    ],
)  # fmt: skip
def test_a_faulty_declaration_or_place_is_told(variables: Any, layer: dict[str, Any], told: str) -> None:
    """Before any value is put in."""
    with pytest.raises(CompositionError) as caught:
        _template(variables, layer)
    assert str(caught.value).startswith("template: ")
    assert told in str(caught.value)


def test_a_pattern_takes_linear_time() -> None:
    """One that would take others longer than the universe is old."""
    template = _template({"v": {"type": "text", "pattern": "(a+)+b"}}, _text(text="{{v}}"))
    with pytest.raises(CompositionError, match="matches"):
        template.fill({"v": "a" * 100_000})


def test_a_template_goes_to_other_processes_as_it_is() -> None:
    """Workers of a batch are given it."""
    template = _template(ALL, *LAYERS, width="{{side}}")
    values = {"size": 9, "photo": "a.jpg", "side": 8}
    assert pickle.loads(pickle.dumps(template)).fill(values) == template.fill(values)
