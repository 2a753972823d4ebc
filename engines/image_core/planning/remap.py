"""The step that looks a source up at a position of its own for each pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.planning.steps import Step, derive

__all__ = ["Remap"]


@dataclass(frozen=True, eq=False)
class Remap(Step):
    """Gather by tables: output (x, y) is a mean of the source over a small parallelogram, times its coverage.

    Beyond its edges the source goes on as it is there. The tables are read-only.

    Attributes:
        positions: int32 (height, width, 2): where the parallelogram's middle lies in the source, across and
            down, in 2^-16 pixels from the centre of its first pixel.
        spread: int16 (height, width, 4): the parallelogram's sides, that of a step across and that of a step
            down, each across and down, in 2^-8 source pixels. Where both are 0 it is a point. Of it
            `gathering.sample_bits` says how many samples the mean is of.
        coverage: uint16 (height, width): what of the pixel the source covers, 0..ONE.
    """

    tag: ClassVar = "remap"
    source: Step
    positions: NDArray[np.int32]
    spread: NDArray[np.int16]
    coverage: NDArray[np.uint16]

    def __post_init__(self) -> None:
        for table in (self.positions, self.spread, self.coverage):
            table.setflags(write=False)
        height, width = self.coverage.shape
        whole = self.source.opaque and int(self.coverage.min()) == ONE
        derive(self, size=(width, height), opaque=whole, plane=self.source.plane, inputs=(self.source,))
