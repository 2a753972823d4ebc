"""What a plan and its steps are known by: SHA-256 digests of a canonical serialisation.

A step is written as its tag and those of its fields that differ from their defaults, by name. So neither a
class that is renamed nor a field that is added, with a default, changes the hash of what does not use it.
The steps that it is made of stand in it as their digests, each kept with its step, which never changes: what
two plans share is hashed once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.steps import Step

__all__ = ["digest", "step_digest"]

_SCALARS: Mapping[type, str] = MappingProxyType({bool: "bool", int: "int", str: "str", type(None): "none"})
"""What values are made of, in the end. A float is not among them: no plan has one."""

_KEPT = "_digest"


def step_digest(root: Step) -> str:
    """The SHA-256 hex digest of a step: two that are alike have the same pixels.

    Those below it come first, in a loop: a plan is as deep as its groups and filters make it.
    """
    waiting = [root]
    while waiting:
        step = waiting[-1]
        missing = [below for below in step.inputs if _KEPT not in below.__dict__]
        if missing and _KEPT not in step.__dict__:
            waiting += missing
            continue
        waiting.pop()
        if _KEPT not in step.__dict__:
            step.__dict__[_KEPT] = _hashed(_dataclass(step))
    kept: str = root.__dict__[_KEPT]
    return kept


def digest(value: Any) -> str:
    """SHA-256 hex digest of steps, entries, arrays, numbers, strings and tuples of them."""
    return _hashed([value])


def _hashed(values: list[Any]) -> str:
    hashed = hashlib.sha256()
    for part in _canonical(values):
        hashed.update(part)
    return hashed.hexdigest()


class _Header(str):
    """A string that is part of the serialisation as it is."""

    __slots__ = ()


def _canonical(values: list[Any]) -> Iterator[bytes]:
    """A canonical serialisation: every value with its type and length, so that no two plans share one.

    Stacks lie in stacks as deep as a composition's groups, so this keeps a list of what is still to come.
    """
    waiting = values[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, _Header):
            yield value.encode()
        elif isinstance(value, Step):
            yield f"step {step_digest(value)};".encode()
        elif isinstance(value, DecodedImage | DecodedMask):
            yield f"source {value.content_hash} {value.pixels.shape};".encode()
        elif isinstance(value, np.ndarray):
            yield f"array {value.dtype.str} {value.shape};".encode() + np.ascontiguousarray(value).tobytes()
        elif is_dataclass(value) and not isinstance(value, type):
            waiting += reversed(_dataclass(value))
        elif isinstance(value, tuple):
            yield f"tuple {len(value)};".encode()
            waiting += reversed(value)
        else:
            text = str(value)
            yield f"{_kind(value)} {len(text)} {text};".encode()


def _dataclass(value: Any) -> list[Any]:
    """A header, and the names and values of those fields that are not as they are by default."""
    given = [(field.name, getattr(value, field.name), field.default) for field in fields(value) if field.init]
    parts = [(name, part) for name, part, default in given if default is MISSING or part != default]
    return [_Header(f"{value.tag} {len(parts)};"), *(item for pair in parts for item in pair)]


def _kind(value: Any) -> str:
    for kind, name in _SCALARS.items():
        if isinstance(value, kind):
            return name
    raise TypeError(f"a plan has no {type(value).__name__}")
