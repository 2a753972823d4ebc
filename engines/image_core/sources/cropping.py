"""Crops and boxes of pictures, once the picture is known: what lies outside of it is an error."""

from __future__ import annotations

from engines.image_core.composition.cropping import Crop, Focus, FocusBoxes
from engines.image_core.errors import CompositionError
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.focus import crop_rect, focus_outside

__all__ = ["check_focus", "checked_crop"]


def checked_crop(crop: Crop, image: DecodedImage, label: str) -> Rect:
    """The whole pixels of a picture that a crop leaves of it.

    Raises:
        CompositionError: it leaves the picture, or has no pixel.
    """
    area = crop_rect(crop, image.width, image.height)
    if area.intersect(Rect(0, 0, image.width, image.height)) != area:
        fault = "leaves the picture"
    elif area.empty:
        fault = "has no pixel of the picture"
    else:
        return area
    raise CompositionError(
        f"{label}, crop: {[*crop]} {fault}, which has {image.width} x {image.height} pixels"
    )


def check_focus(focus: Focus, image: DecodedImage, label: str) -> None:
    """Refuse a box that has no pixel of the picture.

    Raises:
        CompositionError: it lies outside.
    """
    width, height = (
        (image.width, image.height) if image.reduced is None else (image.reduced.width, image.reduced.height)
    )
    index = focus_outside(focus, width, height)
    if index is not None:
        assert isinstance(focus, FocusBoxes)
        raise CompositionError(
            f"{label}, focus.boxes[{index}]: {[*focus.boxes[index]]} lies outside the picture, which has "
            f"{width} x {height} pixels"
        )
