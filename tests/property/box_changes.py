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


def _tiled(**tile: Any) -> dict[str, Any]:
    """A picture repeated, with gaps."""
    tiling = {"width": 15, "gap": 2, **tile}
    return {"type": "raster", "source": {"path": "coffee.png"}, "width": 70.0, "tile": tiling}


BOX_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "RasterLayer.corner_radius": (_boxed(corner_radius=9.0), _boxed(corner_radius=[9.0, 9.0, 8.0, 9.0])),
    "RasterLayer.border": (_boxed(), _bordered()),
    "RasterLayer.focus": (_boxed(), _boxed(focus="left")),
    "RasterLayer.crop": (_boxed(), _boxed(crop=[5, 0, "100%", "90%"])),
    "RasterLayer.tile": (_tiled(), {"tile": None, "width": None}),
    **{
        f"Tiling.{name}": (_tiled(), _tiled(**{name: value}))
        for name, value in {"width": 20, "height": 9, "gap": [3, 2], "offset": [1, 0], "stagger": 0.5}.items()
    },
    "FocusBoxes.boxes": (
        _boxed(focus={"boxes": [[250, 0, 350, 50]]}),
        _boxed(focus={"boxes": [[250, 0, 350, 50], ["80%", 0, "90%", 50]]}),
    ),
    "Border.width": (_bordered(), _bordered(width=4.5)),
    "Border.color": (_bordered(), _bordered(color="#fffffffe")),
}
