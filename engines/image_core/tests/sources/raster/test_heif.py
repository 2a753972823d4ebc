"""Photographs of phones: HEIC and HEIF, by the extra heif."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.sources.raster import opening
from engines.image_core.sources.raster.decoding import decode_image
from engines.image_core.tests.composing import random_pixels
from engines.image_core.tests.encoded import DISPLAY_P3, rgb_profile, srgb_curve

PIXELS = random_pixels(3, 70, 66)
EXACT = {"quality": -1, "chroma": 444, "matrix_coefficients": 0}


def _heif(*images: Image.Image, **options: Any) -> bytes:
    file, written = io.BytesIO(), pillow_heif.HeifFile()  # type: ignore[no-untyped-call]
    for image in images:
        written.add_from_pillow(image)
    written.save(file, **(EXACT | options))
    return file.getvalue()


def test_a_picture_is_what_it_was_made_of() -> None:
    """Encoded without loss, with its alpha."""
    opaque = Image.fromarray(PIXELS[..., :3])
    decoded = decode_image(_heif(opaque), "x")
    assert np.array_equal(decoded.pixels[..., :3], PIXELS[..., :3])
    assert decoded.opaque
    assert np.array_equal(decode_image(_heif(Image.fromarray(PIXELS)), "x").pixels[..., 3], PIXELS[..., 3])


def test_it_is_upright_once() -> None:
    """The decoder turns it as the file says; its EXIF then says nothing more."""
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = decode_image(_heif(Image.fromarray(PIXELS[..., :3]), exif=exif.tobytes()), "x").pixels[..., :3]
    assert np.array_equal(turned, np.rot90(PIXELS[..., :3], -1))


def test_its_colours_are_those_of_its_profile_or_of_its_code_points() -> None:
    """As phones write them, Display P3; a profile goes first."""
    image = Image.new("RGB", (64, 64), (200, 100, 50))
    coded = _heif(image, color_primaries=12, transfer_characteristics=13)
    assert decode_image(coded, "x").pixels[9, 9].tolist() == [215, 93, 31, 255]
    usual = _heif(image, color_primaries=1, transfer_characteristics=13)
    assert decode_image(usual, "x").pixels[9, 9].tolist() == [200, 100, 50, 255]
    image.info["icc_profile"] = rgb_profile(DISPLAY_P3, srgb_curve())
    assert decode_image(_heif(image), "x").pixels[9, 9].tolist() == [215, 93, 31, 255]
    bright = _heif(Image.new("RGB", (64, 64)), color_primaries=9, transfer_characteristics=16)
    with pytest.raises(SourceError, match="x: a HEIF of high dynamic range"):
        decode_image(bright, "x")


def test_further_pictures_are_frames() -> None:
    """The one that the file names as its picture is the first."""
    red, green, blue = (Image.new("RGB", (64, 64), colour) for colour in ("#ff0000", "#00ff00", "#0000ff"))
    data = _heif(red, green, blue, primary_index=1)
    shown = [decode_image(data, "x", frame=frame).pixels[9, 9, :3].argmax() for frame in range(3)]
    assert shown == [1, 0, 2]
    with pytest.raises(SourceError, match="x: frame 3 is not there: this HEIF file has 3 frames"):
        decode_image(data, "x", frame=3)


def test_sizes_are_bounded_before_anything_is_decoded() -> None:
    """What the file says, and where it says less than it holds, what the decoder then finds."""
    data = _heif(Image.new("RGB", (400, 300)))
    with pytest.raises(SourceError, match="x: 400 x 300 is too large"):
        decode_image(data, "x", limits=RenderLimits(source_pixels=119_999))
    place = data.index(b"ispe") + 8
    lie = data[:place] + struct.pack(">II", 10, 10) + data[place + 8 :]
    with pytest.raises(SourceError, match="x: this HEIF file is damaged"):
        decode_image(lie, "x")
    with pytest.raises(SourceError, match="x: this HEIF file is damaged"):
        decode_image(data[: len(data) // 2], "x")


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And of JPEG XL that it is not read."""
    monkeypatch.delitem(opening._READERS, "HEIF")
    with pytest.raises(
        SourceError, match=r'x: HEIC and HEIF pictures need the extra heif: pip install "image-'
    ):
        decode_image(_heif(Image.new("RGB", (64, 64))), "x")
    with pytest.raises(SourceError, match="x: JPEG XL is not read"):
        decode_image(b"\xff\x0a" + bytes(50), "x")
