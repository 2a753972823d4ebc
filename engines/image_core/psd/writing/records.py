"""Records of layers: what a Photoshop file says of a layer beside its pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psd_tools.constants import BlendMode as Mode
from psd_tools.constants import ChannelID, Clipping, Compression, SectionDivider, Tag
from psd_tools.psd.layer_and_mask import (
    ChannelData,
    ChannelDataList,
    ChannelInfo,
    LayerBlendingRanges,
    LayerFlags,
    LayerRecord,
)
from psd_tools.psd.tagged_blocks import ReferencePoint, SectionDividerSetting, TaggedBlock, TaggedBlocks

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BlendIf, BlendRange
from engines.image_core.models import PASS_THROUGH, Layer, PlacedLayer
from engines.image_core.psd.writing.drawing import Piece
from engines.image_core.psd.writing.masks import WrittenMask
from engines.image_core.psd.writing.notes import LayerNotes

__all__ = ["Written", "background_record", "divider", "group_end", "layer_record", "plane"]

Written = tuple[Any, Any]
"""A layer's record and its channels, for psd-tools."""

Blocks = Mapping[Tag, Any]

_CHANNELS = ("red", "green", "blue")
_KNOCKOUTS = ("none", "shallow", "deep")
_LONGEST_NAME = 255  # bytes of the name that readers without Unicode take


def layer_record(
    layer: Layer,
    name: str,
    identity: int,
    piece: Piece | None,
    mask: WrittenMask | None,
    blocks: Blocks,
    version: int,
    notes: LayerNotes,
) -> Written:
    """A layer.

    Args:
        layer: the layer, as far as it is not drawn.
        name: what it is called.
        identity: a number that no other layer of the file has.
        piece: its pixels; None of a group, an adjustment, and where there are none.
        mask: its mask.
        blocks: what is particular to its kind.
        version: of the file: 1 is PSD, 2 is PSB.
        notes: the layer's.
    """
    mode = Mode.NORMAL if layer.blend_mode == PASS_THROUGH else Mode(_key(layer.blend_mode))
    tagged = {**blocks, **_options(layer, notes), **_reference_point(piece)}
    record = LayerRecord(
        blend_mode=mode,
        opacity=notes.whole("opacity", layer.opacity, 255),
        clipping=Clipping.NON_BASE if layer.clip else Clipping.BASE,
        flags=_flags(layer.visible, pixels=piece is not None),
        blending_ranges=_ranges(layer.blend_if),
        **_called(name, identity, tagged),
    )
    return _with_channels(record, list(_planes(piece)), piece, mask, version)


def group_end(identity: int, version: int) -> Written:
    """The record that a group's layers begin with, from the bottom."""
    name = "</Layer group>"
    blocks = {Tag.SECTION_DIVIDER_SETTING: SectionDividerSetting(SectionDivider.BOUNDING_SECTION_DIVIDER)}
    record = LayerRecord(flags=_flags(True, pixels=False), **_called(name, identity, blocks))
    return _with_channels(record, list(_planes(None)), None, None, version)


def divider(layer: Layer) -> Blocks:
    """What makes a record a group's."""
    mode = Mode.PASS_THROUGH if layer.blend_mode == PASS_THROUGH else Mode(_key(layer.blend_mode))
    return {
        Tag.SECTION_DIVIDER_SETTING: SectionDividerSetting(
            SectionDivider.OPEN_FOLDER, signature=b"8BIM", blend_mode=mode
        )
    }


def background_record(pixels: NDArray[np.uint8], identity: int, version: int) -> Written:
    """The layer of one colour below all others. An opaque one is Photoshop's background: it has no alpha."""
    piece = Piece(0, 0, pixels)
    planes = list(_planes(piece))
    opaque = bool((pixels[..., 3] == 255).all())
    record = LayerRecord(
        flags=_flags(True, pixels=True, locked=opaque), **_called("Background", identity, {})
    )
    return _with_channels(record, planes[1:] if opaque else planes, piece, None, version)


def plane(values: NDArray[np.uint8], version: int) -> Any:
    """A channel's data, packed as Photoshop packs it. values: shape (height, width)."""
    if not values.size:
        return ChannelData(Compression.RAW, b"")
    height, width = values.shape
    data = ChannelData(Compression.RLE)
    data.set_data(values.tobytes(), width, height, 8, version)
    return data


def _key(mode: BlendMode | str) -> bytes:
    assert isinstance(mode, BlendMode)
    return mode.facts.psd_key


def _flags(visible: bool, *, pixels: bool, locked: bool = False) -> Any:
    return LayerFlags(
        transparency_protected=locked,
        visible=visible,
        photoshop_v5_later=True,
        pixel_data_irrelevant=not pixels,
    )


def _called(name: str, identity: int, blocks: Blocks) -> dict[str, Any]:
    """A record's name, as old readers and as others take it, its number and what else is tagged."""
    tagged = TaggedBlocks()
    for key, data in blocks.items():
        tagged[key] = TaggedBlock(key=key, data=data)
    tagged.set_data(Tag.UNICODE_LAYER_NAME, name)
    tagged.set_data(Tag.LAYER_ID, identity)
    short = name.encode("mac_roman", "replace")[:_LONGEST_NAME].decode("mac_roman")
    return {"name": short, "tagged_blocks": tagged}


def _options(layer: Layer, notes: LayerNotes) -> Blocks:
    """Blending options, all of which Photoshop writes whatever they are."""
    blocks = TaggedBlocks()
    blocks.set_data(Tag.BLEND_CLIPPING_ELEMENTS, 1)
    blocks.set_data(Tag.BLEND_FILL_OPACITY, notes.whole("fill_opacity", layer.fill_opacity, 255))
    barred = [index for index, name in enumerate(_CHANNELS) if name not in layer.channels]
    if barred:
        blocks.set_data(Tag.CHANNEL_BLENDING_RESTRICTIONS_SETTING, barred)
    if isinstance(layer, PlacedLayer):
        blocks.set_data(Tag.BLEND_INTERIOR_ELEMENTS, int(layer.blend_interior_effects))
        blocks.set_data(Tag.KNOCKOUT_SETTING, _KNOCKOUTS.index(layer.knockout))
        blocks.set_data(Tag.TRANSPARENCY_SHAPES_LAYER, int(layer.transparency_shapes_layer))
    return {key: blocks[key].data for key in blocks}


def _reference_point(piece: Piece | None) -> Blocks:
    """Where a layer's patterns begin: the corner of its pixels that are at least half opaque, if any are."""
    if piece is None:
        return {}
    half = piece.pixels[..., 3] >= 128
    if not half.any():
        return {Tag.REFERENCE_POINT: ReferencePoint([float(piece.left), float(piece.top)])}
    x, y = int(half.any(axis=0).argmax()), int(half.any(axis=1).argmax())
    return {Tag.REFERENCE_POINT: ReferencePoint([float(piece.left + x), float(piece.top + y)])}


def _ranges(blend_if: BlendIf) -> Any:
    """The four sliders of each value, in pairs of bytes; the fourth channel is a document's alpha."""
    red, green, blue = (_range(getattr(blend_if, name)) for name in _CHANNELS)
    return LayerBlendingRanges(_range(blend_if.gray), [red, green, blue, _range(BlendRange())])


def _range(values: BlendRange) -> list[tuple[int, int]]:
    return [(a << 8 | b, c << 8 | d) for a, b, c, d in (values.this, values.underlying)]


def _planes(piece: Piece | None) -> Iterator[tuple[ChannelID, NDArray[np.uint8]]]:
    """Alpha, red, green and blue."""
    pixels = np.zeros((0, 0, 4), np.uint8) if piece is None else piece.pixels
    for number, index in ((-1, 3), (0, 0), (1, 1), (2, 2)):
        yield ChannelID(number), np.ascontiguousarray(pixels[..., index])


def _with_channels(
    record: Any,
    planes: list[tuple[ChannelID, NDArray[np.uint8]]],
    piece: Piece | None,
    mask: WrittenMask | None,
    version: int,
) -> Written:
    if piece is not None:
        height, width = piece.pixels.shape[:2]
        record.left, record.top = piece.left, piece.top
        record.right, record.bottom = piece.left + width, piece.top + height
    if mask is not None:
        record.mask_data = mask.data
        planes = [*planes, (ChannelID.USER_LAYER_MASK, mask.grey.pixels)]
    record.channel_info = [ChannelInfo(id=number) for number, _ in planes]
    return record, ChannelDataList([plane(values, version) for _, values in planes])
