"""One door to all formats."""

from __future__ import annotations

from engines.image_core.errors import ExportError
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


def encode(pixels: Pixels, options: ExportOptions | Format | str, icc_profile: bytes | None = None) -> bytes:
    """Encode pixels.

    Args:
        pixels: uint8, shape (height, width, 4), straight RGBA.
        options: the options of a format, such as `WebpOptions(quality=80)`; or a format or its name, with its
            default settings.
        icc_profile: the ICC profile of the space that the pixels are values of, which the file carries; None
            for sRGB.

    Raises:
        ExportError: no such format, the format cannot hold this picture, or the profile is not of RGB, as the
            pixels in files are.
    """
    chosen = parse_options(options) if isinstance(options, str) else options
    if icc_profile is not None and icc_profile[16:20] != b"RGB ":  # ICC.1, the header's data colour space
        raise ExportError(
            f"{chosen.format}: a profile of grey cannot be kept: pixels are written as red, green and blue;"
            " render with an output_profile of srgb"
        )
    if isinstance(chosen, PngOptions):
        return encode_png(pixels, chosen, icc_profile)
    if isinstance(chosen, WebpOptions):
        return encode_webp(pixels, chosen, icc_profile)
    if isinstance(chosen, JpegOptions):
        return encode_jpeg(pixels, chosen, icc_profile)
    return encode_avif(pixels, chosen, icc_profile)
