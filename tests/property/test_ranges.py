"""No intermediate of the reference leaves the type it has: every operation is repeated in 64 bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engines.image_core import BlendMode, ImageComposition, Renderer, SourceError
from engines.image_core.numbers import fixed
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.planner import Plan, Sources, make_plan
from engines.image_core.reference import components, composite, evaluate, hues, parts, pixels
from engines.image_core.reference.blur import convolve
from engines.image_core.rendering.rendered import Planned
from tests.adjustments import TYPED
from tests.fuzz.differential import TOO_LARGE
from tests.fuzz.plans import random_plan
from tests.fuzz.trees import NoiseMasks, random_composition
from tests.parity.support import ANY_SOURCE, composed, decoded, numbered
from tests.ranged import OutOfRangeError, Ranged, ranged_plan, ranged_reference

CASES = 200
_AT_ONCE = 20
ENDS = (0, 1, 100, 127, 128, 200, 254, 255)


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Renderer]:
    """The reference, every operation of which is checked; it keeps no layer of an unchecked one."""
    ranged_reference(monkeypatch)
    with Renderer("numpy", cache_bytes=0) as renderer:
        yield renderer


def _drawn(renderer: Renderer, composition: ImageComposition, plan: Plan) -> np.ndarray[Any, Any]:
    return renderer.draw(Planned(composition, ranged_plan(plan), {})).pixels


@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_nothing_overflows_in_random_compositions(
    renderer: Renderer, numpy_renderer: Renderer, first: int
) -> None:
    """And the pixels are those of the reference as it is."""
    for seed in range(first, first + _AT_ONCE):
        composition = random_composition(seed)
        store = NoiseMasks(composition)
        expected = numpy_renderer.render_many([composition], store=store)
        try:
            plan = renderer.plan(composition, store).plan
        except SourceError as error:
            if TOO_LARGE not in str(error):
                raise
            continue
        assert np.array_equal(_drawn(renderer, composition, plan), next(expected).pixels)


@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_nothing_overflows_in_random_plans(monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    """And no division has arguments that it is not exact for: 0 <= a <= b < 2 ONE - 1."""

    def divide(a: Any, b: Any) -> Any:
        assert (np.asarray(a) >= 0).all()
        assert (np.asarray(a) <= b).all()
        assert (np.asarray(b) < 2 * fixed.ONE - 1).all()
        return fixed.divide(a, b)

    ranged_reference(monkeypatch)
    for module in (composite, pixels):
        monkeypatch.setattr(module, "divide", divide)
    for seed in range(first, first + _AT_ONCE):
        plan = ranged_plan(random_plan(seed))
        assert evaluate(plan).size


def _extreme(kind: str, side: int = 67) -> DecodedImage:
    """Pictures at the ends of what a channel can hold."""
    pixels = np.zeros((side, side, 4), np.uint8)
    pixels[..., 3] = 255
    if kind == "white":
        pixels[:] = 255
    elif kind == "checks":
        pixels[::2, 1::2] = 255
        pixels[1::2, ::2] = 255
    elif kind == "stripes":
        pixels[:, ::2] = 255
    elif kind == "faint":
        pixels[:] = (255, 0, 255, 1)
    return decoded(pixels)


_LAYERS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "the widest blur": {"filters": [{"type": "blur", "radius": 250}]},
    "the widest direct blur": {"filters": [{"type": "blur", "radius": 15.99}]},
    "the strongest sharpening": {"filters": [{"type": "sharpen", "radius": 250, "amount": 5}]},
    "sharpened twice": {"filters": [{"type": "sharpen", "radius": 1, "amount": 5}] * 2},
    "the most of every adjustment": {
        "adjustments": {"exposure": 10, "brightness": 4, "contrast": 4, "saturation": 4, "sharpness": 4}
    },
    "the least of every adjustment": {
        "adjustments": {"exposure": -10, "brightness": 0, "contrast": 0, "saturation": 0, "sharpness": 0}
    },
    "saturation alone": {"adjustments": {"saturation": 4}},
    "far reduced": {"transform": {"scale": 0.02, "x": 3.3}},
    "enlarged": {"transform": {"scale": 1000.0, "x": -20000.5, "y": -31000}},
    "turned": {"transform": {"rotation": 33, "scale": 2.5, "x": 30}},
    "turned and reduced": {"transform": {"rotation": 45, "scale": 0.07, "x": 30, "y": 30}},
    "at the end of the coordinates": {"transform": {"rotation": 1, "x": 15000, "y": -15000}},
}


@pytest.mark.parametrize("kind", ["white", "black", "checks", "stripes", "faint"])
@pytest.mark.parametrize("layer", _LAYERS.values(), ids=list(_LAYERS))
def test_nothing_overflows_at_the_ends_of_what_is_allowed(
    renderer: Renderer, layer: dict[str, Any], kind: str
) -> None:
    """Black, white and what alternates between them, under the widest and strongest steps, in every mode."""
    image = _extreme(kind)
    layers = [
        {"type": "raster", "source": ANY_SOURCE, **layer, "blend_mode": mode.value, "opacity": 0.999}
        for mode in BlendMode
    ]
    composition = composed(71, 59, layers, "#ff00ff80")
    plan = make_plan(composition, Sources(numbered(*[image] * len(layers)), {}))
    assert _drawn(renderer, composition, plan).shape == (59, 71, 4)


@pytest.mark.parametrize("kind", TYPED)
def test_nothing_overflows_in_adjustments(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """At all settings, on colours at the ends and between; divisions have what they are exact for."""

    def divide(a: Any, b: Any) -> Any:
        assert (np.asarray(a) >= 0).all()
        assert (np.asarray(a) <= b).all()
        assert (np.asarray(b) < 2 * fixed.ONE - 1).all()
        return fixed.divide(a, b)

    def ratio(a: Any, b: Any, out: Any = None) -> Any:
        assert all(((np.asarray(part) >= 0) & (np.asarray(part) <= fixed.ONE)).all() for part in (a, b))
        return parts.ratio(a, b, out)

    monkeypatch.setattr(hues, "divide", divide)
    monkeypatch.setattr(components, "ratio", ratio)
    corners = np.array([(r, g, b, 255) for r in ENDS for g in ENDS for b in ENDS], np.uint8)
    image = decoded(corners.reshape(len(ENDS), -1, 4))
    for fields in TYPED[kind]:
        layer = {"type": "raster", "source": ANY_SOURCE, "filters": [{"type": kind, **fields}]}
        composition = composed(image.width, image.height, [layer])
        plan = make_plan(composition, Sources(numbered(image), {}))
        assert _drawn(renderer, composition, plan).size


def test_a_long_reduction_of_a_large_white_picture_fits(renderer: Renderer) -> None:
    """The most taps a weighted sum can have: 4099 pixels into one."""
    image = decoded(np.full((4099, 3, 4), 255, np.uint8))
    layer = {"type": "raster", "source": ANY_SOURCE, "transform": {"scale": 1 / 4099, "scale_y": 1 / 4099}}
    composition = composed(3, 3, [layer])
    plan = make_plan(composition, Sources(numbered(image), {}))
    assert _drawn(renderer, composition, plan).shape == (3, 3, 4)


@pytest.mark.parametrize(
    "overflowing",
    [
        lambda a: fixed.mul(a, a),
        lambda a: fixed.lerp(a, -a, a),
        lambda a: fixed.divide(a, a),
        lambda a: np.einsum("k,k->", a, a),
        lambda a: a[None].sum(axis=1, dtype=np.int32) * np.int32(1 << 14),
        lambda a: convolve(a.astype(np.uint32), np.array([1 << 16, 1 << 16], np.uint32), 0),
        lambda a: np.pad(a, 2)[2:-2] * a,
        lambda a: np.full(a.shape, 5, np.int32) * a * a,
    ],
)
def test_an_overflow_is_seen(overflowing: Any) -> None:
    """2^17 is too much for every product of two; the reference as it is would wrap it in silence."""
    wide = np.full(9, 1 << 17, np.int32)
    with np.errstate(all="ignore"):
        overflowing(wide)
        with pytest.raises(OutOfRangeError, match="does not fit"):
            overflowing(wide.view(Ranged))


def test_what_fits_is_what_the_reference_computes() -> None:
    """To the last value that does."""
    most = np.array([0, 1, fixed.ONE, 46340], np.int32)
    assert np.array_equal(fixed.mul(most.view(Ranged), most), fixed.mul(most, most))
