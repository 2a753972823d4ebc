"""Compositions as OpenRaster files (.ora), which Krita, GIMP and MyPaint open.

The format: https://www.openraster.org, the baseline and its extensions for groups and blend modes.
"""

from __future__ import annotations

import io
import zipfile
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core.export import encode, parse_options
from engines.image_core.models import ImageComposition
from engines.image_core.planning.lengths import resolved
from engines.image_core.psd.writing.drawing import Drawing
from engines.image_core.psd.writing.notes import LayeredFile, Notes
from engines.image_core.psd.writing.stacks import Element, StackWriter
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.writing import check_writable
from engines.image_core.sources.reading import Store

__all__ = ["write_openraster"]

_THUMBNAIL = 256  # pixels of its longer side
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a zip file can say least of when


def write_openraster(
    composition: ImageComposition,
    renderer: Renderer,
    path: str | PathLike[str] | None = None,
    *,
    store: Store | None = None,
) -> LayeredFile:
    """Write a composition as an OpenRaster file.

    Groups, pixels, clipping, opacities and the blend modes that the format has stand in it; masks, effects
    and all else are drawn into pixels, an adjustment layer with all that lies below it. The result's notes
    say what, layer by layer.

    Args:
        composition: what to write.
        renderer: what draws the layers and the merged picture.
        path: a file to write it to as well.
        store: where asset ids and mask artifact ids are looked up; without one they are errors.

    Returns:
        The file's bytes, the same ones for the same pixels, and its notes.

    Raises:
        SourceError: a source is missing, not allowed or damaged; the message names the layer.
        CompositionError: it passes a limit of the renderer's.
        DeviceError: the GPU or its driver failed, and the backend was asked for by name.
        ExportError: the file cannot be written.
    """
    target = None if path is None else Path(path)
    if target is not None:
        check_writable(target)
    notes = Notes()
    if composition.bit_depth != 8:
        notes.add("approximated", "an editor puts the layers together in its own way of rounding")
    drawing = Drawing(resolved(composition), renderer, store)
    merged = drawing.canvas()
    writer = StackWriter(drawing, notes)
    elements = writer.elements()
    pictures = {name: _png(pixels) for name, pixels in writer.pictures.items()}
    file = LayeredFile(_zipped(composition, elements, pictures, merged), writer.layers, notes.all)
    if target is not None:
        file.save(target)
    return file


def _zipped(
    composition: ImageComposition,
    elements: list[Element],
    pictures: dict[str, bytes],
    merged: NDArray[np.uint8],
) -> bytes:
    small = Image.fromarray(merged)
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    files = {
        "mimetype": b"image/openraster",
        "stack.xml": _stack_xml(composition, elements).encode(),
        **pictures,
        "mergedimage.png": _png(merged),
        "Thumbnails/thumbnail.png": _png(np.asarray(small)),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), data)
    return packed.getvalue()


def _stack_xml(composition: ImageComposition, elements: list[Element]) -> str:
    lines = [line for element in reversed(elements) for line in element.lines(2)]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<image version="0.0.5" w="{composition.width}" h="{composition.height}" xres="72" yres="72">',
            " <stack>",
            *lines,
            " </stack>",
            "</image>\n",
        ]
    )


def _png(pixels: NDArray[np.uint8]) -> bytes:
    return encode(pixels, parse_options("png"))
