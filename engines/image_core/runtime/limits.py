"""What one composition may cost: limits that a host sets for what strangers ask it to draw."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from engines.image_core.errors import CompositionError, SourceError

__all__ = [
    "DEFAULT_LIMITS",
    "MAX_BACKDROP_BLURS",
    "MAX_CANVAS",
    "MAX_FILE_BYTES",
    "MAX_FILTERS",
    "MAX_FOCUS_BOXES",
    "MAX_GROUP_DEPTH",
    "MAX_MESH",
    "MAX_TEXT",
    "Budget",
    "Clock",
    "RenderLimits",
    "StartClock",
    "untimed",
    "without_a_clock",
]

MAX_CANVAS = 16384
MAX_GROUP_DEPTH = 32
MAX_FILTERS = 32
MAX_MASKS = 8
MAX_EFFECTS = 32
MAX_BACKDROP_BLURS = 64
MAX_TEXT = 100_000
MAX_MESH = 50
MAX_FOCUS_BOXES = 1000
"""What no composition passes, whatever a renderer allows: pixels of the canvas's side, groups in groups,
filters, masks and effects of a layer, effects that draw what is below them again, characters of a text,
columns and rows of a mesh, boxes of a focus."""

MAX_FILE_BYTES = 1 << 30
"""The largest file read: 1 GiB."""

Clock: TypeAlias = Callable[[], None]
"""Called at each step of long work; it raises a CompositionError when the time is over."""

StartClock: TypeAlias = Callable[[], Clock]
"""Called when work begins, which may be long after it was asked for."""


@dataclass(frozen=True)
class RenderLimits:
    """The limits of a renderer. What passes one is an error that names the layer, the value and the limit.

    Attributes:
        canvas_pixels: width x height of the canvas.
        layers: layers, groups and what is in them included; of a PSD file too.
        depth: how deep groups nest, at most 32; in a PSD file too.
        text_length: characters of a text layer, at most 100,000.
        source_pixels: width x height of a picture file, known before it is decoded. The default is where
            Pillow itself refuses, so that one limit holds for all formats; a 150-megapixel camera fits. In a
            PSD file it holds for the document, each layer, mask and pattern.
        decoded_bytes: of all that a composition's layers draw, 4 bytes a pixel, what is shared counted once.
            It is counted as sources come in, some at once: the last may pass it before it is seen.
            A PSD file is refused when all its channels together would unpack to more.
        svg_length: characters of an SVG document.
        svg_seconds: how long drawing an SVG document may take before its process is ended.
        seconds: how long a render may take, or None, without what it waits for others. It is looked at before
            each source, at each point and stroke of shapes and selections, and before each step of drawing,
            and bounds an SVG's process; what else has begun is finished, and so is what a device was handed.
    """

    canvas_pixels: int = MAX_CANVAS * MAX_CANVAS
    layers: int = 10_000
    depth: int = MAX_GROUP_DEPTH
    text_length: int = MAX_TEXT
    source_pixels: int = 178_956_970
    decoded_bytes: int = 8 << 30
    svg_length: int = 10_000_000
    svg_seconds: float = 120.0
    seconds: float | None = None


def untimed() -> None:
    """The clock of work that may take as long as it takes."""


def without_a_clock() -> Clock:
    """Starts that clock."""
    return untimed


DEFAULT_LIMITS = RenderLimits()


class Budget:
    """What is left of the limits while one composition is rendered; used by several threads.

    spent: seconds that it has taken already.
    """

    def __init__(self, limits: RenderLimits = DEFAULT_LIMITS, spent: float = 0.0) -> None:
        self.limits = limits
        self._ends = None if limits.seconds is None else time.monotonic() + limits.seconds - spent
        self._counted: set[str] = set()
        self._total = 0
        self._lock = threading.Lock()

    @property
    def svg_seconds(self) -> float:
        """How long an SVG document may take that is begun now."""
        if self._ends is None:
            return self.limits.svg_seconds
        return max(0.001, min(self.limits.svg_seconds, self._ends - time.monotonic()))

    def clock(self, label: str) -> Clock:
        """A `check_time` for work in many steps, to be called at each."""
        return partial(self.check_time, label) if self._ends is not None else untimed

    def check_time(self, label: str) -> None:
        """Raise a CompositionError when the time is over. label: what would come next."""
        if self._ends is not None and time.monotonic() > self._ends:
            raise CompositionError(f"{label}: rendering takes more than {self.limits.seconds:g} seconds")

    def count(self, content_hash: str, size_bytes: int, label: str) -> None:
        """Count a source by its hash; raise a SourceError when all together are too large."""
        with self._lock:
            if content_hash not in self._counted:
                self._counted.add(content_hash)
                self._total += size_bytes
            total = self._total
        if total > self.limits.decoded_bytes:
            raise SourceError(
                f"{label}: the sources up to this one take {total:,} bytes decoded: allowed are"
                f" {self.limits.decoded_bytes:,}"
            )
