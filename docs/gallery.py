"""The pictures of these documents, rendered by the project itself: `make gallery` writes docs/images.

The files hold the renderer's pixels to the byte, and the tests hold them to it. The photographs are in the
public domain and come with scikit-image (the extra `demo`). Source Sans Pro, the Noto fonts and Rubik are
under the SIL Open Font License 1.1, and IPAex Gothic under the IPA Font License 1.0; the emoji of `type` are
OpenMoji's, under CC BY-SA 4.0.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from docs import cookbook
from docs.effect_tiles import effect_tiles
from docs.growth import growth_chart
from docs.sheets import HIGH, WIDE, Layer, corner, photo, sheet
from docs.type_parts import FONTS
from docs.type_tiles import type_tiles
from engines.image_core import BlendMode, ImageComposition, RenderedImage, Renderer
from engines.image_core.documents.demo import demo_card, write_photos

__all__ = ["BY_TYPE", "IMAGES", "PICTURES", "mode_tiles", "render_picture"]

IMAGES = Path(__file__).parent / "images"

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
    tiles = [("backdrop", [photo("chelsea.png")])]
    for mode in BlendMode:
        tiles.append((mode.value, [photo("chelsea.png"), _gradient(mode)]))
    return sheet(tiles)


def mode_tiles() -> Iterator[tuple[BlendMode, tuple[slice, slice]]]:
    """Each mode and the rows and columns of its tile on that sheet."""
    for index, mode in enumerate(BlendMode, start=1):
        x, y = corner(index)
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
    return sheet([(name, [photo("coffee.png", **change)]) for name, change in changes])


def effects() -> ImageComposition:
    """Each layer effect on type, on a shape and on a photograph that is cut out."""
    return sheet(effect_tiles())


def type_specimen() -> ImageComposition:
    """The fields of text layers."""
    return sheet(type_tiles())


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
    return sheet([(name, _masked(selection)) for name, selection in selections])


PICTURES = {
    "demo": demo_card,
    "blend_modes": blend_modes,
    "adjustments": adjustments,
    "effects": effects,
    "type": type_specimen,
    "masks": masks,
    "growth": growth_chart,
}
"""What is rendered, by the stem of its file in `IMAGES`."""


def render_picture(name: str) -> RenderedImage:
    """Render a picture of `PICTURES` on the NumPy backend, the definition of the rules."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_photos(root)
        cookbook.write_files(root)  # what the sheets show, and dusk.cube, are among its files
        for font in FONTS:
            cookbook.copy_file(font, root)
        with Renderer("numpy", root=root) as renderer:
            return renderer.render(PICTURES[name]())


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
    return [photo("chelsea.png", **soft), photo("chelsea.png", mask={"selection": selection})]


def _main() -> None:
    IMAGES.mkdir(exist_ok=True)
    for name in PICTURES:
        picture = IMAGES / f"{name}.png"
        picture.write_bytes(render_picture(name).to_png("small"))
        print(picture)
    cookbook.write_pictures()


if __name__ == "__main__":
    _main()
