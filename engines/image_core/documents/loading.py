"""Compositions and selections written as JSON: read strictly, with faults told by line or by field."""

from __future__ import annotations

import json
from typing import Any

from engines.image_core.composition.fields import parse
from engines.image_core.composition.shapes import Selection
from engines.image_core.errors import CompositionError
from engines.image_core.models import ImageComposition

__all__ = ["composition_from_json", "object_from_json", "selection_from_json", "value_from_json"]

_MAX_NESTING = 200
"""Lists and objects in one another: less than any Python's parser reads, so that each says the same."""


def composition_from_json(data: bytes, name: str) -> ImageComposition:
    """The composition a JSON document holds.

    NaN and infinite numbers are read as such, so that the model's own check names their field; a key that an
    object has twice is an error, not the last one wins.

    Args:
        data: UTF-8 text, with or without a byte order mark.
        name: how errors name the document.

    Raises:
        CompositionError: not UTF-8, not JSON (with line and column), or not a valid composition (with layer
            and field).
    """
    return ImageComposition.model_validate(object_from_json(data, name, "a composition"))


def selection_from_json(data: bytes, name: str) -> Selection:
    """The selection a JSON document holds, read as `composition_from_json` reads.

    Raises:
        CompositionError: not UTF-8, not JSON (with line and column), or not a valid selection.
    """
    return parse(Selection, object_from_json(data, name, "a selection"), "selection")


def object_from_json(data: bytes, name: str, what: str) -> dict[str, Any]:
    """The fields of a JSON object, read as `composition_from_json` reads. `what` is what it should hold.

    Raises:
        CompositionError: not UTF-8, not JSON (with line and column), nested too deep, or not an object.
    """
    fields = value_from_json(data, name)
    if not isinstance(fields, dict):
        raise CompositionError(f"{name}: {what} is a JSON object")
    return fields


def value_from_json(data: bytes, name: str) -> Any:
    """What a JSON document holds, read as `composition_from_json` reads.

    Raises:
        CompositionError: not UTF-8, not JSON (with line and column), or nested too deep.
    """
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise CompositionError(f"{name}: not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise CompositionError(
            f"{name}: not JSON: line {error.lineno}, column {error.colno}: {reason}"
        ) from error
    except RecursionError as error:
        raise _too_deep(name) from error
    except ValueError as error:  # a key given twice, an integer of thousands of digits
        raise CompositionError(f"{name}: {error}") from error
    if _nests(value, _MAX_NESTING):
        raise _too_deep(name)
    return value


def _too_deep(name: str) -> CompositionError:
    return CompositionError(f"{name}: nested too deep: allowed are {_MAX_NESTING} lists and objects")


def _nests(value: Any, levels: int) -> bool:
    """Whether lists and objects lie in one another in more levels than these."""
    inside = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        lists = (node.values() if isinstance(node, dict) else node for node in inside)
        inside = [child for children in lists for child in children if isinstance(child, dict | list)]
        if not inside:
            return False
    return True


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in pairs:
        if key in fields:
            raise ValueError(f"the key {key!r} is given twice in one object")
        fields[key] = value
    return fields
