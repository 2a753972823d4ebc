"""Smart objects: what is in them, where they lie, and what is put in its place.

Source: psd-tools and the documentation of ag-psd list the keys of the descriptors, SoLd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psd_tools.api.layers import Layer
from psd_tools.constants import Tag

from engines.image_core.errors import CompositionError
from engines.image_core.psd.changes import Picture
from engines.image_core.psd.document import Document, Fields
from engines.image_core.sources.psd.parts import document_files
from engines.image_core.sources.vector.svg import svg_size

__all__ = ["SmartObject", "not_drawn", "placed", "smart_object"]

Point = tuple[float, float]

_NO_WARP = "none"


@dataclass(frozen=True)
class SmartObject:
    """The file in a smart object, and where it lies.

    Attributes:
        uuid: what copies of it have in common.
        filename: the name of the file in it.
        embedded: whether the file is in the PSD file, and not beside it.
        width, height: its own size in pixels.
        corners: where its top-left, top-right, bottom-right and bottom-left corner lie on the canvas, before
            it is warped.
        warp: how it is warped: none, custom (by a mesh), or the name of one of Photoshop's shapes.
        mesh: of a mesh, how many patches it has side by side and below each other, and its control points on
            the canvas, row by row; None without.
        filters: how many smart filters it has.
    """

    uuid: str
    filename: str
    embedded: bool
    width: float
    height: float
    corners: tuple[Point, Point, Point, Point]
    warp: str = _NO_WARP
    mesh: tuple[int, int, tuple[Point, ...]] | None = None
    filters: int = 0

    @property
    def upright(self) -> bool:
        """Whether it is neither turned nor sheared nor warped."""
        (left, top), (right, _), (_, bottom), _ = self.corners
        box = (left, top), (right, top), (right, bottom), (left, bottom)
        return self.mesh is None and self.corners == box and right > left and bottom > top

    @property
    def stretched(self) -> bool:
        """Whether its proportions are not those of the file in it, by half a pixel or more."""
        if not self.upright or min(self.width, self.height) <= 0:
            return False
        (left, top), _, (right, bottom), _ = self.corners
        across, down = (right - left) / self.width, (bottom - top) / self.height
        return abs(across - down) * max(self.width, self.height) >= 0.5


def smart_object(layer: Layer, document: Document) -> SmartObject | None:
    """What is told of a layer's smart object; None of other layers, and where the file does not say it."""
    settings = _settings(layer)
    if settings is None:
        return None
    corners = _corners(settings, document)
    size = settings.get(b"Sz  ")
    if corners is None or size is None:
        return None
    width, height = float(size.get(b"Wdth")), float(size.get(b"Hght"))
    warp, mesh = _warp(settings, corners)
    uuid = str(getattr(settings.get(b"Idnt"), "value", "")).rstrip("\0")
    file = next((file for file in document_files(document.image) if file.uuid == uuid), None)
    name = "" if file is None else file.filename.rstrip("\0")
    return SmartObject(
        uuid,
        name,
        bool(file is not None and file.data),
        width,
        height,
        corners,
        warp,
        mesh,
        _filters(settings),
    )


def placed(smart: SmartObject, picture: Picture, layer: Layer, document: Document) -> Fields:
    """A picture in the place of what is in a smart object.

    Args:
        smart: the smart object.
        picture: the picture, brought into the smart object's box.
        layer: the smart object's layer, for notes.
        document: the file.

    Raises:
        CompositionError: it is a drawing, and the smart object is turned, sheared or warped.
    """
    for note in not_drawn(smart):
        document.note(layer, note)
    (left, top), _, (right, bottom), _ = smart.corners
    if picture.svg is not None:
        if not smart.upright:
            raise CompositionError(
                f"images: layer {layer.name!r} is turned or warped: allowed are pictures of pixels, no SVG"
            )
        return _drawing(picture.svg, picture.fit, (left, top, right - left, bottom - top), layer.name)
    fields: Fields = {"type": "raster", "source": picture.source, "fit": picture.fit}
    if smart.upright:
        return fields | {"width": right - left, "height": bottom - top, "transform": {"x": left, "y": top}}
    fields |= {"width": smart.width, "height": smart.height}
    if smart.mesh is None:
        return fields | {"warp": {"type": "corners", "points": smart.corners}}
    columns, rows, points = smart.mesh
    return fields | {"warp": {"type": "mesh", "columns": columns, "rows": rows, "points": points}}


def not_drawn(smart: SmartObject) -> tuple[str, ...]:
    """What of a smart object is not drawn on what is put in its place, in short sentences."""
    notes = []
    if smart.filters:
        notes.append("its smart filters are not drawn on what is put in its place")
    if smart.mesh is None and smart.warp != _NO_WARP:
        notes.append(f"its warp {smart.warp!r} is not drawn on what is put in its place")
    return tuple(notes)


def _drawing(svg: str, fit: str, box: tuple[float, float, float, float], name: str) -> Fields:
    """An SVG in a box: left, top, width, height. What covers it is cut off at its edges."""
    left, top, width, height = box
    own_width, own_height = map(float, svg_size(svg, f"images: {name!r}"))
    across, down = width / own_width, height / own_height
    if fit != "fill":
        across = down = max(across, down) if fit == "cover" else min(across, down)
    size = {"width": own_width * across, "height": own_height * down}
    x, y = left + (width - size["width"]) / 2, top + (height - size["height"]) / 2
    window = {"type": "rect", "x": left, "y": top, "width": width, "height": height, "fill": "#ffffff"}
    drawing = {"type": "vector", "svg": svg, **size, "transform": {"x": x, "y": y}}
    return {"type": "group", "layers": [drawing | {"mask": {"vector": [window]}}]}


def _settings(layer: Layer) -> Any:
    """The descriptor of a smart object: that of today's versions of Photoshop."""
    for tag in (Tag.SMART_OBJECT_LAYER_DATA1, Tag.SMART_OBJECT_LAYER_DATA2):
        if tag in layer.tagged_blocks:
            return layer.tagged_blocks.get_data(tag).data
    return None


def _corners(settings: Any, document: Document) -> tuple[Point, Point, Point, Point] | None:
    stored = settings.get(b"nonAffineTransform") or settings.get(b"Trnf")
    if stored is None or len(stored) != 8:
        return None
    numbers = [round(float(number), 6) for number in stored]  # of 25.000000000000004 the last digit is noise
    a, b, c, d = (document.at(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
    return a, b, c, d


def _filters(settings: Any) -> int:
    effects = settings.get(b"filterFX")
    listed = [] if effects is None else effects.get(b"filterFXList") or []
    return sum(bool(effect.get(b"enab", True)) for effect in listed)


def _warp(settings: Any, corners: Sequence[Point]) -> tuple[str, tuple[int, int, tuple[Point, ...]] | None]:
    """The name of a warp, and its mesh on the canvas where it has one.

    The corners are those of the box around the mesh's control points, as Photoshop's own files show.
    """
    warp = settings.get(b"quiltWarp") or settings.get(b"warp")
    style = _NO_WARP if warp is None else warp.get(b"warpStyle").enum.decode("ascii")
    name = style.removeprefix("warp").lower()
    envelope = None if warp is None else warp.get(b"customEnvelopeWarp")
    if envelope is None or name != "custom":
        return name, None
    mesh = envelope.get(b"meshPoints")
    across, down = ([float(value) for value in mesh.get(key)] for key in (b"Hrzn", b"Vrtc"))
    left, top, right, bottom = min(across), min(down), max(across), max(down)
    if right <= left or bottom <= top:
        return name, None
    columns = _patches(warp, b"deformNumCols")
    rows = _patches(warp, b"deformNumRows")
    within = [
        ((x - left) / (right - left), (y - top) / (bottom - top)) for x, y in zip(across, down, strict=True)
    ]
    if _is_even(within, columns, rows):
        return _NO_WARP, None
    return name, (columns, rows, tuple(map(_Projection(corners), *zip(*within, strict=True))))


def _is_even(points: Sequence[Point], columns: int, rows: int) -> bool:
    """Whether a mesh, in fractions of its box, changes nothing."""
    across, down = 3 * columns + 1, 3 * rows + 1
    even = ((x / (across - 1), y / (down - 1)) for y in range(down) for x in range(across))
    return all(abs(x - u) < 0.001 and abs(y - v) < 0.001 for (x, y), (u, v) in zip(points, even, strict=True))


def _patches(warp: Any, key: bytes) -> int:
    """How many patches a mesh has: of four control points the first and the last are shared."""
    count = warp.get(key)
    return 1 if count is None else (int(count) - 1) // 3


class _Projection:
    """The projective map of the unit square onto four corners (Heckbert, "Fundamentals of Texture Mapping and
    Image Warping", 1989, section 2.2.3)."""

    def __init__(self, corners: Sequence[Point]) -> None:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
        sum_x, sum_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
        across_x, across_y, down_x, down_y = x1 - x2, y1 - y2, x3 - x2, y3 - y2
        area = across_x * down_y - down_x * across_y
        self._g = (sum_x * down_y - down_x * sum_y) / area if area else 0.0
        self._h = (across_x * sum_y - sum_x * across_y) / area if area else 0.0
        self._x = x1 - x0 + self._g * x1, x3 - x0 + self._h * x3, x0
        self._y = y1 - y0 + self._g * y1, y3 - y0 + self._h * y3, y0

    def __call__(self, u: float, v: float) -> Point:
        scale = self._g * u + self._h * v + 1
        x, y = ((a * u + b * v + c) / scale for a, b, c in (self._x, self._y))
        return x, y
