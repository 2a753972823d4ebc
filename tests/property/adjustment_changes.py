"""For each field of each adjustment by type a layer and a change of that field alone."""

from __future__ import annotations

import re
from typing import Any

from engines.image_core.composition.tints import HUES

__all__ = ["adjustment_changes"]

Fields = dict[str, Any]

_COLORS = ("000000", "ff0000", "ffff00", "00ff00", "00ffff", "0000ff", "ff00ff", "ffffff", "a07850")
RAINBOW = {
    "type": "raster",
    "source": {
        "color": {
            "type": "linear",
            "stops": [{"offset": n / 8, "color": f"#{color}"} for n, color in enumerate(_COLORS)],
        }
    },
}
"""A layer of all hues, and of what lies between black and white."""

STOPS = [{"offset": 0, "color": "#102030"}, {"offset": 1, "color": "#ffe0c0"}]
HUE_RANGE = {"angles": [15, 45, 75, 105], "hue": 30}
ADJUSTMENTS: dict[str, tuple[Fields, Fields]] = {
    "Posterize": ({}, {"levels": 9}),
    "Threshold": ({}, {"level": 99}),
    "BrightnessContrast": ({"brightness": 30}, {"brightness": 9, "contrast": 9, "legacy": True}),
    "Levels": ({}, {name: {"gamma": 2} for name in ("rgb", "red", "green", "blue")}),
    "Curves": ({}, {name: [[0, 30], [255, 200]] for name in ("rgb", "red", "green", "blue")}),
    "Exposure": ({}, {"exposure": 1, "offset": 0.1, "gamma": 2}),
    "GradientMap": ({"stops": STOPS}, {
        "stops": [*STOPS, STOPS[1]][1:], "reverse": True, "smoothness": 0, "interpolation": "perceptual",
    }),
    "Vibrance": ({}, {"vibrance": 50, "saturation": 50}),
    "HueSaturation": (
        {},
        {
            "hue": 50, "saturation": 50, "lightness": 50, "colorize": True,
            **{name: {"angles": [0, 10, 350, 360], "hue": 90} for name in HUES},
        },
    ),
    "ColorBalance": (
        {"midtones": [50, 0, 0]},
        {"shadows": [50, 0, 0], "midtones": [0, 9, 0], "highlights": [9, 9, 0], "preserve_luminosity": False},
    ),
    "BlackAndWhite": ({}, {**dict.fromkeys(HUES, 90), "tint": "#c08040"}),
    "PhotoFilter": ({}, {"color": "#0040ff", "density": 90, "preserve_luminosity": False}),
    "ChannelMixer": (
        {},
        {**{name: [20, 30, 40, 5] for name in ("red", "green", "blue")}, "monochrome": True},
    ),
    "SelectiveColor": (
        {"neutrals": [0, 0, 0, 9]},
        {**{name: [30, -30, 9, 9] for name in (*HUES, "whites", "neutrals", "blacks")}, "method": "absolute"},
    ),
}  # fmt: skip
"""Of each adjustment by type its fields, and others of each."""


def _adjusting(name: str, **fields: Any) -> Fields:
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
    return {"filters": [{"type": kind, **fields}]}


def adjustment_changes() -> dict[str, tuple[Fields, Fields]]:
    """By model and field a layer with an adjustment, and a change of that field alone."""
    made = {
        f"{name}.{field}": (_adjusting(name, **given), _adjusting(name, **{**given, field: value}))
        for name, (given, changed) in ADJUSTMENTS.items()
        for field, value in changed.items()
    }
    lookups = [_adjusting("ColorLookup", source={"path": path}) for path in ("look.cube", "other.cube")]
    made |= {
        "ChannelMixer.gray": (
            _adjusting("ChannelMixer", monochrome=True),
            _adjusting("ChannelMixer", monochrome=True, gray=[90, 5, 5, 0]),
        ),
        **{
            f"LevelsRange.{name}": (_adjusting("Levels"), _adjusting("Levels", rgb={name: value}))
            for name, value in (
                ("input_black", 40),
                ("input_white", 200),
                ("gamma", 2),
                ("output_black", 40),
                ("output_white", 200),
            )
        },
        **{
            f"HueRange.{name}": (
                _adjusting("HueSaturation", yellows=HUE_RANGE),
                _adjusting("HueSaturation", yellows={**HUE_RANGE, name: value}),
            )
            for name, value in (
                ("angles", [0, 10, 200, 220]),
                ("hue", 9),
                ("saturation", 60),
                ("lightness", 40),
            )
        },
        "ColorLookup.source": (lookups[0], lookups[1]),
        "LookupSource.path": (lookups[0], lookups[1]),
    }
    return {name: ({**RAINBOW, **before}, after) for name, (before, after) in made.items()}
