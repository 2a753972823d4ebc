"""Random stacks of entries against exact compositing in float64: within one 8-bit step.

What is exact is in `tests/oracle.py`; here it is only said in which order, as entries have it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from engines.image_core import BlendMode
from engines.image_core.numbers import curves
from engines.image_core.planning.entries import (
    Adjust,
    ColorOp,
    Compose,
    Coverage,
    Entry,
    Layer,
    Matrix,
    Stack,
    Start,
    Table,
)
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import ONE, MaskRaster, Raster, Solid, Step
from engines.image_core.reference import evaluate, evaluate_step
from tests import oracle
from tests.oracle import Floats
from tests.parity.support import decoded_mask, noise

SIDE = 32
CASES = 400
_AT_ONCE = 50
DEEPEST = 4

STARTS: tuple[Start, ...] = ("nothing", "backdrop", "base", "replacement")

STEADY = [mode for mode in BlendMode if mode not in oracle.UNSTEADY]

OPS: tuple[tuple[ColorOp, Callable[[Floats], Floats]], ...] = (
    (Table(curves.brightness_table(1.25)), lambda color: oracle.brightness(color, 1.25)),
    (Table(curves.contrast_table(1.5)), lambda color: oracle.contrast(color, 1.5)),
    (Table(curves.gamma_table(0.7)), lambda color: oracle.gamma(color, 0.7)),
    (Table(curves.exposure_table(-0.5)), lambda color: oracle.exposure(color, -0.5)),
    (Matrix(curves.saturation_matrix(0.4)), lambda color: oracle.saturation(color, 0.4)),
    (Matrix(curves.saturation_matrix(1.5)), lambda color: oracle.saturation(color, 1.5)),
)
EXACT: Mapping[int, Callable[[Floats], Floats]] = {id(op): exact for op, exact in OPS}


class _Maker:
    """Makes the entries of one plan."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._seeds = iter(range(100 * seed, 100 * seed + 100000))

    def entries(self, count: int, depth: int = 0) -> tuple[Entry, ...]:
        return tuple(self._entry(depth) for _ in range(count))

    def _entry(self, depth: int) -> Entry:
        kind = self._random.random()
        mask = self._mask() if self._random.random() < 0.4 else None
        opacity = self._random.choice((ONE, ONE, 0, self._random.randint(1, ONE)))
        mode = self._random.choice((BlendMode.NORMAL, *STEADY))
        if kind < 0.4 and depth < DEEPEST:
            start: Start = self._random.choice(STARTS)
            inside = self.entries(self._random.randint(1, 4), depth + 1)
            return Stack(inside, start, self._random.random() < 0.3, mask, opacity, mode)
        if kind < 0.55:
            return Adjust(self._ops(), mask, opacity, mode)
        ops = self._ops() if self._random.random() < 0.3 else ()
        return Layer(self._image(), self._offset(), self._offset(), ops, mask, opacity, mode)

    def _image(self) -> Step:
        if self._random.random() < 0.2:
            red, green, blue, alpha = (self._random.randint(0, ONE) for _ in range(4))
            return Solid(SIDE, SIDE, (red, green, blue, alpha))
        return Raster(noise(next(self._seeds), SIDE, SIDE, opaque=self._random.random() < 0.4))

    def _mask(self) -> Coverage:
        values = np.random.default_rng(next(self._seeds)).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
        plane = MaskRaster(decoded_mask(values))
        return Coverage(plane, self._offset(), self._offset(), self._random.random() < 0.5)

    def _ops(self) -> tuple[ColorOp, ...]:
        return tuple(self._random.choice(OPS)[0] for _ in range(self._random.choice((1, 1, 2))))

    def _offset(self) -> int:
        return self._random.choice((0, 0, 0, -7, 9))


def _drawn(
    entries: tuple[Entry, ...], color: Floats, alpha: Floats, keep: bool = False, base: bool = False
) -> tuple[Floats, Floats]:
    """Entries over colour and alpha, exactly. keep: they keep its alpha, but the first if a base."""
    for index, entry in enumerate(entries):
        kept = keep and not (base and index == 0)
        color, alpha = _put(entry, color, alpha, kept)
    return color, alpha


def _put(entry: Entry, color: Floats, alpha: Floats, keep: bool) -> tuple[Floats, Floats]:
    share = _coverage(entry.mask) * (entry.opacity / ONE)
    match entry:
        case Adjust():
            return oracle.recolored(color, _adjusted(color, entry.color_ops), share, entry.blend.value), alpha
        case Stack(start="backdrop"):
            kept = keep or entry.keep_alpha
            after = _drawn(entry.entries, color, alpha, kept)
            if kept:
                return oracle.recolored(color, after[0], share, entry.blend.value), alpha
            return oracle.mixed_back(color, alpha, *after, share)
        case Stack(start="replacement"):
            after = _drawn(entry.entries, *_nothing(), entry.keep_alpha)
            if keep:
                return oracle.recolored(color, after[0], share, entry.blend.value), alpha
            return oracle.mixed_back(color, alpha, *after, share)
        case Stack():
            base = entry.start == "base"
            source, own = _drawn(entry.entries, *_nothing(), base or entry.keep_alpha, base)
        case Layer():
            source, own = _placed(entry)
    if keep:
        return oracle.recolored(color, source, own * share, entry.blend.value), alpha
    return oracle.composite(color, alpha, source, own * share, entry.blend.value)


def _nothing() -> tuple[Floats, Floats]:
    return np.zeros((SIDE, SIDE, 3)), np.zeros((SIDE, SIDE, 1))


def _placed(layer: Layer) -> tuple[Floats, Floats]:
    if isinstance(layer.image, Solid):
        pixels = np.broadcast_to(np.array(layer.image.color) / ONE, (SIDE, SIDE, 4))
    else:
        assert isinstance(layer.image, Raster)
        pixels = oracle.from8(layer.image.image.pixels)
    placed = _moved(pixels, layer.left, layer.top)
    return _adjusted(placed[..., :3], layer.color_ops), placed[..., 3:]


def _adjusted(color: Floats, ops: tuple[ColorOp, ...]) -> Floats:
    for op in ops:
        color = EXACT[id(op)](color)
    return color


def _coverage(mask: Coverage | None) -> Floats:
    """Of the canvas: 0 beyond the mask's plane, also where it is inverted."""
    if mask is None:
        return np.ones((SIDE, SIDE, 1))
    assert isinstance(mask.plane, MaskRaster)
    values = oracle.from8(mask.plane.mask.pixels)[..., None]
    return _moved(1 - values if mask.inverted else values, mask.left, mask.top)


def _moved(values: Floats, left: int, top: int) -> Floats:
    """Values of the canvas's size moved on it, with 0 where none come from."""
    out = np.zeros_like(values)
    height, width = values.shape[:2]
    rows, columns = slice(max(top, 0), height + min(top, 0)), slice(max(left, 0), width + min(left, 0))
    out[rows, columns] = values[
        rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
    ]
    return out


def _canvas(seed: int) -> Compose:
    rng = random.Random(seed)
    background = rng.choice([(0, 0, 0, 0), (9000, 20000, 30000, ONE), (30000, 5000, 0, 17000)])
    return Compose(SIDE, SIDE, background, _Maker(seed).entries(rng.randint(1, 4)))


def _exact(canvas: Compose) -> tuple[Floats, Floats]:
    background = np.broadcast_to(np.array(canvas.background) / ONE, (SIDE, SIDE, 4))
    return _drawn(canvas.entries, background[..., :3], background[..., 3:])


@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_entries_are_within_an_8_bit_step_of_exact_compositing(first: int) -> None:
    """Every channel within 0.55 of a step, half of which is the last rounding: alpha everywhere, colour where
    alpha is 16 or more of 255. Below that colour counts by its alpha: within one step, premultiplied."""
    for seed in range(first, first + _AT_ONCE):
        canvas = _canvas(seed)
        actual = evaluate(Plan(canvas, ""))
        color, alpha = _exact(canvas)
        assert np.abs(actual[..., 3:] - oracle.to8(alpha)).max() <= 0.55, seed
        apart = np.abs(actual[..., :3] - oracle.to8(color))
        assert apart[actual[..., 3] >= 16].max(initial=0) <= 0.55, seed
        premultiplied = actual[..., :3] * (actual[..., 3:] / 255)
        assert np.abs(premultiplied - oracle.to8(color * alpha)).max() <= 1, seed


@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_before_the_last_rounding_entries_are_within_8_steps_of_15_bits(first: int) -> None:
    """A sixteenth of an 8-bit step, premultiplied: what all roundings on the way come to."""
    for seed in range(first, first + _AT_ONCE):
        canvas = _canvas(seed)
        channels = evaluate_step(canvas).astype(np.float64).transpose(1, 2, 0)
        color, alpha = _exact(canvas)
        assert np.abs(channels[..., 3:] - alpha * ONE).max() <= 8, seed
        premultiplied = channels[..., :3] * (channels[..., 3:] / ONE)
        assert np.abs(premultiplied - color * alpha * ONE).max() <= 8, seed


def test_the_stacks_have_every_kind_of_entry() -> None:
    """Each start with and without keeping alpha, masks inverted or not, steady modes, stacks four deep."""
    seen: set[object] = set()
    for seed in range(CASES):
        waiting = list(_canvas(seed).entries)
        while waiting:
            entry = waiting.pop()
            seen.add((type(entry), entry.blend))
            seen.add((type(entry), entry.mask is not None and entry.mask.inverted))
            if isinstance(entry, Stack):
                seen |= {(entry.start, entry.keep_alpha), entry.depth}
                waiting += entry.entries
    starts = {(start, keep) for start in STARTS for keep in (True, False)}
    kinds = {(kind, part) for kind in (Layer, Adjust, Stack) for part in (*STEADY, True, False)}
    assert seen >= starts | kinds | {1, 2, 3, 4}
