"""Opening Photoshop files."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from psd_tools import PSDImage

from engines.image_core.errors import ImageCoreError, SourceError
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits

__all__ = ["is_document", "open_document", "reading"]

logging.getLogger("psd_tools").addHandler(logging.NullHandler())


_in_use: WeakValueDictionary[bytes, PSDImage] = WeakValueDictionary()
"""Documents that somebody holds, by the SHA-256 of their files: what a template has parsed is not parsed
again by the renderer that draws it. Nobody changes a document."""


def open_document(data: bytes, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> PSDImage:
    """Parse a file."""
    key = hashlib.sha256(data).digest()
    document = _in_use.get(key)
    if document is None:
        with reading(label):
            document = _in_use[key] = PSDImage.open(io.BytesIO(data))
    return document


def is_document(data: bytes) -> bool:
    """Whether a file's first bytes are those of a PSD or PSB file."""
    return data[:4] == b"8BPS"


@contextmanager
def reading(label: str) -> Iterator[None]:
    """Turn whatever is raised into a SourceError."""
    try:
        yield
    except ImageCoreError:
        raise
    except Exception as error:
        raise SourceError(f"{label}: this PSD file is damaged or not supported ({error})") from error
