"""Words to write compositions with in the tests of the layer stack."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import ImageComposition
from engines.image_core.export import encode_png

__all__ = [
    "Layer",
    "Pixels",
    "composed",
    "file_data",
    "flat",
    "group",
    "largest_step",
    "photo",
    "picture",
    "premultiplied",
    "random_pixels",
    "solid",
    "told_choices",
]

Layer = dict[str, Any]
Pixels = NDArray[np.uint8]


def composed(*layers: Layer, size: tuple[int, int] = (8, 8), **fields: Any) -> ImageComposition:
    """A composition of tenant acme, env dev; size is width, height."""
    width, height = size
    given = {"tenant_id": "acme", "env": "dev", "width": width, "height": height, "layers": layers}
    return ImageComposition(**(given | fields))


def solid(color: str, **fields: Any) -> Layer:
    """A raster layer of one colour, the canvas's size unless it is given one."""
    return {"type": "raster", "source": {"color": color}, **fields}


def photo(path: str, **fields: Any) -> Layer:
    """A raster layer of a file below the renderer's root."""
    return {"type": "raster", "source": {"path": path}, **fields}


def picture(pixels: Pixels, **fields: Any) -> Layer:
    """A raster layer of pixels, uint8 (height, width, 4), handed over as a PNG in the composition."""
    data = base64.b64encode(encode_png(pixels)).decode()
    return {"type": "raster", "source": {"data": data}, **fields}


def told_choices(choices: Iterable[str]) -> str:
    """Choices as an error lists them: 'a', 'b' or 'c'."""
    *others, last = (f"'{choice}'" for choice in choices)
    return f"{', '.join(others)} or {last}"


def file_data(image: Image.Image, format: str = "PNG") -> bytes:
    """A Pillow image as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


def group(*layers: Layer, **fields: Any) -> Layer:
    """A group layer."""
    return {"type": "group", "layers": layers, **fields}


def flat(color: str, width: int, height: int) -> Pixels:
    """Pixels of one colour, #rrggbbaa."""
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = tuple(bytes.fromhex(color[1:].ljust(8, "f")))
    return pixels


def random_pixels(seed: int, width: int, height: int) -> Pixels:
    """Pixels of all kinds of colour and alpha, with many of alpha 0, 1, 254 and 255 among them."""
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (height, width, 4), dtype=np.uint8)
    extreme = random.choice(np.array([0, 1, 254, 255], np.uint8), (height, width))
    pixels[..., 3] = np.where(random.random((height, width)) < 0.5, extreme, pixels[..., 3])
    return pixels


def largest_step(a: NDArray[Any], b: NDArray[Any]) -> float:
    """The largest difference between two pictures, in 8-bit steps."""
    return float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max(initial=0.0))


def premultiplied(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """Straight RGBA in 8-bit steps to premultiplied: what is left of a colour where alpha is small."""
    values = pixels.astype(np.float64)
    values[..., :3] *= values[..., 3:] / 255
    return values
