"""Codes as shapes: a background and one path of all dark modules, in modules.

Packages give the modules, and the path is drawn as every path is. A layer's hash has the path itself, so that
it tells what a version of a package draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from engines.image_core.composition.codes import BarSymbol, QrSymbol, margins
from engines.image_core.composition.shapes import PathShape, RectShape, Shape
from engines.image_core.errors import CompositionError
from engines.image_core.models import VectorLayer
from engines.image_core.numbers.geometry import Affine
from engines.image_core.planning.fitting import code_size, layer_affine
from engines.image_core.sources.paint import box_affine

__all__ = ["code_drawing"]

LEAST_MODULE = Fraction(5, 2)
"""Pixels of a module's side at least. At 2, a reader misses some codes that lie between pixels or in a JPEG
of quality 75; at 2.5 it reads all of them."""

LEAST_HEIGHT = Fraction(15, 100)
"""How high bars are at least, as a part of all bars' width: what ISO/IEC 15417 has for scanning by hand."""


def code_drawing(layer: VectorLayer, label: str) -> tuple[VectorLayer, Affine]:
    """The shapes that a layer's code is, and the map from their coordinates, modules, to the parent's pixels.

    A barcode's shapes are one unit high: its bars run the whole height of the box.

    Raises:
        CompositionError: the data are too long for the code, or the box is not square, too small, or too low.
    """
    code = layer.code
    assert code is not None
    try:
        rows = _rows(code)
    except ValueError as error:
        raise CompositionError(f"{label}, code.data: {error}") from None
    left, right = margins(code)
    across = left + len(rows[0]) + right
    top = left if isinstance(code, QrSymbol) else 0
    down = top + len(rows) + top
    _check_size(layer, across, len(rows[0]), label)
    width, height = code_size(layer)
    to_box = box_affine(Fraction(0), Fraction(0), width / across, height / down)
    shapes: list[Shape] = [] if code.see_through else [
        RectShape(x=0, y=0, width=across, height=down, fill=code.background)
    ]  # fmt: skip
    shapes.append(PathShape(d="".join(_path(rows, left, top)), fill=code.color))
    return VectorLayer(shapes=tuple(shapes)), to_box.then(layer_affine(layer.transform, width, height))


def _check_size(layer: VectorLayer, across: int, bars: int, label: str) -> None:
    """Refuse a box in which the code could not be read.

    Args:
        layer: the layer.
        across: the modules of its width.
        bars: these without the quiet zone.
        label: how errors name the layer.
    """
    width, height = code_size(layer)
    scale_x = abs(Fraction(layer.transform.scale))
    scale_y = scale_x if layer.transform.scale_y is None else abs(Fraction(layer.transform.scale_y))
    shown_width, shown_height = width * scale_x, height * scale_y
    if isinstance(layer.code, QrSymbol) and shown_width != shown_height:
        raise CompositionError(
            f"{label}: a QR code is square: {float(shown_width):g} x {float(shown_height):g} pixels are not"
        )
    if shown_width < LEAST_MODULE * across:
        raise CompositionError(
            f"{label}, width: {float(shown_width):g} pixels are too few for {across} modules:"
            f" allowed are {float(LEAST_MODULE):g} a module, {float(LEAST_MODULE * across):g}, and more"
        )
    least = shown_width * bars / across * LEAST_HEIGHT
    if isinstance(layer.code, BarSymbol) and shown_height < least:
        raise CompositionError(
            f"{label}, height: {float(shown_height):g} pixels are too low for bars"
            f" {float(shown_width * bars / across):g} long: allowed is {float(LEAST_HEIGHT):.0%} of that,"
            f" {float(least):g}, and more"
        )


@lru_cache(maxsize=256)
def _rows(code: QrSymbol | BarSymbol) -> tuple[str, ...]:
    """The modules of a code without its quiet zone, a row a string, "1" where it is dark.

    Raises:
        ValueError: the data are too long.
    """
    return _matrix(code) if isinstance(code, QrSymbol) else (_bars(code),)


def _matrix(code: QrSymbol) -> tuple[str, ...]:
    import segno

    try:
        made = segno.make(code.data, error=code.error_correction, micro=False, encoding="utf-8")
    except segno.DataOverflowError:
        raise ValueError(
            f"{len(code.data)} characters are too many for a QR code with error_correction"
            f" {code.error_correction!r}: shorten them, or take a lower level"
        ) from None
    return tuple("".join(str(int(dark)) for dark in row) for row in made.matrix)


def _bars(code: BarSymbol) -> str:
    match code.type:
        case "code128":
            from barcode.codex import Code128 as Encoder
        case "ean13":
            from barcode.ean import EuropeanArticleNumber13 as Encoder
        case "ean8":
            from barcode.ean import EuropeanArticleNumber8 as Encoder
        case "upca":
            from barcode.upc import UniversalProductCodeA as Encoder
    (bars,) = Encoder(code.full).build()
    return str(bars)


def _path(rows: tuple[str, ...], left: int, top: int) -> Iterator[str]:
    """One path of a rectangle for each run of dark modules in a row."""
    for y, row in enumerate(rows, top):
        for run in re.finditer("1+", row):
            yield f"M{left + run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z"
