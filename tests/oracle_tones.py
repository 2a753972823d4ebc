"""An independent oracle of adjustments of tones: those that treat each channel by itself.

As in `tests/oracle_adjust.py`, nothing here knows of the library.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "brightness_contrast", "curves", "exposure", "levels", "posterize"]

Floats = NDArray[np.float64]


def posterize(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """A few levels, in 8-bit steps."""
    count = fields.get("levels", 4)
    return lambda color: np.floor(np.floor(np.rint(color * 255) * count / 256) * 255 / (count - 1)) / 255


def _rounded(values: Floats) -> Floats:
    return np.floor(values + 0.5)


def _levels_of(part: dict[str, Any], v: Floats) -> Floats:
    """Of whole 8-bit values, in three steps that round."""
    black, white = part.get("input_black", 0), part.get("input_white", 255)
    low, high = part.get("output_black", 0), part.get("output_white", 255)
    gamma = part.get("gamma", 1)
    t = _rounded(np.clip((v - black) / (white - black), 0, 1) * 255) / 255
    power = t ** (1 / gamma)
    if gamma > 1:
        # The cubic with the given values and slopes at both ends, by solving for its coefficients.
        end = (gamma * 1.45) ** (gamma / (1 - gamma))
        rows = np.array([[0, 0, 0, 1], [0, 0, 1, 0], [end**3, end**2, end, 1], [3 * end**2, 2 * end, 1, 0]])
        known = [0, 1.3 * end ** (1 / gamma) / end, end ** (1 / gamma), 1.45]
        power = np.where(t < end, np.polyval(np.linalg.solve(rows, known), t), power)
    return np.asarray(_rounded(low + (high - low) * _rounded(power * 255) / 255))


def levels(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Each channel, and then all, at whole 8-bit values; straight lines between."""
    inputs = np.arange(256.0)
    first = [_levels_of(fields.get(name, {}), inputs) for name in ("red", "green", "blue")]
    tables = [_levels_of(fields.get("rgb", {}), values) / 255 for values in first]
    return lambda color: np.stack([np.interp(color[..., n] * 255, inputs, tables[n]) for n in range(3)], -1)


def _spline(points: list[list[float]], at: Floats) -> Floats:
    """The natural cubic spline, each piece's four coefficients from one system of equations."""
    pieces = len(points) - 1
    matrix, known = [], []

    def row(piece: int, values: list[float], result: float) -> None:
        line = np.zeros(4 * pieces)
        line[4 * piece : 4 * piece + 4] += values
        matrix.append(line)
        known.append(result)

    for n, ((x0, y0), (x1, y1)) in enumerate(itertools.pairwise(points)):
        d = x1 - x0
        row(n, [0, 0, 0, 1], y0)
        row(n, [d**3, d**2, d, 1], y1)
        if n + 1 < pieces:
            for here, after in (([3 * d**2, 2 * d, 1, 0], [0, 0, 1, 0]), ([6 * d, 2, 0, 0], [0, 2, 0, 0])):
                row(n, list(map(float, here)), 0)
                matrix[-1][4 * n + 4 : 4 * n + 8] -= after
        else:
            row(n, [6 * d, 2, 0, 0], 0)
    row(0, [0, 2, 0, 0], 0)
    solved = np.linalg.solve(np.array(matrix), np.array(known)).reshape(pieces, 4)
    x = np.clip(at, points[0][0], points[-1][0])
    piece = np.clip(np.searchsorted([p[0] for p in points], x, side="right") - 1, 0, pieces - 1)
    d = x - np.array([p[0] for p in points])[piece]
    a, b, c, e = np.moveaxis(solved[piece], -1, 0)
    return np.asarray(((a * d + b) * d + c) * d + e)


def curves(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Splines at 0 ... 255, rounded, each channel's and then all's; straight lines between."""
    inputs = np.arange(256.0)
    line = [[0, 0], [255, 255]]

    def rounded(name: str) -> NDArray[np.int64]:
        return np.clip(np.floor(_spline(fields.get(name, line), inputs) + 0.5), 0, 255).astype(int)

    whole = rounded("rgb")
    tables = [whole[rounded(name)] / 255 for name in ("red", "green", "blue")]
    return lambda color: np.stack([np.interp(color[..., n] * 255, inputs, tables[n]) for n in range(3)], -1)


def exposure(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Linear light is a plain power of 2.2."""
    stops, offset, gamma = fields.get("exposure", 0), fields.get("offset", 0), fields.get("gamma", 1)
    return lambda color: np.clip(color**2.2 * 2.0**stops + offset, 0, 1) ** (1 / gamma / 2.2)


def brightness_contrast(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """As fitted, or legacy."""
    b, c = fields.get("brightness", 0), fields.get("contrast", 0) / 100
    if fields.get("legacy"):
        if c == 1:
            return lambda color: np.where(color + b / 255 >= 0.5, 1.0, 0.0)
        if c <= 0:
            return lambda color: np.clip((color - 128 / 255) * (1 + c) + 128 / 255 + b / 255, 0, 1)
        return lambda color: np.clip((color + b / 255 - 127 / 255) / (1 - c) + 127 / 255, 0, 1)
    gain = 2 ** (abs(b) / 108)
    power = 9 / 4 + 5 / gain

    def up(x: Floats) -> Floats:
        return np.asarray(gain * x / (1 + (gain**power - 1) * x**power) ** (1 / power))

    fine = 1 - (np.linspace(1, 0, 1_000_001)) ** 2
    points = [[0, 0], [68, 68 - 25 * c], [183, 183 + 25 * c], [255, 255]]

    def apply(color: Floats) -> Floats:
        brightened = up(color) if b >= 0 else np.interp(color, up(fine), fine)
        return np.clip(_spline(points, brightened * 255) / 255, 0, 1)

    return apply
