"""A program cut into runs: neither backend can have all images of a long one at hand at once.

Between two runs the open levels are stored, which loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engines.image_core.planning.color_ops import table_bytes
from engines.image_core.planning.entries import Layer
from engines.image_core.planning.instructions import Draw, Instruction, Known, Pop, Push
from engines.image_core.planning.steps import Solid, Step

__all__ = ["Needs", "Run", "cut"]


@dataclass(frozen=True)
class Needs:
    """What a run holds at once. Colour operations count by their `units`.
    Levels count where they come from an earlier run or go to a later one."""

    instructions: int = 0
    images: int = 0
    planes: int = 0
    levels_read: int = 0
    levels_written: int = 0
    color_ops: int = 0
    table_bytes: int = 0


@dataclass
class Run:
    """Instructions in a row.

    Attributes:
        instructions: those of the run.
        read: levels that an earlier run stored and this one uses, with what is known of them.
        ended: levels that end in it: of those stored before, nothing is wanted again.
        written: levels that it changes and leaves open; at the end of the program level 0, always.
    """

    instructions: list[Instruction]
    read: dict[int, Known]
    ended: list[int]
    written: list[int]

    def steps(self) -> Iterator[Step]:
        """The images and planes that the run reads, once for each reading."""
        for instruction in self.instructions:
            yield from _steps(instruction)

    def bottoms(self) -> set[int]:
        """The levels that entries with a knockout lie on; one on which nothing has been drawn is in none of
        the lists above."""
        found = (instruction.bottom for instruction in self.instructions if not isinstance(instruction, Push))
        return {bottom for bottom in found if isinstance(bottom, int)}


def cut(instructions: list[Instruction], fits: Callable[[Needs], bool]) -> list[Run]:
    """The instructions in as few runs as fit, of at least one instruction each; one empty run for none."""
    runs: list[Run] = []
    stored: set[int] = set()
    current = _Tracked(stored)
    for instruction in instructions:
        grown = current.with_next(instruction)
        if current.instructions and not fits(grown.needs()):
            runs.append(current.run())
            stored = (stored - {*runs[-1].ended}) | {*runs[-1].written}
            grown = _Tracked(stored).with_next(instruction)
        current = grown
    last = current.run()
    last.written = [0]
    runs.append(last)
    return runs


class _Tracked:
    """A run that grows, with what becomes of its levels. stored: those that the runs before it stored."""

    def __init__(self, stored: set[int]) -> None:
        self._stored = stored
        self.instructions: list[Instruction] = []
        self._images: set[int] = set()
        self._planes: set[int] = set()
        self._read: dict[int, Known] = {}
        self._made: set[int] = set()  # levels that this run began or read
        self._changed: set[int] = set()
        self._ended: set[int] = set()
        self._color_ops = self._table_bytes = 0

    def with_next(self, instruction: Instruction) -> _Tracked:
        """The same run with one more instruction; this one stays as it is."""
        grown = _Tracked(self._stored)
        grown.instructions = [*self.instructions, instruction]
        grown._images, grown._planes = set(self._images), set(self._planes)
        grown._read, grown._made = dict(self._read), set(self._made)
        grown._changed, grown._ended = set(self._changed), set(self._ended)
        grown._color_ops, grown._table_bytes = self._color_ops, self._table_bytes
        grown._add(instruction)
        return grown

    def _add(self, instruction: Instruction) -> None:
        for step in _steps(instruction):
            (self._planes if step.plane else self._images).add(id(step))
        level = instruction.level
        if not isinstance(instruction, Push) and isinstance(instruction.bottom, int):
            self._wants(instruction.bottom, "any")
        match instruction:
            case Draw():
                for op in instruction.entry.color_ops:
                    self._color_ops += op.units
                    self._table_bytes += table_bytes(op)
                self._wants(level, instruction.known)
            case Push():
                if instruction.stack.through:
                    self._wants(level - 1, instruction.known)
                self._made.add(level)
                if instruction.known == "nothing":
                    return  # it is not stored before something is drawn on it
            case Pop():
                self._wants(level, instruction.source)
                self._wants(level - 1, instruction.known)
                self._made.discard(level)
                self._changed.discard(level)
                self._ended.add(level)
                level -= 1
        self._changed.add(level)

    def _wants(self, level: int, known: Known) -> None:
        """A level's value is used. Where this run has not made it, it is read, or as it was in the
        beginning."""
        if level not in self._made:
            self._made.add(level)
            if level in self._stored:
                self._read[level] = known

    def needs(self) -> Needs:
        return Needs(
            len(self.instructions), len(self._images), len(self._planes), len(self._read), len(self._changed),
            self._color_ops, self._table_bytes,
        )  # fmt: skip

    def run(self) -> Run:
        return Run(self.instructions, self._read, sorted(self._ended), sorted(self._changed))


def _steps(instruction: Instruction) -> Iterator[Step]:
    if isinstance(instruction, Push):
        return
    entry = instruction.entry
    if isinstance(entry, Layer) and not isinstance(entry.image, Solid):
        yield entry.image
    if entry.mask is not None:
        yield entry.mask.plane
