"""Layers that are visible by a condition."""

from typing import Any

import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.documents.templates import Template

BASE: dict[str, Any] = {"tenant_id": "acme", "env": "dev", "width": 8, "height": 8}
VARIABLES: dict[str, Any] = {
    "name": "",
    "price": {"type": "number", "default": ""},
    "sale": {"type": "boolean", "default": False},
    "tint": {"type": "color", "default": "red"},
    "kind": {"type": "choice", "choices": ["a", "b", 1], "default": "a"},
    "badge": {"type": "image", "default": ""},
}

BOTH = [{"if": "sale", "equals": True}, {"if": "price", "above": 1}]


def _template(condition: Any) -> Template:
    uses = {"type": "text", "visible": False, "text": "{{name}} {{price}} {{sale}} {{tint}} {{kind}}"}
    badge = {"type": "raster", "visible": {"if": "badge", "not_empty": True}, "source": "{{badge}}"}
    layer = {"type": "raster", "id": "a", "name": "b", "source": {"color": "#ff0000"}, "visible": condition}
    return Template.parse({**BASE, "variables": VARIABLES, "layers": [uses, badge, layer]})


@pytest.mark.parametrize(
    ("condition", "values", "visible"),
    [
        ({"if": "price", "not_empty": True}, {"price": "0"}, True),
        ({"if": "price", "not_empty": True}, {}, False),
        ({"if": "name", "empty": True}, {"name": "  "}, True),
        ({"if": "price", "equals": "1.50"}, {"price": 1.5}, True),
        ({"if": "price", "not": 1.5}, {}, True),
        ({"if": "tint", "equals": "#f00"}, {}, True),
        ({"if": "kind", "in": ["b", 1]}, {"kind": "1"}, True),
        ({"if": "kind", "in": ["b", 1]}, {}, False),
        ({"if": "price", "above": 10}, {"price": 10}, False),
        ({"if": "price", "at_least": 10}, {"price": 10}, True),
        ({"if": "price", "below": 10}, {}, False),
        ({"if": "price", "at_most": 10}, {"price": "-3"}, True),
        ({"if": "sale", "equals": True}, {"sale": "yes"}, True),
        ("{{sale}}", {"sale": "0"}, False),
        ({"all": BOTH}, {"sale": True, "price": 2}, True),
        ({"all": BOTH}, {"price": 2}, False),
        ({"any": BOTH}, {"price": 2}, True),
    ],
)  # fmt: skip
def test_a_layer_is_visible_where_its_condition_holds(
    condition: Any, values: dict[str, Any], visible: bool
) -> None:
    """Numbers are compared as numbers, colours as colours; an empty number is neither above nor below."""
    layer = _template(condition).fill(values).layers[2]
    assert (layer.visible, layer.id, layer.name) == (visible, "a", "b")


def test_what_a_hidden_layer_would_draw_need_not_be_given() -> None:
    """The picture is that of a composition without the layer, and what is clipped to it is hidden with it."""
    base = {"type": "raster", "source": "{{badge}}", "visible": {"if": "badge", "not_empty": True}}
    clipped = {"type": "raster", "clip": True, "source": {"color": "#00ff00"}}
    ground = {"type": "raster", "source": {"color": "#0000ff"}}
    template = Template.parse(
        {**BASE, "variables": {"badge": {"type": "image", "default": ""}}, "layers": [ground, base, clipped]}
    )
    with Renderer("numpy") as renderer:
        image = renderer.render(template.fill({}))
    assert (image.pixels == [0, 0, 255, 255]).all()


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"if": "pric", "not_empty": True}, "the variable 'pric' is not declared: did you mean 'price'?"),
        ({"if": "price", "over": 3}, "there is no comparison 'over'"),
        ({"if": "price", "equal": 3}, "did you mean 'equals'?"),
        ({"if": "price"}, 'a condition is {"if": NAME}'),
        ({"if": "price", "above": 3, "below": 9}, 'a condition is {"if": NAME}'),
        ({"if": "__class__.x", "not_empty": True}, "not declared"),
        ({"if": "name; import os", "not_empty": True}, "allowed is the name of a variable"),
        ({"if": "price", "equals": "x"}, "if 'price' equals: 'x' is not allowed: allowed is a number"),
        ({"if": "price", "above": ""}, "to compare with nothing"),
        ({"if": "name", "above": 3}, "allowed are numbers: the variable is of type text"),
        ({"if": "badge", "equals": "x"}, "a variable of type image can be empty or not_empty"),
        ({"if": "price", "empty": False}, "allowed is true"),
        ({"if": "kind", "in": "b"}, "a list of 1 to 1000 values"),
        ({"all": []}, "a list of 1 to 20 conditions"),
        ({"all": ["x"]}, "all[0]: allowed is a condition"),
        ({"all": [{"if": "sale", "equals": True}], "any": []}, "beside 'all' nothing is allowed"),
        (
            {"any": [{"any": [{"any": [{"any": [{"if": "sale", "equals": True}]}]}]}]},
            "too deep: allowed is 4",
        ),
        ("{{name}}", "one variable of type boolean, or a condition"),
        ("{{sale}} ", "one variable of type boolean"),
    ],
)
def test_a_faulty_condition_is_told_with_its_place(condition: Any, told: str) -> None:
    """Before any value is put in."""
    with pytest.raises(CompositionError) as caught:
        _template(condition)
    assert str(caught.value).startswith("template: layers[2].visible: ")
    assert told in str(caught.value)
