"""Opening a picture file with Pillow: the formats, the limits, and Pillow's faults told as ours.

Pillow's reader classes are used directly, not through `Image.open`: only the readers named here can run,
their own reason for refusing a file is kept, and no warning about size comes before our own check.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TILELENGTH, TILEWIDTH, TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits
from engines.image_core.sources.quieting import quiet
from engines.image_core.sources.raster.file_structure import check_jpeg, check_png, webp_size

__all__ = ["check_size", "decoding", "heif_version", "open_frame", "open_picture", "sniff"]

# Pillow logs some faults before it raises them: without a handler Python writes those to standard error.
logging.getLogger("PIL").addHandler(logging.NullHandler())

_READERS: dict[str, type[ImageFile]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "WEBP": WebPImageFile,
    "GIF": GifImageFile,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
}
if features.check("avif"):
    _READERS["AVIF"] = AvifImageFile
with suppress(ImportError):  # the extra heif
    from pillow_heif import HeifImageFile

    _READERS["HEIF"] = HeifImageFile

_MAGIC = {
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "JPEG": rb"\xff\xd8\xff",
    "WEBP": rb"RIFF....WEBP",
    "GIF": rb"GIF8[79]a",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "BMP": rb"BM",
    "AVIF": rb"....ftyp(?:avi[fs]|(?:mif1|msf1)....(?:....)*?avi[fs])",
    "HEIF": rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)",
}
_BEGINNING = 64
"""As many bytes as tell a format: ftyp names the brands of AVIF and HEIF."""

_ELSEWHERE = {
    _MAGIC["HEIF"]: 'HEIC and HEIF pictures need the extra heif: pip install "image-core[heif]"',
    rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n": "JPEG XL is not read: save it as PNG, WEBP or AVIF",
}
"""What is to be said of files that are pictures and not read here."""


_MOST_PIXELS = 1 << 30
"""Of all frames that a frame is put together of: up to half a minute."""


def sniff(data: bytes, label: str) -> str:
    """The format of an encoded picture by its first bytes, whatever its file is called.

    Raises:
        SourceError: the bytes begin like none of the formats read here.
    """
    beginning = data[:_BEGINNING]
    for name in _READERS:
        if re.match(_MAGIC[name], beginning, re.DOTALL):
            return name
    for magic, reason in _ELSEWHERE.items():
        if re.match(magic, beginning, re.DOTALL):
            raise SourceError(f"{label}: {reason}")
    raise SourceError(f"{label}: not a picture in a format this library reads ({', '.join(_READERS)})")


def open_picture(
    data: bytes, name: str, label: str, limits: RenderLimits = DEFAULT_LIMITS, *, header_only: bool = False
) -> ImageFile:
    """Read the header of a picture of the format `name`; the pixels are not decoded yet.

    header_only: they never will be. A JPEG's scans then need not be looked through.

    Raises:
        SourceError: more pixels than `source_pixels`, a PNG that is cut short or fails its checksums, or a
            file made to cost time (see `file_structure`).
    """
    if name == "WEBP":
        check_size(*webp_size(data), label, limits)
    elif name == "JPEG":
        check_jpeg(data, label, header_only=header_only)
    picture = _READERS[name](BytesIO(data))
    _check_picture(picture, label, limits)
    if name == "PNG":
        check_png(data, label)
    return picture


def heif_version() -> str:
    """The libraries that decode HEIF files, where there are any."""
    import pillow_heif

    return f"pillow-heif {pillow_heif.__version__}, libheif {pillow_heif.libheif_version()}"


def open_frame(
    data: bytes, name: str, label: str, limits: RenderLimits = DEFAULT_LIMITS, frame: int = 0
) -> ImageFile:
    """As `open_picture`, at a frame of an animation or a page of a TIFF, counted from 0.

    A frame of an animation is what is seen then: it is put together of those before it, so that together
    they may have 2^30 pixels.

    Raises:
        SourceError: as `open_picture`; or there is no such frame, or it takes too much to come to it.
    """
    picture = open_picture(data, name, label, limits)
    if frame == 0:
        return picture
    if name == "HEIF":
        return _heif_picture(picture, frame, label, limits)
    try:
        if isinstance(picture, TiffImageFile):
            picture.seek(frame)
        else:
            _seek(picture, frame, label, limits)
    except EOFError as error:
        # Fewer than were asked for, so counting them is bounded; anew, for Pillow miscounts after a failure.
        count = getattr(_READERS[name](BytesIO(data)), "n_frames", 1)
        raise _no_frame(frame, count, name, label) from error
    _check_picture(picture, label, limits)
    return picture


def _seek(picture: ImageFile, frame: int, label: str, limits: RenderLimits) -> None:
    """Go to a frame one by one: one of a GIF that lies beyond its screen makes the picture larger."""
    for number in range(frame + 1):
        picture.seek(number)
        check_size(picture.width, picture.height, label, limits)
        if (frame + 1) * picture.width * picture.height > _MOST_PIXELS:
            raise SourceError(
                f"{label}: frame {frame} of {picture.width} x {picture.height} pixels takes too much to put "
                f"together: all frames up to it may have {_MOST_PIXELS:,} pixels"
            )


def _heif_picture(picture: ImageFile, frame: int, label: str, limits: RenderLimits) -> ImageFile:
    """A further picture of a HEIF file: the first is the one that the file names as such."""
    count = getattr(picture, "n_frames", 1)
    others = [number for number in range(count) if number != picture.tell()]
    if frame >= count:
        raise _no_frame(frame, count, "HEIF", label)
    picture.seek(others[frame - 1])
    _check_picture(picture, label, limits)
    return picture


def _no_frame(frame: int, count: int, name: str, label: str) -> SourceError:
    there = "1 frame" if count == 1 else f"{count} frames"
    return SourceError(f"{label}: frame {frame} is not there: this {name} file has {there}, counted from 0")


def _check_picture(picture: ImageFile, label: str, limits: RenderLimits) -> None:
    check_size(picture.width, picture.height, label, limits)
    if isinstance(picture, TiffImageFile) and TILEWIDTH in picture.tag_v2 and TILELENGTH in picture.tag_v2:
        # libtiff holds a whole tile, however small the picture.
        check_size(picture.tag_v2[TILEWIDTH], picture.tag_v2[TILELENGTH], f"{label}, tiles", limits)


def check_size(width: int, height: int, label: str, limits: RenderLimits) -> None:
    """Refuse a picture of more pixels than `source_pixels`."""
    if width * height > limits.source_pixels:
        raise SourceError(
            f"{label}: {width} x {height} is too large: allowed are {limits.source_pixels:,} pixels"
        )


@contextmanager
def decoding(name: str, label: str) -> Iterator[None]:
    """Around calls of Pillow's readers: whatever they raise becomes a `SourceError`, and they do not warn."""
    try:
        with quiet():
            yield
    except SourceError:
        raise
    except MemoryError as error:
        raise SourceError(f"{label}: there is not enough memory to decode this {name} file") from error
    except Exception as error:  # on damaged files Pillow's readers raise nearly every built-in exception
        reason = " ".join(str(error).split()) or type(error).__name__
        raise SourceError(f"{label}: this {name} file is damaged or not supported ({reason})") from error
