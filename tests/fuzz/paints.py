"""Random paints: colours, gradients, patterns, and the pictures of these."""

from __future__ import annotations

import base64
import random
from functools import lru_cache
from typing import Any

from engines.image_core.export import encode_png
from tests.parity.support import noise

__all__ = ["SIDES", "color", "fill", "gradient_fill", "paint", "pattern", "picture"]

SIDES = (1, 2, 3, 7, 16, 31, 61, 83)


@lru_cache(maxsize=256)
def picture(seed: int, width: int, height: int, opaque: bool) -> str:
    """Noise as a PNG in base64."""
    return base64.b64encode(encode_png(noise(seed, height, width, opaque=opaque).pixels)).decode()


def color(rng: random.Random) -> str:
    """Any colour, opaque or not."""
    return rng.choice(["#c02040", "#20c04080", "#000000", "#ffffff", "#ffffff01", "#808080fe", "#00ff0000"])


def _gradient(rng: random.Random) -> dict[str, Any]:
    offsets = sorted([0, rng.choice([0, 0.3, rng.random()]), 1])
    stops = [{"offset": offset, "color": color(rng)} for offset in offsets]
    if rng.random() < 0.5:
        return {"type": "linear", "start": [rng.random(), 0], "end": [rng.uniform(1, 3), 0.5], "stops": stops}
    center = [rng.uniform(-1, 2), rng.random()]
    return {"type": "radial", "center": center, "radius": rng.choice([0.001, 0.5, 9]), "stops": stops}


def fill(rng: random.Random) -> dict[str, Any]:
    """What fills raster layers beside colours."""
    kind = rng.choice(["gradient", "gradient fill", "gradient fill", "pattern"])
    if kind == "gradient":
        return _gradient(rng)
    if kind == "gradient fill":
        return gradient_fill(rng)
    return pattern(rng)


def pattern(rng: random.Random) -> dict[str, Any]:
    """A pattern of noise."""
    source = {"data": picture(rng.randint(0, 7), rng.choice(SIDES), rng.choice(SIDES), rng.random() < 0.5)}
    offset = rng.choice([[0, 0], [rng.randint(-9, 99), rng.randint(-9, 99)], [rng.uniform(-9, 99), 0.5]])
    scale = rng.choice([1, 1, 2, 0.5, 0.07, rng.uniform(0.1, 4)])
    sampling = rng.choice(["cubic", "linear"])
    return {"type": "pattern", "source": source, "scale": scale, "offset": offset, "sampling": sampling}


def gradient_fill(rng: random.Random) -> dict[str, Any]:
    """A gradient fill of any settings."""
    offsets = sorted(rng.choice([0, 1, rng.random()]) for _ in range(rng.choice([2, 2, 3, 5])))
    faded = rng.random() < 0.4
    middles = [{"midpoint": rng.choice([0.01, 0.3, 0.99])} if rng.random() < 0.3 else {} for _ in offsets]
    colors = [color(rng)[:7] if faded else color(rng) for _ in offsets]
    places = list(zip(offsets, colors, middles, strict=True))
    fill: dict[str, Any] = {
        "type": "gradient",
        "stops": [{"offset": o, "color": c, **m} for o, c, m in places],
    }
    if faded:
        fill["opacity_stops"] = [{"offset": o, "opacity": rng.choice([0, 1, rng.random()]), **m}
                                 for o, _, m in places]  # fmt: skip
    fill |= {"style": rng.choice(["linear", "radial", "angle", "reflected", "diamond"])}
    fill |= {"angle": rng.choice([0, 90, -45, rng.uniform(-720, 720), 1e300])}
    fill |= {"scale": rng.choice([1, 1, 0.01, 100, rng.uniform(0.1, 2)])}
    fill |= {"offset": rng.choice([[0, 0], [rng.uniform(-1, 1), rng.uniform(-1, 1)], [1e6, -1e6]])}
    fill |= {"smoothness": rng.choice([1, 1, 0, rng.random()])}
    return fill | {name: rng.random() < 0.3 for name in ("reverse", "dither", "snap")}


def paint(rng: random.Random) -> Any:
    """What fills shapes and text."""
    if rng.random() < 0.3:
        return rng.choice([_gradient, gradient_fill, pattern])(rng)
    return color(rng)
