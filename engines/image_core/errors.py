"""Every exception this package raises on purpose. Each message is one line meant for a person."""

__all__ = [
    "BackendUnavailableError",
    "CompositionError",
    "DeviceError",
    "ExportError",
    "ImageCoreError",
    "SourceError",
]


class ImageCoreError(Exception):
    """Base of all errors of the package."""


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
