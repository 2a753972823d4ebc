"""The outlined, shadowed headline as programs of Pillow, pyvips and Skia.

Each gets the photograph in memory, in the form that suits it, and the font open; and gives the canvas as its
own image in main memory. The shadow is that of the outlined letters, blurred by a Gaussian.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import PIL
import pyvips
import skia
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.bench.effects_ours import (
    BASELINES,
    BLUR,
    CANVAS,
    FONT,
    INK,
    LEFT,
    OPACITY,
    SHIFT,
    SIZE,
    STROKE,
)

__all__ = ["PROGRAMS", "Program"]

Pixels = NDArray[np.uint8]

_VIPS_VERSION = ".".join(str(pyvips.version(part)) for part in range(3))
Draw = Callable[[str], Any]

MARGIN = STROKE + 16
"""What a program leaves around the letters: 16 pixels are three of `BLUR` and a little."""

_ASCENT, _SPACING = 98, -16
"""In libvips' text: how far the first baseline lies below its top, and what brings lines to our distance."""


@dataclass(frozen=True)
class Program:
    """A peer's way to draw the headline.

    Attributes:
        ready: from the photograph, RGB, a function that draws a headline on it. That function is timed.
        pixels: what it gives as straight RGBA, uint8 (height, width, 4). This is not.
    """

    name: str
    ready: Callable[[Image.Image], Draw]
    pixels: Callable[[Any], Pixels]


def _pillow(photo: Image.Image, *, whole: bool) -> Draw:
    """whole: layers are as large as the canvas, as is often written; else no larger than what is on them."""
    below, font = photo.convert("RGBA"), ImageFont.truetype(FONT, SIZE)

    def draw(text: str) -> Image.Image:
        lines = list(zip(text.split("\n"), BASELINES, strict=True))
        left, top, right, bottom = (0, 0, *CANVAS) if whole else _box(font, lines)
        letters = Image.new("RGBA", (right - left, bottom - top))
        pen = ImageDraw.Draw(letters)
        for line, baseline in lines:
            at = LEFT - left, baseline - top
            pen.text(at, line, "white", font, "ls", stroke_width=STROKE, stroke_fill=INK)
        soft = letters.getchannel("A").filter(ImageFilter.GaussianBlur(BLUR))
        shadow = Image.new("RGBA", letters.size)
        shadow.putalpha(soft.point(lambda value: value * OPACITY))
        canvas = below.copy()
        canvas.alpha_composite(shadow, (left + SHIFT[0], top + SHIFT[1]))
        canvas.alpha_composite(letters, (left, top))
        return canvas

    return draw


def _box(font: ImageFont.FreeTypeFont, lines: list[tuple[str, int]]) -> tuple[int, int, int, int]:
    boxes = [font.getbbox(line, anchor="ls") for line, _ in lines]
    return (
        LEFT - MARGIN + int(min(box[0] for box in boxes)),
        BASELINES[0] - MARGIN + int(boxes[0][1]),
        LEFT + MARGIN + int(max(box[2] for box in boxes)),
        BASELINES[-1] + MARGIN + int(boxes[-1][3]),
    )


def _vips(photo: Image.Image) -> Draw:
    """The outline is the letters blurred and made steep again: libvips grows no antialiased mask."""
    width, height = CANVAS
    below = pyvips.Image.new_from_memory(photo.tobytes(), width, height, 3, "uchar")
    below = below.copy(interpretation="srgb")
    ink = list(bytes.fromhex(INK[1:]))

    def draw(text: str) -> bytes:
        tight = pyvips.Image.text(
            text, font=f"Source Sans Pro Black {SIZE}", fontfile=FONT, dpi=72, spacing=_SPACING
        )
        left = LEFT + tight.get("xoffset") - MARGIN
        top = BASELINES[0] - _ASCENT + tight.get("yoffset") - MARGIN
        letters = tight.embed(MARGIN, MARGIN, tight.width + 2 * MARGIN, tight.height + 2 * MARGIN)
        outline = _vips_grown(letters).copy_memory()  # it is read twice
        soft = (outline.gaussblur(BLUR) * OPACITY).cast("uchar")
        layers = [
            _vips_inked(soft, [0, 0, 0]),
            _vips_inked(outline, ink),
            _vips_inked(letters, [255, 255, 255]),
        ]
        places = {"x": [left + SHIFT[0], left, left], "y": [top + SHIFT[1], top, top]}
        canvas = below.composite(layers, ["over"] * 3, **places)
        data: bytes = canvas.write_to_memory()
        return data

    return draw


def _vips_grown(mask: Any) -> Any:
    """A mask blurred, and made steep about the value that lies `STROKE` pixels off a straight edge."""
    sigma = STROKE / 1.5
    value = 255 * math.erfc(1.5 / math.sqrt(2)) / 2
    steepness = sigma * math.sqrt(2 * math.pi) * math.exp(1.5**2 / 2)
    return mask.gaussblur(sigma).linear(steepness, 127.5 - steepness * value).cast("uchar")


def _vips_inked(mask: Any, color: list[int]) -> Any:
    return mask.new_from_image(color).copy(interpretation="srgb").bandjoin(mask)


def _vips_pixels(data: bytes) -> Pixels:
    return np.frombuffer(data, np.uint8).reshape(CANVAS[1], CANVAS[0], 4)


def _skia(photo: Image.Image) -> Draw:
    """Its own shadow filter on a layer of strokes and fills, no larger than what is on it."""
    below = skia.Image.fromarray(np.asarray(photo.convert("RGBA")), skia.kRGBA_8888_ColorType)
    font = skia.Font(skia.Typeface.MakeFromFile(FONT), SIZE)
    font.setSubpixel(True)
    font.setHinting(skia.FontHinting.kNone)
    white = skia.Paint(Color=skia.ColorWHITE, AntiAlias=True)
    outline = skia.Paint(
        Color=skia.Color(*bytes.fromhex(INK[1:])),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=2 * STROKE,
        StrokeJoin=skia.Paint.kRound_Join,
    )
    color = skia.Color(0, 0, 0, round(255 * OPACITY))
    shadow = skia.Paint(ImageFilter=skia.ImageFilters.DropShadow(*SHIFT, BLUR, BLUR, color))
    straight = skia.ImageInfo.Make(*CANVAS, skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)

    def draw(text: str) -> Pixels:
        surface = skia.Surface(*CANVAS)
        lines = list(zip(text.split("\n"), BASELINES, strict=True))
        width = max(font.measureText(line) for line, _ in lines)
        top, bottom = BASELINES[0] - SIZE, BASELINES[-1] + SIZE // 4
        box = skia.Rect(LEFT - MARGIN, top - MARGIN, LEFT + width + MARGIN, bottom + MARGIN)
        with surface as canvas:
            canvas.drawImage(below, 0, 0)
            canvas.saveLayer(box, shadow)
            for paint in (outline, white):
                for line, baseline in lines:
                    canvas.drawString(line, LEFT, baseline, font, paint)
            canvas.restore()
        out = np.empty((CANVAS[1], CANVAS[0], 4), np.uint8)
        surface.readPixels(straight, out, 4 * CANVAS[0])
        return out

    return draw


PROGRAMS = (
    Program(f"Pillow {PIL.__version__}, whole canvas", partial(_pillow, whole=True), np.asarray),
    Program(f"Pillow {PIL.__version__}, cropped", partial(_pillow, whole=False), np.asarray),
    Program(f"pyvips {_VIPS_VERSION}", _vips, _vips_pixels),
    Program(f"skia-python {skia.__version__} raster", _skia, np.asarray),
)
