"""Codes that machines read, QR codes and barcodes: what is written of them, and what could not be read.

The reflectance that ISO/IEC 15415 and 15416 grade is taken as the relative luminance of sRGB (IEC 61966-2-1),
0..1. Of a barcode the light of the red channel counts too, for the scanners of tills shine a red one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.fields import Color, Flag, Model, between, parse_color, tag

__all__ = ["STANDARDS", "BarSymbol", "Code", "QrSymbol", "Standard", "margins"]


@dataclass(frozen=True)
class Standard:
    """What a symbology asks for.

    Attributes:
        quiet_zone: modules that stay light at the left and at the right; of a QR code at all sides.
        contrast: by how much the light modules are lighter than the dark ones at least.
        digits: how many digits it has, the check digit included; None where it takes text.
    """

    quiet_zone: tuple[int, int]
    contrast: float
    digits: int | None = None


STANDARDS = {
    "qr": Standard((4, 4), 0.4),  # ISO/IEC 18004; 15415, symbol contrast, grade 2 (C)
    "code128": Standard((10, 10), 0.55),  # ISO/IEC 15417; here and below 15416, symbol contrast, grade 3 (B)
    "ean13": Standard((11, 7), 0.55, 13),  # ISO/IEC 15420
    "ean8": Standard((7, 7), 0.55, 8),
    "upca": Standard((9, 9), 0.55, 12),
}


class _Code(Model):
    data: Annotated[str, Strict(), Field(min_length=1, max_length=7089)]
    color: Color = "#000000"
    background: Color = "#ffffff"
    quiet_zone: Annotated[int, Strict(), AfterValidator(between(0, 100))] | None = None

    @property
    def see_through(self) -> bool:
        """Whether it has no background, so that what lies below shows between its modules."""
        return parse_color(self.background)[3] == 0


class QrSymbol(_Code):
    """A QR code (ISO/IEC 18004) of any text, with as few modules as its data allow.

    `error_correction` says how much of it may be lost: L 7, M 15, Q 25, H 30 percent. Where a higher level
    takes no more modules, that is taken.
    """

    _told_as = "QrCode"

    type: Literal["qr"] = tag("qr")
    error_correction: Literal["L", "M", "Q", "H"] = "M"
    light_on_dark: Flag = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_colors(self)
        difference = _light(self.background) - _light(self.color)
        if difference < 0 and not (self.see_through or self.light_on_dark):
            raise ValueError(
                f"color: {self.color!r} is lighter than the background {self.background!r}, which many"
                " readers do not take: swap them, or give light_on_dark"
            )
        check_contrast(self, -difference if self.light_on_dark else difference)
        check_room(self)
        return self


class BarSymbol(_Code):
    """A barcode. code128 takes printable ASCII; the others take digits, the check digit among them or not."""

    _told_as = "Barcode"

    type: Literal["code128", "ean13", "ean8", "upca"]

    @model_validator(mode="after")
    def _check(self) -> Self:
        digits = STANDARDS[self.type].digits
        if digits is None:
            wrong = re.search(r"[^ -~]", self.data)
            if wrong:
                raise ValueError(
                    f"data: code128 has no {wrong[0]!r}: allowed are letters, digits, signs, spaces of ASCII"
                )
        else:
            check_digits(self.data, self.type, digits)
        check_colors(self)
        red = _linear(parse_color(self.background)[0]) - _linear(parse_color(self.color)[0])
        check_contrast(self, min(_light(self.background) - _light(self.color), red))
        check_room(self)
        return self

    @property
    def full(self) -> str:
        """Its data with the check digit."""
        digits = STANDARDS[self.type].digits
        return self.data + (check_digit(self.data) if digits == len(self.data) + 1 else "")


Code = Annotated[QrSymbol | BarSymbol, Field(discriminator="type")]


def margins(code: QrSymbol | BarSymbol) -> tuple[int, int]:
    """The modules of the quiet zone at the left and at the right."""
    given = code.quiet_zone
    return STANDARDS[code.type].quiet_zone if given is None else (given, given)


def check_room(code: QrSymbol | BarSymbol) -> None:
    """Refuse a quiet zone that is too small, unless what lies below the code may be one."""
    least = max(STANDARDS[code.type].quiet_zone)
    if code.quiet_zone is not None and code.quiet_zone < least and not code.see_through:
        raise ValueError(
            f"quiet_zone: {code.quiet_zone} is too small for {code.type}: allowed is {least} and more"
            " (less with background 'transparent', on a light ground)"
        )


def check_colors(code: QrSymbol | BarSymbol) -> None:
    """Refuse colours whose contrast depends on what lies below."""
    if parse_color(code.color)[3] < 255:
        raise ValueError(f"color: {code.color!r} is translucent: allowed is an opaque color")
    if parse_color(code.background)[3] not in (0, 255):
        raise ValueError(
            f"background: {code.background!r} is translucent: allowed is an opaque color, or 'transparent'"
        )


def check_contrast(code: QrSymbol | BarSymbol, contrast: float) -> None:
    """Refuse colours that a reader would not tell apart. contrast: the light modules' less the dark ones'."""
    least = STANDARDS[code.type].contrast
    if code.see_through or contrast >= least:
        return
    seen = "" if isinstance(code, QrSymbol) else ", also in a scanner's red light"
    raise ValueError(
        f"color: the contrast of {code.color!r} with {code.background!r} is {max(contrast, 0):.1%}:"
        f" allowed of {code.type} is {least:.0%} and more{seen}"
    )


def check_digits(data: str, kind: str, digits: int) -> None:
    """Refuse what are not the digits of a symbology, or end on another check digit."""
    if not re.fullmatch(rf"[0-9]{{{digits - 1},{digits}}}", data):
        raise ValueError(
            f"data: {data!r:.40} is not allowed: {kind} takes {digits} digits, or {digits - 1} that the check"
            " digit is added to"
        )
    right = check_digit(data[: digits - 1])
    if len(data) == digits and data[-1] != right:
        raise ValueError(f"data: the check digit of {data!r} is {right}, not {data[-1]}")


def check_digit(digits: str) -> str:
    """The check digit of all of GS1's numbers: weights of 3 and 1 from the right, to the next ten."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _light(color: str) -> float:
    red, green, blue, _ = map(_linear, parse_color(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: int) -> float:
    v = value / 255
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
