"""The passes that fill: gradients looked up in their ramps, planes likewise, images repeated and extended."""

from __future__ import annotations

import numpy as np

from engines.image_core.gl.session import Session
from engines.image_core.gl.tables import Tables
from engines.image_core.gl.textures import Texture
from engines.image_core.numbers.gradients import Style, arctangents
from engines.image_core.planning.steps import Colored, Extend, Gradient, Tile

__all__ = ["colored", "extend", "gradient", "tile"]

_TABLES_UNIT = 2
"""After the target and the source."""

_STYLES: tuple[Style, ...] = ("linear", "radial", "angle", "reflected", "diamond")
"""By their numbers in shaders/lib/gradient.glsl."""


def gradient(session: Session, step: Gradient) -> Texture:
    """One pass of lookups."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        columns = np.stack([step.column_u, step.column_v], axis=1)
        rows = np.stack([step.row_u, step.row_v], axis=1)
        ramp = np.ascontiguousarray(step.ramp.T)  # as pixels lie in a texture
        angles = arctangents().astype(np.uint32) if step.style == "angle" else np.zeros(1, np.uint32)
        parameters = np.array([out.width, out.height, step.bits, step.left, step.top], np.int32)
        defines = {"PLANE": 0, "STYLE": _STYLES.index(step.style), "DITHER": int(step.dither)}
        session.dispatch("gradient", defines, out, [parameters, columns, rows, ramp, angles])
    return out


def colored(session: Session, step: Colored, source: Texture) -> Texture:
    """One pass that looks two words up for each pixel."""
    tables = Tables()
    tables.add(np.ascontiguousarray(step.ramp.T).reshape(-1))
    with (
        session.textures.taken(step.width, step.height, "rgba15") as out,
        tables.bound(session.textures, _TABLES_UNIT),
    ):
        source.bind_image(1)
        session.dispatch("colored", {"SOURCE": source.bits, "TABLES": _TABLES_UNIT}, out, [])
    return out


def tile(session: Session, step: Tile, source: Texture) -> Texture:
    """One pass of loads."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        parameters = np.array(
            [out.width, out.height, step.left, step.top, source.width, source.height], np.int32
        )
        session.dispatch("tile", {"PLANE": 0, "SOURCE": source.bits}, out, [parameters])
    return out


def extend(session: Session, step: Extend, source: Texture) -> Texture:
    """One pass of loads."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        parameters = np.array(
            [out.width, out.height, step.left, step.top, source.width, source.height], np.int32
        )
        defines = {"PLANE": 0, "SOURCE": source.bits, "MIRRORED": int(step.mirrored)}
        session.dispatch("extend", defines, out, [parameters])
    return out
