"""Some pictures' warps: four corners and meshes, gentle ones, and some that lie over themselves."""

from __future__ import annotations

import random
from typing import Any

__all__ = ["warped"]

_BESIDE = {"transform", "corner_radius", "border"}


def warped(layer: dict[str, Any]) -> dict[str, Any]:
    """A picture's layer, now and then with a warp instead of its transform; by numbers of its own, so that
    layers without one stay as they were."""
    rng = random.Random(f"warp of {layer}")
    masks = [layer[name] for name in ("mask",) if name in layer] + list(layer.get("masks", ()))
    if "tile" in layer or any("edges" in step for step in layer.get("filters", ())):
        return layer
    if "color" in layer["source"] or any(mask.get("linked") for mask in masks) or rng.random() >= 0.25:
        return layer
    kept = {name: value for name, value in layer.items() if name not in _BESIDE}
    return kept | {"warp": _corners(rng) if rng.random() < 0.5 else _mesh(rng)}


def _corners(rng: random.Random) -> dict[str, Any]:
    """A convex quadrilateral: each corner in a quarter of a box of its own; some are mirrored or turned."""
    left, top = rng.uniform(-30, 60), rng.uniform(-30, 60)
    width, height = (rng.choice([0.7, 9, rng.uniform(20, 150), 2000]) for _ in range(2))
    part = rng.choice([0, 0.1, 0.33])
    points = []
    for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
        x, y = (side + (0.5 - side) * 2 * rng.uniform(0, part) for side in (u, v))
        points.append([left + width * x, top + height * y])
    if rng.random() < 0.3:
        points.reverse()
    turn = rng.choice([0, 0, 1, 2])
    return {"type": "corners", "points": points[turn:] + points[:turn]}


def _mesh(rng: random.Random) -> dict[str, Any]:
    """A grid of points that have each strayed."""
    columns, rows = rng.choice([1, 1, 2, 5]), rng.choice([1, 1, 3])
    left, top = rng.uniform(-30, 60), rng.uniform(-30, 60)
    width, height = (rng.choice([3, rng.uniform(20, 150), -80, 900]) for _ in range(2))
    stray = rng.choice([0, 2, 15, 80])
    points = [
        [
            left + width * i / (3 * columns) + rng.uniform(-stray, stray),
            top + height * j / (3 * rows) + rng.uniform(-stray, stray),
        ]
        for j in range(3 * rows + 1)
        for i in range(3 * columns + 1)
    ]
    return {"type": "mesh", "columns": columns, "rows": rows, "points": points}
