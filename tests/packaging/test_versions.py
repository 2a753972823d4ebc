"""What pyproject.toml, the pins of development and those of `make lowest` say of versions is the same."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT: dict[str, Any] = DOCUMENT["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
LISTS = {"": PROJECT["dependencies"], **EXTRAS}
UNBOUNDED = {"types-defusedxml"}  # only mypy reads it


def _requirements(extra: str) -> list[Requirement]:
    """What a list names, but for extras of the project itself."""
    found = [Requirement(text) for text in LISTS[extra]]
    return [requirement for requirement in found if requirement.name != PROJECT["name"]]


def _pins(name: str) -> dict[str, Version]:
    lines = (ROOT / ".ci" / name).read_text().splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    pins: dict[str, Version] = {canonicalize_name(name): Version(version) for name, version in pairs}
    assert len(pins) == len(pairs), f"{name} pins one twice"
    return pins


def _bound(requirement: Requirement) -> Version:
    [specifier] = requirement.specifier
    assert specifier.operator == ">="
    return Version(specifier.version)


@pytest.mark.parametrize("extra", LISTS)
def test_each_dependency_has_one_line_a_bound_and_a_pin_that_it_allows(extra: str) -> None:
    """None is given twice; `.ci/constraints.txt` pins each, at its lower bound or above."""
    pins = _pins("constraints.txt")
    names = [canonicalize_name(requirement.name) for requirement in _requirements(extra)]
    assert len(names) == len(set(names))
    assert [name for name in names if name not in pins] == []
    for requirement in _requirements(extra):
        if requirement.name not in UNBOUNDED:
            assert pins[canonicalize_name(requirement.name)] >= _bound(requirement), requirement


@pytest.mark.parametrize("extra", ["", "demo", "http"])
def test_make_lowest_installs_the_lower_bounds_themselves(extra: str) -> None:
    """After a change of a bound: `.ci/lowest.txt` says how it is made anew."""
    pins = _pins("lowest.txt")
    bounds = {canonicalize_name(needed.name): _bound(needed) for needed in _requirements(extra)}
    assert {name: pins.get(name) for name in bounds} == bounds


def test_the_classifiers_are_pythons_from_the_lowest_that_is_allowed() -> None:
    """One after the other, without a gap; ruff and mypy check for the lowest."""
    start = "Programming Language :: Python :: 3."
    minors = [int(line.removeprefix(start)) for line in PROJECT["classifiers"] if line.startswith(start)]
    lowest = minors[0]
    assert minors == list(range(lowest, lowest + len(minors)))
    assert PROJECT["requires-python"] == f">=3.{lowest}"
    assert DOCUMENT["tool"]["ruff"]["target-version"] == f"py3{lowest}"
    assert DOCUMENT["tool"]["mypy"]["python_version"] == f"3.{lowest}"
    assert f"Python 3.{lowest} or later" in (ROOT / "README.md").read_text()
