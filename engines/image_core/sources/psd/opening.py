"""Opening Photoshop files."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from psd_tools import PSDImage

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits

__all__ = ["is_document", "open_document", "reading"]

logging.getLogger("psd_tools").addHandler(logging.NullHandler())


def open_document(data: bytes, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> PSDImage:
    """Parse a file."""
    with reading(label):
        return PSDImage.open(io.BytesIO(data))


def is_document(data: bytes) -> bool:
    """Whether a file's first bytes are those of a PSD or PSB file."""
    return data[:4] == b"8BPS"


@contextmanager
def reading(label: str) -> Iterator[None]:
    """Turn whatever is raised into a SourceError."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(f"{label}: this PSD file is damaged or not supported ({error})") from error
