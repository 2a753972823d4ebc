"""For each field of a warp a layer, and a change of that field alone."""

from __future__ import annotations

from typing import Any

__all__ = ["WARP_CHANGES"]

_CORNERS = [[5, 3], [60, 9], [55, 50], [2, 40]]


def _warped(**warp: Any) -> dict[str, Any]:
    return {"type": "raster", "source": {"path": "coffee.png"}, "warp": warp}


def _meshed(columns: int = 1, rows: int = 1, stray: float = 0.0) -> dict[str, Any]:
    """A mesh of as many points for 2 x 1 patches as for 1 x 2."""
    across, down = 3 * columns + 1, 3 * rows + 1
    points = [[5 + 9 * index % 70, 3 + 4.5 * index % 60] for index in range(across * down)]
    points[5][0] += stray
    return _warped(type="mesh", columns=columns, rows=rows, points=points)


WARP_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "RasterLayer.warp": (_warped(type="corners", points=_CORNERS), {"warp": None}),
    "CornersWarp.points": (
        _warped(type="corners", points=_CORNERS),
        _warped(type="corners", points=[*_CORNERS[:3], [2, 41]]),
    ),
    "MeshWarp.points": (_meshed(), _meshed(stray=2.5)),
    "MeshWarp.columns": (_meshed(2, 1), _meshed(1, 1)),
    "MeshWarp.rows": (_meshed(1, 2), _meshed(1, 1)),
}
