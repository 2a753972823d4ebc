"""What the figures were measured on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["machine"]

_PACKAGES = ("image-core", "numpy", "pillow", "moderngl", "pyvips", "pyvips-binary", "skia-python")


def machine(device: str, packages: Iterable[str] = _PACKAGES) -> dict[str, str | int | float]:
    """Facts of this machine for the report.

    Args:
        device: the OpenGL device, in its driver's words.
        packages: whose versions are told.
    """
    versions = {name: importlib.metadata.version(name) for name in packages}
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or 1,
        "load": round(os.getloadavg()[0], 2),
        "gl": device,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        **versions,
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
