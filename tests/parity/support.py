"""What the parity tests share: drawing one plan on both backends and comparing every byte."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.image_core import ImageComposition, Renderer
from engines.image_core.models import LayerPath
from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.planner import Sources, make_plan
from engines.image_core.rendering.rendered import Planned
from tests.failures import told

ANY_SOURCE = {"path": "given to the plan"}


def decoded(pixels: NDArray[np.uint8]) -> DecodedImage:
    """Pixels (height, width, 4) as a decoded source."""
    pixels = np.ascontiguousarray(pixels)
    pixels.setflags(write=False)
    digest = hashlib.sha256(pixels.tobytes()).hexdigest()
    return DecodedImage(pixels, digest, opaque=bool((pixels[..., 3] == 255).all()))


def decoded_mask(pixels: NDArray[np.uint8]) -> DecodedMask:
    """A mask (height, width) as a decoded source."""
    return DecodedMask(pixels, hashlib.sha256(pixels.tobytes()).hexdigest())


def noise(seed: int, height: int, width: int, *, opaque: bool = False) -> DecodedImage:
    """Random pixels; unless opaque, with all alphas and a good share of 0 and 255."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    extremes = rng.integers(0, 4, (height, width))
    pixels[extremes == 0, 3] = 0
    pixels[extremes == 1, 3] = 255
    if opaque:
        pixels[..., 3] = 255
    return decoded(pixels)


def numbered(*images: DecodedImage) -> dict[LayerPath, DecodedImage]:
    """Sources of the layers 0, 1, ... of a composition."""
    return {(index,): image for index, image in enumerate(images)}


def composed(
    width: int, height: int, layers: Sequence[Any], background: str = "#00000000"
) -> ImageComposition:
    """A composition of layers given as dicts."""
    return ImageComposition(
        tenant_id="parity", env="test", width=width, height=height, background_color=background, layers=layers
    )


@dataclass(frozen=True)
class Input:
    """A composition, and the sources and masks of its layers."""

    composition: ImageComposition
    images: Mapping[LayerPath, DecodedImage]
    masks: Mapping[LayerPath, DecodedMask] = field(default_factory=dict)

    def planned(self) -> Planned:
        """Its plan."""
        masks = {path: (mask,) for path, mask in self.masks.items()}
        return Planned(self.composition, make_plan(self.composition, Sources(self.images, masks)), {})


@dataclass(frozen=True)
class Both:
    """The two backends."""

    gl: Renderer
    numpy: Renderer

    def same(
        self,
        composition: ImageComposition,
        images: Mapping[LayerPath, DecodedImage],
        masks: Mapping[LayerPath, DecodedMask] | None = None,
    ) -> NDArray[np.uint8]:
        """Draw on both, fail unless every byte is the same, and return the pixels."""
        return self.same_input(Input(composition, images, masks or {}))

    def same_input(self, given: Input) -> NDArray[np.uint8]:
        """The same for what `inputs` has."""
        return self.same_planned(given.planned())

    def same_planned(self, planned: Planned) -> NDArray[np.uint8]:
        """The same for a plan."""
        expected = self.numpy.draw(planned).pixels
        actual = self.gl.draw(planned).pixels
        if not np.array_equal(expected, actual):
            name = os.environ.get("PYTEST_CURRENT_TEST", "parity").rpartition("/")[2]
            raise AssertionError(f"GL is not NumPy: {told(name, expected, actual)}")
        return expected
