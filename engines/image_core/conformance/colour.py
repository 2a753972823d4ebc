"""Cases of what is done pixel by pixel: blend modes, alpha, adjustments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.adjusting import adjustments_by_type
from engines.image_core.conformance.case import LATER_MODES, MODES, Case, case
from engines.image_core.conformance.pictures import alphas, noise, ramp, raster

__all__ = ["adjustments", "alpha", "blend"]

_SMALL = (61, 47)


def _noise(name: str) -> dict[str, Any]:
    return noise(name, *_SMALL)


def blend() -> Iterator[Case]:
    """Each mode alone and with others."""
    for mode in MODES:
        yield from _alone(mode)
    for mode in MODES:
        mixed = [
            raster(_noise(f"layer {n}"), blend_mode=MODES[(n + MODES.index(mode)) % len(MODES)])
            for n in range(4)
        ]
        yield case(f"blend/mixed-from-{mode}", _SMALL, mixed)
    for later in LATER_MODES:
        cases = [*_alone(later.value), _among(later.value)]
        yield from (replace(one, suite=later.facts.suite) for one in cases)


def _alone(mode: str) -> Iterator[Case]:
    """All pairs of opaque values, translucent on translucent, and deep in a stack."""
    pairs = [raster(ramp(down=False)), raster(ramp(down=True), blend_mode=mode)]
    yield case(f"blend/{mode}-pairs", (256, 256), pairs, self_test=mode == "overlay")
    over = [raster(_noise("backdrop")), raster(_noise("source"), blend_mode=mode, opacity=0.63)]
    yield case(f"blend/{mode}-translucent", _SMALL, over, background="#20806040")
    yield case(f"blend/{mode}-on-nothing", _SMALL, [raster(_noise("source"), blend_mode=mode)])
    # More layers than one pass takes: the backdrop between passes has 15 bits.
    deep = [raster(_noise(f"layer {n % 3}"), blend_mode=mode, opacity=(n + 1) / 16) for n in range(15)]
    yield case(f"blend/{mode}-fifteen-deep", _SMALL, deep, background="#9f5f3f")


def _among(mode: str) -> Case:
    """Between and above modes of the first suite."""
    modes = ("normal", mode, "screen", mode)
    layers = [raster(_noise(f"layer {n}"), blend_mode=one) for n, one in enumerate(modes)]
    return case(f"blend/{mode}-among-others", _SMALL, layers)


def alpha() -> Iterator[Case]:
    """All pairs of alphas; opacities; backgrounds; stacks of one layer to fifty."""
    yield from (_grid(mode) for mode in MODES)
    for opacity in (0, 1 / 65536, 1 / 32768, 1 / 255, 0.25, 0.5, 0.75, 254.5 / 255, 1):
        layers = [raster(noise("opaque", *_SMALL, opaque=True)), raster(_noise("source"), opacity=opacity)]
        yield case(f"alpha/opacity-{opacity:.6f}", _SMALL, layers)
    for background in ("#00000000", "#ffffff01", "#10203080", "#102030fe", "#102030"):
        yield case(f"alpha/on-{background[1:]}", _SMALL, [raster(_noise("source"))], background=background)
    for count in (1, 2, 5, 6, 7, 12, 13, 50):
        stack = [raster(_noise(f"layer {n % 5}"), opacity=0.5 + n / 128) for n in range(count)]
        yield case(f"alpha/stack-of-{count}", _SMALL, stack)
    for width, height in ((1, 1), (1, 257), (257, 1), (127, 3)):
        picture = raster(noise("odd", width, height), opacity=0.7)
        yield case(f"alpha/canvas-{width}x{height}", (width, height), [picture, picture])
    yield from (replace(_grid(later.value), suite=later.facts.suite) for later in LATER_MODES)


def _grid(mode: str) -> Case:
    below, above = alphas((250, 120, 3), down=False), alphas((9, 77, 201), down=True)
    return case(f"alpha/{mode}-grid", (256, 256), [raster(below), raster(above, blend_mode=mode)])


_SETTINGS: dict[str, tuple[float, ...]] = {
    "exposure": (-10, -1, -0.25, 0.3, 1, 10),
    "brightness": (0, 0.5, 1.37, 4),
    "contrast": (0, 0.5, 1.5, 4),
    "saturation": (0, 0.5, 1.5, 4),
    "gamma": (0.1, 0.45, 2.2, 10),
    "sharpness": (0, 0.5, 2, 4),
}


def adjustments() -> Iterator[Case]:
    """Each adjustment over its range; all of them at once, on a picture, faded, on groups."""
    for name, values in _SETTINGS.items():
        for value in values:
            layers = [raster(ramp(down=False)), raster(_noise("source"), transform={"x": 20, "y": 11})]
            changed = [layer | {"adjustments": {name: value}} for layer in layers]
            yield case(f"adjustments/{name}-{value:g}", (256, 64), changed)
    every = {name: values[-2] for name, values in _SETTINGS.items()}
    pointwise = {name: value for name, value in every.items() if name != "sharpness"}
    source = _noise("source")
    yield case("adjustments/all", _SMALL, [raster(source, adjustments=every)], self_test=True)
    yield case(
        "adjustments/all-pointwise-faded", _SMALL, [raster(source, adjustments=pointwise, opacity=0.4)]
    )
    group = {"type": "group", "layers": [raster(source), raster(_noise("other"), blend_mode="screen")]}
    yield case("adjustments/all-of-a-group", _SMALL, [group | {"adjustments": every}], background="#335577")
    nested = {"type": "group", "layers": [group | {"adjustments": pointwise}], "adjustments": every}
    yield case("adjustments/all-of-nested-groups", _SMALL, [nested])
    yield from adjustments_by_type()
