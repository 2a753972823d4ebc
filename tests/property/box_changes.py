"""For each field of a raster layer's box a layer, and a change of that field alone."""

from __future__ import annotations

from typing import Any

__all__ = ["BOX_CHANGES"]


def _boxed(**fields: Any) -> dict[str, Any]:
    """A picture that lies between pixels."""
    placed = {"fit": "cover", "width": 50.0, "height": 40.0, "transform": {"x": 7.5, "y": 3.25}}
    return {"type": "raster", "source": {"path": "coffee.png"}, **placed, **fields}


def _bordered(**border: Any) -> dict[str, Any]:
    return _boxed(border={"width": 4.0, "color": "#ffffff", **border})


BOX_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "RasterLayer.corner_radius": (_boxed(corner_radius=9.0), _boxed(corner_radius=[9.0, 9.0, 8.0, 9.0])),
    "RasterLayer.border": (_boxed(), _bordered()),
    "Border.width": (_bordered(), _bordered(width=4.5)),
    "Border.color": (_bordered(), _bordered(color="#fffffffe")),
}
