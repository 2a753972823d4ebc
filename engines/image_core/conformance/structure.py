"""Cases of what layers are in: masks, groups, clipped runs, groups that are passed through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.linked import linked_masks
from engines.image_core.conformance.pictures import noise, raster

__all__ = ["groups", "masks", "stacks"]

_CANVAS = (97, 71)

_SELECTIONS: dict[str, dict[str, Any]] = {
    "rect": {"type": "rect", "points": [[10.25, 7.5], [80.75, 60]]},
    "ellipse": {"type": "ellipse", "points": [[5, 5], [90.5, 66.25]]},
    "polygon": {"type": "polygon", "points": [[48, 2], [95, 68.5], [1.5, 30], [96, 31], [4, 69]]},
    "lasso": {"type": "lasso", "points": [[3, 3], [60.5, 9], [90, 50.25], [20, 65], [40, 30]]},
    "brush": {
        "type": "brush",
        "strokes": [
            {"points": [[10, 10], [50, 60.5], [90, 12]], "width": 9.5, "opacity": 0.6},
            {"points": [[70, 50]], "width": 30},
        ],
    },
}


def _picture(name: str = "picture", **fields: Any) -> dict[str, Any]:
    return raster(noise(name, *_CANVAS), **fields)


def masks() -> Iterator[Case]:
    """Every kind of selection, sharp and feathered, as it is and inverted; on groups, faded, in a mode;
    several together; linked."""
    for name, selection in _SELECTIONS.items():
        for feather in (0, 0.7, 5, 40):
            for inverted in (False, True):
                chosen = selection | {"feather_radius": feather, "inverted": inverted}
                layers = [_picture(), _picture("masked", mask={"selection": chosen})]
                label = f"masks/{name}-{feather:g}{'-inverted' if inverted else ''}"
                yield case(label, _CANVAS, layers, background="#c0d0e0")
    mask = {"selection": _SELECTIONS["ellipse"] | {"feather_radius": 3}, "inverted": True}
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    masked = _picture("masked", mask=mask, opacity=0.77, blend_mode="multiply")
    yield case("masks/faded-and-multiplied", _CANVAS, [opaque, masked], self_test=True)
    group = {"type": "group", "layers": [_picture(), _picture("masked")], "mask": mask}
    yield case("masks/group", _CANVAS, [opaque, group])
    inside = {"type": "group", "layers": [masked], "mask": {"selection": _SELECTIONS["polygon"]}}
    yield case("masks/masked-in-a-masked-group", _CANVAS, [opaque, inside])
    blurred = masked | {"filters": [{"type": "blur", "radius": 4}], "transform": {"rotation": 10}}
    yield case("masks/stays-while-the-layer-turns", _CANVAS, [opaque, blurred])

    for name, fields in _masks_together().items():
        layers = [opaque, _picture("masked", blend_mode="screen", **fields)]
        yield replace(case(f"masks/{name}", _CANVAS, layers), suite=2)
    for name, layers in linked_masks(_SELECTIONS).items():
        yield replace(case(f"masks/{name}", _CANVAS, layers, background="#c0d0e0a0"), suite=2)


def _masks_together() -> dict[str, dict[str, Any]]:
    ellipse, polygon = {"selection": _SELECTIONS["ellipse"]}, {"selection": _SELECTIONS["polygon"]}
    star = {"type": "path", "d": "M48 2L80 68L4 26H92L16 68Z", "fill": "#ffffff80"}
    shapes = {
        "vector": [star, {"type": "ellipse", "cx": 30, "cy": 30, "rx": 20, "ry": 9.5, "fill": "#000000"}]
    }
    return {
        "thin": {"mask": ellipse | {"density": 0.6}},
        "thin-and-inverted": {"mask": ellipse | {"density": 0.25, "inverted": True}},
        "feathered": {"mask": shapes | {"feather_radius": 4.5}},
        "shapes": {"mask": shapes},
        "shapes-inverted": {"mask": shapes | {"inverted": True}},
        "two": {"masks": [ellipse | {"feather_radius": 3}, shapes | {"density": 0.9}]},
        "four": {"masks": [ellipse, polygon | {"inverted": True}, shapes, polygon | {"density": 0.1}]},
    }


def groups() -> Iterator[Case]:
    """Isolation, opacity and modes of groups; groups in groups; what is hidden; groups that are filtered."""
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    inside = [_picture("a", blend_mode="multiply"), _picture("b", blend_mode="add", opacity=0.6)]
    for mode in ("normal", "multiply", "screen", "overlay", "add"):
        group = {"type": "group", "layers": inside, "blend_mode": mode, "opacity": 0.8}
        yield case(f"groups/{mode}", _CANVAS, [opaque, group])
    for depth in (2, 4, 16, 32):
        nested: dict[str, Any] = _picture("a")
        for inner in range(depth):
            nested = {
                "type": "group",
                "layers": [nested, _picture("b", opacity=0.1)],
                "opacity": 1 - inner / 64,
            }
        yield case(f"groups/nested-{depth}", _CANVAS, [opaque, nested])
    hidden = [_picture("a"), _picture("b", visible=False), {"type": "group", "layers": [], "opacity": 0.5}]
    yield case("groups/hidden-and-empty", _CANVAS, hidden)
    filtered = {"type": "group", "layers": inside, "filters": [{"type": "blur", "radius": 2}]}
    busy = filtered | {"adjustments": {"contrast": 1.4, "saturation": 0.3}, "transform": {"rotation": -8}}
    yield case("groups/filtered-adjusted-and-turned", _CANVAS, [opaque, busy], self_test=True)
    many = {"type": "group", "layers": [_picture(f"{n % 4}", opacity=0.3) for n in range(9)]}
    yield case("groups/of-nine", _CANVAS, [many, many | {"opacity": 0.5, "transform": {"x": 9.5}}])


def stacks() -> Iterator[Case]:
    """Runs of clipped layers, groups that are passed through, adjustment layers; in one another."""
    for name, layers in _stacks().items():
        yield replace(case(f"stacks/{name}", _CANVAS, layers, background="#c0d0e080"), suite=2)


def _stacks() -> dict[str, list[dict[str, Any]]]:
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    invert: dict[str, Any] = {"type": "adjustment", "adjust": {"type": "invert"}}
    mask = {"selection": _SELECTIONS["ellipse"] | {"feather_radius": 3}}
    base = _picture("base", mask={"selection": _SELECTIONS["polygon"]}, blend_mode="overlay", opacity=0.9)
    run = [base, _picture("a", clip=True, blend_mode="multiply"), _picture("b", clip=True, opacity=0.4)]
    inside = [_picture("a", blend_mode="screen", opacity=0.7), invert | {"opacity": 0.3}]
    through = {"type": "group", "blend_mode": "pass-through", "layers": inside}
    faded = through | {"opacity": 0.6, "mask": mask}
    group = {"type": "group", "layers": [_picture("base", transform={"rotation": 12}), *inside]}
    nested: dict[str, Any] = faded
    for _ in range(12):
        nested = faded | {"layers": [nested, _picture("b", opacity=0.1, blend_mode="darken")]}
    return {
        "clipped": [opaque, *run],
        "clipped-over-nothing": run,
        "clipped-adjustment": [opaque, base, invert | {"clip": True, "blend_mode": "add", "mask": mask}],
        "clipped-to-an-adjustment": [opaque, base, invert | {"blend_mode": "screen", "mask": mask}, *run[1:]],
        "clipped-to-a-group": [opaque, group, run[1] | {"transform": {"x": 9.5}}],
        "clipped-to-a-group-passed-through": [opaque, through, *run[1:]],
        "clipped-in-a-clipped-group": [*run, {"type": "group", "layers": run, "clip": True}],
        "passed-through": [opaque, through],
        "passed-through-over-nothing": [_picture("base"), through],
        "passed-through-faded": [_picture("base"), faded],
        "passed-through-moved": [opaque, faded | {"transform": {"x": 7, "y": -3}}],
        "passed-through-clipped": [*run, faded | {"clip": True}],
        "passed-through-nested-12": [opaque, nested],
        "adjustments": [opaque, invert | {"mask": mask}, _picture("a"), invert | {"blend_mode": "multiply"}],
        "adjustment-of-levels": [
            _picture("base"),
            {"type": "adjustment", "adjust": {"type": "posterize", "levels": 5}, "opacity": 0.8},
        ],
    }
