"""What is opened in image editors: each blend mode, and each thing that a layered file says."""

from __future__ import annotations

from engines.image_core import BlendMode, ImageComposition
from tests.psd.scenes import Fields, backdrop, painted, scene

__all__ = ["scenes"]

_SPOT = {"selection": {"type": "ellipse", "points": [[8, 5], [40, 31]]}}
_TEXT: Fields = {
    "type": "text",
    "name": "text",
    "text": "Ab",
    "size": 24.0,
    "transform": {"x": 6.0, "y": 2.0},
}
_OVAL: Fields = {"type": "ellipse", "cx": 30, "cy": 20, "rx": 9, "ry": 7, "fill": "#00ff80"}


def scenes() -> dict[str, ImageComposition]:
    """Compositions of 8 bits by what is in them."""
    found = {
        f"mode {mode}": scene(backdrop(), painted(2, name="above", blend_mode=mode.value, opacity=0.6))
        for mode in BlendMode
    }
    return found | {name: scene(backdrop(), *layers) for name, layers in _FEATURES.items()}


_FEATURES: dict[str, list[Fields]] = {
    "opacity and fill": [painted(2, name="above", opacity=0.6, fill_opacity=0.8)],
    "hidden layers": [painted(2, name="hidden", visible=False), painted(3, name="shown")],
    "text and shapes as pixels": [
        _TEXT,
        {"type": "vector", "name": "oval", "shapes": [_OVAL]},
    ],
    "names beyond ASCII": [painted(2, name="Gruppe ♥ 山")],
    "an isolated group": [
        {"type": "group", "name": "group", "layers": [painted(3, name="inner", blend_mode="multiply")]}
    ],
    "an isolated group that is blended and fades": [
        {
            "type": "group",
            "name": "group",
            "blend_mode": "screen",
            "opacity": 0.6,
            "layers": [painted(3, name="inner")],
        }
    ],
    "a group that is passed through": [
        {
            "type": "group",
            "name": "group",
            "blend_mode": "pass-through",
            "layers": [painted(3, name="inner", blend_mode="multiply")],
        }
    ],
    "a clipped layer": [painted(2, name="base"), painted(3, 48, 36, name="clipped", clip=True, opacity=0.6)],
    "a mask": [painted(2, 48, 36, name="masked", mask=_SPOT)],
    "a mask with density and feather": [
        painted(2, 48, 36, name="masked", mask=_SPOT | {"density": 0.6, "feather_radius": 2.0})
    ],
    "a masked group": [{"type": "group", "name": "group", "layers": [painted(3, name="in")], "mask": _SPOT}],
    "an effect": [painted(2, name="above", effects=[{"type": "color-overlay", "opacity": 0.6}])],
    "an adjustment layer": [
        {"type": "adjustment", "name": "invert", "adjust": {"type": "invert"}, "opacity": 0.6}
    ],
}  # fmt: skip
