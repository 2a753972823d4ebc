"""Three small videos to use masks on, and a service that makes the masks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.image_core import ImageCoreService
from tests.parts import require_part
from tests.video.ffmpeg import HEIGHT, WIDTH, ffmpeg

_SOURCE = f"testsrc2=s={WIDTH}x{HEIGHT}:r=25:d=2"
_MATTE = (
    f"color=s={WIDTH}x{HEIGHT}:r=25:d=2,format=gray,geq=lum='clip(255-25*(hypot(X-60-20*T,Y-45)-20),0,255)'"
)


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three videos: video.mkv, RGB; other.mkv, its negative; matte.mkv, grey, a disc that moves.

    Each lasts 2 s at 25 frames a second and is coded without loss.
    """
    why = "ffmpeg is not installed (Debian: apt-get install ffmpeg)"
    require_part("ffmpeg", shutil.which("ffmpeg") is not None, why)
    folder = tmp_path_factory.mktemp("videos")
    ffmpeg("-f", "lavfi", "-i", _SOURCE, "-c:v", "ffv1", "-pix_fmt", "bgr0", folder / "video.mkv")
    other = ["-vf", "negate", "-c:v", "ffv1", "-pix_fmt", "bgr0"]
    ffmpeg("-i", folder / "video.mkv", *other, folder / "other.mkv")
    ffmpeg("-f", "lavfi", "-i", _MATTE, "-c:v", "ffv1", "-pix_fmt", "gray", folder / "matte.mkv")
    return folder


@pytest.fixture(scope="session")
def service(videos: Path) -> Iterator[ImageCoreService]:
    """A service whose store is the folder data beside the videos."""
    with ImageCoreService.open(videos / "data", backend="numpy") as service:
        yield service
