"""Pixels to files: PNG, WEBP, JPEG and AVIF, the same bytes on every run.

A file holds pixels and, in PNG, the mark that they are sRGB, or the profile of another space: no dates, no
names, no comments. The bytes are fixed for given versions of libdeflate (PNG) and of Pillow with its libwebp,
libjpeg-turbo and libaom; `pixel_hash` does not depend on them. All encoders let other threads run while they
work.
"""

from engines.image_core.export.codecs import encode_avif, encode_jpeg, encode_webp
from engines.image_core.export.encoding import encode
from engines.image_core.export.options import (
    AvifOptions,
    Effort,
    ExportOptions,
    Format,
    JpegOptions,
    PngOptions,
    Subsampling,
    WebpOptions,
    format_of,
    parse_format,
    parse_options,
)
from engines.image_core.export.pixels import mask_hash, pixel_hash
from engines.image_core.export.png import encode_mask, encode_png

__all__ = [
    "AvifOptions",
    "Effort",
    "ExportOptions",
    "Format",
    "JpegOptions",
    "PngOptions",
    "Subsampling",
    "WebpOptions",
    "encode",
    "encode_avif",
    "encode_jpeg",
    "encode_mask",
    "encode_png",
    "encode_webp",
    "format_of",
    "mask_hash",
    "parse_format",
    "parse_options",
    "pixel_hash",
]
