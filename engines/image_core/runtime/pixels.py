"""Pictures that a Python program holds in memory, frozen: arrays, Pillow's images, whatever shares memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core.runtime.limits import DEFAULT_LIMITS

__all__ = ["SAMPLE_MODES", "WIDE_GREY", "Pixels", "frozen_pixels", "to_8_bits"]

SAMPLE_MODES = {"1": "L", "L": "L", "LA": "LA", "La": "LA", "P": "RGB", "PA": "RGBA", "RGB": "RGB",
                "RGBA": "RGBA", "RGBX": "RGB", "RGBa": "RGBA", "CMYK": "CMYK", "YCbCr": "RGB"}  # fmt: skip
"""Pillow's modes of 8 bits and less, and those that pictures of them are read as."""

WIDE_GREY = {"I;16", "I;16B", "I;16L", "I;16N"}
"""Pillow's modes of 16 bits."""

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
"""What channels are, by their number."""

_STRIP = 1 << 20
"""Wider samples are brought to 8 bits about this many at a time."""

_ON_CPU = {1, 3, 11, 13}
"""DLPack's devices whose memory the processor reads: its own, and what CUDA and ROCm pin or manage."""


class Pixels:
    """A picture in 8 bits a channel, never changed.

    No dataclass: pydantic would dump it as a dict.

    Attributes:
        mode: Pillow's name of its channels: L, LA, RGB, RGBA or CMYK, alpha straight.
        width, height: its size.
        data: its samples, row by row, channels together.
        profile: the ICC profile that its values are of; None for sRGB.
        digest: SHA-256 hex digest of all that.
    """

    def __init__(self, mode: str, width: int, height: int, data: bytes, profile: bytes | None = None) -> None:
        self.mode, self.width, self.height = mode, width, height
        self.data, self.profile = data, profile
        described = hashlib.sha256(f"pixels {mode} {width} {height} {profile!r}\n".encode())
        described.update(data)
        self.digest = described.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pixels) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<{self.width} x {self.height} pixels, {self.mode}>"


def frozen_pixels(value: Any) -> Pixels:
    """A copy of a picture in memory, so that a later change of it changes nothing.

    Args:
        value: an array, shape (height, width) grey, or (height, width, channels) of 1 (grey), 2 (grey and
            alpha), 3 (RGB) or 4 (RGBA), alpha straight: uint8; uint16, rounded to the nearest of 255 steps;
            floats of 0 to 1, rounded alike; bool, False 0 and True 255. An object with `__array_interface__`,
            `__array__` or `__dlpack__` (in the processor's memory) counts as one. Or a `PIL.Image.Image`, by
            its palette, its transparent colour and its ICC profile; its EXIF orientation is not applied.

    Raises:
        ValueError: something else, another shape or kind of numbers, floats that are no number or beyond 0 to
            1, masked values, memory of another device, no pixels, or more of them than `source_pixels` of the
            default limits.
    """
    if isinstance(value, Pixels):
        return value
    if isinstance(value, Image.Image):
        return _of_image(value)
    return _of_array(_array(value))


def to_8_bits(wide: NDArray[Any], top: int = 65535) -> NDArray[np.uint8]:
    """round(v * 255 / top) of whole numbers 0..top, in an integer type that holds 255 times as much."""
    return ((wide * 255 + top // 2) // top).astype(np.uint8)


def _of_image(image: Image.Image) -> Pixels:
    _check_size(image.width, image.height)
    if image.mode in WIDE_GREY and "transparency" not in image.info:
        return _of_array(np.asarray(image))
    if image.mode not in SAMPLE_MODES:
        raise ValueError(
            f"an image of mode {image.mode} is not allowed: allowed are I;16 and {', '.join(SAMPLE_MODES)}"
        )
    try:
        image.load()
        profile = image.info.get("icc_profile") or None
        mode = SAMPLE_MODES[image.mode]
        if "transparency" in image.info:
            mode = "LA" if mode == "L" else "RGBA"
        narrow = image if image.mode == mode else image.convert(mode)
        return Pixels(mode, *image.size, narrow.tobytes(), profile)
    except Exception as error:  # a picture that is read only now may be damaged in any way
        raise ValueError(f"this image cannot be read ({_told(error)})") from error


def _array(value: Any) -> NDArray[Any]:
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError("a masked array is not allowed: fill it, or give alpha as its fourth channel")
    try:
        if hasattr(value, "__dlpack_device__") and value.__dlpack_device__()[0] not in _ON_CPU:
            raise ValueError("it lies in the memory of another device: copy it to the processor's first")
        if any(hasattr(value, name) for name in ("__array_interface__", "__array__")):
            return np.asarray(value)
        if hasattr(value, "__dlpack__"):
            return np.from_dlpack(value)
    except Exception as error:  # of whatever made the object
        raise ValueError(f"this {type(value).__name__} gives no array ({_told(error)})") from error
    raise ValueError(
        f"a value of type {type(value).__name__} is not allowed: allowed are a NumPy array, a PIL image, an "
        "object with __array_interface__ or __dlpack__, and an open binary file"
    )


def _told(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _of_array(array: NDArray[Any]) -> Pixels:
    channels = 1 if array.ndim == 2 else array.shape[2] if array.ndim == 3 else 0
    if channels not in _MODES:
        raise ValueError(f"an array of shape {array.shape} is not allowed: allowed is {_shapes(array)}")
    height, width = array.shape[:2]
    _check_size(width, height)
    narrow = _narrowing(array)
    rows = max(1, _STRIP // (width * channels))
    strips = (narrow(array[top : top + rows]).tobytes() for top in range(0, height, rows))
    return Pixels(_MODES[channels], width, height, b"".join(strips))


def _shapes(array: NDArray[Any]) -> str:
    first = array.ndim == 3 and array.shape[0] in _MODES
    return "(height, width) or (height, width, channels) with 1 to 4 channels" + (
        ": channels come last, as after array.transpose(1, 2, 0)" if first else ""
    )


def _check_size(width: int, height: int) -> None:
    if width * height == 0:
        raise ValueError(f"a picture of {width} x {height} has no pixels")
    if width * height > DEFAULT_LIMITS.source_pixels:
        raise ValueError(
            f"{width} x {height} is too large: allowed are {DEFAULT_LIMITS.source_pixels:,} pixels"
        )


def _narrowing(array: NDArray[Any]) -> Callable[[NDArray[Any]], NDArray[np.uint8]]:
    """What brings some rows of an array to 8 bits."""
    if array.dtype == np.uint8:
        return np.asarray
    if array.dtype == np.bool_:
        return lambda rows: rows * np.uint8(255)
    if array.dtype.kind == "u" and array.dtype.itemsize == 2:
        return lambda rows: to_8_bits(rows.astype(np.uint32))
    if array.dtype.kind == "f":
        return _of_floats
    raise ValueError(
        f"an array of {array.dtype} is not allowed: allowed are uint8, uint16, bool, and floats of 0 to 1"
    )


def _of_floats(rows: NDArray[Any]) -> NDArray[np.uint8]:
    outside = rows[~((rows >= 0) & (rows <= 1))]
    if outside.size:
        raise ValueError(
            f"{outside[0]:g} is not allowed in an array of {rows.dtype}: allowed is 0 to 1 "
            "(uint8 holds 0 to 255)"
        )
    return np.floor(rows.astype(np.float64) * 255 + 0.5).astype(np.uint8)
