"""Adjustments, masks and opacity: every value, both backends."""

import numpy as np
import pytest

from engines.image_core.models import BlendMode, LayerPath
from engines.image_core.planning.decoded import DecodedImage
from tests.parity.support import ANY_SOURCE, Both, composed, decoded, decoded_mask, noise, numbered

SETTINGS = {
    "exposure": (-10, -3.3, -1, -0.25, 0.1, 0.5, 1, 2.7, 5, 10),
    "brightness": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
    "contrast": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
    "saturation": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
    "gamma": (0.1, 0.2, 0.45, 0.7, 0.99, 1.01, 1.8, 2.2, 4, 10),
    "sharpness": (0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 2.2, 3.3, 4),
}
CASES = [(name, value) for name, values in SETTINGS.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_an_adjustment_of_every_value_is_the_same_bytes(both: Both, name: str, value: float) -> None:
    """All 256 values of each channel against 256 of another, opaque and at every alpha."""
    y, x = np.mgrid[0:256, 0:256].astype(np.uint8)
    opaque = np.dstack([x, y, x ^ y, np.full_like(x, 255)])
    faded = np.dstack([x, y, 255 - x, x ^ y])
    layer = {"type": "raster", "source": ANY_SOURCE, "adjustments": {name: value}}
    beside = {**layer, "transform": {"x": 256}}
    both.same(composed(512, 256, [layer, beside]), numbered(decoded(opaque), decoded(faded)))


def test_all_adjustments_together_are_the_same_bytes(both: Both) -> None:
    """Curves before and after the matrix, and sharpness after them."""
    adjustments = {name: values[6] for name, values in SETTINGS.items()}
    layer = {"type": "raster", "source": ANY_SOURCE, "adjustments": adjustments}
    both.same(composed(150, 90, [layer]), numbered(noise(1, 90, 150)))


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("opacity", [1.0, 0.5, 1 / 32768, 0.999])
def test_a_mask_of_every_value_on_every_alpha_is_the_same_bytes(
    both: Both, opacity: float, inverted: bool
) -> None:
    """256 mask values crossed with 256 alphas, on an opaque and on a faded backdrop."""
    y, x = np.mgrid[0:256, 0:256].astype(np.uint8)
    source = decoded(np.dstack([255 - y, x, y, x]))
    mask = decoded_mask(np.ascontiguousarray(y))
    layer = {"type": "raster", "source": ANY_SOURCE, "opacity": opacity}
    layer |= {"mask": {"path": "given to the plan", "inverted": inverted}}
    for background in ("#336699", "#33669980"):
        both.same(composed(256, 256, [layer], background), numbered(source), {(0,): mask})


@pytest.mark.parametrize("count", [0, 1, 6, 7, 13, 40])
def test_stacks_longer_than_a_pass_are_the_same_bytes(both: Both, count: int) -> None:
    """The GL backend splits what does not fit one pass; the split must not show."""
    modes = list(BlendMode)
    layers = []
    for index in range(count):
        layer = {
            "type": "raster",
            "source": ANY_SOURCE,
            "opacity": 0.6,
            "blend_mode": modes[index % len(modes)],
        }
        layers.append(layer if index % 5 else {**layer, "source": {"color": f"#80{index:02x}40c0"}})
    images: dict[LayerPath, DecodedImage] = {(i,): noise(i, 50, 70) for i in range(count) if i % 5}
    both.same(composed(70, 50, layers, "#11223344"), images)
