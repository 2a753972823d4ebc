"""Opening a picture file with Pillow: the formats, the limits, and Pillow's faults told as ours.

Pillow's reader classes are used directly, not through `Image.open`: only the readers named here can run,
their own reason for refusing a file is kept, and no warning about size comes before our own check.
"""

from __future__ import annotations

import re
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import deflate
from PIL import features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from engines.image_core.errors import SourceError
from engines.image_core.limits import DEFAULT_LIMITS, RenderLimits

__all__ = ["decoding", "open_picture", "sniff"]

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

_MAGIC = {
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "JPEG": rb"\xff\xd8\xff",
    "WEBP": rb"RIFF....WEBP",
    "GIF": rb"GIF8[79]a",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "BMP": rb"BM",
    "AVIF": rb"....ftyp(?:avif|avis|mif1)",
}


def sniff(data: bytes, label: str) -> str:
    """The format of an encoded picture by its first bytes, whatever its file is called.

    Raises:
        SourceError: the bytes begin like none of the formats read here.
    """
    for name in _READERS:
        if re.match(_MAGIC[name], data[:16], re.DOTALL):
            return name
    raise SourceError(f"{label}: not a picture in a format this library reads ({', '.join(_READERS)})")


def open_picture(data: bytes, name: str, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> ImageFile:
    """Read the header of a picture of the format `name`; the pixels are not decoded yet.

    Raises:
        SourceError: more pixels than `source_pixels`, or a PNG that is cut short or fails its checksums.
    """
    picture = _READERS[name](BytesIO(data))
    if picture.width * picture.height > limits.source_pixels:
        raise SourceError(
            f"{label}: {picture.width} x {picture.height} is too large:"
            f" allowed are {limits.source_pixels:,} pixels"
        )
    if name == "PNG":
        _check_png(data, label)
    return picture


def _check_png(data: bytes, label: str) -> None:
    """Check every chunk's CRC-32 up to IEND: Pillow skips those of the pixels (PNG, third edition, 5.3)."""
    view, position, kind = memoryview(data), 8, b""
    while kind != b"IEND":
        if position + 12 > len(data):
            raise SourceError(f"{label}: this PNG file is cut short")
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise SourceError(f"{label}: this PNG file is cut short")
        if deflate.crc32(view[position + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise SourceError(f"{label}: this PNG file is damaged (checksum of {kind.decode('latin-1')!r})")
        position = end


@contextmanager
def decoding(name: str, label: str) -> Iterator[None]:
    """Around calls of Pillow's readers: whatever they raise becomes a `SourceError`, and they do not warn."""
    try:
        with _quiet():
            yield
    except SourceError:
        raise
    except MemoryError as error:
        raise SourceError(f"{label}: there is not enough memory to decode this {name} file") from error
    except Exception as error:  # on damaged files Pillow's readers raise nearly every built-in exception
        reason = " ".join(str(error).split()) or type(error).__name__
        raise SourceError(f"{label}: this {name} file is damaged or not supported ({reason})") from error


_quiet_lock = threading.Lock()
_quiet_count = 0
_quiet_filter = warnings.catch_warnings()


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence warnings that Pillow's modules issue (odd metadata), in all threads while any is inside.

    `warnings.catch_warnings` alone restores a wrong state when two threads' uses overlap without nesting.
    """
    global _quiet_count, _quiet_filter
    with _quiet_lock:
        _quiet_count += 1
        if _quiet_count == 1:
            _quiet_filter = warnings.catch_warnings()
            _quiet_filter.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        yield
    finally:
        with _quiet_lock:
            _quiet_count -= 1
            if _quiet_count == 0:
                _quiet_filter.__exit__(None, None, None)
