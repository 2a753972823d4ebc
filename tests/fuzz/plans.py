"""Random plans: graphs of steps and stacks of entries, with what compositions do not say yet."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
from pydantic import TypeAdapter

from engines.image_core.composition.adjustments import Adjustment, AnyAdjustment
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth, Knockout
from engines.image_core.numbers import curves
from engines.image_core.numbers.gradients import Style
from engines.image_core.numbers.kernels import gaussian_kernel, resampling_taps
from engines.image_core.numbers.ramps import RAMP_STEPS
from engines.image_core.planning.adjusting import lowered
from engines.image_core.planning.entries import (
    Adjust,
    ColorOp,
    Compose,
    Coverage,
    Entry,
    Layer,
    Matrix,
    Stack,
    Start,
    Table,
)
from engines.image_core.planning.options import Of, Options, Range
from engines.image_core.planning.planes import Alpha, Box, Combine, Grow, How, Map, Part
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.remap import Remap
from engines.image_core.planning.steps import (
    ONE,
    RGBA,
    Blur,
    Extend,
    Gradient,
    MaskRaster,
    Raster,
    Resample,
    Sharpen,
    Smooth,
    Solid,
    Step,
    Tile,
    Warp,
)
from tests.adjustments import TYPED
from tests.parity.support import decoded, decoded_mask

__all__ = ["random_plan"]

_ADJUSTMENT: TypeAdapter[AnyAdjustment] = TypeAdapter(Adjustment)

SIDES = (1, 3, 8, 17, 40, 70)
DEPTHS: tuple[BitDepth, ...] = (16, 16, 16, 8)
STARTS: tuple[Start, ...] = ("nothing", "nothing", "backdrop", "base", "replacement")
_KNOCKOUTS: tuple[Knockout, ...] = ("none", "none", "shallow", "deep")
_VALUES: tuple[Of, ...] = ("gray", "red", "green", "blue")
EXTREMES = (0, 1, 64, ONE // 2, ONE - 1, ONE)


def random_plan(seed: int) -> Plan:
    """The plan of a seed: always the same."""
    return Plan(_Maker(seed).compose(), "")


class _Maker:
    """Makes the steps of one plan; images and planes are used again now and then."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._noise = np.random.default_rng(seed)
        self._images: list[Step] = []
        self._planes: list[Step] = []
        self._depth = 0
        self._width = self._random.choice(SIDES)
        self._height = self._random.choice(SIDES)

    def compose(self) -> Compose:
        """The canvas."""
        background = self._random.choice([(0, 0, 0, 0), self._color(), (*self._color()[:3], ONE)])
        count = self._random.choice((0, 1, 2, 3, 5, 8, 20))
        depth = self._random.choice(DEPTHS)
        return Compose(self._width, self._height, background, self._entries(count), bit_depth=depth)

    def _entries(self, count: int) -> tuple[Entry, ...]:
        return tuple(self._entry() for _ in range(count))

    def _entry(self) -> Entry:
        kind = self._random.random()
        if kind < 0.22 and self._depth < 6:
            return self._stack()
        if kind < 0.34:
            ops, mode = self._color_ops(), self._mode()
            return Adjust(ops, self._mask(), self._value(), mode, self._options(mode))
        image, mode = self._image(), self._mode()
        ops = self._color_ops() if self._one_in(4) else ()
        left, top, options = self._offset(), self._offset(), self._options(mode)
        return Layer(image, left, top, ops, self._mask(), self._value(), mode, options)

    def _options(self, mode: BlendMode, *, whole: bool = True) -> Options | None:
        """Blending options. whole: a knockout and a fill may be among them."""
        if not self._one_in(4):
            return None
        knockout = self._random.choice(_KNOCKOUTS) if whole else "none"
        fills = whole and (mode.facts.fill != "opacity" or knockout != "none")
        first, second, third, fourth = sorted(self._value() for _ in range(4))
        of, underlying = self._random.choice(_VALUES), self._one_in(2)
        ranges = (Range(of, underlying, (first, second, third, fourth)),) if self._one_in(2) else ()
        kept = self._one_in(5), self._one_in(5), self._one_in(5)
        return Options(self._value() if fills else ONE, kept, ranges, knockout)

    def _stack(self) -> Stack:
        self._depth += 1
        entries = self._entries(self._random.choice((1, 2, 3, 4)))
        self._depth -= 1
        start = self._random.choice(STARTS)
        keep = start == "base" or self._one_in(4)
        mixed = start in {"backdrop", "replacement"} and not keep
        mode = BlendMode.NORMAL if mixed else self._mode()
        options = self._options(mode, whole=not mixed)
        encoded = self._one_in(4)
        return Stack(entries, start, keep, self._mask(), self._value(), mode, options, encoded)

    def _image(self) -> Step:
        if self._images and self._one_in(3):
            return self._random.choice(self._images)
        image = self._new_image()
        if not isinstance(image, Solid):
            self._images.append(image)
        return image

    def _new_image(self) -> Step:
        kind = self._random.randrange(10)
        if kind == 8:
            return self._gradient()
        if kind == 9 and self._images:
            source, left, top = self._random.choice(self._images), abs(self._offset()), abs(self._offset())
            width, height = self._random.choice(SIDES), self._random.choice(SIDES)
            if (width + height) % 2:
                mirrored = left % 2 == 1
                return Extend(width, height, source, left if mirrored else -left, top, mirrored)
            return Tile(width, height, source, left, top)
        if kind == 0:
            return Solid(self._random.choice(SIDES), self._random.choice(SIDES), self._color())
        if kind < 4 or not self._images:
            return self._raster()
        source = self._random.choice(self._images)
        if kind == 4:
            return Smooth(source)
        if kind == 5:
            amount = self._random.choice((-2000, 900, 9000))
            return Sharpen(source, Smooth(source), amount, self._random.choice((0, 300)))
        if kind == 6 and self._depth < 3:
            self._depth += 1
            inner = Compose(source.width, source.height, (0, 0, 0, 0), self._entries(2))
            self._depth -= 1
            return inner
        return self._made_of(source)

    def _gradient(self) -> Gradient:
        """A gradient whose places reach from the middle of a ramp of noise to far beyond its ends."""
        bits = self._random.choice((0, 7, 16))
        slopes = self._noise.integers(-(3 << bits), (3 << bits) + 1, 4).astype(np.int32)
        sides = self._random.choice(SIDES), self._random.choice(SIDES)
        columns, rows = (np.arange(-(side // 2), side - side // 2, dtype=np.int32) for side in sides)
        tables = [steps * slope for steps, slope in zip((columns, columns, rows, rows), slopes, strict=True)]
        ramp = self._noise.integers(0, ONE + 1, (4, RAMP_STEPS + 1)).astype(np.uint16)
        if self._one_in(2):
            ramp[3] = self._random.choice((ONE, 0))
        style: Style = self._random.choice(("linear", "radial", "angle", "reflected", "diamond"))
        left, top = self._offset(), self._offset()
        u, v, u_down, v_down = tables
        return Gradient(style, bits, u, v, u_down, v_down, ramp, self._one_in(3), left, top)

    def _made_of(self, source: Step) -> Step:
        """A blur, a reduction, a turn or a gather by tables: of an image, or of a plane."""
        kind = self._random.randrange(4)
        if kind == 3:
            return self._remapped(source)
        if kind == 0:
            kernel = gaussian_kernel(self._random.choice((0.3, 1.0, 4.0)))
            return Blur(source.width + 2, max(1, source.height - 1), source, kernel, -1, 1)
        if kind == 1:
            scale = Fraction(self._random.choice((1, 2, 5, -3)), self._random.choice((1, 2, 3)))
            taps = [
                resampling_taps(
                    -1, max(1, int(side / abs(scale))), scale, Fraction(side if scale < 0 else 0), side, None
                )
                for side in (source.height, source.width)
            ]
            return Resample(source, *taps)
        side = self._random.choice(SIDES)
        steps = np.arange(side, dtype=np.int32)
        slopes = self._noise.integers(-90000, 90000, 4).astype(np.int32)
        return Warp(source, *(steps * slope for slope in slopes))

    def _remapped(self, source: Step) -> Remap:
        """Positions in and around the source, points and parallelograms of a few pixels, any coverage."""
        size = self._random.choice(SIDES), self._random.choice(SIDES)
        reach = (max(source.width, source.height) + 8) << 16
        positions = self._noise.integers(-(8 << 16), reach, (*size, 2)).astype(np.int32)
        longest = self._random.choice((0, 15, 256, 1100))
        spread = self._noise.integers(-longest, longest + 1, (*size, 4)).astype(np.int16)
        coverage = self._noise.choice(np.array(EXTREMES, np.uint16), size)
        return Remap(source, positions, spread, coverage)

    def _raster(self) -> Raster:
        height, width = self._random.choice(SIDES), self._random.choice(SIDES)
        pixels = self._noise.integers(0, 256, (height, width, 4), dtype=np.uint8)
        if self._one_in(3):
            pixels[..., 3] = 255
        elif self._one_in(2):
            pixels[..., 3] = self._noise.choice(np.array([0, 1, 128, 255], np.uint8), (height, width))
        return Raster(decoded(pixels))

    def _plane(self) -> Step:
        if self._planes and self._one_in(3):
            return self._random.choice(self._planes)
        image = self._image() if self._one_in(6) else None
        # A Solid has no pixels of its own.
        source: Step = self._mask_raster() if image is None or isinstance(image, Solid) else Alpha(image)
        if self._planes and self._one_in(2):
            source = self._made_of(self._random.choice(self._planes))
        if self._one_in(5):
            table = self._noise.integers(0, ONE + 1, ONE + 1).astype(np.uint16)
            source = Map(source, table)
        if self._one_in(5):
            source = self._product(source)
        if self._one_in(5):
            source = self._spread(source)
        self._planes.append(source)
        return source

    def _product(self, first: Step) -> Combine:
        planes = [first] if self._one_in(2) else [first, self._mask_raster()]
        parts = [
            Part(plane, self._offset(), self._offset(), self._one_in(2), self._random.choice((ONE, 0, 9000)))
            for plane in planes
        ]
        how: How = "multiply" if self._one_in(2) else "difference"
        return Combine(self._random.choice(SIDES), self._random.choice(SIDES), tuple(parts), how)

    def _spread(self, source: Step) -> Step:
        """A plane averaged or grown."""
        side, left, top = self._random.choice((1, 2, 3, 30)), self._offset(), self._offset()
        width, height = self._random.choice(SIDES), self._random.choice(SIDES)
        if self._one_in(2):
            return Box(width, height, source, side, left, top)
        return Grow(width, height, source, self._random.choice((0, 9000, ONE, 5 * ONE + 77)), left, top)

    def _mask_raster(self) -> MaskRaster:
        height, width = self._random.choice(SIDES), self._random.choice(SIDES)
        values = self._noise.integers(0, 256, (height, width), dtype=np.uint8)
        return MaskRaster(decoded_mask(values))

    def _mask(self) -> Coverage | None:
        if not self._one_in(3):
            return None
        return Coverage(self._plane(), self._offset(), self._offset(), self._one_in(2))

    def _color_ops(self) -> tuple[ColorOp, ...]:
        made: list[ColorOp] = []
        for _ in range(self._random.choice((1, 1, 2))):
            if self._one_in(8):
                made += self._typed()
            elif self._one_in(2):
                made.append(Matrix(curves.saturation_matrix(self._random.choice((0.0, 0.5, 1.7)))))
            else:
                made.append(Table(curves.gamma_table(self._random.choice((0.4, 1.8)))))
        return tuple(made)

    def _typed(self) -> tuple[ColorOp, ...]:
        """An adjustment by type."""
        kind = self._random.choice(sorted(TYPED))
        fields = {"type": kind, **self._random.choice(TYPED[kind])}
        return lowered(_ADJUSTMENT.validate_python(fields))

    def _color(self) -> RGBA:
        red, green, blue, alpha = (self._value() for _ in range(4))
        return red, green, blue, alpha

    def _value(self) -> int:
        return self._random.choice((*EXTREMES, ONE, ONE, self._random.randint(0, ONE)))

    def _offset(self) -> int:
        return self._random.choice((0, 0, 0, 1, -1, -7, 11, 30))

    def _mode(self) -> BlendMode:
        modes: tuple[BlendMode, ...] = (BlendMode.NORMAL, *BlendMode)
        return self._random.choice(modes)

    def _one_in(self, count: int) -> bool:
        return self._random.randrange(count) == 0
