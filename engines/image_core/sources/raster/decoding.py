"""Encoded pictures to pixels: PNG, JPEG, WEBP, GIF, TIFF, BMP and AVIF through Pillow."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Literal, get_args

import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import ExifTags, Image, features
from PIL.ImageFile import ImageFile

from engines.image_core.errors import SourceError
from engines.image_core.planning.decoded import DecodedImage, DecodedMask, Reduced
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits
from engines.image_core.runtime.pixels import Pixels
from engines.image_core.sources.raster.code_points import nclx_profile
from engines.image_core.sources.raster.converting import strips
from engines.image_core.sources.raster.icc import (
    ColorSpace,
    Conversion,
    DamagedProfiles,
    ProfileError,
    from_srgb,
    to_space,
)
from engines.image_core.sources.raster.opening import decoding, heif_version, open_frame, open_picture, sniff
from engines.image_core.sources.raster.png_colour import png_profile
from engines.image_core.sources.raster.samples import load_samples

__all__ = ["Channel", "decode_image", "decode_mask", "decode_matte", "decode_pixels", "jpeg_size"]

Channel = Literal["red", "green", "blue", "alpha"]
"""A channel of a picture that a mask can be taken from."""

_CHANNELS: tuple[Channel, ...] = get_args(Channel)

_RULE = "raster 1"
"""Part of every content hash: raise the number when the same file comes to decode to other pixels."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by its EXIF orientation (CIPA DC-008, tag 0x0112); 1 and unknown: nothing."""


_SIDEWAYS = 5
"""From this EXIF orientation on, rows become columns."""


def jpeg_size(data: bytes, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> tuple[int, int] | None:
    """The width and height of a JPEG picture, upright; None for other formats.

    Raises:
        SourceError: as `decode_image`.
    """
    name = sniff(data, label)
    if name != "JPEG":
        return None
    with decoding(name, label):
        picture = open_picture(data, name, label, limits, header_only=True)
        sideways = _orientation(picture, name) >= _SIDEWAYS
    return (picture.height, picture.width) if sideways else (picture.width, picture.height)


def decode_image(
    data: bytes,
    label: str,
    factor: int = 1,
    limits: RenderLimits = DEFAULT_LIMITS,
    space: ColorSpace | None = None,
    *,
    frame: int = 0,
    damaged_profiles: DamagedProfiles = "error",
) -> DecodedImage:
    """Decode a picture file to straight RGBA of a colour space, by default sRGB, 8 bits a channel, upright.

    The EXIF orientation is applied. An embedded ICC profile is converted from (see `to_space`), and what a
    PNG or HEIF says in its place (see `png_profile`, `nclx_profile`); a picture without one is
    sRGB, and in it CMYK is (255 - C)(255 - K) / 255 and so on; AVIF's CICP is not applied. 16-bit samples are
    rounded to nearest. Colours under alpha 0 are kept as the file has them, converted as any.

    Args:
        data: the whole encoded file.
        label: how messages name the layer.
        factor: decode a JPEG at 1/1, 1/2, 1/4 or 1/8 of its size, by libjpeg's own reduction: see `Reduced`.
        limits: for `source_pixels`.
        space: whose values the pixels are to be.
        frame: which frame of an animation or page of a TIFF, counted from 0.
        damaged_profiles: "ignore" takes a picture as sRGB whose embedded profile cannot be used, and says so
            in its note.

    Returns:
        Pixels uint8 (height, width, 4); `content_hash` covers the file's bytes, the space and the decoders'
        versions.

    Raises:
        SourceError: not a picture, not a format or kind of pixels read here, more than `source_pixels`, cut
            short, damaged, with a damaged profile, or without that frame. JPEG, WEBP and GIF have no
            checksums: damage that still decodes cannot be told from a picture.
    """
    format = sniff(data, label)
    image, reduced = _decode(data, label, factor, limits, frame)
    embedded = (image.info["icc_profile"] or b"") if "icc_profile" in image.info else None
    kind = f"image 1/{factor}" if reduced else "image"
    kind += f" frame {frame}" if frame else ""
    profile = embedded
    if format == "PNG":
        profile = png_profile(data, embedded, label)
    elif format == "HEIF" and embedded is None:
        profile = nclx_profile(image.info.get("nclx_profile"), label)
    if profile is not embedded and isinstance(profile, bytes) and profile:
        kind += f" described by {hashlib.sha256(profile).hexdigest()}"
    kind += f" in {space.digest}" if space else ""
    convert, note = _conversion(profile, image.mode, label, space, damaged_profiles)
    kind += " without its profile" if note else ""
    pixels = _rgba(image, convert)
    opaque = image.mode in {"L", "RGB", "CMYK"} or bool(pixels[..., 3].min() == 255)
    return DecodedImage(pixels, _content_hash(kind, data, format), opaque, reduced=reduced, note=note)


def decode_pixels(
    pixels: Pixels,
    label: str,
    space: ColorSpace | None = None,
    damaged_profiles: DamagedProfiles = "error",
) -> DecodedImage:
    """A picture in memory as straight RGBA of a colour space, as `decode_image` makes it of a file that holds
    it without loss.

    Raises:
        SourceError: its profile is damaged.
    """
    image = Image.frombytes(pixels.mode, (pixels.width, pixels.height), pixels.data)
    convert, note = _conversion(pixels.profile, image.mode, label, space, damaged_profiles)
    rgba = _rgba(image, convert)
    kind = f"pixels in {space.digest}" if space else "pixels"
    kind += " without their profile" if note else ""
    opaque = not image.mode.endswith("A") or bool(rgba[..., 3].min() == 255)
    return DecodedImage(rgba, _content_hash(kind, pixels.digest.encode()), opaque, note=note)


def decode_mask(
    data: bytes,
    size: tuple[int, int] | None,
    label: str,
    limits: RenderLimits = DEFAULT_LIMITS,
    whose: str = "the canvas's",
) -> DecodedMask:
    """Decode a mask file: one grey channel of at most 8 bits. size: the width and height that it must have,
    if any; whose: whose that size is.

    The values are coverage, not colour: a colour profile in the file changes nothing. The EXIF orientation
    is applied, as in `decode_image`. A mask of another size is refused before it is decoded.

    Raises:
        SourceError: as `decode_image`; or the picture has colour, alpha or more than 8 bits; or its size is
            not that.
    """
    name = sniff(data, label)
    with decoding(name, label):
        picture = open_picture(data, name, label, limits)
        if picture.mode not in {"L", "1"} or "transparency" in picture.info:
            keyed = " with a transparent colour" if "transparency" in picture.info else ""
            raise SourceError(
                f"{label}: a mask must be single-channel 8-bit grey (mode L), "
                f"but this {name} is of mode {picture.mode}{keyed}"
            )
        # Before decoding, because of bombs: either way up, as a PNG's EXIF may lie behind its pixels.
        if size is not None and sorted(picture.size) != sorted(size):
            raise _other_size(picture.size, size, whose, label)
        picture.load()
        mask = _upright(picture, _orientation(picture, name)).convert("L")
    if size is not None and mask.size != size:
        raise _other_size(mask.size, size, whose, label)
    return DecodedMask(_read_only(np.array(mask)), _content_hash("mask", data, name))


def _other_size(size: tuple[int, int], wanted: tuple[int, int], whose: str, label: str) -> SourceError:
    return SourceError(
        f"{label}: a mask must have {whose} size, {wanted[0]} x {wanted[1]}, "
        f"but this one is {size[0]} x {size[1]}"
    )


def decode_matte(
    data: bytes, channel: Channel | None, label: str, limits: RenderLimits = DEFAULT_LIMITS
) -> NDArray[np.uint8]:
    """Decode one channel of a picture file as a mask, such as a frame of a matte video.

    What `decode_image` does holds here too, but the values are coverage, not colour: a colour profile in the
    file changes nothing. 16-bit samples are rounded to nearest. A grey picture's red, green and blue are its
    grey.

    Args:
        data: the whole encoded file.
        channel: the channel to take; None takes the one channel of a grey picture.
        label: how messages name the picture.
        limits: for `source_pixels`.

    Returns:
        uint8, shape (height, width), 255 = visible, read-only.

    Raises:
        SourceError: as `decode_image`; or the picture has several channels and none is named, or not the
            one that is.
    """
    image, _ = _decode(data, label, limits=limits)
    if image.mode == "L" and channel is None:
        return _read_only(np.array(image))
    if image.mode == "CMYK":
        raise SourceError(f"{label}: a mask is not made from a CMYK picture: allowed are grey and RGB")
    kind = {"L": "grey", "LA": "grey with alpha"}.get(image.mode, image.mode)
    there = _CHANNELS if image.mode.endswith("A") else _CHANNELS[:3]
    if channel is None:
        raise SourceError(
            f"{label}: a mask has one channel, but this picture is {kind}: "
            f"name the channel to take, {', '.join(there)}"
        )
    if channel not in there:
        raise SourceError(
            f"{label}: channel: {channel!r} is not allowed: this picture is {kind}: "
            f"allowed is {', '.join(there)}"
        )
    image = image.convert("RGBA" if image.mode.endswith("A") else "RGB")
    return _read_only(np.array(image.getchannel(there.index(channel))))


def _decode(
    data: bytes, label: str, factor: int = 1, limits: RenderLimits = DEFAULT_LIMITS, frame: int = 0
) -> tuple[Image.Image, Reduced | None]:
    """The picture upright, in mode L, LA, RGB, RGBA or CMYK, and how it lies if it was reduced."""
    name = sniff(data, label)
    with decoding(name, label):
        picture = open_frame(data, name, label, limits, frame)
        reduced = _reduce(picture, factor, _orientation(picture, name)) if factor > 1 else None
        image = load_samples(picture, data, lambda: open_frame(data, name, label, limits, frame), label)
        # Asked for after loading: a PNG's EXIF may lie behind its pixels.
        return _upright(image, _orientation(picture, name)), reduced


def _reduce(picture: ImageFile, factor: int, orientation: int) -> Reduced:
    """Have a JPEG decoded at 1/factor. Squares that reach beyond the picture do so at its right and bottom
    until it is set upright."""
    width, height = picture.size
    picture.draft(None, (width // factor, height // factor))
    beyond_x, beyond_y = picture.width * factor - width, picture.height * factor - height
    if not (0 <= beyond_x < factor and 0 <= beyond_y < factor):
        raise ValueError(f"decoding at 1/{factor} gives {picture.width} x {picture.height} pixels")
    if orientation >= _SIDEWAYS:
        width, height, beyond_x, beyond_y = height, width, beyond_y, beyond_x
    left = -beyond_x if orientation in {2, 3, 6, 7} else 0
    top = -beyond_y if orientation in {3, 4, 7, 8} else 0
    return Reduced(factor, width, height, left, top)


def _orientation(picture: ImageFile, name: str) -> int:
    """The EXIF orientation still to be applied: Pillow's TIFF reader applies it while loading."""
    return 1 if name == "TIFF" else picture.getexif().get(ExifTags.Base.Orientation, 1)


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    method = _UPRIGHT.get(orientation)
    return image if method is None else image.transpose(method)


def _conversion(
    profile: object, mode: str, label: str, space: ColorSpace | None, damaged_profiles: DamagedProfiles
) -> tuple[Conversion | None, str]:
    """What brings a picture to a space, by default sRGB, None where it is sRGB already; and what is to be
    said of its profile."""
    note = ""
    if profile is not None:
        try:
            return to_space(profile, mode, label, space), note
        except ProfileError as error:
            if damaged_profiles == "error":
                raise
            note = f"{error.reason}: its colours are taken as sRGB"
    return (from_srgb(mode, space) if space else None), note


def _rgba(image: Image.Image, convert: Conversion | None) -> NDArray[np.uint8]:
    pixels = np.empty((image.height, image.width, 4), np.uint8)
    for top, bottom in strips(image.width, image.height):
        strip = image.crop((0, top, image.width, bottom))
        _copy_rgba(convert(strip) if convert else strip, pixels[top:bottom])
    return _read_only(pixels)


def _copy_rgba(image: Image.Image, target: NDArray[np.uint8]) -> None:
    """Write a picture's pixels to uint8 (height, width, 4)."""
    if image.mode == "CMYK":
        image = image.convert("RGB")
    if image.mode == "RGB":  # Pillow keeps four bytes a pixel: this copies them, which converting does twice
        target[:] = np.frombuffer(image.tobytes("raw", "RGBX"), np.uint8).reshape(target.shape)
        target[..., 3] = 255
    else:
        target[:] = np.asarray(image.convert("RGBA"))


def _read_only(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    pixels.setflags(write=False)
    return pixels


def _content_hash(kind: str, data: bytes, format: str = "") -> str:
    decoders = f"{_decoders()}, {heif_version()}" if format == "HEIF" else _decoders()
    digest = hashlib.sha256(f"{kind} {decoders}\n".encode())
    digest.update(data)
    return digest.hexdigest()


@cache
def _decoders() -> str:
    """The rule and the versions of all libraries that can decide a pixel."""
    libraries = ("jpg", "libjpeg_turbo", "zlib_ng", "libtiff", "webp", "avif", "littlecms2")
    versions = ", ".join(f"{library} {features.version(library)}" for library in libraries)
    return f"{_RULE}, Pillow {PIL.__version__}, {versions}"
