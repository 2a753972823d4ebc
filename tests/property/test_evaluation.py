"""How a graph of steps is evaluated: each step once, and no value longer than it is wanted."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib import import_module
from typing import Any
from weakref import WeakSet

import numpy as np
import pytest

from engines.image_core.gl import Device, Session, open_device
from engines.image_core.gl import evaluate as evaluate_with_gl
from engines.image_core.numbers.kernels import gaussian_kernel, resampling_taps
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.entries import Compose, Layer
from engines.image_core.planning.evaluation import Evaluation
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.instructions import program
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.runs import cut
from engines.image_core.planning.steps import Blur, Raster, Resample, Sharpen, Step
from engines.image_core.reference import evaluate, evaluate_step
from tests.parity.support import decoded

SIDE = 6
KERNEL = gaussian_kernel(0.5)


def _raster(seed: int) -> Raster:
    pixels = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 4), dtype=np.uint8)
    return Raster(decoded(pixels))


def _blur(source: Step, left: int = 0) -> Blur:
    return Blur(SIDE, SIDE, source, KERNEL, left, 0)


def _resampled(source: Step) -> Resample:
    taps = resampling_taps(0, SIDE, Fraction(1), Fraction(0), SIDE, None)
    return Resample(source, taps, taps)


def _composed(*images: Step) -> Compose:
    return Compose(SIDE, SIDE, (0, 0, 0, 0), tuple(Layer(image, 0, 0, opacity=9000) for image in images))


class _Value:
    """A value of a step."""

    def __init__(self, step: Step) -> None:
        self.step = step


class _Values:
    """A backend that makes nothing and takes notes.

    Attributes:
        made, dropped: steps, in order.
        most: how many values there have been at once, with the one being made; a name counts as much as the
            evaluation's own table.
        found: digests of what is kept from an earlier plan.
        fails: the step that cannot be made.
    """

    def __init__(self, *found: Step, fails: Step | None = None) -> None:
        self.made: list[Step] = []
        self.dropped: list[Step] = []
        self.most = 0
        self.found = {step_digest(step): step for step in found}
        self.fails = fails
        self._alive: WeakSet[_Value] = WeakSet()

    def make(self, step: Step, inputs: list[_Value], evaluation: Evaluation[_Value]) -> _Value:
        """See `Values`. A Compose reads two entries at a time."""
        assert [value.step for value in inputs] == ([] if isinstance(step, Compose) else list(step.inputs))
        if isinstance(step, Compose):
            for run in cut(program(step), lambda needs: needs.instructions <= 2):
                with evaluation.reading(run.steps()) as values:
                    assert {step_digest(below) for below in run.steps()} == set(values)
                    del values
        if step is self.fails:
            raise MemoryError
        self.made.append(step)
        value = _Value(step)
        self._alive.add(value)
        self.most = max(self.most, len(self._alive))
        return value

    def obtain(self, step: Step, digest: str, make: Callable[[], _Value]) -> _Value:
        """See `Values`."""
        return _Value(step) if digest in self.found else make()

    def drop(self, digest: str, value: _Value, *, read_by_compose: bool) -> None:
        """See `Values`."""
        assert digest == step_digest(value.step)
        self.dropped.append(value.step)


def _evaluated(root: Step, *found: Step) -> _Values:
    """The notes of an evaluation, at whose end all but the root has been dropped once."""
    values = _Values(*found)
    Evaluation(root, values).root()
    assert Counter(values.dropped) == Counter([*values.made[:-1], *(set(values.dropped) & set(found))])
    return values


@pytest.fixture
def device(gl_renderer: object) -> Iterator[Device]:
    """The first OpenGL device, in a context of its own."""
    opened = open_device()
    yield opened
    opened.close()


def _counted(monkeypatch: pytest.MonkeyPatch, backend: str) -> Counter[type[Step]]:
    """How often a backend's evaluators are called from here on."""
    module = import_module(f"engines.image_core.{backend}.evaluate")
    calls: Counter[type[Step]] = Counter()

    def counting(kind: type[Step], function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            calls[kind] += 1
            return function(*given)

        return call

    counted = {kind: counting(kind, function) for kind, function in module.EVALUATORS.items()}
    monkeypatch.setattr(module, "EVALUATORS", counted)
    return calls


def _four_blurs() -> Plan:
    """Of one picture, resampled by two steps that are alike; one of the blurs in a group that is an image."""
    picture = _raster(1)
    blurs = [_blur(_resampled(picture), left) for left in range(4)]
    return Plan(_composed(*blurs[:3], _composed(blurs[3], blurs[0])), "")


def test_four_blurs_of_a_resampled_picture_resample_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And each blur is made once, although one is read by two groups: on NumPy, which keeps nothing here."""
    calls = _counted(monkeypatch, "reference")
    evaluate(_four_blurs())
    assert calls == {Raster: 1, Resample: 1, Blur: 4}


def test_four_blurs_of_a_resampled_picture_resample_it_once_on_the_device(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Likewise."""
    session = device.run(lambda: Session(device))
    calls = _counted(monkeypatch, "gl")
    device.run(lambda: evaluate_with_gl(session, _four_blurs()))
    assert calls == {Resample: 1, Blur: 4}
    assert session.textures.live == 0


def test_of_a_chain_two_values_are_there_at_once() -> None:
    """A hundred blurs, each of the one before: the one being made and its source."""
    chain: list[Step] = [_raster(1)]
    for _ in range(100):
        chain.append(_blur(chain[-1]))
    values = _evaluated(chain[-1])
    assert values.made == chain
    assert values.dropped == chain[:-1]
    assert values.most == 2


def test_what_two_steps_read_is_there_until_the_second_has_read_it() -> None:
    """A picture is sharpened by its own blur: three values, of which none is made twice."""
    picture = _raster(1)
    soft = _blur(picture)
    sharp = Sharpen(picture, soft, 900, 0)
    values = _evaluated(sharp)
    assert values.made == [picture, soft, sharp]
    assert values.most == 3
    assert set(values.dropped) == {picture, soft}


def test_a_compose_holds_what_it_reads_a_part_at_a_time() -> None:
    """Ten blurs, two in a run: of each run no more than those two and one of their sources."""
    values = _evaluated(_composed(*(_blur(_raster(seed)) for seed in range(10))))
    assert len(values.made) == 21
    assert values.most == 3


def test_a_step_that_is_made_holds_its_inputs_no_longer() -> None:
    """A blur waits for another picture, of three values, that an entry reads, too: its own source is gone."""
    first, second = _raster(1), _raster(2)
    shared = Sharpen(second, _blur(second), 900, 0)
    sharp = Sharpen(_blur(shared, 1), _blur(first), 900, 0)
    values = _evaluated(_composed(sharp, shared))
    assert values.made[:5] == [first, sharp.smooth, second, shared.smooth, shared]
    assert values.most == 4


def test_after_a_fault_clearing_drops_what_is_left() -> None:
    """Whichever step fails, all that was made has been dropped, once."""
    picture, other = _raster(1), _raster(2)
    soft = _blur(picture)
    inner = _composed(_blur(picture, 1), other, Sharpen(picture, soft, 900, 0))
    root = _composed(_blur(inner), soft, other)
    steps = _evaluated(root).made
    assert len(steps) == 8
    for fails in steps:
        values = _Values(fails=fails)
        evaluation = Evaluation(root, values)
        with pytest.raises(MemoryError):
            evaluation.root()
        evaluation.clear()
        assert Counter(values.dropped) == Counter(values.made)


def test_below_what_is_found_nothing_is_made() -> None:
    """Of three layers one is found; of what it is made of only what another reads, too, is made."""
    shared, own = _raster(1), _raster(2)
    kept = Sharpen(_blur(shared), _blur(_blur(own)), 900, 0)
    wanted = _blur(shared, 2)
    root = _composed(_raster(3), kept, wanted)
    values = _evaluated(root, kept)
    assert values.made == [root.entries[0].image, shared, wanted, root]  # type: ignore[union-attr]
    assert kept in values.dropped


def test_what_only_a_found_step_would_have_read_is_dropped() -> None:
    """A picture is a layer and the source of another, in a later run, that is found: it waited in vain."""
    picture = _raster(1)
    kept = _blur(_blur(picture))
    last = _raster(4)
    values = _evaluated(_composed(picture, _raster(2), kept, last), kept)
    assert [step for step in values.dropped if step in {picture, kept, last}] == [picture, kept, last]


def test_what_is_found_twice_below_one_another_is_found_from_above() -> None:
    """Where a picture and its blur are kept, and only the blur is wanted, the picture is not asked for."""
    inner = _composed(_raster(1))
    kept = _blur(_blur(inner))
    values = _evaluated(_composed(kept), inner, kept)
    assert [type(step) for step in values.made] == [Compose]
    assert values.dropped == [kept]


def test_deep_chains_need_no_deep_calls() -> None:
    """Five thousand blurs of one another are known, counted, made on NumPy, and skipped where the last is
    found; Python's stack has a thousand calls."""
    assert sys.getrecursionlimit() < 5000
    pixels = np.full((1, 1, 4), 255, np.uint8)
    step: Step = Raster(DecodedImage(pixels, "white", opaque=True))
    for _ in range(5000):
        step = Blur(1, 1, step, KERNEL, 0, 0)
    assert evaluate_step(step).shape == (4, 1, 1)
    values = _evaluated(_composed(step), step)
    assert [type(made) for made in values.made] == [Compose]
