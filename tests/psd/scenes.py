"""Compositions for the tests of layered files, and files read again as compositions."""

from __future__ import annotations

import base64
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import ImageComposition, LayeredFile, PsdTemplate, RenderedImage, Renderer

__all__ = ["HEIGHT", "WIDTH", "backdrop", "painted", "png", "read_again", "scene"]

Fields = dict[str, Any]

WIDTH, HEIGHT = 48, 36


def png(pixels: NDArray[np.uint8]) -> str:
    """Pixels as a PNG in base64."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def painted(seed: int, width: int = 24, height: int = 20, *, opaque: bool = False, **fields: Any) -> Fields:
    """A raster layer of random pixels: all colours, and all alphas where it is not opaque."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    if opaque:
        pixels[..., 3] = 255
    return {"type": "raster", "source": {"data": png(pixels)}, **fields}


def backdrop() -> Fields:
    """An opaque layer of random pixels as large as the canvas."""
    return painted(1, WIDTH, HEIGHT, opaque=True, name="backdrop")


def scene(*layers: Fields, **fields: Any) -> ImageComposition:
    """A composition of 8 bits of these layers, bottom first."""
    whole = {"tenant_id": "t", "env": "test", "width": WIDTH, "height": HEIGHT, "bit_depth": 8, **fields}
    return ImageComposition.model_validate({**whole, "layers": layers})


def read_again(file: LayeredFile) -> RenderedImage:
    """A Photoshop file of ours, opened as any other, and rendered."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "written.psd"
        file.save(path)
        template = PsdTemplate.open(path, strict=True)
        with Renderer("numpy", root=name) as renderer:
            return renderer.render(template.composition(tenant_id="t", env="test"))
