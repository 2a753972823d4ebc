"""Files: exact where the format is, deterministic, and acceptable to strict readers."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage.data import coffee

from engines.image_core.errors import ExportError
from engines.image_core.export import Format, WebpOptions, encode, encode_png, encode_webp, pixel_hash, png

PHOTO = np.dstack([coffee(), np.full((400, 600), 255, np.uint8)])
RNG = np.random.default_rng(11)
SHAPES = [(1, 1), (1, 7), (7, 1), (3, 5), (64, 64), (1, 20_000), (20_000, 1)]


def _noise(height: int, width: int, *, opaque: bool) -> NDArray[np.uint8]:
    pixels = RNG.integers(0, 256, (height, width, 4), dtype=np.uint8)
    if opaque:
        pixels[..., 3] = 255
    else:
        pixels[0, 0] = 9, 8, 7, 0
    return pixels


def _read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG, each checked against its CRC."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    position, chunks = 8, []
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + 8 + length]
        assert struct.unpack_from(">I", data, position + 8 + length)[0] == zlib.crc32(kind + body)
        chunks.append((kind, body))
        position += 12 + length
    return chunks


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("opaque", [True, False])
def test_png_round_trip(shape: tuple[int, int], opaque: bool) -> None:
    """Every byte comes back; RGB is written just when every alpha is 255."""
    pixels = _noise(*shape, opaque=opaque)
    image = _read(encode_png(pixels))
    assert image.mode == ("RGB" if opaque else "RGBA")
    assert np.array_equal(np.asarray(image.convert("RGBA")), pixels)


def test_one_alpha_of_254_keeps_the_alpha_channel() -> None:
    """Opaque means every pixel."""
    pixels = PHOTO.copy()
    pixels[-1, -1, 3] = 254
    assert np.array_equal(np.asarray(_read(encode_png(pixels))), pixels)


def test_png_holds_pixels_and_nothing_else() -> None:
    """IHDR, sRGB, IDAT, IEND with right checksums: no dates, texts or names."""
    chunks = _chunks(encode_png(PHOTO))
    assert [kind for kind, _ in chunks] == [b"IHDR", b"sRGB", b"IDAT", b"IEND"]
    assert chunks[0][1] == struct.pack(">IIBBBBB", 600, 400, 8, 2, 0, 0, 0)
    assert len(zlib.decompress(chunks[2][1])) == 400 * (1 + 600 * 3)


def test_png_data_is_split_at_the_chunk_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Data longer than a chunk may be goes into several, and reads back the same."""
    monkeypatch.setattr(png, "_IDAT_BYTES", 1000)
    pixels = _noise(40, 50, opaque=False)
    data = encode_png(pixels)
    sizes = [len(body) for kind, body in _chunks(data) if kind == b"IDAT"]
    assert len(sizes) > 1
    assert set(sizes[:-1]) == {1000}
    assert np.array_equal(np.asarray(_read(data)), pixels)


def test_png_is_not_larger_than_pillows_by_much() -> None:
    """Speed does not cost more than a tenth in size against Pillow's default on a photograph."""
    file = io.BytesIO()
    Image.fromarray(PHOTO[..., :3].copy()).save(file, "PNG")
    assert len(encode_png(PHOTO)) < 1.1 * len(file.getvalue())


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (64, 64), (1, 16_383)])
@pytest.mark.parametrize("opaque", [True, False])
def test_webp_lossless_round_trip(shape: tuple[int, int], opaque: bool) -> None:
    """Every byte comes back, colours under alpha 0 included."""
    pixels = _noise(*shape, opaque=opaque)
    image = _read(encode_webp(pixels, WebpOptions(lossless=True)))
    assert image.format == "WEBP"
    assert np.array_equal(np.asarray(image.convert("RGBA")), pixels)


def test_webp_lossy_is_close_and_keeps_alpha() -> None:
    """Quality 90 stays near the photograph; alpha is exact; lower quality is smaller."""
    pixels = PHOTO.copy()
    pixels[..., 3] = np.linspace(1, 255, 600).astype(np.uint8)
    decoded = np.asarray(_read(encode_webp(pixels)))
    assert np.array_equal(decoded[..., 3], pixels[..., 3])
    assert np.abs(decoded.astype(np.int16) - pixels)[..., :3].mean() < 5
    sizes = [len(encode_webp(pixels, WebpOptions(quality=quality))) for quality in (0, 50, 90, 100)]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("shape", [(1, 16_384), (16_384, 1)])
def test_webp_too_large(shape: tuple[int, int]) -> None:
    """The format's limit is told with the size and the way out."""
    with pytest.raises(
        ExportError, match=f"at most 16383 pixels a side, not {shape[1]} x {shape[0]}: use PNG"
    ):
        encode_webp(np.zeros((*shape, 4), np.uint8))


@pytest.mark.parametrize("quality", [-1, 101, 50.5, True])
def test_webp_quality_out_of_range(quality: int) -> None:
    """The message gives the value and what is allowed."""
    with pytest.raises(
        ExportError, match=rf"quality: {quality} is not allowed: allowed is a whole number, 0 to 100"
    ):
        WebpOptions(quality=quality)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((2, 2, 3), np.uint8),
        np.zeros((2, 2), np.uint8),
        np.zeros((2, 2, 4)),
        np.zeros((0, 2, 4), np.uint8),
    ],
)
def test_other_arrays_are_refused(pixels: NDArray[np.uint8]) -> None:
    """Another shape or type is an error before anything is written."""
    for write in (encode_png, encode_webp, pixel_hash):
        with pytest.raises(ExportError, match=r"allowed is uint8 of shape \(height, width, 4\)"):
            write(pixels)


def test_views_encode_like_their_copies() -> None:
    """Arrays that are not contiguous, and read-only ones, give the same bytes."""
    for view in (PHOTO[::2, ::3], PHOTO[::-1], PHOTO.transpose(1, 0, 2)):
        copy = np.ascontiguousarray(view)
        copy.setflags(write=False)
        assert encode_png(view) == encode_png(copy)
        assert encode_webp(view) == encode_webp(copy)
        assert pixel_hash(view) == pixel_hash(copy)


def test_encode_chooses_by_name() -> None:
    """`encode` takes a Format or its name; another name is an error that lists them."""
    assert encode(PHOTO, "png") == encode(PHOTO, Format.PNG) == encode_png(PHOTO)
    assert encode(PHOTO, Format.WEBP) == encode_webp(PHOTO)
    assert [format.content_type for format in Format] == [
        "image/png",
        "image/webp",
        "image/jpeg",
        "image/avif",
    ]
    with pytest.raises(ExportError, match="'gif' is not allowed: allowed is png, webp, jpeg or avif"):
        encode(PHOTO, "gif")


def test_pixel_hash_covers_size_and_bytes() -> None:
    """The hash is the documented one, and tells 2 x 8 from 8 x 2."""
    pixels = _noise(2, 8, opaque=False)
    expected = hashlib.sha256(b"\0\0\0\x08\0\0\0\x02" + pixels.tobytes()).hexdigest()
    assert pixel_hash(pixels) == expected
    assert pixel_hash(pixels.reshape(8, 2, 4)) != expected


def test_same_bytes_in_a_fresh_process_and_in_threads() -> None:
    """Nothing of the process enters a file."""
    program = (
        "import hashlib, numpy as np\n"
        "from engines.image_core.export import WebpOptions, encode_png, encode_webp\n"
        "p = np.indices((90, 110)).sum(0)[..., None] * np.array([1, 3, 7, 5])\n"
        "p = p.astype(np.uint8)\n"
        "files = [encode_png(p), encode_webp(p), encode_webp(p, WebpOptions(lossless=True))]\n"
        "print(*(hashlib.sha256(f).hexdigest() for f in files))\n"
    )
    run = [sys.executable, "-c", program]
    first, second = (subprocess.run(run, capture_output=True, text=True, check=True).stdout for _ in range(2))
    pixels = (np.indices((90, 110)).sum(0)[..., None] * np.array([1, 3, 7, 5])).astype(np.uint8)
    with ThreadPoolExecutor(4) as pool:
        pngs = list(pool.map(encode_png, [pixels] * 8))
        webps = list(pool.map(encode_webp, [pixels] * 8))
    exact = encode_webp(pixels, WebpOptions(lossless=True))
    here = " ".join(hashlib.sha256(file).hexdigest() for file in (pngs[0], webps[0], exact))
    assert first == second == here + "\n"
    assert len(set(pngs)) == len(set(webps)) == 1
