"""Every blend mode on every pair of bytes, at the alphas where rounding is hardest."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import BlendMode
from tests.parity.support import ANY_SOURCE, Both, composed, decoded, decoded_mask, numbered

ALPHAS = (0, 1, 2, 127, 128, 254, 255)


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


@pytest.mark.parametrize("mode", list(BlendMode))
def test_all_byte_pairs_at_all_extreme_alphas_are_the_same_bytes(both: Both, mode: BlendMode) -> None:
    """65,536 (backdrop, source) pairs crossed with seven alphas on both sides, in three channels."""
    backdrop, source = pairs([(a, b) for a in ALPHAS for b in ALPHAS])
    layers = [
        {"type": "raster", "source": ANY_SOURCE},
        {"type": "raster", "source": ANY_SOURCE, "blend_mode": mode},
    ]
    composition = composed(256, len(backdrop), layers)
    both.same(composition, numbered(decoded(backdrop), decoded(source)))


@pytest.mark.parametrize("mode", list(BlendMode))
@pytest.mark.parametrize("opacity", [1.0, 0.37])
def test_all_byte_pairs_over_an_opaque_backdrop_are_the_same_bytes(
    both: Both, mode: BlendMode, opacity: float
) -> None:
    """The path without a division, which a plan takes when it knows the backdrop to be opaque."""
    backdrop, source = pairs([(255, b) for b in ALPHAS])
    layers = [
        {"type": "raster", "source": ANY_SOURCE},
        {"type": "raster", "source": ANY_SOURCE, "blend_mode": mode, "opacity": opacity},
    ]
    images = numbered(decoded(backdrop), decoded(source))
    known = both.same(composed(256, len(backdrop), layers, "#000000"), images)
    assert (known[..., 3] == 255).all()


@pytest.mark.parametrize("mode", list(BlendMode))
def test_knowing_a_backdrop_to_be_opaque_changes_no_byte(both: Both, mode: BlendMode) -> None:
    """The same stack planned without that knowledge: the backdrop is opaque only through a mask of 255."""
    backdrop, source = pairs([(255, b) for b in ALPHAS])
    layer = {"type": "raster", "source": ANY_SOURCE}
    blended = {**layer, "blend_mode": mode}
    masked = {**layer, "mask": {"path": "given to the plan"}}
    images = numbered(decoded(backdrop), decoded(source))
    mask = decoded_mask(np.full(backdrop.shape[:2], 255, np.uint8))
    size = 256, len(backdrop)
    known = both.same(composed(*size, [layer, blended]), images)
    unknown = both.same(composed(*size, [masked, blended]), images, {(0,): mask})
    assert np.array_equal(known, unknown)
