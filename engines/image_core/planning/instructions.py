"""A Compose as a straight program, which both backends run: it draws on levels, as on a pile of canvases.

    Push n     level n begins: as nothing, or as the level below it
    Draw       a Layer or an Adjust, on the topmost level
    Pop n      level n ends, and goes onto the level below it

Level 0 is the result. A group that is passed through whole, with neither mask nor opacity, needs no level of
its own. What is known of a level before an instruction is noted with it, for a backend to take a shorter way
to the same pixels. Neither backend can have all images of a long program at hand at once: `cut` says where to
stop and store the open levels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engines.image_core.planning.color_ops import table_bytes
from engines.image_core.planning.entries import Adjust, Compose, Entry, Layer, Stack
from engines.image_core.planning.steps import ONE, Solid, Step

__all__ = ["Draw", "Instruction", "Known", "Needs", "Pop", "Push", "Run", "cut", "program"]

Known: TypeAlias = Literal["nothing", "opaque", "any"]
"""What is known of a level: it is transparent black everywhere, it is opaque everywhere, or neither."""


@dataclass(frozen=True)
class Draw:
    """An entry onto a level. keep: the level's alpha stays. known: of the level before."""

    entry: Layer | Adjust
    level: int
    keep: bool
    known: Known


@dataclass(frozen=True)
class Push:
    """A level begins for a stack. known: of the level that begins."""

    stack: Stack
    level: int
    known: Known


@dataclass(frozen=True)
class Pop:
    """A stack's level ends and goes onto the one below it.

    keep: the alpha of the level below stays. known: of the level below before; source: of the one that ends.
    """

    stack: Stack
    level: int
    keep: bool
    known: Known
    source: Known

    @property
    def entry(self) -> Stack:
        """What is put onto the level below."""
        return self.stack


Instruction: TypeAlias = Draw | Push | Pop


@dataclass
class _Open:
    """Entries on their way into a program.

    keep: they keep the alpha of what they lie on, but for the first of all where that is a base. ends: what
    to append when all are in: the stack whose level ends, and whether the level below keeps its alpha.
    """

    entries: Iterator[Entry]
    keep: bool = False
    base: bool = False
    ends: tuple[Stack, bool] | None = None


def program(compose: Compose) -> list[Instruction]:
    """The instructions that draw a Compose on its background, which is level 0."""
    writer = _Writer(compose)
    opened = [_Open(iter(compose.entries))]
    while opened:
        inner = opened[-1]
        entry = next(inner.entries, None)
        keep, inner.base = inner.keep and not inner.base, False
        if isinstance(entry, Stack):
            opened.append(writer.push(entry, keep))
        elif entry is not None:
            writer.draw(entry, keep)
        else:
            opened.pop()
            if inner.ends is not None:
                writer.pop(*inner.ends)
    return writer.instructions


class _Writer:
    """Appends instructions and follows what is known of the levels."""

    def __init__(self, compose: Compose) -> None:
        self.instructions: list[Instruction] = []
        self._compose = compose
        background = compose.background
        self._known: list[Known] = [
            "opaque" if background[3] == ONE else "any" if any(background) else "nothing"
        ]

    def draw(self, entry: Layer | Adjust, keep: bool) -> None:
        known = self._known[-1]
        self.instructions.append(Draw(entry, len(self._known) - 1, keep, known))
        opaque = isinstance(entry, Layer) and entry.opaque and not keep
        self._known[-1] = self._after(known, opaque and self._compose.covered_by(entry.area))

    def push(self, stack: Stack, keep: bool) -> _Open:
        through = stack.through
        inside = stack.keep_alpha or stack.start == "base" or (through and keep)
        inner = _Open(iter(stack.entries), inside, stack.start == "base")
        if not through or stack.mask is not None or stack.opacity != ONE:
            inner.ends = stack, inside if through else keep
            self._known.append(self._known[-1] if through else "nothing")
            self.instructions.append(Push(stack, len(self._known) - 1, self._known[-1]))
        return inner

    def pop(self, stack: Stack, keep: bool) -> None:
        source, known = self._known.pop(), self._known[-1]
        self.instructions.append(Pop(stack, len(self._known), keep, known, source))
        whole = stack.mask is None and stack.opacity == ONE
        self._known[-1] = self._after(known, source == "opaque" and whole and not keep)

    @staticmethod
    def _after(known: Known, hidden: bool) -> Known:
        return "opaque" if hidden or known == "opaque" else "any"


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
