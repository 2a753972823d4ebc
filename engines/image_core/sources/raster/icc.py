"""Embedded colour profiles: pictures come in as sRGB."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engines.image_core.errors import SourceError

__all__ = ["to_srgb"]

_Conversion = Callable[[Image.Image], Image.Image]

_BLACK_POINT = ImageCms.Flags.BLACKPOINTCOMPENSATION
_EXACT = _BLACK_POINT | ImageCms.Flags.NOOPTIMIZE
"""Little CMS's shortcuts are at most one step off for RGB, but up to 9 for CMYK photographs and 10 for dark
greys (measured): there they are turned off, which costs CMYK 0.3 s a megapixel."""

_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}


def to_srgb(profile: object, mode: str, label: str) -> _Conversion:
    """How pictures of a mode (L, LA, RGB, RGBA or CMYK) with this ICC profile become sRGB pictures.

    Relative colorimetric with black point compensation, 8 bits, by Little CMS; alpha is carried over. A
    profile whose conversion moves no colour by more than one step of 255 is sRGB for our purposes (vendors'
    sRGB profiles differ by that much) and changes nothing. Grey pictures with an RGB profile, which common
    tools write, are read as R = G = B in it.

    Raises:
        SourceError: the profile is damaged, or is made for another kind of pixels.
    """
    if not isinstance(profile, bytes) or not profile:  # Pillow hands on whatever type the file's tag has
        raise SourceError(f"{label}: its embedded colour profile is damaged")
    try:
        space = _space(profile)
        if _SPACES[mode] == "GRAY" and space == "RGB ":
            rgb = "RGB" if mode == "L" else "RGBA"
            convert = _conversion(profile, rgb)
            return lambda image: convert(image.convert(rgb))
        if space == _SPACES[mode]:
            return _conversion(profile, mode)
    except (OSError, ImageCms.PyCMSError, UnicodeDecodeError) as error:  # its space's name is read as ASCII
        raise SourceError(f"{label}: its embedded colour profile is damaged ({error})") from error
    raise SourceError(
        f"{label}: its embedded colour profile is for {space.strip()} pixels, but its pixels are {mode}"
    )


def _space(profile: bytes) -> str:
    return str(ImageCms.ImageCmsProfile(BytesIO(profile)).profile.xcolor_space)


@lru_cache(maxsize=16)
def _conversion(profile: bytes, mode: str) -> _Conversion:
    if mode in {"L", "LA"}:
        return _by_table(_greys(profile), mode)
    if mode == "CMYK":
        return _by_transform(profile, mode, _EXACT)
    convert = _by_transform(profile, mode, _BLACK_POINT)
    return _unchanged if _keeps_colours(convert, mode) else convert


def _by_transform(profile: bytes, mode: str, flags: ImageCms.Flags) -> _Conversion:
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGBA" if mode == "RGBA" else "RGB",  # RGBA to RGBA carries alpha over
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags,
    )

    def convert(image: Image.Image) -> Image.Image:
        converted = ImageCms.applyTransform(image, transform)
        assert converted is not None  # None only when converting in place
        return converted

    return convert


def _unchanged(image: Image.Image) -> Image.Image:
    return image


def _greys(profile: bytes) -> NDArray[np.uint8]:
    """The sRGB colour of each of the 256 greys: uint8, shape (256, 3)."""
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    return np.array(_by_transform(profile, "L", _EXACT)(ramp)).reshape(256, 3)


def _by_table(greys: NDArray[np.uint8], mode: str) -> _Conversion:
    if np.abs(greys.astype(np.int16) - np.arange(256)[:, None]).max() <= 1:
        return _unchanged
    table = [*greys.T.ravel().tolist(), *range(256)]  # the last 256 leave alpha as it is
    if mode == "L":
        return lambda image: image.convert("RGB").point(table[:768])
    return lambda image: image.convert("RGBA").point(table)


def _keeps_colours(convert: _Conversion, mode: str) -> bool:
    """Whether no colour moves by more than one step: tried on all greys and a 16 x 16 x 16 lattice."""
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    lattice = np.indices((16, 16, 16), dtype=np.uint8).reshape(3, -1).T * 17
    colours = np.concatenate([greys, lattice])
    probe = Image.frombytes("RGB", (len(colours), 1), colours.tobytes()).convert(mode)
    moved = np.asarray(convert(probe).convert("RGB"))[0].astype(np.int16) - colours
    return int(np.abs(moved).max()) <= 1
