"""Photoshop files with a text layer, made of engine data that tests write."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image
from psd_tools import PSDImage
from psd_tools.api.layers import TypeLayer
from psd_tools.constants import Resource, Tag
from psd_tools.psd.descriptor import DescriptorBlock, Enumerated, RawData, String
from psd_tools.psd.image_resources import ImageResource, ResoulutionInfo
from psd_tools.psd.tagged_blocks import TaggedBlocks

__all__ = ["PLAIN", "engine", "give_text", "opened", "type_layer"]

PLAIN: dict[str, Any] = {"Font": 0, "FontSize": 20.0}
"""A style, in the first font."""

_NORMAL = {
    "Font": 0,
    "FontSize": 12.0,
    "AutoLeading": True,
    "FillColor": {"Type": 1, "Values": [1.0, 0.0, 0.0, 0.0]},
}
_PARAGRAPH = {"Justification": 0, "AutoLeading": 1.2}


def engine(
    runs: Sequence[tuple[str, Mapping[str, Any]]] = (("Hello", PLAIN),),
    *,
    paragraphs: Sequence[Mapping[str, Any]] = ({},),
    fonts: Sequence[str] = ("SourceSansPro-Regular", "SourceSansPro-Bold"),
    box: Sequence[float] | None = None,
    normal: Mapping[str, Any] = _NORMAL,
) -> dict[str, Any]:
    """Engine data as Photoshop writes it.

    Args:
        runs: texts, paragraphs ended by CR, and their styles; the CR at the end comes by itself.
        paragraphs: the properties of each paragraph, the last of all that follow.
        fonts: PostScript names.
        box: left, top, right and bottom of paragraph text.
        normal: the file's default style.
    """
    texts = [text for text, _ in runs]
    texts[-1] += "\r"
    text = "".join(texts)
    lines = [f"{line}\r" for line in text.split("\r")[:-1]]
    given = [paragraphs[min(number, len(paragraphs) - 1)] for number in range(len(lines))]
    photoshop = {"ShapeType": 0, "PointBase": [0.0, 0.0]} if box is None else _box(box)
    return {
        "EngineDict": {
            "Editor": {"Text": text},
            "ParagraphRun": {
                "RunArray": [
                    {"ParagraphSheet": {"DefaultStyleSheet": 0, "Properties": own}} for own in given
                ],
                "RunLengthArray": [_units(line) for line in lines],
            },
            "StyleRun": {
                "RunArray": [{"StyleSheet": {"StyleSheetData": style}} for _, style in runs],
                "RunLengthArray": [_units(own) for own in texts],
            },
            "Rendered": {"Shapes": {"Children": [{"Cookie": {"Photoshop": photoshop}}]}},
        },
        "ResourceDict": {
            "FontSet": [{"Name": name} for name in fonts],
            "TheNormalStyleSheet": 0,
            "TheNormalParagraphSheet": 0,
            "StyleSheetSet": [{"Name": "Normal", "StyleSheetData": normal}],
            "ParagraphSheetSet": [{"Name": "Normal", "Properties": _PARAGRAPH}],
        },
    }


def _box(box: Sequence[float]) -> dict[str, Any]:
    return {"ShapeType": 1, "BoxBounds": [float(side) for side in box]}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def type_layer(
    data: Mapping[str, Any] | bytes,
    *,
    transform: Sequence[float] = (1.0, 0.0, 0.0, 1.0, 10.0, 40.0),
    warp: str = "warpNone",
    smoothing: bytes = b"AnCr",
    vertical: bool = False,
    resolution: float = 72.0,
) -> TypeLayer:
    """The one layer of a file that was written and read again.

    Args:
        data: engine data, or its bytes.
        transform: xx, xy, yx, yy, tx, ty.
        warp, smoothing: Photoshop's names of them.
        vertical: whether it is written in columns.
        resolution: pixels in an inch of the document.
    """
    psd = PSDImage.new("RGB", (200, 100))
    layer = psd.create_pixel_layer(Image.new("RGBA", (8, 8), "red"), name="Title")
    give_text(
        layer._record.tagged_blocks, data,
        transform=transform, warp=warp, smoothing=smoothing, vertical=vertical,
    )  # fmt: skip
    per_inch = round(resolution * 65536)
    info = ResoulutionInfo(per_inch, 1, 1, per_inch, 1, 1)
    psd.image_resources[Resource.RESOLUTION_INFO] = ImageResource(key=Resource.RESOLUTION_INFO, data=info)
    file = io.BytesIO()
    psd.save(file)
    return opened(file.getvalue())


def give_text(
    blocks: TaggedBlocks,
    data: Mapping[str, Any] | bytes,
    *,
    transform: Sequence[float],
    warp: str = "warpNone",
    smoothing: bytes = b"AnCr",
    vertical: bool = False,
) -> None:
    """Have the layer that blocks are of be a type layer. Arguments as of `type_layer`."""
    text = DescriptorBlock(name="", classID=b"TxLr")
    text[b"Txt "] = String("")
    text[b"Ornt"] = Enumerated(b"Ornt", b"Vrtc" if vertical else b"Hrzn")
    text[b"AntA"] = Enumerated(b"Annt", smoothing)
    text[b"EngineData"] = RawData(data if isinstance(data, bytes) else markup(data))
    bend = DescriptorBlock(name="", classID=b"warp")
    bend[b"warpStyle"] = Enumerated(b"warpStyle", warp.encode())
    blocks.set_data(
        Tag.TYPE_TOOL_OBJECT_SETTING,
        version=1, transform=tuple(transform), text_version=50, text_data=text, warp_version=1, warp=bend,
    )  # fmt: skip


def opened(file: bytes) -> TypeLayer:
    """The one layer of a file."""
    [layer] = PSDImage.open(io.BytesIO(file))
    assert isinstance(layer, TypeLayer)
    return layer


def markup(value: Any) -> bytes:
    """A value in the language of engine data."""
    match value:
        case bool():
            return b"true" if value else b"false"
        case int():
            return b"%d" % value
        case float():
            return b"%.5f" % value
        case str():
            units = value.encode("utf-16-be", "surrogatepass")
            for mark in (b"\\", b"(", b")"):
                units = units.replace(mark, b"\\" + mark)
            return b"(\xfe\xff" + units + b")"
        case Mapping():
            pairs = (b"/%s %s" % (name.encode(), markup(item)) for name, item in value.items())
            return b"<<\n" + b"\n".join(pairs) + b"\n>>"
        case _:
            return b"[ " + b" ".join(map(markup, value)) + b" ]"
