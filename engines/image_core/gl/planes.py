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

_RUN = 16
"""How many pixels an invocation writes one after another, where what is known of one gives the next. So many
llvmpipe unrolls; in growing each has a bit of an int."""


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
    """What is near in each column and in each row, two words a pixel, and then the most of it all."""
    textures = session.textures
    tables = Tables()
    tables.add(distances(step.reach, step.metric).reshape(-1))
    columns = textures.take(source.width, step.height, "rgba15")
    rows = textures.take(step.width, source.height, "rgba15")
    try:
        _grow_near(session, 0, (0, step.top), step.reach, source, columns)
        _grow_near(session, 1, (step.left, 0), step.reach, source, rows)
        with textures.taken(step.width, step.height, "plane15") as out, tables.bound(textures, _TABLES_UNIT):
            columns.bind_image(1)
            rows.bind_image(3)
            defines = {"TABLES": _TABLES_UNIT, "RUN": _RUN, "PARAMETERS": 5}
            parameters = [step.left, step.top, step.reach, step.radius, step.falloff]
            session.dispatch("grow_most", defines, out, [], parameters=parameters, block=(1, _RUN))
    finally:
        textures.release(columns)
        textures.release(rows)
    return out


def _grow_near(
    session: Session, axis: int, offset: tuple[int, int], reach: int, source: Texture, target: Texture
) -> None:
    source.bind_image(1)
    defines = {**_defines(source), "AXIS": axis, "RUN": _RUN, "PARAMETERS": 3}
    block = (1, _RUN) if axis == 0 else (_RUN, 1)
    session.dispatch("grow_near", defines, target, [], parameters=[*offset, reach], block=block)


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
