"""Files of pictures that are not sRGB carry the profile of their space."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.errors import ExportError
from engines.image_core.export import Format, PngOptions, encode
from engines.image_core.tests.composing import composed, flat, solid
from engines.image_core.tests.profiled import GREY, P3

PIXELS = flat("#c81e32", 40, 30)
FILES = [*Format, *(PngOptions(effort=effort) for effort in ("balanced", "small"))]


def opened(data: bytes) -> Image.Image:
    """A file as Pillow reads it."""
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("options", FILES)
def test_a_file_carries_the_profile(options: Format | PngOptions) -> None:
    """Byte for byte, and the file is the same each time."""
    data = encode(PIXELS, options, P3)
    assert opened(data).info["icc_profile"] == P3
    assert data == encode(PIXELS, options, P3)
    assert "icc_profile" not in opened(encode(PIXELS, options)).info


@pytest.mark.parametrize("options", FILES[:1] + FILES[4:])
def test_a_png_of_grey_with_an_rgb_profile_is_rgb(options: Format | PngOptions) -> None:
    """PNG's grey takes profiles of grey alone; the mark of sRGB is not there beside a profile."""
    data = encode(flat("#808080", 40, 30), options, P3)
    assert opened(data).mode in {"RGB", "P"}
    assert b"sRGB" not in data
    assert np.array_equal(np.asarray(opened(data).convert("RGBA")), flat("#808080", 40, 30))


@pytest.mark.parametrize("format", Format)
def test_a_profile_of_grey_is_refused(format: Format) -> None:
    """Pixels are written as red, green and blue."""
    with pytest.raises(ExportError, match=f"^{format}: a profile of grey cannot be kept: pixels are written"):
        encode(PIXELS, format, GREY)


def test_a_kept_space_is_in_the_file_and_a_converted_one_is_not(tmp_path: Path) -> None:
    """By every way that an image makes files."""
    (tmp_path / "p3.icc").write_bytes(P3)
    with Renderer("numpy", root=tmp_path) as renderer:
        for output, profile in (("keep", P3), ("srgb", None)):
            card = composed(
                solid("#c81e32"), color_profile={"path": "p3.icc"}, output_profile=output, size=(16, 16)
            )
            image = renderer.render(card)
            assert image.icc_profile == profile
            files = image.to_png(), image.to_webp(), image.to_jpeg(), image.to_avif(), image.encode("png")
            assert [opened(data).info.get("icc_profile") for data in files] == [profile] * 5
