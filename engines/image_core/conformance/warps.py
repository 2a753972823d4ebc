"""Cases of pictures in four corners and bent by meshes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise, ramp, raster

__all__ = ["warps"]

_CANVAS = (97, 71)

_CORNERS: dict[str, list[list[float]]] = {
    "the-own-box": [[18, 12], [79, 12], [79, 55], [18, 55]],
    "turned": [[30, 5], [78.5, 33.25], [58.5, 67.25], [10, 39]],
    "in-perspective": [[12.5, 8], [90, 20.25], [74, 66], [5.75, 52]],
    "a-floor": [[42, 4], [52, 4], [150, 69], [-60, 69]],
    "a-wall": [[4, 3], [90, 30.5], [90, 34.5], [4, 70]],
    "mirrored": [[88, 9], [6, 4], [13, 66], [70, 51]],
    "enlarged": [[-300, -210], [400, -180.5], [310, 290], [-350, 240]],
    "thin": [[3, 10.25], [94, 30], [94, 30.5], [3, 10.75]],
    "a-dot": [[40.25, 30.125], [41, 30.25], [40.75, 31], [40.25, 30.75]],
}

_BENT = (-3, 5, 2, -6, 4, -2, 7, -5, 1, 6, -4, 3, -7, 2, 5, -1)
"""By how many quarters of a pixel the points of meshes lie beside a grid, in turn."""


def _mesh(columns: int, rows: int, strayed: int, box: tuple[int, int, int, int] = (9, 7, 78, 56)) -> Any:
    """A mesh over a box of left, top, width and height whose points have each strayed, some more."""
    left, top, width, height = box
    across, down = 3 * columns, 3 * rows
    points = [
        [
            left + width * i // across + strayed * _BENT[(5 * j + 3 * i) % 16] / 4,
            top + height * j // down + strayed * _BENT[(7 * i + 2 * j + 1) % 16] / 4,
        ]
        for j in range(down + 1)
        for i in range(across + 1)
    ]
    return {"type": "mesh", "columns": columns, "rows": rows, "points": points}


_WARPS: dict[str, dict[str, Any]] = {
    **{name: {"type": "corners", "points": points} for name, points in _CORNERS.items()},
    "a-flat-mesh": _mesh(1, 1, 0, (18, 12, 60, 42)),
    "a-patch": _mesh(1, 1, 6),
    "patches": _mesh(3, 2, 2),
    "fifty-patches": _mesh(50, 1, 0, (3, 20, 88, 31)),
    "crumpled": _mesh(2, 3, 22),
    "a-mirrored-mesh": _mesh(2, 1, 2, (88, 7, -78, 56)),
    "a-mesh-reduced": _mesh(2, 2, 1, (40, 20, 13, 9)),
    "a-mesh-enlarged": _mesh(1, 2, 9, (-400, -300, 900, 800)),
}


def warps() -> Iterator[Case]:
    """Wherever corners and meshes bring pictures; of fits, with what comes after, in groups."""
    found = {name: [_picture(warp=warp)] for name, warp in _WARPS.items()}
    for name, layers in {**found, **_others()}.items():
        yield replace(case(f"warps/{name}", _CANVAS, layers, background="#c0d0e0c0"), suite=2)


def _picture(**fields: Any) -> dict[str, Any]:
    return raster(noise("picture", 61, 43), **fields)


def _others() -> dict[str, list[dict[str, Any]]]:
    slanted, bent = _WARPS["in-perspective"], _WARPS["a-patch"]
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, warp in (("corners", slanted), ("mesh", bent)):
        ellipse = {"selection": {"type": "ellipse", "points": [[12, 9], [80, 60]], "feather_radius": 3}}
        shadow = {"type": "drop-shadow", "size": 6}
        blurred = {"filters": [{"type": "blur", "radius": 4}]}
        group = {"type": "group", "layers": [_picture(warp=warp)], "transform": {"rotation": 9, "scale": 0.8}}
        found |= {
            f"{kind}-of-a-large-picture": [raster(ramp(down=True), warp=warp)],
            f"{kind}-of-a-pixel": [raster(noise("pixel", 1, 1, opaque=True), warp=warp)],
            f"{kind}-cover": [_picture(warp=warp, fit="cover", width=40, height=60)],
            f"{kind}-contain": [_picture(warp=warp, fit="contain", width=90.5, height=40)],
            f"{kind}-masked": [_picture(warp=warp, mask=ellipse, opacity=0.6, blend_mode="multiply")],
            f"{kind}-blurred": [_picture(warp=warp, **blurred)],
            f"{kind}-with-effects": [_picture(warp=warp, effects=[shadow, {"type": "stroke", "size": 2}])],
            f"{kind}-in-a-group": [group],
        }
    return found
