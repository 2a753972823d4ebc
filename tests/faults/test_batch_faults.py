"""Workers of a batch that are killed in the middle of a file, run out of memory, or lose their device."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from engines.image_core import ImageComposition, Renderer, SourceError
from engines.image_core.backend import BackendChoice
from engines.image_core.batch.jobs import BadJob, Job
from engines.image_core.batch.local import Tally, run_batch
from engines.image_core.cli.main import app
from engines.image_core.export import Format, pixel_hash
from tests.faults.injection import (
    MOMENTS,
    Armed,
    fail_device_once,
    kill,
    limit_memory,
    stall_half_way,
)


def _fields(number: int, side: int) -> dict[str, Any]:
    layer = {"type": "text", "text": str(number), "size": 12, "filters": [{"type": "blur", "radius": 2}]}
    canvas = {"width": side, "height": side, "background_color": f"#{number:02x}4080"}
    return {"tenant_id": "acme", "env": "dev", **canvas, "layers": [layer]}


def _job(number: int, side: int = 24, fault: Armed | None = None) -> Job:
    """A job, whose worker is set up to fail. A fault's value is the tenant."""
    fields = _fields(number, side) | ({"tenant_id": fault} if fault else {})
    return Job(f"line {number}", f"{number}.png", Format.PNG, fields)


def _run(jobs: Iterator[Job | BadJob], out: Path, backend: BackendChoice = "numpy") -> Tally:
    return run_batch(jobs, out, root=out, workers=1, backend=backend)


def _check(out: Path, *numbers: int) -> None:
    """The folder has the pictures of these jobs, as NumPy draws them, the batch's two lists, and no more."""
    names = {f"{number}.png" for number in numbers}
    assert {path.name for path in out.iterdir()} == {*names, ".batch.jsonl", "failures.jsonl"}
    with Renderer("numpy") as renderer:
        for number in numbers:
            with Image.open(out / f"{number}.png") as image:
                drawn = pixel_hash(np.asarray(image.convert("RGBA")))
            composition = ImageComposition.model_validate(_fields(number, 24))
            assert drawn == renderer.render(composition).pixel_hash


def test_workers_killed_while_they_write_leave_nothing_and_their_jobs_are_done(tmp_path: Path) -> None:
    """With half of the bytes written, before the rename and after it: all pictures are there and right, no
    unfinished file is. A job that is killed each time has failed, and leaves none either."""
    out, markers = tmp_path / "out", [tmp_path / moment for moment in MOMENTS]
    killed = zip(range(1, 4), MOMENTS, markers, strict=True)
    jobs = [_job(n, fault=Armed("acme", kill, moment, marker)) for n, moment, marker in killed]
    tally = _run(iter([_job(0), *jobs, _job(4, fault=Armed("acme", kill, "half-way"))]), out)
    assert all(marker.exists() for marker in markers)
    assert (tally.rendered, tally.failed) == (4, 1)
    assert "SIGKILL while rendering this, 2 times" in (out / "failures.jsonl").read_text()
    _check(out, *range(4))


def test_a_batch_that_is_broken_off_leaves_no_unfinished_file(tmp_path: Path) -> None:
    """Its list cannot be read on while a worker writes: that is ended, and what it had begun is removed."""

    def jobs() -> Iterator[Job | BadJob]:
        yield _job(0, fault=Armed("acme", stall_half_way))
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob(".*.part")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        raise SourceError("the list is broken")

    with pytest.raises(SourceError, match="the list is broken"):
        run_batch(jobs(), tmp_path, root=tmp_path, workers=2, backend="numpy")
    _check(tmp_path)


@pytest.mark.usefixtures("gl_renderer")
def test_a_worker_out_of_memory_fails_the_job_and_does_the_next(tmp_path: Path) -> None:
    """The limit is the system's own (RLIMIT_AS): OpenGL says so (GL_OUT_OF_MEMORY), and NumPy has none."""
    hungry = _job(1, side=9000, fault=Armed("acme", limit_memory, 64 << 20))
    tally = _run(iter([_job(0), hungry, _job(2)]), tmp_path, "auto")
    assert (tally.rendered, tally.failed) == (2, 1)
    (failure,) = (json.loads(line) for line in (tmp_path / "failures.jsonl").read_text().splitlines())
    assert failure["job"] == "line 1"
    assert "memory" in failure["error"]
    _check(tmp_path, 0, 2)


@pytest.mark.usefixtures("gl_renderer")
def test_a_job_that_numpy_did_for_the_device_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The picture is right; the tally counts it by its reason, and the log warns."""
    jobs = [_job(0), _job(1, fault=Armed("acme", fail_device_once)), _job(2)]
    tally = _run(iter(jobs), tmp_path, "auto")
    assert (tally.rendered, tally.failed) == (3, 0)
    assert tally.fallbacks == {"OpenGL failed (no memory left)": 1}
    assert sorted(tally.devices.values()) == [1, 2]
    assert "falls back from OpenGL to NumPy: OpenGL failed (no memory left)" in caplog.text
    _check(tmp_path, 0, 1, 2)


def test_the_command_tells_why_numpy_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no OpenGL: the reason is in the JSON line, and on standard error once."""
    monkeypatch.setenv("__EGL_VENDOR_LIBRARY_FILENAMES", os.devnull)
    jobs, out = tmp_path / "jobs.jsonl", tmp_path / "out"
    lines = [{"composition": _fields(number, 24), "output": f"{number}.png"} for number in range(2)]
    jobs.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    result = CliRunner().invoke(app, ["batch", str(jobs), "--out", str(out), "--workers", "1", "--json"])
    assert result.exit_code == 0
    ((reason, count),) = json.loads(result.stdout)["fallbacks"].items()
    assert reason.startswith("OpenGL is unavailable (")
    assert count == 2
    assert result.stderr == f"image-core: warning: rendering falls back from OpenGL to NumPy: {reason}\n"
    _check(out, 0, 1)
