"""Colours as CSS writes them, each brought to one way to write it: #rrggbb, or #rrggbbaa if not opaque.

The syntax is that of CSS Color Module Level 4, modern and legacy, of sRGB, HSL, HWB, OKLab and OKLCh. A
value v of 0 to 1 becomes floor(255 v + 1/2). Of rgb(), hsl() and hwb() v is an exact fraction; of oklab() and
oklch() it is computed with 40 decimal digits, by operations that are correctly rounded, so that the bytes are
the same on every CPU. What OKLab has and sRGB has not is brought into sRGB by less chroma at the same
lightness and hue. What CSS would clamp otherwise, such as rgb(300 0 0), is an error.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from mpmath import libmp

from engines.image_core.composition.color_names import NAMES
from engines.image_core.composition.guessing import guess

__all__ = ["ALLOWED", "canonical_color"]

ALLOWED = "allowed is #rgb, #rgba, #rrggbb, #rrggbbaa, a CSS name, rgb(), hsl(), hwb(), oklab() or oklch()"

_LONGEST = 128  # characters
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_CALL = re.compile(r"(rgba?|hsla?|hwb|oklab|oklch)\(\s*([^()]*?)\s*\)")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?)(%|deg|grad|rad|turn)?")
_DEGREES = {"": Fraction(1), "deg": Fraction(1), "grad": Fraction(9, 10), "turn": Fraction(360)}

_DIGITS = Context(prec=40)
_BITS = 140  # of sines and cosines
_HALVINGS = 24  # of the chroma that is looked for
_INSIDE = Decimal("1e-6")  # how far beyond sRGB counts as within: the matrices have 16 digits

_Part = tuple[Fraction, str]
"""A number and its unit."""


def _matrix(*rows: str) -> tuple[tuple[Decimal, ...], ...]:
    return tuple(tuple(map(Decimal, row.split())) for row in rows)


# CSS Color 4, section 18, sample code: OKLab to the cube roots of the responses of cones, and these to XYZ.
_FROM_LAB = _matrix(
    "1 0.3963377773761749 0.2158037573099136",
    "1 -0.1055613458156586 -0.0638541728258133",
    "1 -0.0894841775298119 -1.2914855480194092",
)
_TO_XYZ = _matrix(
    "1.2268798758459243 -0.5578149944602171 0.2813910456659647",
    "-0.0405757452148008 1.1122868032803170 -0.0717110580655164",
    "-0.0763729366746601 -0.4214933324022432 1.5869240198367816",
)
# The same: XYZ to linear sRGB.
_TO_RGB = tuple(
    tuple(_DIGITS.divide(Decimal(above), Decimal(below)) for above, below in row)
    for row in (
        ((12831, 3959), (-329, 214), (-1974, 3959)),
        ((-851781, 878810), (1648619, 878810), (36519, 878810)),
        ((705, 12673), (-2585, 12673), (705, 667)),
    )
)


@lru_cache(maxsize=4096)
def canonical_color(text: str) -> str:
    """#rrggbb or #rrggbbaa of a colour.

    Raises:
        ValueError: it is none; the message says what is allowed.
    """
    written = text.lower() if len(text) <= _LONGEST else ""
    if _HEX.fullmatch(written):
        digits = written[1:] if len(written) > 5 else "".join(2 * digit for digit in written[1:])
        return f"#{digits.removesuffix('ff') if len(digits) == 8 else digits}"
    if written in NAMES:
        return NAMES[written]
    call = _CALL.fullmatch(written)
    if call is None:
        near = guess(text, NAMES).removeprefix(": ")
        raise ValueError(f"{near} {ALLOWED}" if near else ALLOWED)
    values = _called(call[1], call[2])
    red, green, blue, alpha = (int(255 * value + Fraction(1, 2)) for value in values)
    return f"#{red:02x}{green:02x}{blue:02x}" + (f"{alpha:02x}" if alpha < 255 else "")


def _called(name: str, body: str) -> tuple[Fraction, ...]:
    """Red, green, blue and alpha, 0..1, of a function."""
    parts, alpha = _parts(name, body)
    opacity = _within(alpha, "alpha", Fraction(1), Fraction(1))
    match name:
        case "rgb" | "rgba":
            rgb = tuple(
                _within(part, "red, green and blue", Fraction(255), Fraction(255)) / 255 for part in parts
            )
        case "hsl" | "hsla" | "hwb":
            hue = _degrees(parts[0])
            whose = "whiteness and blackness" if name == "hwb" else "saturation and lightness"
            first, second = (_within(part, whose, Fraction(100), Fraction(100)) / 100 for part in parts[1:])
            rgb = _hwb(hue, first, second) if name == "hwb" else _hsl(hue, first, second)
        case _:
            rgb = _ok(name, parts)
    return (*rgb, opacity)


def _parts(name: str, body: str) -> tuple[list[_Part], _Part]:
    """The three values and the alpha of a function."""
    legacy = "," in body
    if legacy and name[:3] not in ("rgb", "hsl"):
        raise ValueError(f"{name}() takes no commas: allowed is {name}(a b c / alpha)")
    if legacy:
        values = [part.strip() for part in body.split(",")]
    else:
        before, slash, after = body.partition("/")
        values = [*before.split(), *([after.strip()] if slash else [])]
        if slash and len(values) != 4:
            values = []
    if not (len(values) in (3, 4) and (legacy or len(values) == 3 or "/" in body)):
        alike = f"{name}(a, b, c, alpha) or {name}(a b c / alpha)" if legacy else f"{name}(a b c / alpha)"
        raise ValueError(f"{name}() takes three values, and an alpha if it is not opaque: allowed is {alike}")
    read = [_number(value, may_lack=not legacy) for value in values]
    if legacy and name.startswith("rgb") and len({unit for _, unit in read[:3]}) > 1:
        raise ValueError("with commas rgb() takes three numbers or three percentages")
    return read[:3], read[3] if len(read) == 4 else (Fraction(1), "")


def _number(text: str, may_lack: bool) -> _Part:
    if may_lack and text == "none":
        return Fraction(0), ""
    read = _NUMBER.fullmatch(text)
    if read is None:
        raise ValueError(f"{text!r} is no number: allowed are numbers, percentages and, of hues, angles")
    return Fraction(Decimal(read[1])), read[2] or ""


def _within(
    part: _Part, whose: str, most: Fraction, whole: Fraction, least: Fraction = Fraction(0)
) -> Fraction:
    """A number, or a percentage of `whole`, that lies in least..most."""
    value, unit = part
    if unit not in ("", "%"):
        raise ValueError(f"{whose} is a number or a percentage")
    value = value * whole / 100 if unit else value
    if not least <= value <= most:
        percent = f"{float(100 * least / whole):g} to {float(100 * most / whole):g} %"
        raise ValueError(f"{whose}: allowed is {float(least):g} to {float(most):g}, or {percent}")
    return value


def _degrees(part: _Part) -> Fraction:
    value, unit = part
    if unit == "%":
        raise ValueError("a hue is a number of degrees or an angle")
    if unit == "rad":
        pi = Fraction(*libmp.to_rational(libmp.mpf_pi(_BITS)))
        return value * 180 / pi % 360
    return value * _DEGREES[unit] % 360


def _hsl(hue: Fraction, saturation: Fraction, lightness: Fraction) -> tuple[Fraction, ...]:
    """CSS Color 4, section 7.1."""
    chroma = saturation * min(lightness, 1 - lightness)
    places = ((shift + hue / 30) % 12 for shift in (0, 8, 4))
    return tuple(lightness - chroma * max(Fraction(-1), min(k - 3, 9 - k, Fraction(1))) for k in places)


def _hwb(hue: Fraction, white: Fraction, black: Fraction) -> tuple[Fraction, ...]:
    """CSS Color 4, section 8.1."""
    if white + black >= 1:
        return (white / (white + black),) * 3
    return tuple(value * (1 - white - black) + white for value in _hsl(hue, Fraction(1), Fraction(1, 2)))


def _ok(name: str, parts: list[_Part]) -> tuple[Fraction, ...]:
    """OKLab or OKLCh, with less chroma where sRGB has not as much."""
    lightness = _within(parts[0], "lightness", Fraction(1), Fraction(1))
    most, whole = Fraction(100), Fraction(2, 5)
    if name == "oklab":
        a, b = (_decimal(_within(part, "a and b", most, whole, -most)) for part in parts[1:])
    else:
        chroma = _decimal(_within(parts[1], "chroma", most, whole))
        turned = libmp.from_rational(*(_degrees(parts[2]) / 180).as_integer_ratio(), _BITS)
        cosine, sine = (
            Decimal(libmp.to_str(value, 40))
            for value in libmp.mpf_cos_sin_pi(turned, _BITS, libmp.round_nearest)
        )
        a, b = _DIGITS.multiply(chroma, cosine), _DIGITS.multiply(chroma, sine)
    with localcontext(_DIGITS):
        linear = _in_gamut(_decimal(lightness), a, b)
        return tuple(Fraction(_encoded(min(max(value, Decimal(0)), Decimal(1)))) for value in linear)


def _decimal(value: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _in_gamut(lightness: Decimal, a: Decimal, b: Decimal) -> list[Decimal]:
    """Linear sRGB of a colour of OKLab, or of the one with the most chroma of its lightness and hue.

    That is found by halving: of the part of the chroma that is kept, 24 binary places.
    """
    linear = _linear(lightness, a, b)
    if _is_inside(linear):
        return linear
    kept, step = Decimal(0), Decimal(1)
    for _ in range(_HALVINGS):
        step /= 2
        if _is_inside(_linear(lightness, a * (kept + step), b * (kept + step))):
            kept += step
    return _linear(lightness, a * kept, b * kept)


def _is_inside(linear: list[Decimal]) -> bool:
    return all(-_INSIDE <= value <= 1 + _INSIDE for value in linear)


def _linear(lightness: Decimal, a: Decimal, b: Decimal) -> list[Decimal]:
    cones = [value * value * value for value in _times(_FROM_LAB, [lightness, a, b])]
    return _times(_TO_RGB, _times(_TO_XYZ, cones))


def _times(matrix: tuple[tuple[Decimal, ...], ...], values: list[Decimal]) -> list[Decimal]:
    return [x * values[0] + y * values[1] + z * values[2] for x, y, z in matrix]


def _encoded(linear: Decimal) -> Decimal:
    """The sRGB transfer function (IEC 61966-2-1)."""
    if linear <= Decimal("0.0031308"):
        return linear * Decimal("12.92")
    return Decimal("1.055") * (linear.ln() / Decimal("2.4")).exp() - Decimal("0.055")
