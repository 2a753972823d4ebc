"""Compositions as Python writes them: short names that make the very models that JSON is read into.

    card = Composition.canvas(1200, 630, background_color="#101820").add(
        Picture("photo.jpg", fit="cover"),
        Text("Hi", size=72, color="#ffffff", x=600, y=315, anchor="center"),
    )

The main argument comes first, by place; all others are fields of the layer's model by their names, checked as
those of JSON are. Fields of `Transform` (x, y, scale, scale_y, rotation, anchor) may stand among them.
"""

from __future__ import annotations

from os import PathLike
from typing import Any, TypeAlias

from engines.image_core.composition.adjustments import AnyAdjustment
from engines.image_core.composition.codes import BarSymbol, QrSymbol
from engines.image_core.composition.shapes import (
    EllipseShape,
    GradientFill,
    LinearGradient,
    LineShape,
    PathShape,
    PatternFill,
    PolygonShape,
    RadialGradient,
    RectShape,
)
from engines.image_core.composition.type import TextRun
from engines.image_core.errors import CompositionError
from engines.image_core.models import (
    AdjustmentLayer,
    GroupLayer,
    ImageComposition,
    RasterLayer,
    RasterSource,
    TextLayer,
    Transform,
    VectorLayer,
)

__all__ = [
    "Adjustment",
    "Barcode",
    "Composition",
    "Fill",
    "Group",
    "Picture",
    "QrCode",
    "Shape",
    "Svg",
    "Text",
]

Composition = ImageComposition

AnyLayer: TypeAlias = RasterLayer | TextLayer | VectorLayer | GroupLayer | AdjustmentLayer
AnyShape: TypeAlias = RectShape | EllipseShape | PolygonShape | PathShape | LineShape
AnyCode: TypeAlias = QrSymbol | BarSymbol
AnyPaint: TypeAlias = str | LinearGradient | RadialGradient | GradientFill | PatternFill


def Text(text: str | TextRun, /, *runs: TextRun, **fields: Any) -> TextLayer:
    """A text; or runs of text, each with a style of its own.

    Args:
        text: what is written, or the first run.
        runs: more runs.
        fields: those of `TextLayer` and `Transform`, such as size, weight, color, x and y.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    if isinstance(text, str) and not runs:
        return TextLayer(text=text, **_placed("Text", fields))
    styled = tuple(TextRun(text=run) if isinstance(run, str) else run for run in (text, *runs))
    for run in styled:
        if not isinstance(run, TextRun):
            raise CompositionError(f"Text: {run!r:.60} is not allowed: allowed is a string or a TextRun")
    return TextLayer(runs=styled, **_placed("Text", fields))


def Picture(source: str | PathLike[str] | RasterSource | Any, /, **fields: Any) -> RasterLayer:
    """A picture.

    Args:
        source: a path below the renderer's root; what `RasterSource.array` takes, such as a NumPy array or a
            PIL image; or a `RasterSource`.
        fields: those of `RasterLayer` and `Transform`, such as fit, width, corner_radius, x and y.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    made = source if isinstance(source, RasterSource) else RasterSource.of(source)
    return RasterLayer(source=made, **_placed("Picture", fields))


def Fill(paint: AnyPaint, /, **fields: Any) -> RasterLayer:
    """A colour, a gradient or a pattern that fills a box, by default the canvas.

    Args:
        paint: a colour, or the model of another paint.
        fields: those of `RasterLayer` and `Transform`, such as width, height, blend_mode, x and y.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    return RasterLayer(source=RasterSource(color=paint), **_placed("Fill", fields))


def Shape(*shapes: AnyShape, **fields: Any) -> VectorLayer:
    """Shapes, painted in order.

    Args:
        shapes: such as `RectShape(x=0, y=0, width=80, height=40, fill="#ff7a45")`.
        fields: those of `VectorLayer` and `Transform`.

    Raises:
        CompositionError: there is no shape, a field is not there, or its value is not allowed.
    """
    return VectorLayer(shapes=shapes, **_placed("Shape", fields))


def Svg(svg: str, /, **fields: Any) -> VectorLayer:
    """A drawing.

    Args:
        svg: the text of an SVG document.
        fields: those of `VectorLayer` and `Transform`, such as width, x and y.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    return VectorLayer(svg=svg, **_placed("Svg", fields))


def QrCode(data: str, /, **fields: Any) -> VectorLayer:
    """A QR code.

    Args:
        data: what is read from it, such as an address of the web.
        fields: those of the code, such as error_correction, color and background, and those of `VectorLayer`
            and `Transform`, such as width, x and y.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    return _coded("QrCode", QrSymbol, {"data": data}, fields)


def Barcode(type: str, data: str, /, **fields: Any) -> VectorLayer:
    """A barcode.

    Args:
        type: code128, ean13, ean8 or upca.
        data: what is read from it.
        fields: those of the code, such as color and quiet_zone, and those of `VectorLayer` and `Transform`,
            such as width, height, x and y.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    return _coded("Barcode", BarSymbol, {"type": type, "data": data}, fields)


def Group(*layers: AnyLayer, **fields: Any) -> GroupLayer:
    """Layers, the lowest first, as one.

    Args:
        layers: what is in it.
        fields: those of `GroupLayer` and `Transform`, such as opacity, mask, x and y.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    return GroupLayer(layers=layers, **_placed("Group", fields))


def Adjustment(adjust: AnyAdjustment, /, **fields: Any) -> AdjustmentLayer:
    """A change of the colour of all that lies below.

    Args:
        adjust: such as `Exposure(exposure=-1.0)`.
        fields: those of `AdjustmentLayer`, such as opacity and mask.

    Raises:
        CompositionError: a field is not there, or its value is not allowed.
    """
    return AdjustmentLayer(adjust=adjust, **fields)


def _coded(name: str, model: type[AnyCode], given: dict[str, Any], fields: dict[str, Any]) -> VectorLayer:
    """A layer of a code, whose own fields stand among the layer's."""
    own = {field: fields.pop(field) for field in model.model_fields if field in fields}
    return VectorLayer(code=model(**{**own, **given}), **_placed(name, fields))


def _placed(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with those of a transform in one."""
    place = {field: fields.pop(field) for field in Transform.model_fields if field in fields}
    if place and "transform" in fields:
        raise CompositionError(f"{name}: give either transform or {', '.join(place)}, not both")
    return {**fields, "transform": Transform(**place)} if place else fields
