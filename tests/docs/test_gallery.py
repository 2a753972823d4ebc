"""The pictures in docs/images are what the library renders today."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from docs.gallery import IMAGES, PICTURES, render_picture


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_holds_the_pixels_rendered_now(name: str) -> None:
    """Byte for byte; after a change of the rules, the demo or the gallery: `make gallery`."""
    with Image.open(IMAGES / f"{name}.png") as picture:
        shown = np.asarray(picture.convert("RGBA"))
    assert np.array_equal(shown, render_picture(name).pixels), "make gallery, and look at the picture"


def test_no_picture_is_left_behind() -> None:
    """Each file in the folder is rendered by the gallery."""
    assert {Path(path).stem for path in IMAGES.iterdir()} == set(PICTURES)
