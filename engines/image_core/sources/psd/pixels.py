"""Compressed channels of a PSD file: what they must hold, known without unpacking them."""

from __future__ import annotations

import numpy as np

from engines.image_core.sources.psd.bounds import U16, Part, row_bytes

__all__ = ["check_channel", "check_packed"]

_RAW, _RLE, _ZIP, _ZIP_PREDICTED = range(4)


def check_channel(part: Part, width: int, height: int, depth: int, version: int) -> None:
    """Check a channel of a layer, or the merged picture with all its channels one below the other.

    Args:
        part: The channel from its compression on.
        width: In pixels.
        height: Rows.
        depth: Bits of a pixel: 1, 8, 16 or 32.
        version: Of the file, 1 or 2: the lengths of rows are numbers of 16 or 32 bits.

    Raises:
        SourceError: it cannot hold so many pixels, or all channels together are too large.
    """
    check_packed(part, part.number(U16), width, height, depth, version)


def check_packed(part: Part, compression: int, width: int, height: int, depth: int, version: int) -> None:
    """Check what follows the compression. What is Deflate is not unpacked here: psd-tools stops at the size.

    More than is needed is untidy, not damage.
    """
    if compression not in (_RAW, _RLE, _ZIP, _ZIP_PREDICTED):
        raise part.bounds.damaged(f"{part.what} has the unknown compression {compression}")
    size = height * row_bytes(width, depth)
    part.bounds.unpack(size)
    if compression == _RAW:
        part.skip(size)
    elif compression == _RLE:
        form = np.dtype(">u2" if version == 1 else ">u4")
        begin = part.skip(height * form.itemsize)
        part.skip(int(np.frombuffer(part.data, form, height, begin).sum(dtype=np.uint64)))
