"""Every exception media_v2 raises on purpose. Each message is one line meant for a person."""

__all__ = [
    "DamagedBlobError",
    "InvalidArtifactError",
    "InvalidRequestError",
    "MediaError",
    "NotFoundError",
    "StorageError",
]


class MediaError(Exception):
    """Base of all errors of the package."""


class InvalidRequestError(MediaError):
    """An argument is not valid: the message names the field, the value and what is allowed."""


class InvalidArtifactError(InvalidRequestError):
    """An artifact breaks the contract of its kind: the message names the kind and the field."""


class NotFoundError(MediaError):
    """The tenant and env have no such asset or artifact, whether or not another tenant or env has it."""


class StorageError(MediaError):
    """The database or the blob store failed, or holds a row this version cannot read."""


class DamagedBlobError(StorageError):
    """Stored bytes are missing, are not the bytes that were registered, or lie where they may not."""
