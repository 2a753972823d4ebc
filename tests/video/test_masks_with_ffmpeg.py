"""Masks and ffmpeg, as docs/MASKS.md shows them: its commands are run, and what they wrote is compared."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import ImageComposition, ImageCoreService
from engines.media_v2 import DerivedArtifact, MaskMeta
from tests.docs.snippets import ROOT, snippets
from tests.video.ffmpeg import HEIGHT, WIDTH, decoded, ffmpeg

SCOPE = {"tenant_id": "acme", "env": "dev"}


@pytest.fixture(scope="module")
def folder(videos: Path, service: ImageCoreService) -> Path:
    """The folder of the videos after every command and every line of Python of the document was run in it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(videos)
        for snippet in snippets(ROOT / "docs" / "MASKS.md"):
            if snippet.language == "python":
                exec(snippet.code, {"service": service, "Path": Path})
            elif snippet.language == "sh":
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", snippet.code],
                    env={**os.environ, "PATH": path},
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    check=False,
                    timeout=60,
                )
                assert done.returncode == 0, f"{snippet.code}: {done.stderr.decode()}"
    return videos


@pytest.fixture(scope="module")
def mask(folder: Path) -> NDArray[np.uint8]:
    """The pixels of mask.png: a feathered ellipse with an inside, an outside and edges."""
    with Image.open(folder / "mask.png") as picture:
        assert picture.mode == "L"
        pixels = np.array(picture)
    assert {0, 255} <= set(pixels.flat)
    assert len(set(pixels.flat)) > 100
    return pixels


def _mixed(first: NDArray[np.uint8], second: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(first * (255 - mask) + second * mask) / 255, rounded to nearest."""
    weight = mask[..., np.newaxis].astype(np.int32)
    mixture: NDArray[np.uint8] = ((first * (255 - weight) + second * weight + 127) // 255).astype(np.uint8)
    return mixture


def _imported(service: ImageCoreService) -> dict[int | None, DerivedArtifact]:
    """The imported mask artifacts by start_ms."""
    found = {}
    for artifact in service.media.list_artifacts(tenant_id="acme", env="dev", kind="mask", limit=1000).items:
        assert isinstance(artifact.meta, MaskMeta)
        if artifact.meta.mask_type == "imported":
            assert artifact.meta.start_ms not in found
            found[artifact.meta.start_ms] = artifact
    return found


def _pixels(service: ImageCoreService, artifact: DerivedArtifact) -> NDArray[np.uint8]:
    """An artifact's pixels, of a file that is a grey PNG of 8 bits."""
    data = service.media.read_artifact(artifact.id, **SCOPE)
    assert data[24:26] == b"\x08\x00"  # IHDR: bit depth 8, colour type 0
    return np.array(Image.open(io.BytesIO(data)))


def test_alphamerge_makes_the_mask_the_alpha(folder: Path, mask: NDArray[np.uint8]) -> None:
    """Every frame keeps its colours and has the mask as its alpha, value for value."""
    cut = decoded(folder / "cut.mov", "rgba")
    assert len(cut) == 50
    assert np.array_equal(cut[..., :3], decoded(folder / "video.mkv", "rgb24"))
    assert (cut[..., 3] == mask).all()


def test_maskedmerge_shows_one_video_in_the_mask_and_the_other_outside(
    folder: Path, mask: NDArray[np.uint8]
) -> None:
    """Inside is the second video, outside the first, the feathered edge the rounded mixture; all exact."""
    first, second = decoded(folder / "video.mkv", "rgb24"), decoded(folder / "other.mkv", "rgb24")
    merged = decoded(folder / "merged.mkv", "rgb24")
    assert len(merged) == 50
    assert np.array_equal(merged[:, mask == 255], second[:, mask == 255])
    assert np.array_equal(merged[:, mask == 0], first[:, mask == 0])
    assert np.array_equal(merged, _mixed(first, second, mask))
    assert (first != second).any(axis=-1).mean() > 0.9


def test_alphamerge_and_overlay_show_the_same(folder: Path, mask: NDArray[np.uint8]) -> None:
    """Inside and outside exactly what maskedmerge shows; on the edges overlay rounds another way, by 1."""
    over, merged = decoded(folder / "over.mkv", "rgb24"), decoded(folder / "merged.mkv", "rgb24")
    flat = (mask == 0) | (mask == 255)
    assert np.array_equal(over[:, flat], merged[:, flat])
    assert np.abs(over.astype(np.int32) - merged).max() <= 1


def test_overlay_takes_a_full_range_mask_on_limited_range_video(
    folder: Path, mask: NDArray[np.uint8], tmp_path: Path
) -> None:
    """On 4:2:0 video the luma inside the mask is the second video's and outside the first's, exactly."""
    for name in ("video", "other"):
        ffmpeg("-i", folder / f"{name}.mkv", "-c:v", "ffv1", "-pix_fmt", "yuv420p", tmp_path / f"{name}.mkv")
    inputs: list[str | Path] = [
        "-i",
        tmp_path / "video.mkv",
        "-i",
        tmp_path / "other.mkv",
        "-i",
        folder / "mask.png",
    ]
    graph = "[1][2]alphamerge[cut]; [0][cut]overlay"
    ffmpeg(*inputs, "-lavfi", graph, "-c:v", "ffv1", tmp_path / "over.mkv")
    planes = {}
    for name in ("video", "other", "over"):
        raw = ffmpeg("-i", tmp_path / f"{name}.mkv", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-")
        frames = np.frombuffer(raw, np.uint8).reshape(50, HEIGHT * WIDTH * 3 // 2)
        planes[name] = frames[:, : HEIGHT * WIDTH].reshape(50, HEIGHT, WIDTH)
    assert np.array_equal(planes["over"][:, mask == 255], planes["other"][:, mask == 255])
    assert np.array_equal(planes["over"][:, mask == 0], planes["video"][:, mask == 0])


def test_a_mask_holds_from_its_start_up_to_its_end(folder: Path) -> None:
    """The frames at 0.4 s to 1.16 s are merged; those before, and from 1.2 s on, are the first video."""
    first, merged = decoded(folder / "video.mkv", "rgb24"), decoded(folder / "merged.mkv", "rgb24")
    timed = decoded(folder / "timed.mkv", "rgb24")
    assert np.array_equal(timed[10:30], merged[10:30])
    assert np.array_equal(timed[:10], first[:10])
    assert np.array_equal(timed[30:], first[30:])


def test_a_frame_of_a_matte_video_is_a_mask_artifact(folder: Path, service: ImageCoreService) -> None:
    """The artifact that the shell registered holds what ffmpeg decodes at 1.2 s, and says what and when."""
    artifact = _imported(service)[1200]
    frame = decoded(folder / "matte.mkv", "gray")[30]
    assert 100 < np.count_nonzero(frame) < frame.size
    assert np.array_equal(_pixels(service, artifact), frame)
    content = struct.pack(">II", WIDTH, HEIGHT) + frame.tobytes()
    assert artifact.meta == MaskMeta(
        width=WIDTH,
        height=HEIGHT,
        selection_hash=hashlib.sha256(content).hexdigest(),
        mask_type="imported",
        start_ms=1200,
        end_ms=1240,
    )


def test_an_imported_frame_masks_a_layer(folder: Path, service: ImageCoreService) -> None:
    """A layer of one colour through the mask: the colour, with the matte's values as its alpha."""
    layer = {
        "type": "raster",
        "source": {"color": "#c02040"},
        "mask": {"mask_artifact_id": _imported(service)[1200].id},
    }
    composition = ImageComposition(**SCOPE, width=WIDTH, height=HEIGHT, layers=[layer])
    render = service.render_composition(composition)
    pixels = np.array(Image.open(io.BytesIO(service.media.read_artifact(render.id, **SCOPE))))
    frame = decoded(folder / "matte.mkv", "gray")[30]
    assert np.array_equal(pixels[..., 3], frame)
    assert (pixels[frame > 0][:, :3] == (0xC0, 0x20, 0x40)).all()


def test_every_frame_is_imported_at_its_time(folder: Path, service: ImageCoreService) -> None:
    """50 frames, 40 ms each, equal to the matte's; the one from the shell is not there twice."""
    imported = {time: artifact for time, artifact in _imported(service).items() if time is not None}
    assert sorted(imported) == list(range(0, 2000, 40))
    matte = decoded(folder / "matte.mkv", "gray")
    for time, artifact in imported.items():
        assert np.array_equal(_pixels(service, artifact), matte[time // 40])


def test_alpha_comes_back_as_a_mask(folder: Path, service: ImageCoreService, mask: NDArray[np.uint8]) -> None:
    """The alpha that alphamerge made, extracted by ffmpeg or named on import, is the mask again."""
    assert np.array_equal(_pixels(service, _imported(service)[None]), mask)
    extracted = service.import_mask((folder / "alpha.png").read_bytes(), "acme", "dev")
    assert extracted.id == _imported(service)[None].id


@pytest.mark.parametrize(("codec", "pixel_format"), [("ffv1", "gray"), ("png", "gray"), ("ffv1", "bgr0")])
def test_all_256_values_survive_the_round_trip(
    codec: str, pixel_format: str, videos: Path, service: ImageCoreService, tmp_path: Path
) -> None:
    """A ramp as a mask, as a matte video, as its frame and as a mask again: the same artifact."""
    ramp = np.arange(WIDTH * HEIGHT, dtype=np.uint8).reshape(HEIGHT, WIDTH)
    file = io.BytesIO()
    Image.fromarray(ramp).save(file, "PNG")
    artifact = service.import_mask(file.getvalue(), "acme", "ramp")
    path, matte, frame = tmp_path / "mask.png", tmp_path / "matte.mkv", tmp_path / "frame.png"
    path.write_bytes(service.media.read_artifact(artifact.id, tenant_id="acme", env="ramp"))
    assert np.array_equal(decoded(path, "gray")[0], ramp)
    ffmpeg("-loop", "1", "-i", path, "-t", "0.2", "-c:v", codec, "-pix_fmt", pixel_format, matte)
    ffmpeg("-i", matte, "-vf", "format=gray", "-frames:v", "1", "-update", "1", frame)
    assert service.import_mask(frame.read_bytes(), "acme", "ramp") == artifact
