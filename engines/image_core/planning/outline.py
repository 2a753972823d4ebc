"""A plan written out for people: a line for each step and entry, what it is made of indented below it.

    compose 640x360, opaque, background (0, 0, 0, 0)
      layer, left 0, top 0
        image: #1 raster 640x360, opaque

A step that is read more than once has a number, and stands in full where it comes first. Tables and kernels
are told by their sizes. The words are tags and the names of fields, so that a new step needs nothing here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any, TypeAlias

import numpy as np

from engines.image_core.numbers.kernels import Taps
from engines.image_core.planning.entries import ColorOp, Coverage, Entry
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.steps import Step

__all__ = ["outline"]

_Part: TypeAlias = Step | Entry | Coverage | ColorOp
"""What has a line of its own."""


def outline(root: Step) -> str:
    """The lines of a step and of all that it is made of; entries bottom first."""
    shared = _shared(root)
    numbers: dict[str, int] = {}
    lines: list[str] = []
    waiting: list[tuple[int, str, _Part]] = [(0, "", root)]
    while waiting:
        depth, label, part = waiting.pop()
        known = step_digest(part) if isinstance(part, Step) else None
        if known in numbers:
            lines.append(f"{'  ' * depth}{label}#{numbers[known]}")
            continue
        if known in shared:
            numbers[known] = len(numbers) + 1
            label += f"#{numbers[known]} "
        lines.append(f"{'  ' * depth}{label}{_line(part)}")
        waiting += reversed([(depth + 1, name, below) for name, below in _below(part)])
    return "\n".join(lines)


def _shared(root: Step) -> set[str]:
    """The digests of the steps that are read more than once; equal steps are one."""
    counted: Counter[str] = Counter()
    waiting = [root]
    while waiting:
        step = waiting.pop()
        counted[step_digest(step)] += 1
        if counted[step_digest(step)] == 1:
            waiting += step.inputs
    return {known for known, count in counted.items() if count > 1}


def _given(part: _Part) -> Iterator[tuple[str, Any]]:
    """The fields that are not as they are by default, but for a step's size."""
    for field in fields(part):
        if field.init and field.name not in {"width", "height"}:
            value = getattr(part, field.name)
            if field.default is MISSING or value != field.default:
                yield field.name, value


def _line(part: _Part) -> str:
    told: list[str] = [part.tag]
    if isinstance(part, Step):
        told = [f"{part.tag} {part.width}x{part.height}", "opaque" if part.opaque else ""]
    return ", ".join(filter(None, [*told, *(_told(name, value) for name, value in _given(part))]))


def _told(name: str, value: Any) -> str:
    """A field in words; nothing for what has lines of its own."""
    match value:
        case bool():
            return name
        case int() | str() | (int(), *_):
            return f"{name} {value}"
        case np.ndarray():
            return f"{name} [{len(value)}]"
        case Taps():
            return f"{name} [{' x '.join(map(str, value.weights.shape))}]"
    return ""


def _below(part: _Part) -> Iterator[tuple[str, _Part]]:
    """The parts of a part, with their labels, in the order of its fields."""
    for name, value in _given(part):
        if isinstance(value, Step | Coverage):
            yield f"{name}: ", value
        elif isinstance(value, tuple):
            yield from (("", item) for item in value if not isinstance(item, int))
