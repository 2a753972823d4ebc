"""Pictures in memory as sources: what is taken, what it is drawn as, and that JSON has none of it."""

from __future__ import annotations

import base64
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from engines.image_core import CompositionError, ImageComposition, Renderer, RenderLimits, SourceError
from engines.image_core.models import RasterSource
from engines.image_core.tests.composing import composed, picture, random_pixels

RGBA = random_pixels(1, 5, 6)


def _layer(array: Any) -> dict[str, Any]:
    return {"type": "raster", "source": {"array": array}}


def _drawn(array: Any, size: tuple[int, int] = (5, 6)) -> NDArray[np.uint8]:
    with Renderer("numpy") as renderer:
        return renderer.render(composed(_layer(array), size=size)).pixels


def _seen(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a canvas keeps of a picture."""
    with Renderer("numpy") as renderer:
        return renderer.render(composed(picture(rgba), size=(rgba.shape[1], rgba.shape[0]))).pixels


def _png(image: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


class Interface:
    """An object that only `__array_interface__` makes an array."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        self.__array_interface__ = array.__array_interface__


class Capsule:
    """An object that only `__dlpack__` makes an array."""

    def __init__(self, array: NDArray[Any], device: int = 1) -> None:
        self._array, self._device = array, device

    def __dlpack__(self, **options: Any) -> Any:
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._device, 0


GREY = RGBA[..., 0]
TAKEN: dict[str, tuple[Any, NDArray[np.uint8]]] = {
    "grey": (GREY, np.dstack([GREY] * 3)),
    "one channel": (GREY[..., None], np.dstack([GREY] * 3)),
    "grey and alpha": (RGBA[..., [0, 3]], RGBA[..., [0, 0, 0, 3]]),
    "RGB": (RGBA[..., :3], RGBA[..., :3]),
    "RGBA": (RGBA, RGBA),
    "Fortran order": (np.asfortranarray(RGBA), RGBA),
    "negative strides": (RGBA[::-1, ::-1, ::-1], np.ascontiguousarray(RGBA[::-1, ::-1, ::-1])),
    "every other column": (RGBA.repeat(2, axis=1)[:, ::2], RGBA),
    "bool": (GREY > 99, np.dstack([(GREY > 99) * np.uint8(255)] * 3)),
    "array interface": (Interface(RGBA), RGBA),
    "DLPack": (Capsule(RGBA), RGBA),
    "PIL image": (Image.fromarray(RGBA), RGBA),
    "open file": (io.BytesIO(_png(Image.fromarray(RGBA))), RGBA),
    "bytes of a file": (_png(Image.fromarray(RGBA)), RGBA),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_taken_is_drawn_as_its_pixels_are(kind: str) -> None:
    """Whatever holds the picture, and however it lies in memory."""
    array, expected = TAKEN[kind]
    if expected.shape[2] == 3:
        expected = np.dstack([expected, np.full(expected.shape[:2], 255, np.uint8)])
    assert np.array_equal(_drawn(array), _seen(expected))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([[0, 128, 129, 65535]], np.uint16), [0, 0, 1, 255]),
        (np.array([[0, 128, 129, 65535]], ">u2"), [0, 0, 1, 255]),
        (np.array([[0, 0.5, 127.4 / 255, 1]], np.float64), [0, 128, 127, 255]),
        (np.array([[0, 0.5, 0.25, 1]], np.float16), [0, 128, 64, 255]),
        (np.array([[0, 0.5, 0.25, 1]], ">f4"), [0, 128, 64, 255]),
    ],
)
def test_wider_samples_are_rounded_to_nearest(array: NDArray[Any], expected: list[int]) -> None:
    """65535 and 1.0 are 255."""
    assert _drawn(array, (4, 1))[0, :, 0].tolist() == expected


def test_an_array_is_drawn_as_a_file_of_it() -> None:
    """In a canvas's own space too, in which greys go by tables of their own."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    image = Image.fromarray(GREY)
    image.info["icc_profile"] = srgb
    assert np.array_equal(_drawn(image), _drawn(io.BytesIO(_png(image, icc_profile=srgb))))
    image.info["icc_profile"] = xyz
    with pytest.raises(SourceError, match="embedded colour profile is for Lab pixels"):
        _drawn(image)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "I;16"]
)
def test_an_image_of_every_mode_is_what_pillow_shows(mode: str) -> None:
    """As Pillow converts it, 16 bits but for their rounding."""
    base = Image.fromarray(RGBA)
    image = Image.fromarray(GREY.astype(np.uint16) * 257) if mode == "I;16" else _in_mode(base, mode)
    expected = Image.fromarray(GREY) if mode == "I;16" else image.convert("LA") if mode == "La" else image
    assert np.array_equal(_drawn(image), _seen(np.asarray(expected.convert("RGBA"))))


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    steps = {"La": ["LA"], "PA": ["P"], "YCbCr": ["RGB"], "CMYK": ["RGB"], "P": ["RGB"], "1": ["L"]}
    for step in [*steps.get(mode, []), mode]:
        image = image.convert(step)
    return image


def test_a_transparent_colour_of_an_image_is_transparent() -> None:
    """As in the file that Pillow would save."""
    image = Image.fromarray(RGBA[..., :3])
    image.info["transparency"] = tuple(map(int, RGBA[2, 3, :3]))
    assert _drawn(image)[2, 3, 3] == 0


def test_orientation_is_left_to_who_gives_the_image(tmp_path: Path) -> None:
    """A program may have turned the image already, which its EXIF does not tell."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(RGBA).save(tmp_path / "a.png", exif=exif)
    with Image.open(tmp_path / "a.png") as image:
        assert np.array_equal(_drawn(image), _seen(RGBA))
        turned = ImageOps.exif_transpose(image)
    assert np.array_equal(_drawn(turned, (6, 5)), _drawn((tmp_path / "a.png").read_bytes(), (6, 5)))


CLOSED = io.BytesIO()
CLOSED.close()
REFUSED: dict[str, tuple[Any, str]] = {
    "a list": ([[0]], "a value of type list"),
    "a text": ("a.png", "a value of type str"),
    "no channels": (np.zeros(3, np.uint8), r"an array of shape \(3,\)"),
    "five channels": (np.zeros((2, 2, 5), np.uint8), r"an array of shape \(2, 2, 5\)"),
    "channels first": (np.zeros((3, 9, 9)), r"channels come last, as after array.transpose\(1, 2, 0\)"),
    "int64": (np.zeros((2, 2), np.int64), "an array of int64 is not allowed: allowed are uint8"),
    "objects": (np.full((2, 2), None), "an array of object"),
    "complex": (np.zeros((2, 2), complex), "an array of complex128"),
    "records": (np.zeros((2, 2), "u1,u1"), "an array of"),
    "texts": (np.full((2, 2), "a"), "an array of <U1"),
    "above 1": (np.full((2, 2), 1.5), "1.5 is not allowed in an array of float64: allowed is 0 to 1"),
    "below 0": (np.full((2, 2), -0.5, np.float32), "-0.5 is not allowed in an array of float32"),
    "not a number": (np.full((2, 2), np.nan), "nan is not allowed"),
    "nothing": (np.zeros((0, 2), np.uint8), "2 x 0 has no pixels"),
    "masked": (np.ma.zeros((2, 2), np.uint8), "a masked array"),
    "too large": (np.broadcast_to(np.uint8(1), (1 << 20, 1 << 20)), "1048576 x 1048576 is too large"),
    "another device": (Capsule(RGBA, device=2), "lies in the memory of another device"),
    "wide integers of an image": (Image.new("I", (2, 2)), "an image of mode I "),
    "a closed file": (CLOSED, "this file cannot be read"),
    "an empty file": (io.BytesIO(), "nothing is left to read"),
    "a file of text": (io.StringIO("a"), "opened as binary"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_says_why(kind: str) -> None:
    """In one line that names the layer, and before anything is copied."""
    value, reason = REFUSED[kind]
    with pytest.raises(CompositionError, match=reason) as told:
        composed(_layer(value) | {"name": "pic"})
    assert "layer 'pic', layers[0].source" in str(told.value)
    with pytest.raises(CompositionError, match=reason):
        RasterSource(array=value)


def test_a_renderers_limit_holds_for_arrays() -> None:
    """That a model was made says nothing of the renderer."""
    with (
        Renderer("numpy", limits=RenderLimits(source_pixels=29)) as renderer,
        pytest.raises(SourceError, match="5 x 6 is too large: allowed are 29 pixels"),
    ):
        renderer.render(composed(_layer(RGBA)))


def test_a_later_change_changes_nothing() -> None:
    """Arrays and images are copied."""
    array, image = RGBA.copy(), Image.fromarray(RGBA)
    cards = [composed(_layer(one), size=(5, 6)) for one in (array, image)]
    array[:] = 0
    image.paste((0, 0, 0, 0), (0, 0, 5, 6))
    with Renderer("numpy") as renderer:
        for card in cards:
            assert np.array_equal(renderer.render(card).pixels, _seen(RGBA))


def test_equal_content_is_one_source_and_other_content_another() -> None:
    """By the hash of the plan, and by what is kept."""
    with Renderer("numpy") as renderer:
        first = renderer.render(composed(_layer(RGBA)))
        again = renderer.render(composed(_layer(Image.fromarray(RGBA))))
        other = renderer.render(composed(_layer(RGBA[::-1])))
    assert again.pipeline_hash == first.pipeline_hash != other.pipeline_hash
    assert (again.cache["sources"]["misses"], other.cache["sources"]["misses"]) == (0, 1)


def test_json_has_no_arrays() -> None:
    """Not written, not read, and not in the schema; whatever else has them keeps them."""
    card = composed(_layer(RGBA) | {"name": "pic"})
    for dump in (card.model_dump_json, lambda: card.model_dump(mode="json")):
        with pytest.raises(
            CompositionError, match=r"'pic'.*source.array: a picture in memory is not written to"
        ):
            dump()
    with pytest.raises(CompositionError, match=r"source.array: a value of type list is not allowed"):
        ImageComposition.model_validate_json(
            composed(picture(RGBA))
            .model_dump_json()
            .replace('"data":"', '"array":["')
            .replace('","psd', '"],"psd')
        )
    assert "array" not in RasterSource.model_json_schema()["properties"]
    assert "array" not in RasterSource(path="a").model_dump_json()
    assert ImageComposition.model_validate(card.model_dump()) == card
    assert pickle.loads(pickle.dumps(card)) == card


def test_a_file_in_array_is_data(tmp_path: Path) -> None:
    """So it can be written to JSON; `of` takes paths as well."""
    (tmp_path / "a.png").write_bytes(_png(Image.fromarray(RGBA)))
    with (tmp_path / "a.png").open("rb") as file:
        source = RasterSource(array=file)
    data = base64.b64encode((tmp_path / "a.png").read_bytes()).decode()
    assert source.model_dump(exclude_defaults=True) == {"data": data}
    assert RasterSource.of(tmp_path / "a.png").path == str(tmp_path / "a.png")
    assert RasterSource.of(RGBA) == RasterSource(array=RGBA)
