"""A part in a process of its own: what crashes or hangs there is one line here, and the next part goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["ENVIRONMENT", "Outcome", "run"]

ENVIRONMENT = {"MESA_SHADER_CACHE_DISABLE": "true", "__GL_SHADER_DISK_CACHE": "0"}
"""No driver finds on the disk what it compiled last week: a first render compiles."""


@dataclass(frozen=True)
class Outcome:
    """What became of a part: its result, and in one line what is wrong; that is empty when nothing is."""

    result: dict[str, Any] = field(default_factory=dict)
    fault: str = ""


def run(work: str, arguments: Mapping[str, Any], seconds: float) -> Outcome:
    """Call a function in a process of its own.

    Args:
        work: the function, as "package.module:name"; it returns what JSON can hold, a dictionary whose
            "fault", if it has one, says what is wrong with it.
        arguments: by name, as JSON can hold them.
        seconds: after which the process is ended, with all that it started.
    """
    with tempfile.TemporaryDirectory() as name:
        answer, errors = Path(name, "answer"), Path(name, "errors")
        command = [sys.executable, "-m", "tests.device.child", work, json.dumps(arguments), str(answer)]
        with errors.open("wb") as file:
            process = subprocess.Popen(
                command, stdout=file, stderr=file, env=os.environ | ENVIRONMENT, process_group=0
            )
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return Outcome(fault=f"it was still busy after {seconds:.0f} seconds")
        finally:  # Ctrl-C reaches this process alone, too
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if not answer.exists():
            return Outcome(fault=_ending(status, errors))
        result: dict[str, Any] = json.loads(answer.read_bytes())
        return Outcome(result, result.pop("fault", ""))


def _ending(status: int, errors: Path) -> str:
    """How a process ended that said nothing, and its last words."""
    words = errors.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(words) if line.strip()), "")
    ended = f"its process ended with status {status}"
    if status < 0:
        with suppress(ValueError):
            ended = f"its process was ended by {signal.Signals(-status).name}"
    return f"{ended}: {last}" if last else ended
