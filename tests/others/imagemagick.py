"""ImageMagick as a compositor: its channels are straight, of 16 bits."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from tests.others.blending import operation
from tests.others.measuring import Steps
from tests.others.scenes import Pixels, Stack

__all__ = ["adjust", "compose", "version"]


def _program() -> str:
    return "magick" if shutil.which("magick") else "convert"


@cache
def version() -> str:
    """What the program calls itself, ImageMagick 1.2.3-4 Q16 ...; empty where there is none."""
    if shutil.which(_program()) is None:
        return ""
    done = subprocess.run([_program(), "-version"], capture_output=True, text=True, check=False, timeout=60)
    name, _, rest = done.stdout.partition(": ")
    return " ".join(rest.split()[:3]) if name == "Version" and rest.startswith("ImageMagick") else ""


def compose(stack: Stack) -> Steps:
    """The stack's modes and opacities (nothing else of it), straight RGBA in 8-bit steps."""
    words = []
    for number, layer in enumerate(stack.layers):
        words += ["(", _name(number), "-channel", "A", "-evaluate", "multiply", str(layer.opacity)]
        words += ["+channel", ")"]
        if number:
            words += ["-compose", operation("ImageMagick", layer.mode) or "", "-composite"]
    return _convert([layer.pixels for layer in stack.layers], words)


def adjust(pixels: Pixels, *operators: str) -> Steps:
    """A picture after some operators of the command line, straight RGBA in 8-bit steps."""
    return _convert([pixels], [_name(0), *operators])


def _name(number: int) -> str:
    return f"rgba:{number}"


def _convert(pictures: list[Pixels], words: list[str]) -> Steps:
    side = len(pictures[0])
    with tempfile.TemporaryDirectory() as folder:
        for number, pixels in enumerate(pictures):
            (Path(folder) / str(number)).write_bytes(pixels.tobytes())
        form = ["-size", f"{side}x{side}", "-depth", "8"]
        command = [_program(), *form, *words, "-depth", "16", "-endian", "LSB", "rgba:-"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, f"{command}: {done.stderr.decode()}"
    return np.frombuffer(done.stdout, "<u2").reshape(side, side, 4) / 257
