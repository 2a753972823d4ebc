"""Words to run ffmpeg with: commands in a folder, and the values a video decodes to."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["HEIGHT", "WIDTH", "decoded", "ffmpeg"]

WIDTH, HEIGHT = 160, 90

_CHANNELS = {"gray": 1, "rgb24": 3, "rgba": 4}


def ffmpeg(*arguments: str | Path) -> bytes:
    """Run ffmpeg, which must succeed; what it wrote to standard output."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, f"{command}: {done.stderr.decode()}"
    return done.stdout


def decoded(video: Path, pixel_format: str) -> NDArray[np.uint8]:
    """All frames of a video or picture of WIDTH x HEIGHT as ffmpeg decodes them.

    Args:
        video: the file.
        pixel_format: gray, rgb24 or rgba.

    Returns:
        uint8, shape (frames, HEIGHT, WIDTH) for gray, with a last axis of channels for the others.
    """
    raw = ffmpeg("-i", video, "-f", "rawvideo", "-pix_fmt", pixel_format, "-")
    frames = np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, _CHANNELS[pixel_format])
    return frames[..., 0] if pixel_format == "gray" else frames
