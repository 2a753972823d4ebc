"""Compositions as Python writes them are those of JSON, and results go where Python's libraries take them."""

from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from engines.image_core import (
    Adjustment,
    Barcode,
    Composition,
    CompositionError,
    EllipseShape,
    ExportError,
    Exposure,
    Fill,
    Group,
    ImageComposition,
    LinearGradient,
    Picture,
    QrCode,
    Renderer,
    Shape,
    StrokeEffect,
    Svg,
    Text,
    TextRun,
)
from engines.image_core.composition.shapes import GradientStop

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0H4V4Z"/></svg>'
STOPS = [{"offset": 0, "color": "#000000"}, {"offset": 1, "color": "#ffffff"}]

WRITTEN: list[dict[str, Any]] = [
    {"type": "raster", "source": {"color": {"type": "linear", "stops": STOPS}}},
    {"type": "raster", "source": {"path": "a.png"}, "fit": "cover", "width": 20,
     "transform": {"x": 4, "y": 2}},
    {"type": "vector", "shapes": [
        {"type": "ellipse", "cx": 9, "cy": 9, "rx": 5, "ry": 4, "fill": "#ff7a45"}]},
    {"type": "vector", "svg": SVG, "width": 12},
    {"type": "vector", "width": 90, "transform": {"x": 3},
     "code": {"type": "qr", "data": "a", "error_correction": "H", "color": "#102040"}},
    {"type": "vector", "width": 339, "height": 80, "code": {"type": "ean13", "data": "400638133393"}},
    {"type": "group", "opacity": 0.5, "layers": [
        {"type": "text", "text": "Hi", "size": 20, "effects": [{"type": "stroke", "size": 2}],
         "transform": {"x": 32, "y": 16, "anchor": "center"}},
        {"type": "text", "runs": [{"text": "a"}, {"text": "b", "weight": 700}]}]},
    {"type": "adjustment", "adjust": {"type": "exposure", "exposure": -1}},
]  # fmt: skip


def made() -> Composition:
    """The same in Python."""
    stops = (GradientStop(offset=0, color="#000000"), GradientStop(offset=1, color="#ffffff"))
    return Composition.canvas(64, 32).add(
        Fill(LinearGradient(stops=stops)),
        Picture(Path("a.png"), fit="cover", width=20, x=4, y=2),
        Shape(EllipseShape(cx=9, cy=9, rx=5, ry=4, fill="#ff7a45")),
        Svg(SVG, width=12),
        QrCode("a", error_correction="H", color="#102040", width=90, x=3),
        Barcode("ean13", "400638133393", width=339, height=80),
        Group(
            Text("Hi", size=20, effects=[StrokeEffect(size=2)], x=32, y=16, anchor="center"),
            Text("a", TextRun(text="b", weight=700)),
            opacity=0.5,
        ),
        Adjustment(Exposure(exposure=-1)),
    )


def test_python_and_json_make_the_same_composition(tmp_path: Path) -> None:
    """Equal models, so equal hashes; what is drawn is the same too."""
    PIL.Image.new("RGB", (8, 8), "#3366cc").save(tmp_path / "a.png")
    document = {"tenant_id": "local", "env": "local", "width": 64, "height": 32, "layers": WRITTEN}
    read = ImageComposition.model_validate(document)
    assert made() == read
    with Renderer("numpy", root=tmp_path) as renderer:
        assert renderer.plan(made()).plan.pipeline_hash == renderer.plan(read).plan.pipeline_hash


def test_adding_leaves_a_composition_as_it_is() -> None:
    """`add` gives another one, with the layers on top."""
    empty = Composition.canvas(8, 8, background_color="#ffffff")
    one = empty.add(Fill("#ff0000"))
    two = one.add(Text("Hi"))
    assert [type(layer).__name__ for layer in two.layers] == ["RasterLayer", "TextLayer"]
    assert (len(empty.layers), len(one.layers)) == (0, 1)
    assert one.background_color == "#ffffff"


def test_faults_are_told_with_the_model() -> None:
    """A keyword that is not there is guessed; a transform is given once."""
    with pytest.raises(CompositionError, match=r"^TextLayer, sise: .*did you mean 'size'\?"):
        Text("Hi", sise=3)
    with pytest.raises(CompositionError, match=r"^Text: give either transform or x, not both$"):
        Text("Hi", x=3, transform={"y": 2})
    with pytest.raises(CompositionError, match="has clip and no layer below it"):
        Composition.canvas(8, 8).add(Text("Hi", clip=True))


def test_pictures_in_memory_are_sources() -> None:
    """An array comes out as it went in."""
    pixels = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    with Renderer("numpy") as renderer:
        image = renderer.render(Composition.canvas(5, 4).add(Picture(pixels)))
    assert np.array_equal(image.pixels[..., :3], pixels)


def test_results_in_python(tmp_path: Path) -> None:
    """As arrays, PIL images and files."""
    with Renderer("numpy") as renderer:
        image = renderer.render(Composition.canvas(5, 4).add(Fill("#ff800080")))
    assert np.asarray(image) is image.pixels
    assert np.array(image).flags.writeable
    assert np.asarray(image, dtype=np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="copy"):
        np.asarray(image, dtype=np.float32, copy=False)
    assert np.array_equal(np.asarray(image.to_pil()), image.pixels)
    image.save(tmp_path / "a.webp", lossless=True)
    assert (tmp_path / "a.webp").read_bytes() == image.to_webp(lossless=True)
    with pytest.raises(ExportError, match=r"its suffix is not of a format: did you mean 'webp'\?"):
        image.save(tmp_path / "a.wepb")
    with pytest.raises(ExportError, match=r"qualty: webp has no such setting: did you mean 'quality'\?"):
        image.save(str(tmp_path / "b.webp"), qualty=3)


def _any(value: Any) -> Any:
    """A value of a type that mypy would refuse."""
    return value


def test_lists_numbers_and_single_effects_are_told_as_python_has_them() -> None:
    """A line for what people write at first, in the words of what they wrote."""
    stroke = StrokeEffect(size=4, color="black")
    for make, told in (
        (
            lambda: Composition.canvas(9, 9).add(_any([Text("Hi")])),
            "add: a list is not allowed: give its layers one",
        ),
        (lambda: Text(_any(2024)), "Text: 2024 is not allowed: allowed is a string or a TextRun"),
        (
            lambda: Text("Hi", effects=stroke),
            "TextLayer, effects: StrokeEffect is not allowed: allowed is a list",
        ),
        (lambda: Text("Hi", font_size=20), "there is no such field: did you mean 'size'?"),
        (lambda: Text("Hi", color=(255, 0, 0)), "color: allowed is a color, such as '#ff4400', or a paint"),
    ):
        with pytest.raises(CompositionError) as caught:
            make()
        assert told in str(caught.value)
