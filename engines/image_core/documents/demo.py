"""The demo card: a photograph cropped to cover, a masked portrait, a drawn mark, type, on 1200 x 630 pixels.

The photographs, Hubble's eXtreme Deep Field (NASA, ESA) and a portrait of Eileen Collins (NASA), are in the
public domain; they come with scikit-image, the extra `demo`.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from engines.image_core.errors import SourceError
from engines.image_core.models import ImageComposition
from engines.image_core.runtime.writing import make_folder, write_file

__all__ = ["demo_card", "write_photos"]

WIDTH, HEIGHT, MARGIN = 1200, 630, 72

SKY = "hubble_deep_field.jpg"
PORTRAIT = "astronaut.png"
TEXT = "Photographs, type and drawings, composited to the same bytes on every GPU and on the CPU."
MARK = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="4 4 40 40">
  <path d="M24 4 44 14 24 24 4 14Z" fill="#ff7a45"/>
  <path d="M10 21 24 28 38 21 44 24 24 34 4 24Z" fill="#ffb08c"/>
  <path d="M10 31 24 38 38 31 44 34 24 44 4 34Z" fill="#ffffff"/>
</svg>"""

# The porthole bleeds off the right and lower edges, its centre right of the face.
CENTER = (968.0, 400.0)
RADIUS = 336.0
BOX = {"width": 2 * RADIUS, "height": 2 * RADIUS, "transform": {"x": 968.0, "y": 400.0, "anchor": "center"}}
ORBIT = 370.0
SATELLITE = (CENTER[0] - 0.8 * ORBIT, CENTER[1] - 0.6 * ORBIT)

# One warm accent, the suit's, against blues.
ORANGE = "#ff7a45"
WHITE = "#ffffff"
MIST = "#b9c4d9"
GLOW = "#3f78ff"


def _gradient(type: str, *stops: tuple[float, str], **geometry: Any) -> dict[str, Any]:
    return {
        "type": type,
        **geometry,
        "stops": [{"offset": offset, "color": color} for offset, color in stops],
    }


# Dark where the type stands, clear on the right.
NIGHT = _gradient("linear", (0.0, "#070b16f2"), (0.5, "#0a1430d8"), (1.0, "#16265040"), end=[1.0, 0.0])
# Light falls on the face and leaves the porthole's edge.
SHADE = _gradient(
    "radial", (0.25, "#fbfcff"), (0.62, "#a9bdf0"), (1.0, "#101c4c"), center=[0.43, 0.38], radius=0.66
)
RIM = _gradient("linear", (0.0, "#d5e4ff"), (1.0, "#7fa8ff00"), start=[0.15, 0.0], end=[0.6, 0.7])
FADE = _gradient("linear", (0.0, "#ffffff90"), (1.0, "#ffffff00"), end=[0.6, 0.9])


def demo_card() -> ImageComposition:
    """The card's composition; its paths name the files that `write_photos` writes."""
    return ImageComposition.model_validate(
        {
            "tenant_id": "demo",
            "env": "local",
            "width": WIDTH,
            "height": HEIGHT,
            "background_color": "#070b16",
            "layers": [*_sky(), *_porthole(), *_satellite(), *_type()],
        }
    )


def write_photos(folder: Path) -> None:
    """Write the card's photographs to `folder`/photos, making both folders when they are missing.

    Raises:
        SourceError: scikit-image is not installed.
        ExportError: the files cannot be written.
    """
    photos = {name: _photo(name) for name in (SKY, PORTRAIT)}
    make_folder(folder / "photos")
    for name, data in photos.items():
        write_file(folder / "photos" / name, data)


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
            "adjustments": {"exposure": 0.5, "contrast": 1.1, "saturation": 0.8},
        },
        {"type": "raster", "name": "night", "source": {"color": NIGHT}},
    ]


def _porthole() -> list[dict[str, Any]]:
    """The portrait in its porthole, with a glow behind and light on the rim."""
    (cx, cy), r = CENTER, RADIUS
    return [
        {
            "type": "vector",
            "name": "glow",
            "shapes": [_disc(CENTER, RADIUS, fill=GLOW)],
            "transform": {"x": -14.0, "y": -16.0},
            "filters": [{"type": "blur", "radius": 44.0}],
            "blend_mode": "screen",
            "opacity": 0.7,
        },
        {
            "type": "group",
            "name": "porthole",
            "mask": {
                "selection": {
                    "type": "ellipse",
                    "points": [[cx - r, cy - r], [cx + r, cy + r]],
                    "feather_radius": 0.6,
                }
            },
            "layers": [
                {
                    "type": "raster",
                    "name": "portrait",
                    "source": {"path": f"photos/{PORTRAIT}"},
                    "fit": "cover",
                    **BOX,
                    "adjustments": {"contrast": 1.06, "saturation": 1.08},
                    # The photograph has 512 pixels for these 672.
                    "filters": [{"type": "sharpen", "radius": 1.4, "amount": 0.6, "threshold": 2}],
                },
                {
                    "type": "raster",
                    "name": "shade",
                    "source": {"color": SHADE},
                    **BOX,
                    "blend_mode": "multiply",
                },
            ],
        },
        {
            "type": "vector",
            "name": "rim",
            "shapes": [_disc(CENTER, RADIUS, stroke={"color": RIM, "width": 2.0})],
        },
    ]


def _satellite() -> list[dict[str, Any]]:
    """A spark on its orbit around the porthole."""
    return [
        {
            "type": "vector",
            "name": "orbit",
            "shapes": [_disc(CENTER, ORBIT, stroke={"color": FADE, "width": 1.5})],
        },
        {
            "type": "vector",
            "name": "satellite's glow",
            "shapes": [_disc(SATELLITE, 12.0, fill=ORANGE)],
            "filters": [{"type": "blur", "radius": 9.0}],
            "blend_mode": "add",
            "opacity": 0.8,
        },
        {"type": "vector", "name": "satellite", "shapes": [_disc(SATELLITE, 6.5, fill=ORANGE)]},
    ]


def _disc(center: tuple[float, float], radius: float, **paint: Any) -> dict[str, Any]:
    cx, cy = center
    return {"type": "ellipse", "cx": cx, "cy": cy, "rx": radius, "ry": radius, **paint}


def _type() -> list[dict[str, Any]]:
    """Mark, headline and text, on one left edge."""
    return [
        {
            "type": "vector",
            "name": "mark",
            "svg": MARK,
            "transform": {"x": MARGIN, "y": MARGIN},
        },
        {
            "type": "text",
            "name": "wordmark",
            "text": "image-core",
            "size": 28.0,
            "weight": 600,
            "color": WHITE,
            "transform": {"x": MARGIN + 54, "y": MARGIN + 2},
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
            "transform": {"x": MARGIN - 4, "y": 240},  # the stem of the E on the margin
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
