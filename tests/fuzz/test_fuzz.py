"""The fuzzer: a thousand of its cases, what it found before, and that it finds what is wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from engines.image_core import ImageComposition
from engines.image_core.models import BlendMode, LayerBase
from engines.image_core.reference.blend import BLEND
from tests.fuzz.differential import REGRESSIONS, Checker, faults
from tests.fuzz.trees import random_composition, random_fields

CASES = 1000
_AT_ONCE = 50


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_random_compositions_are_the_same_bytes_on_both_backends(first: int, tmp_path: Path) -> None:
    """The number is the first of fifty seeds: `random_composition(seed)` is the composition."""
    assert faults(range(first, first + _AT_ONCE), tmp_path) == []


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*.json")), ids=lambda path: path.stem)
def test_what_failed_once_does_not_fail_again(path: Path) -> None:
    """Every case that the fuzzer saved."""
    with Checker() as checker:
        assert checker.fault(json.loads(path.read_text())) == ""


def _used(value: Any, counts: Counter[str]) -> None:
    """Count the fields that are not at their default, and the words of choices."""
    if isinstance(value, tuple):
        for inside in value:
            _used(inside, counts)
    elif isinstance(value, str) and len(value) < 14:
        counts[value] += 1
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            inside = getattr(value, name)
            counts[name] += inside != field.default
            _used(inside, counts)


def test_the_cases_have_everything_a_layer_can_have() -> None:
    """Each field of each kind of layer, mode, paint, shape, selection, filter and fit, more than once."""
    counts: Counter[str] = Counter()
    for seed in range(2 * CASES):
        _used(random_composition(seed), counts)
    kinds: list[type[LayerBase]] = [LayerBase, *LayerBase.__subclasses__()]
    fields = {name for kind in kinds for name in kind.model_fields} - {"id", "name", "font", "svg"}
    shapes = {"rect", "ellipse", "polygon", "path", "line", "lasso", "brush", "linear", "radial"}
    words = {"blur", "sharpen", "cover", "contain", "fill", "butt", "square", "miter", "bevel", "center"}
    wanted = fields | shapes | words | {mode.value for mode in BlendMode}
    assert {name: counts[name] for name in wanted if counts[name] < 20} == {}


@pytest.mark.usefixtures("gl_renderer")
def test_a_wrong_mode_is_found_made_small_and_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A NumPy that takes darken for lighten: of a case that shows it hardly more is left than its mode."""
    monkeypatch.setitem(BLEND, BlendMode.LIGHTEN, BLEND[BlendMode.DARKEN])
    # The shortest first: each try to make one smaller compiles programs.
    texts = sorted(
        (len(text), seed) for seed in range(500) if "lighten" in (text := str(random_fields(seed)))
    )
    first = next(
        seed for _, seed in texts if "GL is not NumPy" in str(faults(range(seed, seed + 1), tmp_path))
    )
    small = json.loads((tmp_path / f"{first}.json").read_text())
    assert "lighten" in json.dumps(small)
    whole = ImageComposition.model_validate(small)
    assert len(list(whole.walk())) <= 3
    assert whole.width * whole.height <= 64
    with Checker() as checker:
        assert checker.fault(small).startswith("GL is not NumPy: ")
        monkeypatch.undo()
        assert checker.fault(small) == ""


def test_what_is_no_composition_is_a_fault_of_another_kind() -> None:
    """So that making a case small does not end at one that is refused."""
    with Checker() as checker:
        assert checker.fault({"width": 3}).startswith("CompositionError: ")
