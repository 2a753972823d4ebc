"""The social card of the benchmarks: its files, its measures, and our composition of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from font_source_sans_pro import SourceSansProBold
from PIL import Image, ImageDraw
from skimage import data as photographs

from engines.image_core import ImageComposition

__all__ = [
    "BLUR",
    "BOX",
    "CORNER",
    "FADE",
    "FONT",
    "HEIGHT",
    "LOGO",
    "SHADOW",
    "TEXT",
    "WIDTH",
    "compose",
    "write_files",
]

WIDTH, HEIGHT = 1200, 630
BOX = (760, 115, 400)
"""Left, top and side of the picture in its round frame."""
SHADOW = (750, 135, 420, 420)
"""Left, top, width and height of the rounded rectangle that is blurred behind it."""
CORNER, BLUR = 60, 24
FADE = ((10, 14, 30, 235), (10, 14, 30, 40))
"""The gradient over the photograph, from left to right."""
LOGO = (60, 56, 96)
"""Left, top and side of the logo, a picture of 256 pixels."""
TEXT = (60, 300, 72)
"""Left, top and size of the headline."""
FONT = str(SourceSansProBold)


def write_files(folder: Path) -> None:
    """A photograph of 12 megapixels (of several of scikit-image's, enlarged), a square one, and a logo."""
    photo = Image.new("RGB", (4000, 3000))
    parts = (photographs.astronaut(), photographs.coffee(), photographs.rocket(), photographs.chelsea())
    for number, part in enumerate(parts):
        enlarged = Image.fromarray(part).resize((2000, 1500), Image.Resampling.LANCZOS)
        photo.paste(enlarged, (number % 2 * 2000, number // 2 * 1500))
    grain = np.random.default_rng(1).normal(0, 3, (3000, 4000, 1))
    noisy = np.clip(np.asarray(photo) + grain, 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(folder / "photo.jpg", quality=90)
    Image.fromarray(photographs.astronaut()).save(folder / "portrait.png")
    logo = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(logo)
    drawing.ellipse((4, 4, 252, 252), fill=(255, 122, 48, 255))
    drawing.ellipse((74, 74, 182, 182), fill=(255, 255, 255, 255))
    logo.save(folder / "logo.png")


def compose(headline: str) -> ImageComposition:
    """Our composition; its paths name the files of `write_files`."""
    left, top, side = BOX
    x, y, width, height = SHADOW
    logo_x, logo_y, logo_side = LOGO
    text_x, text_y, size = TEXT
    start, end = (f"#{bytes(color).hex()}" for color in FADE)
    fade = {
        "type": "linear",
        "start": [0, 0],
        "end": [1, 0],
        "stops": [{"offset": 0, "color": start}, {"offset": 1, "color": end}],
    }
    shadow = {
        "type": "rect",
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "radius": CORNER,
        "fill": "#000000b0",
    }
    circle = {"type": "ellipse", "points": [[left, top], [left + side, top + side]]}
    layers: list[dict[str, Any]] = [
        {"type": "raster", "source": {"path": "photo.jpg"}, "fit": "cover"},
        {"type": "raster", "source": {"color": fade}},
        {"type": "vector", "shapes": [shadow], "filters": [{"type": "blur", "radius": BLUR}]},
        {
            "type": "raster",
            "source": {"path": "portrait.png"},
            "fit": "cover",
            "width": side,
            "height": side,
            "transform": {"x": left, "y": top},
            "mask": {"selection": circle},
        },
        {
            "type": "raster",
            "source": {"path": "logo.png"},
            "fit": "fill",
            "width": logo_side,
            "height": logo_side,
            "transform": {"x": logo_x, "y": logo_y},
        },
        {
            "type": "text",
            "text": headline,
            "size": size,
            "weight": 700,
            "color": "#ffffff",
            "transform": {"x": text_x, "y": text_y},
        },
    ]
    given = {"tenant_id": "bench", "env": "local", "width": WIDTH, "height": HEIGHT, "layers": layers}
    return ImageComposition.model_validate(given)
