"""SVG path data, drawn into an outline in exact rationals.

The grammar and the meaning of each command are those of SVG 2, chapter "Paths". Where a browser draws a
faulty path up to its fault, here the fault is an error that tells the position.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from engines.image_core.errors import SourceError
from engines.image_core.sources.vector.outline import OutlineBuilder
from engines.image_core.sources.vector.svg_arc import arc_cubics

__all__ = ["draw_path"]

_FARTHEST = 1_000_000
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BETWEEN = re.compile(r"[ \t\r\n\f]*,?[ \t\r\n\f]*")
_BLANK = re.compile(r"[ \t\r\n\f]*")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}

Vector = tuple[Fraction, Fraction]


def draw_path(d: str, builder: OutlineBuilder, field: str) -> None:
    """Draw SVG path data.

    Args:
        d: The path data.
        builder: What takes the lines and curves. A move that draws nothing is left out, as in SVG.
        field: How the error names the path.

    Raises:
        SourceError: the data are not SVG path syntax, or a coordinate is beyond 1,000,000.
    """
    scanner = _Scanner(d, field)
    pen = _Pen(builder)
    while command := scanner.command(first=pen.idle):
        upper = command.upper()
        arguments = scanner.arguments(upper) if upper != "Z" else []
        pen.run(command, arguments)
        if any(abs(value) > _FARTHEST for value in pen.at):
            scanner.fail("the path leads beyond 1000000")


class _Scanner:
    """Reads commands and numbers, and knows where it is."""

    def __init__(self, text: str, field: str) -> None:
        self._text, self._field, self._position = text, field, 0
        self._repeat = ""  # the command that further numbers stand for

    def command(self, *, first: bool) -> str:
        """The next command letter, said or repeated; empty at the end."""
        self._skip(_BLANK)
        letter = self._text[self._position : self._position + 1]
        if not letter:
            return ""
        if letter.upper() in _ARGUMENTS:
            if first and letter not in "Mm":
                self.fail(f"a path begins with M, not {letter!r}")
            self._position += 1
            self._skip(_BLANK)
            # Further pairs after a move are lines.
            self._repeat = {"M": "L", "m": "l", "Z": "", "z": ""}.get(letter, letter)
            return letter
        if not self._repeat:
            self.fail(f"expected a command, found {letter!r}")
        self._skip(_BETWEEN)
        return self._repeat

    def arguments(self, command: str) -> list[Fraction]:
        """The numbers of one command; the flags of an arc are single digits that need no space between."""
        values: list[Fraction] = []
        for index in range(_ARGUMENTS[command]):
            if index:
                self._skip(_BETWEEN)
            values.append(self._flag() if command == "A" and index in (3, 4) else self._number())
        return values

    def fail(self, reason: str) -> None:
        """Raise the error, naming the character after what was read."""
        raise SourceError(f"{self._field}: {reason} (at character {self._position + 1})")

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._position)
        self._position = found.end() if found else self._position

    def _number(self) -> Fraction:
        found = _NUMBER.match(self._text, self._position)
        if not found:
            self.fail(f"expected a number, found {self._found()}")
        else:
            value = float(found.group())
            if abs(value) > _FARTHEST:
                self.fail(f"{found.group()[:40]} is not allowed: allowed is -1000000 to 1000000")
            self._position = found.end()
        return Fraction(value)

    def _flag(self) -> Fraction:
        if self._text[self._position : self._position + 1] not in ("0", "1"):
            self.fail(f"expected a flag, 0 or 1, found {self._found()}")
        self._position += 1
        return Fraction(self._text[self._position - 1])

    def _found(self) -> str:
        return (
            repr(self._text[self._position : self._position + 1])
            if self._text[self._position :]
            else "the end"
        )


class _Pen:
    """The state of a path being drawn: where it is, where the contour began, the last control point."""

    def __init__(self, builder: OutlineBuilder) -> None:
        self._builder = builder
        self._start: Vector = (Fraction(0), Fraction(0))
        self._control: Vector = self._start
        self._previous = ""
        self._down = False
        self.at: Vector = self._start

    @property
    def idle(self) -> bool:
        """Whether there was no command yet."""
        return not self._previous

    def run(self, command: str, arguments: list[Fraction]) -> None:
        """Draw one command."""
        upper = command.upper()
        if command != upper:
            self._make_absolute(upper, arguments)
        commands: dict[str, Callable[..., None]] = {
            "M": self._move, "L": self._line, "C": self._cubic, "S": self._smooth_cubic, "Q": self._conic,
            "T": self._smooth_conic, "A": self._arc, "Z": self._close,
            "H": lambda x: self._line(x, self.at[1]), "V": lambda y: self._line(self.at[0], y),
        }  # fmt: skip
        commands[upper](*arguments)
        self._previous = upper

    def _make_absolute(self, command: str, arguments: list[Fraction]) -> None:
        x, y = self.at
        offsets = {"H": [x], "V": [y], "A": [Fraction(0)] * 5 + [x, y]}.get(command, [x, y] * 3)
        arguments[:] = [value + offset for value, offset in zip(arguments, offsets, strict=False)]

    def _put_down(self) -> None:
        if not self._down:
            self._builder.move_to(*self.at)
            self._start, self._down = self.at, True

    def _move(self, x: Fraction, y: Fraction) -> None:
        self.at = self._start = (x, y)
        self._down = False

    def _line(self, x: Fraction, y: Fraction) -> None:
        self._put_down()
        self._builder.line_to(x, y)
        self.at = (x, y)

    def _cubic(
        self, c1x: Fraction, c1y: Fraction, c2x: Fraction, c2y: Fraction, x: Fraction, y: Fraction
    ) -> None:
        self._put_down()
        self._builder.cubic_to(c1x, c1y, c2x, c2y, x, y)
        self._control, self.at = (c2x, c2y), (x, y)

    def _smooth_cubic(self, c2x: Fraction, c2y: Fraction, x: Fraction, y: Fraction) -> None:
        self._cubic(*self._reflected("CS"), c2x, c2y, x, y)

    def _conic(self, cx: Fraction, cy: Fraction, x: Fraction, y: Fraction) -> None:
        self._put_down()
        self._builder.conic_to(cx, cy, x, y)
        self._control, self.at = (cx, cy), (x, y)

    def _smooth_conic(self, x: Fraction, y: Fraction) -> None:
        self._conic(*self._reflected("QT"), x, y)

    def _reflected(self, alike: str) -> Vector:
        """The last control point mirrored at the pen, or the pen itself after another kind of command."""
        if self._previous not in alike or not self._previous:
            return self.at
        return 2 * self.at[0] - self._control[0], 2 * self.at[1] - self._control[1]

    def _arc(
        self, rx: Fraction, ry: Fraction, rotation: Fraction, large: Fraction, sweep: Fraction,
        x: Fraction, y: Fraction,
    ) -> None:  # fmt: skip
        if not rx or not ry:
            self._line(x, y)
            return
        self._put_down()
        radii = abs(rx), abs(ry)
        for (c1x, c1y), (c2x, c2y), end in arc_cubics(
            self.at, radii, rotation, large=bool(large), sweep=bool(sweep), end=(x, y)
        ):
            self._builder.cubic_to(c1x, c1y, c2x, c2y, *end)
        self.at = (x, y)

    def _close(self) -> None:
        self._put_down()
        self._builder.close()
        self.at, self._down = self._start, False
