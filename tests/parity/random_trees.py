"""Random compositions for the fuzz tests: every kind of layer, transform, filter, adjustment and mask."""

from __future__ import annotations

import base64
import random
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from engines.image_core import BlendMode, ImageComposition
from engines.image_core.export import encode_png
from engines.image_core.tests.composing import file_data
from tests.parity.support import noise

__all__ = ["NoiseMasks", "random_composition", "random_layer"]

SIDES = (1, 2, 3, 7, 16, 31, 61, 83)
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


@lru_cache(maxsize=256)
def _picture(seed: int, width: int, height: int, opaque: bool) -> str:
    return base64.b64encode(encode_png(noise(seed, height, width, opaque=opaque).pixels)).decode()


def random_composition(seed: int, largest: int = 120) -> ImageComposition:
    """A composition that depends on nothing but its arguments. largest: the canvas's side at most."""
    rng = random.Random(seed)
    width, height = (rng.choice([1, 2, rng.randint(3, largest), largest]) for _ in range(2))
    layers = [random_layer(rng, depth=0, anchored=False) for _ in range(rng.choice([1, 1, 2, 3]))]
    background = rng.choice(["#00000000", "#204060", "#20406080"])
    return ImageComposition(
        tenant_id="fuzz", env="test", width=width, height=height, background_color=background, layers=layers
    )


def random_layer(rng: random.Random, *, depth: int, anchored: bool) -> dict[str, Any]:
    """A layer, perhaps a group of more.

    anchored: keep to what does not refer to the canvas (no masks, centres or default sizes), so that moving
    the layer moves its pixels.
    """
    layer = _content(rng, depth, anchored)
    layer |= {"transform": _transform(rng, anchored), "filters": _filters(rng), "adjustments": _adjusted(rng)}
    layer |= {"opacity": rng.choice([1, 1, 0.37, 1 / 32768]), "blend_mode": rng.choice(MODES)}
    if not anchored and rng.random() < 0.2:
        layer["mask"] = _mask(rng)
    return layer


def _content(rng: random.Random, depth: int, anchored: bool) -> dict[str, Any]:
    kind = rng.choice(["picture", "picture", "picture", "solid", "gradient", "shape", "group", "group"])
    if kind == "group" and depth < 3:
        count = rng.choice([1, 1, 2])
        inside = [random_layer(rng, depth=depth + 1, anchored=anchored) for _ in range(count)]
        return {"type": "group", "layers": inside}
    if kind == "shape":
        box = {"x": rng.uniform(-20, 60), "y": 5.25, "width": rng.uniform(0.5, 90), "height": 30}
        rect = {"type": "rect", **box, "radius": rng.choice([0, 9]), "fill": "#e08030c0"}
        return {"type": "vector", "shapes": [rect]}
    size = {"width": rng.choice([1, 17, 40.5, 90]), "height": rng.choice([2, 23.25, 64])}
    if kind == "gradient":
        stops = [{"offset": 0, "color": "#ff000080"}, {"offset": 1, "color": "#0040ff"}]
        paint = {"type": "linear", "start": [0, 0], "end": [50, 20], "stops": stops}
        return {"type": "raster", "source": {"color": paint}, **size}
    if kind == "solid":
        size = {} if not anchored and rng.random() < 0.5 else size
        return {"type": "raster", "source": {"color": rng.choice(["#c02040", "#20c04080"])}, **size}
    data = _picture(rng.randint(0, 7), rng.choice(SIDES), rng.choice(SIDES), rng.random() < 0.5)
    picture: dict[str, Any] = {"type": "raster", "source": {"data": data}}
    if rng.random() < 0.3:
        picture["fit"] = rng.choice(["cover", "contain", "fill"])
        picture |= size if anchored or rng.random() < 0.5 else {}
    return picture


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
    radius = rng.choice([0, 0.3, 1, 2.7, 6, 17, 33])
    amount = rng.choice([0.5, 1, 5])
    sharpen = {"type": "sharpen", "radius": radius, "amount": amount, "threshold": rng.choice([0, 9])}
    filters = [{"type": "blur", "radius": radius}, sharpen]
    return rng.sample(filters, rng.choice([0, 0, 0, 1, 1, 2]))


def _adjusted(rng: random.Random) -> dict[str, float]:
    settings = {
        "exposure": rng.choice([-10, -1, 0.3, 10]), "brightness": rng.uniform(0, 4),
        "contrast": rng.uniform(0, 4), "saturation": rng.uniform(0, 4),
        "gamma": rng.choice([0.1, 0.45, 2.2, 10]), "sharpness": rng.choice([0, 2, 4]),
    }  # fmt: skip
    return dict(rng.sample(sorted(settings.items()), rng.choice([0, 0, 0, 1, 2])))


def _mask(rng: random.Random) -> dict[str, Any]:
    inverted = rng.random() < 0.5
    if rng.random() < 0.5:
        return {"mask_artifact_id": str(rng.randint(0, 99)), "inverted": inverted}
    points = [[rng.randint(-20, 120), rng.randint(-20, 120)] for _ in range(2)]
    return {
        "selection": {"type": "ellipse", "points": points, "feather_radius": rng.choice([0, 3])},
        "inverted": inverted,
    }
