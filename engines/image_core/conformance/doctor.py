"""The examination of a host: NumPy and every OpenGL device, each in a process of its own, by the suite."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from engines.image_core.conformance import Level

__all__ = ["Examination", "examine", "examine_devices"]

_MOST_DEVICES = 64
_SECONDS: dict[Level, float] = {"self-test": 60, "quick": 120, "full": 1800}
"""How long a device may take before it counts as hanging."""


@dataclass
class Examination:
    """What was found of one device.

    Attributes:
        name: in the driver's words; "device N" where it could not be opened.
        driver, opengl: the driver and its version, and OpenGL's; empty for NumPy.
        software: whether it renders on the CPU.
        limits: of OpenGL: "texture", the largest side in pixels; "storage_block", in bytes.
        cases: how many were drawn.
        mismatches: what came out wrong: "case", "how" and "composition".
        fault: why it could not be used, or how it ended before it was done; empty when all is well.
        usable: whether it could be opened.
        seconds: from the start of its process to its end.
    """

    name: str
    driver: str = ""
    opengl: str = ""
    software: bool = False
    limits: dict[str, int] = field(default_factory=dict)
    cases: int = 0
    mismatches: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""
    usable: bool = False
    seconds: float = 0.0

    @property
    def well(self) -> bool:
        """Whether it drew every case as it has to; or could not be opened, so that nothing draws with it."""
        return not self.mismatches and not (self.usable and self.fault)


def examine(level: Level = "quick") -> Iterator[Examination]:
    """Examine NumPy, then each of EGL's devices in its order.

    Each is opened and drawn with in a process of its own: a driver that crashes or hangs is a finding.
    """
    numpy = _examined("numpy", level)
    assert numpy is not None  # it is always there
    yield numpy
    yield from examine_devices(level)


def examine_devices(level: Level = "quick", seconds: float | None = None) -> Iterator[Examination]:
    """Examine EGL's devices alone. seconds: how long each may take, by default what the level allows."""
    for index in range(_MOST_DEVICES):
        found = _examined(str(index), level, seconds)
        if found is None:
            return
        yield found


def _examined(device: str, level: Level, seconds: float | None = None) -> Examination | None:
    """None where there is no such device."""
    found = Examination(name="NumPy" if device == "numpy" else f"EGL device {device}")
    started = time.perf_counter()
    lines, ending = _probed(device, level, _SECONDS[level] if seconds is None else seconds)
    found.seconds = time.perf_counter() - started
    last = "being opened"
    for line in lines:
        match line:
            case {"absent": _}:
                return None
            case {"unusable": why}:
                found.fault = why
                return found
            case {"device": told}:
                found.usable = True
                found.name, found.driver, found.opengl = told["name"], told["driver"], told["opengl"]
                found.software, found.limits = told["software"], told["limits"]
            case {"case": name}:
                found.cases += 1
                last = f"drawing {name}"
            case {"mismatch": mismatch}:
                found.mismatches.append(mismatch)
            case {"done": True}:
                return found
    found.usable = True  # whatever is wrong with it, rendering would meet it, too
    found.fault = f"{ending} while {last}"
    return found


def _probed(device: str, level: Level, seconds: float) -> tuple[list[dict[str, Any]], str]:
    """What the process said, and how it ended."""
    command = [sys.executable, "-m", "engines.image_core.conformance.doctor_probe", device, level]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        return _lines(error.stdout or b""), f"it was still busy after {error.timeout:g} seconds"
    ending = f"its process ended with status {done.returncode}"
    if done.returncode < 0:
        with suppress(ValueError):
            ending = f"its process was ended by {signal.Signals(-done.returncode).name}"
    return _lines(done.stdout), ending


def _lines(output: bytes) -> list[dict[str, Any]]:
    """The lines that are whole: the last of a process that crashed may not be."""
    return [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
