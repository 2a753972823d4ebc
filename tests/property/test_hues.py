"""Hues that turn alike everywhere: what is left out for them changes nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.huesat import HueChange, chroma_factor, hue_ranges
from engines.image_core.planning.color_ops import HueSaturation
from engines.image_core.reference.adjust import adjust

REDS = HueChange((315, 345, 15, 45), 0.0, 40.0, 0.0)


def _colors() -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """Colours of any kind, and those with channels that are equal, nearly so, or at the ends."""
    values = np.array([0, 1, 2, ONE // 3, ONE // 2, ONE // 2 + 1, ONE - 1, ONE], np.int32)
    some = np.random.default_rng(7).integers(0, ONE + 1, (3, 4096), np.int32)
    corners = np.stack(np.meshgrid(values, values, values)).reshape(3, -1)
    return np.concatenate([corners, some], axis=1)[:, None, :]


@pytest.mark.parametrize("hue", [-180.0, -60.0, -59.9, -0.03, 0.0, 30.0, 59.97, 60.0, 123.4, 180.0])
@pytest.mark.parametrize(("saturation", "lightness"), [(0, 0), (-40, ONE // 5), (75, -ONE // 7)])
def test_a_hue_that_turns_alike_everywhere_is_what_its_degrees_say(
    hue: float, saturation: int, lightness: int
) -> None:
    """Without looking up a degree each pixel has the same bytes as with."""
    op = HueSaturation(lightness, chroma_factor(Fraction(saturation)), hue_ranges(hue, ()))
    by_degrees = replace(op)
    by_degrees.__dict__["turn"] = None
    assert op.turn is not None
    assert -5 * ONE <= op.turn < ONE
    np.testing.assert_array_equal(adjust(_colors(), (op,)), adjust(_colors(), (by_degrees,)))


def test_a_range_of_hues_that_changes_more_is_looked_up() -> None:
    """Where the hue decides a saturation, or how far it turns itself, no one number says it."""
    turning = replace(REDS, hue=10.0, saturation=0.0)
    lighter = replace(REDS, saturation=0.0, lightness=5.0)
    for change in (REDS, turning, lighter):
        assert HueSaturation(0, 512, hue_ranges(20.0, (change,))).turn is None
