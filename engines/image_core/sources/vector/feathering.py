"""Feathering of masks: the layers' Gaussian blur, on coverage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import to8
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.filtering import blur_reach, blurred
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.steps import Raster
from engines.image_core.reference import evaluate_image

__all__ = ["blur_reach", "feathered"]


def feathered(mask: NDArray[np.uint8], sigma: float, area: Rect) -> NDArray[np.uint8]:
    """Blur a mask by a Gaussian of sigma pixels.

    Args:
        mask: uint8, shape (height, width); nothing is selected outside of it.
        sigma: the standard deviation in pixels, above 0.
        area: the part of the mask that is wanted, in its own pixels.

    Returns:
        uint8, shape (area.height, area.width).
    """
    picture = np.zeros((*mask.shape, 4), np.uint8)
    picture[..., 3] = mask
    soft = blurred(Placed(Raster(DecodedImage(picture, "", opaque=False)), 0, 0), sigma, area)
    out = np.zeros((area.height, area.width), np.uint8)
    if soft is None:
        return out
    place = soft.area.shift(-area.left, -area.top)
    alpha = evaluate_image(soft.image)[3].astype(np.int32)
    out[place.top : place.bottom, place.left : place.right] = to8(alpha)
    return out
