"""How much a caller over HTTP may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from engines.image_core.errors import CompositionError
from engines.media_v2.routes import MAX_UPLOAD

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """The bounds of a request; beyond the first two a request is refused with 413, beyond the third with 422.

    Attributes:
        upload: bytes of an uploaded file with its form.
        body: bytes of a composition or selection with all it holds, pictures in base64 included.
        pixels: of a canvas; the default is the first power of two that holds 7680 x 4320.
    """

    upload: int = MAX_UPLOAD
    body: int = 16 << 20
    pixels: int = 1 << 25

    def check_canvas(self, width: int, height: int) -> None:
        """Refuse a canvas that is too large to be rendered for a caller.

        Raises:
            CompositionError: it has more pixels than are allowed.
        """
        if width * height > self.pixels:
            raise CompositionError(
                f"canvas: {width} x {height} is not allowed here: allowed are {self.pixels:,} pixels"
            )
