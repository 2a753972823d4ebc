"""Random gradients."""

from __future__ import annotations

import random
from typing import Any

__all__ = ["a_falloff", "a_gradient"]


def a_gradient(rng: random.Random, style: str) -> dict[str, Any]:
    """A gradient fill of a style, of any line, stops and curves."""
    offsets = sorted(rng.sample(range(0, 101, 20), rng.choice([2, 3, 5])))
    stops = [
        {"offset": o / 100, "color": f"#{rng.randrange(1 << 24):06x}", "midpoint": rng.uniform(0.3, 0.7)}
        for o in offsets
    ]
    fill: dict[str, Any] = {"type": "gradient", "style": style, "stops": stops, "reverse": rng.random() < 0.5}
    fill |= {"angle": rng.choice([0, 90, 180, rng.uniform(-360, 360)]), "scale": rng.uniform(0.3, 1.5)}
    fill |= {
        "offset": [rng.uniform(-0.4, 0.4), rng.uniform(-0.4, 0.4)],
        "smoothness": rng.choice([0, 0.4, 1]),
        "interpolation": _space(rng),
    }
    if rng.random() < 0.3:
        fill["opacity_stops"] = [
            {"offset": o, "opacity": rng.choice([0.3, 1, rng.random()])} for o in (0, 0.4, 1)
        ]
    return fill


def _space(rng: random.Random) -> str:
    return rng.choice(["classic", "linear", "perceptual"])


def a_falloff(rng: random.Random) -> dict[str, Any]:
    """A gradient of a glow, which enlarges little of what its plane is out: its stops are far apart, and none
    of its colours is nearly black, where light counts for most."""
    colors = [f"#{rng.randrange(48, 256):02x}{rng.randrange(48, 256):02x}80" for _ in range(3)]
    stops = [{"offset": at, "color": color} for at, color in zip((0, 0.5, 1), colors, strict=True)]
    fill: dict[str, Any] = {"type": "gradient", "stops": rng.choice([stops, stops[::2]])}
    fill |= {
        "reverse": rng.random() < 0.5,
        "smoothness": rng.choice([0, 0.4, 1]),
        "interpolation": _space(rng),
    }
    if rng.random() < 0.6:
        fill["opacity_stops"] = [
            {"offset": at, "opacity": value} for at, value in ((0, 1), (1, rng.choice([0, rng.random()])))
        ]
    return fill
