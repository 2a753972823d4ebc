"""Composite modes of colour glyphs against W3C's formulas, and how their numbers vary against fontTools."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import otTables
from fontTools.varLib.models import supportScalar
from fontTools.varLib.varStore import OnlineVarStoreBuilder
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.sources.text.color_modes import composite
from engines.image_core.sources.text.color_paints import MODES, Mode
from engines.image_core.sources.text.color_variations import Variations


def _plane_of(pixels: NDArray[np.float64]) -> Plane:
    return np.round(pixels * ONE).astype(np.int32)


def _porter_duff(mode: str, own: Any, other: Any) -> tuple[Any, Any] | None:
    factors: dict[str, tuple[Any, Any]] = {
        "clear": (0, 0), "src": (1, 0), "dest": (0, 1), "src-over": (1, 1 - own), "dest-over": (1 - other, 1),
        "src-in": (other, 0), "dest-in": (0, own), "src-out": (1 - other, 0), "dest-out": (0, 1 - own),
        "src-atop": (other, 1 - own), "dest-atop": (1 - other, own), "xor": (1 - other, 1 - own),
        "plus": (1, 1),
    }  # fmt: skip
    return factors.get(mode)


def _separable(mode: str, s: Any, b: Any) -> Any:
    def hard(s: Any, b: Any) -> Any:
        return np.where(s <= 0.5, 2 * s * b, 1 - (2 - 2 * s) * (1 - b))

    curve = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(b))
    with np.errstate(all="ignore"):
        return {
            "multiply": s * b, "screen": s + b - s * b, "overlay": hard(b, s), "hard-light": hard(s, b),
            "darken": np.minimum(s, b), "lighten": np.maximum(s, b),
            "color-dodge": np.where(b == 0, 0, np.where(s == 1, 1, np.minimum(1, b / (1 - s)))),
            "color-burn": np.where(b == 1, 1, np.where(s == 0, 0, 1 - np.minimum(1, (1 - b) / s))),
            "soft-light": np.where(
                s <= 0.5, b - (1 - 2 * s) * b * (1 - b), b + (2 * s - 1) * (curve - b)
            ),
            "difference": np.abs(s - b), "exclusion": s + b - 2 * s * b,
        }.get(mode)  # fmt: skip


def _lum(c: Any) -> Any:
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def _set_lum(c: Any, target: Any) -> Any:
    c = c + (target - _lum(c))
    own, low, high = _lum(c), c.min(axis=0), c.max(axis=0)
    with np.errstate(all="ignore"):
        c = np.where(low < 0, own + (c - own) * own / (own - low), c)
        return np.where(high > 1, own + (c - own) * (1 - own) / (high - own), c)


def _set_sat(c: Any, target: Any) -> Any:
    span = c.max(axis=0) - c.min(axis=0)
    with np.errstate(all="ignore"):
        return np.where(span > 0, (c - c.min(axis=0)) / span * target, 0)


def _inseparable(mode: str, s: Any, b: Any) -> Any:
    def sat(c: Any) -> Any:
        return c.max(axis=0) - c.min(axis=0)

    return {
        "hue": _set_lum(_set_sat(s, sat(b)), _lum(b)), "saturation": _set_lum(_set_sat(b, sat(s)), _lum(b)),
        "color": _set_lum(s, _lum(b)), "luminosity": _set_lum(b, _lum(s)),
    }[mode]  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_composite_modes_are_those_of_w3c(mode: Mode) -> None:
    """Premultiplied results within a step of 8 bits of the formulas in floating point."""
    random = np.random.default_rng(3)
    source, backdrop = np.round(random.random((2, 4, 60, 60)) * 16) / 16
    result = composite(mode, _plane_of(source), _plane_of(backdrop)) / ONE
    own, other = source[3], backdrop[3]
    factors = _porter_duff(mode, own, other)
    mixed = source[:3]
    if factors is None:
        blended = _separable(mode, source[:3], backdrop[:3])
        if blended is None:
            blended = _inseparable(mode, source[:3], backdrop[:3])
        mixed = (1 - other) * source[:3] + other * blended
        factors = 1, 1 - own
    alpha = np.minimum(own * factors[0] + other * factors[1], 1)
    color = np.minimum(own * factors[0] * mixed + other * factors[1] * backdrop[:3], 1)
    assert np.abs(result[3] - alpha).max() < 1e-3
    assert np.abs(result[:3] * result[3] - color).max() < 1 / 255


def test_variations_are_those_of_font_tools() -> None:
    """Deltas of an item variation store at places on two axes, through an index map and without."""
    builder = OnlineVarStoreBuilder(["wght", "wdth"])
    supports = [{"wght": (0, 1, 1)}, {"wght": (0, 0.5, 1), "wdth": (-1, -1, 0)}, {"wdth": (0, 0.25, 1)}]
    builder.setSupports(supports)
    deltas = [(10, -300, 7), (2, 40_000, -1), (0, 0, 5)]
    indices = [builder.storeDeltas(row) for row in deltas]
    store = builder.finish()
    data = _compiled(store)
    for place in ((8192, -4096), (16384, 0), (-16384, 8000), (0, 0)):
        scalars = [supportScalar({"wght": place[0] / 16384, "wdth": place[1] / 16384}, s) for s in supports]
        variations = Variations(data, b"", place)
        for row, index in zip(deltas, indices, strict=True):
            wanted = sum(scalar * delta for scalar, delta in zip(scalars, row, strict=True))
            assert float(variations.delta(index)) == pytest.approx(wanted)
        assert variations.delta(0xFFFF_FFFF) == 0
    mapped = bytes([0, 0x1F, 0, len(indices)]) + b"".join(
        ((index >> 16) << 16 | index & 0xFFFF).to_bytes(4, "big")[2:] for index in indices
    )
    by_map = Variations(data, mapped, (16384, 0))
    assert [by_map.delta(step) for step in range(3)] == [
        Variations(data, b"", (16384, 0)).delta(index & 0xFFFF) for index in indices
    ]


def _compiled(store: Any) -> bytes:
    table = newTable("HVAR")
    table.table = otTables.HVAR()
    table.table.Version = 0x00010000
    table.table.VarStore = store
    table.table.AdvWidthMap = table.table.LsbMap = table.table.RsbMap = None
    data = table.compile(TTFont())
    return bytes(data[int.from_bytes(data[4:8], "big") :])
