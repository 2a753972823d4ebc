"""Photoshop's shapes, as psd-tools reads them, drawn anew from their paths, fills and strokes.

What is filled or stroked in a way that compositions do not have keeps the file's pixels.
"""

from __future__ import annotations

from typing import Any

from psd_tools.api.layers import Layer
from psd_tools.api.shape import Stroke
from psd_tools.constants import BlendMode, StrokeAlignment, Tag
from psd_tools.terminology import Unit

from engines.image_core.errors import SourceError
from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.effects import mode_name
from engines.image_core.psd.fills import descriptor_color, gradient_fill, pattern_fill, respanned
from engines.image_core.psd.paths import (
    Placing,
    ShapePath,
    aligned_placing,
    canvas_placing,
    curves,
    shape_path,
)

__all__ = ["shape_fields"]

_FILLS = (
    Tag.VECTOR_STROKE_CONTENT_DATA,
    Tag.SOLID_COLOR_SHEET_SETTING,
    Tag.GRADIENT_FILL_SETTING,
    Tag.PATTERN_FILL_SETTING,
)
_POSITIONS = {StrokeAlignment.INNER: "inside", StrokeAlignment.OUTER: "outside"}
_POINTS = 72  # an inch
_WIDEST = 250
_LONGEST_MITER, _OPEN_MITER, _ANY_MITER = 10.0, 4.0, 100.0
_WHITE = "#ffffff"


class _KeptError(Exception):
    """Why a shape keeps its own pixels: a short sentence without its end."""


def shape_fields(layer: Layer, document: Document, color: str | None = None) -> Fields | None:
    """What a shape draws, as a layer without the masks of pixels, the effects and the options that it has.

    Args:
        layer: it has a path, not disabled, and a fill.
        document: why it cannot be drawn is noted there.
        color: #rrggbb that it is filled with instead.

    Returns:
        A vector layer or a group; None where it cannot be drawn as Photoshop draws it.
    """
    try:
        place = _placing(layer, document)
        path = shape_path(layer, place)
        if path is None or not path.rings:
            raise _KeptError("its path encloses nothing")
        return _drawn(layer, document, path, place, color)
    except (_KeptError, SourceError) as why:
        document.note(layer, f"its own pixels are kept: {why}")
        return None


def _placing(layer: Layer, document: Document) -> Placing:
    if not layer.tagged_blocks.get_data(Tag.USING_ALIGNED_RENDERING, 0):
        return canvas_placing(layer, document)
    stroke = layer.stroke
    if stroke is None or not stroke.enabled:
        return aligned_placing(layer, document, 0)
    outside = {"inside": 0.0, "center": 0.5, "outside": 1.0}[_position(stroke)]
    return aligned_placing(layer, document, outside * _width(stroke))


def _drawn(layer: Layer, document: Document, path: ShapePath, place: Placing, color: str | None) -> Fields:
    _check_place(layer, document, path)
    stroke = layer.stroke
    fill = None
    if stroke is None or stroke.fill_enabled:
        fill = _filled(layer, document, path, color)
    if stroke is None or not stroke.enabled:
        return fill if fill is not None and fill["type"] == "vector" else _group([fill] if fill else [])
    if path.of_all:
        raise _KeptError("its path begins with everything, and has a stroke")
    if not path.closed:
        line = _open_stroke(layer, path, place, stroke)
        return _group([fill, line] if fill else [line])
    effects = [_closed_stroke(path, stroke)]
    if fill is not None and fill["type"] == "vector":
        return _group([fill | {"effects": effects}])
    line = _vector(path, _WHITE) | {"fill_opacity": 0.0, "effects": effects}
    return _group([fill, line] if fill else [line])


def _check_place(layer: Layer, document: Document, path: ShapePath) -> None:
    """Refuse a path that has nothing to do with the layer's pixels: it is not what they were drawn from."""
    left, top, right, bottom = path.box
    begin, end = document.at(layer.left, layer.top), document.at(layer.right, layer.bottom)
    beside = left > end[0] or right < begin[0] or top > end[1] or bottom < begin[1]
    if layer.has_pixels() and beside:
        raise _KeptError("its path lies elsewhere")


def _filled(layer: Layer, document: Document, path: ShapePath, color: str | None) -> Fields:
    """The fill within the path: as a drawing, or as a picture with a mask where it does not span the path."""
    tags = layer.tagged_blocks
    data = tags.get_data(next(tag for tag in _FILLS if tag in tags))
    paint = color or _paint(data, layer, document)
    linked = bool(data.get(b"Algn", True)) and not path.inverted
    if isinstance(paint, str) and not path.inverted:
        return _vector(path, paint)
    if not isinstance(paint, str) and paint["type"] == "gradient" and linked:
        return _vector(path, _around_stroke(paint, path, layer.stroke))
    mask = {"vector": [_shape(path, _WHITE)], "inverted": path.inverted}
    (width, height), (x, y) = layer._psd.size, document.at(0, 0)
    box = {"width": width, "height": height, "transform": {"x": x, "y": y}}
    return {"type": "raster", "source": {"color": paint}, **box, "masks": [mask]}


def _paint(data: Any, layer: Layer, document: Document) -> Fields | str:
    if data.get(b"Clr ") is not None:
        return descriptor_color(data.get(b"Clr "))
    if data.get(b"Ptrn") is not None:
        if float(data.get(b"Angl", 0)):
            raise _KeptError("its pattern is turned")
        x, y = layer.tagged_blocks.get_data(Tag.REFERENCE_POINT, (0, 0))
        pattern = pattern_fill(data, document, layer, (float(x), float(y)))
        if pattern is None:
            raise _KeptError("its pattern is not in the file")
        return pattern
    return _gradient(data)


def _around_stroke(gradient: Fields, path: ShapePath, stroke: Stroke | None) -> Fields:
    """A gradient of a path. With a stroke it spans half its width more, whatever its side (measured)."""
    if stroke is None or not stroke.enabled:
        return gradient
    half = _width(stroke) / 2
    left, top, right, bottom = path.box
    return respanned(gradient, (left - half, top - half, right + half, bottom + half), path.box)


def _gradient(data: Any) -> Fields:
    if data.get(b"Grad").get(b"Clrs") is None:
        raise _KeptError("its gradient is one of noise")
    return gradient_fill(data)


def _closed_stroke(path: ShapePath, stroke: Stroke) -> Fields:
    """A stroke along closed subpaths as an effect that follows the border of all they enclose."""
    fields = _line(stroke) | {
        "type": "stroke",
        "source": "outline",
        "size": _width(stroke),
        "position": _position(stroke),
        "join": stroke.line_join_type,
        "color": _line_paint(stroke),
    }
    if stroke.line_join_type != "miter":
        return fields
    _check_miters(path, stroke, _LONGEST_MITER)
    return fields | {"miter_limit": min(max(_miter_limit(stroke), 1.0), _LONGEST_MITER)}


def _open_stroke(layer: Layer, path: ShapePath, place: Placing, stroke: Stroke) -> Fields:
    """A stroke along subpaths of which some have ends."""
    if _position(stroke) != "center":
        raise _KeptError("a path with ends has a stroke to one side of it")
    if path.d != curves(layer, place):
        raise _KeptError("a path with ends has a stroke, and is put together with others")
    if stroke.line_join_type == "miter":
        _check_miters(path, stroke, _OPEN_MITER)
    line = {
        "color": _line_paint(stroke),
        "width": _width(stroke),
        "cap": stroke.line_cap_type,
        "join": stroke.line_join_type,
    }
    shape = {"type": "path", "d": curves(layer, place, ends=True), "stroke": line}
    return {"type": "vector", "shapes": [shape], **_line(stroke)}


def _position(stroke: Stroke) -> str:
    return _POSITIONS.get(stroke.line_alignment, "center")


def _line(stroke: Stroke) -> Fields:
    """How a stroke is mixed with what it lies on."""
    if len(stroke.line_dash_set or ()):
        raise _KeptError("its stroke is dashed")
    opacity = stroke.opacity
    return {
        "opacity": 1.0 if opacity is None else opacity / 100,
        "blend_mode": mode_name(stroke.blend_mode or BlendMode.NORMAL),
    }


def _line_paint(stroke: Stroke) -> Fields | str:
    data = stroke.content
    if data.get(b"Clr ") is not None:
        return descriptor_color(data.get(b"Clr "))
    if data.get(b"Grad") is None:
        raise _KeptError("its stroke is a pattern")
    return _gradient(data)


def _width(stroke: Stroke) -> float:
    """A stroke's width in pixels."""
    unit = getattr(stroke._data.get(b"strokeStyleLineWidth"), "unit", None)
    resolution = float(stroke._data.get(b"strokeStyleResolution", _POINTS))
    width = float(stroke.line_width) * (resolution / _POINTS if unit is Unit.Points else 1)
    if width > _WIDEST:
        raise _KeptError(f"its stroke is wider than {_WIDEST} pixels")
    return width


def _miter_limit(stroke: Stroke) -> float:
    return _ANY_MITER if stroke.miter_limit is None else float(stroke.miter_limit)


def _check_miters(path: ShapePath, stroke: Stroke, longest: float) -> None:
    """Refuse a corner whose miter Photoshop draws and compositions would cut off."""
    if longest < path.longest_miter <= _miter_limit(stroke):
        raise _KeptError(f"its stroke has miters longer than {longest:g} times half its width")


def _vector(path: ShapePath, paint: Fields | str) -> Fields:
    return {"type": "vector", "shapes": [_shape(path, paint)]}


def _shape(path: ShapePath, paint: Fields | str) -> Fields:
    return {"type": "path", "d": path.d, "fill": paint}


def _group(layers: list[Any]) -> Fields:
    return {"type": "group", "layers": layers}
