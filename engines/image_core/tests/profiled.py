"""Words for tests of compositions in a colour space of their own."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Resource
from psd_tools.psd.image_resources import ImageResource

from engines.image_core.tests.encoded import DISPLAY_P3, gray_profile, rgb_profile, srgb_curve

__all__ = ["GREY", "P3", "P3_TO_SRGB", "curved", "document", "linear"]

P3 = rgb_profile(DISPLAY_P3, srgb_curve())
"""Display P3: sRGB's curve with wider primaries."""

GREY = gray_profile([256])
"""Grey whose values are light."""

# Display P3 to sRGB in linear light, from the primaries of both (both white points are D65).
P3_TO_SRGB = np.array(
    [[1.2249, -0.2247, -0.0002], [-0.0420, 1.0420, 0.0000], [-0.0196, -0.0786, 1.0983]],
)


def linear(v8: NDArray[np.uint8]) -> NDArray[np.float64]:
    """sRGB's values in light (IEC 61966-2-1)."""
    v = v8 / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def curved(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light in sRGB's values, in 8-bit steps."""
    v = np.clip(light, 0, 1)
    return 255 * np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055)


def document(pixels: NDArray[np.uint8], profile: bytes | None = None, mode: str = "RGB") -> bytes:
    """A Photoshop file of one layer, and of the same merged picture, with a profile."""
    image: Any = Image.fromarray(pixels).convert(mode)
    made = PSDImage.frompil(image)
    made.create_pixel_layer(image, name="pixels")
    if profile is not None:
        made.image_resources[Resource.ICC_PROFILE] = ImageResource(
            key=Resource.ICC_PROFILE.value, data=profile
        )
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()
