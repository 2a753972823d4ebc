"""Every blend mode on every pair of bytes, at the alphas where rounding is hardest."""

import numpy as np
import pytest

from engines.image_core import BlendMode
from tests.parity.inputs import ALPHAS, RASTER, byte_pairs, byte_pairs_over_opaque, pairs
from tests.parity.support import Both, composed, decoded, decoded_mask, numbered


@pytest.mark.parametrize("mode", list(BlendMode))
def test_all_byte_pairs_at_all_extreme_alphas_are_the_same_bytes(both: Both, mode: BlendMode) -> None:
    """65,536 (backdrop, source) pairs crossed with seven alphas on both sides, in three channels."""
    both.same_input(byte_pairs(mode))


@pytest.mark.parametrize("mode", list(BlendMode))
@pytest.mark.parametrize("opacity", [1.0, 0.37])
def test_all_byte_pairs_over_an_opaque_backdrop_are_the_same_bytes(
    both: Both, mode: BlendMode, opacity: float
) -> None:
    """The path without a division, which a plan takes when it knows the backdrop to be opaque."""
    known = both.same_input(byte_pairs_over_opaque(mode, opacity))
    assert (known[..., 3] == 255).all()


@pytest.mark.parametrize("mode", list(BlendMode))
def test_knowing_a_backdrop_to_be_opaque_changes_no_byte(both: Both, mode: BlendMode) -> None:
    """The same stack planned without that knowledge: the backdrop is opaque only through a mask of 255."""
    backdrop, source = pairs([(255, b) for b in ALPHAS])
    blended = {**RASTER, "blend_mode": mode}
    masked = {**RASTER, "mask": {"path": "given to the plan"}}
    images = numbered(decoded(backdrop), decoded(source))
    mask = decoded_mask(np.full(backdrop.shape[:2], 255, np.uint8))
    size = 256, len(backdrop)
    known = both.same(composed(*size, [RASTER, blended]), images)
    unknown = both.same(composed(*size, [masked, blended]), images, {(0,): mask})
    assert np.array_equal(known, unknown)


@pytest.mark.parametrize("mode", [mode for mode in BlendMode if mode.facts.fill != "opacity"])
@pytest.mark.parametrize("fill", [0.0, 1 / 32768, 1 / 3, 32767 / 32768])
def test_all_byte_pairs_at_all_extreme_alphas_and_fills_are_the_same_bytes(
    both: Both, mode: BlendMode, fill: float
) -> None:
    """Modes that a fill enters; at fill 1 it is the first test."""
    both.same_input(byte_pairs(mode, fill))
