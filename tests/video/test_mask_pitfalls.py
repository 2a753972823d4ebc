"""What goes wrong with mattes in ffmpeg: the table at the end of docs/MASKS.md, a test a row."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import ImageCoreService, SourceError
from engines.image_core.sources.raster.decoding import Channel
from tests.video.ffmpeg import HEIGHT, WIDTH, decoded, ffmpeg

SCOPE = {"tenant_id": "acme", "env": "pitfalls"}
RAMP = np.arange(WIDTH * HEIGHT, dtype=np.uint8).reshape(HEIGHT, WIDTH)


@pytest.fixture
def white(videos: Path, tmp_path: Path) -> Path:
    """A mask that shows everything."""
    path = tmp_path / "white.png"
    Image.new("L", (WIDTH, HEIGHT), 255).save(path)
    return path


@pytest.fixture
def ramp(videos: Path, tmp_path: Path) -> Path:
    """A grey picture of all 256 values."""
    path = tmp_path / "ramp.png"
    Image.fromarray(RAMP).save(path)
    return path


def _frame(matte: Path, filters: str) -> Path:
    frame = matte.with_name("frame.png")
    ffmpeg("-i", matte, "-vf", filters, "-frames:v", "1", "-update", "1", frame)
    return frame


def _imported(service: ImageCoreService, frame: Path, channel: Channel | None = None) -> NDArray[np.uint8]:
    artifact = service.import_mask(frame.read_bytes(), "acme", "pitfalls", channel=channel)
    return np.array(Image.open(io.BytesIO(service.media.read_artifact(artifact.id, **SCOPE))))


def _farthest(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> int:
    return int(np.abs(a.astype(np.int32) - b).max())


def test_maskedmerge_alone_turns_the_video_grey(videos: Path, white: Path, tmp_path: Path) -> None:
    """Without `format=gbrp` the grey mask decides the format of all three inputs."""
    inputs: list[str | Path] = ["-i", videos / "video.mkv", "-i", videos / "other.mkv", "-i", white]
    ffmpeg(*inputs, "-lavfi", "maskedmerge", "-c:v", "ffv1", tmp_path / "merged.mkv")
    merged = decoded(tmp_path / "merged.mkv", "rgb24")
    assert np.array_equal(merged[..., 0], merged[..., 1])
    assert np.array_equal(merged[..., 0], merged[..., 2])


def test_a_white_mask_is_not_white_in_limited_range(videos: Path, white: Path, tmp_path: Path) -> None:
    """In yuv420p, maskedmerge lets the first video through a mask that is 255 everywhere."""
    graph = "[0]format=yuv420p[a]; [1]format=yuv420p[b]; [a][b][2]maskedmerge"
    inputs: list[str | Path] = ["-i", videos / "video.mkv", "-i", videos / "other.mkv", "-i", white]
    ffmpeg(*inputs, "-lavfi", graph, "-c:v", "ffv1", tmp_path / "merged.mkv")
    ffmpeg("-i", videos / "other.mkv", "-c:v", "ffv1", "-pix_fmt", "yuv420p", tmp_path / "other.mkv")
    assert _farthest(decoded(tmp_path / "merged.mkv", "gray"), decoded(tmp_path / "other.mkv", "gray")) > 8


def test_a_limited_range_matte_is_widened_by_format_gray(
    ramp: Path, service: ImageCoreService, tmp_path: Path
) -> None:
    """Its luma as it lies in the file is 16..235; `format=gray` gives 0..255, at most 1 off."""
    matte = tmp_path / "matte.mkv"
    ffmpeg("-i", ramp, "-c:v", "ffv1", "-pix_fmt", "yuv420p", matte)
    luma = _imported(service, _frame(matte, "extractplanes=y"))
    assert (luma.min(), luma.max()) == (16, 235)
    widened = _imported(service, _frame(matte, "format=gray"))
    assert (widened.min(), widened.max()) == (0, 255)
    assert _farthest(widened, RAMP) == 1


def test_a_full_range_matte_that_says_it_is_limited(
    ramp: Path, service: ImageCoreService, tmp_path: Path
) -> None:
    """`format=gray` cuts light and dark off; told the true range, ffmpeg gives back every value."""
    matte = tmp_path / "matte.mkv"
    wrong = "scale=out_range=pc,format=yuv420p,setrange=tv"
    ffmpeg("-i", ramp, "-vf", wrong, "-c:v", "ffv1", matte)
    assert _farthest(_imported(service, _frame(matte, "format=gray")), RAMP) > 10
    assert np.array_equal(_imported(service, _frame(matte, "scale=in_range=pc,format=gray")), RAMP)


def test_more_than_8_bits_are_rounded_by_the_import(
    videos: Path, service: ImageCoreService, tmp_path: Path
) -> None:
    """A 10-bit matte through gray16be is rounded to nearest; ffmpeg's own `format=gray` dithers it."""
    values = (np.arange(WIDTH * HEIGHT) % 1024).astype("<u2").reshape(HEIGHT, WIDTH)
    (tmp_path / "matte.raw").write_bytes(values.tobytes())
    matte = tmp_path / "matte.mkv"
    raw: list[str | Path] = [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray10le",
        "-s",
        f"{WIDTH}x{HEIGHT}",
        "-i",
        tmp_path / "matte.raw",
    ]
    ffmpeg(*raw, "-c:v", "ffv1", matte)
    nearest = np.floor(values.astype(np.int32) * 255 / 1023 + 0.5).astype(np.uint8)
    assert np.array_equal(_imported(service, _frame(matte, "format=gray16be")), nearest)
    assert _farthest(_imported(service, _frame(matte, "format=gray")), nearest) == 1


def test_a_frame_written_as_rgb_is_refused_until_a_channel_is_named(
    videos: Path, service: ImageCoreService, tmp_path: Path
) -> None:
    """ffmpeg writes RGB when nobody says grey; the message names the channels there are."""
    matte, frame = tmp_path / "matte.mkv", tmp_path / "frame.png"
    ffmpeg("-i", videos / "matte.mkv", "-c:v", "ffv1", "-pix_fmt", "bgr0", matte)
    ffmpeg("-i", matte, "-frames:v", "1", "-update", "1", frame)
    with pytest.raises(SourceError, match=r"name the channel to take, red, green, blue$"):
        _imported(service, frame)
    assert np.array_equal(_imported(service, frame, "green"), decoded(videos / "matte.mkv", "gray")[0])


def test_a_matte_whose_black_is_visible_is_negated(
    ramp: Path, service: ImageCoreService, tmp_path: Path
) -> None:
    """ffmpeg's `negate` is 255 - v for every value."""
    matte = tmp_path / "matte.mkv"
    ffmpeg("-i", ramp, "-c:v", "ffv1", matte)
    assert np.array_equal(_imported(service, _frame(matte, "format=gray,negate")), 255 - RAMP)


def test_ffmpeg_refuses_a_mask_of_another_size(videos: Path, tmp_path: Path) -> None:
    """It does not scale the mask either."""
    Image.new("L", (WIDTH // 2, HEIGHT), 255).save(tmp_path / "small.png")
    command: list[str | Path] = [
        "ffmpeg",
        "-nostdin",
        "-i",
        videos / "video.mkv",
        "-i",
        tmp_path / "small.png",
    ]
    command += ["-lavfi", "alphamerge", "-c:v", "qtrle", tmp_path / "cut.mov"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert b"do not match" in done.stderr
