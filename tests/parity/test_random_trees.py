"""Random compositions: what no one thought of, on both backends."""

import pytest

from tests.parity.random_trees import NoiseMasks, random_composition
from tests.parity.support import Both

CASES = 300


@pytest.mark.parametrize("seed", range(CASES))
def test_a_random_composition_is_the_same_bytes_on_both_backends(both: Both, seed: int) -> None:
    """The test's number is the seed: `random_composition(seed)` is the composition. Planned twice, it has one
    pipeline hash."""
    composition = random_composition(seed)
    store = NoiseMasks(composition)
    planned = both.numpy.plan(composition, store)
    both.same_planned(planned)
    assert both.gl.plan(composition, store).plan.pipeline_hash == planned.plan.pipeline_hash
