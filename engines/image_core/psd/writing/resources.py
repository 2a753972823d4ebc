"""What a Photoshop file says of the whole picture: resolution, colour profile, a small picture of it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms
from psd_tools.constants import Resource
from psd_tools.psd.image_resources import (
    ImageResource,
    ImageResources,
    ResoulutionInfo,
    ThumbnailResource,
    VersionInfo,
)

__all__ = ["image_resources", "over_white", "srgb_profile"]

_RESOLUTION = 72  # pixels an inch
_THUMBNAIL = 160  # pixels of its longer side
_PROFILE_DATE = slice(24, 36)  # ICC.1:2010, 7.2: when it was made


def image_resources(merged: NDArray[np.uint8]) -> Any:
    """The resources of a merged picture: uint8, shape (height, width, 3)."""
    inch = _RESOLUTION << 16
    found = {
        Resource.RESOLUTION_INFO: ResoulutionInfo(inch, 1, 1, inch, 1, 1),
        Resource.THUMBNAIL_RESOURCE: _thumbnail(merged),
        Resource.ICC_PROFILE: srgb_profile(),
        Resource.VERSION_INFO: VersionInfo(1, True, "image-core", "image-core", 1),
    }
    return ImageResources([(key, ImageResource(key=key, data=data)) for key, data in found.items()])


def over_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colour over white, as Photoshop stores merged pictures: uint8, shape (height, width, 3)."""
    alpha = pixels[..., 3:]
    if (alpha == 255).all():
        return np.ascontiguousarray(pixels[..., :3])
    color, part = pixels[..., :3].astype(np.uint32), alpha.astype(np.uint32)
    mixed: NDArray[np.uint8] = ((color * part + 255 * (255 - part) + 127) // 255).astype(np.uint8)
    return mixed


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """An ICC profile of sRGB, without the date that it was made on."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[_PROFILE_DATE] = bytes(12)
    return bytes(data)


def _thumbnail(merged: NDArray[np.uint8]) -> Any:
    picture = Image.fromarray(merged)
    picture.thumbnail((_THUMBNAIL, _THUMBNAIL))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    width, height = picture.size
    row = (width * 24 + 31) // 32 * 4
    return ThumbnailResource(1, width, height, row, row * height, 24, 1, file.getvalue())
