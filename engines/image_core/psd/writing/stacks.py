"""The layers of a composition as the elements of an OpenRaster file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.adjustments import Adjustments
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.effects import BackdropBlur
from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.layers import clip_runs
from engines.image_core.composition.options import BlendRange
from engines.image_core.models import (
    PASS_THROUGH,
    AdjustmentLayer,
    GroupLayer,
    Layer,
    LayerPath,
    PlacedLayer,
    RasterLayer,
    RasterSource,
)
from engines.image_core.psd.writing.drawing import Drawing, Piece, bare
from engines.image_core.psd.writing.layers import CUT, SHAPED, Placed, moves, told_as_pixels
from engines.image_core.psd.writing.notes import LayerNotes, Notes

__all__ = ["Element", "StackWriter"]

OVER = "svg:src-over"
_OPERATIONS = {
    BlendMode.NORMAL: OVER,
    BlendMode.ADD: "svg:plus",
    **{
        mode: f"svg:{mode}"
        for mode in (
            BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.OVERLAY, BlendMode.DARKEN, BlendMode.LIGHTEN,
            BlendMode.COLOR_DODGE, BlendMode.COLOR_BURN, BlendMode.HARD_LIGHT, BlendMode.SOFT_LIGHT,
            BlendMode.DIFFERENCE, BlendMode.COLOR, BlendMode.LUMINOSITY, BlendMode.HUE, BlendMode.SATURATION,
        )
    },
}  # fmt: skip
"""The blend modes that the format has."""

_CLIPPED = "svg:src-atop"
_NOTHING = Piece(0, 0, np.zeros((1, 1, 4), np.uint8))


@dataclass(frozen=True)
class Element:
    """A layer or, with elements in it, a stack of them.

    Attributes:
        attributes: as they are written.
        inside: what is in a stack, bottom first; None of a layer.
    """

    attributes: dict[str, str]
    inside: list[Element] | None = None

    def lines(self, indent: int) -> Iterator[str]:
        """Its XML, the uppermost layer first."""
        name = "layer" if self.inside is None else "stack"
        written = " ".join(f"{key}={quoteattr(_plain(value))}" for key, value in self.attributes.items())
        space = " " * indent
        if self.inside is None:
            yield f"{space}<{name} {written}/>"
            return
        yield f"{space}<{name} {written}>"
        for element in reversed(self.inside):
            yield from element.lines(indent + 1)
        yield f"{space}</{name}>"


class StackWriter:
    """Makes elements of layers.

    Attributes:
        pictures: the pixels of each file that elements name.
        layers: how many layers the composition has.
    """

    def __init__(self, drawing: Drawing, notes: Notes) -> None:
        self._drawing = drawing
        self._notes = notes
        self.pictures: dict[str, NDArray[np.uint8]] = {}
        self.layers = sum(1 for _ in drawing.composition.walk())

    def elements(self) -> list[Element]:
        """All, bottom first: the canvas's background, and the layers."""
        color = self._drawing.composition.background_color
        if parse_color(color)[3] == 0:
            return self._stack((), self._drawing.composition.layers, ())
        source = RasterSource(color=color)
        return self._stack(
            (),
            self._drawing.composition.layers,
            (RasterLayer(type="raster", name="Background", source=source),),
        )

    def _stack(self, prefix: LayerPath, layers: Sequence[Layer], below: tuple[Layer, ...]) -> list[Element]:
        """The layers of a group, bottom first. below: layers that have no path, under all of them."""
        runs = list(clip_runs(layers))
        joined = max(
            (at for at, run in enumerate(runs) if _looks_down([layer for _, layer in run])), default=-1
        )
        found = [self._picture(layer, (0,), [layer], {}) for layer in below if joined < 0]
        if joined >= 0:
            found.append(self._joined(prefix, runs[: joined + 1], below))
        for run in runs[joined + 1 :]:
            found += self._run(prefix, run)
        return found

    def _joined(
        self, prefix: LayerPath, runs: Sequence[list[tuple[int, Layer]]], below: tuple[Layer, ...]
    ) -> Element:
        """Layers up to one that changes what lies below it, as one."""
        index, top = runs[-1][-1]
        layers = [layer for run in runs for _, layer in run]
        path = (*prefix, index)
        self._notes.of(path, top).drawn(f"it and all below it are one layer of pixels ({len(layers)} in all)")
        return self._picture(top, path, [*below, *layers], {})

    def _run(self, prefix: LayerPath, run: Sequence[tuple[int, Layer]]) -> list[Element]:
        """A base and what is clipped to it."""
        (index, base), *clipped = run
        path = (*prefix, index)
        if not clipped:
            return self._element(path, base)
        notes = self._notes.of(path, base)
        if any(layer.blend_mode != BlendMode.NORMAL or not _plain_pixels(layer) for _, layer in run[1:]) or (
            isinstance(base, AdjustmentLayer) or base.effects
        ):
            notes.drawn("it and what is clipped to it are one layer of pixels")
            alone = bare(base, *SHAPED, "blend_if")
            return [
                self._picture(base, path, [alone, *(layer for _, layer in clipped)], self._blend(base, notes))
            ]
        plain = base.model_copy(update={"blend_mode": BlendMode.NORMAL, "opacity": 1.0, "visible": True})
        inside = self._element(path, plain)
        for at, layer in clipped:
            (element,) = self._element((*prefix, at), layer)
            element.attributes["composite-op"] = _CLIPPED
            inside.append(element)
        outside = {**self._blend(base, notes), "isolation": "isolate"}
        return [Element({"name": _name(base), **outside}, inside)]

    def _element(self, path: LayerPath, layer: Layer) -> list[Element]:
        notes = self._notes.of(path, layer)
        if isinstance(layer, AdjustmentLayer):  # one that changes something is joined with what lies below
            notes.left_out("an adjustment layer that is not shown")
            return []
        if isinstance(layer, GroupLayer) and not _drawn_whole(layer):
            through = layer.blend_mode == PASS_THROUGH
            if through and layer.opacity * layer.fill_opacity < 1:
                notes.approximated("a group that fades is isolated")
            inside = self._stack(path, layer.layers, ())
            isolation = {"isolation": "auto" if through else "isolate"}
            return [Element({"name": _name(layer), **self._blend(layer, notes), **isolation}, inside)]
        for text in told_as_pixels(layer):
            notes.drawn(text)
        if layer.all_masks:
            notes.drawn("its masks are drawn")
        if layer.effects:
            self._tell_effects(layer, notes)
        if layer.blend_gamma is not None:
            notes.approximated("blend_gamma: an editor mixes it plainly")
        drawn = layer
        if not layer.effects:  # fill is opacity then, and is written as such
            drawn = layer.model_copy(update={"fill_opacity": 1.0})
        return [self._picture(layer, path, [bare(drawn, *SHAPED, "blend_if")], self._blend(layer, notes))]

    def _tell_effects(self, layer: Placed, notes: LayerNotes) -> None:
        notes.drawn("its effects are drawn")
        modes = {getattr(effect, "blend_mode", BlendMode.NORMAL) for effect in layer.effects}
        if modes != {BlendMode.NORMAL} or layer.blend_mode != BlendMode.NORMAL:
            notes.approximated("its effects are blended with it, and not with what lies below")

    def _blend(self, layer: Layer, notes: LayerNotes) -> dict[str, str]:
        """How a layer is blended, in the format's words."""
        mode = BlendMode.NORMAL if layer.blend_mode == PASS_THROUGH else BlendMode(layer.blend_mode)
        if mode not in _OPERATIONS:
            notes.approximated(f"blend_mode {mode} is {OVER}, for the format has no such mode")
        effects = isinstance(layer, PlacedLayer) and bool(layer.effects)
        fill = 1.0 if effects else layer.fill_opacity
        if fill < 1 and mode.facts.fill != "opacity":
            notes.approximated(f"fill_opacity {fill:g} is opacity")
        return {
            "opacity": f"{layer.opacity * fill:.6g}",
            "visibility": "visible" if layer.visible else "hidden",
            "composite-op": _OPERATIONS.get(mode, OVER),
        }

    def _picture(
        self, layer: Layer, path: LayerPath, drawn: Sequence[Layer], blend: dict[str, str]
    ) -> Element:
        """An element with pixels: those of layers drawn together at a path."""
        piece = self._drawing.pieces(path, drawn) or _NOTHING
        if piece.cut:
            self._notes.of(path, layer).drawn(CUT)
        source = f"data/layer{len(self.pictures)}.png"
        self.pictures[source] = piece.pixels
        place = {"src": source, "x": str(piece.left), "y": str(piece.top)}
        return Element({"name": _name(layer), **place, **blend})


def _looks_down(run: Sequence[Layer]) -> bool:
    """Whether what a base and those clipped to it draw depends on what lies below, beyond a blend mode."""
    base, *clipped = run
    if not base.visible:
        return False
    if isinstance(base, AdjustmentLayer):
        return True
    if any(_reads_backdrop(layer) for layer in run if layer.visible):
        return True
    through = isinstance(base, GroupLayer) and base.blend_mode == PASS_THROUGH and not clipped
    if not through:
        return False
    assert isinstance(base, GroupLayer)
    if base.all_masks or base.effects:
        return True
    return any(_looks_down([layer for _, layer in run]) for run in clip_runs(base.layers))


def _reads_backdrop(layer: Layer) -> bool:
    ranges = layer.blend_if
    underlying = (ranges.gray, ranges.red, ranges.green, ranges.blue)
    if any(one.underlying != BlendRange().underlying for one in underlying) or len(layer.channels) < 3:
        return True
    if isinstance(layer, AdjustmentLayer):
        return False
    return layer.knockout != "none" or any(isinstance(effect, BackdropBlur) for effect in layer.effects)


def _plain_pixels(layer: Layer) -> bool:
    """Whether a clipped layer is a picture that lies on its base."""
    return not isinstance(layer, GroupLayer | AdjustmentLayer) and not layer.effects


def _drawn_whole(group: GroupLayer) -> bool:
    """Whether a group has what the format's stacks have not."""
    changed = group.adjustments != Adjustments() or group.filters or group.all_masks or group.effects
    return bool(changed) or not moves(group.transform)


def _name(layer: Layer) -> str:
    return layer.name or layer.id or layer.type.capitalize()


def _plain(text: str) -> str:
    """Text without the characters that XML has not (XML 1.0, 2.2)."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
