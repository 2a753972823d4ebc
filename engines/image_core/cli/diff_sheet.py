"""One picture of two that differ: expected | actual | difference, enlarged until a pixel can be seen."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.image_core.conformance.comparison import Comparison, differences
from engines.image_core.export import encode
from engines.image_core.models import ImageComposition
from engines.image_core.rendering.renderer import Renderer

__all__ = ["amplified", "draw_sheet"]

PANEL = 480
"""Smaller pictures are enlarged, by whole numbers, as long as they stay within this side."""

WINDOW = 1280
"""Of larger pictures a part of this side is shown, not the whole made smaller: a pixel stays a pixel."""

MARGIN, GAP, COLUMN, HEADER, FOOTER, CELL = 32, 24, 272, 64, 76, 8
FLOOR = 96
"""How bright the slightest difference is shown."""

INK, MUTED, PAPER = "#f4f6fa", "#9aa4b8", "#171b24"
LIGHT, DARK = 255, 208


def draw_sheet(
    expected: NDArray[np.uint8], actual: NDArray[np.uint8], comparison: Comparison
) -> NDArray[np.uint8]:
    """Draw expected | actual | difference, with labels, as one picture.

    Transparency lies on a checkerboard. A picture above `WINDOW` pixels a side is cut to a window around what
    differs; the sheet says which.

    Args:
        expected: uint8 (height, width, 4).
        actual: the same size.
        comparison: of these two.

    Returns:
        uint8 (height, width, 4), opaque.
    """
    left, top, width, height = window = _window(differences(expected, actual), comparison)
    part = np.s_[top : top + height, left : left + width]
    enlarged = max(1, PANEL // max(width, height))
    steps = amplified(expected[part], actual[part], max(comparison.largest))
    panels = [
        _on_checkerboard(_enlarged(expected[part], enlarged)),
        _on_checkerboard(_enlarged(actual[part], enlarged)),
        _enlarged(steps, enlarged),
    ]
    titles = [
        ("expected", _pixel(comparison, comparison.expected)),
        ("actual", _pixel(comparison, comparison.actual)),
        ("difference", _scale(max(comparison.largest))),
    ]
    footer = f"{comparison}. {_shown(window, expected.shape, enlarged)}"
    composition = _composition(panels, titles, footer)
    with Renderer("numpy", cache_bytes=0) as renderer:
        return renderer.render(composition).pixels


def amplified(expected: NDArray[np.uint8], actual: NDArray[np.uint8], largest: int) -> NDArray[np.uint8]:
    """The differences as an opaque picture: equal is black, the largest is 255, 1 step FLOOR (or 255 when it
    is the largest).

    Red, green and blue show their own channel's difference; one of alpha raises all three, to grey.
    """
    scale = np.zeros(256, np.uint8)
    steps = np.arange(1, largest + 1)
    scale[1 : largest + 1] = (
        255 if largest == 1 else FLOOR + (steps - 1) * (255 - FLOOR) // (largest - 1 or 1)
    )
    shown = scale[differences(expected, actual)]
    shown[..., :3] = np.maximum(shown[..., :3], shown[..., 3:])
    shown[..., 3] = 255
    return shown


def _window(steps: NDArray[np.uint8], comparison: Comparison) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is shown: around what differs, or around its worst pixel."""
    height, width = steps.shape[:2]
    if comparison.box is None or max(height, width) <= WINDOW:
        return 0, 0, min(width, WINDOW), min(height, WINDOW)
    left, top, wide, high = comparison.box
    x, y = left + wide // 2, top + high // 2
    if max(wide, high) > WINDOW:
        y, x = (int(place) for place in np.unravel_index(steps.max(axis=2).argmax(), (height, width)))
    starts = [max(0, min(at - WINDOW // 2, side - WINDOW)) for at, side in ((x, width), (y, height))]
    return starts[0], starts[1], min(width, WINDOW), min(height, WINDOW)


def _enlarged(pixels: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    return pixels.repeat(times, axis=0).repeat(times, axis=1)


def _on_checkerboard(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    cells = (np.arange(height)[:, None] // CELL + np.arange(width) // CELL) % 2
    board = np.where(cells == 0, LIGHT, DARK)[..., None]
    alpha = pixels[..., 3:].astype(np.int64)
    shown = np.full_like(pixels, 255)
    shown[..., :3] = (pixels[..., :3] * alpha + board * (255 - alpha) + 127) // 255
    return shown


def _pixel(comparison: Comparison, values: tuple[int, ...]) -> str:
    return f"{' '.join(map(str, values))} at {comparison.first}" if values else "all pixels are equal"


def _scale(largest: int) -> str:
    if largest == 0:
        return "black: none"
    return "1 is shown as 255" if largest == 1 else f"1 to {largest} shown as {FLOOR} to 255"


def _shown(window: tuple[int, int, int, int], shape: tuple[int, ...], enlarged: int) -> str:
    left, top, width, height = window
    if (height, width) != shape[:2]:
        return f"Shown: {width} x {height} at ({left}, {top}) of {shape[1]} x {shape[0]}."
    return f"Shown: {width} x {height}, each pixel as {enlarged} x {enlarged}."


def _composition(
    panels: list[NDArray[np.uint8]], titles: list[tuple[str, str]], footer: str
) -> ImageComposition:
    height, width = panels[0].shape[:2]
    column = max(COLUMN, width)
    total = 2 * MARGIN + 3 * column + 2 * GAP
    layers: list[dict[str, Any]] = []
    for index, (panel, (title, detail)) in enumerate(zip(panels, titles, strict=True)):
        x = MARGIN + index * (column + GAP)
        data = base64.b64encode(encode(panel, "png")).decode()
        layers += [
            _text(title, x, MARGIN - 8, size=24.0, weight=600, color=INK),
            _text(detail, x, MARGIN + 22, size=16.0, color=MUTED),
            {"type": "raster", "source": {"data": data}, "transform": {"x": x, "y": MARGIN + HEADER}},
        ]
    below = MARGIN + HEADER + height + 16
    layers.append(_text(footer, MARGIN, below, size=16.0, color=MUTED, box_width=total - 2 * MARGIN))
    return ImageComposition(
        tenant_id="comparison",
        env="local",
        width=total,
        height=below + FOOTER,
        background_color=PAPER,
        layers=tuple(layers),
    )


def _text(text: str, x: int, y: int, **style: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "transform": {"x": x, "y": y}, **style}
