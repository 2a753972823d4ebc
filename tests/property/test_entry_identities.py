"""What stacks of entries are equal to, byte for byte: other ways to say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import BlendMode
from engines.image_core.numbers.fixed import to8, to15
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.kernels import gaussian_kernel, resampling_taps
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.entries import Adjust, Compose, Coverage, Entry, Layer, Stack
from engines.image_core.planning.filtering import blurred
from engines.image_core.planning.masks import feathered
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.planes import Map
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import ONE, Blur, MaskRaster, Raster, Resample, Step, Warp
from engines.image_core.reference import evaluate, evaluate_step
from tests.fuzz.plans import random_plan
from tests.parity.support import decoded, decoded_mask, noise

SEEDS = range(1000, 1040)
"""Those of the plans that each identity is looked at in."""

Way = Callable[[tuple[Entry, ...]], tuple[Entry, ...]]


def _canvas(seed: int) -> Compose:
    """A random canvas of 16 bits with entries. None has a knockout, for what that cuts out depends on its
    stack; and in 8 bits a stack of one rounds once more."""
    canvas = random_plan(seed).root
    entries = canvas.entries or (Layer(Raster(noise(seed, 9, 9)), 0, 0),)
    entries = tuple(map(_whole, entries))
    entries = entries * 2 if len(entries) == 1 else entries
    return replace(canvas, entries=entries, bit_depth=16)


def _whole(entry: Entry) -> Entry:
    """The entry, and those in it, without a knockout."""
    if isinstance(entry, Stack):
        entry = replace(entry, entries=tuple(map(_whole, entry.entries)))
    if entry.options is None or entry.options.knockout == "none":
        return entry
    return replace(entry, options=replace(entry.options, knockout="none", fill=ONE))


def _pixels(canvas: Compose, entries: tuple[Entry, ...]) -> NDArray[np.uint8]:
    return evaluate(Plan(replace(canvas, entries=entries), ""))


def _same(seed: int, one: Way, other: Way) -> None:
    """Fail unless two ways to put the upper half of a canvas's entries give the same over the lower half,
    over nothing, and where they keep the alpha of the lower half."""
    canvas = _canvas(seed)
    half = len(canvas.entries) // 2
    lower, upper = canvas.entries[:half], canvas.entries[half:]
    clear = replace(canvas, background=(0, 0, 0, 0))
    for below, onto in ((lower, canvas), ((), clear)):
        assert np.array_equal(_pixels(onto, (*below, *one(upper))), _pixels(onto, (*below, *other(upper))))
    kept = [Stack(way(upper), "backdrop", keep_alpha=True) for way in (one, other)]
    expected, actual = (_pixels(canvas, (*lower, stack)) for stack in kept)
    assert np.array_equal(expected, actual)


def _full(seed: int, value: int) -> Coverage:
    """A mask of one value that reaches beyond every canvas."""
    values = np.full((100, 100), value, np.uint8)
    return Coverage(MaskRaster(decoded_mask(values)), -1 - seed % 9, -3)


def _coverage(seed: int, *, inverted: bool = False) -> Coverage:
    values = np.random.default_rng(seed).integers(0, 256, (60, 50), dtype=np.uint8)
    return Coverage(MaskRaster(decoded_mask(values)), seed % 7 - 3, seed % 5, inverted)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stack_that_is_passed_through_whole_is_its_entries_in_place(seed: int) -> None:
    """With neither mask nor opacity."""
    _same(seed, lambda entries: (Stack(entries, "backdrop"),), lambda entries: entries)


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_mask_of_one_changes_nothing_of_a_stack_that_is_passed_through(seed: int, keep: bool) -> None:
    """Although it is put together apart then and mixed back."""
    _same(
        seed,
        lambda entries: (Stack(entries, "backdrop", keep, mask=_full(seed, 255)),),
        lambda entries: (Stack(entries, "backdrop", keep),),
    )


@pytest.mark.parametrize("start", ["nothing", "backdrop", "base", "replacement"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_stack_of_opacity_0_or_under_a_mask_of_0_leaves_the_backdrop(seed: int, start: str) -> None:
    """To the bit, whatever is in it."""
    hidden: tuple[dict[str, object], ...] = (
        {"opacity": 0},
        {"mask": _full(seed, 0)},
        {"mask": replace(_full(seed, 255), inverted=True)},
    )
    for fields in hidden:
        _same(seed, lambda entries, fields=fields: (Stack(entries, start, **fields),), lambda _: ())  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_whole_replacement_is_its_entries_over_nothing(seed: int) -> None:
    """Whatever it takes the place of, the background included; what it hides is not taken for seen."""
    canvas = _canvas(seed)
    replaced = (*canvas.entries, Stack(canvas.entries, "replacement"))
    clear = replace(canvas, background=(0, 0, 0, 0))
    assert np.array_equal(_pixels(canvas, replaced), _pixels(clear, canvas.entries))
    opaque = replace(canvas, background=(0, 0, 0, ONE))
    assert not replace(opaque, entries=replaced).opaque
    assert not replace(opaque, entries=(Stack(replaced, "backdrop"),)).opaque


@pytest.mark.parametrize("seed", SEEDS)
def test_an_isolated_stack_of_one_plain_layer_is_that_layer(seed: int) -> None:
    """The stack's mask, opacity and mode are then the layer's; and where those of the stack are plain, its
    layer may have a mask and an opacity."""
    image = Raster(noise(seed, 30, 20))
    mode, mask = list(BlendMode)[seed % len(BlendMode)], _coverage(seed)
    layer = Layer(image, 3, -2)
    _same(
        seed,
        lambda entries: (*entries, Stack((layer,), mask=mask, opacity=20000, blend=mode)),
        lambda entries: (*entries, replace(layer, mask=mask, opacity=20000, blend=mode)),
    )
    masked = replace(layer, mask=mask, opacity=20000)
    _same(
        seed,
        lambda entries: (*entries, Stack((masked,), blend=mode)),
        lambda entries: (*entries, replace(masked, blend=mode)),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_what_keeps_alpha_changes_none(seed: int) -> None:
    """Whatever is in a stack that keeps it, and however it is masked and faded; and no Adjust does."""
    canvas = _canvas(seed)
    half = len(canvas.entries) // 2
    before = evaluate_step(replace(canvas, entries=canvas.entries[:half]))[3]
    for opacity, mask in ((ONE, None), (20000, None), (ONE, _coverage(seed, inverted=True))):
        stack = Stack(canvas.entries[half:], "backdrop", keep_alpha=True, opacity=opacity, mask=mask)
        after = evaluate_step(replace(canvas, entries=(*canvas.entries[:half], stack)))[3]
        assert np.array_equal(before, after)
    adjust = Adjust((), opacity=9000, blend=BlendMode.MULTIPLY)
    after = evaluate_step(replace(canvas, entries=(*canvas.entries[:half], adjust)))[3]
    assert np.array_equal(before, after)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_alpha_of_what_is_clipped_to_a_base_is_the_base_s(seed: int) -> None:
    """Whether or not the stack says that it keeps alpha."""
    canvas = replace(_canvas(seed), background=(0, 0, 0, 0))
    base, *_ = canvas.entries
    alone = evaluate_step(replace(canvas, entries=(base,)))[3]
    for keep in (False, True):
        stack = Stack(canvas.entries, "base", keep)
        assert np.array_equal(evaluate_step(replace(canvas, entries=(stack,)))[3], alone)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_adjustment_of_nothing_changes_nothing(seed: int) -> None:
    """In normal mode, with any mask and opacity."""
    adjusts = (Adjust(()), Adjust((), opacity=9000), Adjust((), _coverage(seed, inverted=True), 30000))
    for adjust in adjusts:
        _same(seed, lambda entries, adjust=adjust: (*entries, adjust), lambda entries: entries)  # type: ignore[misc]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_an_isolated_stack_is_its_entries_composed_to_an_image(seed: int, keep: bool) -> None:
    """Which is then a layer, with any mask, opacity and mode."""
    canvas = _canvas(seed)
    mode = list(BlendMode)[seed % len(BlendMode)]
    mask = _coverage(seed, inverted=True) if seed % 3 else None
    opacity = (ONE, 20000, 1)[seed % 3]

    def composed(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        if keep:
            entries = (Stack(entries, "backdrop", keep_alpha=True),)
        image = Compose(canvas.width, canvas.height, (0, 0, 0, 0), entries)
        return (Layer(image, 0, 0, mask=mask, opacity=opacity, blend=mode),)

    _same(
        seed,
        lambda entries: (Stack(entries, "nothing", keep, mask, opacity, mode),),
        composed,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_inverted_coverage_is_that_of_the_plane_taken_from_one(seed: int) -> None:
    """A plane that is looked up in the falling table shows the same, and neither shows beyond the plane."""
    falling = (ONE - np.arange(ONE + 1)).astype(np.uint16)
    inverted = _coverage(seed, inverted=True)
    looked_up = replace(inverted, plane=Map(inverted.plane, falling), inverted=False)
    for start in ("nothing", "backdrop"):
        _same(
            seed,
            lambda entries, start=start: (Stack(entries, start, mask=inverted),),  # type: ignore[misc]
            lambda entries, start=start: (Stack(entries, start, mask=looked_up),),  # type: ignore[misc]
        )


def _steps_of(source: Step, seed: int) -> list[Step]:
    """What can be made of a plane and of an image alike."""
    rng = np.random.default_rng(seed)
    slopes = rng.integers(-90000, 90000, 4).astype(np.int32)
    steps = np.arange(33, dtype=np.int32)
    made: list[Step] = [Blur(45, 30, source, gaussian_kernel(sigma), -3, 2) for sigma in (0.4, 3.0, 12.0)]
    made.append(Warp(source, *(steps * slope for slope in slopes)))
    for scale in (Fraction(1, 3), Fraction(7, 5), Fraction(-2)):
        for edges in (None, (Fraction(1, 2), Fraction(12))):
            ends = Fraction(source.height if scale < 0 else 0), Fraction(source.width if scale < 0 else 0)
            rows = resampling_taps(0, 11, scale, ends[0], source.height, edges)
            columns = resampling_taps(0, 14, scale, ends[1], source.width, edges)
            made.append(Resample(source, rows, columns))
    return made


@pytest.mark.parametrize("kind", ["random", "checks", "whole"])
@pytest.mark.parametrize("seed", range(8))
def test_a_plane_is_treated_as_the_alpha_of_an_image(seed: int, kind: str) -> None:
    """Blurred, turned and resampled; one that is whole as that of an opaque image, which has a way of its
    own."""
    values = np.random.default_rng(seed).integers(0, 256, (25, 40), dtype=np.uint8)
    if kind == "checks":
        values = (values > 127) * np.uint8(255)
    elif kind == "whole":
        values[:] = 255
    pixels = noise(seed, 25, 40).pixels.copy()
    pixels[..., 3] = values
    planes = _steps_of(MaskRaster(decoded_mask(values)), seed)
    images = _steps_of(Raster(decoded(pixels)), seed)
    for plane, image in zip(planes, images, strict=True):
        alpha = evaluate_step(image)[3]
        assert np.array_equal(evaluate_step(plane), alpha), type(plane).__name__


@pytest.mark.parametrize("sigma", [0.4, 3.0, 15.9, 17.0, 70.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_feathered_mask_is_the_blurred_alpha_rounded_to_8_bits(seed: int, sigma: float) -> None:
    """That of an image in the mask's place, cropped to the canvas, which it reaches beyond."""
    canvas = Rect(0, 0, 40, 30)
    values = np.random.default_rng(seed).integers(0, 256, (90, 120), dtype=np.uint8)
    mask = DecodedMask(values, f"feathered {seed}", x=-35, y=-31)
    pixels = np.dstack([np.full((90, 120, 3), 90, np.uint8), values])
    picture = blurred(Placed(Raster(decoded(pixels)), mask.x, mask.y), sigma, canvas)
    feather = feathered(Placed(MaskRaster(mask), mask.x, mask.y), sigma, canvas)
    assert picture is not None
    assert feather.area == picture.area == canvas
    rounded = to8(evaluate_step(picture.image)[3].astype(np.int32))
    assert np.array_equal(evaluate_step(feather.image), to15(rounded))
