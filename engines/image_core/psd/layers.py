"""What is told of a Photoshop file's layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from psd_tools.api.layers import Layer

from engines.image_core.psd.adjustments import is_adjustment
from engines.image_core.psd.artboards import artboard_box
from engines.image_core.psd.document import Document
from engines.image_core.psd.effects import mode_name
from engines.image_core.psd.masks import FILLS, is_shape
from engines.image_core.psd.smart_objects import SmartObject, not_drawn, smart_object
from engines.image_core.psd.text_layers import layer_has_text, text_fields

__all__ = ["PsdLayer", "layer_kind", "tell_layers", "walk"]


@dataclass(frozen=True)
class PsdLayer:
    """A layer of a Photoshop file.

    Attributes:
        number: its place among all records of the file, the lowest first, counted from 0.
        id: the number that Photoshop knows it by; None where the file has none.
        name: its name, which other layers may have too.
        path: the names of the groups around it and its own, with slashes between.
        kind: pixels, text, smart object, shape, fill, adjustment, group or artboard.
        box: the left, top, right and bottom edge of its pixels in the canvas's, of a group of all in it.
        visible: whether it is shown, if the groups around it are.
        blend_mode: as compositions call it.
        opacity: 0 ... 1.
        text: of a text layer its text, with "\\n" between lines; None of others.
        runs: of a text its parts of one style each, as a list that replaces it has them; empty of others.
        fonts: the PostScript names of the fonts that a text uses.
        smart_object: the file in a smart object; None of others.
        approximated: what of it is not drawn as Photoshop draws it, in short sentences; empty where all is.
        approximated_anew: of a text or a smart object, what is approximated once something is put in its
            place, or the text is redrawn.
        layers: those in a group, the lowest first.
    """

    number: int
    id: int | None
    name: str
    path: str
    kind: str
    box: tuple[int, int, int, int]
    visible: bool
    blend_mode: str
    opacity: float
    text: str | None = None
    runs: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    smart_object: SmartObject | None = None
    approximated: tuple[str, ...] = ()
    approximated_anew: tuple[str, ...] = ()
    layers: tuple[PsdLayer, ...] = ()


def walk(layers: tuple[PsdLayer, ...]) -> Iterator[PsdLayer]:
    """All layers, parents before what is in them, the lowest first."""
    for layer in layers:
        yield layer
        yield from walk(layer.layers)


def tell_layers(group: Iterable[Layer], document: Document, above: str = "") -> tuple[PsdLayer, ...]:
    """What is told of the layers of a group, or of the file, once they have been mapped."""
    return tuple(_told(layer, document, above) for layer in group)


def _told(layer: Layer, document: Document, above: str) -> PsdLayer:
    kind = layer_kind(layer)
    path = f"{above}/{layer.name}" if above else layer.name
    live = text_fields(layer) if kind == "text" else None
    smart = smart_object(layer, document) if kind == "smart object" else None
    left, top, right, bottom = artboard_box(layer) if kind == "artboard" else layer.bbox
    return PsdLayer(
        number=document.number(layer),
        id=layer.layer_id if layer.layer_id >= 0 else None,
        name=layer.name,
        path=path,
        kind=kind,
        box=(int(left), int(top), int(right), int(bottom)),
        visible=layer.visible,
        blend_mode=mode_name(layer.blend_mode),
        opacity=layer.opacity / 255,
        text=layer.text.replace("\r", "\n").replace("\x03", "\n") if kind == "text" else None,
        runs=() if live is None else live.runs,
        fonts=() if live is None else live.fonts,
        smart_object=smart,
        approximated=document.notes(layer),
        approximated_anew=live.approximated if live else not_drawn(smart) if smart else (),
        layers=tell_layers(layer, document, path) if layer.is_group() else (),
    )


def layer_kind(layer: Layer) -> str:
    """What a layer is, as `PsdLayer.kind` calls it."""
    if layer.is_group():
        return "artboard" if layer.kind == "artboard" else "group"
    if layer_has_text(layer):
        return "text"
    if layer.kind == "smartobject":
        return "smart object"
    if is_adjustment(layer):
        return "adjustment"
    if is_shape(layer) or layer.kind == "shape":
        return "shape"
    return "fill" if any(tag in layer.tagged_blocks for tag in FILLS) else "pixels"
