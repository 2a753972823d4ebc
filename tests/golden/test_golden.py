"""Scenes and their pictures: each of `SCENES` renders to exactly the pixels of `scenes/NAME.png`.

`make bless` writes the pictures anew from the NumPy backend and fails, so that nobody blesses by accident:
look at what changed, then commit it.
"""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import ImageComposition, Renderer
from tests.failures import told
from tests.golden.compositions import FOLDER, SCENES


def picture(path: Path) -> NDArray[np.uint8]:
    """The RGBA pixels of a golden."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_renders_to_its_golden(
    scene: str, renderer: Renderer, request: pytest.FixtureRequest
) -> None:
    """On each backend, byte for byte."""
    image = renderer.render(ImageComposition.model_validate(SCENES[scene]))
    golden = FOLDER / f"{scene}.png"
    if request.config.getoption("--bless", default=False):
        if image.backend == "numpy":
            Image.open(io.BytesIO(image.to_png())).save(golden, optimize=True)
        pytest.fail(f"blessed {golden.name}: look at it, then run without --bless")
    assert golden.exists(), f"{golden.name} is missing: make bless"
    expected = picture(golden)
    if not np.array_equal(expected, image.pixels):
        pytest.fail(told(f"golden {scene} {image.backend}", expected, image.pixels))


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_rendered_again_makes_nothing_and_is_the_same(scene: str, renderer: Renderer) -> None:
    """All sources and layers are there from the first time, and the pixels are the same."""
    composition = ImageComposition.model_validate(SCENES[scene])
    first, again = renderer.render(composition), renderer.render(composition)
    assert [kept["misses"] for kept in again.cache.values()] == [0, 0]
    assert again.pixel_hash == first.pixel_hash


def test_every_golden_has_its_scene() -> None:
    """No picture is left behind when a scene goes."""
    assert {path.stem for path in FOLDER.glob("*.png")} <= set(SCENES)
