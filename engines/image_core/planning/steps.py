"""What a plan is made of: an immutable tree of images, all parameters integers.

Pixels between steps are straight RGBA in 15-bit steps (0..32768). Sizes and positions are whole pixels.
Two backends evaluate these and nothing else: `reference/` (NumPy) and `gl/` (compute shaders). Every image
has a `width`, a `height` and `opaque`: whether every alpha is ONE. A step's `tag` is its name in hashes
(see `identity`); a field added later has a default, which leaves the hashes of plans without it as they were.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.models import BlendMode
from engines.image_core.numbers.kernels import KEYS_TOTAL, Taps
from engines.image_core.planning.decoded import DecodedImage, DecodedMask

__all__ = [
    "Blur",
    "Compose",
    "Image",
    "LayerStep",
    "MaskStep",
    "Matrix",
    "PointStep",
    "Raster",
    "Resample",
    "Sharpen",
    "Smooth",
    "Solid",
    "Table",
    "Warp",
    "opaque_backdrops",
]

ONE = 2 * KEYS_TOTAL
RGBA: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True)
class Raster:
    """Decoded 8-bit pixels as they are."""

    tag: ClassVar = "raster"
    image: DecodedImage

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.image.height

    @property
    def opaque(self) -> bool:
        """Whether every alpha is ONE."""
        return self.image.opaque


@dataclass(frozen=True)
class Solid:
    """One colour everywhere."""

    tag: ClassVar = "solid"
    width: int
    height: int
    color: RGBA

    @property
    def opaque(self) -> bool:
        """Whether every alpha is ONE."""
        return self.color[3] == ONE


@dataclass(frozen=True, eq=False)
class Resample:
    """Separable resampling of premultiplied values, rows of taps first (vertical), then columns."""

    tag: ClassVar = "resample"
    source: Image
    rows: Taps
    columns: Taps
    opaque: bool = field(init=False)

    def __post_init__(self) -> None:
        _derive(self, opaque=self.source.opaque and self.rows.full and self.columns.full)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return len(self.columns.start)

    @property
    def height(self) -> int:
        """Height in pixels."""
        return len(self.rows.start)


@dataclass(frozen=True, eq=False)
class Warp:
    """Affine gather: output (x, y) samples the source about (column_u[x] + row_u[y], column_v[x] + row_v[y]).

    All four are int32 tables in 2^-16 pixels, measured from the centre of the source's first pixel. Sixteen
    neighbours are weighted by `kernels.keys_phases`; outside the source lies transparency.
    """

    tag: ClassVar = "warp"
    source: Image
    column_u: NDArray[np.int32]
    column_v: NDArray[np.int32]
    row_u: NDArray[np.int32]
    row_v: NDArray[np.int32]
    opaque: bool = field(default=False, init=False)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return len(self.column_u)

    @property
    def height(self) -> int:
        """Height in pixels."""
        return len(self.row_u)


@dataclass(frozen=True, eq=False)
class Blur:
    """Gaussian blur of premultiplied values: output (x, y) is centred on source (x + left, y + top).

    `kernel` is one side, see `kernels.gaussian_kernel`. Outside the source lies transparency.
    """

    tag: ClassVar = "blur"
    source: Image
    kernel: NDArray[np.int32]
    left: int
    top: int
    width: int
    height: int
    opaque: bool = field(default=False, init=False)


@dataclass(frozen=True)
class Smooth:
    """The 3 x 3 kernel (1 1 1 / 1 5 1 / 1 1 1) / 13 over premultiplied values, of the source's size."""

    tag: ClassVar = "smooth"
    source: Image
    width: int = field(init=False)
    height: int = field(init=False)
    opaque: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        _derive(self, width=self.source.width, height=self.source.height)


@dataclass(frozen=True)
class Sharpen:
    """source + (source - smooth) * amount where they differ by more than threshold; alpha stays.

    `amount` is in 2^-12 steps and may be negative (it softens then); `threshold` in 15-bit steps.
    """

    tag: ClassVar = "sharpen"
    source: Image
    smooth: Image
    amount: int
    threshold: int
    width: int = field(init=False)
    height: int = field(init=False)
    opaque: bool = field(init=False)

    def __post_init__(self) -> None:
        source = self.source
        _derive(self, width=source.width, height=source.height, opaque=source.opaque)


@dataclass(frozen=True, eq=False)
class Table:
    """A curve for all three colour channels: uint16, shape (ONE + 1,)."""

    tag: ClassVar = "table"
    values: NDArray[np.uint16]


@dataclass(frozen=True)
class Matrix:
    """A 3 x 3 colour matrix, row by row, in 2^-14 steps; results are clamped to 0..ONE."""

    tag: ClassVar = "matrix"
    weights: tuple[int, ...]


PointStep: TypeAlias = Table | Matrix


@dataclass(frozen=True)
class MaskStep:
    """A mask whose top-left pixel lies at (left, top) of the composed area; outside it nothing shows."""

    tag: ClassVar = "mask"
    mask: DecodedMask
    left: int
    top: int
    inverted: bool


@dataclass(frozen=True)
class LayerStep:
    """An image placed with its top-left pixel at (left, top), adjusted, masked, faded and blended."""

    tag: ClassVar = "layer"
    image: Image
    left: int
    top: int
    points: tuple[PointStep, ...]
    mask: MaskStep | None
    opacity: int
    mode: BlendMode

    @property
    def opaque(self) -> bool:
        """Whether the layer hides all of its backdrop under it (in normal mode)."""
        return self.image.opaque and self.mask is None and self.opacity == ONE


@dataclass(frozen=True)
class Compose:
    """Layers over a background, bottom first."""

    tag: ClassVar = "compose"
    width: int
    height: int
    background: RGBA
    layers: tuple[LayerStep, ...]
    opaque: bool = field(init=False)

    def __post_init__(self) -> None:
        _derive(self, opaque=opaque_backdrops(self)[-1])

    def covered_by(self, layer: LayerStep) -> bool:
        """Whether the layer's image reaches over the whole area."""
        return (
            layer.left <= 0
            and layer.top <= 0
            and layer.left + layer.image.width >= self.width
            and layer.top + layer.image.height >= self.height
        )


def _derive(step: Image, **values: int | bool) -> None:
    """Set what follows from a step's own fields, once: asked of a deep tree each time, it would take a call
    for every level."""
    for name, value in values.items():
        object.__setattr__(step, name, value)


Image: TypeAlias = Raster | Solid | Resample | Warp | Blur | Smooth | Sharpen | Compose


def opaque_backdrops(compose: Compose) -> list[bool]:
    """Whether the backdrop of each layer is known to be opaque, and at last whether the result is.

    Where it is, the result's alpha is ONE and its colour needs no division; the pixels are the same.
    """
    opaque = [compose.background[3] == ONE]
    for layer in compose.layers:
        opaque.append(opaque[-1] or (layer.opaque and compose.covered_by(layer)))
    return opaque
