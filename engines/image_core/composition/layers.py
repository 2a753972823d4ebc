"""Layers, as they are written: pictures, text, drawings, groups and adjustments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag, model_validator

from engines.image_core.composition.adjustments import Adjustment, Adjustments
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.boxes import Border, CornerRadius
from engines.image_core.composition.codes import BarSymbol, Code, QrSymbol
from engines.image_core.composition.cropping import Crop, Focus, check_focus_fit
from engines.image_core.composition.fields import Side, exactly_one, tag
from engines.image_core.composition.layer_base import LayerBase, PlacedLayer
from engines.image_core.composition.shapes import Shape
from engines.image_core.composition.sources import RasterSource, Transform
from engines.image_core.composition.text_layers import TextLayer
from engines.image_core.composition.tiling import Tiling
from engines.image_core.composition.type import DEFAULT_LANGUAGE, Fonts, Language
from engines.image_core.composition.warps import Warp

__all__ = [
    "PASS_THROUGH",
    "AdjustmentLayer",
    "GroupLayer",
    "Layer",
    "LayerPath",
    "RasterLayer",
    "TextLayer",
    "VectorLayer",
    "check_clips",
    "check_passes_through",
    "clip_runs",
    "layer_label",
]

LayerPath = tuple[int, ...]
"""Where a layer sits: (2, 0) is the first child of the third layer."""


class RasterLayer(PlacedLayer):
    """A picture or a paint.

    With a fit, the picture is brought into a box of width x height (a missing side follows the picture's
    proportions, both missing is the canvas): cover crops, contain leaves margins, fill stretches. A paint
    fills width x height, by default the canvas.

    A `crop` is a box of the picture, [x0, y0, x1, y1], that is taken before all else: the layer is as if the
    file had been cropped. The `focus` is what cover keeps in view, its middle as near to the middle of the
    box as the picture allows, and contain aligns.

    With a `tile` the picture is repeated over a box of width x height (a missing side is the canvas's), or
    without an end where neither is given.

    `corner_radius` rounds the corners of the box, in its own pixels, as CSS does: radii that do not fit are
    scaled down together. What is cut off is no part of the layer's shape.

    A `warp` says where a picture's box goes, by its four corners or by a mesh, instead of the transform.
    """

    type: Literal["raster"] = tag("raster")
    blend_mode: BlendMode = BlendMode.NORMAL
    source: RasterSource
    fit: Literal["none", "cover", "contain", "fill"] = "none"
    width: Side | None = None
    height: Side | None = None
    focus: Focus = "center"
    crop: Crop | None = None
    tile: Tiling | None = None
    corner_radius: CornerRadius = 0.0
    border: Border | None = None
    warp: Warp | None = None

    @property
    def radii(self) -> tuple[float, float, float, float]:
        """Of the top left, top right, bottom right and bottom left corner."""
        given = self.corner_radius
        return given if isinstance(given, tuple) else (given, given, given, given)

    def _without_outline(self) -> str | None:
        return "of type raster, which is drawn of pixels"

    @model_validator(mode="after")
    def _check(self) -> Self:
        paint = self.source.color is not None
        if paint and self.fit != "none":
            raise ValueError("fit is for pictures; a color source fills its width and height")
        if self.tile is not None:
            check_tile(self)
        elif not paint and self.fit == "none" and (self.width is not None or self.height is not None):
            raise ValueError("width and height of a picture need fit cover, contain or fill, or a tile")
        if paint and self.crop is not None:
            raise ValueError("crop is for pictures; a color source has no pixels to crop")
        check_focus_fit(self.focus, self.fit)
        if self.warp is not None:
            check_warp(self)
        return self


def check_tile(layer: RasterLayer) -> None:
    """Refuse a tile beside what has no place in it."""
    if layer.source.color is not None:
        raise ValueError("tile is for pictures; a color source fills its width and height")
    if layer.fit != "none":
        raise ValueError(
            f"a layer with a tile takes no fit (given: {layer.fit!r}): the tile has its own size"
        )
    if layer.warp is not None:
        raise ValueError("a layer with a tile takes no warp")


def check_warp(layer: RasterLayer) -> None:
    """Refuse a warp beside what has no place in it."""
    if layer.source.color is not None:
        raise ValueError("warp is for pictures; a color source is placed by its transform")
    beside = {
        "a transform (move the warp's points)": layer.transform != Transform(),
        "a corner_radius": any(layer.radii),
        "a border": layer.border is not None,
        "filters with edges (give them to a group around it)": layer.edged,
        "a linked mask (give one that is not linked)": any(mask.linked for mask in layer.all_masks),
    }
    refused = next((name for name, given in beside.items() if given), None)
    if refused is not None:
        raise ValueError(f"a layer with a warp takes no {refused.removeprefix('a ')}")


class VectorLayer(PlacedLayer):
    """A drawing: an SVG document, shapes painted in order, or a code that machines read.

    `width` and `height` size an SVG (a missing side follows its proportions, both missing is its own size)
    and a code (a QR code needs one of them, a barcode both); the box of shapes is the canvas.

    The text of an SVG is drawn in `fonts`, by default the built-in family, and what it shows by its
    systemLanguage goes by `language`."""

    type: Literal["vector"] = tag("vector")
    blend_mode: BlendMode = BlendMode.NORMAL
    svg: Annotated[str, Strict(), Field(min_length=1)] | None = None
    shapes: Annotated[tuple[Shape, ...], Field(min_length=1)] | None = None
    code: Code | None = None
    width: Side | None = None
    height: Side | None = None
    fonts: Fonts | None = None
    language: Language = DEFAULT_LANGUAGE

    def _without_outline(self) -> str | None:
        return super()._without_outline() if self.svg is None else "of an svg, which is drawn of pixels"

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "svg", "shapes", "code")
        if self.shapes is not None and (self.width is not None or self.height is not None):
            raise ValueError("width and height size an svg or a code; shapes have their own coordinates")
        if self.svg is None and (self.fonts is not None or self.language != DEFAULT_LANGUAGE):
            raise ValueError("fonts and language are for the text of an svg; shapes and codes have none")
        if isinstance(self.code, QrSymbol) and self.width is None and self.height is None:
            raise ValueError(f"a {self.code.type} code needs a width")
        if isinstance(self.code, BarSymbol) and (self.width is None or self.height is None):
            raise ValueError(f"a {self.code.type} code needs a width and a height")
        return self


class AdjustmentLayer(LayerBase):
    """A change of the colour of all that lies below it in its group (of its base, with `clip`); alpha stays.

    The adjusted colour is blended with what it was, by the mode and opacity, where the mask shows. Layers
    that are clipped to it lie on the adjusted colour.
    """

    type: Literal["adjustment"] = tag("adjustment")
    adjust: Adjustment
    blend_mode: BlendMode = BlendMode.NORMAL


def check_clips(layers: tuple[LayerBase, ...]) -> tuple[LayerBase, ...]:
    """Refuse a clipped layer at the bottom of a stack."""
    if layers and layers[0].clip:
        bottom = layers[0]
        name = repr(bottom.name or bottom.id or 0)
        raise ValueError(f"layer {name} has clip and no layer below it to be clipped to")
    return layers


def check_passes_through(group: GroupLayer) -> None:
    """Refuse what a group that passes its backdrop through cannot do with it."""
    wanted = {"adjustments": Adjustments(), "filters": (), "knockout": "none", "transform": Transform()}
    for field, default in wanted.items():
        if getattr(group, field) != default and not (field == "transform" and _moves(group.transform)):
            told = "is only moved by whole pixels" if field == "transform" else f"takes no {field}"
            raise ValueError(f"a group with blend_mode 'pass-through' {told}: give it another blend_mode")


def _moves(transform: Transform) -> bool:
    """Whether a transform moves by whole pixels and does nothing else; of percentages that is seen later."""
    moved = transform.model_copy(update={"x": 0.0, "y": 0.0})
    return moved == Transform() and all(
        isinstance(place, str) or place.is_integer() for place in (transform.x, transform.y)
    )


PASS_THROUGH: Literal["pass-through"] = "pass-through"


def _group_blend_tag(value: Any) -> str:
    return PASS_THROUGH if value == PASS_THROUGH else "a blend mode"


GroupBlend = Annotated[
    Annotated[BlendMode, Tag("a blend mode")] | Annotated[Literal["pass-through"], Tag(PASS_THROUGH)],
    Discriminator(_group_blend_tag),
]
"""A blend mode, or "pass-through"."""


class GroupLayer(PlacedLayer):
    """Layers composited in isolation (over transparency), then placed and blended as one layer. The group's
    box is the canvas.

    With the mode "pass-through" its layers are composited onto what lies below the group, as if they were not
    in one; what has become of it is mixed back by the group's opacity and mask. Such a group has no pixels of
    its own: it takes no adjustments and no filters, and is only moved by whole pixels.
    """

    type: Literal["group"] = tag("group")
    blend_mode: GroupBlend = BlendMode.NORMAL
    layers: Annotated[tuple[Layer, ...], AfterValidator(check_clips)]

    def _without_outline(self) -> str | None:
        return "of type group, which is put together of pixels"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.blend_mode == PASS_THROUGH:
            check_passes_through(self)
        return self

    @property
    def through(self) -> bool:
        """Whether its mode passes the backdrop through. With layers clipped to it, it is isolated still."""
        return self.blend_mode == PASS_THROUGH


Layer = Annotated[
    RasterLayer | TextLayer | VectorLayer | GroupLayer | AdjustmentLayer, Field(discriminator="type")
]
GroupLayer.model_rebuild()


def layer_label(path: LayerPath, layer: LayerBase | None = None) -> str:
    """How messages name a layer: `layer "headline" (layers[3])`, or `layers[3]` when it has no name or id."""
    place = ".".join(f"layers[{index}]" for index in path)
    title = layer and (layer.name or layer.id)
    return f"layer {title!r} ({place})" if title else place


def clip_runs(layers: Sequence[Layer]) -> Iterator[list[tuple[int, Layer]]]:
    """Each base with the layers that are clipped to it, bottom first, by their indices; most are alone."""
    run: list[tuple[int, Layer]] = []
    for index, layer in enumerate(layers):
        if run and not layer.clip:
            yield run
            run = []
        run.append((index, layer))
    if run:
        yield run
