"""The compositing passes: a Compose's program in as few runs as the device's units allow, a fused pass
each."""

from __future__ import annotations

from collections.abc import Mapping

from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.gl.writing import PassWriter
from engines.image_core.planning.entries import Compose
from engines.image_core.planning.evaluation import Evaluation
from engines.image_core.planning.instructions import Needs, Run, cut, program

__all__ = ["compose"]

IMAGES_PER_PASS = 12
INSTRUCTIONS_PER_PASS = 24
"""What a pass takes at most: longer programs take longer to compile and do not draw faster."""


def compose(session: Session, step: Compose, evaluation: Evaluation[Texture], format: Format) -> Texture:
    """Composite the entries of a step into a texture of the given format.

    Between passes the open levels are stored in 15 bits, which loses nothing.
    """
    stored: dict[int, Texture] = {}
    runs = cut(program(step), lambda needs: fits(session, needs))
    try:
        for run in runs:
            target: Format = format if run is runs[-1] else "rgba15"
            with evaluation.reading(run.steps()) as values:
                written = _run(session, step, run, values, stored, target)
            for level in {*run.ended, *written} & stored.keys():
                session.textures.release(stored.pop(level))
            stored |= written
        return stored.pop(0)
    finally:
        for texture in stored.values():
            session.textures.release(texture)


def fits(session: Session, needs: Needs) -> bool:
    """Whether a pass has units for what a run holds. Images beyond the image units are read as textures."""
    limits = session.device.info
    image_units = limits.image_units - needs.levels_read - needs.levels_written
    sampled = needs.planes + max(0, needs.images - image_units)
    return (
        image_units >= 0
        and sampled <= limits.texture_units
        and needs.images <= IMAGES_PER_PASS
        and needs.instructions <= INSTRUCTIONS_PER_PASS
    )


def _run(
    session: Session, step: Compose, run: Run, values: Mapping[str, Texture],
    stored: Mapping[int, Texture], format: Format,
) -> dict[int, Texture]:  # fmt: skip
    """One pass: the levels that it stores, by number."""
    written: dict[int, Texture] = {}
    try:
        for level in run.written:
            written[level] = session.textures.take(step.width, step.height, format)
        if written:
            _draw(session, step, run, values, stored, list(written.values()))
    except BaseException:
        for texture in written.values():
            session.textures.release(texture)
        raise
    return written


def _draw(
    session: Session, step: Compose, run: Run, values: Mapping[str, Texture],
    stored: Mapping[int, Texture], written: list[Texture],
) -> None:  # fmt: skip
    writer = PassWriter(step, run, values, stored, written, session.device.info.image_units)
    for unit, texture in enumerate(writer.images):
        texture.bind_image(unit, write=unit < len(written))
    for unit, texture in enumerate(writer.samplers):
        texture.handle.use(unit)
    target = written[0]
    session.dispatch(
        "compose",
        {"TARGET": 8 if target.format == "rgba8" else 15, "PARAMETERS": len(writer.parameters)},
        target,
        [writer.tables()],
        {"program": writer.source()},
        writer.parameters,
    )
