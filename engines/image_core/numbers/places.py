"""Where pixels lie in a picture, and how far a step to the next one goes there."""

from __future__ import annotations

from typing import NamedTuple

from engines.image_core.numbers.meshes import Floats

__all__ = ["Places"]


class Places(NamedTuple):
    """Float64 arrays (height, width), in pixels of the picture, 0, 0 its corner.

    u, v: where the centres of the parent's pixels lie, across and down.
    across_u, across_v: what a step of one pixel across adds; down_u, down_v: what one down adds.
    """

    u: Floats
    v: Floats
    across_u: Floats
    across_v: Floats
    down_u: Floats
    down_v: Floats
