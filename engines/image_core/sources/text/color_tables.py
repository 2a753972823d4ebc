"""Colour glyphs of COLR and CPAL tables, read as trees of paints: OpenType 1.9.1, "COLR" and "CPAL".

Read here and not by HarfBuzz, which hands out floats, sines among them, and leaves out silently what loops.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from operator import itemgetter

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Affine, sine_cosine
from engines.image_core.sources.text.color_paints import (
    MODES,
    Boxed,
    Color,
    ColorStop,
    Composite,
    Extend,
    Gradient,
    Inside,
    Layers,
    LinearLine,
    Moved,
    Paint,
    RadialLine,
    Solid,
    SweepLine,
)
from engines.image_core.sources.text.color_variations import Variations

__all__ = ["ColorTables", "DamagedPaintError", "TooManyPaintsError", "palette"]

_MAX_PAINTS = 10_000  # the largest glyphs of fonts have some hundreds
_MAX_DEPTH = 64
_FOREGROUND = 0xFFFF
_EXTENDS: tuple[Extend, ...] = ("pad", "repeat", "reflect")
_ZERO, _UNIT = Fraction(0), Fraction(1)

# The numbers of each format behind its first offset; of the odd formats, which vary, a variation index more.
# h: FWORD, H: UFWORD, d: F2DOT14. PaintSolid has no offset, the matrix of PaintTransform lies apart.
_NUMBERS = {
    4: "hhhhhh", 6: "hhHhhH", 8: "hhdd", 14: "hh", 16: "dd", 18: "ddhh", 20: "d", 22: "dhh", 24: "d",
    26: "dhh", 28: "dd", 30: "ddhh",
}  # fmt: skip
_F2DOT14 = 1 << 14


class TooManyPaintsError(Exception):
    """A glyph is made of more than 10,000 paints or of paints nested more than 64 deep, perhaps a loop."""


class DamagedPaintError(Exception):
    """A glyph's paints cannot be read."""


def palette(cpal: bytes) -> list[tuple[int, int, int, int]]:
    """The first palette: red, green, blue and alpha of 0..255. struct.error where the table is cut short."""
    if not cpal:
        return []
    entries, _palettes, _records, start, first = struct.unpack_from(">HHHIH", cpal, 2)
    records = struct.iter_unpack("4B", cpal[start + 4 * first : start + 4 * (first + entries)])
    return [(red, green, blue, alpha) for blue, green, red, alpha in records]


class ColorTables:
    """The colour glyphs of one font.

    place: where the font lies on its normalised axes, in 2^-14. struct.error: a table is cut short.
    """

    def __init__(self, colr: bytes, cpal: bytes, place: tuple[int, ...] = ()) -> None:
        self._colr = colr
        self.palette = palette(cpal)
        version, count, records, layers, layer_count = struct.unpack_from(">HHIIH", colr)
        bases = struct.iter_unpack(">3H", colr[records : records + 6 * count] if records else b"")
        self._bases = {glyph: (first, number) for glyph, first, number in bases}
        self._layers = list(struct.iter_unpack(">HH", colr[layers : layers + 4 * layer_count]))
        self._paints: dict[int, int] = {}
        self._paint_layers: tuple[int, ...] = ()
        self._clips: list[tuple[int, int, int]] = []
        self._variations = Variations(b"", b"", ())
        if version:
            self._read_paints(place)

    def _read_paints(self, place: tuple[int, ...]) -> None:
        """The lists of version 1: where the paints of glyphs, layers and clips lie."""
        bases, layers, clips, index_map, store = struct.unpack_from(">5I", self._colr, 14)
        if bases:
            (count,) = struct.unpack_from(">I", self._colr, bases)
            records = struct.iter_unpack(">HI", self._colr[bases + 4 : bases + 4 + 6 * count])
            self._paints = {glyph: bases + offset for glyph, offset in records}
        if layers:
            (count,) = struct.unpack_from(">I", self._colr, layers)
            count = min(count, len(self._colr) // 4)
            offsets = struct.unpack_from(f">{count}I", self._colr, layers + 4)
            self._paint_layers = tuple(layers + offset for offset in offsets)
        if clips:
            (count,) = struct.unpack_from(">I", self._colr, clips + 1)
            records = struct.iter_unpack(">HHBH", self._colr[clips + 5 : clips + 5 + 7 * count])
            self._clips = [(first, last, clips + (high << 16 | low)) for first, last, high, low in records]
        self._variations = Variations(
            self._colr[store:] if store else b"", self._colr[index_map:] if index_map else b"", place
        )

    def has(self, glyph: int) -> bool:
        """Whether a glyph has colour."""
        return glyph in self._paints or glyph in self._bases

    def paint(self, glyph: int, foreground: tuple[int, int, int, int]) -> Paint:
        """What a glyph that `has` colour is painted with. foreground: RGBA of 0..255.

        Raises:
            TooManyPaintsError: see there.
            DamagedPaintError: see there.
        """
        reading = _Reading(self, foreground)
        try:
            if glyph in self._paints:
                return reading.glyph(glyph, 0)
            return self._solid_layers(glyph, reading)
        except (struct.error, IndexError, ZeroDivisionError) as error:
            raise DamagedPaintError from error

    def _solid_layers(self, glyph: int, reading: _Reading) -> Paint:
        first, count = self._bases[glyph]
        if count > _MAX_PAINTS:
            raise TooManyPaintsError
        if first + count > len(self._layers):
            raise DamagedPaintError
        layers = self._layers[first : first + count]
        return Layers(tuple(Inside(layer, Solid(reading.color(entry, _UNIT))) for layer, entry in layers))


class _Reading:
    """The paints of one glyph, counted."""

    def __init__(self, tables: ColorTables, foreground: tuple[int, int, int, int]) -> None:
        self._tables = tables
        self._data = tables._colr
        self._foreground = foreground
        self._count = 0

    def color(self, entry: int, alpha: Fraction) -> Color:
        """A colour of the palette; IndexError where it lacks it."""
        red, green, blue, own = self._foreground if entry == _FOREGROUND else self._tables.palette[entry]
        return red, green, blue, round(Fraction(own, 255) * min(max(alpha, _ZERO), _UNIT) * ONE)

    def glyph(self, glyph: int, depth: int) -> Paint:
        """The paint of a glyph, within its clip box if it has one; IndexError where it has no paint."""
        if glyph not in self._tables._paints:
            raise IndexError
        paint = self._paint(self._tables._paints[glyph], depth)
        clips = self._tables._clips  # in the order of their glyphs
        index = bisect_right(clips, glyph, key=itemgetter(0)) - 1
        if index >= 0 and glyph <= clips[index][1]:
            return Boxed(self._clip(clips[index][2]), paint)
        return paint

    def _clip(self, place: int) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        left, bottom, right, top = self._numbers("hhhh", place + 1, varies=self._data[place] == 2)
        return left, bottom, right, top

    def _numbers(self, kinds: str, place: int, *, varies: bool) -> list[Fraction]:
        """Numbers in a row, with what the variation index behind them adds to each."""
        form = ">" + kinds.replace("d", "h")
        raw = struct.unpack_from(form, self._data, place)
        values = [Fraction(value) for value in raw]
        if varies:
            (index,) = struct.unpack_from(">I", self._data, place + struct.calcsize(form))
            values = [value + self._varied(index, step) for step, value in enumerate(values)]
        scales = {"d": _F2DOT14, "i": 1 << 16}
        return [value / scales.get(kind, 1) for kind, value in zip(kinds, values, strict=True)]

    def _varied(self, index: int, step: int) -> Fraction:
        return self._tables._variations.delta(index if index == 0xFFFF_FFFF else index + step)

    def _offset(self, place: int) -> int:
        high, low = struct.unpack_from(">BH", self._data, place)
        return int(high << 16 | low)

    def _paint(self, place: int, depth: int) -> Paint:
        self._count += 1
        if self._count > _MAX_PAINTS or depth > _MAX_DEPTH:
            raise TooManyPaintsError
        form = self._data[place]
        depth += 1
        match form:
            case 1:
                count, first = struct.unpack_from(">BI", self._data, place + 1)
                places = self._tables._paint_layers[first : first + count]
                if len(places) < count:
                    raise IndexError
                return Layers(tuple(self._paint(layer, depth) for layer in places))
            case 2 | 3:
                (entry,) = struct.unpack_from(">H", self._data, place + 1)
                (alpha,) = self._numbers("d", place + 3, varies=form == 3)
                return Solid(self.color(entry, alpha))
            case 10:
                (glyph,) = struct.unpack_from(">H", self._data, place + 4)
                return Inside(glyph, self._child(place, depth))
            case 11:
                (glyph,) = struct.unpack_from(">H", self._data, place + 1)
                return self.glyph(glyph, depth)
            case 12 | 13:
                matrix = place + self._offset(place + 4)
                xx, yx, xy, yy, x0, y0 = self._numbers("iiiiii", matrix, varies=form == 13)
                return Moved(Affine(xx, xy, yx, yy, x0, y0), self._child(place, depth))
            case 32:
                mode = MODES[self._data[place + 4]]
                backdrop = self._paint(place + self._offset(place + 5), depth)
                return Composite(self._child(place, depth), mode, backdrop)
        kinds = _NUMBERS.get(form & ~1)
        if kinds is None:
            raise DamagedPaintError
        numbers = self._numbers(kinds, place + 4, varies=bool(form & 1))
        if form < 10:
            return self._gradient(form & ~1, numbers, place)
        return Moved(_affine(form & ~1, numbers), self._child(place, depth))

    def _child(self, place: int, depth: int) -> Paint:
        return self._paint(place + self._offset(place + 1), depth)

    def _gradient(self, form: int, numbers: list[Fraction], place: int) -> Gradient:
        line = place + self._offset(place + 1)
        extend, count = struct.unpack_from(">BH", self._data, line)
        varies = bool(self._data[place] & 1)
        size = 10 if varies else 6
        self._count += count // 10  # a stop costs less than a paint
        stops = [self._stop(line + 3 + size * index, varies=varies) for index in range(count)]
        if not stops:
            raise DamagedPaintError
        stops.sort(key=lambda stop: stop.offset)  # those of one offset stay in their order
        return Gradient(_LINES[form](numbers), tuple(stops), _EXTENDS[extend if extend < 3 else 0])

    def _stop(self, place: int, *, varies: bool) -> ColorStop:
        offset, entry, alpha = struct.unpack_from(">hHh", self._data, place)
        values = [Fraction(offset), Fraction(alpha)]
        if varies:
            (index,) = struct.unpack_from(">I", self._data, place + 6)
            values = [value + self._varied(index, step) for step, value in enumerate(values)]
        return ColorStop(values[0] / _F2DOT14, self.color(entry, values[1] / _F2DOT14))


def _linear(n: list[Fraction]) -> LinearLine:
    return LinearLine((n[0], n[1]), (n[2], n[3]), (n[4], n[5]))


def _radial(n: list[Fraction]) -> RadialLine:
    return RadialLine((n[0], n[1]), n[2], (n[3], n[4]), n[5])


def _sweep(n: list[Fraction]) -> SweepLine:
    return SweepLine((n[0], n[1]), n[2] + 1, n[3] + 1)  # stored one half turn less


_LINES: dict[int, Callable[[list[Fraction]], LinearLine | RadialLine | SweepLine]] = {
    4: _linear,
    6: _radial,
    8: _sweep,
}


def _affine(form: int, numbers: list[Fraction]) -> Affine:
    """The map of a format: a translation, a scaling, a rotation or a skewing, perhaps around a centre."""
    match form:
        case 14:
            return Affine(_UNIT, _ZERO, _ZERO, _UNIT, *numbers)
        case 16 | 18:
            (xx, yy), center = numbers[:2], numbers[2:]
            linear = xx, _ZERO, _ZERO, yy
        case 20 | 22:
            scale, *center = numbers
            linear = scale, _ZERO, _ZERO, scale
        case 24 | 26:
            angle, *center = numbers
            sine, cosine = sine_cosine(float(180 * angle))
            linear = cosine, -sine, sine, cosine
        case _:
            (across, up), center = numbers[:2], numbers[2:]
            linear = _UNIT, -_tangent(across), _tangent(up), _UNIT
    x, y = center or (_ZERO, _ZERO)
    xx, xy, yx, yy = linear
    return Affine(xx, xy, yx, yy, x - xx * x - xy * y, y - yx * x - yy * y)


def _tangent(half_turns: Fraction) -> Fraction:
    sine, cosine = sine_cosine(float(180 * half_turns))
    return sine / cosine
