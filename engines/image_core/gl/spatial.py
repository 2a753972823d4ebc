"""The passes that look at neighbours: resampling, warping, blurring and sharpening."""

from __future__ import annotations

import numpy as np

from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Texture
from engines.image_core.numbers.kernels import WIDEST_KERNEL, Taps, keys_phases
from engines.image_core.planning.steps import Blur, Resample, Sharpen, Smooth, Warp

__all__ = ["blur", "resample", "sharpen", "smooth", "warp"]

_SOURCE = {"rgba8": 8, "rgba15": 15}
_PREMULTIPLIED = 16
_BIASED = 17

_BLOCK = 4
"""How many pixels an invocation of a separable pass writes: what they share is loaded once."""

_BLUR_PARAMETERS = 3 + 2 * (_BLOCK - 1 + WIDEST_KERNEL) + 1
"""Those of the widest kernel, so that all kernels share a program."""


def resample(session: Session, step: Resample, source: Texture) -> Texture:
    """Rows first, then columns."""
    upright = session.textures.take(source.width, step.height, "rgba15")
    try:
        _resample_axis(session, 0, step.rows, _SOURCE[source.format], source, upright)
        with session.textures.taken(step.width, step.height, "rgba15") as out:
            _resample_axis(session, 1, step.columns, _BIASED, upright, out)
    finally:
        session.textures.release(upright)
    return out


def _resample_axis(
    session: Session, axis: int, taps: Taps, kind: int, source: Texture, target: Texture
) -> None:
    parameters = np.array([len(taps.start), taps.weights.shape[1]], np.int32)
    defines = {"AXIS": axis, "SOURCE": kind, "BLOCK": _BLOCK}
    block = (_BLOCK, 1) if axis == 0 else (1, _BLOCK)
    source.bind_image(1)
    session.dispatch("resample", defines, target, [parameters, taps.start, taps.weights], block=block)


def warp(session: Session, step: Warp, source: Texture) -> Texture:
    """One gather."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        columns = np.stack([step.column_u, step.column_v], axis=1)
        rows = np.stack([step.row_u, step.row_v], axis=1)
        parameters = np.array([out.width, out.height], np.int32)
        source.bind_image(1)
        buffers = [parameters, columns, rows, keys_phases()]
        session.dispatch("warp", {"SOURCE": _SOURCE[source.format]}, out, buffers)
    return out


def blur(session: Session, step: Blur, source: Texture) -> Texture:
    """Vertical first, then horizontal."""
    weights = step.kernel.tolist()
    upright = session.textures.take(source.width, step.height, "rgba15")
    try:
        _blur_axis(session, 0, weights, (0, step.top), _SOURCE[source.format], source, upright)
        with session.textures.taken(step.width, step.height, "rgba15") as out:
            _blur_axis(session, 1, weights, (step.left, 0), _PREMULTIPLIED, upright, out)
    finally:
        session.textures.release(upright)
    return out


def _blur_axis(
    session: Session, axis: int, weights: list[int], offset: tuple[int, int], kind: int,
    source: Texture, target: Texture,
) -> None:  # fmt: skip
    margin = [0] * (_BLOCK - 1)
    parameters = [*offset, len(weights) - 1, *margin, *weights[:0:-1], *weights, *margin]
    parameters += [0] * (_BLUR_PARAMETERS - len(parameters))
    defines = {"AXIS": axis, "SOURCE": kind, "BLOCK": _BLOCK, "PARAMETERS": _BLUR_PARAMETERS}
    block = (1, _BLOCK) if axis == 0 else (_BLOCK, 1)
    source.bind_image(1)
    session.dispatch("blur", defines, target, [], parameters=parameters, block=block)


def smooth(session: Session, step: Smooth, source: Texture) -> Texture:
    """One 3 x 3 pass."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        session.dispatch("smooth", {"SOURCE": _SOURCE[source.format]}, out, [])
    return out


def sharpen(session: Session, step: Sharpen, source: Texture, smoothed: Texture) -> Texture:
    """One pointwise pass over the two."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        smoothed.bind_image(2)
        parameters = np.array([out.width, out.height, step.amount, step.threshold], np.int32)
        session.dispatch("sharpen", {"SOURCE": _SOURCE[source.format]}, out, [parameters])
    return out
