"""What newer blend modes and groups that are passed through cost, beside the same layers without them."""

from __future__ import annotations

from typing import Any

from engines.image_core.backend import Backend
from engines.image_core.models import BlendMode, LayerPath
from tests.bench.contenders import Ours
from tests.bench.stacks import FADED, MIXED, Kind, Photo, make_stack, planned
from tests.bench.timing import Samples, race

__all__ = ["newer_modes", "passed_through"]

FIVES: dict[str, tuple[BlendMode, ...]] = {
    "five of the first modes": MIXED,
    "five newer modes": (
        BlendMode.COLOR_BURN,
        BlendMode.COLOR_DODGE,
        BlendMode.SOFT_LIGHT,
        BlendMode.DIFFERENCE,
        BlendMode.LUMINOSITY,
    ),
    "the five dearest modes": (
        BlendMode.SOFT_LIGHT,
        BlendMode.COLOR_DODGE,
        BlendMode.VIVID_LIGHT,
        BlendMode.HUE,
        BlendMode.LUMINOSITY,
    ),
}
"""The newer ones are one of each kind: that darken, lighten, heighten contrast, compare, and look at all
three channels at once; with NumPy they cost a little more than five newer ones on average. Of the dearest,
hue divides five times, and vivid-light is color-burn and color-dodge in one."""

GROUPS: dict[str, dict[str, Any]] = {
    "passed through": {},
    "passed through at opacity 0.8": {"opacity": FADED},
}
"""Groups by what they have beside their layers."""


def newer_modes(backend: Backend, kind: Kind, rounds: int) -> dict[str, Samples]:
    """Five layers in five of the first modes and in five newer ones, each five over a photograph: the lowest
    layer of all blends with nothing, whatever its mode."""
    ours = Ours(backend)
    stacks = {name: make_stack(kind, 6, (BlendMode.NORMAL, *five)) for name, five in FIVES.items()}
    return race({name: ours.prepare(stack) for name, stack in stacks.items()}, rounds, alike=False)


def passed_through(backend: Backend, rounds: int) -> dict[str, Samples]:
    """Three layers over a photograph, as they are and in a group that is passed through; a faded group's
    picture is another one."""
    ours = Ours(backend)
    stack = make_stack("cut-outs", 4)
    below, *above = stack.photos
    jobs = {"no group": ours.prepare(stack)}
    layers = [photo.layer() for photo in above]
    photos: dict[LayerPath, Photo] = {(0,): below} | {(1, index): photo for index, photo in enumerate(above)}
    for name, more in GROUPS.items():
        group = {"type": "group", "blend_mode": "pass-through", "layers": layers, **more}
        jobs[name] = ours.draw(planned(stack.size, [below.layer(), group], photos))
    return race(jobs, rounds)
