"""Sheets of tiles in rows, each with its name below it."""

from __future__ import annotations

from typing import Any

from engines.image_core import ImageComposition

__all__ = ["COLUMNS", "HIGH", "WIDE", "Layer", "corner", "photo", "sheet"]

WIDE, HIGH = 212, 159
GAP, MARGIN, LABEL = 16, 24, 34
COLUMNS = 4
GROUND, INK = "#10151f", "#c8d2e3"

Layer = dict[str, Any]


def photo(file: str, **fields: Any) -> Layer:
    """A photograph that fills a tile."""
    return {
        "type": "raster",
        "source": {"path": file},
        "fit": "cover",
        "width": WIDE,
        "height": HIGH,
        **fields,
    }


def corner(index: int) -> tuple[int, int]:
    """Where a tile of a sheet has its top left corner."""
    return MARGIN + index % COLUMNS * (WIDE + GAP), MARGIN + index // COLUMNS * (HIGH + LABEL)


def sheet(tiles: list[tuple[str, list[Layer]]]) -> ImageComposition:
    """Tiles in rows, each a group with its name below it."""
    rows = -(-len(tiles) // COLUMNS)
    layers: list[Layer] = []
    for index, (name, inside) in enumerate(tiles):
        x, y = corner(index)
        corners = [[x, y], [x + WIDE, y + HIGH]]
        frame = {"selection": {"type": "rect", "points": corners}}
        layers += [
            {"type": "group", "name": name, "transform": {"x": x, "y": y}, "mask": frame, "layers": inside},
            {
                "type": "text",
                "text": name,
                "size": 16,
                "color": INK,
                "transform": {"x": x, "y": y + HIGH + 3},
            },
        ]
    return ImageComposition.model_validate(
        {
            "tenant_id": "docs",
            "env": "gallery",
            "width": 2 * MARGIN + COLUMNS * (WIDE + GAP) - GAP,
            "height": 2 * MARGIN + rows * (HIGH + LABEL) - 8,
            "background_color": GROUND,
            "layers": layers,
        }
    )
