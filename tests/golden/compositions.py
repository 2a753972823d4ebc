"""The scenes that have goldens: files in `scenes/`, and one for each blend mode, made from the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engines.image_core import BlendMode

__all__ = ["FOLDER", "SCENES", "blend_scene"]

FOLDER = Path(__file__).parent / "scenes"
"""Where the pictures are, and the scenes that are files."""


def blend_scene(mode: BlendMode) -> str:
    """The name of a mode's scene."""
    return f"blend_{mode.identifier}"


def _blended(mode: BlendMode) -> dict[str, Any]:
    """A photograph, faded, and a gradient that fades out, both in that mode over another photograph."""
    stops = [
        {"offset": 0, "color": "#e02060"},
        {"offset": 0.5, "color": "#20c0e080"},
        {"offset": 1, "color": "#fff0a000"},
    ]
    gradient = {"type": "linear", "start": [0, 0], "end": [1, 0], "stops": stops}
    photo = {
        "type": "raster",
        "source": {"path": "astronaut.png"},
        "fit": "cover",
        "width": 150,
        "height": 120,
    }
    strip = {"type": "raster", "source": {"color": gradient}, "width": 240, "height": 60}
    layers = [
        {"type": "raster", "source": {"path": "coffee.png"}, "fit": "cover"},
        {**photo, "transform": {"x": 20, "y": 20}, "blend_mode": mode.value, "opacity": 0.8},
        {**strip, "transform": {"y": 100}, "blend_mode": mode.value},
    ]
    return {"tenant_id": "golden", "env": "test", "width": 240, "height": 160, "layers": layers}


def _files() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}


SCENES: dict[str, dict[str, Any]] = dict(
    sorted((_files() | {blend_scene(mode): _blended(mode) for mode in BlendMode}).items())
)
"""Compositions as JSON holds them, by name: NAME renders to the pixels of `scenes/NAME.png`."""
