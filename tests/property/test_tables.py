"""The plan's tables against their definitions in 200-bit arithmetic, and what threads make of them."""

import sys
import threading
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from engines.image_core.numbers.curves import exposure_table, gamma_table
from engines.image_core.numbers.kernels import (
    GAUSSIAN_TOTAL,
    KEYS_TOTAL,
    OVERSHOOT,
    gaussian_kernel,
    keys_phases,
    resampling_taps,
)

ONE = 32768


def nearest(mp: Any, value: Any) -> int:
    """The nearest integer within 0..ONE, halves upwards."""
    return min(max(int(mp.floor(value + 0.5 + mp.mpf(2) ** -120)), 0), ONE)


def precise() -> Any:
    """An mpmath context of 200 bits."""
    context = mpmath.MPContext()
    context.prec = 200
    return context


@pytest.mark.parametrize("gamma", [0.45, 10])
def test_every_entry_of_a_gamma_table_is_correctly_rounded(gamma: float) -> None:
    """All 32769 values of v^(1 / gamma)."""
    mp = precise()
    power = 1 / mp.mpf(gamma)
    expected = [nearest(mp, (mp.mpf(v) / ONE) ** power * ONE) for v in range(ONE + 1)]
    assert np.array_equal(gamma_table(gamma), expected)


@pytest.mark.parametrize("stops", [-1, 0.3])
def test_every_entry_of_an_exposure_table_is_correctly_rounded(stops: float) -> None:
    """All 32769 values through the sRGB curve (IEC 61966-2-1) and back. One stop down halves the values near
    black: ties, which round up."""
    mp = precise()

    def exposed(v: Any) -> Any:
        linear = (
            v / mp.mpf("12.92")
            if v <= mp.mpf("0.04045")
            else ((v + mp.mpf("0.055")) / mp.mpf("1.055")) ** mp.mpf("2.4")
        )
        linear *= mp.mpf(2) ** mp.mpf(stops)
        return (
            linear * mp.mpf("12.92")
            if linear <= mp.mpf("0.0031308")
            else mp.mpf("1.055") * linear ** (1 / mp.mpf("2.4")) - mp.mpf("0.055")
        )

    expected = [nearest(mp, exposed(mp.mpf(v) / ONE) * ONE) for v in range(ONE + 1)]
    assert np.array_equal(exposure_table(stops), expected)


def test_gaussian_kernels_sum_to_their_total_and_fall_from_the_centre() -> None:
    """Every standard deviation that blurs use, in steps of 1/64: exact sum, no negative weight, no weight
    larger than the one before it but for what rounding leaves to the centre."""
    for sigma in np.arange(1, 1024) / 64:
        kernel = gaussian_kernel(float(sigma))
        assert kernel[0] + 2 * kernel[1:].sum() == GAUSSIAN_TOTAL
        assert (kernel > 0).all()
        assert (np.diff(kernel[1:]) <= 0).all()
        assert kernel[0] >= kernel[1:].max(initial=0) - len(kernel)


def lowest(weights: np.ndarray[Any, Any]) -> int:
    """The sum of the weights below 0 of the output pixel where it is lowest, less its sign."""
    return int(-np.minimum(weights, 0).sum(axis=1).min())


SCALES = [
    *(Fraction(tenth, 20) for tenth in range(1, 80)),
    *(Fraction(round(1.07**power)) for power in range(20, 157)),  # to 40,000 pixels into one
]


@pytest.mark.parametrize("left_over", [Fraction(0), Fraction(3, 10), Fraction(1, 2), Fraction(19, 20)])
def test_weights_below_0_come_to_less_than_16_bits_hold(left_over: Fraction) -> None:
    """Enlarged, reduced to a speck, with edges that are kept sharp, anywhere between pixels, and without."""
    assert lowest(keys_phases()) == KEYS_TOTAL // 8
    for scale in SCALES:
        size = max(1, round(scale * (2 + left_over)))
        for origin in (Fraction(0), Fraction(1, 2), scale * Fraction(37, 100)):
            ends = -origin / scale, (size - origin) / scale
            first = int(ends[0]) - 2
            count = min(int(ends[1]) + 3 - first, 200)
            for edges in (ends, None):
                taps = resampling_taps.__wrapped__(first, count, scale, origin, size, edges)
                assert lowest(taps.weights) <= OVERSHOOT


@pytest.mark.parametrize("sigma", [0.0, 5e-324, 1e-200, 1e-9, 0.1249])
def test_a_blur_too_narrow_to_reach_a_neighbour_changes_nothing(sigma: float) -> None:
    """One weight, all of it at the centre, read-only as every table."""
    kernel = gaussian_kernel(sigma)
    assert kernel.tolist() == [GAUSSIAN_TOTAL]
    assert not kernel.flags.writeable


def test_threads_that_plan_at_once_leave_the_precision_of_mpmath_alone() -> None:
    """Its global context is the caller's; and each thread's tables are the same."""
    gammas = [0.3 + step / 100 for step in range(20)]
    tables: list[list[bytes]] = []

    def work() -> None:
        tables.append([gamma_table.__wrapped__(gamma).tobytes() for gamma in gammas])

    before, interval = mpmath.mp.prec, sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert mpmath.mp.prec == before
    assert all(made == tables[0] for made in tables)
    assert len(tables) == 4
