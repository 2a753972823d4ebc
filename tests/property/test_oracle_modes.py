"""Each blend function against its formula in float64, on all pairs of bytes and on random colours."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import BlendMode
from engines.image_core.numbers.fixed import ONE, to15
from engines.image_core.reference.blend import BLEND
from tests import oracle
from tests.parity.inputs import pairs

NEAR = 0.02
"""In 8-bit steps: bytes in steps of 2^-15, and a rounding or two."""

ENLARGED = 1.0
"""Where what 2^-15 left of bytes is divided by the smallest of them."""


def _colors() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Every pair of bytes, and colours at random and near grey, black and white: (n, 3) each."""
    below, above = (picture[..., :3].reshape(-1, 3) for picture in pairs([(255, 255)]))
    rng = np.random.default_rng(1)
    random = rng.integers(0, 256, (2, 60000, 3), dtype=np.uint8)
    grey = rng.integers(0, 254, (2, 20000, 1)) + rng.integers(0, 3, (2, 20000, 3))
    extreme = rng.choice(np.array([0, 1, 2, 127, 128, 253, 254, 255]), (2, 20000, 3))
    some = np.concatenate([random, grey, extreme], axis=1).astype(np.uint8)
    return np.concatenate([below, some[0]]), np.concatenate([above, some[1]])


def _tied(mode: BlendMode, below: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Colours that are as light as one another: either may show."""
    lums = (picture.astype(int) @ np.array([30, 59, 11]) for picture in (below, above))
    between_two = mode in {BlendMode.DARKER_COLOR, BlendMode.LIGHTER_COLOR}
    return np.asarray(between_two & (next(lums) == next(lums)))


@pytest.mark.parametrize("mode", list(BlendMode))
def test_a_mode_is_its_formula(mode: BlendMode) -> None:
    """All values within 0..ONE, what is given left as it is, and the result near the exact one."""
    below, above = _colors()
    cb, cs = (np.ascontiguousarray(to15(picture.T))[:, None] for picture in (below, above))
    kept = cb.copy(), cs.copy()
    blended = BLEND[mode](cb, cs)
    assert np.array_equal(cb, kept[0])
    assert np.array_equal(cs, kept[1])
    assert blended.dtype == np.int32
    assert blended.min() >= 0
    assert blended.max() <= ONE
    exact = oracle.blend(mode.value, oracle.from8(below), oracle.from8(above))
    apart = np.abs(blended[:, 0].T * (255 / ONE) - oracle.to8(exact))
    limit = ENLARGED if mode.value in oracle.UNSTEADY else NEAR
    assert apart[~_tied(mode, below, above)].max() <= limit


def _blended(mode: str, below: list[int], above: list[int]) -> list[int]:
    cb, cs = (np.array(color, np.int32)[:, None, None] for color in (below, above))
    return [int(value) for value in BLEND[BlendMode(mode)](cb, cs)[:, 0, 0]]


ENDS = [0, 0, ONE], [0, ONE, 0]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("color-dodge", [0, 0, ONE]),
        ("color-burn", [0, 0, ONE]),
        ("divide", [0, 0, ONE]),
        ("vivid-light", [0, ONE, 0]),
        ("hard-mix", [0, 0, ONE]),
    ],
)
def test_fractions_of_nothing(mode: str, expected: list[int]) -> None:
    """Where a formula divides by 0 the backdrop's end decides, but in vivid light the source's."""
    assert _blended(mode, *ENDS) == expected


def test_the_roots_of_soft_light_are_rounded_to_nearest() -> None:
    """For every value from a quarter on: over a source of ONE the result is D(cb), by whole numbers alone."""
    values = np.arange(ONE // 4 + 1, ONE + 1, dtype=np.int32)
    roots = BLEND[BlendMode.SOFT_LIGHT](values[None, None], np.full_like(values, ONE)[None, None])[0, 0]
    exact, n = roots.astype(np.int64), values.astype(np.int64) << 15
    assert (exact * exact - exact < n).all()
    assert (n <= exact * exact + exact).all()
