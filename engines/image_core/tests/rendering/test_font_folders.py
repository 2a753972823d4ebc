"""Texts in families of a folder that the renderer was given, which may change between renders."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from engines.image_core import CompositionError, ImageComposition, ImageCoreService, Renderer, SourceError
from engines.image_core.batch.jobs import read_list
from engines.image_core.batch.local import run_batch
from engines.image_core.sources import files
from engines.image_core.sources.files import FileRoot
from engines.image_core.tests.sources.text.font_making import BOLD, RUBIK, collection, square_font, web_font

TEXT = {"type": "text", "text": "A", "size": 40, "font": "Square"}


def card(**text: object) -> ImageComposition:
    """A composition of one text."""
    return ImageComposition.model_validate(
        {"tenant_id": "acme", "env": "dev", "width": 60, "height": 60, "layers": [{**TEXT, **text}]}
    )


def ink(renderer: Renderer, composition: ImageComposition) -> int:
    """How much a text covers, in 255ths of a pixel."""
    return int(renderer.render(composition).pixels[..., 3].sum())


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """A folder of one font, whose "A" is a square of half an em."""
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "square.ttf").write_bytes(square_font())
    return tmp_path / "fonts"


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files count as old as soon as they are written."""
    monkeypatch.setattr(files, "_SETTLED_NS", -(10**12))


def test_a_text_is_drawn_in_a_family_of_the_folder(fonts: Path) -> None:
    """Without the folder it is an error that lists the families there are."""
    with Renderer("numpy", fonts=fonts) as renderer:
        assert ink(renderer, card()) == 20 * 20 * 255
    with (
        Renderer("numpy") as renderer,
        pytest.raises(CompositionError, match=r"'Square' is not known: allowed are Source Sans Pro, the"),
    ):
        renderer.render(card())


def test_a_folder_that_is_not_there_is_told_on_opening(tmp_path: Path) -> None:
    """By a renderer and by a service."""
    with pytest.raises(SourceError, match="the folder of fonts"):
        Renderer("numpy", fonts=tmp_path / "nope")
    with pytest.raises(SourceError, match="the folder of fonts"):
        ImageCoreService.open(tmp_path / "data", backend="numpy", fonts=tmp_path / "nope")


@pytest.mark.usefixtures("settled")
def test_a_font_that_changed_is_seen_by_the_next_render(fonts: Path) -> None:
    """Though the layer is equal, and has left a recipe."""
    with Renderer("numpy", fonts=fonts) as renderer:
        before = ink(renderer, card())
        time.sleep(0.02)  # more than a tick of the file system's clock
        (fonts / "square.ttf").write_bytes(square_font(axes={"wght": (100, 100, 400)}))
        assert ink(renderer, card()) == before * 6 // 5
        (fonts / "square.ttf").unlink()
        with pytest.raises(CompositionError, match="'Square' is not known"):
            renderer.render(card())


@pytest.mark.usefixtures("settled")
def test_a_font_that_did_not_change_is_not_read_again(fonts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An equal layer has its recipe, of a family of the folder as of the built-in one."""
    with Renderer("numpy", fonts=fonts) as renderer:
        renderer.render(card())
        renderer.render(card(font="Source Sans Pro"))
        monkeypatch.delattr(FileRoot, "read")
        for font in ("Square", "Source Sans Pro"):
            assert renderer.render(card(font=font)).cache["sources"]["misses"] == 0


@pytest.mark.usefixtures("settled")
def test_a_nearer_weight_that_is_new_is_seen(fonts: Path) -> None:
    """A file that is added may change what another layer of the family draws."""
    with Renderer("numpy", fonts=fonts) as renderer:
        before = ink(renderer, card(weight=900))
        (fonts / "heavy.ttf").write_bytes(square_font(axes={"wght": (500, 500, 900)}, style="Heavy"))
        assert ink(renderer, card(weight=900)) == before * 6 // 5


def test_font_files_of_every_kind_are_drawn(tmp_path: Path) -> None:
    """A font of a collection by its index, and web fonts, named by a layer."""
    (tmp_path / "a.ttc").write_bytes(collection(RUBIK, BOLD))
    (tmp_path / "a.woff2").write_bytes(web_font(BOLD, "woff2", "glyf", "loca"))
    (tmp_path / "a.ttf").write_bytes(BOLD)
    with Renderer("numpy", tmp_path) as renderer:
        sources = ({"path": "a.ttf"}, {"path": "a.ttc", "index": 1}, {"path": "a.woff2"}, {"path": "a.ttc"})
        *same, other = (renderer.render(card(font=source)).pixels for source in sources)
    assert all(np.array_equal(same[0], pixels) for pixels in same)
    assert not np.array_equal(same[0], other)


@pytest.mark.parametrize("index", [-1, 65536, 1.5, "1", True])
def test_an_index_that_none_can_have_is_an_error(index: object) -> None:
    """Before any file is read."""
    with pytest.raises(CompositionError, match=r"font.*index"):
        ImageComposition.model_validate(
            card().model_dump() | {"layers": [TEXT | {"font": {"path": "a", "index": index}}]}
        )


def test_a_batch_has_the_folder_too(fonts: Path, tmp_path: Path) -> None:
    """In each of its workers."""
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text(json.dumps({"composition": card().model_dump(mode="json"), "output": "a.png"}))
    tally = run_batch(
        read_list(jobs), tmp_path / "out", root=tmp_path, workers=1, backend="numpy", fonts=fonts
    )
    assert (tally.rendered, tally.failed) == (1, 0)
    with pytest.raises(SourceError, match="the folder of fonts"):
        run_batch(
            read_list(jobs), tmp_path / "out", root=tmp_path, workers=1, backend="numpy", fonts=fonts / "nope"
        )
