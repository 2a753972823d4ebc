"""From the samples a file holds to 8 bits a channel, rounded to nearest; Pillow alone drops the low bits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import PHOTOMETRIC_INTERPRETATION, TiffImageFile

from engines.image_core.errors import SourceError
from engines.image_core.runtime.pixels import SAMPLE_MODES, WIDE_GREY, to_8_bits
from engines.image_core.sources.raster.icc import lab_to_srgb
from engines.image_core.sources.raster.tiff_planes import in_planes, is_premultiplied, planes

__all__ = ["load_samples"]

_STRIP_PIXELS = 1 << 18

_Bytes = NDArray[np.uint8]

_REFUSED = {"F": "floating-point", "I": "signed or 32-bit"}


def load_samples(picture: ImageFile, data: bytes, reopen: Callable[[], ImageFile], label: str) -> Image.Image:
    """Decode an opened picture to mode L, LA, RGB, RGBA or CMYK, straight alpha.

    16-bit samples become round(v * 255 / 65535); a premultiplied picture is divided by its alpha as Pillow
    does; a transparent colour (PNG's tRNS, GIF) becomes alpha 0 with the colour kept. CIELAB becomes sRGB.

    Args:
        picture: the opened file; afterwards it is loaded.
        data: the whole file.
        reopen: opens the same file again. 16-bit colour is read twice, for its high and its low bytes.
        label: how messages name the layer.

    Raises:
        SourceError: floating-point or 32-bit samples, or a later frame of a 16-bit PNG, of which Pillow has
            the high bytes alone.
    """
    if picture.mode == "LAB":
        return lab_to_srgb(picture)
    if picture.mode not in SAMPLE_MODES and picture.mode not in WIDE_GREY:
        kind = _REFUSED.get(picture.mode, picture.mode)
        raise SourceError(
            f"{label}: {kind} pixels are not read: "
            "allowed are 8 or 16 bits of grey, RGB, palette or CMYK, and 8 of CIELAB"
        )
    if isinstance(picture, TiffImageFile) and in_planes(picture):
        return _from_planes(picture, data, label)
    raw = _raw_mode(picture)
    if isinstance(picture, PngImageFile) and picture.tell() and (";16" in raw or picture.mode in WIDE_GREY):
        raise SourceError(f"{label}: of a PNG of 16 bits only frame 0 is read: save it with 8 bits a channel")
    if picture.mode in WIDE_GREY:
        return _wide_grey(picture, raw)
    if raw == "LA;16B":
        return _wide_grey_alpha(picture)
    if raw.startswith(("RGB;16", "RGBA;16", "CMYK;16")):
        return _wide_colour(picture, reopen(), raw)
    picture.load()
    return _narrow(picture, raw)


def _narrow(picture: ImageFile, raw: str) -> Image.Image:
    mode = SAMPLE_MODES[picture.mode]
    if "transparency" in picture.info:
        mode = "LA" if mode == "L" else "RGBA"
        if raw in {"L;2", "L;4"}:  # Pillow widens these greys to 8 bits, but not the grey that tRNS names
            picture.info["transparency"] *= {"L;2": 85, "L;4": 17}[raw]
    return picture if picture.mode == mode else picture.convert(mode)


def _raw_mode(picture: ImageFile) -> str:
    """How the samples lie in the file, in Pillow's words: "RGB;16B" is big-endian 16-bit RGB."""
    args = picture.tile[0].args if picture.tile else None
    raw = args[0] if isinstance(args, tuple) and args else args
    return raw if isinstance(raw, str) else ""


def _set_raw_mode(picture: ImageFile, raw: str) -> None:
    def changed(args: object) -> tuple[object, ...] | str:
        return (raw, *args[1:]) if isinstance(args, tuple) else raw

    picture.tile = [tile._replace(args=changed(tile.args)) for tile in picture.tile]


def _wide_grey(picture: ImageFile, raw: str) -> Image.Image:
    wide = np.asarray(picture)
    top = 4095 if raw.startswith("I;12") else 65535
    inverted = isinstance(picture, TiffImageFile) and picture.tag_v2.get(PHOTOMETRIC_INTERPRETATION) == 0
    keyed = "transparency" in picture.info

    def narrow(rows: slice) -> _Bytes:
        values = wide[rows].astype(np.uint32)
        # Pillow leaves "0 is white" as it is at 16 bits.
        grey = to_8_bits(top - values if inverted else values, top)
        if not keyed:
            return grey
        return np.dstack([grey, (values != picture.info["transparency"]) * np.uint8(255)])

    return _in_strips("LA" if keyed else "L", picture, narrow)


def _wide_grey_alpha(picture: ImageFile) -> Image.Image:
    """PNG's 16-bit grey with alpha: read as four bytes a pixel, grey and alpha, high byte first."""
    _set_raw_mode(picture, "RGBA")
    pairs = np.asarray(picture)

    def narrow(rows: slice) -> _Bytes:
        values = pairs[rows].astype(np.uint32)
        return to_8_bits(values[..., 0::2] << 8 | values[..., 1::2])

    return _in_strips("LA", picture, narrow)


def _wide_colour(picture: ImageFile, again: ImageFile, raw: str) -> Image.Image:
    """16-bit colour: Pillow keeps the high byte of each sample, or in the other byte order the low one."""
    kind, _, order = raw.rpartition(";16")
    little = order == "L" or (order == "N" and sys.byteorder == "little")
    _set_raw_mode(again, f"{kind};16{'B' if little else 'L'}")
    high, low = np.asarray(picture), np.asarray(again)
    keyed = "transparency" in picture.info

    def narrow(rows: slice) -> _Bytes:
        values = high[rows].astype(np.uint32) << 8 | low[rows]
        if not keyed:
            return to_8_bits(values)
        shown = (values != np.array(picture.info["transparency"])).any(axis=2)
        return np.dstack([to_8_bits(values), shown * np.uint8(255)])

    return _in_strips("RGBA" if keyed else picture.mode, picture, narrow)


def _in_strips(mode: str, source: ImageFile, narrow: Callable[[slice], _Bytes]) -> Image.Image:
    """A picture of 8-bit rows, made strip by strip: whole, wide samples take several times its memory."""
    image = Image.new(mode, source.size)
    rows = max(1, _STRIP_PIXELS // source.width)
    for top in range(0, source.height, rows):
        strip = np.ascontiguousarray(narrow(slice(top, top + rows)))
        image.paste(Image.frombytes(mode, (source.width, len(strip)), strip.tobytes()), (0, top))
    image.info = {key: value for key, value in source.info.items() if key != "transparency"}
    return image


def _from_planes(picture: TiffImageFile, data: bytes, label: str) -> Image.Image:
    """A TIFF in separate planes: as many of them as its mode has channels; others are left out."""
    bands = [
        _narrow(plane, "L") if plane.mode == "L" else _wide_grey(plane, _raw_mode(plane))
        for plane in islice(planes(picture, data, label), len(picture.getbands()))
    ]
    premultiplied = is_premultiplied(picture)
    image = Image.merge("RGBa" if premultiplied else picture.mode, bands)
    image = image.convert("RGBA") if premultiplied else image
    image.info = dict(picture.info)
    return image
