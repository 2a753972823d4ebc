"""Opening a PSD or PSB file with psd-tools: its faults told as ours, within limits."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from weakref import WeakValueDictionary

from psd_tools import ParseLimitError, ParseLimits, PSDImage

from engines.image_core.errors import ImageCoreError, SourceError
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits
from engines.image_core.sources.psd.checking import check_document
from engines.image_core.sources.quieting import quiet

__all__ = ["open_document", "reading"]

# psd-tools logs what it passes over: without a handler Python writes that to standard error.
logging.getLogger("psd_tools").addHandler(logging.NullHandler())

# An object is a number, a string or a structure: 3 to 10 microseconds and some 100 bytes each. psd-tools' own
# limit of a million is passed by honest files of a few thousand layers with effects.
_PARSE_LIMITS = ParseLimits(max_objects=3_000_000, max_nesting_depth=64)


_in_use: WeakValueDictionary[tuple[bytes, RenderLimits], PSDImage] = WeakValueDictionary()
"""Documents that somebody holds, by the SHA-256 of their files and the limits: what a template has parsed is
not parsed again by the renderer that draws it. Nobody changes a document."""


def open_document(data: bytes, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> PSDImage:
    """Read the structure of a PSD or PSB file: layers, blocks, resources and the text's engine data.

    Pixels are unpacked when they are asked for. That, and whatever psd-tools makes of the structure only then
    (a smart object's kind and file, effects, paths, adjustments), may still raise: ask for it in `reading`.
    A block that psd-tools cannot make out stays bytes.

    A linked smart object's `data` and `open` read files of the host: ask only for what is embedded, whose
    `kind` is "data".

    Args:
        data: The file.
        label: How messages name it.
        limits: Of these hold `layers`, `depth`, `source_pixels` and `decoded_bytes`.

    Raises:
        SourceError: the file is none, damaged, not supported, or more than the limits allow.
    """
    key = hashlib.sha256(data).digest(), limits
    document = _in_use.get(key)
    if document is None:
        check_document(data, label, limits)
        with reading(label):
            document = _in_use[key] = PSDImage.open(BytesIO(data), parse_limits=_PARSE_LIMITS)
    return document


@contextmanager
def reading(label: str) -> Iterator[None]:
    """Around whatever reads of a document: all that psd-tools raises becomes a `SourceError`.

    It does not warn, and a channel that cannot be unpacked is an error, not black.
    """
    try:
        with quiet():
            yield
    except ImageCoreError:
        raise
    except MemoryError as error:
        raise SourceError(f"{label}: there is not enough memory to read this PSD file") from error
    except ParseLimitError as error:
        raise SourceError(f"{label}: this PSD file holds more than is allowed ({_reason(error)})") from error
    except Exception as error:  # on damaged files psd-tools raises nearly every built-in exception
        raise SourceError(f"{label}: this PSD file is damaged or not supported ({_reason(error)})") from error


def _reason(error: Exception) -> str:
    """The text of an error in one line.

    Of attrs' errors, which come with the field and more, the text alone; and not that a channel were black.
    """
    text = str(error.args[0] if type(error) is ValueError and len(error.args) > 1 else error)
    return " ".join(text.partition("; channel replaced with black")[0].split()) or type(error).__name__
