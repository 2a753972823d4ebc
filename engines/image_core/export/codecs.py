"""WEBP, JPEG and AVIF through Pillow: libwebp, libjpeg-turbo and libaom."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

import numpy as np
from PIL import Image

from engines.image_core.errors import ExportError
from engines.image_core.export.options import (
    AvifOptions,
    Effort,
    Format,
    JpegOptions,
    WebpOptions,
)
from engines.image_core.export.pixels import Pixels, channels, check_pixels, flatten, is_opaque

__all__ = ["encode_avif", "encode_jpeg", "encode_webp"]

_SIDES = {Format.WEBP: 16383, Format.JPEG: 65500, Format.AVIF: 65536}
"""The longest side a format holds, or its library takes."""

_WEBP_METHOD: dict[Effort, int] = {"fast": 2, "balanced": 4, "small": 6}
# In libwebp's lossless coding, quality is effort. Balanced was measured against its usual method 4 at 75:
# files within 0.1 % of that size, in a third of the time.
_WEBP_LOSSLESS: dict[Effort, dict[str, int]] = {
    "fast": {"method": 0, "quality": 0},
    "balanced": {"method": 2, "quality": 50},
    "small": {"method": 6, "quality": 75},
}
_JPEG_CODING: dict[Effort, dict[str, bool]] = {
    "fast": {},
    "balanced": {"optimize": True},
    "small": {"progressive": True},
}
_AVIF_SPEED: dict[Effort, int] = {"fast": 9, "balanced": 6, "small": 5}

_WEBP, _JPEG, _AVIF = WebpOptions(), JpegOptions(), AvifOptions()


def encode_webp(pixels: Pixels, options: WebpOptions = _WEBP, icc_profile: bytes | None = None) -> bytes:
    """Encode as WEBP.

    Args:
        pixels: uint8, shape (height, width, 4), straight RGBA, at most 16383 a side.
        options: quality or lossless, and effort.
        icc_profile: of the pixels, an RGB one; None for sRGB.

    Raises:
        ExportError: the array is not of this shape and type, or too large.
    """
    _check(pixels, Format.WEBP)
    if options.lossless:
        settings = {"lossless": True, "exact": True, **_WEBP_LOSSLESS[options.effort]}
    else:
        settings = {"quality": options.quality, "method": _WEBP_METHOD[options.effort]}
    return _saved(_seen_channels(pixels), Format.WEBP, BytesIO, settings, icc_profile)


def encode_jpeg(pixels: Pixels, options: JpegOptions = _JPEG, icc_profile: bytes | None = None) -> bytes:
    """Encode as JPEG; a picture with transparency is laid on the matte first, in the compositor's integers.

    Args:
        pixels: uint8, shape (height, width, 4), straight RGBA, at most 65500 a side.
        options: quality, subsampling, matte and effort.
        icc_profile: of the pixels, an RGB one; None for sRGB.

    Raises:
        ExportError: the array is not of this shape and type, or too large; or the picture has transparency
            and there is no matte.
    """
    _check(pixels, Format.JPEG)
    if is_opaque(pixels):
        samples = channels(pixels, 3)
    elif options.matte is not None:
        samples = flatten(pixels, options.matte)
    else:
        raise ExportError(
            "jpeg holds no transparency, and this picture has some: give a matte, the color #rrggbb to lay it"
            " on, or use png, webp or avif"
        )
    settings = {"quality": options.quality, "subsampling": options.subsampling}
    coding = {**settings, **_JPEG_CODING[options.effort]}
    return _saved(samples, Format.JPEG, _memory_file, coding, icc_profile)


def encode_avif(pixels: Pixels, options: AvifOptions = _AVIF, icc_profile: bytes | None = None) -> bytes:
    """Encode as AVIF, 4:2:0, on one thread: with more of them libaom's bytes differ.

    Args:
        pixels: uint8, shape (height, width, 4), straight RGBA, at most 65536 a side.
        options: quality and effort.
        icc_profile: of the pixels, an RGB one; None for sRGB.

    Raises:
        ExportError: the array is not of this shape and type, or too large; or Pillow was built without AVIF.
    """
    _check(pixels, Format.AVIF)
    settings = {
        "quality": options.quality,
        "speed": _AVIF_SPEED[options.effort],
        "codec": "aom",
        "max_threads": 1,
    }
    return _saved(_seen_channels(pixels), Format.AVIF, BytesIO, settings, icc_profile)


def _check(pixels: Pixels, format: Format) -> None:
    check_pixels(pixels)
    height, width, _ = pixels.shape
    if max(width, height) > _SIDES[format]:
        raise ExportError(
            f"{format.upper()} holds at most {_SIDES[format]} pixels a side, not {width} x {height}: use PNG"
        )


def _seen_channels(pixels: Pixels) -> Pixels:
    return channels(pixels, 3 if is_opaque(pixels) else 4)


def _memory_file() -> IO[bytes]:
    """A file in memory that has a descriptor: to one Pillow writes JPEG without the interpreter lock."""
    return os.fdopen(os.memfd_create("image-core"), "w+b")


def _saved(
    samples: Pixels,
    format: Format,
    open_file: Callable[[], IO[bytes]],
    settings: dict[str, Any],
    icc_profile: bytes | None,
) -> bytes:
    if icc_profile is not None:
        settings = {**settings, "icc_profile": icc_profile}
    image = Image.fromarray(np.ascontiguousarray(samples))
    with open_file() as file:
        try:
            image.save(file, format.upper(), **settings)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            raise ExportError(f"{format}: the encoder failed: {error}") from error
        file.seek(0)
        return file.read()
