"""One device and the conformance suite, in a process of its own: what it has to say is JSON, a line each.

Run as `python -m engines.image_core.conformance.doctor_probe DEVICE LEVEL`, where DEVICE is "numpy" or the
number EGL gives a device. The lines are {"absent": why} where EGL has no such device, or {"unusable": why},
or {"device": ...} and then {"case": name} before each case, {"mismatch": ...} after one that is wrong, and
{"done": true}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from engines.image_core.backend import Backend, GLBackend, NumpyBackend
from engines.image_core.conformance import Suite, all_cases
from engines.image_core.conformance.case import LEVELS

_ABSENT = ("requested device index", "not loaded")  # how moderngl says that there is no such device


def main(device: str, level: str) -> None:
    """Print the lines."""
    backend = _numpy() if device == "numpy" else _opened(int(device))
    if backend is None:
        return
    suite = Suite(backend)
    for case in all_cases(LEVELS[LEVELS.index(level)]):
        _say(case=case.name)
        wrong = suite.check(case)
        if wrong is not None:
            _say(mismatch={"case": case.name, "how": wrong.how, "composition": case.fields})
    _say(done=True)


def _numpy() -> Backend:
    backend = NumpyBackend("it is the definition")
    _say(device={"name": backend.device, "driver": "", "opengl": "", "software": True, "limits": {}})
    return backend


def _opened(egl_index: int) -> Backend | None:
    try:
        from engines.image_core.gl import Device

        device = Device(egl_index)
    except Exception as error:  # moderngl raises bare Exception for all EGL failures
        absent = any(words in str(error) for words in _ABSENT) or isinstance(error, ImportError)
        _say(**{"absent" if absent else "unusable": str(error)})
        return None
    info = device.info
    opengl, _, driver = info.version.partition(" ")
    limits = {"texture": info.max_texture_size, "storage_block": info.max_storage_block}
    _say(
        device={
            "name": info.renderer,
            "driver": driver,
            "opengl": opengl,
            "software": info.software,
            "limits": limits,
        }
    )
    return GLBackend(device, "it is examined", 0)


def _say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
