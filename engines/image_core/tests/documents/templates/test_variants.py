"""Variants: one template in several sizes."""

from pathlib import Path
from typing import Any

import pytest

from engines.image_core import CompositionError
from engines.image_core.documents.templates import Template, variant_output
from engines.image_core.models import ImageComposition

CARD: dict[str, Any] = {
    "tenant_id": "acme", "env": "dev", "width": 120, "height": 60, "background_color": "#ffffff",
    "layers": [
        {"type": "raster", "id": "ground", "source": {"path": "a.jpg"}, "fit": "cover"},
        {"type": "group", "id": "box", "transform": {"x": 4, "y": 5}, "layers": [
            {"type": "text", "id": "title", "text": "{{title}}", "size": 20}]},
    ],
}  # fmt: skip
SQUARE = {"width": 80, "height": 80, "layers": {"title": {"size": 30}, "box": {"transform": {"y": 40}}}}


def _template(variants: Any, **fields: Any) -> Template:
    return Template.parse({**CARD, "variables": {"title": "Hi"}, "variants": variants, **fields})


def test_a_variant_is_the_template_with_its_own_size_and_fields_of_layers() -> None:
    """Objects are merged, by ids of layers also inside groups; the template as it stands stays."""
    template = _template({"square": SQUARE, "wide": {}})
    assert template.variants == ("square", "wide")
    ground, box = CARD["layers"]
    title = {**box["layers"][0], "text": "A", "size": 30}
    square = {**CARD, "width": 80, "height": 80, "layers": [
        ground, {**box, "transform": {"x": 4, "y": 40}, "layers": [title]}]}  # fmt: skip
    assert template.fill({"title": "A"}, variant="square") == ImageComposition.model_validate(square)
    assert template.fill({"title": "A"}, variant="wide") == template.fill({"title": "A"})
    assert template.fill({"title": "A"}).width == 120


def test_null_takes_a_field_away_and_another_type_takes_the_place_of_the_whole() -> None:
    """So that a picture becomes a colour, and one kind of fill another."""
    merged = {"type": "linear", "stops": [{"offset": 0, "color": "#000"}, {"offset": 1, "color": "#fff"}]}
    sources = {"color": {"source": {"path": None, "color": "#ff0000"}, "fit": "none"}}
    template = _template({name: {"layers": {"ground": change}} for name, change in sources.items()})
    layer = template.fill({}, variant="color").layers[0].model_dump()
    assert layer["source"]["color"] == "#ff0000"
    solid = {**CARD, "layers": [{"type": "raster", "id": "g", "source": {"color": {**merged, "angle": 3}}}]}
    radial = {"type": "radial", "stops": merged["stops"]}
    filled = Template.parse({**solid, "variants": {"r": {"layers": {"g": {"source": {"color": radial}}}}}})
    assert filled.fill({}, variant="r").layers[0].model_dump()["source"]["color"]["type"] == "radial"


@pytest.mark.parametrize(
    ("variants", "told"),
    [
        ([], "variants: allowed is an object of 1 to 100 names"),
        ({}, "variants: allowed is an object of 1 to 100 names"),
        ({"../x": {}}, "variants: the name '../x' is not allowed"),
        ({"a": 3}, "variants.a: allowed is an object"),
        ({"a": {"with": 3}}, "variants.a: there is no field 'with': did you mean 'width'?"),
        ({"a": {"tenant_id": "other"}}, "variants.a: there is no field 'tenant_id'"),
        ({"a": {"layers": []}}, "variants.a.layers: allowed is an object of fields by the ids"),
        ({"a": {"layers": {"titel": {}}}}, "there is no layer of the id 'titel': did you mean 'title'?"),
        ({"a": {"layers": {"title": 3}}}, "variants.a.layers.title: allowed is an object"),
        (
            {"a": {"layers": {"title": {"text": "{{titel}}"}}}},
            "variants.a: layers[1].layers[0].text: the variable",
        ),
    ],
)
def test_faulty_variants_are_told_with_their_place(variants: Any, told: str) -> None:
    """Before any value is put in."""
    with pytest.raises(CompositionError) as caught:
        _template(variants)
    assert str(caught.value).startswith("template: ")
    assert told in str(caught.value)


def test_what_is_filled_names_its_variant() -> None:
    """One there is none of, with what was likely meant; and where a composition is not valid in one."""
    template = _template({"story": {"layers": {"title": {"size": 0}}}})
    with pytest.raises(CompositionError, match="card: there is no variant 'stry': did you mean 'story'"):
        template.fill({}, "card", variant="stry")
    with pytest.raises(CompositionError, match=r"card, variant 'story': layer 'title', .*size: 0"):
        template.fill({}, "card", variant="story")
    assert template.fill({}).height == 60


def test_two_layers_of_one_id_are_told_where_a_variant_means_one() -> None:
    """It would not be known which."""
    layers = [{"type": "text", "id": "t", "text": "{{title}}"}] * 2
    with pytest.raises(CompositionError, match="2 layers have the id 't'"):
        _template({"a": {"layers": {"t": {}}}}, layers=layers)


@pytest.mark.parametrize(
    ("output", "named"),
    [
        ("a.png", "a-story.png"),
        ("a/b.tar.png", "a/b.tar-story.png"),
        ("{variant}.webp", "story.webp"),
        ("{variant}/a.png", "story/a.png"),
    ],
)
def test_files_have_the_names_of_variants(output: str, named: str) -> None:
    """Where `{variant}` stands, or before the suffix."""
    assert variant_output(output, "story") == str(Path(named))
