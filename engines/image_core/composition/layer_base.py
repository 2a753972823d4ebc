"""What layers of several types have in common."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.adjustments import Adjustments
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.effects import BackdropBlur, Effect, check_effects
from engines.image_core.composition.fields import Flag, Model, Unit, between
from engines.image_core.composition.filters import BlurFilter, Filter, SharpenFilter, check_filters
from engines.image_core.composition.masks import Mask
from engines.image_core.composition.options import BlendIf, Channels, Knockout
from engines.image_core.composition.sources import Transform
from engines.image_core.composition.strokes import outlined
from engines.image_core.runtime.limits import MAX_MASKS

__all__ = ["LayerBase", "PlacedLayer"]

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
        return tuple(mask for _, mask in self.named_masks)

    @property
    def named_masks(self) -> list[tuple[str, Mask]]:
        """The same with the names of their fields."""
        if self.mask is not None:
            return [("mask", self.mask)]
        return [(f"masks[{index}]", mask) for index, mask in enumerate(self.masks)]

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

    @model_validator(mode="after")
    def _check_edges(self) -> Self:
        if self.edged and self.transform.rotation % 90:
            raise ValueError(
                f"filters with edges are not allowed on a layer that is turned by "
                f"{self.transform.rotation:g} degrees: turn a group around it"
            )
        return self

    @property
    def edged(self) -> bool:
        """Whether it has filters that see something else than transparency around its box."""
        spatial = (step for step in self.filters if isinstance(step, BlurFilter | SharpenFilter))
        return any(step.edges != "transparent" for step in spatial)

    @model_validator(mode="after")
    def _check_outlines(self) -> Self:
        index = next((index for index, effect in enumerate(self.effects) if outlined(effect)), None)
        why = None if index is None else self._without_outline()
        if why is not None:
            raise ValueError(
                f"effects[{index}].source 'outline' is not allowed on a layer {why}: allowed is 'pixels'"
            )
        return self

    def _without_outline(self) -> str | None:
        """Why a stroke cannot follow the layer's outlines; None where it can."""
        if self.all_masks:
            return "with a mask (that of a group around it hides the stroke too)"
        if any(isinstance(step, BlurFilter) and step.radius > 0 for step in self.filters):
            return "with a blur"
        if not self.transparency_shapes_layer:
            return "whose transparency does not shape it"
        return None

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
