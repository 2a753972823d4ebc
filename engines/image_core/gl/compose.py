"""The compositing passes: a Compose's program in as few runs as the device's units allow, a fused pass each.

A pass is drawn by a program written for its shape, or by the general one, which interprets it; both give the
same bytes. What decides is whether waiting for the compiler pays: see `Session.specialise`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engines.image_core.gl.general import GeneralWriter, interpretable
from engines.image_core.gl.session import Session
from engines.image_core.gl.tables import TABLES_UNITS, TABLES_WIDTH
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.gl.writing import PassWriter
from engines.image_core.planning.entries import Compose
from engines.image_core.planning.evaluation import Evaluation
from engines.image_core.planning.instructions import program
from engines.image_core.planning.runs import Needs, Run, cut

__all__ = ["compose"]

IMAGES_PER_PASS = 12
INSTRUCTIONS_PER_PASS = 24
"""What a pass takes at most: longer programs take longer to compile and do not draw faster."""

COLOR_OPS_PER_PASS = 3 * INSTRUCTIONS_PER_PASS
"""As many as layers' adjustments come to. A device has room for some 1,000 numbers: a matrix has nine."""


def compose(session: Session, step: Compose, evaluation: Evaluation[Texture], format: Format) -> Texture:
    """Composite the entries of a step into a texture of the given format.

    Between passes the open levels are stored in 15 bits, which loses nothing.
    """
    stored: dict[int, Texture] = {}
    runs = cut(program(step), lambda needs: fits(session, needs))
    try:
        for run in runs:
            evaluation.clock()
            target: Format = format if run is runs[-1] else "rgba15"
            with evaluation.reading(run.steps()) as values:
                written = _run(session, _Pass(step, run, values, stored), target)
            for level in {*run.ended, *written} & stored.keys():
                session.textures.release(stored.pop(level))
            stored |= written
        return stored.pop(0)
    finally:
        for texture in stored.values():
            session.textures.release(texture)


def fits(session: Session, needs: Needs) -> bool:
    """Whether a pass has units for what a run holds. Images beyond the image units are read as textures."""
    units = session.units
    image_units = units.images - TABLES_UNITS - needs.levels_read - needs.levels_written
    sampled = needs.planes + max(0, needs.images - image_units)
    return (
        image_units >= 0
        and sampled <= units.textures
        and needs.images <= IMAGES_PER_PASS
        and needs.instructions <= INSTRUCTIONS_PER_PASS
        and needs.color_ops <= COLOR_OPS_PER_PASS
        and needs.table_bytes + 16 * needs.color_ops
        <= 4 * TABLES_WIDTH * session.device.info.max_texture_size
    )


@dataclass(frozen=True)
class _Pass:
    """A run of a step's program, the textures it reads by digest, and the levels stored before it."""

    step: Compose
    run: Run
    values: Mapping[str, Texture]
    stored: Mapping[int, Texture]


def _run(session: Session, current: _Pass, format: Format) -> dict[int, Texture]:
    """Draw one pass: the levels that it stores, by number."""
    written: dict[int, Texture] = {}
    try:
        for level in current.run.written:
            written[level] = session.textures.take(current.step.width, current.step.height, format)
        if written:
            _draw(session, current, list(written.values()))
    except BaseException:
        for texture in written.values():
            session.textures.release(texture)
        raise
    return written


def _draw(session: Session, current: _Pass, written: list[Texture]) -> None:
    step, run, values, stored = current.step, current.run, current.values, current.stored
    target = written[0]
    writer = PassWriter(step, run, values, stored, written, session.units.images - TABLES_UNITS)
    tables_unit = len(writer.images)
    defines = {"TARGET": target.bits, "PARAMETERS": len(writer.parameters), "TABLES": tables_unit}
    includes = {"program": writer.source()}
    if interpretable(run) and not session.specialise("compose", defines, includes):
        below = stored[0] if 0 in run.read else None
        general = GeneralWriter(step, run, values, target, below, session.units)
        if general.fits:
            _interpret(session, general, target)
            return
    for unit, texture in enumerate(writer.images):
        texture.bind_image(unit, write=unit < len(written))
    for unit, texture in enumerate(writer.samplers):
        texture.bind_sampler(unit)
    with writer.tables.bound(session.textures, tables_unit):
        session.dispatch("compose", defines, target, [], includes, writer.parameters)
    session.passes["specialised"] += 1


def _interpret(session: Session, general: GeneralWriter, target: Texture) -> None:
    for unit, texture in enumerate(general.images, 1):
        texture.bind_image(unit)
    for unit, texture in enumerate(general.samplers):
        texture.bind_sampler(unit)
    with general.tables.bound(session.textures, general.defines["TABLES"]):
        session.dispatch("general", general.defines, target, [], general.includes, general.parameters)
    session.passes["general"] += 1
