"""What the tiles of the sheet of type are made of: colours, fonts, and layers between margins."""

from __future__ import annotations

from typing import Any

from docs.sheets import HIGH, WIDE, Layer

__all__ = [
    "EDGE", "FONTS", "GREY", "INK", "INSIDE", "JAPANESE", "NOTO", "OCHRE", "PAPER", "RED", "RUBIK",
    "Tile", "along", "frame", "ground", "key", "run", "runs", "text",
]  # fmt: skip

Tile = tuple[str, list[Layer]]
"""The name of a tile, and its layers."""

PAPER, INK, RED, OCHRE, GREY = "#f6f1e7", "#1b1a1f", "#e2401f", "#f3b63a", "#8d867a"
EDGE = 18
INSIDE = WIDE - 2 * EDGE

RUBIK = {"path": "Rubik[wght].ttf"}
SCRIPTS = ("Hebrew", "Devanagari", "Thai", "Georgian", "Armenian", "Tamil", "Ethiopic", "Arabic")
JAPANESE = {"path": "ipaexg.ttf"}
NOTO = [{"path": f"NotoSans{script}[wght].ttf"} for script in SCRIPTS]
FONTS = tuple(font["path"] for font in (RUBIK, JAPANESE, *NOTO))
"""The files that the tiles name."""


def ground(color: str) -> Layer:
    """The paper of a tile."""
    return {"type": "raster", "source": {"color": color}, "width": WIDE, "height": HIGH}


def frame(x: float, y: float, width: float, height: float) -> Layer:
    """The thin outline of a box."""
    rect = {"type": "rect", "x": x + 0.5, "y": y + 0.5, "width": width - 1, "height": height - 1}
    return {"type": "vector", "shapes": [{**rect, "stroke": {"color": GREY, "width": 1}}]}


def text(text: str, y: float = 0, x: float = EDGE, **fields: Any) -> Layer:
    """A text between the margins of a tile."""
    return _placed(x, y, {"text": text, **fields})


def runs(runs: list[Layer], y: float, **fields: Any) -> Layer:
    """A text in runs between the margins of a tile."""
    return _placed(EDGE, y, {"runs": runs, **fields})


def along(path: Layer, text: str, **fields: Any) -> Layer:
    """A text along a path in the pixels of the tile."""
    box = {"x": 0, "y": 0}
    return {"type": "text", "color": INK, "text": text, "path": path, **fields, "transform": box}


def _placed(x: float, y: float, fields: Layer) -> Layer:
    return {"type": "text", "box_width": INSIDE, "color": INK, **fields, "transform": {"x": x, "y": y}}


def run(text: str, **fields: Any) -> Layer:
    """A part of a text."""
    return {"text": text, **fields}


def key(text: str) -> Layer:
    """A key of a keyboard."""
    return run(text, size=21, color=PAPER, background={"fill": INK, "padding": 5, "radius": 8})
