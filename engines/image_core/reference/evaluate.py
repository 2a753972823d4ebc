"""Evaluates a plan with NumPy: the definition of every pixel this package makes.

Each step has one function, of the module that is named after it; `EVALUATORS` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engines.image_core.planning.entries import Compose
from engines.image_core.planning.evaluation import Evaluation
from engines.image_core.planning.planes import Alpha, Box, Combine, Grain, Grow, Map, Relief
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.remap import Remap
from engines.image_core.planning.steps import (
    Blur,
    Colored,
    Extend,
    Gradient,
    MaskRaster,
    Opaque,
    Raster,
    Resample,
    Sharpen,
    Smooth,
    Step,
    Tile,
    Warp,
)
from engines.image_core.reference.blur import blur
from engines.image_core.reference.compose import compose8, compose15
from engines.image_core.reference.fills import colored, extend, gradient, tile
from engines.image_core.reference.growing import grow
from engines.image_core.reference.pixels import Pixels
from engines.image_core.reference.planes import alpha, box, combine, grain, map_plane, opaque
from engines.image_core.reference.relief import relief
from engines.image_core.reference.remap import remap
from engines.image_core.reference.resample import resample
from engines.image_core.reference.sharpen import sharpen, smooth
from engines.image_core.reference.warp import warp
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.runtime.limits import Clock, untimed

__all__ = ["EVALUATORS", "evaluate", "evaluate_step"]

EVALUATORS: Mapping[type[Step], Callable[..., Pixels]] = MappingProxyType(
    {
        Raster: lambda step: step.image.pixels,
        MaskRaster: lambda step: step.mask.pixels,
        Gradient: gradient,
        Colored: colored,
        Tile: tile,
        Extend: extend,
        Resample: resample,
        Warp: warp,
        Remap: remap,
        Blur: blur,
        Smooth: smooth,
        Opaque: opaque,
        Sharpen: sharpen,
        Alpha: alpha,
        Map: map_plane,
        Combine: combine,
        Box: box,
        Grow: grow,
        Relief: relief,
        Grain: grain,
    }
)
"""By step, a function of the step and the pixels of its inputs. A Compose takes what it reads by itself."""


def evaluate(
    plan: Plan, cache: Cache | None = None, tally: CacheCounts | None = None, clock: Clock = untimed
) -> NDArray[np.uint8]:
    """The pixels of a plan: uint8 (height, width, 4), straight RGBA.

    What its entries read is looked for in the cache, except for decoded pixels as they are, and counted in
    the tally. Without a cache nothing is held beyond its last reading. The clock is called as it goes on.
    """
    return compose8(plan.root, Evaluation(plan.root, _Arrays(cache, tally), clock))


def evaluate_step(step: Step) -> Pixels:
    """The pixels of any step but a Solid, which has none of its own: see `pixels` for their shapes."""
    return Evaluation(step, _Arrays()).root()


class _Arrays:
    """The values of an evaluation: arrays, dropped when nothing refers to them any more."""

    def __init__(self, cache: Cache | None = None, tally: CacheCounts | None = None) -> None:
        self._cache = cache
        self._tally = tally or CacheCounts()

    def make(self, step: Step, inputs: list[Pixels], evaluation: Evaluation[Pixels]) -> Pixels:
        """See `Values`."""
        if isinstance(step, Compose):
            return compose15(step, evaluation)
        return EVALUATORS[type(step)](step, *inputs)

    def obtain(self, step: Step, digest: str, make: Callable[[], Pixels]) -> Pixels:
        """See `Values`."""
        if self._cache is None or isinstance(step, Raster | MaskRaster):
            return make()
        return self._cache.once(digest, make, self._tally)

    def drop(self, digest: str, value: Pixels, *, read_by_compose: bool) -> None:
        """See `Values`."""
