"""Blending options beyond a mode and an opacity: fill, channels, blend-if and knockout."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, Strict

from engines.image_core.composition.fields import Model

__all__ = ["BitDepth", "BlendIf", "BlendRange", "Channels", "Knockout"]

BitDepth: TypeAlias = Literal[8, 16]
Knockout: TypeAlias = Literal["none", "shallow", "deep"]
Channel: TypeAlias = Literal["red", "green", "blue"]


def _once(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    if len(set(channels)) != len(channels):
        raise ValueError(f"{', '.join(channels)} names a channel twice")
    return channels


Channels = Annotated[tuple[Channel, ...], Field(min_length=1), AfterValidator(_once)]


def _sliders(values: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    if list(values) != sorted(values) or values[0] < 0 or values[3] > 255:
        raise ValueError(
            f"{', '.join(map(str, values))}: allowed are four numbers of 0 to 255 in ascending order"
        )
    return values


_Whole = Annotated[int, Strict()]
Sliders = Annotated[tuple[_Whole, _Whole, _Whole, _Whole], AfterValidator(_sliders)]
"""The two halves of black's slider and of white's."""


class BlendRange(Model):
    """Of which values a layer shows: values of its own (`this`) and of what lies below it (`underlying`).

    Four numbers of 0 to 255 each: it shows not at all below the first and above the fourth, in full from the
    second to the third, and in between by degrees. (Two equal ones are a slider that is not split.)
    """

    this: Sliders = (0, 0, 255, 255)
    underlying: Sliders = (0, 0, 255, 255)


class BlendIf(Model):
    """A layer shows where its own values, and those of what lies below it, are in ranges: the luminosity's
    (`gray`) and each channel's. What a layer of several ranges shows is their product."""

    gray: BlendRange = BlendRange()
    red: BlendRange = BlendRange()
    green: BlendRange = BlendRange()
    blue: BlendRange = BlendRange()
