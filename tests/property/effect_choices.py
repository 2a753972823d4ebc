"""Random settings of layer effects, and of layers that have them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeAlias

from engines.image_core.tests.composing import picture, random_pixels
from tests import oracle
from tests.oracle_planes import PLANES
from tests.oracle_shapes import Fields
from tests.property.gradient_choices import a_falloff, a_gradient

__all__ = ["CHOICES", "KINDS", "STEADY", "STRAIGHT", "a_contour", "a_layer", "an_effect", "settings"]

SETTINGS = 12
STEADY = sorted(oracle.MODES.keys() - oracle.UNSTEADY)
STRAIGHT = [[0, 0], [255, 255]]

KINDS = [*PLANES, "backdrop-blur"]
"""All kinds of effects: types, and of strokes and bevels those with their position or style."""

Choices: TypeAlias = dict[str, Callable[[random.Random], Any]]


def a_contour(rng: random.Random, first: int = 0) -> list[list[int]]:
    """Through two points between its ends, from a value on; some of those from 0 are straight lines."""
    if first == 0 and rng.random() < 0.3:
        return STRAIGHT
    return [[0, first], *([x, rng.randrange(256)] for x in (90, 170)), [255, rng.randrange(256)]]


def _color(rng: random.Random) -> str:
    return f"#{rng.randrange(1 << 24):06x}" + rng.choice(["", "", "80", "c3"])


def _part(rng: random.Random) -> float:
    return rng.choice([0.0, 0.5, 1.0, rng.random()])


def _either(rng: random.Random) -> bool:
    return rng.random() < 0.5


def _noise(rng: random.Random) -> float:
    return rng.choice([0.0, 0.0, 1.0, rng.random()])


def _fill(rng: random.Random) -> Fields:
    """A gradient over a box. (That of an angle has an edge along which roundings decide.)"""
    style = rng.choice(["linear", "radial", "reflected", "diamond"])
    return {**a_gradient(rng, style), "snap": _either(rng), "dither": _either(rng)}


def _pattern(rng: random.Random) -> Fields:
    """One of random pixels, also enlarged."""
    tile = picture(random_pixels(rng.randrange(9), rng.randint(3, 9), rng.randint(3, 9)))
    fill: Fields = {"type": "pattern", "source": tile["source"]}
    if _either(rng):
        return fill | {"offset": [rng.randint(-9, 9), rng.randint(-9, 9)]}
    place = {"scale": rng.choice([2, 3.5, rng.uniform(1, 5)]), "offset": [rng.uniform(-9, 9), 2.5]}
    return fill | place | {"sampling": "linear"}


def _gloss(rng: random.Random) -> list[list[int]]:
    """A contour that rises by about two in one at most."""
    if _either(rng):
        return STRAIGHT
    return [[0, 0], [90, rng.randint(50, 130)], [170, rng.randint(130, 200)], [255, rng.randint(180, 255)]]


def _angle(rng: random.Random) -> float:
    return rng.choice([90.0, rng.uniform(-360, 360)])


def _shade(rng: random.Random) -> Fields:
    return {field: choose(rng) for field, choose in _SHOWN.items()}


_BLENDED: Choices = {
    "opacity": lambda rng: rng.choice([1.0, rng.random()]),
    "blend_mode": lambda rng: rng.choice(["normal", *STEADY]),
}
_SHOWN: Choices = {"color": _color, **_BLENDED}
_SOFT: Choices = {**_SHOWN, "size": lambda rng: rng.randrange(12), "contour": a_contour}
_MOVED: Choices = {**_SOFT, "angle": _angle, "distance": lambda rng: rng.choice([4.5, rng.uniform(0, 12)])}
_GLOW: Choices = {
    **_SOFT,
    "color": lambda rng: rng.choice([_color, a_falloff])(rng),
    "technique": lambda rng: rng.choice(["softer", "precise"]),
    "range": lambda rng: rng.uniform(0.2, 1),
    "noise": _noise,
}
_ALIGNED: Choices = {**_BLENDED, "align": lambda rng: rng.choice(["layer", "canvas"])}
CHOICES: dict[str, Choices] = {
    "drop-shadow": {**_MOVED, "spread": _part, "noise": _noise, "knockout": _either},
    "shadow": {
        "color": _color,
        "x": lambda rng: rng.uniform(-9, 9),
        "y": lambda rng: rng.choice([2.5, -2.5, rng.uniform(-9, 9)]),
        "blur": lambda rng: rng.choice([0.0, 1.3, 34.0, rng.uniform(0, 12)]),
        "spread": lambda rng: rng.choice([0.0, rng.uniform(-5, 6)]),
    },
    "backdrop-blur": {
        "radius": lambda rng: rng.choice([0.0, 0.6, 17.0, rng.uniform(0, 12)]),
        "saturation": lambda rng: rng.choice([1.0, rng.uniform(0, 2)]),
    },
    "outer-glow": {**_GLOW, "spread": _part},
    "pattern-overlay": {**_ALIGNED, "pattern": _pattern},
    "gradient-overlay": {**_ALIGNED, "gradient": _fill},
    "color-overlay": _SHOWN,
    "satin": {**_MOVED, "inverted": _either},
    "inner-glow": {**_GLOW, "choke": _part, "source": lambda rng: rng.choice(["edge", "center"])},
    "inner-shadow": {**_MOVED, "choke": _part, "noise": _noise},
    "stroke": {
        **_SHOWN,
        "color": lambda rng: rng.choice([_color, _color, _fill, _pattern])(rng),
        "size": lambda rng: rng.choice([float(rng.randrange(2, 9)), rng.uniform(2, 9)]),
        "metric": lambda rng: rng.choice(["euclidean", "chamfer"]),
    },
    "bevel": {
        "direction": lambda rng: rng.choice(["up", "down"]),
        "depth": lambda rng: rng.choice([1.0, rng.uniform(0.1, 2)]),
        "size": lambda rng: rng.randrange(12),
        "soften": lambda rng: rng.choice([0, rng.randrange(9)]),
        "angle": _angle,
        "altitude": lambda rng: rng.choice([30.0, rng.uniform(20, 50)]),
        "contour": a_contour,
        "gloss_contour": _gloss,
        "highlight": _shade,
        "shadow": _shade,
    },
}
"""By type, what its fields are drawn from."""


def an_effect(kind: str, rng: random.Random) -> Fields:
    """Random settings of one of `KINDS`. What a glow's gradient makes of its plane is enlarged no further."""
    name, _, where = kind.partition(" ")
    drawn = {field: choose(rng) for field, choose in CHOICES[name].items()}
    if isinstance(drawn.get("color"), dict) and "range" in drawn:
        drawn |= {"contour": STRAIGHT, "range": max(drawn["range"], 0.5)}
    return {"type": name, **drawn, **({"style" if name == "bevel" else "position": where} if where else {})}


def a_layer(rng: random.Random) -> dict[str, Any]:
    """Random settings of the layer that has effects; some hide what is below them."""
    fields: dict[str, Any] = {"opacity": rng.choice([1.0, rng.random()])}
    fields |= {"interior": rng.random() < 0.3, "shaped": rng.random() < 0.8}
    if rng.random() < 0.3:
        fields["gamma"] = rng.choice([1.0, 1.45, 2.2])
    if rng.random() < 0.3:
        return fields
    mode = "normal" if "gamma" in fields else rng.choice(STEADY)
    return fields | {"fill": rng.choice([1.0, 0.0, rng.random()]), "mode": mode}


def settings(kind: str) -> list[tuple[Fields, dict[str, Any]]]:
    """Effects of a kind, and layers that have them."""
    rngs = [random.Random(f"{kind}, {seed}") for seed in range(SETTINGS)]
    return [(an_effect(kind, rng), a_layer(rng)) for rng in rngs]
