"""What the parity tests draw on both backends: compositions whose sources are given with them.

The tests go through them one by one, `python -m tests.device` through all on the device it measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.image_core import BlendMode
from engines.image_core.models import LayerPath
from engines.image_core.planning.decoded import DecodedImage
from tests.parity.support import ANY_SOURCE, Input, composed, decoded, decoded_mask, noise, numbered

__all__ = [
    "ADJUSTED",
    "ALPHAS",
    "FILLS",
    "FILL_TRANSFORMS",
    "FILTERS",
    "LENGTHS",
    "OPACITIES",
    "RASTER",
    "SETTINGS",
    "TINY_SIZES",
    "TINY_TRANSFORMS",
    "TRANSFORMS",
    "WARPS",
    "adjusted",
    "all_inputs",
    "byte_pairs",
    "byte_pairs_over_opaque",
    "filled",
    "filtered",
    "long_stack",
    "masked",
    "pairs",
    "tiny",
    "transformed",
    "warped",
]

ALPHAS = (0, 1, 2, 127, 128, 254, 255)
"""Where rounding is hardest."""

SETTINGS = {
    "exposure": (-10, -3.3, -1, -0.25, 0.1, 0.5, 1, 2.7, 5, 10),
    "brightness": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
    "contrast": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
    "saturation": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
    "gamma": (0.1, 0.2, 0.45, 0.7, 0.99, 1.01, 1.8, 2.2, 4, 10),
    "sharpness": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
}
ADJUSTED = [(name, value) for name, values in SETTINGS.items() for value in values]

OPACITIES = (1.0, 0.5, 1 / 32768, 0.999)
LENGTHS = (0, 1, 7, 12, 13, 40)

RASTER = {"type": "raster", "source": ANY_SOURCE}

FILTERS: list[dict[str, Any]] = [
    *({"type": "blur", "radius": radius} for radius in (0.2, 0.5, 1, 2.5, 7, 15.9, 16, 40, 250)),
    {"type": "sharpen", "radius": 1, "amount": 1},
    {"type": "sharpen", "radius": 2.5, "amount": 5, "threshold": 10},
    {"type": "sharpen", "radius": 30, "amount": 0.4},
]

TRANSFORMS: list[dict[str, Any]] = [
    {"x": 10, "y": -7},
    {"x": 0.5, "y": 12.25},
    {"scale": 0.5},
    {"scale": 0.031},
    {"scale": 2.7, "x": -50, "y": -31.5},
    {"scale": -1, "x": 100, "scale_y": 1},
    {"scale": 1, "scale_y": -0.6, "y": 50},
    {"rotation": 90, "x": 80},
    {"rotation": 180, "x": 100, "y": 70, "scale": 1.5},
    {"rotation": 270, "y": 90, "scale": 0.7},
    {"rotation": 33.3, "anchor": "center", "x": 60, "y": 40},
    {"rotation": -100.01, "anchor": "center", "x": 60, "y": 40, "scale": 0.3},
    {"rotation": 5, "scale": 4, "scale_y": 0.2},
    {"rotation": 1e9 + 0.5, "scale": -0.8, "scale_y": 2, "anchor": "center", "x": 50, "y": 40},
]


def _mesh(columns: int, rows: int, stray: float, width: float = 100) -> dict[str, Any]:
    """A mesh whose points have each strayed."""
    rng = np.random.default_rng(columns)
    across, down = 3 * columns, 3 * rows
    y, x = np.mgrid[0 : down + 1, 0 : across + 1]
    grid = np.stack([10 + x * width / across, 5 + y * 70 / down], axis=-1)
    points = grid + rng.uniform(-stray, stray, grid.shape)
    return {"type": "mesh", "columns": columns, "rows": rows, "points": points.reshape(-1, 2).tolist()}


WARPS: dict[str, dict[str, Any]] = {
    **{
        name: {"type": "corners", "points": points}
        for name, points in {
            "in perspective": [[12.5, 8], [105, 20.25], [80, 78], [5.75, 60]],
            "a floor": [[50, 3], [60, 3], [300, 79], [-200, 79]],
            "mirrored": [[110, 10], [4, 3], [12, 76], [90, 60]],
            "enlarged far beyond": [[-900, -700], [1200, -650], [900, 1000], [-1000, 800]],
            "thin": [[3, 10.2], [117, 30], [117, 30.4], [3, 10.5]],
            "of hardly a pixel": [[40.2, 30.1], [40.9, 30.3], [40.7, 30.8], [40.3, 30.6]],
            "to the ends of the world": [[-1e6, -9e5], [1e6, -1e6], [1e6, 1e6], [-1e6, 1e6]],
        }.items()
    },
    "a bent patch": _mesh(1, 1, 14),
    "a wavy mesh": _mesh(4, 3, 4),
    "a crumpled mesh": _mesh(3, 2, 60),
    "a mirrored mesh": _mesh(2, 2, 3, -100),
    "a mesh reduced": _mesh(5, 1, 0.4, 9),
    "a mesh far beyond": _mesh(1, 2, 9e5),
}
"""By name; of pictures in a canvas of 120 x 80."""

STOPS = [
    {"offset": 0.1, "color": "#ff2010"},
    {"offset": 0.35, "color": "#10f0a0", "midpoint": 0.3},
    {"offset": 0.35, "color": "#2030ff"},
    {"offset": 0.9, "color": "#fff0c0", "midpoint": 0.8},
]
FADING = [{"offset": 0, "opacity": 0.2}, {"offset": 0.6, "opacity": 1}, {"offset": 1, "opacity": 0}]
GRADIENT_FIELDS: list[dict[str, Any]] = [
    {},
    {"angle": 33.3, "dither": True},
    {"angle": -90, "scale": 0.01, "opacity_stops": FADING},
    {"angle": 135, "scale": 100, "smoothness": 0.4, "snap": True},
    {"angle": 271.5, "scale": 0.6, "offset": [0.31, -0.4], "reverse": True, "snap": True, "dither": True},
    {"angle": 1e9 + 0.5, "offset": [1e6, 1e6], "smoothness": 0, "opacity_stops": FADING, "dither": True},
]
FILLS: list[dict[str, Any]] = [
    {"type": "gradient", "style": style, "stops": STOPS, **fields}
    for style in ("linear", "radial", "angle", "reflected", "diamond")
    for fields in GRADIENT_FIELDS
] + [
    {"type": "pattern", "source": ANY_SOURCE, **fields}
    for fields in (
        {},
        {"offset": [-1000, 77]},
        {"offset": [0.5, 3.25]},
        {"scale": 0.37},
        {"scale": 0.01, "offset": [5, 5]},
        {"scale": 2.6, "offset": [-3, 0.2]},
        {"scale": 100},
    )
]
FILL_TRANSFORMS: list[dict[str, Any]] = [
    {},
    {"x": 10, "y": -7},
    {"scale": -1, "x": 100, "scale_y": 1},
    {"scale": 2, "scale_y": 0.5, "x": -20},
    {"rotation": 90, "x": 80},
]
"""Those that leave a box of whole pixels: what the others need are edges, which sources draw."""

TINY_SIZES = ((1, 1), (1, 200), (200, 1), (13, 17))
TINY_TRANSFORMS: list[dict[str, Any]] = [{"scale": 3.3}, {"scale": 0.4}, {"rotation": 20}]


def all_inputs() -> Iterator[tuple[str, Input]]:
    """Everything below, by name."""
    for mode in BlendMode:
        yield f"byte pairs, {mode.value}", byte_pairs(mode)
        for opacity in (1.0, 0.37):
            yield f"byte pairs over opaque, {mode.value} {opacity}", byte_pairs_over_opaque(mode, opacity)
    for name, value in ADJUSTED:
        yield f"{name} {value}", adjusted(name, value)
    for opacity in OPACITIES:
        for inverted in (False, True):
            for background in ("#336699", "#33669980"):
                name = f"mask at {opacity:.3g} on {background}{', inverted' if inverted else ''}"
                yield name, masked(opacity, inverted, background)
    yield from ((f"{count} layers", long_stack(count)) for count in LENGTHS)
    for opaque in (True, False):
        kind = "opaque" if opaque else "translucent"
        yield from ((f"{step}, {kind}", filtered(step, opaque)) for step in FILTERS)
        yield from ((f"{move}, {kind}", transformed(move, opaque)) for move in TRANSFORMS)
        yield from ((f"{name}, {kind}", warped(warp, opaque)) for name, warp in WARPS.items())
    for fill in FILLS:
        yield from ((f"{fill}, {move}", filled(fill, move)) for move in FILL_TRANSFORMS)
    for size in TINY_SIZES:
        yield from ((f"{size}, {move}", tiny(size, move)) for move in TINY_TRANSFORMS)


def pairs(alphas: list[tuple[int, int]]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Backdrop and source pictures: for each pair of alphas a 256 x 256 square of all byte pairs.

    The other two channels run through the pairs in other orders.
    """
    backdrop = np.empty((256 * len(alphas), 256, 4), np.uint8)
    source = np.empty_like(backdrop)
    y, x = np.mgrid[0:256, 0:256].astype(np.uint8)
    for index, (backdrop_alpha, source_alpha) in enumerate(alphas):
        square = slice(256 * index, 256 * (index + 1))
        backdrop[square] = np.dstack([x, y, 255 - x, np.full_like(x, backdrop_alpha)])
        source[square] = np.dstack([y, x, y, np.full_like(x, source_alpha)])
    return backdrop, source


def byte_pairs(mode: BlendMode, fill: float = 1) -> Input:
    """65,536 (backdrop, source) pairs crossed with seven alphas on both sides, in three channels."""
    backdrop, source = pairs([(a, b) for a in ALPHAS for b in ALPHAS])
    blended = {**RASTER, "blend_mode": mode, "fill_opacity": fill}
    composition = composed(256, len(backdrop), [RASTER, blended])
    return Input(composition, numbered(decoded(backdrop), decoded(source)))


def byte_pairs_over_opaque(mode: BlendMode, opacity: float) -> Input:
    """The path without a division, which a plan takes when it knows the backdrop to be opaque."""
    backdrop, source = pairs([(255, b) for b in ALPHAS])
    layers = [RASTER, {**RASTER, "blend_mode": mode, "opacity": opacity}]
    composition = composed(256, len(backdrop), layers, "#000000")
    return Input(composition, numbered(decoded(backdrop), decoded(source)))


def adjusted(name: str, value: float) -> Input:
    """All 256 values of each channel against 256 of another, opaque and at every alpha."""
    y, x = np.mgrid[0:256, 0:256].astype(np.uint8)
    opaque = np.dstack([x, y, x ^ y, np.full_like(x, 255)])
    faded = np.dstack([x, y, 255 - x, x ^ y])
    layer = {**RASTER, "adjustments": {name: value}}
    composition = composed(512, 256, [layer, {**layer, "transform": {"x": 256}}])
    return Input(composition, numbered(decoded(opaque), decoded(faded)))


def masked(opacity: float, inverted: bool, background: str) -> Input:
    """256 mask values crossed with 256 alphas."""
    y, x = np.mgrid[0:256, 0:256].astype(np.uint8)
    source = decoded(np.dstack([255 - y, x, y, x]))
    mask = decoded_mask(np.ascontiguousarray(y))
    layer = {**RASTER, "opacity": opacity, "mask": {"path": "given to the plan", "inverted": inverted}}
    return Input(composed(256, 256, [layer], background), numbered(source), {(0,): mask})


def long_stack(count: int) -> Input:
    """Layers of all modes, every fifth a colour: the GL backend splits what does not fit one pass."""
    modes = list(BlendMode)
    layers = []
    for index in range(count):
        layer = {**RASTER, "opacity": 0.6, "blend_mode": modes[index % len(modes)]}
        layers.append(layer if index % 5 else {**layer, "source": {"color": f"#80{index:02x}40c0"}})
    images: dict[LayerPath, DecodedImage] = {(i,): noise(i, 50, 70) for i in range(count) if i % 5}
    return Input(composed(70, 50, layers, "#11223344"), images)


def filtered(step: dict[str, Any], opaque: bool) -> Input:
    """A picture with margins around it, so that the filter reaches over its edges."""
    layer = {**RASTER, "filters": [step], "transform": {"x": 20, "y": 15}}
    return Input(composed(131, 97, [layer]), numbered(noise(3, 61, 83, opaque=opaque)))


def transformed(transform: dict[str, Any], opaque: bool) -> Input:
    """Noise that is moved, scaled, mirrored or turned, partly off the canvas."""
    layer = {**RASTER, "transform": transform}
    return Input(composed(120, 80, [layer], "#204060"), numbered(noise(4, 57, 91, opaque=opaque)))


def warped(warp: dict[str, Any], opaque: bool, size: tuple[int, int] = (91, 57)) -> Input:
    """Noise of width x height with a warp."""
    layer = {**RASTER, "warp": warp, "opacity": 0.9}
    source = noise(4, size[1], size[0], opaque=opaque)
    return Input(composed(120, 80, [layer], "#204060"), numbered(source))


def filled(fill: dict[str, Any], transform: dict[str, Any]) -> Input:
    """A box of 100 x 60 pixels, partly off the canvas; a pattern's picture is noise."""
    layer = {"type": "raster", "source": {"color": fill}, "width": 100, "height": 60, "transform": transform}
    images = numbered(noise(6, 19, 31)) if fill["type"] == "pattern" else {}
    return Input(composed(90, 70, [layer], "#20406080"), images)


def tiny(size: tuple[int, int], transform: dict[str, Any]) -> Input:
    """A source of hardly a row or a column, through every spatial step. size: width, height."""
    filters = [{"type": "blur", "radius": 2}, {"type": "sharpen"}]
    layer = {**RASTER, "transform": transform, "filters": filters, "adjustments": {"sharpness": 2}}
    return Input(composed(61, 67, [layer]), numbered(noise(5, size[1], size[0])))
