"""One drawing by us and by resvg called directly: alike, refused, or how far apart."""

from __future__ import annotations

import gzip
import importlib.resources
import io
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

from engines.image_core.errors import SourceError
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.sources.reading import builtin_svg_fonts
from engines.image_core.sources.vector.svg import rasterise_svg, svg_size

__all__ = ["Result", "compared"]

_LONGEST = 256  # pixels of the longer side: a large drawing is compared smaller, or it takes seconds
_ROOT = re.compile(r"<(?:[A-Za-z]+:)?svg\b[^>]*>")
_ROUNDING = 2  # steps of 255, premultiplied


@dataclass(frozen=True)
class Result:
    """What became of a drawing.

    Attributes:
        refusal: why it was refused, empty where it was drawn.
        apart: the largest difference from resvg in steps of 255, premultiplied.
        parts: the part of the pixels that are more than rounding apart.
        unlike: why there is nothing to compare with, empty where there is.
    """

    refusal: str = ""
    apart: int = 0
    parts: float = 0.0
    unlike: str = ""

    @property
    def alike(self) -> bool:
        """Whether it was drawn and differs by no more than rounding."""
        return not self.refusal and not self.unlike and self.apart <= _ROUNDING


def compared(path: Path) -> Result:
    """Draw a file both ways at the same size: its own, or smaller, with the longer side in whole pixels."""
    data = path.read_bytes()
    svg = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace")
    try:
        own = svg_size(svg, "drawing")
        longer = min(round_fraction(max(own)) or 1, _LONGEST)
        width, height = (max(1, round_fraction(side * longer / max(own))) for side in own)
        ours = rasterise_svg(svg, width, height, "drawing", fonts=builtin_svg_fonts())
    except SourceError as error:
        return Result(refusal=str(error))
    theirs = _direct(svg, own, width, height)
    if isinstance(theirs, str):
        return Result(unlike=theirs)
    apart = np.abs(_premultiplied(ours.pixels) - _premultiplied(theirs)).max(axis=2)
    return Result(apart=int(apart.max()), parts=float((apart > _ROUNDING).mean()))


def _direct(svg: str, own: tuple[Fraction, Fraction], width: int, height: int) -> NDArray[np.uint8] | str:
    """What resvg itself draws of the text as it is, but for its size, or why it does not.

    By itself it rounds up to whole pixels and leaves a part of one empty, or takes one side alone.
    """
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=_ROOT.sub(lambda found: _sized(found, own, width, height), svg, count=1),
            skip_system_fonts=True, font_files=_fonts(), dpi=96, languages=["en"],
        )  # fmt: skip
    except ValueError as error:
        return f"resvg: {error}"
    return np.array(Image.open(io.BytesIO(png)).convert("RGBA"))


def _sized(root: re.Match[str], own: tuple[Fraction, Fraction], width: int, height: int) -> str:
    """The root's tag with another size, filled as the document's own is."""
    tag = re.sub(r"""\s(?:width|height)\s*=\s*(?:"[^"]*"|'[^']*')""", "", root[0])
    written = f' width="{width}" height="{height}"'
    box = re.search(r"""\sviewBox\s*=\s*["']([^"']*)""", tag)
    sides = (
        [float(side) for side in re.split(r"[\s,]+", box[1].strip())[2:]] if box else list(map(float, own))
    )
    if abs(sides[0] * float(own[1]) - sides[1] * float(own[0])) < 1e-4 * sides[0] * float(own[1]):
        tag = re.sub(r"""\spreserveAspectRatio\s*=\s*(?:"[^"]*"|'[^']*')""", "", tag)
        written += ' preserveAspectRatio="none"'
    if not box:
        written += f' viewBox="0 0 {sides[0]!r} {sides[1]!r}"'
    return tag.replace("svg", f"svg{written}", 1)


@lru_cache
def _fonts() -> list[str]:
    folder = Path(str(importlib.resources.files("font_source_sans_pro"))) / "files"
    return [str(path) for path in sorted(folder.glob("*.otf"))]


def _premultiplied(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    values = pixels.astype(np.int64)
    values[..., :3] = (values[..., :3] * values[..., 3:] + 127) // 255
    return values
