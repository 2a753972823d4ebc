"""The last canvases of a renderer: of the next one only what differs is drawn.

A host that fills a template draws one canvas after another that differ in a headline. What differs is known
from the plans; the rest is copied. The pixels are the same, see `planning/windows.py`.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import Finish
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.windows import Sketch, changed, sketch, window

__all__ = ["Canvases", "Drawing"]

_KEPT = 4
"""Of how many canvases the next may be a variant: hosts that mix a few templates find each again."""

_GRID = 32
"""What the sides of a part are multiples of, in pixels: parts of a few sizes share textures and programs."""

_WORTH = 2
"""How many times smaller than the canvas a part must be to be drawn alone."""

_Pixels: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True)
class _Canvas:
    """A finished picture, never written to again, and what it was made of."""

    sketch: Sketch
    finish: str
    pixels: _Pixels


@dataclass(frozen=True)
class Drawing:
    """What is to be drawn for a plan: all of it, or the part that differs from an earlier canvas.

    plan: what is to be evaluated. part: where its pixels belong, None where they are the canvas.
    """

    plan: Plan
    part: Rect | None
    _sketch: Sketch | None
    _finish: str
    _base: _Canvas | None


class Canvases:
    """Finished pictures within a bound in bytes, the last ones; several threads may use them at once."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._canvases: deque[_Canvas] = deque()
        self._guard = threading.Lock()

    def clear(self) -> None:
        """Forget all of them."""
        with self._guard:
            self._canvases.clear()

    def drawing(self, plan: Plan, finish: Finish | None) -> Drawing:
        """What is to be drawn of a plan. finish: what becomes of its canvas."""
        finished = "" if finish is None else finish.content_hash
        root = plan.root
        if 4 * root.width * root.height > self._max_bytes:
            return Drawing(plan, None, None, finished, None)
        made = sketch(root)
        with self._guard:
            alike = [kept for kept in self._canvases if _alike(kept, made, finished)]
        parts = [(_rounded(changed(kept.sketch, made), made.area), kept) for kept in alike]
        part, base = min(parts, key=lambda one: one[0].width * one[0].height, default=(made.area, None))
        if base is None or _WORTH * part.width * part.height > root.width * root.height:
            return Drawing(plan, None, made, finished, None)
        return Drawing(Plan(window(root, part), plan.pipeline_hash), part, made, finished, base)

    def finished(self, drawing: Drawing, pixels: _Pixels) -> _Pixels:
        """The whole picture of a drawing whose pixels are finished; read-only, and kept for later ones."""
        if drawing._base is not None and drawing.part is not None:
            part, whole = drawing.part, drawing._base.pixels.copy()
            whole[part.top : part.bottom, part.left : part.right] = pixels
            pixels = whole
        pixels.setflags(write=False)
        if drawing._sketch is not None:
            self._keep(_Canvas(drawing._sketch, drawing._finish, pixels))
        return pixels.view()  # nobody can make a view writable, and what is kept stays what it was

    def _keep(self, canvas: _Canvas) -> None:
        with self._guard:
            self._canvases.append(canvas)
            while len(self._canvases) > _KEPT or self._held > self._max_bytes:
                self._canvases.popleft()

    @property
    def held_bytes(self) -> int:
        """How much memory the pictures take."""
        with self._guard:
            return self._held

    @property
    def _held(self) -> int:
        return sum(canvas.pixels.nbytes for canvas in self._canvases)


def _alike(kept: _Canvas, made: Sketch, finish: str) -> bool:
    """Whether a canvas may be gone on from: the same picture again is drawn as it was the first time."""
    same_frame = kept.sketch.digest == made.digest  # its size is in the digest
    return same_frame and kept.finish == finish and kept.sketch != made


def _rounded(part: Rect, canvas: Rect) -> Rect:
    """A part on the grid, within the canvas and not empty."""
    left, top = part.left // _GRID * _GRID, part.top // _GRID * _GRID
    right = max(left + _GRID, -(-part.right // _GRID) * _GRID)
    bottom = max(top + _GRID, -(-part.bottom // _GRID) * _GRID)
    return Rect(left, top, right, bottom).intersect(canvas)
