"""A Compose as a straight program, which both backends run: it draws on levels, as on a pile of canvases.

    Push n     level n begins: as nothing, or as the level below it
    Draw       a Layer or an Adjust, on the topmost level
    Pop n      level n ends, and goes onto the level below it

Level 0 is the result. A group that is passed through whole, with neither mask nor opacity, needs no level of
its own, but where something in it is cut out of what the group has drawn. What is known of a level before an
instruction is noted with it, for a backend to take a shorter way to the same pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.planning.entries import Adjust, Compose, Entry, Layer, Stack
from engines.image_core.planning.options import Options
from engines.image_core.planning.steps import ONE

__all__ = ["Bottom", "Draw", "Instruction", "Known", "Pop", "Push", "program", "whole_stacks"]

Known: TypeAlias = Literal["nothing", "opaque", "any"]
"""What is known of a level: it is transparent black everywhere, it is opaque everywhere, or neither."""


Bottom: TypeAlias = int | Literal["nothing", "background"]
"""What something with a knockout lies on: a level as it is, nothing, or the Compose's background."""


@dataclass(frozen=True)
class Draw:
    """An entry onto a level. keep: the level's alpha stays. known: of the level before. bit_depth: 8 where
    the level is rounded to that afterwards. bottom: what an entry with a knockout lies on."""

    entry: Layer | Adjust
    level: int
    keep: bool
    known: Known
    bit_depth: BitDepth
    bottom: Bottom | None = None


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
    bit_depth: 8 where the level below is rounded to that afterwards. bottom: what a stack with a knockout
    lies on.
    """

    stack: Stack
    level: int
    keep: bool
    known: Known
    source: Known
    bit_depth: BitDepth
    bottom: Bottom | None = None

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
        self._background: Known = (
            "opaque" if background[3] == ONE else "any" if any(background) else "nothing"
        )
        self._known = [self._background]
        self._through = [False]  # of each level: the stack that it is for
        self._depths = [compose.bit_depth]  # of each level: what it is rounded to

    def draw(self, entry: Layer | Adjust, keep: bool) -> None:
        known, bottom = self._known[-1], self._bottom(entry.options)
        self.instructions.append(Draw(entry, len(self._known) - 1, keep, known, self._depths[-1], bottom))
        opaque = isinstance(entry, Layer) and entry.opaque and not keep
        self._changed(bottom, keep, hidden=opaque and self._compose.covered_by(entry.area))

    def push(self, stack: Stack, keep: bool) -> _Open:
        through = stack.through
        inside = stack.keep_alpha or stack.start == "base" or (through and keep)
        inner = _Open(iter(stack.entries), inside, stack.start == "base")
        if not through or stack.mask is not None or stack.opacity != ONE or _needs_level(stack):
            inner.ends = stack, inside if through else keep
            self._known.append(self._known[-1] if through else "nothing")
            self._through.append(through)
            self._depths.append(16 if stack.encoded else self._depths[-1])
            self.instructions.append(Push(stack, len(self._known) - 1, self._known[-1]))
        return inner

    def pop(self, stack: Stack, keep: bool) -> None:
        level, source = len(self._known) - 1, self._known.pop()
        self._through.pop()
        self._depths.pop()
        bottom = self._bottom(stack.options)
        known, depth = self._known[-1], self._depths[-1]
        self.instructions.append(Pop(stack, level, keep, known, source, depth, bottom))
        whole = stack.mask is None and stack.opacity == ONE and stack.options is None
        self._changed(bottom, keep, hidden=source == "opaque" and whole and not keep)
        if stack.mixed_back and not keep and source != "opaque":
            self._known[-1] = "any"  # something may be cut out of it

    def _bottom(self, options: Options | None) -> Bottom | None:
        """What an entry on the topmost level lies on, where it has a knockout."""
        if options is None or options.knockout == "none":
            return None
        level = len(self._known) - 1
        if options.knockout == "shallow" and self._through[level]:
            return level - 1
        while self._through[level]:
            level -= 1
        return "nothing" if level else "background"

    def _changed(self, bottom: Bottom | None, keep: bool, *, hidden: bool) -> None:
        """Something has been drawn on the topmost level. hidden: all of the level, by something opaque."""
        known = self._known[-1]
        if hidden or (known == "opaque" and (keep or bottom is None or self._of(bottom) == "opaque")):
            self._known[-1] = "opaque"
        else:
            self._known[-1] = "any"

    def _of(self, bottom: Bottom) -> Known:
        if bottom == "nothing":
            return "nothing"
        return self._background if bottom == "background" else self._known[bottom]


def _needs_level(stack: Stack) -> bool:
    """Whether a stack that is passed through needs a level of its own though it has neither mask nor opacity:
    it has options, a mode or another encoding, or something in it is cut out of what it has drawn."""
    shallow = any(entry.options and entry.options.knockout == "shallow" for entry in stack.entries)
    special = stack.encoded or stack.options is not None or stack.blend is not BlendMode.NORMAL
    return shallow or special


def whole_stacks(instructions: Sequence[Instruction]) -> set[int]:
    """The indices of the instructions that begin and end the stacks which do both among them."""
    begun: list[int] = []
    whole: set[int] = set()
    for index, instruction in enumerate(instructions):
        if isinstance(instruction, Push):
            begun.append(index)
        elif isinstance(instruction, Pop) and begun:
            whole |= {begun.pop(), index}
    return whole
