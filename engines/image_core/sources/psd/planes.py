"""Channels of Photoshop files as 8-bit planes, and several of them as straight RGBA in a document's colours.

Sources: Adobe's "Photoshop File Formats Specification" (image data, channel image data, colour modes).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import ColorMode, Resource

from engines.image_core.errors import SourceError
from engines.image_core.numbers.rounding import high_precision
from engines.image_core.numbers.spaces import srgb_to_linear
from engines.image_core.sources.raster.icc import ColorSpace, Conversion, from_srgb, to_space, unchanged

__all__ = [
    "color_channels",
    "colored",
    "document_profile",
    "eight_bits",
    "managed",
    "own_profile",
    "part_conversion",
]

U8 = NDArray[np.uint8]

_SPACED = {ColorMode.RGB, ColorMode.INDEXED, ColorMode.GRAYSCALE, ColorMode.DUOTONE}
"""Modes whose colours are not brought to sRGB."""


def eight_bits(data: bytes, height: int, width: int, depth: int, *, light: bool) -> U8:
    """A channel's samples as bytes, each rounded to the nearest.

    Args:
        data: big-endian samples, row by row; of 1 bit, rows padded to bytes, where 1 is black.
        height: how many rows.
        width: how many samples a row has.
        depth: 1, 8, 16 (0 ... 65535) or 32 (floats, 1.0 is white; beyond 0 ... 1 the nearest of both).
        light: whether samples of 32 bits are light, to be brought to sRGB's curve, as colour is.

    Returns:
        uint8, shape (height, width). What the file lacks at its end is 0.
    """
    row = (width * depth + 7) // 8
    data = data[: row * height].ljust(row * height, b"\0")
    if depth == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8).reshape(height, row), axis=1)[:, :width]
        return 255 * (1 - bits)
    if depth == 8:
        return np.frombuffer(data, np.uint8).reshape(height, width)
    if depth == 16:
        wide = np.frombuffer(data, ">u2").astype(np.uint32).reshape(height, width)
        return ((wide * 255 + 32767) // 65535).astype(np.uint8)
    samples = np.frombuffer(data, ">f4").astype(np.float64).reshape(height, width)
    steps = _srgb_steps() if light else (np.arange(255) + 0.5) / 255
    return np.searchsorted(steps, np.nan_to_num(samples), side="right").astype(np.uint8)


@cache
def _srgb_steps() -> NDArray[np.float64]:
    """From which light on each of sRGB's 255 steps above 0 is the nearest."""
    with high_precision() as mp:
        return np.array([float(srgb_to_linear(mp, mp.mpf(2 * step + 1) / 510)) for step in range(255)])


def colored(document: PSDImage, planes: Mapping[int, U8], alpha: U8 | None, label: str) -> U8:
    """Planes of colour as straight RGBA: values of the document's own space where that has red, green and
    blue or is grey, else sRGB.

    Args:
        document: whose colours they are.
        planes: uint8, shape (height, width), by the channel's number; at least one.
        alpha: of the same shape, or None where all is opaque.
        label: how messages name the layer.

    Returns:
        uint8, shape (height, width, 4).

    Raises:
        SourceError: the document's colours cannot be drawn, or its profile is damaged.
    """
    shape = next(iter(planes.values())).shape
    mode = document.color_mode
    if mode not in _COLORS:
        raise SourceError(f"{label}: a PSD file of mode {mode.name.lower()} cannot be drawn")
    rgba = np.empty((*shape, 4), np.uint8)
    for channel, plane in enumerate(_COLORS[mode](document, planes, shape, label)):
        rgba[..., channel] = plane
    rgba[..., 3] = 255 if alpha is None else alpha
    return rgba


def color_channels(document: PSDImage) -> int:
    """How many channels are colour: 1, 3 or 4."""
    return {ColorMode.RGB: 3, ColorMode.LAB: 3, ColorMode.CMYK: 4}.get(document.color_mode, 1)


def document_profile(document: PSDImage) -> bytes | None:
    """The ICC profile in the file; None where it has none."""
    profile = document.image_resources.get_data(Resource.ICC_PROFILE)
    return bytes(profile) if profile else None


def own_profile(document: PSDImage) -> bytes | None:
    """The ICC profile of the space that the values of a document's parts are of; None where they are sRGB: it
    has no profile, or they were brought to sRGB's curve, of 32 bits, or to sRGB, of inks and Lab."""
    return document_profile(document) if _as_stored(document) else None


def part_conversion(document: PSDImage, space: ColorSpace | None) -> Conversion:
    """What brings a part of a document to a composition's space: nothing where the part's values are the
    document's own, which are taken for values of that space; what was brought to sRGB goes on from there."""
    return unchanged if space is None or _as_stored(document) else from_srgb("RGBA", space)


def _as_stored(document: PSDImage) -> bool:
    """Whether the values of a document's parts are of its own space."""
    return document.depth < 32 and document.color_mode in _SPACED


def managed(document: PSDImage, label: str, space: ColorSpace | None) -> Conversion:
    """What brings a document that is a picture like any other from its own profile to a composition's space;
    without a profile it is sRGB.

    Raises:
        SourceError: the profile is damaged, or is made for another kind of pixels.
    """
    profile = own_profile(document)
    if profile is None:
        return unchanged if space is None else from_srgb("RGBA", space)
    return to_space(profile, "LA" if color_channels(document) == 1 else "RGBA", label, space)


_Shape = tuple[int, ...]
_Planes = Mapping[int, U8]


def _rgb(document: PSDImage, planes: _Planes, shape: _Shape, label: str) -> list[U8]:
    black = np.zeros(shape, np.uint8)
    return [planes.get(channel, black) for channel in range(3)]


def _grey(document: PSDImage, planes: _Planes, shape: _Shape, label: str) -> list[U8]:
    return [planes.get(0, np.zeros(shape, np.uint8))] * 3


def _indexed(document: PSDImage, planes: _Planes, shape: _Shape, label: str) -> list[U8]:
    palette = np.frombuffer(document._record.color_mode_data.value[:768].ljust(768, b"\0"), np.uint8)
    index = planes.get(0, np.zeros(shape, np.uint8))
    return [channel[index] for channel in palette.reshape(3, 256)]


def _inks(document: PSDImage, planes: _Planes, shape: _Shape, label: str) -> list[U8]:
    """Four inks, of which the file stores how much paper they leave."""
    paper = np.full(shape, 255, np.uint8)
    inks = [Image.fromarray(255 - planes.get(channel, paper)) for channel in range(4)]
    picture = Image.merge("CMYK", inks)
    profile = document_profile(document)
    if profile is not None:
        picture = to_space(profile, "CMYK", label)(picture)
    return [np.asarray(band) for band in picture.convert("RGB").split()]


def _lab(document: PSDImage, planes: _Planes, shape: _Shape, label: str) -> list[U8]:
    middle = np.full(shape, 128, np.uint8)
    picture = Image.merge("LAB", [Image.fromarray(planes.get(channel, middle)) for channel in range(3)])
    converted = ImageCms.applyTransform(picture, _from_lab())
    assert converted is not None  # None only when converting in place
    return [np.asarray(band) for band in converted.split()]


@cache
def _from_lab() -> ImageCms.ImageCmsTransform:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    flags = ImageCms.Flags.NOOPTIMIZE
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, flags)


_Colors = Callable[[PSDImage, _Planes, _Shape, str], list[U8]]

_COLORS: dict[ColorMode, _Colors] = {
    ColorMode.RGB: _rgb,
    ColorMode.GRAYSCALE: _grey,
    ColorMode.DUOTONE: _grey,
    ColorMode.BITMAP: _grey,
    ColorMode.INDEXED: _indexed,
    ColorMode.CMYK: _inks,
    ColorMode.LAB: _lab,
}
