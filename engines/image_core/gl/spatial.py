"""The passes that look at neighbours: resampling, warping, blurring and sharpening."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Texture
from engines.image_core.steps import Blur, Resample, Sharpen, Smooth, Warp
from engines.image_core.tables import Taps, keys_phases

__all__ = ["blur", "resample", "sharpen", "smooth", "warp"]

_SOURCE = {"rgba8": 8, "rgba15": 15}
_PREMULTIPLIED = 16


def resample(session: Session, step: Resample, source: Texture) -> Texture:
    """Rows first, then columns."""
    upright = session.textures.take(source.width, step.height, "rgba15")
    try:
        _resample_axis(session, 0, step.rows, _SOURCE[source.format], source, upright)
        with session.textures.taken(step.width, step.height, "rgba15") as out:
            _resample_axis(session, 1, step.columns, _PREMULTIPLIED, upright, out)
    finally:
        session.textures.release(upright)
    return out


def _resample_axis(
    session: Session, axis: int, taps: Taps, kind: int, source: Texture, target: Texture
) -> None:
    parameters = np.array([target.width, target.height, taps.weights.shape[1]], np.int32)
    source.bind_image(1)
    session.dispatch(
        "resample", {"AXIS": axis, "SOURCE": kind}, target, [parameters, taps.start, taps.weights]
    )


def warp(session: Session, step: Warp, source: Texture) -> Texture:
    """One gather."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        columns = np.stack([step.column_u, step.column_v], axis=1)
        rows = np.stack([step.row_u, step.row_v], axis=1)
        parameters = np.array([out.width, out.height, source.width, source.height], np.int32)
        source.bind_image(1)
        buffers = [parameters, columns, rows, keys_phases()]
        session.dispatch("warp", {"SOURCE": _SOURCE[source.format]}, out, buffers)
    return out


def blur(session: Session, step: Blur, source: Texture) -> Texture:
    """Vertical first, then horizontal."""
    weights = step.kernel.astype(np.uint32)
    upright = session.textures.take(source.width, step.height, "rgba15")
    try:
        _blur_axis(session, 0, weights, (0, step.top), _SOURCE[source.format], source, upright)
        with session.textures.taken(step.width, step.height, "rgba15") as out:
            _blur_axis(session, 1, weights, (step.left, 0), _PREMULTIPLIED, upright, out)
    finally:
        session.textures.release(upright)
    return out


def _blur_axis(
    session: Session, axis: int, weights: NDArray[np.uint32], offset: tuple[int, int], kind: int,
    source: Texture, target: Texture,
) -> None:  # fmt: skip
    parameters = [target.width, target.height, *offset, source.width, source.height, len(weights) - 1]
    source.bind_image(1)
    buffers = [np.array(parameters, np.int32), weights]
    session.dispatch("blur", {"AXIS": axis, "SOURCE": kind}, target, buffers)


def smooth(session: Session, step: Smooth, source: Texture) -> Texture:
    """One 3 x 3 pass."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        parameters = np.array([out.width, out.height], np.int32)
        session.dispatch("smooth", {"SOURCE": _SOURCE[source.format]}, out, [parameters])
    return out


def sharpen(session: Session, step: Sharpen, source: Texture, smoothed: Texture) -> Texture:
    """One pointwise pass over the two."""
    with session.textures.taken(step.width, step.height, "rgba15") as out:
        source.bind_image(1)
        smoothed.bind_image(2)
        parameters = np.array([out.width, out.height, step.amount, step.threshold], np.int32)
        session.dispatch("sharpen", {"SOURCE": _SOURCE[source.format]}, out, [parameters])
    return out
