"""Colour profiles: pictures come in as sRGB, or in the space that a composition has of its own.

Relative colorimetric with black point compensation, 8 bits, by Little CMS; alpha is carried over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engines.image_core.errors import SourceError

__all__ = [
    "ColorSpace",
    "Conversion",
    "DamagedProfiles",
    "ProfileError",
    "color_space",
    "from_srgb",
    "is_gray",
    "lab_to_srgb",
    "to_space",
    "unchanged",
]

DamagedProfiles: TypeAlias = Literal["error", "ignore"]
"""What becomes of a picture whose embedded profile is damaged or made for other pixels: it is refused, or its
colours are taken as sRGB."""

Conversion: TypeAlias = Callable[[Image.Image], Image.Image]

_BLACK_POINT = ImageCms.Flags.BLACKPOINTCOMPENSATION
_EXACT = _BLACK_POINT | ImageCms.Flags.NOOPTIMIZE
"""Little CMS's shortcuts are at most one step off for RGB, but up to 9 for CMYK photographs and 10 for dark
greys (measured): there they are turned off, which costs CMYK 0.3 s a megapixel."""

_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}

_FAULTS = (OSError, ImageCms.PyCMSError, UnicodeDecodeError)
"""What damaged profiles raise; a space's name is read as ASCII."""


@dataclass(frozen=True)
class ColorSpace:
    """A composition's own colour space, to be had from `color_space`.

    Attributes:
        profile: the ICC profile.
        gray: whether it is of grey, which is drawn with red, green and blue alike, and not of RGB.
    """

    profile: bytes
    gray: bool

    @cached_property
    def digest(self) -> str:
        """SHA-256 hex digest of the profile."""
        return hashlib.sha256(self.profile).hexdigest()

    def to_srgb(self) -> Conversion:
        """How RGBA pictures of this space become sRGB ones; `unchanged` where no colour moves by more than
        one step.

        Each of the three channels of a grey space is a value on its curve: what colour got in stays colour.
        """
        return _conversion(self.profile, "LA" if self.gray else "RGBA", None)


def color_space(profile: bytes, label: str) -> ColorSpace | None:
    """The space of an ICC profile; None where it is sRGB for our purposes: an RGB profile whose conversion
    moves no colour by more than one step of 255.

    Raises:
        SourceError: the profile is damaged, of neither RGB nor grey, or cannot be converted to.
    """
    try:
        kind = _kind(profile)
        if kind not in {"RGB ", "GRAY"}:
            raise SourceError(
                f"{label}: a profile for {kind.strip()} pixels is not allowed: allowed is one for RGB or GRAY"
            )
        space = ColorSpace(profile, gray=kind == "GRAY")
        if space.to_srgb() is unchanged and not space.gray:
            return None
        from_srgb("RGB", space)
    except _FAULTS as error:
        raise SourceError(f"{label}: the colour profile is damaged, or cannot be used ({error})") from error
    return space


def from_srgb(mode: str, space: ColorSpace) -> Conversion:
    """How sRGB pictures of a mode (L, LA, RGB, RGBA or CMYK) become pictures of a space, RGB or RGBA.

    CMYK without a profile is R = (255 - C)(255 - K) / 255 and so on.
    """
    rgb = "RGBA" if mode.endswith("A") else "RGB"
    return _converted_first(_conversion(None, rgb, space), rgb)


class ProfileError(SourceError):
    """A picture's embedded profile cannot be used. reason: why, without the layer's name."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


def to_space(profile: object, mode: str, label: str, space: ColorSpace | None = None) -> Conversion:
    """How pictures of a mode (L, LA, RGB, RGBA or CMYK) with this ICC profile become pictures of a space, by
    default sRGB.

    A profile whose conversion moves no colour by more than one step of 255 is that space for our purposes
    (vendors' sRGB profiles differ by that much) and changes nothing. Grey pictures with an RGB profile, which
    common tools write, are read as R = G = B in it.

    Raises:
        ProfileError: the profile is damaged, or is made for another kind of pixels.
    """
    if not isinstance(profile, bytes) or not profile:  # Pillow hands on whatever type the file's tag has
        raise _unusable(label, "its embedded colour profile is damaged")
    try:
        kind = _kind(profile)
        if _SPACES[mode] == "GRAY" and kind == "RGB ":
            rgb = "RGB" if mode == "L" else "RGBA"
            return _converted_first(_conversion(profile, rgb, space), rgb)
        if kind == _SPACES[mode]:
            return _conversion(profile, mode, space)
    except _FAULTS as error:
        raise _unusable(label, f"its embedded colour profile is damaged ({error})") from error
    raise _unusable(
        label, f"its embedded colour profile is for {kind.strip()} pixels, but its pixels are {mode}"
    )


def _unusable(label: str, reason: str) -> ProfileError:
    return ProfileError(f"{label}: {reason}", reason)


def lab_to_srgb(image: Image.Image) -> Image.Image:
    """A picture of mode LAB (white D50, as in TIFF's and ICC's CIELAB) in sRGB, without its profile."""
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("LAB"),
        ImageCms.createProfile("sRGB"),
        "LAB",
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        _EXACT,
    )
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None
    converted.info = {key: value for key, value in image.info.items() if key != "icc_profile"}
    return converted


def is_gray(profile: bytes) -> bool:
    """Whether a profile says that it is of grey (ICC.1, section 7.2.8)."""
    return profile[16:20] == b"GRAY"


def unchanged(image: Image.Image) -> Image.Image:
    """The picture as it is."""
    return image


def _kind(profile: bytes) -> str:
    return str(ImageCms.ImageCmsProfile(BytesIO(profile)).profile.xcolor_space)


def _converted_first(convert: Conversion, mode: str) -> Conversion:
    return lambda image: convert(image if image.mode == mode else image.convert(mode))


@lru_cache(maxsize=32)
def _conversion(profile: bytes | None, mode: str, space: ColorSpace | None) -> Conversion:
    """From a profile to a space; None is sRGB."""
    if mode in {"L", "LA"}:
        return _by_table(_greys(profile, space), mode)
    if space is not None and space.gray:
        return _to_greys(profile, mode, space)
    if mode == "CMYK":
        return _by_transform(profile, mode, space, _EXACT)
    convert = _by_transform(profile, mode, space, _BLACK_POINT)
    return unchanged if _keeps_colours(convert, mode) else convert


def _by_transform(
    profile: bytes | None, mode: str, space: ColorSpace | None, flags: ImageCms.Flags
) -> Conversion:
    """By Little CMS, to L where the space is grey, else to RGB or RGBA."""
    target = "L" if space and space.gray else "RGBA" if mode == "RGBA" else "RGB"  # RGBA to RGBA has alpha
    transform = ImageCms.buildTransform(
        _opened(profile),
        _opened(None if space is None else space.profile),
        mode,
        target,
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags,
    )

    def convert(image: Image.Image) -> Image.Image:
        converted = ImageCms.applyTransform(image, transform)
        assert converted is not None  # None only when converting in place
        return converted

    return convert


def _opened(profile: bytes | None) -> Any:
    return ImageCms.createProfile("sRGB") if profile is None else ImageCms.ImageCmsProfile(BytesIO(profile))


def _to_greys(profile: bytes | None, mode: str, space: ColorSpace) -> Conversion:
    """Colour to a space of grey, with red, green and blue alike."""
    flags = _EXACT if mode == "CMYK" else _BLACK_POINT
    grey = _by_transform(profile, mode.removesuffix("A"), space, flags)

    def convert(image: Image.Image) -> Image.Image:
        if mode != "RGBA":
            return grey(image).convert("RGB")
        value = grey(image.convert("RGB"))
        return Image.merge("RGBA", (value, value, value, image.getchannel("A")))

    return convert


def _greys(profile: bytes | None, space: ColorSpace | None) -> NDArray[np.uint8]:
    """The colour of each of the 256 greys: uint8, shape (256, 3)."""
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    return np.array(_by_transform(profile, "L", space, _EXACT)(ramp).convert("RGB")).reshape(256, 3)


def _by_table(greys: NDArray[np.uint8], mode: str) -> Conversion:
    if np.abs(greys.astype(np.int16) - np.arange(256)[:, None]).max() <= 1:
        return unchanged
    table = [*greys.T.ravel().tolist(), *range(256)]  # the last 256 leave alpha as it is
    if mode == "L":
        return lambda image: image.convert("RGB").point(table[:768])
    return lambda image: image.convert("RGBA").point(table)


def _keeps_colours(convert: Conversion, mode: str) -> bool:
    """Whether no colour moves by more than one step: tried on all greys and a 16 x 16 x 16 lattice."""
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    lattice = np.indices((16, 16, 16), dtype=np.uint8).reshape(3, -1).T * 17
    colours = np.concatenate([greys, lattice])
    probe = Image.frombytes("RGB", (len(colours), 1), colours.tobytes()).convert(mode)
    moved = np.asarray(convert(probe).convert("RGB"))[0].astype(np.int16) - colours
    return int(np.abs(moved).max()) <= 1
