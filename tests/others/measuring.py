"""How far two pictures are apart, in 8-bit steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.tests.composing import premultiplied

__all__ = ["Apart", "Steps", "apart", "premultiplied", "premultiplied_bytes", "straight"]

Steps: TypeAlias = NDArray[np.float64]
"""RGBA in 8-bit steps, 0..255, not necessarily whole ones; shape (height, width, 4)."""

HALF_A_STEP = 0.5


@dataclass(frozen=True)
class Apart:
    """Differences over all channels.

    Attributes:
        largest, mean: of the absolute differences.
        share: of the pixels that are more than half a step off in some channel.
    """

    largest: float
    mean: float
    share: float

    def __str__(self) -> str:
        if not self.largest:
            return "0"
        return f"{round(self.largest, 2):g} / {self.mean:.2f} / {100 * self.share:.1f} %"


def apart(ours: NDArray[Any], theirs: NDArray[Any], where: NDArray[np.bool_] | None = None) -> Apart:
    """Compare two pictures of one form, (height, width, channels), or only the samples where it is so."""
    steps = np.abs(ours.astype(np.float64) - theirs)
    if where is not None:
        steps = np.where(where, steps, 0)
    return Apart(float(steps.max()), float(steps.mean()), float((steps > HALF_A_STEP).any(axis=-1).mean()))


def premultiplied_bytes(pixels: NDArray[Any]) -> Steps:
    """Straight RGBA as a canvas of premultiplied bytes holds it. Read from such a canvas, nothing is lost."""
    return np.rint(premultiplied(pixels))


def straight(pixels: NDArray[Any], seen: NDArray[np.bool_]) -> Steps:
    """Straight RGBA without the colour of pixels that are not seen; seen is (height, width)."""
    values = pixels.astype(np.float64)
    values[..., :3] *= seen[..., np.newaxis]
    return values
