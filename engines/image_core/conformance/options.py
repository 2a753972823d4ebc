"""Cases of blending options: fill, channels, blend-if and knockouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.composition.blending import BlendMode
from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise, raster

__all__ = ["options"]

_CANVAS = (97, 71)

_FILLS = (1 / 3, 0.9, 0.0)


def _picture(name: str = "picture", **fields: Any) -> dict[str, Any]:
    return raster(noise(name, *_CANVAS), **fields)


def options() -> Iterator[Case]:
    """Fill in every mode that has its own; sliders, split and not; channels; knockouts in groups and runs;
    layers mixed by gamma."""
    for name, layers in {**_fills(), **_ranges(), **_knockouts(), **_gammas()}.items():
        yield replace(case(f"options/{name}", _CANVAS, layers, background="#c0d0e080"), suite=2)
    for name, layers in _rounded().items():
        shallow = case(f"options/bit-depth-8-{name}", _CANVAS, layers, background="#c0d0e080")
        yield replace(shallow, suite=2, fields=shallow.fields | {"bit_depth": 8})


def _rounded() -> dict[str, list[dict[str, Any]]]:
    """What is rounded to 8 bits after each entry."""
    faint = [_picture(name, opacity=0.07, blend_mode="linear-light") for name in ("a", "b", "base")]
    invert: dict[str, Any] = {"type": "adjustment", "adjust": {"type": "invert"}, "opacity": 0.4}
    through = {"type": "group", "blend_mode": "pass-through", "layers": [*faint, invert], "opacity": 0.6}
    turned = {"type": "group", "layers": faint, "transform": {"rotation": 12}}
    knocking = _picture("b", knockout="shallow", fill_opacity=0.3)
    return {
        "layers": [_picture(), *faint * 4],
        "groups": [_picture(), through, turned, invert, _picture("a", clip=True, opacity=0.3)],
        "options": [_picture(), {"type": "group", "layers": [faint[0], knocking], "channels": ["red"]}],
        "gamma": [_picture(), _picture("a", blend_gamma=1.45), _picture("b", blend_gamma=1, opacity=0.3)],
    }


def _gammas() -> dict[str, list[dict[str, Any]]]:
    """Layers, groups and runs mixed by light to a power, over what is opaque, translucent and nothing."""
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    text = {"type": "text", "text": "Ragged", "size": 30, "color": "#101820", "transform": {"x": 4.4, "y": 8}}
    group = {"type": "group", "layers": [_picture("a"), text], "opacity": 0.8, "blend_gamma": 1.0}
    overlay = {"type": "color-overlay", "color": "#ff8020", "opacity": 0.7}
    return {
        "gamma-text": [opaque, text | {"blend_gamma": 1.45}],
        "gamma-over-nothing": [_picture("a", blend_gamma=2.2, opacity=0.6)],
        "gamma-group": [_picture(), group],
        "gamma-clipped-to": [opaque, text | {"blend_gamma": 1.0}, _picture("b", clip=True)],
        "gamma-with-effects": [
            opaque,
            text | {"blend_gamma": 1.45, "effects": [overlay, {"type": "stroke"}]},
        ],
        "gamma-of-no-fill": [opaque, _picture("a", blend_gamma=1.2, fill_opacity=0.3, effects=[overlay])],
    }


def _fills() -> dict[str, list[dict[str, Any]]]:
    found = {}
    for mode in BlendMode:
        if mode.facts.fill != "opacity":
            for fill in _FILLS:
                filled = _picture("a", blend_mode=mode.value, fill_opacity=fill, opacity=0.8)
                found[f"fill-{mode.value}-{fill:.2g}"] = [_picture(), filled]
    found["fill-of-screen"] = [_picture(), _picture("a", blend_mode="screen", fill_opacity=0.4, opacity=0.7)]
    return found


def _ranges() -> dict[str, list[dict[str, Any]]]:
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    split = {"this": [10, 90, 160, 250], "underlying": [0, 60, 200, 240]}
    hard = {"this": [40, 40, 200, 200]}
    light = [90, 90, 255, 255]
    through = {"type": "group", "blend_mode": "pass-through", "layers": [_picture("a"), _picture("b")]}
    posterize: dict[str, Any] = {"type": "adjustment", "adjust": {"type": "posterize", "levels": 3}}
    posterize |= {"blend_if": {"gray": split}, "channels": ["red", "blue"]}
    return {
        "blend-if-gray": [opaque, _picture("a", blend_if={"gray": split})],
        "blend-if-over-nothing": [_picture(), _picture("a", blend_if={"gray": {"underlying": light}})],
        "blend-if-channels": [
            opaque,
            _picture("a", blend_mode="screen", blend_if={"red": split, "green": hard, "blue": split}),
        ],
        "blend-if-dissolving": [opaque, _picture("a", blend_mode="dissolve", blend_if={"gray": split})],
        "blend-if-adjustment": [opaque, posterize],
        "blend-if-clipped": [opaque, _picture("a", blend_if={"gray": hard}), _picture("b", clip=True)],
        "blend-if-passed-through": [opaque, through | {"blend_if": {"gray": split}, "opacity": 0.9}],
        "channels": [opaque, _picture("a", channels=["green"])],
        "channels-over-nothing": [_picture("a", channels=["green"]), _picture("b", channels=["red", "blue"])],
        "channels-passed-through": [opaque, through | {"channels": ["red"]}],
    }  # fmt: skip


def _knockouts() -> dict[str, list[dict[str, Any]]]:
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    shallow = _picture("a", knockout="shallow", fill_opacity=0.2, opacity=0.9)
    deep = shallow | {"knockout": "deep", "fill_opacity": 0.0}
    burning = shallow | {"blend_mode": "color-burn", "fill_opacity": 0.5}
    turned = {"type": "group", "layers": [_picture("b"), shallow], "transform": {"rotation": 9}}
    found = {"knockout-to-the-background": [opaque, shallow]}
    for name, knocking in {"shallow": shallow, "deep": deep, "burning": burning}.items():
        for mode in ("normal", "pass-through"):
            inside = {"type": "group", "blend_mode": mode, "layers": [_picture("b"), knocking]}
            found[f"knockout-{name}-in-{mode}"] = [opaque, inside]
            outer = {
                "type": "group",
                "blend_mode": "pass-through",
                "layers": [_picture("c"), inside],
                "opacity": 0.7,
            }
            found[f"knockout-{name}-in-{mode}-in-a-group"] = [opaque, outer]
    run = [_picture("base"), _picture("b", clip=True), deep | {"clip": True}]
    group = {"type": "group", "layers": [_picture("b")], "knockout": "deep", "fill_opacity": 0.5}
    dissolving = shallow | {"blend_mode": "dissolve", "channels": ["red", "green"]}
    return found | {
        "knockout-clipped": [opaque, *run],
        "knockout-of-a-group": [opaque, _picture("c"), group],
        "knockout-of-a-run": [opaque, _picture("b", knockout="deep"), _picture("a", clip=True)],
        "knockout-dissolving": [opaque, {"type": "group", "layers": [_picture("b"), dissolving]}],
        "knockout-in-a-turned-group": [opaque, turned],
    }
