"""The outlined, shadowed headline of the benchmarks: its measures, and our composition of it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from font_source_sans_pro import SourceSansProBlack
from PIL import Image
from skimage import data as photographs

from engines.image_core import ImageComposition

__all__ = [
    "BASELINES",
    "BLUR",
    "CANVAS",
    "FONT",
    "INK",
    "LEFT",
    "OPACITY",
    "SHIFT",
    "SIZE",
    "STROKE",
    "compose",
    "headline",
    "photograph",
    "write_photo",
]

CANVAS = (1200, 630)
LEFT, SIZE, PITCH = 60, 100, 110
"""The headline's left edge, its size, and how far its lines lie apart; it is some 900 x 200 pixels large."""
TOP = 200
BASELINES = (288, 398)
"""Those of its two lines, where `TOP` puts them."""
FONT = str(SourceSansProBlack)

INK, STROKE = "#14213d", 6
SHADOW, DISTANCE, ANGLE, OPACITY = 12, 8.0, 120.0, 0.75
BLUR = math.sqrt((SHADOW**2 - 1) / 6)
"""The standard deviation of two means over squares of `SHADOW` pixels: peers have a Gaussian for them."""
SHIFT = (round(-math.cos(math.radians(ANGLE)) * DISTANCE), round(math.sin(math.radians(ANGLE)) * DISTANCE))
"""How far the shadow lies to the right and down."""

EFFECTS: tuple[dict[str, Any], ...] = (
    {"type": "drop-shadow", "size": SHADOW, "distance": DISTANCE, "angle": ANGLE, "opacity": OPACITY},
    {"type": "stroke", "size": STROKE, "color": INK},
)


def headline(number: int) -> str:
    """One headline of many, hardly wider than the others."""
    return f"The summer of {1000 + number}\nstarts in Houston"


def photograph() -> Image.Image:
    """What it lies on: RGB, of the canvas' size."""
    photo = Image.fromarray(photographs.coffee())
    return photo.resize((1200, 800), Image.Resampling.BICUBIC).crop((0, 85, 1200, 715))


def write_photo(folder: Path) -> None:
    """The photograph as the file that `compose` names."""
    photograph().save(folder / "photo.png")


def compose(text: str, *, plain: bool = False) -> ImageComposition:
    """Our composition. plain: without the effects."""
    width, height = CANVAS
    letters = {
        "type": "text",
        "text": text,
        "size": SIZE,
        "weight": 900,
        "line_height": PITCH / SIZE,
        "color": "#ffffff",
        "transform": {"x": LEFT, "y": TOP},
        "effects": [] if plain else EFFECTS,
    }
    return ImageComposition.model_validate(
        {
            "tenant_id": "bench",
            "env": "local",
            "width": width,
            "height": height,
            "layers": [{"type": "raster", "source": {"path": "photo.png"}}, letters],
        }
    )
