"""Masks that go with their layer: random data under every transform, both backends."""

from typing import Any

import pytest

from engines.image_core.conformance.pictures import NoiseMasks
from tests.parity.inputs import TINY_SIZES, TINY_TRANSFORMS, TRANSFORMS
from tests.parity.support import Both, composed

SELECTION = {"type": "ellipse", "points": [[8, 3], [80, 50]]}
MASKS: dict[str, dict[str, Any]] = {
    "of the box's size": {},
    "soft": {"feather_radius": 20.0, "inverted": True},
    "at a position": {"position": [9, -7]},
    "visible around": {"position": [-4, 8], "outside": "visible", "density": 0.6, "feather_radius": 2.0},
}


def same(both: Both, size: tuple[int, int], transform: dict[str, Any], *masks: dict[str, Any]) -> None:
    """A box of width and height under a transform, with a linked mask of each kind."""
    name = f"noise-{size[0]}x{size[1]}"
    pictures = [{"mask_artifact_id": name, "linked": True, **mask} for mask in masks]
    outline = {"selection": SELECTION, "linked": True, "density": 0.5}
    box = {"source": {"color": "#c08040"}, "width": float(size[0]), "height": float(size[1])}
    layer = {"type": "raster", **box, "masks": [*pictures, outline], "transform": transform}
    both.same_planned(both.numpy.plan(composed(120, 80, [layer], "#204060"), NoiseMasks()))


@pytest.mark.parametrize("mask", MASKS.values(), ids=list(MASKS))
@pytest.mark.parametrize("transform", TRANSFORMS, ids=str)
def test_a_linked_mask_is_the_same_bytes(both: Both, transform: dict[str, Any], mask: dict[str, Any]) -> None:
    """Alone of its kind, with a selection."""
    same(both, (91, 57), transform, mask)


@pytest.mark.parametrize("size", TINY_SIZES)
@pytest.mark.parametrize("transform", TINY_TRANSFORMS, ids=str)
def test_thin_and_tiny_linked_masks_are_the_same_bytes(
    both: Both, size: tuple[int, int], transform: dict[str, Any]
) -> None:
    """Masks of one pixel, row or column, all kinds together."""
    same(both, size, transform, *MASKS.values())
