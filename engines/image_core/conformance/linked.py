"""Cases of masks that are linked to their layer, under every kind of placement."""

from __future__ import annotations

from typing import Any

from engines.image_core.conformance.pictures import noise, raster

__all__ = ["linked_masks"]

_BOX = (61, 43)
_MIDDLE: dict[str, Any] = {"anchor": "center", "x": 48.5, "y": 35}

_PLACED: dict[str, dict[str, Any]] = {
    "moved": {"x": 17, "y": 9},
    "moved-by-parts": {"x": 17.25, "y": 9.5},
    "quarter": {"x": 74, "y": 5, "rotation": 90},
    "mirrored": {"x": 80, "y": 60, "scale": -1},
    "enlarged": {"x": 3.5, "y": -4, "scale": 1.7, "scale_y": 2.25},
    "reduced": {"x": 20, "y": 11.75, "scale": 0.43},
    "turned": _MIDDLE | {"rotation": 28},
    "turned-and-reduced": _MIDDLE | {"rotation": -100, "scale": 0.6, "scale_y": 0.9},
    "turned-and-enlarged": _MIDDLE | {"rotation": 200.5, "scale": 2.4, "scale_y": -1.3},
}


def linked_masks(selections: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Layers by the name of their case: masks of the box's size, at a position, of shapes, by selections."""
    own = {"mask_artifact_id": "own-61x43", "linked": True}
    placed = {"mask_artifact_id": "part-30x50", "position": [12, -4], "linked": True}
    star = {"type": "path", "d": "M30 1L50 42L2 16H58L10 42Z", "fill": "#ffffffc0"}
    shapes = {"vector": [star], "linked": True}
    turned: dict[str, Any] = {"transform": _PLACED["turned-and-enlarged"]}
    found = {}
    for name, transform in _PLACED.items():
        found[f"picture-{name}"] = [_picture(mask=own, transform=transform)]
        around = placed | {"outside": "visible", "feather_radius": 1.5}
        found[f"position-{name}"] = [_picture(masks=[placed, around], transform=transform)]
    for name, selection in selections.items():
        found[f"{name}-turned"] = [_picture(mask={"selection": selection, "linked": True}, **turned)]
    found["shapes-feathered"] = [_picture(mask=shapes | {"feather_radius": 20, "inverted": True}, **turned)]
    found["picture-thin"] = [_picture(mask=own | {"density": 0.7, "inverted": True}, **turned)]
    blurred: dict[str, Any] = {"filters": [{"type": "blur", "radius": 3}], "blend_mode": "multiply"}
    found["picture-filtered"] = [_picture(mask=own, **blurred, **turned)]
    text = {"type": "text", "text": "Rag", "size": 40, "color": "#204060", "transform": _PLACED["turned"]}
    found["text"] = [text | {"masks": [shapes, placed | {"outside": "visible"}]}]
    return {f"linked-{name}": layers for name, layers in {**found, **_in_groups(own, shapes)}.items()}


def _in_groups(own: dict[str, Any], shapes: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    inside = [_picture(mask=shapes, transform={"x": -20, "y": 5, "rotation": 10}), _picture("b", opacity=0.5)]
    whole = {"mask_artifact_id": "whole-97x71", "linked": True}
    group: dict[str, Any] = {"type": "group", "layers": inside, "mask": whole}
    moved = group | {"transform": {"x": 21, "y": -3}}
    base = _picture(mask=own, transform=_PLACED["turned"])
    return {
        "group-moved": [moved],
        "group-turned": [group | {"transform": _PLACED["turned"]}],
        "group-passed-through": [_picture("c"), moved | {"blend_mode": "pass-through"}],
        "clipped": [base, _picture("b", clip=True, mask=own, transform={"x": 9.5}, blend_mode="screen")],
    }


def _picture(name: str = "picture", **fields: Any) -> dict[str, Any]:
    return raster(noise(name, *_BOX), **fields)
