"""Every exception this package raises on purpose. Each message is one line meant for a person."""

from typing import Literal, TypeAlias

__all__ = [
    "BackendUnavailableError",
    "CompositionError",
    "DeviceError",
    "DeviceFault",
    "ExportError",
    "ImageCoreError",
    "SourceError",
]


_LONGEST = 1000  # characters of a message, whatever names and values it quotes


class ImageCoreError(Exception):
    """Base of all errors of the package.

    Whatever a message quotes, it is one printable line of at most 1,000 characters: what is not printable is
    escaped, as in \\n, and of a longer one the middle is left out.
    """

    def __init__(self, message: str) -> None:
        shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in _shortened(message))
        super().__init__(_shortened(shown))


def _shortened(message: str) -> str:
    if len(message) <= _LONGEST:
        return message
    return f"{message[: _LONGEST // 2]}...{message[-_LONGEST // 2 + 3 :]}"


class CompositionError(ImageCoreError):
    """The composition is not valid: the message names the layer, the field, the value and what is allowed."""


class SourceError(ImageCoreError):
    """A picture, font, SVG or mask could not be read or is not allowed: the message names the layer."""


class BackendUnavailableError(ImageCoreError):
    """The backend that was asked for cannot run on this machine."""


DeviceFault: TypeAlias = Literal["limit", "memory", "error"]
"""What a device's error is of: the work is beyond what it takes, there is no memory left, or the device or
its driver failed, and may go on failing."""


class DeviceError(ImageCoreError):
    """The GPU or its driver failed while rendering (out of memory, a lost context, a GL error).

    Attributes:
        kind: see `DeviceFault`.
    """

    def __init__(self, message: str, kind: DeviceFault = "error") -> None:
        super().__init__(message)
        self.kind = kind


class ExportError(ImageCoreError):
    """Pixels cannot be written as the format or setting that was asked for."""
