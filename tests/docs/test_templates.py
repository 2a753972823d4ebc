"""TEMPLATES.md shows a template that is one."""

import pytest

from engines.image_core.documents.templates import Template
from tests.docs.snippets import ROOT, snippets


@pytest.mark.parametrize(
    ("variant", "size"), [("wide", (1200, 630)), ("square", (1080, 1080)), ("story", (1080, 1920))]
)
def test_the_example_has_the_sizes_and_layers_that_the_text_tells(
    variant: str, size: tuple[int, int]
) -> None:
    """With a badge or without, and with as many points as there are."""
    (code,) = (snippet.code for snippet in snippets(ROOT / "docs/TEMPLATES.md") if snippet.language == "json")
    template = Template.from_json(code.encode())
    values = {"title": "Aeropress Go", "photo": "coffee.png", "price": "39.9"}
    plain = template.fill(values, variant=variant)
    rich = template.fill({**values, "badge": "new", "points": [{"text": "x" * 99}] * 4}, variant=variant)
    assert (plain.width, plain.height) == size
    assert [layer.visible for layer in plain.layers] == [True, True, False]
    assert [layer.visible for layer in rich.layers] == [True, True, True]
    texts = [layer.text for _, layer in rich.walk() if layer.type == "text"]
    assert texts == ["Aeropress Go", *["– " + "x" * 39 + "…"] * 4, "€39.90", "NEW"]
