"""A driver that fails when it is told to: what moderngl hands out, wrapped so that each call can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

import moderngl
import pytest

from engines.image_core import gl

__all__ = ["FAULTS", "Driver", "Fault", "faulty_driver"]

Fault: TypeAlias = Literal["raises", "error flags", "context lost"]
FAULTS: tuple[Fault, ...] = ("raises", "error flags", "context lost")
"""How a call fails. "raises": moderngl refuses. "error flags": the call does nothing and GL has recorded two
errors, as it may. "context lost": nothing works from then on."""

_MAKERS = {"texture", "buffer", "compute_shader"}


class Driver:
    """Stands between a device and its GL context, and counts the calls from when it was last armed.

    Attributes:
        calls: the names of the calls since then.
        struck: whether the fault has happened.
        held: how many textures, buffers and programs have been made and not released.
    """

    def __init__(self, device: gl.Device) -> None:
        self.device = device
        self.calls: list[str] = []
        self.struck = False
        self.held = 0
        self._due: Callable[[str], bool] = lambda name: False
        self._fault: Fault = "raises"
        self._flags: list[str] = []
        self._lost = False
        device.context = _Wrapped(device.context, self)

    def arm(self, fault: Fault, at: int, name: str | None = None) -> None:
        """Have the call number `at` (0 is the next), or of those of that name, fail once."""
        self.calls, self.struck, self._fault = [], False, fault
        self._due = lambda called: name in {None, called} and self._count(name) == at + 1

    def disarm(self) -> None:
        """Let all calls succeed from now on, a lost context's too. What GL has recorded stays recorded."""
        self._due = lambda name: False
        self._lost = False

    def _count(self, name: str | None) -> int:
        return len(self.calls) if name is None else self.calls.count(name)

    def error(self, real: str) -> str:
        """What `context.error` gives: each recorded error once, that of a lost context for ever."""
        if self._lost:
            return "GL_CONTEXT_LOST"
        return self._flags.pop(0) if self._flags else real

    def call(self, name: str, real: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        """Make a call, or have it fail."""
        args = [arg.real if isinstance(arg, _Wrapped) else arg for arg in args]
        if name != "release" and self._fails(name):
            if self._fault == "raises" or (self._lost and name in _MAKERS):
                raise moderngl.Error("cannot do this")
            if name not in _MAKERS:
                return None
        self.held += (name in _MAKERS) - (name == "release")
        result = real(*args, **named)
        return _Wrapped(result, self) if name in _MAKERS else result

    def _fails(self, name: str) -> bool:
        self.calls.append(name)
        if not self.struck and self._due(name):
            self.struck = True
            self._lost = self._fault == "context lost"
            self._flags = ["GL_OUT_OF_MEMORY", "GL_INVALID_OPERATION"] if self._fault == "error flags" else []
            return True
        return self._lost


class _Wrapped:
    """A context, texture, buffer, program or uniform whose calls go through a `Driver`."""

    real: Any
    driver: Driver

    def __init__(self, real: Any, driver: Driver) -> None:
        self.__dict__.update(real=real, driver=driver)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.real, name)
        if name == "error":
            return self.driver.error(value)
        if callable(value):
            return lambda *args, **named: self.driver.call(name, value, args, named)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self.driver.call(name, lambda given: setattr(self.real, name, given), [value], {})

    def __contains__(self, name: str) -> bool:
        return name in self.real

    def __getitem__(self, name: str) -> Any:
        return _Wrapped(self.real[name], self.driver)


@contextmanager
def faulty_driver(patch: pytest.MonkeyPatch) -> Iterator[list[Driver]]:
    """The drivers of the devices that are opened meanwhile, each told to fail by its `arm`."""
    drivers: list[Driver] = []
    open_device = gl.open_device

    def opened(index: int) -> gl.Device:
        device = open_device(index)
        drivers.append(Driver(device))
        return device

    with patch.context() as patched:
        patched.setattr(gl, "open_device", opened)
        yield drivers
