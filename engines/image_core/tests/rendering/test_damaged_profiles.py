"""What becomes of pictures whose embedded profiles cannot be used, as the renderer is told."""

from __future__ import annotations

import base64
import io
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from engines.image_core import CompositionError, ImageComposition, Renderer, SourceError
from engines.image_core.cli.main import app
from engines.image_core.models import ProfileSource
from engines.image_core.tests.composing import composed
from engines.image_core.tests.encoded import encoded, gray_profile
from engines.image_core.tests.profiled import P3

DAMAGED = b"no profile at all" * 20


def _jpeg(profile: bytes | None) -> bytes:
    return encoded(Image.new("RGB", (8, 8), (200, 100, 50)), "JPEG", quality=100, icc_profile=profile)


def _card(data: bytes, **fields: Any) -> ImageComposition:
    source = {"data": base64.b64encode(data).decode()}
    return composed({"type": "raster", "name": "photo", "source": source, **fields})


@pytest.fixture(scope="module")
def lenient() -> Any:
    """A renderer that ignores them."""
    with Renderer("numpy", damaged_profiles="ignore") as renderer:
        yield renderer


@pytest.mark.parametrize(
    ("profile", "reason"),
    [(DAMAGED, "its embedded colour profile is damaged"), (gray_profile([256]), "is for GRAY pixels")],
)
def test_a_profile_that_cannot_be_used_is_ignored_and_told(
    lenient: Renderer, profile: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The colours are those of the file without one; the result and the log name the layer, each time."""
    with caplog.at_level(logging.WARNING, "image_core"):
        images = [lenient.render(_card(_jpeg(profile))) for _ in range(2)]
    plain = lenient.render(_card(_jpeg(None)))
    assert np.array_equal(images[0].pixels, plain.pixels)
    assert plain.notes == ()
    for image in images:
        (note,) = image.notes
        assert note.startswith("layer 'photo' (layers[0]): ")
        assert reason in note
        assert note.endswith("its colours are taken as sRGB")
    assert [record.getMessage() for record in caplog.records] == [images[0].notes[0]] * 2
    with pytest.raises(SourceError, match=reason), Renderer("numpy") as renderer:
        renderer.render(_card(_jpeg(profile)))


def test_what_was_ignored_is_in_the_hash(lenient: Renderer) -> None:
    """A profile that can be used is used by both, with the same hash."""
    images = [lenient.render(_card(_jpeg(profile))) for profile in (DAMAGED, None)]
    assert images[0].pipeline_hash != images[1].pipeline_hash
    with Renderer("numpy") as renderer:
        assert renderer.render(_card(_jpeg(None))).pipeline_hash == images[1].pipeline_hash


def test_patterns_and_arrays_count_too(lenient: Renderer) -> None:
    """Whatever a layer draws that has a profile."""
    image = Image.open(io.BytesIO(_jpeg(DAMAGED)))
    pattern = {"type": "pattern", "source": {"data": base64.b64encode(_jpeg(DAMAGED)).decode()}}
    for source in ({"array": image}, {"color": pattern}):
        (note,) = lenient.render(composed({"type": "raster", "source": source})).notes
        assert note.startswith("layers[0]: its embedded colour profile is damaged")


def test_a_canvas_of_its_own_space_takes_them_as_srgb(tmp_path: Path) -> None:
    """What is assumed is sRGB, and not the canvas's space."""
    (tmp_path / "p3.icc").write_bytes(P3)
    with Renderer("numpy", root=tmp_path, damaged_profiles="ignore") as renderer:
        images = [
            renderer.render(
                _card(_jpeg(profile)).model_copy(update={"color_profile": ProfileSource(path="p3.icc")})
            )
            for profile in (DAMAGED, None)
        ]
    assert images[0].pixel_hash == images[1].pixel_hash
    assert images[0].notes


def test_a_word_that_is_none_of_them_is_told() -> None:
    """Before anything is opened."""
    with pytest.raises(CompositionError, match="damaged_profiles: 'skip' is not allowed"):
        Renderer("numpy", damaged_profiles="skip")  # type: ignore[arg-type]


def test_the_command_line_has_it_as_a_flag(tmp_path: Path) -> None:
    """What was ignored is in the report and on standard error."""
    (tmp_path / "card.json").write_text(_card(_jpeg(DAMAGED)).model_dump_json())
    run = CliRunner()
    told = [
        "render",
        str(tmp_path / "card.json"),
        "-o",
        str(tmp_path / "a.png"),
        "--backend",
        "numpy",
        "--json",
    ]
    assert run.invoke(app, told).exit_code == 2
    result = run.invoke(app, [*told, "--damaged-profiles", "ignore"])
    assert result.exit_code == 0
    assert "photo" in json.loads(result.stdout)["notes"][0]
    assert "its colours are taken as sRGB" in result.stderr
