"""The pictures of these documents, rendered by the project itself: `make gallery` writes docs/images.

The files hold the renderer's pixels to the byte, and the tests hold them to it. The photographs are in the
public domain and come with scikit-image (the extra `demo`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from docs import cookbook
from docs.growth import growth_chart
from engines.image_core import BlendMode, ImageComposition, RenderedImage, Renderer
from engines.image_core.documents.demo import demo_card, write_photos

__all__ = ["BY_TYPE", "IMAGES", "PICTURES", "mode_tiles", "render_picture"]

IMAGES = Path(__file__).parent / "images"

WIDE, HIGH = 212, 159
GAP, MARGIN, LABEL = 16, 24, 34
COLUMNS = 4
GROUND, INK = "#10151f", "#c8d2e3"

Layer = dict[str, Any]

BY_TYPE: list[Layer] = [
    {"type": "brightness-contrast", "brightness": 60, "contrast": 40},
    {"type": "levels", "rgb": {"input_black": 20, "input_white": 210, "gamma": 1.5}},
    {"type": "curves", "rgb": [[0, 60], [90, 90], [190, 200], [255, 235]]},
    {"type": "exposure", "exposure": 0.8, "offset": -0.03, "gamma": 0.8},
    {"type": "vibrance", "vibrance": -80},
    {"type": "hue-saturation", "hue": 160, "saturation": -15},
    {"type": "color-balance", "shadows": [-20, 0, 30], "midtones": [-30, 10, 40], "highlights": [0, 0, -20]},
    {"type": "black-and-white", "reds": 140, "yellows": 60, "tint": "#a08c78"},
    {"type": "photo-filter", "color": "#0068d8", "density": 60},
    {"type": "channel-mixer", "red": [0, 100, 0, 0], "green": [40, 40, 20, 0], "blue": [100, 0, 0, 0]},
    {"type": "color-lookup", "source": {"path": "dusk.cube"}},
    {"type": "invert"},
    {"type": "posterize", "levels": 4},
    {"type": "threshold", "level": 96},
    {
        "type": "gradient-map",
        "stops": [
            {"offset": 0, "color": "#1a1254"},
            {"offset": 0.5, "color": "#f0506e"},
            {"offset": 1, "color": "#fff3d6"},
        ],
    },
    {"type": "selective-color", "reds": [-60, 80, -80, 0], "yellows": [60, 0, 0, 0], "method": "absolute"},
]
"""Each type of adjustment once."""


def blend_modes() -> ImageComposition:
    """The backdrop, and each mode blending the same gradient onto it: half of it where it dissolves."""
    tiles = [("backdrop", [_photo("chelsea.png")])]
    for mode in BlendMode:
        tiles.append((mode.value, [_photo("chelsea.png"), _gradient(mode)]))
    return _sheet(tiles)


def mode_tiles() -> Iterator[tuple[BlendMode, tuple[slice, slice]]]:
    """Each mode and the rows and columns of its tile on that sheet."""
    for index, mode in enumerate(BlendMode, start=1):
        x, y = _corner(index)
        yield mode, (slice(y, y + HIGH), slice(x, x + WIDE))


def adjustments() -> ImageComposition:
    """A photograph, and one adjustment or filter at a time."""
    changes: list[tuple[str, Layer]] = [
        ("as it is", {}),
        ("exposure 1", {"adjustments": {"exposure": 1}}),
        ("contrast 1.6", {"adjustments": {"contrast": 1.6}}),
        ("saturation 0", {"adjustments": {"saturation": 0}}),
        ("saturation 2", {"adjustments": {"saturation": 2}}),
        ("gamma 1.8", {"adjustments": {"gamma": 1.8}}),
        ("blur 4", {"filters": [{"type": "blur", "radius": 4}]}),
        ("sharpen 2, amount 2", {"filters": [{"type": "sharpen", "radius": 2, "amount": 2}]}),
    ]
    changes += [(adjust["type"], {"filters": [adjust]}) for adjust in BY_TYPE]
    return _sheet([(name, [_photo("coffee.png", **change)]) for name, change in changes])


SUNSET = {
    "type": "gradient",
    "angle": 70,
    "stops": [
        {"offset": 0, "color": "#5b2a86"},
        {"offset": 0.5, "color": "#ff5c5c"},
        {"offset": 1, "color": "#ffd75e"},
    ],
}
EMBERS = {
    "type": "gradient",
    "stops": [{"offset": 0, "color": "#fff3a6"}, {"offset": 1, "color": "#ff3d00"}],
    "opacity_stops": [{"offset": 0, "opacity": 1}, {"offset": 1, "opacity": 0}],
}
BRICKS = {"type": "pattern", "source": {"path": "brick.png"}, "scale": 0.14}

EFFECTS: list[tuple[str, list[Layer], Layer]] = [
    ("drop-shadow", [{"type": "drop-shadow", "size": 9, "distance": 7, "opacity": 0.6}], {}),
    ("inner-shadow", [{"type": "inner-shadow", "size": 9, "distance": 6}], {}),
    ("outer-glow", [{"type": "outer-glow", "size": 14, "color": "#fff6b0", "opacity": 1}], {}),
    ("inner-glow", [{"type": "inner-glow", "size": 12, "color": "#ffffff", "opacity": 0.9}], {}),
    ("inner-glow, center", [{"type": "inner-glow", "size": 16, "source": "center", "opacity": 0.8}], {}),
    ("satin", [{"type": "satin", "size": 12, "distance": 9, "opacity": 0.6}], {}),
    ("color-overlay", [{"type": "color-overlay", "color": "#7a1fa2", "blend_mode": "color"}], {}),
    ("gradient-overlay", [{"type": "gradient-overlay", "gradient": SUNSET, "blend_mode": "hard-light"}], {}),
    ("pattern-overlay", [{"type": "pattern-overlay", "pattern": BRICKS, "blend_mode": "overlay"}], {}),
    ("bevel, inner", [{"type": "bevel", "size": 9, "depth": 1.5}], {}),
    ("bevel, outer", [{"type": "bevel", "style": "outer", "size": 7, "depth": 2.0}], {}),
    ("bevel, emboss", [{"type": "bevel", "style": "emboss", "size": 10, "depth": 2.0}], {}),
    ("bevel, pillow", [{"type": "bevel", "style": "pillow", "size": 10, "depth": 2.0, "soften": 2}], {}),
    ("shadow", [{"type": "shadow", "x": 6, "y": 8, "blur": 14, "color": "#0b1030a0"}], {}),
    ("stroke, outside", [{"type": "stroke", "size": 5, "color": "#ffffff"}], {}),
    ("stroke, inside", [{"type": "stroke", "size": 4, "color": "#0b1030", "position": "inside"}], {}),
    ("stroke, center", [{"type": "stroke", "size": 7, "color": "#0b1030", "position": "center"}], {}),
    ("stroke of a gradient", [{"type": "stroke", "size": 5, "color": SUNSET}], {}),
    (
        "outer-glow, precise",
        [{"type": "outer-glow", "technique": "precise", "size": 14, "color": EMBERS, "opacity": 1}],
        {},
    ),
    ("drop-shadow, noise", [{"type": "drop-shadow", "size": 14, "distance": 6, "noise": 0.5}], {}),
    (
        "no fill",
        [
            {"type": "stroke", "size": 3, "color": "#ffffff"},
            {"type": "inner-shadow", "size": 8, "distance": 5, "opacity": 0.5},
        ],
        {"fill_opacity": 0},
    ),
]
"""Each kind of layer effect at least once, and what else the layers have."""


def effects() -> ImageComposition:
    """Each layer effect on type, on a shape and on a photograph that is cut out."""
    return _sheet([(name, _effected(made, more)) for name, made, more in EFFECTS])


def masks() -> ImageComposition:
    """A sharp photograph masked over its own blur, by each kind of selection."""
    ellipse = {"type": "ellipse", "points": [[46, 14], [166, 152]]}
    lasso = {
        "type": "lasso",
        "points": [[22, 96], [40, 44], [92, 18], [150, 26], [192, 70], [176, 122], [120, 146], [60, 138]],
    }
    brush = {
        "type": "brush",
        "strokes": [
            {"points": [[20, 120], [70, 36], [110, 118], [150, 34], [192, 112]], "width": 26},
            {"points": [[24, 24]], "width": 28, "opacity": 0.6},
        ],
    }
    selections: list[tuple[str, Layer]] = [
        ("ellipse", ellipse),
        ("feather_radius 12", {**ellipse, "feather_radius": 12}),
        ("inverted", {**ellipse, "feather_radius": 12, "inverted": True}),
        ("rect", {"type": "rect", "points": [[36, 24], [176, 135]]}),
        ("polygon", {"type": "polygon", "points": [[106, 8], [204, 80], [106, 151], [8, 80]]}),
        ("lasso, feather_radius 3", {**lasso, "feather_radius": 3}),
        ("brush", brush),
        ("brush, feather_radius 6", {**brush, "feather_radius": 6}),
    ]
    return _sheet([(name, _masked(selection)) for name, selection in selections])


PICTURES = {
    "demo": demo_card,
    "blend_modes": blend_modes,
    "adjustments": adjustments,
    "effects": effects,
    "masks": masks,
    "growth": growth_chart,
}
"""What is rendered, by the stem of its file in `IMAGES`."""


def render_picture(name: str) -> RenderedImage:
    """Render a picture of `PICTURES` on the NumPy backend, the definition of the rules."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_photos(root)
        cookbook.write_files(root)  # chelsea.png, coffee.png and dusk.cube are among its files
        (root / "brick.png").write_bytes((resources.files("skimage") / "data" / "brick.png").read_bytes())
        with Renderer("numpy", root=root) as renderer:
            return renderer.render(PICTURES[name]())


def _photo(file: str, **fields: Any) -> Layer:
    return {
        "type": "raster",
        "source": {"path": file},
        "fit": "cover",
        "width": WIDE,
        "height": HIGH,
        **fields,
    }


def _effected(effects: list[Layer], more: Layer) -> list[Layer]:
    """A word, a drawing and a cut-out on a light ground."""
    stops = [{"offset": 0, "color": "#c9d4e6"}, {"offset": 1, "color": "#8fa3c4"}]
    ground = {"type": "linear", "start": [0, 0], "end": [1, 1], "stops": stops}
    cup = {"selection": {"type": "ellipse", "points": [[58, 84], [162, 150]]}}
    left, right = (
        "C 118 44 122 18 138 18 C 145 18 150 24 150 30",
        "C 150 24 155 18 162 18 C 178 18 182 44 150 66",
    )
    heart = f"M 150 66 {left} {right} Z"
    layers: list[Layer] = [
        {
            "type": "text", "text": "Aa", "size": 72, "weight": 900, "color": "#2f6bff",
            "transform": {"x": 18, "y": -2},
        },
        {"type": "vector", "shapes": [{"type": "path", "d": heart, "fill": "#ff5c3d"}]},
        _photo("coffee.png", mask=cup),
    ]  # fmt: skip
    return [
        {"type": "raster", "source": {"color": ground}, "width": WIDE, "height": HIGH},
        *(layer | more | {"effects": effects} for layer in layers),
    ]


def _gradient(mode: BlendMode) -> Layer:
    stops = [
        {"offset": 0, "color": "#0b1030"},
        {"offset": 0.35, "color": "#2f6bff"},
        {"offset": 0.7, "color": "#ff7a45"},
        {"offset": 1, "color": "#fff3e6"},
    ]
    paint = {"type": "linear", "start": [0, 0], "end": [1, 0], "stops": stops}
    size = {"width": WIDE, "height": HIGH}
    opacity = 0.5 if mode is BlendMode.DISSOLVE else 1
    return {
        "type": "raster",
        "source": {"color": paint},
        "blend_mode": mode.value,
        "opacity": opacity,
        **size,
    }


def _masked(selection: Layer) -> list[Layer]:
    soft = {
        "adjustments": {"brightness": 0.45, "saturation": 0.4},
        "filters": [{"type": "blur", "radius": 5}],
    }
    return [_photo("chelsea.png", **soft), _photo("chelsea.png", mask={"selection": selection})]


def _corner(index: int) -> tuple[int, int]:
    """Where a tile of a sheet has its top left corner."""
    return MARGIN + index % COLUMNS * (WIDE + GAP), MARGIN + index // COLUMNS * (HIGH + LABEL)


def _sheet(tiles: list[tuple[str, list[Layer]]]) -> ImageComposition:
    """Tiles in rows, each a group with its name below it."""
    rows = -(-len(tiles) // COLUMNS)
    layers: list[Layer] = []
    for index, (name, inside) in enumerate(tiles):
        x, y = _corner(index)
        corners = [[x, y], [x + WIDE, y + HIGH]]
        frame = {"selection": {"type": "rect", "points": corners}}
        layers += [
            {"type": "group", "name": name, "transform": {"x": x, "y": y}, "mask": frame, "layers": inside},
            {
                "type": "text",
                "text": name,
                "size": 16,
                "color": INK,
                "transform": {"x": x, "y": y + HIGH + 3},
            },
        ]
    return ImageComposition.model_validate(
        {
            "tenant_id": "docs",
            "env": "gallery",
            "width": 2 * MARGIN + COLUMNS * (WIDE + GAP) - GAP,
            "height": 2 * MARGIN + rows * (HIGH + LABEL) - 8,
            "background_color": GROUND,
            "layers": layers,
        }
    )


def _main() -> None:
    IMAGES.mkdir(exist_ok=True)
    for name in PICTURES:
        picture = IMAGES / f"{name}.png"
        picture.write_bytes(render_picture(name).to_png("small"))
        print(picture)
    cookbook.write_pictures()


if __name__ == "__main__":
    _main()
