"""OpenRaster files that we write: their structure, and the same pixels when they are put together again."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image

from engines.image_core import BlendMode, ImageComposition, LayeredFile, Renderer, write_openraster
from tests.psd.scenes import HEIGHT, WIDTH, Fields, backdrop, painted, scene

SPOT = {"selection": {"type": "ellipse", "points": [[8, 5], [40, 31]]}}


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """NumPy, which defines the pixels."""
    with Renderer("numpy") as opened:
        yield opened


def _archive(file: LayeredFile) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(file.data))


def _layers(stack: Element, archive: zipfile.ZipFile) -> list[Fields]:
    """The elements of a stack as layers of ours, bottom first."""
    return [_layer(element, archive) for element in reversed(stack)]


def _layer(element: Element, archive: zipfile.ZipFile) -> Fields:
    operation = element.get("composite-op", "svg:src-over").removeprefix("svg:")
    mode = {"src-over": "normal", "plus": "add", "src-atop": "normal"}.get(operation, operation)
    fields: Fields = {
        "name": element.get("name"),
        "opacity": float(element.get("opacity", 1)),
        "visible": element.get("visibility", "visible") == "visible",
        "blend_mode": mode,
        "clip": operation == "src-atop",
    }
    if element.tag == "stack":
        if element.get("isolation") == "auto":
            fields["blend_mode"] = "pass-through"
        return {"type": "group", "layers": _layers(element, archive), **fields}
    data = base64.b64encode(archive.read(element.attrib["src"])).decode()
    place = {"x": float(element.attrib["x"]), "y": float(element.attrib["y"])}
    return {"type": "raster", "source": {"data": data}, "transform": place, **fields}


def check(composition: ImageComposition, renderer: Renderer) -> LayeredFile:
    """Write, put together again, and compare each pixel; nothing of it is told to be approximate."""
    file = write_openraster(composition, renderer)
    assert [str(note) for note in file.approximated] == []
    archive = _archive(file)
    stack = fromstring(archive.read("stack.xml")).find("stack")
    assert stack is not None
    again = scene(*_layers(stack, archive))
    assert renderer.render(again).pixel_hash == renderer.render(composition).pixel_hash
    return file


SCENES: dict[str, list[Fields]] = {
    "modes": [painted(2, blend_mode=str(mode), opacity=0.6) for mode in (BlendMode.MULTIPLY, BlendMode.HUE)],
    "groups": [
        {
            "type": "group",
            "blend_mode": "screen",
            "opacity": 0.8,
            "transform": {"x": 5.0, "y": -3.0},
            "layers": [painted(3), {"type": "group", "blend_mode": "pass-through", "layers": [painted(4)]}],
        }
    ],
    "clipped layers": [
        painted(2, blend_mode="multiply", opacity=0.6),
        painted(3, 48, 36, clip=True, opacity=0.4),
    ],
    "clipped in a mode": [painted(2, opacity=0.6), painted(3, 48, 36, clip=True, blend_mode="difference")],
    "masks": [painted(2, 48, 36, opaque=True, mask=SPOT)],
    "a masked group": [{"type": "group", "layers": [painted(3)], "mask": SPOT}],
    "effects": [painted(2, effects=[{"type": "color-overlay", "opacity": 0.5}])],
    "adjustments": [
        painted(2),
        {"type": "adjustment", "adjust": {"type": "invert"}, "mask": SPOT, "name": "invert"},
        painted(4, name="above"),
    ],
    "adjustments through a group": [
        {
            "type": "group",
            "blend_mode": "pass-through",
            "layers": [painted(2), {"type": "adjustment", "adjust": {"type": "invert"}}],
        }
    ],
    "what looks below": [painted(2, blend_if={"gray": {"underlying": [90, 120, 255, 255]}})],
    "hidden layers": [painted(2, visible=False), painted(3)],
}


@pytest.mark.parametrize("background", ["#00000000", "#306090"])
@pytest.mark.parametrize("name", SCENES)
def test_the_same_pixels(name: str, background: str, renderer: Renderer) -> None:
    """Whatever the format has not is drawn."""
    check(scene(backdrop(), *SCENES[name], background_color=background), renderer)


def test_an_adjustment_joins_what_lies_below_it(renderer: Renderer) -> None:
    """It is one layer with that, and what lies above stays."""
    file = check(scene(backdrop(), *SCENES["adjustments"]), renderer)
    stack = fromstring(_archive(file).read("stack.xml")).find("stack")
    assert stack is not None
    assert [element.get("name") for element in stack] == ["above", "invert"]
    told = "layer 'invert' (layers[2]): drawn: it and all below it are one layer of pixels (3 in all)"
    assert [str(note) for note in file.notes] == [told]


def test_a_mode_that_the_format_lacks_is_told(renderer: Renderer) -> None:
    """It is written as plain blending."""
    file = write_openraster(scene(backdrop(), painted(2, blend_mode="linear-burn")), renderer)
    told = "layers[1]: approximated: blend_mode linear-burn is svg:src-over, for the format has no such mode"
    assert [str(note) for note in file.notes] == [told]


def test_the_archive(renderer: Renderer) -> None:
    """The type first and as it is, the merged picture, a small one, and no dates."""
    composition = scene(backdrop(), painted(2))
    file = write_openraster(composition, renderer)
    archive = _archive(file)
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert archive.read("mimetype") == b"image/openraster"
    merged = Image.open(io.BytesIO(archive.read("mergedimage.png"))).convert("RGBA")
    assert np.array_equal(np.asarray(merged), renderer.render(composition).pixels)
    assert Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png"))).size == (WIDTH, HEIGHT)
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert write_openraster(composition, renderer).data == file.data


def test_names_are_text_in_the_xml(renderer: Renderer, tmp_path: Path) -> None:
    """Quotes, angles and what XML has no character for."""
    path = tmp_path / "a.ora"
    write_openraster(scene(painted(2, name='"<&>\x07山')), renderer, path)
    stack = fromstring(zipfile.ZipFile(path).read("stack.xml")).find("stack")
    assert stack is not None
    assert stack[0].get("name") == '"<&>\ufffd山'
