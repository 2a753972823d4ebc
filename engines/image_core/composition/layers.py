"""Layers, as they are written: pictures, text, drawings, groups and adjustments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag, model_validator

from engines.image_core.composition.adjustments import Adjustment, Adjustments
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.boxes import Border, CornerRadius
from engines.image_core.composition.effects import BackdropBlur, Effect, check_effects
from engines.image_core.composition.fields import Flag, Length, Model, Unit, between, exactly_one
from engines.image_core.composition.filters import Filter, check_filters
from engines.image_core.composition.masks import Mask
from engines.image_core.composition.options import BlendIf, Channels, Knockout
from engines.image_core.composition.shapes import Paint, Shape
from engines.image_core.composition.sources import Font, RasterSource, Transform
from engines.image_core.runtime.limits import MAX_MASKS, MAX_TEXT

__all__ = [
    "PASS_THROUGH",
    "AdjustmentLayer",
    "GroupLayer",
    "Layer",
    "LayerBase",
    "LayerPath",
    "PlacedLayer",
    "RasterLayer",
    "TextLayer",
    "VectorLayer",
    "check_clips",
    "clip_runs",
    "layer_label",
]

LayerPath = tuple[int, ...]
"""Where a layer sits: (2, 0) is the first child of the third layer."""


BlendGamma = Annotated[float, Strict(), AfterValidator(between(1, 2.2))]

PLANNED = frozenset(
    {
        "id", "name", "visible", "opacity", "fill_opacity", "blend_mode", "blend_if", "channels", "knockout",
        "clip", "adjustments", "filters", "effects", "blend_interior_effects", "transparency_shapes_layer",
        "blend_gamma", "mask", "masks", "corner_radius", "border",
    }
)  # fmt: skip
"""Fields that what a layer draws does not depend on: the plan applies them, or they only name it."""


class LayerBase(Model):
    """The fields every layer has.

    With `clip`, a layer shows only where the nearest layer below it that has no `clip` does: its base, which
    it is blended into before both are blended as one, by the base's mode and opacity.

    `fill_opacity` fades a layer as `opacity` does, but in eight modes it makes its colour's effect milder
    instead. Of `channels` that are not named, the backdrop's stay. `blend_if` shows a layer by values.
    """

    id: str | None = None
    name: str | None = None
    visible: Flag = True
    opacity: Unit = 1.0
    fill_opacity: Unit = 1.0
    channels: Channels = ("red", "green", "blue")
    blend_if: BlendIf = BlendIf()
    clip: Flag = False
    mask: Mask | None = None
    masks: Annotated[tuple[Mask, ...], Field(max_length=MAX_MASKS)] = ()

    @model_validator(mode="after")
    def _check_masks(self) -> Self:
        if self.mask is not None and self.masks:
            raise ValueError("give either mask or masks, not both")
        return self

    @property
    def all_masks(self) -> tuple[Mask, ...]:
        """The mask or the masks."""
        return self.masks if self.mask is None else (self.mask,)

    @property
    def held_to_canvas(self) -> bool:
        """Whether a mask of it covers the canvas, beyond which nothing of it shows."""
        return bool(self.all_masks)


class PlacedLayer(LayerBase):
    """The fields of every layer that draws something of its own.

    With a `knockout` its shape is cut out of all that its group has drawn below it (shallow) or that is below
    it up to the canvas's background or an isolated group's bottom (deep), and it lies on what is there then.

    With `blend_interior_effects` overlays, satin and inner glows are blended with the layer first, and then
    all of it by the layer's mode and fill. Without `transparency_shapes_layer` its effects are those of what
    its masks show of the whole canvas, whatever its own transparency.

    With a `blend_gamma` it is mixed with what lies below by light to the power 1 / gamma: at 1 by light, at
    1.45 as Photoshop mixes live text, at 2.2 about as sRGB's own values are.
    """

    knockout: Knockout = "none"
    transform: Transform = Transform()
    adjustments: Adjustments = Adjustments()
    filters: Annotated[tuple[Filter, ...], AfterValidator(check_filters)] = ()
    effects: Annotated[tuple[Effect, ...], AfterValidator(check_effects)] = ()
    blend_interior_effects: Flag = False
    transparency_shapes_layer: Flag = True
    blend_gamma: BlendGamma | None = None

    @model_validator(mode="after")
    def _check_blending(self) -> Self:
        if self.blend_gamma is not None:
            check_gamma(self)
        if self.knockout != "none" and any(isinstance(effect, BackdropBlur) for effect in self.effects):
            raise ValueError(
                f"knockout {self.knockout!r} is not allowed with a backdrop-blur: it cuts out what that shows"
            )
        return self

    @property
    def held_to_canvas(self) -> bool:
        """Whether a mask of it covers the canvas, as those do that are not linked to the layer."""
        return not all(mask.linked for mask in self.all_masks)

    def drawing(self, *but: str) -> dict[str, Any]:
        """All that decides what the layer draws, as JSON holds it: every field that is not in `PLANNED`.

        What is at its default is left out: a field added later changes no hash of what does not use it.

        Args:
            but: fields that the caller accounts for in another way.
        """
        return self.model_dump(mode="json", exclude={*PLANNED, *but}, exclude_defaults=True)


def check_gamma(layer: PlacedLayer) -> None:
    """Refuse a blend_gamma beside what says otherwise how the layer is mixed."""
    mode = getattr(layer, "blend_mode", BlendMode.NORMAL)
    if mode != BlendMode.NORMAL:
        raise ValueError(f"blend_gamma is for blend_mode normal (given: {str(mode)!r})")
    if layer.blend_if != BlendIf() or layer.knockout != "none":
        raise ValueError("a layer with blend_gamma takes neither blend_if nor knockout")


class RasterLayer(PlacedLayer):
    """A picture or a paint.

    With a fit, the picture is brought into a box of width x height (a missing side follows the picture's
    proportions, both missing is the canvas): cover crops, contain leaves margins, fill stretches. A paint
    fills width x height, by default the canvas.

    `corner_radius` rounds the corners of the box, in its own pixels, as CSS does: radii that do not fit are
    scaled down together. What is cut off is no part of the layer's shape.
    """

    type: Literal["raster"]
    blend_mode: BlendMode = BlendMode.NORMAL
    source: RasterSource
    fit: Literal["none", "cover", "contain", "fill"] = "none"
    width: Length | None = None
    height: Length | None = None
    corner_radius: CornerRadius = 0.0
    border: Border | None = None

    @property
    def radii(self) -> tuple[float, float, float, float]:
        """Of the top left, top right, bottom right and bottom left corner."""
        given = self.corner_radius
        return given if isinstance(given, tuple) else (given, given, given, given)

    @model_validator(mode="after")
    def _check(self) -> Self:
        paint = self.source.color is not None
        if paint and self.fit != "none":
            raise ValueError("fit is for pictures; a color source fills its width and height")
        if not paint and self.fit == "none" and (self.width is not None or self.height is not None):
            raise ValueError("width and height of a picture need fit cover, contain or fill")
        return self


class TextLayer(PlacedLayer):
    """Text in one font and paint. A gradient spans the box of the glyphs' ink.

    `box_width` wraps lines; `box_height` bounds them, with `auto_fit` shrinking the size until all fits.
    `line_height` is in multiples of the size, `letter_spacing` in pixels.
    """

    type: Literal["text"]
    blend_mode: BlendMode = BlendMode.NORMAL
    text: Annotated[str, Strict(), Field(min_length=1, max_length=MAX_TEXT)]
    font: Font = "Source Sans Pro"
    weight: Annotated[int, Strict(), AfterValidator(between(1, 1000))] = 400
    italic: Flag = False
    size: Annotated[float, Strict(), AfterValidator(between(1, 4096))] = 48.0
    color: Paint = "#000000"
    align: Literal["left", "center", "right"] = "left"
    box_width: Length | None = None
    box_height: Length | None = None
    line_height: Annotated[float, Strict(), AfterValidator(between(0.1, 10))] = 1.2
    letter_spacing: Annotated[float, Strict(), AfterValidator(between(-1000, 1000))] = 0.0
    auto_fit: Flag = False
    missing_glyphs: Literal["error", "box"] = "error"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.auto_fit and (self.box_width is None or self.box_height is None):
            raise ValueError("auto_fit needs box_width and box_height")
        return self


class VectorLayer(PlacedLayer):
    """A drawing: an SVG document, or shapes painted in order. `width` and `height` size an SVG (a missing
    side follows its proportions, both missing is its own size); the box of shapes is the canvas."""

    type: Literal["vector"]
    blend_mode: BlendMode = BlendMode.NORMAL
    svg: Annotated[str, Strict(), Field(min_length=1)] | None = None
    shapes: Annotated[tuple[Shape, ...], Field(min_length=1)] | None = None
    width: Length | None = None
    height: Length | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "svg", "shapes")
        if self.shapes is not None and (self.width is not None or self.height is not None):
            raise ValueError("width and height size an svg; shapes have their own coordinates")
        return self


class AdjustmentLayer(LayerBase):
    """A change of the colour of all that lies below it in its group (of its base, with `clip`); alpha stays.

    The adjusted colour is blended with what it was, by the mode and opacity, where the mask shows. Layers
    that are clipped to it lie on the adjusted colour.
    """

    type: Literal["adjustment"]
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
    """Whether a transform moves by whole pixels and does nothing else."""
    moved = transform.model_copy(update={"x": 0.0, "y": 0.0})
    return moved == Transform() and transform.x.is_integer() and transform.y.is_integer()


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

    type: Literal["group"]
    blend_mode: GroupBlend = BlendMode.NORMAL
    layers: Annotated[tuple[Layer, ...], AfterValidator(check_clips)]

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
