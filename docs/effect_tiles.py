"""The tiles of the sheet of layer effects: each effect on type, on a shape and on a photograph cut out."""

from __future__ import annotations

from docs.sheets import HIGH, WIDE, Layer, photo

__all__ = ["EFFECTS", "effect_tiles"]

DUSK = {
    "type": "gradient",
    "angle": 60,
    "stops": [
        {"offset": 0, "color": "#4a2a9c"},
        {"offset": 0.5, "color": "#f0457a"},
        {"offset": 1, "color": "#ffc94d"},
    ],
}
EMBERS = {
    "type": "gradient",
    "stops": [
        {"offset": 0, "color": "#fff6b8"},
        {"offset": 0.5, "color": "#ff9a2e"},
        {"offset": 1, "color": "#e8261c"},
    ],
    "opacity_stops": [{"offset": 0, "opacity": 1}, {"offset": 1, "opacity": 0}],
}
BRICKS = {"type": "pattern", "source": {"path": "brick.png"}, "scale": 0.2}
SQUARES = {"type": "pattern", "source": {"path": "chessboard_GRAY.png"}, "scale": 0.16}
SHADE = {"color": "#0b1030", "opacity": 0.6}

EFFECTS: list[tuple[str, list[Layer], Layer]] = [
    ("drop-shadow", [{"type": "drop-shadow", "size": 9, "distance": 7, "opacity": 0.6}], {}),
    ("drop-shadow with noise", [{"type": "drop-shadow", "size": 13, "distance": 6, "noise": 0.35}], {}),
    ("shadow", [{"type": "shadow", "x": 6, "y": 8, "blur": 14, "color": "#0b1030a0"}], {}),
    ("inner-shadow", [{"type": "inner-shadow", "size": 8, "distance": 6}], {}),
    ("outer-glow", [{"type": "outer-glow", "size": 14, "color": "#fff6b0", "opacity": 1}], {}),
    (
        "outer-glow of a gradient",
        [
            {
                "type": "outer-glow",
                "technique": "precise",
                "size": 16,
                "range": 1.0,
                "color": EMBERS,
                "blend_mode": "normal",
                "opacity": 1,
            }
        ],
        {},
    ),
    ("inner-glow", [{"type": "inner-glow", "size": 10, "color": "#ffffff", "opacity": 0.9}], {}),
    ("inner-glow, center", [{"type": "inner-glow", "size": 18, "source": "center", "opacity": 0.8}], {}),
    ("satin", [{"type": "satin", "size": 12, "distance": 9, "opacity": 0.6}], {}),
    ("color-overlay", [{"type": "color-overlay", "color": "#7a1fa2", "blend_mode": "color"}], {}),
    ("gradient-overlay", [{"type": "gradient-overlay", "gradient": DUSK, "opacity": 0.8}], {}),
    ("pattern-overlay", [{"type": "pattern-overlay", "pattern": BRICKS, "blend_mode": "hard-light"}], {}),
    ("bevel, inner", [{"type": "bevel", "size": 9, "depth": 1.2, "shadow": SHADE}], {}),
    ("bevel, outer", [{"type": "bevel", "style": "outer", "size": 7, "depth": 1.5, "shadow": SHADE}], {}),
    ("bevel, emboss", [{"type": "bevel", "style": "emboss", "size": 10, "depth": 1.5, "shadow": SHADE}], {}),
    ("bevel, pillow", [{"type": "bevel", "style": "pillow", "size": 9, "soften": 1, "shadow": SHADE}], {}),
    ("stroke, outside", [{"type": "stroke", "size": 4, "color": "#ffffff"}], {}),
    ("stroke, inside", [{"type": "stroke", "size": 4, "color": "#0b1030", "position": "inside"}], {}),
    ("stroke, center", [{"type": "stroke", "size": 5, "color": "#0b1030", "position": "center"}], {}),
    ("stroke of a gradient", [{"type": "stroke", "size": 5, "color": DUSK}], {}),
    ("stroke of a pattern", [{"type": "stroke", "size": 8, "color": SQUARES}], {}),
    (
        "stroke, inner-shadow, no fill",
        [
            {"type": "stroke", "size": 3, "color": "#ffffff"},
            {"type": "inner-shadow", "size": 8, "distance": 5, "opacity": 0.5},
        ],
        {"fill_opacity": 0},
    ),
    (
        "backdrop-blur, fill_opacity 0.3",
        [
            {"type": "backdrop-blur", "radius": 5, "saturation": 1.4},
            {"type": "stroke", "size": 1, "position": "inside", "color": "#ffffffc0"},
            {"type": "shadow", "y": 4, "blur": 10, "color": "#0b103080"},
        ],
        {"fill_opacity": 0.3},
    ),
]
"""Each kind of layer effect at least once, and what else the layers have."""


def effect_tiles() -> list[tuple[str, list[Layer]]]:
    """Each of `EFFECTS`, and pictures whose own corners and borders effects follow."""
    tiles = [(name, [*_ground(), *_effected(made, more)]) for name, made, more in EFFECTS]
    return [*tiles, ("corner_radius and border", [*_ground(), *_cards()])]


def _ground() -> list[Layer]:
    """Stripes on a light ground, which show what is blurred."""
    stops = [{"offset": 0, "color": "#cfe3e0"}, {"offset": 1, "color": "#86b3b3"}]
    paint = {"type": "linear", "start": [0, 0], "end": [1, 1], "stops": stops}
    stripes = [
        {
            "type": "line",
            "points": [[x, -10], [x - HIGH - 20, HIGH + 10]],
            "stroke": {"color": "#ffffff4a", "width": 8},
        }
        for x in range(0, WIDE + HIGH + 20, 24)
    ]
    return [
        {"type": "raster", "source": {"color": paint}, "width": WIDE, "height": HIGH},
        {"type": "vector", "shapes": stripes},
    ]


def _effected(effects: list[Layer], more: Layer) -> list[Layer]:
    """A word, a heart and a cup with its saucer."""
    left, right = (
        "C 125 42 129 14 146 14 C 153 14 158 20 159 27",
        "C 160 20 165 14 172 14 C 189 14 193 42 159 64",
    )
    heart = f"M 159 64 {left} {right} Z"
    cup = [
        {"type": "path", "fill": "#ffffff",
         "d": "M82 204 A194 162 4.7 1 0 469 237 A194 162 4.7 1 0 82 204 Z"},
        {"type": "path", "fill": "#ffffff",
         "d": "M396 96 L402 74 C408 64 424 66 424 78 L414 110 L404 132 Z"},
        {"type": "ellipse", "cx": 291, "cy": 113, "rx": 114, "ry": 92, "fill": "#ffffff"},
    ]  # fmt: skip
    layers: list[Layer] = [
        {
            "type": "text", "text": "Aa", "size": 92, "weight": 900, "color": "#2f6bff",
            "transform": {"x": 15, "y": 12},
        },
        {"type": "vector", "shapes": [{"type": "path", "d": heart, "fill": "#ff5c3d"}]},
        {
            "type": "raster", "source": {"path": "coffee.png"}, "mask": {"linked": True, "vector": cup},
            "transform": {"x": 109, "y": 72, "scale": 0.18},
        },
    ]  # fmt: skip
    return [layer | more | {"effects": effects} for layer in layers]


def _cards() -> list[Layer]:
    """A photograph with round corners, one in a circle, and a paint with corners of its own."""
    shadow = {"type": "shadow", "x": 1, "y": 4, "blur": 10, "color": "#0b103090"}
    edge = {"width": 4, "color": "#ffffff"}
    return [
        photo("chelsea.png", width=92, height=112, corner_radius=14, border=edge, effects=[shadow],
              transform={"x": 63, "y": 80, "rotation": -5, "anchor": "center"}),
        photo("coffee.png", width=76, height=76, corner_radius=38, border=edge, effects=[shadow],
              transform={"x": 161, "y": 55, "anchor": "center"}),
        {"type": "raster", "source": {"color": DUSK}, "width": 84, "height": 40,
         "corner_radius": [20, 4, 20, 4], "border": edge, "effects": [shadow],
         "transform": {"x": 161, "y": 124, "anchor": "center"}},
    ]  # fmt: skip
