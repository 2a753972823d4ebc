"""What a plan is made of: a graph of immutable steps, all parameters integers.

    images   4 channels, straight RGBA   Raster, Solid, Gradient, Tile, Extend, Resample, Warp, Blur, Smooth,
                                         Sharpen, Opaque, Colored, Compose; Remap, which is in `remap.py`
    planes   1 channel, coverage         MaskRaster; Resample, Warp and Blur of a plane; those of `planes.py`

Values between steps are in 15-bit steps (0..32768 is 0..1), sizes and positions whole pixels. Two backends
evaluate these and nothing else: `reference/` (NumPy) and `gl/` (compute shaders). `Compose`, the step that
puts images together, is in `entries.py`.

A step that several others read is one object, and made once. A step's `tag` is its name in hashes (see
`identity`); a field added later has a default, which leaves the hashes of plans without it as they were.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse_color
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.gradients import Style
from engines.image_core.numbers.kernels import Kernel, Taps
from engines.image_core.numbers.rounding import to15
from engines.image_core.planning.decoded import DecodedImage, DecodedMask

__all__ = [
    "ONE",
    "RGBA",
    "Blur",
    "Colored",
    "Extend",
    "Gradient",
    "MaskRaster",
    "Opaque",
    "Raster",
    "Resample",
    "Sharpen",
    "Smooth",
    "Solid",
    "Step",
    "Tile",
    "Warp",
    "color15",
    "derive",
]

RGBA: TypeAlias = tuple[int, int, int, int]


def color15(color: str) -> RGBA:
    """#rrggbb or #rrggbbaa in 15-bit steps."""
    red, green, blue, alpha = map(to15, parse_color(color))
    return red, green, blue, alpha


@dataclass(frozen=True, eq=False)
class Step:
    """An image or a plane.

    Attributes:
        width, height: its size in pixels.
        opaque: an image's alpha is known to be ONE everywhere.
        plane: it has one channel, coverage, and not four.
        inputs: the steps that it is made of, one for each reading of one.
    """

    tag: ClassVar[str]
    width: int = field(init=False)
    height: int = field(init=False)
    opaque: bool = field(init=False, repr=False)
    plane: bool = field(init=False, repr=False)
    inputs: tuple[Step, ...] = field(init=False, repr=False)


def derive(
    step: Step, *, size: tuple[int, int] | None = None, opaque: bool = False, plane: bool = False,
    inputs: tuple[Step, ...] = (),
) -> None:  # fmt: skip
    """Set what follows from a step's own fields, once: asked of a deep graph each time, it would take a call
    for every level. size: width and height, where they are not fields of the step's own."""
    values: dict[str, Any] = {"opaque": opaque, "plane": plane, "inputs": inputs}
    if size is not None:
        values |= {"width": size[0], "height": size[1]}
    step.__dict__.update(values)  # the class is frozen, and this is the end of its making


@dataclass(frozen=True, eq=False)
class Raster(Step):
    """Decoded 8-bit pixels as they are."""

    tag: ClassVar = "raster"
    image: DecodedImage

    def __post_init__(self) -> None:
        derive(self, size=(self.image.width, self.image.height), opaque=self.image.opaque)


@dataclass(frozen=True, eq=False)
class Solid(Step):
    """One colour everywhere."""

    tag: ClassVar = "solid"
    width: int
    height: int
    color: RGBA

    def __post_init__(self) -> None:
        derive(self, opaque=self.color[3] == ONE)


@dataclass(frozen=True, eq=False)
class Opaque(Step):
    """An image's colour without its alpha."""

    tag: ClassVar = "opaque"
    source: Step

    def __post_init__(self) -> None:
        derive(self, size=(self.source.width, self.source.height), opaque=True, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Gradient(Step):
    """Colours looked up in a ramp: pixel (x, y) by (column_u[x] + row_u[y], column_v[x] + row_v[y]).

    What these say of its place in the ramp is in `numbers/gradients.py`, by the style.

    Attributes:
        bits: fractional bits of the four int32 tables, at most PLACE_BITS (ANGLE_BITS); sums stay below 2^30.
        ramp: uint16, shape (4, RAMP_STEPS + 1): straight colours, 0..ONE.
        dither: whether noise is added, which is counted from pixel (left, top).
    """

    tag: ClassVar = "gradient"
    style: Style
    bits: int
    column_u: NDArray[np.int32]
    column_v: NDArray[np.int32]
    row_u: NDArray[np.int32]
    row_v: NDArray[np.int32]
    ramp: NDArray[np.uint16]
    dither: bool = False
    left: int = 0
    top: int = 0

    def __post_init__(self) -> None:
        size = len(self.column_u), len(self.row_u)
        derive(self, size=size, opaque=bool((self.ramp[3] == ONE).all()))


@dataclass(frozen=True, eq=False)
class Colored(Step):
    """A plane's values as colours: v is the ramp's entry (v + 1) >> 1.

    ramp: uint16, shape (4, RAMP_STEPS + 1): straight colours, 0..ONE.
    """

    tag: ClassVar = "colored"
    source: Step
    ramp: NDArray[np.uint16]

    def __post_init__(self) -> None:
        size = self.source.width, self.source.height
        derive(self, size=size, opaque=bool((self.ramp[3] == ONE).all()), inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Tile(Step):
    """An image repeated: output (x, y) is the source's ((x + left) modulo its width, (y + top) modulo its
    height); left and top are not below 0."""

    tag: ClassVar = "tile"
    width: int
    height: int
    source: Step
    left: int
    top: int

    def __post_init__(self) -> None:
        derive(self, opaque=self.source.opaque, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Extend(Step):
    """An image that goes on beyond its border: output (x, y) is the source's (x + left, y + top), beyond it
    its nearest pixel, or where it is mirrored the pixel as far on this side of the border, again and again.

    Mirrored, left and top are not below 0: they are counted from any image, not its reflection.
    """

    tag: ClassVar = "extend"
    width: int
    height: int
    source: Step
    left: int
    top: int
    mirrored: bool

    def __post_init__(self) -> None:
        derive(self, opaque=self.source.opaque, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class MaskRaster(Step):
    """A plane of decoded 8-bit coverage as it is."""

    tag: ClassVar = "mask"
    mask: DecodedMask

    def __post_init__(self) -> None:
        height, width = self.mask.pixels.shape
        derive(self, size=(width, height), plane=True)


@dataclass(frozen=True, eq=False)
class Resample(Step):
    """Separable resampling, rows of taps first (vertical), then columns; images premultiplied."""

    tag: ClassVar = "resample"
    source: Step
    rows: Taps
    columns: Taps

    def __post_init__(self) -> None:
        source = self.source
        opaque = source.opaque and self.rows.full and self.columns.full
        size = len(self.columns.start), len(self.rows.start)
        derive(self, size=size, opaque=opaque, plane=source.plane, inputs=(source,))


@dataclass(frozen=True, eq=False)
class Warp(Step):
    """Affine gather: output (x, y) samples the source about (column_u[x] + row_u[y], column_v[x] + row_v[y]).

    All four are int32 tables in 2^-16 pixels, measured from the centre of the source's first pixel. Sixteen
    neighbours are weighted by `kernels.keys_phases`; outside the source lies transparency.
    """

    tag: ClassVar = "warp"
    source: Step
    column_u: NDArray[np.int32]
    column_v: NDArray[np.int32]
    row_u: NDArray[np.int32]
    row_v: NDArray[np.int32]

    def __post_init__(self) -> None:
        size = len(self.column_u), len(self.row_u)
        derive(self, size=size, plane=self.source.plane, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Blur(Step):
    """Gaussian blur: output (x, y) is centred on source (x + left, y + top); images premultiplied.

    `kernel` is one side, see `kernels.gaussian_kernel`. Outside the source lies transparency.
    """

    tag: ClassVar = "blur"
    width: int
    height: int
    source: Step
    kernel: Kernel
    left: int
    top: int

    def __post_init__(self) -> None:
        derive(self, plane=self.source.plane, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Smooth(Step):
    """The 3 x 3 kernel (1 1 1 / 1 5 1 / 1 1 1) / 13 over an image's premultiplied values, of its size."""

    tag: ClassVar = "smooth"
    source: Step

    def __post_init__(self) -> None:
        derive(self, size=(self.source.width, self.source.height), inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Sharpen(Step):
    """source + (source - smooth) * amount where they differ by more than threshold; alpha stays.

    `amount` is in 2^-12 steps and may be negative (it softens then); `threshold` in 15-bit steps.
    """

    tag: ClassVar = "sharpen"
    source: Step
    smooth: Step
    amount: int
    threshold: int

    def __post_init__(self) -> None:
        source = self.source
        size = source.width, source.height
        derive(self, size=size, opaque=source.opaque, inputs=(source, self.smooth))
