"""README.md does what it says: its files, its Python and its commands, in a folder with photographs."""

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import RenderedImage
from tests.docs.snippets import ROOT, commands, run_snippets

README = ROOT / "README.md"


@pytest.fixture(scope="module")
def reader(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder after all of the README was tried in it, and the names its Python left."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "photos").mkdir()
    shutil.copy(photos / "rocket.jpg", folder / "photos")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return folder, run_snippets(README)


def test_the_python_example_renders_and_registers(reader: tuple[Path, dict[str, Any]]) -> None:
    """The image is of the size the text says, and the artifacts are of the kinds it says."""
    _, names = reader
    image = names["image"]
    assert isinstance(image, RenderedImage)
    assert image.pixels.shape == (360, 640, 4)
    assert not image.pixels.flags.writeable
    assert names["artifact"].kind == "image_render"
    assert names["artifact"].meta.pixel_hash == image.pixel_hash
    assert names["mask"].kind == "mask"


def test_the_commands_write_the_same_pixels_as_the_python(reader: tuple[Path, dict[str, Any]]) -> None:
    """card.png, written last by the shell, holds the pixels the Python example rendered."""
    folder, names = reader
    with Image.open(folder / "card.png") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGBA")), names["image"].pixels)
    with Image.open(folder / "card.webp") as picture:
        assert picture.size == (640, 360)
    assert (folder / "out" / "demo.png").exists()


def test_the_make_targets_exist() -> None:
    """Each `make` command of the README names a target of the Makefile."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {words[1] for words in commands(README) if words[0] == "make"}
    assert {"demo", "test"} <= named <= targets


def test_the_mesa_packages_are_those_the_setup_installs() -> None:
    """README and .ci/install-gl name the same packages."""
    (line,) = (words for words in commands(README) if "apt-get" in words)
    packages = " ".join(line[line.index("install") + 1 :])
    assert f'packages="{packages}"' in (ROOT / ".ci" / "install-gl").read_text()


@pytest.mark.parametrize(
    "document", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name
)
def test_links_lead_to_files(document: Path) -> None:
    """Relative links and pictures of every document exist."""
    for target in re.findall(r"\]\(([^)#]+)", document.read_text()):
        if not target.startswith(("http://", "https://")):
            assert (document.parent / target).exists(), target
