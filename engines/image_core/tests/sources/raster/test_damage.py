"""Damaged files: an error of ours or pixels, never another library's exception, never a warning."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image, features
from skimage.data import astronaut

from engines.image_core.errors import SourceError
from engines.image_core.sources.raster.decoding import decode_image
from engines.image_core.tests.encoded import SRGB, encoded, gray_profile, rgb_profile

LABEL = "layer 'photo' (layers[0])"
PHOTO = Image.fromarray(astronaut()[100:196, 180:300].copy())
ONE_LINE = re.compile(rf"{re.escape(LABEL)}: [^\n]+")


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a description long enough to be stored apart"
    return exif


FILES = {
    "PNG": encoded(PHOTO, "PNG", exif=_exif()),
    "PNG palette": encoded(PHOTO.quantize(16), "PNG", transparency=3),
    "JPEG": encoded(PHOTO, "JPEG", exif=_exif()),
    "JPEG progressive": encoded(PHOTO, "JPEG", progressive=True),
    "JPEG CMYK": encoded(PHOTO.convert("CMYK"), "JPEG"),
    "WEBP": encoded(PHOTO, "WEBP", exif=_exif()),
    "WEBP lossless": encoded(PHOTO, "WEBP", lossless=True),
    "GIF": encoded(PHOTO.quantize(32), "GIF"),
    "TIFF": encoded(PHOTO, "TIFF", exif=_exif()),
    "TIFF deflate": encoded(PHOTO, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF LZW": encoded(PHOTO, "TIFF", compression="tiff_lzw"),
    "BMP": encoded(PHOTO, "BMP"),
}
if features.check("avif"):
    FILES["AVIF"] = encoded(PHOTO, "AVIF", speed=9)


def _pixels_or_error(data: bytes) -> bool:
    """Whether the file decodes; any failure must be one line of ours."""
    message = f"{LABEL}: none"
    try:
        decode_image(data, LABEL)
    except SourceError as error:
        message = str(error)
    assert ONE_LINE.fullmatch(message), message
    return message == f"{LABEL}: none"


@pytest.mark.parametrize("name", FILES)
def test_whole_files_decode(name: str) -> None:
    """The files that are damaged below are good before."""
    assert _pixels_or_error(FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_truncation_is_an_error(name: str) -> None:
    """Cut short anywhere in its picture data, a file is an error, not a half-grey picture."""
    data = FILES[name]
    cuts = sorted({0, 1, 7, 12, 20, 33, *range(40, len(data) * 9 // 10, max(1, len(data) // 60))})
    decoded = [cut for cut in cuts if _pixels_or_error(data[:cut])]
    assert decoded == []


@pytest.mark.parametrize("name", ["PNG", "PNG palette", "JPEG", "JPEG progressive", "WEBP", "WEBP lossless"])
def test_truncation_at_the_very_end_is_an_error(name: str) -> None:
    """Even the last bytes count."""
    for missing in range(1, 9):
        assert not _pixels_or_error(FILES[name][:-missing]), f"{missing} bytes missing"


@pytest.mark.parametrize("name", FILES)
def test_flipped_bits_give_pixels_or_an_error(name: str) -> None:
    """Three hundred files with 1 to 8 wrong bits each, half of them in the header."""
    rng = np.random.default_rng(len(name))
    for attempt in range(300):
        damaged = bytearray(FILES[name])
        reach = min(600, len(damaged)) if attempt % 2 else len(damaged)
        for position in rng.integers(0, reach, rng.integers(1, 9)):
            damaged[position] ^= 1 << int(rng.integers(8))
        _pixels_or_error(bytes(damaged))


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_flipped_bits_in_a_profile_give_pixels_or_an_error(mode: str) -> None:
    """Two hundred damaged colour profiles."""
    rng = np.random.default_rng(2)
    good = rgb_profile(SRGB, [563]) if mode == "RGB" else gray_profile([563])
    for _ in range(200):
        profile = bytearray(good)
        for position in rng.integers(0, len(profile), rng.integers(1, 9)):
            profile[position] ^= 1 << int(rng.integers(8))
        _pixels_or_error(encoded(PHOTO.convert(mode), "TIFF", icc_profile=bytes(profile)))


def test_a_tiff_profile_of_the_wrong_type_is_an_error() -> None:
    """A profile tag that holds text is told like any damaged profile."""
    data = encoded(PHOTO, "TIFF", tiffinfo={34675: "text"})
    with pytest.raises(SourceError, match="colour profile is damaged"):
        decode_image(data, LABEL)


def test_any_flipped_bit_of_a_png_is_found() -> None:
    """PNG has checksums over everything: no single wrong bit goes unseen."""
    rng = np.random.default_rng(1)
    data = FILES["PNG"]
    for position in rng.integers(0, len(data), 400):
        damaged = bytearray(data)
        damaged[position] ^= 1 << int(rng.integers(8))
        assert not _pixels_or_error(bytes(damaged)), f"byte {position}"


def test_the_process_lives_on() -> None:
    """After a damaged file the next good one decodes as before."""
    before = decode_image(FILES["JPEG"], LABEL).pixels
    assert not _pixels_or_error(FILES["JPEG"][:2000])
    assert np.array_equal(decode_image(FILES["JPEG"], LABEL).pixels, before)
