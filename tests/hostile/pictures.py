"""Small honest pictures of every format that is read, in many kinds, and how they are damaged."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from typing import Any

import numpy as np
import pillow_heif
import tifffile
from numpy.typing import NDArray
from PIL import Image, features

from engines.image_core.tests.encoded import DISPLAY_P3, encoded, gray_profile, png, rgb_profile, srgb_curve

__all__ = ["HEIGHT", "WIDTH", "damaged", "pictures"]

WIDTH, HEIGHT = 30, 24


@cache
def pictures() -> dict[str, bytes]:
    """Files by name; each decodes."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    colour = np.stack([x * 8, y * 10, (x + y) * 4], axis=-1).astype(np.uint8)
    wide = colour.astype(np.uint16) * 257 + np.uint16(3)
    files = {**_pngs(colour, wide), **_jpegs(colour), **_webps_and_gifs(colour), **_tiffs(colour, wide)}
    files |= _bmps(colour)
    files["heic"] = _heic(_with_alpha(colour))
    if features.check("avif"):
        files["avif"] = encoded(_with_alpha(colour), "AVIF", speed=10, exif=_exif(), icc_profile=_PROFILE)
        still = Image.fromarray(colour)
        files["avif animation"] = encoded(
            still, "AVIF", speed=10, save_all=True, append_images=[still.rotate(180)]
        )
    return files


def _heic(image: Image.Image) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=60)
    return file.getvalue()


_PROFILE = rgb_profile(DISPLAY_P3, srgb_curve()[::16])


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a description that is stored apart"
    exif.get_ifd(0x8769)[0x9286] = "a comment"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def _with_alpha(colour: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(np.dstack([colour, colour[..., 0]]))


def _pngs(colour: NDArray[np.uint8], wide: NDArray[np.uint16]) -> dict[str, bytes]:
    image = Image.fromarray(colour)
    return {
        "png": encoded(_with_alpha(colour), "PNG", exif=_exif(), icc_profile=_PROFILE),
        "png palette": encoded(image.quantize(16), "PNG", transparency=3),
        "png bits": encoded(image.convert("1"), "PNG"),
        "png grey": encoded(_with_alpha(colour).convert("LA"), "PNG", icc_profile=gray_profile([563])),
        "png 16 bits": png(wide, 2, 16),
        "png 16 bits keyed": png(wide, 2, 16, trns=struct.pack(">3H", *wide[3, 4].tolist())),
        "png 16 bits alpha": png(np.dstack([wide, wide[..., 0]]), 6, 16),
        "png 16 bits grey": png(wide[..., :1], 0, 16),
        "png 16 bits grey alpha": png(wide[..., :2], 4, 16),
        "png animation": encoded(image, "PNG", save_all=True, append_images=[image.rotate(90)]),
    }


def _jpegs(colour: NDArray[np.uint8]) -> dict[str, bytes]:
    image = Image.fromarray(colour)
    return {
        "jpeg": encoded(image, "JPEG", exif=_exif(), icc_profile=_PROFILE),
        "jpeg progressive": encoded(image, "JPEG", progressive=True),
        "jpeg grey": encoded(image.convert("L"), "JPEG", icc_profile=gray_profile([563])),
        "jpeg cmyk": encoded(image.convert("CMYK"), "JPEG"),
        "jpeg restarts": encoded(image, "JPEG", restart_marker_blocks=1),
    }


def _webps_and_gifs(colour: NDArray[np.uint8]) -> dict[str, bytes]:
    image, alpha = Image.fromarray(colour), _with_alpha(colour)
    turned = alpha.rotate(90)
    return {
        "webp": encoded(alpha, "WEBP", exif=_exif(), icc_profile=_PROFILE),
        "webp lossless": encoded(alpha, "WEBP", lossless=True, exif=_exif()),
        "webp animation": encoded(alpha, "WEBP", save_all=True, append_images=[turned]),
        "gif": encoded(image.quantize(32), "GIF", transparency=1, comment=b"hello"),
        "gif animation": encoded(
            image.quantize(32), "GIF", save_all=True, append_images=[turned.convert("RGB")]
        ),
    }


def _tiffs(colour: NDArray[np.uint8], wide: NDArray[np.uint16]) -> dict[str, bytes]:
    image, planes = Image.fromarray(colour), np.moveaxis(colour, 2, 0).copy()

    def written(samples: NDArray[Any], **options: Any) -> bytes:
        file = io.BytesIO()
        tifffile.imwrite(file, samples, **options)
        return file.getvalue()

    return {
        "tiff": encoded(_with_alpha(colour), "TIFF", exif=_exif(), icc_profile=_PROFILE),
        "tiff palette": encoded(image.quantize(16), "TIFF"),
        "tiff cmyk lzw": encoded(image.convert("CMYK"), "TIFF", compression="tiff_lzw"),
        "tiff jpeg": encoded(image.convert("YCbCr"), "TIFF", compression="jpeg"),
        "tiff fax": encoded(image.convert("1"), "TIFF", compression="group4"),
        "tiff packbits": encoded(image, "TIFF", compression="packbits"),
        "tiff pages": encoded(image, "TIFF", save_all=True, append_images=[image]),
        "tiff 16 bits": written(wide, photometric="rgb"),
        "tiff 16 bits deflate": written(wide, photometric="rgb", compression="zlib"),
        "tiff 16 bits big-endian": written(wide, photometric="rgb", byteorder=">"),
        "tiff 16 bits grey": written(wide[..., 0].copy()),
        "tiff tiles": written(colour, photometric="rgb", tile=(16, 16)),
        "tiff tiles deflate": written(colour, photometric="rgb", tile=(16, 16), compression="zlib"),
        "tiff 16-bit planes": written(
            planes.astype(np.uint16) * 257, photometric="rgb", planarconfig="separate", compression="zlib"
        ),
        "tiff planes": written(planes, photometric="rgb", planarconfig="separate", compression="zlib"),
        "bigtiff": written(colour, photometric="rgb", bigtiff=True),
    }


def _bmps(colour: NDArray[np.uint8]) -> dict[str, bytes]:
    image = Image.fromarray(colour)
    rows = b"".join(bytes([10, i, 10, i + 1, 10, i + 2, 0, 0]) for i in range(HEIGHT)) + b"\0\1"
    packed = b"".join(bytes([20, i, 0, 6, 1, 2, 3, 0, 4, 9, 0, 0]) for i in range(HEIGHT)) + b"\0\1"
    return {
        "bmp": encoded(image, "BMP"),
        "bmp alpha": encoded(_with_alpha(colour), "BMP"),
        "bmp palette": encoded(image.quantize(16), "BMP"),
        "bmp bits": encoded(image.convert("1"), "BMP"),
        "bmp runs": _bmp_of_runs(rows, 8, 1),
        "bmp runs of 4 bits": _bmp_of_runs(packed, 4, 2),
    }


def _bmp_of_runs(runs: bytes, bits: int, compression: int) -> bytes:
    palette = b"".join(bytes([i * 7 % 256, i * 3 % 256, i, 0]) for i in range(1 << bits))
    start = 54 + len(palette)
    header = struct.pack("<IHHI", start + len(runs), 0, 0, start)
    sizes = 40, WIDTH, HEIGHT, 1, bits, compression, len(runs), 2835, 2835, 1 << bits, 0
    return b"BM" + header + struct.pack("<IiiHHIIiiII", *sizes) + palette + runs


def damaged(data: bytes, seed: int) -> bytes:
    """A file cut short, or with wrong bits, bytes and numbers, mostly in its header; some grown or shrunk.

    Half of the PNGs get checksums that are right, so that what they hold is read.
    """
    chance = np.random.default_rng(seed)
    changed = bytearray(data)
    if seed % 6 == 0:
        return bytes(changed[: int(chance.integers(len(changed)))])
    reach = min(len(changed), (64, 200, 600, len(changed), len(changed))[seed % 6 - 1])
    for place in chance.integers(0, reach, int(chance.integers(1, 9))).tolist():
        _damage(changed, place, chance)
    start, end = sorted(chance.integers(0, len(changed), 2).tolist())
    if seed % 13 == 0:
        changed[start:start] = changed[start:end]
    elif seed % 17 == 0:
        del changed[start:end]
    return _with_checksums(changed) if seed % 2 and data.startswith(b"\x89PNG") else bytes(changed)


def _damage(data: bytearray, place: int, chance: np.random.Generator) -> None:
    match int(chance.integers(4)):
        case 0:
            data[place] ^= 1 << int(chance.integers(8))
        case 1:
            data[place] = int(chance.choice([0, 1, 127, 128, 255]))
        case 2:
            data[place] = int(chance.integers(256))
        case _:
            number = int(chance.choice([0, 1, 0x7FFF, 0xFFFF, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]))
            size = min(4, len(data) - place)
            order = "big" if chance.integers(2) else "little"
            data[place : place + size] = number.to_bytes(4, order)[:size]  # type: ignore[arg-type]


def _with_checksums(data: bytearray) -> bytes:
    position = 8
    while position + 12 <= len(data):
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            break
        data[end - 4 : end] = zlib.crc32(data[position + 4 : end - 4]).to_bytes(4, "big")
        position = end
    return bytes(data)
