"""Layers drawn alone: the pixels that stand for a layer in a layered file, and its mask as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fills import PictureSource
from engines.image_core.composition.options import BlendIf
from engines.image_core.models import (
    GroupLayer,
    ImageComposition,
    Layer,
    LayerPath,
    Mask,
    RasterLayer,
    RasterSource,
)
from engines.image_core.numbers.fixed import to8
from engines.image_core.planning.entries import Compose, Coverage
from engines.image_core.planning.stacking import union
from engines.image_core.reference import evaluate_step
from engines.image_core.reference.pixels import coverage15
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.sources.reading import Store

__all__ = ["Drawing", "Grey", "Piece", "bare"]

U8 = NDArray[np.uint8]

_LARGEST_PICTURE = 4096  # pixels a side of a pattern


@dataclass(frozen=True, eq=False)
class Piece:
    """Pixels that lie on the canvas or around it: uint8, shape (height, width, 4), straight RGBA.

    cut: they reach as far as layers are drawn, and may go on beyond that.
    """

    left: int
    top: int
    pixels: U8
    cut: bool = False


@dataclass(frozen=True, eq=False)
class Grey:
    """A mask: uint8, shape (height, width), 255 = visible, and what is seen around it, 0 or 255."""

    left: int
    top: int
    pixels: U8
    around: int


def bare(layer: Layer, *but: str) -> Layer:
    """A layer that is drawn alone: shown, opaque, plainly blended, without masks, effects and clipping.

    Args:
        layer: any.
        but: fields that stay as they are.
    """
    fields = {
        "visible": True,
        "opacity": 1.0,
        "fill_opacity": 1.0,
        "blend_mode": BlendMode.NORMAL,
        "blend_if": BlendIf(),
        "channels": ("red", "green", "blue"),
        "clip": False,
        "mask": None,
        "masks": (),
        "knockout": "none",
        "effects": (),
        "blend_interior_effects": False,
        "transparency_shapes_layer": True,
        "blend_gamma": None,
    }
    has = type(layer).model_fields
    return layer.model_copy(update={k: v for k, v in fields.items() if k in has and k not in but})


class Drawing:
    """Draws layers of one composition alone.

    Args:
        composition: the composition.
        renderer: what draws.
        store: where asset ids and mask artifact ids are looked up.
    """

    def __init__(self, composition: ImageComposition, renderer: Renderer, store: Store | None) -> None:
        self.composition = composition
        self._renderer = renderer
        self._store = store

    def canvas(self) -> U8:
        """The whole picture: uint8, shape (height, width, 4), straight RGBA.

        Raises:
            SourceError: a source of any layer, shown or not, is missing, not allowed or damaged.
            CompositionError: it passes a limit of the renderer's.
            DeviceError: the GPU or its driver failed, and the backend was asked for by name.
        """
        self._renderer.plan(self._alone(_revealed(self.composition.layers)), self._store)
        return self._renderer.draw(self._renderer.plan(self.composition, self._store)).pixels

    def pieces(self, path: LayerPath, layers: Iterable[Layer]) -> Piece | None:
        """Layers drawn over nothing, as far as the canvas and one more around it on each side; None where
        there is nothing of them.

        Args:
            path: of one of them: the groups around it are those it lies in, which only move it.
            layers: bottom first.
        """
        width, height = self.composition.width, self.composition.height
        alone = tuple(layers)
        middle = self._renderer.plan(self._within(path, alone, 0, 0), self._store)
        parts: dict[tuple[int, int], U8] = {}
        for right, down in _tiles(alone, middle.plan.root):
            planned = middle
            if (right, down) != (0, 0):
                moved = self._within(path, alone, -right * width, -down * height)
                planned = self._renderer.plan(moved, self._store)
            if planned.plan.root.entries:
                pixels = self._renderer.draw(planned).pixels
                if pixels[..., 3].any():
                    parts[right, down] = pixels
        return _joined(parts, width, height)

    def picture(self, source: PictureSource) -> tuple[U8, bool]:
        """A picture as it is, straight RGBA, and whether it was too large to be had whole.

        Raises:
            SourceError: it is missing, not allowed or damaged.
        """
        layer = RasterLayer(type="raster", source=RasterSource(**source.model_dump()))
        side = {"width": _LARGEST_PICTURE, "height": _LARGEST_PICTURE}
        (entry,) = self._renderer.plan(self._alone((layer,), side), self._store).plan.root.entries
        width, height = entry.area.width, entry.area.height
        whole = self._alone((layer,), {"width": width, "height": height})
        pixels = self._renderer.draw(self._renderer.plan(whole, self._store)).pixels
        return pixels, max(width, height) == _LARGEST_PICTURE

    def mask(self, layer: Layer, masks: tuple[Mask, ...]) -> Grey:
        """What of a layer masks show together, in the pixels of the layer's parent, cropped.

        Raises:
            SourceError: a source is missing or damaged.
        """
        if any(mask.linked for mask in masks):
            masked = bare(layer).model_copy(update={"masks": masks, **_square(layer)})
        else:
            white = RasterSource(color="#ffffff")
            masked = RasterLayer(type="raster", source=white, name=layer.name, id=layer.id, masks=masks)
        alone = self._alone((masked,))
        entries = self._renderer.plan(alone, self._store).plan.root.entries
        shown = entries[0].mask if entries else None
        return Grey(0, 0, np.zeros((0, 0), np.uint8), 0) if shown is None else _cropped(shown)

    def _within(self, path: LayerPath, layers: tuple[Layer, ...], x: int, y: int) -> ImageComposition:
        """A composition of these layers, where the groups around them move them to, all moved by (x, y)."""
        for length in range(len(path) - 1, 0, -1):
            group = self._at(path[:length])
            assert isinstance(group, GroupLayer)
            layers = (GroupLayer(type="group", transform=group.transform, layers=layers),)
        if (x, y) != (0, 0):
            layers = (_moved(layers, x, y),)
        return self._alone(layers)

    def _alone(self, layers: tuple[Layer, ...], size: dict[str, int] | None = None) -> ImageComposition:
        changed = {"layers": layers, "background_color": "#00000000", **(size or {})}
        return self.composition.model_copy(update=changed)

    def _at(self, path: LayerPath) -> Layer:
        layer: Layer = self.composition.layers[path[0]]
        for index in path[1:]:
            assert isinstance(layer, GroupLayer)
            layer = layer.layers[index]
        return layer


def _tiles(layers: tuple[Layer, ...], canvas: Compose) -> list[tuple[int, int]]:
    """The canvas, and which of the eight of its size around it there may be something of the layers on.

    A picture's box, unlike letters and shapes, goes on beyond an edge only where it reaches that.

    canvas: what of them is planned on it.
    """
    across, down = [-1, 0, 1], [-1, 0, 1]
    if canvas.entries and all(isinstance(layer, RasterLayer) for layer in layers):
        area = union(entry.area for entry in canvas.entries)
        reached = (area.left <= 0, area.right >= canvas.width, area.top <= 0, area.bottom >= canvas.height)
        across = [
            side for side, there in zip((-1, 0, 1), (reached[0], True, reached[1]), strict=True) if there
        ]
        down = [side for side, there in zip((-1, 0, 1), (reached[2], True, reached[3]), strict=True) if there]
    return [(x, y) for y in down for x in across]


def _moved(layers: tuple[Layer, ...], x: int, y: int) -> GroupLayer:
    return GroupLayer.model_validate(
        {"type": "group", "transform": {"x": float(x), "y": float(y)}, "layers": layers}
    )


def _revealed(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Layers of which all show, with what they are masked by."""
    return tuple(
        bare(layer, "mask", "masks").model_copy(
            update={"layers": _revealed(layer.layers)} if isinstance(layer, GroupLayer) else {}
        )
        for layer in layers
    )


def _square(layer: Layer) -> dict[str, object]:
    """What makes a raster layer one without rounded corners, which are a mask too."""
    return {"corner_radius": 0.0, "border": None} if isinstance(layer, RasterLayer) else {}


def _joined(parts: dict[tuple[int, int], U8], width: int, height: int) -> Piece | None:
    """Pictures of the canvas and of what lies beside it as one, cropped to what there is of them."""
    if not parts:
        return None
    boxes = []
    for (right, down), pixels in parts.items():
        left, top, inner_right, inner_bottom = _box(pixels[..., 3] > 0)
        x, y = right * width, down * height
        boxes.append((left + x, top + y, inner_right + x, inner_bottom + y))
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right_most, lowest = max(box[2] for box in boxes), max(box[3] for box in boxes)
    whole = np.zeros((lowest - top, right_most - left, 4), np.uint8)
    for (x, y, right, bottom), ((tile_right, tile_down), pixels) in zip(boxes, parts.items(), strict=True):
        columns = slice(x - tile_right * width, right - tile_right * width)
        rows = slice(y - tile_down * height, bottom - tile_down * height)
        whole[y - top : bottom - top, x - left : right - left] = pixels[rows, columns]
    cut = left == -width or top == -height or right_most == 2 * width or lowest == 2 * height
    return Piece(left, top, whole, cut)


def _box(where: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is true, of which there is some."""
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _cropped(shown: Coverage) -> Grey:
    """A plane of a plan as a mask, without the rows and columns at its sides that are as what lies around."""
    plane, around = shown.plane, 255 if shown.inverted else 0
    found = coverage15(evaluate_step(plane), slice(0, plane.height), slice(0, plane.width))
    values: U8 = to8(found).astype(np.uint8)
    if not values.any():
        return Grey(0, 0, np.zeros((0, 0), np.uint8), around)
    left, top, right, bottom = _box(values > 0)
    values = values[top:bottom, left:right]
    grey = 255 - values if shown.inverted else values
    return Grey(shown.left + left, shown.top + top, grey, around)
