"""The row filters of PNG (third edition, section 9): what is stored is a byte's difference from a prediction.

Each row starts with the number of its filter. A prediction is made of the byte to the left (a, one pixel
back), the byte above (b) and the one above left (c); what lies outside the picture is 0. Differences are
modulo 256.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engines.image_core.export.pixels import Pixels

__all__ = ["AVERAGE", "PAETH", "SUB", "UP", "filter_by_row", "filter_up", "unfiltered"]

NONE, SUB, UP, AVERAGE, PAETH = range(5)

_BAND = 1 << 16  # bytes filtered at a time: all candidates of a band stay in a core's cache


def unfiltered(rows: Pixels) -> Pixels:
    """Rows of bytes as they are: shape (height, bytes) becomes (height, 1 + bytes)."""
    filtered = np.empty((rows.shape[0], 1 + rows.shape[1]), np.uint8)
    filtered[:, 0] = NONE
    filtered[:, 1:] = rows
    return filtered


def filter_up(samples: Pixels) -> Pixels:
    """Every row as its difference to the row above.

    Args:
        samples: uint8, shape (height, width, channels).

    Returns:
        uint8, shape (height, 1 + width * channels).
    """
    rows = _rows(samples)
    filtered = np.empty((rows.shape[0], 1 + rows.shape[1]), np.uint8)
    filtered[:, 0] = UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    return filtered


def filter_by_row(samples: Pixels, filters: Sequence[int]) -> Pixels:
    """Every row by that one of the filters whose differences are nearest to 0 in sum, the first where equal.

    The heuristic is the one that the PNG specification recommends for truecolour and grey.

    Args:
        samples: uint8, shape (height, width, channels).
        filters: of SUB, UP, AVERAGE and PAETH.

    Returns:
        uint8, shape (height, 1 + width * channels).
    """
    rows, pixel = _rows(samples), samples.shape[2]
    filtered = np.empty((rows.shape[0], 1 + rows.shape[1]), np.uint8)
    band = max(1, _BAND // rows.shape[1])
    for top in range(0, rows.shape[0], band):
        x, a, b, c = _neighbours(rows, top, band, pixel)
        candidates = [x - _PREDICTIONS[number](a, b, c) for number in filters]
        best = np.argmin([_magnitude(candidate) for candidate in candidates], axis=0)
        out = filtered[top : top + band]
        for index, (number, candidate) in enumerate(zip(filters, candidates, strict=True)):
            chosen = best == index
            out[chosen, 0] = number
            out[chosen, 1:] = candidate[chosen]
    return filtered


def _rows(samples: Pixels) -> Pixels:
    height, width, count = samples.shape
    return samples.reshape(height, width * count)


def _neighbours(rows: Pixels, top: int, count: int, pixel: int) -> tuple[Pixels, Pixels, Pixels, Pixels]:
    """A band of rows, and for each of its bytes those to the left, above and above left."""
    x = rows[top : top + count]
    b = np.zeros_like(x)
    b[1:] = x[:-1]
    if top:
        b[0] = rows[top - 1]
    a, c = np.zeros_like(x), np.zeros_like(x)
    a[:, pixel:] = x[:, :-pixel]
    c[:, pixel:] = b[:, :-pixel]
    return x, a, b, c


def _average(a: Pixels, b: Pixels, _: Pixels) -> Pixels:
    """floor((a + b) / 2), without the ninth bit: the common bits and half of the others."""
    return (a & b) + ((a ^ b) >> 1)


def _paeth(a: Pixels, b: Pixels, c: Pixels) -> Pixels:
    """Whichever of a, b and c is nearest to a + b - c, in this order where equal."""
    wide = c.astype(np.int16)
    to_a, to_b = b - wide, a - wide
    to_c = np.abs(to_a + to_b)
    to_a, to_b = np.abs(to_a), np.abs(to_b)
    return np.where((to_a <= to_b) & (to_a <= to_c), a, np.where(to_b <= to_c, b, c))


def _magnitude(differences: Pixels) -> NDArray[np.uint64]:
    """The sum of each row's differences, taken as -128..127, without their signs."""
    magnitudes: NDArray[np.uint64] = np.minimum(differences, -differences).sum(axis=1, dtype=np.uint64)
    return magnitudes


_PREDICTIONS: dict[int, Callable[[Pixels, Pixels, Pixels], Pixels]] = {
    SUB: lambda a, b, c: a,
    UP: lambda a, b, c: b,
    AVERAGE: _average,
    PAETH: _paeth,
}
