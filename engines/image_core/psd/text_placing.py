"""Where a Photoshop file's text lies: its transform, and the box or the point that it begins at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from psd_tools.api.layers import TypeLayer

from engines.image_core.errors import SourceError
from engines.image_core.psd.engine_data import EngineData, Sheet, number
from engines.image_core.psd.text_styles import Note, Scale, rounded

__all__ = ["Placing", "place_fields", "placing"]

_SHEAR = 1e-3
"""Of the height, what of a shear is no more than the noise of a file's numbers."""


@dataclass(frozen=True)
class Placing:
    """A text's transform, taken apart.

    Attributes:
        matrix: xx, xy, yx, yy, tx, ty: of a point, x xx + y yx + tx and x xy + y yy + ty.
        scale: from the text's units to pixels of the layer.
        scale_y: how much taller the layer's pixels are than wide, below 0 where it is mirrored.
        rotation: in degrees, clockwise.
    """

    matrix: tuple[float, ...]
    scale: Scale
    scale_y: float
    rotation: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the text's space lies in the document."""
        xx, xy, yx, yy, tx, ty = self.matrix
        return xx * x + yx * y + tx, xy * x + yy * y + ty


def placing(layer: TypeLayer, data: EngineData, label: str, note: Note) -> Placing:
    """The transform of a text layer, with what all its letters are scaled by.

    Raises:
        SourceError: it is no finite numbers, or leaves nothing of the text.
    """
    matrix = tuple(number(value, 0.0, f"{label}, text: its transform") for value in layer.transform)
    xx, xy, yx, yy, *_ = matrix
    across = math.hypot(xx, xy)
    area = xx * yy - xy * yx
    if not across or not area:
        raise SourceError(f"{label}, text: its transform leaves nothing of it")
    down = area / across
    if abs(xx * yx + xy * yy) / across > _SHEAR * abs(down):
        note("its shear is not drawn")
    wide, tall = _letters(data, note)
    scale_y = down * (tall or 1.0) / (across * (wide or 1.0))
    lengths = abs(down / scale_y)
    scale = Scale(across, lengths, across * (wide or 1.0), own=wide is None)
    return Placing(matrix, scale, scale_y, math.degrees(math.atan2(xy, xx)))


def _letters(data: EngineData, note: Note) -> tuple[float | None, float | None]:
    """The scales of letters across and down; None where runs have others than each other."""
    scales = ("HorizontalScale", "VerticalScale")
    found = {tuple(style.number(name, 1) for name in scales) for style in data.used_styles}
    if len(found) == 1:
        [(wide, tall)] = found
        if wide > 0 and tall > 0:
            return wide, tall
    if any(wide != tall for wide, tall in found):
        note("its letters are as wide as they are tall")
    return None, None


def place_fields(
    place: Placing, data: EngineData, paragraph: Sheet, align: str, *, vertical: bool, note: Note
) -> dict[str, Any]:
    """The transform of the layer, and its box: that of paragraph text; of point text the first baseline lies
    at the layer's top, and the point on it that the lines are aligned to at the transform's."""
    start, end = paragraph.length("StartIndent"), paragraph.length("EndIndent")
    if data.box is None:
        if end or (start and (vertical or align != "left")):
            note("its paragraphs' indents are not kept")
            start = 0.0
        transform = _transform(place, *place.point(start, 0), _anchor(align, vertical=vertical))
        return {"vertical_align": "baseline", "transform": transform}
    left, top, right, bottom = data.box
    if vertical and (start or end):
        note("its paragraphs' indents are not kept")
    elif left + start < right - end:
        left, right = left + start, right - end
    else:
        note("its paragraphs' indents are not kept")
    return {
        "box_width": rounded((right - left) * place.scale.across),
        "box_height": rounded((bottom - top) * place.scale.down),
        "transform": _transform(place, *place.point(left, top), "top-left"),
    }


def _anchor(align: str, *, vertical: bool) -> str:
    if vertical:
        return {"left": "top-right", "center": "right", "right": "bottom-right"}[align]
    return {"left": "top-left", "center": "top", "right": "top-right"}[align]


def _transform(place: Placing, x: float, y: float, anchor: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"x": rounded(x), "y": rounded(y)}
    if anchor != "top-left":
        fields["anchor"] = anchor
    if rounded(place.scale_y) != 1:
        fields["scale_y"] = rounded(place.scale_y)
    if rounded(place.rotation):
        fields["rotation"] = rounded(place.rotation)
    return fields
