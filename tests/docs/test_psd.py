"""The worked example of docs/PSD.md does what it says."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer
from tests.docs.snippets import ROOT, run_snippets


def test_the_worked_example_writes_reads_and_changes_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's layers are of the kinds that are said; unchanged it is the card; shell and Python agree."""
    text = (ROOT / "docs" / "PSD.md").read_text()
    (tmp_path / "example.md").write_text(text.split("\n## A worked example\n")[1].split("\n## ")[0])
    monkeypatch.chdir(tmp_path)
    names = run_snippets(tmp_path / "example.md")
    assert [(layer.name, layer.kind) for layer in names["template"].layers] == [
        ("Ground", "fill"),
        ("Sale", "group"),
    ]
    assert [note.layer for note in names["file"].notes] != []
    with Renderer("numpy") as renderer:
        assert np.array_equal(names["same"].pixels, renderer.render(names["card"]).pixels)
    assert (names["red"].pixels == (0xAA, 0x22, 0, 255)).all()
    with Image.open("again.png") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGBA")), names["red"].pixels)
