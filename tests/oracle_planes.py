"""An independent oracle of the planes of layer effects, "Layer effects" of docs/PIXEL_RULES.md in float64.

As in `tests/oracle.py`, nothing here knows of the library; Gaussians are SciPy's. Effects and planes are
as in `tests/oracle_shapes.py`. Lengths are rounded to whole pixels, halves up.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from tests.oracle import Floats
from tests.oracle_bevels import BEVELS
from tests.oracle_shapes import (
    NOTHING,
    Fields,
    Metric,
    Showing,
    bent,
    bent_around,
    boxed,
    chamfered,
    grained,
    grown,
    moved,
    shrunk,
    thresholds,
    whole,
)

__all__ = ["PLANES", "kind", "undecided"]


def _away(effect: Fields) -> tuple[int, int]:
    """Right and down, away from the light."""
    angle, distance = math.radians(effect["angle"]), effect["distance"]
    return whole(-math.cos(angle) * distance), whole(math.sin(angle) * distance)


def _spread(effect: Fields, alpha: Floats) -> Floats:
    """The shape, grown by a part of the size and blurred by the rest."""
    by = whole(effect["spread"] * effect["size"])
    return boxed(grown(alpha, by), effect["size"] - by)


def _choked(effect: Fields, alpha: Floats) -> Floats:
    """The shape, shrunk by a part of the size and blurred by the rest."""
    by = whole(effect["choke"] * effect["size"])
    return boxed(shrunk(alpha, by), effect["size"] - by)


def _falling(effect: Fields, shape: Floats, by: str) -> Floats:
    """The shape grown by the size: full as far as a part of that, and then evenly less."""
    full = whole(effect[by] * effect["size"])
    return grown(shape, effect["size"], max(effect["size"] - full, 1))


def drop_shadow(effect: Fields, alpha: Floats) -> Floats:
    """The spread shape, moved away from the light."""
    return grained(bent_around(moved(_spread(effect, alpha), *_away(effect)), effect), effect)


def outer_glow(effect: Fields, alpha: Floats) -> Floats:
    """The spread shape, or, precise, what falls evenly around it; full from the range on."""
    soft = _spread(effect, alpha) if effect["technique"] == "softer" else _falling(effect, alpha, "spread")
    return grained(bent_around(np.minimum(1, soft / effect["range"]), effect), effect)


def inner_shadow(effect: Fields, alpha: Floats) -> Floats:
    """What the choked shape leaves, moved away from the light."""
    return grained(bent(1 - moved(_choked(effect, alpha), *_away(effect)), effect), effect)


def inner_glow(effect: Fields, alpha: Floats) -> Floats:
    """What the choked shape leaves, or, precise, what falls evenly into it; full from the range on; from the
    centre what that leaves."""
    softer = effect["technique"] == "softer"
    soft = 1 - _choked(effect, alpha) if softer else _falling(effect, 1 - alpha, "choke")
    edge = np.minimum(1, soft / effect["range"])
    return grained(bent(edge if effect["source"] == "edge" else 1 - edge, effect), effect)


def satin(effect: Fields, alpha: Floats) -> Floats:
    """Where the blurred shape, moved to either side, is not itself."""
    soft, (right, down) = boxed(alpha, effect["size"]), _away(effect)
    apart = np.abs(moved(soft, right, down) - moved(soft, -right, -down))
    return bent(1 - apart if effect["inverted"] else apart, effect)


def overlay(effect: Fields, alpha: Floats) -> Floats:
    """All of it."""
    return np.ones_like(alpha)


def _width(effect: Fields) -> float:
    """How far a stroke goes to one side."""
    return float(effect["size"] / (2 if effect["position"] == "center" else 1))


METRICS: dict[str, Metric] = {"euclidean": math.hypot, "chamfer": chamfered}


def stroke_outside(effect: Fields, alpha: Floats) -> Floats:
    """The grown shape."""
    return grown(alpha, _width(effect), metric=METRICS[effect["metric"]])


def stroke_inside(effect: Fields, alpha: Floats) -> Floats:
    """What the shrunk shape leaves."""
    return 1 - shrunk(alpha, _width(effect), METRICS[effect["metric"]])


def css_shadow(effect: Fields, alpha: Floats) -> Floats:
    """The shape grown or shrunk, moved, and blurred by a Gaussian of weights up to three standard deviations,
    rounded up to whole pixels."""
    by, sigma = effect["spread"], effect["blur"] / 2
    shape = grown(alpha, by) if by >= 0 else shrunk(alpha, -by)
    there = moved(shape, whole(effect["x"]), whole(effect["y"]))
    if sigma == 0:
        return there
    return np.asarray(gaussian_filter(there, sigma, mode="constant", radius=math.ceil(3 * sigma)))


PLANES: dict[str, tuple[Showing, ...]] = {
    "drop-shadow": (Showing("below", drop_shadow),),
    "shadow": (Showing("below", css_shadow),),
    "outer-glow": (Showing("below", outer_glow),),
    "pattern-overlay": (Showing("interior", overlay),),
    "gradient-overlay": (Showing("interior", overlay),),
    "color-overlay": (Showing("interior", overlay),),
    "satin": (Showing("interior", satin),),
    "inner-glow": (Showing("interior", inner_glow),),
    "inner-shadow": (Showing("inside", inner_shadow),),
    "stroke outside": (Showing("around", stroke_outside),),
    "stroke inside": (Showing("inside", stroke_inside),),
    "stroke center": (Showing("around", stroke_outside), Showing("inside", stroke_inside)),
    **BEVELS,
}
"""By type, and of strokes and bevels by their position or style, the planes of an effect and where they lie.

The types come from bottom to top, as Photoshop has them."""


def kind(effect: Fields) -> str:
    """What an effect is called in `PLANES`."""
    return " ".join([effect["type"], *(effect[name] for name in ("position", "style") if name in effect)])


DOUBT = 0.002
"""By how much planes of whole numbers are out at most where ranges and contours have enlarged roundings."""


def undecided(effect: Fields, alpha: Floats) -> NDArray[np.bool_]:
    """Where roundings decide what shows of an effect: which of two a grain is, and whether there is anything
    of a gradient's falloff."""
    told = np.zeros(alpha.shape, np.bool_)
    if effect.get("noise"):
        plane = PLANES[effect["type"]][0].plane({**effect, "noise": 0.0}, alpha)
        told |= np.abs(plane - thresholds(*plane.shape)) < DOUBT
    if effect["type"].endswith("glow") and isinstance(effect["color"], dict):
        plane = PLANES[effect["type"]][0].plane({**effect, "noise": 0.0}, alpha)
        told |= (plane > NOTHING) & (plane < DOUBT)
    return told
