"""What is known of Photoshop files without psd-tools, which takes long to import.

So the other modules of this package are imported where such a file is met.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from PIL import features

__all__ = ["decoder", "is_document"]

_RULE = "psd 1"
"""Part of every content hash: raise the number when the same file comes to decode to other pixels."""


def is_document(data: bytes) -> bool:
    """Whether a file's first bytes are those of a PSD or PSB file."""
    return data[:4] == b"8BPS"


@cache
def decoder() -> str:
    """The rule and the versions of the libraries that can decide a pixel."""
    return f"{_RULE}, psd-tools {version('psd-tools')}, littlecms2 {features.version('littlecms2')}"
