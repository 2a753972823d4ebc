"""Frames of animations and pages of TIFFs: which is taken, what is refused, and what it may cost."""

from __future__ import annotations

import base64
import io
import struct
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import CompositionError, ImageComposition, Renderer, SourceError
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.sources.raster import opening
from engines.image_core.sources.raster.decoding import decode_image
from engines.image_core.tests.composing import composed
from engines.image_core.tests.encoded import chunk, png

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
OPTIONS: dict[str, dict[str, Any]] = {
    "GIF": {},
    "PNG": {},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    "TIFF": {},
}


def _animation(format: str, frames: list[Image.Image] | None = None, **options: Any) -> bytes:
    """An animation in which the left half changes its colour, and the right half stays."""
    pictures = frames or [_frame(colour) for colour in COLOURS]
    file = io.BytesIO()
    settings = OPTIONS[format] | options
    pictures[0].save(file, format, save_all=True, append_images=pictures[1:], **settings)
    return file.getvalue()


def _frame(colour: tuple[int, int, int]) -> Image.Image:
    frame = Image.new("RGB", (16, 8), (120, 120, 120))
    frame.paste(colour, (0, 0, 8, 8))
    return frame


def _near(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(pixels[..., :3].astype(int) - colour) <= 6).all())  # AVIF is lossy


def _layer(data: bytes, **source: Any) -> ImageComposition:
    encoded = base64.b64encode(data).decode()
    return composed({"type": "raster", "source": {"data": encoded, **source}}, size=(16, 8))


@pytest.mark.parametrize("format", OPTIONS)
def test_a_frame_is_what_is_seen_then(format: str) -> None:
    """Put together of those before it; the first without a frame."""
    data = _animation(format)
    assert _near(decode_image(data, "x").pixels[:, :8], COLOURS[0])
    for number, colour in enumerate(COLOURS):
        pixels = decode_image(data, "x", frame=number).pixels
        assert _near(pixels[:, :8], colour)
        assert _near(pixels[:, 8:], (120, 120, 120))


@pytest.mark.parametrize("format", OPTIONS)
def test_a_frame_that_is_not_there_is_told_with_their_number(format: str) -> None:
    """Counted from 0."""
    with pytest.raises(
        SourceError, match=rf"x: frame 3 is not there: this {format} file has 3 frames, counted from 0"
    ):
        decode_image(_animation(format), "x", frame=3)


@pytest.mark.parametrize("format", ["JPEG", "BMP", "GIF", "PNG", "WEBP"])
def test_a_single_picture_has_one_frame(format: str) -> None:
    """Whatever its format could hold."""
    file = io.BytesIO()
    _frame(COLOURS[0]).save(file, format)
    with pytest.raises(SourceError, match=rf"this {format} file has 1 frame, counted from 0"):
        decode_image(file.getvalue(), "x", frame=1)


def test_pages_have_sizes_and_samples_of_their_own() -> None:
    """Each page of a TIFF is a picture of its own, and its size is looked at before it is decoded."""
    wide = Image.fromarray(np.full((4, 5), 32768, np.uint16))
    data = _animation("TIFF", [_frame(COLOURS[0]), wide])
    assert decode_image(data, "x", frame=1).pixels.shape == (4, 5, 4)
    assert decode_image(data, "x", frame=1).pixels[0, 0, 0] == 128
    large = _animation("TIFF", [wide, _frame(COLOURS[0])])
    with pytest.raises(SourceError, match="16 x 8 is too large"):
        decode_image(large, "x", limits=RenderLimits(source_pixels=100), frame=1)


def test_later_frames_of_16_bits_are_told() -> None:
    """Pillow puts them together of the high bytes, which is not what they are to the nearest."""
    deep = png(np.full((2, 2, 3), 1000, np.uint16), 2, 16)
    control = struct.pack(">5I2H2B", 0, 2, 2, 0, 0, 1, 10, 0, 0)
    pixels = deep[deep.index(b"IDAT") + 4 : deep.index(b"IEND") - 8]
    second = struct.pack(">I", 1) + control[4:]
    moving = deep[:33] + chunk(b"acTL", struct.pack(">2I", 2, 0)) + chunk(b"fcTL", control) + deep[33:-12]
    moving += chunk(b"fcTL", second) + chunk(b"fdAT", struct.pack(">I", 2) + pixels) + deep[-12:]
    assert decode_image(moving, "x").pixels[0, 0, 0] == 4
    with pytest.raises(SourceError, match="x: of a PNG of 16 bits only frame 0 is read"):
        decode_image(moving, "x", frame=1)


def test_frames_are_known_apart() -> None:
    """By content hash and by what a renderer keeps; frame 0 is the picture itself."""
    data = _animation("GIF")
    hashes = [decode_image(data, "x", frame=number).content_hash for number in range(3)]
    assert len({*hashes}) == 3
    assert hashes[0] == decode_image(data, "x").content_hash
    with Renderer("numpy") as renderer:
        drawn = [
            renderer.render(_layer(data, frame=number)).pixels[0, 0, :3].tolist() for number in (1, 2, 1)
        ]
    assert drawn == [[0, 255, 0], [0, 0, 255], [0, 255, 0]]


def test_frames_before_a_frame_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame costs all that come before it: told before any is decoded. Pages cost nothing of each other."""
    monkeypatch.setattr(opening, "_MOST_PIXELS", 2 * 16 * 8)
    for format in OPTIONS:
        decode_image(_animation(format), "x", frame=1)
    decode_image(_animation("TIFF"), "x", frame=2)
    for format in OPTIONS.keys() - {"TIFF"}:
        with pytest.raises(SourceError, match="x: frame 2 of 16 x 8 pixels takes too much to put together"):
            decode_image(_animation(format), "x", frame=2)


def test_a_frame_beyond_the_screen_counts_before_it_is_put_together() -> None:
    """It makes the picture of a GIF larger."""
    file = io.BytesIO()
    Image.new("L", (2, 2), 7).save(file, "GIF")
    data = file.getvalue()
    first = data.index(b"\x2c")
    beyond = b"\x2c" + struct.pack("<HH", 600, 400) + data[first + 5 : -1]
    grown = data[:-1] + beyond + data[first:]
    assert decode_image(grown, "x", frame=1).pixels.shape == (402, 602, 4)
    with pytest.raises(SourceError, match="x: 602 x 402 is too large"):
        decode_image(grown, "x", frame=2, limits=RenderLimits(source_pixels=1000))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ({"data": "AAAA", "frame": -1}, "allowed is 0 to 9999"),
        ({"data": "AAAA", "frame": 10000}, "allowed is 0 to 9999"),
        ({"data": "AAAA", "frame": 1.5}, "whole number"),
        ({"color": "#ffffff", "frame": 1}, "frame: 1 is not allowed here: only path, asset_id and data have"),
        ({"psd": {"path": "a.psd", "part": "merged"}, "frame": 1}, "frame: 1 is not allowed here"),
    ],
)
def test_frames_are_of_picture_files(source: dict[str, Any], reason: str) -> None:
    """Counted by whole numbers."""
    with pytest.raises(CompositionError, match=reason):
        composed({"type": "raster", "source": source})
