"""Pictures in four corners and bent by meshes: noise, both backends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core.planning.entries import Compose, Coverage, Layer
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.remap import Remap
from engines.image_core.planning.steps import ONE, MaskRaster, Raster
from engines.image_core.rendering.rendered import Planned
from tests.parity.inputs import WARPS, warped
from tests.parity.support import Both, composed, decoded_mask, noise


@pytest.mark.parametrize("name", WARPS)
@pytest.mark.parametrize("opaque", [True, False])
def test_a_warp_of_noise_is_the_same_bytes(both: Both, name: str, opaque: bool) -> None:
    """Enlarged, far off, folded, thin, mirrored and partly off the canvas."""
    both.same_input(warped(WARPS[name], opaque))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_a_warp_of_a_thin_picture_is_the_same_bytes(both: Both, size: tuple[int, int]) -> None:
    """Of one pixel, row or column."""
    for warp in WARPS.values():
        both.same_input(warped(warp, False, size))


@pytest.mark.parametrize("plane", [False, True])
def test_any_tables_give_the_same_bytes(both: Both, plane: bool) -> None:
    """Positions far outside the source, spreads of up to 128 pixels along either axis, all coverages; of
    images and of planes."""
    rng = np.random.default_rng(3)
    size = (40, 70)
    positions = rng.integers(-(300 << 16), 300 << 16, (*size, 2), dtype=np.int32)
    longest = rng.choice([0, 15, 16, 300, 2000, 32767], (*size, 1))
    spread = np.clip(rng.integers(-32767, 32768, (*size, 4)), -longest, longest).astype(np.int16)
    spread[:20] = spread[:20] // 64
    coverage = rng.choice([0, 1, 9000, ONE - 1, ONE], size).astype(np.uint16)
    image = noise(4, 90, 110)
    below = Raster(noise(5, *size, opaque=True))
    entries: tuple[Layer, ...] = (Layer(below, 0, 0),)
    if plane:
        mask = MaskRaster(decoded_mask(np.ascontiguousarray(image.pixels[..., 0])))
        remap = Remap(mask, positions, spread, coverage)
        entries = (Layer(below, 0, 0, mask=Coverage(remap, 0, 0)),)
    else:
        entries += (Layer(Remap(Raster(image), positions, spread, coverage), 0, 0),)
    root = Compose(size[1], size[0], (0, 0, 0, 0), entries)
    both.same_planned(Planned(composed(*size[::-1], []), Plan(root, ""), {}))


def test_an_image_of_many_rows_is_gathered_band_by_band(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device takes the tables of some rows at a time: the bytes are those of all at once."""
    monkeypatch.setattr("engines.image_core.gl.spatial._TABLE_PIXELS", 700)
    wave: dict[str, Any] = WARPS["in perspective"]
    both.same_input(warped(wave, False))
