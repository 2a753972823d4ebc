"""What layers were planned to, kept for the equal layers of later compositions."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from engines.image_core.composition.arrays import DIGESTS
from engines.image_core.models import GroupLayer, Layer, LayerPath
from engines.image_core.planning.decoded import Sources
from engines.image_core.runtime.caching import Cache

__all__ = ["described", "layer_key", "plan_cache"]

_APART = {"id", "name", "layers"}
_ENTRY_BYTES = 4096
"""What a planned layer takes beside its arrays, at most about."""


def layer_key(layer: Layer) -> bytes:
    """What equal layers have in common, whatever their names and whatever is in a group.

    JSON tells -0.0 from 0.0, as hashes of sources do, and Python does not. Fields that were set without a
    check, by `model_copy`, are told as they are.
    """
    written = layer.model_dump_json(exclude=_APART, warnings=False, context=DIGESTS)
    return hashlib.sha256(written.encode()).digest()


def described(layer: Layer, path: LayerPath, sources: Sources) -> Iterator[Hashable]:
    """A layer, and those in it that may show, by what decides their plans beside areas."""
    image, masks = sources.images.get(path), sources.masks.get(path, ())
    shape, ring = sources.shapes.get(path), sources.rings.get(path)
    yield (
        len(path),
        sources.keys[path],
        image and image.content_hash,
        tuple(mask.content_hash for mask in masks),
        sources.boxes.get(path),
        sources.bounds.get(path),
        shape and shape.content_hash,
        ring and ring.content_hash,
    )
    yield from (lookup.content_hash for lookup in sources.lookups.get(path, ()))
    yield from (pattern.content_hash for pattern in sources.patterns.get(path, ()))
    yield from (outline.content_hash for outline in sources.outlines.get(path, ()))
    if isinstance(layer, GroupLayer):
        for index, inner in enumerate(layer.layers):
            if (*path, index) in sources.keys:
                yield from described(inner, (*path, index), sources)


def plan_cache(max_bytes: int) -> Cache:
    """A cache for `make_plan`. Pictures that it holds are mostly held by the sources' cache too."""
    return Cache(max_bytes, _size)


def _size(planned: Any) -> int:
    """The bytes of all arrays in a planned layer; what is in it twice, as a sharpened image is, once."""
    found: dict[int, int] = {}
    stack = [planned]
    while stack:
        value = stack.pop()
        if id(value) in found:
            continue
        if isinstance(value, tuple):
            stack += value
        elif isinstance(value, np.ndarray):
            found[id(value)] = value.nbytes
        elif is_dataclass(value):
            found[id(value)] = 0
            stack += [getattr(value, field.name) for field in fields(value)]
    return _ENTRY_BYTES + sum(found.values())
