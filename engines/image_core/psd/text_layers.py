"""Live text of Photoshop files: type layers as compositions' text layers, with a text of one's own."""

from __future__ import annotations

import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from psd_tools.api.layers import Layer, TypeLayer
from psd_tools.constants import BlendMode, Tag

from engines.image_core.psd.engine_data import EngineData, engine_data
from engines.image_core.psd.text_gamma import text_gamma
from engines.image_core.psd.text_paragraphs import SOFT_BREAK, paragraph_fields, paragraph_sheets
from engines.image_core.psd.text_placing import place_fields, placing
from engines.image_core.psd.text_replacing import NewText, Run, merged, replaced
from engines.image_core.psd.text_styles import Note, Scale, run_fields

__all__ = ["TextFields", "layer_has_text", "recolored", "text_fields"]

_UNWARPED = ("", "none")
_HARD = b"Anno"


@dataclass(frozen=True)
class TextFields:
    """A text layer.

    Attributes:
        fields: of a composition's layer of type "text", as JSON holds them: the text in runs, its place and
            how it is mixed; a caller adds the layer's name, opacity, mask and the like.
        approximated: what is not drawn as Photoshop draws it, each a short sentence without its end.
        fonts: the PostScript names of the fonts that it needs, in order.
        runs: the texts of its parts of one style each.
    """

    fields: dict[str, Any]
    approximated: tuple[str, ...]
    fonts: tuple[str, ...]
    runs: tuple[str, ...]


def layer_has_text(layer: Layer) -> bool:
    """Whether it is a type layer whose text is in the file (of Photoshop 6 and later)."""
    return layer.kind == "type" and Tag.TYPE_TOOL_OBJECT_SETTING in layer.tagged_blocks


def recolored(fields: dict[str, Any], color: str) -> dict[str, Any]:
    """A text layer's fields with another colour for all of its runs."""
    runs = fields.get("runs")
    own = {} if runs is None else {"runs": [{**run, "color": color} for run in runs]}
    return {**fields, **own, "color": color}


def text_fields(layer: TypeLayer, text: NewText | None = None) -> TextFields:
    """A Photoshop file's type layer as the fields of a text layer.

    The fonts are named by their PostScript names. Colours are the file's, in its own colour space. Lengths
    are in pixels of the document: the layer's scale is part of them.

    Args:
        layer: as psd-tools reads it.
        text: the new text, or one for each run, as `replaced` has it; None keeps the file's own.

    Raises:
        SourceError: its data is damaged, or it has more than 100,000 characters.
        CompositionError: the new text is a list of another length than the text has runs.
    """
    label = f"layer {layer.name!r}"
    notes: dict[str, None] = {}
    note: Note = notes.setdefault
    data = engine_data(layer, label)
    vertical = _vertical(layer)
    place = placing(layer, data, label, note)
    runs = merged(_runs(data, place.scale, note))
    paragraph = paragraph_sheets(data)[0]
    fields: dict[str, Any] = {"type": "text", "leading": "above"}
    fields |= paragraph_fields(data, place.scale, _language(runs), note)
    fields |= place_fields(place, data, paragraph, fields["align"], vertical=vertical, note=note)
    if vertical:
        fields["writing_mode"] = "vertical-rl"
    _note_look(layer, data, vertical, note)
    gamma = text_gamma(layer) if layer.blend_mode == BlendMode.NORMAL else None
    if gamma is not None:
        fields["blend_gamma"] = gamma
    if text is not None:
        runs = replaced(runs, text, label)
    fonts = dict.fromkeys(run.style["font"] for run in runs if "font" in run.style)
    return TextFields(
        fields | _written(runs), tuple(notes), tuple(map(str, fonts)), tuple(run.text for run in runs)
    )


def _runs(data: EngineData, scale: Scale, note: Note) -> Iterator[Run]:
    """The text's runs, in one style each, lines parted by LF."""
    sheets = list(zip(data.styles, data.paragraphs, strict=True)) or [(0, 0)]
    start = 0
    for (style, paragraph), group in itertools.groupby(sheets):
        end = start + len(list(group))
        own, around = data.style_sheets[style], data.paragraph_sheets[paragraph]
        fields = run_fields(data, own, around, scale, note)
        yield Run(_characters(data.text[start:end], note), fields)
        start = end


def _characters(text: str, note: Note) -> str:
    """A text as compositions have it: of control characters line breaks and tabs."""
    lines = text.replace("\r", "\n").replace(SOFT_BREAK, "\n")
    kept = "".join(c for c in lines if unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t")
    if len(kept) < len(lines):
        note("control characters of its text are left out")
    return kept


def _written(runs: list[Run]) -> dict[str, Any]:
    """Runs as fields of a layer: what most of the text has stands there once, and in runs what differs."""
    if len(runs) == 1:
        [(text, style)] = runs
        return {"text": text or " ", **style}
    counted = Counter[str]()
    for text, style in runs:
        counted[_key(style)] += len(text)
    [(most, _)] = counted.most_common(1)
    common = next(run.style for run in runs if _key(run.style) == most)
    written = []
    for text, style in runs:
        own = {name: value for name, value in style.items() if name not in common or common[name] != value}
        written.append({"text": text, **own})
    shared = {name: value for name, value in common.items() if all(name in run.style for run in runs)}
    return {"runs": written, **shared}


def _key(style: Mapping[str, Any]) -> str:
    return json.dumps(style, sort_keys=True, default=str)


def _language(runs: list[Run]) -> str:
    return str(max(runs, key=lambda run: len(run.text)).style["language"])


def _vertical(layer: TypeLayer) -> bool:
    return _enum(layer._data.text_data, b"Ornt") == b"Vrtc"


def _antialiasing(layer: TypeLayer) -> bytes:
    """How a text's edges are smoothed. With the operating system's greys it is mixed plainly."""
    return _enum(layer._data.text_data, b"AntA")


def _note_look(layer: TypeLayer, data: EngineData, vertical: bool, note: Note) -> None:
    warp = _enum(layer.warp, b"warpStyle").decode("ascii", "replace").removeprefix("warp").lower()
    if warp not in _UNWARPED:
        note(f"its warp {warp!r} is not drawn")
    if _antialiasing(layer) == _HARD:
        note("its letters' edges are smooth")
    if vertical and data.box is not None:
        note("its first column may lie some pixels from its place")


def _enum(descriptor: Any, key: bytes) -> bytes:
    found = None if descriptor is None else descriptor.get(key)
    return bytes(getattr(found, "enum", b""))
