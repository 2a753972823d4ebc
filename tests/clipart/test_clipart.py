"""The comparison of clip-art with resvg tells what is alike, apart and refused."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines.image_core.sources.vector.svg import rasterise_svg
from tests.clipart.comparing import compared

_DRAWING = """<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/a/svg11.dtd">
<svg {} xmlns="http://www.w3.org/2000/svg"><circle cx="1in" cy="4mm" r="20" fill="#c81e32"/>{}</svg>"""


@pytest.mark.parametrize(
    "root",
    ["width='100mm' height='30.5pt'", "viewBox='0 0 120 40'", "width='90' height='40' viewBox='0 0 99 9'"],
)
def test_a_drawing_is_like_resvgs(tmp_path: Path, root: str) -> None:
    """By whatever the root says its size; compressed too."""
    path = tmp_path / "a.svgz"
    path.write_bytes(gzip.compress(_DRAWING.format(root, "").encode()))
    assert compared(path).alike


def test_what_is_refused_or_apart_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reason, or how far apart."""
    path = tmp_path / "a.svg"
    path.write_text(_DRAWING.format("viewBox='0 0 120 40'", "<image href='a.png'/>"))
    assert "the reference 'a.png'" in compared(path).refusal
    path.write_text(_DRAWING.format("viewBox='0 0 120 40'", ""))
    drawn = rasterise_svg(path.read_text(), 120, 40, "x")
    other = replace(drawn, pixels=np.maximum(drawn.pixels, 9))
    monkeypatch.setattr("tests.clipart.comparing.rasterise_svg", lambda *_, **__: other)
    assert compared(path).apart == 9
    assert not compared(path).alike
