"""The pictures of the cases, from SHAKE-128 and from ramps: any language can make them again.

A picture is a raster layer's source: PNG as base64, which keeps every byte.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.image_core.export import encode, encode_mask

__all__ = ["NoiseMasks", "alphas", "noise", "ramp", "raster"]


def raster(source: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A raster layer of a source."""
    return {"type": "raster", "source": source, **fields}


@cache
def noise(name: str, width: int, height: int, *, opaque: bool = False) -> dict[str, Any]:
    """RGBA bytes, row by row, of SHAKE-128 of the name.

    Unless it is opaque, an alpha of 192 or more becomes 255 and one below 64 becomes 0, so that both extremes
    come as often as all between.
    """
    stream = hashlib.shake_128(name.encode()).digest(4 * width * height)
    pixels = np.frombuffer(stream, np.uint8).reshape(height, width, 4).copy()
    alpha = pixels[..., 3]
    alpha[alpha >= 192] = 255
    alpha[alpha < 64] = 0
    if opaque:
        alpha[:] = 255
    return _source(pixels)


class NoiseMasks:
    """A store of mask artifacts: one named "any-61x43" is 61 x 43 grey bytes of SHAKE-128 of its name."""

    def read_asset(self, asset_id: str, label: str) -> bytes:
        """No case has an asset."""
        raise NotImplementedError(f"{label}: {asset_id}")

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        """A grey PNG."""
        width, height = map(int, artifact_id.rpartition("-")[2].split("x"))
        stream = hashlib.shake_128(artifact_id.encode()).digest(width * height)
        return encode_mask(np.frombuffer(stream, np.uint8).reshape(height, width))


@cache
def ramp(down: bool) -> dict[str, Any]:
    """256 x 256 opaque pixels: red is the column (down: the row), green 255 less that, blue 7 times it,
    modulo 256."""
    values = np.arange(256)
    grid = np.broadcast_to(values[:, None] if down else values[None, :], (256, 256))
    return _source(np.stack([grid, 255 - grid, 7 * grid % 256, np.full_like(grid, 255)], axis=-1))


@cache
def alphas(color: tuple[int, int, int], down: bool) -> dict[str, Any]:
    """256 x 256 pixels of one colour whose alpha is the column (down: the row)."""
    pixels = np.empty((256, 256, 4), np.uint8)
    pixels[..., :3] = color
    values = np.arange(256)
    pixels[..., 3] = values[:, None] if down else values[None, :]
    return _source(pixels)


def _source(pixels: NDArray[Any]) -> dict[str, Any]:
    return {"data": base64.b64encode(encode(pixels.astype(np.uint8), "png")).decode()}
