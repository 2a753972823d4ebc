"""The self-test of a device that was chosen for the caller: does it draw what every device has to?

It is made once for each driver version and remembered in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from engines.image_core.backend import Backend, NumpyBackend, log
from engines.image_core.conformance import Suite, all_cases, fingerprint

__all__ = ["trusted"]


def trusted(backend: Backend, cache_bytes: int) -> Backend:
    """A backend that passes the self-test: this one, or NumPy when it does not.

    NumPy's reason then says which case failed and how; so does the log, as a warning. The backend given is
    closed. A failure is not remembered: it is looked for again each time.

    Args:
        backend: an open one.
        cache_bytes: what NumPy may keep of layers, see `NumpyBackend`.
    """
    passed = _remembered(backend.device)
    if passed.exists():
        return backend
    log.info("testing %s, which is met for the first time", backend.device)
    wrong = next(filter(None, map(Suite(backend).check, all_cases("self-test"))), None)
    if wrong is None:
        _remember(passed, backend.device)
        return backend
    backend.close()
    reason = f"{backend.device} failed the self-test {wrong.case.name} ({wrong.how}): see image-core doctor"
    log.warning("rendering falls back from OpenGL to NumPy: %s", reason)
    return NumpyBackend(reason, cache_bytes)


def _remembered(device: str) -> Path:
    """The file that says that a device has passed: one for each driver, release and set of pixel rules."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    key = f"{device}\n{version('image-core')}\n{fingerprint()}"
    return Path(root, "image-core", "self-test", hashlib.sha256(key.encode()).hexdigest())


def _remember(passed: Path, device: str) -> None:
    with suppress(OSError):  # a folder that cannot be written costs a test each time, no more
        passed.parent.mkdir(parents=True, exist_ok=True)
        passed.write_text(f"{device}\n", encoding="utf-8")
