"""Embedded colour profiles: pictures come in as sRGB."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

from engines.image_core.errors import SourceError

__all__ = ["to_srgb"]

_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}


def to_srgb(profile: bytes | None, mode: str, label: str) -> Callable[[Image.Image], Image.Image]:
    """How pictures of a mode (L, LA, RGB, RGBA or CMYK) with this ICC profile become sRGB pictures.

    Relative colorimetric with black point compensation, 8 bits, by Little CMS; alpha is carried over. A
    profile whose conversion moves no colour by more than one step of 255 is sRGB for our purposes (vendors'
    sRGB profiles differ by that much) and changes nothing. Grey pictures with an RGB profile, which common
    tools write, are read as R = G = B in it.

    Raises:
        SourceError: the profile is damaged, or is made for another kind of pixels.
    """
    if not profile:
        raise SourceError(f"{label}: its embedded colour profile is damaged")
    try:
        space = _space(profile)
        if _SPACES[mode] == "GRAY" and space == "RGB ":
            rgb = "RGB" if mode == "L" else "RGBA"
            convert = _conversion(profile, rgb)
            return lambda image: convert(image.convert(rgb))
        if space == _SPACES[mode]:
            return _conversion(profile, mode)
    except (OSError, ImageCms.PyCMSError) as error:
        raise SourceError(f"{label}: its embedded colour profile is damaged ({error})") from error
    raise SourceError(
        f"{label}: its embedded colour profile is for {space.strip()} pixels, but its pixels are {mode}"
    )


def _space(profile: bytes) -> str:
    return str(ImageCms.ImageCmsProfile(BytesIO(profile)).profile.xcolor_space)


@lru_cache(maxsize=16)
def _conversion(profile: bytes, mode: str) -> Callable[[Image.Image], Image.Image]:
    colour = {"L": "RGB", "LA": "RGB", "CMYK": "RGB"}.get(mode, mode)
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        "L" if mode == "LA" else mode,
        colour,
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )

    def convert(image: Image.Image) -> Image.Image:
        if mode != "LA":
            return _apply(image, transform)
        converted = _apply(image.getchannel("L"), transform)
        converted.putalpha(image.getchannel("A"))
        return converted

    return (lambda image: image) if mode != "CMYK" and _keeps_colours(convert, mode) else convert


def _apply(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None  # None only when converting in place
    return converted


def _keeps_colours(convert: Callable[[Image.Image], Image.Image], mode: str) -> bool:
    """Whether a conversion moves no colour by more than one step: tried on all greys and a 16^3 lattice."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    lattice = np.indices((16, 16, 16), dtype=np.uint8).reshape(3, -1).T * 17
    colours = ramp if mode in {"L", "LA"} else np.concatenate([ramp, lattice])
    probe = Image.fromarray(np.ascontiguousarray(colours[None])).convert(mode)
    moved = np.asarray(convert(probe).convert("RGB")).astype(np.int16) - colours
    return int(np.abs(moved).max()) <= 1
