"""A social card, 1200 x 630, as a Photoshop file of 20 layers, one of them live text.

Its pixels, groups, masks, adjustment layer and effects are written by this library; what Photoshop knows of
the headline is put into its record.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image
from skimage import data as photographs

from engines.image_core import ImageComposition, PsdTemplate, Renderer
from engines.image_core.psd.layers import walk
from engines.image_core.tests.psd.type_layers import engine, give_text
from tests.bench.card_ours import HEIGHT, WIDTH, write_files
from tests.psd.made import Made

__all__ = ["HEADLINE", "LAYERS", "write_psd_card"]

Fields = dict[str, Any]

HEADLINE = "Headline"
"""What the live text's layer is called."""
LAYERS = 20
"""Of the file, without the two groups."""

_SIZE, _LEFT, _BASELINE = 72.0, 60.0, 360.0
_SHADOW = {"type": "drop-shadow", "size": 16, "distance": 6.0, "opacity": 0.5}


def write_psd_card(folder: Path) -> Path:
    """Write the card into a folder, beside the pictures that it is made of."""
    write_files(folder)
    Image.fromarray(photographs.coffee()).save(folder / "coffee.png")
    with Renderer("numpy", folder) as renderer:
        made = Made(_composition(), renderer)
    style = {"Font": 0, "FontSize": _SIZE, "FillColor": {"Type": 1, "Values": [1.0, 1.0, 1.0, 1.0]}}
    text = engine([("Launch day\rhas arrived", style)], fonts=["SourceSansPro-Bold"])
    give_text(made.blocks(HEADLINE), text, transform=(1.0, 0.0, 0.0, 1.0, _LEFT, _BASELINE))
    path = made.save(folder / "card.psd")
    told = [layer.kind for layer in walk(PsdTemplate.open(path).layers)]
    assert (len(told) - told.count("group"), told.count("text")) == (LAYERS, 1)
    return path


def _composition() -> ImageComposition:
    frame = _group("Frame", *_frame())
    words = _group("Words", *_words(), blend_mode="pass-through")
    given = {"tenant_id": "bench", "env": "local", "width": WIDTH, "height": HEIGHT, "bit_depth": 8}
    return ImageComposition.model_validate(given | {"layers": [*_ground(), frame, words, *_marks()]})


def _ground() -> list[Fields]:
    """A photograph with another mixed in, toned and darkened."""
    fade = {
        "type": "linear", "start": [0, 0], "end": [1, 0],
        "stops": [{"offset": 0, "color": "#0a0e1eeb"}, {"offset": 1, "color": "#0a0e1e28"}],
    }  # fmt: skip
    half = {"selection": {"type": "rect", "points": [[600, 0], [WIDTH, HEIGHT]], "feather_radius": 40}}
    tint = {"blend_mode": "multiply", "opacity": 0.3}
    return [
        _picture("Photograph", "photo.jpg"),
        _picture("Coffee", "coffee.png", blend_mode="soft-light", opacity=0.5, mask=half),
        {"type": "adjustment", "name": "Tone", "adjust": {"type": "hue-saturation", "saturation": -30}},
        {"type": "raster", "name": "Tint", "source": {"color": "#243b6b"}, **tint},
        {"type": "raster", "name": "Fade", "source": {"color": fade}},
    ]  # fmt: skip


def _frame() -> list[Fields]:
    """A portrait in a round mask, on a plate with a shadow."""
    circle = {"type": "ellipse", "points": [[760, 115], [1160, 515]]}
    return [
        _shape("Plate", _rect(750, 105, 420, 420, "#ffffff", 60), effects=[_SHADOW]),
        _shape("Mat", _rect(756, 111, 408, 408, "#d8deea", 54)),
        _picture(
            "Portrait", "portrait.png", width=400, height=400,
            transform={"x": 760, "y": 115}, mask={"selection": circle},
        ),
        _shape("Gloss", _rect(760, 115, 400, 200, "#ffffff", 54), blend_mode="screen", opacity=0.12),
    ]  # fmt: skip


def _words() -> list[Fields]:
    """What is written on it, the headline among it."""
    return [
        _shape("Rule", _rect(60, 272, 96, 6, "#ff7a30", 3)),
        _text("Topic", "MISSION CONTROL", 24, 60, 232, "#ff7a30", bold=True),
        _text(HEADLINE, "Launch day\nhas arrived", _SIZE, _LEFT, 290, "#ffffff", bold=True),
        _text("Byline", "By the launch team", 26, 60, 480, "#d8deea"),
        _text("Date", "30 November", 26, 60, 520, "#d8deea"),
    ]


def _marks() -> list[Fields]:
    """A logo, a badge and what lies over all."""
    logo = {"width": 96, "height": 96, "transform": {"x": 60, "y": 56}}
    shade = {
        "type": "radial",
        "stops": [{"offset": 0, "color": "#00000000"}, {"offset": 1, "color": "#00000060"}],
    }
    return [
        _picture("Logo", "logo.png", **logo, effects=[_SHADOW]),
        _shape("Badge", _rect(1010, 40, 150, 44, "#ff7a30", 22), effects=[{"type": "stroke", "size": 2}]),
        _text("Live", "LIVE", 24, 1056, 46, "#ffffff", bold=True),
        _shape("Line", _rect(0, 622, WIDTH, 8, "#ff7a30", 0)),
        {"type": "raster", "name": "Vignette", "source": {"color": shade}, "blend_mode": "multiply"},
        _picture("Grain", "coffee.png", blend_mode="overlay", opacity=0.05),
    ]  # fmt: skip


def _group(name: str, *layers: Fields, **fields: Any) -> Fields:
    return {"type": "group", "name": name, "layers": layers, **fields}


def _picture(name: str, path: str, **fields: Any) -> Fields:
    return {"type": "raster", "name": name, "source": {"path": path}, "fit": "cover", **fields}


def _shape(name: str, shape: Fields, **fields: Any) -> Fields:
    return {"type": "vector", "name": name, "shapes": [shape], **fields}


def _rect(x: int, y: int, width: int, height: int, fill: str, radius: int) -> Fields:
    return {"type": "rect", "x": x, "y": y, "width": width, "height": height, "fill": fill, "radius": radius}


def _text(name: str, text: str, size: float, x: float, y: float, color: str, *, bold: bool = False) -> Fields:
    weight = 700 if bold else 400
    return {
        "type": "text", "name": name, "text": text, "size": size, "weight": weight, "color": color,
        "transform": {"x": float(x), "y": float(y)},
    }  # fmt: skip
