"""What sources hand to the plan: pixels with the hash of what decided them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.models import LayerPath
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.color_ops import ColorOp, table_bytes

__all__ = [
    "DecodedImage",
    "DecodedLookup",
    "DecodedMask",
    "Finish",
    "LayerBox",
    "Needed",
    "Reduced",
    "Sources",
]


@dataclass(frozen=True)
class Reduced:
    """How a picture lies that was decoded at a fraction of its size, a pixel for each square of its own.

    Attributes:
        factor: the side of that square, in the picture's own pixels.
        width, height: the picture's own size, upright.
        left, top: where the first square begins, in the picture's own pixels: 0, or less where the squares
            reach beyond that edge.
    """

    factor: int
    width: int
    height: int
    left: int = 0
    top: int = 0


@dataclass(frozen=True, eq=False)
class DecodedImage:
    """A picture, a text or a drawing as straight RGBA.

    Attributes:
        pixels: uint8, shape (height, width, 4), straight (un-premultiplied), C-contiguous, read-only:
            sRGB, or values of the composition's own space.
        content_hash: SHA-256 hex digest of everything that decided the pixels: the encoded bytes or the
            drawing's parameters, and the names and versions of the libraries that decoded or rasterised.
        opaque: True only when every alpha is 255.
        x, y: where the top-left pixel lies, in whole pixels of the layer's parent. Pictures leave both at 0
            and are placed by the plan; text and drawings are rasterised in place.
        box: the picture's size in the layer's own coordinates, where that is not its size in pixels (an SVG
            is rasterised at the size it is shown at).
        reduced: set where the picture was decoded at a fraction of its size.
        note: what whoever looks at the picture should know of how it was read; mostly empty.
    """

    pixels: NDArray[np.uint8]
    content_hash: str
    opaque: bool
    x: int = 0
    y: int = 0
    box: tuple[Fraction, Fraction] | None = None
    reduced: Reduced | None = None
    note: str = ""

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def nbytes(self) -> int:
        """What its pixels take."""
        return int(self.pixels.nbytes)


@dataclass(frozen=True, eq=False)
class DecodedMask:
    """A mask: uint8, shape (height, width), 255 = visible, with the SHA-256 of what decided it.

    x, y: where its top-left pixel lies on the canvas: a selection to be feathered reaches beyond, a file with
    a position lies anywhere. Of a file that is linked to its layer it is where it lies in the layer's box; of
    what is drawn of the box itself, in the parent's pixels.
    """

    pixels: NDArray[np.uint8]
    content_hash: str
    x: int = 0
    y: int = 0

    @property
    def nbytes(self) -> int:
        """What its pixels take."""
        return int(self.pixels.nbytes)


@dataclass(frozen=True, eq=False)
class DecodedLookup:
    """A .cube file as colour operations, with the SHA-256 of the file's bytes."""

    color_ops: tuple[ColorOp, ...]
    content_hash: str

    @property
    def nbytes(self) -> int:
        """What its tables take."""
        return sum(map(table_bytes, self.color_ops))


@dataclass(frozen=True, eq=False)
class Finish:
    """What becomes of a canvas that has a colour space of its own once it is drawn.

    Attributes:
        convert: from the canvas's pixels to the picture's, both uint8, shape (height, width, 4), straight
            RGBA; None where they stay as they are.
        content_hash: SHA-256 hex digest of all that decides the picture's pixels and their space.
        icc_profile: the profile of that space; None for sRGB.
    """

    convert: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] | None
    content_hash: str
    icc_profile: bytes | None


@dataclass(frozen=True)
class LayerBox:
    """A layer's own box.

    Attributes:
        width, height: its size, before the transform.
        to_parent: from its coordinates, its top-left corner at 0, 0, to the parent's pixels.
    """

    width: Fraction
    height: Fraction
    to_parent: Affine


@dataclass(frozen=True)
class Needed:
    """What of its parent's pixels a layer is needed in.

    Attributes:
        seen: where it is seen with its effects, or read by a layer above it that shows its backdrop.
        drawn: what it must draw for that: what its filters and effects read around it as well.
    """

    seen: Rect
    drawn: Rect


@dataclass(frozen=True)
class Sources:
    """What a composition's layers draw, by layer path. A path without an image draws nothing.

    Attributes:
        areas: `needed_areas` of the composition, where they are known.
        lookups: of each layer with colour lookups their tables, in the order of `lookups_of`.
        boxes: the box of each layer with a linked mask, or with filters that have edges.
        patterns: of each layer whose effects have patterns their pictures, in the order of `patterns_of`.
        bounds: of the layers of `bounded_layers` the parent's pixels that they draw, seen or not.
        shapes: of each layer with rounded corners what they leave of it.
        rings: of each layer with a border where it lies on the layer.
        outlines: of each layer with strokes along its outlines where they lie, in the order of `strokes_of`.
        keys: `layer_key` of each layer that may show; with none, no layer is looked for among those kept.
        finish: what becomes of the canvas; None where it is the picture.
        notes: what is to be told of the sources, each naming its layer.
    """

    images: Mapping[LayerPath, DecodedImage]
    masks: Mapping[LayerPath, tuple[DecodedMask, ...]]
    areas: Mapping[LayerPath, Needed] | None = None
    keys: Mapping[LayerPath, bytes] = field(default_factory=dict)
    lookups: Mapping[LayerPath, tuple[DecodedLookup, ...]] = field(default_factory=dict)
    boxes: Mapping[LayerPath, LayerBox] = field(default_factory=dict)
    patterns: Mapping[LayerPath, tuple[DecodedImage, ...]] = field(default_factory=dict)
    bounds: Mapping[LayerPath, Rect] = field(default_factory=dict)
    shapes: Mapping[LayerPath, DecodedMask] = field(default_factory=dict)
    rings: Mapping[LayerPath, DecodedMask] = field(default_factory=dict)
    outlines: Mapping[LayerPath, tuple[DecodedMask, ...]] = field(default_factory=dict)
    finish: Finish | None = None
    notes: tuple[str, ...] = ()
