"""The run over damaged files in short: nothing breaks, and what would be wrong is found."""

from __future__ import annotations

import ctypes
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.image_core.tests.sources.psd.psd_making import Layer, divider, pattern, psd, rle, zipped
from tests.damage.__main__ import main
from tests.damage.cases import use
from tests.damage.damaging import damaged
from tests.damage.pool import Outcome, run

_FILES = {
    "plain.psd": psd(
        Layer(), Layer({0: rle([b"\xfd\x50"] * 3), -1: zipped(bytes(12))}), blocks=pattern((0, 0, 3, 4))
    ),
    "groups.psb": psd(Layer({}, blocks=divider(3)), Layer(), Layer({}, blocks=divider(1)), version=2),
}


def fine(case: str) -> list[str]:
    """Tells the case."""
    return [case]


def raises(case: str) -> list[str]:
    """Raises what is none of ours."""
    raise ValueError(case)


def crashes(case: str) -> list[str]:
    """Ends the process as a fault in C does."""
    ctypes.string_at(0)
    return [case]


def hangs(case: str) -> list[str]:
    """Takes very long."""
    time.sleep(600)
    return [case]


def fills(case: str) -> list[str]:
    """Takes more memory than there is."""
    return [str(len(bytes(8 << 30)))]


def writes(case: str) -> list[str]:
    """Says something on standard error."""
    print("odd", file=sys.stderr)
    return [case]


def warns(case: str) -> list[str]:
    """Warns."""
    warnings.warn("odd", UserWarning, stacklevel=1)
    return [case]


def _outcomes(check: Callable[[str], list[str]], cases: list[str], seconds: float = 60) -> list[Outcome]:
    found: list[Outcome] = []
    run(check, cases, found.append, jobs=1, memory=4 << 30, seconds=seconds)
    return found


def test_what_is_told_is_handed_on() -> None:
    """In a process of its own, with its time and its peak of memory."""
    outcomes = _outcomes(fine, ["a", "b"])
    assert [(outcome.told, outcome.fault) for outcome in outcomes] == [(["a"], ""), (["b"], "")]
    assert all(10 < outcome.peak_mib < 1000 for outcome in outcomes)


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (raises, "raises ValueError: a"),
        (crashes, "the process ended with -11"),
        (hangs, "takes more than 2 seconds"),
        (fills, "raises MemoryError: "),
        (writes, "writes b'odd\\n'"),
        (warns, "raises UserWarning: odd"),
    ],
)
def test_what_must_not_be_is_found(check: Callable[[str], list[str]], fault: str) -> None:
    """And the next case is tried all the same."""
    outcomes = _outcomes(check, ["a", "a"], seconds=2 if check is hangs else 60)
    assert [outcome.fault for outcome in outcomes] == [fault, fault]


@pytest.mark.parametrize("name", _FILES)
def test_whole_files_are_mapped_and_drawn(name: str) -> None:
    """The files that are damaged below are good before."""
    assert use(_FILES[name], name) == []


def test_damage_is_the_same_for_the_same_seed() -> None:
    """And another for most others."""
    data = _FILES["plain.psd"]
    assert damaged(data, 7) == damaged(data, 7)
    assert len({damaged(data, seed) for seed in range(100)}) > 80
    assert sum(damaged(data, seed) != data for seed in range(20)) > 15


def test_damaged_files_are_read_or_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hundreds of files: each is read, or one line that begins with its name."""
    for name, data in _FILES.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setattr(sys, "argv", ["damage", str(tmp_path), "--cases", "600", "--jobs", "1"])
    assert main() == 0
    assert "600 cases: " in capsys.readouterr().out
