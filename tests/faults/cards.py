"""What the tests of faults render: a small card with a filter, a group, masks and a headline."""

from __future__ import annotations

from engines.image_core import ImageComposition
from engines.image_core.tests.composing import Layer, composed, group, picture, random_pixels

__all__ = ["card"]

_MASK = {"selection": {"type": "ellipse", "points": [[0, 0], [40, 30]]}}
_FILTERS = [{"type": "blur", "radius": 2.0}, {"type": "sharpen", "radius": 3.0}]
_LAYERS: list[Layer] = [
    picture(random_pixels(1, 64, 48)),
    picture(random_pixels(2, 30, 30), fit="cover", filters=_FILTERS),
    group(
        picture(random_pixels(3, 20, 20), transform={"rotation": 10.0}),
        picture(random_pixels(4, 20, 20)),
        opacity=0.5,
        mask=_MASK,
    ),
]


def card(headline: str = "First") -> ImageComposition:
    """64 x 48 pixels. On a device: uploads, every kind of pass, a mask, a canvas read back."""
    return composed(*_LAYERS, {"type": "text", "text": headline, "size": 20.0}, size=(64, 48))
