"""Compositions as Photoshop files."""

from __future__ import annotations

import io
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psd_tools.constants import ColorMode, Compression, Tag
from psd_tools.psd import PSD
from psd_tools.psd.header import FileHeader
from psd_tools.psd.image_data import ImageData
from psd_tools.psd.layer_and_mask import (
    ChannelImageData,
    GlobalLayerMaskInfo,
    LayerAndMaskInformation,
    LayerInfo,
    LayerRecords,
)
from psd_tools.psd.tagged_blocks import TaggedBlock, TaggedBlocks

from engines.image_core.composition.fields import parse_color
from engines.image_core.models import ImageComposition
from engines.image_core.planning.lengths import resolved
from engines.image_core.psd.writing.drawing import Drawing
from engines.image_core.psd.writing.layers import LayerWriter
from engines.image_core.psd.writing.notes import LayeredFile, Notes
from engines.image_core.psd.writing.records import Written, background_record
from engines.image_core.psd.writing.resources import image_resources, over_white
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.writing import check_writable
from engines.image_core.sources.reading import Store

__all__ = ["write_psd"]

_LARGEST = 30_000  # pixels a side of a PSD; a PSB has up to 300,000


def write_psd(
    composition: ImageComposition,
    renderer: Renderer,
    path: str | PathLike[str] | None = None,
    *,
    store: Store | None = None,
    large: bool | None = None,
) -> LayeredFile:
    """Write a composition as a Photoshop file of 8 bits a channel, in sRGB.

    Groups, pixels, masks, adjustment layers, effects and blending options stand in it as Photoshop has them,
    and the merged picture is what `renderer` renders. What Photoshop has not is drawn into pixels; the
    result's notes say what, layer by layer.

    Args:
        composition: what to write.
        renderer: what draws the layers and the merged picture.
        path: a file to write it to as well.
        store: where asset ids and mask artifact ids are looked up; without one they are errors.
        large: whether it is a PSB, the same format with longer numbers; by default where a side is over
            30,000 pixels, or the path ends in .psb.

    Returns:
        The file's bytes, the same ones for the same pixels, and its notes.

    Raises:
        SourceError: a source is missing, not allowed or damaged; the message names the layer.
        CompositionError: it passes a limit of the renderer's.
        DeviceError: the GPU or its driver failed, and the backend was asked for by name.
        ExportError: the file cannot be written.
    """
    composition = resolved(composition)
    target = None if path is None else Path(path)
    if target is not None:
        check_writable(target)
    if large is None:
        long = max(composition.width, composition.height) > _LARGEST
        large = long or (target is not None and target.suffix.lower() == ".psb")
    version = 2 if large else 1
    notes = Notes()
    if composition.bit_depth != 8:
        notes.add("approximated", "an editor puts the layers together in 8 bits a channel")
    drawing = Drawing(composition, renderer, store)
    merged = drawing.canvas()
    writer = LayerWriter(drawing, notes, version)
    color = parse_color(composition.background_color)
    if color[3] or not composition.layers:
        filled = np.empty((composition.height, composition.width, 4), np.uint8)
        filled[:] = color
        writer.written.append(background_record(filled, writer.next_identity(), version))
    writer.write((), composition.layers)
    data = _serialised(merged, writer.written, writer.patterns.block, version)
    file = LayeredFile(data, writer.layers, notes.all)
    if target is not None:
        file.save(target)
    return file


def _serialised(
    merged: NDArray[np.uint8], written: list[Written], patterns: Any | None, version: int
) -> bytes:
    """The file of a merged picture, shape (height, width, 4), straight RGBA, and of layers."""
    blocks = TaggedBlocks()
    if patterns is not None:
        blocks[Tag.PATTERNS1] = TaggedBlock(key=Tag.PATTERNS1, data=patterns)
    height, width = merged.shape[:2]
    opaque = over_white(merged)
    planes = [opaque[..., index] for index in range(3)]
    translucent = bool((merged[..., 3] < 255).any())
    if translucent:
        planes.append(merged[..., 3])
    header = FileHeader(
        version=version,
        channels=len(planes),
        height=height,
        width=width,
        depth=8,
        color_mode=ColorMode.RGB,
    )
    picture = ImageData(Compression.RLE)
    picture.set_data([np.ascontiguousarray(plane).tobytes() for plane in planes], header)
    records, channels = zip(*written, strict=True)
    layers = LayerInfo(
        layer_count=-len(records) if translucent else len(records),  # below 0: the fourth channel is alpha
        layer_records=LayerRecords(list(records)),
        channel_image_data=ChannelImageData(list(channels)),
    )
    document = PSD(
        header=header,
        image_resources=image_resources(opaque),
        layer_and_mask_information=LayerAndMaskInformation(layers, GlobalLayerMaskInfo(), blocks),
        image_data=picture,
    )
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()
