"""Spaces that gradients are interpolated in: sRGB as it is, linear light, and OKLab.

Each function takes mpmath numbers where it is given an mpmath context, NumPy arrays where it is given
`FLOAT`: one formula for the approximation and for what is computed again exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

__all__ = ["FLOAT", "Interpolation", "from_space", "linear_to_srgb", "srgb_to_linear", "to_space"]

Interpolation: TypeAlias = Literal["classic", "linear", "perceptual"]


class _Float:
    """What is used of an mpmath context, in float64."""

    mpf = staticmethod(float)


FLOAT = _Float()


def _where(mp: Any, condition: Any, yes: Any, no: Any) -> Any:
    return np.where(condition, yes, no) if mp is FLOAT else (yes if condition else no)


def _root(mp: Any, value: Any, power: Any) -> Any:
    return np.maximum(value, 0) ** power if mp is FLOAT else max(value, mp.mpf(0)) ** power


def srgb_to_linear(mp: Any, v: Any) -> Any:
    """The sRGB transfer function (IEC 61966-2-1)."""
    curved = _root(mp, (v + mp.mpf("0.055")) / mp.mpf("1.055"), mp.mpf("2.4"))
    return _where(mp, v <= mp.mpf("0.04045"), v / mp.mpf("12.92"), curved)


def linear_to_srgb(mp: Any, v: Any) -> Any:
    """Its inverse."""
    curved = mp.mpf("1.055") * _root(mp, v, 1 / mp.mpf("2.4")) - mp.mpf("0.055")
    return _where(mp, v <= mp.mpf("0.0031308"), v * mp.mpf("12.92"), curved)


# Linear sRGB to the responses of cones, and their cube roots to OKLab (B. Ottosson, "A perceptual color space
# for image processing", 2020).
_TO_CONES = (
    ("0.4122214708", "0.5363325363", "0.0514459929"),
    ("0.2119034982", "0.6806995451", "0.1073969566"),
    ("0.0883024619", "0.2817188376", "0.6299787005"),
)
_TO_LAB = (
    ("0.2104542553", "0.7936177850", "-0.0040720468"),
    ("1.9779984951", "-2.4285922050", "0.4505937099"),
    ("0.0259040371", "0.7827717662", "-0.8086757660"),
)
_FROM_LAB = (
    ("1", "0.3963377774", "0.2158037573"),
    ("1", "-0.1055613458", "-0.0638541728"),
    ("1", "-0.0894841775", "-1.2914855480"),
)
_FROM_CONES = (
    ("4.0767416621", "-3.3077115913", "0.2309699292"),
    ("-1.2684380046", "2.6097574011", "-0.3413193965"),
    ("-0.0041960863", "-0.7034186147", "1.7076147010"),
)


def to_space(mp: Any, interpolation: Interpolation, rgb: Sequence[Any]) -> list[Any]:
    """The three coordinates of a colour of sRGB, 0..1."""
    if interpolation == "classic":
        return list(rgb)
    linear = [srgb_to_linear(mp, value) for value in rgb]
    if interpolation == "linear":
        return linear
    cones = _times(mp, _TO_CONES, linear)
    return _times(mp, _TO_LAB, [_root(mp, value, mp.mpf(1) / 3) for value in cones])


def from_space(mp: Any, interpolation: Interpolation, coordinates: Sequence[Any]) -> list[Any]:
    """The colour of sRGB that three coordinates are; outside of it, it is not held within 0..1."""
    if interpolation == "classic":
        return list(coordinates)
    if interpolation == "perceptual":
        cones = _times(mp, _FROM_LAB, coordinates)
        coordinates = _times(mp, _FROM_CONES, [value * value * value for value in cones])
    return [linear_to_srgb(mp, value) for value in coordinates]


def _times(mp: Any, matrix: Sequence[Sequence[str]], values: Sequence[Any]) -> list[Any]:
    return [sum(mp.mpf(part) * value for part, value in zip(row, values, strict=True)) for row in matrix]
