"""What HarfBuzz's own program makes of texts, from Debian's package libharfbuzz-bin."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.parts import require_part

__all__ = ["Shaped", "hb_shape", "version"]


class Shaped(NamedTuple):
    """A glyph, the index of the character that its cluster begins with, and its positions."""

    id: int
    cluster: int
    advance: int
    dx: int
    dy: int


@cache
def version() -> tuple[int, ...]:
    """That of the installed program; the test is skipped where there is none, or fails in CI."""
    program = shutil.which("hb-shape")
    require_part("harfbuzz", program is not None, "hb-shape is missing: apt-get install libharfbuzz-bin")
    told = subprocess.run(["hb-shape", "--version"], capture_output=True, text=True, check=True, timeout=60)
    return tuple(int(number) for number in told.stdout.split("\n")[0].split()[-1].split("."))


def hb_shape(
    font: Path,
    texts: Sequence[str],
    *,
    script: str,
    direction: str,
    weight: int | None,
    before: str = "",
    after: str = "",
) -> list[list[Shaped]]:
    """The glyphs of each text, in visual order; positions are in font units.

    Args:
        font: The font's file.
        texts: Each of one line, script and direction.
        script: The tag of ISO 15924.
        direction: ltr or rtl.
        weight: Where on its axis; None for a font that has none.
        before, after: What stands beside each text, and is not shaped.
    """
    version()  # is there one?
    options = [f"--script={script}", f"--direction={direction}", "--language=und"]
    options += [f"--text-before={before}"] * bool(before) + [f"--text-after={after}"] * bool(after)
    options += [] if weight is None else [f"--variations=wght={weight}"]
    done = subprocess.run(
        ["hb-shape", "--no-glyph-names", "--font-size=upem", "--output-format=json", *options, str(font)],
        input="\n".join(texts),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(texts)
    keys = ("g", "cl", "ax", "dx", "dy")
    return [[Shaped(*(glyph[key] for key in keys)) for glyph in json.loads(line)] for line in lines]
