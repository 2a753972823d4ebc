"""ICC profiles of colours that a file describes by numbers: chromaticities and a curve.

Everything is computed exactly and rounded once, so that a profile is the same bytes on every machine.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from engines.image_core.numbers.rounding import high_precision, round_fraction
from engines.image_core.numbers.spaces import srgb_to_linear

__all__ = ["LINEAR", "REC709", "SRGB", "SRGB_CURVE", "Chromaticities", "Curve", "described_profile", "gamma"]

Curve: TypeAlias = tuple[str, Fraction]
"""A transfer function by its name and, where it is a power, its exponent."""

SRGB_CURVE: Curve = ("srgb", Fraction(0))
REC709: Curve = ("rec709", Fraction(0))
LINEAR: Curve = ("power", Fraction(1))


def gamma(exponent: Fraction) -> Curve:
    """Light is a value to this power."""
    return "power", exponent


class Chromaticities(NamedTuple):
    """x and y of the CIE 1931 diagram, of white and of the three primaries."""

    white: tuple[Fraction, Fraction]
    red: tuple[Fraction, Fraction]
    green: tuple[Fraction, Fraction]
    blue: tuple[Fraction, Fraction]

    @classmethod
    def of(cls, *numbers: str | Fraction) -> Chromaticities:
        """From eight numbers in this order."""
        pairs = [Fraction(number) for number in numbers]
        return cls(*((pairs[i], pairs[i + 1]) for i in range(0, 8, 2)))


SRGB = Chromaticities.of("0.3127", "0.3290", "0.64", "0.33", "0.30", "0.60", "0.15", "0.06")

_Vector: TypeAlias = list[Fraction]
_Matrix: TypeAlias = list[_Vector]

_D50 = [Fraction(n, 1 << 16) for n in (0xF6D6, 0x10000, 0xD32D)]
"""The white of profiles, as ICC.1 writes it."""

_BRADFORD: _Matrix = [
    [Fraction(n) for n in row]
    for row in (
        ("0.8951", "0.2664", "-0.1614"),
        ("-0.7502", "1.7135", "0.0367"),
        ("0.0389", "-0.0685", "1.0296"),
    )
]


@lru_cache(maxsize=32)
def described_profile(colours: Chromaticities, curve: Curve, *, narrow: bool = False) -> bytes | None:
    """The ICC profile (ICC.1:2001-04, a matrix and three curves) of RGB described so.

    The white point is adapted to D50 by Bradford's transform; curves are tables of 256 entries, so that the
    light of each 8-bit value is correctly rounded to 16 bits.

    Args:
        colours: of the white point and the primaries.
        curve: from values to light.
        narrow: whether black is 16 and white 235.

    Returns:
        The profile; None where the chromaticities span no colours.
    """
    try:
        columns = _adapted(colours)
    except ZeroDivisionError:
        return None
    if any(abs(value) >= 1 << 15 for column in columns for value in column):
        return None
    table = _tag(b"curv", struct.pack(">I256H", 256, *_light(curve, narrow)))
    tags = {b"wtpt": _xyz_tag(_D50)}
    tags |= {
        name: _xyz_tag(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
    }
    return _written(tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), table))


def _adapted(colours: Chromaticities) -> list[_Vector]:
    """The XYZ of full red, green and blue, where white is D50."""
    white = _xyz(colours.white)
    primaries = _transposed([_xyz(colours.red), _xyz(colours.green), _xyz(colours.blue)])
    shares = _times(_inverse(primaries), white)
    cones, wanted = _times(_BRADFORD, white), _times(_BRADFORD, _D50)
    scaled = [[row[i] * shares[i] for i in range(3)] for row in primaries]
    adapted = []
    for column in _transposed(scaled):
        response = [v * to / of for v, to, of in zip(_times(_BRADFORD, column), wanted, cones, strict=True)]
        adapted.append(_times(_inverse(_BRADFORD), response))
    return adapted


def _xyz(point: tuple[Fraction, Fraction]) -> _Vector:
    x, y = point
    return [x / y, Fraction(1), (1 - x - y) / y]


def _transposed(matrix: _Matrix) -> _Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def _times(matrix: _Matrix, vector: _Vector) -> _Vector:
    return [sum((a * b for a, b in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]


def _inverse(m: _Matrix) -> _Matrix:
    """By cofactors."""

    def minor(i: int, j: int) -> Fraction:
        (a, b), (c, d) = ([v for k, v in enumerate(row) if k != j] for n, row in enumerate(m) if n != i)
        return (a * d - b * c) * (-1 if (i + j) % 2 else 1)

    cofactors = [[minor(i, j) for j in range(3)] for i in range(3)]
    determinant = sum((m[0][j] * cofactors[0][j] for j in range(3)), Fraction(0))
    return [[cofactors[j][i] / determinant for j in range(3)] for i in range(3)]


def _light(curve: Curve, narrow: bool) -> list[int]:
    """The light of each 8-bit value, 0 to 65535."""
    name, exponent = curve
    curves: dict[str, Callable[[Any, Any], Any]] = {
        "srgb": srgb_to_linear,
        "rec709": _rec709_to_linear,
        "power": lambda mp, v: v ** (mp.mpf(exponent.numerator) / exponent.denominator),
    }
    low, span = (16, 219) if narrow else (0, 255)
    with high_precision() as mp:
        values = (mp.mpf(min(max(v - low, 0), span)) / span for v in range(256))
        return [int(mp.floor(65535 * curves[name](mp, v) + mp.mpf("0.5"))) for v in values]


def _rec709_to_linear(mp: Any, v: Any) -> Any:
    """The inverse of the opto-electronic transfer function of Rec. ITU-R BT.709-6, 1.2."""
    if v < mp.mpf("0.081"):
        return v / mp.mpf("4.5")
    return ((v + mp.mpf("0.099")) / mp.mpf("1.099")) ** (1 / mp.mpf("0.45"))


def _xyz_tag(values: _Vector) -> bytes:
    return _tag(b"XYZ ", struct.pack(">3i", *(round_fraction(value * (1 << 16)) for value in values)))


def _tag(kind: bytes, content: bytes) -> bytes:
    return kind + bytes(4) + content


def _written(tags: dict[bytes, bytes]) -> bytes:
    """A display profile of version 2.4 of these tags; tags that are equal share their place."""
    start = 128 + 4 + 12 * len(tags)
    table, body, places = b"", b"", dict[bytes, int]()
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(body)
            body += content
        table += name + struct.pack(">II", places[content], len(content))
    header = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp")
    header = header.ljust(68, b"\0") + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
