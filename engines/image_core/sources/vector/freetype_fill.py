"""FreeType's integer rasteriser, on arrays: the one place that calls its raw outline functions."""

from __future__ import annotations

import ctypes
import threading
from ctypes import byref, cast

import freetype
import numpy as np
from freetype import raw
from numpy.typing import NDArray

from engines.image_core.errors import SourceError

__all__ = ["FREETYPE_VERSION", "Polygons"]

FREETYPE_VERSION = "freetype {}.{}.{}".format(*freetype.version())
"""Name and version of the rasteriser, for content hashes."""

_GRAY = 2  # FT_PIXEL_MODE_GRAY
_RASTER_OVERFLOW = 0x62  # FT_Err_Raster_Overflow
_Position = np.dtype(ctypes.c_long)  # FT_Pos
_POINT, _END = 2 * _Position.itemsize, 2  # bytes

_Bytes, _Shorts = ctypes.POINTER(ctypes.c_ubyte), ctypes.POINTER(ctypes.c_short)
_Vectors = ctypes.POINTER(raw.FT_Vector)
_lock = threading.Lock()  # an FT_Library serves one thread at a time


class Polygons:
    """Polygons, of which FreeType fills some after others.

    points: int64 (n, 2), in 26.6, near 0. ends: of each polygon the index of its last point, counted from the
    first point of those that are filled with it.
    """

    def __init__(self, points: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        # The arrays are kept for as long as FreeType is given their addresses.
        self._points = np.ascontiguousarray(points, _Position)
        self._ends = ends.astype(np.int16)
        self._tags = np.ones(len(points), np.uint8)
        self._outline, self._bitmap = raw.FT_Outline(), raw.FT_Bitmap()
        self._outline.tags = cast(self._tags.ctypes.data, _Bytes)
        self._bitmap.num_grays, self._bitmap.pixel_mode = 256, _GRAY
        self._first_point, self._first_end = self._points.ctypes.data, self._ends.ctypes.data

    def fill(self, points: slice, polygons: slice, target: NDArray[np.uint8]) -> bool:
        """Fill some of the polygons by the non-zero rule; what they do not cover stays as it is.

        Args:
            points, polygons: from which to which, at most 32767 of both.
            target: the share of each pixel, 0..255, shape (height, width), its rows apart by any stride.

        Returns:
            False if a row of the target needs more cells than FreeType's pool holds: then it is filled in
            part.
        """
        outline, bitmap = self._outline, self._bitmap
        outline.n_points, outline.n_contours = points.stop - points.start, polygons.stop - polygons.start
        outline.points = cast(self._first_point + _POINT * points.start, _Vectors)
        outline.contours = cast(self._first_end + _END * polygons.start, _Shorts)
        bitmap.rows, bitmap.width = target.shape
        # A negative pitch makes y grow with the address: FreeType's y is up, ours is down.
        bitmap.pitch = -target.strides[0]
        bitmap.buffer = cast(target.ctypes.data, _Bytes)
        with _lock:
            code = raw.FT_Outline_Get_Bitmap(freetype.get_handle(), byref(outline), byref(bitmap))
        if code not in (0, _RASTER_OVERFLOW):
            raise SourceError(f"FreeType could not fill an outline: error {code:#04x}")
        return bool(code == 0)
