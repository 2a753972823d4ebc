"""The conformance suite: both backends draw what is stored, and what is stored cannot change unnoticed."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from engines.image_core import DeviceError, ImageComposition, Renderer
from engines.image_core.backend import Backend, Evaluated, NumpyBackend, open_backend
from engines.image_core.conformance import (
    AREAS,
    FINGERPRINTS,
    SUITE,
    Suite,
    all_cases,
    expected_hashes,
    fingerprint,
)
from engines.image_core.conformance.expected import area_hashes, fingerprint_of, lines
from engines.image_core.gl.general import GeneralWriter
from engines.image_core.gl.writing import PassWriter
from engines.image_core.models import BlendMode, LayerBase, PlacedLayer
from engines.image_core.planning.planner import PIXEL_RULES, Plan
from engines.image_core.runtime.limits import StartClock, without_a_clock

DOCUMENT = (Path(__file__).parents[2] / "docs" / "CONFORMANCE.md").read_text()


@pytest.fixture(scope="module", params=["numpy", "gl"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each backend in turn."""
    if request.param == "numpy":
        return NumpyBackend("it is the definition")
    request.getfixturevalue("gl_renderer")
    return open_backend("gl")


@pytest.mark.parametrize("area", AREAS)
def test_every_case_is_drawn_as_stored(backend: Backend, area: str) -> None:
    """Byte for byte, on each backend."""
    suite = Suite(backend)
    wrong = [suite.check(case) for case in all_cases() if case.name.startswith(f"{area}/")]
    assert len(wrong) >= 4
    assert [f"{found.case.name}: {found.how}" for found in wrong if found] == []


def test_the_fingerprint_is_that_of_these_pixel_rules() -> None:
    """Pixels that come out otherwise are other pixel rules, other cases another suite: `make bless`."""
    assert fingerprint() == FINGERPRINTS.get((PIXEL_RULES, SUITE)), f"suite {SUITE}: make bless"


def test_a_newer_suite_keeps_all_cases_of_the_older_ones() -> None:
    """Their names, order and pixels: what is stored for them still has the fingerprint of then."""
    for (rules, suite), then in FINGERPRINTS.items():
        if rules == PIXEL_RULES:
            stored = {case.name: expected_hashes().get(case.name, "") for case in all_cases(suite=suite)}
            assert fingerprint_of(stored) == then, f"suite {suite}: make bless says why"
    assert max(case.suite for case in all_cases()) == SUITE


def test_the_document_has_every_fingerprint_and_the_hashes_of_the_areas() -> None:
    """What another implementation is told to compare with is what is stored."""
    rows = re.findall(r"^\| (\d+) \| (\d+) \| `([0-9a-f]{64})` \|$", DOCUMENT, re.M)
    assert {(int(rules), int(suite)): digest for rules, suite, digest in rows} == FINGERPRINTS
    areas = dict(re.findall(r"^\| ([a-z]+) \| [\d,]+ \| `([0-9a-f]{64})` \|$", DOCUMENT, re.M))
    assert areas == area_hashes()


def test_the_fingerprint_can_be_made_with_sha256sum_alone() -> None:
    """The hash of the files' hashes, as the document says."""
    folder = Path(__file__).parents[2] / "engines/image_core/conformance/expected"
    digests: dict[str, str] = {
        area: hashlib.sha256((folder / f"{area}.txt").read_bytes()).hexdigest() for area in AREAS
    }
    assert hashlib.sha256(lines(digests).encode()).hexdigest() == fingerprint()


CASES = {1: "d93e0674cb3a57e52c609298627d0d9e89d3c829205243a6d7cc82f5de8cf778"}
"""A hash of the cases of a version of the suite, in JSON without the bytes of pictures."""


@pytest.mark.parametrize("suite", CASES)
def test_the_cases_of_a_version_of_the_suite_never_change(suite: int) -> None:
    """Not even when there is one more blend mode: it gets cases of its own, and the suite another number."""
    cases = [[case.name, case.level, _without_data(case.fields)] for case in all_cases(suite=suite)]
    assert hashlib.sha256(json.dumps(cases).encode()).hexdigest() == CASES[suite]


def _without_data(value: Any) -> Any:
    """The fields of a case but for the bytes of its pictures, which may be packed in more than one way."""
    if isinstance(value, dict):
        return {name: _without_data(inside) for name, inside in value.items() if name != "data"}
    return [_without_data(inside) for inside in value] if isinstance(value, list | tuple) else value


def test_the_stored_hashes_are_of_the_cases_there_are() -> None:
    """None is missing, none is left over, each name is there once, and levels hold the lower ones."""
    names = [case.name for case in all_cases()]
    assert names == list(expected_hashes())
    assert len(set(names)) == len(names)
    shorter = [{case.name for case in all_cases(level)} for level in ("self-test", "quick", "full")]
    assert shorter[0] < shorter[1] < shorter[2]


def _used(value: object) -> set[str]:
    """The names of fields of the models that are not at their default, and the modes."""
    if isinstance(value, list | tuple):
        return set().union(*map(_used, value))
    if isinstance(value, BlendMode):
        return {value.value}
    if not isinstance(value, BaseModel):
        return set()
    fields = type(value).model_fields
    inside = [getattr(value, name) for name, field in fields.items() if getattr(value, name) != field.default]
    changed = {name for name, field in fields.items() if getattr(value, name) != field.default}
    return changed.union(*map(_used, inside))


def test_the_cases_use_everything_a_layer_can_have() -> None:
    """Every field of every kind of layer is set somewhere, but for names and what refers to files."""
    used = set().union(*(_used(case.composition) for case in all_cases("quick")))
    kinds: list[type[LayerBase]] = [*LayerBase.__subclasses__(), *PlacedLayer.__subclasses__()]
    fields = {name for kind in kinds for name in kind.model_fields}
    assert fields - used == {"id", "name", "font"}
    assert {mode.value for mode in BlendMode} - used <= {"normal"}  # the default of layers


class _WrongByOne(NumpyBackend):
    """Draws one pixel of pictures 256 wide one step off."""

    def evaluate(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Evaluated:
        evaluated = super().evaluate(plan, start_clock)
        if evaluated.pixels.shape[:2] == (256, 256):
            evaluated.pixels[7, 9, 0] ^= 1
        return evaluated


def test_one_step_in_one_pixel_is_found_and_told() -> None:
    """With the place and both values."""
    suite = Suite(_WrongByOne("it is wrong"))
    wrong = {found.case.name: found.how for found in map(suite.check, all_cases("self-test")) if found}
    assert list(wrong) == ["blend/overlay-pairs"]
    assert "1 of 65,536 pixels differ by up to 1" in wrong["blend/overlay-pairs"]
    assert "first at (9, 7)" in wrong["blend/overlay-pairs"]


@pytest.mark.usefixtures("gl_renderer")
def test_a_device_is_held_to_the_suite_by_both_kinds_of_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What only one kind draws wrongly is found, and which it is."""
    case = next(case for case in all_cases() if case.name == "cards/thumbnail")
    backend = open_backend("gl")
    suite = Suite(backend)
    assert suite.check(case) is None
    for place, name, wrong, kind in (
        (GeneralWriter, "_source", lambda *_: {"OP": [1], "COLOR": [0] * 4}, "general"),
        (PassWriter, "_share", lambda *_: "ONE", "specialised"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, name, wrong)
            found = suite.check(case)
        assert found is not None
        assert found.how.endswith(f"; drawn by {kind} programs")
    assert suite.check(case) is None
    backend.close()


class _Failing(NumpyBackend):
    def evaluate(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Evaluated:
        raise DeviceError("no memory left")


def test_a_device_that_fails_is_told_in_its_words() -> None:
    """It is a mismatch, not the end of the suite."""
    found = Suite(_Failing("it fails")).check(next(iter(all_cases())))
    assert found is not None
    assert found.how == "no memory left"


def test_a_case_is_a_composition_that_needs_nothing_else() -> None:
    """Its fields are JSON of a valid composition; drawn by a renderer it is the same picture."""
    case = next(case for case in all_cases() if case.name == "cards/thumbnail")
    with Renderer("numpy") as renderer:
        image = renderer.render(ImageComposition.model_validate(case.fields))
    assert image.pixel_hash == expected_hashes()["cards/thumbnail"]
    assert np.unique(image.pixels).size > 100
