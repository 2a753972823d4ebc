"""How many samples a gather takes of what a pixel covers of its source.

The kernel that looks a source up is as narrow as its pixels. Where an output pixel covers more of them, the
mean of several samples keeps what is too fine for it from showing as patterns.
"""

from __future__ import annotations

import numpy as np

from engines.image_core.numbers.fixed import Plane

__all__ = ["LEAST_SPREAD", "MOST_BITS", "SPREAD_BITS", "sample_bits"]

SPREAD_BITS = 8
"""Sides of what a pixel covers are in steps of 2^-8 source pixels."""

LEAST_SPREAD = 16
"""Below a sixteenth of a source pixel one sample does."""

MOST_BITS = 5
"""No more than 2^5 = 32 samples along a side: beyond 32 source pixels they are further apart than one."""


def sample_bits(across: Plane, down: Plane) -> Plane:
    """The logarithm to base 2 of how many samples are taken along a side, 0..MOST_BITS.

    across, down: the side, in 2^-SPREAD_BITS source pixels. Samples are at most a pixel apart along either
    axis, as far as MOST_BITS goes, and at least two.
    """
    longest = np.maximum(np.abs(across), np.abs(down))
    bits = (longest >= LEAST_SPREAD).astype(np.int32)
    for more in range(1, MOST_BITS):
        bits += longest > 1 << (SPREAD_BITS + more)
    return bits
