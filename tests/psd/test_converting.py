"""The variables of converted Photoshop files."""

from __future__ import annotations

from pathlib import Path

from engines.image_core.psd.converting import Converted, text_variables
from engines.image_core.psd.layers import PsdLayer


def _text(name: str, *runs: str) -> PsdLayer:
    text = "".join(runs)
    return PsdLayer(0, 1, name, name, "text", (0, 0, 9, 9), True, "normal", 1.0, text=text, runs=runs)


def test_a_text_of_one_style_is_one_variable() -> None:
    """Called as its layer is, in small letters; a second one of the name is numbered."""
    converted = Converted(Path("composition.json"))
    assert text_variables(_text("Head line", "Lift-off"), converted) == "{{head_line}}"
    assert text_variables(_text("Head Line", "Down"), converted) == "{{head_line_2}}"
    assert converted.variables == {"head_line": "Lift-off", "head_line_2": "Down"}


def test_each_style_of_a_text_is_a_variable() -> None:
    """The new text of each part keeps the part's style; spaces between them stay as they are."""
    converted = Converted(Path("composition.json"))
    parts = text_variables(_text("Offer", "Only", " ", "5", " today"), converted)
    assert parts == ["{{offer_1}}", " ", "{{offer_2}}", "{{offer_3}}"]
    assert converted.variables == {"offer_1": "Only", "offer_2": "5", "offer_3": " today"}
