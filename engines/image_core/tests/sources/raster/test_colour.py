"""Embedded colour profiles: pictures arrive as sRGB, checked against the arithmetic of the colour spaces."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engines.image_core.errors import SourceError
from engines.image_core.sources.raster.decoding import decode_image
from engines.image_core.tests.encoded import (
    DISPLAY_P3,
    SRGB,
    chunk,
    encoded,
    gray_profile,
    rgb_profile,
    srgb_curve,
)
from engines.image_core.tests.profiled import P3_TO_SRGB, curved, linear

LABEL = "layer 'photo' (layers[0])"
RGB = np.random.default_rng(3).integers(0, 256, (20, 30, 3), dtype=np.uint8)


def _pixels(array: NDArray[np.uint8], profile: bytes, format: str = "PNG") -> NDArray[np.uint8]:
    return decode_image(encoded(Image.fromarray(array), format, icc_profile=profile), LABEL).pixels


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_wide_gamut_is_converted(format: str) -> None:
    """Display P3 pixels become the sRGB ones of the same colour, within a step and a half of 255."""
    pixels = _pixels(RGB, rgb_profile(DISPLAY_P3, srgb_curve()), format)
    expected = curved(linear(RGB) @ P3_TO_SRGB.T)
    assert np.abs(pixels[..., :3] - expected).max() <= 1.5
    assert (pixels[..., 3] == 255).all()


def test_alpha_is_kept() -> None:
    """Conversion changes colours and leaves every alpha as it is."""
    rgba = np.dstack([RGB, np.resize(np.arange(256, dtype=np.uint8), (20, 30))])
    profile = rgb_profile(DISPLAY_P3, srgb_curve())
    pixels = _pixels(rgba, profile)
    assert np.array_equal(pixels[..., 3], rgba[..., 3])
    assert np.array_equal(pixels[..., :3], _pixels(RGB, profile)[..., :3])


@pytest.mark.parametrize(
    "profile",
    [
        rgb_profile(SRGB, srgb_curve()),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    ],
    ids=["table of 1024", "parametric"],
)
def test_srgb_profiles_change_nothing(profile: bytes) -> None:
    """A picture marked as sRGB comes back byte for byte, however the profile writes the curve."""
    assert np.array_equal(_pixels(RGB, profile)[..., :3], RGB)


def test_another_gamma_is_converted() -> None:
    """sRGB's primaries with gamma 2.2 differ from sRGB in the dark tones, and that is honoured."""
    profile = rgb_profile(SRGB, [round(2.2 * 256)])
    expected = curved((RGB / 255) ** (round(2.2 * 256) / 256))
    assert np.abs(_pixels(RGB, profile)[..., :3] - expected).max() <= 1.5


@pytest.mark.parametrize("alpha", [False, True])
def test_grey_with_a_grey_profile(alpha: bool) -> None:
    """Grey of linear light becomes sRGB grey; alpha beside it is kept."""
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    data = np.dstack([ramp, ramp[::-1]]) if alpha else ramp
    pixels = _pixels(data, gray_profile([256]))
    expected = curved(ramp / 255)
    assert np.abs(pixels[..., :3] - expected[..., None]).max() <= 0.51
    assert np.array_equal(pixels[..., 3], ramp[::-1] if alpha else np.full((16, 16), 255))


def test_grey_marked_as_srgb_grey_changes_nothing() -> None:
    """A grey profile with sRGB's curve leaves grey as it is."""
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(_pixels(ramp, gray_profile(srgb_curve()))[..., 0], ramp)


def test_grey_with_an_rgb_profile() -> None:
    """Grey is read as R = G = B in the RGB profile, as the tools that write such files mean it."""
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    profile = rgb_profile(DISPLAY_P3, [round(2.2 * 256)])
    assert np.array_equal(_pixels(ramp, profile), _pixels(np.dstack([ramp] * 3), profile))


def test_cmyk_without_a_profile() -> None:
    """The documented arithmetic: R = (255 - C)(255 - K) / 255, within a step."""
    inks = np.random.default_rng(5).integers(0, 256, (9, 9, 4), dtype=np.uint8)
    data = encoded(Image.frombytes("CMYK", (9, 9), inks.tobytes()), "TIFF")
    light = 255.0 - inks
    expected = light[..., :3] * light[..., 3:] / 255
    assert np.abs(decode_image(data, LABEL).pixels[..., :3] - expected).max() <= 1


@pytest.mark.parametrize("profile", [b"not a profile", rgb_profile(SRGB, [563])[:200], b""])
def test_damaged_profiles_are_errors(profile: bytes) -> None:
    """A profile that cannot be read is told, not passed over: the colours would be wrong unseen."""
    with pytest.raises(
        SourceError, match=r"^layer 'photo' \(layers\[0\]\): its embedded colour profile is damaged"
    ):
        decode_image(_jpeg_with(profile), LABEL)


def test_a_profile_of_the_wrong_kind_is_an_error() -> None:
    """An RGB picture with a grey profile says nothing about its colours."""
    with pytest.raises(SourceError, match="profile is for GRAY pixels, but its pixels are RGB"):
        _pixels(RGB, gray_profile([256]))


def test_png_profile_that_does_not_inflate_is_an_error() -> None:
    """Pillow passes over an iCCP chunk whose compression is broken; we say so."""
    data = encoded(Image.fromarray(RGB), "PNG")
    broken = data[:33] + chunk(b"iCCP", b"x\0\0broken") + data[33:]
    with pytest.raises(SourceError, match="colour profile is damaged"):
        decode_image(broken, LABEL)


def _jpeg_with(profile: bytes) -> bytes:
    data = encoded(Image.fromarray(RGB), "JPEG")
    segment = b"ICC_PROFILE\0\1\1" + profile
    return data[:2] + b"\xff\xe2" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]
