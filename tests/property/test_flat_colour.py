"""What has one colour keeps it: scaled, moved, turned, alone or in a group, whatever its alpha.

The kernel is below 0 in places, so beside an edge the sums of alpha and of premultiplied colour are larger
than what they are made of, or below 0. Their ratio is the colour all the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import Renderer
from engines.image_core.numbers.fixed import ONE, divide, to8, to15
from engines.image_core.planning import entries
from engines.image_core.planning.steps import Raster, Resample
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels

SIDE = 36

COLOURS = ["#ff0000", "#0a80fe", "#ffffff", "#010305"]

SEEN = 8
"""With less alpha than this (of 255) a rounded sum says too little of its colour."""


def _distance() -> NDArray[np.float64]:
    """Of each pixel's centre from that of the picture."""
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    return np.asarray(np.hypot(x, y))


def _alphas() -> dict[str, NDArray[np.uint8]]:
    """Shapes as alpha: antialiased and hard edges, hairlines, what looks like text, and noise."""
    random = np.random.default_rng(1)
    lines = np.zeros((SIDE, SIDE))
    lines[::5] = lines[:, ::7] = 255
    letters = np.kron(random.random((SIDE // 4, SIDE // 4)) < 0.5, np.ones((4, 4))) * 255
    letters *= random.choice([0.3, 1, 1, 1], letters.shape)
    disc = np.clip(13.5 - _distance(), 0, 1) * 255
    shapes = {
        "disc": disc,
        "faint disc": disc / 8,
        "ring": np.clip(2 - np.abs(_distance() - 12), 0, 1) * 255,
        "lines": lines,
        "letters": letters,
        "binary noise": (random.random((SIDE, SIDE)) < 0.5) * 255,
        "noise": random.integers(0, 256, (SIDE, SIDE)),
        "opaque": np.full((SIDE, SIDE), 255),
    }
    return {name: np.rint(alpha).astype(np.uint8) for name, alpha in shapes.items()}


ALPHAS = _alphas()

PLACES: list[dict[str, Any]] = [
    *({"scale": scale} for scale in (0.05, 0.11, 0.25, 0.33, 0.5, 0.61, 0.9, 0.97, 1.03, 1.5, 2, 3.7, 8)),
    *({"scale": across, "scale_y": down} for across, down in ((0.2, 1.7), (4, 0.31), (1, 0.77), (-0.6, 0.6))),
    *({"x": x, "y": y} for x, y in ((0.5, 0.5), (0.25, -0.375), (1 / 3, 0.01))),
    *({"rotation": turn, "scale": scale, "x": 0.3} for turn in (90, 180, 270) for scale in (0.4, 1.3)),
    *({"rotation": turn, "x": 0.17, "y": 0.4} for turn in (0.5, 17, 45, 133)),
    *({"rotation": turn, "scale": scale} for turn in (1, 30, 45, 200) for scale in (0.1, 0.45, 0.8, 2.5)),
    {"rotation": 25, "scale": 0.3, "scale_y": 1.9},
]


def furthest_off(renderer: Renderer, layer: Layer, colour: str, side: int) -> int:
    """By how many 8-bit steps a layer's colour is off at most, where there is enough of it to be seen."""
    pixels = renderer.render(composed(layer, size=(side, side))).pixels
    seen = pixels[pixels[..., 3] >= SEEN, :3].astype(int)
    assert len(seen)
    return int(np.abs(seen - list(bytes.fromhex(colour[1:]))).max())


def coloured(colour: str, alpha: NDArray[np.uint8]) -> Pixels:
    """A picture of one colour; of another, black or white, where nothing is to be seen."""
    pixels = np.empty((*alpha.shape, 4), np.uint8)
    pixels[..., :3] = list(bytes.fromhex(colour[1:]))
    pixels[alpha == 0, :3] = np.random.default_rng(2).choice([0, 255], (int((alpha == 0).sum()), 1))
    pixels[..., 3] = alpha
    return pixels


def placed(place: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """A transform about the centre of a canvas, and a canvas that holds what it makes of a picture."""
    scale = max(abs(place.get("scale", 1)), abs(place.get("scale_y", 1)))
    side = int(SIDE * scale * 1.5) + 9
    moved = {axis: side // 2 + place.get(axis, 0) for axis in ("x", "y")}
    return {**place, **moved, "anchor": "center"}, side


@pytest.mark.parametrize("shape", ALPHAS)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_shape_keeps_its_colour_wherever_it_is_put(
    renderer: Renderer, place: dict[str, Any], shape: str
) -> None:
    """Within one 8-bit step."""
    transform, side = placed(place)
    off = {
        colour: furthest_off(
            renderer, picture(coloured(colour, ALPHAS[shape]), transform=transform), colour, side
        )
        for colour in COLOURS
    }
    assert max(off.values()) <= 1, off


@pytest.mark.parametrize("shape", ["disc", "letters", "opaque"])
@pytest.mark.parametrize(
    "place", [{"scale": 0.33}, {"scale": 1.7}, {"x": 0.5, "y": 0.25}, {"rotation": 20, "scale": 0.7}], ids=str
)
def test_a_group_keeps_the_colour_of_what_it_holds(
    renderer: Renderer, place: dict[str, Any], shape: str
) -> None:
    """Around what a group shows there is transparency, and no edge that is kept sharp."""
    transform, side = placed(place)
    for colour in COLOURS:
        inside = picture(
            coloured(colour, ALPHAS[shape]), transform={"x": side // 2, "y": side // 2, "anchor": "center"}
        )
        assert furthest_off(renderer, group(inside, transform=transform), colour, side) <= 1


@pytest.mark.parametrize("sigma", [16, 40])
def test_a_wide_blur_keeps_the_colour_of_what_it_blurs(renderer: Renderer, sigma: float) -> None:
    """It works on a reduced picture, which the kernel makes."""
    layer = picture(
        coloured("#0a80fe", ALPHAS["opaque"]),
        transform={"x": 50, "y": 50},
        filters=[{"type": "blur", "radius": sigma}],
    )
    assert furthest_off(renderer, layer, "#0a80fe", 140) <= 1


def clamped_sums(step: Resample, pixels: Pixels) -> NDArray[np.int64]:
    """The colour of an opaque picture by the rule of version 1: each axis rounded and clamped to 0..ONE."""
    values: NDArray[np.int64] = to15(pixels[..., :3]).astype(np.int64)
    for taps in (step.rows, step.columns):
        index = taps.start[:, None] + np.arange(taps.weights.shape[1])
        sums = np.einsum("ik,ikjc->jic", taps.weights, values[index])
        values = np.clip((sums + (1 << 13)) >> 14, 0, ONE)
    return values


@pytest.mark.parametrize("scale", [0.05, 0.3, 0.77, 1, 1.6, 5])
def test_an_opaque_picture_comes_out_as_it_always_did(renderer: Renderer, scale: float) -> None:
    """Upright it is clamped after each axis, and its edges cover what they cover."""
    pixels = random_pixels(3, SIDE, SIDE)
    pixels[..., 3] = 255
    transform, side = placed({"scale": scale, "x": 0.3, "y": 0.8})
    planned = renderer.plan(composed(picture(pixels, transform=transform), size=(side, side)))
    (layer,) = planned.plan.root.entries
    assert isinstance(layer, entries.Layer)
    assert isinstance(layer.image, Resample)
    assert isinstance(layer.image.source, Raster)
    step = layer.image
    sums = clamped_sums(step, layer.image.source.image.pixels)
    rows, columns = (taps.weights.sum(axis=1).astype(np.int64) for taps in (step.rows, step.columns))
    alpha = (rows[:, None] * 2 * columns + (1 << 13)) >> 14
    expected = np.zeros((side, side, 4), np.uint8)
    color = divide(np.minimum(sums, alpha[..., None]), np.broadcast_to(alpha[..., None], sums.shape))
    shown = expected[layer.top : layer.top + step.height, layer.left : layer.left + step.width]
    shown[...] = to8(np.concatenate([color, alpha[..., None]], axis=-1).astype(np.int32))
    expected[expected[..., 3] == 0] = 0
    assert np.array_equal(renderer.draw(planned).pixels, expected)


@pytest.mark.parametrize("place", [{"x": 0.5}, {"scale": 0.4}, {"scale": 3.1}], ids=str)
def test_what_is_opaque_here_is_the_same_whatever_is_not_elsewhere(
    renderer: Renderer, place: dict[str, Any]
) -> None:
    """To know that all of a picture is opaque saves work and changes no pixel."""
    pixels = random_pixels(5, SIDE, SIDE)
    pixels[..., 3] = 255
    holed = pixels.copy()
    holed[:, -1, 3] = 0
    transform, side = placed(place)
    known, unknown = (
        renderer.render(composed(picture(given, transform=transform), size=(side, side))).pixels
        for given in (pixels, holed)
    )
    assert np.array_equal(known[:, : side // 2], unknown[:, : side // 2])
    assert not np.array_equal(known, unknown)
