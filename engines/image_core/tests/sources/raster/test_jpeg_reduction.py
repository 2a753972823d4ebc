"""JPEGs shown much smaller than they are: decoded at a fraction of their size, placed as if in full."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage import data as photographs

from engines.image_core import Renderer
from engines.image_core.models import RasterLayer
from engines.image_core.planning.fitting import jpeg_factor
from engines.image_core.sources.raster.decoding import decode_image, jpeg_size
from engines.image_core.tests.composing import composed, file_data

CANVAS = (1200, 630)


def jpeg(pixels: NDArray[np.uint8], orientation: int = 1, **options: Any) -> bytes:
    """The pixels as a JPEG file of quality 90 with an EXIF orientation."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(out, "JPEG", quality=90, exif=exif, **options)
    return out.getvalue()


def layer(**fields: Any) -> RasterLayer:
    """A raster layer of some file."""
    return RasterLayer.model_validate({"type": "raster", "source": {"path": "photo.jpg"}, **fields})


@pytest.mark.parametrize(
    ("fields", "size", "factor"),
    [
        ({"fit": "cover"}, (4000, 3000), 2),  # reduced by 3.33, of which 1.67 is left
        ({"fit": "cover"}, (3600, 2400), 2),  # by 3 exactly
        ({"fit": "cover"}, (3599, 2400), 1),
        ({"fit": "cover"}, (7200, 4800), 4),
        ({"fit": "cover"}, (14400, 9600), 8),
        ({"fit": "contain"}, (3600, 2400), 2),
        ({"fit": "fill", "width": 400, "height": 1000}, (4000, 2000), 1),  # down, only by 2
        ({"fit": "none"}, (4000, 3000), 1),
        ({"fit": "none", "transform": {"scale": 0.25}}, (4000, 3000), 2),
        ({"fit": "none", "transform": {"scale": 0.25, "scale_y": 0.5}}, (4000, 3000), 1),
        ({"fit": "none", "transform": {"scale": 0.25, "rotation": 30}}, (4000, 3000), 2),
        ({"fit": "none", "transform": {"scale": 0.01}}, (4000, 3000), 8),
        ({"fit": "none", "transform": {"scale": 0.01}}, (4000, 3), 2),  # never to less than a pixel
    ],
)
def test_a_jpeg_is_reduced_as_far_as_leaves_a_reduction_by_one_and_a_half(
    fields: dict[str, Any], size: tuple[int, int], factor: int
) -> None:
    """What fit and transform make of the picture's own size decides, along the axis reduced least."""
    assert jpeg_factor(layer(**fields), *size, CANVAS) == factor


def test_only_a_jpeg_has_a_size_to_reduce() -> None:
    """Other formats are decoded in full; a sideways JPEG's size is that of the upright picture."""
    pixels = np.zeros((20, 30, 3), np.uint8)
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, "PNG")
    assert jpeg_size(png.getvalue(), "x") is None
    assert jpeg_size(jpeg(pixels), "x") == (30, 20)
    assert jpeg_size(jpeg(pixels, orientation=6), "x") == (20, 30)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("factor", [2, 4, 8])
def test_a_reduced_picture_lies_where_the_whole_one_does(orientation: int, factor: int) -> None:
    """In every orientation each pixel is the mean of its square, also of a size that does not divide."""
    height, width = 83, 101
    ramp = np.add.outer(np.arange(height), np.arange(width))
    pixels = np.repeat((ramp + 30).astype(np.uint8)[..., None], 3, axis=2)
    data = jpeg(pixels, orientation, subsampling=0)
    whole, small = decode_image(data, "x"), decode_image(data, "x", factor)
    reduced = small.reduced
    assert reduced is not None
    assert (reduced.width, reduced.height) == (whole.width, whole.height)
    assert small.content_hash != whole.content_hash
    for row, column in ((1, 1), (small.height // 2, small.width // 2), (small.height - 2, small.width - 2)):
        top, left = reduced.top + row * factor, reduced.left + column * factor
        square = whole.pixels[top : top + factor, left : left + factor, 0]
        assert abs(float(small.pixels[row, column, 0]) - float(square.mean())) <= 3  # libjpeg's rounding


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_picture_fills_its_box_to_the_edges(orientation: int, renderer: Renderer) -> None:
    """A size that the factor does not divide leaves no seam: a one-colour JPEG fills the canvas opaquely."""
    data = jpeg(np.full((203, 311, 3), 200, np.uint8), orientation)
    pixels = renderer.render(composed(shown(data, fit="fill"), size=(40, 30))).pixels
    assert (pixels[..., 3] == 255).all()
    assert np.ptp(pixels[..., :3].astype(int)) <= 1


def test_a_reduced_picture_is_near_the_whole_one_and_the_same_on_both_backends(
    numpy_renderer: Renderer, gl_renderer: Renderer
) -> None:
    """GL and NumPy give the same bytes, within libjpeg's own reduction of a PNG of the same pixels."""
    data = jpeg(photographs.astronaut())
    png = file_data(Image.open(io.BytesIO(data)))
    reduced = composed(shown(data, fit="cover"), size=(150, 100))
    whole = numpy_renderer.render(composed(shown(png, fit="cover"), size=(150, 100)))
    image = numpy_renderer.render(reduced)
    assert gl_renderer.render(reduced).pixel_hash == image.pixel_hash
    difference = image.pixels.astype(float) - whole.pixels
    assert 0 < np.sqrt((difference**2).mean()) < 2


def test_layers_that_show_one_picture_at_different_sizes_do_not_change_each_other(renderer: Renderer) -> None:
    """Each layer has the picture at the fraction that it needs alone."""
    data = jpeg(photographs.coffee())
    small, large = shown(data, fit="fill", width=60, height=40), shown(data, transform={"x": 100})
    together = renderer.render(composed(small, large, size=(300, 100))).pixels
    assert (together[:, :60] == renderer.render(composed(small, size=(300, 100))).pixels[:, :60]).all()
    assert (together[:, 100:] == renderer.render(composed(large, size=(300, 100))).pixels[:, 100:]).all()


def shown(data: bytes, **fields: Any) -> dict[str, Any]:
    """A raster layer of a file in the composition."""
    return {"type": "raster", "source": {"data": base64.b64encode(data).decode()}, **fields}
