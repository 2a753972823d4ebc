"""What others draw of the same stacks, pictures and settings: the one place where pixels may differ.

They are other people's programs, which round in other places. Our own backends are equal to the byte.
"""

import pytest

from tests.others.comparisons import ADJUSTING, BLENDING, Comparison
from tests.others.peers import Peers


@pytest.mark.parametrize("comparison", [one for one in BLENDING if one.limit is not None], ids=str)
def test_stacks_come_out_as_others_draw_them(peers: Peers, comparison: Comparison) -> None:
    """Each mode, over all pairs of bytes and many alphas, where both have one definition."""
    assert comparison.limit is not None
    assert comparison.measure(peers).largest <= comparison.limit


@pytest.mark.parametrize("comparison", [one for one in ADJUSTING if one.limit is not None], ids=str)
def test_adjustments_and_filters_come_out_as_others_draw_them(peers: Peers, comparison: Comparison) -> None:
    """Each setting, on noise and on a photograph, opaque and not, where both have one definition."""
    assert comparison.limit is not None
    assert comparison.measure(peers).largest <= comparison.limit
