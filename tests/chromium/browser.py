"""Chromium as a typesetter: one headless start sets a page and tells where each character is."""

from __future__ import annotations

import html
import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.others import chromium

__all__ = ["Box", "Run", "Section", "set_page"]

_ANSWER = re.compile(r'<pre id="answer">(.*?)</pre>', re.DOTALL)
_OPTIONS = (
    *chromium.OPTIONS,
    # Outlines as they are, in grey levels, at fractions of a pixel, on a display of one pixel a pixel.
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    # Waits for fonts before the page is told and drawn.
    "--virtual-time-budget=10000",
)

Box = tuple[float, float, float]
"""Left, top and right of a character, in pixels of its paragraph's box."""


@dataclass(frozen=True)
class Run:
    """How far the boxes of a run's characters reach above its baseline, and the boxes; None where empty."""

    ascent: float
    boxes: list[Box | None]


@dataclass(frozen=True)
class Section:
    """A paragraph as Chromium set it: its height and runs."""

    height: float
    runs: list[Run]


def set_page(page: str, width: int, height: int) -> tuple[list[Section], NDArray[np.uint8]]:
    """The paragraphs of a page in order, and a picture of it, RGB."""
    with tempfile.TemporaryDirectory() as folder:
        file, picture = Path(folder) / "page.html", Path(folder) / "page.png"
        file.write_text(page)
        size, shot = f"--window-size={width},{height}", f"--screenshot={picture}"
        command = [
            chromium.PROGRAM,
            *_OPTIONS,
            size,
            shot,
            f"--user-data-dir={folder}/profile",
            file.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        found = _ANSWER.search(done.stdout)
        assert found is not None, f"{chromium.version()} gave no answer: {done.stderr[-2000:]}"
        answer: Sequence[Any] = json.loads(html.unescape(found[1]))
        with Image.open(picture) as image:
            pixels = np.asarray(image.convert("RGB"))
    return [_section(section) for section in answer], pixels


def _section(told: dict[str, Any]) -> Section:
    runs = [Run(run["ascent"], [box and tuple(box) for box in run["boxes"]]) for run in told["runs"]]
    return Section(told["height"], runs)
