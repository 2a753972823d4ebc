"""The passes that make one image or plane of another: resampling, warping, blurring, sharpening.

A plane takes the same passes as an image, compiled for one channel.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.numbers.kernels import WIDEST_KERNEL, Taps, keys_phases
from engines.image_core.planning.remap import Remap
from engines.image_core.planning.steps import Blur, Opaque, Resample, Sharpen, Smooth, Step, Warp

__all__ = ["blur", "opaque", "remap", "resample", "sharpen", "smooth", "warp"]

_PREMULTIPLIED = 16
_BIASED = 17

_BLOCK = 4
"""How many pixels an invocation of a separable pass writes: what they share is loaded once."""

_BLUR_PARAMETERS = 3 + 2 * (_BLOCK - 1 + WIDEST_KERNEL) + 1
"""Those of the widest kernel, so that all kernels share a program."""

_TABLE_PIXELS = 1 << 22
"""Pixels that the tables of one pass are of, at most about: 32 MiB each, whatever the size of the image."""


def _format(step: Step) -> Format:
    return "plane15" if step.plane else "rgba15"


def _defines(step: Step, source: Texture) -> dict[str, int]:
    """What a pass is compiled for by its source; the second pass of two has another SOURCE."""
    return {"PLANE": int(step.plane), "SOURCE": source.bits}


def resample(session: Session, step: Resample, source: Texture) -> Texture:
    """Rows first, then columns."""
    format, defines = _format(step), _defines(step, source)
    upright = session.textures.take(source.width, step.height, format)
    try:
        _resample_axis(session, 0, step.rows, defines, source, upright)
        with session.textures.taken(step.width, step.height, format) as out:
            _resample_axis(session, 1, step.columns, {**defines, "SOURCE": _BIASED}, upright, out)
    finally:
        session.textures.release(upright)
    return out


def _resample_axis(
    session: Session, axis: int, taps: Taps, defines: Mapping[str, int], source: Texture, target: Texture
) -> None:
    parameters = np.array([len(taps.start), taps.weights.shape[1]], np.int32)
    block = (_BLOCK, 1) if axis == 0 else (1, _BLOCK)
    source.bind_image(1)
    session.dispatch(
        "resample", {**defines, "AXIS": axis, "BLOCK": _BLOCK}, target,
        [parameters, taps.start, taps.weights], block=block,
    )  # fmt: skip


def warp(session: Session, step: Warp, source: Texture) -> Texture:
    """One gather."""
    with session.textures.taken(step.width, step.height, _format(step)) as out:
        columns = np.stack([step.column_u, step.column_v], axis=1)
        rows = np.stack([step.row_u, step.row_v], axis=1)
        parameters = np.array([out.width, out.height], np.int32)
        source.bind_image(1)
        buffers = [parameters, columns, rows, keys_phases()]
        session.dispatch("warp", _defines(step, source), out, buffers)
    return out


def remap(session: Session, step: Remap, source: Texture) -> Texture:
    """A gather for each band of rows."""
    tall = max(1, _TABLE_PIXELS // step.width)
    with session.textures.taken(step.width, step.height, _format(step)) as out:
        for top in range(0, step.height, tall):
            rows = slice(top, min(top + tall, step.height))
            sizes = [step.width, rows.stop - top, top, source.width, source.height]
            spread = np.ascontiguousarray(step.spread[rows]).view("<i4")
            tables = [step.positions[rows], spread, step.coverage[rows].astype(np.uint32)]
            source.bind_image(1)
            buffers = [np.array(sizes, np.int32), *tables, keys_phases()]
            session.dispatch("remap", _defines(step, source), out, buffers)
    return out


def blur(session: Session, step: Blur, source: Texture) -> Texture:
    """Vertical first, then horizontal."""
    weights = step.kernel.tolist()
    format, defines = _format(step), _defines(step, source)
    upright = session.textures.take(source.width, step.height, format)
    try:
        _blur_axis(session, 0, weights, (0, step.top), defines, source, upright)
        with session.textures.taken(step.width, step.height, format) as out:
            across = {**defines, "SOURCE": _PREMULTIPLIED}
            _blur_axis(session, 1, weights, (step.left, 0), across, upright, out)
    finally:
        session.textures.release(upright)
    return out


def _blur_axis(
    session: Session, axis: int, weights: list[int], offset: tuple[int, int], defines: Mapping[str, int],
    source: Texture, target: Texture,
) -> None:  # fmt: skip
    margin = [0] * (_BLOCK - 1)
    parameters = [*offset, len(weights) - 1, *margin, *weights[:0:-1], *weights, *margin]
    block = (1, _BLOCK) if axis == 0 else (_BLOCK, 1)
    source.bind_image(1)
    session.dispatch(
        "blur", {**defines, "AXIS": axis, "BLOCK": _BLOCK, "PARAMETERS": _BLUR_PARAMETERS}, target, [],
        parameters=parameters, block=block,
    )  # fmt: skip


def smooth(session: Session, step: Smooth, source: Texture) -> Texture:
    """One 3 x 3 pass."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        session.dispatch("smooth", _defines(step, source), out, [])
    return out


def opaque(session: Session, step: Opaque, source: Texture) -> Texture:
    """One pointwise pass."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        session.dispatch("opaque", _defines(step, source), out, [])
    return out


def sharpen(session: Session, step: Sharpen, source: Texture, smoothed: Texture) -> Texture:
    """One pointwise pass over the two."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        smoothed.bind_image(2)
        parameters = np.array([out.width, out.height, step.amount, step.threshold], np.int32)
        session.dispatch("sharpen", _defines(step, source), out, [parameters])
    return out
