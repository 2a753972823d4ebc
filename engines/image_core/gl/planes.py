"""The passes that make planes: an image's alpha, lookups, products, means, growing, light, grain."""

from __future__ import annotations

from engines.image_core.gl.session import Session
from engines.image_core.gl.tables import Tables
from engines.image_core.gl.textures import Texture
from engines.image_core.numbers.distances import distances
from engines.image_core.planning.planes import Alpha, Box, Combine, Grain, Grow, Map, Relief

__all__ = ["alpha", "box", "combine", "grain", "grow", "map_plane", "relief"]

_COMBINE_PARAMETERS = 8
_TABLES_UNIT = 2
"""After the target and the source."""

_RUN = 32
"""How many pixels an invocation writes one after another, each sum the last one and two values more."""


def _defines(source: Texture) -> dict[str, int]:
    return {"PLANE": 1, "SOURCE": source.bits}


def alpha(session: Session, step: Alpha, source: Texture) -> Texture:
    """One pass that keeps the last channel."""
    with session.textures.taken(step.width, step.height, "plane15") as out:
        source.bind_image(1)
        session.dispatch("alpha", {"SOURCE": source.bits}, out, [])
    return out


def map_plane(session: Session, step: Map, source: Texture) -> Texture:
    """One pass that looks each value up."""
    tables = Tables()
    tables.add(step.table)
    with (
        session.textures.taken(step.width, step.height, "plane15") as out,
        tables.bound(session.textures, _TABLES_UNIT),
    ):
        source.bind_image(1)
        session.dispatch("map", {**_defines(source), "TABLES": _TABLES_UNIT}, out, [])
    return out


def combine(session: Session, step: Combine, *sources: Texture) -> Texture:
    """One pass over its one or two planes."""
    parameters: list[int] = []
    difference = int(step.how == "difference")
    defines = {"PARTS": len(sources), "DIFFERENCE": difference, "PARAMETERS": _COMBINE_PARAMETERS}
    for index, (part, source) in enumerate(zip(step.parts, sources, strict=True)):
        defines[f"BITS_{index}"] = source.bits
        parameters += [part.left, part.top, int(part.inverted), part.density]
    with session.textures.taken(step.width, step.height, "plane15") as out:
        for unit, source in enumerate(sources, 1):
            source.bind_image(unit)
        session.dispatch("combine", defines, out, [], parameters=parameters)
    return out


def box(session: Session, step: Box, source: Texture) -> Texture:
    """Vertical first, then horizontal."""
    upright = session.textures.take(source.width, step.height, "plane15")
    try:
        _box_axis(session, 0, step.side, (0, step.top), source, upright)
        with session.textures.taken(step.width, step.height, "plane15") as out:
            _box_axis(session, 1, step.side, (step.left, 0), upright, out)
    finally:
        session.textures.release(upright)
    return out


def _box_axis(
    session: Session, axis: int, side: int, offset: tuple[int, int], source: Texture, target: Texture
) -> None:
    source.bind_image(1)
    defines = {**_defines(source), "AXIS": axis, "RUN": _RUN, "PARAMETERS": 3}
    block = (1, _RUN) if axis == 0 else (_RUN, 1)
    session.dispatch("box", defines, target, [], parameters=[*offset, side], block=block)


def grow(session: Session, step: Grow, source: Texture) -> Texture:
    """Down the columns for what is near and then across them; the same of rows; and the larger of both."""
    textures = session.textures
    first = textures.take(step.width, step.height, "plane15")
    tables = Tables()
    tables.add(distances(step.reach, step.metric))
    try:
        with tables.bound(textures, _TABLES_UNIT):
            _grow_axis(session, 0, step, source, first, None)
            with textures.taken(step.width, step.height, "plane15") as out:
                _grow_axis(session, 1, step, source, out, first)
    finally:
        textures.release(first)
    return out


def _grow_axis(
    session: Session, axis: int, step: Grow, source: Texture, out: Texture, other: Texture | None
) -> None:
    """Two passes, between which each pixel has two words; distances are bound. other: what is to be no
    less."""
    size = (source.width, step.height) if axis == 0 else (step.width, source.height)
    down, across = ((0, step.top), (step.left, 0)) if axis == 0 else ((step.left, 0), (0, step.top))
    near = session.textures.take(*size, "rgba15")
    try:
        source.bind_image(1)
        defines = {**_defines(source), "AXIS": axis, "PARAMETERS": 3}
        session.dispatch("grow_near", defines, near, [], parameters=[*down, step.reach])
        near.bind_image(1)
        if other is not None:
            other.bind_image(3)
        second = int(other is not None)
        defines = {"AXIS": axis, "SECOND": second, "TABLES": _TABLES_UNIT, "PARAMETERS": 5}
        parameters = [*across, step.reach, step.radius, step.falloff]
        session.dispatch("grow_most", defines, out, [], parameters=parameters)
    finally:
        session.textures.release(near)


def relief(session: Session, step: Relief, source: Texture) -> Texture:
    """One pass, of four loads a pixel."""
    with session.textures.taken(step.width, step.height, "plane15") as out:
        source.bind_image(1)
        parameters = [step.left, step.top, step.scale, step.shift, *step.light]
        session.dispatch("relief", {**_defines(source), "PARAMETERS": 7}, out, [], parameters=parameters)
    return out


def grain(session: Session, step: Grain, source: Texture) -> Texture:
    """One pass."""
    with session.textures.taken(step.width, step.height, "plane15") as out:
        source.bind_image(1)
        parameters = [step.left, step.top, step.amount]
        session.dispatch("grain", {**_defines(source), "PARAMETERS": 3}, out, [], parameters=parameters)
    return out
