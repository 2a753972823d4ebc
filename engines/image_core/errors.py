"""Every exception this package raises on purpose. Each message is one line meant for a person."""

__all__ = [
    "BackendUnavailableError",
    "CompositionError",
    "DeviceError",
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


class DeviceError(ImageCoreError):
    """The GPU or its driver failed while rendering (out of memory, a lost context, a GL error)."""


class ExportError(ImageCoreError):
    """Pixels cannot be written as the format or setting that was asked for."""
