"""`image-core batch` with real processes: order, failures, crashes, Ctrl-C, resuming."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engines.image_core.batch.jobs import Job
from engines.image_core.batch.local import Tally, run_batch
from engines.image_core.cli.main import app
from engines.image_core.export import Format

COMMAND = [sys.executable, "-c", "from engines.image_core.cli.main import main; main()"]


def _composition(number: int, side: int = 24, **fields: Any) -> dict[str, Any]:
    layer = {"type": "text", "text": str(number), "size": 12, "color": "#ffffff"}
    return {
        "tenant_id": "acme",
        "env": "dev",
        "width": side,
        "height": side,
        "background_color": f"#{number % 256:02x}4080",
        "layers": [layer],
        **fields,
    }


def _write(path: Path, *lines: dict[str, Any] | str) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(f"{text}\n" for text in texts))
    return path


def _line(number: int, **fields: Any) -> dict[str, Any]:
    return {"composition": _composition(number, **fields), "output": f"{number}.png"}


def _batch(jobs: Path, out: Path, *options: str) -> Result:
    command = ["batch", str(jobs), "--out", str(out), "--backend", "numpy", "--workers", "1", *options]
    return CliRunner().invoke(app, command)


def _report(result: Result, status: int = 0) -> dict[str, Any]:
    assert result.exit_code == status, result.stderr
    assert result.stderr == ""  # no bar where there is no terminal
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def _failures(out: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (out / "failures.jsonl").read_text().splitlines()]


def _pictures(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.rglob("*.png")}


def test_two_workers_write_the_same_files_as_one(tmp_path: Path) -> None:
    """40 jobs; with one human line at the end."""
    jobs = _write(tmp_path / "jobs.jsonl", *(_line(number) for number in range(40)))
    result = _batch(jobs, tmp_path / "two", "--workers", "2")
    assert result.exit_code == 0
    assert "40 rendered" in result.stdout
    assert _report(_batch(jobs, tmp_path / "one", "--json"))["rendered"] == 40
    assert len(_pictures(tmp_path / "one")) == 40
    assert _pictures(tmp_path / "one") == _pictures(tmp_path / "two")


def test_failed_jobs_are_lines_and_stop_nothing(tmp_path: Path) -> None:
    """Bad JSON or fields, missing files, a name used twice, a link out of the folder: status 1 at the end."""
    out, outside = tmp_path / "out", tmp_path / "outside"
    out.mkdir()
    outside.mkdir()
    (out / "link").symlink_to(outside)
    raster = {"type": "raster", "name": "photo", "source": {"path": "none.jpg"}}
    jobs = _write(
        tmp_path / "jobs.jsonl",
        _line(1),
        "{",
        _line(3, width=0),
        _line(4, layers=[raster]),
        _line(1),
        {**_line(6), "output": "link/6.png"},
        {"composition_path": "none.json", "output": "7.png"},
        {**_line(8), "output": "deep/er/8.png"},
    )
    report = _report(_batch(jobs, out, "--json"), status=1)
    assert (report["jobs"], report["rendered"], report["failed"]) == (8, 2, 6)
    told = {failure["job"]: failure["error"] for failure in _failures(out)}
    assert "not JSON" in told["line 2"]
    assert "width: 0" in told["line 3"]
    assert "'photo'" in told["line 4"]
    assert "an earlier job" in told["line 5"]
    assert "leads out" in told["line 6"]
    assert "'none.json' does not exist" in told["line 7"]
    assert (out / "deep" / "er" / "8.png").exists()
    assert not list(outside.iterdir())


def test_a_template_is_rendered_with_rows(tmp_path: Path) -> None:
    """A value the composition does not allow is told with its row, layer and field."""
    template = _composition(5, background_color="{{tint}}", variables={"tint": None})
    (tmp_path / "card.json").write_text(json.dumps(template))
    (tmp_path / "rows.csv").write_text("tint\n#054080\nrad\n")
    result = _batch(tmp_path / "card.json", tmp_path / "out", "--data", str(tmp_path / "rows.csv"))
    assert result.exit_code == 1
    (failure,) = _failures(tmp_path / "out")
    assert failure["error"].startswith("row 2: background_color: 'rad'")
    jobs = _write(tmp_path / "jobs.jsonl", _line(5))
    assert _batch(jobs, tmp_path / "same").exit_code == 0
    assert _pictures(tmp_path / "out")["000001.png"] == _pictures(tmp_path / "same")["5.png"]


def test_resume_renders_what_is_missing_changed_or_damaged(tmp_path: Path) -> None:
    """And nothing else; a half line, left by a batch that was killed, is passed over."""
    jobs, out = tmp_path / "jobs.jsonl", tmp_path / "out"
    _write(jobs, *(_line(number) for number in range(6)))
    assert _batch(jobs, out).exit_code == 0
    (out / "0.png").unlink()
    (out / "1.png").write_bytes(b"damaged")
    with (out / ".batch.jsonl").open("a") as state:
        state.write('{"output": "5.p')
    _write(jobs, _line(0), _line(1), _line(2, background_color="#ff0000"), *map(_line, range(3, 6)))
    report = _report(_batch(jobs, out, "--json", "--resume"))
    assert (report["rendered"], report["unchanged"]) == (3, 3)
    assert _report(_batch(jobs, out, "--json", "--resume"))["unchanged"] == 6
    assert _report(_batch(jobs, out, "--json"))["rendered"] == 6


def _run(jobs: Iterator[Job], out: Path, workers: int = 1) -> Tally:
    return run_batch(jobs, out, root=out, workers=workers, backend="numpy")


def _job(number: int) -> Job:
    return Job(f"line {number}", f"{number}.png", Format.PNG, _composition(number))


def test_a_killed_worker_is_replaced_and_its_job_done(tmp_path: Path) -> None:
    """Killed twice in a batch of four: all four pictures are there, and no failure."""

    def jobs() -> Iterator[Job]:
        for number in range(4):
            if number in {1, 2}:
                (worker,) = multiprocessing.active_children()
                worker.kill()
                worker.join()
            yield _job(number)

    tally = _run(jobs(), tmp_path)
    assert (tally.rendered, tally.failed) == (4, 0)
    assert len(_pictures(tmp_path)) == 4
    assert not multiprocessing.active_children()


class _Deadly:
    """Aborts the process that receives it."""

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return os.abort, ()


def test_a_job_that_crashes_its_worker_twice_is_recorded(tmp_path: Path) -> None:
    """By the signal that ended the worker; the jobs around it are done."""
    deadly = Job("line 1", "1.png", Format.PNG, {"crash": _Deadly()})
    tally = _run(iter([_job(0), deadly, _job(2)]), tmp_path)
    assert (tally.rendered, tally.failed) == (2, 1)
    (failure,) = _failures(tmp_path)
    assert failure["job"] == "line 1"
    assert "SIGABRT" in failure["error"]
    assert set(_pictures(tmp_path)) == {"0.png", "2.png"}


def test_jobs_are_taken_only_when_a_worker_is_free(tmp_path: Path) -> None:
    """Of 500 jobs never more than two are ahead of what is done, with two workers."""
    done = 0

    def count(tally: Tally) -> None:
        nonlocal done
        done = tally.jobs

    def jobs() -> Iterator[Job]:
        for number in range(500):
            assert number - done <= 2
            yield _job(number % 7) if number < 7 else Job(f"line {number}", f"{number}.png", Format.PNG, {})

    tally = run_batch(jobs(), tmp_path, root=tmp_path, workers=2, backend="numpy", progress=count)
    assert (tally.rendered, tally.failed) == (7, 493)


def test_ctrl_c_finishes_what_is_in_flight_and_resume_goes_on(tmp_path: Path) -> None:
    """Pressed in a terminal it reaches the workers too: status 130, whole pictures, all of them recorded."""
    jobs, out = tmp_path / "jobs.jsonl", tmp_path / "out"
    _write(jobs, *(_line(number, side=200) for number in range(300)))
    command = [*COMMAND, "batch", str(jobs), "--out", str(out), "--backend", "numpy", "--workers", "2"]
    with subprocess.Popen(
        [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as running:
        deadline = time.monotonic() + 30
        while not list(out.glob("*.png")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)
        stdout, stderr = running.communicate(timeout=30)
    assert (running.returncode, stderr) == (130, b"")
    report = json.loads(stdout)
    assert report["interrupted"]
    assert report["failed"] == 0
    assert 0 < report["rendered"] < 300
    assert len(_pictures(out)) == report["rendered"]
    assert not list(out.glob(".*.part"))
    again = _report(_batch(jobs, out, "--json", "--resume"))
    assert again["unchanged"] == report["rendered"]
    assert again["rendered"] == 300 - report["rendered"]


def test_a_backend_that_is_not_to_be_had_is_told_once(tmp_path: Path) -> None:
    """As by the other commands: one line, status 3."""
    jobs = _write(tmp_path / "jobs.jsonl", _line(1))
    done = subprocess.run(
        [*COMMAND, "batch", str(jobs), "--out", str(tmp_path / "out"), "--backend", "gl", "--workers", "1"],
        env={**os.environ, "__EGL_VENDOR_LIBRARY_FILENAMES": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("image-core: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("jobs", "told"), [("none.jsonl", "none.jsonl"), ("folder", "folder")], ids=["missing", "a folder"]
)
def test_a_list_that_cannot_be_read_is_one_line(jobs: str, told: str, tmp_path: Path) -> None:
    """Status 2."""
    (tmp_path / "folder").mkdir()
    result = _batch(tmp_path / jobs, tmp_path / "out")
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_one_batch_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    """The second is told so, and the first's record is left as it is."""
    seen = []

    def jobs() -> Iterator[Job]:
        yield _job(0)
        result = _batch(_write(tmp_path / "jobs.jsonl", _line(1)), tmp_path)
        seen.append((result.exit_code, result.stderr))

    assert _run(jobs(), tmp_path).rendered == 1
    ((status, told),) = seen
    assert status == 2
    assert "another batch" in told
