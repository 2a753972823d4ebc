"""One door to all formats."""

from __future__ import annotations

from engines.image_core.export.codecs import encode_avif, encode_jpeg, encode_webp
from engines.image_core.export.options import (
    ExportOptions,
    Format,
    JpegOptions,
    PngOptions,
    WebpOptions,
    parse_options,
)
from engines.image_core.export.pixels import Pixels
from engines.image_core.export.png import encode_png

__all__ = ["encode"]


def encode(pixels: Pixels, options: ExportOptions | Format | str) -> bytes:
    """Encode pixels.

    Args:
        pixels: uint8, shape (height, width, 4), straight sRGB.
        options: the options of a format, such as `WebpOptions(quality=80)`; or a format or its name, with its
            default settings.

    Raises:
        ExportError: no such format, or the format cannot hold this picture.
    """
    chosen = parse_options(options) if isinstance(options, str) else options
    if isinstance(chosen, PngOptions):
        return encode_png(pixels, chosen)
    if isinstance(chosen, WebpOptions):
        return encode_webp(pixels, chosen)
    if isinstance(chosen, JpegOptions):
        return encode_jpeg(pixels, chosen)
    return encode_avif(pixels, chosen)
