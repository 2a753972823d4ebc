"""A process of its own for a hostile input: what crashes, hangs or fills memory there is a failing test here.

Run as `python -m tests.hostile.child MODULE FUNCTION ARGUMENTS-AS-JSON`: the last line on standard error says
what the function was at, what it returns goes to standard output as JSON, with the process's peak of memory.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Outcome", "in_child", "now_at"]

_ADDRESSES = 8 << 30  # bytes of address space, what libraries reserve included


@dataclass(frozen=True)
class Outcome:
    """What a function returned, the processor seconds it took and the most memory its process had, in MiB."""

    result: Any
    seconds: float
    peak_mib: float


def in_child(function: Callable[..., Any], *arguments: Any, seconds: float = 240) -> Outcome:
    """Call a function of a module by its name, with arguments that are JSON, in a new process.

    Any warning is an error there. A crash, an exception or more than these seconds fails the running test
    with what the process was at.
    """
    call = [
        sys.executable,
        "-m",
        __spec__.name,
        function.__module__,
        function.__name__,
        json.dumps(arguments),
    ]
    root = Path(__file__).parents[2]
    try:
        done = subprocess.run(call, cwd=root, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        at = (error.stderr or b"").decode(errors="replace")
        raise AssertionError(f"{function.__name__} takes more than {seconds} seconds: {at[-500:]}") from error
    assert done.returncode == 0, f"{function.__name__} ended with {done.returncode}: {done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr
    return Outcome(**json.loads(done.stdout))


def now_at(what: str) -> None:
    """Say what comes next, so that a crash in C names it."""
    print(what, file=sys.stderr, flush=True)


def _main(module: str, name: str, arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    function = getattr(importlib.import_module(module), name)
    warnings.simplefilter("error")
    started = time.process_time()
    result = function(*json.loads(arguments))
    seconds = time.process_time() - started
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"result": result, "seconds": seconds, "peak_mib": peak / 1024}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
