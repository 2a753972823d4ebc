"""Profiles met before: what was made for one space is not taken for another, nor a file that has changed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer, SourceError
from engines.image_core.sources import files, profiles
from engines.image_core.sources.files import FileRoot
from engines.image_core.tests.composing import Pixels, composed, group, photo
from engines.image_core.tests.encoded import encoded, rgb_profile
from engines.image_core.tests.profiled import GREY, P3, document

RGB = np.random.default_rng(3).integers(0, 256, (8, 8, 3), dtype=np.uint8)
WIDE = rgb_profile(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), [563])
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">'
    '<rect width="8" height="8" fill="#c81e32"/></svg>'
)
LAYERS = photo("a.png"), group(photo("a.png", opacity=0.5)), {"type": "vector", "svg": SVG, "opacity": 0.5}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a picture and profiles, whose files count as old as soon as they are written."""
    monkeypatch.setattr(files, "_SETTLED_NS", -(10**12))
    (tmp_path / "a.png").write_bytes(encoded(Image.fromarray(RGB), "PNG"))
    for name, data in (("p3", P3), ("wide", WIDE), ("grey", GREY)):
        (tmp_path / f"{name}.icc").write_bytes(data)
    return tmp_path


def drawn(renderer: Renderer, profile: str | None, output: str = "srgb") -> Pixels:
    """The layers in a space."""
    given: dict[str, Any] = {} if profile is None else {"color_profile": {"path": profile}}
    return renderer.render(composed(*LAYERS, output_profile=output, **given)).pixels


def test_what_is_kept_is_told_apart_by_the_space(folder: Path) -> None:
    """A renderer that has met other spaces draws what a fresh one draws."""
    cases = [(p, out) for p in (None, "p3.icc", "wide.icc", "grey.icc") for out in ("srgb", "keep")]
    with Renderer("numpy", root=folder) as warm:
        for case in [*cases, *reversed(cases)]:
            with Renderer("numpy", root=folder, cache_bytes=0) as fresh:
                assert np.array_equal(drawn(warm, *case), drawn(fresh, *case)), case


def test_a_profile_that_changed_is_read_again(folder: Path) -> None:
    """The next picture is in the new space."""
    with Renderer("numpy", root=folder) as renderer:
        before = drawn(renderer, "p3.icc", "keep")
        time.sleep(0.02)  # more than a tick of the file system's clock
        (folder / "p3.icc").write_bytes(WIDE)
        after = drawn(renderer, "p3.icc", "keep")
        assert not np.array_equal(before, after)
        assert np.array_equal(after, drawn(renderer, "wide.icc", "keep"))


@pytest.mark.parametrize("source", [{"path": "p3.icc"}, {"psd": {"path": "p3.psd", "part": "profile"}}])
def test_a_profile_that_has_not_changed_is_not_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, source: dict[str, object]
) -> None:
    """Nor is the Photoshop file that it lies in."""
    (folder / "p3.psd").write_bytes(document(RGB, P3))
    card = composed(*LAYERS, color_profile=source)
    with Renderer("numpy", root=folder) as renderer:
        before = renderer.render(card).pixels
        monkeypatch.setattr(FileRoot, "read", None)
        assert np.array_equal(renderer.render(card).pixels, before)


def test_a_profile_of_a_file_and_the_profile_in_it_are_two(folder: Path) -> None:
    """One file can be named as either."""
    (folder / "p3.psd").write_bytes(document(RGB, P3))
    with Renderer("numpy", root=folder) as renderer:
        renderer.render(composed(color_profile={"psd": {"path": "p3.psd", "part": "profile"}}))
        with pytest.raises(SourceError, match="color_profile: the colour profile is damaged"):
            renderer.render(composed(color_profile={"path": "p3.psd"}))


def test_a_file_that_is_too_large_is_no_profile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told before it is read."""
    monkeypatch.setattr(profiles, "MAX_PROFILE_BYTES", 10)
    with Renderer("numpy", root=folder) as renderer, pytest.raises(SourceError, match="allowed are 10"):
        drawn(renderer, "p3.icc")
