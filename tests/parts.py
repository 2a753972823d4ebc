"""Parts of a machine that some tests need: OpenGL, PostgreSQL, an S3 server, ffmpeg, Ray, Chromium,
ImageMagick, mounting, Unicode's tests, HarfBuzz's program.

A machine without one skips those tests, unless the environment variable IMAGE_CORE_EXPECT, a list of words,
names the part: then its absence is a failure, so that CI cannot pass by testing nothing.
"""

from __future__ import annotations

import os

import pytest

__all__ = ["require_part"]


def require_part(name: str, available: bool, why: str) -> None:
    """Skip or fail the running test unless a part is available.

    Args:
        name: the part as IMAGE_CORE_EXPECT calls it: gl, postgres, s3, ffmpeg, ray, chromium, imagemagick,
            mount, unicode, harfbuzz.
        available: whether it is there.
        why: what is missing, one line.
    """
    if available:
        return
    if name in os.environ.get("IMAGE_CORE_EXPECT", "").replace(",", " ").split():
        pytest.fail(f"IMAGE_CORE_EXPECT asks for {name}: {why}")
    pytest.skip(why)
