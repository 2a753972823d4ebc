"""The recipes of COOKBOOK.md give the pictures beside them, on each backend."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from docs.cookbook import COOKED, RECIPES, recipe, write_files
from engines.image_core import Renderer
from tests.docs.snippets import ROOT


@pytest.fixture(scope="module", params=["numpy", "gl"])
def cook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """Each backend in turn, in a folder with all that the recipes read."""
    request.getfixturevalue(f"{request.param}_renderer")  # without OpenGL it says so
    folder = tmp_path_factory.mktemp("cookbook")
    write_files(folder)
    with Renderer(request.param, root=folder) as renderer:
        yield renderer


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_gives_its_picture(name: str, cook: Renderer) -> None:
    """Byte for byte; after a change of a recipe or of the rules: `make gallery`."""
    with Image.open(COOKED / f"{name}.png") as picture:
        shown = np.asarray(picture.convert("RGBA"))
    assert np.array_equal(shown, cook.render(recipe(name)).pixels), "make gallery, and look at the picture"


def test_the_document_shows_each_picture_once() -> None:
    """A picture a recipe, in order, and none left behind in the folder."""
    text = (ROOT / "docs" / "COOKBOOK.md").read_text()
    shown = re.findall(r"\(images/cookbook/(\w+)\.png\)", text)
    assert shown == list(RECIPES)
    assert {path.stem for path in COOKED.iterdir()} == set(RECIPES)
