"""Cases of adjustments by type, as filters of layers: all but lookups, which are files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise, ramp, raster

__all__ = ["adjustments_by_type"]

_SUITE = 2
_SMALL = (61, 47)
_STOPS = [
    {"offset": 0, "color": "#102040"},
    {"offset": 0.3, "color": "#e04020"},
    {"offset": 1, "color": "#fff0c0"},
]
_BANDS = [
    {"offset": at, "color": color} for at, color in ((0.2, "#000000"), (0.2, "#00ff80"), (0.7, "#ff00ff"))
]

_SETTINGS: MappingProxyType[str, tuple[dict[str, Any], ...]] = MappingProxyType(
    {
        "invert": ({},),
        "posterize": ({"levels": 2}, {"levels": 7}, {"levels": 255}),
        "threshold": ({"level": 1}, {"level": 128}, {"level": 255}),
        "brightness-contrast": (
            {"brightness": 150, "contrast": -50},
            {"brightness": -60, "contrast": 100},
            {"brightness": 30, "contrast": 40, "legacy": True},
        ),
        "levels": (
            {"rgb": {"input_black": 20, "input_white": 220, "gamma": 1.78, "output_black": 10}},
            {"rgb": {"gamma": 0.4}, "red": {"output_white": 100}, "blue": {"gamma": 9.99, "output_white": 0}},
        ),
        "curves": (
            {"rgb": [[0, 0], [64, 40], [192, 220], [255, 255]]},
            {"rgb": [[10, 0], [255, 240]], "red": [[0, 255], [128, 30], [255, 0]], "green": [[0, 9], [9, 0]]},
        ),
        "exposure": (
            {"exposure": 1.5, "offset": -0.02, "gamma": 1.3},
            {"exposure": -4, "offset": 0.4, "gamma": 0.5},
        ),
        "gradient-map": ({"stops": _STOPS}, {"stops": _BANDS, "reverse": True}),
        "vibrance": ({"vibrance": 90, "saturation": -20}, {"vibrance": -100, "saturation": 100}),
        "hue-saturation": (
            {"hue": 77, "saturation": 60, "lightness": -30},
            {
                "reds": {"angles": [315, 345, 15, 45], "hue": -120, "saturation": 100, "lightness": 50},
                "cyans": {"angles": [100, 160, 200, 300], "hue": 60, "saturation": -80, "lightness": -70},
            },
            {"hue": 215, "saturation": 70, "lightness": 10, "colorize": True},
        ),
        "color-balance": (
            {"shadows": [40, -60, 0], "midtones": [-30, 10, 90], "highlights": [0, 50, -100]},
            {"midtones": [100, -100, 50], "preserve_luminosity": False},
        ),
        "black-and-white": ({}, {"reds": -200, "yellows": 300, "blues": 150, "tint": "#e1c8a0"}),
        "photo-filter": ({}, {"color": "#0080ff", "density": 90, "preserve_luminosity": False}),
        "channel-mixer": (
            {"red": [-200, 200, 100, -50], "green": [0, 50, 50, 0], "blue": [30, 30, 30, 20]},
            {"monochrome": True, "gray": [70, 50, -20, 0]},
        ),
        "selective-color": (
            {"reds": [-50, 30, 20, 10], "neutrals": [10, 0, -40, 5], "whites": [0, 0, 100, 0]},
            {"cyans": [100, -100, 50, -50], "blacks": [0, 80, 0, 40], "method": "absolute"},
        ),
    }
)


def adjustments_by_type() -> Iterator[Case]:
    """Each over its range, on opaque and translucent layers; several of a layer, before and after a blur, of
    a group."""
    yield from (replace(one, suite=_SUITE) for one in _cases())


def _cases() -> Iterator[Case]:
    for kind, settings in _SETTINGS.items():
        for number, fields in enumerate(settings, 1):
            layers = [
                raster(ramp(down=False)),
                raster(noise("source", *_SMALL), transform={"x": 20, "y": 11}),
            ]
            changed = [layer | {"filters": [{"type": kind, **fields}]} for layer in layers]
            yield case(f"adjustments/type-{kind}-{number}", (256, 64), changed)
    every = [{"type": kind, **settings[-1]} for kind, settings in _SETTINGS.items() if kind not in _FEW]
    source = raster(noise("source", *_SMALL), filters=every)
    yield case("adjustments/all-by-type", _SMALL, [source])
    around = [*every[:3], {"type": "blur", "radius": 1.5}, *every[3:6]]
    yield case("adjustments/by-type-around-a-blur", _SMALL, [source | {"filters": around, "opacity": 0.4}])
    group = {"type": "group", "layers": [raster(noise("other", *_SMALL)), source | {"blend_mode": "screen"}]}
    turned = group | {"filters": every[4:8]}
    yield case("adjustments/by-type-of-a-group", _SMALL, [turned], background="#335577")
    moved = turned | {"transform": {"rotation": 30, "anchor": "center"}}
    yield case("adjustments/by-type-of-a-turned-group", _SMALL, [moved])


_FEW = ("posterize", "threshold", "gradient-map", "black-and-white")
"""What leaves few colours for others to change."""
