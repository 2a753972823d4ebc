"""Layers of a Photoshop file by what a caller calls them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TypeVar

from engines.image_core.errors import CompositionError
from engines.image_core.psd.layers import PsdLayer, walk

__all__ = ["find_layers", "numbered"]

T = TypeVar("T")

_MANY = 12  # names that a message lists


def find_layers(
    layers: tuple[PsdLayer, ...], key: str, field: str, kinds: tuple[str, ...] | None = None
) -> list[PsdLayer]:
    """The layers of a name, of a path of names such as "Card/Headline", or of an id such as "#12".

    Args:
        layers: those of the file.
        key: what they are called.
        field: what the caller gives it for, which errors name.
        kinds: of these kinds alone; None are all.

    Raises:
        CompositionError: there is none.
    """
    fitting = [layer for layer in walk(layers) if kinds is None or layer.kind in kinds]
    if key.startswith("#") and key[1:].isdecimal():
        found = [layer for layer in fitting if layer.id == int(key[1:])]
    else:
        found = [layer for layer in fitting if key in (layer.name, layer.path)]
    if found:
        return found
    what = "layer" if kinds is None else " or ".join(kinds) + " layer"
    names = list(dict.fromkeys(layer.name for layer in fitting))
    other = next((layer for layer in walk(layers) if key in (layer.name, layer.path)), None)
    if other is not None:
        raise CompositionError(f"{field}: layer {key!r} is of kind {other.kind}: allowed is {what}")
    near = difflib.get_close_matches(key, names, 1)
    if near:
        raise CompositionError(f"{field}: there is no {what} {key!r}: did you mean {near[0]!r}?")
    there = ", ".join(map(repr, names[:_MANY])) + (" and more" if len(names) > _MANY else "")
    raise CompositionError(f"{field}: there is no {what} {key!r}: there is {there or 'none'}")


def numbered(
    layers: tuple[PsdLayer, ...], given: Mapping[str, T], field: str, kinds: tuple[str, ...] | None = None
) -> dict[int, T]:
    """What is given for layers, by their numbers. Errors as of `find_layers`."""
    return {
        layer.number: value
        for key, value in given.items()
        for layer in find_layers(layers, key, field, kinds)
    }
