"""Making a failing case small: whatever can be left out or made simpler while it still fails is."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image

from engines.image_core.export import encode_png

__all__ = ["shrunk"]


def shrunk(
    fields: dict[str, Any], fails: Callable[[dict[str, Any]], bool], tries: int = 2000
) -> dict[str, Any]:
    """The smallest composition found that still fails.

    Args:
        fields: one that fails, as JSON holds it.
        fails: whether another does; it has to be false for what is no composition.
        tries: how often `fails` is asked at most.
    """
    left = tries
    smaller = True
    while smaller:
        smaller = False
        for candidate in _simpler(fields):
            if left == 0:
                return fields
            left -= 1
            if fails(candidate):
                fields, smaller = candidate, True
                break
    return fields


def _simpler(value: Any) -> Iterator[Any]:
    """Values that are simpler in one place, the largest cuts first."""
    match value:
        case dict():
            for name in value:
                yield {other: inside for other, inside in value.items() if other != name}
            if "layers" in value and len(value["layers"]) == 1:
                yield value["layers"][0]
            for name, inside in value.items():
                for simpler in _simpler(inside):
                    yield value | {name: simpler}
        case list():
            for index in range(len(value)):
                yield value[:index] + value[index + 1 :]
            for index, inside in enumerate(value):
                for simpler in _simpler(inside):
                    yield [*value[:index], simpler, *value[index + 1 :]]
        case bool():
            return
        case int() | float():
            yield from (
                simpler for simpler in (0, 1, round(value / 2), round(value)) if _is_simpler(simpler, value)
            )
        case str() if len(value) > 40:
            yield from _smaller_picture(value)


def _is_simpler(a: float, b: float) -> bool:
    return (abs(a), len(repr(a))) < (abs(b), len(repr(b)))


def _smaller_picture(data: str) -> Iterator[str]:
    """The halves of a picture each way, and the picture in one colour."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(data))) as image:
            pixels = np.array(image.convert("RGBA"))
    except (OSError, ValueError):  # some other text
        return
    height, width = pixels.shape[:2]
    halves = [pixels[: height // 2], pixels[height // 2 :], pixels[:, : width // 2], pixels[:, width // 2 :]]
    for part in halves:
        if 0 < part.size < pixels.size:
            yield base64.b64encode(encode_png(np.ascontiguousarray(part))).decode()
    if (pixels != pixels[0, 0]).any():
        yield base64.b64encode(encode_png(np.broadcast_to(pixels[0, 0], pixels.shape).copy())).decode()
