"""Variants of a template: other sizes, and what of its layers is otherwise in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from engines.image_core.composition.guessing import guess
from engines.image_core.documents.templates.variables import shortened
from engines.image_core.models import ImageComposition

__all__ = ["variant_output", "variants_of", "with_variant"]

_MOST = 100  # variants of a template
_FIELDS = [field for field in ImageComposition.model_fields if field not in {"tenant_id", "env"}]


def variants_of(written: Any) -> dict[str, Mapping[str, Any]]:
    """The variants that a template declares, by name.

    Raises:
        ValueError: they are not declared as they may be.
    """
    if not isinstance(written, Mapping) or not 1 <= len(written) <= _MOST:
        raise ValueError(
            f"variants: allowed is an object of 1 to {_MOST} names and what is otherwise in them"
        )
    for name, changes in written.items():
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", str(name)):
            raise ValueError(
                f"variants: the name {name!r} is not allowed: allowed are 1 to 64 letters, digits, '_', '-'"
            )
        if not isinstance(changes, Mapping):
            raise ValueError(f"variants.{name}: allowed is an object of fields of the composition")
    return dict(written)


def with_variant(document: Mapping[str, Any], changes: Mapping[str, Any], place: str) -> dict[str, Any]:
    """A document as a variant has it.

    Args:
        document: the template's fields.
        changes: fields of the composition; `layers` is an object of fields by the ids of layers. An object is
            merged into the one that is there, unless it is of another `type`; anything else takes its place.
        place: where the changes stand, for messages.

    Raises:
        ValueError: there is no such field or no such layer, or two of that id.
    """
    for field in changes:
        if field not in _FIELDS:
            near = guess(field, _FIELDS) or ":"
            raise ValueError(f"{place}: there is no field {field!r}{near} allowed are {', '.join(_FIELDS)}")
    layers = changes.get("layers", {})
    if not isinstance(layers, Mapping):
        raise ValueError(f"{place}.layers: allowed is an object of fields by the ids of layers")
    changed: dict[str, Any] = _merged(
        document, {key: value for key, value in changes.items() if key != "layers"}
    )
    for id, fields in layers.items():
        if not isinstance(fields, Mapping):
            raise ValueError(f"{place}.layers.{id}: allowed is an object of fields of the layer")
        _check_id(id, changed.get("layers"), f"{place}.layers")
        changed["layers"] = [_with_layer(layer, id, fields) for layer in changed["layers"]]
    return changed


def variant_output(output: str, variant: str) -> str:
    """The name of a variant's file: its own instead of `{variant}`, else before the suffix, `a-story.png`."""
    if "{variant}" in output:
        return output.replace("{variant}", variant)
    path = PurePosixPath(output)
    return str(path.with_name(f"{path.stem}-{variant}{path.suffix}"))


def _check_id(id: Any, layers: Any, place: str) -> None:
    ids = list(_ids(layers))
    if id not in ids:
        near = guess(id, ids) or ":"
        known = shortened(ids) if ids else "none: give layers an id"
        raise ValueError(f"{place}: there is no layer of the id {id!r}{near} there are {known}")
    if ids.count(id) > 1:
        raise ValueError(f"{place}: {ids.count(id)} layers have the id {id!r}: allowed is one")


def _ids(layers: Any) -> Iterator[str]:
    for layer in layers if isinstance(layers, list | tuple) else ():
        if isinstance(layer, Mapping):
            if isinstance(layer.get("id"), str):
                yield layer["id"]
            yield from _ids([*_children(layer)])


def _children(layer: Mapping[str, Any]) -> Iterator[Any]:
    inside = layer.get("layers")
    yield from inside if isinstance(inside, list | tuple) else ()
    if "layer" in layer:
        yield layer["layer"]


def _with_layer(layer: Any, id: Any, fields: Mapping[str, Any]) -> Any:
    """A layer, with fields changed where it or one inside it has the id."""
    if not isinstance(layer, Mapping):
        return layer
    if layer.get("id") == id:
        return _merged(layer, fields)
    changed = dict(layer)
    if isinstance(layer.get("layers"), list | tuple):
        changed["layers"] = [_with_layer(child, id, fields) for child in layer["layers"]]
    if "layer" in layer:
        changed["layer"] = _with_layer(layer["layer"], id, fields)
    return changed


def _merged(base: Any, changes: Any) -> Any:
    if not isinstance(base, Mapping) or not isinstance(changes, Mapping):
        return changes
    if "type" in changes and changes["type"] != base.get("type"):
        return changes
    kept = {key: value for key, value in base.items() if key not in changes}
    return {**kept, **{key: _merged(base.get(key), value) for key, value in changes.items()}}
