"""Decoding mask files: one grey channel of the canvas's size, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engines.image_core.errors import SourceError
from engines.image_core.sources.raster.decoding import decode_mask
from engines.image_core.tests.encoded import encoded, png

LABEL = "layer 'photo' (layers[0])"


@pytest.mark.parametrize("mode", ["L", "1"])
def test_masks(mode: str) -> None:
    """A grey or bilevel file of the canvas's size is a mask, its values unchanged."""
    image = Image.fromarray(np.arange(35, dtype=np.uint8).reshape(7, 5) * 7).convert(mode)
    mask = decode_mask(encoded(image, "PNG"), (5, 7), LABEL)
    assert np.array_equal(mask.pixels, np.array(image.convert("L")))
    assert not mask.pixels.flags.writeable


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "I;16"])
def test_masks_of_another_kind_are_refused(mode: str) -> None:
    """Colour, alpha, palette and 16 bits are errors that name the allowed kind and the given one."""
    with pytest.raises(SourceError, match=f"single-channel 8-bit grey .* but this PNG is of mode {mode}"):
        decode_mask(encoded(Image.new(mode, (4, 4)), "PNG"), (4, 4), LABEL)


def test_mask_with_a_transparent_colour_is_refused() -> None:
    """Grey with tRNS has alpha by another name."""
    with pytest.raises(SourceError, match="with a transparent colour"):
        decode_mask(png(np.zeros((2, 2, 1), np.uint8), 0, 8, trns=b"\0\0"), (2, 2), LABEL)


def test_mask_of_another_size_is_refused() -> None:
    """The message gives both sizes."""
    with pytest.raises(SourceError, match="size, 1200 x 630, but this one is 4 x 3"):
        decode_mask(encoded(Image.new("L", (4, 3)), "PNG"), (1200, 630), LABEL)
