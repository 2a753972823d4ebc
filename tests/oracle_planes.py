"""An independent oracle of the planes of layer effects, "Layer effects" of docs/PIXEL_RULES.md in float64.

As in `tests/oracle.py`, nothing here knows of the library; means and Gaussians are SciPy's. An effect is its
fields as a composition has them, all of them given. A plane is (height, width), 0..1, and holds all of
the layer: its alpha is 0 along the edges. Lengths are rounded to whole pixels, halves up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

from tests import oracle_tones
from tests.oracle import Floats

__all__ = ["NOTHING", "ORDER", "PLANES", "Fields", "Place", "PlaneOf", "grown", "shrunk"]

Fields: TypeAlias = dict[str, Any]
Place: TypeAlias = Literal["below", "inside", "around"]
"""Where a plane lies: below the layer, clipped to it, or below or above it but not in it, as strokes do."""

PlaneOf: TypeAlias = Callable[[Fields, Floats], Floats]
"""The plane of an effect, of the layer's alpha."""


def boxed(plane: Floats, size: int) -> Floats:
    """B: a mean over squares, and of that again; squares of an even side lie off to one side and then to the
    other."""
    if size < 2:
        return plane
    around = np.pad(plane, size)
    means = uniform_filter(around, size, mode="constant")
    means = uniform_filter(means, size, mode="constant", origin=0 if size % 2 else -1)
    return np.asarray(means[size:-size, size:-size])


def grown(plane: Floats, radius: float) -> Floats:
    """G: the most of radius + value - distance, within 0..1, of all values above 0: all are looked at."""
    reach = math.ceil(radius) + 1
    values = np.pad(plane, reach)
    values = np.where(values > 0, values, -np.inf)
    height, width = plane.shape
    most = np.zeros_like(plane)
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            left_over = radius - math.hypot(down - reach, right - reach)
            if left_over > -1:
                most = np.maximum(most, values[down : down + height, right : right + width] + left_over)
    return np.minimum(most, 1)


def shrunk(plane: Floats, radius: float) -> Floats:
    """What is left where the rest has grown."""
    return 1 - grown(1 - plane, radius)


def _whole(length: float) -> int:
    return math.floor(length + 0.5)


def _moved(plane: Floats, right: int, down: int) -> Floats:
    """By whole pixels; 0 comes in from around."""
    height, width = plane.shape
    around = np.pad(plane, [(abs(down), abs(down)), (abs(right), abs(right))])
    top, left = abs(down) - down, abs(right) - right
    return np.asarray(around[top : top + height, left : left + width])


NOTHING = 1e-9


def _away(effect: Fields) -> tuple[int, int]:
    """Right and down, away from the light."""
    angle, distance = math.radians(effect["angle"]), effect["distance"]
    return _whole(-math.cos(angle) * distance), _whole(math.sin(angle) * distance)


def _bent(plane: Floats, effect: Fields) -> Floats:
    """By the contour."""
    curve = oracle_tones.curves({"rgb": effect["contour"]})
    return np.asarray(curve(np.stack([plane] * 3, axis=-1))[..., 0])


def _bent_around(plane: Floats, effect: Fields) -> Floats:
    """By the contour, which makes nothing of nothing. (What means leave over of nothing is none of it.)"""
    return np.asarray(np.where(plane > NOTHING, _bent(plane, effect), 0))


def _spread(effect: Fields, alpha: Floats) -> Floats:
    """The shape, grown by a part of the size and blurred by the rest."""
    by = _whole(effect["spread"] * effect["size"])
    return boxed(grown(alpha, by), effect["size"] - by)


def _choked(effect: Fields, alpha: Floats) -> Floats:
    """The shape, shrunk by a part of the size and blurred by the rest."""
    by = _whole(effect["choke"] * effect["size"])
    return boxed(shrunk(alpha, by), effect["size"] - by)


def drop_shadow(effect: Fields, alpha: Floats) -> Floats:
    """The spread shape, moved away from the light."""
    return _bent_around(_moved(_spread(effect, alpha), *_away(effect)), effect)


def outer_glow(effect: Fields, alpha: Floats) -> Floats:
    """The spread shape, full from the range on."""
    return _bent_around(np.minimum(1, _spread(effect, alpha) / effect["range"]), effect)


def inner_shadow(effect: Fields, alpha: Floats) -> Floats:
    """What the choked shape leaves, moved away from the light."""
    return _bent(1 - _moved(_choked(effect, alpha), *_away(effect)), effect)


def inner_glow(effect: Fields, alpha: Floats) -> Floats:
    """What the choked shape leaves, full from the range on; from the centre what that leaves."""
    edge = np.minimum(1, (1 - _choked(effect, alpha)) / effect["range"])
    return _bent(edge if effect["source"] == "edge" else 1 - edge, effect)


def satin(effect: Fields, alpha: Floats) -> Floats:
    """Where the blurred shape, moved to either side, is not itself."""
    soft, (right, down) = boxed(alpha, effect["size"]), _away(effect)
    apart = np.abs(_moved(soft, right, down) - _moved(soft, -right, -down))
    return _bent(1 - apart if effect["inverted"] else apart, effect)


def color_overlay(effect: Fields, alpha: Floats) -> Floats:
    """All of it."""
    return np.ones_like(alpha)


def _width(effect: Fields) -> float:
    """How far a stroke goes to one side."""
    return float(effect["size"] / (2 if effect["position"] == "center" else 1))


def stroke_outside(effect: Fields, alpha: Floats) -> Floats:
    """The grown shape."""
    return grown(alpha, _width(effect))


def stroke_inside(effect: Fields, alpha: Floats) -> Floats:
    """What the shrunk shape leaves."""
    return 1 - shrunk(alpha, _width(effect))


def css_shadow(effect: Fields, alpha: Floats) -> Floats:
    """The shape grown or shrunk, moved, and blurred by a Gaussian of weights up to three standard deviations,
    rounded up to whole pixels."""
    by, sigma = effect["spread"], effect["blur"] / 2
    shape = grown(alpha, by) if by >= 0 else shrunk(alpha, -by)
    moved = _moved(shape, _whole(effect["x"]), _whole(effect["y"]))
    if sigma == 0:
        return moved
    return np.asarray(gaussian_filter(moved, sigma, mode="constant", radius=math.ceil(3 * sigma)))


PLANES: dict[str, tuple[tuple[Place, PlaneOf], ...]] = {
    "drop-shadow": (("below", drop_shadow),),
    "shadow": (("below", css_shadow),),
    "outer-glow": (("below", outer_glow),),
    "color-overlay": (("inside", color_overlay),),
    "satin": (("inside", satin),),
    "inner-glow": (("inside", inner_glow),),
    "inner-shadow": (("inside", inner_shadow),),
    "stroke outside": (("around", stroke_outside),),
    "stroke inside": (("inside", stroke_inside),),
    "stroke center": (("around", stroke_outside), ("inside", stroke_inside)),
}
"""By type, and of strokes by their position, the planes of an effect and where they lie."""

ORDER = list(dict.fromkeys(kind.split()[0] for kind in PLANES))
"""The types from bottom to top, as Photoshop has them."""
