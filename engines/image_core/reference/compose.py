"""The compositing pass: a Compose's program, run band by band, a bounded number of images at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.entries import Compose
from engines.image_core.planning.evaluation import Evaluation
from engines.image_core.planning.instructions import program
from engines.image_core.planning.runs import Needs, Run, cut
from engines.image_core.reference.levels import Level
from engines.image_core.reference.machine import Machine
from engines.image_core.reference.pixels import Pixels, pack8, stack15
from engines.image_core.reference.tiles import for_bands

__all__ = ["compose8", "compose15"]

READ_AT_ONCE = 16
INSTRUCTIONS_AT_ONCE = 64
"""What more a program reads might not fit in memory at once; the levels are stored between, which loses
nothing."""

_Stored = Mapping[int, NDArray[np.uint16]]
"""Levels by number: uint16 (4, height, width)."""


def compose8(step: Compose, evaluation: Evaluation[Pixels]) -> NDArray[np.uint8]:
    """Composite to 8-bit pixels."""
    out = np.empty((step.height, step.width, 4), np.uint8)
    _compose(step, evaluation, lambda level, rows: pack8(level.color, level.alpha, out[rows]))
    return out


def compose15(step: Compose, evaluation: Evaluation[Pixels]) -> NDArray[np.uint16]:
    """Composite to 15-bit pixels, for a group or a step before a filter."""
    out = np.empty((4, step.height, step.width), np.uint16)
    _compose(step, evaluation, lambda level, rows: stack15(level.color, level.alpha, out[:, rows]))
    return out


def _compose(step: Compose, evaluation: Evaluation[Pixels], finish: Callable[[Level, slice], None]) -> None:
    """Run a program, and hand what becomes of the canvas, a band of rows at a time, to finish()."""
    stored: dict[int, NDArray[np.uint16]] = {}
    runs = cut(program(step), _fits)
    for run in runs[:-1]:
        out = {number: np.zeros((4, step.height, step.width), np.uint16) for number in run.written}
        _run(_Pass(step, run, stored), evaluation, partial(_store, out))
        for number in run.ended:
            stored.pop(number, None)
        stored |= out
    _run(_Pass(step, runs[-1], stored), evaluation, lambda machine, rows: finish(machine.level(0), rows))


def _fits(needs: Needs) -> bool:
    return needs.images + needs.planes <= READ_AT_ONCE and needs.instructions <= INSTRUCTIONS_AT_ONCE


@dataclass(frozen=True)
class _Pass:
    """A run of a program, and the levels that those before it stored."""

    step: Compose
    run: Run
    stored: _Stored

    def machine(self, rows: slice, values: Mapping[str, Pixels]) -> Machine:
        """A machine for a band of rows, with the levels that the run reads."""
        area = Rect(0, rows.start, self.step.width, rows.stop)
        levels = {
            number: Level.loaded(area, self.stored[number], opaque=known == "opaque")
            for number, known in self.run.read.items()
        }
        if 0 not in self.stored:
            levels[0] = Level.of(area, self.step.background)
        return Machine(self.step, area, values, levels)


def _run(current: _Pass, evaluation: Evaluation[Pixels], finish: Callable[[Machine, slice], None]) -> None:
    with evaluation.reading(current.run.steps()) as values:

        def band(rows: slice) -> None:
            evaluation.clock()
            machine = current.machine(rows, values)
            for instruction in current.run.instructions:
                machine.execute(instruction)
            finish(machine, rows)

        for_bands(current.step.height, current.step.width, band)


def _store(out: _Stored, machine: Machine, rows: slice) -> None:
    """Store the levels that later runs go on with. rows: those of the machine, which knows them itself."""
    for number, pixels in out.items():
        machine.level(number).store(pixels)
