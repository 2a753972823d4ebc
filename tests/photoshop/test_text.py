"""The live text of Photoshop files, mapped: every text layer of a folder of files.

IMAGE_CORE_PSD names the folder, as `measuring.collection` reads it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from psd_tools import PSDImage
from psd_tools.api.layers import TypeLayer

from engines.image_core import ImageComposition, Renderer
from engines.image_core.composition.fields import parse
from engines.image_core.models import TextLayer
from engines.image_core.psd.text_layers import TextFields, text_fields
from tests.photoshop.measuring import collection

FOLDER = os.environ.get("IMAGE_CORE_PSD")
pytestmark = pytest.mark.skipif(not FOLDER, reason="IMAGE_CORE_PSD names no folder of Photoshop files")

_NEAR = 4
"""Pixels that a text may lie elsewhere at its left and at its top, beside a twentieth of its size: the fonts
are not the file's."""


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, TypeLayer]]:
    """The files' names and their text layers."""
    assert FOLDER is not None
    found = []
    for sample in collection(Path(FOLDER)):
        layers = PSDImage.open(sample.path).descendants()
        found += [(sample.path.name, layer) for layer in layers if isinstance(layer, TypeLayer)]
    return found


def test_every_text_layer_is_mapped(texts: list[tuple[str, TypeLayer]]) -> None:
    """To a text layer that can be, with its own text and with another."""
    assert len(texts) > 40
    for _, layer in texts:
        own, other = text_fields(layer), text_fields(layer, "Another\ntext")
        for found in (own, other):
            parse(TextLayer, json.loads(json.dumps(found.fields)))
            assert all(found.fonts)
        assert written(other) == "Another\ntext"
        breaks = str.maketrans("\r\x03", "\n\n")
        assert written(own) == layer.text.translate(breaks).removesuffix("\n")


def written(found: TextFields) -> str:
    """All of its text."""
    return "".join(run["text"] for run in found.fields.get("runs", [found.fields]))


def test_texts_begin_where_photoshop_has_them(texts: list[tuple[str, TypeLayer]]) -> None:
    """In Source Sans Pro, whose capitals are about as high as those of other fonts: the left and the top of
    text that is aligned at the left."""
    compared = 0
    with Renderer("numpy") as renderer:
        for name, layer, found in _alike(texts):
            ours = _ink(renderer, found, layer)
            theirs = _inked(np.asarray(layer.topil().convert("RGBA"))[..., 3], layer.left, layer.top)
            compared += 1
            size = found.fields["size"]
            assert abs(ours[0] - theirs[0]) <= _NEAR + size / 20, (name, layer.name)
            assert abs(ours[1] - theirs[1]) <= _NEAR + size / 20, (name, layer.name)
    assert compared > 15


def _alike(texts: list[tuple[str, TypeLayer]]) -> Iterator[tuple[str, TypeLayer, TextFields]]:
    """Texts of one run in Arial, aligned at the left and drawn as they are mapped."""
    for name, layer in texts:
        found = text_fields(layer)
        plain = "runs" not in found.fields and found.fields["font"].startswith(("Arial", "Myriad"))
        warped = any("warp" in told for told in found.approximated)
        if plain and not warped and found.fields["align"] == "left" and layer.has_pixels():
            yield name, layer, found


def _ink(renderer: Renderer, found: TextFields, layer: TypeLayer) -> tuple[int, int]:
    fields = found.fields | {"font": "Source Sans Pro", "missing_glyphs": "box"}
    size = {"width": layer._psd.width, "height": layer._psd.height}
    composition = {"tenant_id": "t", "env": "test", **size, "layers": [fields]}
    return _inked(renderer.render(ImageComposition.model_validate(composition)).pixels[..., 3], 0, 0)


def _inked(alpha: np.ndarray, left: int, top: int) -> tuple[int, int]:
    """The left and the top of what is seen of a plane that lies there."""
    rows, columns = np.nonzero(alpha > 30)
    return left + int(columns.min()), top + int(rows.min())
