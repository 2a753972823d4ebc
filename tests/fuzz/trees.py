"""Random compositions: every kind of layer, paint, shape, transform, filter, adjustment and mask."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from PIL import Image

from engines.image_core import BlendMode, ImageComposition
from engines.image_core.tests.composing import file_data
from tests.adjustments import TYPED
from tests.fuzz.effects import effect, outlined, shaped
from tests.fuzz.paints import SIDES, color, fill, paint, picture
from tests.fuzz.type import typed
from tests.fuzz.warps import warped

__all__ = ["NoiseMasks", "random_composition", "random_fields", "random_layer"]

PRIMES = (3, 13, 31, 61, 64, 65, 97, 113, 120)
EXTREMES = (0.0, 1 / 65536, 1 / 32768, 1 / 255, 254.5 / 255)
MODES = [mode.value for mode in BlendMode]


class NoiseMasks:
    """A store whose mask artifacts are noise of the canvas's size, their id the seed."""

    def __init__(self, composition: ImageComposition) -> None:
        self._size = composition.height, composition.width

    def read_asset(self, asset_id: str, label: str) -> bytes:
        """There are no assets."""
        raise NotImplementedError(f"{label}: {asset_id}")

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        """A grey PNG."""
        values = np.random.default_rng(int(artifact_id)).integers(0, 256, self._size, dtype=np.uint8)
        return file_data(Image.fromarray(values))


def random_composition(seed: int, largest: int = 120) -> ImageComposition:
    """A composition that depends on nothing but its arguments. largest: the canvas's side at most."""
    return ImageComposition.model_validate(random_fields(seed, largest))


def random_fields(seed: int, largest: int = 120) -> dict[str, Any]:
    """The same as JSON holds it."""
    rng = random.Random(seed)
    width, height = (rng.choice([1, 2, rng.randint(3, largest), rng.choice(PRIMES)]) for _ in range(2))
    layers = _stack(rng, rng.choice([1, 1, 1, 2, 2, 3, 8]), depth=0, anchored=False)
    background = rng.choice(["#00000000", "#204060", "#20406080", "#ffffff01", "#000000fe"])
    canvas = {"width": width, "height": height, "background_color": background}
    canvas["bit_depth"] = (
        8 if random.Random(-seed - 1).random() < 0.2 else 16
    )  # apart: the layers stay as they were
    return {"tenant_id": "fuzz", "env": "test", **canvas, "layers": layers}


def _stack(rng: random.Random, count: int, *, depth: int, anchored: bool) -> list[dict[str, Any]]:
    """Layers bottom first, some clipped, some adjustments, some groups passed through."""
    layers: list[dict[str, Any]] = []
    for _ in range(count):
        layer = random_layer(rng, depth=depth, anchored=anchored)
        if not anchored and rng.random() < 0.1:
            layer = _adjustment(rng)
        if layer["type"] == "group" and rng.random() < 0.4:
            layer = _passed_through(rng, layer)
        if layers:
            layer["clip"] = rng.random() < 0.25
        layers.append(layer)
    return layers


def _adjustment(rng: random.Random) -> dict[str, Any]:
    """An adjustment layer."""
    adjust = rng.choice([{"type": "invert"}, {"type": "posterize", "levels": rng.choice([2, 3, 17, 255])}])
    layer = {"type": "adjustment", "adjust": adjust, "opacity": rng.choice([1, 1, 0.37, rng.random()])}
    layer["blend_mode"] = rng.choice(MODES)
    layer |= _blending_options(rng)
    return layer | ({"mask": _mask(rng)} if rng.random() < 0.3 else {})


def _blending_options(rng: random.Random) -> dict[str, Any]:
    """Some layers' fill, channels and blend-if."""
    options: dict[str, Any] = {}
    if rng.random() < 0.2:
        options["fill_opacity"] = rng.choice([0, 1 / 3, rng.random(), 32767 / 32768])
    if rng.random() < 0.1:
        options["channels"] = rng.sample(["red", "green", "blue"], rng.randint(1, 3))
    if rng.random() < 0.1:
        sliders = {
            which: sorted(rng.choice([0, 255, rng.randint(0, 255)]) for _ in range(4))
            for which in rng.sample(["this", "underlying"], rng.randint(1, 2))
        }
        options["blend_if"] = {rng.choice(["gray", "red", "green", "blue"]): sliders, "gray": sliders}
    return options


def _passed_through(rng: random.Random, group: dict[str, Any]) -> dict[str, Any]:
    """The group as one that is passed through, which is only moved by whole pixels."""
    refused = {"adjustments", "filters", "knockout", "blend_gamma"}
    kept = {key: value for key, value in group.items() if key not in refused}
    moved = {"x": rng.choice([0, 0, -5, 12]), "y": rng.choice([0, 3])}
    return kept | {"blend_mode": "pass-through", "transform": moved}


def random_layer(rng: random.Random, *, depth: int, anchored: bool) -> dict[str, Any]:
    """A layer, perhaps a group of more.

    anchored: keep to what does not refer to the canvas (no masks, centres or default sizes), so that moving
    the layer moves its pixels.
    """
    layer = _content(rng, depth, anchored)
    layer |= {"transform": _transform(rng, anchored), "filters": _filters(rng), "adjustments": _adjusted(rng)}
    layer |= {
        "opacity": rng.choice([1, 1, 1, 0.37, rng.random(), rng.choice(EXTREMES)]),
        "blend_mode": rng.choice(MODES),
    }
    if not anchored and rng.random() < 0.2:
        layer |= _masked(rng)
    layer |= _linked(layer, anchored)
    if rng.random() < 0.15:
        layer["knockout"] = rng.choice(["shallow", "deep"])
    if rng.random() < 0.15:
        layer["effects"] = [effect(rng, anchored) for _ in range(rng.choice([1, 1, 2, 4]))]
        if any(each["type"] == "backdrop-blur" for each in layer["effects"]):
            layer.pop("knockout", None)
    layer |= _blending_options(rng)
    mixable = layer["blend_mode"] == "normal" and not layer.keys() & {"knockout", "blend_if"}
    if mixable and rng.random() < 0.2:
        layer["blend_gamma"] = rng.choice([1, 1.45, 2.2])
    layer |= outlined(layer)
    layer |= shaped(layer, anchored)
    layer |= {} if anchored else _relative(layer)
    layer |= _edged(layer)
    if layer["type"] == "raster":
        layer |= _boxed(layer)
        layer |= _cut(layer, anchored)
        return layer if anchored else warped(layer)
    return layer


def _relative(layer: dict[str, Any]) -> dict[str, Any]:
    """Some layers' places and sizes as parts of their parent's, their anchor as any point of their box; by
    numbers of its own, as `_linked`."""
    rng = random.Random(f"parts of {layer}")
    if rng.random() < 0.85:
        return {}
    found: dict[str, Any] = {"transform": dict(layer["transform"])}
    for axis in rng.sample(["x", "y"], rng.randint(0, 2)):
        found["transform"][axis] = rng.choice(["50%", "-12.5%", "33.333333333%", "0.01%"])
    if rng.random() < 0.5:
        found["transform"]["anchor"] = [rng.choice([0, 0.25, 1, 1 / 3]), rng.uniform(-1, 2)]
    sides = [side for side in ("width", "height") if side in layer]
    return found | {side: rng.choice(["50%", "7.3%", "100%"]) for side in sides}


def _cut(layer: dict[str, Any], anchored: bool) -> dict[str, Any]:
    """Some pictures' crops, tiles, and what their fit keeps in view; by numbers of its own, as `_linked`."""
    rng = random.Random(f"cut of {layer}")
    found: dict[str, Any] = {}
    if "data" not in layer["source"] or rng.random() < 0.7:
        return found
    if rng.random() < 0.5:
        found["crop"] = rng.choice([[0, 0, 1, 1], ["10%", 0, "100%", "100%"], ["33%", "9%", "100%", "90%"]])
    if layer.get("fit") in ("cover", "contain"):
        boxes = {"boxes": [[0, 0, 1, rng.uniform(0.1, 9)], ["40%", "50%", "90%", "90%"]]}
        point = [rng.random(), rng.choice([0, 1, 0.25])]
        found["focus"] = rng.choice(["top-left", "right", point, boxes if layer["fit"] == "cover" else point])
    if "fit" not in layer and rng.random() < 0.3:
        gap = rng.choice([0, 7, [rng.randint(0, 30), 1]])
        offset = [rng.randint(-40, 40), rng.choice([0, -1000000])]
        found["tile"] = {"gap": gap, "offset": offset, "stagger": rng.choice([0, 0.5, 1, rng.random()])}
        sides = {"width": rng.choice([1, 17]), "height": rng.choice([3, 40])}
        found["tile"] |= dict(rng.sample(sorted(sides.items()), rng.randint(0, 2)))
        found |= {"width": 60.5, "height": rng.choice([40, 75.25])} if anchored or rng.random() < 0.5 else {}
    return found


def _edged(layer: dict[str, Any]) -> dict[str, Any]:
    """Some filters' edges, where the layer is upright; by numbers of its own, as `_linked`."""
    rng = random.Random(f"edges of {layer}")
    if layer["transform"].get("rotation", 0) % 90 or not layer["filters"] or rng.random() < 0.5:
        return {}
    kinds = ("blur", "sharpen")
    choices = ["transparent", "extend", "mirror"]
    return {
        "filters": [
            {**step, "edges": rng.choice(choices)} if step["type"] in kinds else step
            for step in layer["filters"]
        ]
    }


def _boxed(layer: dict[str, Any]) -> dict[str, Any]:
    """Some pictures' and paints' rounded corners and borders; by numbers of its own, as `_linked`."""
    rng = random.Random(f"box of {layer}")
    found: dict[str, Any] = {}
    if rng.random() < 0.15:
        radii = [rng.choice([0, 5, rng.uniform(0, 40), 16384]) for _ in range(4)]
        found["corner_radius"] = rng.choice([radii[0], radii])
    if rng.random() < 0.1:
        width = rng.choice([0.01, 1, rng.uniform(0.5, 20), 16384])
        found["border"] = {"width": width, "color": color(rng)}
    return found


def _content(rng: random.Random, depth: int, anchored: bool) -> dict[str, Any]:
    kind = rng.choice(["picture"] * 5 + ["solid", "gradient", "shape", "shape", "text", "group", "group"])
    if kind == "group" and depth < 3:
        count = rng.choice([0, 1, 1, 2])
        inside = _stack(rng, count, depth=depth + 1, anchored=anchored)
        return {"type": "group", "layers": inside, "visible": rng.random() < 0.95}
    if kind == "shape":
        return {"type": "vector", "shapes": [_shape(rng) for _ in range(rng.choice([1, 1, 2]))]}
    if kind == "text":
        return _text(rng)
    size = {"width": rng.choice([1, 17, 40.5, 90]), "height": rng.choice([2, 23.25, 64])}
    if kind == "gradient":
        return {"type": "raster", "source": {"color": fill(rng)}, **size}
    if kind == "solid":
        size = {} if not anchored and rng.random() < 0.5 else size
        return {"type": "raster", "source": {"color": color(rng)}, **size}
    data = picture(rng.randint(0, 7), rng.choice(SIDES), rng.choice(SIDES), rng.random() < 0.5)
    layer: dict[str, Any] = {"type": "raster", "source": {"data": data}}
    if rng.random() < 0.3:
        layer["fit"] = rng.choice(["cover", "contain", "fill"])
        layer |= size if anchored or rng.random() < 0.5 else {}
    return layer


def _shape(rng: random.Random) -> dict[str, Any]:
    points = [[rng.uniform(-20, 100), rng.uniform(-20, 100)] for _ in range(rng.randint(3, 6))]
    (x, y), (right, bottom) = points[:2]
    wide, tall = abs(right - x) + 0.01, abs(bottom - y) + 0.01
    curve = f"M{x} {y}C{right} 9 40 {bottom} 50 40S90 80 {x} 20Q9 5 {right} 10T30 30A18 9 30 1 0 60 50V3H9Z"
    shapes: list[dict[str, Any]] = [
        {"type": "rect", "x": x, "y": y, "width": wide, "height": tall, "radius": rng.choice([0, 9, 500])},
        {"type": "ellipse", "cx": x, "cy": y, "rx": wide, "ry": tall},
        {"type": "polygon", "points": points},
        {"type": "path", "d": curve},
        {"type": "line", "points": points},
    ]
    shape = rng.choice(shapes)
    if shape["type"] != "line":
        shape["fill"] = paint(rng)
    if shape["type"] == "line" or rng.random() < 0.3:
        cap, join = rng.choice(["butt", "round", "square"]), rng.choice(["miter", "round", "bevel"])
        width = rng.choice([0.05, 1, 7.5])
        shape["stroke"] = {"color": paint(rng), "width": width, "cap": cap, "join": join}
    return shape


def _text(rng: random.Random) -> dict[str, Any]:
    words = rng.choice(["Rag", "fi 12,\nÅ\u00adé", "WAVE to\u0301", "\u0645 box \u4f60"])
    text: dict[str, Any] = {"type": "text", "text": words, "size": rng.choice([1, 7.5, 24, 90])}
    text |= {"color": paint(rng), "weight": rng.choice([200, 400, 900]), "italic": rng.random() < 0.2}
    text |= {"align": rng.choice(["left", "center", "right", "start", "end"]), "missing_glyphs": "box"}
    text |= {
        "direction": rng.choice(["auto", "ltr", "rtl"]),
        "features": rng.choice([{}, {"tnum": 1}, {"smcp": 1}]),
    }
    text |= {"letter_spacing": rng.choice([0, -3.5, 8]), "line_height": rng.choice([0.1, 1.2, 3])}
    if rng.random() < 0.4:
        fitted = rng.random() < 0.5
        text |= {"box_width": 200 if fitted else 5.5, "box_height": 90 if fitted else 9, "auto_fit": fitted}
    return {**text, **typed(text)}


def _transform(rng: random.Random, anchored: bool) -> dict[str, Any]:
    move = {"x": rng.choice([0, rng.randint(-40, 80)]), "y": rng.choice([0, rng.randint(-40, 80)])}
    quarters = {axis: value + rng.randint(0, 3) / 4 for axis, value in move.items()}
    turn, mirrored = {"rotation": rng.uniform(-720, 720)}, {"scale_y": rng.uniform(-2, -0.01)}
    odd = {"rotation": rng.choice([0, 90, 45]), "scale_y": rng.choice([None, 0.5])}
    kinds: list[dict[str, Any]] = [
        {},
        move,
        quarters,
        {**move, "scale": rng.choice([-1, 0.5, -2]), "scale_y": rng.choice([1, -1, 3])},
        {**quarters, "scale": rng.uniform(0.02, 4)},
        {**quarters, "scale": rng.uniform(-3, -0.02), "scale_y": rng.uniform(0.02, 3)},
        {**move, "rotation": rng.choice([90, 180, 270, -90])},
        {**quarters, **turn},
        {**quarters, **turn, "scale": rng.uniform(0.05, 3)},
        {**quarters, **turn, "scale": rng.uniform(0.01, 2), **mirrored},
        {**move, "rotation": rng.choice([1e-6, 1e300])},
        {**quarters, **odd, "scale": rng.choice([1000, 1e-3, 1e-9])},
    ]
    transform = rng.choice(kinds)
    if not anchored and rng.random() < 0.3:
        transform = {**transform, "anchor": "center"}
    return transform


def _filters(rng: random.Random) -> list[dict[str, Any]]:
    radius = rng.choice([0, 0.3, 1, 2.7, 6, 17, 33, 250])
    amount = rng.choice([0, 0.5, 1, 5])
    sharpen = {"type": "sharpen", "radius": radius, "amount": amount, "threshold": rng.choice([0, 9, 255])}
    filters = [{"type": "blur", "radius": radius}, sharpen]
    chosen = rng.sample(filters, rng.choice([0, 0, 0, 1, 1, 2]))
    if rng.random() < 0.15:
        kind = rng.choice(sorted(TYPED))
        chosen.insert(rng.randint(0, len(chosen)), {"type": kind, **rng.choice(TYPED[kind])})
    return chosen


def _adjusted(rng: random.Random) -> dict[str, float]:
    settings = {
        "exposure": rng.choice([-10, -1, 0.3, 10]), "brightness": rng.uniform(0, 4),
        "contrast": rng.uniform(0, 4), "saturation": rng.uniform(0, 4),
        "gamma": rng.choice([0.1, 0.45, 2.2, 10]), "sharpness": rng.choice([0, 0.5, 2, 4]),
    }  # fmt: skip
    return dict(rng.sample(sorted(settings.items()), rng.choice([0, 0, 0, 1, 2])))


def _masked(rng: random.Random) -> dict[str, Any]:
    """One mask or several, some thinner, feathered or of shapes."""
    masks = [_mask(rng) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    for mask in masks:
        if rng.random() < 0.2:
            mask["density"] = rng.choice([0, 0.5, rng.random()])
        if not mask.get("selection", {}).get("feather_radius") and rng.random() < 0.2:
            mask["feather_radius"] = rng.choice([1, 6.5])
        if "mask_artifact_id" in mask and rng.random() < 0.4:
            mask["position"] = [rng.randint(-30, 60), rng.randint(-30, 60)]
            mask["outside"] = rng.choice(["hidden", "visible"])
        if rng.random() < 0.2:
            kept: dict[str, Any] = {
                key: mask[key] for key in ("density", "feather_radius", "inverted") if key in mask
            }
            mask.clear()
            mask.update(kept, vector=[_shape(rng)])
    return {"mask": masks[0]} if len(masks) == 1 else {"masks": masks}


def _linked(layer: dict[str, Any], anchored: bool) -> dict[str, Any]:
    """Some of a layer's masks linked to it; where it must not refer to the canvas, masks that are.

    By numbers of its own, which follow from the layer, so that all else of a case is as it was without.
    """
    rng = random.Random(repr(layer))
    if anchored:
        if rng.random() < 0.7:
            return {}
        layer = {"masks": [mask for mask in _masked(rng).get("masks", []) if "mask_artifact_id" not in mask]}
    masks = layer.get("masks") or [layer[name] for name in ("mask",) if name in layer]
    found = [_linked_mask(rng, mask, layer) if anchored or rng.random() < 0.4 else mask for mask in masks]
    if not found:
        return {}
    return {"mask": found[0]} if "mask" in layer else {"masks": found}


def _linked_mask(rng: random.Random, mask: dict[str, Any], layer: dict[str, Any]) -> dict[str, Any]:
    """A mask linked to a layer: an artifact, which has the canvas's size, at a position in other boxes."""
    linked = {**mask, "linked": True}
    canvas = layer.get("type") == "group" or "shapes" in layer
    if "mask_artifact_id" in mask and "position" not in mask and not canvas:
        linked["position"] = [rng.randint(-60, 20), rng.randint(-60, 20)]
    return linked


def _mask(rng: random.Random) -> dict[str, Any]:
    inverted = rng.random() < 0.5
    if rng.random() < 0.5:
        return {"mask_artifact_id": str(rng.randint(0, 99)), "inverted": inverted}
    points = [[rng.randint(-20, 120), rng.uniform(-20, 120)] for _ in range(4)]
    kind = rng.choice(["rect", "ellipse", "polygon", "lasso", "brush"])
    selection: dict[str, Any] = {"type": kind, "feather_radius": rng.choice([0, 0, 3, 21])}
    selection["inverted"] = rng.random() < 0.2
    if kind == "brush":
        selection["strokes"] = [{"points": points, "width": rng.choice([0.5, 9]), "opacity": rng.random()}]
    else:
        selection["points"] = points[:2] if kind in {"rect", "ellipse"} else points
    return {"selection": selection, "inverted": inverted}
