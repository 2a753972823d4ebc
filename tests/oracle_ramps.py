"""An independent oracle of a gradient's colours, in float64: nothing here knows of the library."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["colors_at", "values_at"]

Floats = NDArray[np.float64]

# sRGB's primaries under D65 (IEC 61966-2-1), and the two matrices of OKLab's definition from CIE XYZ
# (B. Ottosson, 2020); what the library has is their products.
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_CONES = np.array(
    [
        [0.8189330101, 0.3618667424, -0.1288597137],
        [0.0329845436, 0.9293118715, 0.0361456387],
        [0.0482003018, 0.2643662691, 0.6338517070],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def values_at(t: Floats, stops: list[dict[str, Any]], values: Floats, smoothness: float) -> Floats:
    """The values of stops (n, channels) at places: cubic Hermite pieces whose slopes are half the difference
    of the neighbours, mixed with straight lines; before the first stop and behind the last they stay."""
    out: Floats = np.where((t < stops[0]["offset"])[..., None], values[0], values[-1])
    for k in range(len(stops) - 1):
        low, high = stops[k]["offset"], stops[k + 1]["offset"]
        inside = (t >= low) & (t < high)
        s = (t[inside] - low) / (high - low)
        middle = stops[k + 1].get("midpoint", 0.5)
        s = np.interp(s, [0, middle, 1], [0, 0.5, 1])[:, None]
        p, q = values[k], values[k + 1]
        slope_p = (q - values[max(k - 1, 0)]) / 2
        slope_q = (values[min(k + 2, len(stops) - 1)] - p) / 2
        smooth = (
            (1 + 2 * s) * (1 - s) ** 2 * p + s * (1 - s) ** 2 * slope_p
            + s * s * (3 - 2 * s) * q + s * s * (s - 1) * slope_q
        )  # fmt: skip
        out[inside] = smoothness * smooth + (1 - smoothness) * (p * (1 - s) + q * s)
    return out


def colors_at(t: Floats, gradient: dict[str, Any], colors: Floats) -> Floats:
    """RGB, 0..1, of a gradient's stops (n, 3) at places, interpolated in its space."""
    space = gradient.get("interpolation", "classic")
    known = colors
    if space != "classic":
        known = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    if space == "perceptual":
        known = np.cbrt(known @ _XYZ.T @ _CONES.T) @ _LAB.T
    made = values_at(t, gradient["stops"], known, gradient.get("smoothness", 1))
    if space == "perceptual":
        made = (made @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_CONES).T @ np.linalg.inv(_XYZ).T
    if space != "classic":
        curved = 1.055 * np.maximum(made, 0) ** (1 / 2.4) - 0.055
        made = np.where(made <= 0.0031308, made * 12.92, curved)
    clipped: Floats = np.clip(made, 0, 1)
    return clipped
