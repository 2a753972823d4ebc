"""Pictures in data: URLs of an SVG: RFC 2397, however untidily written, down to their bytes."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.sources.raster.opening import decoding, open_picture, sniff
from engines.image_core.sources.vector.svg_xml import Allowance

__all__ = ["Embedded", "check_picture", "data_url", "embedded", "svg_text"]

_DATA = re.compile(r"data:([^,]*),(.*)", re.IGNORECASE | re.DOTALL)
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Embedded:
    """What a data: URL holds: its bytes, whether they are an SVG, and the media type that it says, if any."""

    data: bytes
    is_svg: bool
    media_type: str


def embedded(url: str, field: str) -> Embedded | None:
    """The content of a data: URL; None where it is no such URL.

    Its kind goes by its first bytes. Base64 may have white space in it and lack its padding.

    Raises:
        SourceError: it is not base64.
    """
    found = _DATA.fullmatch(url)
    if not found:
        return None
    data = unquote_to_bytes(found[2])
    media_type, *parameters = (part.strip().lower() for part in found[1].split(";"))
    if "base64" in (media_type, *parameters):
        data = b"".join(data.split()).rstrip(b"=")
        try:
            data = base64.b64decode(data + b"=" * (-len(data) % 4))
        except binascii.Error as error:
            raise SourceError(f"{field}: not base64: {error}") from error
    begin = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return Embedded(data, begin.startswith(b"<") or data.startswith(_GZIP), media_type)


def check_picture(picture: Embedded, field: str, limits: RenderLimits) -> str:
    """Open a picture's header and return its media type.

    Raises:
        SourceError: it is none of the kinds that resvg draws, damaged or too large.
    """
    name = sniff(picture.data, field)
    if name not in _MEDIA_TYPES:
        allowed = ", ".join((*_MEDIA_TYPES, "SVG"))
        raise SourceError(f"{field}: a {name} picture is not allowed: allowed are {allowed}")
    with decoding(name, field):
        open_picture(picture.data, name, field, limits)
    return _MEDIA_TYPES[name]


def svg_text(data: bytes, field: str, left: Allowance) -> str:
    """The text of an SVG, plain or gzipped, taken off what is left to be read.

    Raises:
        SourceError: it is damaged, not UTF-8, or longer than allowed.
    """
    if data.startswith(_GZIP):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, left.characters + 1)
        except zlib.error as error:
            raise SourceError(f"{field}: the compressed SVG is damaged: {error}") from error
    left.spend(len(data), field)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{field}: the SVG is not UTF-8") from error


def data_url(data: bytes, media_type: str) -> str:
    """The plainest URL of some bytes."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
