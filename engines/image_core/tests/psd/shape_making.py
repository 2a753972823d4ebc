"""Photoshop's shapes, made of psd-tools' own structures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage
from psd_tools.api.layers import Layer
from psd_tools.constants import Tag
from psd_tools.psd import descriptor as told
from psd_tools.psd import vector
from psd_tools.psd.tagged_blocks import TaggedBlock
from psd_tools.terminology import Unit

from engines.image_core import Renderer
from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.shapes import shape_fields
from engines.image_core.tests.composing import composed

__all__ = [
    "COMBINE",
    "EXCLUDE",
    "INTERSECT",
    "RED",
    "SAME",
    "SUBTRACT",
    "alpha",
    "descriptor",
    "gradient",
    "line",
    "oblong",
    "opened",
    "shape",
    "solid",
    "subpath",
]  # fmt: skip

SIZE = WIDTH, HEIGHT = 64, 48
EXCLUDE, COMBINE, SUBTRACT, INTERSECT, SAME = 0, 1, 2, 3, -1
RED = "#ff0000"


def subpath(points: Sequence[tuple[float, float]], operation: int = COMBINE, *, closed: bool = True) -> Any:
    """Straight lines through points of the canvas."""
    places = [(y / HEIGHT, x / WIDTH) for x, y in points]
    knot = vector.ClosedKnotUnlinked if closed else vector.OpenKnotUnlinked
    kind = vector.ClosedPath if closed else vector.OpenPath
    return kind([knot(place, place, place) for place in places], operation=operation)


def oblong(left: float, top: float, right: float, bottom: float, operation: int = COMBINE) -> Any:
    """A rectangle by its edges."""
    return subpath([(left, top), (right, top), (right, bottom), (left, bottom)], operation)


def descriptor(**values: Any) -> Any:
    """A descriptor; names are its keys, four letters long where they are shorter."""
    made = told.DescriptorBlock(classID=b"null")
    for name, value in values.items():
        made[name.ljust(4).encode()] = value
    return made


def solid(red: float = 255, green: float = 0, blue: float = 0) -> Any:
    """A fill of one colour."""
    color = {"Rd": told.Double(red), "Grn": told.Double(green), "Bl": told.Double(blue)}
    return descriptor(Clr=descriptor(**color))


def gradient(**values: Any) -> Any:
    """A linear gradient from black to white, from left to right."""
    ends = (0, 0), (4096, 255)
    stops = [
        descriptor(Lctn=told.Integer(at), Mdpn=told.Integer(50), Clr=solid(level, level, level)[b"Clr "])
        for at, level in ends
    ]
    shown = [
        descriptor(Lctn=told.Integer(at), Mdpn=told.Integer(50), Opct=told.Double(100)) for at, _ in ends
    ]
    colors = descriptor(Clrs=told.List(stops), Trns=told.List(shown), Intr=told.Double(4096))
    return descriptor(Grad=colors, Type=told.Enumerated(b"GrdT", b"Lnr "), **values)


def line(width: float = 2, side: str = "Inside", *, content: Any = None, **values: Any) -> Any:
    """A stroke along a path: blue, if no other content is given."""
    given = {
        "strokeEnabled": told.Bool(True),
        "fillEnabled": told.Bool(True),
        "strokeStyleLineWidth": told.UnitFloat(value=width, unit=Unit.Pixels),
        "strokeStyleLineAlignment": told.Enumerated(b"", f"strokeStyleAlign{side}".encode()),
        "strokeStyleContent": solid(0, 0, 255) if content is None else content,
    }
    made = told.DescriptorBlock2(classID=b"strokeStyle")
    for name, value in (given | values).items():
        made[name.encode()] = value
    return made


def shape(*subpaths: Any, fill: Any = None, stroke: Any = None, aligned: bool = False) -> Layer:
    """A layer with a path and a fill, red if no other is given."""
    image = PSDImage.new("RGB", SIZE)
    layer = image.create_pixel_layer(Image.new("RGBA", SIZE, RED))
    path = vector.Path([vector.PathFillRule(), vector.InitialFillRule(0), *subpaths])
    blocks = {
        Tag.VECTOR_MASK_SETTING1: vector.VectorMaskSetting(path=path),
        Tag.SOLID_COLOR_SHEET_SETTING: solid() if fill is None else fill,
        **({} if stroke is None else {Tag.VECTOR_STROKE_DATA: stroke}),
    }
    for tag, data in blocks.items():
        layer.tagged_blocks[tag] = TaggedBlock(key=tag, data=data)
    if aligned:
        layer.tagged_blocks.set_data(Tag.USING_ALIGNED_RENDERING, 1)
    return layer


def opened(
    layer: Layer, color: str | None = None, origin: tuple[int, int] = (0, 0)
) -> tuple[Fields | None, str]:
    """What a shape comes to, and what is noted of it."""
    document = Document(layer._psd, {"path": "a.psd"}, origin)
    fields = shape_fields(layer, document, color)
    return fields, "; ".join(document.notes(layer))


def alpha(fields: Fields | None) -> NDArray[np.uint8]:
    """What a layer covers of the canvas, uint8, shape (48, 64)."""
    assert fields is not None
    return Renderer("numpy").render(composed(fields, size=SIZE)).pixels[..., 3]
