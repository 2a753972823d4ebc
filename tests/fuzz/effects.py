"""Random layer effects."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from engines.image_core import BlendMode
from tests.fuzz.paints import color, gradient_fill, pattern

__all__ = ["EFFECTS", "effect", "outlined", "shaped"]

_MODES = [mode.value for mode in BlendMode]
_SHADOW = ["opacity", "blend_mode", "angle", "distance", "size", "contour"]
_GLOW = ["opacity", "blend_mode", "technique", "size", "range", "contour", "noise", "falloff"]
EFFECTS: dict[str, list[str]] = {
    "drop-shadow": [*_SHADOW, "spread", "knockout", "noise"],
    "inner-shadow": [*_SHADOW, "choke", "noise"],
    "outer-glow": [*_GLOW, "spread"],
    "inner-glow": [*_GLOW, "choke", "source"],
    "satin": [*_SHADOW, "inverted"],
    "color-overlay": ["opacity", "blend_mode"],
    "gradient-overlay": ["opacity", "blend_mode", "align"],
    "pattern-overlay": ["opacity", "blend_mode", "align"],
    "bevel": [
        "style", "direction", "depth", "size", "soften", "angle", "altitude", "contour", "gloss_contour",
        "highlight", "shadow",
    ],
    "stroke": ["opacity", "blend_mode", "width", "position", "fill"],
    "shadow": ["x", "y", "blur", "grow"],
    "backdrop-blur": ["factor"],
}  # fmt: skip
_VALUES: dict[str, Callable[[random.Random], Any]] = {
    "opacity": lambda rng: rng.choice([1, 0.5, rng.random()]),
    "blend_mode": lambda rng: rng.choice(_MODES),
    "angle": lambda rng: rng.uniform(-180, 180),
    "distance": lambda rng: rng.choice([0.0, 3.0, 40.0]),
    "size": lambda rng: rng.choice([0, 1, 2, 7, 30]),
    "contour": lambda rng: [[0, rng.randrange(256)], [255, rng.randrange(256)]],
    "spread": lambda rng: rng.choice([0, 1, rng.random()]),
    "choke": lambda rng: rng.choice([0, 1, rng.random()]),
    "knockout": lambda rng: rng.random() < 0.5,
    "noise": lambda rng: rng.choice([0, 1, rng.random()]),
    "technique": lambda rng: rng.choice(["softer", "precise"]),
    "falloff": lambda rng: _falloff(rng),
    "fill": lambda rng: rng.choice([gradient_fill, pattern])(rng),
    "align": lambda rng: rng.choice(["layer", "canvas"]),
    "style": lambda rng: rng.choice(["inner", "outer", "emboss", "pillow"]),
    "direction": lambda rng: rng.choice(["up", "down"]),
    "depth": lambda rng: rng.choice([0.01, 1, 10, rng.uniform(0.1, 3)]),
    "soften": lambda rng: rng.choice([0, 1, 16, rng.randint(0, 16)]),
    "altitude": lambda rng: rng.choice([0, 30, 90, rng.uniform(0, 90)]),
    "gloss_contour": lambda rng: [[0, rng.randrange(256)], [255, rng.randrange(256)]],
    "highlight": lambda rng: {"color": color(rng), "blend_mode": rng.choice(_MODES)},
    "shadow": lambda rng: {"opacity": rng.random(), "blend_mode": rng.choice(_MODES)},
    "inverted": lambda rng: rng.random() < 0.5,
    "range": lambda rng: rng.uniform(0.01, 1),
    "source": lambda rng: rng.choice(["edge", "center"]),
    "position": lambda rng: rng.choice(["outside", "inside", "center"]),
    "width": lambda rng: rng.choice([0, 0.3, 2.0, rng.uniform(0, 20)]),
    "x": lambda rng: rng.uniform(-20, 20),
    "y": lambda rng: rng.uniform(-20, 20),
    "blur": lambda rng: rng.choice([0, 0.5, 9.0, 60.0]),
    "grow": lambda rng: rng.uniform(-9, 9),
    "factor": lambda rng: rng.choice([0, 1.8, rng.uniform(0, 4)]),
}


_WRITTEN = {"width": "size", "grow": "spread", "fill": "color", "falloff": "color", "factor": "saturation"}
"""Fields that have another name where they are drawn from something else."""


_PLACED = ("style", "angle", "scale", "offset", "dither", "snap")
"""What the gradient of a glow has no use for."""


def effect(rng: random.Random, anchored: bool) -> dict[str, Any]:
    """A layer effect. anchored: it must not refer to the canvas."""
    kind = rng.choice(list(EFFECTS))
    names = rng.sample(EFFECTS[kind], rng.randint(0, len(EFFECTS[kind])))
    fields = {_WRITTEN.get(name, name): _VALUES[name](rng) for name in names}
    if anchored and "align" in fields:
        fields["align"] = "layer"
    return {"type": kind, **_painted(kind, rng), **fields}


def _painted(kind: str, rng: random.Random) -> dict[str, Any]:
    """What every effect of a kind has to have, or has in any case."""
    if kind == "gradient-overlay":
        return {"gradient": gradient_fill(rng)}
    if kind == "pattern-overlay":
        return {"pattern": pattern(rng)}
    if kind == "backdrop-blur":
        return {"radius": rng.choice([0, 0.7, 3, 9.5, 20, 70])}
    return {} if kind == "bevel" else {"color": f"#{rng.randrange(1 << 24):06x}"}


def _falloff(rng: random.Random) -> dict[str, Any]:
    return {name: value for name, value in gradient_fill(rng).items() if name not in _PLACED}


def shaped(layer: dict[str, Any], anchored: bool) -> dict[str, Any]:
    """What some layers with effects say of these: what they are blended with, and what they are of. Without a
    layer's transparency they reach as far as the canvas, which what is anchored must not refer to."""
    rng, effects = random.Random(f"shape of {layer}"), layer.get("effects", [])
    found: dict[str, Any] = {}
    if effects and rng.random() < 0.3:
        found["blend_interior_effects"] = True
    along = any(each.get("source") == "outline" for each in effects)
    if effects and not along and not anchored and rng.random() < 0.3:
        found["transparency_shapes_layer"] = False
    return found


def outlined(layer: dict[str, Any]) -> dict[str, Any]:
    """Some texts' and shapes' strokes along their outlines; by numbers of their own, so that all else of a
    case is as it was without."""
    rng = random.Random(f"outline of {layer}")
    blurred = any(step["type"] == "blur" and step["radius"] for step in layer["filters"])
    drawn = (layer["type"] == "text" and layer.get("overflow") != "clip") or "shapes" in layer
    if not drawn or blurred or "mask" in layer or "masks" in layer or rng.random() > 0.2:
        return {}
    stroke: dict[str, Any] = {"type": "stroke", "source": "outline", "color": color(rng)}
    for name in ("width", "position", "blend_mode"):
        stroke[_WRITTEN.get(name, name)] = _VALUES[name](rng)
    stroke["join"] = rng.choice(["miter", "round", "bevel"])
    stroke["miter_limit"] = rng.choice([1, 4, 10, rng.uniform(1, 10)])
    return {"effects": [*layer.get("effects", []), stroke]}
