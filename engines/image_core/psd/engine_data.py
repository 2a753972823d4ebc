"""What the engine data of a Photoshop file's text layer says, in plain values: the text, its styles, its box.

psd-tools parses the markup, in bounds. Nothing here recurses: each value is fetched by the names on its way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from psd_tools.api.layers import TypeLayer
from psd_tools.constants import Resource
from psd_tools.psd.engine_data import Dict, List

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import MAX_TEXT

__all__ = ["EngineData", "Sheet", "engine_data"]


@dataclass(frozen=True)
class Sheet:
    """The settings of a style or a paragraph: its own, and where it has none the file's normal ones.

    Attributes:
        points: pixels of a point in the document: lengths of the normal settings are in points.
        label: the layer, for messages.
    """

    own: Mapping[str, Any]
    normal: Mapping[str, Any]
    points: float
    label: str

    def raw(self, name: str) -> Any:
        """A setting as psd-tools has it; None where it is missing."""
        found = self.own.get(name)
        return self.normal.get(name) if found is None else found

    def number(self, name: str, default: float) -> float:
        """A setting that is a finite number.

        Raises:
            SourceError: it is none.
        """
        return number(self.raw(name), default, f"{self.label}, text: {name}")

    def length(self, name: str, default: float = 0.0) -> float:
        """A setting that is a length, in pixels of the text's space. default: in points.

        Raises:
            SourceError: it is no finite number.
        """
        found = self.number(name, default)
        return found if self.own.get(name) is not None else found * self.points

    def flag(self, name: str, default: bool = False) -> bool:
        """A setting that is true or false."""
        found = self.raw(name)
        return default if found is None else bool(_plain(found))


@dataclass(frozen=True)
class EngineData:
    """A text layer's engine data.

    Attributes:
        text: as Photoshop has it: paragraphs end with CR, lines within them with U+0003; the CR that ends
            every text is left out.
        styles, paragraphs: for each character the number of its sheet.
        style_sheets, paragraph_sheets: by these numbers.
        fonts: PostScript names, by the numbers that styles have.
        script: size and position of superscripts (1) and subscripts (2), as parts of the size.
        box: left, top, right and bottom of paragraph text, in its own space; None of point text.
    """

    text: str
    styles: tuple[int, ...]
    paragraphs: tuple[int, ...]
    style_sheets: tuple[Sheet, ...]
    paragraph_sheets: tuple[Sheet, ...]
    fonts: tuple[str, ...]
    script: Mapping[int, tuple[float, float]]
    box: tuple[float, float, float, float] | None

    @cached_property
    def used_styles(self) -> tuple[Sheet, ...]:
        """Those that the text's characters have; of an empty text that which it would have."""
        return tuple(self.style_sheets[style] for style in sorted(set(self.styles) or {0}))

    @cached_property
    def kerned(self) -> bool:
        """Whether any of the text is kerned as its font says."""
        return any(style.flag("AutoKerning", True) for style in self.used_styles)


def engine_data(layer: TypeLayer, label: str) -> EngineData:
    """The engine data of a text layer.

    Args:
        layer: as psd-tools reads it.
        label: the layer, for messages.

    Raises:
        SourceError: it is missing or damaged, or the text has more than 100,000 characters.
    """
    engine, resources = layer.engine_dict, layer.resource_dict
    text = _plain(_path(engine, "Editor", "Text"))
    if not isinstance(text, str):
        raise SourceError(f"{label}, text: its engine data is missing or damaged")
    text = text.removesuffix("\r")
    if len(text) > MAX_TEXT:
        raise SourceError(f"{label}, text: {len(text):,} characters: allowed are {MAX_TEXT:,}")
    styles, style_sheets = _runs(text, _child(engine, "StyleRun"), ("StyleSheet", "StyleSheetData"), label)
    paragraphs, sheets = _runs(text, _child(engine, "ParagraphRun"), ("ParagraphSheet", "Properties"), label)
    normal = _normal(resources, "StyleSheetSet", "TheNormalStyleSheet", "StyleSheetData", label)
    plain = _normal(resources, "ParagraphSheetSet", "TheNormalParagraphSheet", "Properties", label)
    points = _points(layer)
    return EngineData(
        text=text,
        styles=styles,
        paragraphs=paragraphs,
        style_sheets=tuple(Sheet(own, normal, points, label) for own in style_sheets),
        paragraph_sheets=tuple(Sheet(own, plain, points, label) for own in sheets),
        fonts=tuple(str(_plain(_child(font, "Name")) or "") for font in _items(_child(resources, "FontSet"))),
        script=_script(Sheet(_settings(resources), {}, points, label)),
        box=_box(engine, label),
    )


def number(value: Any, default: float, label: str) -> float:
    """A value of engine data as a finite number; the default where it is missing.

    Raises:
        SourceError: it is no finite number; the message begins with the label.
    """
    if value is None:
        return default
    plain = _plain(value)
    if not isinstance(plain, int | float) or not math.isfinite(plain):
        raise SourceError(f"{label} is not a number in the file's engine data")
    return float(plain)


def numbers(value: Any, label: str) -> tuple[float, ...]:
    """A list of engine data as finite numbers."""
    return tuple(number(item, 0.0, label) for item in _items(value))


def _points(layer: TypeLayer) -> float:
    """The pixels of a point, of which there are 72 in an inch."""
    resolution = layer._psd.image_resources.get_data(Resource.RESOLUTION_INFO)
    per_inch = int(getattr(resolution, "horizontal", 0)) / 65536
    return per_inch / 72 if per_inch > 0 else 1.0


def _runs(
    text: str, runs: Any, way: tuple[str, str], label: str
) -> tuple[tuple[int, ...], list[dict[str, Any]]]:
    """For each character the number of its run, and the runs' sheets. Lengths count UTF-16 units; the last
    run holds what they leave."""
    sheets = [_settings(_path(run, *way)) for run in _items(_child(runs, "RunArray"))]
    lengths = numbers(_child(runs, "RunLengthArray"), f"{label}, text: RunLengthArray")
    count = min(len(sheets), len(lengths))
    if not count or min(lengths) < 0:
        raise SourceError(f"{label}, text: the lengths of its runs are missing or damaged")
    found, run, end, unit = [], 0, int(lengths[0]), 0
    for character in text:
        while unit >= end and run + 1 < count:
            run += 1
            end += int(lengths[run])
        found.append(run)
        unit += 2 if character > "\uffff" else 1
    return tuple(found), sheets[:count]


def _normal(resources: Any, sheets: str, which: str, name: str, label: str) -> Mapping[str, Any]:
    found = list(_items(_child(resources, sheets)))
    place = int(number(_child(resources, which), 0, f"{label}, text: {which}"))
    return _settings(_child(found[place], name)) if 0 <= place < len(found) else {}


def _script(resources: Sheet) -> dict[int, tuple[float, float]]:
    """Photoshop's own defaults are 0.583 and 0.333."""
    raised = resources.number("SuperscriptSize", 0.583), resources.number("SuperscriptPosition", 0.333)
    lowered = resources.number("SubscriptSize", 0.583), -resources.number("SubscriptPosition", 0.333)
    return {1: raised, 2: lowered}


def _box(engine: Any, label: str) -> tuple[float, float, float, float] | None:
    shapes = list(_items(_path(engine, "Rendered", "Shapes", "Children")))
    shape = _path(shapes[0], "Cookie", "Photoshop") if shapes else None
    if number(_child(shape, "ShapeType"), 0, f"{label}, text: ShapeType") != 1:
        return None
    box = numbers(_child(shape, "BoxBounds"), f"{label}, text: BoxBounds")
    if len(box) != 4 or box[0] >= box[2] or box[1] >= box[3]:
        raise SourceError(f"{label}, text: its box is missing or empty")
    left, top, right, bottom = box
    return left, top, right, bottom


def _settings(value: Any) -> dict[str, Any]:
    """What is in a dictionary, by name; nothing in what is none."""
    return {str(_plain(key)): item for key, item in value.items()} if isinstance(value, Dict) else {}


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _child(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Dict) else None


def _path(value: Any, *names: str) -> Any:
    for name in names:
        value = _child(value, name)
    return value


def _items(value: Any) -> Iterable[Any]:
    """What is in a list; nothing in what is none. psd-tools reads a million values of a file at most."""
    return value if isinstance(value, List) else ()
