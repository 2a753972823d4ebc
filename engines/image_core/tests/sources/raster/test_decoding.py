"""Decoding picture and mask files: every kind of pixels, orientation, identity, and what is refused."""

from __future__ import annotations

import io
import struct
import threading
import warnings
from typing import Any, Literal

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, features

from engines.image_core.errors import SourceError
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.sources.raster.decoding import decode_image, decode_mask
from engines.image_core.tests.encoded import chunk, encoded, png

LABEL = "layer 'photo' (layers[0])"
RNG = np.random.default_rng(7)
RGBA = RNG.integers(0, 256, (7, 5, 4), dtype=np.uint8)
WIDE = np.concatenate([[0, 127, 128, 129, 0x7FFF, 0x8000, 65407, 65535], RNG.integers(0, 65536, 27)])


def _opaque(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)])


def _grey(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(values[..., None], 3, axis=2)


def _rounded(wide: NDArray[np.int64]) -> NDArray[np.uint8]:
    return ((wide * 510 + 65535) // 131070).astype(np.uint8)


def _check(decoded: DecodedImage, expected: NDArray[np.uint8]) -> None:
    assert np.array_equal(decoded.pixels, expected)
    assert decoded.pixels.dtype == np.uint8
    assert decoded.pixels.flags.c_contiguous
    assert not decoded.pixels.flags.writeable
    assert decoded.opaque == bool((expected[..., 3] == 255).all())


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_rgba_comes_back_byte_for_byte(format: str) -> None:
    """Lossless formats give the pixels that went in, colours under alpha 0 included."""
    pixels = RGBA.copy()
    pixels[0, :, 3] = 0
    options = {"lossless": True, "exact": True} if format == "WEBP" else {}
    _check(decode_image(encoded(Image.fromarray(pixels), format, **options), LABEL), pixels)


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP", "BMP"])
def test_rgb_becomes_opaque(format: str) -> None:
    """A picture without alpha gets alpha 255 and is told to be opaque."""
    options = {"lossless": True} if format == "WEBP" else {}
    data = encoded(Image.fromarray(RGBA[..., :3].copy()), format, **options)
    _check(decode_image(data, LABEL), _opaque(RGBA[..., :3]))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_modes(mode: str, progressive: bool) -> None:
    """Colour, grey and (Adobe, inverted) CMYK JPEGs come near their colour; CMYK is not left inverted."""
    image = Image.new("RGB", (40, 24), (200, 60, 30)).convert(mode)
    decoded = decode_image(encoded(image, "JPEG", quality=95, progressive=progressive), LABEL)
    expected = np.array(image.convert("RGB"), np.int16)
    assert decoded.opaque
    assert np.abs(decoded.pixels[..., :3] - expected).max() <= 3


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow is built without AVIF")
def test_avif() -> None:
    """AVIF is read, alpha included."""
    image = Image.new("RGBA", (40, 24), (200, 60, 30, 128))
    decoded = decode_image(encoded(image, "AVIF", quality=95), LABEL)
    assert np.abs(decoded.pixels.astype(np.int16) - (200, 60, 30, 128)).max() <= 3


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_grey_depths_and_their_transparent_value(depth: int) -> None:
    """Grey of 1 to 8 bits is spread over 0..255; tRNS makes its one value transparent, colour kept."""
    top = (1 << depth) - 1
    samples = RNG.integers(0, top + 1, (4, 8, 1))
    values = _grey((samples[..., 0] * 255 // top).astype(np.uint8))
    _check(decode_image(png(samples, 0, depth), LABEL), _opaque(values))
    key = int(samples[0, 0, 0])
    alpha = np.where(samples == key, 0, 255).astype(np.uint8)
    _check(
        decode_image(png(samples, 0, depth, trns=struct.pack(">H", key)), LABEL), np.dstack([values, alpha])
    )


@pytest.mark.parametrize(("color_type", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_16_bit_png_is_rounded_to_nearest(color_type: int, channels: int) -> None:
    """A 16-bit sample v becomes round(v * 255 / 65535), not its high byte."""
    samples = np.stack([np.roll(WIDE, 3 * c).reshape(7, 5) for c in range(channels)], axis=2)
    expected = _rounded(samples)
    colours = (
        expected if channels > 2 else np.concatenate([_grey(expected[..., 0]), expected[..., 1:]], axis=2)
    )
    _check(
        decode_image(png(samples, color_type, 16), LABEL),
        colours if colours.shape[2] == 4 else _opaque(colours),
    )


@pytest.mark.parametrize(("color_type", "channels"), [(0, 1), (2, 3)])
def test_16_bit_png_compares_all_16_bits_of_the_transparent_colour(color_type: int, channels: int) -> None:
    """A sample that differs from tRNS only in its low byte stays visible."""
    samples = np.full((1, 2, channels), 0x1234)
    samples[0, 1] += 1
    data = png(samples, color_type, 16, trns=struct.pack(f">{channels}H", *samples[0, 0]))
    assert decode_image(data, LABEL).pixels[0, :, 3].tolist() == [0, 255]


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("photometric", "channels"), [("minisblack", 1), ("rgb", 3), ("rgb", 4), ("separated", 4)]
)
def test_16_bit_tiff(
    photometric: str, channels: int, order: Literal["<", ">"], compression: str | None
) -> None:
    """TIFF of either byte order, stored or deflated, rounds like PNG; CMYK goes the naive way to RGB."""
    wide = np.stack([np.roll(WIDE, 3 * c).reshape(7, 5) for c in range(channels)], axis=2)
    extra = ["unassalpha"] if photometric == "rgb" and channels == 4 else None
    file = io.BytesIO()
    tifffile.imwrite(
        file, wide.astype(np.uint16).squeeze(), photometric=photometric, byteorder=order,
        compression=compression, metadata=None, extrasamples=extra,
    )  # fmt: skip
    pixels = decode_image(file.getvalue(), LABEL).pixels
    expected = _rounded(wide)
    if photometric == "minisblack":
        expected = _grey(expected[..., 0])
    if photometric == "separated":
        ink = 255 - expected.astype(np.int32)
        product = ink[..., :3] * ink[..., 3:]
        assert np.abs(pixels[..., :3] - product / 255).max() <= 1
    else:
        assert np.array_equal(pixels[..., : expected.shape[2]], expected)


def test_16_bit_tiff_where_zero_is_white() -> None:
    """WhiteIsZero is honoured at 16 bits too."""
    file = io.BytesIO()
    tifffile.imwrite(file, np.array([[0, 65535]], np.uint16), photometric="miniswhite", byteorder="<")
    assert decode_image(file.getvalue(), LABEL).pixels[0, :, 0].tolist() == [255, 0]


@pytest.mark.parametrize("tile", [None, (16, 16)])
@pytest.mark.parametrize(("compression", "predictor"), [(None, False), ("zlib", False), ("zlib", True)])
@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize(
    ("kind", "channels", "settings"),
    [
        ("u1", 3, {"photometric": "rgb"}),
        ("u2", 3, {"photometric": "rgb"}),
        ("u2", 4, {"photometric": "rgb", "extrasamples": ["unassalpha"]}),
        ("u2", 4, {"photometric": "separated"}),
    ],
)
def test_a_tiff_in_separate_planes_is_what_it_is_interleaved(
    kind: str,
    channels: int,
    settings: dict[str, Any],
    byteorder: Literal["<", ">"],
    compression: str | None,
    predictor: bool,
    tile: tuple[int, int] | None,
) -> None:
    """Whatever its strips, tiles, compression and order of bytes."""
    random = np.random.default_rng(4)
    most = 256 ** int(kind[1])
    samples = random.integers(0, most, (20, 24, channels)).astype(f"{byteorder}{kind}")

    def written(array: NDArray[Any], planarconfig: str) -> bytes:
        file, rows = io.BytesIO(), None if tile else 7
        tifffile.imwrite(
            file, array, planarconfig=planarconfig, compression=compression, predictor=predictor, tile=tile,
            byteorder=byteorder, rowsperstrip=rows, **settings,
        )  # fmt: skip
        return file.getvalue()

    together = decode_image(written(samples, "contig"), "x")
    apart = decode_image(written(np.ascontiguousarray(np.moveaxis(samples, 2, 0)), "separate"), "x")
    assert np.array_equal(apart.pixels, together.pixels)


@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_premultiplied_planes_are_divided_by_their_alpha(kind: str) -> None:
    """To within what 8 bits of them tell."""
    top = 256 ** int(kind[1]) - 1
    alpha = np.linspace(0.2, 1, 96).reshape(8, 12)
    planes = (np.stack([0.5 * alpha, 0.25 * alpha, alpha, alpha]) * top).round().astype(kind)
    file = io.BytesIO()
    tifffile.imwrite(file, planes, photometric="rgb", planarconfig="separate", extrasamples=["assocalpha"])
    colour = decode_image(file.getvalue(), "x").pixels[..., :3].astype(int)
    assert np.abs(colour - [127.5, 63.75, 255]).max() <= 255 / (255 * 0.2)


def test_planes_of_different_numbers_of_parts_are_told() -> None:
    """A file that names fewer strips than its planes have is not read beyond them."""
    file = io.BytesIO()
    planes = np.zeros((3, 8, 8), np.uint16)
    tifffile.imwrite(file, planes, photometric="rgb", planarconfig="separate", rowsperstrip=2)
    data = file.getvalue()
    place = data.index(struct.pack("<HHI", 279, 3, 12))  # how long each strip is
    broken = data[: place + 4] + struct.pack("<I", 11) + data[place + 8 :]
    with pytest.raises(SourceError, match="x: this TIFF's planes have not as many parts each"):
        decode_image(broken, "x")


def test_cielab_is_brought_to_srgb() -> None:
    """L 53.59, a 0, b 0 is the grey of 128 (CIE 15); a and b are signed."""
    file = io.BytesIO()
    pixels = np.array([[[137, 0, 0], [255, 0, 0], [0, 0, 0], [137, 80, 216]]], np.uint8)
    tifffile.imwrite(file, pixels, photometric="cielab")
    decoded = decode_image(file.getvalue(), "x").pixels[0, :, :3].astype(int)
    assert np.abs(decoded[:3] - [[128] * 3, [255] * 3, [0] * 3]).max() <= 1
    assert decoded[3, 0] > decoded[3, 1] < decoded[3, 2]


@pytest.mark.parametrize("mode", ["1", "LA", "PA"])
def test_tiff_modes(mode: str) -> None:
    """Bilevel, grey with alpha and palette with alpha."""
    image = Image.fromarray(RGBA)
    image = image.convert("RGB").convert(mode) if mode == "1" else image.convert("LA").convert(mode)
    _check(decode_image(encoded(image, "TIFF"), LABEL), np.array(image.convert("RGBA")))


def test_premultiplied_tiff_becomes_straight() -> None:
    """Associated alpha is divided out: half-transparent red is full red at alpha 128."""
    file = io.BytesIO()
    premultiplied = np.array([[[128, 0, 0, 128], [64, 32, 16, 255]]], np.uint8)
    tifffile.imwrite(file, premultiplied, photometric="rgb", extrasamples=["assocalpha"])
    assert decode_image(file.getvalue(), LABEL).pixels.tolist() == [[[255, 0, 0, 128], [64, 32, 16, 255]]]


def test_palette_with_alpha_table() -> None:
    """A palette PNG with tRNS has each entry's alpha; the colour of a transparent entry survives."""
    image = Image.fromarray(np.arange(4, dtype=np.uint8)[None], "P")
    image.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3])
    data = encoded(image, "PNG", transparency=bytes([255, 128, 0, 7]))
    expected = [[[10, 20, 30, 255], [40, 50, 60, 128], [70, 80, 90, 0], [1, 2, 3, 7]]]
    _check(decode_image(data, LABEL), np.array(expected, np.uint8))


def test_gif_gives_its_first_frame() -> None:
    """An animation is its first frame, transparent where that is."""
    frames = [Image.new("P", (3, 2), index) for index in (1, 2)]
    for frame in frames:
        frame.putpalette([0, 0, 0, 255, 0, 0, 0, 0, 255])
    frames[0].putpixel((0, 0), 0)
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], transparency=0)
    pixels = decode_image(data, LABEL).pixels
    assert pixels[0, 0, 3] == 0
    assert pixels[1, 2].tolist() == [255, 0, 0, 255]


@pytest.mark.parametrize("mode", ["F", "I"])
def test_kinds_of_pixels_that_are_refused(mode: str) -> None:
    """Floating-point, 32-bit and CIELAB TIFFs are errors that say what is allowed."""
    with pytest.raises(SourceError, match=r"pixels are not read: allowed are 8 or 16 bits"):
        decode_image(encoded(Image.new(mode, (2, 2)), "TIFF"), LABEL)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(10))
def test_exif_orientation(format: str, orientation: int) -> None:
    """Orientation 1 to 8 sets the picture upright; values the standard does not know change nothing."""
    upright = np.zeros((16, 32, 3), np.uint8)
    upright[:8, :16] = 255, 0, 0
    upright[8:, 16:] = 0, 0, 255
    turned = {2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1], 5: upright.transpose(1, 0, 2),
              6: upright.transpose(1, 0, 2)[::-1], 7: upright.transpose(1, 0, 2)[::-1, ::-1],
              8: upright.transpose(1, 0, 2)[:, ::-1]}.get(orientation, upright)  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if format == "WEBP" else {}
    data = encoded(Image.fromarray(np.ascontiguousarray(turned)), format, exif=exif, quality=95, **options)
    pixels = decode_image(data, LABEL).pixels
    assert pixels.shape == (16, 32, 4)
    assert np.abs(pixels[4::8, 4::8, :3].astype(np.int16) - upright[4::8, 4::8]).max() <= 4


def test_pictures_larger_than_a_strip() -> None:
    """Conversion by strips has no seams, for very wide and very tall pictures as well."""
    for shape in ((700, 900, 4), (2, 300_000, 4), (300_000, 2, 4)):
        pixels = RNG.integers(0, 256, shape, dtype=np.uint8)
        _check(decode_image(encoded(Image.fromarray(pixels), "PNG", compress_level=0), LABEL), pixels)


def test_content_hash_names_the_bytes() -> None:
    """The same bytes have the same hash whatever the label; another file, or a mask, has another."""
    data = encoded(Image.fromarray(RGBA[..., 0].copy()), "PNG")
    other = encoded(Image.fromarray(RGBA[..., 1].copy()), "PNG")
    first = decode_image(data, LABEL).content_hash
    assert first == decode_image(data, "another").content_hash
    assert (
        len({first, decode_image(other, LABEL).content_hash, decode_mask(data, (5, 7), LABEL).content_hash})
        == 3
    )


@pytest.mark.parametrize("data", [b"", b"hello, this is text", b"RIFF\0\0\0\0WAVE", b"%PDF-1.7", b"8BPS\0\1"])
def test_what_is_no_picture_is_told_so(data: bytes) -> None:
    """Other files, whatever their name, give one line that lists the formats."""
    with pytest.raises(SourceError) as told:
        decode_image(data, LABEL)
    assert str(told.value).startswith(
        f"{LABEL}: not a picture in a format this library reads (PNG, JPEG, WEBP, GIF, TIFF, BMP"
    )


def test_huge_header_is_refused_without_decoding() -> None:
    """A PNG that claims 60,000 x 60,000 pixels is refused by its header; nothing is allocated for it."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(SourceError, match="60000 x 60000 is too large: allowed are 178,956,970 pixels"):
        decode_image(data, LABEL)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "BMP"])
def test_huge_headers_of_other_formats(format: str) -> None:
    """The same for formats whose readers have limits or allocations of their own."""
    data = bytearray(
        encoded(Image.new("RGB", (8, 8)), format, **({"lossless": True} if format == "WEBP" else {}))
    )
    match format:
        case "GIF":
            data[6:10] = struct.pack("<HH", 65535, 65535)
        case "WEBP":
            data[21:25] = struct.pack("<I", 16382 | 16382 << 14)
        case "BMP":
            data[18:26] = struct.pack("<ii", 60_000, 60_000)
    with pytest.raises(SourceError, match=r"too large|exceeds limit"):
        decode_image(bytes(data), LABEL)


def test_a_photograph_above_pillows_warning_size_is_read() -> None:
    """Between Pillow's warning size and ours pictures decode, without a warning."""
    data = encoded(Image.new("1", (10_000, 9_000)), "PNG")
    assert decode_image(data, LABEL).pixels.shape == (9_000, 10_000, 4)


def test_threads_decode_the_same() -> None:
    """Sixteen threads at once get the same pixels, and the warning filters are left as they were."""
    before = list(warnings.filters)
    data = encoded(Image.fromarray(RNG.integers(0, 256, (300, 400, 3), dtype=np.uint8)), "JPEG")
    expected = decode_image(data, LABEL).pixels
    results: list[NDArray[np.uint8]] = []
    threads = [
        threading.Thread(target=lambda: results.append(decode_image(data, LABEL).pixels)) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 16
    assert all(np.array_equal(result, expected) for result in results)
    assert list(warnings.filters) == before
