"""Layers met before: their files are not read again while they are as they were, and always when not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.image_core import ImageComposition, Renderer, SourceError
from engines.image_core.sources import files, keeping
from engines.image_core.sources.files import FileRoot
from engines.image_core.tests.composing import Layer, Pixels, composed, file_data, flat, group, photo, solid

MASKED = photo("a.bmp", mask={"path": "mask.bmp"})
CARD = composed(MASKED, size=(4, 4))


@pytest.fixture
def renderer(tmp_path: Path) -> Iterator[Renderer]:
    """A renderer of a folder with a red picture and a mask that shows all of it."""
    write(tmp_path / "a.bmp", flat("#ff0000", 4, 4))
    write(tmp_path / "mask.bmp", np.full((4, 4), 255, np.uint8))
    with Renderer("numpy", tmp_path) as opened:
        yield opened


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files count as old as soon as they are written, and every change get another time."""
    monkeypatch.setattr(files, "_SETTLED_NS", -(10**12))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are read, as they are."""
    paths: list[str] = []
    original = FileRoot.read

    def noted(self: FileRoot, path: str, label: str) -> bytes:
        paths.append(path)
        return original(self, path, label)

    monkeypatch.setattr(FileRoot, "read", noted)
    return paths


def write(path: Path, pixels: Pixels) -> None:
    """Write a BMP, whose size depends on nothing but the picture's."""
    time.sleep(0.02)  # more than a tick of the file system's clock
    path.write_bytes(file_data(Image.fromarray(pixels).convert("L" if pixels.ndim == 2 else "RGB"), "BMP"))


def color(renderer: Renderer, card: ImageComposition = CARD) -> str:
    """The colour of a card's first pixel."""
    pixel: bytes = renderer.render(card).pixels[0, 0].tobytes()
    return f"#{pixel.hex()}"


@pytest.mark.usefixtures("settled")
def test_files_that_have_not_changed_are_not_read_again(renderer: Renderer, read: list[str]) -> None:
    """Neither the picture's nor the mask's, and their sources count as found."""
    color(renderer)
    assert read == ["a.bmp", "mask.bmp"]
    assert renderer.render(CARD).cache["sources"]["hits"] == 2
    assert read == ["a.bmp", "mask.bmp"]


def test_files_that_have_just_changed_are_read_again(renderer: Renderer, read: list[str]) -> None:
    """For two seconds their times could hide another change."""
    color(renderer)
    color(renderer)
    assert read == ["a.bmp", "mask.bmp"] * 2


@pytest.mark.usefixtures("settled")
def test_a_change_that_leaves_size_and_time_shows(renderer: Renderer, tmp_path: Path) -> None:
    """Written in place, with the time of modification set back."""
    assert color(renderer) == "#ff0000ff"
    before = (tmp_path / "a.bmp").stat()
    write(tmp_path / "a.bmp", flat("#00ff00", 4, 4))
    os.utime(tmp_path / "a.bmp", ns=(before.st_atime_ns, before.st_mtime_ns))
    after = (tmp_path / "a.bmp").stat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (
        before.st_ino,
        before.st_size,
        before.st_mtime_ns,
    )
    assert color(renderer) == "#00ff00ff"


@pytest.mark.usefixtures("settled")
def test_another_file_under_the_name_shows(renderer: Renderer, tmp_path: Path) -> None:
    """Moved there with its size and its time; the first one moved back shows again."""
    color(renderer)
    write(tmp_path / "b.bmp", flat("#0000ff", 4, 4))
    times = (tmp_path / "a.bmp").stat().st_mtime_ns
    os.utime(tmp_path / "b.bmp", ns=(times, times))
    (tmp_path / "a.bmp").rename(tmp_path / "kept.bmp")
    (tmp_path / "b.bmp").rename(tmp_path / "a.bmp")
    assert color(renderer) == "#0000ffff"
    (tmp_path / "kept.bmp").rename(tmp_path / "a.bmp")
    assert color(renderer) == "#ff0000ff"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("layer", [MASKED, group(MASKED)], ids=["layer", "group"])
def test_another_mask_shows(renderer: Renderer, tmp_path: Path, layer: Layer) -> None:
    """A layer is known by its mask's file too, and a group by those of the layers in it."""
    card = composed(layer, size=(4, 4))
    assert color(renderer, card) == "#ff0000ff"
    write(tmp_path / "mask.bmp", np.zeros((4, 4), np.uint8))
    assert color(renderer, card) == "#00000000"


@pytest.mark.usefixtures("settled")
def test_what_is_no_longer_allowed_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    """A file that went, and a link to one that lies outside, though their picture is still kept."""
    color(renderer)
    outside = tmp_path.parent / f"{tmp_path.name}.bmp"
    (tmp_path / "a.bmp").rename(outside)
    with pytest.raises(SourceError, match=r"layers\[0\].*does not exist"):
        color(renderer)
    (tmp_path / "a.bmp").symlink_to(outside)
    with pytest.raises(SourceError, match="outside the allowed folder"):
        color(renderer)


class _OneAsset:
    """A store of one asset."""

    def __init__(self, asset: bytes) -> None:
        self._asset = asset

    def read_asset(self, asset_id: str, label: str) -> bytes:
        """The asset, whatever it is called."""
        return self._asset

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        """There are none."""
        raise SourceError(f"{label}: {artifact_id}")


def test_an_id_stands_for_what_the_store_at_hand_says(renderer: Renderer) -> None:
    """Two tenants' stores with the same id in one renderer, in turns."""
    composition = composed({"type": "raster", "source": {"asset_id": "logo"}}, size=(4, 4))
    colors = ["#ff0000", "#0000ff"] * 2
    stores = [_OneAsset(file_data(Image.fromarray(flat(color, 4, 4)))) for color in colors]
    drawn = [renderer.draw(renderer.plan(composition, store)).pixels[0, 0] for store in stores]
    assert ["#" + pixel[:3].tobytes().hex() for pixel in drawn] == colors


@pytest.mark.usefixtures("settled")
def test_what_was_dropped_is_made_again(tmp_path: Path) -> None:
    """Recipes outlive their sources where the cache is small."""
    for name, red in (("a", "#ff0000"), ("b", "#00ff00")):
        write(tmp_path / f"{name}.bmp", flat(red, 30, 30))
    cards = [composed(photo(f"{name}.bmp"), size=(30, 30)) for name in "ab"]
    with Renderer("numpy", tmp_path, cache_bytes=5000) as renderer:
        for _ in range(2):
            first, second = [renderer.render(card).pixels[0, 0].tolist() for card in cards]
            assert (first, second) == ([255, 0, 0, 255], [0, 255, 0, 255])


def test_recipes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The layers met last are remembered, and none where nothing is to be kept."""
    monkeypatch.setattr(keeping, "_RECIPES", 10)
    few = keeping.SourceCache(1000)
    for number in range(30):
        few.recipes.keep(number, keeping.Recipe(keeping.Pieces(), None, None, None))
    assert few.recipes.held_bytes == 10
    assert few.recipe(29) is not None
    assert few.recipe(0) is None
    none = keeping.SourceCache(0)
    none.recipes.keep(1, keeping.Recipe(keeping.Pieces(), None, None, None))
    assert none.recipe(1) is None


def test_a_layer_that_draws_nothing_of_its_own_is_found_too(renderer: Renderer) -> None:
    """A colour that the plan fills has no source, and that is remembered."""
    card = composed(solid("#ff0000"), size=(4, 4))
    for _ in range(2):
        image = renderer.render(card)
        assert (image.cache["sources"]["hits"], image.cache["sources"]["misses"]) == (0, 0)
        assert image.pixels[0, 0].tolist() == [255, 0, 0, 255]
