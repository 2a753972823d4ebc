"""What a Compose is made of: layers, adjustments and stacks of them, bottom first.

    Layer    an image over its backdrop
    Adjust   the backdrop, adjusted, over itself
    Stack    entries of their own: over nothing, and then as one layer (an isolated group, a clipped one), or
             over the backdrop as it is (a group that is passed through), or in its place

An entry's `area` is what of the composed area it may change. Positions are in pixels of the composed area.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.color_ops import ColorOp, Matrix, Table
from engines.image_core.planning.options import Options
from engines.image_core.planning.steps import ONE, RGBA, Solid, Step, derive

__all__ = [
    "EVERYWHERE",
    "Adjust",
    "ColorOp",
    "Compose",
    "Coverage",
    "Entry",
    "Layer",
    "Matrix",
    "Stack",
    "Start",
    "Table",
    "dissolves",
    "knocks_out",
]


EVERYWHERE = Rect(-(1 << 30), -(1 << 30), 1 << 30, 1 << 30)
"""An area that covers any other."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """A plane whose top-left pixel lies at (left, top) of the composed area; outside it nothing shows."""

    tag: ClassVar = "coverage"
    plane: Step
    left: int
    top: int
    inverted: bool = False

    @property
    def area(self) -> Rect:
        """The pixels it covers."""
        return _area(self.plane, self.left, self.top)


@dataclass(frozen=True, eq=False)
class Layer:
    """An image placed with its top-left pixel at (left, top), adjusted, masked, faded and blended."""

    tag: ClassVar = "layer"
    image: Step
    left: int
    top: int
    color_ops: tuple[ColorOp, ...] = ()
    mask: Coverage | None = None
    opacity: int = ONE
    blend: BlendMode = BlendMode.NORMAL
    options: Options | None = None
    area: Rect = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _shown(self, self.image_area)

    @property
    def image_area(self) -> Rect:
        """Where its image lies, masked or not."""
        return _area(self.image, self.left, self.top)

    @property
    def opaque(self) -> bool:
        """Whether the layer hides all of its backdrop under it (in normal mode)."""
        return self.image.opaque and self.mask is None and self.opacity == ONE and self.options is None


@dataclass(frozen=True, eq=False)
class Adjust:
    """The backdrop's colour, adjusted and blended with itself; its alpha stays."""

    tag: ClassVar = "adjust"
    color_ops: tuple[ColorOp, ...]
    mask: Coverage | None = None
    opacity: int = ONE
    blend: BlendMode = BlendMode.NORMAL
    options: Options | None = None
    area: Rect = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _shown(self, EVERYWHERE)


Start: TypeAlias = Literal["nothing", "backdrop", "base", "replacement"]


@dataclass(frozen=True, eq=False)
class Stack:
    """Entries that are put together first, and then masked, faded and blended as one.

    Attributes:
        start: what the first entry lies on. "nothing": the stack is then one layer over its backdrop.
            "backdrop": the backdrop as it is, and the result is mixed back into it by mask and opacity.
            "base": nothing, and the others are clipped to the first entry.
            "replacement": nothing, and the result is mixed back into the backdrop: it takes its place.
        keep_alpha: the entries change the colour of what they lie on and not its alpha. What is clipped to a
            base always does.
        blend: normal where what is mixed back has an alpha of its own.
        encoded: its level holds other numbers than sRGB's, such as light, which are not rounded to 8 bits.
    """

    tag: ClassVar = "stack"
    entries: tuple[Entry, ...]
    start: Start = "nothing"
    keep_alpha: bool = False
    mask: Coverage | None = None
    opacity: int = ONE
    blend: BlendMode = BlendMode.NORMAL
    options: Options | None = None
    encoded: bool = False
    area: Rect = field(init=False, repr=False)
    painted: Rect = field(init=False, repr=False)
    depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.mixed_back and not self.keep_alpha:
            self.__dict__["blend"] = BlendMode.NORMAL
        area = painted = Rect(0, 0, 0, 0)
        for entry in self.entries:
            area, painted = area.union(entry.area), painted.union(_painted(entry))
        # What is as it was is still blended with itself.
        everywhere = self.blend is not BlendMode.NORMAL or not self.through
        _shown(self, (EVERYWHERE if everywhere else area) if self.mixed_back else painted)
        self.__dict__["painted"] = self.area.intersect(painted)
        depths = [entry.depth for entry in self.entries if isinstance(entry, Stack)]
        self.__dict__["depth"] = 1 + max(depths, default=0)

    @property
    def through(self) -> bool:
        """Whether the backdrop is passed through it: its entries lie on that."""
        return self.start == "backdrop"

    @property
    def mixed_back(self) -> bool:
        """Whether the backdrop is mixed with what the stack comes to, which is not put over it."""
        return self.through or self.start == "replacement"


Entry: TypeAlias = Layer | Adjust | Stack


@dataclass(frozen=True, eq=False)
class Compose(Step):
    """Entries over a background, bottom first: an image.

    origin: the position, left and top, that its first pixel has for what dissolves; other than 0, 0 where
    something does only. bit_depth: 8 where a level is rounded to 8 bits after each entry, else 16.
    """

    tag: ClassVar = "compose"
    width: int
    height: int
    background: RGBA
    entries: tuple[Entry, ...]
    origin: tuple[int, int] = (0, 0)
    bit_depth: BitDepth = 16

    def __post_init__(self) -> None:
        derive(self, opaque=self._hidden(), inputs=tuple(_read(self.entries)))

    def covered_by(self, area: Rect) -> bool:
        """Whether an area reaches over the whole of this one."""
        return area.left <= 0 and area.top <= 0 and area.right >= self.width and area.bottom >= self.height

    def _hidden(self) -> bool:
        """Whether something opaque lies all over: the background, or a layer of the outermost entries that
        nothing above it is cut out of."""
        for entry in reversed(self.entries):
            if isinstance(entry, Layer) and entry.opaque and self.covered_by(entry.area):
                return True
            if _replaces(entry):
                return False
            if knocks_out((entry,)):
                break
        return self.background[3] == ONE


def knocks_out(entries: Iterable[Entry]) -> bool:
    """Whether one of the entries, or of those in groups that are passed through, has a knockout."""
    shown = (entry.options for entry in _passed_through(entries))
    return any(options is not None and options.knockout != "none" for options in shown)


def _replaces(entry: Entry) -> bool:
    """Whether an entry, or one that is passed through it, takes the place of its backdrop."""
    return any(isinstance(one, Stack) and one.start == "replacement" for one in _passed_through((entry,)))


def _passed_through(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries, and those in groups that are passed through."""
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        yield entry
        waiting += entry.entries if isinstance(entry, Stack) and entry.through else ()


def dissolves(entries: Iterable[Entry]) -> bool:
    """Whether one of the entries, or of those inside them, is blended by dissolving."""
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        if entry.blend is BlendMode.DISSOLVE:
            return True
        waiting += entry.entries if isinstance(entry, Stack) else ()
    return False


def _area(step: Step, left: int, top: int) -> Rect:
    return Rect(left, top, left + step.width, top + step.height)


def _painted(entry: Entry) -> Rect:
    """What of nothing an entry may change: there is no colour to adjust where no layer lies."""
    if isinstance(entry, Adjust):
        return Rect(0, 0, 0, 0)
    return entry.painted if isinstance(entry, Stack) else entry.area


def _shown(entry: Entry, area: Rect) -> None:
    """Set an entry's area: what its mask covers of that which it draws on."""
    entry.__dict__["area"] = area if entry.mask is None else area.intersect(entry.mask.area)


def _read(entries: tuple[Entry, ...]) -> Iterator[Step]:
    """The images and planes of entries and of those inside them, once for each reading (a Solid has none)."""
    waiting = list(reversed(entries))
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, Layer) and not isinstance(entry.image, Solid):
            yield entry.image
        if entry.mask is not None:
            yield entry.mask.plane
        if isinstance(entry, Stack):
            waiting += reversed(entry.entries)
