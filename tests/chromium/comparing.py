"""How far two typesettings of a paragraph are apart."""

from __future__ import annotations

from dataclasses import dataclass

from tests.chromium.typesetting import Piece, Typeset

__all__ = ["HALF", "Apart", "apart"]

HALF = 0.5
"""Of a pixel: what is near enough."""


@dataclass(frozen=True)
class Apart:
    """Differences between ours and Chromium's.

    Attributes:
        lines: How many lines each has, without empty ones.
        parted: Where the first line ends that ends elsewhere: our text of the line, and Chromium's; None
            where all end alike.
        across: The largest distance in pixels of pieces on lines that hold the same.
        where: The text of that piece.
        first: How much lower our first baseline lies, in pixels.
        down: The largest difference of the distances of the other baselines from the first.
    """

    lines: tuple[int, int]
    parted: tuple[str, str] | None
    across: float
    where: str
    first: float
    down: float

    @property
    def near(self) -> bool:
        """Whether lines end alike, and lie within half a pixel of each other, as what is on them does."""
        return self.parted is None and self.across <= HALF and self.down <= HALF


def apart(ours: Typeset, theirs: Typeset, text: str) -> Apart:
    """Compare."""
    pairs = _pairs(ours, theirs)
    mine, other = _lines([one for one, _ in pairs]), _lines([two for _, two in pairs])
    whole = set(other.values())
    same = [(one, two) for one, two in pairs if mine[one.line] in whole]
    far = max(same, key=lambda pair: abs(pair[0].left - pair[1].left), default=None)
    first = ours.baselines[0] - theirs.baselines[0]
    down = (abs(ours.baselines[one.line] - theirs.baselines[two.line] - first) for one, two in same)
    return Apart(
        (len(mine), len(other)),
        _parted(list(mine.values()), list(other.values()), text),
        abs(far[0].left - far[1].left) if far else 0.0,
        text[far[0].first : far[0].end] if far else "",
        first,
        max(down, default=0.0),
    )


def _pairs(ours: Typeset, theirs: Typeset) -> list[tuple[Piece, Piece]]:
    by_first = {piece.first: piece for piece in theirs.pieces}
    return [(piece, by_first[piece.first]) for piece in ours.pieces if piece.first in by_first]


def _lines(pieces: list[Piece]) -> dict[int, tuple[int, ...]]:
    """What is on each line, by its number, as the first characters of pieces in the order of the text."""
    lines: dict[int, list[int]] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.line, piece.first)):
        lines.setdefault(piece.line, []).append(piece.first)
    return {number: tuple(line) for number, line in lines.items()}


def _parted(mine: list[tuple[int, ...]], other: list[tuple[int, ...]], text: str) -> tuple[str, str] | None:
    for one, two in zip(mine, other, strict=False):
        if one != two:
            return text[one[0] : one[-1] + 1], text[two[0] : two[-1] + 1]
    return None
