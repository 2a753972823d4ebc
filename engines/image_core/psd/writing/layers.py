"""The layers of a composition as the records of a Photoshop file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from engines.image_core.composition.adjustments import Adjustments
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.effects import BackdropBlur, Effect
from engines.image_core.composition.fields import parse_color, pixels
from engines.image_core.models import (
    AdjustmentLayer,
    GroupLayer,
    Layer,
    LayerPath,
    PlacedLayer,
    RasterLayer,
    TextLayer,
    Transform,
    VectorLayer,
)
from engines.image_core.psd.writing.adjustments import adjustment_blocks
from engines.image_core.psd.writing.drawing import Drawing, bare
from engines.image_core.psd.writing.effects import effects_blocks, unwritten
from engines.image_core.psd.writing.fills import fill_blocks
from engines.image_core.psd.writing.masks import written_mask
from engines.image_core.psd.writing.notes import LayerNotes, Notes
from engines.image_core.psd.writing.patterns import Patterns
from engines.image_core.psd.writing.records import Blocks, Written, divider, group_end, layer_record

__all__ = ["CUT", "SHAPED", "LayerWriter", "Placed", "moves", "told_as_pixels"]

Placed: TypeAlias = RasterLayer | TextLayer | VectorLayer | GroupLayer
"""Layers that draw something of their own."""

CUT = "what lies further out than a canvas's size beyond the canvas is cut off"

SHAPED = ("mask", "masks", "effects", "fill_opacity", "blend_interior_effects", "transparency_shapes_layer")
"""What is drawn with a layer's effects where Photoshop has no such ones."""


class LayerWriter:
    """Makes records of layers.

    Args:
        drawing: of the composition.
        notes: where it is told what does not stand in the file as in the composition.
        version: of the file: 1 is PSD, 2 is PSB.

    Attributes:
        written: the records, bottom first.
        layers: how many layers they are of, groups among them.
        patterns: those that effects are painted with.
    """

    def __init__(self, drawing: Drawing, notes: Notes, version: int) -> None:
        self._drawing = drawing
        self._notes = notes
        self._version = version
        self._translucent = 0 < parse_color(drawing.composition.background_color)[3] < 255
        self.written: list[Written] = []
        self.layers = 0
        self.patterns = Patterns(drawing)

    def next_identity(self) -> int:
        """A number that no other record has."""
        return len(self.written) + 1

    def write(self, prefix: LayerPath, layers: Sequence[Layer], move: tuple[int, int] = (0, 0)) -> None:
        """Add the records of layers, bottom first.

        Args:
            prefix: the path of the group they are in.
            layers: those of that group, all.
            move: from the group's pixels to the canvas's.
        """
        for index, layer in enumerate(layers):
            path = (*prefix, index)
            self.layers += 1
            notes = self._notes.of(path, layer)
            if isinstance(layer, AdjustmentLayer):
                self._adjustment(layer, move, notes)
            elif isinstance(layer, GroupLayer) and not _drawn_whole(layer):
                self._group(path, layer, move, notes)
            else:
                self._pixels(path, layer, move, notes)

    def _adjustment(self, layer: AdjustmentLayer, move: tuple[int, int], notes: LayerNotes) -> None:
        blocks = adjustment_blocks(layer.adjust, notes)
        if blocks is None:
            notes.left_out(f"its {layer.adjust.type}: an empty layer stands for it")
        self._add(layer, move, blocks or {}, notes)

    def _group(self, path: LayerPath, group: GroupLayer, move: tuple[int, int], notes: LayerNotes) -> None:
        self.written.append(group_end(self.next_identity(), self._version))
        x, y = round(pixels(group.transform.x)), round(pixels(group.transform.y))
        self.write(path, group.layers, (move[0] + x, move[1] + y))
        self._add(group, move, {**divider(group), **self._effects(group, notes)}, notes)

    def _pixels(self, path: LayerPath, layer: Placed, move: tuple[int, int], notes: LayerNotes) -> None:
        for text in told_as_pixels(layer):
            notes.drawn(text)
        if layer.blend_gamma is not None:
            notes.approximated("blend_gamma: an editor mixes it plainly")
        missing = unwritten(_writable(layer), group=isinstance(layer, GroupLayer))
        if not missing:
            blocks = {**fill_blocks(layer), **self._effects(layer, notes)}
            self._add(layer, move, blocks, notes, path, bare(layer))
            return
        shaped = layer.model_copy(update={"effects": _writable(layer)})
        _tell_drawn(layer, missing, notes)
        plain = {"mask": None, "masks": (), "effects": (), "fill_opacity": 1.0}
        self._add(layer.model_copy(update=plain), move, {}, notes, path, bare(shaped, *SHAPED))

    def _effects(self, layer: Placed, notes: LayerNotes) -> Blocks:
        effects = _writable(layer)
        if len(effects) < len(layer.effects):
            notes.left_out("its backdrop-blur")
        return effects_blocks(effects, self.patterns, notes)

    def _add(
        self,
        layer: Layer,
        move: tuple[int, int],
        blocks: Blocks,
        notes: LayerNotes,
        path: LayerPath = (),
        drawn: Layer | None = None,
    ) -> None:
        """Add a record; drawn: what its pixels show, at this path."""
        if isinstance(layer, PlacedLayer) and layer.knockout == "deep" and self._translucent:
            notes.approximated("its knockout goes through the canvas's colour, which is a layer in the file")
        piece = None if drawn is None else self._drawing.pieces(path, [drawn])
        if piece is not None and piece.cut:
            notes.drawn(CUT)
        mask = written_mask(self._drawing, layer, move, notes)
        name = layer.name or layer.id or f"{layer.type.capitalize()} {self.layers}"
        identity = self.next_identity()
        record = layer_record(layer, name, identity, piece, mask, blocks, self._version, notes)
        self.written.append(record)


def moves(transform: Transform) -> bool:
    """Whether a transform moves by whole pixels and does nothing else."""
    moved = Transform(x=transform.x, y=transform.y)
    return transform == moved and pixels(moved.x).is_integer() and pixels(moved.y).is_integer()


def told_as_pixels(layer: Placed) -> list[str]:
    """What of a layer becomes pixels that were settings."""
    found = []
    match layer:
        case TextLayer():
            found.append("its text is pixels")
        case VectorLayer():
            kind = next(name for name in ("svg", "shapes", "code") if getattr(layer, name) is not None)
            found.append(f"its {kind} {'are' if kind == 'shapes' else 'is'} pixels")
        case GroupLayer():
            found.append("the group is one layer of pixels")
        case RasterLayer():
            fields = {
                "crop": layer.crop is not None,
                "tile": layer.tile is not None,
                "corner_radius": layer.radii != (0, 0, 0, 0),
                "border": layer.border is not None,
            }
            found += [f"its {name} is drawn" for name, given in fields.items() if given]
    if not moves(layer.transform) or (isinstance(layer, RasterLayer) and layer.fit != "none"):
        found.append("its pixels are resampled")
    if layer.adjustments != Adjustments():
        found.append("its adjustments are drawn")
    if layer.filters:
        found.append("its filters are drawn")
    return found


def _drawn_whole(group: GroupLayer) -> bool:
    """Whether a group has what Photoshop's groups have not: it becomes one layer of pixels."""
    changed = group.clip or group.adjustments != Adjustments() or bool(group.filters)
    return changed or not moves(group.transform) or bool(unwritten(_writable(group), group=True))


def _writable(layer: Placed) -> tuple[Effect, ...]:
    """A layer's effects but those that show what lies below: they cannot be drawn without it."""
    return tuple(effect for effect in layer.effects if not isinstance(effect, BackdropBlur))


def _tell_drawn(layer: Placed, missing: Sequence[str], notes: LayerNotes) -> None:
    """Tell that effects are drawn, and whether that may show."""
    drawn = "its effects and masks are drawn" if layer.all_masks else "its effects are drawn"
    notes.drawn(f"{drawn}: {', '.join(missing)} cannot be written as such")
    if len(_writable(layer)) < len(layer.effects):
        notes.left_out("its backdrop-blur")
    modes = {getattr(effect, "blend_mode", BlendMode.NORMAL) for effect in layer.effects}
    if modes != {BlendMode.NORMAL} or layer.blend_mode != BlendMode.NORMAL:
        notes.approximated("its effects are blended with it, and not with what lies below")
