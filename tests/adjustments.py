"""Adjustments by type with ten settings each: what parity, the oracle and the fuzzer go through."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["ADJUSTMENT_TYPES", "LOOKUPS", "TYPED", "cube_text"]

Fields = dict[str, Any]


def _levels(*parts: tuple[int, int, float, int, int]) -> Fields:
    names = ("input_black", "input_white", "gamma", "output_black", "output_white")
    ranges = [dict(zip(names, part, strict=True)) for part in parts]
    return dict(zip(("rgb", "red", "green", "blue"), ranges, strict=False))


_STOPS: list[list[tuple[float, str]]] = [
    [(0, "#000000"), (1, "#ffffff")],
    [(0, "#ff8000"), (1, "#0020c0")],
    [(0.2, "#102030"), (0.2, "#f0e0d0"), (0.9, "#40ff00")],
    [(0, "#ff0000"), (0.33, "#ffff00"), (0.34, "#00ff00"), (1, "#ff00ff")],
    [(0.5, "#123456"), (0.5, "#fedcba")],
]

_GLASS = (("#ec8a00", 25), ("#00b5ff", 100), ("#ff0000", 60.5), ("#000000", 80), ("#67f0a0", 1))
_RANGES = ("reds", "yellows", "greens", "cyans", "blues", "magentas", "whites", "neutrals", "blacks")
_RANGE = {"angles": [315, 345, 15, 45]}

TYPED: dict[str, list[Fields]] = {
    "invert": [{}],
    "posterize": [{"levels": levels} for levels in (2, 3, 4, 5, 7, 16, 32, 100, 254, 255)],
    "threshold": [{"level": level} for level in (1, 2, 60, 100, 127, 128, 129, 200, 254, 255)],
    "brightness-contrast": [
        {"brightness": 150, "contrast": 100},
        {"brightness": -150, "contrast": -50},
        {"brightness": 1},
        {"brightness": -20.5, "contrast": 30},
        {"contrast": -50},
        {"brightness": 80},
        {"brightness": -80},
        {"brightness": 100, "contrast": 100, "legacy": True},
        {"brightness": -40, "contrast": 33.3, "legacy": True},
        {"contrast": -100, "legacy": True},
    ],
    "levels": [
        _levels((20, 230, 1.0, 0, 255)),
        _levels((0, 255, 9.99, 0, 255)),
        _levels((0, 255, 0.01, 0, 255)),
        _levels((253, 255, 1.0, 0, 255)),
        _levels((0, 2, 1.0, 255, 0)),
        _levels((40, 200, 1.78, 30, 190), (0, 255, 0.5, 0, 255)),
        _levels((0, 255, 1.0, 0, 255), (10, 99, 1.2, 0, 255), (0, 255, 1.0, 40, 255), (0, 128, 2.2, 0, 255)),
        _levels((0, 255, 1.52, 255, 0)),
        _levels((3, 250, 0.67, 10, 20)),
        _levels((33, 255, 0.7, 0, 255), (0, 255, 0.7, 97, 183)),
    ],
    "curves": [
        {"rgb": [[0, 0], [64, 40], [192, 220], [255, 255]]},
        {"rgb": [[0, 255], [255, 0]]},
        {"red": [[0, 0], [128, 200], [255, 255]], "blue": [[30, 0], [200, 255]]},
        {"green": [[0, 255], [1, 0], [2, 255]]},
        {"rgb": [[10, 20], [20, 10], [200, 250]], "red": [[0, 40], [255, 210]]},
        {"rgb": [[x * 14, x * 14] for x in range(19)]},
        {"rgb": [[100, 100], [101, 101]]},
        {"blue": [[0, 0], [127, 0], [128, 255], [255, 255]]},
        {"rgb": [[0, 30], [90, 120], [255, 200]], "green": [[0, 0], [60, 90], [255, 230]]},
        {"rgb": [[0, 0], [254, 255]]},
    ],
    "exposure": [
        {"exposure": 1},
        {"exposure": -3.3},
        {"exposure": 20},
        {"exposure": -20, "gamma": 9.99},
        {"offset": 0.5},
        {"offset": -0.5, "gamma": 9.99},
        {"offset": -0.0775, "exposure": 2.03, "gamma": 1.52},
        {"gamma": 0.01},
        {"gamma": 0.44, "exposure": -0.04, "offset": 0.41},
        {"exposure": 0.01},
    ],
    "gradient-map": [
        {"stops": [{"offset": at, "color": color} for at, color in stops], "reverse": reverse}
        for stops in _STOPS
        for reverse in (False, True)
    ]
    + [
        {
            "stops": [{"offset": at, "color": color, "midpoint": 0.3} for at, color in _STOPS[number]],
            "reverse": False,
            "smoothness": smoothness,
            "interpolation": space,
        }
        for number, smoothness, space in ((1, 0.0, "linear"), (3, 1.0, "perceptual"), (2, 0.5, "perceptual"))
    ],
    "vibrance": [
        {"vibrance": vibrance, "saturation": saturation}
        for vibrance, saturation in (
            (100, 0), (-100, 0), (0, 100), (0, -100), (100, 100), (-100, 100), (21, -4), (50, 3.5),
            (-30, -30), (1, 0),
        )
    ],
    "hue-saturation": [
        {"hue": 180},
        {"hue": -37.5, "saturation": 100},
        {"saturation": -100},
        {"lightness": -100},
        {"lightness": 33, "saturation": 25},
        {"reds": {**_RANGE, "saturation": 100, "hue": 120, "lightness": -40}},
        {"hue": 20, "blues": {"angles": [195, 225, 255, 285], "lightness": 100, "saturation": -60}},
        {
            "greens": {"angles": [267, 315, 343, 27], "hue": -180, "lightness": -100},
            "cyans": {"angles": [279, 46, 107, 147], "hue": 180, "saturation": 65},
        },
        {"colorize": True, "hue": 210, "saturation": 45, "lightness": -15},
        {"colorize": True, "hue": 360, "saturation": 100, "lightness": 60},
    ],
    "color-balance": [
        {"midtones": [100, 0, 0]},
        {"midtones": [-100, 100, -100], "preserve_luminosity": False},
        {"shadows": [100, 100, 100], "highlights": [-100, -100, -100]},
        {"shadows": [30, -20, 10], "midtones": [5, 0, -50], "highlights": [0, 44, 12]},
        {"highlights": [38, 35, 38], "midtones": [16, -21, 33]},
        {"shadows": [-100, 0, 100]},
        {"midtones": [28, 100, 53]},
        {"midtones": [1, 0, 0], "preserve_luminosity": False},
        {"shadows": [100, -100, 0], "midtones": [100, -100, 0], "highlights": [100, -100, 0]},
        {"highlights": [-100, 0, 0]},
    ],
    "black-and-white": [
        {},
        {"tint": "#e1d3b3"},
        {"reds": -200, "yellows": 300},
        {"reds": 300, "yellows": -200, "greens": 300, "cyans": -200, "blues": 300, "magentas": -200},
        {"greens": 144, "cyans": -68, "blues": -3, "magentas": -107, "tint": "#379dd7"},
        {"reds": 0, "yellows": 0, "greens": 0, "cyans": 0, "blues": 0, "magentas": 0},
        {"reds": 100, "yellows": 100, "greens": 100, "cyans": 100, "blues": 100, "magentas": 100},
        {"tint": "#000000"},
        {"tint": "#ff0000"},
        {"blues": 300, "tint": "#0000ff"},
    ],
    "photo-filter": [
        {"color": color, "density": density, "preserve_luminosity": keep}
        for color, density in _GLASS
        for keep in (True, False)
    ],
    "channel-mixer": [
        {"red": [0, 100, 0, 0], "green": [0, 0, 100, 0], "blue": [100, 0, 0, 0]},
        {"red": [200, 200, 200, 200]},
        {"green": [-200, -200, -200, 200]},
        {"red": [50, 30, 20, -10], "blue": [33, 33, 34, 1]},
        {"monochrome": True},
        {"monochrome": True, "gray": [100, 0, 0, 0]},
        {"monochrome": True, "gray": [-200, 200, 100, -7]},
        {"blue": [0, 0, 0, 50]},
        {"green": [7, 93, 0, 0]},
        {"red": [110, -10, 0, 0], "green": [-10, 110, 0, 0], "blue": [0, -10, 110, 0]},
    ],
    "selective-color": [
        {"reds": [100, -100, -100, 0]},
        {"reds": [30, -40, 50, 60], "neutrals": [-100, 20, 3, -40], "method": "absolute"},
        {"whites": [0, 0, 0, 100]},
        {"blacks": [-100, -100, -100, -100]},
        {"neutrals": [10, 20, -30, 5]},
        {"yellows": [15, -14, 33, 6], "cyans": [1, 0, 0, 0]},
        {name: [100, 100, 100, 100] for name in _RANGES},
        {"magentas": [-100, 100, 0, -50], "greens": [0, 0, -70, 0], "method": "absolute"},
        {"blues": [-25, 13, 0, 0], "whites": [0, 0, 100, 0]},
        {"blacks": [5, 5, 5, 90], "method": "absolute"},
    ],
}  # fmt: skip
"""Fields by type; the type itself is not among them."""


ADJUSTMENT_TYPES = ", ".join(f"'{kind}'" for kind in sorted([*TYPED, "color-lookup"]))
"""As messages list them."""


def cube_text(seed: int, size: int, *, line: bool = False, head: str = "") -> str:
    """A .cube file of random colours, some beyond 0..1; line: a table of one dimension."""
    rows = np.random.default_rng(seed).uniform(-0.1, 1.1, (size if line else size**3, 3))
    told = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in rows)
    return f'TITLE "{seed}"\n# random\nLUT_{1 if line else 3}D_SIZE {size}\n{head}\n{told}\n'


_DOMAIN = "DOMAIN_MIN 0.1 0 -0.2\nDOMAIN_MAX 0.9 1 1.5"
LOOKUPS = [
    *(cube_text(size, size) for size in (2, 3, 17, 33)),
    cube_text(4, 5, head=_DOMAIN),
    *(cube_text(size, size, line=True) for size in (2, 16, 1024)),
    cube_text(9, 7, line=True, head=_DOMAIN),
    cube_text(10, 9, head="LUT_3D_INPUT_RANGE 0.0 2.0"),
]
"""The texts of ten .cube files."""
