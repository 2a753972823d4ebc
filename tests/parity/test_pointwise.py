"""Adjustments, masks and opacity: every value, both backends."""

import pytest

from tests.parity.inputs import ADJUSTED, LENGTHS, OPACITIES, RASTER, SETTINGS, adjusted, long_stack, masked
from tests.parity.support import Both, composed, noise, numbered


@pytest.mark.parametrize(("name", "value"), ADJUSTED)
def test_an_adjustment_of_every_value_is_the_same_bytes(both: Both, name: str, value: float) -> None:
    """All 256 values of each channel against 256 of another, opaque and at every alpha."""
    both.same_input(adjusted(name, value))


def test_all_adjustments_together_are_the_same_bytes(both: Both) -> None:
    """Curves before and after the matrix, and sharpness after them."""
    layer = {**RASTER, "adjustments": {name: values[6] for name, values in SETTINGS.items()}}
    both.same(composed(150, 90, [layer]), numbered(noise(1, 90, 150)))


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("opacity", OPACITIES)
def test_a_mask_of_every_value_on_every_alpha_is_the_same_bytes(
    both: Both, opacity: float, inverted: bool
) -> None:
    """256 mask values crossed with 256 alphas, on an opaque and on a faded backdrop."""
    for background in ("#336699", "#33669980"):
        both.same_input(masked(opacity, inverted, background))


@pytest.mark.parametrize("count", LENGTHS)
def test_stacks_longer_than_a_pass_are_the_same_bytes(both: Both, count: int) -> None:
    """The GL backend splits what does not fit one pass; the split must not show."""
    both.same_input(long_stack(count))
