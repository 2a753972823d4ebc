"""The stacks that are timed: photographs of one canvas size, decoded, each with a mode and an opacity."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core.models import BlendMode, ImageComposition, LayerPath
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.planner import Plan, Sources, make_plan

__all__ = [
    "FADED",
    "HD",
    "MIXED",
    "UHD_4K",
    "UHD_8K",
    "Kind",
    "Photo",
    "Picture",
    "Stack",
    "make_stack",
    "planned",
]

Size: TypeAlias = tuple[int, int]
"""Width and height of a canvas and of every layer."""

HD: Size = (1920, 1080)
UHD_4K: Size = (3840, 2160)
UHD_8K: Size = (7680, 4320)

MIXED = (BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.OVERLAY, BlendMode.LIGHTEN)
"""The modes of a mixed stack, bottom first, then over again.

All five mean the same in every library. "add" is left out: that of pyvips and Skia is Porter-Duff's "plus",
which clamps after the layer's alpha is applied, not before; its pixels are others.
"""

FADED = 204 / 255
"""The opacity of a faded layer: the 8-bit alpha 204 means just the same."""

Kind: TypeAlias = Literal["faded", "cut-outs", "translucent"]
"""How the layers of a stack let the ones below through.

faded: opaque photographs, those above the bottom one at opacity 0.8. cut-outs: an opaque photograph below
photographs whose alpha is another photograph's brightness. translucent: the bottom one has such an alpha too.
"""

Picture: TypeAlias = Callable[[int, bool, Size], NDArray[np.uint8]]
"""Gives the picture of a layer by its index, whether it is opaque, and its size: uint8 (height, width, 4)."""

_FILES = ("rocket.jpg", "coffee.png", "chelsea.png", "astronaut.png", "hubble_deep_field.jpg", "retina.jpg")


@dataclass(frozen=True)
class Photo:
    """A layer: straight RGBA pixels, uint8 (height, width, 4), and how they are put on what is below."""

    pixels: NDArray[np.uint8]
    opaque: bool
    opacity: float
    mode: BlendMode

    def layer(self) -> dict[str, Any]:
        """The layer as a composition has it."""
        return {
            "type": "raster",
            "source": {"path": "-"},
            "opacity": self.opacity,
            "blend_mode": self.mode.value,
        }


@dataclass(frozen=True)
class Stack:
    """Layers over a transparent canvas of their own size, bottom first."""

    name: str
    size: Size
    photos: tuple[Photo, ...]

    def plan(self) -> Plan:
        """The stack as this library's renderer gets it, with its sources decoded."""
        layers = [photo.layer() for photo in self.photos]
        return planned(self.size, layers, {(index,): photo for index, photo in enumerate(self.photos)})


def planned(size: Size, layers: list[dict[str, Any]], photos: Mapping[LayerPath, Photo]) -> Plan:
    """A plan of layers over a transparent canvas, the raster ones among them drawing photos."""
    width, height = size
    composition = ImageComposition.model_validate(
        {"tenant_id": "bench", "env": "bench", "width": width, "height": height, "layers": layers}
    )
    images = {path: _decoded(photo) for path, photo in photos.items()}
    return make_plan(composition, Sources(images, {}))


def make_stack(
    kind: Kind,
    count: int,
    modes: tuple[BlendMode, ...] = MIXED,
    size: Size = HD,
    picture: Picture | None = None,
) -> Stack:
    """A stack of so many photographs, its modes taken in turn. picture: by default scikit-image's."""
    mixture = "mixed modes" if len(modes) > 1 else modes[0].value
    layers = f"{count} layers" if count > 1 else "1 layer"
    name = f"{kind}, {layers}, {mixture}, {size[0]}x{size[1]}"
    return Stack(name, size, tuple(_photos(kind, count, modes, size, picture or _picture)))


def _photos(
    kind: Kind, count: int, modes: tuple[BlendMode, ...], size: Size, picture: Picture
) -> Iterator[Photo]:
    for index in range(count):
        opaque = kind == "faded" or (kind == "cut-outs" and index == 0)
        opacity = FADED if kind == "faded" and index else 1.0
        yield Photo(picture(index, opaque, size), opaque, opacity, modes[index % len(modes)])


@lru_cache(maxsize=64)
def _picture(index: int, opaque: bool, size: Size) -> NDArray[np.uint8]:
    """The index-th picture, cut to the canvas; every round through the files turns them half round."""
    name, other = (_FILES[(index + step) % len(_FILES)] for step in (0, 1))
    photo, matte = _open(name, size), _open(other, size).convert("L")
    if index // len(_FILES) % 2:
        photo = photo.transpose(Image.Transpose.ROTATE_180)
    photo.putalpha(255 if opaque else matte)
    pixels = np.array(photo)
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=16)
def _open(name: str, size: Size) -> Image.Image:
    import skimage.data  # here, for stacks of other pictures to need it not

    with Image.open(Path(skimage.data.__file__).with_name(name)) as image:
        return image.convert("RGB").resize(size, Image.Resampling.BICUBIC)


def _decoded(photo: Photo) -> DecodedImage:
    return DecodedImage(photo.pixels, hashlib.sha256(photo.pixels.tobytes()).hexdigest(), photo.opaque)
