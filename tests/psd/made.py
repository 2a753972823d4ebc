"""Photoshop files that tests make: written by ours, with what it does not write put into their blocks."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from psd_tools.constants import LinkedLayerType, Resource, Tag
from psd_tools.psd import PSD
from psd_tools.psd.image_resources import ImageResource
from psd_tools.psd.linked_layer import LinkedLayer, LinkedLayers
from psd_tools.psd.tagged_blocks import (
    MetadataSetting,
    MetadataSettings,
    SmartObjectLayerData,
    TaggedBlock,
    TaggedBlocks,
)

from engines.image_core import ImageComposition, Renderer, write_psd
from engines.image_core.psd.writing.descriptors import block, descriptor, flag, number, several, text, whole

__all__ = ["Made"]

Point = tuple[float, float]


class Made:
    """A Photoshop file of a composition, whose layers tests may tell more of.

    Args:
        composition: what is in it.
        renderer: draws its layers.
    """

    def __init__(self, composition: ImageComposition, renderer: Renderer) -> None:
        self._psd = PSD.read(io.BytesIO(write_psd(composition, renderer).data))

    def save(self, path: Path) -> Path:
        """Write the file."""
        with path.open("wb") as file:
            self._psd.write(file)
        return path

    def blocks(self, name: str) -> TaggedBlocks:
        """The blocks of the layer of a name."""
        for record, _ in self._psd._iter_layers():
            blocks: TaggedBlocks = record.tagged_blocks
            if blocks.get_data(Tag.UNICODE_LAYER_NAME) == name:
                return blocks
        raise AssertionError(f"there is no layer {name!r}")

    def smart_object(
        self,
        name: str,
        data: bytes,
        corners: Sequence[Point],
        size: tuple[int, int],
        *,
        uuid: str = "made",
        warp: Any = None,
    ) -> Made:
        """Have a layer be a smart object with a file in it; its pixels stay."""
        numbers = [number(side) for corner in corners for side in corner]
        settings = {
            b"Idnt": text(uuid),
            b"Trnf": several(numbers),
            b"nonAffineTransform": several(numbers),
            b"Sz  ": descriptor(b"Pnt ", {b"Wdth": number(size[0]), b"Hght": number(size[1])}),
        }
        if warp is not None:
            settings[b"quiltWarp"] = warp
        placed = SmartObjectLayerData(kind=b"soLD", version=4, data=block(settings))
        _put(self.blocks(name), Tag.SMART_OBJECT_LAYER_DATA1, placed)
        files = list(self._document_blocks().get_data(Tag.LINKED_LAYER2) or ())
        if all(file.uuid != uuid for file in files):
            files.append(
                LinkedLayer(
                    kind=LinkedLayerType.DATA, version=7, uuid=uuid, filename="photo.png", filetype=b"png ",
                    data=data, filesize=len(data), child_id="", mod_time=0.0, lock_state=0,
                )
            )  # fmt: skip
        _put(self._document_blocks(), Tag.LINKED_LAYER2, LinkedLayers(files))
        return self

    def artboard(self, name: str, box: tuple[float, float, float, float], background: int = 1) -> Made:
        """Have a group be an artboard: left, top, right, bottom."""
        left, top, right, bottom = map(number, box)
        sides = {b"Top ": top, b"Left": left, b"Btom": bottom, b"Rght": right}
        values = {
            b"artboardRect": descriptor(b"classFloatRect", sides),
            b"artboardBackgroundType": whole(background),
        }
        _put(self.blocks(name), Tag.ARTBOARD_DATA1, block(values))
        return self

    def comps(self, shown: Mapping[str, Mapping[str, bool]]) -> Made:
        """Give the file layer comps: by their names which layers each shows."""
        listed = [
            descriptor(b"Cmps", {b"Nm  ": text(name), b"compID": whole(number), b"capturedInfo": whole(1)})
            for number, name in enumerate(shown, 1)
        ]
        resource = ImageResource(key=Resource.LAYER_COMPS.value, data=block({b"list": several(listed)}))
        self._psd.image_resources[Resource.LAYER_COMPS] = resource
        for layer in {layer for layers in shown.values() for layer in layers}:
            states = [
                descriptor(b"null", {b"enab": flag(layers[layer]), b"compList": several([whole(number)])})
                for number, layers in enumerate(shown.values(), 1)
                if layer in layers
            ]
            data = block({b"layerSettings": several(states)})
            setting = MetadataSetting(signature=b"8BIM", key=b"cmls", copy_on_sheet=False, data=data)
            _put(self.blocks(layer), Tag.METADATA_SETTING, MetadataSettings([setting]))
        return self

    def _document_blocks(self) -> TaggedBlocks:
        section = self._psd.layer_and_mask_information
        if section.tagged_blocks is None:
            section.tagged_blocks = TaggedBlocks()
        blocks: TaggedBlocks = section.tagged_blocks
        return blocks


def _put(blocks: TaggedBlocks, tag: Tag, element: Any) -> None:
    blocks[tag] = TaggedBlock(key=tag, data=element)
