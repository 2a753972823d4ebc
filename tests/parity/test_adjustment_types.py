"""Adjustments by type: all greys and 2^15 random colours at ten settings each, both backends."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from engines.image_core.planning.decoded import DecodedLookup
from engines.image_core.planning.planner import Sources, make_plan
from engines.image_core.rendering.rendered import Planned
from engines.image_core.sources.cubes import decode_cube
from tests.adjustments import LOOKUPS, TYPED
from tests.parity.inputs import RASTER
from tests.parity.support import Both, composed, decoded, noise, numbered

ROWS, COLUMNS = 129, 256


def colors() -> Any:
    """A row of greys above 2^15 random colours, and each of the six hues' edges among them."""
    pixels = np.random.default_rng(11).integers(0, 256, (ROWS, COLUMNS, 4), dtype=np.uint8)
    pixels[0, :, :3] = np.arange(256)[:, None]
    pixels[1:65, ::16, 1] = pixels[1:65, ::16, 0]  # two channels alike
    pixels[1:65, 1::16, 2] = pixels[1:65, 1::16, 1]
    pixels[: ROWS // 2, :, 3] = 255
    return decoded(pixels)


def same(both: Both, steps: list[dict[str, Any]], lookups: tuple[DecodedLookup, ...] = ()) -> None:
    """Adjustments of one picture, one after the other."""
    composition = composed(COLUMNS, ROWS, [{**RASTER, "filters": steps}], "#305070")
    sources = Sources(numbered(colors()), {}, lookups={(0,): lookups})
    both.same_planned(Planned(composition, make_plan(composition, sources), {}))


def table(text: str) -> DecodedLookup:
    """A .cube file's text decoded."""
    data = text.encode()
    return decode_cube(data, hashlib.sha256(data).hexdigest(), "a table")


@pytest.mark.parametrize("kind", TYPED)
def test_an_adjustment_is_the_same_bytes(both: Both, kind: str) -> None:
    """At all of its settings."""
    for fields in TYPED[kind]:
        same(both, [{"type": kind, **fields}])


@pytest.mark.parametrize("number", range(len(LOOKUPS)))
def test_a_lookup_is_the_same_bytes(both: Both, number: int) -> None:
    """Cubes and lines of several sizes, with and without a domain."""
    lookup = {"type": "color-lookup", "source": {"path": "given to the plan"}}
    same(both, [lookup], (table(LOOKUPS[number]),))


def test_the_largest_cube_is_the_same_bytes(both: Both) -> None:
    """129 along a side: 13 MB, which OpenGL's smallest storage block has room for."""
    lookup = {"type": "color-lookup", "source": {"path": "given to the plan"}}
    head = "LUT_3D_SIZE 129\n"
    rows = (f"{r} {g} {b}\n" for b in _steps() for g in _steps() for r in reversed(_steps()))
    same(both, [lookup], (table(head + "".join(rows)),))


def _steps() -> list[str]:
    return [f"{value / 128:.4f}" for value in range(129)]


def test_many_adjustments_of_one_layer_are_the_same_bytes(both: Both) -> None:
    """One of each, in one pass and around a blur."""
    steps = [{"type": kind, **settings[-1]} for kind, settings in TYPED.items() if kind != "threshold"]
    same(both, steps)
    same(both, [*steps[:7], {"type": "blur", "radius": 2}, *steps[7:]])


def test_layers_of_many_numbers_do_not_overflow_a_pass(both: Both) -> None:
    """Selective color has 28 numbers: what does not fit one pass goes to the next."""
    step = {"type": "selective-color", **TYPED["selective-color"][1]}
    layer = {**RASTER, "filters": [step] * 32, "opacity": 0.5}
    images = numbered(*(noise(number, 9, 9) for number in range(6)))
    both.same(composed(9, 9, [layer] * 6), images)


def test_neighbouring_curves_are_one(both: Both) -> None:
    """Levels, curves and invert compose to one operation, whose bytes are those of them one by one."""
    steps = [
        {"type": "levels", **TYPED["levels"][6]},
        {"type": "invert"},
        {"type": "curves", **TYPED["curves"][2]},
    ]
    same(both, steps)
    composition = composed(COLUMNS, ROWS, [{**RASTER, "filters": steps}])
    root = make_plan(composition, Sources(numbered(colors()), {})).root
    (entry,) = root.entries
    assert [op.tag for op in entry.color_ops] == ["channels"]  # type: ignore[union-attr]
