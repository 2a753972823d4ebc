"""Linked masks against the same in float64: within one 8-bit step, at their edges too."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.tests.composing import composed, group, solid
from tests import oracle

CANVAS = (80, 70)
SIZE = (33, 24)
LEFT, TOP = 21.3, 14.75
SCALES = [(1, 1), (0.3, 0.3), (0.97, 1.2), (1.3, 1.7), (0.61, 2.4), (0.05, 0.02)]


@pytest.fixture(scope="module")
def values() -> oracle.Floats:
    """Noise, 0..1."""
    return oracle.from8(np.random.default_rng(3).integers(0, 256, SIZE[::-1], dtype=np.uint8))


@pytest.fixture(scope="module")
def renderer(values: oracle.Floats, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """NumPy, with the noise as a mask file, and with it in the middle of one of the canvas's size."""
    folder = tmp_path_factory.mktemp("masks")
    Image.fromarray(np.rint(values * 255).astype(np.uint8)).save(folder / "mask.png")
    with Renderer("numpy", root=folder) as renderer:
        yield renderer


def shown(renderer: Renderer, transform: dict[str, Any], **mask: Any) -> oracle.Floats:
    """The alpha in 8-bit steps of a group that is white far beyond its box, and masked before it is placed.

    With a position, for the group's box is the canvas and not the mask's size.
    """
    flood = solid("#ffffff", width=9999, height=9999, transform={"x": -4999, "y": -4999})
    layer = group(flood, mask={"path": "mask.png", "linked": True, **mask}, transform=transform)
    pixels = renderer.render(composed(layer, size=CANVAS)).pixels
    return pixels[..., 3].astype(np.float64)


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_a_scaled_mask_is_within_one_step_of_exact_sums(
    renderer: Renderer, values: oracle.Floats, scale: tuple[float, float]
) -> None:
    """With a position: its edges cover pixels in part, as a picture's do."""
    place = {"scale": scale[0], "scale_y": scale[1], "x": LEFT, "y": TOP}
    down = oracle.weights(CANVAS[1], SIZE[1], scale[1], TOP, sharp=True)
    across = oracle.weights(CANVAS[0], SIZE[0], scale[0], LEFT, sharp=True)
    exact = np.clip(down @ values @ across.T, 0, 1)
    assert np.abs(shown(renderer, place, position=[0, 0]) - oracle.to8(exact)).max() <= 1


def endless(count: int, size: int, scale: float, start: float) -> oracle.Floats:
    """Weights of an axis that goes on as at its ends: those of the nearest pixel whose centre lies inside."""
    found = oracle.weights(count, size, scale, start, sharp=True)
    centers = np.arange(count) + 0.5
    inside = np.flatnonzero((centers >= start) & (centers <= start + size * scale))
    if not inside.size:
        inside = np.array([int(start + size * scale / 2)])
    found = found[np.clip(np.arange(count), inside[0], inside[-1])]
    return np.asarray(found / found.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_a_mask_without_an_end_is_within_one_step_of_exact_sums(
    renderer: Renderer, values: oracle.Floats, scale: tuple[float, float]
) -> None:
    """Without a position, on a paint of the mask's size, where that covers whole pixels."""
    place = {"scale": scale[0], "scale_y": scale[1], "x": LEFT, "y": TOP}
    box = {"width": float(SIZE[0]), "height": float(SIZE[1])}
    mask = {"path": "mask.png", "linked": True}
    pixels = renderer.render(
        composed(solid("#ffffff", **box, mask=mask, transform=place), size=CANVAS)
    ).pixels
    plain = renderer.render(composed(solid("#ffffff", **box, transform=place), size=CANVAS)).pixels
    down, across = endless(CANVAS[1], SIZE[1], scale[1], TOP), endless(CANVAS[0], SIZE[0], scale[0], LEFT)
    exact = plain[..., 3] * np.clip(down @ values @ across.T, 0, 1)
    assert plain.any()
    assert np.abs(pixels[..., 3] - exact).max() <= 1


@pytest.mark.parametrize("degrees", [1, 30, 45, 100, 211.5])
@pytest.mark.parametrize("ends", [True, False], ids=["at a position", "without an end"])
def test_a_turned_mask_is_near_exact_sums(
    renderer: Renderer, values: oracle.Floats, degrees: float, ends: bool
) -> None:
    """Within one step, and two where a position falls to the other side of 1/256 pixel."""
    y, x = np.mgrid[: CANVAS[1], : CANVAS[0]] + 0.5
    x, y, angle = x - 40.25, y - 30.5, math.radians(degrees)
    x, y = math.cos(angle) * x + math.sin(angle) * y - 0.5, math.cos(angle) * y - math.sin(angle) * x - 0.5
    turn = {"rotation": degrees, "x": 40.25, "y": 30.5}
    if ends:
        actual = shown(renderer, turn, position=[0, 0])
        margin, plain = 0, np.full(actual.shape, 255.0)
    else:
        box = {"width": float(SIZE[0]), "height": float(SIZE[1]), "transform": turn}
        mask = {"path": "mask.png", "linked": True}
        actual, plain = (
            renderer.render(composed(solid("#ffffff", **box, **masked), size=CANVAS))
            .pixels[..., 3]
            .astype(float)
            for masked in ({"mask": mask}, {})
        )
        margin = 9
    framed = np.pad(values, margin, mode="edge")[..., None]
    _, exact = oracle.gathered(np.ones((*framed.shape[:2], 3)), framed, x + margin, y + margin)
    apart = np.abs(actual - plain * exact[..., 0])
    assert apart.max() <= 2
    assert (apart > 1).mean() < 0.002
