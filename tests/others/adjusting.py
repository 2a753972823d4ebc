"""The adjustments and filters that are compared, in the words of each implementation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from PIL import ImageEnhance, ImageFilter
from PIL.Image import Image

from tests.others.scenes import Layer, Pixels, Stack, cut_out, noise, photograph

__all__ = [
    "ADJUSTMENTS",
    "BLURS",
    "OPAQUE",
    "PICTURES",
    "SHARPNESS",
    "UNSHARP",
    "Adjustment",
    "Picture",
    "adjusted",
]

Picture: TypeAlias = Literal["noise", "photograph", "translucent noise", "cut-out"]

OPAQUE: tuple[Picture, ...] = ("noise", "photograph")

PICTURES: dict[Picture, Callable[[], Pixels]] = {
    "noise": lambda: noise(1, opaque=True),
    "photograph": photograph,
    "translucent noise": lambda: noise(2),
    "cut-out": cut_out,
}


@dataclass(frozen=True, eq=False)
class Adjustment:
    """One setting; a word is None where that implementation has no such thing.

    Attributes:
        name: what the table calls it.
        fields: what our models call it.
        css: a CSS filter function.
        magick: operators of ImageMagick's command line.
        pillow: a function of Pillow.
        margin: how many transparent pixels lie around the picture, for what spreads.
        border: how many pixels from the picture's edge are not compared: beyond it others repeat its pixels,
            where we have transparency.
        enlarges: whether small differences of colour become larger ones.
    """

    name: str
    fields: dict[str, Any]
    css: str | None = None
    magick: tuple[str, ...] | None = None
    pillow: Callable[[Image], Image] | None = None
    margin: int = 0
    border: int = 0
    enlarges: bool = False


def _css(name: str, function: str, value: float) -> Adjustment:
    fields = {"adjustments": {name: value}}
    return Adjustment(f"{name} {value}", fields, css=f"{function}({value})", enlarges=value > 1)


def _gamma(value: float) -> Adjustment:
    return Adjustment(
        f"gamma {value}", {"adjustments": {"gamma": value}}, magick=("-channel", "RGB", "-gamma", str(value))
    )


def _exposure(stops: float) -> Adjustment:
    """In ImageMagick: to linear light (it calls that RGB), times 2^stops, and back."""
    multiplied = ("-channel", "RGB", "-evaluate", "multiply", str(2.0**stops), "+channel")
    words = ("-colorspace", "RGB", *multiplied, "-colorspace", "sRGB")
    return Adjustment(f"exposure {stops}", {"adjustments": {"exposure": stops}}, magick=words)


def _sharpness(value: float) -> Adjustment:
    def enhance(image: Image) -> Image:
        return ImageEnhance.Sharpness(image).enhance(value)

    return Adjustment(f"sharpness {value}", {"adjustments": {"sharpness": value}}, pillow=enhance, border=1)


def _unsharp(radius: float, amount: float) -> Adjustment:
    border = math.ceil(3 * radius)
    fields = {"filters": [{"type": "sharpen", "radius": radius, "amount": amount}]}
    mask = ImageFilter.UnsharpMask(radius, round(100 * amount), 0)
    return Adjustment(
        f"sharpen, radius {radius}, amount {amount}",
        fields,
        magick=("-unsharp", f"{border}x{radius}+{amount}+0"),
        pillow=lambda image: image.filter(mask),
        border=border,
    )


def _blur(radius: float) -> Adjustment:
    """In ImageMagick -gaussian-blur: it takes a Gaussian at the centres of pixels, as we do, but in one pass.

    A wide one takes -blur, in two passes, which takes the Gaussian at three points of each pixel.
    """
    operator = "-gaussian-blur" if radius <= 5 else "-blur"
    return Adjustment(
        f"blur {radius}",
        {"filters": [{"type": "blur", "radius": radius}]},
        css=f"blur({radius}px)",
        magick=(operator, f"{math.ceil(3 * radius)}x{radius}"),
        margin=math.ceil(3.5 * radius) + 2,
    )


ADJUSTMENTS = (
    _css("brightness", "brightness", 0.5),
    _css("brightness", "brightness", 1.7),
    _css("contrast", "contrast", 0.4),
    _css("contrast", "contrast", 2.5),
    _css("saturation", "saturate", 0.0),
    _css("saturation", "saturate", 0.3),
    _css("saturation", "saturate", 2.0),
    _exposure(1.0),
    _exposure(-2.0),
    _gamma(2.2),
    _gamma(0.6),
)

SHARPNESS = (_sharpness(0.0), _sharpness(0.5), _sharpness(4.0))

UNSHARP = (_unsharp(1.0, 0.5), _unsharp(2.0, 1.0))

BLURS = {radius: _blur(radius) for radius in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)}
"""By radius."""


@cache
def adjusted(adjustment: Adjustment, picture: Picture) -> Stack:
    """A picture with an adjustment, alone on a canvas that holds all of it."""
    layer = Layer(PICTURES[picture](), fields=adjustment.fields, css=adjustment.css or "none")
    return Stack((layer,), adjustment.margin)
