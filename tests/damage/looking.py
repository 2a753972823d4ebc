"""All that can be asked of a PSD document: pixels, masks, blocks, text, effects, smart objects, paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from psd_tools import PSDImage
from psd_tools.constants import Tag

from engines.image_core.errors import SourceError
from engines.image_core.sources.psd.opening import reading

__all__ = ["read_all"]

# What reads files of the host, has been read already, or only warns that it goes.
_NOT_ASKED = {"data", "parent", "clipping_layer", "value"}


def read_all(document: PSDImage, label: str) -> list[str]:
    """Read each part of a document by itself; returns the line of each that cannot be read."""
    told: list[str] = []
    layers: list[Any] = []
    _asked(partial(_list_layers, document, layers), label, told)
    for ask in _document(document):
        _asked(ask, label, told)
    for layer in layers:
        for ask in _layer(layer):
            _asked(ask, label, told)
    return told


def _asked(ask: Callable[[], Any], label: str, told: list[str]) -> None:
    try:
        with reading(label):
            ask()
    except SourceError as error:
        told.append(str(error))


def _list_layers(document: PSDImage, layers: list[Any]) -> None:
    layers.extend(document.descendants())


def _document(document: PSDImage) -> Iterator[Callable[[], Any]]:
    yield document.numpy
    yield from _properties(document)
    yield partial(_blocks, document.tagged_blocks or {})
    yield partial(_blocks, document.image_resources)
    yield partial(_patterns, document)


def _layer(layer: Any) -> Iterator[Callable[[], Any]]:
    yield layer.numpy
    yield partial(layer.numpy, "mask", real_mask=False)
    yield partial(layer.numpy, "mask", real_mask=True)
    yield partial(_blocks, layer.tagged_blocks)
    yield from _properties(layer)
    yield partial(_embedded, layer)


def _blocks(blocks: Any) -> None:
    for key in blocks:
        _look(blocks.get_data(key))


def _patterns(document: PSDImage) -> None:
    for key in (Tag.PATTERNS1, Tag.PATTERNS2, Tag.PATTERNS3):
        for pattern in document.tagged_blocks.get_data(key) or ():
            for plane in pattern.data.channels:
                plane.get_data()


def _embedded(layer: Any) -> None:
    if layer.kind == "smartobject" and layer.smart_object.kind == "data":
        len(layer.smart_object.data)


def _properties(thing: Any) -> Iterator[Callable[[], None]]:
    """Each public property, and what it returns."""
    kind = type(thing)
    for name in dir(kind):
        if not name.startswith("_") and name not in _NOT_ASKED and isinstance(getattr(kind, name), property):
            yield partial(_property, thing, name)


def _property(thing: Any, name: str) -> None:
    _look(getattr(thing, name))


def _look(value: Any, depth: int = 3) -> None:
    """Walk through what is returned, and ask for the properties of psd-tools' own objects in it."""
    module = type(value).__module__
    if not depth or module in ("psd_tools.api.layers", "psd_tools.api.psd_image"):
        return  # layers are asked one by one
    if module.startswith("psd_tools.api"):
        for ask in _properties(value):
            ask()
    if isinstance(value, list | tuple):
        for item in value:
            _look(item, depth - 1)
    elif hasattr(value, "_items"):
        for item in value.values() if hasattr(value, "values") else value:
            _look(item, depth - 1)
    elif module == "psd_tools.api.effects" and hasattr(value, "__iter__"):
        for item in value:
            _look(item, depth - 1)
