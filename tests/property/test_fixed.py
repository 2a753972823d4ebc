"""The fixed-point arithmetic against plain integer formulas, over all values where that can be done."""

import numpy as np

from engines.image_core.numbers.fixed import HALF, ONE, divide, lerp, mul, to8, to15

EDGES = np.array([0, 1, 2, 3, 127, 128, 255, HALF - 1, HALF, HALF + 1, ONE - 2, ONE - 1, ONE], np.int32)


def test_eight_bits_survive_the_way_to_fifteen_and_back() -> None:
    """All 256 values, and each is the nearest of the 32,769."""
    values = np.arange(256, dtype=np.uint8)
    exact = (values.astype(np.int64) * ONE * 2 + 255) // 510
    assert np.array_equal(to15(values), exact)
    assert np.array_equal(to8(to15(values)), values)


def test_to8_rounds_to_nearest() -> None:
    """All 32,769 values."""
    values = np.arange(ONE + 1, dtype=np.int32)
    assert np.array_equal(to8(values), (values.astype(np.int64) * 255 * 2 + ONE) // (2 * ONE))


def test_mul_rounds_to_nearest_halves_up() -> None:
    """All values against the edges of the range."""
    a = np.arange(ONE + 1, dtype=np.int32)[:, None]
    assert np.array_equal(mul(a, EDGES), (a.astype(np.int64) * EDGES * 2 + ONE) // (2 * ONE))


def test_lerp_rounds_to_nearest_and_ends_where_it_should() -> None:
    """All weights between pairs of edges, both upwards and downwards."""
    t = np.arange(ONE + 1, dtype=np.int32)
    for a in EDGES:
        for b in EDGES:
            exact = a + ((int(b) - int(a)) * t.astype(np.int64) * 2 + ONE) // (2 * ONE)
            assert np.array_equal(lerp(a, np.full_like(t, b), t), exact)


def test_divide_is_integer_division_for_every_divisor() -> None:
    """Every b below 2 ONE - 1 against the edges of 0..b and 64 values between. Sums of resampling are above
    ONE at times; for devices see tests/parity/test_divide.py."""
    rng = np.random.default_rng(0)
    b = np.arange(2 * ONE - 1, dtype=np.int32)[:, None]
    between = (rng.random((len(b), 64)) * (b + 1)).astype(np.int32)
    a = np.concatenate([between, np.minimum(EDGES, b), np.maximum(b - EDGES, 0)], axis=1)
    wide_a, wide_b = a.astype(np.int64), b.astype(np.int64)
    exact = np.where(b == 0, 0, ((wide_a << 15) + (wide_b >> 1)) // np.maximum(wide_b, 1))
    assert np.array_equal(divide(a, np.broadcast_to(b, a.shape)), exact)
