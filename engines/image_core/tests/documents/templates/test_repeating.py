"""Layers that are repeated for the items of a list."""

import json
from typing import Any

import pytest

from engines.image_core import CompositionError
from engines.image_core.documents.templates import Template
from engines.image_core.models import GroupLayer, TextLayer

BASE: dict[str, Any] = {"tenant_id": "acme", "env": "dev", "width": 40, "height": 30}
PRODUCTS: dict[str, Any] = {
    "type": "list",
    "items": {
        "name": None,
        "price": {"type": "number", "default": ""},
        "photo": {"type": "image", "default": ""},
    },
    "max_items": 1000,
}
NAMED = {"type": "text", "text": "{{product.number}}/{{product.index}} {{product.name}} {{mark}}"}


def _template(*layers: dict[str, Any], **variables: Any) -> Template:
    declared = {"products": PRODUCTS, "mark": "*", **variables}
    return Template.parse({**BASE, "variables": declared, "layers": list(layers)})


def _repeat(layer: Any = NAMED, **fields: Any) -> dict[str, Any]:
    return {"repeat": "products", "as": "product", "layer": layer, **fields}


def _texts(template: Template, products: Any) -> list[str | None]:
    filled = template.fill({"products": products})
    return [layer.text for layer in filled.layers if isinstance(layer, TextLayer)]


@pytest.mark.parametrize("as_text", [False, True])
def test_a_layer_is_there_for_each_item_in_its_place_among_the_others(as_text: bool) -> None:
    """With its own values, those around it, and its place in the list; of JSON in a cell as well."""
    below, above = {"type": "text", "text": "below"}, {"type": "text", "text": "above"}
    template = _template(below, _repeat(), above)
    items = [{"name": "A"}, {"name": "{{mark}}"}]
    given = json.dumps(items) if as_text else items
    for _ in range(2):  # the second time what does not change is kept
        assert _texts(template, given) == ["below", "1/0 A *", "2/1 {{mark}} *", "above"]
    assert _texts(template, "") == ["below", "above"]


def test_items_have_their_own_conditions_pictures_and_numbers() -> None:
    """Inside groups, and lists in lists of layers: each of one list by each of another."""
    inner = {
        "repeat": "sizes",
        "as": "size",
        "layer": {"type": "text", "text": "{{product.name}} {{size.name}}"},
    }
    photo = {
        "type": "raster",
        "source": "{{product.photo}}",
        "visible": {"if": "product.photo", "not_empty": True},
    }
    priced = {
        "type": "text",
        "text": "x",
        "visible": {"if": "product.price", "above": 5},
        "size": "{{product.price}}",
    }
    template = _template(
        _repeat({"type": "group", "layers": [photo, priced, inner]}),
        {"type": "text", "text": "{{mark}}"},
        sizes={"type": "list", "items": {"name": None}, "default": [{"name": "S"}, {"name": "M"}]},
    )  # fmt: skip
    first, second, _ = template.fill(
        {"products": [{"name": "A", "price": 9}, {"name": "B", "photo": "b.jpg"}]}
    ).layers
    assert isinstance(first, GroupLayer)
    assert isinstance(second, GroupLayer)
    assert [layer.visible for layer in first.layers] == [False, True, True, True]
    assert [layer.visible for layer in second.layers] == [True, False, True, True]
    texts = [layer.text for layer in (*first.layers, *second.layers) if isinstance(layer, TextLayer)]
    assert texts == ["x", "A S", "A M", "B S", "B M"]


def test_an_offset_moves_each_from_the_one_before() -> None:
    """From where the layer's own transform has it."""
    layer = {**NAMED, "transform": {"x": 5, "rotation": 90}}
    placed = _template(_repeat(layer, offset=[10, 20.5])).fill({"products": [{"name": "x"}] * 3}).layers
    assert all(isinstance(layer, TextLayer) for layer in placed)
    transforms = [layer.transform for layer in placed if isinstance(layer, TextLayer)]
    assert [(t.x, t.y, t.rotation) for t in transforms] == [(5, 0, 90), (15, 20.5, 90), (25, 41, 90)]


@pytest.mark.parametrize(
    ("node", "told"),
    [
        (_repeat(every=2), "layers[0]: every: there is no such field of a repeated layer"),
        ({"repeat": "products", "layer": NAMED}, "as: 'None' is not allowed"),
        (
            {"repeat": "products", "as": "mark", "layer": NAMED},
            "as: 'mark' is the name of a variable already",
        ),
        ({"repeat": "product", "as": "p", "layer": NAMED}, "did you mean 'products'?"),
        ({"repeat": "mark", "as": "p", "layer": NAMED}, "of type text: allowed is a list"),
        (_repeat(_repeat()), "layer: allowed is a layer"),
        (_repeat([NAMED]), "layer: allowed is a layer"),
        (_repeat({**NAMED, "text": "{{product}}"}), "layers[0].layer.text: 'product' is an item of a list"),
        (_repeat({**NAMED, "text": "{{product.nam}}"}), "'product' has no field 'nam': did you mean 'name'?"),
        (_repeat(offset=[1]), "offset: [1] is not allowed"),
        (_repeat(offset=[1, float("nan")]), "two numbers"),
        ({**NAMED, "text": "{{product.name}}"}, "the variable 'product.name' is not declared"),
    ],
)
def test_a_faulty_repetition_is_told_with_its_place(node: dict[str, Any], told: str) -> None:
    """Before any value is put in."""
    with pytest.raises(CompositionError) as caught:
        _template(node, {"type": "text", "text": "{{mark}}"})
    assert told in str(caught.value)


def test_an_offset_of_a_layer_placed_in_percent_is_told() -> None:
    """It would be lost otherwise."""
    template = _template(_repeat({**NAMED, "transform": {"x": "50%"}}, offset=[1, 1]))
    with pytest.raises(CompositionError, match=r"row 2: layers\[0\]: offset is for layers .* '50%' is not"):
        template.fill({"products": [{"name": "x"}] * 2}, "row 2")


def test_repetitions_are_bounded_together() -> None:
    """A thousand of a thousand of a thousand are refused before they are made."""
    inner: dict[str, Any] = {"type": "group", "layers": [{**NAMED, "text": "x" * 1000} for _ in range(10)]}
    for name in ("c", "b", "a"):
        inner = {"type": "group", "layers": [{"repeat": "products", "as": name, "layer": inner}]}
    template = _template(inner, {"type": "text", "text": "{{mark}}"})
    with pytest.raises(CompositionError, match="repeated layers come to more than 1000000 values"):
        template.fill({"products": [{"name": "x"}] * 1000})


def test_texts_are_bounded_together() -> None:
    """A long value in many places, or in many items."""
    template = _template(_repeat({**NAMED, "text": "{{mark}}{{mark}}{{product.name}}"}))
    with pytest.raises(
        CompositionError, match=r"layers\[0\].layer.text: texts .* more than 67108864 characters"
    ):
        template.fill({"products": [{"name": "x"}] * 100, "mark": "y" * 1_000_000})


def test_lists_that_hold_themselves_are_refused() -> None:
    """In Python one can be made; as a template, and as a value."""
    cyclic: list[Any] = []
    cyclic.append({"name": cyclic})
    with pytest.raises(CompositionError, match="is not text"):
        _template(_repeat()).fill({"products": cyclic})
    document: dict[str, Any] = {**BASE, "variables": {"a": ""}, "layers": []}
    document["layers"].append(document)
    with pytest.raises(CompositionError, match="nested too deep"):
        Template.parse(document)
