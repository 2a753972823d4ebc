"""Chromium as a compositor: one headless start draws stacks of layers on 2D canvases."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from tests.others.blending import operation
from tests.others.measuring import Steps
from tests.others.scenes import Layer, Pixels, Stack

__all__ = ["OPTIONS", "PROGRAM", "Canvas", "draw", "version"]

PROGRAM = "chromium"

Canvas: TypeAlias = Literal["unorm8", "float16"]
"""What a canvas holds, premultiplied: bytes, as is usual, or 16-bit floats."""

_PAGE = Path(__file__).with_name("page.html")
_ANSWER = re.compile(r'<pre id="answer" hidden="">(.*?)</pre>', re.DOTALL)

# Without a sandbox, which root and many containers cannot have: it opens one page, ours, and no connection.
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--dump-dom",
)


@cache
def version() -> str:
    """What the program calls itself, Chromium 1.2.3.4 ...; empty where there is none."""
    if shutil.which(PROGRAM) is None:
        return ""
    done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.strip()


def draw(stacks: Iterable[tuple[Canvas, Stack]]) -> list[Steps]:
    """Draw stacks, each on its kind of canvas; straight RGBA, of "unorm8" in whole steps."""
    stacks = list(stacks)
    task = _Task()
    for kind, stack in stacks:
        task.add(kind, stack)
    answers = {kind: iter(drawn) for kind, drawn in zip(task.canvases, _run(task.json()), strict=True)}
    return [_pixels(next(answers[kind]), kind, stack.side) for kind, stack in stacks]


class _Task:
    """What the page gets: pictures, each once, and stacks by the kind of canvas."""

    def __init__(self) -> None:
        self.canvases: dict[Canvas, list[dict[str, Any]]] = {}
        self._pictures: dict[int, int] = {}
        self._pixels: list[Pixels] = []

    def add(self, kind: Canvas, stack: Stack) -> None:
        layers = [self._layer(layer) for layer in stack.layers]
        described = {"side": stack.side, "margin": stack.margin, "layers": layers}
        self.canvases.setdefault(kind, []).append(described)

    def _layer(self, layer: Layer) -> dict[str, Any]:
        number = self._pictures.setdefault(id(layer.pixels), len(self._pixels))
        if number == len(self._pixels):
            self._pixels.append(layer.pixels)
        called = operation("Chromium", layer.mode)
        return {"picture": number, "operation": called, "opacity": layer.opacity, "css": layer.css}

    def json(self) -> str:
        pictures = [
            {"side": len(pixels), "pixels": base64.b64encode(pixels.tobytes()).decode()}
            for pixels in self._pixels
        ]
        canvases = [{"colorType": kind, "stacks": stacks} for kind, stacks in self.canvases.items()]
        return json.dumps({"pictures": pictures, "canvases": canvases})


def _run(task: str) -> Sequence[Sequence[str]]:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE.read_text().replace("TASK", task, 1))
        command = [PROGRAM, *OPTIONS, f"--user-data-dir={folder}/profile", page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    found = _ANSWER.search(done.stdout)
    assert found is not None, f"{version()} gave no answer: {done.stderr[-2000:]}"
    answer = json.loads(found[1])
    assert "error" not in answer, answer["error"]
    drawn: Sequence[Sequence[str]] = answer["drawn"]
    return drawn


def _pixels(data: str, kind: Canvas, side: int) -> Steps:
    raw = base64.b64decode(data)
    if kind == "float16":
        return np.frombuffer(raw, "<f2").reshape(side, side, 4).astype(np.float64) * 255
    return np.frombuffer(raw, np.uint8).reshape(side, side, 4).astype(np.float64)
