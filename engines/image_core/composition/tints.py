"""Adjustments of colours: hue, saturation, and how channels are mixed."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.fields import Color, Flag, Identifier, Model, between, exactly_one, tag
from engines.image_core.composition.psd_parts import PsdPart
from engines.image_core.composition.tones import Percent

__all__ = [
    "HUES",
    "BlackAndWhite",
    "ChannelMixer",
    "ColorBalance",
    "ColorLookup",
    "HueRange",
    "HueSaturation",
    "Inks",
    "LookupSource",
    "PhotoFilter",
    "SelectiveColor",
    "Vibrance",
]

HUES = ("reds", "yellows", "greens", "cyans", "blues", "magentas")

Turn = Annotated[float, Strict(), AfterValidator(between(-180, 180))]
Degree = Annotated[int, Strict(), AfterValidator(between(0, 360))]
WholePercent = Annotated[int, Strict(), AfterValidator(between(-100, 100))]
Weight = Annotated[int, Strict(), AfterValidator(between(-200, 300))]
Part = Annotated[int, Strict(), AfterValidator(between(-200, 200))]


class Vibrance(Model):
    """Saturation, most of it for what has little (vibrance), and for all alike."""

    type: Literal["vibrance"] = tag("vibrance")
    vibrance: Percent = 0.0
    saturation: Percent = 0.0


class HueRange(Model):
    """What is done to hues from the second angle to the third, and less and less out to the first and the
    last. Angles go up; beyond 360 they begin again at 0."""

    angles: tuple[Degree, Degree, Degree, Degree]
    hue: Turn = 0.0
    saturation: Percent = 0.0
    lightness: Percent = 0.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        a, b, c, d = self.angles
        if (b - a) % 360 + (c - b) % 360 + (d - c) % 360 > 360:
            raise ValueError(f"angles {[a, b, c, d]} are not allowed: they go round more than once")
        return self


def _range(*angles: int) -> HueRange:
    a, b, c, d = angles
    return HueRange(angles=(a, b, c, d))


class HueSaturation(Model):
    """Hue (degrees), saturation and lightness (percent) of all colours, and of six ranges. With `colorize`
    all has one hue (0 to 360) and saturation (0 to 100)."""

    type: Literal["hue-saturation"] = tag("hue-saturation")
    hue: Annotated[float, Strict(), AfterValidator(between(-180, 360))] = 0.0
    saturation: Percent = 0.0
    lightness: Percent = 0.0
    colorize: Flag = False
    reds: HueRange = _range(315, 345, 15, 45)
    yellows: HueRange = _range(15, 45, 75, 105)
    greens: HueRange = _range(75, 105, 135, 165)
    cyans: HueRange = _range(135, 165, 195, 225)
    blues: HueRange = _range(195, 225, 255, 285)
    magentas: HueRange = _range(255, 285, 315, 345)

    @model_validator(mode="after")
    def _check(self) -> Self:
        low, high = (0, 360) if self.colorize else (-180, 180)
        if not low <= self.hue <= high:
            colorize = "with colorize" if self.colorize else "without colorize"
            raise ValueError(f"hue {self.hue:g} is not allowed: {colorize} allowed is {low} to {high}")
        if self.colorize and self.saturation < 0:
            raise ValueError(
                f"saturation {self.saturation:g} is not allowed: with colorize allowed is 0 to 100"
            )
        return self


class ColorBalance(Model):
    """From cyan to red, magenta to green and yellow to blue (percent), for each third of the tones."""

    type: Literal["color-balance"] = tag("color-balance")
    shadows: tuple[WholePercent, WholePercent, WholePercent] = (0, 0, 0)
    midtones: tuple[WholePercent, WholePercent, WholePercent] = (0, 0, 0)
    highlights: tuple[WholePercent, WholePercent, WholePercent] = (0, 0, 0)
    preserve_luminosity: Flag = True


class BlackAndWhite(Model):
    """A grey in which six colours are as light as their weights say (percent); a tint colours it."""

    type: Literal["black-and-white"] = tag("black-and-white")
    reds: Weight = 40
    yellows: Weight = 60
    greens: Weight = 40
    cyans: Weight = 60
    blues: Weight = 20
    magentas: Weight = 80
    tint: Color | None = None


class PhotoFilter(Model):
    """A coloured glass before the lens, of a density in percent."""

    type: Literal["photo-filter"] = tag("photo-filter")
    color: Color = "#ec8a00"
    density: Annotated[float, Strict(), AfterValidator(between(0, 100))] = 25.0
    preserve_luminosity: Flag = True


class ChannelMixer(Model):
    """Each channel as percentages of red, green and blue, and a constant; `monochrome` has `gray` for all."""

    type: Literal["channel-mixer"] = tag("channel-mixer")
    red: tuple[Part, Part, Part, Part] = (100, 0, 0, 0)
    green: tuple[Part, Part, Part, Part] = (0, 100, 0, 0)
    blue: tuple[Part, Part, Part, Part] = (0, 0, 100, 0)
    gray: tuple[Part, Part, Part, Part] = (40, 40, 20, 0)
    monochrome: Flag = False


class LookupSource(Model):
    """A .cube file: exactly one of a local path, an asset of the same tenant and env, or the table of a
    Photoshop file's layer."""

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    psd: PsdPart | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id", "psd")
        return self


class ColorLookup(Model):
    """Colours looked up in a .cube file's table, of one dimension or three."""

    type: Literal["color-lookup"] = tag("color-lookup")
    source: LookupSource


Inks = tuple[WholePercent, WholePercent, WholePercent, WholePercent]
"""Cyan, magenta, yellow and black, in percent."""


class SelectiveColor(Model):
    """Inks of nine ranges of colours: `relative` to what is there of an ink, or `absolute`."""

    type: Literal["selective-color"] = tag("selective-color")
    reds: Inks = (0, 0, 0, 0)
    yellows: Inks = (0, 0, 0, 0)
    greens: Inks = (0, 0, 0, 0)
    cyans: Inks = (0, 0, 0, 0)
    blues: Inks = (0, 0, 0, 0)
    magentas: Inks = (0, 0, 0, 0)
    whites: Inks = (0, 0, 0, 0)
    neutrals: Inks = (0, 0, 0, 0)
    blacks: Inks = (0, 0, 0, 0)
    method: Literal["relative", "absolute"] = "relative"
