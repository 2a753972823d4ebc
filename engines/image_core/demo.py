"""The demo card: a photograph cropped to cover, a masked portrait, a drawn mark, type, on 1200 x 630 pixels.

The photographs are NASA's and in the public domain; they come with scikit-image (the extra `demo`).
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from engines.image_core.errors import SourceError
from engines.image_core.models import ImageComposition
from engines.image_core.writing import make_folder, write_file

__all__ = ["demo_card", "write_photos"]

SKY = "hubble_deep_field.jpg"
PORTRAIT = "astronaut.png"

WIDTH, HEIGHT = 1200, 630
MARGIN = 72

NIGHT = "#070b16"
WHITE = "#ffffff"
MIST = "#b9c4d9"
ORANGE = "#ff7a45"

CENTER = (968.0, 400.0)
RADIUS = 336.0
ORBIT = 370.0
SATELLITE = (968.0 - 0.8 * 370, 400.0 - 0.6 * 370)

TEXT = "Photographs, type and drawings, composited to the same bytes on every GPU and on the CPU."
MARK = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
  <path d="M24 4 44 14 24 24 4 14Z" fill="#ff7a45"/>
  <path d="M10 21 24 28 38 21 44 24 24 34 4 24Z" fill="#ffb08c"/>
  <path d="M10 31 24 38 38 31 44 34 24 44 4 34Z" fill="#ffffff"/>
</svg>
"""


def demo_card() -> ImageComposition:
    """The card's composition; its paths name the files that `write_photos` writes."""
    layers = [*_sky(), *_portrait(), *_type()]
    return ImageComposition.model_validate(
        {
            "tenant_id": "demo",
            "env": "local",
            "width": WIDTH,
            "height": HEIGHT,
            "background_color": NIGHT,
            "layers": layers,
        }
    )


def write_photos(folder: Path) -> None:
    """Write the card's photographs to `folder`/photos, making both folders when they are missing.

    Raises:
        SourceError: scikit-image is not installed.
        ExportError: the files cannot be written.
    """
    photos = folder / "photos"
    make_folder(photos)
    for name in (SKY, PORTRAIT):
        write_file(photos / name, _photo(name))


def _photo(name: str) -> bytes:
    try:
        return (resources.files("skimage") / "data" / name).read_bytes()
    except (ImportError, OSError) as error:
        raise SourceError(
            f'the demo card needs the photographs of scikit-image: pip install "image-core[demo]" ({error})'
        ) from error


def _sky() -> list[dict[str, Any]]:
    """The deep field, quiet enough to set type on."""
    return [
        {
            "type": "raster",
            "name": "sky",
            "source": {"path": f"photos/{SKY}"},
            "fit": "cover",
            "adjustments": {"exposure": 0.35, "contrast": 1.05, "saturation": 1.15},
        },
        {
            "type": "raster",
            "name": "night",
            "source": {
                "color": {
                    "type": "linear",
                    "start": [0.0, 0.0],
                    "end": [1.0, 0.0],
                    "stops": [
                        {"offset": 0.0, "color": "#070b16f2"},
                        {"offset": 0.45, "color": "#0a1226d0"},
                        {"offset": 1.0, "color": "#14224433"},
                    ],
                }
            },
        },
    ]


def _portrait() -> list[dict[str, Any]]:
    """The astronaut in a porthole, lit from above, with a satellite on its way around."""
    return [
        {
            "type": "vector",
            "name": "glow",
            "shapes": [_disc(RADIUS, fill="#3f78ff")],
            "transform": {"x": -14.0, "y": -16.0},
            "filters": [{"type": "blur", "radius": 44.0}],
            "blend_mode": "screen",
            "opacity": 0.7,
        },
        {
            "type": "group",
            "name": "porthole",
            "mask": {"selection": {"type": "ellipse", "points": _corners(RADIUS), "feather_radius": 0.6}},
            "layers": [
                {
                    "type": "raster",
                    "name": "portrait",
                    "source": {"path": f"photos/{PORTRAIT}"},
                    "fit": "cover",
                    **_square(RADIUS),
                    "adjustments": {"contrast": 1.06, "saturation": 1.08},
                    "filters": [{"type": "sharpen", "radius": 1.4, "amount": 0.6, "threshold": 2}],
                },
                {
                    "type": "raster",
                    "name": "inner shadow",
                    "source": {
                        "color": {
                            "type": "radial",
                            "center": [0.43, 0.38],
                            "radius": 0.66,
                            "stops": [
                                {"offset": 0.3, "color": "#ffffff"},
                                {"offset": 1.0, "color": "#0c1844"},
                            ],
                        }
                    },
                    **_square(RADIUS),
                    "blend_mode": "multiply",
                },
            ],
        },
        {
            "type": "vector",
            "name": "rim",
            "shapes": [_disc(RADIUS, stroke={"color": _RIM, "width": 2.0})],
        },
        {
            "type": "vector",
            "name": "orbit",
            "shapes": [_disc(ORBIT, stroke={"color": _FADE, "width": 1.5})],
        },
        {
            "type": "vector",
            "name": "satellite's glow",
            "shapes": [_disc(12.0, SATELLITE, fill=ORANGE)],
            "filters": [{"type": "blur", "radius": 9.0}],
            "blend_mode": "add",
            "opacity": 0.8,
        },
        {
            "type": "vector",
            "name": "satellite",
            "shapes": [_disc(6.5, SATELLITE, fill=ORANGE)],
        },
    ]


_RIM = {
    "type": "linear",
    "start": [0.15, 0.0],
    "end": [0.6, 0.7],
    "stops": [{"offset": 0.0, "color": "#d5e4ffff"}, {"offset": 1.0, "color": "#7fa8ff00"}],
}
_FADE = {
    "type": "linear",
    "start": [0.0, 0.0],
    "end": [0.6, 0.9],
    "stops": [{"offset": 0.0, "color": "#ffffff90"}, {"offset": 1.0, "color": "#ffffff00"}],
}


def _disc(radius: float, center: tuple[float, float] = CENTER, **paint: Any) -> dict[str, Any]:
    cx, cy = center
    return {"type": "ellipse", "cx": cx, "cy": cy, "rx": radius, "ry": radius, **paint}


def _corners(radius: float) -> list[list[float]]:
    cx, cy = CENTER
    return [[cx - radius, cy - radius], [cx + radius, cy + radius]]


def _square(radius: float) -> dict[str, Any]:
    cx, cy = CENTER
    return {
        "width": 2 * radius,
        "height": 2 * radius,
        "transform": {"x": cx, "y": cy, "anchor": "center"},
    }


def _type() -> list[dict[str, Any]]:
    """Mark, headline and text, on one left edge."""
    return [
        {
            "type": "vector",
            "name": "mark",
            "svg": MARK.strip(),
            "width": 44.0,
            "transform": {"x": MARGIN, "y": MARGIN},
        },
        {
            "type": "text",
            "name": "wordmark",
            "text": "image-core",
            "size": 28.0,
            "weight": 600,
            "color": WHITE,
            "transform": {"x": MARGIN + 58, "y": MARGIN + 4},
        },
        {
            "type": "text",
            "name": "headline",
            "text": "Exact, from\nhere to orbit.",
            "size": 88.0,
            "weight": 700,
            "line_height": 1.0,
            "letter_spacing": -1.5,
            "color": WHITE,
            "transform": {"x": MARGIN - 4, "y": 240},
        },
        {
            "type": "text",
            "name": "text",
            "text": TEXT,
            "size": 28.0,
            "color": MIST,
            "box_width": 440.0,
            "line_height": 1.4,
            "transform": {"x": MARGIN, "y": 444},
        },
    ]
