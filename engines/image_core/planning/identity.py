"""What a plan and its images are known by: SHA-256 digests of a canonical serialisation.

A step is written as its tag and those of its fields that differ from their defaults, by name. So neither a
class that is renamed nor a field that is added, with a default, changes the hash of what does not use it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.steps import Compose, Image, Raster, Sharpen, Solid

__all__ = ["digest", "image_digests"]

_NOTHING: Mapping[int, str] = MappingProxyType({})

_SCALARS: Mapping[type, str] = MappingProxyType({bool: "bool", int: "int", str: "str", type(None): "none"})
"""What values are made of, in the end. A float is not among them: no plan has one."""


def digest(value: Any, known: Mapping[int, str] = _NOTHING) -> str:
    """SHA-256 hex digest of steps, masks, arrays, numbers, strings and tuples of them.

    known: digests of images by their id(), which stand for the images below the value.
    """
    hashed = hashlib.sha256()
    for part in _canonical(value, known):
        hashed.update(part)
    return hashed.hexdigest()


def image_digests(root: Image) -> dict[int, str]:
    """The digest of an image and of each below it, by their id(): two that are alike have the same pixels.

    Each is made of its own parameters and the digests of those directly below it, so that a deep tree is
    hashed in the time of its steps.
    """
    found: dict[int, str] = {}
    stack = [root]
    while stack:
        image = stack[-1]
        missing = [below for below in _below(image) if id(below) not in found]
        if missing:
            stack += missing
        else:
            stack.pop()
            if id(image) not in found:
                found[id(image)] = digest(image, found)
    return found


def _below(image: Image) -> list[Image]:
    match image:
        case Raster() | Solid():
            return []
        case Compose():
            return [layer.image for layer in image.layers]
        case Sharpen():
            return [image.source, image.smooth]
        case _:
            return [image.source]


def _canonical(root: Any, known: Mapping[int, str]) -> Iterator[bytes]:
    """A canonical serialisation: every value with its type and length, so that no two plans share one.

    A tree is as deep as its groups and filters make it, and a sharpened image appears in it twice (again in
    what it is compared with), so this keeps a stack of its own and writes each image once.
    """
    written: dict[int, int] = {}
    stack = [root]
    while stack:
        value = stack.pop()
        if isinstance(value, DecodedImage | DecodedMask):
            yield f"source {value.content_hash} {value.pixels.shape};".encode()
        elif isinstance(value, np.ndarray):
            yield f"array {value.dtype.str} {value.shape};".encode() + np.ascontiguousarray(value).tobytes()
        elif id(value) in known:
            yield f"image {known[id(value)]};".encode()
        elif id(value) in written:
            yield f"again {written[id(value)]};".encode()
        elif is_dataclass(value) and not isinstance(value, type):
            if isinstance(value, Image):
                written[id(value)] = len(written)
            parts = _told(value)
            yield f"{_tag(value)} {len(parts)};".encode()
            for name, part in reversed(parts):
                stack += [part, name]
        elif isinstance(value, tuple):
            yield f"tuple {len(value)};".encode()
            stack += reversed(value)
        else:
            text = str(value)
            yield f"{_kind(value)} {len(text)} {text};".encode()


def _kind(value: Any) -> str:
    for kind, name in _SCALARS.items():
        if isinstance(value, kind):
            return name
    raise TypeError(f"a plan has no {type(value).__name__}")


def _tag(step: Any) -> str:
    tag: str = step.tag
    return tag


def _told(step: Any) -> list[tuple[str, Any]]:
    """The fields of a step that are not as they are by default, by name."""
    told = [(field.name, getattr(step, field.name), field.default) for field in fields(step) if field.init]
    return [(name, value) for name, value, default in told if default is MISSING or value != default]
