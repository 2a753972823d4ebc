"""The pictures in docs/images are what the library renders today."""

from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image

from docs.effect_tiles import EFFECTS, effect_tiles
from docs.gallery import BY_TYPE, IMAGES, PICTURES, render_picture
from docs.sheets import COLUMNS
from docs.type_tiles import type_tiles
from engines.image_core import models
from engines.image_core.composition.adjustments import ADJUSTMENTS
from engines.image_core.composition.effects import BackdropBlur, Painted
from engines.image_core.composition.type import (
    Alignment,
    Case,
    GradientBox,
    Overflow,
    TextRun,
    VerticalAlignment,
    WritingMode,
)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_holds_the_pixels_rendered_now(name: str) -> None:
    """Byte for byte; after a change of the rules, the demo or the gallery: `make gallery`."""
    with Image.open(IMAGES / f"{name}.png") as picture:
        shown = np.asarray(picture.convert("RGBA"))
    assert np.array_equal(shown, render_picture(name).pixels), "make gallery, and look at the picture"


def test_no_picture_is_left_behind() -> None:
    """Each picture in the folder is rendered by the gallery."""
    assert {path.stem for path in IMAGES.glob("*.png")} == set(PICTURES)


def test_each_type_of_adjustment_has_a_tile() -> None:
    """One of the sheet's tiles, and none twice."""
    types = [get_args(cls.model_fields["type"].annotation)[0] for cls in ADJUSTMENTS]
    assert sorted(adjust["type"] for adjust in BY_TYPE) == sorted(types)


def test_each_type_of_effect_has_a_tile() -> None:
    """One at least, and every row of the sheet is full."""
    types = {get_args(cls.model_fields["type"].annotation)[0] for cls in (*get_args(Painted), BackdropBlur)}
    assert {effect["type"] for _, made, _ in EFFECTS for effect in made} == types
    assert len(effect_tiles()) % COLUMNS == 0


def test_each_field_of_text_has_a_tile() -> None:
    """But for the ellipsis as it is and blend modes, which have a sheet; every row of this one is full."""
    fields = {*models.TextLayer.__annotations__, *TextRun.__annotations__}
    assert {field for text in _texts() for field in text} >= fields - {"ellipsis", "blend_mode"}
    assert len(type_tiles()) % COLUMNS == 0


@pytest.mark.parametrize(
    ("field", "kinds"),
    [
        ("align", Alignment),
        ("vertical_align", VerticalAlignment),
        ("overflow", Overflow),
        ("case", Case),
        ("writing_mode", WritingMode),
        ("gradient_box", GradientBox),
    ],
)
def test_each_choice_of_type_has_a_tile(field: str, kinds: Any) -> None:
    """What is not the default or an error is on the sheet."""
    shown = {text[field] for text in _texts() if field in text}
    assert shown >= set(get_args(kinds)) - {"left", "top", "none", "visible", "error", "horizontal"}


def _texts() -> list[dict[str, Any]]:
    """What the layers of the tiles say, and their runs."""
    layers = [layer for _, inside in type_tiles() for layer in inside if layer["type"] == "text"]
    return layers + [run for layer in layers for run in layer.get("runs", [])]
